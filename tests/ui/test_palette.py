"""The command palette, the list of shortcuts, and the one list of commands behind both."""

import json
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.services.settings import PALETTE_RECENT
from hive_desktop.ui.kit.fuzzy import folded, score
from hive_desktop.ui.page import PageName
from hive_desktop.ui.palette import frequent_merchants
from hive_desktop.ui.shortcut_sheet import ShortcutSheet
from tests.ui.helpers import opened, press, until, window_of
from tests.words import speaking

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
NO_MODIFIER = Qt.KeyboardModifier.NoModifier


def _best(typed, *names):
    return max(names, key=lambda name: score(folded(typed), name))


def test_letters_in_order_fit_and_others_do_not():
    assert score("zz", "Groceries") == -1
    assert score("", "Groceries") == 0
    assert score("grc", "Groceries") > 0
    assert score("crg", "Groceries") == -1


@pytest.mark.parametrize(
    ("typed", "wanted", "others"),
    [
        ("tr", "Transactions", ("Metro Transit", "Theme: Dark")),
        ("food", "Food & Dining", ("Fern & Fade Barbers on Oak Drive",)),
        ("sh", "Shopping", ("Show the history", "Hide or show amounts")),
        ("ch", "Everyday Checking", ("Undo the last change", "City Power & Light")),
        ("lv", "Lock the vault", ("Silver",)),
        ("everyday ch", "Everyday Checking", ("Everyday Cash",)),
        ("ETE", "Été à Paris", ("Metered",)),
    ],
)
def test_beginnings_of_words_come_first(typed, wanted, others):
    assert _best(typed, *others, wanted) == wanted


async def _open(window):
    await press(window, Qt.Key.Key_K)
    await until(lambda: window.command_palette is not None)
    await window.command_palette.settled()
    return window.command_palette.list


def _type(popup, text):
    QTest.keyClicks(popup.search, text)


async def test_pages_accounts_categories_and_merchants_are_found(session, themes, house):
    async with window_of(session, themes) as window:
        popup = await _open(window)
        assert popup.marked().key == "page:overview"
        kinds = {each.key.split(":")[0] for each in popup._entries.values()}
        assert {"page", "account", "category", "merchant", "sync", "theme"} <= kinds
        _type(popup, "cashback")
        assert popup.marked().title == house.accounts[2].title
        QTest.keyClick(popup.search, Qt.Key.Key_Return)
        assert not popup.isVisible()
        assert window.current_page() is window.page(PageName.TRANSACTIONS)
        assert window.current_page().filters.query.accounts == (house.accounts[2].id,)
        await window.current_page().settled()


async def test_what_was_done_comes_first_the_next_time(session, themes):
    async with window_of(session, themes) as window:
        popup = await _open(window)
        _type(popup, "rules")
        QTest.keyClick(popup.search, Qt.Key.Key_Return)
        await window.current_page().settled()
        stored = session.database.ledger.settings
        await until(lambda: json.loads(stored.get(PALETTE_RECENT, "[]")) == ["page:rules"])
        popup = await _open(window)
        assert popup.marked().key == "page:rules"
        popup.hide()
    await session.settings.load()
    assert json.loads(session.settings.seen(PALETTE_RECENT, "[]")) == ["page:rules"]


async def test_any_text_can_be_searched_for(session, themes):
    async with window_of(session, themes) as window:
        popup = await _open(window)
        _type(popup, "zzqq")
        assert [each.key for each in popup.shown()] == ["search", "ask"]
        QTest.keyClick(popup.search, Qt.Key.Key_Return)
        assert window.current_page().filters.query.text == "zzqq"
        await window.current_page().settled()


async def test_keys_walk_and_escape_leaves(session, themes):
    async with window_of(session, themes) as window:
        popup = await _open(window)
        first = popup.marked()
        QTest.keyClick(popup.search, Qt.Key.Key_Down)
        assert popup.marked() is popup.shown()[1]
        QTest.keyClick(popup.search, Qt.Key.Key_Up)
        QTest.keyClick(popup.search, Qt.Key.Key_Up)
        assert popup.marked() is popup.shown()[-1]
        QTest.keyClick(popup.search, Qt.Key.Key_Down)
        assert popup.marked() is first
        QTest.keyClick(popup, Qt.Key.Key_Escape)
        await until(lambda: not popup.isVisible())


async def test_every_shortcut_is_in_the_sheet_once(session, themes):
    async with window_of(session, themes, page=PageName.TRANSACTIONS) as window:
        keys = [key for each in window.commands for key in each.keys]
        assert len(keys) == len(set(keys))
        assert len({each.key for each in window.commands}) == len(window.commands)
        await press(window, Qt.Key.Key_Question, NO_MODIFIER)
        sheet = await opened(window, ShortcutSheet)
        told = " ".join(each.accessibleName() for each in sheet.findChildren(QLabel))
        for each in window.commands:
            if each.keys:
                assert each.name in told
        for _, what in window.current_page().keys:
            assert what in told
        sheet.accept()
        await until(lambda: window.findChild(ShortcutSheet) is None)


