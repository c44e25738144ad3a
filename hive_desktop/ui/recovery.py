"""Shows a recovery kit once: to print, to save, to copy, and to be confirmed by a part of it."""

from __future__ import annotations

import html
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QLocale, Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication, QTextDocument
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, column, frame, label, on_click, paragraph, row

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPagedPaintDevice
    from PySide6.QtWidgets import QHBoxLayout

_FILE = "hive-recovery-kit.txt"


class RecoveryKitView(QWidget):
    """The kit's text; `done` is called when the person says that it is kept."""

    def __init__(self, done: Callable[[], None]) -> None:
        super().__init__()
        self._done = done
        self._kit = self._wanted = ""
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
        layout.addLayout(self._ways())
        self._note = label("", Type.SMALL, "muted")
        layout.addWidget(self._note)
        self._ask = label("", Type.BODY)
        self.proof = QLineEdit()
        self.proof.setFont(theme.font(Type.BODY))
        self.proof.setFixedHeight(38)
        self.proof.textChanged.connect(self._typed)
        self.proof.returnPressed.connect(self._finish)
        self.go_on = Button("Continue", "primary")
        self.go_on.setFixedHeight(38)
        on_click(self.go_on, self._finish)
        for widget in (self._ask, self.proof, self.go_on):
            layout.addWidget(widget)
        self._typed()

    def _ways(self) -> QHBoxLayout:
        buttons = row(gap=Space.S)
        self._copy = Button("Copy", "secondary", "copy")
        self._save = Button("Save to a file", "secondary", "download")
        self._print = Button("Print", "secondary", "file-text")
        on_click(self._print, self._ask_printer)
        on_click(self._copy, self._copy_kit)
        on_click(self._save, self._ask_file)
        for button in (self._print, self._save, self._copy):
            buttons.addWidget(button)
        buttons.addStretch(1)
        return buttons

    def show_kit(self, kit: str, *, asks: int | None = None) -> None:
        """Show another kit; `asks` is the place of the group to type, else it is drawn."""
        self._kit = kit
        self._text.setText(breakable(kit))
        self._note.setText("")
        groups = kit.strip().split("-")
        at = secrets.randbelow(len(groups)) if asks is None else asks
        self._wanted = groups[at]
        self._ask.setText(f"From what you kept, type group {at + 1} of {len(groups)}:")
        self.proof.setAccessibleName(self._ask.text())
        self.proof.clear()

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

    def print_to(self, printer: QPagedPaintDevice) -> None:
        """Print the kit with what it is for."""
        page = QTextDocument()
        page.setHtml(
            "<h1>Hive recovery kit</h1><p>It opens the vault when the passphrase is forgotten. "
            "Keep it where nobody else finds it, and not beside the vault.</p>"
            f"<p style='font-family:monospace;font-size:20pt'>{html.escape(self._kit)}</p>"
            f"<p>{QLocale().toString(QDate.currentDate(), QLocale.FormatType.LongFormat)}</p>"
        )
        page.print_(printer)
        self._note.setText("Sent to the printer.")

    def _ask_printer(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # noqa: PLC0415 - seldom

        printer = QPrinter()
        dialog = QPrintDialog(printer, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.accepted.connect(lambda: self.print_to(printer))
        dialog.show()

    def _typed(self) -> None:
        typed = self.proof.text().strip()
        self.go_on.setEnabled(bool(self._wanted) and typed.upper() == self._wanted)

    def _finish(self) -> None:
        if not self.go_on.isEnabled():
            return
        self._kit = self._wanted = ""
        self._text.clear()
        self.proof.clear()
        self._done()


def breakable(kit: str) -> str:
    """Return the kit with room to wrap after each hyphen; what is copied stays as it was."""
    return kit.strip().replace("-", "-\N{ZERO WIDTH SPACE}")
