"""The one file of design tokens, and what they become: palette, fonts and style sheet.

Every colour, distance, radius, font size and duration of the window is named here. Widgets that
paint for themselves read `active()` while painting; when the theme changes, Qt's own
PaletteChange event reaches every widget, so nobody keeps a connection to a theme object.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum, StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette

from hive_desktop.config import resources_dir
from hive_desktop.ports.errors import EnvironmentFaultError

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


class Mode(StrEnum):
    """What a person can choose for the colours."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


MODE_NAMES: Final = (
    (Mode.SYSTEM, "System"),
    (Mode.LIGHT, "Light"),
    (Mode.DARK, "Dark"),
    (Mode.CONTRAST, "High contrast"),
)
"""The modes in the words of the settings."""


class Space(IntEnum):
    """Distances in pixels, on a grid of four."""

    XS = 4
    S = 8
    M = 12
    L = 16
    XL = 24
    XXL = 32
    HUGE = 48


class Radius(IntEnum):
    """Corner radii in pixels."""

    S = 6
    M = 8
    L = 12


class Motion(IntEnum):
    """Durations in milliseconds."""

    DEBOUNCE = 150
    REFETCH = 60
    SKELETON = 150
    TOAST = 8000


class Type(StrEnum):
    """Roles of text."""

    CAPTION = "caption"
    SMALL = "small"
    BODY = "body"
    STRONG = "strong"
    TITLE = "title"
    HEADING = "heading"
    FIGURE = "figure"
    DISPLAY = "display"


@dataclass(frozen=True, slots=True)
class Colors:
    """Colour roles as `#RRGGBB`. A text role keeps its contrast on each ground of `TEXT_ON`."""

    window: str
    sidebar: str
    surface: str
    hover: str
    pressed: str
    selection: str
    border: str
    border_strong: str
    text: str
    text_muted: str
    text_faint: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_text: str
    accent_soft: str
    income: str
    income_soft: str
    danger: str
    danger_soft: str
    warning: str
    warning_soft: str
    bar_spent: str
    bar_income: str
    grid: str
    toast: str
    on_toast: str
    toast_action: str


LIGHT: Final = Colors(
    window="#F7F7F8",
    sidebar="#EFEFF2",
    surface="#FFFFFF",
    hover="#F3F3F5",
    pressed="#E6E6EA",
    selection="#FCF1D6",
    border="#E4E4E9",
    border_strong="#CFCFD6",
    text="#17171C",
    text_muted="#57575F",
    text_faint="#65656D",
    accent="#F5B51E",
    accent_hover="#E9A90F",
    on_accent="#231800",
    accent_text="#855300",
    accent_soft="#FDF3DC",
    income="#0A7242",
    income_soft="#E2F4EA",
    danger="#B3261E",
    danger_soft="#FCE8E6",
    warning="#8A5300",
    warning_soft="#FDF0D9",
    bar_spent="#F0AE1C",
    bar_income="#2FA36B",
    grid="#ECECF0",
    toast="#232329",
    on_toast="#F4F4F6",
    toast_action="#FFCF5C",
)

DARK: Final = Colors(
    window="#131316",
    sidebar="#19191D",
    surface="#1D1D22",
    hover="#26262C",
    pressed="#303038",
    selection="#3A3220",
    border="#2D2D34",
    border_strong="#43434C",
    text="#F1F1F4",
    text_muted="#B0B0BA",
    text_faint="#9A9AA5",
    accent="#F5B92E",
    accent_hover="#FFC94A",
    on_accent="#231800",
    accent_text="#F8C65A",
    accent_soft="#352C18",
    income="#5CCB93",
    income_soft="#173326",
    danger="#FF8A80",
    danger_soft="#3B1F1E",
    warning="#F5BF5B",
    warning_soft="#37291A",
    bar_spent="#F0B232",
    bar_income="#43B581",
    grid="#2A2A31",
    toast="#3A3A43",
    on_toast="#F4F4F6",
    toast_action="#FFCF5C",
)

