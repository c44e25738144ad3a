"""A rule tried on all that is in the ledger: what it would change, and what the person had said."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hive_desktop.domain.ledger import CategoryKind, CategorySource
from hive_desktop.domain.rules import RuleSet, among

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hive_desktop.domain.ledger import CategoryId, TransactionId, TransactionRow
    from hive_desktop.domain.pipeline import Evidence
    from hive_desktop.domain.rules import Outcome, Rule
    from hive_desktop.ports.category_store import RuleCandidate
    from hive_desktop.ports.storage import Reads

_ROWS_A_STEP = 2_000
BEYOND_EVERY_ROW = 1 << 62
"""A seq above all."""


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What a rule would do to one row; None where it would leave that as it is."""

    row: TransactionRow
    category_id: CategoryId | None
    rename: str | None
    tags: tuple[str, ...]
    hides: bool


@dataclass(frozen=True, slots=True)
class BackTest:
    """A rule tried on all that is in the ledger.

    Attributes:
        hits: rows that meet the conditions.
        would_change: of these, rows that the rule would change.
        overruled: of these, rows that an earlier rule decides, so that this one does nothing.
        agrees: rows that the person had put where the rule would.
        conflicts: rows that the person had put elsewhere; they would stay there.
        changes: the first rows that would change, newest first.
        conflicting: the first rows in conflict, newest first.
    """

    hits: int
    would_change: int
    overruled: int
    agrees: int
    conflicts: int
    changes: tuple[RuleChange, ...]
    conflicting: tuple[TransactionRow, ...]

    @property
    def precision(self) -> float | None:
        """Return which part of the person's own choices the rule repeats; None without any."""
        judged = self.agrees + self.conflicts
        return self.agrees / judged if judged else None


def try_rule(reads: Reads, evidence: Evidence, rule: Rule, show: int) -> BackTest:
    """Try a rule on all rows; `show` rows of each kind are returned."""
    alone = RuleSet([replace(rule, is_enabled=True)])
    ready = among(reads.categorization.rules(), rule)
    transfer = _transfer_category(reads)
    wanted = transfer if rule.actions.is_transfer else rule.actions.category_id
    hits = agrees = 0
    changes: list[tuple[RuleCandidate, Outcome]] = []
    conflicts: list[TransactionId] = []
    would_change = overruled = 0
    for one in _candidates(reads):
        seen = evidence.rule_row(one.bank)
        if not alone.outcome(seen).matched:
            continue
        hits += 1
        outcome = ready.share(seen, rule.id)
        overruled += not outcome
        if wanted is not None and one.source is CategorySource.USER:
            if one.category_id == wanted:
                agrees += 1
            else:
                conflicts.append(one.id)
        if _changes(one, outcome, wanted):
            would_change += 1
            if len(changes) < show:
                changes.append((one, outcome))
    shown = {row_id: reads.transaction(row_id) for row_id in conflicts[:show]}
    return BackTest(
        hits,
        would_change,
        overruled,
        agrees,
        len(conflicts),
        tuple(
            _change(row, one, outcome, wanted)
            for one, outcome in changes
            if (row := reads.transaction(one.id)) is not None
        ),
        tuple(row for row in shown.values() if row is not None),
    )


def _transfer_category(reads: Reads) -> CategoryId | None:
    """Return where transfers go: the default category, or another of its kind."""
    kinds = [one for one in reads.categories() if one.kind is CategoryKind.TRANSFER]
    kinds.sort(key=lambda one: one.name != "Transfer")
    return kinds[0].id if kinds else None


def _candidates(reads: Reads) -> Iterator[RuleCandidate]:
    before = BEYOND_EVERY_ROW
    while found := reads.categorization.candidates(before, _ROWS_A_STEP):
        yield from found
        before = found[-1].seq


def _gets_category(one: RuleCandidate, outcome: Outcome, wanted: CategoryId | None) -> bool:
    is_free = one.source is not CategorySource.USER and not one.is_paired
    is_there = one.category_id == wanted and one.source is CategorySource.RULE
    return outcome.category is not None and wanted is not None and is_free and not is_there


def _changes(one: RuleCandidate, outcome: Outcome, wanted: CategoryId | None) -> bool:
    return (
        _gets_category(one, outcome, wanted)
        or (outcome.rename is not None and one.display_name is None)
        or bool(set(outcome.tags) - set(one.tags))
        or (outcome.hides and not one.is_hidden)
    )


def _change(
    row: TransactionRow, one: RuleCandidate, outcome: Outcome, wanted: CategoryId | None
) -> RuleChange:
    return RuleChange(
        row,
        wanted if _gets_category(one, outcome, wanted) else None,
        outcome.rename if one.display_name is None else None,
        tuple(tag for tag in outcome.tags if tag not in one.tags),
        outcome.hides and not one.is_hidden,
    )
