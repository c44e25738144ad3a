"""The rows that a page shows as a file: the button, the dialog, the work, and what is said."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from hive_desktop.domain.ledger import Order
from hive_desktop.i18n import mark, tr
from hive_desktop.ui.exporting.files import ask_file, format_of, written_words
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.long_work import LongWork
from hive_desktop.ui.kit.widgets import Button, on_click

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hive_desktop.domain.ledger import TransactionQuery
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ui.page import Page

_NAME: Final = "hive-transactions"
_STOPPING: Final = mark("Stopping leaves no file behind.")


class RowExport:
    """Writes rows of a page where the person says.

    Args:
        page: the page; its window shows how far the work is.
        query: gives the rows that the page shows, None where it shows none.
        failed: hears what goes wrong.
        name: what the button is called aloud, and the dialog's title.
        words: what stands on the button; empty for its drawing alone.
        order: gives the order that the page shows them in.
    """

    def __init__(
        self,
        page: Page,
        query: Callable[[], TransactionQuery | None],
        failed: Callable[[HiveError], None],
        name: str,
        *,
        words: str = "",
        order: Callable[[], Order] = lambda: Order.NEWEST,
    ) -> None:
        self._page = page
        self._query = query
        self._failed = failed
        self._name = name
        self._order = order
        self._words = words

    @cached_property
    def button(self) -> Button:
        """Return the button that asks for what is shown."""
        button = Button(self._words, "plain", "download", name=self._name)
        on_click(button, self.ask)
        return button

    def ask(self) -> None:
        """Ask where what is shown is written; say so where that is nothing."""
        query = self._query()
        if query is None:
            self._page.context.notices.show_message(tr("There are no transactions to export here"))
        else:
            self.ask_for(query, self._name)

    def ask_for(self, query: TransactionQuery, title: str) -> None:
        """Ask where some of the rows are written."""
        ask_file(self._page, title, _NAME, lambda file: self.write(query, file))

    def write(self, query: TransactionQuery, file: Path) -> None:
        """Write rows to a file."""
        scope, work = self._page.context.scope, self._write(query, file)
        aio.spawn(scope, work, on_error=self._failed, name="write-rows")

    async def _write(self, query: TransactionQuery, file: Path) -> None:
        context = self._page.context
        with LongWork(self._page, tr("Writing the file"), tr(_STOPPING)) as work:
            done = await context.session.exports.write(
                format_of(file), query, file, order=self._order(), on_progress=work.heard
            )
        if done is not None:
            context.notices.show_message(written_words(done, file))