HIGH_CONTRAST: Final = Colors(
    window="#000000",
    sidebar="#000000",
    surface="#000000",
    hover="#1F1F1F",
    pressed="#262626",
    selection="#2E2600",
    border="#8C8C8C",
    border_strong="#FFFFFF",
    text="#FFFFFF",
    text_muted="#EBEBEB",
    text_faint="#D6D6D6",
    accent="#FFD60A",
    accent_hover="#FFE55C",
    on_accent="#000000",
    accent_text="#FFE14D",
    accent_soft="#262000",
    income="#7DF5B0",
    income_soft="#00260F",
    danger="#FFB3AB",
    danger_soft="#330500",
    warning="#FFD27A",
    warning_soft="#2B1C00",
    bar_spent="#FFD60A",
    bar_income="#5CE0FF",
    grid="#595959",
    toast="#FFFFFF",
    on_toast="#000000",
    toast_action="#5A3A00",
)

_GROUNDS: Final = ("window", "sidebar", "surface", "hover")
TEXT_ON: Final[dict[str, tuple[str, ...]]] = {
    "text": (*_GROUNDS, "pressed", "selection", "accent_soft", "danger_soft"),
    "text_muted": (*_GROUNDS, "pressed", "selection", "accent_soft", "danger_soft"),
    "text_faint": (*_GROUNDS, "pressed"),
    "accent_text": (*_GROUNDS, "accent_soft"),
    "income": (*_GROUNDS, "selection", "income_soft"),
    "danger": (*_GROUNDS, "danger_soft"),
    "warning": (*_GROUNDS, "warning_soft"),
    "on_accent": ("accent", "accent_hover"),
    "on_toast": ("toast",),
    "toast_action": ("toast",),
}
"""The grounds on which each role of text may stand."""

# Pixel size and weight of each text role.
_TYPE: Final[dict[Type, tuple[int, QFont.Weight]]] = {
    Type.CAPTION: (11, QFont.Weight.Normal),
    Type.SMALL: (12, QFont.Weight.Normal),
    Type.BODY: (13, QFont.Weight.Normal),
    Type.STRONG: (13, QFont.Weight.DemiBold),
    Type.TITLE: (14, QFont.Weight.DemiBold),
    Type.HEADING: (20, QFont.Weight.DemiBold),
    Type.FIGURE: (26, QFont.Weight.DemiBold),
    Type.DISPLAY: (24, QFont.Weight.Bold),
}

# Inter where it is installed, else the platform's own face; the condensed cut of the last resort
# is nearer to the others in width.
_FAMILIES: Final = [
    "Inter",
    "Inter Variable",
    "SF Pro Text",
    ".AppleSystemUIFont",
    "Segoe UI Variable Text",
    "Segoe UI",
    "Adwaita Sans",
    "Cantarell",
    "Ubuntu",
    "Noto Sans",
    "DejaVu Sans Condensed",
    "DejaVu Sans",
]


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours in force.

    Attributes:
        colors: the roles.
        is_dark: light words stand on a dark ground.
        text_ratio: the least contrast of text on its ground.
        mark_ratio: the least contrast of a chart's areas on their card.
    """

    colors: Colors
    is_dark: bool
    text_ratio: float = 4.5
    mark_ratio: float = 1.6


THEMES: Final = {
    Mode.LIGHT: Theme(LIGHT, is_dark=False),
    Mode.DARK: Theme(DARK, is_dark=True),
    Mode.CONTRAST: Theme(HIGH_CONTRAST, is_dark=True, text_ratio=7.0, mark_ratio=3.0),
}
"""What each mode shows; the system's is one of them."""
_in_force: list[Theme] = [THEMES[Mode.LIGHT]]


def active() -> Theme:
    """Return the theme that the application shows now."""
    return _in_force[0]


@lru_cache(maxsize=64)
def font(role: Type, *, tabular: bool = False) -> QFont:
    """Return the font of a text role; `tabular` gives digits of one width, for money and dates."""
    size, weight = _TYPE[role]
    result = QFont()
    result.setFamilies(_FAMILIES)
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


