"""What a page shows instead of content: nothing yet, loading, or an error with its hint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QStackedLayout, QWidget

from hive_desktop.i18n import tr, tr_c
from hive_desktop.ports.errors import VaultDamagedError
from hive_desktop.ui.kit.direction import set_margins
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, Icon, column, label, on_click, paragraph, row

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.ports.errors import HiveError


_TEXT_WIDTH = 360


class EmptyState(QWidget):
    """An icon, a title, a sentence, an action, and one more for `also`."""

    def __init__(
        self,
        icon: str,
        title: str,
        text: str,
        action: str = "",
        callback: Callable[[], None] | None = None,
        *,
        also: tuple[str, Callable[[], None]] | None = None,
    ) -> None:
        super().__init__()
        layout = column(self, gap=Space.S, margin=Space.XL)
        layout.addStretch(2)
        picture = Icon(icon, "text_faint", 36)
        layout.addWidget(picture, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(Space.S)
        self._title = label(title, Type.TITLE)
        layout.addWidget(self._title, 0, Qt.AlignmentFlag.AlignHCenter)
        self._text = paragraph(text)
        self._text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._text.setFixedWidth(_TEXT_WIDTH)
        self._reserve()
        layout.addWidget(self._text, 0, Qt.AlignmentFlag.AlignHCenter)
        self.buttons: list[Button] = []
        ways = [(action, callback)] if action and callback is not None else []
        ways += [also] if also is not None else []
        line = row(gap=Space.S)
        for words, way in ways:
            button = Button(words, "secondary" if self.buttons else "primary")
            on_click(button, way)
            line.addWidget(button)
            self.buttons.append(button)
        if self.buttons:
            layout.addSpacing(Space.S)
            line.insertStretch(0, 1)
            line.addStretch(1)
            layout.addLayout(line)
        layout.addStretch(3)

    def say(self, title: str, text: str, action: str = "") -> None:
        """Show other words; the action keeps its own unless others are told."""
        self._title.setText(title)
        self._text.setText(text)
        if action and self.buttons:
            self.buttons[0].setText(action)
            self.buttons[0].setAccessibleName(action)
        self._reserve()

    def _reserve(self) -> None:
        """Keep room for all lines: in a stack, a layout may forget that the text wraps."""
        self._text.setMinimumHeight(max(self._text.heightForWidth(_TEXT_WIDTH), 0))


class ErrorBanner(QFrame):
    """An error in place: title, message, hint, and a way to try again or to put it away.

    Where the vault is damaged and the window knows how to restore it (`offer_restore`), that is
    offered too.

    Args:
        retry: what the button does; None for no button.
        action: its words, where it is none that tries again.
        also: words and call-back of one more button.
        closed: called when the person puts it away.
        is_narrow: buttons stand under the words.
    """

    def __init__(
        self,
        retry: Callable[[], None] | None = None,
        action: str = "",
        *,
        also: tuple[str, Callable[[], None]] | None = None,
        closed: Callable[[], None] | None = None,
        is_narrow: bool = False,
    ) -> None:
        super().__init__()
        self.setObjectName("alert")
        layout = row(self, gap=Space.M, margin=Space.M)
        layout.addWidget(Icon("alert", "danger", 18), 0, Qt.AlignmentFlag.AlignTop)
        words = column(gap=2)
        self._title = label("", Type.STRONG, "danger")
        self._message = paragraph("", Type.BODY, "text")
        self._hint = paragraph("", Type.SMALL, "muted")
        for each in (self._title, self._message, self._hint):
            words.addWidget(each)
        layout.addLayout(words, 1)
        self._foot = QWidget()
        words.addWidget(self._foot)
        foot = row(self._foot, gap=Space.S)
        set_margins(foot, 0, Space.S, 0, 0)
        self.restore = _button(tr("Restore\N{HORIZONTAL ELLIPSIS}"), self._restore)
        self.restore.setAccessibleName(tr("Restore from a backup"))
        foot.addWidget(self.restore)
        self.again = None if retry is None else _button(action or tr("Try again"), retry)
        self.other = None if also is None else _button(*also)
        for button in (self.again, self.other):
            if button is not None and is_narrow:
                foot.addWidget(button)
            elif button is not None:
                layout.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        foot.addStretch(1)
        close = Button("", "plain", "x", name=tr_c("close a message", "Dismiss"))
        on_click(close, self.hide)
        if closed is not None:
            on_click(close, closed)
        place = Qt.AlignmentFlag.AlignTop if is_narrow else Qt.AlignmentFlag.AlignVCenter
        layout.addWidget(close, 0, place)
        self._is_narrow = is_narrow
        self.hide()

    def show_error(self, error: HiveError, *, can_retry: bool = True) -> None:
        """Show what happened and what to do; `can_retry` is whether trying again is offered."""
        title, message, hint = error.rendered()
        if self.again is not None:
            self.again.setVisible(can_retry)
        is_damage = isinstance(error, VaultDamagedError)
        self.show_words(title, message, hint)
        self.restore.setVisible(is_damage and _restorer(self) is not None)
        self._tidy()

    def show_or_hide(self, error: HiveError | None) -> None:
        """Show an error, or nothing any more where there is none."""
        if error is None:
            self.hide()
        else:
            self.show_error(error)

    def show_words(self, title: str, message: str, hint: str = "") -> None:
        """Show words of a state that is no exception."""
        self._title.setText(title)
        self._message.setText(message)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self.setAccessibleName(f"{title}. {message} {hint}".strip())
        self.restore.hide()
        self._tidy()
        self.show()

    def _tidy(self) -> None:
        """Leave no room for buttons that are not there."""
        under = (self.again, self.other) if self._is_narrow else ()
        is_used = any(one is not None and not one.isHidden() for one in (self.restore, *under))
        self._foot.setVisible(is_used)

    def _restore(self) -> None:
        if (offer := _restorer(self)) is not None:
            offer()

    def words(self) -> tuple[str, str, str]:
        """Return title, message and hint as they stand."""
        return self._title.text(), self._message.text(), self._hint.text()


def _button(words: str, way: Callable[[], None]) -> Button:
    button = Button(words)
    on_click(button, way)
    return button


def _restorer(widget: QWidget) -> Callable[[], None] | None:
    """Return what lets a backup take the place of the vault; None where no window can."""
    each: QWidget | None = widget
    while each is not None:
        offer: Callable[[], None] | None = getattr(each, "offer_restore", None)
        if offer is not None:
            return offer
        each = each.parentWidget()
    return None


class Stack(QWidget):
    """One of several widgets in the same place, chosen by name."""

    def __init__(self, **widgets: QWidget) -> None:
        super().__init__()
        self._layout = QStackedLayout(self)
        self._widgets = widgets
        for widget in widgets.values():
            self._layout.addWidget(widget)

    def add(self, name: str, widget: QWidget) -> None:
        """Add a widget under a name."""
        self._widgets[name] = widget
        self._layout.addWidget(widget)

    def show_one(self, name: str) -> None:
        """Show the widget of that name."""
        self._layout.setCurrentWidget(self._widgets[name])

    def shown(self) -> str:
        """Return the name of the widget that is shown."""
        current = self._layout.currentWidget()
        return next((name for name, each in self._widgets.items() if each is current), "")


class Deck(QWidget):
    """Like a stack, but as tall as the widget that is shown."""

    def __init__(self, **widgets: QWidget) -> None:
        super().__init__()
        self._widgets = widgets
        self._shown = ""
        layout = column(self, gap=0)
        for widget in widgets.values():
            widget.hide()
            layout.addWidget(widget)

    def show_one(self, name: str) -> None:
        """Show the widget of that name."""
        self._shown = name
        for each, widget in self._widgets.items():
            widget.setVisible(each == name)

    def shown(self) -> str:
        """Return the name of the widget that is shown."""
        return self._shown
