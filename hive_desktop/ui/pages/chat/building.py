"""Turns of a stored session: which messages belong together, and what each of them shows."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from hive_desktop.domain import proposals
from hive_desktop.domain.conversations import Role
from hive_desktop.ui.pages.chat.turn import Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from hive_desktop.domain.conversations import Conversation, Message, Proposal, ToolCall
    from hive_desktop.domain.pieces import Checked
    from hive_desktop.services.chat_desk import ChatDesk


class Group(NamedTuple):
    """A question and what follows it, up to the next; no question where it was cut off."""

    question: Message | None
    rest: tuple[Message, ...]


def groups(messages: Sequence[Message]) -> list[Group]:
    """Return messages as turns, in order."""
    found: list[tuple[Message | None, list[Message]]] = []
    for one in messages:
        if one.role is Role.PERSON:
            found.append((one, []))
        elif found:
            found[-1][1].append(one)
        else:
            found.append((None, [one]))
    return [Group(question, tuple(rest)) for question, rest in found]


def newest_first(messages: Sequence[Message], end: int, most: int) -> int:
    """Return where the last `most` turns before a place begin."""
    place = end
    seen = 0
    while place > 0 and seen < most:
        place -= 1
        if messages[place].role is Role.PERSON:
            seen += 1
    return place


def place_of(messages: Sequence[Message], message: Message | None) -> int:
    """Return where a message stands by now, 0 where it is gone: others load older ones, too."""
    return next((place for place, one in enumerate(messages) if one is message), 0)


def of_calls(conversation: Conversation) -> dict[str, Proposal]:
    """Return the proposals of a session by the id of the call that made each."""
    return {one.call: one for one in conversation.proposals}


class Part(NamedTuple):
    """Messages that follow each other, and their replies in pieces by the identity of each."""

    conversation: Conversation
    messages: tuple[Message, ...]
    seen: Mapping[int, Checked]


class Building:
    """Makes turns.

    Args:
        desk: gives replies in pieces.
        wire: connects a turn that was made.
        propose: shows a card of proposed changes in a turn.
    """

    def __init__(
        self,
        desk: ChatDesk,
        wire: Callable[[Turn], None],
        propose: Callable[[Turn, Proposal], None],
    ) -> None:
        self._desk = desk
        self._wire = wire
        self._propose = propose

    async def read(self, conversation: Conversation, first: int, end: int) -> Part:
        """Return the messages of a session between two places, as they can be shown."""
        messages = tuple(conversation.messages[first:end])
        said = [one for one in messages if one.role is Role.MODEL and one.text.strip()]
        seen = await asyncio.gather(*(self._desk.shown(conversation, one) for one in said))
        told = {id(one): shown for one, shown in zip(said, seen, strict=True)}
        return Part(conversation, messages, told)

    def turns(self, part: Part) -> list[Turn]:
        """Return the turns of some messages."""
        cards = of_calls(part.conversation)
        turns = []
        for group in groups(part.messages):
            turn = self.turn(part.conversation, group.question)
            for call in fill(turn, group, part.seen):
                if call.id in cards:
                    self._propose(turn, cards[call.id])
            turns.append(turn)
        return turns

    def turn(self, conversation: Conversation, question: Message | None) -> Turn:
        """Return a turn of a question, without a reply."""
        turn = Turn(conversation, question, partial(self._look, conversation))
        self._wire(turn)
        return turn

    def _look(
        self,
        conversation: Conversation,
        message: Message,
        start: int,
        end: int,
        cited: Collection[str],
    ) -> Checked:
        return self._desk.shown_now(conversation, message, end, start, cited)


def fill(turn: Turn, group: Group, seen: Mapping[int, Checked]) -> list[ToolCall]:
    """Show what a turn's messages say; returns the calls that proposed something."""
    calls = {call.id: call for one in group.rest for call in one.calls}
    proposed: list[ToolCall] = []
    flaws = 0
    last: Message | None = None
    for one in group.rest:
        if one.role is Role.MODEL:
            if id(one) in seen:
                answer = turn.answer(one)
                answer.show_whole(seen[id(one)])
                flaws = len(seen[id(one)].flaws)
            if not one.calls:
                last = one
        elif one.role is Role.TOOL and one.call_id in calls:
            call = calls[one.call_id]
            receipt = turn.conversation.receipts.get(one.receipt) if one.receipt else None
            turn.tool_done(call, receipt)
            if call.name == proposals.TOOL:
                proposed.append(call)
    if turn.answers:
        turn.answers[-1].show_charts()
    turn.finish(last, flaws)
    return proposed
