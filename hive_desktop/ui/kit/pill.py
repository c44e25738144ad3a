"""A short state on its own ground; the word carries the meaning, the colour repeats it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy

from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.theme import Type
from hive_desktop.ui.kit.widgets import tone_color

if TYPE_CHECKING:
    from hive_desktop.ui.kit.widgets import Tone

PILL_HEIGHT = 20
_GROUNDS = {
    "income": "income_soft",
    "warning": "warning_soft",
    "danger": "danger_soft",
    "accent": "accent_soft",
}


class Pill(QLabel):
    """One word or two; follows the theme."""

    def __init__(self, text: str, tone: Tone) -> None:
        super().__init__(text)
        self._tone: Tone = tone
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(theme.font(Type.CAPTION))
        self.setFixedHeight(PILL_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._dress()

    def show_state(self, text: str, tone: Tone) -> None:
        """Show another state."""
        self.setText(text)
        self._tone = tone
        self._dress()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def _dress(self) -> None:
        ground, words = pill_colors(self._tone)
        sheet = f"background: {ground}; color: {words}; border-radius: 10px; padding: 0 8px;"
        if self.styleSheet() != sheet:
            self.setStyleSheet(sheet)


def pill_colors(tone: Tone) -> tuple[str, str]:
    """Return the colours of a pill's ground and of its words."""
    return getattr(theme.active().colors, _GROUNDS.get(tone, "pressed")), tone_color(tone)
