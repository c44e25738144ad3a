"""Splitting a row and joining its parts, by the dialog, by key and from the details."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.dialog import accepted
from hive_desktop.ui.pages.transactions.split_dialog import SplitDialog

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hive_desktop.domain.ledger import TransactionId
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ui.kit.picker import Option
    from hive_desktop.ui.page import Page


class Splitting:
    """Opens the dialog and does what it says.

    Args:
        page: owns the dialog.
        options: the categories to choose from, and none.
        on_error: hears what goes wrong.
    """

    def __init__(
        self,
        page: Page,
        options: Callable[[], Sequence[Option]],
        on_error: Callable[[HiveError], None],
    ) -> None:
        self._page = page
        self._options = options
        self._on_error = on_error

    def split(self, row_id: TransactionId) -> None:
        """Ask for the parts of a row, or of the row that it is a part of."""
        self._spawn(self._split(row_id))

    def join(self, row_id: TransactionId) -> None:
        """Make the parts of a row one again."""
        self._page.context.edits.join(row_id)

    def show_whole(self, row_id: TransactionId) -> None:
        """List all parts of the row that one is a part of."""
        self._spawn(self._show_whole(row_id))

    async def _split(self, row_id: TransactionId) -> None:
        ledger = self._page.context.session.ledger
        known = await ledger.splits.of(row_id)
        whole = await ledger.transaction(row_id) if known is None else known.whole
        if whole is None:
            return
        dialog = SplitDialog(self._page, whole, known, self._options())
        edits = self._page.context.edits

        async def work() -> None:
            if dialog.wants_join:
                edits.join(whole.id)
            else:
                await edits.split(whole.id, dialog.parts())

        await accepted(dialog, work)

    async def _show_whole(self, row_id: TransactionId) -> None:
        known = await self._page.context.session.ledger.splits.of(row_id)
        if known is not None:
            parts = tuple(one.id for one in known.parts)
            self._page.context.go.show_transactions(TransactionQuery(ids=parts))

    def _spawn(self, work: aio.Work) -> None:
        aio.spawn(self._page.context.scope, work, on_error=self._on_error, name="split")
