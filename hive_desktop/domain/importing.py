"""Decides what the rows of a file mean for those that an account has. Pure: rows in, verdicts out.

The passes are those of `reconcile`, the strongest first, each over the whole file:

1. **Ids.** The id that the file gives a row, where amount and day agree: banks use ids again.
2. **The same words.** Day, currency, amount and name; equal twins pair one to one, so two equal
   purchases of a day stay two.
3. **The same payment in other words.** Amount and merchant on a near day. Two that came from files
   of one origin have the same day; two of different origin may differ by some days, and are one for
   certain only where each lies within what the other source tells.
4. **Only probable.** The person is asked.

One stored row is consumed at most once. Instalments of one purchase are payments of their own.
"""

from __future__ import annotations

from collections import defaultdict, deque
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple, cast

from hive_desktop.domain import sentences
from hive_desktop.domain.days import to_day
from hive_desktop.domain.file_categories import FILE_CATEGORY
from hive_desktop.domain.ledger import BankTransaction, Place
from hive_desktop.domain.likeness import are_instalments, told_alike
from hive_desktop.domain.manual import FIRST_DAY
from hive_desktop.domain.matching import SAME_PAYMENT_DAYS, doubts_among, nearest
from hive_desktop.i18n import mark

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from hive_desktop.domain.ledger import StoredRow, TransactionId
    from hive_desktop.domain.statements import FileRow

AFTER_TODAY = mark("The day is after today.")
TOO_LONG_AGO = mark("The day is too long ago.")
PENDING = mark("The bank has not booked it yet: it comes with a later file.")
NO_CURRENCY = mark("Neither the file nor the account names a currency.")
OTHER_CURRENCY = mark("The row is in another currency than the account.")
UNKNOWN_CURRENCY = mark("The file names a currency that is not known.")
TWICE = mark("The file has the row twice.")
SAME_ID = mark("The file gave this row the same id before.")
SAME_WORDS = mark("Day, amount and name are the same.")
SAME_PAYMENT = mark("Amount and merchant are the same, and the day is near.")
YOUR_ANSWER = mark("You said so.")
DELETED = mark("You deleted it.")


class Verdict(Enum):
    """What becomes of a row of a file."""

    NEW = "new"
    MATCHED = "matched"
    DOUBTFUL = "doubtful"
    REFUSED = "refused"


class Judged(NamedTuple):
    """A row of a file with what becomes of it, and why in sentences marked for translation.

    `stored` is the row that it is, or may be; None where it is new, refused or twice in its file.
    """

    row: FileRow
    verdict: Verdict
    stored: StoredRow | None = None
    why: tuple[str, ...] = ()
    score: float = 0.0


class Ledger(NamedTuple):
    """What an account has.

    Attributes:
        rows: those near the days of the file.
        span: the first and last day of which the account has rows at all.
        ids: rows by the ids that files gave them.
        alike: rows that files of the same origin brought.
    """

    rows: Sequence[StoredRow] = ()
    span: tuple[int, int] | None = None
    ids: Mapping[str, TransactionId] = {}
    alike: Collection[TransactionId] = frozenset()


def bank_row(row: FileRow, account_key: str, currency: str, plaid_id: str = "") -> BankTransaction:
    """Return a row of a file in the ledger's columns.

    Args:
        row: as the file has it.
        account_key: what the ledger calls the account (`Account.plaid_account_id`).
        currency: of the account, for a row that names none.
        plaid_id: "" for none.
    """
    _, day, amount, own, name, memo, _, happened, _, _, said, _, _, other = row
    category, confidence = (FILE_CATEGORY + said if said else None), None
    if other:
        category, confidence = ("TRANSFER_OUT" if amount > 0 else "TRANSFER_IN"), "HIGH"
    return BankTransaction(
        plaid_id or cast("str", None),
        account_key,
        day,
        happened if happened != day else None,
        amount,
        own or currency,
        name,
        None,
        None,
        memo if memo and memo != name else None,
        False,  # noqa: FBT003 - a field of a tuple
        None,
        category,
        confidence,
        None,
        None,
    )


def judge(
    rows: Sequence[FileRow], ledger: Ledger, *, account_key: str, currency: str, today: int
) -> list[Judged]:
    """Return what becomes of each row of a file, in the file's order.

    Args:
        rows: all rows of the file that are about the account.
        ledger: what the account has now.
        account_key: what the ledger calls the account.
        currency: of the account.
        today: the last day that a row may be of.
    """
    judging = _Judging(rows, ledger, account_key, currency)
    judging.refuse(today)
    judging.by_ids()
    if ledger.rows:
        judging.by_words()
        judging.by_merchant()
        judging.by_doubt()
    new = Verdict.NEW
    judged = [Judged(row, new) for row in rows]
    for at, one in judging.found.items():
        judged[at] = one
    return judged


