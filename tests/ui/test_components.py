"""The kit's newer components: amounts, chips, days, the search field, skeletons, progress."""

from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QWidget

from hive_desktop.domain.days import Period, Span
from hive_desktop.ui.gallery.window import SECTIONS, GalleryWindow
from hive_desktop.ui.kit import money
from hive_desktop.ui.kit.amount import Amount
from hive_desktop.ui.kit.chip import Chip
from hive_desktop.ui.kit.completion import Completion
from hive_desktop.ui.kit.money import Sign
from hive_desktop.ui.kit.period_picker import PeriodPicker
from hive_desktop.ui.kit.progress import Progress
from hive_desktop.ui.kit.range_picker import RangePicker
from hive_desktop.ui.kit.search_field import SearchField
from hive_desktop.ui.kit.select import Select
from hive_desktop.ui.kit.skeleton import Skeleton
from hive_desktop.ui.kit.theme import Mode, Motion
from hive_desktop.ui.kit.widgets import Button, column
from tests.ui.helpers import Heard, press, until
from tests.ui.test_accessible import nameless

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
TODAY = date(2026, 11, 23)
MONTH = Span.of(Period.MONTH, TODAY)


@pytest.fixture
def host(themes):
    widget = QWidget()
    widget.resize(640, 480)
    column(widget)
    yield widget
    widget.close()
    widget.deleteLater()


def _show(host, widget):
    host.layout().addWidget(widget)
    host.show()
    widget.setFocus()
    return widget


def test_an_amount_is_signed_coloured_and_spoken(themes):
    amount = Amount(Sign.FLOW)
    amount.show_amount(-1_250, "USD")
    assert (amount.text(), amount.property("tone")) == ("+$12.50", "income")
    assert amount.accessibleName() == "+$12.50, money in"
    amount.show_amount(1_250, "USD")
    assert (amount.text(), amount.property("tone")) == ("$12.50", "text")
    assert amount.accessibleName() == "$12.50, money out"
    plain = Amount(Sign.PLAIN)
    plain.show_amount(1_250, "USD")
    assert plain.property("tone") in (None, "text")


def test_amounts_hide_and_come_back_with_one_width(host):
    first, second = Amount(), Amount()
    for amount, minor in ((first, 5), (second, 123_456_789)):
        amount.show_amount(minor, "USD")
        host.layout().addWidget(amount)
    try:
        money.hide(hidden=True)
        assert first.text() == second.text() == money.HIDDEN == money.compact(5, "USD")
        assert first.accessibleName() == money.HIDDEN
        assert first.sizeHint() == second.sizeHint()
    finally:
        money.hide(hidden=False)
    assert second.text() == "$1,234,567.89"


def test_a_chip_says_its_value_and_drops_it(host):
    opened, dropped = Heard(), Heard()
    chip = _show(host, Chip("Category", "tag", opened, dropped))
    assert (chip.text(), chip.accessibleName()) == (" Category", "Filter by category")
    QTest.keyClick(chip, Qt.Key.Key_Delete)
    assert not dropped
    chip.show_value("Food & Dining")
    assert chip.accessibleName() == "Filter by category: Food & Dining"
    assert chip.property("filled") is True
    QTest.keyClick(chip, Qt.Key.Key_Delete)
    assert len(dropped) == 1
    chip.click()
    assert len(opened) == 1
    chip._cross.click()
    assert len(dropped) == 2
    assert len(opened) == 1


def test_days_are_chosen_by_preset_or_by_hand(host):
    chosen = Heard()
    picker = RangePicker(host, [("All time", None), ("This month", MONTH)], chosen)
    host.show()
    picker.open_at(host.mapToGlobal(QPoint(0, 0)), MONTH, TODAY)
    assert [button.isChecked() for button in picker.buttons] == [False, True]
    assert picker.focusWidget() is picker.buttons[1]
    QTest.keyClick(picker.buttons[1], Qt.Key.Key_Down)
    assert picker.focusWidget() is picker.buttons[0]
    QTest.keyClick(picker.buttons[0], Qt.Key.Key_Return)
    assert chosen.calls == [(None,)]
    assert not picker.isVisible()
    picker.open_at(host.mapToGlobal(QPoint(0, 0)), None, TODAY)
    picker._range.show_days(date(2026, 3, 9), date(2026, 3, 2))
    picker.apply.click()
    assert chosen.calls[-1] == (Span(date(2026, 3, 2), date(2026, 3, 9)),)


