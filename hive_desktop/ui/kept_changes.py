"""A change of an account or a category as its page tells it: a toast with Undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.i18n import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.domain.ledger import BatchId
    from hive_desktop.ui.kit import aio
    from hive_desktop.ui.page import PageContext


class KeptChanges:
    """Tells of changes that are batches of the edit log.

    Args:
        context: the page's.
        spawn: starts work of the page, by its name.
    """

    def __init__(self, context: PageContext, spawn: Callable[[aio.Work, str], None]) -> None:
        self._context = context
        self._spawn = spawn

    async def told(self, text: str, batch: BatchId | None) -> None:
        """Say what was changed; nothing where nothing was."""
        if batch is not None:
            self._context.notices.show_message(
                text, tr("Undo"), lambda: self._spawn(self._undo(batch), "undo-kept")
            )

    async def _undo(self, batch: BatchId) -> None:
        self._context.notices.show_message(await self._context.edits.undo_batch(batch))
