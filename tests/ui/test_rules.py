"""The Rules page, its dialogs, and the rule that any row can become."""

import dataclasses

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from hive_desktop.domain.ledger import CategorySource
from hive_desktop.domain.rules import Actions, Comparison, Subject
from hive_desktop.ports.category_store import TaughtMerchant
from hive_desktop.ports.errors import VaultDamagedError
from hive_desktop.ui import rule_words
from hive_desktop.ui.always import AlwaysDialog, ApplyDialog
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.rules.dialog import RuleDialog
from tests.ui.helpers import opened, press, until, window_of
from tests.ui.test_accessible import nameless

PAGE = PageName.RULES
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def _category(house, name):
    return next(each for each in house.categories if each.name == name).id


def _rows(house, merchant):
    return [row for row in house.rows if row.merchant == merchant]


def _row(house, row_id):
    return next(row for row in house.rows if row.id == row_id)


@pytest.fixture
def kept(session, house):
    """Three rules: on, off, and one that stops."""
    draft = session.rules.draft
    food, fun = _category(house, "Food & Dining"), _category(house, "Entertainment")
    account = house.accounts[0].id.hex()
    sorting = session.database.ledger.categorization
    sorting.every = [
        draft("merchant equals 'Greenleaf Market' and sign equals out", Actions(food), name="Shop"),
        dataclasses.replace(
            draft("name contains streamly and amount between 10 60", Actions(fun, "TV", ("home",))),
            is_enabled=False,
        ),
        draft(f"account equals {account} and day equals 1", Actions(hides=True), stops=True),
    ]
    return sorting