async def test_alt_and_arrows_step_through_periods(qloop, host):
    changed = Heard()
    picker = _show(host, PeriodPicker(TODAY, changed))
    await press(host, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert picker.span() == Span.of(Period.MONTH, date(2026, 10, 1))
    await press(host, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert picker.span() == MONTH


def _complete(text, cursor):
    start = text[:cursor].rfind("#")
    if start < 0:
        return []
    typed = text[start + 1 : cursor]
    names = ("food", "fees", "travel")
    return [Completion(start, f"#{name}", name) for name in names if name.startswith(typed)]


@pytest.fixture
def field(host):
    heard = Heard()
    made = _show(host, SearchField("Search", heard, _complete))
    made.heard = heard
    return made


def test_a_completion_is_put_in_the_place_of_what_was_typed(field):
    QTest.keyClicks(field, "rent #f")
    assert [field.suggestions.list.item(n).text() for n in range(2)] == ["food", "fees"]
    assert field.hasFocus()
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.text() == "rent #fees "
    assert field.cursorPosition() == len(field.text())
    assert field.heard.calls[-1] == ("rent #fees ",)
    assert not field.suggestions.isVisible()


def test_tab_takes_the_first_and_escape_lets_go(field):
    QTest.keyClicks(field, "#t")
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert field.text() == "#travel "
    QTest.keyClicks(field, "#f")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not field.suggestions.isVisible()
    assert field.text() == "#travel #f"
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""
    assert field.heard.calls[-1] == ("",)


def test_the_cross_clears_and_work_is_shown(field):
    assert field._cross.isHidden()
    QTest.keyClicks(field, "rent")
    assert not field._cross.isHidden()
    field.show_busy(busy=True)
    assert not field._spinner.isHidden()
    field._cross.click()
    assert field.text() == ""
    assert field.heard.calls[-1] == ("",)
    field.show_busy(busy=False)
    assert field._spinner.isHidden()


async def test_a_skeleton_waits_a_moment(qloop, host):
    skeleton = _show(host, Skeleton("rows", "Loading transactions"))
    assert not skeleton.is_drawn()
    assert Motion.SKELETON == 150
    await until(skeleton.is_drawn)
    skeleton.hide()
    assert not skeleton.is_drawn()


def test_progress_says_how_far_or_that_it_goes_on(themes):
    progress = Progress("Applying", "{done} of {total} rows")
    assert progress._bar.maximum() == 0
    progress.show_far(1_200, 3_000)
    assert progress.words() == "1,200 of 3,000 rows"
    assert (progress._bar.value(), progress._bar.maximum()) == (1_200, 3_000)
    progress.show_busy("Encrypting")
    assert (progress.words(), progress._bar.maximum()) == ("Encrypting", 0)


def test_the_gallery_shows_everything_and_switches_the_theme(themes, qapp):
    closed = Heard()
    window = GalleryWindow(themes, closed)
    window.show()
    assert len(SECTIONS) == 15
    assert nameless(window) == []
    for mode, button in zip(Mode, window.modes.findChildren(Button), strict=True):
        button.click()
        assert themes.mode is mode
        assert not window.grab().isNull()
    window.close()
    assert len(closed) == 1
    themes.apply(Mode.LIGHT)
    window.deleteLater()


def test_a_select_opens_with_the_arrows_and_takes_letters(host):
    changed = Heard()
    select = Select([("a", "Apple"), ("b", "Berry"), ("p", "Apricot")], "Fruit", changed)
    host.layout().addWidget(Button("before"))
    _show(host, select)
    host.layout().addWidget(Button("after"))
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
        QTest.keyClick(select, key)
        menu = [one for one in select.findChildren(QMenu) if one.isVisible()][-1]
        assert [one.text() for one in menu.actions()] == ["Apple", "Berry", "Apricot"]
        assert menu.activeAction().text() == "Apple"
        menu.close()
    assert select.value() == "a"
    for letter, expected in (("a", "p"), ("B", "b"), ("x", "b"), ("a", "p"), ("a", "a")):
        QTest.keyClicks(select, letter)
        assert select.value() == expected
    assert len(changed) == 4
    QTest.keyClick(select, Qt.Key.Key_Space)
    menu = [one for one in select.findChildren(QMenu) if one.isVisible()][-1]
    menu.close()
