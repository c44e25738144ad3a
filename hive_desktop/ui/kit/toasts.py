"""Toasts: short messages at the foot of the window, with one action, that leave by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtWidgets import QFrame, QGraphicsDropShadowEffect, QLabel, QPushButton

from hive_desktop.i18n import tr_c
from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.direction import set_margins
from hive_desktop.ui.kit.money import CHANGED
from hive_desktop.ui.kit.theme import Motion, Space, Type
from hive_desktop.ui.kit.widgets import on_click, row

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QObject
    from PySide6.QtWidgets import QWidget

_LEAST_TEXT = 120


class Toast(QFrame):
    """One message and at most two actions. Only the newest is shown."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self.setObjectName("toast")
        self._action: Callable[[], None] | None = None
        self._also: Callable[[], None] | None = None
        self._full = ""
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setFont(theme.font(Type.BODY))
        self._button = QPushButton()
        self._button.setFont(theme.font(Type.STRONG))
        self._button.setCursor(Qt.CursorShape.PointingHandCursor)
        on_click(self._button, self._act)
        self._also_button = QPushButton()
        self._also_button.setFont(theme.font(Type.STRONG))
        self._also_button.setCursor(Qt.CursorShape.PointingHandCursor)
        on_click(self._also_button, self._act_also)
        close = QPushButton(tr_c("close a message", "Dismiss"))
        close.setFont(theme.font(Type.BODY))
        close.setObjectName("dismiss")
        on_click(close, self.hide)
        layout = row(self, gap=Space.M)
        set_margins(layout, Space.L, Space.XS, Space.S, Space.XS)
        layout.addWidget(self._text)
        layout.addWidget(self._button)
        layout.addWidget(self._also_button)
        layout.addWidget(close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(Motion.TOAST)
        self._timer.timeout.connect(self.hide)
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(24)
        shadow.setOffset(0, 4)
        self.setGraphicsEffect(shadow)
        host.installEventFilter(self)
        self.hide()

    def show_message(
        self,
        text: str,
        action: str = "",
        callback: Callable[[], None] | None = None,
        *,
        also: tuple[str, Callable[[], None]] | None = None,
    ) -> None:
        """Show a message, with a button when an action is named, and one more for `also`."""
        self._action = callback
        words, self._also = also or ("", None)
        self._also_button.setText(words)
        self._also_button.setVisible(bool(words))
        self._full = text
        self.setAccessibleName(text)
        self._button.setText(action)
        self._button.setVisible(bool(action))
        self.show()
        self.raise_()
        self._place()
        self._timer.start()

    def stay(
        self,
        text: str,
        action: str,
        callback: Callable[[], None],
        *,
        also: tuple[str, Callable[[], None]] | None = None,
    ) -> None:
        """Show a message that does not leave by itself."""
        self.show_message(text, action, callback, also=also)
        self._timer.stop()

    def event(self, event: QEvent) -> bool:
        """Leave when amounts are hidden: the words may hold one."""
        if event.type() == CHANGED:
            self.hide()
            self._full = ""
            self._text.clear()
            self.setAccessibleName("")
        return super().event(event)

    def text(self) -> str:
        """Return the message shown last."""
        return self._full

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the place when the window changes its size."""
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        self._text.setText(self._full)
        self.adjustSize()
        over = self.width() - (self._host.width() - 2 * Space.XL)
        if over > 0:
            room = max(self._text.sizeHint().width() - over, _LEAST_TEXT)
            metrics = self._text.fontMetrics()
            cut = metrics.elidedText(self._full, Qt.TextElideMode.ElideMiddle, room)
            self._text.setText(cut)
            self.adjustSize()
        self.move(
            (self._host.width() - self.width()) // 2, self._host.height() - self.height() - Space.XL
        )

    def _act(self) -> None:
        self.hide()
        if self._action is not None:
            self._action()

    def _act_also(self) -> None:
        self.hide()
        if self._also is not None:
            self._also()
