"""One card for each host: how much left for it. A click shows its requests alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from hive_desktop.i18n import tr, tr_n
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Elided, clear, column, label, restyle, row
from hive_desktop.ui.pages.egress import presenter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent

    from hive_desktop.ports.egress import EgressSum
    from hive_desktop.ui.pages.egress.presenter import HostSum

_NARROWEST: Final = 200
_WIDEST: Final = 400
_MOST: Final = 5


class HostCards(QWidget):
    """As many cards as there is room for; the rest is one card.

    Args:
        chosen: called with a host, or with None when the chosen one is clicked again.
    """

    def __init__(self, chosen: Callable[[str | None], None]) -> None:
        super().__init__()
        self._chosen = chosen
        self._sums: Sequence[EgressSum] = ()
        self._host: str | None = None
        self._room = 0
        self.cards: list[HostCard] = []
        self._layout = row(self, gap=Space.M)

    def show_sums(self, sums: Sequence[EgressSum], host: str | None) -> None:
        """Show totals, and which host is looked at alone."""
        is_same = sums == self._sums and host == self._host
        self._sums, self._host = sums, host
        if not is_same:
            self._fill()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show more or fewer."""
        super().resizeEvent(event)
        if self._fitting() != self._room:
            self._fill()

    def _fitting(self) -> int:
        return max(2, min(_MOST, (self.width() + Space.M) // (_NARROWEST + Space.M)))

    def _fill(self) -> None:
        self._room = self._fitting()
        clear(self._layout)
        self.cards = [
            HostCard(total, self._click, is_chosen=bool(total.host) and total.host == self._host)
            for total in presenter.by_host(self._sums, self._room)
        ]
        for card in self.cards:
            card.setMaximumWidth(_WIDEST)
            self._layout.addWidget(card, 1)
        self._layout.addStretch(0)

    def _click(self, host: str) -> None:
        self._chosen(None if host == self._host else host)


class HostCard(QFrame):
    """Requests, bytes, tokens and cost of one host."""

    def __init__(self, total: HostSum, click: Callable[[str], None], *, is_chosen: bool) -> None:
        super().__init__()
        self.setObjectName("choice")
        self.setProperty("chosen", is_chosen)
        self.total = total
        self._click = click
        requests = presenter.requests_words(total.requests)
        extras = presenter.extras(total)
        self.setAccessibleName(f"{total.title}: {requests}, {extras}")
        if total.host:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setToolTip(
                tr("Show all hosts") if is_chosen else tr("Show {host} alone", host=total.title)
            )
        inside = column(self, gap=2, margin=Space.M)
        inside.addWidget(Elided(total.title, Type.SMALL, "muted"))
        line = row(gap=Space.XS)
        line.addWidget(label(presenter.number(total.requests), Type.HEADING, tabular=True))
        noun = tr_n("request", "requests", total.requests)
        line.addWidget(label(noun, Type.SMALL, "muted"), 0, Qt.AlignmentFlag.AlignBottom)
        line.addStretch(1)
        inside.addLayout(line)
        inside.addSpacing(2)
        inside.addWidget(Elided(extras, Type.SMALL, "muted"))
        restyle(self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Show this host alone, or all again."""
        super().mouseReleaseEvent(event)
        if self.total.host and event.button() == Qt.MouseButton.LeftButton:
            self._click(self.total.host)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do by key as by mouse."""
        keys = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if self.total.host and event.key() in keys:
            self._click(self.total.host)
        else:
            super().keyPressEvent(event)
