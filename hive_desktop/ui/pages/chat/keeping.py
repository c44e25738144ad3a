"""Renames sessions, deletes them, and brings them back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog

from hive_desktop.i18n import tr
from hive_desktop.ports.events import ChatDeleted, ChatRestored
from hive_desktop.ui.kit import aio
from hive_desktop.ui.pages.chat.session_list import TitleDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.ports.chat_store import DeletedSession
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.chat_desk import ChatDesk
    from hive_desktop.ui.page import Page, PageContext


class Keeping:
    """What is done with whole sessions.

    Args:
        page: over which dialogs stand.
        context: of the page.
        desk: does it.
        failed: hears what goes wrong.
        renamed: called with a session's id and its new title.
        gone: called with the id of a session that was deleted.
        back: called with the id of one that is back.
        looks: shows anew what there is.
    """

    def __init__(  # noqa: PLR0913 - what is told of whole sessions, each by its name
        self,
        page: Page,
        context: PageContext,
        desk: ChatDesk,
        *,
        failed: Callable[[HiveError], None],
        renamed: Callable[[str, str], None],
        gone: Callable[[str], None],
        back: Callable[[str], None],
        looks: Callable[[], None],
    ) -> None:
        self._page = page
        self._context = context
        self._failed = failed
        self._desk = desk
        self._renamed = renamed
        self._gone = gone
        self._back = back
        page.bridge.on(ChatDeleted, lambda event: self._gone(event.session_id))
        page.bridge.on(ChatRestored, lambda _event: looks())

    def rename(self, session_id: str, title: str) -> None:
        """Ask for another title than the one that it has."""
        if session_id:
            self._spawn(self._rename(session_id, title), "chat-rename")

    def delete(self, session_id: str) -> None:
        """Delete a session, and offer to bring it back."""
        if session_id:
            self._spawn(self._delete(session_id), "chat-delete")

    async def _rename(self, session_id: str, title: str) -> None:
        dialog = TitleDialog(self._page, title)
        if await aio.finished(dialog) == QDialog.DialogCode.Accepted:
            title = dialog.title()
            await self._desk.rename(session_id, title)
            self._renamed(session_id, title)

    async def _delete(self, session_id: str) -> None:
        deleted = await self._desk.delete(session_id)
        self._gone(session_id)
        self._context.notices.show_message(
            tr("The conversation is deleted"),
            tr("Undo"),
            lambda: self._spawn(self._restore(deleted), "chat-restore"),
        )

    async def _restore(self, deleted: DeletedSession) -> None:
        await self._desk.restore(deleted)
        self._back(deleted.id)

    def _spawn(self, work: aio.Work, name: str) -> None:
        aio.spawn(self._context.scope, work, on_error=self._failed, name=name)
