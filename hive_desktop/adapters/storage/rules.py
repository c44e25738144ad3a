"""The person's rules, and what they say written into owner columns through the edit log."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hive_desktop.adapters.storage import kept, pairs, rule_values, standing
from hive_desktop.adapters.storage.bulk import insert_rows, json_ids, slices
from hive_desktop.adapters.storage.categorization import read_rules
from hive_desktop.adapters.storage.edit_entries import OWN_RULE, OWNER, PERSON, RULE, append
from hive_desktop.adapters.storage.edit_values import owner_states, write_owners
from hive_desktop.adapters.storage.ids import new_id
from hive_desktop.adapters.storage.instants import to_micros
from hive_desktop.adapters.storage.labels import transfer_category
from hive_desktop.domain.changes import Kind
from hive_desktop.domain.ledger import BatchId, CategorySource, TransactionId
from hive_desktop.domain.rules import to_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.rules import Outcome, Rule, RuleId
    from hive_desktop.ports.category_store import RuleReader

_COLUMNS = ("id", "name", "condition", "action", "created_at", "is_enabled", "stops", "position")
_LAST = "SELECT coalesce(max(position), -1) + 1 FROM rules"
_CHANGE = """
    UPDATE rules SET name = ?, condition = ?, action = ?, is_enabled = ?, stops = ? WHERE id = ?
"""
_REMOVE = "DELETE FROM rules WHERE id = ?"
_PLACE = "UPDATE rules SET position = ? WHERE id = ?"

# A paired row is a transfer; its category is not a rule's to say.
_PAIRED = """
    SELECT unhex(k.value) FROM json_each(?) AS k
    WHERE EXISTS (SELECT 1 FROM transfers AS p WHERE p.out_id = unhex(k.value))
       OR EXISTS (SELECT 1 FROM transfers AS p WHERE p.in_id = unhex(k.value))
"""


class RuleWriter:
    """Changes rules and applies what they say, within one transaction."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._execute = work.connection.exec_driver_sql

    def put(self, rule: Rule) -> None:
        """Add a rule at the end, or change the one that has its id."""
        told, done = to_text(rule.conditions, rule.actions)
        flags = (int(rule.is_enabled), int(rule.stops))
        if not self._execute(_CHANGE, (rule.name, told, done, *flags, rule.id)).rowcount:
            position = self._execute(_LAST).scalar_one()
            made = to_micros(rule.created_at)
            values = (rule.id, rule.name, told, done, made, *flags, position)
            insert_rows(self._work.connection, "rules", _COLUMNS, [values])
        self._work.note(Kind.RULES, (rule.id,))

    def make(self, rule: Rule, batch: BatchId) -> None:
        """Add or change a rule as a part of a batch of edits, which undoes that too."""
        kept.change(self._work, OWN_RULE, {rule.id: rule_values.values_of(rule)}, batch)

    def remove(self, rule_id: RuleId) -> bool:
        """Remove a rule; what it did stays."""
        self._work.note(Kind.RULES, (rule_id,))
        return bool(self._execute(_REMOVE, (rule_id,)).rowcount)

    def order(self, rule_ids: Sequence[RuleId]) -> None:
        """Put rules into this order; those not named come after, as they were."""
        rest = [rule.id for rule in read_rules(self._work.handle) if rule.id not in rule_ids]
        for position, rule_id in enumerate((*rule_ids, *rest)):
            self._execute(_PLACE, (position, rule_id))
        self._work.note_many(Kind.RULES)

    def release(self, rules: RuleReader) -> None:
        """Take back what rules did to pending rows that do not meet them as they were posted.

        What the person wrote, and what a rule did that is removed or off by now, stays. Labels are
        made after this.
        """
        if not self._work.posted:
            return
        touched = self._work.touched
        known = [rule for rule in read_rules(self._work.handle) if rule.is_enabled]
        for some in slices(seq for seq in touched if seq in self._work.posted):
            rows = dict(touched[seq] for seq in some)
            states = owner_states(self._work, rows)
            log = standing.histories(self._work, states)
            is_out = standing.taken_back(
                self._work, {line.batch for lines in log.values() for line in lines}
            )
            news, lines = {}, []
            for (row_id, before), outcome in zip(
                states.items(), rules([rows[row_id] for row_id in states]), strict=True
            ):
                stands = [line for line in log.get(row_id, ()) if not is_out(line)]
                after = _released(before, outcome, known, stands)
                if after != before:
                    news[row_id] = after
                    lines.append((row_id, OWNER, json.dumps(before), json.dumps(after)))
            write_owners(self._work, news)
            append(self._work, BatchId(new_id()), None, lines, actor=RULE)

    def greet(self, rules: RuleReader) -> None:
        """Let the rules name, tag and hide the rows that have just come; labels are made before.

        What the bank posts comes once more: only then it has its whole name and its last amount.
        """
        touched = self._work.touched
        for some in slices(seq for seq in touched if seq in self._work.arrived):
            rows = [touched[seq] for seq in some]
            told = zip((row_id for row_id, _ in rows), rules([row for _, row in rows]), strict=True)
            outcomes = [(TransactionId(row_id), one) for row_id, one in told if one.matched]
            self.apply(outcomes, BatchId(new_id()), by_rule=True)

    def apply(
        self,
        outcomes: Sequence[tuple[TransactionId, Outcome]],
        batch: BatchId,
        *,
        by_rule: bool,
    ) -> int:
        """Write outcomes into a batch of the edit log; returns how many rows changed."""
        transfer = transfer_category(self._work).hex()
        changed = 0
        for some in slices(outcomes):
            wanted = dict(some)
            lines, news = [], {}
            paired = {row[0] for row in self._execute(_PAIRED, (json_ids(wanted),))}
            for row_id, before in owner_states(self._work, wanted).items():
                outcome = wanted[TransactionId(row_id)]
                if row_id in paired:
                    outcome = replace(outcome, category=None)
                after = _after(before, outcome, transfer)
                if after != before:
                    news[row_id] = after
                    lines.append((row_id, OWNER, json.dumps(before), json.dumps(after)))
            write_owners(self._work, news)
            append(self._work, batch, None, lines, actor=RULE if by_rule else PERSON)
            changed += len(lines)
        if not by_rule:
            # A sync settles what it brought by itself, after this.
            pairs.resettle(self._work)
        return changed


