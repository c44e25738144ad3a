"""What categories are decided from: choices by merchant, a model's answers, and unsure rows.

A row's direction is that of its money: "in" where the amount is negative.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hive_desktop.adapters.storage import open_merchants, rows
from hive_desktop.adapters.storage.bulk import insert_rows, json_ids, json_keys, slices
from hive_desktop.adapters.storage.heirs import heirs
from hive_desktop.adapters.storage.instants import from_micros
from hive_desktop.adapters.storage.labels import category_ids, write_labels
from hive_desktop.adapters.storage.open_merchants import UNSURE, direction_of
from hive_desktop.domain.categories import REVIEW_THRESHOLD
from hive_desktop.domain.changes import Kind
from hive_desktop.domain.ledger import CategoryId, CategorySource, TransactionId
from hive_desktop.domain.recurring import Payment
from hive_desktop.domain.rules import Rule, RuleId, from_text
from hive_desktop.ports.category_store import (
    Again,
    GuessRecord,
    MerchantAnswer,
    ReviewGroup,
    RuleCandidate,
    TaughtMerchant,
    TaughtSample,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hive_desktop.adapters.storage.handle import Handle
    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.ports.category_store import Labeller, OpenMerchant

_LESSONS = """
    WITH chosen AS (
        SELECT merchant_id, amount_minor < 0 AS is_in, category_id, count(*) AS n,
               max(seq) AS newest
        FROM transactions WHERE category_source = 'user' GROUP BY 1, 2, 3
        UNION ALL
        -- What a part of a row is says nothing of the merchant's other rows.
        SELECT t.merchant_id, t.amount_minor < 0, t.category_id, -1, 0
        FROM split_parts AS p CROSS JOIN transactions AS t ON t.id = p.id
        WHERE t.category_source = 'user'
    ), taught AS (
        SELECT merchant_id, is_in, category_id, sum(n) AS n, max(newest) AS newest
        FROM chosen GROUP BY 1, 2, 3 HAVING sum(n) > 0
    ), lessons AS (
        SELECT m.key, m.name, iif(t.is_in, 'in', 'out') AS direction,
               coalesce(c.key, c.name) AS category, t.n,
               sum(t.n) OVER (PARTITION BY t.merchant_id, t.is_in) AS total, t.newest
        FROM taught AS t CROSS JOIN merchants AS m ON m.id = t.merchant_id
        LEFT JOIN categories AS c ON c.id = t.category_id
    )
"""
_TAUGHT = f"""
    {_LESSONS} SELECT key, name, direction, category, n, total FROM lessons
    WHERE category IS NOT NULL ORDER BY n DESC, key
"""  # noqa: S608 - constants only
_TAUGHT_SAMPLES = f"""
    {_LESSONS}, some AS (
        SELECT * FROM lessons WHERE category IS NOT NULL ORDER BY n DESC, key LIMIT ?
    )
    SELECT l.key, l.name, l.direction, l.category, l.n, l.total, {rows.STORED_FIELDS}
    FROM some AS l CROSS JOIN transactions AS t ON t.seq = l.newest
    CROSS JOIN accounts AS a ON a.id = t.account_id
    ORDER BY l.n DESC, l.key
"""  # noqa: S608 - as above
_TAUGHT_FIELDS = len(TaughtMerchant._fields)
_ANSWERS = """
    SELECT m.key, a.direction, coalesce(c.key, c.name), a.confidence, a.reason, a.model
    FROM merchant_answers AS a CROSS JOIN merchants AS m ON m.id = a.merchant_id
    LEFT JOIN categories AS c ON c.id = a.category_id
"""
# The bank's currency of a group is that of its newest row; sums of several are never made.
_GROUPS = f"""
    WITH unsure AS (
        SELECT u.merchant_id, u.is_in, t.currency, count(*) AS n, max(u.seq) AS newest,
               sum(t.amount_minor) AS total
        FROM ({UNSURE}) AS u CROSS JOIN transactions AS t ON t.seq = u.seq
        GROUP BY 1, 2, 3 ORDER BY n DESC, newest DESC LIMIT ? OFFSET ?
    )
    SELECT coalesce(m.key, ''), coalesce(m.name, t.name), u.is_in, u.n, u.total, u.currency,
           t.category_id, {{columns}}
    FROM unsure AS u CROSS JOIN transactions AS t ON t.seq = u.newest
    LEFT JOIN merchants AS m ON m.id = u.merchant_id
    LEFT JOIN categories AS c ON c.id = t.category_id
    ORDER BY u.n DESC, u.newest DESC
