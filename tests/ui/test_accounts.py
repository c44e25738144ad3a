"""The Accounts page: banks as they are, connecting, reconnecting, disconnecting."""

import asyncio

import pytest
from PySide6.QtGui import QGuiApplication

from hive_desktop.domain.ledger import ItemState
from hive_desktop.ports.errors import LinkError
from hive_desktop.ui.kit.confirm import ConfirmDialog
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.accounts import presenter
from tests.ui.fakes import make_session
from tests.ui.helpers import until, window_of
from tests.ui.household import NOW, empty

PAGE = PageName.ACCOUNTS
# What the offscreen plugin says of dialogs.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


async def test_banks_accounts_and_balances(session, themes, house):
    async with window_of(session, themes, page=PAGE) as window:
        views = [card.view for card in window.current_page().cards]
        names = [view.item.institution for view in views]
        assert names == ["Banque du Lac", "First Platypus Bank", "Tartan Credit Union"]
        tartan = views[2]
        assert tartan.state.needs_reconnect
        assert tartan.accounts[0].balance == "\N{MINUS SIGN}$1,310.42"
        assert tartan.accounts[0].detail == "of $8,000.00 limit"
        assert views[1].synced == "Synced 12 minutes ago"


def test_every_state_has_words(house):
    for state in ItemState:
        view = presenter._STATES[state]
        assert view.pill
        assert bool(view.advice) == (state is not ItemState.HEALTHY)


def test_currencies_are_not_added(house):
    totals = presenter.totals(house.accounts)
    assert [currency for currency, _, _ in totals] == ["USD", "EUR"]
    assert totals[0][1:] == ("$26,321.55", "\N{MINUS SIGN}$243,332.61")
    assert presenter.bank_views([], [], NOW) == []


async def test_connecting_waits_copies_and_syncs(session, themes, house):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.connect_bank()
        await until(lambda: page.waiting.url)
        assert page.waiting.isVisible()
        page.waiting._copy.click()
        assert QGuiApplication.clipboard().text() == session.linking.pending_url
        session.linking.outcome.set_result([house.items[0].id])
        await until(lambda: page._link is None)
        assert not page.waiting.isVisible()
        assert session.sync.asked == [[house.items[0].id]]


async def test_connecting_can_be_cancelled(session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.connect_bank()
        await until(lambda: page.waiting.url)
        page.cancel_link()
        await until(lambda: page._link is None)
        assert not page.waiting.isVisible()
        assert not page.error.isVisible()
        assert session.linking.pending_url is None


async def test_leaving_the_banks_page_says_what_to_do(session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.connect_bank()
        await until(lambda: page.waiting.url)
        session.linking.outcome.set_exception(LinkError())
        await until(page.error.isVisible)
        assert page.error.words() == LinkError().rendered()


async def test_reconnecting_heals_the_bank(session, themes, house):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        item = page.cards[2].view.item
        page.reconnect(item)
        await until(lambda: session.sync.asked == [[item.id]])
        await until(lambda: not page.cards[2].view.state.needs_reconnect)


async def test_disconnecting_asks_first(session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        item = page.cards[0].view.item
        page.disconnect_bank(item)
        await until(lambda: page.findChild(ConfirmDialog) is not None)
        page.findChild(ConfirmDialog).cancel.click()
        await asyncio.sleep(0.02)
        assert session.linking.disconnected == []
        await until(lambda: page.findChild(ConfirmDialog) is None)
        page.disconnect_bank(item)
        await until(lambda: page.findChild(ConfirmDialog) is not None)
        page.findChild(ConfirmDialog).confirm.click()
        await until(lambda: session.linking.disconnected == [item.id])
        await until(lambda: len(page.cards) == 2)


async def test_no_bank_yet(qloop, themes):
    async with window_of(make_session(empty()), themes, page=PAGE) as window:
        page = window.current_page()
        assert page.stack.shown() == "empty"
        page.connect_bank()
        assert page.stack.shown() == "banks"
        assert page.waiting.isVisible()
        page.cancel_link()
        await until(lambda: page.stack.shown() == "empty")
