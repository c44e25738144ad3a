"""A reply of the chat that is under way, and how it is stopped."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hive_desktop.domain.conversations import Ended, Message, Role
from hive_desktop.ports.chat import Began, Over

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from hive_desktop.domain.conversations import Conversation, Tail
    from hive_desktop.ports.chat import ChatEvent
    from hive_desktop.ports.system import Clock
    from hive_desktop.services.chat_keeping import Keeper, OpenSession


class Before:
    """The reply that another one is to replace: it stays, in the vault too, until that begins.

    Args:
        session: with the question as its last message; it is held meanwhile.
        tail: what came after the question; None where nothing is to be replaced.
        keeper: stores the session.
    """

    def __init__(self, session: OpenSession, tail: Tail | None, keeper: Keeper) -> None:
        self._session, self._keeper = session, keeper
        self._question = session.talk.question()
        self._tail = tail if tail is not None and tail.has_reply else None
        session.is_held = self._tail is not None

    @property
    def is_of_model(self) -> bool:
        """Tell whether a model's own reply waits to be replaced."""
        return self._tail is not None and self._tail.is_of_model

    def hear(self, event: ChatEvent | None = None) -> None:
        """Store what is new, once something stands in its place."""
        if isinstance(event, Began):
            self._tail, self._session.is_held = None, False
        if self._tail is None:
            self._keeper.touch()

    def settle(self) -> None:
        """Put the reply back where nothing stands in its place."""
        if self._tail is not None and self._question is not None:
            self._session.talk.put_back(self._question, self._tail)
        self._session.is_held = False

    def told(self, over: Over) -> Over:
        """Return how it ended, with the reply that is there."""
        if self._tail is None:
            return over
        return Over(over.why, self._tail.messages[-1], over.error, is_kept=True)


@dataclass(slots=True, eq=False)
class Run:
    """A reply under way."""

    is_stopped: bool = False
    waiting: asyncio.Task[object] | None = None

    def stop(self) -> None:
        """End it where it waits, or else with its next step."""
        self.is_stopped = True
        if self.waiting is not None:
            self.waiting.cancel()

    async def next(self, events: AsyncGenerator[ChatEvent, None]) -> ChatEvent | None:
        """Return the next event, or None where there is none or it was stopped."""
        self.waiting = task = asyncio.current_task()
        try:
            return None if self.is_stopped else await anext(events, None)
        except asyncio.CancelledError:
            # It is by `stop` only where the flag says so, and nobody else wants it too.
            if not self.is_stopped or task is None or task.uncancel() > 0:
                raise
            return None
        finally:
            self.waiting = None


def stopped(conversation: Conversation, clock: Clock) -> Message:
    """Return the reply that was stopped; one is made where none had begun."""
    last = conversation.messages[-1]
    if last.role is not Role.MODEL or last.calls:
        last = Message(Role.MODEL, ended=Ended.STOPPED, at=clock.now())
        conversation.messages.append(last)
    return last
