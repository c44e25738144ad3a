"""The card before the vault on which a backup is chosen and opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from hive_desktop.i18n import tr
from hive_desktop.ui.backups.secret import SecretField
from hive_desktop.ui.backups.words import choice_words
from hive_desktop.ui.kit.select import Select
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, on_click, paragraph, row
from hive_desktop.ui.kit.wording import foldable
from hive_desktop.ui.unlock_screens import WaitNote, head, tall

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from PySide6.QtGui import QKeyEvent

    from hive_desktop.ports.backups import Backup


class RestoreScreen(QWidget):
    """A backup and what opens it.

    Args:
        restore: called with the backup, the secret, and whether that is the kit.
        look: called with a file that the person chose; `add` comes of it.
        look_in: called with a folder that the person chose; `offer` comes of it.
        back: called to leave.
    """

    def __init__(
        self,
        restore: Callable[[Backup, str, bool], None],
        look: Callable[[Path], None],
        look_in: Callable[[Path], None],
        back: Callable[[], None],
    ) -> None:
        super().__init__()
        layout = head(
            self,
            tr("Restore from a backup"),
            tr("A vault that is there is kept beside it under another name."),
        )
        self._restore = restore
        self._look = look
        self._look_in = look_in
        self._back = back
        self._backups: dict[str, Backup] = {}
        self._is_allowed = True
        self._others: set[str] = set()
        self.choice: Select[str] = Select([("", "")], tr("Backup"), self._typed)
        self.where = paragraph("", Type.SMALL)
        self.none = paragraph(tr("There is none in the vault's own folder."), Type.SMALL)
        self.away = paragraph("", Type.SMALL, "warning")
        self.file = Button(tr("Choose a file\N{HORIZONTAL ELLIPSIS}"))
        self.folder = Button(tr("Choose a folder\N{HORIZONTAL ELLIPSIS}"), "secondary", "folder")
        self.secret = SecretField(self._typed, self._go)
        self.go_on = tall(Button(tr("Restore"), "primary"))
        self.wait = WaitNote()
        cancel = tall(Button(tr("Back"), "plain"))
        choosers = QWidget()
        line = row(choosers, gap=Space.S)
        line.addWidget(self.folder, 1)
        line.addWidget(self.file, 1)
        for widget in (
            self.choice, self.where, self.none, self.away, choosers,
            self.secret, self.go_on, self.wait, cancel,
        ):  # fmt: skip
            layout.addWidget(widget)
        on_click(self.file, self._ask_file)
        on_click(self.folder, self._ask_folder)
        on_click(self.go_on, self._go)
        on_click(cancel, back)
        self.offer(())

    def offer(
        self,
        backups: Sequence[Backup],
        *,
        others: Collection[Path] = (),
        away: Path | None = None,
    ) -> None:
        """Offer backups, newest first; the first that is of this vault is chosen.

        Args:
            backups: that were found.
            others: files of those that are of another vault than the one that is here.
            away: the folder that the person chose for backups, where it is not there now.
        """
        self._others |= {str(file) for file in others}
        ordered = sorted(backups, key=lambda one: str(one.file) in self._others)
        self._backups = {str(one.file): one for one in ordered}
        self.choice.setVisible(bool(backups))
        self.none.setVisible(not backups)
        self.away.setVisible(away is not None)
        if away is not None:
            self.away.setText(
                tr(
                    "Later ones may lie in {folder}, which is not there now. Connect the disk, and "
                    "choose that folder.",
                    folder=foldable(str(away)),
                )
            )
        if ordered:
            options = [(str(one.file), self._choice(one)) for one in ordered]
            self.choice.offer(options)
            self.choice.select(options[0][0])
        self._typed()

    def add(self, backup: Backup, *, is_of_another: bool = False) -> None:
        """Offer one more, and choose it.

        Args:
            backup: that the person chose.
            is_of_another: it is of another vault than the one that is here.
        """
        if is_of_another:
            self._others.add(str(backup.file))
        rest = [one for one in self._backups.values() if one.file != backup.file]
        self.offer([backup, *rest])
        self.choice.select(str(backup.file))
        self._typed()
        self.secret.setFocus()

    def allow(self, *, allowed: bool) -> None:
        """Let the next try happen, or not yet."""
        self._is_allowed = allowed
        self.go_on.setVisible(allowed)
        self.wait.setVisible(not allowed)
        self._typed()

    def _typed(self) -> None:
        if hasattr(self, "go_on"):
            self._tell_where()
            is_ready = self._is_allowed and bool(self._backups) and self.secret.is_given()
            self.go_on.setEnabled(is_ready)

    def _tell_where(self) -> None:
        """Say which file is chosen, and whether it is of another vault."""
        backup = self._backups.get(self.choice.value())
        self.where.setVisible(backup is not None)
        if backup is None:
            return
        name = backup.file.name
        folder = foldable(str(backup.file.parent))
        told = tr("{file} in {folder}", file=name, folder=folder)
        if str(backup.file) in self._others:
            told = tr(
                "{file} in {folder}. It is of another vault than the one that is here.",
                file=name,
                folder=folder,
            )
        self.where.setText(told)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Escape go back."""
        if event.key() == Qt.Key.Key_Escape:
            self._back()
        else:
            super().keyPressEvent(event)

    def _choice(self, backup: Backup) -> str:
        if str(backup.file) in self._others:
            return tr("{backup}, another vault's", backup=choice_words(backup))
        return choice_words(backup)

    def _go(self) -> None:
        if self.go_on.isEnabled():
            self._restore(self._backups[self.choice.value()], *self.secret.take())

    def _ask_file(self) -> None:
        dialog = QFileDialog(
            self, tr("Choose a backup"), "", f"{tr('Backups of Hive')} (*.hivebackup)"
        )
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self._look(Path(name)))
        dialog.open()

    def _ask_folder(self) -> None:
        dialog = QFileDialog(self, tr("Choose a folder with backups"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self._look_in(Path(name)))
        dialog.open()
