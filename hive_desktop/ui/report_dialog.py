"""A report shown whole, so that whoever passes it on knows all that is in it before it is saved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit

from hive_desktop import i18n
from hive_desktop.i18n import tr
from hive_desktop.ports.diagnostics import Result
from hive_desktop.ports.errors import HiveError
from hive_desktop.services.diagnostics import save
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.dialog import Dialog
from hive_desktop.ui.kit.theme import Type
from hive_desktop.ui.kit.widgets import label, paragraph

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from hive_desktop.services.diagnostics import Checkup, DiagnosticsService

_FILE = "hive-report.txt"
_WIDTH, _HEIGHT = 640, 560


class ReportDialog(Dialog):
    """Shows a report; it can be copied and saved once it is there.

    Args:
        parent: the widget over whose window it stands.
        title: the headline.
        file: the name that is offered for saving.
        report: the whole text; empty where it is still being made.
    """

    def __init__(self, parent: QWidget, title: str, file: str, report: str = "") -> None:
        text = tr("This is all that is in it. It stays on this computer until you pass it on.")
        super().__init__(parent, title, text, width=_WIDTH, height=_HEIGHT)
        if i18n.language() != i18n.SOURCE_LANGUAGE:
            self.body.addWidget(
                paragraph(tr("The report is in English, so that anybody can help you."), Type.SMALL)
            )
        self._file = file
        self.found = paragraph("", Type.BODY, "text")
        self.found.hide()
        self.view = QPlainTextEdit()
        self.view.setReadOnly(True)
        self.view.setTabChangesFocus(True)
        self.view.setAccessibleName(title)
        self.note = label("", Type.SMALL, "muted")
        self.body.addWidget(self.found)
        self.body.addWidget(self.view, 1)
        self.body.addWidget(self.note)
        self.add_button(tr("Close"), "secondary", self.reject)
        self.copy = self.add_button(tr("Copy"), "secondary", self._copy)
        self.save = self.add_button(tr("Save to a file"), "primary", self._ask_file)
        self.save.setDefault(True)
        self.show_report(report)
        self.view.setFocus()

    def show_report(self, report: str, found: str = "") -> None:
        """Show the text, and above it what it comes to."""
        self.view.setPlainText(report)
        self.found.setText(found)
        self.found.setVisible(bool(found))
        looking = tr("Looking whether all is well\N{HORIZONTAL ELLIPSIS}")
        self.note.setText("" if report else looking)
        for button in (self.copy, self.save):
            button.setEnabled(bool(report))

    def fail(self, error: HiveError) -> None:
        """Say why there is no report."""
        self.note.setText("")
        self.error.show_error(error)

    def save_to(self, path: Path) -> None:
        """Write to a file exactly what is shown."""
        try:
            save(self.view.toPlainText(), path)
        except HiveError as error:
            self.error.show_error(error)
        else:
            self.error.hide()
            self.note.setText(tr("Saved as {file}.", file=path.name))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.view.toPlainText())
        self.note.setText(tr("Copied."))

    def _ask_file(self) -> None:
        dialog = QFileDialog(self, tr("Save the report"), self._file)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.save_to(Path(name)))
        dialog.open()


def report_dialog(parent: QWidget) -> ReportDialog:
    """Return the dialog of the report, which is still being made."""
    return ReportDialog(parent, tr("Report for whoever helps you"), _FILE)


async def show_report(parent: QWidget, diagnostics: DiagnosticsService, scope: aio.Scope) -> None:
    """Look whether all is well, and show the report until the person closes it.

    Args:
        parent: the widget over whose window it stands.
        diagnostics: looks.
        scope: owns the look, which ends with the dialog.
    """
    dialog = report_dialog(parent)

    async def fill() -> None:
        checkup = await diagnostics.examine()
        dialog.show_report(await diagnostics.report(checkup), _found(checkup))

    with aio.kept(dialog):
        filling = aio.spawn(scope, fill(), on_error=dialog.fail, name="doctor")
        try:
            await aio.result_of(dialog)
        finally:
            filling.cancel()


def _found(checkup: Checkup) -> str:
    """Return what needs the person, in their language."""
    lines = []
    for one in checkup.of(Result.PROBLEM, Result.WARNING):
        text, hint = one.rendered()
        lines.append(f"{text} {hint}".strip())
    return "\n".join(lines) if lines else tr("All is well.")
