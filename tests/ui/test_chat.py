"""The Chat page: asking, streaming, stopping, sessions, figures that lead to their rows."""

import asyncio
from datetime import date
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu

from hive_desktop.domain.conversations import (
    ChangeKind,
    Conversation,
    Ended,
    Fault,
    Message,
    Proposal,
    ProposalState,
    ProposedChange,
    Role,
    ToolCall,
)
from hive_desktop.domain.days import Span
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.ports.authors import written_by
from hive_desktop.ports.chat import Began, Over, Proposed, ToolBegan, ToolDone, Wrote
from hive_desktop.ports.errors import AiTimeoutError, UsageError, VaultDamagedError
from hive_desktop.services.chat_about import PageContext as About
from hive_desktop.services.chat_proposals import ChangePreview, Meant, ProposalView, RowPreview
from hive_desktop.ui.kit import money
from hive_desktop.ui.kit.confirm import ConfirmDialog
from hive_desktop.ui.kit.widgets import Elided
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.chat import answer, building
from hive_desktop.ui.pages.chat.session_list import TitleDialog
from tests.ui.chatting import said, spending, streamed
from tests.ui.helpers import opened, press, until, window_of
from tests.ui.household import NOW
from tests.ui.test_accessible import nameless

PAGE = PageName.CHAT
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def words(page):
    return [answer.words() for turn in page.transcript.turns for answer in turn.answers]


def questions(page):
    return [turn.question.text for turn in page.transcript.turns]


def talk(key, exchanges, title="Food"):
    """Return a session of so many questions with their replies."""
    made = Conversation(key, title)
    for n in range(exchanges):
        made.messages += [
            Message(Role.PERSON, f"Question {n}", at=NOW),
            Message(Role.MODEL, f"Reply {n}.", ended=Ended.DONE, model="gpt-test", at=NOW),
        ]
    return made


async def test_a_question_is_asked_and_its_figures_lead_to_their_rows(session, themes):
    desk = session.chat_desk
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        assert page.stack.shown() == "welcome"
        assert nameless(window) == []
        receipt = spending()
        desk.plays.append(said("You spent [[r1.total]].", receipts=(receipt,)))
        QTest.keyClicks(page.composer.field, "How much?")
        QTest.keyClick(page.composer.field, Qt.Key.Key_Return)
        await page.settled()
        assert words(page) == ["You spent $123.45."]
        assert page.composer.field.text() == ""
        turn = page.transcript.turns[-1]
        assert turn.foot.offline.isVisible()
        assert not turn.foot.flaws.isVisible()
        assert len(turn.answers[0].charts) == 1
        assert nameless(window) == []
        turn.answers[0].prose.chosen.emit("figure:r1.total")
        assert window.current_name is PageName.TRANSACTIONS
        assert window.current_page().filters.query == receipt.cells[0].query


async def test_a_bar_of_a_chart_opens_its_rows(session, themes):
    desk = session.chat_desk
    desk.plays.append(said("[[r1.total]]", receipts=(spending(),)))
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.ask("How does it go?")
        await page.settled()
        chart = page.transcript.turns[0].answers[0].charts[0]
        assert [bar.place for bar in chart.bars] == ["Aug", "Sep", "Oct"]
        chart.setFocus()
        QTest.keyClick(chart, Qt.Key.Key_Right)
        QTest.keyClick(chart, Qt.Key.Key_Right)
        assert "Sep $20.00" in chart.accessibleName()
        QTest.keyClick(chart, Qt.Key.Key_Return)
        assert window.current_name is PageName.TRANSACTIONS
        assert window.current_page().filters.query.start == date(2026, 9, 1)


async def test_a_figure_of_several_cells_offers_each(session, themes):
    desk = session.chat_desk
    desk.plays.append(said("It rose by [[diff r1.2.total r1.1.total]].", receipts=(spending(),)))
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.ask("What changed?")
        await page.settled()
        assert words(page) == ["It rose by $10.00."]
        page._chosen("figure:diff r1.2.total r1.1.total")
        menu = next(one for one in page.findChildren(QMenu) if one.isVisible())
        how, rule, *ways = menu.actions()
        assert (how.text(), how.isEnabled(), rule.isSeparator()) == ("$20.00 - $10.00", False, True)
        assert menu.accessibleName() == "Made of: $20.00 - $10.00"
        assert [way.text().split(" · ")[0] for way in ways] == ["$20.00", "$10.00"]
        assert menu.activeAction() is ways[0]
        QTest.keyClick(menu, Qt.Key.Key_Down)
        QTest.keyClick(menu, Qt.Key.Key_Return)
        menu.close()
        assert window.current_page().filters.query.start == date(2026, 8, 1)


