"""All words that a widget and those in it show, tell or hold ready."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QLabel, QTextEdit, QWidget

from hive_desktop.ui.kit.donut import Donut

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.ToolTipRole,
)
_MOST_ROWS = 40
AMOUNT = re.compile(r"[$€£¥]\s?\d|\d[\d.,]*\s?[$€£¥K]\b")


def texts(root: QWidget) -> Iterator[tuple[str, str]]:
    """Yield where each text stands and the text."""
    for widget in (root, *root.findChildren(QWidget)):
        name = type(widget).__name__
        for words in (
            widget.accessibleName(),
            widget.accessibleDescription(),
            widget.toolTip(),
            widget.windowTitle(),
            *_of(widget),
        ):
            if words:
                yield name, words


def amounts(root: QWidget) -> list[tuple[str, str]]:
    """Return every text that holds an amount."""
    return [(where, words) for where, words in texts(root) if AMOUNT.search(words)]


def _of(widget: QWidget) -> Iterator[str]:
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    elif isinstance(widget, QTextEdit):
        yield widget.toPlainText()
    elif isinstance(widget, QAbstractItemView) and widget.model() is not None:
        model = widget.model()
        columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(QModelIndex())
        for row in range(min(model.rowCount(QModelIndex()), _MOST_ROWS)):
            for column in range(columns):
                for role in _ROLES:
                    words = model.data(model.index(row, column), role)
                    if isinstance(words, str):
                        yield words
    elif isinstance(widget, Donut):
        for share in widget.shares():
            yield share.text
