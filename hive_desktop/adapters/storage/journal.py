"""The journal of syncs: runs, what each did to which row, and taking the newest one back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hive_desktop.adapters.storage import (
    asking,
    edit_log,
    external_ids,
    journal_rows,
    shelf,
    splits,
)
from hive_desktop.adapters.storage.bank_columns import put_bank_columns
from hive_desktop.adapters.storage.bulk import insert_rows, json_ids, json_keys, unpack_ids
from hive_desktop.adapters.storage.heirs import heirs
from hive_desktop.adapters.storage.ids import new_id
from hive_desktop.adapters.storage.images import IMAGE
from hive_desktop.adapters.storage.instants import from_micros, from_optional
from hive_desktop.adapters.storage.merchants import bank_values
from hive_desktop.adapters.storage.names import BANK_COLUMNS, OWNER_COLUMNS, SYNC_COLUMNS
from hive_desktop.adapters.storage.rows import EDITED
from hive_desktop.adapters.storage.seqs import Seqs
from hive_desktop.domain.changes import Kind
from hive_desktop.domain.days import from_day
from hive_desktop.domain.journal import ChangeKind, RunResult, SyncRun, UndoPreview
from hive_desktop.domain.ledger import (
    BankTransaction,
    BatchId,
    CategorySource,
    ItemId,
    Place,
    TransactionId,
)
from hive_desktop.ports.bank import RefusedRow
from hive_desktop.ports.sync_store import Applied

if TYPE_CHECKING:
    from hive_desktop.adapters.storage.handle import Handle
    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.journal import RowChange

_RUN = """
    SELECT r.id, r.item_id, i.institution, r.reason, r.started_at, r.ended_at, r.added, r.modified,
           r.removed, r.refused, r.pages, r.error_code, r.first_on, r.last_on, r.undone_at,
           i.syncing_run IS r.id
    FROM sync_runs AS r JOIN plaid_items AS i ON i.id = r.item_id
"""
_RUNS = _RUN + " WHERE r.item_id = ? ORDER BY r.seq DESC LIMIT ?"
_ALL_RUNS = _RUN + " ORDER BY r.seq DESC LIMIT ?"
_ONE_RUN = _RUN + " WHERE r.id = ?"
_ENDING = "SELECT id FROM sync_runs WHERE substr(id, -?) = ?"
_UNDOABLE = f"""{_RUN}
    WHERE r.item_id = ? AND r.ended_at IS NOT NULL AND r.error_code IS NULL
      AND r.undone_at IS NULL AND r.added + r.modified + r.removed > 0
      -- Runs of before the second schema kept neither their cursor nor what they added.
      AND r.cursor_before IS NOT NULL
      AND NOT EXISTS (
          -- Rows that have taken other ids for good do not go back behind that.
          SELECT 1 FROM sync_runs AS n
          WHERE n.item_id = r.item_id AND n.reason = 'adoption' AND n.seq >= r.seq
      )
    ORDER BY r.seq DESC LIMIT 1
"""  # noqa: S608 - constants of this module only
# What the row became: its next image, or how it is now, in the ledger or on the shelf.
_EVENT = f"""
    SELECT e.transaction_id, e.run_id, e.kind, e.at, r.reason, e.why, e.before, coalesce(
        (SELECT n.before FROM sync_events AS n
         WHERE n.transaction_id = e.transaction_id AND n.id > e.id ORDER BY n.id LIMIT 1),
        (SELECT {IMAGE} FROM transactions AS t WHERE t.id = e.transaction_id),
        (SELECT {IMAGE} FROM shelved AS t WHERE t.id = e.transaction_id)
    )
    FROM sync_events AS e JOIN sync_runs AS r ON r.id = e.run_id
"""  # noqa: S608 - constants of this package only
_EVENTS_OF_RUN = _EVENT + " WHERE e.run_id = ? ORDER BY e.kind <> 'removed', e.id LIMIT ? OFFSET ?"
_EVENTS_OF_ROW = _EVENT + " WHERE e.transaction_id = ? ORDER BY e.id DESC"
_COUNT_EVENTS = "SELECT count(*) FROM sync_events WHERE run_id = ?"
_ADDED = "SELECT ids FROM sync_added WHERE run_id = ?"
_ADDED_ROWS = f"""
    SELECT t.id, {IMAGE}
    FROM json_each(?) AS k CROSS JOIN transactions AS t ON t.id = unhex(k.value)
    UNION ALL
    SELECT t.id, {IMAGE} FROM json_each(?) AS k CROSS JOIN shelved AS t ON t.id = unhex(k.value)