async def test_a_computed_figure_is_reached_and_opened_by_the_keyboard(session, themes):
    desk = session.chat_desk
    text = "It was [[r1.total]], and rose by [[diff r1.2.total r1.1.total]]."
    desk.plays.append(said(text, receipts=(spending(series=False),)))
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.ask("What changed?")
        await page.settled()
        window.activateWindow()
        await until(window.isActiveWindow)
        prose = page.transcript.turns[0].answers[0].prose
        prose.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(prose, Qt.Key.Key_Tab)
        for _ in range(2):
            if prose.textCursor().selectedText() != "$10.00":
                QTest.keyClick(prose, Qt.Key.Key_Tab)
        assert prose.textCursor().selectedText() == "$10.00"
        place = prose.foot_of_choice()
        assert prose.viewport().rect().contains(prose.viewport().mapFromGlobal(place))
        QTest.keyClick(prose, Qt.Key.Key_Return)
        menu = next(one for one in page.findChildren(QMenu) if one.isVisible())
        assert menu.pos().y() >= place.y()
        QTest.keyClick(menu, Qt.Key.Key_Return)
        menu.close()
        assert window.current_page().filters.query.start == date(2026, 9, 1)


async def test_what_is_not_verified_is_said_in_words(session, themes):
    desk = session.chat_desk
    text = "You spent $999.00, or [[r7.total]]."
    desk.plays.append(said(text, model="gpt-test"))
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.ask("How much?")
        await page.settled()
        assert words(page) == ["You spent $999.00 (not verified), or [?] (not verified)."]
        foot = page.transcript.turns[0].foot
        assert foot.flaws.text() == "2 figures not verified"
        assert foot.flaws.isVisible()
        assert foot.model.text() == "gpt-test"
        assert not foot.offline.isVisible()


async def test_a_reply_grows_and_is_stopped(session, themes):
    desk = session.chat_desk
    desk.plays.append(streamed([f"word{n} " for n in range(400)], pause=0.01))
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.ask("Tell me")
        await until(lambda: page.transcript.turns and "word3" in "".join(words(page)))
        assert page.composer.stop.isVisible()
        assert not page.composer.send.isVisible()
        page.ask("Another")
        assert questions(page) == ["Tell me"], "one reply at a time"
        await press(page.composer.field, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
        await page.settled()
        assert page.transcript.turns[0].foot.why.text() == "Stopped. What had come is kept."
        assert "word399" not in words(page)[0]
        assert page.composer.send.isVisible()
        assert desk.kept, "it can go on"


@pytest.fixture
def quick_frames(monkeypatch):
    """Texts that grow are laid out as soon as there is more of them."""
    monkeypatch.setattr(answer, "FRAME_MS", 5)


async def test_only_the_growing_paragraph_is_looked_at_again(session, themes, quick_frames):
    desk = session.chat_desk
    pieces = [f"Paragraph {n} has its words.\n\n" for n in range(30)]
    desk.plays.append(streamed(pieces, looks=desk.looks))
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.ask("Tell me much")
        await page.settled()
        assert len(desk.looks) > 10
        again = [end - start for (_, end), (start, _) in pairwise(desk.looks[5:])]
        assert max(again) < 100  # a paragraph at most is looked at twice
        prose = page.transcript.turns[0].answers[0].prose
        assert prose.words().count("has its words") == 30


async def test_a_long_paragraph_is_never_parted_within_a_reference(session, themes, quick_frames):
    desk = session.chat_desk
    piece = "[[diff r1.2.total r1.1.total r1.2.total r1.1.total r1.2.total r1.1.total]] and "
    desk.plays.append(streamed([piece] * 120, looks=desk.looks))
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.ask("Tell me much")
        await page.settled()
        (message,) = [one for one in page.conversation.messages if one.role is Role.MODEL]
        heads = [message.text[:start] for start, _ in desk.looks]
        assert max(map(len, heads)) > 0
        assert all(head.count("[[") == head.count("]]") for head in heads)


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("Here:\n\n| Name | Sum |\n|---|--:|\n", "| Merchant {n} | [[r1.total]] and $123.45 |\n"),
        ("```\n[[r1]] it cost\n", "line {n} cost $123.45\n\n"),
    ],
)
async def test_only_the_end_of_a_long_table_or_fence_is_looked_at_again(
    session, themes, quick_frames, head, line
):
    desk = session.chat_desk
    pieces = [head, *(line.replace("{n}", "abc"[n % 3]) for n in range(60))]

    async def play(conversation, stop):
        conversation.keep(spending())
        async for event in streamed(pieces, looks=desk.looks)(conversation, stop):
            yield event

    desk.plays.append(play)
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.ask("Tell me much")
        await page.settled()
        assert len(desk.looks) > 10
        again = [end - start for (_, end), (start, _) in pairwise(desk.looks[3:])]
        assert max(again) < 100  # a line at most is looked at twice, however many came at once
        shown = page.transcript.turns[0].answers[0].prose.words()
        assert shown.count("$123.45") >= 60
        assert "not verified" not in shown


