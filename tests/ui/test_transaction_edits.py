"""What a person does on the Transactions page: details, tags, many rows, saved filters, files."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from hive_desktop.domain.ledger import Order, TransactionQuery
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.transactions import actions, presenter
from hive_desktop.ui.pages.transactions.saved import NameDialog
from tests.ui.engine import sample_reviews
from tests.ui.fakes import make_session
from tests.ui.helpers import opened, press, until, window_of

PAGE = PageName.TRANSACTIONS
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def key(page, wanted):
    QTest.keyClick(page.table, wanted)


async def test_details_show_a_row_and_keep_what_is_typed(session, themes, house):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.table.setFocus()
        page.table.select_only(2)
        key(page, Qt.Key.Key_E)
        await page.settled()
        pane, row = page.details, house.rows[2]
        assert pane.isVisible()
        assert pane._title.full() == row.merchant
        pane.edit_note()
        QTest.keyClicks(pane.note, "for the office")
        QTest.keyClick(pane.note, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: house.rows[2].note == "for the office")
        pane.name.setText("  Corner  ")
        pane.name.editingFinished.emit()
        await until(lambda: page.model.row_at(2).merchant == "Corner")
        await page.settled()
        assert pane._title.full() == "Corner"
        assert "renamed" in window.toast.text()
        QTest.keyClick(pane, Qt.Key.Key_Escape)
        assert not pane.isVisible()
        assert page.table.hasFocus()


async def test_what_is_typed_is_kept_when_another_row_is_shown(session, themes, house):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.table.select_only(1)
        key(page, Qt.Key.Key_N)
        QTest.keyClicks(page.details.note, "first")
        page.table.select_only(2)
        await until(lambda: house.rows[1].note == "first")
        await page.settled()
        assert house.rows[2].note is None
        assert page.details.row.id == house.rows[2].id
        assert page.details.note.toPlainText() == ""


async def test_details_of_a_row_that_may_be_a_duplicate_say_so(session, themes, house):
    session.database.ledger.reviews = sample_reviews(house)
    review = session.database.ledger.reviews.every[0]
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.show_query(TransactionQuery(ids=(review.first.id,)))
        await page.settled()
        page.table.select_only(0)
        page.show_details()
        await page.settled()
        words = [each.text() for each in page.details.findChildren(actions.label("").__class__)]
        assert "Maybe a duplicate" in words


async def test_details_leave_with_their_row(session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.table.select_only(2)
        page.show_details()
        key(page, Qt.Key.Key_Delete)
        await until(lambda: not page.details.isVisible())


async def test_narrow_windows_show_details_in_the_tables_place(session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        window.resize(980, 640)
        page = window.current_page()
        page.table.select_only(0)
        page.show_details()
        assert not page.stack.isVisible()
        page.hide_details()
        assert page.stack.isVisible()


async def test_tags_are_ticked_added_and_taken_away(session, themes, house):
    house.rows[1] = house.rows[1]._replace(tags=("old", "both"))
    house.rows[2] = house.rows[2]._replace(tags=("both",))
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.table.select_only(1)
        QTest.keyClick(page.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
        key(page, Qt.Key.Key_T)
        picker = page.row_actions.tags
        await until(picker.isVisible)
        states = {item.text(): item.checkState() for item in picker._items()}
        assert states == {
            "both": Qt.CheckState.Checked, "old": Qt.CheckState.PartiallyChecked,
        }  # fmt: skip
        picker._toggle(picker._items()[0])
        QTest.keyClicks(picker.field, "#new, office")
        QTest.keyClick(picker.field, Qt.Key.Key_Return)
        QTest.keyClick(picker.field, Qt.Key.Key_Return)
        assert not picker.isVisible()
        await until(lambda: house.rows[2].tags == ("new", "office"))
        assert house.rows[1].tags == ("old", "new", "office")


async def test_a_tag_is_taken_away_in_the_details(session, themes, house):
    house.rows[1] = house.rows[1]._replace(tags=("old", "both"))
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.table.select_only(1)
        page.show_details()
        page.details._untag("old")
        await until(lambda: house.rows[1].tags == ("both",))


async def test_rows_are_hidden_and_reviewed_and_back_by_one_key(session, themes, house):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.table.setFocus()
        page.table.select_only(1)
        for pressed, field in ((Qt.Key.Key_H, "is_hidden"), (Qt.Key.Key_R, "is_reviewed")):
            for wanted in (True, False):
                key(page, pressed)
                await until(lambda f=field, w=wanted: getattr(house.rows[1], f) is w)
                await until(lambda f=field, w=wanted: getattr(page.model.row_at(1), f) is w)


async def test_x_marks_rows_one_by_one_while_j_and_k_walk(session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.table.setFocus()
        page.table.select_only(1)
        for pressed in (Qt.Key.Key_X, Qt.Key.Key_J, Qt.Key.Key_J, Qt.Key.Key_X, Qt.Key.Key_J):
            key(page, pressed)
        assert page.table.selected_rows() == [1, 3]
        assert page.table.currentIndex().row() == 4
        key(page, Qt.Key.Key_Escape)
        assert page.table.selected_rows() == []
        key(page, Qt.Key.Key_K)
        assert page.table.selected_rows() == [3]


async def test_all_rows_are_meant_as_their_query(session, themes, house, monkeypatch):
    monkeypatch.setattr(actions, "_MOST_KEPT", 10)
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.filters.clear()
        page.set_text("coffee")
        await page.settled()
        page.table.setFocus()
        QTest.keyClick(page.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        count = page.model.rowCount()
        assert page.table.selected_count() == count > 10
        meant = []
        page.row_actions.with_rows(meant.append)
        assert meant == [TransactionQuery(text="coffee")]
        page.row_actions.hide()
        await until(lambda: sum(row.is_hidden for row in house.rows) == count)
        assert f"{count} transactions hidden" in window.toast.text()
        await press(window, Qt.Key.Key_Z)
        await until(lambda: not any(row.is_hidden for row in house.rows))


async def test_some_of_many_rows_are_fetched_by_their_places(session, themes, house, monkeypatch):
    monkeypatch.setattr(actions, "_MOST_KEPT", 10)
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.order.choose(Order.OLDEST)
        await page.settled()
        page.table.select_only(0)
        for _ in range(14):
            QTest.keyClick(page.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
        meant = []
        page.row_actions.with_rows(meant.append)
        await until(lambda: meant)
        assert meant == [[row.id for row in house.rows[::-1][:15]]]


async def test_an_undo_is_redone_by_its_key(session, themes, house):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.table.setFocus()
        page.table.select_only(1)
        key(page, Qt.Key.Key_H)
        await until(lambda: house.rows[1].is_hidden)
        await press(window, Qt.Key.Key_Z)
        await until(lambda: not house.rows[1].is_hidden)
        both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        await press(window, Qt.Key.Key_Z, both)
        await until(lambda: house.rows[1].is_hidden)
        assert window.toast.text().startswith("Redone: ")
        await press(window, Qt.Key.Key_Z, both)
        await until(lambda: window.toast.text() == "There is nothing to redo")


async def test_rows_are_listed_in_another_order(session, themes, house):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.order.choose(Order.LARGEST)
        await page.settled()
        largest = max(abs(row.amount_minor) for row in house.rows)
        assert abs(page.model.row_at(0).amount_minor) == largest
        assert page._info.text() == f"{len(house.rows)} transactions"


def test_an_order_of_some_says_which():
    by_name = presenter.listed_words(20_000, TransactionQuery(), Order.NAME)
    assert by_name == "The newest 20,000, by name"
    assert presenter.listed_words(99, TransactionQuery(), Order.NAME) == "99 transactions"
    every = presenter.listed_words(1_000_000, TransactionQuery(), Order.LARGEST)
    assert every == "1,000,000 transactions"
    filtered = presenter.listed_words(20_000, TransactionQuery(pending=False), Order.LARGEST)
    assert filtered == "The newest 20,000, by amount"


async def test_compact_rows_are_lower_and_stay_so(session, themes, house):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        before = page.table.rowHeight(0)
        page.density.click()
        assert page.table.rowHeight(0) < before
        await until(lambda: session.database.ledger.settings.get("transactions.compact") == "1")
    again = make_session(house)
    again.database.ledger.settings["transactions.compact"] = "1"
    async with window_of(again, themes, page=PAGE) as window:
        assert window.current_page().density.isChecked()


async def test_a_filter_is_saved_applied_renamed_and_deleted(session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.filters._states_chosen(["pending"])
        page.set_text("market")
        saved = page.saved
        saved.fill()
        keep = next(one for one in saved.menu.actions() if one.text().startswith("Save"))
        keep.trigger()
        dialog = await opened(page, NameDialog)
        assert not dialog.save.isEnabled()
        dialog.field.setText("To come")
        dialog.save.click()
        await until(lambda: [one.name for one in saved.known] == ["To come"])
        page.filters.clear()
        window.show_transactions(TransactionQuery())
        saved.fill()
        saved.menu.actions()[0].trigger()
        assert page.filters.query == TransactionQuery(text="market", pending=True)
        assert window.shell.topbar.search.text() == "market"
        saved._spawn(saved._rename(saved.known[0]))
        dialog = await opened(page, NameDialog)
        dialog.field.setText("Later")
        dialog.accept()
        await until(lambda: [one.name for one in saved.known] == ["Later"])
        saved._spawn(saved._delete(saved.known[0]))
        await until(lambda: not saved.known)
        window.toast._act()
        await until(lambda: [one.name for one in saved.known] == ["Later"])
