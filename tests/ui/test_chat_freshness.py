"""Figures of stored answers are held against the ledger while they are in sight."""

import asyncio
from datetime import date

import pytest

from hive_desktop.domain.changes import Actor, ChangeSet, Kind
from hive_desktop.domain.conversations import Conversation, Ended, Message, Role
from hive_desktop.domain.figures import Figure
from hive_desktop.domain.receipts import CellKind
from hive_desktop.ports.errors import VaultDamagedError
from hive_desktop.services.chat_today import Changed
from hive_desktop.ui.page import PageName
from tests.ui.chatting import said, spending
from tests.ui.helpers import until, window_of
from tests.ui.household import NOW

PAGE = PageName.CHAT
AGED = Changed(date(2026, 3, 3), Figure(CellKind.MONEY, 118_020, "USD", (), ""))
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def talk(texts, key="a"):
    """Return a session with a receipt, and a reply of each text."""
    made = Conversation(key, "Spending")
    made.keep(spending(series=False))
    for text in texts:
        made.messages += [
            Message(Role.PERSON, "How much?", at=NOW),
            Message(Role.MODEL, text, ended=Ended.DONE, model="gpt-test", at=NOW),
        ]
    return made


def words(page):
    return [answer.words() for turn in page.transcript.turns for answer in turn.answers]


def publish(session, kind):
    session.bus.publish(ChangeSet(Actor.SYNC, {kind: frozenset()}))


async def shown(session, window, made):
    session.chat_desk.keep(made)
    page = window.current_page()
    page.open(made.id)
    await page.settled()
    return page


async def test_a_stored_figure_says_of_when_it_is_and_leads_to_what_is_there_now(session, themes):
    desk = session.chat_desk
    desk.aged["r1.total"] = AGED
    async with window_of(session, themes, page=PAGE) as window:
        page = await shown(session, window, talk(["You spent [[r1.total]] in [[r1.count]] rows."]))
        assert words(page) == ["You spent $123.45 (as of Mar 3, 2026; now $1,180.20) in 7 rows."]
        assert desk.compared == [("a", ["r1.total", "r1.count"])]
        (chunk,) = page.transcript.turns[0].answers[0].prose.chunks()
        assert "have changed since" in chunk.marks[0].note_tip
        assert chunk.marks[1].note == ""
        page.transcript.turns[0].answers[0].prose.chosen.emit("figure:r1.total")
        assert window.current_name is PageName.TRANSACTIONS


@pytest.mark.parametrize("kind", [Kind.TRANSACTIONS, Kind.CATEGORIES, Kind.EDITS])
async def test_what_is_in_sight_is_compared_again_after_a_change_once_for_a_burst(
    session, themes, kind
):
    desk = session.chat_desk
    async with window_of(session, themes, page=PAGE) as window:
        page = await shown(session, window, talk(["[[r1.total]]"]))
        assert (words(page), len(desk.compared)) == (["$123.45"], 1)
        desk.aged["r1.total"] = AGED
        for _ in range(5):
            publish(session, kind)
        await until(lambda: len(desk.compared) > 1)
        await page.settled()
        assert len(desk.compared) == 2
        assert words(page) == ["$123.45 (as of Mar 3, 2026; now $1,180.20)"]
        del desk.aged["r1.total"]
        publish(session, kind)
        await until(lambda: len(desk.compared) > 2)
        await page.settled()
        assert words(page) == ["$123.45"]


async def test_only_answers_in_sight_are_compared(session, themes):
    desk = session.chat_desk
    tall = "\n\n".join(["[[r1.total]]"] * 40)
    async with window_of(session, themes, page=PAGE) as window:
        page = await shown(session, window, talk([tall, "[[r1.1.total]]", "No figure", tall]))
        assert [formulas[0] for _, formulas in desk.compared] == ["r1.total"]
        page.transcript.verticalScrollBar().setValue(0)
        await page.settled()
        assert len(desk.compared) == 2
        page.transcript.to_foot()
        await page.settled()
        assert len(desk.compared) == 2


async def test_while_another_page_is_shown_nothing_is_compared(session, themes):
    desk = session.chat_desk
    waits = asyncio.Event()

    async def never(_conversation, figures):
        desk.compared.append(len(list(figures)))
        await waits.wait()
        return {}

    async with window_of(session, themes, page=PAGE) as window:
        plain, desk.outdated = desk.outdated, never
        page = window.current_page()
        desk.keep(talk(["[[r1.total]]"]))
        page.open("a")
        await until(lambda: desk.compared)
        window.show_page(PageName.OVERVIEW)
        await asyncio.wait_for(page.freshness.settled(), 30)  # it was cancelled
        publish(session, Kind.TRANSACTIONS)
        await asyncio.sleep(0.5)
        assert len(desk.compared) == 1
        desk.outdated = plain
        window.show_page(PAGE)
        await page.settled()
        assert len(desk.compared) == 2


async def test_a_reply_under_way_is_not_compared(session, themes):
    desk = session.chat_desk
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        await page.settled()
        desk.plays.append(said("[[r1.total]]", receipts=(spending(series=False),), ended=None))
        page.ask("How much?")
        await page.settled()
        assert desk.compared == []


async def test_what_hinders_comparing_is_told(session, themes):
    desk = session.chat_desk

    async def fails(*_):
        raise VaultDamagedError

    async with window_of(session, themes, page=PAGE) as window:
        desk.outdated = fails
        page = await shown(session, window, talk(["[[r1.total]]"]))
        assert page.error.isVisible()
        assert words(page) == ["$123.45"]