async def test_the_scroll_stays_where_the_person_reads(session, themes):
    desk = session.chat_desk
    desk.keep(talk("a" * 32, 8))
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.open("a" * 32)
        await page.settled()
        bar = page.transcript.verticalScrollBar()
        await until(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())
        desk.plays.append(streamed(["A line more.\n\n"] * 60, pause=0.01))
        page.ask("More")
        await until(lambda: words(page)[-1].count("more") > 8)
        assert page.transcript.sticks()
        bar.setValue(10)
        await page.settled()
        await until(lambda: bar.maximum() > 500)
        assert bar.value() == 10
        assert not page.transcript.sticks()


async def test_tools_and_proposals_are_shown_and_applied(session, themes):
    desk = session.chat_desk
    change = ProposedChange(ChangeKind.TAG, (TransactionQuery(),), "trip")

    async def play(conversation, _stop):
        call = ToolCall("c1", "spending_summary", "{}")
        conversation.messages.append(Message(Role.MODEL, calls=(call,), ended=Ended.DONE))
        yield ToolBegan(call)
        receipt = conversation.keep(spending())
        conversation.messages.append(Message(Role.TOOL, "{}", call_id="c1", receipt=receipt.id))
        yield ToolDone(call, receipt)
        bad = ToolCall("c2", "top_merchants", "{}")
        yield ToolBegan(bad)
        yield ToolDone(bad, None, "no such period")
        proposal = Proposal("p1", (change,), "They look like a trip.")
        conversation.proposals.append(proposal)
        yield Proposed(proposal)
        message = Message(Role.MODEL, "Done.", ended=Ended.DONE)
        conversation.messages.append(message)
        yield Began(message)
        yield Wrote(message, 5)
        yield Over(Ended.DONE, message)

    desk.plays.append(play)
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.ask("Tag my trip")
        await page.settled()
        turn = page.transcript.turns[0]
        lines = [line.words() for line in turn.lines.values()]
        assert lines[0] == "Looked at spending · 1 to 23 November 2026"
        assert lines[1] == "Looked at merchants: that did not work"
        card = turn.proposals[0]
        await until(card.apply.isEnabled)
        assert card.reason.text() == "They look like a trip."
        assert nameless(window) == []
        card.apply.click()
        await page.settled()
        assert ("apply", "p1", (3,)) in desk.calls
        assert card.proposal.state is ProposalState.APPLIED
        assert card.state.text() == "Applied"
        assert not card.apply.isVisible()
        assert window.toast.text() == "3 rows changed"


async def test_a_failed_reply_says_why_and_is_tried_again(session, themes):
    desk = session.chat_desk

    async def play(conversation, _stop):
        error = AiTimeoutError(code="TIMEOUT")
        message = Message(Role.MODEL, ended=Ended.FAILED, fault=Fault(*error.rendered()))
        conversation.messages.append(message)
        yield Over(Ended.FAILED, message, error)

    desk.plays += [play, said("Now it works.")]
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.ask("Hello?")
        await page.settled()
        turn = page.transcript.turns[0]
        assert turn.fault.isVisible()
        assert turn.fault.words()[0] == AiTimeoutError(code="TIMEOUT").rendered()[0]
        turn.foot.again.setFocus()
        turn.again_wanted.emit()
        assert page.composer.field.hasFocus()
        await page.settled()
        assert questions(page) == ["Hello?"]
        assert words(page) == ["Now it works."]
        assert ("again", "Hello?") in desk.calls


