"""Replies that are under way: what happens is shown in their turns, wherever these stand."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hive_desktop.domain.conversations import Ended
from hive_desktop.i18n import tr
from hive_desktop.ports.chat import (
    Began,
    Correcting,
    Over,
    Proposed,
    Titled,
    ToolBegan,
    ToolDone,
    Verified,
    Wrote,
)
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.widgets import announce
from hive_desktop.ui.pages.chat import words

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from hive_desktop.domain.conversations import Conversation, Message, Proposal
    from hive_desktop.domain.pieces import Checked
    from hive_desktop.ports.chat import ChatEvent
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.chat_desk import ChatDesk
    from hive_desktop.ui.pages.chat.turn import Turn


@dataclass(eq=False)
class Reply:
    """One reply under way.

    Attributes:
        turn: where it is shown; None while another session is.
        before: the turn that stays until this reply begins; None where none does.
        checked: its messages in pieces, by their identity.
        has_begun: something has happened.
    """

    conversation: Conversation
    turn: Turn | None
    before: Turn | None = None
    checked: dict[int, Checked] = field(default_factory=dict)
    has_begun: bool = False
    task: asyncio.Task[None] | None = None


class Replies:
    """Reads the events of replies and shows them.

    Args:
        desk: answers.
        scope: owns the tasks.
        changed: called with the conversation when a reply begins or ends, or gets a title.
        refused: called with what could not be asked, and why.
        replaced: called with a turn that stayed and the one that stands in its place from now on.
        kept: called with a reply that said nothing: what was there before it is there again.
        propose: shows a card of proposed changes in a turn.
    """

    def __init__(  # noqa: PLR0913 - what is told of replies, each by its name
        self,
        desk: ChatDesk,
        scope: aio.Scope,
        *,
        changed: Callable[[Conversation], None],
        refused: Callable[[Reply, HiveError], None],
        replaced: Callable[[Turn, Turn], None],
        kept: Callable[[Reply], None],
        propose: Callable[[Turn, Proposal], None],
    ) -> None:
        self._desk = desk
        self._scope = scope
        self._changed = changed
        self._refused = refused
        self._replaced = replaced
        self._kept = kept
        self._propose = propose
        self._running: dict[str, Reply] = {}

    def start(
        self,
        conversation: Conversation,
        events: AsyncGenerator[ChatEvent, None],
        turn: Turn,
        before: Turn | None = None,
    ) -> None:
        """Show a reply in a turn, from its first event to its last; in place of another turn."""
        reply = Reply(conversation, turn, before)
        self._running[conversation.id] = reply
        for one in (turn, before):
            if one is not None:
                one.begin()
        self._changed(conversation)
        reply.task = aio.spawn(
            self._scope,
            self._run(reply, events),
            on_error=lambda error: self._refused(reply, error),
            name="chat-reply",
        )

    def of(self, conversation: Conversation | None) -> Reply | None:
        """Return the reply of a session that is under way."""
        return None if conversation is None else self._running.get(conversation.id)

    async def settled(self) -> None:
        """Wait until no reply is under way."""
        tasks = [one.task for one in self._running.values() if one.task is not None]
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, reply: Reply, events: AsyncGenerator[ChatEvent, None]) -> None:
        over: Over | None = None
        is_cut = False
        try:
            async with aclosing(events):
                async for event in events:
                    if not reply.has_begun:
                        self._begin(reply)
                    if isinstance(event, Over):
                        over = event
                    else:
                        self._show(reply, event)
            if over is not None:
                await self._end(reply, over)
        except asyncio.CancelledError:
            is_cut = True  # the window ends: there is nothing to show any more
            raise
        finally:
            self._running.pop(reply.conversation.id, None)
            if not is_cut:
                self._changed(reply.conversation)

    def _begin(self, reply: Reply) -> None:
        reply.has_begun = True
        if reply.turn is not None:  # the question is kept now: it can be asked in other words
            reply.turn.question = reply.conversation.question()

    def _show(self, reply: Reply, event: ChatEvent) -> None:
        turn = reply.turn
        if isinstance(event, Began) and turn is not None and reply.before is not None:
            before, reply.before = reply.before, None
            self._replaced(before, turn)
        if isinstance(event, Verified):
            reply.checked[id(event.message)] = event.checked
        if isinstance(event, Titled):
            self._changed(reply.conversation)
        if turn is None:
            return
        match event:
            case Began(message):
                turn.answer(message)
                turn.say(tr("Writing"))
            case Wrote(message, length):
                turn.answer(message).grow(length)
            case Correcting():
                turn.say(tr("Checking the figures"))
            case Verified(message, checked, _):
                turn.answer(message).show_whole(checked)
            case ToolBegan() | ToolDone() | Proposed():
                self._show_work(turn, event, reply.before or turn)
            case _:
                pass

    def _show_work(
        self, turn: Turn, event: ToolBegan | ToolDone | Proposed, in_sight: Turn
    ) -> None:
        """Show what a tool does, and say so in the turn that is in sight."""
        match event:
            case ToolBegan(call):
                turn.tool(call)
                in_sight.say(tr("Looking it up"))
            case ToolDone(call, receipt, _):
                turn.tool_done(call, receipt)
                in_sight.say(tr("Thinking"))
            case Proposed(proposal):
                self._propose(turn, proposal)

    def _end_kept(self, reply: Reply, over: Over) -> None:
        """Say why another answer did not come, beside the one that is there."""
        self._kept(reply)
        turn, made = reply.before, reply.turn
        if turn is None or made is None:
            return
        made.deleteLater()
        turn.back()
        if over.error is not None:
            turn.fail(over.error)
        elif over.why is not Ended.STOPPED:
            turn.fault.show_words(
                tr("No other answer came"), words.ended(over.why), tr("The answer stays as it was.")
            )
        announce(turn, tr("The answer stays as it was."))

    async def _end(self, reply: Reply, over: Over) -> None:
        if over.is_kept:
            self._end_kept(reply, over)
            return
        message = over.message
        for one in self._said(reply, message):
            reply.checked[id(one)] = await self._desk.shown(reply.conversation, one)
        turn = reply.turn
        if turn is None:
            return
        for answer in turn.answers:
            if id(answer.message) in reply.checked:
                answer.show_whole(reply.checked[id(answer.message)])
        flaws = 0
        if message is not None and id(message) in reply.checked:
            if turn.answers:
                turn.answers[-1].show_charts()
            flaws = len(reply.checked[id(message)].flaws)
        turn.finish(message, flaws)
        if over.error is not None:
            turn.fail(over.error)
        announce(turn, tr("The answer is there") if over.why is Ended.DONE else tr("It ended"))

    def _said(self, reply: Reply, last: Message | None) -> list[Message]:
        """Return messages that are not in pieces yet."""
        shown = [] if reply.turn is None else [one.message for one in reply.turn.answers]
        if last is not None and last.text.strip() and last not in shown:
            shown.append(last)
            if reply.turn is not None:
                reply.turn.answer(last)
        return [one for one in shown if id(one) not in reply.checked and one.text.strip()]
