"""How files come to the import: chosen, dropped on the window, or opened by the desktop."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from hive_desktop.i18n import tr
from hive_desktop.ui.importing.words import ENDINGS, done_words, nothing_words
from hive_desktop.ui.kit import aio

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QDropEvent
    from PySide6.QtWidgets import QWidget

    from hive_desktop.domain.ledger import BatchId
    from hive_desktop.services.session import VaultSession
    from hive_desktop.ui.importing.dialog import ImportDialog
    from hive_desktop.ui.importing.past import PastImportsDialog
    from hive_desktop.ui.page import LedgerEdits, Notices


class FileImports(QObject):
    """Imports files into the open vault.

    Args:
        window: where dialogs stand, and on which files are dropped.
        session: the open vault's services.
        edits: takes an import back.
        notices: where it is told.
        scope: owns the work.
        spawn: starts work, by its name.
    """

    def __init__(
        self,
        window: QWidget,
        session: VaultSession,
        edits: LedgerEdits,
        notices: Notices,
        scope: aio.Scope,
        spawn: Callable[[aio.Work, str], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._edits = edits
        self._notices = notices
        self._scope = scope
        self._spawn = spawn
        self.dialog: ImportDialog | None = None
        self.past: PastImportsDialog | None = None
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def choose(self) -> None:
        """Ask which files are to be imported."""
        patterns = f"{ENDINGS} {ENDINGS.upper()}"
        dialog = QFileDialog(
            self._window,
            tr("Choose files to import"),
            "",
            f"{tr('Statements')} ({patterns});;{tr('All files')} (*)",
        )
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda names: self.take([Path(name) for name in names]))
        dialog.open()

    def show_past(self) -> None:
        """Show what was imported, to be undone."""
        self._spawn(self._show_past(), "past-imports")

    async def _show_past(self) -> None:
        from hive_desktop.ui.importing.past import PastImportsDialog  # noqa: PLC0415 - on demand

        self.past = PastImportsDialog(
            self._window, self._session, self._scope, self._notices, self.choose
        )
        try:
            await aio.finished(self.past)
        finally:
            self.past = None

    def take(self, paths: Sequence[Path]) -> None:
        """Import files, unless a dialog stands open already."""
        if not paths:
            return
        if QApplication.activeModalWidget() is not None:
            self._notices.show_message(tr("Close what stands open first, and try again."))
            return
        self._spawn(self._take(list(paths)), "import-files")

    async def _take(self, paths: list[Path]) -> None:
        from hive_desktop.ui.importing.dialog import ImportDialog  # noqa: PLC0415 - on demand

        dialog = self.dialog = ImportDialog(
            self._window, self._session.importing, self._scope, paths
        )
        try:
            await aio.finished(dialog)
            done = dialog.done_import
        finally:
            self.dialog = None
        if done is None:
            return
        if done.batch is None:
            self._notices.show_message(nothing_words(done.counts))
            return
        batch = done.batch
        self._notices.show_message(
            done_words(done.counts),
            tr("Undo"),
            lambda: self._spawn(self._undo(batch), "undo"),
        )

    async def _undo(self, batch: BatchId) -> None:
        self._notices.show_message(await self._edits.undo_batch(batch))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take files that are dropped on the window."""
        if event.type() in (QEvent.Type.DragEnter, QEvent.Type.DragMove):
            drop: QDropEvent = event  # type: ignore[assignment]
            if files_in(drop.mimeData()):
                drop.acceptProposedAction()
                return True
        elif event.type() == QEvent.Type.Drop:
            dropped: QDropEvent = event  # type: ignore[assignment]
            paths = files_in(dropped.mimeData())
            if paths:
                dropped.acceptProposedAction()
                self.take(paths)
                return True
        return super().eventFilter(watched, event)


def files_in(data: QMimeData) -> list[Path]:
    """Return the local files of what is dragged; none where there is anything else."""
    if not data.hasUrls():
        return []
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return [one for one in paths if one.is_file()]
