"""A field for a question: it grows with its lines, Enter sends, Shift+Enter begins a new line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy

from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.theme import Type

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QResizeEvent

_MOST_LINES: Final = 6
_LEAST: Final = 40
_AROUND: Final = 24
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class AskField(QPlainTextEdit):
    """Asks for some lines of text.

    Args:
        words: the placeholder and accessible name.
        longest: the most signs that it takes.

    Attributes:
        sent: emitted by Enter where there is a text.
        stopped: emitted by Escape.
        recalled: emitted by the key up while the field is empty.
    """

    sent = Signal(str)
    stopped = Signal()
    recalled = Signal()

    def __init__(self, words: str, longest: int) -> None:
        super().__init__()
        self._longest = longest
        self.setObjectName("ask")
        self.setPlaceholderText(words)
        self.setAccessibleName(words)
        self.setFont(theme.font(Type.BODY))
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._fit)
        self._fit()

    def text(self) -> str:
        """Return what is written, without space round it."""
        return self.toPlainText().strip()

    def write(self, text: str) -> None:
        """Replace what is written and put the cursor behind it."""
        self.setPlainText(text)
        cursor = self.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self.setTextCursor(cursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Send, stop, or recall."""
        key = Qt.Key(event.key())
        is_shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key in _ENTER and not is_shifted:
            if self.text():
                self.sent.emit(self.text())
        elif key == Qt.Key.Key_Escape:
            self.stopped.emit()
        elif key == Qt.Key.Key_Up and not self.toPlainText():
            self.recalled.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew and be as tall as that needs."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if len(self.toPlainText()) > self._longest:
            self.write(self.toPlainText()[: self._longest])
            return
        lines = min(max(round(self.document().size().height()), 1), _MOST_LINES)
        is_full = lines == _MOST_LINES
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAsNeeded if is_full else policy.ScrollBarAlwaysOff
        )
        self.setFixedHeight(max(lines * self.fontMetrics().lineSpacing() + _AROUND, _LEAST))
