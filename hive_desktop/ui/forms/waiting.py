"""The panel that waits for a person at the bank's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QProgressBar

from hive_desktop.i18n import tr
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, Icon, column, label, on_click, paragraph, row

if TYPE_CHECKING:
    from collections.abc import Callable


class WaitingPanel(QFrame):
    """Says that the bank's page is open in the browser, with its address and a way out."""

    def __init__(self, cancel: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("notice")
        self.url = ""
        layout = column(self, gap=Space.S, margin=Space.L)
        head = row(gap=Space.M)
        head.addWidget(Icon("link", "accent_text", 20), 0, Qt.AlignmentFlag.AlignTop)
        words = column(gap=2)
        self._title = label("", Type.TITLE)
        words.addWidget(self._title)
        words.addWidget(
            paragraph(
                tr(
                    "Finish at your bank in the browser window that opened, then come back. "
                    "Hive never sees your bank password."
                ),
                tone="text",
            )
        )
        head.addLayout(words, 1)
        self._copy = Button(tr("Copy address"), "secondary", "copy")
        self._copy.setToolTip(tr("For when no browser opened"))
        on_click(self._copy, self._copy_url)
        cancel_button = Button(tr("Cancel"))
        on_click(cancel_button, cancel)
        head.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(cancel_button, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addLayout(head)
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setAccessibleName(tr("Waiting for the bank"))
        layout.addWidget(bar)
        self.hide()

    def show_waiting(self, title: str) -> None:
        """Show that the page is being waited for."""
        self._title.setText(title)
        self.set_url("")
        self.show()

    def set_url(self, url: str) -> None:
        """Offer the page's address."""
        self.url = url
        self._copy.setEnabled(bool(url))
        self._copy.setText(tr("Copy address"))

    def _copy_url(self) -> None:
        QGuiApplication.clipboard().setText(self.url)
        self._copy.setText(tr("Copied"))