def test_frequent_merchants_are_at_most_fifty(house):
    names = frequent_merchants(house.rows)
    assert names[0] in {"Metro Transit", "Blue Door Coffee"}
    assert len(frequent_merchants(house.rows * 3)) <= 50


async def test_the_search_completes_accounts_and_categories(session, themes, house):
    async with window_of(session, themes, page=PageName.TRANSACTIONS) as window:
        field = window.shell.topbar.search
        field.setFocus()
        QTest.keyClicks(field, "coffee ")
        await window.completions.settled()
        QTest.keyClicks(field, "#foo")
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert field.text() == 'coffee #"Food & Dining" '
        QTest.keyClicks(field, "@sav")
        assert field.suggestions.current().words == house.accounts[1].title
        QTest.keyClick(field, Qt.Key.Key_Tab)
        assert field.text().endswith('@"High-Yield Savings" ')
        await window.current_page().settled()


async def test_the_sign_of_accounts_alone_offers_accounts_and_banks(session, themes, house):
    async with window_of(session, themes, page=PageName.TRANSACTIONS) as window:
        window.activateWindow()
        await until(window.isActiveWindow)
        field = window.shell.topbar.search
        field.setFocus()
        QTest.keyClicks(field, "@")
        await until(lambda: field.suggestions is not None and field.suggestions.isVisible())
        offered = [each.words for each in field.suggestions._all]
        shown = [each for each in house.accounts if not each.is_hidden]
        banks = list(dict.fromkeys(each.institution for each in shown))
        assert offered == [*(each.title for each in shown), *banks]
        field.clear()
        QTest.keyClicks(field, f"@{banks[0].split()[0].lower()}")
        chosen = [each.text for each in field.suggestions._all]
        assert f'@"{banks[0]}"' in chosen
        await window.current_page().settled()


async def test_a_category_is_found_by_its_shown_name_and_by_the_kept_one(
    session, themes, tmp_path, monkeypatch
):
    with speaking(tmp_path, monkeypatch, [("Food & Dining", "Essen", None)]):
        async with window_of(session, themes, page=PageName.TRANSACTIONS) as window:
            for typed in ("dining", "essen"):
                popup = await _open(window)
                _type(popup, typed)
                assert popup.marked().title == "Essen"
                QTest.keyClick(popup.search, Qt.Key.Key_Escape)
            field = window.shell.topbar.search
            field.setFocus()
            QTest.keyClicks(field, "coffee ")
            await window.completions.settled()
            for typed in ("#din", "#ess"):
                field.clear()
                QTest.keyClicks(field, typed)
                QTest.keyClick(field, Qt.Key.Key_Return)
                assert field.text() == "#Essen "
            page = window.current_page()
            picker = page.categories
            picker.choose_one(page._category_options(), None, lambda _key: None)
            shown = []
            for typed in ("dining", "ess"):
                picker._narrow(typed)
                items = [picker._list.item(at) for at in range(picker._list.count())]
                shown.append([item.text() for item in items if not item.isHidden()])
            assert shown == [["Essen"], ["Essen"]]
            await page.settled()


async def test_what_was_typed_is_asked_in_the_chat(session, themes):
    async with window_of(session, themes) as window:
        popup = await _open(window)
        QTest.keyClicks(popup.search, "How much was rent?")
        assert [each.title for each in popup.shown()[-2:]] == [
            "Search transactions for “How much was rent?”",
            "Ask “How much was rent?”",
        ]
        QTest.keyClick(popup.search, Qt.Key.Key_Up)
        QTest.keyClick(popup.search, Qt.Key.Key_Return)
        assert window.current_name is PageName.CHAT
        page = window.current_page()
        await page.settled()
        assert [turn.question.text for turn in page.transcript.turns] == ["How much was rent?"]


async def test_a_question_about_the_page_that_is_shown(session, house, themes):
    async with window_of(session, themes, page=PageName.TRANSACTIONS) as window:
        shopping = next(each for each in house.categories if each.name == "Shopping")
        window.show_transactions(
            TransactionQuery(
                start=date(2026, 11, 1), end=date(2026, 11, 30), categories=(shopping.id,)
            )
        )
        await window.current_page().settled()
        window.ask_about()
        page = window.current_page()
        assert page.composer.chip.value() == "About: November 2026 · Shopping"
        await page.settled()
        assert page.composer.chip.isVisible()
        window.show_page(PageName.RULES)
        window.ask_about()
        assert window.current_page() is page