def _released(
    before: Mapping[str, Any],
    outcome: Outcome,
    known: Sequence[Rule],
    stands: Sequence[standing.Written],
) -> dict[str, Any]:
    """Return owner columns without what the known rules had written and do not say any more.

    Args:
        before: the columns as they are.
        outcome: what the rules say now.
        known: the rules that are on.
        stands: what was written on the row and is not undone, newest first.
    """
    given: dict[str, set[Any]] = {
        "display_name": {rule.actions.rename for rule in known if rule.actions.rename},
        "hidden": {1},
    }
    said: dict[str, Any] = {"display_name": outcome.rename, "hidden": int(outcome.hides)}
    news: dict[str, Any] = {}
    if (
        before["category_source"] == CategorySource.RULE
        and any(before["category_reason"] == rule.reason for rule in known)
        and outcome.category is None
    ):
        news["category"] = (None, None, None, None)
    parts = standing.parts_of(before)
    for tag in {tag for rule in known for tag in rule.actions.tags} - set(outcome.tags):
        given[standing.tag_part(tag)], said[standing.tag_part(tag)] = {True}, None
    for name, value in said.items():
        now = parts.get(name)
        line = next((one.changed[name] for one in stands if name in one.changed), None)
        if now in given[name] and now != value and line is not None and line[1] == now:
            news[name] = line[0]
    return standing.with_parts(before, news)


def _after(before: Mapping[str, Any], outcome: Outcome, transfer: str) -> dict[str, Any]:
    """Return owner columns as the rules want them, without touching what the person wrote."""
    after = dict(before)
    rule = outcome.category
    if rule is not None and before["category_source"] != CategorySource.USER:
        chosen = rule.actions.category_id
        wanted = transfer if chosen is None else chosen.hex()
        is_there = (wanted, CategorySource.RULE) == (
            before["category_id"],
            before["category_source"],
        )
        if not is_there:
            after |= {
                "category_id": wanted,
                "category_source": CategorySource.RULE.value,
                "category_confidence": 1.0,
                "category_reason": rule.reason,
            }
    if outcome.rename and before["display_name"] is None:
        after["display_name"] = outcome.rename
    if outcome.tags:
        tags = json.loads(before["tags"]) if before["tags"] else []
        after["tags"] = json.dumps(list(dict.fromkeys([*tags, *outcome.tags])))
    if outcome.hides:
        after["hidden"] = 1
    return after