class _Judging:
    """The rows of one file and what is known of them so far, by their place in it."""

    def __init__(
        self, rows: Sequence[FileRow], ledger: Ledger, account_key: str, currency: str
    ) -> None:
        self.found: dict[int, Judged] = {}
        self._rows = rows
        self._ledger = ledger
        self._key, self._currency = account_key, currency
        self._used: set[TransactionId] = set()
        days = [row.day for row in rows]
        self._days = (min(days), max(days)) if days else (0, 0)

    def refuse(self, today: int) -> None:
        """Refuse what no ledger takes."""
        earliest, currency = to_day(FIRST_DAY), self._currency
        for at, row in enumerate(self._rows):
            reason = None
            if row.day > today:
                reason = AFTER_TODAY
            elif row.day < earliest:
                reason = TOO_LONG_AGO
            elif row.is_pending:
                reason = PENDING
            elif row.currency:
                reason = OTHER_CURRENCY if row.currency != currency else None
            elif not currency:
                reason = NO_CURRENCY
            if reason is not None:
                self.found[at] = Judged(row, Verdict.REFUSED, None, (reason,))

    def by_ids(self) -> None:
        """Match by the ids of the file."""
        stored = {one.id: one for one in self._ledger.rows} if self._ledger.ids else {}
        first: dict[str, int] = {}
        for at, row in enumerate(self._rows):
            if not row.external_id or at in self.found:
                continue
            before = first.setdefault(row.external_id, at)
            if before != at and _are_one(self._rows[before], row):
                self.found[at] = Judged(row, Verdict.MATCHED, None, (TWICE,))
                continue
            told = self._ledger.ids.get(row.external_id)
            known = None if told is None else stored.get(told)
            if known is not None and known.id not in self._used and self._is_near(row, known):
                self._match(at, known, SAME_ID)

    def by_words(self) -> None:
        """Match rows that read the same."""
        waiting: defaultdict[tuple[int, str, int, str], deque[StoredRow]] = defaultdict(deque)
        for one in self._ledger.rows:
            if one.id not in self._used:
                bank = one.bank
                key = (bank.posted_on, bank.currency, bank.amount_minor, bank.name.casefold())
                waiting[key].append(one)
        for at, row in enumerate(self._rows):
            if at in self.found:
                continue
            currency = row.currency or self._currency
            key = (row.day, currency, row.amount_minor, row.name.casefold())
            found = next((one for one in waiting.get(key, ()) if _may_be_one(row, one)), None)
            if found is not None:
                waiting[key].remove(found)
                self._match(at, found, SAME_WORDS)

    def by_merchant(self) -> None:
        """Match one payment in other words; what is not certain is doubtful."""
        fresh, left = self._fresh(), self._left()
        if not fresh or not left:
            return

        def accepts(new: BankTransaction, old: StoredRow) -> bool:
            return (
                self._may_be(new, old)
                and (new.posted_on == old.bank.posted_on or self._overlap(new, old))
                and told_alike(new, old.bank)
            )

        for new, old in nearest(fresh, left, SAME_PAYMENT_DAYS, accepts):
            self._match(int(new.plaid_id), old, SAME_PAYMENT)

        def at_the_edge(new: BankTransaction, old: StoredRow) -> bool:
            return self._may_be(new, old) and told_alike(new, old.bank)

        for new, old in nearest(self._fresh(), self._left(), SAME_PAYMENT_DAYS, at_the_edge):
            days = abs(new.posted_on - old.bank.posted_on)
            why = (sentences.SAME_AMOUNT, sentences.DAYS_APART(days), sentences.SAME_MERCHANT)
            self._doubt(int(new.plaid_id), old, why, round(0.8 - 0.05 * days, 2))

    def by_doubt(self) -> None:
        """Ask about what shares amount and day, or what a tip explains."""
        fresh = self._fresh()
        left = [one for one in self._left() if self._is_told(one)]
        for doubt in doubts_among(fresh, left, (), ()):
            if self._may_be(doubt.row, doubt.stored):
                self._doubt(int(doubt.row.plaid_id), doubt.stored, doubt.reasons, doubt.score)

    def _fresh(self) -> list[BankTransaction]:
        return [
            bank_row(row, self._key, self._currency, str(at))
            for at, row in enumerate(self._rows)
            if at not in self.found
        ]

    def _left(self) -> list[StoredRow]:
        return [one for one in self._ledger.rows if one.id not in self._used]

    def _may_be(self, new: BankTransaction, old: StoredRow) -> bool:
        """Files of one origin tell one payment under one day."""
        is_day = old.id not in self._ledger.alike or new.posted_on == old.bank.posted_on
        return is_day and _may_be_one(self._rows[int(new.plaid_id)], old)

    def _overlap(self, new: BankTransaction, old: StoredRow) -> bool:
        """Tell whether either source tells of the other's day."""
        span = self._ledger.span
        return self._is_told(old) and span is not None and span[0] <= new.posted_on <= span[1]

    def _is_told(self, old: StoredRow) -> bool:
        """Tell whether the file tells of a stored row's day."""
        return self._days[0] <= old.bank.posted_on <= self._days[1]

    def _is_near(self, row: FileRow, known: StoredRow) -> bool:
        bank = known.bank
        currency = row.currency or self._currency
        return (bank.amount_minor, bank.currency) == (row.amount_minor, currency) and (
            abs(bank.posted_on - row.day) <= SAME_PAYMENT_DAYS and _may_be_one(row, known)
        )

    def _match(self, at: int, stored: StoredRow, why: str) -> None:
        self._used.add(stored.id)
        reasons = (why, DELETED) if stored.place is Place.DELETED else (why,)
        self.found[at] = Judged(self._rows[at], Verdict.MATCHED, stored, reasons)

    def _doubt(self, at: int, stored: StoredRow, why: tuple[str, ...], score: float) -> None:
        self._used.add(stored.id)
        self.found[at] = Judged(self._rows[at], Verdict.DOUBTFUL, stored, why, score)


def _are_one(one: FileRow, other: FileRow) -> bool:
    return (one.day, one.amount_minor, one.currency, one.name) == (
        other.day,
        other.amount_minor,
        other.currency,
        other.name,
    ) and not are_instalments(one.memo, other.memo)


def _may_be_one(row: FileRow, old: StoredRow) -> bool:
    """Tell whether what is written of two payments does not say that they are two instalments."""
    bank = old.bank
    return not are_instalments(f"{row.name} {row.memo}", f"{bank.name} {bank.description or ''}")
