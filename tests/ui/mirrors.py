"""Looks at widgets and pictures in both directions, and tells what is no mirror of the other."""

from collections import Counter
from contextlib import contextmanager
from itertools import chain

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QLabel,
    QPlainTextEdit,
    QWidget,
)

from hive_desktop.ui.kit import aio

RTL, LTR = Qt.LayoutDirection.RightToLeft, Qt.LayoutDirection.LeftToRight
NEAR = 2


@contextmanager
def read(direction):
    app = QApplication.instance()
    app.setLayoutDirection(direction)
    try:
        yield
    finally:
        app.setLayoutDirection(LTR)


async def settled(window):
    await window.sync_panel.settled()
    await window.watch.settled()
    await window.current_page().settled()
    await aio.painted(window)


def boxes(root):
    """Return the place of each widget that is seen, by its way in the tree."""
    found = {}

    def walk(widget, way):
        counts = {}
        for child in widget.children():
            if not isinstance(child, QWidget) or child.isWindow() or not child.isVisible():
                continue
            kind = type(child).__name__
            counts[kind] = counts.get(kind, 0) + 1
            name = f"{way}/{kind}{counts[kind]}"
            found[name] = QRect(child.mapTo(root, QPoint()), child.size())
            if not isinstance(child, QAbstractSpinBox | QPlainTextEdit):  # Qt places what is inside
                walk(child, name)

    walk(root, "")
    return found


def adrift(root):
    """Return the labels with room to spare that do not say at which end of it they begin."""
    known = Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignHCenter
    return [
        (each.text(), each.parent())
        for each in root.findChildren(QLabel)
        if each.isVisible()
        and each.text()
        and each.width() > each.sizeHint().width() + 8
        and not each.alignment() & known
    ]


def unmirrored(first, second, width):
    """Return what stands in the second where it does not belong: name, wanted and found."""
    apart = sorted(first.keys() ^ second.keys())
    assert not apart, apart  # helpers are not rewritten by pytest: it would not say what differs
    wrong = []
    for name, box in first.items():
        wanted = QRect(width - box.x() - box.width(), box.y(), box.width(), box.height())
        moves = (
            abs(wanted.x() - second[name].x()),
            abs(wanted.y() - second[name].y()),
            abs(wanted.width() - second[name].width()),
        )
        if max(moves) > NEAR:
            wrong.append((name, wanted, second[name]))
    return wrong


def spans(image, gap=10):
    """Return where ink stands across a picture, as (first, last), with gaps of `gap` px."""
    columns = [[image.pixel(x, y) for y in range(image.height())] for x in range(image.width())]
    ground, _ = Counter(chain.from_iterable(columns)).most_common(1)[0]
    inked = [x for x, column in enumerate(columns) if set(column) != {ground}]
    result = []
    for x in inked:
        if result and x - result[-1][1] <= gap:
            result[-1][1] = x
        else:
            result.append([x, x])
    return result


def mirrored(first, second, width, tolerance=3):
    """Tell whether the spans are each other's mirror."""
    turned = [[width - 1 - last, width - 1 - start] for start, last in reversed(first)]
    return len(turned) == len(second) and all(
        abs(a - b) <= tolerance
        for one, other in zip(turned, second, strict=True)
        for a, b in zip(one, other, strict=True)
    )
