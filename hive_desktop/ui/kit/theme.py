"""The theme in force: its colours and fonts, and who switches them in every window.

Widgets that paint for themselves read `active()` while painting; when the theme changes, Qt's own
PaletteChange event reaches every widget, so nobody keeps a connection to a theme object. The values
are in `tokens`, the arithmetic of colours in `contrast`, what Qt gets of them in `style`.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from hive_desktop.ports.errors import EnvironmentFaultError
from hive_desktop.ui.kit import tokens
from hive_desktop.ui.kit.contrast import contrast, legible, luminance, mix
from hive_desktop.ui.kit.style import palette, style_sheet
from hive_desktop.ui.kit.tokens import (
    MODE_NAMES,
    PALETTE,
    TEXT_ON,
    THEMES,
    Mode,
    Motion,
    Radius,
    Scheme,
    Space,
    Theme,
    Type,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "MODE_NAMES",
    "PALETTE",
    "TEXT_ON",
    "THEMES",
    "Mode",
    "Motion",
    "Radius",
    "Scheme",
    "Space",
    "Theme",
    "ThemeManager",
    "Type",
    "active",
    "check_fonts",
    "contrast",
    "font",
    "glyph_color",
    "legible",
    "luminance",
    "mark_color",
    "mix",
    "palette",
    "qcolor",
    "style_sheet",
    "tint",
]

_in_force: list[Theme] = [THEMES[Scheme.LIGHT]]


def active() -> Theme:
    """Return the theme that the application shows now."""
    return _in_force[0]


@lru_cache(maxsize=64)
def font(role: Type, *, tabular: bool = False) -> QFont:
    """Return the font of a text role; `tabular` gives digits of one width, for money and dates."""
    size, weight = tokens.TYPE[role]
    result = QFont()
    result.setFamilies(tokens.FAMILIES)
    result.setPixelSize(size)
    result.setWeight(weight)
    if tabular:
        result.setFeature(QFont.Tag("tnum"), 1)
    return result


@lru_cache(maxsize=256)
def qcolor(color: str) -> QColor:
    """Return a colour as Qt's, made once: for what is painted often."""
    return QColor(color)


def check_fonts() -> None:
    """Make sure that text can be painted.

    Raises:
        EnvironmentFaultError: Qt found no font at all; without one it paints empty boxes.
    """
    if not QFontDatabase.families():
        raise EnvironmentFaultError(
            "No font was found, so no text could be shown.",
            title="No font on this computer",
            hint="Install one, for example: apt install fonts-inter fonts-dejavu",
        )


def mark_color(color: str) -> str:
    """Return a category's colour as areas of charts show it on a card."""
    return legible(color, active().colors.surface, active().mark_ratio)


def glyph_color(color: str, background: str) -> str:
    """Return a category's colour as icons and small text show it on the background."""
    return legible(color, background, active().text_ratio)


def tint(color: str) -> str:
    """Return a category's colour as the ground of its pill."""
    return mix(active().colors.surface, mark_color(color), 0.24)


@contextmanager
def in_light() -> Iterator[None]:
    """Let what is made and painted meanwhile be in light colours; visible windows stand still."""
    app = cast("QApplication", QApplication.instance())
    found = app.findChild(ThemeManager)
    manager = found if isinstance(found, ThemeManager) else ThemeManager(app)
    if active() is THEMES[Scheme.LIGHT]:
        yield
        return
    still = [one for one in app.topLevelWidgets() if one.isVisible()]
    for window in still:
        window.setUpdatesEnabled(False)
    before = _in_force[0]
    try:
        manager.show_scheme(Scheme.LIGHT)
        yield
    finally:
        manager.show_theme(before)
        for window in still:
            if isValid(window):
                window.setUpdatesEnabled(True)


class ThemeManager(QObject):
    """Shows what a mode asks for, and follows the system's choice while the mode does."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self.mode = Mode.SYSTEM
        app.setStyle("Fusion")
        app.setFont(font(Type.BODY))
        hints = app.styleHints()
        hints.colorSchemeChanged.connect(self._follow)
        hints.accessibility().contrastPreferenceChanged.connect(self._follow)

    def apply(self, mode: Mode) -> None:
        """Show the mode from now on, in every window."""
        self.mode = mode
        self.show_scheme(self._scheme())

    def show_scheme(self, scheme: Scheme) -> None:
        """Show these colours, whatever the system says, until a mode is applied."""
        self.show_theme(THEMES[scheme])

    def show_theme(self, theme: Theme) -> None:
        """Show the colours of a theme until a mode is applied."""
        _in_force[0] = theme
        self._app.setPalette(palette(active().colors))
        self._app.setStyleSheet(style_sheet(active().colors))

    def _scheme(self) -> Scheme:
        if self.mode in (Mode.LIGHT, Mode.DARK):
            return Scheme(self.mode.value)
        hints = self._app.styleHints()
        is_dark = hints.colorScheme() == Qt.ColorScheme.Dark
        wanted = hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast
        if wanted or self.mode is Mode.CONTRAST:
            return Scheme.CONTRAST_DARK if is_dark else Scheme.CONTRAST_LIGHT
        return Scheme.DARK if is_dark else Scheme.LIGHT

    def _follow(self, _changed: object) -> None:
        if self.mode in (Mode.SYSTEM, Mode.CONTRAST):
            self.apply(self.mode)
