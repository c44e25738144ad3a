"""What the Accounts page says of banks and accounts. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hive_desktop.domain.ledger import ItemState
from hive_desktop.ui.kit import dates, money

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from hive_desktop.domain.ledger import Account, Item
    from hive_desktop.ui.kit.widgets import Tone

_OWED = frozenset({"credit", "loan"})
_ICONS = {"credit": "card", "loan": "house", "investment": "trend", "brokerage": "trend"}
_SUBTYPE_ICONS = {"savings": "piggy", "student": "book"}


@dataclass(frozen=True, slots=True)
class StateView:
    """An item's state in words: the pill, its colours' role, and what to do about it."""

    pill: str
    tone: Tone
    advice: str
    needs_reconnect: bool = False


@dataclass(frozen=True, slots=True)
class AccountView:
    """One account's row."""

    name: str
    kind: str
    icon: str
    balance: str
    detail: str
    is_owed: bool


@dataclass(frozen=True, slots=True)
class BankView:
    """One bank's card."""

    item: Item
    synced: str
    state: StateView
    accounts: tuple[AccountView, ...]


_STATES = {
    ItemState.HEALTHY: StateView("Connected", "income", ""),
    ItemState.NEEDS_RELINK: StateView(
        "Sign in again",
        "warning",
        "The bank no longer accepts the saved sign-in. Nothing is lost; reconnect to go on.",
        needs_reconnect=True,
    ),
    ItemState.DEGRADED: StateView(
        "Trouble at the bank", "warning", "The last sync failed at the bank's end. Try again later."
    ),
    ItemState.RATE_LIMITED: StateView(
        "Asked to wait", "warning", "The bank asks for fewer requests. Sync again in a minute."
    ),
    ItemState.REVOKED: StateView(
        "Ended",
        "danger",
        "The connection was ended at the bank. Its rows stay; connect the bank again to go on.",
    ),
    ItemState.MISCONFIGURED: StateView(
        "Not set up", "danger", "Plaid refused the keys. Check the bank access in Settings."
    ),
}


def bank_views(items: Iterable[Item], accounts: Iterable[Account], now: datetime) -> list[BankView]:
    """Return one view for each bank, in the order of its name."""
    owned: defaultdict[bytes, list[Account]] = defaultdict(list)
    for account in accounts:
        owned[account.item_id].append(account)
    return [
        BankView(
            item,
            f"Synced {dates.ago(item.last_synced_at, now)}"
            if item.last_synced_at
            else "Not synced",
            _STATES[item.state],
            tuple(account_view(account) for account in owned[item.id]),
        )
        for item in sorted(items, key=lambda each: each.institution.casefold())
    ]


def account_view(account: Account) -> AccountView:
    """Return an account's row; a card's or loan's balance is what is owed, so it reads negative."""
    owed = account.type in _OWED
    kind = (account.subtype or account.type).capitalize()
    return AccountView(
        name=account.name,
        kind=f"{kind} ··{account.mask}" if account.mask else kind,
        icon=_SUBTYPE_ICONS.get(account.subtype or "", _ICONS.get(account.type, "bank")),
        balance=_balance(account, owed=owed),
        detail=_detail(account),
        is_owed=owed,
    )


def totals(accounts: Sequence[Account]) -> list[tuple[str, str, str]]:
    """Return currency, what is owned and what is owed, for each currency with a balance."""
    owned: defaultdict[str, int] = defaultdict(int)
    owed: defaultdict[str, int] = defaultdict(int)
    for account in accounts:
        if account.balance_current_minor is not None:
            side = owed if account.type in _OWED else owned
            side[account.currency] += account.balance_current_minor
    counts = defaultdict(int, {c: sum(a.currency == c for a in accounts) for c in owned | owed})
    ordered = sorted(owned | owed, key=lambda currency: (-counts[currency], currency))
    return [(c, money.plain(owned[c], c), money.plain(-owed[c], c)) for c in ordered]


def _balance(account: Account, *, owed: bool) -> str:
    if account.balance_current_minor is None:
        return "\N{EN DASH}"
    amount = -account.balance_current_minor if owed else account.balance_current_minor
    return money.plain(amount, account.currency)


def _detail(account: Account) -> str:
    available = account.balance_available_minor
    if account.type == "credit" and account.balance_limit_minor:
        limit = money.plain(account.balance_limit_minor, account.currency)
        return f"of {limit} limit"
    if available is not None and available != account.balance_current_minor:
        return f"{money.plain(available, account.currency)} available"
    return ""
