"""A desk of the chat in memory: sessions that stay, and replies as a test plays them."""

import asyncio
import itertools
from datetime import timedelta
from types import SimpleNamespace

from hive_desktop.domain.cited_receipts import Sources
from hive_desktop.domain.conversations import (
    OFFLINE,
    Conversation,
    Ended,
    Message,
    ProposalState,
    Role,
    title_of,
)
from hive_desktop.domain.figures import FigureWords
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.domain.receipts import Cell, CellKind, Receipt
from hive_desktop.domain.verification import checked
from hive_desktop.ports.chat import Began, Over, Titled, Verified, Wrote
from hive_desktop.ports.chat_store import DeletedSession, SessionLine
from hive_desktop.ports.errors import UsageError
from hive_desktop.services.chat_tools.sheet import chart
from tests.ui.helpers import until
from tests.ui.household import NOW, TODAY

_OLDER = 60


class FakeDesk:
    """Implements `services.chat_desk.ChatDesk`.

    Attributes:
        plays: scripts of the next replies: each is given the conversation and yields events.
        calls: what was asked of it, by name.
        compared: the formulas that were held against the ledger, answer by answer.
        aged: what is told of some formulas then.
    """

    def __init__(self):
        self.kept = {}
        self.changed = {}
        self.gone = {}
        self.hidden = {}
        self.plays = []
        self.calls = []
        self.looks = []
        self.compared = []
        self.aged = {}
        self.words = FigureWords()
        self.views = {}
        self.examples = ("How much did I spend last month?", "What are my subscriptions?")
        self._numbers = itertools.count(1)
        self._stops = {}

    def write_by(self, words):
        self.words = words("")

    def shown_now(self, conversation, message, length, start=0, cited=None):
        self.looks.append((start, length))
        text = message.text[start:length]
        sources = Sources(conversation.addresses())
        known = conversation.receipts
        return checked(text, known, self.words, today=TODAY, cited=cited, sources=sources)

    def keep(self, conversation, *, minutes_ago=0):
        self.kept[conversation.id] = conversation
        self.changed[conversation.id] = NOW - timedelta(minutes=minutes_ago)
        return conversation

    async def sessions(self, text=""):
        found = [
            SessionLine(one.id, one.title, self.changed[one.id], len(one.messages))
            for one in self.kept.values()
            if text.casefold() in " ".join([one.title, *(m.text for m in one.messages)]).casefold()
        ]
        return sorted(found, key=lambda line: line.changed_at, reverse=True)

    async def create(self):
        return Conversation(f"{next(self._numbers):032x}")

    async def open(self, session_id):
        self.calls.append(("open", session_id))
        return self.kept[session_id]

    async def older(self, conversation):
        before = self.hidden.get(conversation.id, [])
        some = before[-_OLDER:]
        del before[-_OLDER:]
        conversation.messages[:0] = some
        return len(some)

    async def rename(self, session_id, title):
        self.kept[session_id].title = title

    async def delete(self, session_id):
        self.gone[session_id] = self.kept.pop(session_id)
        return DeletedSession(session_id, self.gone[session_id].title, {})

    async def restore(self, deleted):
        self.kept[deleted.id] = self.gone.pop(deleted.id)

    async def ask(self, conversation, text, *, about=None):
        self.calls.append(("ask", text, about))
        if text == "refuse":
            raise UsageError("That cannot be asked.")
        told = "" if about is None else about.words
        conversation.messages.append(Message(Role.PERSON, text, at=NOW, about=told))
        async for event in self._reply(conversation, text):
            yield event

    async def again(self, conversation):
        question = conversation.question()
        self.calls.append(("again", question.text))
        tail = conversation.cut_after(question)
        async for event in self._reply(conversation, question.text):
            if isinstance(event, Began):
                tail = None
            is_kept = isinstance(event, Over) and tail is not None and tail.has_reply
            if is_kept:
                conversation.put_back(question, tail)
                yield Over(event.why, tail.messages[-1], event.error, is_kept=True)
            else:
                yield event

    async def resend(self, conversation, message, text):
        self.calls.append(("resend", message.text, text))
        conversation.cut_after(message)
        message.text = text
        async for event in self._reply(conversation, text):
            yield event

    async def _reply(self, conversation, text):
        if not conversation.title:
            conversation.title = title_of(text)
            yield Titled(conversation.title)
        self.keep(conversation)
        stop = self._stops[conversation.id] = asyncio.Event()
        play = self.plays.pop(0) if self.plays else said("You asked: nothing is known.")
        async for event in play(conversation, stop):
            yield event
        self._stops.pop(conversation.id)

    async def stop(self, conversation):
        if conversation.id in self._stops:
            self._stops[conversation.id].set()

    def is_answering(self, conversation):
        return conversation.id in self._stops

    async def shown(self, conversation, message):
        sources = Sources(conversation.addresses())
        return checked(
            message.text, conversation.receipts, self.words, today=TODAY, sources=sources
        )

    async def outdated(self, conversation, figures):
        self.compared.append((conversation.id, [one.formula for one in figures]))
        return {one.formula: self.aged[one.formula] for one in figures if one.formula in self.aged}

    async def suggestions(self, _language):
        return self.examples

    async def look(self, proposal):
        found = self.views.get(proposal.id)
        if found is None:
            previews = tuple(
                SimpleNamespace(change=one, title="A change", rows=(), total=3)
                for one in proposal.changes
            )
            found = SimpleNamespace(proposal=proposal, changes=previews, trouble="", meant=(3,))
        return found

    async def apply(self, _conversation, proposal, shown=None):
        self.calls.append(("apply", proposal.id, shown))
        proposal.state = ProposalState.APPLIED
        return SimpleNamespace(batch=b"b" * 16, rows=3, rules=0, told="3 rows changed")

    async def dismiss(self, _conversation, proposal):
        proposal.state = ProposalState.DISMISSED