"""  # noqa: S608 - as above
_GROUP_COLUMNS = f"""
    t.seq, t.id, t.account_id, t.posted_on, t.authorized_on, t.amount_minor, t.currency, t.name,
    coalesce(t.display_name, t.merchant_name), t.description, t.category_id, c.name,
    t.category_source, t.category_confidence, t.pending, t.note,
    t.category_id IS NULL OR t.category_confidence < {REVIEW_THRESHOLD},
    t.tags, t.hidden, t.reviewed, t.display_name, 0
"""
_GROUP_FIELDS = 7
_OF_MERCHANT = """
    SELECT t.id FROM merchants AS m CROSS JOIN transactions AS t ON t.merchant_id = m.id
    WHERE m.key = ?1 AND (?2 IS NULL OR iif(t.amount_minor < 0, 'in', 'out') = ?2)
      AND coalesce(t.category_source, '') NOT IN ('user', 'rule')
    ORDER BY t.seq DESC
"""
# What the person chose first on a row, beside what stood there: the guess was kept or it was not.
# Of the newest choices only, so that a ledger of any age is counted in a moment.
_JUDGED = """
    WITH newest AS (
        SELECT clock, entity_id FROM edits WHERE field = 'category' AND undoes IS NULL
        ORDER BY clock DESC LIMIT ?
    )
    SELECT e.before ->> 'source', sum(e.before ->> 'category' IS e.after ->> 'category'),
           sum(e.before ->> 'category' IS NOT e.after ->> 'category')
    FROM newest AS n CROSS JOIN edits AS e ON e.clock = n.clock
    WHERE e.before ->> 'category' IS NOT NULL AND e.before ->> 'source' <> 'user'
      AND NOT EXISTS (
          SELECT 1 FROM edits AS f
          WHERE f.entity_id = n.entity_id AND f.field = 'category' AND f.undoes IS NULL
            AND f.clock < n.clock
      )
      AND NOT EXISTS (SELECT 1 FROM edits AS u WHERE u.undoes = e.batch)
    GROUP BY 1
"""
_MOST_JUDGED = 5_000
_SURE_LEFT = """
    SELECT category_source, count(*) FROM transactions
    WHERE reviewed = 1 AND category_source NOT IN ('user') GROUP BY 1
"""
_MERCHANTS_OF = """
    SELECT t.merchant_id FROM json_each(?1) AS k
    CROSS JOIN transactions AS t ON t.id = unhex(k.value)
    WHERE t.merchant_id IS NOT NULL AND (NOT ?2 OR t.category_source = 'user')
    UNION
    SELECT s.merchant_id FROM json_each(?1) AS k
    CROSS JOIN shelved AS s ON s.id = unhex(k.value)
    WHERE s.merchant_id IS NOT NULL AND (NOT ?2 OR s.category_source = 'user')
"""
_MERCHANTS_BY_KEY = """
    SELECT m.id, m.key FROM json_each(?) AS k CROSS JOIN merchants AS m ON m.key = k.value
"""
_ROWS_OF = f"""
    SELECT {rows.STORED_FIELDS}
    FROM json_each(?) AS k CROSS JOIN transactions AS t ON t.merchant_id = k.value
    CROSS JOIN accounts AS a ON a.id = t.account_id
    WHERE coalesce(t.category_source, '') NOT IN ('user', 'rule')
"""  # noqa: S608 - as above
_NEXT_ROWS_OF = f"""
    SELECT {rows.STORED_FIELDS}
    FROM transactions AS t CROSS JOIN accounts AS a ON a.id = t.account_id
    WHERE t.merchant_id = ? AND t.seq > ?
      AND coalesce(t.category_source, '') NOT IN ('user', 'rule')
    ORDER BY t.seq LIMIT ?
