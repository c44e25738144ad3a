"""What a restore came to: the day of the vault, where the one before lies, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from hive_desktop.i18n import tr
from hive_desktop.ui.backups.words import held_words, moment_words
from hive_desktop.ui.kit.dialog import Dialog
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import column, label, paragraph
from hive_desktop.ui.kit.wording import foldable

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from hive_desktop.ports.backups import Tally

_WIDTH = 480


class RestoredDialog(Dialog):
    """Stays until it is closed: what it says is needed when the restore was a mistake.

    Args:
        parent: the window.
        made_at: the instant that the backup is of.
        held: what the vault holds now.
        folder: the vault's.
        aside: where the vault before is kept; None where none was.
    """

    def __init__(
        self, parent: QWidget, made_at: datetime, held: Tally, *, folder: Path, aside: Path | None
    ) -> None:
        super().__init__(
            parent,
            tr("Your vault is restored"),
            tr("It is as it was on {moment}.", moment=moment_words(made_at)),
            width=_WIDTH,
        )
        self._aside = aside
        self.held = paragraph(held_words(held), tone="text")
        self.body.addWidget(self.held)
        self.body.addWidget(
            paragraph(tr("The passphrase and the recovery kit of that day open it from now on."))
        )
        self.kept = paragraph("", tone="text")
        self.back = paragraph("")
        if aside is not None:
            self.kept.setText(foldable(str(aside)))
            self.back.setText(
                tr(
                    "Nothing of it was deleted. To go back to it, quit Hive and put it in the "
                    "place of {folder}. Delete it once you do not need it.",
                    folder=foldable(str(folder)),
                )
            )
            inside = column(gap=Space.XS)
            inside.addWidget(label(tr("The vault before is kept in"), Type.SMALL, "muted"))
            inside.addWidget(self.kept)
            inside.addWidget(self.back)
            self.body.addLayout(inside)
            self.add_button(tr("Show the folder"), "secondary", self._show)
        self.done_button = self.add_button(tr("Done"), "primary", self.accept)
        self.done_button.setDefault(True)
        self.done_button.setFocus()

    def _show(self) -> None:
        if self._aside is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._aside.parent)))
