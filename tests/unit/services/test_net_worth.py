"""Net worth from balances and rows: debts are taken off, currencies never added."""

from datetime import date, timedelta

from hive_desktop.domain.ledger import Account, AccountId, ItemId, ItemState
from hive_desktop.ports.report_store import Holding
from hive_desktop.services.net_worth import WorthPoint, worth_of

DAY = date(2026, 3, 10)
LATER = DAY + timedelta(days=5)


def account(number, kind="depository", currency="USD", state=ItemState.HEALTHY):
    return Account(
        AccountId(bytes([number])), ItemId(b"i"), f"p{number}", "Bank", f"Account {number}", None,
        "0001", kind, None, currency, 0, None, None, None, state,
    )  # fmt: skip


def held(number, day, known_on, known, moved=0):
    return Holding(AccountId(bytes([number])), day, known_on, known, moved)


def test_rows_carry_a_balance_forwards_and_backwards():
    accounts = [account(1), account(2, "credit")]
    holdings = [
        held(1, DAY, LATER, 1_000, 300),
        held(1, LATER, LATER, 1_000),
        held(2, DAY, DAY, 400),
        held(2, LATER, DAY, 400, 50),
    ]
    worth = worth_of(accounts, holdings, [DAY, LATER], "USD")
    assert worth.points == (
        WorthPoint(DAY, 1_000 + 300 - 400),
        WorthPoint(LATER, 1_000 - 400 - 50),
    )
    assert (worth.unknown, worth.closed, worth.assumed, worth.others) == ((), 0, (), ())


def test_what_rows_do_not_move_stands_at_its_balance_and_is_named():
    holdings = [held(1, DAY, LATER, 9_000, 500), held(2, DAY, LATER, 70_000, 500)]
    worth = worth_of([account(1, "investment"), account(2, "loan")], holdings, [DAY], "USD")
    assert worth.points == (WorthPoint(DAY, 9_000 - 70_000),)
    assert worth.assumed == ("Account 1 ··0001", "Account 2 ··0001")
    later = [held(1, LATER, DAY, 9_000, 500)]
    assert worth_of([account(1, "investment")], later, [LATER], "USD").assumed == ()


def test_other_currencies_closed_banks_and_unknown_balances_are_left_out_and_named():
    accounts = [
        account(1),
        account(2, currency="EUR"),
        account(3, state=ItemState.CLOSED),
        account(4),
    ]
    holdings = [held(1, DAY, DAY, 100), held(2, DAY, DAY, 900), held(3, DAY, DAY, 5_000)]
    worth = worth_of(accounts, holdings, [DAY], "USD")
    assert worth.points == (WorthPoint(DAY, 100),)
    assert worth.others == (("EUR", 900),)
    assert worth.closed == 1
    assert worth.unknown == ("Account 4 ··0001",)


def test_without_any_balance_there_is_no_line():
    worth = worth_of([account(1)], [], [DAY], "USD")
    assert worth.points == ()
    assert worth.unknown == ("Account 1 ··0001",)
    assert worth_of([], [], [], "USD").points == ()
