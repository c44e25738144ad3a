"""About the program: version, licences, and a report for whoever helps."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QGridLayout, QPlainTextEdit, QScrollArea, QWidget

from hive_desktop import __version__
from hive_desktop.services import licences
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.dialog import Dialog
from hive_desktop.ui.kit.states import ErrorBanner
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, column, label, on_click, paragraph
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.settings.sections import Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hive_desktop.services.licences import Part
    from hive_desktop.ui.page import PageContext

_FILE = "hive-diagnostics.txt"
_WIDTH, _HEIGHT = 560, 520


class AboutSection(Section):
    """What this program is.

    Args:
        context: the page's own.
    """

    def __init__(self, context: PageContext) -> None:
        super().__init__("About")
        self._context = context
        self.error = ErrorBanner()
        self.add_line(
            "Hive Desktop",
            "Personal finance on your own computer. Nothing leaves it unrecorded.",
            label(f"Version {__version__}", tone="muted"),
        )
        self.licences = Button("Show", name="Show the licences")
        self.diagnostics = Button("Show", name="Show the diagnostics")
        for button in (self.licences, self.diagnostics):
            button.setToolTip("")
        self.add_line(
            "Licences",
            "Hive is free software under the MIT licence, built on the work of others.",
            self.licences,
        )
        self.add_line(
            "Diagnostics",
            "Versions and rounded counts for whoever helps you. No secret, no path, no amount.",
            self.diagnostics,
        )
        on_click(self.licences, lambda: self._spawn(self._show_licences()))
        on_click(self.diagnostics, lambda: self._spawn(self._show_diagnostics()))
        if not context.session.is_demo:
            self.setup = Button("Run setup again")
            self.add_line(
                "Setup",
                "Asks again where transactions come from and whether a model may help.",
                self.setup,
            )
            on_click(self.setup, lambda: context.go.show_page(PageName.SETUP))
        self.add_wide(self.error)

    async def _show_licences(self) -> None:
        parts = await asyncio.get_running_loop().run_in_executor(None, licences.parts)
        await aio.finished(LicencesDialog(self, parts))

    async def _show_diagnostics(self) -> None:
        qt = [("Qt", str(qVersion())), ("PySide", pyside_version)]
        qt.append(("Display", QGuiApplication.platformName()))
        report = await self._context.session.upkeep.diagnostics(qt)
        await aio.finished(DiagnosticsDialog(self, report))

    def _spawn(self, work: aio.Work) -> None:
        self.error.hide()
        aio.spawn(self._context.scope, work, on_error=self.error.show_error, name="about")


class DiagnosticsDialog(Dialog):
    """Shows the report whole, so that whoever passes it on knows what is in it."""

    def __init__(self, parent: QWidget, report: str) -> None:
        text = "This is all that is in it. It stays on this computer until you pass it on."
        super().__init__(parent, "Diagnostics", text, width=_WIDTH, height=_HEIGHT)
        self.view = QPlainTextEdit(report)
        self.view.setReadOnly(True)
        self.view.setTabChangesFocus(True)
        self.view.setAccessibleName("Diagnostics")
        self.note = label("", Type.SMALL, "muted")
        self.body.addWidget(self.view, 1)
        self.body.addWidget(self.note)
        self.copy = self.add_button("Copy", "secondary", self._copy)
        self.save = self.add_button("Save to a file", "secondary", self._ask_file)
        self.add_button("Close", "primary", self.accept).setDefault(True)

    def save_to(self, path: Path) -> None:
        """Write the report to a file."""
        try:
            path.write_text(self.view.toPlainText(), encoding="utf-8")
        except OSError as error:
            self.note.setText(f"It was not saved: {error.strerror}.")
        else:
            self.note.setText(f"Saved as {path.name}.")

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.view.toPlainText())
        self.note.setText("Copied.")

    def _ask_file(self) -> None:
        dialog = QFileDialog(self, "Save the diagnostics", _FILE)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.save_to(Path(name)))
        dialog.open()


class LicencesDialog(Dialog):
    """Each package that the program is built on, with its version and licence."""

    def __init__(self, parent: QWidget, parts: Sequence[Part]) -> None:
        text = "Hive Desktop is under the MIT licence. It is built on these packages."
        super().__init__(parent, "Licences", text, width=_WIDTH, height=_HEIGHT)
        content = QWidget()
        content.setObjectName("scrolled")
        layout = column(content)
        layout.setContentsMargins(0, 0, Space.L, 0)
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.L)
        grid.setVerticalSpacing(Space.S)
        grid.setColumnStretch(2, 1)
        top = Qt.AlignmentFlag.AlignTop
        for line, part in enumerate(parts):
            grid.addWidget(label(part.name, Type.SMALL), line, 0, top)
            grid.addWidget(label(part.version, Type.SMALL, "muted", tabular=True), line, 1, top)
            grid.addWidget(paragraph(part.licence, Type.SMALL, "text"), line, 2, top)
        layout.addLayout(grid)
        if not parts:
            layout.addWidget(paragraph("Their licences lie beside the program's files."))
        layout.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName("Licences")
        scroll.setWidget(content)
        self.body.addWidget(scroll)
        self.add_button("Close", "primary", self.accept).setDefault(True)
