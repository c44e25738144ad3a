"""The person's rules, and what they say written into owner columns through the edit log."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hive_desktop.adapters.storage import pairs
from hive_desktop.adapters.storage.bulk import insert_rows, json_ids, slices
from hive_desktop.adapters.storage.categorization import read_rules
from hive_desktop.adapters.storage.edit_entries import OWNER, PERSON, RULE, append
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
        """Write outcomes as one batch of the edit log; returns how many rows changed."""
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


def _after(before: Mapping[str, Any], outcome: Outcome, transfer: str) -> dict[str, Any]:
    """Return owner columns as the rules want them, without touching what the person wrote."""
    after = dict(before)
    rule = outcome.category
    if rule is not None and before["category_source"] != CategorySource.USER:
        chosen = rule.actions.category_id
        after |= {
            "category_id": transfer if chosen is None else chosen.hex(),
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
