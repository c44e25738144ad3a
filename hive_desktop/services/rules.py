"""The person's rules: made, looked at before they act, tried on history, applied to the past.

A rule acts by itself on rows that come after it was made. What it would do to older ones is shown
row by row, and done as one batch that can be undone.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hive_desktop.domain.changes import Actor
from hive_desktop.domain.ledger import BatchId, CategoryKind, CategorySource
from hive_desktop.domain.merchants import merchant_of
from hive_desktop.domain.rules import (
    Actions,
    Comparison,
    Condition,
    Rule,
    RuleError,
    RuleId,
    RuleSet,
    Subject,
    parse,
)
from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hive_desktop.domain.ledger import CategoryId, TransactionId, TransactionRow
    from hive_desktop.domain.rules import Outcome
    from hive_desktop.ports.category_store import RuleCandidate
    from hive_desktop.ports.storage import Database, Reads
    from hive_desktop.ports.system import Clock
    from hive_desktop.services.categorize import Categorizer

_ROWS_A_STEP = 2_000
_BEYOND_EVERY_ROW = 1 << 62
_ENOUGH_CORRECTIONS = 3


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
        agrees: rows that the person had put where the rule would.
        conflicts: rows that the person had put elsewhere; they would stay there.
        changes: the first rows that would change, newest first.
        conflicting: the first rows in conflict, newest first.
    """

    hits: int
    would_change: int
    agrees: int
    conflicts: int
    changes: tuple[RuleChange, ...]
    conflicting: tuple[TransactionRow, ...]

    @property
    def precision(self) -> float | None:
        """Return which part of the person's own choices the rule repeats; None without any."""
        judged = self.agrees + self.conflicts
        return self.agrees / judged if judged else None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A rule that corrections speak for: `n` rows of one merchant, all in one place."""

    merchant: str
    direction: str
    category: str
    n: int


class RuleService:
    """What pages and commands ask of rules."""

    def __init__(self, database: Database, categorizer: Categorizer, clock: Clock) -> None:
        self._database = database
        self._categorizer = categorizer
        self._clock = clock

    async def rules(self) -> list[Rule]:
        """Return the rules in the order in which they are tried."""
        return await self._database.read(lambda reads: reads.categorization.rules())

    def draft(
        self, conditions: str, actions: Actions, *, name: str = "", stops: bool = False
    ) -> Rule:
        """Return a rule that is not kept yet, to be looked at or added.

        Args:
            conditions: as a person writes them (`domain.rules.parse`).
            actions: what is done to rows that meet them all.
            name: the rule's own name; without one its conditions are its name.
            stops: whether later rules leave these rows alone.

        Raises:
            UsageError: the conditions cannot be read, or nothing would be done.
        """
        try:
            told = parse(conditions)
        except RuleError as exc:
            raise UsageError(
                "{reason}",
                hint='Conditions look like: name contains "shell oil" and amount between 10 60',
                reason=exc,
            ) from exc
        return self._checked(told, actions, name.strip(), stops=stops)

    async def always(self, row: TransactionRow, category_id: CategoryId) -> Rule:
        """Make the rule that puts a row's merchant into a category from now on.

        Raises:
            UsageError: nothing in the row names a merchant.
        """
        merchant = merchant_of(None, row.merchant or row.name, row.description)
        if not merchant.key:
            raise UsageError(
                "Nothing in this row names a merchant.", hint="Make a rule on its text instead."
            )
        sign = "in" if row.amount_minor < 0 else "out"
        conditions = (
            Condition(Subject.MERCHANT, Comparison.EQUALS, merchant.name),
            Condition(Subject.SIGN, Comparison.EQUALS, sign),
        )
        known = next((r for r in await self.rules() if r.conditions == conditions), None)
        if known is not None:
            actions = replace(known.actions, category_id=category_id, is_transfer=False)
            rule = replace(known, actions=actions, is_enabled=True)
        else:
            rule = self._checked(conditions, Actions(category_id), f"Always {merchant.name}")
        await self.put(rule)
        return rule

    async def put(self, rule: Rule) -> None:
        """Keep a rule: at the end if it is new, in its place if it is known."""
        await self._database.write(lambda writes: writes.rules.put(rule), actor=Actor.PERSON)

    async def remove(self, rule_id: RuleId) -> bool:
        """Remove a rule; what it did stays. Returns whether there was one."""
        removed, _ = await self._database.write(
            lambda writes: writes.rules.remove(rule_id), actor=Actor.PERSON
        )
        return removed

    async def order(self, rule_ids: Sequence[RuleId]) -> None:
        """Let rules be tried in this order."""
        await self._database.write(lambda writes: writes.rules.order(rule_ids), actor=Actor.PERSON)

    async def back_test(self, rule: Rule, *, show: int = 50) -> BackTest:
        """Try a rule on all rows, and write nothing; `show` rows of each kind are returned."""
        return await self._database.read(lambda reads: self._try(reads, rule, show))

    async def apply(self, rules: Sequence[Rule] | None = None) -> tuple[BatchId, int]:
        """Apply these rules to the past, or all that are on; returns the batch and rows changed.

        Rows are looked for beside the writer; what the person says meanwhile is not written over.
        """
        batch = BatchId(uuid.uuid4().bytes)

        def look(reads: Reads) -> list[tuple[TransactionId, Outcome]]:
            evidence = self._categorizer.evidence(reads)
            # A rule that is named is meant, also one that is off.
            named = [replace(one, is_enabled=True) for one in rules or ()]
            chosen = RuleSet(reads.categorization.rules() if rules is None else named)
            return [
                (one.id, outcome)
                for one in _candidates(reads)
                if (outcome := chosen.outcome(evidence.rule_row(one.bank))).matched
            ]

        outcomes = await self._database.read(look)
        changed, _ = await self._database.write(
            lambda writes: writes.rules.apply(outcomes, batch, by_rule=False), actor=Actor.PERSON
        )
        return batch, changed

    async def suggestions(self) -> list[Suggestion]:
        """Return rules that repeated corrections speak for and that no rule covers yet."""

        def work(reads: Reads) -> list[Suggestion]:
            covered = {
                merchant_of(None, condition.value, None).key
                for rule in reads.categorization.rules()
                for condition in rule.conditions
                if condition.subject is Subject.MERCHANT
            }
            return [
                Suggestion(one.name, one.direction, one.category, one.n)
                for one in reads.categorization.taught_merchants()
                if one.n == one.total >= _ENOUGH_CORRECTIONS and one.key not in covered
            ]

        return await self._database.read(work)

    def _checked(
        self, conditions: tuple[Condition, ...], actions: Actions, name: str, *, stops: bool = False
    ) -> Rule:
        actions = replace(
            actions,
            rename=(actions.rename or "").strip() or None,
            tags=tuple(dict.fromkeys(tag for one in actions.tags if (tag := one.strip()))),
        )
        if not actions:
            raise UsageError(
                "The rule would do nothing.",
                hint="Say a category, a name, a tag, or that rows are hidden.",
            )
        if actions.category_id is not None and actions.is_transfer:
            raise UsageError(
                "A rule gives one category.", hint="Say a category, or that rows are transfers."
            )
        made = self._clock.now()
        return Rule(RuleId(uuid.uuid4().bytes), name, conditions, actions, made, stops=stops)

    def _try(self, reads: Reads, rule: Rule, show: int) -> BackTest:
        evidence = self._categorizer.evidence(reads)
        ready = RuleSet([replace(rule, is_enabled=True)])
        transfer = _transfer_category(reads)
        wanted = transfer if rule.actions.is_transfer else rule.actions.category_id
        hits = agrees = 0
        changes: list[tuple[RuleCandidate, Outcome]] = []
        conflicts: list[TransactionId] = []
        would_change = 0
        for one in _candidates(reads):
            outcome = ready.outcome(evidence.rule_row(one.bank))
            if not outcome.matched:
                continue
            hits += 1
            if wanted is not None and one.source is CategorySource.USER:
                if one.category_id == wanted:
                    agrees += 1
                else:
                    conflicts.append(one.id)
            if _changes(one, rule.actions, wanted):
                would_change += 1
                if len(changes) < show:
                    changes.append((one, outcome))
        shown = {row_id: reads.transaction(row_id) for row_id in conflicts[:show]}
        return BackTest(
            hits,
            would_change,
            agrees,
            len(conflicts),
            tuple(
                _change(row, one, rule.actions, wanted)
                for one, _ in changes
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
    before = _BEYOND_EVERY_ROW
    while found := reads.categorization.candidates(before, _ROWS_A_STEP):
        yield from found
        before = found[-1].seq


def _gets_category(one: RuleCandidate, wanted: CategoryId | None) -> bool:
    is_free = one.source is not CategorySource.USER and not one.is_paired
    is_there = one.category_id == wanted and one.source is CategorySource.RULE
    return wanted is not None and is_free and not is_there


def _changes(one: RuleCandidate, actions: Actions, wanted: CategoryId | None) -> bool:
    return (
        _gets_category(one, wanted)
        or (actions.rename is not None and one.display_name is None)
        or bool(set(actions.tags) - set(one.tags))
        or (actions.hides and not one.is_hidden)
    )


def _change(
    row: TransactionRow, one: RuleCandidate, actions: Actions, wanted: CategoryId | None
) -> RuleChange:
    return RuleChange(
        row,
        wanted if _gets_category(one, wanted) else None,
        actions.rename if one.display_name is None else None,
        tuple(tag for tag in actions.tags if tag not in one.tags),
        actions.hides and not one.is_hidden,
    )