"""  # noqa: S608 - as above
_ADDED_BY = """
    SELECT s.run_id, r.started_at, r.reason FROM sync_added AS s
    JOIN sync_runs AS r ON r.id = s.run_id
    WHERE instr(s.ids, ?) % 16 = 1 ORDER BY r.seq LIMIT 1
"""
_FIRST_IMAGE = """
    SELECT before FROM sync_events WHERE transaction_id = ? ORDER BY id LIMIT 1
"""
_FIRST_IMAGES = """
    SELECT e.transaction_id, e.before FROM json_each(?) AS k
    CROSS JOIN sync_events AS e ON e.transaction_id = unhex(k.value) ORDER BY e.id DESC
"""
# Rows that nothing is known of: never told again after their sync was undone, or deleted by the
# person and then removed by the bank.
_FORGOTTEN = """
    SELECT unhex(k.value) FROM json_each(?) AS k
    WHERE NOT EXISTS (SELECT 1 FROM transactions AS t WHERE t.id = unhex(k.value))
      AND NOT EXISTS (SELECT 1 FROM shelved AS s WHERE s.id = unhex(k.value))
      AND NOT EXISTS (SELECT 1 FROM sync_events AS e WHERE e.transaction_id = unhex(k.value))
"""
_REFUSED = "SELECT plaid_id, reason FROM refused_rows WHERE run_id = ? ORDER BY id"
_EDITED = f"""
    SELECT (
        SELECT count(*) FROM json_each(?1) AS k
        CROSS JOIN transactions AS t ON t.id = unhex(k.value) WHERE {EDITED}
    ) + (
        SELECT count(*) FROM json_each(?1) AS k
        CROSS JOIN shelved AS s ON s.id = unhex(k.value) WHERE s.why = 'split'
    )
"""  # noqa: S608 - as above
_IMAGES = "SELECT transaction_id, kind, before FROM sync_events WHERE run_id = ? ORDER BY id"
_UNDONE = "UPDATE sync_runs SET undone_at = ? WHERE id = ?"
_REWIND = """
    UPDATE plaid_items
    SET cursor = (SELECT cursor_before FROM sync_runs WHERE id = ?) WHERE id = ?
"""
_UNMERGE = """
    UPDATE shelved SET why = 'undone', into_id = NULL
    WHERE why = 'merged' AND id IN (SELECT unhex(value) FROM json_each(?))
"""
# Rows of the shelf that carry an id again which a row that comes back had.
_UNDER_THEIR_IDS = f"""
    SELECT t.plaid_id, t.id, t.why, {EDITED}, {IMAGE}
    FROM json_each(?) AS k CROSS JOIN shelved AS t ON t.plaid_id = k.value
"""  # noqa: S608 - as above
_ACCOUNT_NAMES = "SELECT id, plaid_account_id FROM accounts"
_DOUBT = """
    UPDATE shelved SET into_id = ?
    WHERE why = 'deleted' AND id IN (SELECT unhex(value) FROM json_each(?))
