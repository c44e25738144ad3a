"""What the Accounts page says of banks and accounts. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hive_desktop.domain.ledger import Item, ItemState
from hive_desktop.i18n import mark, tr
from hive_desktop.ui.kit import dates, money
from hive_desktop.ui.pages.accounts.states import state_view

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from hive_desktop.domain.ledger import Account, AccountId, ItemId, TransactionRow
    from hive_desktop.services.proofs import Discrepancy
    from hive_desktop.ui.pages.accounts.states import StateView

_ICONS = {"credit": "card", "loan": "house", "investment": "trend", "brokerage": "trend"}
_MORE = mark("{amount} more went out here than at the bank, since {day}")
_LESS = mark("{amount} less went out here than at the bank, since {day}")
_KINDS = {
    "auto": mark("Auto"),
    "brokerage": mark("Brokerage"),
    "business": mark("Business"),
    "cash": mark("Cash"),
    "cd": mark("Cd"),
    "checking": mark("Checking"),
    "construction": mark("Construction"),
    "consumer": mark("Consumer"),
    "credit": mark("Credit"),
    "credit card": mark("Credit card"),
    "depository": mark("Depository"),
    "home equity": mark("Home equity"),
    "investment": mark("Investment"),
    "line of credit": mark("Line of credit"),
    "loan": mark("Loan"),
    "money market": mark("Money market"),
    "mortgage": mark("Mortgage"),
    "other": mark("Other"),
    "overdraft": mark("Overdraft"),
    "pension": mark("Pension"),
    "prepaid": mark("Prepaid"),
    "property": mark("Property"),
    "retirement": mark("Retirement"),
    "savings": mark("Savings"),
    "student": mark("Student"),
    "vehicle": mark("Vehicle"),
}
"""Plaid's types and subtypes of accounts that have a word in other languages."""
_SUBTYPE_ICONS = {
    "savings": "piggy",
    "student": "book",
    "cash": "wallet",
    "property": "house",
    "vehicle": "car",
}


@dataclass(frozen=True, slots=True)
class BalanceView:
    """What the ledger and the bank's balance disagree on, and the rows that explain it."""

    account_id: AccountId
    account: str
    title: str
    text: str
    rows: tuple[TransactionRow, ...]


@dataclass(frozen=True, slots=True)
class AccountView:
    """One account's row; `course` is what it was worth over the last weeks, oldest first.

    `is_own` tells that the person keeps it by hand.
    """

    id: AccountId
    name: str
    bank_name: str
    kind: str
    icon: str
    balance: str
    detail: str
    is_owed: bool
    proof: BalanceView | None = None
    is_hidden: bool = False
    in_net_worth: bool = True
    course: tuple[int, ...] = ()
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class BankView:
    """One bank's card."""

    item: Item
    synced: str
    state: StateView
    accounts: tuple[AccountView, ...]
    is_syncing: bool = False


def bank_views(
    items: Iterable[Item],
    accounts: Iterable[Account],
    proofs: Iterable[Discrepancy],
    now: datetime,
    before: Mapping[ItemId, BankView],
    courses: Mapping[AccountId, tuple[int, ...]],
) -> list[BankView]:
    """Return one view for each bank: those to decide on first, closed ones last, then by name.

    Hidden accounts come last at their bank.
    A bank that is being synced keeps the state it had in `before`, so that nothing jumps.
    """
    owned: defaultdict[bytes, list[Account]] = defaultdict(list)
    for account in accounts:
        owned[account.item_id].append(account)
    wrong = {proof.account_id: balance_view(proof, now) for proof in proofs}
    views = []
    own_places = _by_hand(owned, now)
    for item in sorted([*items, *own_places], key=_place):
        is_syncing = item.state is ItemState.SYNCING
        known = before.get(item.id)
        state = known.state if is_syncing and known is not None else state_view(item, now)
        own = sorted(owned[item.id], key=lambda each: each.is_hidden)
        shown = tuple(
            account_view(each, wrong.get(each.id), courses.get(each.id, ())) for each in own
        )
        views.append(BankView(item, _synced(item, now), state, shown, is_syncing))
    return views


