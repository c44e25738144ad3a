"""What is painted by hand is mirrored where one reads from right to left; words are not."""

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QStyleOptionViewItem,
)

from hive_desktop.ui.kit.feed_lines import LINE_ROLE, FeedDelegate
from hive_desktop.ui.kit.feed_lines import Line as FeedLine
from hive_desktop.ui.kit.lines import Line, LineButton
from hive_desktop.ui.kit.skeleton import Bar
from hive_desktop.ui.kit.switch import Switch
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.egress.table import _Cells
from hive_desktop.ui.pages.transactions.row_pictures import ROW_HEIGHT
from tests.ui.fakes import make_session
from tests.ui.helpers import Heard, window_of
from tests.ui.mirrors import LTR, RTL, mirrored, read, settled, spans

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def _line(**more):
    return Line("Groceries", "+$1,204.50", "#FF6B6B", **more)


@pytest.mark.parametrize(
    "line",
    [
        _line(),
        _line(note="12%"),
        _line(icon="tag", remark="Nov 23, 2026", note="Food"),
        _line(icon="tag", is_income=True),
    ],
)
def test_rows_of_cards_are_painted_mirrored(qapp, themes, line):
    pictures = []
    for direction in (LTR, RTL):
        with read(direction):
            button = LineButton(line, 44)
            button.resize(420, 44)
            pictures.append(button.grab().toImage())
    first, second = (spans(each) for each in pictures)
    assert len(first) >= 2
    assert mirrored(first, second, 420)


async def test_rows_of_transactions_are_painted_mirrored(house, qloop, themes):
    pictures = []
    for direction in (LTR, RTL):
        with read(direction):
            session = make_session(house)
            async with window_of(session, themes, page=PageName.TRANSACTIONS) as window:
                window.resize(1280, 800)
                await settled(window)
                port = window.current_page().table.viewport()
                whole = port.grab().toImage()
                row = whole.copy(0, 2 * ROW_HEIGHT + 3, whole.width(), ROW_HEIGHT - 6)
                pictures.append(row)
            await session.close()
    width = pictures[0].width()
    assert pictures[1].width() == width
    first, second = (spans(each, 14) for each in pictures)
    assert len(first) == 5
    assert mirrored(first, second, width)


async def test_the_commands_are_painted_mirrored(house, qloop, themes):
    pictures = []
    for direction in (LTR, RTL):
        with read(direction):
            session = make_session(house)
            async with window_of(session, themes, page=PageName.OVERVIEW) as window:
                window.open_palette()
                await window.command_palette.settled()
                found = window.command_palette.list.list
                pictures.append(_row_of(found.itemDelegate(), found.model().index(0, 0)))
                window.command_palette.list.hide()
            await session.close()
    first, second = (spans(each) for each in pictures)
    assert len(first) >= 2
    assert mirrored(first, second, pictures[0].width())


@pytest.mark.parametrize("is_openable", [True, False])
def test_a_feed_is_painted_mirrored(qapp, themes, is_openable):
    line = FeedLine(
        "Harbour Bank",
        detail="3 new rows",
        icon="bank",
        pill="Undone",
        right="-$12.00",
        right_detail="Nov 23",
    )
    item = QStandardItem()
    item.setData(line, LINE_ROLE)
    model = QStandardItemModel()
    model.appendRow(item)
    delegate = FeedDelegate(model, is_openable=is_openable)
    pictures = []
    for direction in (LTR, RTL):
        with read(direction):
            pictures.append(_row_of(delegate, model.index(0, 0)))
    first, second = (spans(each, 12) for each in pictures)
    assert len(first) >= 3
    assert mirrored(first, second, pictures[0].width())


@pytest.mark.parametrize("side", [Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight])
def test_a_cell_of_a_request_is_painted_mirrored(qapp, themes, side):
    item = QStandardItem("200 OK")
    item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    model = QStandardItemModel()
    model.appendRow(item)
    pictures = []
    for direction in (LTR, RTL):
        with read(direction):
            pictures.append(_row_of(_Cells(model), model.index(0, 0)))
    first, second = (spans(each) for each in pictures)
    assert len(first) == 1
    assert first != second
    assert mirrored(first, second, pictures[0].width())


def _row_of(delegate, index):
    """Return what a delegate paints of one row."""
    image = QImage(QSize(480, 56), QImage.Format.Format_RGB32)
    image.fill(QColor("#FFFFFF"))
    option = QStyleOptionViewItem()
    option.rect = image.rect()
    painter = QPainter(image)
    delegate.paint(painter, option, index)
    painter.end()
    return image.copy(0, 0, image.width(), image.height() - 2)


def test_switch_and_skeleton_are_mirrored(qapp, themes):
    for make in (lambda: Switch("On", Heard()), lambda: Bar(share=0.4)):
        pictures = []
        for direction in (LTR, RTL):
            with read(direction):
                widget = make()
                if isinstance(widget, Switch):
                    widget.setChecked(True)
                else:
                    widget.resize(200, 10)
                pictures.append(widget.grab().toImage())
        assert pictures[0] != pictures[1]
        turned = pictures[0].flipped(Qt.Orientation.Horizontal)
        assert _difference(turned, pictures[1]) < 0.02


def _difference(one, other):
    """Return the share of pixels that differ by more than smoothing does."""
    far = 0
    for x in range(one.width()):
        for y in range(one.height()):
            a, b = one.pixelColor(x, y), other.pixelColor(x, y)
            far += abs(a.lightness() - b.lightness()) > 64
    return far / (one.width() * one.height())