"""
_COLUMNS = ("seq", "id", *SYNC_COLUMNS, *OWNER_COLUMNS)
_BLOBS = ("account_id", "category_id")


class Journal:
    """Reads what syncs did."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle

    def runs(self, *, limit: int = 50, item_id: ItemId | None = None) -> list[SyncRun]:
        """Return the latest runs, newest first; of one item, or of all."""
        found = self._all(_ALL_RUNS, limit) if item_id is None else self._all(_RUNS, item_id, limit)
        return [_run(row) for row in found]

    def run(self, run_id: bytes) -> SyncRun | None:
        """Return one run, or None."""
        return next((_run(row) for row in self._all(_ONE_RUN, run_id)), None)

    def ending(self, suffix: bytes) -> list[bytes]:
        """Return the runs whose ids end so."""
        return [row[0] for row in self._all(_ENDING, len(suffix), suffix)]

    def newest_undoable(self, item_id: ItemId) -> SyncRun | None:
        """Return the item's newest run that changed rows and was not undone."""
        return next((_run(row) for row in self._all(_UNDOABLE, item_id)), None)

    def changes(self, run_id: bytes, *, limit: int, offset: int = 0) -> list[RowChange]:
        """Return what a run did: removed, then changed, then added rows."""
        events = self._all(_EVENTS_OF_RUN, run_id, limit, offset)
        found = [journal_rows.of_event(row) for row in events]
        if len(found) < limit:
            before = self._all(_COUNT_EVENTS, run_id)[0][0]
            first = max(offset - before, 0)
            found += self._added(run_id, first, limit - len(found))
        return found

    def refused(self, run_id: bytes) -> list[RefusedRow]:
        """Return the rows of a run that could not be read."""
        return [RefusedRow(plaid_id, reason) for plaid_id, reason in self._all(_REFUSED, run_id)]

    def why(self, transaction_id: TransactionId) -> list[RowChange]:
        """Return what syncs did to a row, newest first."""
        found = [journal_rows.of_event(row) for row in self._all(_EVENTS_OF_ROW, transaction_id)]
        for run_id, at, reason in self._all(_ADDED_BY, transaction_id):
            images = [row[0] for row in self._all(_FIRST_IMAGE, transaction_id)]
            keys = json_ids([transaction_id])
            images += [row[1] for row in self._all(_ADDED_ROWS, keys, keys)]
            found += [
                journal_rows.of_added(transaction_id, run_id, at, reason, image)
                for image in images[:1]
            ]
        return found

    def preview_undo(self, run: SyncRun) -> UndoPreview:
        """Return what taking a run back would do; nothing is written."""
        added = self._added_ids(run.id)
        kinds = [row[1] for row in self._all(_IMAGES, run.id)]
        removed = kinds.count(ChangeKind.REMOVED)
        restored = kinds.count(ChangeKind.RESTORED)
        refused = kinds.count(ChangeKind.REFUSED_LINK)
        return UndoPreview(
            run=run,
            leave=len(added) + restored,
            go_back=len(kinds) - removed - restored - refused,
            come_back=removed,
            edited=self._all(_EDITED, json_ids(added))[0][0],
        )

    def _added(self, run_id: bytes, first: int, limit: int) -> list[RowChange]:
        every = self._added_ids(run_id)
        forgotten = {row[0] for row in self._all(_FORGOTTEN, json_ids(every))}
        ids = [one for one in every if one not in forgotten][first : first + limit]
        keys = json_ids(ids)
        images = dict(self._all(_ADDED_ROWS, keys, keys)) | dict(self._all(_FIRST_IMAGES, keys))
        run = self._all("SELECT started_at, reason FROM sync_runs WHERE id = ?", run_id)[0]
        return [
            journal_rows.of_added(TransactionId(one), run_id, run[0], run[1], images[one])
            for one in ids
        ]

    def _added_ids(self, run_id: bytes) -> list[bytes]:
        found = self._all(_ADDED, run_id)
        return unpack_ids(found[0][0]) if found else []

    def _all(self, statement: str, *values: object) -> list[Any]:
        found: list[Any] = self._handle.raw.execute(statement, values).fetchall()
        return found


