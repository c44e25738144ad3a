"""Rows that files brought (`ports.import_store`), and what is kept of the files.

Such a row has no bank's id until the bank tells it: then it is the bank's (`unclaimed`), and an
undo of the import leaves it. The log has one line for each part of an import and not for each row;
what was taken back lies on the shelf as `undone`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hive_desktop.adapters.storage import asking, import_rows, imports_past, rows, shelf, splits
from hive_desktop.adapters.storage.bulk import (
    insert_rows,
    json_ids,
    json_keys,
    slices,
    unpack_ids,
)
from hive_desktop.adapters.storage.edit_entries import IMPORTED, SHELVED, append
from hive_desktop.adapters.storage.ids import new_id
from hive_desktop.domain.changes import Kind
from hive_desktop.domain.ledger import AccountId, Place, TransactionId
from hive_desktop.domain.reviews import ReviewKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hive_desktop.adapters.storage.handle import Handle
    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.ledger import BatchId, StoredRow
    from hive_desktop.domain.statements import FileAccount
    from hive_desktop.ports.category_store import Labeller
    from hive_desktop.ports.import_store import ImportEffects, ImportRecord, NewRow, PastImport

ROWS_A_PART: Final = 1_000
"""Rows of one line of the log: as many as are taken back in one transaction."""

_HELD = f"""
    SELECT {rows.STORED_FIELDS}, 'ledger'
    FROM accounts AS a CROSS JOIN transactions AS t ON t.account_id = a.id
    WHERE a.id = ?1 AND t.posted_on BETWEEN ?2 AND ?3 AND NOT {rows.IS_PART}
    UNION ALL
    SELECT {rows.STORED_FIELDS}, t.why
    FROM accounts AS a CROSS JOIN shelved AS t ON t.account_id = a.id
    WHERE a.id = ?1 AND t.posted_on BETWEEN ?2 AND ?3 AND t.why IN ('deleted', 'split')
      AND NOT {rows.IS_PART}
    ORDER BY 2
"""  # noqa: S608 - column names of this package's schema only
_SPAN = """
    SELECT min(day), max(day) FROM (
        SELECT min(day) AS day FROM account_daily WHERE account_id = ?1
        UNION ALL SELECT max(day) FROM account_daily WHERE account_id = ?1
    )
"""
_KNOWN_IDS = """
    SELECT f.file_id, f.transaction_id FROM json_each(?2) AS k
    CROSS JOIN file_ids AS f ON f.account_id = ?1 AND f.file_id = k.value
    WHERE EXISTS (SELECT 1 FROM transactions AS t WHERE t.id = f.transaction_id)
       OR EXISTS (SELECT 1 FROM shelved AS s
                  WHERE s.id = f.transaction_id AND s.why IN ('deleted', 'split', 'merged'))
"""
_FROM = """
    SELECT p.ids FROM imports AS i CROSS JOIN import_parts AS p ON p.import_id = i.id
    WHERE i.account_id = ? AND i.source = ?
"""
_PARTS = """
    SELECT p.ids FROM json_each(?1) AS k
    CROSS JOIN import_parts AS p ON p.account_id = unhex(k.value) AND p.last_on >= ?2
    WHERE p.first_on <= ?3
"""
_UNCLAIMED = f"""
    SELECT {rows.STORED_FIELDS}, 'ledger'
    FROM json_each(?1) AS k CROSS JOIN transactions AS t ON t.id = unhex(k.value)
    JOIN accounts AS a ON a.id = t.account_id
    WHERE t.plaid_id IS NULL AND t.posted_on BETWEEN ?2 AND ?3
    UNION ALL
    SELECT {rows.STORED_FIELDS}, t.why
    FROM json_each(?1) AS k CROSS JOIN shelved AS t ON t.id = unhex(k.value)
    JOIN accounts AS a ON a.id = t.account_id
    WHERE t.plaid_id IS NULL AND t.posted_on BETWEEN ?2 AND ?3
      AND t.why IN ('deleted', 'undone', 'split')
