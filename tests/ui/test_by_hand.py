"""Accounts and rows that no bank tells of, in the window: dialogs by keys, each change undone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from hive_desktop import bootstrap
from hive_desktop.config import AppConfig
from hive_desktop.demo import WindowDemo
from hive_desktop.domain.days import to_day
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.domain.manual import FIRST_DAY, ManualAccount, ManualKind, RowFacts
from hive_desktop.ui.desktop import Desktop
from hive_desktop.ui.forms.own_account import AccountDialog, BalanceDialog
from hive_desktop.ui.forms.own_row import RowDialog
from hive_desktop.ui.kit.confirm import ConfirmDialog
from hive_desktop.ui.kit.day_field import DayField
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.accounts.account_line import Keep
from hive_desktop.ui.pages.setup.source import Source
from tests.bench.bulk_vault import make_vault
from tests.ui.helpers import opened, press, until

TODAY = date(2026, 11, 23)
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture(scope="module")
def vault(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hand") / "vault"
    with ThreadPoolExecutor(1) as pool:
        return folder, pool.submit(make_vault, folder, 60, today=TODAY).result()


@pytest.fixture
def desktop(qloop, themes, vault):
    clock = bootstrap.clock_of(TODAY)
    life = bootstrap.lifecycle(AppConfig.default(vault[0]), clock, WindowDemo(clock))
    made = Desktop(life, themes, mark=lambda _moment: None)
    yield made
    qloop.run_until_complete(made.close())


async def shown(desktop, vault, name=PageName.ACCOUNTS):
    await desktop.lifecycle.unlock_with(vault[1])
    desktop.show()
    window = desktop.session_window
    window.show_page(name)
    await window.current_page().settled()
    return window, desktop.lifecycle.session.ledger


def account_of(page, name):
    lines = [line for card in page.banks.cards for line in card.lines]
    return next((line for line in lines if line.view.name == name), None)


async def add_wallet(window, page):
    page._own_button.click()
    dialog = await opened(window, AccountDialog)
    assert not dialog.save.isEnabled()
    QTest.keyClicks(dialog.name, "Wallet")
    dialog.opening.setText("100")
    QTest.keyClick(dialog.name, Qt.Key.Key_Return)
    await until(lambda: account_of(page, "Wallet") is not None)


async def test_an_account_is_added_moved_by_its_rows_set_and_deleted(desktop, vault):
    window, ledger = await shown(desktop, vault)
    page = window.current_page()
    await add_wallet(window, page)
    line = account_of(page, "Wallet")
    assert (line.view.balance, line.view.kind) == ("$100.00", "Cash")
    assert "Wallet is added" in window.toast.text()
    window.activateWindow()
    await until(window.isActiveWindow)
    await page.settled()
    line = account_of(page, "Wallet")
    assert window.focusWidget() is line, "what is new has the focus"
    assert line.visibleRegion().contains(line.rect().center())
    QTest.keyClick(account_of(page, "Wallet"), Qt.Key.Key_Plus)
    row = await opened(window, RowDialog)
    QTest.keyClicks(row.payee, "Corner Bakery")
    row.payee.completer().popup().hide()
    QTest.keyClicks(row.amount, "12.50")
    QTest.keyClick(row, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    more = await opened(window, RowDialog)
    more.payee.setText("Gift")
    more.amount.setText("20")
    more.sign.select(-1)
    more.note.setText("from Ann")
    QTest.keyClick(more, Qt.Key.Key_Return)
    await until(lambda: account_of(page, "Wallet").view.balance == "$107.50")
    account_of(page, "Wallet").do(Keep.BALANCE)
    balance = await opened(window, BalanceDialog)
    balance.amount.setText("90")
    balance.save.click()
    await until(lambda: account_of(page, "Wallet").view.balance == "$90.00")
    window.undo()
    await until(lambda: account_of(page, "Wallet").view.balance == "$107.50")
    account_of(page, "Wallet").do(Keep.DELETE)
    (await opened(window, ConfirmDialog)).accept()
    await until(lambda: account_of(page, "Wallet") is None)
    assert await ledger.count(TransactionQuery(text="bakery")) == 0
    window.undo()
    await until(lambda: account_of(page, "Wallet") is not None)
    assert await ledger.count(TransactionQuery(text="bakery")) == 1
    await page.settled()


async def test_a_row_is_changed_from_its_details(desktop, vault):
    window, ledger = await shown(desktop, vault, PageName.TRANSACTIONS)
    told = ManualAccount("Drawer", ManualKind.CASH, "USD")
    done = await ledger.manual.add_account(told, 0, TODAY)
    await ledger.manual.add_row(done.account_id, RowFacts(to_day(TODAY), 500, "Kiosk"))
    page = window.current_page()
    page.show_query(TransactionQuery(accounts=(done.account_id,)))
    await page.settled()
    page.table.select_only(0)
    page.show_details()
    await page.settled()
    assert page.details.change.isVisible()
    page.details.change.click()
    dialog = await opened(window, RowDialog)
    assert (dialog.payee.text(), dialog.amount.text()) == ("Kiosk", "5.00")
    assert dialog.facts() == RowFacts(to_day(TODAY), 500, "Kiosk")
    dialog.amount.setText("7")
    dialog.save.click()
    await until(lambda: page.model.row_at(0) and page.model.row_at(0).amount_minor == 700)
    page.show_query(TransactionQuery())
    await page.settled()
    rows = await ledger.page(TransactionQuery(), limit=60)
    own = {one.id for one in await ledger.manual.accounts()}
    bank = next(n for n, one in enumerate(rows) if one.account_id not in own)
    page.table.select_only(bank)
    page.show_details()
    await page.settled()
    assert not page.details.change.isVisible()


async def test_a_row_by_hand_asks_for_an_account_first_where_there_is_none(qloop, themes, tmp_path):
    clock = bootstrap.clock_of(TODAY)
    life = bootstrap.lifecycle(AppConfig.default(tmp_path / "vault"), clock, WindowDemo(clock))
    await life.create("eleven brass kettles")
    desktop = Desktop(life, themes, mark=lambda _moment: None)
    desktop.show()
    window = desktop.session_window
    setup = window.current_page()
    setup.source.choices.select(Source.FILES)
    assert setup.source.own.isVisibleTo(setup)
    setup.source.own.click()
    first = await opened(window, AccountDialog)
    assert first.windowTitle() == "Add an account by hand"
    first.reject()
    await press(window, Qt.Key.Key_N)
    dialog = await opened(window, AccountDialog)
    assert dialog.windowTitle() == "First an account for it", "it says why this dialog comes"
    assert any("the transaction comes next" in one.text() for one in dialog.findChildren(QLabel))
    assert dialog.save.text() == "Add account and go on"
    QTest.keyClicks(dialog.name, "Wallet")
    dialog.save.click()
    row = await opened(window, RowDialog)
    assert row.account.value() == (await life.session.ledger.manual.accounts())[0].id
    row.reject()
    window.show_page(PageName.ACCOUNTS)
    page = window.current_page()
    await page.settled()
    assert page.stack.shown() == "banks"
    assert [card.view.item.institution for card in page.banks.cards] == ["Your own accounts"]
    await desktop.close()


async def test_a_row_that_is_refused_is_there_again_as_it_was_typed(desktop, vault):
    window, ledger = await shown(desktop, vault)
    done = await ledger.manual.add_account(ManualAccount("Tin", ManualKind.CASH, "USD"), 0, TODAY)
    desktop.session_window.by_hand.add_row(done.account_id)
    dialog = await opened(window, RowDialog)
    dialog.payee.setText("Kiosk")
    dialog.amount.setText("5")
    batch = await ledger.manual.delete_account(done.account_id)
    dialog.again.click()
    await until(dialog.error.isVisible)
    assert "has left" in " ".join(dialog.error.words())
    assert (dialog.payee.text(), dialog.amount.text()) == ("Kiosk", "5")
    assert not dialog.wants_more
    await ledger.undo(batch)
    dialog.save.click()
    await until(lambda: "Kiosk is added" in window.toast.text())
    await window.current_page().settled()
    assert not [one for one in window.findChildren(RowDialog) if one.isVisible()]
    assert await ledger.count(TransactionQuery(accounts=(done.account_id,))) == 1


def test_a_day_is_one_that_a_row_may_have(themes, qapp):
    field = DayField(TODAY, "Day", TODAY)
    for day, shown_day in ((date(2026, 11, 24), TODAY), (date(1752, 9, 14), FIRST_DAY)):
        field.show_day(day)
        assert field.day() == shown_day
    field.deleteLater()


async def test_the_palette_offers_both(desktop, vault):
    window, _ = await shown(desktop, vault)
    keys = {one.key: one.keys for one in window.commands}
    assert keys["add-row"] == ("Ctrl+N",)
    assert "add-account" in keys
