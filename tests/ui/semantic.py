"""A window as words: each widget that says something, with its role, its names and its state.

Containers that say nothing are left out, and what stands in them moves up. Of what is not shown
only the uppermost widget has a line. Lists and tables tell their first rows.
"""

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QScrollArea,
    QScrollBar,
    QTextEdit,
    QWidget,
)

from hive_desktop.ui.kit.widgets import Elided

_ROWS = 4
_INDENT = "  "
_LEAVES = (QAbstractItemView, QAbstractSpinBox, QPlainTextEdit, QScrollBar, QTextEdit)


def told(root):
    """Return the window as lines of text, ended by a line break."""
    return "\n".join(_lines(root, 0)) + "\n"


def _lines(widget, depth):
    said = _said(widget)
    if said:
        yield f"{_INDENT * depth}{said}"
        depth += 1
    if isinstance(widget, QAbstractItemView):
        yield from (f"{_INDENT * depth}| {row}" for row in _rows(widget))
    if isinstance(widget, _LEAVES):
        return
    for child in _children(widget):
        if child.isHidden():
            if name := _name(child):
                yield f"{_INDENT * depth}(hidden) {_kind(child)}: {name}"
        else:
            yield from _lines(child, depth)


def _children(widget):
    """Return the widgets inside in the order of reading, from top to bottom and left to right."""
    inside = [
        child
        for child in widget.children()
        if isinstance(child, QWidget) and not child.isWindow() and not isinstance(child, QScrollBar)
    ]
    if isinstance(widget, QAbstractScrollArea) and not isinstance(widget, QScrollArea):
        return []
    shown = [child for child in inside if not child.isHidden()]
    hidden = [child for child in inside if child.isHidden()]
    return sorted(shown, key=lambda each: (each.y(), each.x())) + hidden


def _said(widget):
    takes_focus = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    if isinstance(widget, QScrollArea):
        takes_focus = False
    name, text = _name(widget), _text(widget)
    if not (name or text or takes_focus):
        return ""
    parts = [_kind(widget)]
    if text:
        parts.append(_quoted(text))
    if name and name != text:
        parts.append(f"named {_quoted(name)}")
    if described := widget.accessibleDescription():
        parts.append(f"described {_quoted(described)}")
    return " ".join(parts + _state(widget, takes_focus=takes_focus))


def _state(widget, *, takes_focus):
    found = []
    if isinstance(widget, QAbstractButton) and widget.isCheckable():
        found.append("checked" if widget.isChecked() else "unchecked")
    if isinstance(widget, QProgressBar):
        of = widget.maximum() - widget.minimum()
        found.append(f"{widget.value()} of {of}" if of else "busy")
    if not widget.isEnabled():
        found.append("disabled")
    if takes_focus:
        found.append("focusable")
    return [f"[{', '.join(found)}]"] if found else []


def _kind(widget):
    interface = QAccessible.queryAccessibleInterface(widget)
    role = interface.role().name if interface is not None else "NoRole"
    own = type(widget).__name__
    return f"{own} ({role})" if not own.startswith("_") else f"{own[1:]} ({role})"


def _name(widget):
    return widget.accessibleName().strip()


def _text(widget):
    if isinstance(widget, Elided):
        return widget.full().strip()
    if isinstance(widget, QLabel | QAbstractButton):
        return widget.text().strip()
    if isinstance(widget, QLineEdit):
        return widget.text() or widget.placeholderText()
    if isinstance(widget, QPlainTextEdit | QTextEdit):
        return widget.toPlainText()
    if isinstance(widget, QAbstractSpinBox):
        return widget.text()
    return ""


def _quoted(text):
    return '"' + text.replace("\n", " / ") + '"'


def _rows(view):
    model = view.model()
    if not isinstance(model, QAbstractItemModel):
        return
    horizontal = Qt.Orientation.Horizontal
    # A list's model has its number of columns for itself.
    columns = range(1 if isinstance(model, QAbstractListModel) else model.columnCount())
    if len(columns) > 1:
        yield " | ".join(str(model.headerData(one, horizontal) or "") for one in columns)
    count = model.rowCount()
    for row in range(min(count, _ROWS)):
        yield " | ".join(_cell(model, row, one) for one in columns)
    if count > _ROWS:
        yield f"and {count - _ROWS} more"


def _cell(model, row, column):
    index = model.index(row, column)
    spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
    return str(spoken or index.data() or "").replace("\n", " / ")
