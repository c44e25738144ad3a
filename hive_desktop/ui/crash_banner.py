"""Hive ended unexpectedly: told once, with the report to look at or to delete. Nothing is sent."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hive_desktop.i18n import tr
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.confirm import confirmed
from hive_desktop.ui.kit.states import ErrorBanner
from hive_desktop.ui.report_dialog import ReportDialog

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QWidget

    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.diagnostics import DiagnosticsService

_FILE = "hive-crash.txt"


async def delete_crashes(
    parent: QWidget, diagnostics: DiagnosticsService, names: Sequence[str] | None = None
) -> bool:
    """Delete reports of crashes if the person agrees; returns whether they did.

    Args:
        parent: where it is asked.
        diagnostics: has the reports.
        names: of those to delete; None for all.
    """
    agreed = await confirmed(
        parent,
        tr("Delete the reports of crashes?"),
        tr("They tell whoever helps you what went wrong, and cannot be brought back."),
        tr("Delete"),
    )
    if agreed:
        diagnostics.delete_crashes(names)
    return agreed


class CrashBanner(ErrorBanner):
    """Stands above the pages until it is dealt with.

    Args:
        diagnostics: has the reports.
        names: of the new ones.
        scope: owns what is read.
        dealt_with: called once the person has seen, deleted or dismissed it.
    """

    def __init__(
        self,
        diagnostics: DiagnosticsService,
        names: Sequence[str],
        scope: aio.Scope,
        *,
        dealt_with: Callable[[], None],
        on_error: Callable[[HiveError], None],
    ) -> None:
        super().__init__(
            self._show, tr("Show report"), also=(tr("Delete"), self._delete), closed=self._end
        )
        self._diagnostics = diagnostics
        self._names = tuple(names)
        self._scope = scope
        self._dealt_with = dealt_with
        self._on_error = on_error

    def tell(self) -> None:
        """Show what happened, once it stands in its window."""
        self.show_words(
            tr("Hive ended unexpectedly last time"),
            tr("A report of it is kept on this computer. Nothing was sent, and your ledger is as "
               "it was when the last change was stored."),
        )  # fmt: skip

    def _show(self) -> None:
        aio.spawn(self._scope, self._shown(), on_error=self._on_error, name="crash-report")

    async def _shown(self) -> None:
        await show_crashes(self, self._diagnostics, self._names)
        self._end()

    def _delete(self) -> None:
        aio.spawn(self._scope, self._deleted(), on_error=self._on_error, name="crash-delete")

    async def _deleted(self) -> None:
        if await delete_crashes(self, self._diagnostics, self._names):
            self._end()

    def _end(self) -> None:
        self._diagnostics.settle_crashes(self._names)
        self.hide()
        self._dealt_with()


async def show_crashes(
    parent: QWidget, diagnostics: DiagnosticsService, names: Sequence[str] | None = None
) -> None:
    """Show reports of crashes, newest first, until the person closes them.

    Args:
        parent: the widget over whose window they stand.
        diagnostics: has them.
        names: those that are meant; None for all.
    """
    loop = asyncio.get_running_loop()
    found = await loop.run_in_executor(None, diagnostics.crashes)
    texts = [one.text for one in found if names is None or one.name in names]
    if texts:
        await aio.finished(ReportDialog(parent, tr("Crash report"), _FILE, "\n".join(texts)))
