"""The Categories page: names, colours, order, archived ones, and merges, each with a way back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from hive_desktop.domain.ledger import CategoryKind
from hive_desktop.ports.errors import VaultDamagedError
from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.theme import PALETTE, ThemeManager
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.categories import words
from hive_desktop.ui.pages.categories.dialogs import CategoryDialog, MergeDialog
from tests.ui.helpers import opened, until, window_of
from tests.ui.test_accessible import nameless
from tests.words import speaking

PAGE = PageName.CATEGORIES
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def named(house, name):
    return next((each for each in house.categories if each.name == name), None)


def card_of(page, name):
    return next(card for card in page.cards if card.category.name == name)


def names(page):
    return [card.category.name for card in page.cards]


async def test_the_list_says_kind_and_rows(session, house, themes):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        assert names(page) == [each.name for each in house.categories]
        count = sum(row.category == "Food & Dining" for row in house.rows)
        card = card_of(page, "Food & Dining")
        assert f"Spending · {count} transactions" in card.accessibleName()
        assert not page.cards[0].up.isVisible()
        assert not page.cards[-1].down.isVisible()
        assert page._archived_title.isHidden()
        assert nameless(window) == []


async def test_a_category_is_edited_and_taken_back(session, house, themes):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        card_of(page, "Shopping").edit.click()
        dialog = await opened(window, CategoryDialog)
        assert not dialog.kinds.isVisible(), "a default one keeps its kind"
        assert nameless(dialog) == []
        dialog.name.setText("Things")
        dialog.hues.choose(PALETTE[0][0])
        dialog.icons.choose("car")
        dialog.save.click()
        await until(lambda: named(house, "Things") is not None)
        changed = named(house, "Things")
        assert (changed.color, changed.icon) == (PALETTE[0][0], "car")
        await until(lambda: "Things" in names(page))
        assert window.toast.text() == "Shopping is changed"
        window.toast._act()
        await until(lambda: "Shopping" in names(page))


async def test_a_default_category_is_shown_in_the_language_and_kept_as_it_is(
    session, house, themes, tmp_path, monkeypatch
):
    with speaking(tmp_path, monkeypatch, [("Shopping", "Einkäufe", None)]):
        async with window_of(session, themes, page=PAGE) as window:
            page = window.current_page()
            card = card_of(page, "Shopping")
            assert "Einkäufe" in card.accessibleName()
            card.edit.click()
            dialog = await opened(window, CategoryDialog)
            assert dialog.name.text() == "Einkäufe"
            dialog.icons.choose("car")
            dialog.save.click()
            await until(lambda: named(house, "Shopping").icon == "car")
            await until(lambda: window.toast.text() == "Einkäufe is changed")
            assert named(house, "Einkäufe") is None


async def test_a_name_that_is_taken_is_told_in_the_dialog(session, house, themes):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.add()
        dialog = await opened(window, CategoryDialog)
        assert not dialog.save.isEnabled()
        QTest.keyClicks(dialog.name, "travel")
        dialog.save.click()
        await until(dialog.error.isVisible)
        assert dialog.save.isEnabled()
        dialog.name.setText("x" * 41)
        dialog.save.click()
        await until(lambda: "41 characters, and 40" in dialog.error.words()[1])
        dialog.name.clear()
        assert dialog.save.toolTip() == "Give the category a name."
        dialog.name.setText("Pets")
        dialog.kinds.select(CategoryKind.INCOME)
        dialog._kind_chosen(CategoryKind.INCOME)
        dialog.save.click()
        await until(lambda: named(house, "Pets") is not None)
        assert named(house, "Pets").kind is CategoryKind.INCOME
        await until(lambda: "Pets" in names(page))


async def test_keys_move_and_archive(session, house, themes):
    async with window_of(session, themes, page=PAGE) as window:
        window.activateWindow()
        await until(window.isActiveWindow)
        page = window.current_page()
        page.activate()
        first, second = names(page)[:2]
        QTest.keyClick(page.cards[0], Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
        await until(lambda: names(page)[:2] == [second, first])
        await until(page.cards[1].hasFocus)
        QTest.keyClick(page.cards[1], Qt.Key.Key_Delete)
        await until(lambda: named(house, first).is_archived)
        await until(lambda: names(page)[-1] == first)
        assert page._archived_title.isVisible()
        assert page._count.text().endswith("1 archived")
        page.cards[-1].edit.click()
        await until(lambda: not named(house, first).is_archived)


async def test_a_merge_is_asked_done_and_taken_back(session, house, themes):
    moved = [row.id for row in house.rows if row.category == "Travel"]
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        window.activateWindow()
        await until(window.isActiveWindow)
        card_of(page, "Travel").setFocus()
        QTest.keyClick(card_of(page, "Travel"), Qt.Key.Key_M)
        dialog = await opened(window, MergeDialog)
        assert not dialog.confirm.isEnabled()
        offered = {each.name for each in dialog._others}
        assert "Income" not in offered, "another kind"
        assert "Travel" not in offered
        assert nameless(dialog) == []
        dialog.choose(named(house, "Entertainment").id)
        dialog.confirm.click()
        await until(lambda: named(house, "Travel") is None)
        await until(lambda: "Travel" not in names(page))
        kinds = {row.category for row in house.rows if row.id in moved}
        assert kinds == {"Entertainment"}
        assert window.toast.text() == "Travel is merged into Entertainment"
        window.toast._act()
        await until(lambda: "Travel" in names(page))
        assert {row.category for row in house.rows if row.id in moved} == {"Travel"}


async def test_transfer_stays(session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        card = card_of(window.current_page(), "Transfer")
        entries = [action.text() for action in card.menu.actions()]
        assert entries == ["Show transactions", "Export transactions…"]


async def test_rows_are_a_click_away(session, house, themes):
    async with window_of(session, themes, page=PAGE) as window:
        card = card_of(window.current_page(), "Travel")
        card.rows_wanted.emit()
        page = window.current_page()
        assert page.title == "Transactions"
        assert page.filters.query.categories == (card.category.id,)


async def test_an_error_is_shown_in_place(session, themes):
    session.database.fail_with = VaultDamagedError()
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        await until(page.error.isVisible)
        shown = [each.text() for each in page.findChildren(QLabel) if each.isVisible()]
        assert "Archived" not in shown
        assert not page._keys.isVisible()


@pytest.mark.parametrize("color", [color for color, _ in PALETTE])
def test_each_colour_is_readable_in_each_theme(qapp, color):
    manager = ThemeManager(qapp)
    before = manager.mode
    try:
        for scheme in theme.THEMES:
            manager.show_scheme(scheme)
            ground = theme.tint(color)
            assert (
                theme.contrast(theme.glyph_color(color, ground), ground)
                >= theme.active().text_ratio
            )
            surface = theme.active().colors.surface
            assert theme.contrast(theme.mark_color(color), surface) >= theme.active().mark_ratio
    finally:
        manager.apply(before)


def test_words():
    assert words.rows(0) == "No transactions"
    assert words.rows(1) == "1 transaction"
    assert words.rows(1234) == "1,234 transactions"
    assert words.summary(1, 0) == "1 category"
