"""A reply under way: what of it is in the session, and what stays when it ends."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from hive_desktop.domain.conversations import Ended, Fault, Message, Role
from hive_desktop.ports.chat import DonePart, Finish, TextPart
from hive_desktop.ports.errors import AiTimeoutError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from hive_desktop.domain.conversations import Conversation, ToolCall
    from hive_desktop.domain.pieces import Checked
    from hive_desktop.ports.chat import StreamPart
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ports.system import Clock

_ENDED: Final = {
    Finish.STOP: Ended.DONE,
    Finish.LENGTH: Ended.TOO_LONG,
    Finish.FILTERED: Ended.FILTERED,
    Finish.REFUSED: Ended.REFUSED,
    Finish.CUT: Ended.CUT,
    Finish.CALLS: Ended.ROUNDS,
}


LONGEST_REPLY: Final = 100_000
"""Signs of the answer to one request."""


@dataclass(slots=True)
class Reply:
    """A reply under way, and the messages of it in the session.

    Attributes:
        message: of the running request; None until it says something.
        done: how the running request ended.
        draft: the first whole reply, while the model corrects itself.
        seen: the draft's figures.
        last: the message that the person is left with.
    """

    conversation: Conversation
    message: Message | None = None
    done: DonePart | None = None
    draft: Message | None = None
    seen: Checked | None = None
    last: Message | None = None
    why: Ended = Ended.DONE
    _model: str = ""
    _clock: Clock | None = field(default=None, repr=False)

    def begin(self, model: str, clock: Clock) -> None:
        """Begin a request."""
        self.message, self.done = None, None
        self._model, self._clock = model, clock

    def write(self, text: str, *, is_shown: bool) -> bool:
        """Add to the running message; tells whether it is new. A correction is kept apart."""
        if self.message is not None:
            self.message.text += text
            return False
        if not text.strip():
            return False
        at = self._clock.now() if self._clock is not None else None
        self.message = Message(Role.MODEL, text.lstrip(), model=self._model, at=at)
        if is_shown:
            self.conversation.messages.append(self.message)
            self.last = self.message
        return True

    def keep(self, calls: tuple[ToolCall, ...]) -> tuple[ToolCall, ...]:
        """Keep the calls of the running message, with what it said beside them; returns them."""
        used = {call.id for one in self.conversation.messages for call in one.calls}
        used.update(one.call for one in self.conversation.proposals)  # of messages not loaded too
        calls = tuple(_named(call, used) for call in calls)
        if self.message is None or self.draft is not None:
            self.message = Message(Role.MODEL, model=self._model)
            self.conversation.messages.append(self.message)
        self.message.calls, self.message.ended = calls, Ended.DONE
        if self.last is self.message:
            self.last = None
        return calls

    def settle(self, draft: Message) -> None:
        """Put the reply behind the calls that its correction made."""
        messages = self.conversation.messages
        messages[:] = [one for one in messages if one is not draft]
        messages.append(draft)
        self.last = draft

    def failed(self, error: HiveError) -> Ended:
        """Return why a reply is over that an error ended."""
        if self.last is None or not self.last.text:
            return Ended.FAILED
        return Ended.TIMED_OUT if isinstance(error, AiTimeoutError) else Ended.CUT

    def end(self, why: Ended, error: HiveError | None, clock: Clock) -> None:
        """Mark the last message; where there is none, one is made that says why."""
        if self.draft is not None:
            self.settle(self.draft)
            why = Ended.DONE if why is Ended.STOPPED else why  # only its correction was stopped
        if self.last is None:
            self.last = Message(Role.MODEL, model=self._model, at=clock.now())
            self.conversation.messages.append(self.last)
        self.last.ended = why
        if error is not None:
            self.last.fault = Fault(*error.rendered())


async def bounded(
    stream: AsyncGenerator[StreamPart, None], model: str
) -> AsyncGenerator[StreamPart, None]:
    """Yield what a model streams; one that never stops is not listened to any more."""
    left = LONGEST_REPLY
    async with aclosing(stream) as parts:
        async for part in parts:
            if isinstance(part, DonePart):
                yield part
                continue
            yield TextPart(part.text[:left])
            left -= len(part.text)
            if left <= 0:
                yield DonePart(Finish.LENGTH, (), None, model)
                return


def why_of(reply: Reply, done: DonePart | None) -> Ended:
    """Return why a reply is over whose last request ended so."""
    if done is None:
        return Ended.CUT
    if done.finish is Finish.STOP and done.calls:
        return Ended.ROUNDS
    if reply.message is None or not reply.message.text.strip():
        return Ended.EMPTY if done.finish is Finish.STOP else _ENDED[done.finish]
    return _ENDED[done.finish]


def _named(call: ToolCall, used: set[str]) -> ToolCall:
    """Return a call whose id no other call of the session has: some servers count from nought."""
    key, number = call.id, 1
    while key in used:
        number += 1
        key = f"{call.id}-{number}"
    used.add(key)
    return call if key == call.id else type(call)(key, call.name, call.arguments)
