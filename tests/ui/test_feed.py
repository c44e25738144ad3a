"""Lists of unknown length, and the small parts that came with them."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from hive_desktop.ports.errors import VaultBusyError
from hive_desktop.services.tasks import TaskScope
from hive_desktop.ui.kit import dates
from hive_desktop.ui.kit.choices import Choices
from hive_desktop.ui.kit.dialog import Dialog
from hive_desktop.ui.kit.feed import FEED_ROWS, Feed, FeedModel, FeedView
from hive_desktop.ui.kit.feed_lines import Line
from hive_desktop.ui.kit.spinner import Spinner
from hive_desktop.ui.kit.switch import Switch
from tests.ui.helpers import Heard, until
from tests.ui.household import NOW

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class _Numbers:
    """Numbers from `first` on, `count` of them."""

    def __init__(self, count):
        self.numbers = list(range(count))
        self.asked = []
        self.fail_with = None

    async def page(self, offset, limit):
        self.asked.append((offset, limit))
        await asyncio.sleep(0)
        if self.fail_with is not None:
            raise self.fail_with
        return self.numbers[offset : offset + limit]

    def feed(self):
        return Feed(self.page, lambda n: Line(f"Row {n}", pill="New", right="$1"), lambda n: n)


@pytest.fixture
def scope(qloop):
    made = TaskScope("test")
    yield made
    qloop.run_until_complete(made.close())


@pytest.fixture
def shown(scope, themes, qtbot):
    opened = Heard()
    model = FeedModel(scope, None)
    view = FeedView(model, "Numbers", opened)
    view.resize(400, 300)
    qtbot.addWidget(view)
    view.show()
    return model, view, opened


async def test_pages_come_as_the_view_scrolls(shown):
    model, view, _ = shown
    source = _Numbers(250)
    model.ask(source.feed())
    await model.settled()
    assert source.asked[0] == (0, FEED_ROWS)
    assert model.rowCount() == FEED_ROWS
    while model.rowCount() < 250:
        view.scrollToBottom()
        await asyncio.sleep(0.01)
    await model.settled()
    assert model.rows() == tuple(range(250))
    assert not model.canFetchMore(model.index(-1, 0))


async def test_a_refresh_keeps_the_current_row_and_the_place(shown):
    model, view, _ = shown
    source = _Numbers(90)
    model.ask(source.feed())
    await model.settled()
    view.select_row(40)
    view.scrollTo(model.index(60, 0))
    offset = view.verticalScrollBar().value()
    source.numbers = [-1, *source.numbers]
    model.refresh()
    await model.settled()
    assert model.row_at(view.currentIndex().row()) == 40
    assert view.verticalScrollBar().value() == offset


async def test_click_and_enter_open(shown):
    model, view, opened = shown
    model.ask(_Numbers(5).feed())
    await model.settled()
    spot = view.visualRect(model.index(2, 0)).center()
    no = Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, no, spot)
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert opened.calls == [(2,), (3,)]
    assert model.index(2, 0).data() == "Row 2, New, $1"


async def test_errors_are_told_and_nothing_more_is_asked(shown):
    model, _, _ = shown
    heard = Heard()
    model.failed.connect(heard)
    source = _Numbers(500)
    source.fail_with = VaultBusyError(holder="x")
    model.ask(source.feed())
    await until(lambda: len(heard) == 1)
    assert model.rowCount() == 0
    assert not model.canFetchMore(model.index(-1, 0))


async def test_a_stopped_list_asks_nothing(shown):
    model, _, _ = shown
    source = _Numbers(5)
    model.ask(source.feed())
    await model.settled()
    model.stop()
    count = len(source.asked)
    model.refresh()
    await model.settled()
    assert len(source.asked) == count


def test_choices_by_click_on_the_card(themes, qtbot):
    heard = Heard()
    choices = Choices((("a", "One", "First."), ("b", "Two", "Second.")), "Which", heard)
    qtbot.addWidget(choices)
    choices.resize(300, 200)
    choices.show()
    assert choices.value() == "a"
    card = choices._cards[1]
    no = Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(card, Qt.MouseButton.LeftButton, no, QPoint(card.width() - 8, 8))
    assert choices.value() == "b"
    assert len(heard) == 1
    assert card.property("chosen")


def test_a_switch_calls_back_once(themes, qtbot):
    heard = Heard()
    switch = Switch("Use it", heard)
    qtbot.addWidget(switch)
    switch.setChecked(True)
    assert len(heard) == 0
    switch.click()
    assert heard.calls == [(False,)]


def test_a_switch_that_cannot_be_moved_does_not_look_like_one(themes, qtbot):
    switch = Switch("Use it", Heard())
    qtbot.addWidget(switch)
    for is_on in (False, True):
        switch.setChecked(is_on)
        switch.setEnabled(True)
        can, shape = switch.grab().toImage(), switch.cursor().shape()
        switch.setEnabled(False)
        assert switch.grab().toImage() != can
        assert (shape, switch.cursor().shape()) == (
            Qt.CursorShape.PointingHandCursor,
            Qt.CursorShape.ArrowCursor,
        )


def test_a_spinner_rests_while_hidden(themes, qtbot):
    spinner = Spinner("Busy")
    qtbot.addWidget(spinner)
    assert not spinner._timer.isActive()
    spinner.show()
    assert spinner._timer.isActive()
    spinner.hide()
    assert not spinner._timer.isActive()


async def test_a_dialog_is_as_tall_as_its_words(themes, qtbot):
    dialog = Dialog(None, "Title", "word " * 60)
    qtbot.addWidget(dialog)
    dialog.show()
    tall = dialog.height()
    dialog.error.show_words("Trouble", "word " * 60)
    await until(lambda: dialog.height() > tall)
    dialog.error.hide()
    await until(lambda: dialog.height() == tall)


def test_moments():
    here = NOW.astimezone()
    assert dates.moment(NOW, NOW) == dates.moment(NOW, NOW + timedelta(minutes=1))
    assert dates.moment(NOW + timedelta(days=1), NOW).startswith("tomorrow ")
    assert dates.moment(NOW - timedelta(days=1), NOW).startswith("yesterday ")
    assert dates.moment(NOW - timedelta(days=30), NOW).startswith("Oct ")
    assert "2025" in dates.moment(datetime(2025, 3, 4, 12, tzinfo=UTC), NOW)
    assert dates.local_day(NOW, NOW) == dates.day(here.date())


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.04, "0.0 s"), (2.14, "2.1 s"), (12.4, "12 s"), (60.0, "1 min"), (200.0, "3 min 20 s")],
)
def test_durations(seconds, words):
    assert dates.duration(seconds) == words