class JournalUndo(Journal):
    """Takes the newest run of an item back, inside one transaction on the writer."""

    def __init__(self, work: Work) -> None:
        super().__init__(work.handle)
        self._work = work
        self._accounts: dict[bytes, str] = dict(self._all(_ACCOUNT_NAMES))

    def undo(self, run: SyncRun) -> Applied:
        """Put rows and cursor as they were before the run; see `domain.journal`."""
        work = self._work
        execute = work.connection.exec_driver_sql
        events = self._all(_IMAGES, run.id)
        images = {row_id: json.loads(before) for row_id, _, before in reversed(events)}
        by_kind: dict[str, list[bytes]] = {}
        for row_id, kind, _ in events:
            by_kind.setdefault(kind, []).append(row_id)
        added = self._added_ids(run.id) + by_kind.pop(ChangeKind.RESTORED, [])
        splits.fold(work, [*added, *images])
        shelf.bring_back(work, shelf.merged_into(work, added))
        execute(_UNMERGE, (json_ids(added),))
        left = shelf.shelve(work, added, Place.UNDONE)
        execute(_DOUBT, (run.id, json_ids(added)))
        by_kind.pop(ChangeKind.REFUSED_LINK, None)
        removed = by_kind.pop(ChangeKind.REMOVED, [])
        changed = [row_id for ids in by_kind.values() for row_id in ids]
        went_back = self._go_back({row_id: images[row_id] for row_id in changed})
        self._come_back([images[row_id] for row_id in removed])
        self._merge_again(removed)
        asking.reopen_duplicates(work, removed)
        execute(_REWIND, (run.id, run.item_id))
        execute(_UNDONE, (work.now(), run.id))
        work.note(Kind.SYNC_RUNS, (run.id,))
        work.note(Kind.ITEMS, (run.item_id,))
        return Applied(len(removed), went_back, len(left))

    def _go_back(self, images: dict[bytes, dict[str, Any]]) -> int:
        """Give rows of the ledger and the shelf the bank columns of their images."""
        if not images:
            return 0
        work = self._work
        rows = {TransactionId(row_id): self._bank_of(image) for row_id, image in images.items()}
        seqs = Seqs(work.connection, {row.posted_on for _, row in rows.values()})
        located = shelf.locate(work, rows)
        put_bank_columns(work, located, rows, seqs)
        merchants = work.merchants.of([row for _, row in rows.values()])
        shelf.rewrite(
            work,
            [
                (key, images[key]["seq"], *bank_values(row, account_id, merchant))
                for (key, (account_id, row)), merchant in zip(rows.items(), merchants, strict=True)
            ],
        )
        external_ids.forget(work, {row.plaid_id for _, row in rows.values()})
        return len(located)

    def _merge_again(self, back: list[bytes]) -> None:
        """Put rows away again that stood alone because the row they were merged into had left."""
        splits.fold(self._work, asking.merged_once(self._work, back))
        for first_id, second_id, _ in asking.merges_into(self._work, back):
            edit_log.carry(self._work, first_id, second_id, BatchId(new_id()))
            shelf.shelve(self._work, [first_id], Place.MERGED, into_id=second_id)

    def _come_back(self, images: list[dict[str, Any]]) -> None:
        """Insert rows as their images have them, at the end of their days.

        The label of a pair that has ended is not a row's own; it is labelled anew.
        """
        images = self._room_for(images)
        if not images:
            return
        work = self._work
        for image in images:
            if image["category_source"] == CategorySource.RULE:
                image.update(dict.fromkeys(OWNER_COLUMNS[:4]))
        seqs = Seqs(work.connection, {image["posted_on"] for image in images})
        values = []
        merged = heirs(self._handle.raw)
        for image in images:
            seq = seqs.take(image["posted_on"])
            _, row = self._bank_of(image)
            work.touched[seq] = (_value(image, "id"), row)
            # An image may be of a time before its row had a merchant, or before another normaliser.
            (image["merchant_id"],) = work.merchants.of([row])
            told = {name: _value(image, name) for name in _COLUMNS[1:]}
            told["category_id"] = merged.get(told["category_id"], told["category_id"])
            values.append((seq, *told.values()))
        insert_rows(work.connection, "transactions", _COLUMNS, values)
        work.dirty.arrive(value[0] for value in values)
        ids = [value[1] for value in values]
        work.moved.update(ids)
        work.note(Kind.TRANSACTIONS, ids)

    def _bank_of(self, image: dict[str, Any]) -> tuple[bytes, BankTransaction]:
        """Return the account's id and the row of an image, as the bank told it."""
        account_id = _value(image, "account_id")
        bank = image | {"account_id": self._accounts.get(account_id, "")}
        row = BankTransaction._make(bank[name] for name in BANK_COLUMNS)
        return account_id, row._replace(pending=bool(row.pending))

    def _room_for(self, images: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return rows that may come back where the bank had brought their ids again since.

        What the person wrote on the later row goes along, and what they deleted stays out.
        """
        work = self._work
        by_id = {image["plaid_id"]: image for image in images if image["plaid_id"]}
        found = self._all(_UNDER_THEIR_IDS, json_keys(by_id)) if by_id else []
        for plaid_id, row_id, why, is_edited, text in found:
            if Place(why) is not Place.UNDONE:
                del by_id[plaid_id]
                continue
            if is_edited:
                later = json.loads(text)
                by_id[plaid_id].update((name, later[name]) for name in OWNER_COLUMNS)
            shelf.forget(work, [row_id])
        return [image for image in images if not image["plaid_id"] or image["plaid_id"] in by_id]


def _run(row: Any) -> SyncRun:
    ended, error, undone_at, is_running = row[5], row[11], row[14], row[15]
    if undone_at is not None:
        result = RunResult.UNDONE
    elif ended is None:
        result = RunResult.RUNNING if is_running else RunResult.CUT_OFF
    else:
        result = RunResult.FAILED if error else RunResult.DONE
    return SyncRun(
        id=row[0],
        item_id=ItemId(row[1]),
        institution=row[2],
        reason=row[3],
        result=result,
        started_at=from_micros(row[4]),
        ended_at=from_optional(ended),
        added=row[6],
        modified=row[7],
        removed=row[8],
        refused=row[9],
        pages=row[10],
        error_code=error,
        first_on=None if row[12] is None else from_day(row[12]),
        last_on=None if row[13] is None else from_day(row[13]),
    )


def _value(image: dict[str, Any], name: str) -> Any:
    value = image[name]
    if name == "id" or name in _BLOBS:
        return bytes.fromhex(value) if value else None
    return value
