"""Keeps a session in the ledger while it is talked in: what is new of it, now and then."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from hive_desktop.domain.changes import Actor
from hive_desktop.domain.conversations import Conversation, Ended, Message, Role
from hive_desktop.ports.chat_store import SessionPatch
from hive_desktop.ports.errors import HiveError

if TYPE_CHECKING:
    from hive_desktop.domain.conversations import Proposal
    from hive_desktop.ports.chat_store import StoredPart, StoredSession
    from hive_desktop.ports.storage import Database
    from hive_desktop.services.tasks import TaskScope

KEEP_EVERY_S: Final = 0.3
_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class OpenSession:
    """A session in memory, and what of it is stored.

    Attributes:
        talk: the session.
        first: the place of its first message that is loaded; those before are only stored.
        stored: copies of the loaded messages as they are stored.
        is_gone: it was deleted, and nothing of it is written any more.
        is_held: a reply that is stored is out of it for now; nothing is written meanwhile.
        is_due: something was to be written meanwhile.
    """

    talk: Conversation
    first: int = 0
    stored: list[Message] = field(default_factory=list)
    is_gone: bool = False
    is_held: bool = False
    is_due: bool = False
    _receipts: set[str] = field(default_factory=set)
    _proposals: dict[str, Proposal] = field(default_factory=dict)
    _settled: int = 0

    @classmethod
    def of(cls, kept: StoredSession) -> OpenSession:
        """Return a session as it is stored; a reply that was under way is marked as cut."""
        talk = Conversation(
            kept.id,
            kept.title,
            list(kept.part.messages),
            dict(kept.part.receipts),
            list(kept.proposals),
            kept.receipts_made,
        )
        one = cls(talk, kept.part.first, [replace(message) for message in talk.messages])
        one._receipts = set(talk.receipts)
        one._proposals = {proposal.id: replace(proposal) for proposal in talk.proposals}
        if _mark_cut(talk):
            del one.stored[-1]
        return one

    def put_before(self, part: StoredPart) -> int:
        """Put older messages before those that are loaded; returns how many they are."""
        self.talk.messages[:0] = part.messages
        self.stored[:0] = [replace(message) for message in part.messages]
        self.first = part.first
        self._settled += len(part.messages)
        for key, receipt in part.receipts.items():
            self.talk.receipts.setdefault(key, receipt)
            self._receipts.add(key)
        return len(part.messages)

    def begin(self) -> None:
        """Note that nothing before the last question changes in what follows."""
        messages = self.talk.messages
        places = (i for i in range(len(messages) - 1, -1, -1) if messages[i].role is Role.PERSON)
        self._settled = min(next(places, 0), len(self.stored))

    def patch(self) -> SessionPatch:
        """Return what is not stored yet, as copies."""
        talk, stored = self.talk, self.stored
        changed = {
            self.first + i: replace(one)
            for i, one in enumerate(talk.messages[self._settled :], self._settled)
            if i >= len(stored) or _told(stored[i]) != _told(one)
        }
        return SessionPatch(
            talk.id,
            talk.title,
            talk.receipts_made,
            changed,
            self.first + len(talk.messages),
            [one for key, one in talk.receipts.items() if key not in self._receipts],
            [replace(one) for one in talk.proposals if not self._is_stored(one)],
            [key for key in self._proposals if all(one.id != key for one in talk.proposals)],
            [key for key in self._receipts if key not in talk.receipts],
        )

    def _is_stored(self, one: Proposal) -> bool:
        stored = self._proposals.get(one.id)
        return stored is not None and (
            stored.state is one.state and stored.changes is one.changes  # an id may come again
        )

    def written(self, patch: SessionPatch) -> None:
        """Note that it is stored."""
        del self.stored[max(0, patch.end - self.first) :]
        for place, message in sorted(patch.messages.items()):
            at = place - self.first
            self.stored[at : at + 1] = [message]
        self._receipts.update(one.id for one in patch.receipts)
        self._receipts.difference_update(patch.lost)
        for key in patch.dropped:
            self._proposals.pop(key, None)  # two writes at once may have dropped it
        self._proposals.update((one.id, one) for one in patch.proposals)


class Keeper:
    """Writes a session while a reply streams, at most every `KEEP_EVERY_S`, beside it.

    Args:
        database: the ledger.
        scope: owns the writing.
        session: what is kept.
    """

    def __init__(self, database: Database, scope: TaskScope, session: OpenSession) -> None:
        self._database = database
        self._scope = scope
        self._session = session
        self._is_due = False
        self._over = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.error: HiveError | None = None
        """Why it is not stored, where it is not."""

    def touch(self) -> None:
        """Note that there is something new."""
        self._is_due = True
        if self._task is None or self._task.done():
            self._task = self._scope.spawn(self._run(), name="keep-chat")

    async def finish(self) -> None:
        """Write what is left, and nothing after it."""
        self._over.set()
        if self._task is not None:
            await asyncio.wait([self._task])
        if self._task is not None or self._session.is_due:
            await self._write()

    async def _run(self) -> None:
        try:
            while self._is_due and not self._over.is_set():
                self._is_due = False
                await self._write()
                try:
                    await asyncio.wait_for(self._over.wait(), KEEP_EVERY_S)
                except TimeoutError:
                    continue
        except asyncio.CancelledError:
            await self._write()  # the vault is about to be closed
            raise

    async def _write(self) -> None:
        try:
            await store(self._database, self._session)
        except HiveError as exc:
            _log.info("the session could not be kept: %s", type(exc).__name__)
            self.error = exc
        except Exception as exc:  # noqa: BLE001 - the edge of a task: nobody else would hear
            _log.exception("the session could not be kept")
            self.error = HiveError("This conversation could not be stored.")
            self.error.__cause__ = exc
        else:
            self.error = None


async def store(database: Database, session: OpenSession) -> None:
    """Write what is not stored yet of a session; of one that is held, once it is not any more.

    Raises:
        HiveError: the ledger cannot be written.
    """
    if session.is_gone:
        return
    session.is_due = session.is_held
    if session.is_held:
        return
    patch = session.patch()
    await database.write(lambda writes: writes.chats.put(patch), actor=Actor.PERSON)
    session.written(patch)


def _told(one: Message) -> tuple[Any, ...]:
    return (
        *(one.role, one.text, one.calls, one.call_id, one.receipt, one.ended, one.fault),
        *(one.model, one.at, one.language, one.about),
    )


def _mark_cut(talk: Conversation) -> bool:
    """Mark a reply that was under way when the program ended; tells whether one is marked anew."""
    last = talk.messages[-1] if talk.messages else None
    if last is None or (last.role is Role.MODEL and last.ended is not None and not last.calls):
        return False
    if last.role is Role.MODEL and not last.calls:
        last.ended = Ended.CUT
        return True
    talk.messages.append(Message(Role.MODEL, model=last.model, ended=Ended.CUT, at=last.at))
    return False
