"""What all accounts of a currency are worth over time: the banks' balances, and rows between them.

A balance of a day stands until the next one. Where rows alone move a balance (`domain.
balance_proof.PROVED`), those between a day and the nearest balance are counted in, so that there
is a course before the first balance too. An investment or a loan stands at its nearest balance.
Banks that were disconnected are left out: nobody knows what they hold now. So is what the person
hides, or wants left out.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hive_desktop.domain.balance_proof import PROVED
from hive_desktop.domain.ledger import ItemState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from hive_desktop.domain.ledger import Account
    from hive_desktop.ports.report_store import Holding


@dataclass(frozen=True, slots=True)
class WorthPoint:
    """What the accounts were worth at the end of a day, minor units, debts taken off."""

    day: date
    minor: int


@dataclass(frozen=True, slots=True)
class Worth:
    """Net worth of one currency over time.

    Attributes:
        points: one for each day that was asked for; none where no balance is known at all.
        others: what the accounts of each other currency are worth on the last day.
        unknown: titles of accounts that no bank has told a balance of.
        closed: how many accounts of disconnected banks are left out.
        assumed: titles of accounts that stand at a balance of a later day, because no rows tell
            how it came about.
    """

    currency: str
    points: tuple[WorthPoint, ...]
    others: tuple[tuple[str, int], ...]
    unknown: tuple[str, ...]
    closed: int
    assumed: tuple[str, ...]


def worth_of(
    accounts: Iterable[Account], holdings: Iterable[Holding], days: Sequence[date], currency: str
) -> Worth:
    """Add up what accounts held.

    Args:
        accounts: all accounts.
        holdings: what they held on each of `days`.
        days: oldest first.
        currency: the one that the points are of; amounts of two are never added.
    """
    every = list(accounts)
    open_ones = {one.id: one for one in every if one.counts and one.state is not ItemState.CLOSED}
    sums: Counter[tuple[str, date]] = Counter()
    known, assumed = set(), {}
    for held in holdings:
        account = open_ones.get(held.account_id)
        if account is None:
            continue
        known.add(account.id)
        sums[account.currency, held.day] += worth_at(account, held)
        if account.type not in PROVED and held.known_on > held.day and account.currency == currency:
            assumed[account.id] = account.title
    has_any = any(open_ones[key].currency == currency for key in known)
    others = sorted({open_ones[key].currency for key in known} - {currency})
    return Worth(
        currency,
        tuple(WorthPoint(day, sums[currency, day]) for day in days) if has_any else (),
        tuple((other, sums[other, days[-1]]) for other in others) if days else (),
        tuple(one.title for key, one in open_ones.items() if key not in known),
        sum(one.counts and one.state is ItemState.CLOSED for one in every),
        tuple(assumed.values()),
    )


def worth_at(account: Account, held: Holding) -> int:
    """Return what an account was worth at the end of a day, a debt as negative."""
    worth = -held.known_minor if account.is_owed else held.known_minor
    if account.type not in PROVED:
        return worth
    return worth - held.moved_minor if held.day > held.known_on else worth + held.moved_minor