class ThemeManager(QObject):
    """Applies a mode to the application and follows the system's choice while asked to."""

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
        _in_force[0] = THEMES[self._of_system() if mode is Mode.SYSTEM else mode]
        self._app.setPalette(palette(active().colors))
        self._app.setStyleSheet(style_sheet(active().colors))

    def _of_system(self) -> Mode:
        hints = self._app.styleHints()
        if hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
            return Mode.CONTRAST
        is_dark = hints.colorScheme() == Qt.ColorScheme.Dark
        return Mode.DARK if is_dark else Mode.LIGHT

    def _follow(self, _changed: object) -> None:
        if self.mode is Mode.SYSTEM:
            self.apply(Mode.SYSTEM)


def palette(colors: Colors) -> QPalette:
    """Return Qt's palette for the colour roles."""
    role = QPalette.ColorRole
    result = QPalette()
    for name, value in {
        role.Window: colors.window,
        role.Base: colors.surface,
        role.AlternateBase: colors.hover,
        role.Button: colors.surface,
        role.WindowText: colors.text,
        role.Text: colors.text,
        role.ButtonText: colors.text,
        role.PlaceholderText: colors.text_faint,
        role.Highlight: colors.accent,
        role.HighlightedText: colors.on_accent,
        role.ToolTipBase: colors.toast,
        role.ToolTipText: colors.on_toast,
        role.Link: colors.accent_text,
        role.Accent: colors.accent,
    }.items():
        result.setColor(name, QColor(value))
    faint = QColor(colors.text_faint)
    for name in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, name, faint)
    return result


PALETTE: Final = (
    ("#FF6B6B", "Coral"),
    ("#F4A261", "Orange"),
    ("#F7DC6F", "Yellow"),
    ("#FFEAA7", "Straw"),
    ("#B8D96A", "Lime"),
    ("#58D68D", "Green"),
    ("#96CEB4", "Sage"),
    ("#98D8C8", "Mint"),
    ("#4ECDC4", "Turquoise"),
    ("#45B7D1", "Sky"),
    ("#85C1E9", "Blue"),
    ("#7F8CFF", "Indigo"),
    ("#BB8FCE", "Purple"),
    ("#DDA0DD", "Plum"),
    ("#F48FB1", "Pink"),
    ("#AAB7B8", "Grey"),
)
"""Colours that a category can have, and their names: each theme shows them readable."""


def luminance(color: str) -> float:
    """Return the relative luminance of `#RRGGBB` (WCAG 2.2, definition of relative luminance)."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def mix(color: str, other: str, share: float) -> str:
    """Return `color` with `share` (0 to 1) of `other` mixed in."""
    pairs = ((int(color[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


@lru_cache(maxsize=512)
def legible(color: str, background: str, ratio: float) -> str:
    """Return the colour, moved towards black or white until its contrast is enough."""
    target = "#000000" if luminance(background) > 0.18 else "#FFFFFF"
    for step in range(21):
        candidate = mix(color, target, step / 20)
        if contrast(candidate, background) >= ratio:
            return candidate
    return target


def mark_color(color: str) -> str:
    """Return a category's colour as areas of charts show it on a card."""
    return legible(color, active().colors.surface, active().mark_ratio)


def glyph_color(color: str, background: str) -> str:
    """Return a category's colour as icons and small text show it on the background."""
    return legible(color, background, active().text_ratio)


def tint(color: str) -> str:
    """Return a category's colour as the ground of its pill."""
    return mix(active().colors.surface, mark_color(color), 0.24)


def style_sheet(colors: Colors) -> str:
    """Return the application's style sheet: the template in resources/qss with the colours in."""
    folder = resources_dir()
    sheet = (folder / "qss" / "hive.qss").read_text(encoding="utf-8")
    sheet = sheet.replace("@tick", (folder / "icons" / "tick.svg").as_posix())
    for field in sorted(fields(colors), key=lambda each: -len(each.name)):
        sheet = sheet.replace(f"@{field.name}", getattr(colors, field.name))
    return sheet
