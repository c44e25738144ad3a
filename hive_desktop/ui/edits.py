"""A person's edits and their undoing, with a toast for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.money import locale

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hive_desktop.domain.ledger import BatchId, CategoryId, TransactionId
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.session import VaultSession
    from hive_desktop.ui.page import Notices


class Edits:
    """Implements `ui.page.LedgerEdits` on a session."""

    def __init__(
        self,
        session: VaultSession,
        scope: aio.Scope,
        notices: Notices,
        on_error: Callable[[HiveError], None],
        always: Callable[[TransactionId], None],
    ) -> None:
        self._session = session
        self._scope = scope
        self._notices = notices
        self._on_error = on_error
        self._always = always

    def set_category(self, ids: Sequence[TransactionId], category_id: CategoryId | None) -> None:
        """Put rows into a category and offer to undo it."""
        if ids:
            self._spawn(self._set_category(tuple(ids), category_id), "set-category")

    def delete(self, ids: Sequence[TransactionId]) -> None:
        """Take rows out of the ledger and offer to undo it."""
        if ids:
            self._spawn(self._delete(tuple(ids)), "delete")

    def restore(self, ids: Sequence[TransactionId]) -> None:
        """Bring deleted rows back and offer to undo it."""
        if ids:
            self._spawn(self._restore(tuple(ids)), "restore")

    def undo(self) -> None:
        """Undo the newest edit."""
        self._spawn(self._undo(None), "undo")

    async def _set_category(
        self, ids: tuple[TransactionId, ...], category_id: CategoryId | None
    ) -> None:
        batch = await self._session.ledger.set_category(ids, category_id)
        names = {each.id: each.name for each in await self._session.ledger.categories()}
        name = names.get(category_id, "no category") if category_id else "no category"
        is_one = len(ids) == 1 and category_id is not None
        also = ("Always\N{HORIZONTAL ELLIPSIS}", lambda: self._always(ids[0])) if is_one else None
        self._tell(f"{_counted(ids)} moved to {name}", batch, also)

    async def _delete(self, ids: tuple[TransactionId, ...]) -> None:
        batch = await self._session.ledger.delete(ids)
        self._tell(f"{_counted(ids)} deleted", batch)

    async def _restore(self, ids: tuple[TransactionId, ...]) -> None:
        batch = await self._session.ledger.restore(ids)
        self._tell(f"{_counted(ids)} restored", batch)

    async def _undo(self, batch: BatchId | None) -> None:
        undone = await self._session.ledger.undo(batch)
        self._notices.show_message(undone.sentence.removesuffix("."))

    def _tell(
        self, text: str, batch: BatchId, also: tuple[str, Callable[[], None]] | None = None
    ) -> None:
        undo = lambda: self._spawn(self._undo(batch), "undo")  # noqa: E731 - a plain call-back
        self._notices.show_message(text, "Undo", undo, also=also)

    def _spawn(self, work: aio.Work, name: str) -> None:
        aio.spawn(self._scope, work, on_error=self._on_error, name=name)


def _counted(ids: Sequence[TransactionId]) -> str:
    if len(ids) == 1:
        return "1 transaction"
    return f"{locale().toString(len(ids))} transactions"
