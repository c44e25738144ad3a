"""Settings: the ledger as files for other programs, with what each of them is for and protects."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget
from shiboken6 import isValid

from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.i18n import mark, tr, tr_n
from hive_desktop.ui.exporting.files import ask_file, format_of, written_words
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.confirm import confirmed
from hive_desktop.ui.kit.progress import Progress
from hive_desktop.ui.kit.states import ErrorBanner
from hive_desktop.ui.kit.widgets import Button, on_click, row
from hive_desktop.ui.kit.wording import number
from hive_desktop.ui.pages.settings.sections import Section

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from hive_desktop.ports.backups import Phase
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ui.page import PageContext

_EXPORT: Final = mark("Export\N{HORIZONTAL ELLIPSIS}")
_ROWS: Final = mark(
    "Every row, for spreadsheets, finance programs or plain text accounting. A part of them is "
    "exported on Transactions, as it is filtered there."
)
_ARCHIVE: Final = mark(
    "Everything that is yours in one file, from which Hive makes the same ledger again: rows, "
    "edits, rules, chats. Without sign-ins, so banks are connected anew. It is not encrypted."
)
_PLAIN: Final = mark(
    "The ledger for any database program. Nothing protects it. Sign-ins, keys and the record of "
    "what left this computer are not in it."
)
_WARNING: Final = mark(
    "Whoever gets this file can read all of your ledger: it has no passphrase. Keep it where "
    "nobody else comes, and delete it when you are done. A backup is encrypted."
)


class ExportSection(Section):
    """One line for each kind of file; one is written at a time.

    Args:
        context: the page's own.
    """

    def __init__(self, context: PageContext) -> None:
        super().__init__(tr("Export"))
        self._context = context
        self._exports = context.session.exports
        self._running = aio.Latest(context.scope, self._failed, "export")
        self.error = ErrorBanner(closed=self._forget)
        self.rows = self._button(tr("Export transactions"), self._ask_rows)
        self.archive = self._button(tr("Export an archive"), self._ask_archive)
        self.plain = self._button(tr("Export a plain file"), self._warn)
        self.add_line(tr("Transactions"), tr(_ROWS), self.rows)
        self.add_line(tr("Archive"), tr(_ARCHIVE), self.archive)
        self.add_line(tr("Plain SQLite file"), tr(_PLAIN), self.plain)
        self.running = QWidget()
        line = row(self.running)
        self.progress = Progress(tr("Writing the file"), mark("{done} of {total} rows"))
        self.stop = Button(tr("Stop"))
        on_click(self.stop, self._stop)
        line.addWidget(self.progress, 1)
        line.addWidget(self.stop)
        self.running.hide()
        self.add_wide(self.running)
        self.add_wide(self.error)
        self._is_stopped = False

    async def settled(self) -> None:
        """Wait until nothing is written any more."""
        await self._running.settled()

    def export_rows(self, file: Path) -> None:
        """Write all rows in the format that the file's name ends with."""
        self._run(self._write_rows(file))

    def export_archive(self, file: Path) -> None:
        """Write an archive."""
        self._run(self._write_whole(self._exports.write_archive, file))

    def export_plain(self, file: Path) -> None:
        """Write a plain SQLite file."""
        self._run(self._write_whole(self._exports.write_plain, file))

    def _button(self, name: str, clicked: Callable[[], None]) -> Button:
        button = Button(tr(_EXPORT), name=name)
        button.setToolTip("")
        on_click(button, clicked)
        return button

    def _run(self, work: Awaitable[None]) -> None:
        self.error.hide()
        self._is_stopped = False
        self._running.run(self._shown(work))

    async def _shown(self, work: Awaitable[None]) -> None:
        self._set_busy(busy=True)
        try:
            await work
        finally:
            if isValid(self):
                self._set_busy(busy=False)

    async def _write_rows(self, file: Path) -> None:
        done = await self._exports.write(
            format_of(file), TransactionQuery(), file, on_progress=self._far
        )
        if done is not None:
            self._say(written_words(done, file), file)

    async def _write_whole(
        self, write: Callable[..., Awaitable[Mapping[str, int]]], file: Path
    ) -> None:
        counts = await write(file, self._heard)
        rows = counts.get("transactions", 0)
        said = tr_n(
            "Wrote {count_text} transaction and all that belongs to it to {file}",
            "Wrote {count_text} transactions and all that belongs to them to {file}",
            rows,
            count_text=number(rows),
            file=file.name,
        )
        self._say(said, file)

    def _say(self, words: str, file: Path) -> None:
        folder = QUrl.fromLocalFile(str(file.parent))
        self._context.notices.show_message(words, tr("Open folder"), lambda: _opened(folder))

    def _heard(self, _phase: Phase, done: int, total: int) -> bool:
        return self._far(done, total)

    def _far(self, done: int, total: int) -> bool:
        if isValid(self):
            self.progress.show_far(done, total)
        return not self._is_stopped

    def _stop(self) -> None:
        self._is_stopped = True

    def _set_busy(self, *, busy: bool) -> None:
        self.running.setVisible(busy)
        for button in (self.rows, self.archive, self.plain):
            button.setEnabled(not busy)
        if busy:
            self.progress.show_busy(tr("Writing the file"))

    def _ask_rows(self) -> None:
        ask_file(self, tr("Export transactions"), "hive-transactions", self.export_rows)

    def _ask_archive(self) -> None:
        words = tr("Hive archive (*.hivearchive)")
        self._ask(tr("Export an archive"), "hive.hivearchive", words, self.export_archive)

    def _warn(self) -> None:
        aio.spawn(self._context.scope, self._warned(), on_error=self._failed, name="warn-export")

    async def _warned(self) -> None:
        title, action = tr("Write a file that nothing protects?"), tr("Write it")
        if await confirmed(self.window(), title, tr(_WARNING), action):
            words = tr("SQLite file (*.sqlite)")
            self._ask(tr("Export a plain file"), "hive.sqlite", words, self.export_plain)

    def _ask(self, title: str, name: str, words: str, chosen: Callable[[Path], object]) -> None:
        dialog = QFileDialog(self, title, name)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([words])
        dialog.setDefaultSuffix(name.rpartition(".")[2])
        dialog.fileSelected.connect(partial(_told, chosen))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _forget(self) -> None:
        self.error.hide()

    def _failed(self, error: HiveError) -> None:
        if not self._is_stopped:
            self.error.show_error(error)


def _told(chosen: Callable[[Path], object], name: str) -> None:
    chosen(Path(name))


def _opened(folder: QUrl) -> None:
    QDesktopServices.openUrl(folder)
