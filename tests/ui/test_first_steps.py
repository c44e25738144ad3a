"""Where nothing is yet: ways that go on from empty pages, and from a search that found nothing."""

import pytest
from PySide6.QtWidgets import QLabel

from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.ui.kit.states import EmptyState
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.setup.source import Source
from hive_desktop.ui.pages.transactions import presenter
from tests.ui.helpers import until, window_of


@pytest.mark.parametrize(
    ("page", "stack"),
    [
        (PageName.OVERVIEW, "empty"),
        (PageName.TRANSACTIONS, "nothing"),
        (PageName.ACCOUNTS, "empty"),
    ],
)
async def test_an_empty_page_leads_to_what_is_kept_by_hand(
    session, themes, page, stack, monkeypatch
):
    house = session.database.ledger.house
    for kept in (house.items, house.accounts, house.rows):
        kept.clear()
    async with window_of(session, themes, page=page) as window:
        shown = window.current_page()
        await until(lambda: shown.stack.shown() == stack)
        state = next(one for one in shown.stack.findChildren(EmptyState) if one.isVisible())
        assert [one.text() for one in state.buttons] == ["Connect a bank", "Add by hand"]
        called = []
        monkeypatch.setattr(type(window.by_hand), "add_row", lambda _self: called.append("row"))
        monkeypatch.setattr(
            type(window.by_hand), "add_account", lambda _self: called.append("account")
        )
        state.buttons[1].click()
        assert called == ["account" if page is PageName.ACCOUNTS else "row"]


async def test_the_own_accounts_button_stands_under_the_words_of_its_card(session, themes):
    async with window_of(session, themes, page=PageName.SETUP) as window:
        step = window.current_page().source
        step.choices.select(Source.FILES)
        await window.current_page().settled()
        card = step.choices._cards[2]
        (words,) = (one for one in card.findChildren(QLabel) if one.parent() is card)
        at = step.own.mapTo(card, step.own.rect().topLeft())
        assert at.x() >= words.x() + 24 - 1
        assert at.y() >= words.geometry().bottom() + 8


async def test_a_search_without_rows_names_its_filters_and_clears_them_first(session, themes):
    async with window_of(session, themes, page=PageName.TRANSACTIONS) as window:
        page = window.current_page()
        account = next(iter(page._lookup.accounts))
        window.show_transactions(TransactionQuery(text="zzzzz", accounts=(account,)))
        await until(lambda: page.stack.shown() == "empty")
        title = page._lookup.accounts[account].title
        words = f"Nothing fits “zzzzz” with these filters. Account: {title}."
        assert page._empty._text.text() == words
        button = page._empty.buttons[0]
        assert button.text() == "Clear the filters"
        button.click()
        await until(lambda: page._empty._text.text() == "Nothing fits “zzzzz”.")
        assert button.text() == "Clear the search"
        assert page.filters.query == TransactionQuery(text="zzzzz")
        button.click()
        await until(lambda: page.stack.shown() == "table")
        assert page.filters.query == TransactionQuery()
        assert window.shell.topbar.search.text() == ""


def test_filters_alone_are_named():
    told = [("Category", "Travel"), ("State", "Pending")]
    assert presenter.none_words("", told) == (
        "Nothing fits these filters. Category: Travel, State: Pending."
    )
