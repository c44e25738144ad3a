"""What an import would do, account by account of each file, and what it did."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from hive_desktop.domain.importing import Ledger, Verdict, bank_row
from hive_desktop.domain.ledger import StoredRow, TransactionId, titled
from hive_desktop.domain.matching import SAME_PAYMENT_DAYS
from hive_desktop.services.importing_targets import last_digits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hive_desktop.domain.importing import Judged
    from hive_desktop.domain.ledger import Account, AccountId, BatchId
    from hive_desktop.domain.statements import Refused, Statement
    from hive_desktop.ports.import_store import ImportRecord
    from hive_desktop.ports.storage import Reads
    from hive_desktop.services.importing_source import Source
    from hive_desktop.services.importing_targets import Target


class Counts(NamedTuple):
    """How many rows of a file are what."""

    new: int = 0
    matched: int = 0
    doubtful: int = 0
    refused: int = 0

    def __add__(self, other: object) -> Counts:
        """Return both together."""
        if not isinstance(other, Counts):
            return NotImplemented
        return Counts(*(one + two for one, two in zip(self, other, strict=True)))


@dataclass(frozen=True)
class Section:
    """What becomes of the rows of one account of one file.

    Attributes:
        judged: each row, in the file's order.
        unread: lines that the reader refused.
        account: where they go; None where an account is made for them.
        is_strange: no row can be taken (the currency is in no account, or each has a reason of its
            own), and no account is made.
    """

    source: Source
    statement: Statement
    target: Target
    judged: Sequence[Judged]
    account: Account | None = None
    is_strange: bool = False

    @property
    def unread(self) -> Sequence[Refused]:
        """Return the lines that could not be read."""
        return self.statement.refused

    @cached_property
    def counts(self) -> Counts:
        """Return how many rows are what."""
        found = [one.verdict for one in self.judged]
        return Counts(
            found.count(Verdict.NEW),
            found.count(Verdict.MATCHED),
            found.count(Verdict.DOUBTFUL),
            found.count(Verdict.REFUSED) + len(self.unread),
        )

    @cached_property
    def places(self) -> Mapping[Verdict, Sequence[int]]:
        """Return by verdict where its rows are in `judged`."""
        found: dict[Verdict, list[int]] = {one: [] for one in Verdict}
        for at, one in enumerate(self.judged):
            found[one.verdict].append(at)
        return found

    def sums(self, *verdicts: Verdict) -> dict[str, tuple[int, int]]:
        """Return money out and in of the rows of some verdicts, by currency; both at least 0."""
        found: dict[str, tuple[int, int]] = {}
        for verdict in verdicts:
            for code, (out, into) in self._sums[verdict].items():
                known = found.get(code, (0, 0))
                found[code] = (known[0] + out, known[1] + into)
        return found

    @cached_property
    def _sums(self) -> Mapping[Verdict, Mapping[str, tuple[int, int]]]:
        usual = self.currency
        found: dict[Verdict, dict[str, tuple[int, int]]] = {one: {} for one in Verdict}
        for one in self.judged:
            minor, code = one.row.amount_minor, one.row.currency or usual
            out, into = found[one.verdict].get(code, (0, 0))
            found[one.verdict][code] = (out + max(minor, 0), into + max(-minor, 0))
        return found

    @property
    def currency(self) -> str:
        """Return the currency of rows that name none."""
        if self.account is not None:
            return self.account.currency
        return self.target.new.currency if self.target.new is not None else ""

    @property
    def name(self) -> str:
        """Return the name of the account."""
        if self.account is not None:
            return self.account.name
        return self.target.new.name if self.target.new is not None else ""

    @property
    def title(self) -> str:
        """Return the name of the account with the last digits, those that the file tells too."""
        if self.account is not None:
            return self.account.title
        return titled(self.name, last_digits(self.statement.account.number))


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do.

    Attributes:
        before: what was imported of the same files already.
    """

    sections: Sequence[Section]
    before: Sequence[ImportRecord] = ()

    @property
    def counts(self) -> Counts:
        """Return how many rows are what."""
        return sum((one.counts for one in self.sections), Counts())

    def add_up(self) -> None:
        """Count what is asked of it, off the window's thread; it is kept."""
        for one in self.sections:
            _ = one.counts, one.places, one.sums(*Verdict)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did.

    Attributes:
        batch: what undoes it; None where there was nothing to add.
        counts: of these, doubtful ones came and are asked about.
        asked: how many questions were put, those about transfers too.
        accounts: into which accounts.
    """

    batch: BatchId | None
    counts: Counts
    asked: int = 0
    accounts: tuple[AccountId, ...] = ()


Answers = dict[tuple[int, int], bool]
"""By section and place of a doubtful row: whether it is the row that is there."""


@dataclass(slots=True)
class Planned:
    """Rows that earlier files of the same import bring, as if they were there."""

    _rows: dict[object, list[StoredRow]] = field(default_factory=dict)
    _origins: dict[TransactionId, str] = field(default_factory=dict)
    _ids: dict[object, dict[str, TransactionId]] = field(default_factory=dict)

    def over(self, ledger: Ledger, key: object, origin: str) -> Ledger:
        """Return what an account has with what earlier files bring."""
        rows = self._rows.get(key)
        if not rows:
            return ledger
        days = [one.bank.posted_on for one in rows]
        first, last = ledger.span or (min(days), max(days))
        alike = {one.id for one in rows if self._origins[one.id] == origin}
        return Ledger(
            [*ledger.rows, *rows],
            (min(first, *days), max(last, *days)),
            {**self._ids.get(key, {}), **ledger.ids},
            {*ledger.alike, *alike},
        )

    def keep(self, key: object, origin: str, judged: Sequence[Judged], currency: str) -> None:
        """Note what a file brings to an account."""
        rows = self._rows.setdefault(key, [])
        ids = self._ids.setdefault(key, {})
        for one in judged:
            if one.verdict in (Verdict.NEW, Verdict.DOUBTFUL):
                row_id = TransactionId(b"new" + len(self._origins).to_bytes(8, "big"))
                rows.append(StoredRow(row_id, 0, bank_row(one.row, "", currency)))
                self._origins[row_id] = origin
                if one.row.external_id:
                    ids[one.row.external_id] = row_id


def ledger_of(reads: Reads, section: Section) -> Ledger:
    """Return what the account of a section has, near the days of its rows."""
    rows = section.statement.rows
    if section.account is None or not rows:
        return Ledger()
    account_id, known = section.account.id, reads.imports
    first = min(row.day for row in rows) - SAME_PAYMENT_DAYS
    last = max(row.day for row in rows) + SAME_PAYMENT_DAYS
    held = known.held(account_id, first, last)
    if not held:
        return Ledger()
    ids = known.known_ids(account_id, [row.external_id for row in rows if row.external_id])
    alike = known.rows_from(account_id, section.source.origin)
    return Ledger(held, known.span(account_id), ids, alike)
