"""The desk of the chat on a real vault: what is kept, what answers, what stops, what is found."""

import asyncio
import time
import uuid
from contextlib import aclosing
from datetime import timedelta

import pytest

from hive_desktop.domain import calculation, recipes
from hive_desktop.domain.conversations import (
    OFFLINE,
    ChangeKind,
    Conversation,
    Ended,
    Message,
    Proposal,
    ProposedChange,
    Role,
    ToolCall,
)
from hive_desktop.domain.days import Period, Span
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.domain.pieces import Standing
from hive_desktop.domain.redaction import Redactor
from hive_desktop.domain.references import cited
from hive_desktop.domain.sendable import ChatTexts
from hive_desktop.ports.chat import (
    Began,
    ChatContext,
    Over,
    Titled,
    ToolBegan,
    ToolDone,
    Verified,
    Wrote,
)
from hive_desktop.ports.errors import AiKeyError, AiOfflineError, UsageError, VaultUnwritableError
from hive_desktop.services import chat_desk, chat_keeping, chat_open, chat_shown
from hive_desktop.services.chat import ChatService
from hive_desktop.services.chat_about import PageContext
from hive_desktop.services.chat_desk import ChatDesk
from hive_desktop.services.chat_history import History
from hive_desktop.services.chat_voices import Voices
from tests.unit.services.test_lessons import loaded, rows_of
from tests.unit.services.world import TODAY, row, until

QUESTION = "How much did I spend this month?"
NAMES = ["ZORBLAX 001", "ZORBLAX 002", "QUUXLI 4"]


class Ai:
    is_set_up = True


class Model:
    """A `ChatService` that does as `says` does with the session."""

    def __init__(self, says):
        self.says = says
        self.asked = 0

    async def again(self, talk):
        self.asked += 1
        reply, why, error = None, Ended.STOPPED, None
        try:
            async for one in self.says(talk):
                if isinstance(one, Exception):
                    why, error = Ended.FAILED, one
                    break
                if reply is None:
                    reply = Message(Role.MODEL, model="m")
                    talk.messages.append(reply)
                    yield Began(reply)
                reply.text += one
                yield Wrote(reply, len(reply.text))
            else:
                why = Ended.DONE
        finally:
            if reply is None:
                reply = Message(Role.MODEL, model="m")
                talk.messages.append(reply)
            reply.ended = why
        yield Over(why, reply, error)

    async def shown(self, *_):
        raise AssertionError("not asked for")


async def follow(stream):
    async with aclosing(stream) as events:
        told = [one async for one in events]
    assert [isinstance(one, Over) for one in told] == [False] * (len(told) - 1) + [True]
    return told


def desk_with(session, says, made=None):
    """Return the session's desk with a model that does as a test says."""
    model = made or Model(says)
    own = session.chat_desk
    voices = Voices(Ai, model, session.analyst, own._reader)
    desk = ChatDesk(session.database, voices, own._proposals, session.scope, session.clock)
    return desk, model


def reopened(session):
    """Return a desk as it is after a restart."""
    own = session.chat_desk
    voices = Voices(session.ai, session.chat, session.analyst, own._reader)
    return ChatDesk(session.database, voices, own._proposals, session.scope, session.clock)


def told(talk):
    return [
        (one.role, one.text, one.ended, one.receipt, one.calls, one.model, one.language, one.about)
        for one in talk.messages
    ]


