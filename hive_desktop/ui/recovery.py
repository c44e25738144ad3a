"""Shows a recovery kit once: to copy, to save, and to be confirmed as kept."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QCheckBox, QFileDialog, QWidget

from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, column, frame, label, on_click, paragraph, row

if TYPE_CHECKING:
    from collections.abc import Callable

_FILE = "hive-recovery-kit.txt"


class RecoveryKitView(QWidget):
    """The kit's text; `done` is called when the person says that it is kept."""

    def __init__(self, done: Callable[[], None]) -> None:
        super().__init__()
        self._done = done
        self._kit = ""
        layout = column(self, gap=Space.M)
        layout.addWidget(label("Keep your recovery kit", Type.HEADING))
        layout.addWidget(
            paragraph(
                "It opens the vault when the passphrase is forgotten. It is shown only now. "
                "Print it or keep it in a password manager, not beside the vault."
            )
        )
        box = frame("inset")
        inside = column(box, margin=Space.L)
        self._text = label("", Type.STRONG)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(15)
        self._text.setFont(font)
        self._text.setWordWrap(True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._text.setAccessibleName("Recovery kit")
        inside.addWidget(self._text)
        layout.addWidget(box)
        buttons = row(gap=Space.S)
        self._copy = Button("Copy", "secondary", "copy")
        self._save = Button("Save to a file", "secondary", "download")
        on_click(self._copy, self._copy_kit)
        on_click(self._save, self._ask_file)
        buttons.addWidget(self._copy)
        buttons.addWidget(self._save)
        buttons.addStretch(1)
        layout.addLayout(buttons)
        self._note = label("", Type.SMALL, "muted")
        layout.addWidget(self._note)
        self.kept = QCheckBox("I have kept it where I will find it")
        self.kept.setFont(theme.font(Type.BODY))
        self.go_on = Button("Continue", "primary")
        self.go_on.setFixedHeight(38)
        self.go_on.setEnabled(False)
        self.kept.toggled.connect(self.go_on.setEnabled)
        on_click(self.go_on, self._finish)
        layout.addWidget(self.kept)
        layout.addWidget(self.go_on)

    def show_kit(self, kit: str) -> None:
        """Show another kit."""
        self._kit = kit
        self._text.setText(breakable(kit))
        self._note.setText("")
        self.kept.setChecked(False)

    def save_to(self, path: Path) -> None:
        """Write the kit to a file that only its owner may read."""
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(f"Hive recovery kit\n\n{self._kit}\n")
        except OSError as error:
            self._note.setText(f"It was not saved: {error.strerror}.")
        else:
            self._note.setText(f"Saved as {path.name}.")

    def _copy_kit(self) -> None:
        QGuiApplication.clipboard().setText(self._kit)
        self._note.setText("Copied. Paste it where it is safe, then copy something else.")

    def _ask_file(self) -> None:
        dialog = QFileDialog(self, "Save the recovery kit", _FILE)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.save_to(Path(name)))
        dialog.open()

    def _finish(self) -> None:
        self._kit = ""
        self._text.clear()
        self._done()


def breakable(kit: str) -> str:
    """Return the kit with room to wrap after each hyphen; what is copied stays as it was."""
    return kit.strip().replace("-", "-\N{ZERO WIDTH SPACE}")
