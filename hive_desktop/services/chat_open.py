"""The sessions of the chat that are open: those used last, and those that answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hive_desktop.domain.conversations import Conversation, Ended
from hive_desktop.ports.authors import author
from hive_desktop.services.chat_keeping import OpenSession

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.ports.chat_store import StoredSession

MOST: Final = 8
"""Sessions that stay open beside those that answer; the one in view is the newest of them.

Programs have as many of their own: what they open lets go of none that the person opened.
"""
MOST_BEGUN: Final = 1_000
"""Sessions in which nothing was asked yet, whose ids stay good until the lock."""


class OpenSessions:
    """Sessions in memory, the one used last at the end.

    Args:
        is_answering: tells whether a reply is under way; such a session stays.
    """

    def __init__(self, is_answering: Callable[[Conversation], bool]) -> None:
        self._is_answering = is_answering
        self._known: dict[str, OpenSession] = {}
        self._of_programs: set[str] = set()
        self._begun: dict[str, None] = {}

    def __len__(self) -> int:
        return len(self._known)

    def __contains__(self, session_id: object) -> bool:
        return session_id in self._known

    def get(self, session_id: str) -> OpenSession | None:
        """Return a session that is open."""
        known = self._known.pop(session_id, None)
        if known is not None:
            self._known[session_id] = known
            if not author():
                self._of_programs.discard(session_id)
        return known

    def begun(self, session_id: str) -> OpenSession | None:
        """Return a session in which nothing was asked yet, anew; None where none was begun."""
        return OpenSession(Conversation(session_id)) if session_id in self._begun else None

    def copied(self, session_id: str, kept: StoredSession | None) -> Conversation | None:
        """Return a copy of a session as it is kept, or the open one that is not kept yet."""
        known = self.get(session_id) or self.begun(session_id)
        if kept is None:
            return None if known is None else known.talk
        talk = OpenSession.of(kept).talk
        last = talk.messages[-1] if talk.messages else None
        is_growing = known is not None and self._is_answering(known.talk)
        if last is not None and last.ended is Ended.CUT and is_growing:
            last.ended = None
        return talk

    def put(self, session: OpenSession) -> OpenSession:
        """Keep a session open, or return the one of its id that is; the oldest may go for it."""
        known = self.get(session.talk.id)
        if known is not None:
            return known
        is_programs = bool(author())
        idle = [
            key
            for key, one in self._known.items()
            if (key in self._of_programs) == is_programs and not self._is_answering(one.talk)
        ]
        for key in idle[: max(0, len(idle) - MOST + 1)]:
            self._let_go(key)
        self._known[session.talk.id] = session
        if is_programs:
            self._of_programs.add(session.talk.id)
        if not session.talk.messages:
            self._note_begun(session.talk.id)
        return session

    def drop(self, session_id: str) -> None:
        """Let go of a session for good."""
        self._let_go(session_id)
        self._begun.pop(session_id, None)

    def _let_go(self, session_id: str) -> None:
        self._known.pop(session_id, None)
        self._of_programs.discard(session_id)

    def _note_begun(self, session_id: str) -> None:
        self._begun[session_id] = None
        if len(self._begun) > MOST_BEGUN:
            del self._begun[next(iter(self._begun))]