def test_the_analyst_answers_by_the_events_of_a_model_and_all_of_it_is_kept(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        desk = world.session.chat_desk
        talk = await desk.create()
        assert await desk.sessions() == []
        events = await follow(desk.ask(talk, f"  {QUESTION} "))
        kinds = [type(one) for one in events if not isinstance(one, Wrote)]
        assert kinds[:3] == [Titled, ToolBegan, ToolDone]
        assert kinds[-3:] == [Began, Verified, Over]
        reply = events[-1].message
        assert (reply.model, reply.ended, events[-1].why) == (OFFLINE, Ended.DONE, Ended.DONE)
        (shown,) = [one.checked for one in events if isinstance(one, Verified)]
        assert "You spent $30.00." in shown.text
        assert not shown.flaws
        assert desk.shown_now(talk, reply, len(reply.text), 4).text == shown.text[4:]
        figure = next(one for one in shown.pieces if one.standing is Standing.FIGURE)
        (place,) = figure.figure.places
        query = talk.receipts[place.receipt].cell(place.cell).query
        assert await world.session.ledger.count(query) == 3
        again = reopened(world.session)
        (line,) = await again.sessions()
        assert (line.id, line.title, line.messages, line.snippet) == (
            talk.id, QUESTION, 2, QUESTION,
        )  # fmt: skip
        kept = await again.open(talk.id)
        assert told(kept) == told(talk)
        assert (kept.receipts, kept.receipts_made, kept.title) == (
            talk.receipts, talk.receipts_made, talk.title,
        )  # fmt: skip
        assert await again.open(talk.id) is kept
        assert (await again.shown(kept, kept.messages[-1])).text == shown.text
        next_one = await follow(again.ask(kept, "And how many purchases were there this month?"))
        assert next_one[-1].why is Ended.DONE
        assert len(set(kept.receipts)) == kept.receipts_made > talk.receipts_made

    vault.run(work)


def test_an_empty_question_leaves_no_session(vault):
    async def work(world):
        desk = world.session.chat_desk
        talk = await desk.create()
        with pytest.raises(UsageError):
            await follow(desk.ask(talk, "  "))
        with pytest.raises(UsageError):
            await follow(desk.again(talk))
        assert (await desk.sessions(), talk.messages, desk.is_answering(talk)) == ([], [], False)
        with pytest.raises(UsageError):
            await desk.open("00" * 16)

    vault.run(work)


def test_what_arrived_is_stored_while_it_streams_and_marked_as_cut_where_nothing_ended_it(
    vault, monkeypatch
):
    monkeypatch.setattr(chat_keeping, "KEEP_EVERY_S", 0.01)

    async def work(world):
        gate = asyncio.Event()

        async def says(_talk):
            yield "You spent a "
            yield "lot"
            await gate.wait()

        desk, _ = desk_with(world.session, says)
        talk = await desk.create()
        stream = desk.ask(talk, QUESTION)
        while not (talk.messages and talk.messages[-1].text == "You spent a lot"):
            await anext(stream)
        waiting = world.session.scope.spawn(anext(stream), name="next")
        other = reopened(world.session)
        kept = await opened_with(world, other, talk.id, "You spent a lot")
        assert kept.messages[-1].ended is Ended.CUT
        growing = (await desk.read(talk.id, 20)).messages[-1]
        assert (growing.text, growing.ended) == ("You spent a lot", None)
        with pytest.raises(UsageError):
            await follow(desk.ask(talk, "Another one?"))
        assert desk.is_answering(talk)
        await desk.stop(talk)
        over = await waiting
        assert (over.why, over.message.text) == (Ended.STOPPED, "You spent a lot")
        assert not desk.is_answering(talk)
        after = await reopened(world.session).open(talk.id)
        assert told(after) == told(talk)
        assert after.messages[-1].ended is Ended.STOPPED

    vault.run(work)


async def opened_with(world, desk, key, text):
    for _ in range(3_000):
        kept = await reopened(world.session).open(key) if await desk.sessions() else None
        if kept is not None and kept.messages[-1].text == text:
            return kept
        await asyncio.sleep(0.01)
    raise AssertionError("it was not stored")


def test_a_stop_between_two_events_ends_it_with_the_next_step(vault):
    async def work(world):
        async def says(_talk):
            yield "One "
            yield "two"

        desk, _ = desk_with(world.session, says)
        talk = await desk.create()
        events = []
        async for event in desk.ask(talk, QUESTION):
            events.append(event)
            if isinstance(event, Wrote):
                await desk.stop(talk)
        assert (events[-1].why, talk.messages[-1].text) == (Ended.STOPPED, "One ")
        stream = desk.ask(talk, QUESTION)
        await anext(stream)
        await stream.aclose()
        assert talk.messages[-1].ended is Ended.STOPPED
        assert told(await reopened(world.session).open(talk.id)) == told(talk)

    vault.run(work)


def test_who_reads_it_may_be_cancelled_and_a_stop_is_no_cancellation(vault):
    async def work(world):
        async def says(_talk):
            yield "One"
            await asyncio.sleep(60)

        desk, _ = desk_with(world.session, says)
        talk = await desk.create()
        reading = world.session.scope.spawn(follow(desk.ask(talk, QUESTION)), name="read")
        await until(lambda: desk.is_answering(talk) and len(talk.messages) == 2)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert talk.messages[-1].ended is Ended.STOPPED
        assert not desk.is_answering(talk)

    vault.run(work)


def test_the_analyst_answers_where_nobody_answers_at_the_models_address(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))

        async def says(_talk):
            yield AiOfflineError(code="OFFLINE")

        desk, model = desk_with(world.session, says)
        model.shown = world.session.chat.shown
        talk = await desk.create()
        events = await follow(desk.ask(talk, QUESTION))
        over = events[-1]
        assert (over.why, over.error, over.message.model) == (Ended.DONE, None, OFFLINE)
        assert over.message.fault.title == AiOfflineError(code="OFFLINE").rendered()[0]
        assert [one.role for one in talk.messages] == [
            Role.PERSON, Role.MODEL, Role.TOOL, Role.MODEL,
        ]  # fmt: skip
        kept = await reopened(world.session).open(talk.id)
        assert told(kept) == told(talk)
        assert kept.messages[-1].fault == over.message.fault

    vault.run(work)


