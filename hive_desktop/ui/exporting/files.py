"""Choosing a file and its format, and what is said once it is written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from hive_desktop.domain.exporting import ExportFormat
from hive_desktop.i18n import tr, tr_n
from hive_desktop.ui.kit.wording import number

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from hive_desktop.services.exporting import Exported


def ask_file(
    parent: QWidget,
    title: str,
    name: str,
    chosen: Callable[[Path], object],
    first: ExportFormat = ExportFormat.CSV,
) -> QFileDialog:
    """Ask where rows are written and how; a file without an ending gets that of its format.

    Args:
        parent: what the dialog stands over.
        title: its title.
        name: how the file is called until the person says so, without an ending.
        chosen: told the file; not called where the dialog is left.
        first: the format that is offered first.
    """
    forms = {filter_words(one): one for one in (first, *ExportFormat)}
    dialog = QFileDialog(parent, title, f"{name}{first.suffix}")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(list(forms))
    dialog.setDefaultSuffix(first.suffix[1:])
    dialog.filterSelected.connect(
        lambda words: dialog.setDefaultSuffix(forms.get(words, first).suffix[1:])
    )
    dialog.fileSelected.connect(
        lambda told: chosen(with_ending(Path(told), forms.get(dialog.selectedNameFilter(), first)))
    )
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


def ask_sheet(
    parent: QWidget, title: str, name: str, chosen: Callable[[Path], object]
) -> QFileDialog:
    """Ask where a page is written: as a PDF, or as a picture."""
    endings = {tr("PDF to print (*.pdf)"): "pdf", tr("Picture (*.png)"): "png"}
    dialog = QFileDialog(parent, title, f"{name}.pdf")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(list(endings))
    dialog.setDefaultSuffix("pdf")
    dialog.filterSelected.connect(lambda words: dialog.setDefaultSuffix(endings.get(words, "pdf")))
    dialog.fileSelected.connect(lambda told: chosen(Path(told)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


def filter_words(form: ExportFormat) -> str:
    """Return a format as a dialog lists it."""
    return f"{tr(form.called)} (*{form.suffix})"


def with_ending(file: Path, form: ExportFormat) -> Path:
    """Return a file with the ending of its format, where it has none of ours."""
    known = {one.suffix for one in ExportFormat}
    return file if file.suffix.lower() in known else file.with_name(file.name + form.suffix)


def format_of(file: Path) -> ExportFormat:
    """Return the format that a file's ending says; CSV where it says none."""
    wanted = file.suffix.lower()
    return next((one for one in ExportFormat if one.suffix == wanted), ExportFormat.CSV)


def written_words(done: Exported, file: Path) -> str:
    """Return what is said once rows are written."""
    said = tr_n(
        "Wrote {count_text} transaction to {file}",
        "Wrote {count_text} transactions to {file}",
        done.rows,
        count_text=number(done.rows),
        file=file.name,
    )
    if done.left_out:
        said = tr(
            "{written}. The format has no place for {count_text} pending ones",
            written=said,
            count_text=number(done.left_out),
        )
    if not done.without_balance:
        return said
    count = len(done.without_balance)
    return tr(
        "{written}. No balance is known of {accounts}, so the sum of the rows is written",
        written=said,
        accounts=done.without_balance[0]
        if count == 1
        else tr_n("{count} account", "{count} accounts", count),
    )
