"""The line of reading: what Qt does not mirror by itself where it runs from right to left.

Qt mirrors layouts, columns of tables and what style sheets say of padding. A label it aligns by its
own text, so that a column of names would have two edges: labels say here where they begin. Whoever
paints places boxes as if one read from left to right and has them mirrored here, and margins that
differ at the two ends are set here. Axes of time and courses of figures stay as they are: charts
are read so everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QGuiApplication

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLayout, QMenu, QWidget

_FLAG = Qt.AlignmentFlag
_LEFT = _FLAG.AlignLeft | _FLAG.AlignAbsolute | _FLAG.AlignVCenter
_RIGHT = _FLAG.AlignRight | _FLAG.AlignAbsolute | _FLAG.AlignVCenter


def is_right_to_left() -> bool:
    """Tell whether the program is read from right to left."""
    return QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft


def start() -> Qt.AlignmentFlag:
    """Return the alignment at the beginning of the line, in the middle of its height."""
    return _RIGHT if is_right_to_left() else _LEFT


def end() -> Qt.AlignmentFlag:
    """Return the alignment at the end of the line, in the middle of its height."""
    return _LEFT if is_right_to_left() else _RIGHT


def placed(box: QRectF, within: QRectF) -> QRectF:
    """Return where a box belongs that was placed as if one read from left to right."""
    if not is_right_to_left():
        return box
    left = within.left() + within.right() - box.right()
    return QRectF(left, box.y(), box.width(), box.height())


def set_margins(one: QLayout | QWidget, first: int, top: int, last: int, bottom: int) -> None:
    """Set margins in pixels: before the line begins, above it, after its end, and below."""
    left, right = (last, first) if is_right_to_left() else (first, last)
    one.setContentsMargins(left, top, right, bottom)


def below(widget: QWidget, gap: int = 2) -> QPoint:
    """Return the point of the screen under a widget at which what it opens begins."""
    x = widget.width() if is_right_to_left() else 0
    return widget.mapToGlobal(QPoint(x, widget.height() + gap))


def open_menu(menu: QMenu, button: QWidget, gap: int = 2, *, at_end: bool = False) -> None:
    """Open a menu under a button: where that begins, or so that both end at the same edge."""
    x = 0 if at_end == is_right_to_left() else button.width() - menu.sizeHint().width()
    menu.popup(button.mapToGlobal(QPoint(x, button.height() + gap)))
