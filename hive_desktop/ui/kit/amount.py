"""An amount as a label: digits of one width, signed by the one formatter, hidden live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from hive_desktop.i18n import mark, tr
from hive_desktop.ui.kit import money, theme
from hive_desktop.ui.kit.direction import end
from hive_desktop.ui.kit.money import Sign
from hive_desktop.ui.kit.theme import Type
from hive_desktop.ui.kit.widgets import set_tone

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent

_SPOKEN_IN, _SPOKEN_OUT = mark("{text}, money in"), mark("{text}, money out")
_FORMATS = {Sign.FLOW: money.flow, Sign.NET: money.net, Sign.PLAIN: money.plain}


class Amount(QLabel):
    """Shows one amount.

    Args:
        sign: how it is signed. FLOW takes the ledger's sign (positive = out), the others the
            person's.
        role: the text's size.
    """

    def __init__(self, sign: Sign = Sign.FLOW, role: Type = Type.STRONG) -> None:
        super().__init__()
        self._sign = sign
        self._shown: tuple[int, str] | None = None
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(theme.font(role, tabular=True))
        self.setAlignment(end())

    def show_amount(self, minor: int, currency: str) -> None:
        """Show an amount in minor units of its currency."""
        self._shown = (minor, currency)
        self._say()

    def event(self, event: QEvent) -> bool:
        """Follow the hiding of amounts."""
        if event.type() == money.CHANGED:
            self._say()
        return super().event(event)

    def _say(self) -> None:
        if self._shown is None:
            return
        minor, currency = self._shown
        text = _FORMATS[self._sign](minor, currency)
        gain = -minor if self._sign is Sign.FLOW else minor
        set_tone(self, "income" if gain > 0 and self._sign is not Sign.PLAIN else "text")
        self.setText(text)
        spoken = text
        if self._sign is Sign.FLOW and not money.are_hidden() and minor:
            spoken = tr(_SPOKEN_IN if gain > 0 else _SPOKEN_OUT, text=text)
        self.setAccessibleName(spoken)