async def test_the_answer_stays_until_another_begins(session, themes):
    desk = session.chat_desk
    go = asyncio.Event()

    async def slow(conversation, stop):
        await go.wait()
        async for event in said("Newer.")(conversation, stop):
            yield event

    desk.plays += [said("Older."), slow]
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.ask("Hello?")
        await page.settled()
        turn = page.transcript.turns[0]
        turn.again_wanted.emit()
        await until(lambda: ("again", "Hello?") in desk.calls)
        assert words(page) == ["Older."]
        assert turn.spinner.isVisible()
        assert not turn.foot.isVisible()
        assert page.composer.stop.isVisible()
        go.set()
        await page.settled()
        assert words(page) == ["Newer."]
        assert questions(page) == ["Hello?"]
        assert page.transcript.turns[0].foot.isVisible()


async def test_what_goes_on_is_said_beside_the_answer_that_stays(session, themes):
    desk = session.chat_desk
    go = asyncio.Event()

    async def looking(conversation, _stop):
        yield ToolBegan(ToolCall("c1", "balances", "{}"))
        await go.wait()
        message = Message(Role.MODEL, ended=Ended.EMPTY)
        conversation.messages.append(message)
        yield Over(Ended.EMPTY, message)

    desk.plays += [said("Older."), looking]
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.ask("Hello?")
        await page.settled()
        turn = page.transcript.turns[0]
        turn.again_wanted.emit()
        await until(lambda: turn._doing.text() == "Looking it up")
        assert turn._doing.isVisible()
        go.set()
        await page.settled()
        assert (words(page), turn.lines) == (["Older."], {})


