"""What is kept of the chat: sessions with their messages, receipts and proposals."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from hive_desktop.domain.conversations import Message, Proposal
    from hive_desktop.domain.receipts import Receipt


class SessionLine(NamedTuple):
    """A session in a list.

    Attributes:
        id: in hexadecimal.
        title: the person's own, or made of the first question.
        changed_at: when something was said in it last.
        messages: questions and replies; what tools said is not counted.
        snippet: the question that was asked last, or the words around what was searched for.
    """

    id: str
    title: str
    changed_at: datetime
    messages: int
    snippet: str = ""


class Said(NamedTuple):
    """Words of a session: of a question, or of a reply with its references."""

    session_id: str
    text: str


@dataclass(frozen=True, slots=True)
class StoredPart:
    """Messages of a session that follow each other, and what their figures stand on.

    Attributes:
        first: the place of the first of them within the session.
        messages: by their places.
        receipts: that they left or name, by their ids.
    """

    first: int = 0
    messages: tuple[Message, ...] = ()
    receipts: Mapping[str, Receipt] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session as it is opened: its newest messages, and all of its proposals."""

    id: str
    title: str
    receipts_made: int
    part: StoredPart
    proposals: tuple[Proposal, ...]


@dataclass(frozen=True, slots=True)
class SessionPatch:
    """What became of a session since it was written last.

    Attributes:
        id: of the session, which is made where there is none.
        messages: new or changed ones, by their places.
        end: how many places there are now; what lay behind them is gone.
        receipts: new ones.
        proposals: new or changed ones.
        dropped: the ids of proposals that are gone.
        lost: the ids of receipts that are gone.
    """

    id: str
    title: str
    receipts_made: int
    messages: Mapping[int, Message]
    end: int
    receipts: Sequence[Receipt] = ()
    proposals: Sequence[Proposal] = ()
    dropped: Sequence[str] = ()
    lost: Sequence[str] = ()


class DeletedSession(NamedTuple):
    """A session that was deleted, with all that brings it back: it is kept nowhere else.

    Attributes:
        id: in hexadecimal.
        title: that it had.
        lines: its stored rows, by their table.
    """

    id: str
    title: str
    lines: Mapping[str, Sequence[tuple[Any, ...]]]


class ChatReads(Protocol):
    """Reads sessions."""

    def sessions(self) -> list[SessionLine]:
        """Return the sessions, the one that was changed last first."""
        ...

    def said(self) -> Iterator[Said]:
        """Yield questions and replies, session by session, the newest of each first."""
        ...

    def session(self, session_id: str, newest: int) -> StoredSession | None:
        """Return a session, or None where there is none.

        Args:
            session_id: in hexadecimal.
            newest: how many of its last messages; those before, back to the question that they
                answer, come along.
        """
        ...

    def older(self, session_id: str, before: int, most: int) -> StoredPart:
        """Return the messages before a place, back to a question; `most` of them or a few more."""
        ...

    def open_proposals(self, model: str) -> int:
        """Return how many proposals the person has not decided on, in sessions that a model wrote.

        Args:
            model: as its messages name it.
        """
        ...

    def receipts(self, session_id: str, names: Iterable[str]) -> dict[str, Receipt]:
        """Return the receipts of a session by their ids; merged categories by their heirs."""
        ...


class ChatWrites(ChatReads, Protocol):
    """Writes sessions."""

    def put(self, patch: SessionPatch) -> None:
        """Write what became of a session."""
        ...

    def rename(self, session_id: str, title: str) -> bool:
        """Give a session a title; tells whether there is one."""
        ...

    def delete(self, session_id: str) -> DeletedSession | None:
        """Delete a session; returns what brings it back, or None where there is none."""
        ...

    def restore(self, deleted: DeletedSession) -> None:
        """Bring a deleted session back; where there is one of this id, nothing changes."""
        ...
