"""The review inbox: merchants by key and mouse, rules on the way, and how guesses did."""

import dataclasses

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from hive_desktop.domain.ledger import CategorySource
from hive_desktop.domain.merchants import merchant_of
from hive_desktop.ports.category_store import GuessRecord
from hive_desktop.ports.errors import VaultDamagedError
from hive_desktop.services.inbox import key_of
from hive_desktop.ui.kit.pill import Pill
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.review import sort_words
from tests.ui.helpers import until, window_of

PAGE = PageName.REVIEW
_UNSURE = ("Marigold Online", "Hearth Home Goods", "Open Lectures")
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def unsure(house):
    """Three merchants with a guess that nobody is sure of, and one row without any."""
    house.rows = [
        row._replace(confidence=0.54, category_source=CategorySource.OFFLINE)
        if row.merchant in _UNSURE
        else row
        for row in house.rows
    ]
    return house


def _category(house, name):
    return next(each for each in house.categories if each.name == name)


def _rows(house, merchant, *, out=True):
    found = [row for row in house.rows if row.merchant == merchant]
    return [row for row in found if (row.amount_minor >= 0) is out]


async def _ready(window):
    window.activateWindow()
    await until(window.isActiveWindow)
    page = window.current_page()
    page.activate()
    return page, page.sorting.card


async def test_the_merchant_with_most_rows_comes_first_with_its_guess(unsure, session, themes):
    newest = _rows(unsure, "Marigold Online")[0]
    session.database.ledger.categorization.reasons[newest.id] = "Looks like other shops"
    async with window_of(session, themes, page=PAGE) as window:
        card = window.current_page().sorting.card
        count = len(_rows(unsure, "Marigold Online"))
        assert card._name.full() == "Marigold Online"
        assert card._sum.text().startswith(f"{count} rows · $")
        assert card._guess.text() == "Hive's guess: Shopping"
        assert card._sure.text() == "54% sure"
        assert card._reason.full() == "Looks like other shops"
        assert card._place.text() == "1 of 5"
        assert f"Show all {count} rows" in card.all_rows.text()
        spoken = card.accessibleName()
        assert spoken.startswith("Marigold Online, Money out, ")
        assert spoken.endswith("Hive's guess is Shopping. 1 of 5")
        names = [button.accessibleName() for button in card.buttons]
        assert names[:3] == [
            "Food & Dining, key 1",
            "Transportation, key 2",
            "Shopping, Hive's guess, key 3",
        ]


