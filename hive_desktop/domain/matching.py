"""Finds one payment under two ids: for certain enough to go on, or only to ask. Pure.

New rows are held against rows whose ids the bank has taken away. Within an account and amount the
nearest dates are taken first, edited rows before untouched ones, so that what a person wrote is
carried on wherever it can be.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from hive_desktop.domain.ledger import Place
from hive_desktop.domain.likeness import likeness, same_merchant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from hive_desktop.domain.ledger import BankTransaction, StoredRow

Key: TypeAlias = tuple[str, str, int]
Accepts: TypeAlias = "Callable[[BankTransaction, StoredRow], bool]"

SAME_PAYMENT_DAYS = 5
"""A row under a new id, or a posted one that does not name its pending one: this near."""
PROBABLE_DAYS = 3
_TIP_RATIO = 1.5


class Doubt(NamedTuple):
    """A stored row and a new one that may be one payment; reasons are sentences for people.

    Attributes:
        is_gone: the bank has removed the stored row.
    """

    stored: StoredRow
    row: BankTransaction
    score: float
    reasons: tuple[str, ...]
    is_gone: bool


def same_payments(
    fresh: Sequence[BankTransaction], gone: Sequence[StoredRow]
) -> list[tuple[BankTransaction, StoredRow]]:
    """Pair new rows with rows that lost their id: account, amount, merchant and near date agree.

    Equal twins pair in the order of their dates: either is as right as the other.
    """
    if not fresh or not gone:
        return []

    def accepts(new: BankTransaction, old: StoredRow) -> bool:
        return _may_follow(new, old) and same_merchant(new, old.bank)

    return _nearest(fresh, gone, SAME_PAYMENT_DAYS, accepts)


def doubts_among(
    fresh: Sequence[BankTransaction], gone: Sequence[StoredRow], standing: Sequence[StoredRow]
) -> list[Doubt]:
    """Return what is only probable among new rows, rows that left, and pendings that stand."""
    found: list[Doubt] = []
    for judge, candidates in (
        (_by_amount_and_date, gone),
        (_by_changed_amount, gone),
        (_beside_its_pending, standing),
    ):
        news = {doubt.row.plaid_id for doubt in found}
        olds = {doubt.stored.id for doubt in found}
        found += judge(
            [row for row in fresh if row.plaid_id not in news],
            [row for row in candidates if row.id not in olds],
        )
    return found


def _by_amount_and_date(fresh: Sequence[BankTransaction], gone: Sequence[StoredRow]) -> list[Doubt]:
    return [
        _doubt(new, old, 0.6, "The same amount", is_gone=True)
        for new, old in _nearest(fresh, gone, PROBABLE_DAYS, _may_follow)
    ]


def _by_changed_amount(fresh: Sequence[BankTransaction], gone: Sequence[StoredRow]) -> list[Doubt]:
    """A tip, where the bank names no pending row: same merchant, one candidate on either side."""
    posted = [row for row in fresh if not row.pending]
    pending = [row for row in gone if row.bank.pending]
    edges = [(new, old) for new in posted for old in pending if pending and _is_tip(new, old)]
    news = [new.plaid_id for new, _ in edges]
    olds = [old.id for _, old in edges]
    return [
        _doubt(new, old, 0.65, "The same merchant, and an amount that a tip explains", is_gone=True)
        for new, old in edges
        if news.count(new.plaid_id) == 1 and olds.count(old.id) == 1
    ]


def _beside_its_pending(
    fresh: Sequence[BankTransaction], standing: Sequence[StoredRow]
) -> list[Doubt]:
    """A posted row that names no pending one, while a pending one like it stands at the bank."""
    posted = [row for row in fresh if not row.pending and not row.pending_plaid_id]

    def accepts(new: BankTransaction, old: StoredRow) -> bool:
        return new.posted_on >= old.bank.posted_on and same_merchant(new, old.bank)

    return [
        _doubt(new, old, 0.7, "The same amount, posted beside a pending row", is_gone=False)
        for new, old in _nearest(posted, standing, SAME_PAYMENT_DAYS, accepts)
    ]


def _doubt(
    new: BankTransaction, old: StoredRow, base: float, first: str, *, is_gone: bool
) -> Doubt:
    """Explain a doubt; the score adds what speaks for it to the base of its kind."""
    days = abs(new.posted_on - old.bank.posted_on)
    alike = likeness(new, old.bank)
    posts = old.bank.pending and not new.pending
    score = base + 0.1 * (days == 0) + 0.1 * alike + 0.1 * posts - 0.03 * days
    reasons = [first, "On the same day" if days == 0 else f"{days} day{'s' * (days > 1)} apart"]
    if same_merchant(new, old.bank):
        reasons.append("At the same merchant")
    elif alike > 0:
        reasons.append("The names share words")
    else:
        reasons.append("The names differ")
    if posts:
        reasons.append("The older one is pending, the newer one has posted")
    if is_gone:
        reasons.append("The bank took the older one away when it brought the newer one")
    return Doubt(old, new, round(min(score, 0.95), 2), tuple(reasons), is_gone)


def _is_tip(new: BankTransaction, old: StoredRow) -> bool:
    before, after = old.bank.amount_minor, new.amount_minor
    return (
        new.plaid_account_id == old.bank.plaid_account_id
        and new.currency == old.bank.currency
        and 0 < before < after <= before * _TIP_RATIO
        and 0 <= new.posted_on - old.bank.posted_on <= SAME_PAYMENT_DAYS
        and same_merchant(new, old.bank)
    )


def _may_follow(new: BankTransaction, old: StoredRow) -> bool:
    """A posted row never becomes pending again, and a merged one has its place already."""
    return (not new.pending or old.bank.pending) and old.place is not Place.MERGED


def _nearest(
    fresh: Iterable[BankTransaction], gone: Sequence[StoredRow], days: int, accepts: Accepts
) -> list[tuple[BankTransaction, StoredRow]]:
    """Pair rows of one account, currency and amount one to one, nearest dates first."""
    waiting = _by_key(gone)
    edges: list[tuple[int, bool, int, int, BankTransaction, StoredRow]] = []
    for at, new in enumerate(fresh):
        key = (new.plaid_account_id, new.currency, new.amount_minor)
        dates, rows = waiting.get(key, ((), ()))
        first = bisect_left(dates, new.posted_on - days)
        last = bisect_right(dates, new.posted_on + days)
        edges += [
            (
                abs(new.posted_on - rows[n].bank.posted_on),
                not rows[n].is_edited,
                at,
                n,
                new,
                rows[n],
            )
            for n in range(first, last)
            if accepts(new, rows[n])
        ]
    edges.sort(key=lambda edge: edge[:4])
    used_new: set[str] = set()
    used_old: set[bytes] = set()
    found = []
    for *_, new, old in edges:
        if new.plaid_id not in used_new and old.id not in used_old:
            used_new.add(new.plaid_id)
            used_old.add(old.id)
            found.append((new, old))
    return found


def _by_key(rows: Iterable[StoredRow]) -> dict[Key, tuple[list[int], list[StoredRow]]]:
    grouped: defaultdict[Key, list[StoredRow]] = defaultdict(list)
    for row in rows:
        bank = row.bank
        grouped[bank.plaid_account_id, bank.currency, bank.amount_minor].append(row)
    found = {}
    for key, group in grouped.items():
        group.sort(key=lambda row: (row.bank.posted_on, row.seq))
        found[key] = ([row.bank.posted_on for row in group], group)
    return found