"""  # noqa: S608 - as above
_FIRST_TOLD = """
    SELECT posted_on FROM transactions
    WHERE account_id = ? AND plaid_id IS NOT NULL ORDER BY seq LIMIT 1
"""
_BALANCE_DAYS = "SELECT day FROM balances WHERE account_id = ? AND current_minor IS NOT NULL"
_HAS_PARTS = "SELECT ids FROM import_parts WHERE account_id = ?"
_SUMS = """
    SELECT coalesce(sum(iif(pending, 0, amount_minor)), 0),
           coalesce(sum(iif(pending, amount_minor, 0)), 0)
    FROM (
        SELECT t.pending, t.amount_minor, t.currency FROM json_each(?1) AS k
        CROSS JOIN transactions AS t ON t.id = unhex(k.value) WHERE t.plaid_id IS NULL
        UNION ALL
        SELECT s.pending, s.amount_minor, s.currency FROM json_each(?1) AS k
        CROSS JOIN shelved AS s ON s.id = unhex(k.value)
        WHERE s.plaid_id IS NULL AND s.why IN ('deleted', 'split')
    ) WHERE currency = (SELECT currency FROM accounts WHERE id = ?2)
"""
_OF_FILE = f"""
    SELECT {imports_past.RECORD} FROM imports AS i
    WHERE i.file_hash = ? ORDER BY i.at DESC, i.id DESC
"""  # noqa: S608 - as above
_ACCOUNT_OF = """
    SELECT i.account_id FROM imports AS i JOIN accounts AS a ON a.id = i.account_id
    WHERE NOT a.is_deleted AND (i.number, i.name, i.bank) = (?, ?, ?)
    ORDER BY i.at DESC, i.id DESC LIMIT 1
"""
_ACCOUNTS_OF = """
    SELECT DISTINCT i.account_id FROM imports AS i JOIN accounts AS a ON a.id = i.account_id
    WHERE NOT a.is_deleted AND i.source = ? AND i.number = '' AND i.name = ''
"""
_LAYOUTS = "SELECT signature, layout FROM file_layouts"
_PUT_LAYOUT = """
    INSERT INTO file_layouts VALUES (?, ?, ?)
    ON CONFLICT DO UPDATE SET layout = excluded.layout, at = excluded.at
"""
_HAS_IDS = "SELECT EXISTS (SELECT 1 FROM file_ids WHERE account_id = ?)"
_FORGET_IDS = """
    DELETE FROM file_ids WHERE account_id = ?
      AND file_id IN (SELECT value FROM json_each(?))
"""
_IDS_OF_PARTS = """
    SELECT p.ids FROM json_each(?) AS k CROSS JOIN import_parts AS p ON p.id = unhex(k.value)
"""
_OWN_HERE = """
    SELECT t.id FROM json_each(?) AS k CROSS JOIN transactions AS t ON t.id = unhex(k.value)
    WHERE t.plaid_id IS NULL
"""
_OWN_UNDONE = """
    SELECT s.id FROM json_each(?) AS k CROSS JOIN shelved AS s ON s.id = unhex(k.value)
    WHERE s.plaid_id IS NULL AND s.why = 'undone'
