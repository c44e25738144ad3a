"""The Transactions page: searching, filtering, editing, undoing."""

import dataclasses

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest

from hive_desktop.domain.changes import Actor, ChangeSet, Kind
from hive_desktop.domain.ledger import TransactionId, TransactionQuery
from hive_desktop.ports.errors import VaultDamagedError
from hive_desktop.ui.kit.paged_model import PAGE_ROWS
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.transactions import presenter
from tests.ui.fakes import make_session
from tests.ui.helpers import press, until, window_of
from tests.ui.household import TODAY, empty

PAGE = PageName.TRANSACTIONS
# What the offscreen plugin says of popups.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def _category(house, name):
    return next(each for each in house.categories if each.name == name)


def _choose(page, name):
    page.categories.choose_row([option.text for option in page._category_options()].index(name))


async def test_rows_read_as_people_write_them(session, themes, house):
    async with window_of(session, themes, page=PAGE) as window:
        model = window.current_page().model
        assert model.rowCount() == len(house.rows)
        refund = next(n for n, row in enumerate(house.rows) if row.amount_minor == -4599)
        cells = [model.index(refund, column).data() for column in range(5)]
        assert cells == [
            "Nov 19", "Marigold Online", "Shopping", "Travel Rewards ··8832", "+$45.99",
        ]  # fmt: skip


async def test_each_key_shows_its_rows_and_the_count_follows_the_typing(session, themes):
    async with window_of(session, themes) as window:
        search = window.shell.topbar.search
        window.focus_search()
        page = window.current_page()
        await page.settled()
        QTest.keyClicks(search, "m")
        await until(lambda: page._info.text().startswith("Counting"))
        assert page.model.rowCount() == PAGE_ROWS
        QTest.keyClicks(search, "arig")
        await page.settled()
        names = {row.merchant for row in page.model.loaded_rows().values()}
        assert names == {"Marigold Online"}
        assert page._info.text() == f"{page.model.rowCount()} transactions"
        QTest.keyClicks(search, "xy")
        await page.settled()
        assert page.stack.shown() == "empty"


async def test_slash_and_ctrl_f_jump_to_the_search(session, themes, qapp):
    async with window_of(session, themes) as window:
        await press(window, Qt.Key.Key_F)
        await until(lambda: window.current_page() is window.page(PAGE))
        assert window.focusWidget() is window.shell.topbar.search


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Down])
async def test_from_the_search_the_keyboard_goes_on_to_the_first_row(session, themes, key):
    async with window_of(session, themes) as window:
        search = window.shell.topbar.search
        window.focus_search()
        page = window.current_page()
        QTest.keyClicks(search, "marigold")
        if key is Qt.Key.Key_Down:  # Enter may come before the rows do
            await page.settled()
        QTest.keyClick(search, key)
        await page.settled()
        assert window.focusWidget() is page.table
        assert page.table.selected_rows() == [0]
        assert page.model.row_at(0).merchant == "Marigold Online"


