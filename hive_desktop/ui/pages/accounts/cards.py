"""One bank's card, and the panel that waits for a person at the bank's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QLabel, QProgressBar

from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import (
    Button,
    Elided,
    Icon,
    column,
    frame,
    label,
    on_click,
    paragraph,
    row,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QHBoxLayout

    from hive_desktop.domain.ledger import Item
    from hive_desktop.ui.kit.widgets import (
        Tone,
    )
    from hive_desktop.ui.pages.accounts.presenter import AccountView, BankView

_GROUNDS = {"income": "income_soft", "warning": "warning_soft", "danger": "danger_soft"}


class Pill(QLabel):
    """A short state on its own ground; the word carries the meaning, the colour repeats it."""

    def __init__(self, text: str, tone: Tone) -> None:
        super().__init__(text)
        self._tone: Tone = tone
        self.setFont(theme.font(Type.CAPTION))
        self.setFixedHeight(20)
        self._dress()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def _dress(self) -> None:
        colors = theme.active().colors
        ground = getattr(colors, _GROUNDS.get(self._tone, "accent_soft"))
        words = getattr(colors, self._tone if self._tone in _GROUNDS else "accent_text")
        sheet = f"background: {ground}; color: {words}; border-radius: 10px; padding: 0 8px;"
        if self.styleSheet() != sheet:
            self.setStyleSheet(sheet)


class BankCard(QFrame):
    """A bank, its state and what to do, and its accounts.

    Args:
        view: what to show.
        sync: called to sync this bank.
        reconnect: called to sign in again.
        disconnect: called to end the connection.
    """

    def __init__(
        self,
        view: BankView,
        sync: Callable[[Item], None],
        reconnect: Callable[[Item], None],
        disconnect: Callable[[Item], None],
    ) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName(view.item.institution)
        self.view = view
        layout = column(self, gap=Space.S)
        layout.setContentsMargins(Space.L, Space.M, Space.L, Space.S)
        head = row(gap=Space.M)
        head.addWidget(_badge("bank"))
        words = column(gap=0)
        title = row(gap=Space.S)
        title.addWidget(label(view.item.institution, Type.TITLE))
        title.addWidget(Pill(view.state.pill, view.state.tone))
        title.addStretch(1)
        words.addLayout(title)
        words.addWidget(label(view.synced, Type.SMALL, "muted"))
        head.addLayout(words, 1)
        if view.state.needs_reconnect:
            again = Button("Reconnect", "primary", "link")
            on_click(again, lambda: reconnect(view.item))
            head.addWidget(again)
        sync_button = Button("Sync", "secondary", "refresh")
        sync_button.setAccessibleName(f"Sync {view.item.institution}")
        on_click(sync_button, lambda: sync(view.item))
        head.addWidget(sync_button)
        end = Button("Disconnect", "plain")
        end.setAccessibleName(f"Disconnect {view.item.institution}")
        on_click(end, lambda: disconnect(view.item))
        head.addWidget(end)
        layout.addLayout(head)
        if view.state.advice:
            layout.addWidget(paragraph(view.state.advice, Type.SMALL, view.state.tone))
        for account in view.accounts:
            layout.addWidget(frame("line"))
            layout.addLayout(_account_line(account))
        if not view.accounts:
            layout.addWidget(label("No accounts yet. They come with the first sync.", tone="muted"))


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
                "Finish at your bank in the browser window that opened, then come back. "
                "Hive never sees your bank password.",
                tone="text",
            )
        )
        head.addLayout(words, 1)
        self._copy = Button("Copy address", "secondary", "copy")
        self._copy.setToolTip("For when no browser opened")
        on_click(self._copy, self._copy_url)
        cancel_button = Button("Cancel")
        on_click(cancel_button, cancel)
        head.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(cancel_button, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addLayout(head)
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setAccessibleName("Waiting for the bank")
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
        self._copy.setText("Copy address")

    def _copy_url(self) -> None:
        QGuiApplication.clipboard().setText(self.url)
        self._copy.setText("Copied")


def _account_line(view: AccountView) -> QHBoxLayout:
    line = row(gap=Space.M)
    line.setContentsMargins(Space.XS, Space.XS, 0, Space.XS)
    line.addWidget(Icon(view.icon, "text_muted", 18))
    names = column(gap=0)
    names.addWidget(Elided(view.name))
    names.addWidget(label(view.kind, Type.SMALL, "muted"))
    line.addLayout(names, 1)
    sums = column(gap=0)
    sums.addStretch(1)
    balance = label(view.balance, Type.STRONG, tabular=True)
    balance.setAlignment(Qt.AlignmentFlag.AlignRight)
    balance.setAccessibleName(f"{view.name}: {view.balance}")
    sums.addWidget(balance)
    if view.detail:
        detail = label(view.detail, Type.SMALL, "muted", tabular=True)
        detail.setAlignment(Qt.AlignmentFlag.AlignRight)
        sums.addWidget(detail)
    sums.addStretch(1)
    line.addLayout(sums)
    return line


def _badge(icon: str) -> QFrame:
    badge = frame("inset")
    badge.setFixedSize(36, 36)
    inside = row(badge)
    inside.addWidget(Icon(icon, "text_muted", 18), 0, Qt.AlignmentFlag.AlignCenter)
    return badge
