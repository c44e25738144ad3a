"""The Accounts page: banks as they are, connecting, reconnecting, disconnecting, proofs."""

import asyncio
import dataclasses
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from hive_desktop.domain.days import Span
from hive_desktop.domain.ledger import ItemState
from hive_desktop.ports.errors import (
    BankConfigError,
    BankOfflineError,
    LinkError,
    VaultDamagedError,
)
from hive_desktop.ports.events import ItemChanged
from hive_desktop.services.proofs import Discrepancy
from hive_desktop.ui.kit.confirm import ConfirmDialog
from hive_desktop.ui.kit.spinner import Spinner
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.accounts import presenter, states, time_frame
from hive_desktop.ui.pages.accounts.account_line import Keep
from hive_desktop.ui.pages.accounts.balance import BalanceNotice
from hive_desktop.ui.pages.accounts.disconnect import DisconnectDialog
from hive_desktop.ui.pages.accounts.renaming import RenameDialog
from hive_desktop.ui.pages.accounts.states import Action
from hive_desktop.ui.pages.accounts.time_frame import TimeFrameDialog
from tests.ui.engine import with_every_state
from tests.ui.fakes import make_session
from tests.ui.helpers import opened, until, window_of
from tests.ui.household import NOW, TODAY, empty

PAGE = PageName.ACCOUNTS
# What the offscreen plugin says of dialogs.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def _card(page, item):
    return next(card for card in page.banks.cards if card.view.item.id == item.id)


async def test_banks_accounts_and_balances(session, themes, house):
    async with window_of(session, themes, page=PAGE) as window:
        views = [card.view for card in window.current_page().banks.cards]
        names = [view.item.institution for view in views]
        assert names == ["Banque du Lac", "First Platypus Bank", "Tartan Credit Union"]
        tartan = views[2]
        assert tartan.state.action is Action.RECONNECT
        assert tartan.accounts[0].balance == "\N{MINUS SIGN}$1,310.42"
        assert tartan.accounts[0].detail == "of $8,000.00 limit"
        assert views[1].synced == "Synced 12 minutes ago"


async def test_every_state_says_what_it_is_and_what_helps(session, themes, house):
    with_every_state(house)
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        by_state = {card.view.item.state: card for card in page.banks.cards}
        assert set(by_state) == set(ItemState)
        told = {
            state: (card.view.state.pill, tuple(card.buttons)) for state, card in by_state.items()
        }
        assert told == {
            ItemState.HEALTHY: ("Connected", (Action.SYNC,)),
            ItemState.SYNCING: ("Syncing", ()),
            ItemState.EXPIRING: ("Ends soon", (Action.RECONNECT, Action.SYNC)),
            ItemState.NEEDS_RELINK: ("Sign in again", (Action.RECONNECT, Action.SYNC)),
            ItemState.DEGRADED: ("Trouble at the bank", (Action.SYNC,)),
            ItemState.RATE_LIMITED: ("Asked to wait", (Action.SYNC,)),
            ItemState.REVOKED: ("Ended", (Action.CONNECT,)),
            ItemState.MISCONFIGURED: ("Not set up", (Action.SETTINGS, Action.SYNC)),
            ItemState.AWAITING: ("Waits for you", (Action.DECIDE,)),
            ItemState.MANUAL: ("By hand", ()),
            ItemState.CLOSED: ("Disconnected", (Action.CONNECT,)),
        }
        assert "Access ends Nov 28" in by_state[ItemState.EXPIRING].view.state.advice
        assert "Tries again at" in by_state[ItemState.DEGRADED].view.state.advice
        assert "fewer requests until" in by_state[ItemState.RATE_LIMITED].view.state.advice
        assert by_state[ItemState.SYNCING].findChild(Spinner) is not None
        assert page.banks.cards[0].view.item.state is ItemState.AWAITING
        assert page.banks.cards[-1].view.item.state is ItemState.CLOSED
        by_state[ItemState.MISCONFIGURED].buttons[Action.SETTINGS].click()
        assert window.current_page() is window.page(PageName.SETTINGS)


async def test_a_sync_of_a_bank_moves_nothing_and_keeps_the_focus(session, themes, house):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        tartan, other = house.items[1], house.items[0]
        card = _card(page, tartan)
        await until(window.isVisible)
        window.activateWindow()
        await until(window.isActiveWindow)
        card.more.setFocus()
        height, kept = card.height(), _card(page, other)
        _set_state(house, tartan, ItemState.SYNCING)
        session.bus.publish(ItemChanged(tartan.id))
        await until(lambda: _card(page, tartan).view.is_syncing)
        await asyncio.sleep(0.02)
        card = _card(page, tartan)
        assert card.view.state.pill == "Sign in again"
        assert card.height() == height
        assert card.more.hasFocus()
        assert _card(page, other) is kept


