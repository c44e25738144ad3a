"""What categories are decided from, on a household in memory: merchants, guesses and rules."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from hive_desktop.domain.days import to_day
from hive_desktop.domain.ledger import BankTransaction, CategorySource
from hive_desktop.domain.merchants import merchant_of
from hive_desktop.domain.pipeline import Evidence
from hive_desktop.ports.category_store import ReviewGroup, RuleCandidate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hive_desktop.domain.ledger import BatchId, TransactionId, TransactionRow
    from hive_desktop.domain.rules import Outcome, Rule, RuleId
    from hive_desktop.ports.category_store import GuessRecord, TaughtMerchant
    from tests.ui.fakes import MemoryLedger

_UNSURE = 0.6


class MemorySorting:
    """Answers and writes as storage would; `found` and `records` are a test's to set."""

    def __init__(self, ledger: MemoryLedger) -> None:
        self._ledger = ledger
        self.every: list[Rule] = []
        self.taught: list[TaughtMerchant] = []
        self.records: list[GuessRecord] = []
        self.left = 0
        self.reasons: dict[TransactionId, str] = {}
        self.hidden: set[TransactionId] = set()
        self.tags: dict[TransactionId, tuple[str, ...]] = {}

    def rules(self) -> list[Rule]:
        return list(self.every)

    def taught_merchants(self, limit: int | None = None) -> list[TaughtMerchant]:
        return self.taught[:limit]

    def left_merchants(self) -> int:
        return self.left

    def answers(self) -> list[Any]:
        return []

    def guess_records(self) -> list[GuessRecord]:
        return list(self.records)

    def review_groups(self, limit: int, offset: int = 0) -> list[ReviewGroup]:
        groups: dict[Any, list[TransactionRow]] = {}
        for row in self._ledger.house.rows:
            if _is_unsure(row):
                groups.setdefault((*_key(row), row.currency), []).append(row)
        found = [
            ReviewGroup(
                key,
                rows[0].merchant or merchant_of(None, rows[0].name, rows[0].description).name,
                direction,
                len(rows),
                sum(row.amount_minor for row in rows),
                currency,
                rows[0],
                Counter(row.category_id for row in rows).most_common(1)[0][0],
            )
            for (key, direction, currency), rows in groups.items()
        ]
        found.sort(key=lambda one: (-one.rows, -one.newest.seq))
        return found[offset : offset + limit]

    def rows_of_merchant(self, key: str, direction: str | None = None) -> list[TransactionId]:
        return [
            row.id
            for row in self._ledger.house.rows
            if _key(row) in ((key, direction or "out"), (key, direction or "in"))
            and row.category_source not in (CategorySource.USER, CategorySource.RULE)
        ]

    def candidates(self, before: int, limit: int) -> list[RuleCandidate]:
        return [
            RuleCandidate(
                row.id,
                row.seq,
                bank_row(row),
                row.category_id,
                row.category_source,
                None,
                self.tags.get(row.id, ()),
                row.id in self.hidden,
                is_paired=False,
            )
            for row in self._ledger.house.rows
            if row.seq < before
        ][:limit]

    def put(self, rule: Rule) -> None:
        places = [n for n, each in enumerate(self.every) if each.id == rule.id]
        if places:
            self.every[places[0]] = rule
        else:
            self.every.append(rule)

    def remove(self, rule_id: RuleId) -> bool:
        before = len(self.every)
        self.every = [each for each in self.every if each.id != rule_id]
        return len(self.every) < before

    def order(self, rule_ids: Sequence[RuleId]) -> None:
        place = {rule_id: n for n, rule_id in enumerate(rule_ids)}
        self.every.sort(key=lambda each: place.get(each.id, len(place)))

    def apply(
        self,
        outcomes: Sequence[tuple[TransactionId, Outcome]],
        batch: BatchId,
        *,
        by_rule: bool,
    ) -> int:
        assert not by_rule
        wanted = dict(outcomes)
        names = {each.id: each.name for each in self._ledger.house.categories}
        kept, rows = [], []
        for row in self._ledger.house.rows:
            outcome = wanted.get(row.id)
            rule = outcome.category if outcome else None
            if rule is None or row.category_source is CategorySource.USER:
                rows.append(row)
                continue
            chosen = rule.actions.category_id
            after = row._replace(
                category_id=chosen,
                category=names.get(chosen),
                category_source=CategorySource.RULE,
                confidence=1.0,
                needs_review=False,
            )
            kept += [row] if after != row else []
            rows.append(after)
        self._ledger.house.rows = rows
        self._ledger.batches.append((batch, kept))
        return len(kept)


def evidence(ledger: MemoryLedger) -> Evidence:
    """Return what rules see; no model guesses here."""
    accounts = {each.plaid_account_id: each.id.hex() for each in ledger.house.accounts}
    by_id = {each.id.hex(): each.id.hex() for each in ledger.house.accounts}
    return Evidence(lambda rows: [None] * len(rows), lambda: _UNSURE, accounts=accounts | by_id)


def bank_row(row: TransactionRow) -> BankTransaction:
    """Return a household's row as the bank has it; its account is named by Hive's id."""
    return BankTransaction(
        row.id.hex(), row.account_id.hex(), to_day(row.posted_on), None, row.amount_minor,
        row.currency, row.name, row.merchant, None, row.description, row.pending, None, None, None,
        None, None,
    )  # fmt: skip


def _key(row: TransactionRow) -> tuple[str, str]:
    merchant = merchant_of(row.merchant, row.name, row.description)
    return merchant.key, "in" if row.amount_minor < 0 else "out"


def _is_unsure(row: TransactionRow) -> bool:
    if row.category_source in (CategorySource.USER, CategorySource.RULE):
        return False
    return row.category_id is None or (row.confidence or 0) < _UNSURE
