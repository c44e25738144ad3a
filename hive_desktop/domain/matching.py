"""Finds one payment under two ids: for certain enough to go on, or only to ask. Pure.

New rows are held against rows whose ids the bank has taken away. Within an account and amount the
nearest dates are taken first, edited rows before untouched ones, so that what a person wrote is
carried on wherever it can be.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from hive_desktop.domain import sentences
from hive_desktop.domain.ledger import Place
from hive_desktop.domain.likeness import likeness, same_merchant, told_alike

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

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
        # A row without a bank's id came with a file, which has other names than the bank's feed.
        alike = same_merchant if old.bank.plaid_id else told_alike
        return _may_follow(new, old) and alike(new, old.bank)

    return nearest(fresh, gone, SAME_PAYMENT_DAYS, accepts)


def doubts_among(
    fresh: Sequence[BankTransaction],
    gone: Sequence[StoredRow],
    standing: Sequence[StoredRow],
    removed: Collection[str],
) -> list[Doubt]:
    """Return what is only probable among new rows, rows that left, and pendings that stand.

    Args:
        fresh: rows that are new.
        gone: rows whose ids the bank no longer has.
        standing: pending rows that it has.
        removed: ids of rows that the bank took away.
    """
    guesses: list[_Guess] = []
    for judge, candidates in (
        (_by_amount_and_date, gone),
        (_by_changed_amount, gone),
        (_beside_its_pending, standing),
    ):
        olds = {guess.old.id for guess in guesses}
        left = [row for row in candidates if row.id not in olds and row.place is Place.LEDGER]
        if not left:
            continue  # a first sync: a hundred thousand new rows, and none that they could be
        news = {guess.new.plaid_id for guess in guesses}
        guesses += judge([row for row in fresh if row.plaid_id not in news], left)
    return [_doubt(guess, is_gone=guess.old.bank.plaid_id in removed) for guess in guesses]


def doubt_of_former_id(new: BankTransaction, old: StoredRow) -> Doubt:
    """Return the doubt about a new row under an id that a row which still stands had before."""
    rule = sentences.ID_BEFORE
    return _doubt(_Guess(new, old, 0.6, rule), is_gone=False)


class _Guess(NamedTuple):
    """A pair that fits by one of the weaker rules; `base` is the score of that rule alone."""

    new: BankTransaction
    old: StoredRow
    base: float
    rule: str


def _by_amount_and_date(
    fresh: Sequence[BankTransaction], gone: Sequence[StoredRow]
) -> list[_Guess]:
    return [
        _Guess(new, old, 0.6, sentences.SAME_AMOUNT)
        for new, old in nearest(fresh, gone, PROBABLE_DAYS, _may_follow)
    ]


def _by_changed_amount(fresh: Sequence[BankTransaction], gone: Sequence[StoredRow]) -> list[_Guess]:
    """A tip, where the bank names no pending row: same merchant, one candidate on either side."""
    pending = [row for row in gone if row.bank.pending]
    edges = [(new, old) for new in fresh if not new.pending for old in pending if _is_tip(new, old)]
    news = Counter(new.plaid_id for new, _ in edges)
    olds = Counter(old.id for _, old in edges)
    return [
        _Guess(new, old, 0.65, sentences.A_TIP)
        for new, old in edges
        if news[new.plaid_id] == olds[old.id] == 1
    ]


def _beside_its_pending(
    fresh: Sequence[BankTransaction], standing: Sequence[StoredRow]
) -> list[_Guess]:
    """A posted row that names no pending one, while a pending one like it stands at the bank."""
    posted = [row for row in fresh if not row.pending and not row.pending_plaid_id]

    def accepts(new: BankTransaction, old: StoredRow) -> bool:
        return new.posted_on >= old.bank.posted_on and same_merchant(new, old.bank)

    return [
        _Guess(new, old, 0.7, sentences.BESIDE_PENDING)
        for new, old in nearest(posted, standing, SAME_PAYMENT_DAYS, accepts)
    ]


def _doubt(guess: _Guess, *, is_gone: bool) -> Doubt:
    """Explain a guess; the score adds what speaks for it to the base of its rule."""
    new, old = guess.new, guess.old
    days = abs(new.posted_on - old.bank.posted_on)
    alike = likeness(new, old.bank)
    posts = old.bank.pending and not new.pending
    score = guess.base + 0.1 * (days == 0) + 0.1 * alike + 0.1 * posts - 0.03 * days
    when = sentences.ON_SAME_DAY if days == 0 else sentences.DAYS_APART(days)
    reasons = [guess.rule, when, _merchants(new, old, alike)]
    if posts:
        reasons.append(sentences.NEWER_POSTED)
    if is_gone:
        reasons.append(sentences.OLDER_TAKEN)
    return Doubt(old, new, round(min(score, 0.95), 2), tuple(reasons), is_gone)


def _merchants(new: BankTransaction, old: StoredRow, alike: float) -> str:
    if same_merchant(new, old.bank):
        return sentences.SAME_MERCHANT
    return sentences.SHARED_WORDS if alike > 0 else sentences.OTHER_NAMES


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
    """A posted row never becomes pending again; a merged one only changes its id while pending."""
    if new.pending:
        is_same_day = new.posted_on == old.bank.posted_on
        return old.bank.pending and (old.place is not Place.MERGED or is_same_day)
    return old.place is not Place.MERGED


def nearest(
    fresh: Iterable[BankTransaction], gone: Sequence[StoredRow], days: int, accepts: Accepts
) -> list[tuple[BankTransaction, StoredRow]]:
    """Pair rows of one account, currency and amount one to one, nearest dates first."""
    if not gone:
        return []
    waiting = _by_key(gone)
    edges: list[tuple[int, bool, int, int, BankTransaction, StoredRow]] = []
    for at, new in enumerate(fresh):
        key = (new.plaid_account_id, new.currency, new.amount_minor)
        if key not in waiting:
            continue
        dates, rows = waiting[key]
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