"""  # noqa: S608 - as above
_FEW_ROWS_OF = """
    SELECT count(*) FROM (
        SELECT 1 FROM json_each(?) AS k CROSS JOIN transactions AS t ON t.merchant_id = k.value
        LIMIT ?
    )
"""
_ROWS_IN = """
    SELECT count(*) FROM json_each(?) AS k CROSS JOIN transactions AS t ON t.merchant_id = k.value
    WHERE t.category_id IS ?
"""
_ROWS_BY_ID = f"""
    SELECT {rows.STORED_FIELDS}
    FROM json_each(?) AS k CROSS JOIN transactions AS t ON t.id = unhex(k.value)
    CROSS JOIN accounts AS a ON a.id = t.account_id
    WHERE coalesce(t.category_source, '') NOT IN ('user', 'rule')
"""  # noqa: S608 - as above
_ROWS_AFTER = f"""
    SELECT {rows.STORED_FIELDS}
    FROM transactions AS t CROSS JOIN accounts AS a ON a.id = t.account_id
    WHERE t.seq > ? ORDER BY t.seq LIMIT ?
"""  # noqa: S608 - as above
# A row that is split was one payment, and comes as that.
_PAYMENTS = f"""
    SELECT m.key, a.plaid_account_id, t.currency, t.posted_on, t.amount_minor
    FROM json_each(?1) AS k CROSS JOIN merchants AS m ON m.key = k.value
    CROSS JOIN transactions AS t ON t.seq IN (
        SELECT n.seq FROM transactions AS n WHERE n.merchant_id = m.id
        ORDER BY n.seq DESC LIMIT ?3
    )
    CROSS JOIN accounts AS a ON a.id = t.account_id
    WHERE NOT {rows.IS_PART}
    UNION ALL
    SELECT m.key, a.plaid_account_id, s.currency, s.posted_on, s.amount_minor
    FROM accounts AS a CROSS JOIN shelved AS s ON s.account_id = a.id AND s.why = 'split'
    CROSS JOIN merchants AS m ON m.id = s.merchant_id
    WHERE m.key IN (SELECT value FROM json_each(?1))
    LIMIT ?2
"""  # noqa: S608 - as above
_CANDIDATES = f"""
    SELECT t.category_id, t.category_source, t.display_name, t.tags, t.hidden,
           EXISTS (SELECT 1 FROM transfers AS p WHERE p.out_id = t.id)
           OR EXISTS (SELECT 1 FROM transfers AS p WHERE p.in_id = t.id),
           {rows.STORED_FIELDS}
    FROM transactions AS t CROSS JOIN accounts AS a ON a.id = t.account_id
    WHERE t.seq < ? ORDER BY t.seq DESC LIMIT ?
"""  # noqa: S608 - as above
_CANDIDATES_OF = _CANDIDATES.replace(
    "FROM transactions AS t",
    "FROM json_each(?) AS k CROSS JOIN transactions AS t ON t.id = unhex(k.value)",
).replace("WHERE t.seq < ? ORDER BY t.seq DESC LIMIT ?", "ORDER BY t.seq DESC")
_CANDIDATE_FIELDS = 6
_KEEP_ANSWER = """
    UPDATE merchant_answers SET model = ?, at = ?
    WHERE merchant_id = ? AND direction = ? AND category_id IS NOT NULL
"""
_FORGET_ANSWER = "DELETE FROM merchant_answers WHERE merchant_id = ? AND direction = ?"
_ANSWER_COLUMNS = (
    "merchant_id",
    "direction",
    "category_id",
    "confidence",
    "reason",
    "model",
    "at",
)
_RULES = """
    SELECT id, name, condition, action, created_at, is_enabled, stops FROM rules
    ORDER BY position, id