def _set_state(house, item, state):
    house.items = [
        dataclasses.replace(each, state=state) if each.id == item.id else each
        for each in house.items
    ]


def test_currencies_are_not_added(house):
    totals = presenter.totals(house.accounts)
    assert [currency for currency, _, _ in totals] == ["USD", "EUR"]
    assert totals[0][1:] == ("$26,321.55", "\N{MINUS SIGN}$243,332.61")
    assert presenter.bank_views([], [], [], NOW, {}, {}) == []


async def test_connecting_waits_copies_and_syncs(session, themes, house):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.connect_bank()
        await until(lambda: page.link.waiting.url)
        assert page.link.waiting.isVisible()
        page.link.waiting._copy.click()
        assert QGuiApplication.clipboard().text() == session.linking.pending_url
        session.linking.outcome.set_result([house.items[0].id])
        await until(lambda: not page.link.is_waiting())
        assert not page.link.waiting.isVisible()
        assert session.sync.asked == [[house.items[0].id]]


async def test_connecting_can_be_cancelled(session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.connect_bank()
        await until(lambda: page.link.waiting.url)
        page.link.cancel()
        await until(lambda: not page.link.is_waiting())
        assert not page.link.waiting.isVisible()
        assert not page.error.isVisible()
        assert session.linking.pending_url is None


async def test_leaving_the_banks_page_says_what_to_do(session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.connect_bank()
        await until(lambda: page.link.waiting.url)
        session.linking.outcome.set_exception(LinkError())
        await until(page.error.isVisible)
        assert page.error.words() == LinkError().rendered()


async def test_reconnecting_heals_the_bank(session, themes, house):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        item = house.items[1]
        _card(page, item).buttons[Action.RECONNECT].click()
        await until(lambda: session.sync.asked == [[item.id]])
        await until(lambda: _card(page, item).view.state.action is None)
        assert session.sync.joined == [False]


async def test_reconnecting_during_a_sync_asks_for_another_one(session, themes, house):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        item = house.items[1]
        session.sync.gate.clear()
        window.sync()
        await until(lambda: session.sync.asked == [None])
        page.act(Action.RECONNECT, item)
        await until(lambda: session.sync.asked == [None, [item.id]])
        assert session.sync.joined == [True, False]
        assert not page.link.waiting.isVisible()
        session.sync.gate.set()
        await until(lambda: not page.link.is_waiting())


async def test_a_sync_that_fails_after_reconnecting_says_so(session, themes, house):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        session.sync.fail_with = BankOfflineError()
        page.act(Action.RECONNECT, house.items[1])
        await until(page.error.isVisible)
        assert page.error.words() == BankOfflineError().rendered()
        await until(lambda: not page.link.is_waiting())


@pytest.mark.parametrize("keeps", [True, False])
async def test_disconnecting_asks_what_becomes_of_the_history(session, themes, house, keeps):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        item = house.items[0]
        page.act(Action.DISCONNECT, item)
        dialog = await opened(page, DisconnectDialog)
        dialog.cancel.click()
        await until(lambda: page.findChild(DisconnectDialog) is None)
        assert session.linking.disconnected == []
        page.act(Action.DISCONNECT, item)
        dialog = await opened(page, DisconnectDialog)
        assert dialog.keep_history()
        if not keeps:
            dialog.choices.select(False)
            assert dialog.confirm.text() == "Disconnect and remove"
        dialog.confirm.click()
        await until(lambda: session.linking.disconnected == [(item.id, keeps)])
        await until(lambda: (item.id in page.banks.views()) == keeps or None)
        if keeps:
            await until(lambda: _card(page, item).view.state.pill == "Disconnected")
            await until(lambda: page._totals.count() == 4)
            page.act(Action.REMOVE, item)
            (await opened(page, ConfirmDialog)).confirm.click()
            await until(lambda: len(page.banks.cards) == 2)


async def test_a_disconnect_that_fails_says_so(session, themes, house):
    async def refuse(*_args, **_kwargs):
        raise BankOfflineError

    session.linking.disconnect = refuse
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.act(Action.DISCONNECT, house.items[0])
        (await opened(page, DisconnectDialog)).confirm.click()
        await until(page.error.isVisible)
        assert page.error.words() == BankOfflineError().rendered()


async def test_a_time_frame_is_chosen_and_checked(session, themes, house):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        item = house.items[0]
        page.act(Action.TIME_FRAME, item)
        dialog = await opened(page, TimeFrameDialog)
        assert dialog.span() == Span(TODAY - timedelta(days=29), TODAY)
        dialog.range.show_days(TODAY, TODAY - timedelta(days=5))
        assert dialog.presets.value() is None
        assert "first day comes after the last" in dialog.problem.text()
        assert not dialog.go_on.isEnabled()
        dialog.range.show_days(TODAY, TODAY + timedelta(days=1))
        assert "still to come" in dialog.problem.text()
        dialog.presets._group.button(2).click()
        assert dialog.span() == Span(TODAY.replace(month=1, day=1), TODAY)
        assert not dialog.problem.isVisible()
        QTest.keyClick(dialog, Qt.Key.Key_Return)
        await until(lambda: session.sync.asked == [[item.id]])
        assert session.sync.spans == [Span(TODAY.replace(month=1, day=1), TODAY)]


def test_problems_of_a_time_frame():
    early, late = TODAY - timedelta(days=3), TODAY + timedelta(days=3)
    assert time_frame.problem(early, TODAY, TODAY) == ""
    assert time_frame.problem(TODAY, TODAY, TODAY) == ""
    assert "after" in time_frame.problem(TODAY, early, TODAY)
    assert "come" in time_frame.problem(late, late, TODAY)


async def test_a_balance_that_disagrees_is_explained_by_rows_that_open(session, themes, house):
    account = house.accounts[2]
    row = next(each for each in house.rows if each.account_id == account.id)
    since = NOW - timedelta(days=3)
    session.proofs.found = [
        Discrepancy(account.id, "Card", "First", "USD", row.amount_minor, since, (row,)),
        Discrepancy(house.accounts[0].id, "Checking", "First", "USD", -700, since, ()),
    ]
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        notices = page.findChildren(BalanceNotice)
        words = [notice.accessibleName() for notice in notices]
        assert words[0].startswith("$7.00 less went out here than at the bank, since Nov 20")
        assert words[0].endswith("No small set of rows explains it.")
        assert words[1].endswith("This row explains it:")
        notices[1].rows[0].click()
        transactions = window.current_page()
        assert transactions is window.page(PageName.TRANSACTIONS)
        await transactions.settled()
        chosen = [transactions.model.row_at(n) for n in transactions.table.selected_rows()]
        assert chosen == [row]
        session.proofs.found = []
        page.reload()
        await page.settled()
        assert not any(card.view.accounts[0].proof for card in page.banks.cards)


async def test_a_balance_is_taken_as_right(session, themes, house):
    since = NOW - timedelta(days=3)
    session.proofs.found = [
        Discrepancy(account.id, f"{account.name} ··1", "First", "USD", -700, since, ())
        for account in house.accounts[:2]
    ]
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        buttons = [notice.accept for notice in page.findChildren(BalanceNotice)]
        names = [button.accessibleName() for button in buttons]
        assert names == [
            f"Take the balance of {account.name} ··1 as right" for account in house.accounts[:2]
        ]
        session.proofs.fail_with = BankOfflineError()
        buttons[0].click()
        await until(page.error.isVisible)
        session.proofs.fail_with = None
        buttons[0].click()
        await until(lambda: len(session.proofs.found) == 1)
        assert session.proofs.found[0].account_id == house.accounts[1].id
        shown = lambda: [  # noqa: E731 - asked twice
            account.proof.account_id
            for card in page.banks.cards
            for account in card.view.accounts
            if account.proof
        ]
        await until(lambda: shown() == [house.accounts[1].id])
        assert not page.error.isVisible()
        assert window.toast.text().endswith("is taken as right")


async def test_the_menu_offers_what_the_state_allows(session, themes, house):
    with_every_state(house)
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        for card in page.banks.cards:
            entries = [entry.text() for entry in card.menu.actions()]
            assert len(entries) == len(states.actions_of(card.view.item.state))
        healthy = _card(page, house.items[0])
        healthy.more.click()
        assert healthy.menu.isVisible()
        texts = [entry.text() for entry in healthy.menu.actions()]
        assert texts == ["Sync a time frame\N{HORIZONTAL ELLIPSIS}", "Sync history",
                         "Disconnect\N{HORIZONTAL ELLIPSIS}"]  # fmt: skip
        healthy.menu.actions()[1].trigger()
        healthy.menu.hide()
        assert page.stack.shown() == "history"
        assert page.history.title.text() == "Sync history of First Platypus Bank"
        await page.settled()


async def test_no_bank_yet(qloop, themes):
    async with window_of(make_session(empty()), themes, page=PAGE) as window:
        page = window.current_page()
        assert page.stack.shown() == "empty"
        page.connect_bank()
        assert page.stack.shown() == "banks"
        assert page.link.waiting.isVisible()
        page.link.cancel()
        await until(lambda: page.stack.shown() == "empty")


async def test_a_bank_that_cannot_be_asked_any_more_is_ended_here_only(session, themes, house):
    session.linking.refuse_with = BankConfigError(code="NO_KEYS")
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        item = house.items[0]
        page.act(Action.DISCONNECT, item)
        (await opened(page, DisconnectDialog)).confirm.click()
        (await opened(page, ConfirmDialog)).cancel.click()
        await until(lambda: page.findChild(ConfirmDialog) is None)
        assert session.linking.disconnected == []
        page.act(Action.DISCONNECT, item)
        (await opened(page, DisconnectDialog)).confirm.click()
        question = await opened(page, ConfirmDialog)
        assert question.confirm.text() == "End it here only"
        question.confirm.click()
        await until(lambda: session.linking.disconnected == [(item.id, True)])


def line_of(window, name):
    page = window.current_page()
    return next(line for card in page.banks.cards for line in card.lines if line.view.name == name)


async def test_an_account_is_renamed_and_named_back(session, house, themes):
    async with window_of(session, themes, page=PAGE) as window:
        first = house.accounts[0].name
        window.activateWindow()
        await until(window.isActiveWindow)
        line_of(window, first).setFocus()
        QTest.keyClick(line_of(window, first), Qt.Key.Key_F2)
        dialog = await opened(window, RenameDialog)
        assert dialog.name.placeholderText() == first
        dialog.name.setText("x" * 61)
        assert "61 characters, and 60" in dialog.error.words()[1]
        assert not dialog.save.isEnabled()
        dialog.name.setText("Household")
        assert dialog.error.isHidden()
        dialog.save.click()
        await until(lambda: house.accounts[0].name == "Household")
        await window.current_page().settled()
        await until(lambda: "is called Household now" in window.toast.text())
        window.toast._act()
        await until(lambda: house.accounts[0].name == first)


async def test_a_hidden_account_is_put_away_and_leaves_the_totals(session, house, themes):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        view = line_of(window, house.accounts[0].name).view
        before = presenter.totals(house.accounts)
        line_of(window, view.name).do(Keep.HIDE)
        await until(lambda: any(card.view.accounts[-1].is_hidden for card in page.banks.cards))
        await page.settled()
        card = next(card for card in page.banks.cards if card.view.accounts[-1].is_hidden)
        assert not card.lines[-1].isVisible()
        assert presenter.totals(house.accounts) != before
        card.hidden.click()
        assert card.lines[-1].isVisible()
        assert Keep.SHOW in card.lines[-1].offered()
        card.lines[-1].do(Keep.SHOW)
        await until(lambda: not house.accounts[0].is_hidden)
        line_of(window, view.name).do(Keep.LEAVE_OUT)
        await until(lambda: not house.accounts[0].in_net_worth)
        assert presenter.totals(house.accounts) != before


async def test_accounts_move_within_their_bank(session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        window.activateWindow()
        await until(window.isActiveWindow)
        page = window.current_page()
        card = next(card for card in page.banks.cards if len(card.lines) > 1)
        bank = card.view.item.id
        first, second = (line.view.name for line in card.lines[:2])

        def shown():
            found = next(one for one in page.banks.cards if one.view.item.id == bank)
            return [line.view.name for line in found.lines[:2]]

        card.lines[0].setFocus()
        QTest.keyClick(card.lines[0], Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
        await until(lambda: shown() == [second, first])
        await page.settled()
        assert line_of(window, first).hasFocus()


async def test_banks_that_could_not_be_read_can_be_tried_again(session, themes):
    session.database.fail_with = VaultDamagedError()
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        await until(page.error.isVisible)
        assert page.error.again.isVisible()
        session.database.fail_with = None
        page.error.again.click()
        await until(lambda: bool(page.banks.cards))
        assert not page.error.isVisible()
        page._failed(LinkError())
        assert page.error.isVisible()
        assert not page.error.again.isVisible(), "loading again would not do what was wanted"
