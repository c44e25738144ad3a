"""The dialog that shows what undoing a sync would do, before it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from hive_desktop.i18n import mark, tr
from hive_desktop.ui.kit.dialog import Dialog
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import label, paragraph, row
from hive_desktop.ui.pages.accounts import history_words

if TYPE_CHECKING:
    from datetime import datetime

    from PySide6.QtWidgets import QWidget

    from hive_desktop.domain.journal import UndoPreview

_AFTER = mark(
    "The next sync brings the same rows again. Undo helps when a sync went wrong in a way that the "
    "bank has mended since."
)
_AFTER_DATES = mark(
    "Syncing the same dates again brings the rows back, with all that you wrote on them."
)


class UndoDialog(Dialog):
    """Sentences and two buttons; Cancel is the default."""

    def __init__(self, parent: QWidget, preview: UndoPreview, now: datetime) -> None:
        super().__init__(
            parent,
            tr("Undo this sync?"),
            f"{preview.run.institution} · {history_words.run_summary(preview.run, now)}",
        )
        after = tr(_AFTER if preview.run.first_on is None else _AFTER_DATES)
        for sentence in history_words.undo_effects(preview):
            line = row(gap=Space.S)
            line.addWidget(label("\N{BULLET}", tone="faint"), 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(paragraph(sentence, tone="text"), 1)
            self.body.addLayout(line)
        self.body.addWidget(paragraph(after, Type.SMALL))
        self.cancel = self.add_button(tr("Cancel"), "secondary", self.reject)
        self.confirm = self.add_button(tr("Undo this sync"), "danger", self.accept)
        self.cancel.setDefault(True)
        self.cancel.setFocus()