async def test_enter_accepts_a_digit_chooses_and_u_takes_back(unsure, session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        page, card = await _ready(window)
        assert card.hasFocus()
        QTest.keyClick(card, Qt.Key.Key_Return)
        await until(lambda: card._name.full() == "Hearth Home Goods")
        assert {row.category_source for row in _rows(unsure, "Marigold Online")} == {
            CategorySource.USER
        }
        refund = _rows(unsure, "Marigold Online", out=False)
        assert {row.category_source for row in refund} == {CategorySource.OFFLINE}
        assert "of Marigold Online moved to Shopping" in window.toast.text()
        assert card._place.text() == "2 of 5"
        await page.settled()
        QTest.keyClick(card, Qt.Key.Key_8)
        await until(lambda: card._name.full() == "Open Lectures")
        education = _category(unsure, "Education").id
        assert {row.category_id for row in _rows(unsure, "Hearth Home Goods")} == {education}
        await page.settled()
        QTest.keyClick(card, Qt.Key.Key_U)
        await until(lambda: card._name.full() == "Hearth Home Goods")
        assert {row.category_source for row in _rows(unsure, "Hearth Home Goods")} == {
            CategorySource.OFFLINE
        }
        await page.settled()
        assert card._place.text() == "2 of 5"
        QTest.keyClick(card, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: card._name.full() == "Marigold Online")
        assert not card.undo.isVisible()


async def test_a_toast_takes_back_too(unsure, session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        card = window.current_page().sorting.card
        card.buttons[0].click()
        await until(lambda: card._name.full() == "Hearth Home Goods")
        window.toast._act()
        await until(lambda: card._name.full() == "Marigold Online")
        assert window.toast.text().startswith("Undone: ")


async def test_skipping_comes_to_an_end_and_begins_again(unsure, session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        page, card = await _ready(window)
        for key, name in (
            (Qt.Key.Key_Space, "Hearth Home Goods"),
            (Qt.Key.Key_N, "Open Lectures"),
        ):
            QTest.keyClick(card, key)
            await until(lambda name=name: card._name.full() == name)
            await page.settled()
        assert card._place.text() == "3 of 5"
        for left in (2, 1):
            page.sorting.card.skip.click()
            await page.settled()
            assert len(await session.inbox.groups()) == left
        page.sorting.card.skip.click()
        await page.settled()
        assert page.sorting.deck.shown() == "done"
        assert page.sorting._said.text() == "Everything else is sorted. You skipped 5 merchants."
        assert await session.inbox.count() == 5
        page.sorting.again.click()
        await until(page.sorting.has_card)
        assert card._name.full() == "Marigold Online"
        assert card._place.text() == "1 of 5"


async def test_a_rule_is_made_on_the_way_and_undone_with_it(unsure, session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        page, card = await _ready(window)
        QTest.keyClick(card, Qt.Key.Key_A)
        assert card.always.isChecked()
        QTest.keyClick(card, Qt.Key.Key_3)
        await until(lambda: card._name.full() == "Hearth Home Goods")
        rules = session.database.ledger.categorization
        assert [rule.words for rule in rules.every] == [
            "merchant equals Marigold and sign equals out"
        ]
        assert rules.every[0].actions.category_id == _category(unsure, "Shopping").id
        assert window.toast.text().endswith("moved to Shopping, now and from now on")
        assert not card.always.isChecked()
        await page.settled()
        QTest.keyClick(card, Qt.Key.Key_U)
        await until(lambda: rules.every == [])


async def test_the_last_decision_leaves_nothing_to_do(house, session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        card = page.sorting.card
        assert card._guess.text() == "Hive has no guess"
        assert not card.accept.isVisible()
        card.buttons[0].click()
        await until(lambda: page.stack.shown() == "empty")
        assert await session.inbox.count() == 0


async def test_an_error_is_told_with_its_hint(unsure, session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        session.database.fail_with = VaultDamagedError()
        page.reload()
        await until(page.error.isVisible)
        assert page.error.words()[0] == "The vault is damaged"
        assert page.error.words()[2]


async def test_all_rows_of_a_merchant_are_shown(unsure, session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        window.current_page().sorting.card.all_rows.click()
        assert window.current_page().filters.query.text == "MARIGOLD ONLINE"


async def test_what_the_person_or_a_rule_has_sorted_stays(unsure, session, themes):
    mine, ruled, *_ = _rows(unsure, "Marigold Online")
    told = {mine.id: CategorySource.USER, ruled.id: CategorySource.RULE}
    unsure.rows = [
        row._replace(category_source=told.get(row.id, row.category_source)) for row in unsure.rows
    ]
    group = (await session.inbox.groups())[0]
    closer = await session.inbox.look(group)
    assert closer.moves == len(_rows(unsure, "Marigold Online")) - 2
    await session.inbox.decide(group, _category(unsure, "Travel").id)
    after = {row.id: row for row in _rows(unsure, "Marigold Online")}
    assert after[mine.id].category == after[ruled.id].category == "Shopping"
    assert sum(row.category == "Travel" for row in after.values()) == closer.moves


async def test_rows_without_a_merchant_are_sorted_one_by_one(unsure, session):
    nameless = [row._replace(name="0042", merchant=None) for row in unsure.rows[:2]]
    assert merchant_of(None, "0042", None).key == ""
    unsure.rows = [
        row._replace(category_id=None, category=None, category_source=None) for row in nameless
    ]
    group = (await session.inbox.groups())[0]
    assert (group.rows, key_of(group)[0]) == (2, group.newest.id.hex())
    await session.inbox.decide(group, _category(unsure, "Other").id)
    assert [row.category for row in unsure.rows] == ["Other", None]
    assert "one by one" in sort_words.also_moves(group, 1)


async def test_how_often_guesses_were_kept(unsure, session, themes):
    session.database.ledger.categorization.records = [
        GuessRecord("ai", 6, 1),
        GuessRecord("bank", 182, 7),
        GuessRecord("merchant", 0, 0),
        GuessRecord("offline", 1, 999),
    ]
    async with window_of(session, themes, page=PAGE) as window:
        kept = window.current_page().kept
        assert kept.lines == [
            ("Hive's own model", "1 of 1,000 · 0%"),
            ("The bank's category", "182 of 189 · 96%"),
            ("The AI model", "6 of 7"),
        ]
        assert "You have judged 1,196 rows and kept Hive's category on 189." in kept._words.text()
        session.database.ledger.categorization.records = []
        window.current_page().reload()
        await window.current_page().settled()
        assert kept.lines == []
        assert kept._words.text().startswith("Nothing to count yet.")


def test_a_share_is_never_rounded_up_to_all():
    assert sort_words.percent(0.999) == "99%"
    assert sort_words.percent(1) == "100%"


async def test_long_names_of_categories_are_cut_before_their_key(unsure, session, themes):
    name = "Wohnen & Rechnungen und was sonst noch anfällt"
    unsure.categories = [
        dataclasses.replace(each, name=name) if each.name == "Bills & Utilities" else each
        for each in unsure.categories
    ]
    async with window_of(session, themes, page=PAGE) as window:
        window.resize(980, 640)
        await window.current_page().settled()
        card = window.current_page().sorting.card
        for button in card.buttons:
            words = button.text().strip().replace("&&", "&")
            start = 12 + button.iconSize().width() + 8
            cap = button.findChild(Pill)
            limit = cap.x() if cap is not None else button.width() - 8
            assert start + button.fontMetrics().horizontalAdvance(words) <= limit, words
        long = next(each for each in card.buttons if each.category.name == name)
        assert long.text().startswith(" Wohnen && ")
        assert long.text().endswith("\N{HORIZONTAL ELLIPSIS}")
        assert name in long.toolTip()
        assert name in long.accessibleName()
        short = next(each for each in card.buttons if each.category.name == "Travel")
        assert short.text() == " Travel"
