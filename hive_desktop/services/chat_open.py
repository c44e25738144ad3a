"""The sessions of the chat that are open: those used last, and those that answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.domain.conversations import Conversation
    from hive_desktop.services.chat_keeping import OpenSession

MOST: Final = 8
"""Sessions that stay open beside those that answer; the one in view is the newest of them."""


class OpenSessions:
    """Sessions in memory, the one used last at the end.

    Args:
        is_answering: tells whether a reply is under way; such a session stays.
    """

    def __init__(self, is_answering: Callable[[Conversation], bool]) -> None:
        self._is_answering = is_answering
        self._known: dict[str, OpenSession] = {}

    def __len__(self) -> int:
        return len(self._known)

    def __contains__(self, session_id: object) -> bool:
        return session_id in self._known

    def get(self, session_id: str) -> OpenSession | None:
        """Return a session that is open."""
        known = self._known.pop(session_id, None)
        if known is not None:
            self._known[session_id] = known
        return known

    def put(self, session: OpenSession) -> OpenSession:
        """Keep a session open, or return the one of its id that is; the oldest may go for it."""
        known = self.get(session.talk.id)
        if known is not None:
            return known
        idle = [key for key, one in self._known.items() if not self._is_answering(one.talk)]
        for key in idle[: max(0, len(idle) - MOST + 1)]:
            del self._known[key]
        self._known[session.talk.id] = session
        return session

    def drop(self, session_id: str) -> None:
        """Let go of a session."""
        self._known.pop(session_id, None)