async def test_the_answer_is_kept_where_another_does_not_come(session, themes):
    desk = session.chat_desk
    error = AiTimeoutError(code="TIMEOUT")

    def failing(ended, error=None):
        async def play(conversation, stop):
            if ended is Ended.STOPPED:
                await stop.wait()
            message = Message(Role.MODEL, ended=ended)
            conversation.messages.append(message)
            yield Over(ended, message, error)

        return play

    ends = ((Ended.FAILED, error), (Ended.EMPTY, None), (Ended.STOPPED, None))
    desk.plays += [said("Older."), *(failing(*one) for one in ends)]
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.ask("Hello?")
        await page.settled()
        turn = page.transcript.turns[0]
        for ended, fault in ends:
            turn.again_wanted.emit()
            if ended is Ended.STOPPED:
                await until(lambda: desk.is_answering(page.conversation))
                await press(page.composer.field, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
            await page.settled()
            assert page.transcript.turns == [turn]
            assert words(page) == ["Older."]
            assert turn.foot.isVisible()
            assert not turn.spinner.isVisible()
            assert turn.fault.isVisible() == (ended is not Ended.STOPPED)
            if fault is not None:
                assert turn.fault.words()[0] == fault.rendered()[0]


async def test_the_answer_is_kept_in_a_session_that_was_left_meanwhile(session, themes):
    desk = session.chat_desk
    go = asyncio.Event()

    async def failing(conversation, _stop):
        await go.wait()
        message = Message(Role.MODEL, ended=Ended.EMPTY)
        conversation.messages.append(message)
        yield Over(Ended.EMPTY, message)

    desk.plays += [said("Older."), failing]
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.ask("Hello?")
        await page.settled()
        key = page.conversation.id
        page.transcript.turns[0].again_wanted.emit()
        await until(lambda: ("again", "Hello?") in desk.calls)
        page.new()
        await until(lambda: page.conversation is not None and page.conversation.id != key)
        page.open(key)
        await until(lambda: questions(page) == ["Hello?"] and words(page) == [])
        go.set()
        await until(lambda: words(page) == ["Older."])
        await page.settled()
        assert not page.transcript.turns[0].spinner.isVisible()


async def test_a_question_that_is_refused_comes_back(session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.ask("refuse")
        await page.settled()
        assert page.error.isVisible()
        assert page.composer.field.text() == "refuse"
        assert page.transcript.turns == []


async def test_the_last_question_is_asked_in_other_words(session, themes):
    desk = session.chat_desk
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        for text in ("First", "Second"):
            page.ask(text)
            await page.settled()
        field = page.composer.field
        await press(field, Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier)
        assert field.text() == "Second"
        assert page.composer.editing.isVisible()
        await press(field, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
        assert field.text() == ""
        page.transcript.turns[0].edit.click()
        field.write("First of all")
        await press(field, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
        await page.settled()
        assert questions(page) == ["First of all"], "what came after goes"
        assert ("resend", "First", "First of all") in desk.calls
        assert not page.composer.editing.isVisible()


async def test_shift_enter_begins_a_line(session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        field = window.current_page().composer.field
        low = field.height()
        QTest.keyClicks(field, "one")
        QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
        QTest.keyClicks(field, "two")
        assert field.text() == "one\ntwo"
        assert field.height() > low


async def test_a_suggested_question_is_asked(session, themes):
    desk = session.chat_desk
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        assert [one.text() for one in page.welcome.buttons] == list(desk.examples)
        page.welcome.buttons[1].click()
        await page.settled()
        assert questions(page) == [desk.examples[1]]


async def test_sessions_are_searched_renamed_deleted_and_brought_back(session, themes):
    desk = session.chat_desk
    desk.keep(talk("a" * 32, 1, "Food"), minutes_ago=5)
    desk.keep(talk("b" * 32, 1, "Rent"), minutes_ago=50)
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        assert page.sessions.ids() == ["a" * 32, "b" * 32]
        QTest.keyClicks(page.sessions.field, "rent")
        await until(lambda: page.sessions.ids() == ["b" * 32])
        page.sessions.field.clear()
        page.sessions._search()
        await page.settled()
        page.open("a" * 32)
        await page.settled()
        assert page.pane.title.full() == "Food"
        page.pane.rename.click()
        dialog = await opened(window, TitleDialog)
        dialog.name.setText("Groceries")
        dialog.save.click()
        await until(lambda: page.pane.title.full() == "Groceries")
        page.pane.delete.click()
        await until(lambda: page.stack.shown() == "welcome")
        await page.settled()
        assert page.sessions.ids() == ["b" * 32]
        assert window.toast.text() == "The conversation is deleted"
        window.toast._act()
        await until(lambda: page.conversation is not None and page.conversation.title)
        await page.settled()
        assert page.pane.title.full() == "Groceries"
        assert "a" * 32 in page.sessions.ids()


async def test_a_session_that_a_program_deletes_goes_and_is_offered_back(session, themes):
    session.chat_desk.keep(talk("a" * 32, 1, "Food"), minutes_ago=5)
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.open("a" * 32)
        await page.settled()
        with written_by("Script"):
            await session.deleted_chats.delete("a" * 32)
        await until(lambda: page.stack.shown() == "welcome")
        await page.settled()
        assert page.sessions.ids() == []
        assert window.toast.text() == "Script deleted the conversation “Food”"
        window.toast._act()
        await until(lambda: page.sessions.ids() == ["a" * 32])
        await page.settled()
        assert page.stack.shown() == "welcome"  # what the person does meanwhile stays


async def test_what_a_refusal_offers_is_asked(session, themes):
    desk = session.chat_desk
    offered = "How much did I spend at H&M \\#1?", "What was my biggest purchase?"
    lines = "\n".join(f"- {one}" for one in offered)
    refusal = f"I do not understand that.\n\nYou could ask, for example:\n\n{lines}"
    desk.plays += [said(refusal), said("You spent nothing."), said(refusal, model="gpt-test")]
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.ask("Why?")
        await page.settled()
        (answer,) = page.transcript.turns[0].answers
        first, second = answer.offers
        assert first.accessibleName() == "Ask: How much did I spend at H&M #1?"
        assert second.text() == offered[1]
        assert answer.prose.words().endswith("for example:"), "once, not twice"
        assert answer.words().endswith(offered[1])
        assert nameless(page) == []
        answer.prose.setFocus()
        for _ in range(4):
            if second.hasFocus():
                break
            await press(window.focusWidget(), Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier)
        assert second.hasFocus()
        await press(second, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier)
        await page.settled()
        assert questions(page) == ["Why?", offered[1]]
        assert answer.offers == []
        assert answer.prose.words().endswith(offered[1])
        key = page.conversation.id
        page.ask("And?")
        await page.settled()
        assert page.transcript.turns[-1].answers[0].offers == [], "a model's words are its own"
        del page.conversation.messages[2:]
        page.new()
        await page.settled()
        page.open(key)
        await page.settled()
        assert len(page.transcript.turns[-1].answers[0].offers) == 2


async def test_a_title_is_no_mark_up(session, themes):
    desk = session.chat_desk
    title = "Rent <img src='x'> & <b>more</b>"
    desk.keep(talk("1" * 32, 1, title))
    desk.keep(talk("2" * 32, 1, "Food & drink"), minutes_ago=5)
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        await page.settled()
        shown = QTextDocument()
        first, second = (page.sessions.list.item(place) for place in (0, 1))
        shown.setHtml(first.toolTip())
        assert shown.toPlainText().splitlines()[0] == title
        assert second.toolTip().splitlines()[0] == "Food & drink"
        page.open("1" * 32)
        await page.settled()
        page.pane.title.setFixedWidth(50)
        await until(lambda: page.pane.title.text() != title)
        shown.setHtml(page.pane.title.toolTip())
        assert shown.toPlainText() == title


async def test_a_long_session_is_shown_from_its_end(session, themes):
    desk = session.chat_desk
    long = desk.keep(talk("a" * 32, 10))
    desk.hidden[long.id] = talk("x", 1000).messages
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.open(long.id)
        await page.settled()
        assert len(page.transcript.turns) == 10
        await until(page.transcript.older.isVisible)
        bar = page.transcript.verticalScrollBar()
        await until(lambda: bar.maximum() > 0)
        bar.setValue(0)
        first = page.transcript.turns[0]
        before = first.mapTo(page.transcript.viewport(), QPoint(0, 0)).y()
        assert await desk.older(long), "somebody else reads on in it meanwhile"
        page.transcript.older.click()
        await until(lambda: len(page.transcript.turns) == 20)
        await page.settled()
        await until(lambda: bar.value() > 0)
        after = first.mapTo(page.transcript.viewport(), QPoint(0, 0)).y()
        assert abs(after - before) < 40, "what is read stays where it is"
        asked = [one for one in long.messages if one.role is Role.PERSON]
        assert all(
            turn.question is one
            for turn, one in zip(page.transcript.turns, asked[-20:], strict=True)
        )


async def test_another_session_is_shown_while_a_reply_goes_on(session, themes):
    desk = session.chat_desk
    desk.keep(talk("b" * 32, 1, "Rent"))
    desk.plays.append(streamed([f"word{n} " for n in range(40)], pause=0.01))
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.ask("Tell me")
        first = page.conversation
        await until(lambda: "word1" in "".join(words(page)))
        page.open("b" * 32)
        await until(lambda: page._key() == "b" * 32)
        assert page.composer.send.isVisible()
        page.open(first.id)
        await until(lambda: page.conversation is first)
        await page.settled()
        assert "word39" in words(page)[-1]
        assert page.composer.send.isVisible()


async def test_an_answer_that_ends_while_its_session_is_read_is_shown_whole(
    session, themes, monkeypatch
):
    desk = session.chat_desk
    go, is_read = asyncio.Event(), asyncio.Event()

    async def slow(conversation, stop):
        await go.wait()
        async for event in said("At last.")(conversation, stop):
            yield event

    desk.plays += [said("Older."), slow]
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.ask("First?")
        await page.settled()
        page.ask("Second?")
        first = page.conversation
        await until(lambda: desk.is_answering(first))
        page.new()
        await until(lambda: page.conversation not in (None, first))
        shown = desk.shown

        async def reads(conversation, message):
            found = await shown(conversation, message)
            if not is_read.is_set() and message.text == "Older.":
                is_read.set()
                go.set()
                await page.replies.settled()
            return found

        monkeypatch.setattr(desk, "shown", reads)
        page.open(first.id)
        await until(lambda: page.conversation is first)
        await page.settled()
        assert is_read.is_set()
        assert words(page) == ["Older.", "At last."]
        assert not any(turn.spinner.isVisible() for turn in page.transcript.turns)


async def test_amounts_are_hidden_in_answers_too(session, themes):
    desk = session.chat_desk
    desk.plays.append(said("You spent [[r1.total]] in [[r1.count]].", receipts=(spending(),)))
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.ask("How much?")
        await page.settled()
        try:
            money.hide(hidden=True)
            await until(lambda: words(page) == ["You spent ••• in 7."])
            assert page.transcript.turns[0].answers[0].charts == []
        finally:
            money.hide(hidden=False)
        await until(lambda: words(page) == ["You spent $123.45 in 7."])


async def test_a_question_can_be_about_a_page(session, themes):
    desk = session.chat_desk
    about = About(Span(date(2026, 11, 1), date(2026, 11, 30)), ("Shopping",))
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.prefill(about)
        assert page.composer.chip.value() == "About: November 2026 · Shopping"
        page.ask("Is that much?")
        await page.settled()
        assert ("ask", "Is that much?", about) in desk.calls
        assert not page.composer.chip.isVisible()
        assert page.transcript.turns[0].bubble.about.text() == "About: November 2026 · Shopping"


async def test_what_is_no_figure_leads_nowhere(session, themes, monkeypatch):
    went = []
    monkeypatch.setattr(QDesktopServices, "openUrl", went.append)
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page._chosen("https://example.com/x")
        await asyncio.sleep(0)
        assert window.current_page() is page
        assert not window.findChildren(ConfirmDialog)
    assert went == []


async def test_an_answer_is_copied_as_it_is_read(session, themes):
    session.chat_desk.plays.append(said("You spent **[[r1.total]]**.", receipts=(spending(),)))
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.ask("How much?")
        await page.settled()
        page.transcript.turns[0].foot.copy.click()
        assert QGuiApplication.clipboard().text() == "You spent $123.45."


def test_messages_are_grouped_by_their_questions():
    messages = talk("a", 3).messages
    assert [group.question.text for group in building.groups(messages)] == [
        "Question 0",
        "Question 1",
        "Question 2",
    ]
    assert building.groups(messages[1:])[0].question is None
    assert building.newest_first(messages, 6, 2) == 2
    assert building.newest_first(messages, 6, 9) == 0


def test_a_proposal_belongs_to_the_call_that_made_it():
    made = Conversation("a")
    for n, text in enumerate(("Fine.", '{"error": "x", "hint": ""}', "Fine.")):
        call = ToolCall(f"c{n}", "propose_changes", "{}")
        made.messages += [
            Message(Role.MODEL, calls=(call,)),
            Message(Role.TOOL, text, call_id=call.id),
        ]
    # That of the last call was cut off with an earlier reply.
    made.proposals = [Proposal("p1", (), "", call="c0"), Proposal("p2", (), "", call="gone")]
    found = building.of_calls(made)
    assert {one: found[one].id for one in ("c0", "c1", "c2") if one in found} == {"c0": "p1"}


async def test_undo_in_the_field_takes_back_what_was_typed(session, themes, house):
    async with window_of(session, themes, page=PAGE) as window:
        shopping = next(each for each in house.categories if each.name == "Shopping")
        row = house.rows[0]
        window.edits.set_category([row.id], shopping.id)
        await until(lambda: house.rows[0].category == "Shopping")
        field = window.current_page().composer.field
        await press(field, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier)
        window.undo()
        assert field.text() == ""
        assert house.rows[0].category == "Shopping"
        window.redo()
        assert field.text() == "a"


async def test_a_session_that_is_deleted_while_it_answers_goes(session, themes):
    desk = session.chat_desk
    desk.plays.append(streamed([f"word{n} " for n in range(400)], pause=0.01))
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.ask("Tell me")
        await until(lambda: "word3" in "".join(words(page)))
        key = page.conversation.id
        page.pane.delete.click()
        await until(lambda: page.stack.shown() == "welcome")
        assert page.composer.send.isVisible()
        desk._stops[key].set()
        await page.settled()
        assert page.sessions.ids() == []


async def test_what_is_stored_is_shown_with_its_tools_and_proposals(session, themes):
    desk = session.chat_desk
    made = Conversation("c" * 32, "Trips")
    receipt = made.keep(spending())
    look, propose = ToolCall("c1", "spending_trend", "{}"), ToolCall("c2", "propose_changes", "{}")
    made.messages = [
        Message(Role.PERSON, "Tag my trips", at=NOW),
        Message(Role.MODEL, calls=(look,), ended=Ended.DONE),
        Message(Role.TOOL, "{}", call_id="c1", receipt=receipt.id),
        Message(Role.MODEL, calls=(propose,), ended=Ended.DONE),
        Message(Role.TOOL, "The person sees it.", call_id="c2"),
        Message(Role.MODEL, "It was [[r1.total]].", ended=Ended.CUT, model="gpt-test"),
    ]
    change = ProposedChange(ChangeKind.TAG, (TransactionQuery(),), "trip")
    made.proposals = [Proposal("p1", (change,), "Trips.", ProposalState.DISMISSED, "c2")]
    desk.keep(made)
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.open(made.id)
        await page.settled()
        turn = page.transcript.turns[0]
        assert [one.words() for one in turn.lines.values()] == [
            "Looked at spending over time · 1 to 23 November 2026",
            "Prepared a proposal",
        ]
        assert words(page) == ["It was $123.45."]
        assert turn.foot.why.text() == "The connection broke off. What had come is kept."
        card = turn.proposals[0]
        assert card.state.text() == "Dismissed"
        assert not card.apply.isVisible()
        assert len(turn.answers[0].charts) == 1
        turn.lines["c1"].link.click()
        assert window.current_page().filters.query == receipt.query


async def test_an_error_of_the_ledger_is_told_in_place(session, themes, monkeypatch):
    async def fails(*_anything):
        raise VaultDamagedError

    monkeypatch.setattr(session.chat_desk, "suggestions", fails)
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        assert page.error.isVisible()
        assert page.stack.shown() == "welcome"
        monkeypatch.undo()
        page.reload()
        await page.settled()
        assert not page.error.isVisible()
        assert page.welcome.buttons


async def test_the_window_ends_while_a_reply_goes_on(session, themes):
    session.chat_desk.plays.append(streamed([f"word{n} " for n in range(400)], pause=0.01))
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.ask("Tell me")
        await until(lambda: "word3" in "".join(words(page)))
    assert page.replies.of(page.conversation) is None


async def test_a_proposal_shows_rows_before_and_after_or_why_it_cannot_be_done(
    session, themes, house
):
    desk = session.chat_desk
    change = ProposedChange(ChangeKind.RECATEGORIZE, (TransactionQuery(text="air"),), "Travel")
    proposal = Proposal("p1", (change,), "")
    previews = tuple(RowPreview(row, "Shopping", "Travel") for row in house.rows[:7])
    title = "Put 12 transactions into Travel"
    desk.views["p1"] = ProposalView(proposal, (ChangePreview(change, title, previews, Meant(12)),))
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        desk.plays.append(said("I would move these.", model="gpt-test"))
        page.ask("Move my flights")
        await page.settled()
        turn = page.transcript.turns[0]
        page._propose(turn, proposal)
        await page.settled()
        card = turn.proposals[0]
        lines = [one.full() for one in card.findChildren(Elided)]
        assert lines.count("Shopping → Travel") == 5
        told = [one.text() for one in card.findChildren(QLabel)]
        assert title in told
        assert "and 7 more rows" in told
        assert card.apply.isEnabled()
        assert not card.reason.isVisible()
        assert nameless(window) == []
        desk.views["p1"] = ProposalView(proposal, (), "Its rows are gone.")
        page.proposals.look_again()
        await page.settled()
        assert card.trouble.isVisible()
        assert card.trouble.text() == "Its rows are gone."
        assert not card.apply.isEnabled()
        card.dismiss.click()
        await page.settled()
        assert card.state.text() == "Dismissed"
        assert not card.trouble.isVisible()


async def test_a_proposal_that_cannot_be_applied_says_why(session, themes, monkeypatch):
    desk = session.chat_desk
    change = ProposedChange(ChangeKind.TAG, (TransactionQuery(),), "trip")

    async def refuses(*_anything):
        raise UsageError("The category is gone.")

    monkeypatch.setattr(desk, "apply", refuses)
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.ask("Tag my trip")
        await page.settled()
        page._propose(page.transcript.turns[0], Proposal("p1", (change,), ""))
        await page.settled()
        card = page.transcript.turns[0].proposals[0]
        card.apply.click()
        await page.settled()
        assert "The category is gone." in window.toast.text()
        assert card.apply.isEnabled()