"""
_IMPORT_COLUMNS = (
    *("id", "at", "file_name", "file_hash", "kind", "source", "account_id", "number", "name"),
    *("bank", "added", "matched", "doubtful", "refused", "batch"),
)


class Imports:
    """Implements `ports.import_store.ImportReads`."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle

    def held(self, account_id: AccountId, first: int, last: int) -> list[StoredRow]:
        """Return the account's rows of some days, deleted ones too."""
        found = self._all(_HELD, account_id, first, last)
        return [rows.stored_row(row, Place(row[-1])) for row in found]

    def span(self, account_id: AccountId) -> tuple[int, int] | None:
        """Return the first and last day of which the account has rows."""
        ((first, last),) = self._all(_SPAN, account_id)
        return None if first is None else (first, last)

    def known_ids(self, account_id: AccountId, file_ids: Iterable[str]) -> dict[str, TransactionId]:
        """Return the account's rows by ids that files gave them."""
        if not self._all(_HAS_IDS, account_id)[0][0]:
            return {}
        return {
            row[0]: TransactionId(row[1])
            for some in slices(file_ids)
            for row in self._all(_KNOWN_IDS, account_id, json_keys(some))
        }

    def rows_from(self, account_id: AccountId, source: str) -> set[TransactionId]:
        """Return the rows of an account that files of one origin brought."""
        found: set[TransactionId] = set()
        for (packed,) in self._all(_FROM, account_id, source):
            found.update(TransactionId(one) for one in unpack_ids(packed))
        return found

    def unclaimed(self, account_ids: Iterable[AccountId], first: int, last: int) -> list[StoredRow]:
        """Return rows of files on some days that no bank has told, those of the shelf too."""
        found: list[StoredRow] = []
        for (packed,) in self._all(_PARTS, json_ids(account_ids), first, last):
            told = self._all(_UNCLAIMED, json_ids(unpack_ids(packed)), first, last)
            found += [rows.stored_row(row, Place(row[-1])) for row in told]
        return found

    def balance_days(self, account_id: AccountId) -> set[int]:
        """Return the days of which an account has a balance."""
        return {row[0] for row in self._all(_BALANCE_DAYS, account_id)}

    def first_told(self, account_id: AccountId) -> int | None:
        """Return the first day of which a bank has told a row of the account."""
        for (day,) in self._all(_FIRST_TOLD, account_id):
            return int(day)
        return None

    def past(self, *, limit: int) -> list[PastImport]:
        """Return what was imported, the latest first."""
        return imports_past.past(self._handle, limit)

    def of_batch(self, batch: BatchId) -> PastImport | None:
        """Return one import, or None where a batch is none."""
        return imports_past.of_batch(self._handle, batch)

    def ending(self, end: bytes) -> list[BatchId]:
        """Return imports whose id ends with some bytes, at most two."""
        return imports_past.ending(self._handle, end)

    def effects(self, batch: BatchId) -> ImportEffects:
        """Return what undoing an import would do."""
        return imports_past.effects(self._handle, batch)

    def came_since(self, batch: BatchId) -> bool:
        """Tell whether a later import stands into an account of one that is undone."""
        return imports_past.came_since(self._handle, batch)

    def origin_of(self, account_id: AccountId, row_id: TransactionId) -> ImportRecord | None:
        """Return the import that brought a row of an account, or None."""
        return imports_past.origin_of(self._handle, account_id, row_id)

    def of_file(self, file_hash: bytes) -> list[ImportRecord]:
        """Return how a file was imported before, the latest first."""
        return [imports_past.record_of(row) for row in self._all(_OF_FILE, file_hash)]

    def account_of(self, told: FileAccount) -> AccountId | None:
        """Return into which account the like was imported last."""
        for (found,) in self._all(_ACCOUNT_OF, told.number, told.name, told.bank):
            return AccountId(found)
        return None

    def accounts_of(self, source: str) -> set[AccountId]:
        """Return the accounts into which files of one origin went that say nothing of theirs."""
        return {AccountId(row[0]) for row in self._all(_ACCOUNTS_OF, source)}

    def layouts(self) -> dict[str, str]:
        """Return layouts of tables as text, by signature."""
        return {row[0]: row[1] for row in self._all(_LAYOUTS)}

    def _all(self, statement: str, *values: object) -> list[Any]:
        found: list[Any] = self._handle.raw.execute(statement, values).fetchall()
        return found


