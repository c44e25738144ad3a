"""Shows a recovery kit once: to print, to save, to copy, and to be confirmed by a part of it."""

from __future__ import annotations

import html
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QLocale, Qt
from PySide6.QtGui import QFontDatabase, QTextDocument
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from hive_desktop.i18n import mark, tr
from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.clipboard import copy_secret
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import (
    Button,
    announce,
    column,
    frame,
    label,
    on_click,
    paragraph,
    row,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPagedPaintDevice
    from PySide6.QtWidgets import QHBoxLayout

_FILE = "hive-recovery-kit.txt"
_GROUPS_IN_A_LINE = 3
_PRINTED = mark(
    "It opens the vault when the passphrase is forgotten. Keep it where nobody else finds it, and "
    "not beside the vault."
)


class RecoveryKitView(QWidget):
    """The kit's text; `done` is called when the person says that it is kept."""

    def __init__(self, done: Callable[[], None]) -> None:
        super().__init__()
        self._done = done
        self._kit = self._wanted = ""
        self._at = 0
        layout = column(self, gap=Space.M)
        layout.addWidget(label(tr("Keep your recovery kit"), Type.HEADING))
        layout.addWidget(
            paragraph(
                tr(
                    "It opens the vault when the passphrase is forgotten. It is shown only now. "
                    "Print it or keep it in a password manager, not beside the vault."
                )
            )
        )
        box = frame("inset")
        inside = column(box, margin=Space.L)
        self._text = label("", Type.STRONG)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(15)
        self._text.setFont(font)
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._text.setAccessibleName(tr("Recovery kit"))
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
        self._wrong = label("", Type.SMALL, "danger")
        self._wrong.setWordWrap(True)
        self.proof.returnPressed.connect(self._finish)
        self.go_on = Button(tr("Continue"), "primary")
        self.go_on.setFixedHeight(38)
        on_click(self.go_on, self._finish)
        for widget in (self._ask, self.proof, self._wrong, self.go_on):
            layout.addWidget(widget)
        self._typed()

    def _ways(self) -> QHBoxLayout:
        buttons = row(gap=Space.S)
        self._copy = Button(tr("Copy"), "secondary", "copy")
        self._save = Button(tr("Save to a file"), "secondary", "download")
        self._print = Button(tr("Print"), "secondary", "file-text")
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
        self._text.setText(in_lines(kit))
        self._note.setText("")
        groups = kit.strip().split("-")
        at = secrets.randbelow(len(groups)) if asks is None else asks
        self._wanted = groups[at]
        self._at = at
        self._ask.setText(
            tr(
                "From what you kept, type group {group} of {groups}:",
                group=at + 1,
                groups=len(groups),
            )
        )
        self.proof.setAccessibleName(self._ask.text())
        self.proof.clear()

    def save_to(self, path: Path) -> None:
        """Write the kit to a file that only its owner may read."""
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(f"{tr('Hive recovery kit')}\n\n{self._kit}\n")
        except OSError as error:
            self._note.setText(tr("It was not saved: {reason}.", reason=tr(error.strerror or "")))
        else:
            self._note.setText(tr("Saved as {file}.", file=path.name))

    def _copy_kit(self) -> None:
        copy_secret(self._kit)
        self._note.setText(tr("Copied. Paste it where it is safe within a minute."))

    def _ask_file(self) -> None:
        dialog = QFileDialog(self, tr("Save the recovery kit"), _FILE)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.save_to(Path(name)))
        dialog.open()

    def print_to(self, printer: QPagedPaintDevice) -> None:
        """Print the kit with what it is for."""
        page = QTextDocument()
        page.setHtml(
            f"<h1>{html.escape(tr('Hive recovery kit'))}</h1><p>{html.escape(tr(_PRINTED))}</p>"
            f"<p style='font-family:monospace;font-size:20pt'>{_printed(self._kit)}</p>"
            f"<p>{QLocale().toString(QDate.currentDate(), QLocale.FormatType.LongFormat)}</p>"
        )
        page.print_(printer)
        self._note.setText(tr("Sent to the printer."))

    def _ask_printer(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # noqa: PLC0415 - seldom

        printer = QPrinter()
        dialog = QPrintDialog(printer, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.accepted.connect(lambda: self.print_to(printer))
        dialog.show()

    def _typed(self) -> None:
        typed = self.proof.text().strip().upper()
        is_right = bool(self._wanted) and typed == self._wanted
        self.go_on.setEnabled(is_right)
        is_whole = len(typed) >= len(self._wanted) > 0
        self._say_wrong(typed if is_whole and not is_right else "")

    def _say_wrong(self, typed: str) -> None:
        """Say that what was typed is not the group, and which other one it is; hide for nothing."""
        at = self._at + 1
        if typed in self._kit.split("-"):
            other = self._kit.split("-").index(typed) + 1
            words = tr("That is group {other}; group {group} is asked for.", other=other, group=at)
        else:
            words = tr("That is not group {group}. Compare it with what you kept.", group=at)
        self._wrong.setVisible(bool(typed))
        if typed and words != self._wrong.text():
            announce(self._wrong, words)
        self._wrong.setText(words if typed else "")

    def _finish(self) -> None:
        if not self.go_on.isEnabled():
            self._say_wrong(self.proof.text().strip().upper())
            return
        self._kit = self._wanted = ""
        self._text.clear()
        self.proof.clear()
        self._done()


def in_lines(kit: str) -> str:
    """Return the kit with three groups on each line, so that one can be counted out."""
    groups = kit.strip().split("-")
    starts = range(0, len(groups), _GROUPS_IN_A_LINE)
    return "-\n".join("-".join(groups[at : at + _GROUPS_IN_A_LINE]) for at in starts)


def _printed(kit: str) -> str:
    return html.escape(in_lines(kit)).replace("\n", "<br>")
