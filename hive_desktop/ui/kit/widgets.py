"""Small building blocks: text, cards, buttons, lines and layouts with the theme's distances."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Literal, TypeVar

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from hive_desktop.ui.kit import icons, theme
from hive_desktop.ui.kit.direction import start
from hive_desktop.ui.kit.theme import Space, Type

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import (
        QAbstractButton,
    )

L = TypeVar("L", QVBoxLayout, QHBoxLayout)
Tone = Literal["text", "muted", "faint", "accent", "income", "danger", "warning"]
Look = Literal[
    "primary", "secondary", "danger", "plain", "nav", "link", "chip", "segment", "option", "cross"
]

_LOOK_CHANGES = (
    QEvent.Type.PaletteChange,
    QEvent.Type.EnabledChange,
    QEvent.Type.LayoutDirectionChange,
)
_TONES = {"muted": "text_muted", "faint": "text_faint", "accent": "accent_text"}
_ICON_COLORS = {
    "primary": "on_accent",
    "secondary": "text_muted",
    "danger": "danger",
    "plain": "text_muted",
    "nav": "text_muted",
    "link": "accent_text",
    "chip": "text_muted",
    "segment": "text_muted",
    "option": "text_muted",
    "cross": "text_muted",
}


def label(
    text: str = "", role: Type = Type.BODY, tone: Tone = "text", *, tabular: bool = False
) -> QLabel:
    """Return a line of plain text."""
    result = QLabel(text)
    result.setTextFormat(Qt.TextFormat.PlainText)
    result.setAlignment(start())
    result.setFont(theme.font(role, tabular=tabular))
    if tone != "text":
        result.setProperty("tone", tone)
    return result


def keycap(text: str) -> QLabel:
    """Return a key as keyboards show it."""
    result = label(text, Type.SMALL)
    result.setObjectName("keycap")
    result.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return result


def paragraph(text: str, role: Type = Type.BODY, tone: Tone = "muted") -> QLabel:
    """Return text that wraps."""
    result = label(text, role, tone)
    result.setWordWrap(True)
    return result


def set_tone(widget: QWidget, tone: Tone) -> None:
    """Change a text's colour role."""
    if widget.property("tone") != tone:
        widget.setProperty("tone", tone)
        restyle(widget)


def tone_color(tone: Tone) -> str:
    """Return a text role's colour, for widgets that paint for themselves."""
    colors = theme.active().colors
    return str(getattr(colors, _TONES.get(tone, tone)))


def restyle(widget: QWidget) -> None:
    """Let the style sheet look again at a widget whose properties changed."""
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)


def announce(widget: QWidget, text: str) -> None:
    """Let a screen reader say something that stands in no focused control."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))


class Button(QPushButton):
    """A push button in one of the looks, with an icon that follows the theme.

    Args:
        text: the words on it; empty for an icon alone, which then needs a `name`.
        look: how loud it is.
        icon: an icon's name.
        name: the accessible name and tooltip.
    """

    def __init__(
        self, text: str = "", look: Look = "secondary", icon: str = "", *, name: str = ""
    ) -> None:
        super().__init__(f" {text}" if text and icon else text)
        self._look = look
        self._icon = icon
        self.setProperty("look", look)
        role = Type.STRONG if look == "primary" else Type.BODY
        self.setFont(theme.font(Type.SMALL if look in {"chip", "segment"} else role))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setIconSize(QSize(16, 16))
        self.setAutoDefault(False)
        self.setAccessibleName(name or text)
        if name:
            self.setToolTip(name)
        if not text:
            self.setFixedWidth(32)
            self.setStyleSheet("padding: 0;")
        self._tint()

    def set_icon(self, name: str) -> None:
        """Show another icon."""
        self._icon = name
        self._tint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Be pressed by Enter too, and not only by the space bar."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme, the line of reading, and whether it can be pressed."""
        super().changeEvent(event)
        if event.type() in _LOOK_CHANGES:
            self._tint()

    def _tint(self) -> None:
        if self._icon:
            role = _ICON_COLORS[self._look] if self.isEnabled() else "text_faint"
            self.setIcon(icons.icon(self._icon, getattr(theme.active().colors, role)))