class ImportWriter(Imports):
    """Implements `ports.import_store.ImportWrites` within one transaction."""

    def __init__(self, work: Work) -> None:
        super().__init__(work.handle)
        self._work = work
        self._execute = work.connection.exec_driver_sql

    def add(
        self,
        record: ImportRecord,
        rows: Sequence[NewRow],
        *,
        known: Mapping[str, TransactionId],
        labeller: Labeller | None = None,
    ) -> list[TransactionId]:
        """Add rows to an account as a part of the record's batch; returns their ids in order."""
        work, import_id = self._work, new_id()
        account = record.account
        values = (
            *(import_id, work.now(), record.file_name, record.file_hash, record.kind),
            *(record.source, record.account_id, account.number, account.name, account.bank),
            *(record.added, record.matched, record.doubtful, record.refused, record.batch),
        )
        insert_rows(work.connection, "imports", _IMPORT_COLUMNS, [values])
        ids = import_rows.insert(work, record.account_id, rows, labeller)
        parts = []
        for start in range(0, len(rows), ROWS_A_PART):
            days = [one.row.posted_on for one in rows[start : start + ROWS_A_PART]]
            packed = b"".join(ids[start : start + ROWS_A_PART])
            parts.append((new_id(), import_id, record.account_id, min(days), max(days), packed))
        columns = ("id", "import_id", "account_id", "first_on", "last_on", "ids")
        for part in parts:
            insert_rows(work.connection, "import_parts", columns, [part])
        append(work, record.batch, None, [(part[0], IMPORTED, SHELVED, None) for part in parts])
        told = {one.file_id: row_id for one, row_id in zip(rows, ids, strict=True) if one.file_id}
        self._keep_ids(record.account_id, {**known, **told})
        work.note(Kind.ACCOUNTS, [record.account_id])
        return ids

    def _keep_ids(self, account_id: AccountId, told: Mapping[str, TransactionId]) -> None:
        has_some = self._execute(_HAS_IDS, (account_id,)).scalar_one()
        for some in slices(told.items()):
            if has_some:
                self._execute(_FORGET_IDS, (account_id, json_keys(key for key, _ in some)))
            lines = [(account_id, key, row_id) for key, row_id in some]
            columns = ("account_id", "file_id", "transaction_id")
            insert_rows(self._work.connection, "file_ids", columns, lines)

    def ask(
        self, doubts: Sequence[tuple[TransactionId, TransactionId, float, tuple[str, ...]]]
    ) -> int:
        """Ask whether rows that are there and rows that came are one."""
        return asking.ask(self._work, ReviewKind.DUPLICATE, doubts)

    def put_layout(self, signature: str, layout: str) -> None:
        """Keep how a table is read."""
        self._execute(_PUT_LAYOUT, (signature, layout, self._work.now()))
        self._work.note(Kind.SETTINGS, (b"file_layouts",))


def untold_sums(handle: Handle, account_id: bytes) -> tuple[int, int]:
    """Return what rows of files that no bank has told add up to: posted, and pending."""
    posted = pending = 0
    for (packed,) in handle.raw.execute(_HAS_PARTS, (account_id,)).fetchall():
        values = (json_ids(unpack_ids(packed)), account_id)
        some = handle.raw.execute(_SUMS, values).fetchone()
        posted, pending = posted + some[0], pending + some[1]
    return posted, pending


def take_back(work: Work, parts: Sequence[bytes]) -> list[bytes]:
    """Take the rows of parts out of the ledger, but those that a bank has told since.

    Returns the parts that had any.
    """
    done = []
    for part in parts:
        ids = rows_in(work, [part])
        splits.fold(work, ids)
        own = [row[0] for row in work.connection.exec_driver_sql(_OWN_HERE, (json_ids(ids),))]
        if shelf.shelve(work, own, Place.UNDONE):
            done.append(part)
    if done:
        work.note_many(Kind.ACCOUNTS)
        asking.settle(work)
    return done


def bring_again(work: Work, parts: Sequence[bytes]) -> list[bytes]:
    """Bring the rows of parts back that were taken out; returns the parts that had any."""
    done = []
    for part in parts:
        keys = json_ids(rows_in(work, [part]))
        undone = [row[0] for row in work.connection.exec_driver_sql(_OWN_UNDONE, (keys,))]
        back = shelf.bring_back(work, undone)
        asking.reopen_duplicates(work, back)
        if back:
            done.append(part)
    if done:
        work.note_many(Kind.ACCOUNTS)
    return done


def rows_in(work: Work, parts: Iterable[bytes]) -> list[bytes]:
    """Return the rows that parts of imports brought."""
    found = work.connection.exec_driver_sql(_IDS_OF_PARTS, (json_ids(parts),))
    return [one for (packed,) in found for one in unpack_ids(packed)]
