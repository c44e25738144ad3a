"""What a page shows instead of content: nothing yet, loading, or an error with its hint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QStackedLayout, QWidget

from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, Icon, column, label, on_click, paragraph, row

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.ports.errors import HiveError


_TEXT_WIDTH = 360


class EmptyState(QWidget):
    """An icon, a title, a sentence and at most one action."""

    def __init__(
        self,
        icon: str,
        title: str,
        text: str,
        action: str = "",
        callback: Callable[[], None] | None = None,
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
        if action and callback is not None:
            button = Button(action, "primary")
            on_click(button, callback)
            layout.addSpacing(Space.S)
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)

    def say(self, title: str, text: str) -> None:
        """Show other words."""
        self._title.setText(title)
        self._text.setText(text)
        self._reserve()

    def _reserve(self) -> None:
        """Keep room for all lines: in a stack, a layout may forget that the text wraps."""
        self._text.setMinimumHeight(max(self._text.heightForWidth(_TEXT_WIDTH), 0))


class ErrorBanner(QFrame):
    """An error in place: title, message, hint, and a way to try again or to put it away."""

    def __init__(self, retry: Callable[[], None] | None = None, action: str = "Try again") -> None:
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
        if retry is not None:
            button = Button(action)
            on_click(button, retry)
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        close = Button("", "plain", "x", name="Dismiss")
        on_click(close, self.hide)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignVCenter)
        self.hide()

    def show_error(self, error: HiveError) -> None:
        """Show what happened and what to do."""
        title, message, hint = error.rendered()
        self.show_words(title, message, hint)

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
        self.show()

    def words(self) -> tuple[str, str, str]:
        """Return title, message and hint as they stand."""
        return self._title.text(), self._message.text(), self._hint.text()


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
