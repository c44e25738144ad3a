"""Very long words, very large amounts, and keys and buttons that say what they need."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea, QWidget

from hive_desktop.ui.forms.own_account import AccountDialog, BalanceDialog
from hive_desktop.ui.forms.own_row import Choices, RowDialog
from hive_desktop.ui.kit import money
from hive_desktop.ui.kit.donut import Donut
from hive_desktop.ui.kit.theme import Space
from hive_desktop.ui.kit.toasts import Toast
from hive_desktop.ui.kit.wording import breakable
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.transactions.details import WIDTH
from tests.ui.fakes import make_session
from tests.ui.helpers import until, window_of
from tests.ui.household import TODAY, household

PAGE = PageName.TRANSACTIONS
HUGE = 150_000_000_000_000_00
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def key(page, wanted):
    QTest.keyClick(page.table, wanted)


@pytest.fixture
def house():
    return household()


async def test_a_long_word_leaves_the_details_as_wide_as_they_are(session, themes, house):
    row = house.rows[2]
    house.rows[2] = row._replace(
        name="N" * 400, description="D" * 400, note="x" * 2000, tags=("W" * 40, "short")
    )
    async with window_of(make_session(house), themes, page=PAGE) as window:
        page = window.current_page()
        page.table.select_only(2)
        key(page, Qt.Key.Key_E)
        await page.settled()
        inside = page.details.findChild(QScrollArea).widget()
        assert inside.minimumSizeHint().width() <= WIDTH
        assert page.details.width() == WIDTH


def test_only_very_long_words_are_broken():
    usual = "Donaudampfschifffahrt 01a21e7f-e826-7264"
    assert breakable(usual) == usual
    assert breakable("a" * 30).split("\N{ZERO WIDTH SPACE}") == ["a" * 12, "a" * 12, "a" * 6]


async def test_a_note_or_name_that_is_too_long_is_told_and_not_cut(session, themes, house):
    async with window_of(make_session(house), themes, page=PAGE) as window:
        page = window.current_page()
        page.table.select_only(2)
        key(page, Qt.Key.Key_N)
        await page.settled()
        before = house.rows[2].note
        page.details.note.setPlainText("x" * 2001)
        page.details.write()
        await page.settled()
        assert "2001 characters, and 2000" in page.error.words()[1]
        assert house.rows[2].note == before
        page.details.note.setPlainText("")
        page.details.name.setText("x" * 201)
        assert len(page.details.name.text()) == 201
        page.details.write()
        assert "201 characters, and 200" in page.error.words()[1]
        page.details.name.clear()


async def test_a_tag_that_is_too_long_stays_in_its_field(session, themes, house):
    async with window_of(make_session(house), themes, page=PAGE) as window:
        page = window.current_page()
        page.table.select_only(2)
        key(page, Qt.Key.Key_T)
        await until(page.row_actions.tags.isVisible)
        tags = page.row_actions.tags
        tags.field.setText("x" * 41)
        tags.accept()
        assert tags.isVisible()
        assert "41 characters, and 40" in tags.hint.text()
        QTest.keyClick(tags.field, Qt.Key.Key_Backspace)
        assert tags.hint.isHidden()
        tags.accept()
        await until(lambda: "x" * 40 in house.rows[2].tags)


async def test_huge_amounts_leave_the_overview_in_shape(session, themes, house):
    house.rows[:] = [
        row._replace(amount_minor=HUGE if row.amount_minor > 0 else -HUGE) if at < 40 else row
        for at, row in enumerate(house.rows)
    ]
    async with window_of(make_session(house), themes) as window:
        window.resize(980, 640)
        page = window.current_page()
        await page.settled()
        assert len({card.height() for card in page.cards}) == 1
        for card in page.cards:
            text = card.value.text()
            room = card.width() - 2 * Space.L
            assert QFontMetrics(card.value.font()).horizontalAdvance(text) <= room, text
            assert card.view.value in (text, card.toolTip())


def test_the_middle_of_the_ring_is_never_wider_than_its_room(qapp):
    long, short = money.plain(HUGE, "USD"), money.compact(HUGE, "USD")
    assert short == "$150T"
    for room in (300, 90, 40, 12):
        font, text = Donut.fitted(long, short, room)
        assert QFontMetrics(font).horizontalAdvance(text) <= room
    assert Donut.fitted(long, short, 60)[1] == short


def test_lists_round_what_has_no_room():
    assert money.brief("x", 10**9 * 100 - 1, "USD") == "x"
    assert money.brief("x", -(10**9) * 100, "USD") == "\N{MINUS SIGN}$1B"


async def test_tab_goes_from_the_note_to_the_tags(session, themes, house):
    house.rows[2] = house.rows[2]._replace(tags=("one", "two"))
    async with window_of(make_session(house), themes, page=PAGE) as window:
        page = window.current_page()
        window.activateWindow()
        await until(window.isActiveWindow)
        page.table.select_only(2)
        key(page, Qt.Key.Key_N)
        await page.settled()
        reached = []
        for _ in range(3):
            QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
            reached.append(window.focusWidget().accessibleName())
        assert reached == [
            "Take away the tag one", "Take away the tag two", "Add or take away tags",
        ]  # fmt: skip


async def test_a_key_means_the_outlined_row_where_none_is_selected(session, themes, house):
    async with window_of(make_session(house), themes, page=PAGE) as window:
        page = window.current_page()
        page.table.select_only(2)
        page.table.clearSelection()
        assert page.table.currentIndex().row() == 2
        wanted = []
        page.row_actions._splitting.split = wanted.append
        key(page, Qt.Key.Key_S)
        assert wanted == [house.rows[2].id]
        page.table.clearSelection()
        was = house.rows[2].is_hidden
        key(page, Qt.Key.Key_H)
        await until(lambda: house.rows[2].is_hidden is not was)
        page.table.clearSelection()
        key(page, Qt.Key.Key_C)
        await until(page.categories.isVisible)
        assert page.table.selected_rows() == [2]


async def test_keys_of_the_row_work_where_details_cover_the_table(session, themes, house):
    async with window_of(make_session(house), themes, page=PAGE) as window:
        window.resize(980, 640)
        page = window.current_page()
        window.activateWindow()
        await until(window.isActiveWindow)
        page.table.setFocus()
        page.table.select_only(2)
        key(page, Qt.Key.Key_E)
        await page.settled()
        if not page.stack.isHidden():
            page.resize(600, page.height())
            page.show_details()
        assert page.stack.isHidden()
        assert page.details.isAncestorOf(window.focusWidget())
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_J)
        assert page.details.row.id == house.rows[3].id
        was = house.rows[3].is_hidden
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_H)
        await until(lambda: house.rows[3].is_hidden is not was)
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_C)
        await until(page.categories.isVisible)


def test_a_new_account_says_why_it_cannot_be_added(qapp, parent):
    dialog = AccountDialog(parent, "USD", TODAY)
    assert dialog.save.toolTip() == "Give the account a name."
    dialog.name.setText("Wallet")
    assert dialog.save.isEnabled()
    assert dialog.save.toolTip() == ""
    for field, text, said in (
        (dialog.opening, "abc", "“abc” is not an amount. Write it like 12.00."),
        (dialog.opening, "", "Write an amount."),
        (dialog.opening, "100000000000.01", "The amount is too large: 100,000,000,000 USD"),
        (dialog.currency, "ABC", "“ABC” is not a currency."),
        (dialog.name, "x" * 61, "61 characters, and 60"),
    ):
        before = field.text()
        field.setText(text)
        assert not dialog.save.isEnabled()
        assert said in dialog.hint.text()
        assert said in dialog.save.toolTip()
        field.setText(before)
        assert dialog.save.isEnabled()


def test_a_new_row_says_why_it_cannot_be_added(qapp, parent, house):
    account = house.accounts[0]
    dialog = RowDialog(parent, Choices([account], [], []), TODAY)
    assert dialog.save.toolTip() == "Say who was paid, or who paid."
    dialog.payee.setText("Corner")
    assert dialog.save.toolTip() == "Write an amount."
    assert dialog.hint.isHidden()
    dialog.amount.setText("-5")
    assert "above 0" in dialog.hint.text()
    assert not dialog.hint.isHidden()
    assert not dialog.save.isEnabled()
    assert not dialog.again.isEnabled()
    dialog.amount.setText("5")
    assert dialog.save.isEnabled()
    assert dialog.hint.isHidden()
    dialog.note.setText("x" * 2001)
    assert "2,001 characters, and 2,000" in dialog.hint.text()
    dialog.note.clear()
    dialog.payee.setText("x" * 201)
    assert "201 characters, and 200" in dialog.hint.text()


def test_a_balance_says_why_it_cannot_be_kept(qapp, parent, house):
    dialog = BalanceDialog(parent, house.accounts[0], TODAY)
    assert dialog.hint.isHidden()
    dialog.amount.setText("x")
    assert "not an amount" in dialog.hint.text()
    assert not dialog.save.isEnabled()


def test_a_long_message_stays_in_the_window(qapp, parent):
    parent.resize(640, 480)
    toast = Toast(parent)
    for text in ("x" * 200 + " is added", "short"):
        toast.show_message(text, "Undo", lambda: None)
        assert toast.text() == text
        assert toast.width() <= parent.width()
    assert toast._text.text() == "short"


@pytest.fixture
def parent(qapp, themes):
    made = QWidget()
    yield made
    made.deleteLater()