def _by_hand(owned: Mapping[bytes, Sequence[Account]], now: datetime) -> list[Item]:
    """Return a place for each group of accounts that the person keeps, as if it were a bank."""
    first = {key: own[0] for key, own in owned.items() if own[0].state is ItemState.MANUAL}
    return [
        Item(
            id=one.item_id,
            plaid_item_id="",
            institution_id=None,
            institution=one.institution or tr("Your own accounts"),
            state=ItemState.MANUAL,
            error_code=None,
            created_at=now,
            last_synced_at=None,
        )
        for one in first.values()
    ]


def balance_view(proof: Discrepancy, now: datetime) -> BalanceView:
    """Return a disagreement in words."""
    amount = money.plain(abs(proof.difference_minor), proof.currency)
    template = _MORE if proof.difference_minor > 0 else _LESS
    since = dates.local_day(proof.since, now)
    text = {0: tr("No small set of rows explains it."), 1: tr("This row explains it:")}
    return BalanceView(
        proof.account_id,
        proof.account,
        tr(template, amount=amount, day=since),
        text.get(len(proof.rows), tr("Together these rows explain it:")),
        proof.rows,
    )


def account_view(
    account: Account, proof: BalanceView | None = None, course: tuple[int, ...] = ()
) -> AccountView:
    """Return an account's row."""
    kind = kind_words(account.subtype or account.type)
    return AccountView(
        id=account.id,
        name=account.name,
        bank_name=account.bank_name or account.name,
        kind=f"{kind} ··{account.digits}" if account.digits else kind,
        icon=_SUBTYPE_ICONS.get(account.subtype or "", _ICONS.get(account.type, "bank")),
        balance=_balance(account),
        detail=_detail(account),
        is_owed=account.is_owed,
        proof=proof,
        is_hidden=account.is_hidden,
        in_net_worth=account.in_net_worth,
        course=course,
        is_own=account.state is ItemState.MANUAL,
    )


def kind_words(kind: str) -> str:
    """Return Plaid's type or subtype of an account for people."""
    return tr(_KINDS[kind]) if kind in _KINDS else kind.capitalize()


def totals(accounts: Sequence[Account]) -> list[tuple[str, str, str]]:
    """Return currency, what is owned and what is owed, for each currency with a balance.

    The last balance of a bank that is disconnected is not what the person owns now; and what is
    hidden, or left out of net worth, is no part of it.
    """
    accounts = [each for each in accounts if each.counts and each.state is not ItemState.CLOSED]
    owned: defaultdict[str, int] = defaultdict(int)
    owed: defaultdict[str, int] = defaultdict(int)
    for account in accounts:
        if account.balance_current_minor is not None:
            side = owed if account.is_owed else owned
            side[account.currency] += account.balance_current_minor
    counts = defaultdict(int, {c: sum(a.currency == c for a in accounts) for c in owned | owed})
    ordered = sorted(owned | owed, key=lambda currency: (-counts[currency], currency))
    return [(c, money.plain(owned[c], c), money.plain(-owed[c], c)) for c in ordered]


def _place(item: Item) -> tuple[int, str]:
    order = {ItemState.AWAITING: 0, ItemState.MANUAL: 2, ItemState.CLOSED: 3}
    return order.get(item.state, 1), item.institution.casefold()


def _synced(item: Item, now: datetime) -> str:
    if item.state is ItemState.MANUAL:
        return tr("You write its transactions yourself")
    if item.last_synced_at is None:
        return tr("Not synced yet")
    return tr("Synced {ago}", ago=dates.ago(item.last_synced_at, now))


def _balance(account: Account) -> str:
    if account.worth_minor is None:
        return "\N{EN DASH}"
    return money.plain(account.worth_minor, account.currency)


def _detail(account: Account) -> str:
    available = account.balance_available_minor
    if account.type == "credit" and account.balance_limit_minor:
        limit = money.plain(account.balance_limit_minor, account.currency)
        return tr("of {amount} limit", amount=limit)
    if available is not None and available != account.balance_current_minor:
        return tr("{amount} available", amount=money.plain(available, account.currency))
    return ""