"""


def _candidate(row: Any) -> RuleCandidate:
    stored = rows.stored_row(row[_CANDIDATE_FIELDS:])
    return RuleCandidate(
        stored.id,
        stored.seq,
        stored.bank,
        None if row[0] is None else CategoryId(row[0]),
        None if row[1] is None else CategorySource(row[1]),
        row[2],
        tuple(json.loads(row[3])) if row[3] else (),
        is_hidden=bool(row[4]),
        is_paired=bool(row[5]),
    )


def read_rules(handle: Handle) -> list[Rule]:
    """Return the rules in their order; a category that was merged is the one that has its rows."""
    found = handle.raw.execute(_RULES).fetchall()
    ends = heirs(handle.raw)
    every = [
        Rule(
            RuleId(row[0]),
            row[1],
            *from_text(row[2], row[3]),
            created_at=from_micros(row[4]),
            is_enabled=bool(row[5]),
            stops=bool(row[6]),
        )
        for row in found
    ]
    return [_inheriting(one, ends) for one in every]


def _inheriting(rule: Rule, ends: Mapping[CategoryId, CategoryId]) -> Rule:
    chosen = rule.actions.category_id
    if chosen is None or chosen not in ends:
        return rule
    return replace(rule, actions=replace(rule.actions, category_id=ends[chosen]))


class Categorization:
    """Reads what categories are decided from."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle

    def open_merchants(
        self, limit: int, model: str | None = None, again: Again = Again.NONE
    ) -> list[OpenMerchant]:
        """Return merchants that nobody is sure of and no model, or another, was asked about."""
        return open_merchants.read(self._handle, limit, model, again)

    def left_merchants(self) -> int:
        """Return how many merchants a model was asked about and gave no answer."""
        return open_merchants.count_left(self._handle)

    def taught_merchants(self) -> list[TaughtMerchant]:
        """Return what the person chose, by merchant and direction."""
        return [TaughtMerchant(*row) for row in self._all(_TAUGHT)]

    def taught_samples(self, limit: int) -> list[TaughtSample]:
        """Return the same with the newest row of each."""
        return [
            TaughtSample(
                TaughtMerchant(*row[:_TAUGHT_FIELDS]), rows.stored_row(row[_TAUGHT_FIELDS:]).bank
            )
            for row in self._all(_TAUGHT_SAMPLES, limit)
        ]

    def answers(self) -> list[MerchantAnswer]:
        """Return what a model has said."""
        return [MerchantAnswer(*row) for row in self._all(_ANSWERS)]

    def rules(self) -> list[Rule]:
        """Return the person's rules in their order."""
        return read_rules(self._handle)

    def payments(self, keys: Iterable[str], limit: int, newest: int) -> list[Payment]:
        """Return rows of merchants as payments; see the port."""
        return [Payment(*row) for row in self._all(_PAYMENTS, json_keys(keys), limit, newest)]

    def candidates(self, before: int, limit: int) -> list[RuleCandidate]:
        """Return rows as rules would find them, newest first, with a seq below `before`."""
        return [_candidate(row) for row in self._all(_CANDIDATES, before, limit)]

    def candidates_of(self, transaction_ids: Iterable[TransactionId]) -> list[RuleCandidate]:
        """Return some rows as rules would find them, newest first."""
        return [_candidate(row) for row in self._all(_CANDIDATES_OF, json_ids(transaction_ids))]

    def review_groups(self, limit: int, offset: int = 0) -> list[ReviewGroup]:
        """Return rows that want a look, by merchant."""
        found = self._all(_GROUPS.format(columns=_GROUP_COLUMNS), limit, offset)
        newest = rows.transaction_rows(row[_GROUP_FIELDS:] for row in found)
        return [
            ReviewGroup(
                row[0],
                row[1],
                direction_of(row[2]),
                row[3],
                row[4],
                row[5],
                one,
                None if row[6] is None else CategoryId(row[6]),
            )
            for row, one in zip(found, newest, strict=True)
        ]

    def rows_of_merchant(self, key: str, direction: str | None = None) -> list[TransactionId]:
        """Return a merchant's rows that neither the person nor a rule has sorted."""
        return [TransactionId(row[0]) for row in self._all(_OF_MERCHANT, key, direction)]

    def guess_records(self) -> list[GuessRecord]:
        """Return how the person judged automatic categories."""
        judged = {row[0]: [row[1], row[2]] for row in self._all(_JUDGED, _MOST_JUDGED)}
        for source, n in self._all(_SURE_LEFT):
            judged.setdefault(source, [0, 0])[0] += n
        return [GuessRecord(source, *counts) for source, counts in sorted(judged.items())]

    def _all(self, statement: str, *values: object) -> list[Any]:
        found: list[Any] = self._handle.raw.execute(statement, values).fetchall()
        return found