@pytest.mark.parametrize("begins", [False, True])
def test_other_faults_of_a_model_and_cut_replies_stay_its_own(vault, begins):
    error = AiOfflineError(code="OFFLINE") if begins else AiKeyError(code="KEY")

    async def work(world):
        async def says(_talk):
            if begins:
                yield "You sp"
            yield error

        desk, model = desk_with(world.session, says)
        talk = await desk.create()
        events = await follow(desk.ask(talk, QUESTION))
        assert events[-1].error is error
        assert [one.model for one in talk.messages] == ["", "m"]
        events = await follow(desk.again(talk))
        assert (model.asked, len(talk.messages)) == (2, 2)

    vault.run(work)


def test_asked_again_and_in_other_words_the_earlier_reply_and_its_receipts_go(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        desk = world.session.chat_desk
        talk = await desk.create()
        await follow(desk.ask(talk, QUESTION))
        await follow(desk.ask(talk, "How many transactions were there this month?"))
        first = set(talk.receipts)
        await follow(desk.again(talk))
        assert len(talk.messages) == 8
        question = talk.messages[0]
        await follow(desk.resend(talk, question, "How much did I spend today?"))
        kept = await reopened(world.session).open(talk.id)
        assert told(kept) == told(talk)
        assert (len(kept.messages), kept.messages[0].text) == (4, "How much did I spend today?")
        assert not first & set(kept.receipts)
        stored = await world.session.database.read(lambda reads: stored_receipts(reads, talk.id))
        assert stored == set(kept.receipts)
        with pytest.raises(ValueError, match="question"):
            await follow(desk.resend(talk, talk.messages[-1], "?"))

    vault.run(work)


def test_a_proposal_stays_with_its_call_and_goes_with_it(vault):
    async def work(world):
        async def says(talk):
            tag = f"tag{model.asked}"
            change = ProposedChange(ChangeKind.TAG, (TransactionQuery(),), tag)
            call = ToolCall(f"c{len(talk.messages)}", "propose_changes", "{}")
            key = f"p{len(talk.proposals) + 1}"
            talk.proposals.append(Proposal(key, (change,), "Why", call=call.id))
            talk.messages.append(Message(Role.MODEL, calls=(call,), ended=Ended.DONE))
            talk.messages.append(Message(Role.TOOL, "Fine.", call_id=call.id))
            yield "One"

        async def proposed():
            kept = await reopened(world.session).open(talk.id)
            told = [[(o.id, o.changes[0].value, o.call) for o in t.proposals] for t in (talk, kept)]
            assert told[0] == told[1]
            return told[0]

        desk, model = desk_with(world.session, says)
        talk = await desk.create()
        await follow(desk.ask(talk, "Tag it"))
        await follow(desk.ask(talk, "And tag this"))
        assert await proposed() == [("p1", "tag1", "c1"), ("p2", "tag2", "c5")]
        await follow(desk.again(talk))
        assert await proposed() == [("p1", "tag1", "c1"), ("p2", "tag3", "c5")]
        await follow(desk.resend(talk, talk.messages[0], "Tag those"))
        assert await proposed() == [("p1", "tag4", "c1")]

    vault.run(work)


def stored_receipts(reads, key):
    named = [f"r{at}" for at in range(50)]
    return set(reads.chats.receipts(key, named))


def test_an_answer_stays_in_the_vault_until_another_begins(vault):
    stored = []

    async def work(world):
        await loaded(world, rows_of(NAMES))

        async def says(_talk):
            stored.append(told(await reopened(world.session).open(talk.id)))
            await asyncio.sleep(2 * chat_keeping.KEEP_EVERY_S)
            stored.append(told(await reopened(world.session).open(talk.id)))
            for one in answers.pop(0):
                yield one

        answers = [[AiKeyError(code="KEY")], [], ["Newer."]]
        desk, model = desk_with(world.session, says)
        model.shown = world.session.chat.shown
        talk = await desk.create()
        await follow(desk.ask(talk, QUESTION, offline=True))
        before, receipts = told(talk), dict(talk.receipts)
        for error in (AiKeyError, type(None)):
            over = (await follow(desk.again(talk)))[-1]
            assert over.is_kept
            assert isinstance(over.error, error)
            assert over.message is talk.messages[-1]
            assert (told(talk), talk.receipts) == (before, receipts)
        assert not (await follow(desk.again(talk)))[-1].is_kept
        assert stored == [before] * 6
        assert [one.text for one in talk.messages] == [QUESTION, "Newer."]
        assert told(await reopened(world.session).open(talk.id)) == told(talk)
        left = await world.session.database.read(lambda reads: reads.chats.receipts(
            talk.id, receipts
        ))  # fmt: skip
        assert left == {}

    vault.run(work)


def test_an_answer_that_was_stopped_before_its_first_word_leaves_the_old_one(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))

        async def says(_talk):
            await asyncio.Event().wait()
            yield ""

        desk, model = desk_with(world.session, says)
        model.shown = world.session.chat.shown
        talk = await desk.create()
        await follow(desk.ask(talk, QUESTION, offline=True))
        before = told(talk)
        asked = world.session.scope.spawn(follow(desk.again(talk)), name="asks")
        await until(lambda: desk.is_answering(talk) and len(talk.messages) == 1)
        await desk.stop(talk)
        assert (await asked)[-1].is_kept
        assert told(talk) == before

    vault.run(work)


