"""What is worth telling a person outside of the window, and when: the rules. Pure.

A happening has a key, and is told once for it. What lasts (a low balance, a bank in need) keeps its
key until it is over, and is told again only after that.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from hive_desktop.domain.ledger import ItemState
from hive_desktop.domain.notice_choices import NoticeKind, object_of
from hive_desktop.domain.recurring import find

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from hive_desktop.domain.ledger import Account
    from hive_desktop.domain.notice_choices import Choices
    from hive_desktop.domain.recurring import Payment


CONSENT_DAYS: Final = (14, 3)
"""How many days before the end of a bank's consent it is told."""

_RECENT_DAYS = 7  # an older charge is history that came late
_RISE_DAYS = 45
_FAILING_HOURS = 24
_MOST_AT_ONCE = 3
_NEEDING = frozenset((ItemState.NEEDS_RELINK, ItemState.REVOKED, ItemState.MISCONFIGURED))
_WELL = frozenset((ItemState.HEALTHY, ItemState.EXPIRING, ItemState.CLOSED))
_FAILING = frozenset((ItemState.DEGRADED, ItemState.RATE_LIMITED))


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that may be told.

    Args:
        kind: why.
        key: what makes it the same thing when it is met again.
        also: other keys under which it may be met.
        name: of the merchant, account or bank.
        amount_minor: the charge, balance or new price, in minor units, positive = money out; a
            balance as the bank has it.
        before_minor: the price before, or the limit of a balance.
        currency: of these.
        count: of rows.
        ids: what it leads to: rows in hexadecimal; for new rows their accounts, for a price that
            has risen the merchant's key.
        state: of the bank's connection.
        days: that are left.
    """

    kind: NoticeKind
    key: str
    also: tuple[str, ...] = ()
    name: str = ""
    amount_minor: int = 0
    before_minor: int = 0
    currency: str = ""
    count: int = 0
    ids: tuple[str, ...] = ()
    state: str = ""
    days: int = 0


def happening_text(happening: Happening) -> str:
    """Return what a happening is beside its kind and keys, as it is kept."""
    kept = {one.name: getattr(happening, one.name) for one in fields(happening)[3:]}
    return json.dumps({name: value for name, value in kept.items() if value}, ensure_ascii=False)


def happening_of(kind: str, key: str, text: str) -> Happening:
    """Read a happening that is kept."""
    names = {one.name for one in fields(Happening)[3:]}
    kept = {name: value for name, value in object_of(text).items() if name in names}
    kept["ids"] = tuple(kept.get("ids", ()))
    return Happening(NoticeKind(kind), key, **kept)


class Found(NamedTuple):
    """What a look at the ledger found: what is so, and the keys of what is over."""

    happenings: Sequence[Happening] = ()
    over: Sequence[str] = ()


class NewRow(NamedTuple):
    """A row that a sync brought or changed.

    Attributes:
        posted_on: the day's number.
        name: what lists call it.
        merchant: the merchant's key; empty without one.
        counts: it is neither hidden nor a transfer.
        plaid_id: the bank's id; None for a part of a divided row.
        pending_plaid_id: the bank's id of the pending row whose place it took.
    """

    id: bytes
    account_id: bytes
    posted_on: int
    amount_minor: int
    currency: str
    name: str
    merchant: str
    counts: bool
    pending: bool
    plaid_id: str | None
    pending_plaid_id: str | None


class Bank(NamedTuple):
    """How a connection stands; `failing_since` is its first failure since it last worked."""

    id: bytes
    name: str
    state: ItemState
    ends_at: datetime | None
    failing_since: datetime | None


def new_rows(count: int, accounts: Iterable[bytes], newest_run: int) -> Found:
    """Return one summary of what syncs up to a run brought; nothing where they brought nothing."""
    if not count:
        return Found()
    ids = tuple(sorted({one.hex() for one in accounts}))
    key = f"rows:{newest_run}"
    return Found([Happening(NoticeKind.NEW_ROWS, key, count=count, ids=ids)])


def large_charges(rows: Iterable[NewRow], choices: Choices, main: str, today: int) -> Found:
    """Return the charges that are large; a pending one and its posting are one."""
    return Found(
        [
            Happening(
                NoticeKind.LARGE_CHARGE,
                f"charge:{row.id.hex()}",
                tuple(f"charge:{one}" for one in (row.plaid_id, row.pending_plaid_id) if one),
                name=row.name,
                amount_minor=row.amount_minor,
                currency=row.currency,
                ids=(row.id.hex(),),
            )
            for row in rows
            if row.counts
            and row.posted_on >= news_from(today)
            and row.amount_minor >= choices.charge_limit(row.currency, main)
        ]
    )


def low_balances(accounts: Iterable[Account], choices: Choices, main: str) -> Found:
    """Return the accounts that are below their limit, and which are not; unknown is neither."""
    low: list[Happening] = []
    over: list[str] = []
    for one in accounts:
        key, limit = f"low:{one.id.hex()}", choices.low_limit(one, main)
        known = one.balance_available_minor
        balance = one.balance_current_minor if known is None else known
        if limit is None or (balance is not None and balance >= limit):
            over.append(key)
        elif balance is not None:
            found = Happening(
                NoticeKind.LOW_BALANCE,
                key,
                name=one.title,
                amount_minor=balance,
                before_minor=limit,
                currency=one.currency,
            )
            low.append(found)
    return Found(low, over)


def price_rises(
    payments: Iterable[Payment], names: Mapping[str, str], choices: Choices, today: int
) -> Found:
    """Return the payments that come again and cost more since lately.

    Args:
        payments: all of the merchants in question.
        names: by the merchant's key, what lists call them.
        choices: from how much on.
        today: the day's number.
    """
    risen: list[Happening] = []
    for series in find(one for one in payments if one.amount_minor > 0):
        change = series.change
        if change is None or not series.is_active(today) or change.on <= today - _RISE_DAYS:
            continue
        more = change.after_minor - change.before_minor
        if more * 100 >= choices.rise_percent * change.before_minor:
            key = f"rise:{series.merchant}:{series.account}:{series.currency}:{change.on}"
            name = names.get(series.merchant, "")
            found = Happening(
                NoticeKind.PRICE_RISE,
                key,
                name=name,
                amount_minor=change.after_minor,
                before_minor=change.before_minor,
                currency=series.currency,
                ids=(series.merchant,),
            )
            risen.append(found)
    return Found(risen)


def banks(every: Iterable[Bank], now: datetime) -> Found:
    """Return what connections want of the person, and what they want no more."""
    said: list[Happening] = []
    over: list[str] = []
    for bank in every:
        hexed = bank.id.hex()
        need, failing = f"needs:{hexed}", f"failing:{hexed}"
        if bank.state in _NEEDING:
            key, state = f"{need}:{bank.state.value}", bank.state.value
            said.append(Happening(NoticeKind.NEEDS_YOU, key, name=bank.name, state=state))
        elif bank.state in _WELL:
            over += [f"{need}:{one.value}" for one in _NEEDING]
        if bank.state in _FAILING and bank.failing_since is not None:
            if (now - bank.failing_since).total_seconds() >= _FAILING_HOURS * 3600:
                said.append(Happening(NoticeKind.SYNC_FAILING, failing, name=bank.name))
        elif bank.state in _WELL:
            over.append(failing)
        ending = _ending(bank, now)
        said += ending.happenings
        over += ending.over
    return Found(said, over)


def fresh(
    found: Iterable[Found], known: Collection[str], choices: Choices
) -> tuple[list[Happening], list[str]]:
    """Return what is to be told of what was found, and the known keys of what is over.

    Args:
        found: by all rules, now.
        known: the keys of these that were kept before.
        choices: which kinds are told at all.
    """
    seen = set(known)
    new: list[Happening] = []
    over: list[str] = []
    for one in found:
        over += [key for key in one.over if key in known]
        for happening in one.happenings:
            keys = {happening.key, *happening.also}
            if choices.has(happening.kind) and keys.isdisjoint(seen):
                new.append(happening)
            seen |= keys
    return new, over


def gathered(untold: Sequence[Happening], *, after_quiet: bool) -> list[list[Happening]]:
    """Return what is told together: new rows always, and everything where there is much of it."""
    rows = [one for one in untold if one.kind is NoticeKind.NEW_ROWS]
    others = [[one] for one in untold if one.kind is not NoticeKind.NEW_ROWS]
    groups = [*([rows] if rows else []), *others]
    if len(groups) > 1 and (after_quiet or len(groups) > _MOST_AT_ONCE):
        return [[one for group in groups for one in group]]
    return groups


def summed(rows: Sequence[Happening]) -> Happening:
    """Return several summaries of new rows as one."""
    ids = tuple(sorted({key for one in rows for key in one.ids}))
    return replace(rows[-1], count=sum(one.count for one in rows), ids=ids)


def news_from(today: int) -> int:
    """Return the number of the first day whose rows are news."""
    return today - _RECENT_DAYS + 1


def _ending(bank: Bank, now: datetime) -> Found:
    """Return that a consent ends soon: of the stages that have come, the last alone is told."""
    if bank.state in _NEEDING:
        return Found()
    left = None if bank.ends_at is None else (bank.ends_at - now).total_seconds() / 86_400
    keys = {days: f"consent:{bank.id.hex()}:{days}" for days in CONSENT_DAYS}
    over = [key for days, key in keys.items() if left is None or left > days]
    come = [days for days in CONSENT_DAYS if left is not None and 0 < left <= days]
    if left is None or not come:
        return Found(over=over)
    last = min(come)
    kind, days = NoticeKind.CONSENT_EXPIRING, max(round(left), 1)
    return Found([Happening(kind, keys[last], name=bank.name, days=days)], over)
