"""What a person was told outside of the window, and what of the newest syncs may be told."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any

from hive_desktop.adapters.storage.bulk import insert_rows, json_ids, json_keys, slices, unpack_ids
from hive_desktop.adapters.storage.instants import from_micros, from_optional, to_micros
from hive_desktop.domain.ledger import CategoryKind, ItemId
from hive_desktop.domain.notice_choices import NoticeKind
from hive_desktop.domain.noticing import NewRow, happening_of, happening_text
from hive_desktop.ports.notices import RunNews, ToldNotice

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from hive_desktop.adapters.storage.handle import Handle
    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.noticing import Happening

_MARK = "notices.seen_run"
_FAILING_LOCKED = "notices.failing_locked"
_GET_MARK = "SELECT value FROM settings WHERE key = ?"
_PUT_MARK = """
    INSERT INTO settings (key, value) VALUES (?, ?)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""
_NEWEST = "SELECT coalesce(max(seq), 0) FROM sync_runs"
# A run that a crash cut off has no end, and is none of its item's any more.
_RUNS = """
    SELECT r.seq, r.id, r.reason, r.added, r.ended_at IS NOT NULL OR i.syncing_run IS NOT r.id
    FROM sync_runs AS r JOIN plaid_items AS i ON i.id = r.item_id
    WHERE r.seq > ? AND r.undone_at IS NULL ORDER BY r.seq
"""
_ADDED = """
    SELECT s.ids FROM json_each(?) AS k CROSS JOIN sync_added AS s ON s.run_id = unhex(k.value)
"""
_CHANGED = """
    SELECT DISTINCT e.transaction_id FROM json_each(?) AS k
    CROSS JOIN sync_events AS e ON e.run_id = unhex(k.value)
    WHERE e.kind IN ('modified', 'posted', 'rematched', 'restored')
"""
_ACCOUNTS = """
    SELECT DISTINCT t.account_id FROM json_each(?) AS k
    CROSS JOIN transactions AS t ON t.id = unhex(k.value)
"""
_ROWS = f"""
    SELECT t.seq, t.id, t.account_id, t.posted_on, t.amount_minor, t.currency,
           coalesce(t.display_name, t.merchant_name, t.name), coalesce(m.key, ''),
           t.hidden = 0 AND c.kind IS NOT '{CategoryKind.TRANSFER.value}', t.pending,
           t.plaid_id, t.pending_plaid_id
    FROM json_each(?3) AS k CROSS JOIN transactions AS t ON t.id = unhex(k.value)
    LEFT JOIN categories AS c ON c.id = t.category_id
    LEFT JOIN merchants AS m ON m.id = t.merchant_id
    WHERE t.posted_on >= ?1 ORDER BY t.seq DESC LIMIT ?2
"""  # noqa: S608 - a constant of the domain's
_FAILING = """
    SELECT r.item_id, min(r.started_at) FROM sync_runs AS r
    WHERE r.error_code IS NOT NULL AND r.seq > coalesce((
        SELECT max(w.seq) FROM sync_runs AS w
        WHERE w.item_id = r.item_id AND w.error_code IS NULL AND w.ended_at IS NOT NULL
    ), 0)
    AND r.item_id IN (SELECT unhex(value) FROM json_each(?))
    GROUP BY r.item_id
"""
# The rows of a locked vault are taken in at the unlock, whatever failed after they came.
_WORKED = """
    SELECT item_id, max(ended_at) FROM sync_runs
    WHERE error_code IS NULL AND ended_at IS NOT NULL AND reason <> 'locked'
    AND item_id IN (SELECT unhex(value) FROM json_each(?))
    GROUP BY item_id
"""
_FAILING_ITEMS = "SELECT id FROM plaid_items WHERE failures > 0"
_KNOWN = "SELECT k.value FROM json_each(?) AS k JOIN notices AS n ON n.key = k.value"
# What is over has a key that nothing has again, and is kept as history alone.
_IS_OVER = "key LIKE 'over:%'"
_UNTOLD = f"""
    SELECT kind, key, body FROM notices WHERE told_at IS NULL AND NOT {_IS_OVER} ORDER BY at, key
"""  # noqa: S608 - a constant
_LATEST = """
    SELECT kind, key, body, at, told_at, json_extract(body, '$.over_at') FROM notices
    WHERE body <> '' ORDER BY at DESC, key LIMIT ?
"""
_TELL = """
    UPDATE notices SET told_at = ?
    WHERE told_at IS NULL AND key IN (SELECT value FROM json_each(?))
"""
_END = """
    UPDATE notices SET key = 'over:' || ?1 || ':' || key, body = json_set(body, '$.over_at', ?1)
    WHERE body <> '' AND key IN (SELECT value FROM json_each(?2))
"""
_END_OTHER_KEYS = "DELETE FROM notices WHERE key IN (SELECT value FROM json_each(?))"
_PRUNE = f"""
    DELETE FROM notices
    WHERE ({_IS_OVER} AND json_extract(body, '$.over_at') < ?1)
    OR (at < ?1 AND told_at IS NOT NULL AND kind IN (SELECT value FROM json_each(?2)))
"""  # noqa: S608 - as above
_COLUMNS = ("key", "kind", "at", "told_at", "body")
_SINGLE = (NoticeKind.NEW_ROWS, NoticeKind.LARGE_CHARGE, NoticeKind.PRICE_RISE)
# More new rows than this are a history that was read anew, and are not looked through.
_MOST_IDS = 20_000


