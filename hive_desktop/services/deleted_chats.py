"""Sessions of the chat that a program deleted: they can be brought back until the lock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hive_desktop.ports.authors import author
from hive_desktop.ports.errors import UsageError
from hive_desktop.ports.events import ChatDeleted, ChatRestored

if TYPE_CHECKING:
    from hive_desktop.ports.chat_store import DeletedSession
    from hive_desktop.ports.events import EventSink
    from hive_desktop.services.chat_desk import ChatDesk

MOST: Final = 20
"""Sessions that are held; the one deleted longest ago goes first."""


class DeletedChats:
    """Deletes sessions for programs as the person does in the window, where each can be undone.

    Args:
        desk: deletes and restores.
        bus: hears of both, so that the window shows it and offers to undo it.
    """

    def __init__(self, desk: ChatDesk, bus: EventSink) -> None:
        self._desk = desk
        self._bus = bus
        self._held: dict[str, DeletedSession] = {}

    async def delete(self, session_id: str) -> None:
        """Delete a session, and hold it.

        Raises:
            UsageError: there is no such session.
        """
        deleted = await self._desk.delete(session_id)
        self._held[session_id] = deleted
        while len(self._held) > MOST:
            del self._held[next(iter(self._held))]
        self._bus.publish(ChatDeleted(session_id, deleted.title, author()))

    async def restore(self, session_id: str) -> None:
        """Bring a session back, as it was.

        Raises:
            UsageError: none of this id is held.
        """
        # Taken out first: what is deleted again while this is written is held anew.
        deleted = self._held.pop(session_id, None)
        if deleted is None:
            raise UsageError(
                "This conversation cannot be brought back.",
                hint="It was deleted too long ago, or before the vault was locked.",
            )
        try:
            await self._desk.restore(deleted)
        except BaseException:
            self._held.setdefault(session_id, deleted)
            raise
        self._bus.publish(ChatRestored(session_id))