class CategorizationWrites(Categorization):
    """Writes them, and the labels that follow."""

    def __init__(self, work: Work) -> None:
        super().__init__(work.handle)
        self._work = work

    def put_answers(self, answers: Sequence[MerchantAnswer]) -> list[int]:
        """Keep what a model said; returns the merchants' numbers, for `relabel`."""
        execute = self._work.connection.exec_driver_sql
        keys = json_keys(one.key for one in answers)
        numbers = {row[1]: row[0] for row in execute(_MERCHANTS_BY_KEY, (keys,))}
        categories = category_ids(self._work)
        known = {(one.key, one.direction): one for one in answers if one.key in numbers}
        now = self._work.now()
        for place, one in list(known.items()):
            number = numbers[one.key]
            kept = (one.model, now, number, one.direction)
            if one.category is None and execute(_KEEP_ANSWER, kept).rowcount:
                del known[place]
                continue
            execute(_FORGET_ANSWER, (number, one.direction))
        values = [
            (
                numbers[one.key],
                one.direction,
                categories.get(one.category or ""),
                one.confidence,
                one.reason,
                one.model,
                now,
            )
            for one in known.values()
        ]
        insert_rows(self._work.connection, "merchant_answers", _ANSWER_COLUMNS, values)
        return sorted({value[0] for value in values})

    def merchants_of(
        self, transaction_ids: Iterable[TransactionId], *, judged: bool = False
    ) -> list[int]:
        """Return the numbers of the merchants of some rows, or of those sorted by hand."""
        found: set[int] = set()
        for some in slices(transaction_ids):
            found.update(row[0] for row in self._all(_MERCHANTS_OF, json_ids(some), judged))
        return sorted(found)

    def rows_in(self, merchants: Sequence[int], category_id: CategoryId | None) -> int:
        """Return how many rows of some merchants are in a category, or in none."""
        return int(self._all(_ROWS_IN, json_keys(merchants), category_id)[0][0])

    def relabel_rows(self, transaction_ids: Iterable[TransactionId], labeller: Labeller) -> int:
        """Decide anew over some rows; returns how many changed."""
        changed = 0
        for some in slices(transaction_ids):
            changed += self._relabel(self._all(_ROWS_BY_ID, json_ids(some)), labeller)
        return changed

    def relabel(self, merchants: Sequence[int], labeller: Labeller) -> int:
        """Decide anew over all rows of some merchants; returns how many rows changed."""
        changed = 0
        for some in slices(merchants):
            changed += self._relabel(self._all(_ROWS_OF, json_keys(some)), labeller)
        return changed

    def relabel_after(self, seq: int, labeller: Labeller, limit: int) -> tuple[int, int | None]:
        """Decide anew over the next rows; returns how many changed, and the last seq or None."""
        found = self._all(_ROWS_AFTER, seq, limit)
        changed = self._relabel(found, labeller)
        return changed, found[-1][1] if len(found) == limit else None

    def are_few(self, merchants: Iterable[int], most: int) -> bool:
        """Tell whether merchants have no more than so many rows."""
        ((found,),) = self._all(_FEW_ROWS_OF, json_keys(merchants), most + 1)
        return bool(found <= most)

    def relabel_merchant(
        self, merchant: int, seq: int, labeller: Labeller, limit: int
    ) -> tuple[int, int | None]:
        """Decide anew over a merchant's next rows; returns as `relabel_after`."""
        found = self._all(_NEXT_ROWS_OF, merchant, seq, limit)
        changed = self._relabel(found, labeller)
        return changed, found[-1][1] if len(found) == limit else None

    def _relabel(self, found: list[Any], labeller: Labeller) -> int:
        changed = 0
        for some in slices(map(rows.stored_row, found)):
            labels = labeller([row.bank for row in some])
            pairs = zip((row.seq for row in some), labels, strict=True)
            n = write_labels(self._work, pairs, afresh=True)
            if n:
                self._work.note(Kind.TRANSACTIONS, (row.id for row in some))
            changed += n
        return changed