def said(text, *, model=OFFLINE, receipts=(), ended=Ended.DONE):
    """Return a script of a reply that is written in one go."""

    async def play(conversation, _stop):
        for receipt in receipts:
            conversation.keep(receipt)
        message = Message(Role.MODEL, text, model=model, at=NOW)
        conversation.messages.append(message)
        yield Began(message)
        yield Wrote(message, len(text))
        await asyncio.sleep(0)
        message.ended = ended
        words = FigureWords()
        sources = Sources(conversation.addresses())
        known = conversation.receipts
        yield Verified(message, checked(text, known, words, today=TODAY, sources=sources), False)
        yield Over(ended, message)

    return play


def streamed(pieces, *, model="gpt-test", pause=0.0, looks=None):
    """Return a script of a reply that comes in pieces until it is stopped.

    Where a desk's `looks` are given, two pieces come for each look at what is there.
    """

    async def play(conversation, stop):
        message = Message(Role.MODEL, "", model=model, at=NOW)
        why = Ended.DONE
        for place, piece in enumerate(pieces):
            if stop.is_set():
                why = Ended.STOPPED
                break
            seen = len(looks or ())
            if not message.text:
                conversation.messages.append(message)
                yield Began(message)
            message.text += piece
            yield Wrote(message, len(message.text))
            await asyncio.sleep(pause)
            if looks is not None and place % 2:
                await until(lambda seen=seen: len(looks) > seen)
        message.ended = why
        yield Over(why, message)

    return play


def spending(minor=12_345, *, query=None, series=True):
    """Return the receipt of a spending tool, with a course of three months."""
    query = query or TransactionQuery(start=TODAY.replace(day=1), end=TODAY)
    cells = [
        Cell("total", CellKind.MONEY, minor, "USD", query, "spent"),
        Cell("count", CellKind.COUNT, 7, None, query, "transactions"),
    ]
    steps = [TODAY.replace(month=month, day=1) for month in (8, 9, 10)]
    for place, first in enumerate(steps, start=1):
        last = first.replace(day=28)
        one = TransactionQuery(start=first, end=last)
        cells.append(Cell(f"{place}.total", CellKind.MONEY, 1000 * place, "USD", one, "spent"))
    names = [f"{place}.total" for place in (1, 2, 3)]
    course = chart("Spending by month", ["August", "September", "October"], names)
    return Receipt(
        "", "spending_trend", {}, "Spending", tuple(cells), (), query, course if series else None
    )


def as_chat(desk):
    """Return what the page needs of `services.chat.ChatService`."""
    return SimpleNamespace(write_by=desk.write_by)