async def test_nothing_found_says_so_and_clears(session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.set_text("zzzz")
        await page.settled()
        assert page.stack.shown() == "empty"
        page.set_text("")
        await page.settled()
        assert page.stack.shown() == "table"


async def test_an_empty_ledger_offers_to_connect(qloop, themes):
    async with window_of(make_session(empty()), themes, page=PAGE) as window:
        assert window.current_page().stack.shown() == "nothing"


async def test_category_is_edited_in_place_and_undone(session, themes, house):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.table.setFocus()
        page.table.select_only(2)
        QTest.keyClick(page.table, Qt.Key.Key_C)
        assert page.categories.isVisible()
        before = page.model.index(2, presenter.CATEGORY).data()
        _choose(page, "Travel")
        await until(lambda: page.model.index(2, presenter.CATEGORY).data() == "Travel")
        assert page.table.selected_rows() == [2]
        assert "moved to Travel" in window.toast.text()
        window.toast._act()
        await until(lambda: page.model.index(2, presenter.CATEGORY).data() == before)


async def test_picker_narrows_and_chooses_by_keys(session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.choose_category(page.model.index(0, presenter.CATEGORY))
        search = page.categories._search
        QTest.keyClicks(search, "heal")
        QTest.keyClick(search, Qt.Key.Key_Return)
        assert not page.categories.isVisible()
        await until(lambda: page.model.index(0, presenter.CATEGORY).data() == "Healthcare")


async def test_several_rows_at_once(session, themes, house):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.table.select_only(1)
        for _ in range(2):
            QTest.keyClick(page.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
        assert page.table.selected_rows() == [1, 2, 3]
        assert page.row_actions.bar.isVisible()
        page.row_actions.set_category()
        _choose(page, "Education")
        await until(lambda: page.model.index(3, presenter.CATEGORY).data() == "Education")
        wanted = _category(house, "Education").id
        assert [row.category_id for row in house.rows[1:4]] == [wanted] * 3
        await press(window, Qt.Key.Key_Z)
        await until(lambda: house.rows[1].category_id != wanted)


async def test_filters_compose_one_query(session, themes, house):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        filters = page.filters
        food = _category(house, "Food & Dining").id
        filters._categories_chosen([food, "uncategorized"])
        filters._date_chosen(dict(presenter.date_presets(TODAY))["This month"])
        filters._accounts_chosen([house.accounts[2].id])
        await page.settled()
        rows = list(page.model.loaded_rows().values())
        assert rows
        assert all(row.category_id in (food, None) for row in rows)
        assert all(row.account_id == house.accounts[2].id for row in rows)
        assert all(row.posted_on.month == TODAY.month for row in rows)
        assert filters.dates.value() == "This month"
        assert filters.categories.value() == "2 categories"
        filters.clear()
        await page.settled()
        assert page.filters.query == TransactionQuery()
        assert page.model.rowCount() == len(house.rows)


async def test_states_compose_and_are_dropped(session, themes, house):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        pending = sum(row.pending for row in house.rows)
        total = len(house.rows)
        for keys, count, words in (
            (["pending"], pending, "Pending"),
            (["posted", "shown"], total - pending, "2 states"),
            (["pending", "posted"], total, ""),
            (["hidden"], 0, "Hidden"),
        ):
            page.filters._states_chosen(keys)
            await page.settled()
            assert (page.model.rowCount(), page.filters.states.value()) == (count, words)
        page.filters.states._drop()
        await page.settled()
        assert page.filters.query == TransactionQuery()


async def test_an_error_shows_and_can_be_tried_again(session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        session.database.fail_with = VaultDamagedError()
        page.filters.clear()
        await page.settled()
        assert page.error.isVisible()
        session.database.fail_with = None
        page._ask()
        await page.settled()
        assert not page.error.isVisible()


async def test_a_sync_adds_rows_and_the_place_is_kept(session, themes, house):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.table.select_only(4)
        assert page.table.selected_rows() == [4], page.model.rowCount()
        chosen = house.rows[4]
        house.rows.insert(0, house.rows[0]._replace(id=TransactionId(b"new" * 5)))
        page._refresh()
        await page.settled()
        assert page.table.selected_rows() == [5], page.model.rowCount()
        assert page.model.row_at(page.table.selected_rows()[0]) == chosen


async def test_narrow_windows_drop_the_account_first(session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        window.resize(980, 640)
        table = window.current_page().table
        await until(lambda: table.isColumnHidden(presenter.ACCOUNT))
        window.resize(1400, 800)
        await until(lambda: not table.isColumnHidden(presenter.ACCOUNT))


def test_labels_of_dates():
    month = dict(presenter.date_presets(TODAY))["Last month"]
    query = TransactionQuery(start=month.start, end=month.end)
    assert presenter.date_label(query, TODAY) == "Last month"
    open_end = TransactionQuery(start=TODAY)
    assert presenter.date_label(open_end, TODAY) == "From Nov 23, 2026"
    assert presenter.date_label(TransactionQuery(), TODAY) == ""


class Paints(QObject):
    """Counts how often a widget is painted."""

    count = 0

    def eventFilter(self, _widget, event):
        self.count += event.type() is QEvent.Type.Paint
        return False


async def test_what_scrolling_leaves_on_the_screen_is_what_a_fresh_picture_shows(session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        table = window.current_page().table
        bar = table.verticalScrollBar()
        table.select_only(3)
        paints = Paints(table)
        table.viewport().installEventFilter(paints)
        for step in (37, 91, 17, -55, 200, -13):
            before = paints.count
            bar.setValue(bar.value() + step)
            # The loop paints what is new; `aio.painted` would paint all of it anew.
            await until(lambda before=before: paints.count > before)
        assert bar.value() == 277
        fresh = window.grab().toImage()
        shown = window.screen().grabWindow(window.winId()).toImage()
        assert shown.convertToFormat(fresh.format()) == fresh


async def test_selection_hover_and_focus_are_seen_and_go_again(session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        table = window.current_page().table
        window.shell.topbar.search.setFocus()
        plain = table.grab().toImage()
        table._hover(2)
        hovered = table.grab().toImage()
        table._hover(-1)
        table.select_only(2)
        selected = table.grab().toImage()
        table.setFocus()
        focused = table.grab().toImage()
        assert plain != hovered != selected != focused
        window.shell.topbar.search.setFocus()
        table.clearSelection()
        assert table.grab().toImage() == plain


async def test_a_click_on_a_pill_chooses_and_with_a_key_held_only_selects(session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        table, left = page.table, Qt.MouseButton.LeftButton

        def click(row, column, held=Qt.KeyboardModifier.NoModifier):
            middle = table.visualRect(page.model.index(row, column)).center()
            QTest.mouseClick(table.viewport(), left, held, middle)

        click(1, presenter.NAME)
        assert not page.categories.isVisible()
        click(2, presenter.CATEGORY, Qt.KeyboardModifier.ControlModifier)
        assert table.selected_rows() == [1, 2]
        assert not page.categories.isVisible()
        click(4, presenter.CATEGORY)
        assert page.categories.isVisible()
        assert table.selected_rows() == [4]


async def test_a_category_of_another_colour_is_painted_anew(session, themes, house):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        before = page.table.grab().toImage()
        shown = page.model.row_at(0)
        category = next(each for each in house.categories if each.id == shown.category_id)
        place = house.categories.index(category)
        house.categories[place] = dataclasses.replace(category, color="#123456", name="Bees")
        session.bus.publish(ChangeSet(Actor.PERSON, {Kind.CATEGORIES: frozenset()}))
        await until(lambda: page.table.grab().toImage() != before)


async def test_a_query_of_merchants_and_of_one_direction_is_told_and_dropped(session, themes):
    query = TransactionQuery(merchants=("greenleaf market", "streamly"), is_in=False)
    async with window_of(session, themes, page=PageName.TRANSACTIONS) as window:
        page = window.current_page()
        window.show_transactions(query)
        await page.settled()
        bar = page.filters
        assert bar.only.isVisible()
        assert bar.only.value() == "2 merchants"
        assert bar.direction.isVisible()
        assert bar.direction.value() == "Money out"
        bar.only._drop()
        assert bar.query == TransactionQuery(is_in=False)
        bar.direction._drop()
        assert bar.query == TransactionQuery()
        assert not bar.direction.isVisible()
        window.show_transactions(TransactionQuery(merchants=("streamly",), is_in=True))
        assert (bar.only.value(), bar.direction.value()) == ("Streamly", "Money in")
        await page.settled()