def test_what_is_decided_while_another_answer_is_awaited_loses_no_answer(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        stored = []

        async def says(_talk):
            if len(stored) < 2:
                await desk.dismiss(talk, Proposal(f"p{len(stored)}", (), ""))
                stored.append(told(await reopened(world.session).open(talk.id)))
            yield AiKeyError(code="KEY")

        desk, model = desk_with(world.session, says)
        model.shown = world.session.chat.shown
        talk = await desk.create()
        await follow(desk.ask(talk, QUESTION, offline=True))
        before = told(talk)
        proposal = Proposal("p9", (), "")
        talk.proposals.append(proposal)
        for _ in range(2):
            assert (await follow(desk.again(talk)))[-1].is_kept
            kept = await reopened(world.session).open(talk.id)
            assert (told(kept), kept.receipts) == (before, talk.receipts)
        assert stored == [before, before]
        assert [one.id for one in kept.proposals] == ["p9"]  # it is stored once it may be

    vault.run(work)


def test_two_writes_at_once_may_both_drop_a_proposal(vault):
    async def work(world):
        database = world.session.database
        session = chat_keeping.OpenSession(Conversation(uuid.uuid4().hex, "Food"))
        session.talk.messages.append(Message(Role.PERSON, "Food?", at=world.clock.now()))
        session.talk.proposals.append(Proposal("p1", (), ""))
        await chat_keeping.store(database, session)
        session.talk.proposals.clear()
        await asyncio.gather(*(chat_keeping.store(database, session) for _ in range(2)))
        kept = await reopened(world.session).open(session.talk.id)
        assert kept.proposals == []

    vault.run(work)


def test_a_models_answer_is_not_replaced_by_the_analysts(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        answers = [["A good one."], [AiOfflineError(code="OFFLINE")], [AiOfflineError(code="X")]]

        async def says(_talk):
            for one in answers.pop(0):
                yield one

        desk, model = desk_with(world.session, says)
        model.shown = world.session.chat.shown
        talk = await desk.create()
        await follow(desk.ask(talk, QUESTION))
        before = told(talk)
        over = (await follow(desk.again(talk)))[-1]
        assert (over.is_kept, type(over.error), told(talk)) == (True, AiOfflineError, before)
        assert told(await reopened(world.session).open(talk.id)) == before
        over = (await follow(desk.ask(talk, QUESTION)))[-1]
        assert (over.message.model, over.is_kept) == (OFFLINE, False)
        answers.append([AiOfflineError(code="OFFLINE")])
        over = (await follow(desk.again(talk)))[-1]
        assert (over.message.model, over.is_kept) == (OFFLINE, False)

    vault.run(work)


def test_a_receipt_that_went_meanwhile_is_not_brought_back(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        desk = world.session.chat_desk
        talk = await desk.create()
        await follow(desk.ask(talk, QUESTION))
        database, (receipt,) = world.session.database, talk.receipts.values()
        read = database.read

        async def reads(work):
            found = await read(work)
            talk.cut_after(talk.messages[0])
            return found

        database.read = reads
        try:
            await desk.open(talk.id)
        finally:
            del database.read
        assert talk.receipts == {}
        talk.renew({receipt.id: receipt})
        assert talk.receipts == {}

    vault.run(work)


def test_a_new_title_is_not_undone_by_what_is_stored_meanwhile(vault, monkeypatch):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        desk, database = world.session.chat_desk, world.session.database
        talk = await desk.create()
        await follow(desk.ask(talk, QUESTION))
        write, stored = database.write, []

        async def writes(work, **more):
            done = await write(work, **more)
            if not stored:  # what a reply under way stores before `rename` goes on
                stored.append(talk.id)
                await chat_keeping.store(database, desk._open.get(talk.id))
            return done

        monkeypatch.setattr(database, "write", writes)
        await desk.rename(talk.id, "Mine")
        (line,) = await desk.sessions()
        assert (line.title, talk.title, stored) == ("Mine", "Mine", [talk.id])

    vault.run(work)


def test_a_title_that_could_not_be_stored_is_not_shown(vault, monkeypatch):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        desk = world.session.chat_desk
        talk = await desk.create()
        await follow(desk.ask(talk, QUESTION))

        async def fails(*_, **__):
            raise VaultUnwritableError

        monkeypatch.setattr(world.session.database, "write", fails)
        with pytest.raises(VaultUnwritableError):
            await desk.rename(talk.id, "Mine")
        monkeypatch.undo()
        assert talk.title == QUESTION

    vault.run(work)


def test_few_sessions_stay_open(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        go = asyncio.Event()

        async def says(_talk):
            await go.wait()
            yield "Here."

        desk, model = desk_with(world.session, says)
        model.shown = world.session.chat.shown
        busy = await desk.create()
        asked = world.session.scope.spawn(follow(desk.ask(busy, QUESTION)), name="asks")
        await until(lambda: desk.is_answering(busy))
        first = await desk.create()
        await follow(desk.ask(first, QUESTION, offline=True))
        for _ in range(3 * chat_open.MOST):
            seen = await desk.create()
        assert len(desk._open) <= chat_open.MOST + 1
        assert await desk.open(busy.id) is busy
        assert desk._open.get(seen.id) is not None
        again = await desk.open(first.id)
        assert again is not first
        assert told(again) == told(first)
        go.set()
        await asked
        assert busy.messages[-1].text == "Here."

    vault.run(work)


def test_a_receipt_is_read_whatever_the_case_of_its_name(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))

        async def says(_talk):
            yield "It was [[ R1.Total ]]."

        desk, model = desk_with(world.session, says)
        model.shown = world.session.chat.shown
        talk = await desk.create()
        await follow(desk.ask(talk, QUESTION, offline=True))
        for n in range(chat_desk.NEWEST):
            await follow(desk.ask(talk, f"And {n}?"))
        again = await reopened(world.session).open(talk.id)
        assert "r1" in again.receipts

    vault.run(work)


def test_what_a_calculation_stands_on_is_read_with_it_however_old_it_is(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        desk = world.session.chat_desk
        talk = await desk.create()
        await follow(desk.ask(talk, QUESTION))
        last = "r1.total"
        for _ in range(2):
            figure = calculation.calculated(f"{last} / 2", "amount", talk.receipts)
            last = f"{talk.keep(calculation.receipt_of(figure, 'amount')).id}.result"
        for n in range(chat_desk.NEWEST):
            await follow(desk.ask(talk, f"And {n}?"))
        talk.messages[-1].text += f" [[{last}]]"
        await chat_keeping.store(world.session.database, desk._open.get(talk.id))
        again = await reopened(world.session).open(talk.id)
        assert len(again.messages) < len(talk.messages)
        figure = cited(last, again.receipts).figure
        (part,) = recipes.parts_of(recipes.steps_of(figure, again.receipts))
        assert part.query == talk.receipts["r1"].cell("total").query

    vault.run(work)


def test_a_receipt_is_looked_at_once_for_names_that_nobody_knows(vault, monkeypatch):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        desk = world.session.chat_desk
        talk = await desk.create()
        await follow(desk.ask(talk, QUESTION))
        looked = []
        texts = await desk._reader.texts()
        monkeypatch.setattr(type(texts), "result", lambda _self, one: looked.append(one.id))
        reply = Message(Role.MODEL, "At [NAME 77] it was [[r1.total]].", model="m")
        monkeypatch.setattr(chat_shown, "has_tokens", lambda _text: True)
        for _ in range(3):
            await desk.shown(talk, reply)
        assert looked == list(talk.receipts)
        for _ in range(chat_open.MOST + 1):
            await desk.create()
        other = await desk.create()
        await desk.shown(other, reply)
        assert len(desk._shown) == 0  # nothing is remembered of sessions that are closed

    vault.run(work)


def test_replies_that_are_shown_together_all_have_the_names(vault, monkeypatch):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        desk = world.session.chat_desk
        talk = await desk.create()
        await follow(desk.ask(talk, QUESTION))
        looked, seen = [], []
        texts, shown = await desk._reader.texts(), ChatService.shown

        def slow(_self, one):
            time.sleep(0.05)
            looked.append(one.id)

        async def shows(*given):
            seen.append(list(looked))
            return await shown(*given)

        monkeypatch.setattr(type(texts), "result", slow)
        monkeypatch.setattr(chat_shown, "has_tokens", lambda _text: True)
        monkeypatch.setattr(ChatService, "shown", shows)
        replies = [Message(Role.MODEL, f"[NAME {n}]", model="m") for n in range(3)]
        await asyncio.gather(*(desk.shown(talk, one) for one in replies))
        assert seen == [list(talk.receipts)] * 3

    vault.run(work)


def test_sessions_are_renamed_found_deleted_and_restored(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        desk = world.session.chat_desk
        first, second = await desk.create(), await desk.create()
        await follow(desk.ask(first, "How much did I spend at Zorblax this month?"))
        world.clock.advance(minutes=1)
        await follow(desk.ask(second, "Übersicht über Straßen?"))
        assert [one.id for one in await desk.sessions()] == [second.id, first.id]
        await desk.rename(first.id, "  The  month ")
        assert (first.title, [one.title for one in await desk.sessions("the month")]) == (
            "The month", ["The month"],
        )  # fmt: skip
        with pytest.raises(UsageError):
            await desk.rename(first.id, " ")
        (line,) = await desk.sessions("übersicht ÜBER strassen")
        assert line.id == second.id
        (line,) = await desk.sessions("at zorblax this")
        assert (line.id, line.snippet) == (first.id, "How much did I spend at Zorblax this month?")
        assert await desk.sessions("r1.total") == []
        before = told(first)
        deleted = await desk.delete(first.id)
        assert [one.id for one in await desk.sessions()] == [second.id]
        with pytest.raises(UsageError):
            await desk.open(first.id)
        with pytest.raises(UsageError):
            await desk.delete(first.id)
        with pytest.raises(UsageError):
            await follow(desk.ask(first, QUESTION))
        await desk.restore(deleted)
        await desk.restore(deleted)
        assert told(await desk.open(first.id)) == before
        assert [one.messages for one in await desk.sessions("at zorblax this")] == [2]

    vault.run(work)


def test_a_session_that_is_deleted_under_a_reply_stays_deleted(vault):
    async def work(world):
        async def says(_talk):
            yield "One"
            await asyncio.sleep(60)

        desk, _ = desk_with(world.session, says)
        talk = await desk.create()
        reading = world.session.scope.spawn(follow(desk.ask(talk, QUESTION)), name="read")
        await until(lambda: len(talk.messages) == 2)
        await opened_with(world, desk, talk.id, "One")
        deleted = await desk.delete(talk.id)
        assert (await reading)[-1].why is Ended.STOPPED
        assert (await desk.sessions(), deleted.title) == ([], "")

    vault.run(work)


def test_a_session_that_could_not_be_deleted_is_kept_on(vault, monkeypatch):
    async def work(world):
        async def says(_talk):
            yield "One"

        desk, _ = desk_with(world.session, says)
        talk = await desk.create()
        with pytest.raises(UsageError):
            await desk.delete(talk.id)  # nothing of it is stored yet
        await follow(desk.ask(talk, QUESTION))
        assert told(await reopened(world.session).open(talk.id)) == told(talk)

        async def full(*_, **__):
            raise VaultUnwritableError

        with monkeypatch.context() as patched:
            patched.setattr(world.session.database, "write", full, raising=False)
            with pytest.raises(VaultUnwritableError):
                await desk.delete(talk.id)
        await follow(desk.ask(talk, "And last month?"))
        assert told(await reopened(world.session).open(talk.id)) == told(talk)

    vault.run(work)


def test_a_stop_before_anything_came_leaves_a_stopped_reply(vault):
    async def work(world):
        async def says(_talk):
            yield "One"

        desk, model = desk_with(world.session, says)
        talk = await desk.create()
        texts, is_going = desk._reader.texts, asyncio.Event()

        class Reader:
            async def texts(self):
                await is_going.wait()
                return await texts()

        desk._reader = Reader()
        about = PageContext(categories=("Groceries",))
        asked = follow(desk.ask(talk, QUESTION, about=about))
        reading = world.session.scope.spawn(asked, name="read")
        await until(lambda: desk.is_answering(talk))
        await desk.stop(talk)
        is_going.set()
        (over,) = await reading
        assert (over.why, over.message.role, over.message.text) == (Ended.STOPPED, Role.MODEL, "")
        assert over.message.ended is Ended.STOPPED
        assert (talk.messages[1:], model.asked) == ([over.message], 0)
        assert told(await reopened(world.session).open(talk.id)) == told(talk)

    vault.run(work)


def test_half_a_sign_in_a_question_hinders_nothing(vault):
    async def work(world):
        async def says(_talk):
            yield "One"

        desk, _ = desk_with(world.session, says)
        talk = await desk.create()
        events = await follow(desk.ask(talk, "How much at \ud800?"))
        assert (events[-1].error, talk.messages[0].text) == (None, "How much at ??")
        assert told(await reopened(world.session).open(talk.id)) == told(talk)

    vault.run(work)


def test_whatever_hinders_the_storing_of_a_session_is_told(vault, monkeypatch, caplog):
    async def work(world):
        async def says(_talk):
            yield "One"

        async def broken(*_, **__):
            raise UnicodeError

        desk, _ = desk_with(world.session, says)
        talk = await desk.create()
        with monkeypatch.context() as patched:
            patched.setattr(world.session.database, "write", broken, raising=False)
            events = await follow(desk.ask(talk, QUESTION))
        assert events[-1].why is Ended.DONE
        assert "could not be stored" in str(events[-1].error)
        assert "could not be kept" in caplog.text
        caplog.clear()
        events = await follow(desk.ask(talk, QUESTION))
        assert events[-1].error is None
        assert told(await reopened(world.session).open(talk.id)) == told(talk)

    vault.run(work)


def test_a_long_session_opens_with_its_newest_messages_and_older_ones_come(vault, monkeypatch):
    monkeypatch.setattr(chat_desk, "NEWEST", 5)
    monkeypatch.setattr(chat_desk, "OLDER", 6)

    async def work(world):
        await loaded(world, rows_of(NAMES))
        desk = world.session.chat_desk
        talk = await desk.create()
        for number in range(6):
            await follow(desk.ask(talk, f"How much did I spend in {2020 + number}?"))
        again = reopened(world.session)
        kept = await again.open(talk.id)
        assert kept.messages[0].role is Role.PERSON
        assert len(kept.messages) < len(talk.messages)
        named = {one.receipt for one in kept.messages if one.receipt}
        assert named <= set(kept.receipts)
        loaded_now = list(kept.messages)
        assert told(await again.read(talk.id, 100)) == told(talk)
        assert kept.messages == loaded_now, "who only reads loads nothing into what is open"
        with pytest.raises(UsageError):
            await again.read("0" * 32, 100)
        # What is said now goes to its place behind messages that are not loaded.
        await follow(again.ask(kept, QUESTION))
        brought = 0
        while more := await again.older(kept):
            assert kept.messages[0].role is Role.PERSON
            brought += more
        assert brought > 0
        await follow(again.ask(kept, "How much did I spend today?"))
        assert told(kept)[: len(talk.messages)] == told(talk)
        other = reopened(world.session)
        whole = await other.open(talk.id)
        while await other.older(whole):
            pass
        assert told(whole) == told(kept)
        assert set(whole.receipts) == set(kept.receipts)

    vault.run(work)


def test_a_question_about_a_page_goes_with_what_it_shows_but_private_names(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        desk = world.session.chat_desk
        talk = await desk.create()
        about = PageContext(Span.of(Period.MONTH, TODAY), merchants=("Zorblax", "john@doe.com"))
        assert about.words == "March 2026 · Zorblax · john@doe.com"
        await follow(desk.ask(talk, "How much did I spend at Quuxli?", about=about))
        assert talk.messages[0].about == "March 2026 · Zorblax"
        kept = await reopened(world.session).open(talk.id)
        assert kept.messages[0].about == talk.messages[0].about

    vault.run(work)


@pytest.mark.parametrize("days", [0, 30])
def test_suggestions_are_of_the_persons_own_data(vault, days):
    async def work(world):
        earlier = row("q1", day=TODAY - timedelta(days=days), name=NAMES[0], account="a-checking")
        await loaded(world, [*rows_of(NAMES), earlier])
        desk = world.session.chat_desk
        found = await desk.suggestions("en")
        assert len(found) == 3
        talk = await desk.create()
        for one in found:
            events = await follow(desk.ask(talk, one))
            assert any(isinstance(each, ToolDone) for each in events), one

    vault.run(work)


def test_what_a_question_says_itself_goes_before_what_its_page_shows(vault):
    async def work(world):
        earlier = row("q1", day=TODAY - timedelta(days=30), name=NAMES[2], account="a-checking")
        await loaded(world, [*rows_of(NAMES), earlier])
        desk = world.session.chat_desk
        talk = await desk.create()
        february = Span.of(Period.MONTH, TODAY - timedelta(days=30))
        about = PageContext(february, merchants=("Zorblax",))
        for text, total in (
            ("How much did I spend?", 0),
            ("How much did I spend this month?", 2_000),
            ("How much did I spend at Quuxli?", 1_000),
            ("How much did I spend at Quuxli this month?", 1_000),
        ):
            await follow(desk.ask(talk, text, about=about))
            first = next(one for one in talk.messages[::-1] if one.receipt).receipt
            receipts = [talk.receipts[one.receipt] for one in talk.messages[-4:] if one.receipt]
            totals = [one.cell("total").value for one in receipts if one.cell("total")]
            assert total in totals, (text, first, totals)

    vault.run(work)


def test_sessions_are_there_after_the_vault_was_locked_and_opened_again(vault):
    async def before(world):
        await loaded(world, rows_of(NAMES))
        desk = world.session.chat_desk
        talk = await desk.create()
        await follow(desk.ask(talk, QUESTION))
        stream = desk.ask(talk, "And how many transactions were there this month?")
        while not isinstance(await anext(stream), Began):
            pass
        await asyncio.sleep(0)  # the task that keeps what came has begun: its end writes it
        return talk, stream

    talk, _stream = vault.run(before)

    async def after(world):
        kept = await world.session.chat_desk.open(talk.id)
        assert told(kept)[:4] == told(talk)[:4]
        assert kept.messages[-1].ended in (Ended.CUT, Ended.STOPPED)
        assert kept.receipts == talk.receipts

    vault.run(after)


def test_a_session_that_cannot_be_stored_is_answered_all_the_same_and_says_so(vault, monkeypatch):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        desk = world.session.chat_desk
        talk = await desk.create()
        write = world.session.database.write

        async def full(*_, **__):
            raise VaultUnwritableError

        monkeypatch.setattr(world.session.database, "write", full, raising=False)
        events = await follow(desk.ask(talk, QUESTION))
        assert isinstance(events[-1].error, VaultUnwritableError)
        assert (events[-1].why, events[-1].message.ended) == (Ended.DONE, Ended.DONE)
        monkeypatch.setattr(world.session.database, "write", write)
        events = await follow(desk.ask(talk, QUESTION))
        assert events[-1].error is None
        assert told(await reopened(world.session).open(talk.id)) == told(talk)

    vault.run(work)


def test_a_model_is_told_what_page_a_question_is_about_and_no_word_of_the_analyst():
    talk = Conversation("c")
    talk.messages += [
        Message(Role.PERSON, "How much?", about="March 2026"),
        Message(Role.MODEL, calls=(ToolCall("offline-r1", "balances", '{"x": "Jane"}'),),
                model=OFFLINE, ended=Ended.DONE),
        Message(Role.TOOL, call_id="offline-r1", receipt="r1"),
        Message(Role.MODEL, "You gave Jane [[r1.total]].", model=OFFLINE, ended=Ended.DONE),
        Message(Role.PERSON, "Why?"),
    ]  # fmt: skip
    texts = ChatTexts(Redactor(b"r" * 32))
    sent = History(texts, ChatContext(TODAY, "en"), 10_000).messages(talk)
    said = [(one.speaker.value, one.text.text) for one in sent[1:]]
    assert said[0][1].endswith("How much?\n\nAbout: March 2026")
    assert said[1:] == [
        ("model", "(The program answered this without a model.)"),
        ("person", "Why?"),
    ]
    assert not any(one.calls for one in sent)