class Notices:
    """Implements `ports.notices.NoticeReads`."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle

    def mark(self) -> int | None:
        """Return the newest run that was looked at; None before the first look."""
        found = self._all(_GET_MARK, _MARK)
        return int(found[0][0]) if found else None

    def newest_run(self) -> int:
        """Return the number of the newest run; 0 without one."""
        return int(self._all(_NEWEST)[0][0])

    def runs_after(self, seq: int) -> list[RunNews]:
        """Return the runs after one, oldest first; undone ones are left out."""
        return [RunNews(*row) for row in self._all(_RUNS, seq)]

    def accounts_of(self, run_ids: Iterable[bytes], limit: int) -> list[bytes]:
        """Return the accounts of up to `limit` rows of the ledger that runs added."""
        ids = islice(self._added(json_ids(run_ids)), limit)
        parts = (self._all(_ACCOUNTS, json_ids(part)) for part in slices(ids))
        return list({row[0] for part in parts for row in part})

    def rows_of(self, run_ids: Iterable[bytes], first_day: int, limit: int) -> list[NewRow]:
        """Return up to `limit` rows that runs added or changed, of `first_day` on, newest first."""
        runs = json_ids(run_ids)
        ids = set(islice(self._added(runs), _MOST_IDS))
        ids.update(row[0] for row in self._all(_CHANGED, runs))
        parts = (self._all(_ROWS, first_day, limit, json_ids(part)) for part in slices(ids))
        found = sorted((row for part in parts for row in part), reverse=True)
        return [NewRow(*row[1:]) for row in found[:limit]]

    def failing_since(self) -> dict[ItemId, datetime]:
        """Return, for each item, its first failure after the last run that worked; aware."""
        items = {row[0] for row in self._all(_FAILING_ITEMS)}
        failing = json_ids(items)
        found = {item_id: int(at) for item_id, at in self._all(_FAILING, failing)}
        worked = dict(self._all(_WORKED, failing))
        kept = self._all(_GET_MARK, _FAILING_LOCKED)
        for hexed, at in (json.loads(kept[0][0]) if kept else {}).items():
            item_id = bytes.fromhex(hexed)
            if item_id in items and at >= worked.get(item_id, 0):
                found[item_id] = at
        return {ItemId(item_id): from_micros(at) for item_id, at in found.items()}

    def known(self, keys: Iterable[str]) -> set[str]:
        """Return those of the keys that are kept."""
        return {row[0] for row in self._all(_KNOWN, json_keys(keys))}

    def untold(self) -> list[Happening]:
        """Return what is kept and not told, oldest first."""
        return [happening_of(*row) for row in self._all(_UNTOLD)]

    def latest(self, limit: int) -> list[ToldNotice]:
        """Return what was met last, newest first."""
        return [
            ToldNotice(
                happening_of(kind, key, body),
                from_micros(at),
                from_optional(told_at),
                from_optional(over_at),
            )
            for kind, key, body, at, told_at, over_at in self._all(_LATEST, limit)
        ]

    def _added(self, runs: str) -> Iterable[bytes]:
        for (packed,) in self._all(_ADDED, runs):
            yield from unpack_ids(packed)

    def _all(self, statement: str, *values: object) -> list[Any]:
        found: list[Any] = self._handle.raw.execute(statement, values).fetchall()
        return found


class NoticeWriter(Notices):
    """Implements `ports.notices.NoticeWrites`."""

    def __init__(self, work: Work) -> None:
        super().__init__(work.handle)
        self._work = work

    def keep(self, happenings: Iterable[Happening], *, told: bool = False) -> None:
        """Keep each under all its keys; what is kept already stays as it is."""
        now = self._work.now()
        told_at = now if told else None
        lines: dict[str, tuple[object, ...]] = {}
        for one in happenings:
            lines[one.key] = (one.key, one.kind.value, now, told_at, happening_text(one))
            for key in one.also:
                lines.setdefault(key, (key, one.kind.value, now, now, ""))
        known = self.known(lines)
        fresh = [line for key, line in lines.items() if key not in known]
        insert_rows(self._work.connection, "notices", _COLUMNS, fresh)

    def tell(self, keys: Iterable[str]) -> None:
        """Note that these were told."""
        self._run(_TELL, self._work.now(), json_keys(keys))

    def end(self, keys: Iterable[str]) -> None:
        """Note that these are over: history alone, which is not told, and they can come again."""
        every = json_keys(keys)
        self._run(_END, self._work.now(), every)
        self._run(_END_OTHER_KEYS, every)

    def keep_failing(self, since: Mapping[ItemId, datetime]) -> None:
        """Keep since when items failed while the vault was locked."""
        kept = {item_id.hex(): to_micros(at) for item_id, at in since.items()}
        self._run(_PUT_MARK, _FAILING_LOCKED, json.dumps(kept))

    def advance(self, seq: int) -> None:
        """Note the newest run that was looked at."""
        self._run(_PUT_MARK, _MARK, str(seq))

    def prune(self, before: datetime) -> None:
        """Forget what was over, and single events that were told, before an instant."""
        self._run(_PRUNE, to_micros(before), json.dumps(_SINGLE))

    def _run(self, statement: str, *values: object) -> None:
        self._work.connection.exec_driver_sql(statement, values)
