"""One transaction that writes an import: what is new, as a part of one batch."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from hive_desktop.domain.importing import Verdict, bank_row
from hive_desktop.ports.errors import UsageError
from hive_desktop.ports.import_store import ImportRecord, NewRow
from hive_desktop.services.importing_preview import Counts, Imported, ledger_of
from hive_desktop.services.importing_rows import put_balances, put_splits, tags_of
from hive_desktop.services.importing_targets import Target, checked, last_digits, numbers_alike

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hive_desktop.domain.importing import Judged, Ledger
    from hive_desktop.domain.ledger import Account, AccountId, BankTransaction, BatchId
    from hive_desktop.domain.statements import FileRow
    from hive_desktop.ports.category_store import Labeller
    from hive_desktop.ports.storage import Writes
    from hive_desktop.services.importing_preview import Answers, Preview, Section


class Commit:
    """One transaction that writes an import."""

    def __init__(
        self,
        writes: Writes,
        batch: BatchId,
        judged: Callable[[Section, Ledger], list[Judged]],
        labels: Callable[[Sequence[BankTransaction]], Labeller],
        today: int,
    ) -> None:
        self._writes = writes
        self._batch = batch
        self._judged = judged
        self._labels = labels
        self._today = today
        self._made: dict[str, AccountId] = {}
        self._masks: dict[str, str] = {}

    def run(self, preview: Preview, said: Answers) -> Imported:
        """Write all that is new; what has no label yet is labelled by whoever concludes."""
        counts, asked, has_changed = Counts(), 0, False
        self._masks = _masks(preview)
        last = {_key(one.target): place for place, one in enumerate(preview.sections)}
        accounts: list[AccountId] = []
        for place, section in enumerate(preview.sections):
            if section.is_strange:
                counts += section.counts
                continue
            answers = {at: same for (one, at), same in said.items() if one == place}
            done = self._section(section, answers, is_last=last[_key(section.target)] == place)
            counts, asked = counts + done[0], asked + done[1]
            has_changed = has_changed or done[2]
            accounts.append(done[3])
        batch = self._batch if has_changed else None
        return Imported(batch, counts, asked, tuple(dict.fromkeys(accounts)))

    def _section(
        self, section: Section, answers: Mapping[int, bool], *, is_last: bool
    ) -> tuple[Counts, int, bool, AccountId]:
        writes = self._writes
        account, is_made = self._account(section)
        here = replace(section, account=account, target=Target(account.id))
        judged = self._judged_now(section, here, ledger_of(writes, here))
        source, statement = section.source, section.statement
        if section.source.layout is not None and source.guess is not None:
            text = json.dumps(source.layout.as_json()) if source.layout else ""
            writes.imports.put_layout(source.guess.signature, text)
        taken = _taken(judged, answers)
        rows, order = _in_order(here, taken)
        met = [(at, one, one.stored) for at, one in enumerate(judged) if one.stored is not None]
        known = {
            one.row.external_id: stored.id
            for at, one, stored in met
            if one.row.external_id and at not in taken and one.verdict is not Verdict.REFUSED
        }
        doubtful = [(at, one, stored) for at, one, stored in met if one.verdict is Verdict.DOUBTFUL]
        counts = _counted(here, judged, {at: at in taken for at, _, _ in doubtful}, answers)
        days = put_balances(writes, account, statement, self._today, self._batch)
        if not (rows or days or is_made):
            return counts, 0, False, account.id
        if not (is_made or account.mask):
            self._put_mask(account, statement.account.number)
        record = ImportRecord(
            source.name,
            source.digest,
            source.read.kind.value,
            source.origin,
            account.id,
            statement.account,
            len(rows),
            counts.matched,
            counts.doubtful,
            counts.refused,
            self._batch,
        )
        # A label looks at all rows of its account: those of later files are not there yet, and a
        # row that is divided has none.
        has_parts = any(one.parts for one in statement.rows)
        is_whole = is_last and not has_parts
        labeller = self._labels([one.row for one in rows]) if is_whole and rows else None
        ids = writes.imports.add(record, rows, known=known, labeller=labeller)
        placed = dict(zip(order, ids, strict=True))
        if has_parts:
            put_splits(writes, statement.rows, placed, self._batch)
        doubts = [
            (stored.id, placed[at], one.score, one.why)
            for at, one, stored in doubtful
            if at in placed and at not in answers
        ]
        return counts, writes.imports.ask(doubts), True, account.id

    def _judged_now(self, shown: Section, here: Section, ledger: Ledger) -> Sequence[Judged]:
        """Judge rows again, since a sync may have come in between; where nothing is, all stands."""
        is_empty = not ledger.rows and all(one.stored is None for one in shown.judged)
        if is_empty and shown.currency == here.currency:
            return shown.judged
        return self._judged(here, ledger)

    def _put_mask(self, account: Account, number: str) -> None:
        """Let an account have the last digits that a file tells, where no other told others."""
        digits = last_digits(number)
        if digits and all(numbers_alike(self._writes, account, number)):
            self._writes.manual.put_mask(account.id, digits, self._batch)

    def _account(self, section: Section) -> tuple[Account, bool]:
        """Return the account of a section, made in this batch where it is new."""
        writes, new = self._writes, section.target.new
        account_id = section.target.account_id
        is_made = False
        if new is not None:
            key = new.name.casefold()
            if key not in self._made:
                checked(writes, section.target)
                told = replace(new, mask=self._masks.get(key))
                self._made[key] = writes.manual.add_account(told, self._batch)
                is_made = True
            account_id = self._made[key]
        found = next((one for one in writes.accounts() if one.id == account_id), None)
        if found is None:
            raise UsageError("The account has left the ledger.", hint="Choose another one.")
        return found, is_made


def _key(target: Target) -> AccountId | str | None:
    """Return what is the same of targets that mean one account."""
    return target.account_id if target.new is None else target.new.name.casefold()


def _masks(preview: Preview) -> dict[str, str]:
    """Return the last digits of new accounts by their keys, where all that goes in has the same."""
    found: dict[str, set[str]] = {}
    for one in preview.sections:
        if one.target.new is not None and (digits := last_digits(one.statement.account.number)):
            found.setdefault(one.target.new.name.casefold(), set()).add(digits)
    return {key: digits.pop() for key, digits in found.items() if len(digits) == 1}


def _taken(judged: Sequence[Judged], answers: Mapping[int, bool]) -> set[int]:
    """Return the places of the rows that come."""
    return {
        at
        for at, one in enumerate(judged)
        if one.verdict is Verdict.NEW
        or (one.verdict is Verdict.DOUBTFUL and not answers.get(at, False))
    }


def _counted(
    section: Section,
    judged: Sequence[Judged],
    doubtful: Mapping[int, bool],
    answers: Mapping[int, bool],
) -> Counts:
    """Count rows; `doubtful` has their places and whether they come."""
    counts = replace(section, judged=judged).counts
    same = sum(not comes for comes in doubtful.values())
    other = sum(comes and at in answers for at, comes in doubtful.items())
    return Counts(
        counts.new + other,
        counts.matched + same,
        counts.doubtful - same - other,
        counts.refused,
    )


def _in_order(section: Section, taken: set[int]) -> tuple[list[NewRow], list[int]]:
    """Return the rows that come, the oldest first, and their places in the file."""
    account = section.account
    key = "" if account is None else account.plaid_account_id
    currency = section.currency
    rows: Sequence[FileRow] = section.statement.rows
    days = [row.day for row in rows]
    order = sorted(taken)
    if rows and days[0] > days[-1]:
        order.reverse()  # a file that begins with the newest
    order.sort(key=days.__getitem__)
    return [
        NewRow(bank_row(row, key, currency), row.external_id, None, tags_of(row))
        for row in map(rows.__getitem__, order)
    ], order