class Icon(QLabel):
    """A picture that follows the theme: `role` names a colour of the theme, or is `#RRGGBB`."""

    def __init__(self, name: str, role: str = "text_muted", size: int = 16) -> None:
        super().__init__()
        self._name = name
        self._role = role
        self._size = size
        self.setFixedSize(size, size)
        self._tint()

    def show_icon(self, name: str, role: str) -> None:
        """Show another drawing or colour."""
        self._name, self._role = name, role
        self._tint()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme and the line of reading."""
        super().changeEvent(event)
        if event.type() in _LOOK_CHANGES:
            self._tint()

    def _tint(self) -> None:
        colors = theme.active().colors
        color = self._role if self._role.startswith("#") else getattr(colors, self._role)
        self.setPixmap(icons.pixmap(self._name, color, self._size))


Surface = Literal["card", "inset", "line", "alert", "notice", "choice", "question", "edge"]


def frame(kind: Surface) -> QFrame:
    """Return a surface of the theme."""
    result = QFrame()
    result.setObjectName(kind)
    return result


def column(parent: QWidget | None = None, *, gap: int = Space.S, margin: int = 0) -> QVBoxLayout:
    """Return a vertical layout, on a widget when one is given."""
    layout = QVBoxLayout(parent) if parent is not None else QVBoxLayout()
    return _spaced(layout, gap, margin)


def row(parent: QWidget | None = None, *, gap: int = Space.S, margin: int = 0) -> QHBoxLayout:
    """Return a horizontal layout, on a widget when one is given."""
    layout = QHBoxLayout(parent) if parent is not None else QHBoxLayout()
    return _spaced(layout, gap, margin)


def centred(widest: int, *, gap: int = Space.M) -> tuple[QWidget, QVBoxLayout]:
    """Return what a page scrolls, and the layout in its middle that is at most `widest` px wide."""
    content = QWidget()
    content.setObjectName("scrolled")
    inner = QWidget()
    inner.setMaximumWidth(widest)
    row(content, gap=0).addWidget(inner)
    layout = column(inner, gap=gap)
    layout.setContentsMargins(Space.XL, Space.L + 4, Space.XL, Space.XL)
    return content, layout


def way_back(back: QWidget, *beside: QWidget) -> QHBoxLayout:
    """Return the head of a view that stands in a page's place: the way back, and what it shows."""
    head = row(gap=Space.S)
    head.addSpacing(Space.XS)
    head.addWidget(back)
    head.addSpacing(Space.S)
    for each in beside:
        head.addWidget(each)
    head.addStretch(1)
    return head


def clear(layout: QBoxLayout) -> None:
    """Remove and delete all that a layout holds."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None and isinstance(inner, QBoxLayout):
            clear(inner)


def on_click(button: QAbstractButton, callback: Callable[[], None]) -> None:
    """Connect a click to a function without arguments."""
    button.clicked.connect(lambda _checked=False: callback())


def plain(text: str) -> str:
    """Return words as a button shows them: without this an ampersand would mark a key."""
    return text.replace("&", "&&")


def plain_tip(text: str) -> str:
    """Return words for a tooltip as they are: Qt takes what looks like HTML for it."""
    if "<" not in text:
        return text
    told = html.escape(text).replace("\n", "<br>")
    return f"<p>{told}</p>"


class Elided(QLabel):
    """A line that shortens itself with an ellipsis, and tells the whole in a tooltip."""

    def __init__(self, text: str = "", role: Type = Type.BODY, tone: Tone = "text") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(start())
        self.setFont(theme.font(role))
        if tone != "text":
            self.setProperty("tone", tone)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.set_full(text)

    def set_full(self, text: str) -> None:
        """Show another text."""
        self._full = text
        self.setAccessibleName(text)
        self._elide()

    def full(self) -> str:
        """Return the whole text."""
        return self._full

    def resizeEvent(self, event: object) -> None:
        """Shorten anew."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._elide()

    def _elide(self) -> None:
        shown = self.fontMetrics().elidedText(
            self._full, Qt.TextElideMode.ElideRight, max(self.width(), 40)
        )
        if shown != self.text():  # a text that is set lays its card out anew
            self.setText(shown)
        self.setToolTip(plain_tip(self._full) if shown != self._full else "")


def _spaced(layout: L, gap: int, margin: int) -> L:
    layout.setSpacing(gap)
    layout.setContentsMargins(margin, margin, margin, margin)
    return layout
