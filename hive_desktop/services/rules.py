"""The person's rules: made, looked at before they act, tried on history, applied to the past.

A rule acts by itself on rows that come after it was made. What it would do to older ones is shown
row by row, and done as one batch that can be undone.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

from hive_desktop.domain.changes import Actor
from hive_desktop.domain.ledger import BatchId, TransactionQuery
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
    among,
    parse,
)
from hive_desktop.i18n import tr
from hive_desktop.ports.errors import UsageError
from hive_desktop.services import limits
from hive_desktop.services.back_test import BEYOND_EVERY_ROW, try_rule
from hive_desktop.services.row_slices import ROWS_A_STEP

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hive_desktop.domain.ledger import CategoryId, TransactionId, TransactionRow
    from hive_desktop.domain.merchants import Merchant
    from hive_desktop.domain.pipeline import Evidence
    from hive_desktop.domain.rules import Outcome
    from hive_desktop.ports.storage import Database, Reads, Writes
    from hive_desktop.ports.system import Clock
    from hive_desktop.services.back_test import BackTest
    from hive_desktop.services.categorize import Categorizer

_ROWS_A_STEP = 2_000
_ENOUGH_CORRECTIONS = 3


@dataclass(frozen=True, slots=True)
class Applying:
    """How far applying rules to the past is: `done` of `total` rows looked at.

    Attributes:
        batch: what undoes all of it.
        changed: rows that were changed so far.
        done: rows that were looked at.
        total: rows of the ledger.
    """

    batch: BatchId
    changed: int
    done: int
    total: int


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
        drafted = self.always_draft(merchant, category_id, is_in=row.amount_minor < 0)
        return await self.put(always_among(await self.rules(), drafted))

    def always_draft(self, merchant: Merchant, category_id: CategoryId, *, is_in: bool) -> Rule:
        """Return the rule that puts a merchant's rows into a category, not kept yet.

        Args:
            merchant: whose rows.
            category_id: where they go.
            is_in: of money that comes in, or else goes out.

        Raises:
            UsageError: nothing names the merchant.
        """
        if not merchant.key:
            raise UsageError(
                "Nothing in this row names a merchant.", hint="Make a rule on its text instead."
            )
        conditions = (
            Condition(Subject.MERCHANT, Comparison.EQUALS, merchant.name),
            Condition(Subject.SIGN, Comparison.EQUALS, "in" if is_in else "out"),
        )
        name = tr("Always {merchant}", merchant=merchant.name)
        return self._checked(conditions, Actions(category_id), name)

    async def make(self, rule: Rule, ids: Sequence[TransactionId], batch: BatchId) -> int:
        """Keep a rule and apply it to some older rows, all as a part of a batch of edits.

        A rule that has its conditions is changed. Rows go in slices. Returns how many changed.

        Raises:
            UsageError: another rule does the same to the same rows.
        """

        def begin(writes: Writes) -> Rule:
            every = writes.categorization.rules()
            kept = _distinct(always_among(every, rule), every)
            writes.rules.make(kept, batch)
            return kept

        def step(writes: Writes, some: Sequence[TransactionId]) -> int:
            outcomes = self.outcomes(writes, kept, some)
            return writes.rules.apply(outcomes, batch, by_rule=False) if outcomes else 0

        kept, _ = await self._database.write(begin, actor=Actor.PERSON)
        changed = 0
        for start in range(0, len(ids), ROWS_A_STEP):
            some = ids[start : start + ROWS_A_STEP]
            more, _ = await self._database.write(partial(step, some=some), actor=Actor.PERSON)
            changed += more
        return changed

    def outcomes(
        self, reads: Reads, rule: Rule, ids: Sequence[TransactionId]
    ) -> list[tuple[TransactionId, Outcome]]:
        """Return what a rule does with rows that meet it, among all rules that there are."""
        ready = among(reads.categorization.rules(), rule)
        evidence = self._categorizer.evidence(reads)
        found = reads.categorization.candidates_of(ids)
        told = ((one.id, ready.share(evidence.rule_row(one.bank), rule.id)) for one in found)
        return [(row_id, one) for row_id, one in told if one.matched]

    async def put(self, rule: Rule) -> Rule:
        """Keep a rule: at the end if it is new, in its place if it is known.

        Returns it as it is kept: a name that another rule has gets a number.

        Raises:
            UsageError: another rule does the same to the same rows.
        """

        def work(writes: Writes) -> Rule:
            kept = _distinct(rule, writes.categorization.rules())
            writes.rules.put(kept)
            return kept

        kept, _ = await self._database.write(work, actor=Actor.PERSON)
        return kept

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
        return await self._database.read(
            lambda reads: try_rule(reads, self._categorizer.evidence(reads), rule, show)
        )

    async def apply(
        self, rule: Rule | None = None, on_progress: Callable[[Applying], bool] = lambda _: True
    ) -> Applying:
        """Apply a rule to the past, or all that are on, as one batch that can be undone.

        A rule that is named is meant also when it is off; what an earlier rule decides is left to
        that. Rows go in slices, each looked for beside the writer and then written whole: what the
        person says meanwhile is not written over, and a sync waits for one slice only.

        Args:
            rule: the rule; None: all.
            on_progress: told after each slice how far it is; False stops there. What was done by
                then is the batch, then and where the task is cancelled.

        Raises:
            HiveError: the ledger cannot be written.
        """
        ready, evidence, total = await self._database.read(lambda reads: self._ready(reads, rule))
        state = Applying(BatchId(uuid.uuid4().bytes), 0, 0, total)
        before: int | None = BEYOND_EVERY_ROW

        def look(reads: Reads, before: int) -> tuple[list[tuple[TransactionId, Outcome]], int, int]:
            found = reads.categorization.candidates(before, _ROWS_A_STEP)
            rows = [(one.id, evidence.rule_row(one.bank)) for one in found]
            told = [
                (row_id, ready.outcome(row) if rule is None else ready.share(row, rule.id))
                for row_id, row in rows
            ]
            outcomes = [(row_id, one) for row_id, one in told if one.matched]
            return outcomes, len(found), found[-1].seq if found else -1

        while before is not None:
            outcomes, seen, last = await self._database.read(partial(look, before=before))
            before = last if seen == _ROWS_A_STEP else None
            changed = 0
            if outcomes:
                write = partial(_write, outcomes=outcomes, batch=state.batch)
                changed, _ = await self._database.write(write, actor=Actor.PERSON)
            state = replace(state, changed=state.changed + changed, done=state.done + seen)
            if not on_progress(state):
                break
        return state

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
            rename=limits.named(actions.rename or "") or None,
            tags=tuple(
                dict.fromkeys(tag for one in limits.tagged(actions.tags) if (tag := one.strip()))
            ),
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
        return Rule(
            RuleId(uuid.uuid4().bytes), limits.named(name), conditions, actions, made, stops=stops
        )

    def _ready(self, reads: Reads, rule: Rule | None) -> tuple[RuleSet, Evidence, int]:
        """Return the rules made ready, what makes rows for them, and how many rows there are."""
        rules = reads.categorization.rules()
        ready = RuleSet(rules) if rule is None else among(rules, rule)
        return ready, self._categorizer.evidence(reads), reads.count(TransactionQuery())


def always_among(rules: Sequence[Rule], drafted: Rule) -> Rule:
    """Return the rule that says a merchant's category: the one there is, changed, or the draft."""
    known = next((one for one in rules if one.conditions == drafted.conditions), None)
    if known is None:
        return drafted
    category_id = drafted.actions.category_id
    actions = replace(known.actions, category_id=category_id, is_transfer=False)
    return replace(known, actions=actions, is_enabled=True)


def _distinct(rule: Rule, rules: Sequence[Rule]) -> Rule:
    """Return a new or changed rule with a name of its own; raises UsageError for a second alike."""
    known = next((one for one in rules if one.id == rule.id), None)
    others = [one for one in rules if one.id != rule.id]
    if known is None or _does(known) != _does(rule):
        alike = next((one for one in others if _does(one) == _does(rule)), None)
        if alike is not None:
            raise UsageError(
                "The rule “{rule}” does the same to the same rows.",
                title="There is such a rule already",
                hint="Change that rule, or turn it on if it is off.",
                rule=alike.title,
            )
    taken = {one.name for one in others}
    if not rule.name or rule.name not in taken or (known is not None and known.name == rule.name):
        return rule
    numbered = (f"{rule.name} {number}" for number in count(2))
    return replace(rule, name=next(name for name in numbered if name not in taken))


def _does(rule: Rule) -> tuple[frozenset[Condition], Actions]:
    return frozenset(rule.conditions), rule.actions


def _write(
    writes: Writes, outcomes: Sequence[tuple[TransactionId, Outcome]], batch: BatchId
) -> int:
    return writes.rules.apply(outcomes, batch, by_rule=False)