async def test_the_list_says_when_and_what(kept, session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        assert page._count.text() == "3 rules, tried in this order"
        assert [card.switch.isChecked() for card in page.cards] == [True, False, True]
        assert page.cards[0].accessibleName() == (
            "Rule 1 of 3, on: Shop. When merchant is “Greenleaf Market” and money goes out: "
            "Food & Dining"
        )
        assert (
            page.cards[1]
            .accessibleName()
            .endswith(
                "When name contains “streamly” and amount is between 10 and 60: "
                "Entertainment, shown as “TV”, #home"
            )
        )
        assert "account is First Platypus Bank Everyday Checking ··0000 and day of month is 1" in (
            page.cards[2].accessibleName()
        )
        assert not page.cards[0].up.isVisible()
        assert not page.cards[2].down.isVisible()
        assert nameless(window) == []


async def test_keys_walk_move_switch_and_delete(kept, session, themes):
    first, second, third = kept.every
    async with window_of(session, themes, page=PAGE) as window:
        window.activateWindow()
        await until(window.isActiveWindow)
        page = window.current_page()
        page.activate()
        assert page.cards[0].hasFocus()
        QTest.keyClick(page.cards[0], Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
        await until(lambda: kept.every == [second, first, third])
        await until(lambda: len(page.cards) == 3 and page.cards[1].rule == first)
        await page.settled()
        assert page.cards[1].hasFocus()
        QTest.keyClick(page.cards[1], Qt.Key.Key_Space)
        await until(lambda: not kept.every[1].is_enabled)
        await until(lambda: not page.cards[1].switch.isChecked())
        await page.settled()
        QTest.keyClick(page.cards[1], Qt.Key.Key_Delete)
        await until(lambda: len(kept.every) == 2)
        await until(lambda: "deleted" in window.toast.text())
        window.toast._act()
        await until(lambda: [rule.id for rule in kept.every] == [second.id, first.id, third.id])


async def test_a_rule_is_made_with_its_rows_in_sight(session, house, themes):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        assert page.stack.shown() == "empty"
        page.add()
        dialog = await opened(window, RuleDialog)
        assert not dialog.save.isEnabled()
        assert dialog.preview.hits.text() == "Nothing to try yet"
        QTest.keyClicks(dialog.lines[0].value, "harbour sushi")
        dialog.lines[0].test.choose(Comparison.CONTAINS)
        dialog.form.set_category(_category(house, "Travel"))
        await dialog.settled()
        count = len(_rows(house, "Harbour Sushi"))
        assert dialog.preview.hits.text() == f"{count} rows match, {count} would change"
        assert dialog.past.text() == f"Also change {count} rows of the past"
        assert "nothing says yet whether it is right" in dialog.preview.judged.text()
        assert nameless(dialog) == []
        dialog.past.setChecked(True)
        dialog.save.click()
        rules = session.database.ledger.categorization
        await until(lambda: f"The rule is made; {count} rows changed" in window.toast.text())
        assert [rule.words for rule in rules.every] == ["merchant contains 'harbour sushi'"]
        assert {row.category for row in _rows(house, "Harbour Sushi")} == {"Travel"}
        window.toast._act()
        await until(lambda: rules.every == [])
        assert {row.category for row in _rows(house, "Harbour Sushi")} == {"Food & Dining"}


async def test_the_back_test_tells_of_your_own_choices(session, house, themes):
    mine = _rows(house, "Harbour Sushi")[:3]
    travel = _category(house, "Travel")
    changed = {
        mine[0].id: mine[0]._replace(
            category_id=travel, category="Travel", category_source=CategorySource.USER
        ),
        **{row.id: row._replace(category_source=CategorySource.USER) for row in mine[1:]},
    }
    house.rows = [changed.get(row.id, row) for row in house.rows]
    async with window_of(session, themes, page=PAGE) as window:
        window.current_page().add()
        dialog = await opened(window, RuleDialog)
        dialog.lines[0].value.setText("harbour")
        dialog.form.set_category(travel)
        await dialog.settled()
        assert dialog.preview.judged.text() == (
            "You sorted 3 rows of them by hand: 1 the same way, 2 another way, which stay as they "
            "are. Precision 33%."
        )
        assert dialog.preview._switch.isVisible()
        assert dialog.preview._list.count() == 2 * dialog.preview.result.would_change - 1
        dialog.preview._switch._group.button(1).click()
        assert dialog.preview._list.count() == 3
        dialog.reject()
        await until(lambda: window.findChild(RuleDialog) is None)


async def test_conditions_change_their_fields_and_errors_stand_in_words(session, house, themes):
    async with window_of(session, themes, page=PAGE) as window:
        window.current_page().add()
        dialog = await opened(window, RuleDialog)
        line = dialog.lines[0]
        dialog.form.set_category(_category(house, "Travel"))
        line.value.setText("(")
        line.test.choose(Comparison.REGEX)
        await dialog.settled()
        assert dialog.preview.hits.text() == "Cannot be tried"
        assert "no regular expression" in dialog.preview.judged.text()
        assert not dialog.save.isEnabled()
        line.subject.choose(Subject.AMOUNT)
        assert line.test.value() is Comparison.BETWEEN
        assert line.upper.isVisible()
        line.value.setText("60")
        line.upper.setText("10,5")
        await dialog.settled()
        dialog._try()
        assert dialog.preview.judged.text() == "“between” has the smaller value first."
        line.subject.choose(Subject.SIGN)
        assert not line.value.isVisible()
        line.sign.choose("in")
        dialog.more.click()
        other = dialog.lines[1]
        other.subject.choose(Subject.ACCOUNT)
        other.account.choose(house.accounts[5].id.hex())
        await dialog.settled()
        count = sum(
            row.amount_minor < 0 and row.account_id == house.accounts[5].id for row in house.rows
        )
        assert dialog.preview.result.hits == count
        other.remove.click()
        await dialog.settled()
        assert dialog.preview.result.hits == sum(row.amount_minor < 0 for row in house.rows)
        dialog.form.transfer.click()
        assert not dialog.form.category.isEnabled()
        assert dialog.form.wanted() == Actions(is_transfer=True)
        dialog.reject()
        await until(lambda: window.findChild(RuleDialog) is None)


async def test_editing_keeps_place_and_identity_and_can_be_undone(kept, session, themes):
    before = kept.every[1]
    async with window_of(session, themes, page=PAGE) as window:
        window.current_page().edit(before)
        dialog = await opened(window, RuleDialog)
        await dialog.settled()
        assert [line.words() for line in dialog.lines] == [c.words for c in before.conditions]
        assert dialog.form.wanted() == before.actions
        dialog.name.setText("Television")
        dialog.stops.setChecked(True)
        dialog.save.click()
        await until(lambda: kept.every[1].name == "Television")
        after = kept.every[1]
        assert after == dataclasses.replace(before, name="Television", stops=True)
        await until(lambda: window.toast.text() == "The rule is changed")
        window.toast._act()
        await until(lambda: kept.every[1] == before)


async def test_applying_shows_the_rows_first_and_is_one_change(kept, session, house, themes):
    count = len(_rows(house, "Greenleaf Market"))
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.cards[0].apply.click()
        dialog = await opened(window, ApplyDialog)
        await dialog.settled()
        assert dialog.confirm.text() == f"Change {count} rows"
        assert nameless(dialog) == []
        dialog.confirm.click()
        await until(lambda: window.toast.text() == f"{count} rows changed")
        rows = _rows(house, "Greenleaf Market")
        assert {row.category_source for row in rows} == {CategorySource.RULE}
        window.toast._act()
        await until(lambda: _rows(house, "Greenleaf Market")[0].category_source == "bank")
        assert {row.category_source for row in _rows(house, "Greenleaf Market")} == {
            CategorySource.BANK
        }


async def test_a_suggestion_becomes_a_rule_by_one_click(session, house, themes):
    sorting = session.database.ledger.categorization
    sorting.taught = [
        TaughtMerchant("harbour sushi", "Harbour Sushi", "out", "Travel", 4, 4),
        TaughtMerchant("elsewhere", "Elsewhere", "out", "A category that is gone", 4, 4),
        TaughtMerchant("mixed", "Mixed", "out", "Travel", 3, 5),
    ]
    count = len(_rows(house, "Harbour Sushi"))
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        assert [card.suggestion.merchant for card in page.suggestions] == ["Harbour Sushi"]
        page.suggestions[0].add.click()
        await until(lambda: "From now on Harbour Sushi goes into Travel" in window.toast.text())
        assert sorting.every[0].words == "merchant equals 'Harbour Sushi' and sign equals out"
        await until(lambda: page.suggestions == [])
        assert window.toast._also_button.text() == f"Change {count} rows of the past"
        window.toast._also_button.click()
        dialog = await opened(window, ApplyDialog)
        await dialog.settled()
        dialog.confirm.click()
        await until(lambda: {row.category for row in _rows(house, "Harbour Sushi")} == {"Travel"})


async def test_always_from_a_row_says_what_would_change(session, house, themes):
    row = _rows(house, "Harbour Sushi")[0]
    count = len(_rows(house, "Harbour Sushi"))
    async with window_of(session, themes, page=PageName.TRANSACTIONS) as window:
        page = window.current_page()
        page.show_row(row)
        await page.settled()
        window.activateWindow()
        page.table.setFocus()
        QTest.keyClick(page.table, Qt.Key.Key_A)
        dialog = await opened(window, AlwaysDialog)
        await dialog.settled()
        dialog.set_category(_category(house, "Travel"))
        await dialog.settled()
        assert dialog.past.text() == f"Also change the {count} rows of the past"
        assert nameless(dialog) == []
        dialog.save.click()
        words = f"From now on Harbour Sushi goes into Travel; {count} rows moved"
        await until(lambda: window.toast.text() == words)
        rules = session.database.ledger.categorization
        assert [rule.words for rule in rules.every] == [
            "merchant equals 'Harbour Sushi' and sign equals out"
        ]
        assert {each.category for each in _rows(house, "Harbour Sushi")} == {"Travel"}
        window.toast._act()
        await until(lambda: rules.every == [])
        await until(lambda: _rows(house, "Harbour Sushi")[0].category == "Food & Dining")


async def test_ctrl_z_takes_back_the_newest_change_also_when_it_was_a_rule(session, house, themes):
    sushi = _rows(house, "Harbour Sushi")
    other = next(row for row in house.rows if row not in sushi and row.category != "Travel")
    rules = session.database.ledger.categorization
    async with window_of(session, themes, page=PageName.TRANSACTIONS) as window:
        window.edits.set_category([other.id], _category(house, "Travel"))
        await until(lambda: window.toast.text() == "1 transaction moved to Travel")
        for applies in (True, False):
            window.always(sushi[0].id)
            dialog = await opened(window, AlwaysDialog)
            await dialog.settled()
            dialog.set_category(_category(house, "Travel"))
            await dialog.settled()
            dialog.past.setChecked(applies)
            dialog.save.click()
            await until(lambda: len(rules.every) == 1)
            await until(lambda: window.findChild(AlwaysDialog) is None)
            await press(window, Qt.Key.Key_Z)
            await until(lambda: rules.every == [])
            assert {row.category for row in _rows(house, "Harbour Sushi")} == {"Food & Dining"}
        assert _row(house, other.id).category == "Travel", "made before, and not yet undone"
        await press(window, Qt.Key.Key_Z)
        await until(lambda: _row(house, other.id).category == other.category)
        await press(window, Qt.Key.Key_Z)
        await until(lambda: window.toast.text() == "There is nothing to undo")


async def test_what_is_newer_than_a_rule_is_undone_before_it(kept, session, house, themes):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        await page.settled()
        rule = page.cards[0].rule
        page.cards[0].remove.click()
        await until(lambda: rule not in kept.every)
        await until(lambda: "is deleted" in window.toast.text())
        row = next(row for row in house.rows if row.category != "Travel")
        window.edits.set_category([row.id], _category(house, "Travel"))
        await until(lambda: _row(house, row.id).category == "Travel")
        await press(window, Qt.Key.Key_Z)
        await until(lambda: _row(house, row.id).category == row.category)
        assert rule not in kept.every
        await press(window, Qt.Key.Key_Z)
        await until(lambda: rule in kept.every)


async def test_always_may_leave_the_past_alone(session, house, themes):
    row = _rows(house, "Harbour Sushi")[0]
    async with window_of(session, themes, page=PageName.TRANSACTIONS) as window:
        window.always(row.id)
        dialog = await opened(window, AlwaysDialog)
        await dialog.settled()
        dialog.past.setChecked(False)
        dialog.save.click()
        await until(lambda: "From now on Harbour Sushi" in window.toast.text())
        assert {each.category_source for each in _rows(house, "Harbour Sushi")} == {
            CategorySource.BANK
        }


async def test_the_toast_of_a_change_offers_always(session, house, themes):
    row = _rows(house, "Harbour Sushi")[0]
    async with window_of(session, themes, page=PageName.TRANSACTIONS) as window:
        window.edits.set_category([row.id], _category(house, "Travel"))
        await until(lambda: window.toast.text() == "1 transaction moved to Travel")
        window.toast._also_button.click()
        dialog = await opened(window, AlwaysDialog)
        await dialog.settled()
        assert dialog.category.accessibleName() == "Category: Travel"
        dialog.reject()
        await until(lambda: window.findChild(AlwaysDialog) is None)
        window.edits.set_category([each.id for each in house.rows[:2]], None)
        await until(lambda: window.toast.text() == "2 transactions moved to no category")
        assert not window.toast._also_button.isVisible()


async def test_a_row_without_a_merchant_makes_no_rule(session, house, themes):
    house.rows[0] = house.rows[0]._replace(name="0042", merchant=None)
    async with window_of(session, themes, page=PageName.TRANSACTIONS) as window:
        window.always(house.rows[0].id)
        await until(lambda: "No rule can be made of this row" in window.toast.text())


async def test_an_error_stands_in_the_page(kept, session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        session.database.fail_with = VaultDamagedError()
        page.reload()
        await until(page.error.isVisible)
        assert page.error.words()[0] == "The vault is damaged"
        page.edit(kept.every[0])
        dialog = await opened(window, RuleDialog)
        await dialog.settled()
        assert dialog.preview.hits.text() == "Cannot be tried"
        assert not dialog.save.isEnabled()
        dialog.reject()
        await until(lambda: window.findChild(RuleDialog) is None)


async def test_n_makes_a_rule(session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        window.current_page().setFocus()
        await press(window, Qt.Key.Key_N, Qt.KeyboardModifier.NoModifier)
        dialog = await opened(window, RuleDialog)
        assert dialog.accessibleName() == "New rule"
        dialog.reject()
        await until(lambda: window.findChild(RuleDialog) is None)


def test_one_row_is_not_rows():
    assert rule_words.rows(1) == "1 row"
    assert rule_words.rows(12_000) == "12,000 rows"
