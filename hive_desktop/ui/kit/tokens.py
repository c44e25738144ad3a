"""The one file of design tokens: each colour, distance, radius, font size and duration, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

from PySide6.QtGui import QFont

from hive_desktop.i18n import mark


class Mode(StrEnum):
    """What a person can choose for the colours."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


MODE_NAMES: Final = (
    (Mode.SYSTEM, mark("System")),
    (Mode.LIGHT, mark("Light")),
    (Mode.DARK, mark("Dark")),
    (Mode.CONTRAST, mark("High contrast")),
)
"""The modes in the words of the settings."""


class Scheme(StrEnum):
    """A set of colours; what a mode shows is one of them."""

    LIGHT = "light"
    DARK = "dark"
    CONTRAST_LIGHT = "contrast-light"
    CONTRAST_DARK = "contrast-dark"


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

CONTRAST_DARK: Final = Colors(
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

CONTRAST_LIGHT: Final = Colors(
    window="#FFFFFF",
    sidebar="#FFFFFF",
    surface="#FFFFFF",
    hover="#EDEDED",
    pressed="#E0E0E0",
    selection="#FFEFB8",
    border="#6B6B6B",
    border_strong="#000000",
    text="#000000",
    text_muted="#1F1F1F",
    text_faint="#333333",
    accent="#5C3900",
    accent_hover="#3D2600",
    on_accent="#FFFFFF",
    accent_text="#5C3900",
    accent_soft="#FFF3D1",
    income="#004D26",
    income_soft="#DDF7E8",
    danger="#8A0C06",
    danger_soft="#FFE9E7",
    warning="#5E3600",
    warning_soft="#FFF0D6",
    bar_spent="#9A5B00",
    bar_income="#00566E",
    grid="#A6A6A6",
    toast="#000000",
    on_toast="#FFFFFF",
    toast_action="#FFE14D",
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

TYPE: Final[dict[Type, tuple[int, QFont.Weight]]] = {
    Type.CAPTION: (11, QFont.Weight.Normal),
    Type.SMALL: (12, QFont.Weight.Normal),
    Type.BODY: (13, QFont.Weight.Normal),
    Type.STRONG: (13, QFont.Weight.DemiBold),
    Type.TITLE: (14, QFont.Weight.DemiBold),
    Type.HEADING: (20, QFont.Weight.DemiBold),
    Type.FIGURE: (26, QFont.Weight.DemiBold),
    Type.DISPLAY: (24, QFont.Weight.Bold),
}
"""Pixel size and weight of each text role."""

FAMILIES: Final = [
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
"""Inter where it is installed, else the platform's own face; the condensed cut of the last resort
is nearer to the others in width."""


@dataclass(frozen=True, slots=True)
class Theme:
    """A scheme and how much contrast it asks for.

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
    Scheme.LIGHT: Theme(LIGHT, is_dark=False),
    Scheme.DARK: Theme(DARK, is_dark=True),
    Scheme.CONTRAST_LIGHT: Theme(CONTRAST_LIGHT, is_dark=False, text_ratio=7.0, mark_ratio=3.0),
    Scheme.CONTRAST_DARK: Theme(CONTRAST_DARK, is_dark=True, text_ratio=7.0, mark_ratio=3.0),
}
"""The colours of each scheme."""

PALETTE: Final = (
    ("#FF6B6B", mark("Coral")),
    ("#F4A261", mark("Orange")),
    ("#F7DC6F", mark("Yellow")),
    ("#FFEAA7", mark("Straw")),
    ("#B8D96A", mark("Lime")),
    ("#58D68D", mark("Green")),
    ("#96CEB4", mark("Sage")),
    ("#98D8C8", mark("Mint")),
    ("#4ECDC4", mark("Turquoise")),
    ("#45B7D1", mark("Sky")),
    ("#85C1E9", mark("Blue")),
    ("#7F8CFF", mark("Indigo")),
    ("#BB8FCE", mark("Purple")),
    ("#DDA0DD", mark("Plum")),
    ("#F48FB1", mark("Pink")),
    ("#AAB7B8", mark("Grey")),
)
"""Colours that a category can have, and their names: each theme shows them readable."""
