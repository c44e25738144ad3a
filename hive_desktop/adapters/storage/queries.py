"""The ledger's reads: each method is one statement, or two, in the transaction it was made for.

Statements that never vary are text constants run by the driver; listings with conditions that a
person chooses are `listing`'s. A value is always a parameter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hive_desktop.adapters.storage import edit_reads, rows, saved_filters
from hive_desktop.adapters.storage.bulk import json_keys, slices, unpack_ids
from hive_desktop.adapters.storage.egress import EgressLedger
from hive_desktop.adapters.storage.figures import Figures
from hive_desktop.adapters.storage.instants import from_micros
from hive_desktop.adapters.storage.names import KNOWN_TAGS, NO_CATEGORY, SEQ_BITS
from hive_desktop.adapters.storage.questions import Questions
from hive_desktop.adapters.storage.totals import by_bucket
from hive_desktop.domain.days import Span, from_day, to_day
from hive_desktop.domain.ledger import CategoryId, ItemState, Order, Place
from hive_desktop.ports.bank import BankAccount
from hive_desktop.ports.item_store import LinkJournal
from hive_desktop.ports.row_store import CategoryTotal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hive_desktop.adapters.storage.api_clients import ApiClients
    from hive_desktop.adapters.storage.categorization import Categorization
    from hive_desktop.adapters.storage.chats import Chats
    from hive_desktop.adapters.storage.handle import Handle
    from hive_desktop.adapters.storage.imports import Imports
    from hive_desktop.adapters.storage.journal import Journal
    from hive_desktop.adapters.storage.manual import Manual
    from hive_desktop.adapters.storage.notices import Notices
    from hive_desktop.adapters.storage.proofs import Proofs
    from hive_desktop.adapters.storage.query_sums import Sums
    from hive_desktop.adapters.storage.splits import Splits
    from hive_desktop.domain.days import Period
    from hive_desktop.domain.ledger import (
        Account,
        BatchId,
        Category,
        Edit,
        Item,
        ItemId,
        StoredRow,
        TransactionId,
        TransactionQuery,
        TransactionRow,
    )
    from hive_desktop.domain.saved_filters import SavedFilter
    from hive_desktop.ports.item_store import SyncableItem
    from hive_desktop.ports.row_store import BucketTotal, DeletedRow, EditBatch

_BANKS = f"plaid_items WHERE state <> '{ItemState.MANUAL.value}' ORDER BY id"
_ITEMS = f"SELECT {rows.ITEM_FIELDS} FROM {_BANKS}"  # noqa: S608 - constants
_KNOWN_ITEMS = f"""
    SELECT id, plaid_item_id, institution_id, institution, access_token, cursor,
           state, state_until, error_code, failures, announced,
           consent_ends_at, disconnects_at
    FROM {_BANKS}
"""  # noqa: S608 - constants
_ACCOUNTS = f"""
    SELECT {rows.ACCOUNT_FIELDS}
    FROM accounts AS a JOIN plaid_items AS i ON i.id = a.item_id
    WHERE a.is_deleted = 0
    ORDER BY i.institution, a.position IS NULL, a.position, a.name, a.id
"""  # noqa: S608 - column names of this package's schema only
_CATEGORIES = f"""
    SELECT {rows.CATEGORY_FIELDS} FROM categories WHERE merged_into IS NULL ORDER BY position
"""  # noqa: S608 - as above
_CATEGORY_CALLED = f"""
    SELECT {rows.CATEGORY_FIELDS} FROM categories
    WHERE name = ?1 OR key = ?1 COLLATE NOCASE ORDER BY name = ?1 DESC LIMIT 1
"""  # noqa: S608 - as above
_CATEGORY_TOTALS = """
    SELECT category_id, currency, sum(out_minor), sum(in_minor), sum(n), sum(in_n)
    FROM spend_daily
    WHERE day BETWEEN ? AND ? AND pending <= ?
    GROUP BY category_id, currency
    ORDER BY 3 DESC, category_id
"""
_BUCKET_TOTALS = """
    SELECT d.day, d.currency, c.kind, sum(d.out_minor), sum(d.in_minor), sum(d.n)
    FROM spend_daily AS d LEFT JOIN categories AS c ON c.id = d.category_id
    WHERE d.day BETWEEN ? AND ? AND d.pending <= ?
    GROUP BY d.day, d.currency, c.kind
"""
_ENDS = "SELECT (SELECT min(seq) FROM transactions), (SELECT max(seq) FROM transactions)"
_ENDING = """
    SELECT id FROM transactions WHERE substr(id, -?1) = ?2
    UNION ALL
    SELECT id FROM shelved WHERE why IN ('deleted', 'split') AND substr(id, -?1) = ?2
"""
_CATEGORY_REASON = """
    SELECT category_reason FROM transactions WHERE id = ?1
    UNION ALL
    SELECT category_reason FROM shelved WHERE id = ?1
"""
_OPEN_JOURNALS = """
    SELECT id, link_token, public_token, institution_id, institution, state, created_at
    FROM link_journal WHERE state IN ('begun', 'exchanging') ORDER BY id DESC
"""
_HAS_ROWS = """
    SELECT EXISTS (
        SELECT 1 FROM accounts AS a JOIN transactions AS t ON t.account_id = a.id
        WHERE a.item_id = ?1
    ) OR EXISTS (
        SELECT 1 FROM accounts AS a JOIN shelved AS t ON t.account_id = a.id WHERE a.item_id = ?1
    )
"""
_STORED_BY_PLAID_ID = f"""
    SELECT {rows.STORED_FIELDS}
    FROM json_each(?) AS k
    CROSS JOIN transactions AS t ON t.plaid_id = k.value
    CROSS JOIN accounts AS a ON a.id = t.account_id
    WHERE a.item_id = ?
"""  # noqa: S608 - column names of this package's schema only
_SHELVED_BY_PLAID_ID = f"""
    SELECT {rows.STORED_FIELDS}, t.why
    FROM json_each(?) AS k
    CROSS JOIN shelved AS t ON t.plaid_id = k.value
    CROSS JOIN accounts AS a ON a.id = t.account_id
    WHERE a.item_id = ?
"""  # noqa: S608 - as above
_PAST = f"""
    SELECT k.value, {rows.STORED_FIELDS}, 'ledger'
    FROM json_each(?1) AS k
    CROSS JOIN external_ids AS x ON x.plaid_id = k.value
    CROSS JOIN transactions AS t ON t.id = x.transaction_id
    CROSS JOIN accounts AS a ON a.id = t.account_id
    WHERE a.item_id = ?2
    UNION ALL
    SELECT k.value, {rows.STORED_FIELDS}, t.why
    FROM json_each(?1) AS k
    CROSS JOIN external_ids AS x ON x.plaid_id = k.value
    CROSS JOIN shelved AS t ON t.id = x.transaction_id
    CROSS JOIN accounts AS a ON a.id = t.account_id
    WHERE a.item_id = ?2
"""  # noqa: S608 - as above
_STORED_PENDINGS = f"""
    SELECT {rows.STORED_FIELDS}
    FROM accounts AS a CROSS JOIN transactions AS t ON t.account_id = a.id AND t.pending = 1
    WHERE a.item_id = ?1 AND t.amount_minor IN (SELECT value FROM json_each(?2))
      AND t.plaid_id IS NOT NULL
    UNION ALL
    SELECT {rows.STORED_FIELDS}
    FROM accounts AS a CROSS JOIN shelved AS t
      ON t.account_id = a.id AND t.pending = 1 AND t.why = 'split'
    WHERE a.item_id = ?1 AND t.amount_minor IN (SELECT value FROM json_each(?2))
    ORDER BY 2 DESC
"""  # noqa: S608 - as above
# A row that the person had deleted keeps that, and names the undone run in `into_id`.
_UNCONFIRMED = f"""
    SELECT {rows.STORED_FIELDS}, t.why
    FROM accounts AS a CROSS JOIN shelved AS t ON t.account_id = a.id
    WHERE a.item_id = ? AND t.plaid_id IS NOT NULL
      AND (t.why = 'undone' OR (t.why = 'deleted' AND t.into_id IS NOT NULL))
"""  # noqa: S608 - as above
_UNDONE_FETCHED = """
    SELECT s.fetched FROM sync_added AS s JOIN sync_runs AS r ON r.id = s.run_id
    WHERE r.item_id = ? AND r.undone_at IS NOT NULL AND length(s.fetched) > 0
"""
_ALL_ROWS = f"""
    SELECT {rows.STORED_FIELDS}, 'ledger'
    FROM accounts AS a CROSS JOIN transactions AS t ON t.account_id = a.id
    WHERE a.item_id = ?1 AND t.plaid_id IS NOT NULL
    UNION ALL
    SELECT {rows.STORED_FIELDS}, t.why
    FROM accounts AS a CROSS JOIN shelved AS t ON t.account_id = a.id
    WHERE a.item_id = ?1 AND t.plaid_id IS NOT NULL
"""  # noqa: S608 - as above
_ACCOUNTS_OF = """
    SELECT plaid_account_id, persistent_id, name, official_name, mask, type, subtype, currency,
           balance_current_minor, balance_available_minor, balance_limit_minor
    FROM accounts WHERE item_id = ? ORDER BY id
"""


class LedgerReads:
    """Implements `ports.storage.Reads` on one connection; used inside one unit of work only."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle

    def items(self) -> list[Item]:
        """Return every bank connection, oldest first."""
        return [rows.item(row) for row in self._all(_ITEMS)]

    @property
    def journal(self) -> Journal:
        """Return the journal of syncs."""
        from hive_desktop.adapters.storage.journal import Journal  # noqa: PLC0415 - SQLAlchemy

        return Journal(self._handle)

    @property
    def categorization(self) -> Categorization:
        """Return what categories are decided from."""
        from hive_desktop.adapters.storage.categorization import (  # noqa: PLC0415 - RE2
            Categorization,
        )

        return Categorization(self._handle)

    @property
    def manual(self) -> Manual:
        """Return what the person keeps by hand."""
        from hive_desktop.adapters.storage.manual import Manual  # noqa: PLC0415 - SQLAlchemy

        return Manual(self._handle)

    @property
    def imports(self) -> Imports:
        """Return what is kept of imported files."""
        from hive_desktop.adapters.storage.imports import Imports  # noqa: PLC0415 - SQLAlchemy

        return Imports(self._handle)

    @property
    def splits(self) -> Splits:
        """Return the rows that the person divided."""
        from hive_desktop.adapters.storage.splits import Splits  # noqa: PLC0415 - SQLAlchemy

        return Splits(self._handle)

    @property
    def reviews(self) -> Questions:
        """Return the questions to the person."""
        return Questions(self._handle)

    @property
    def reports(self) -> Figures:
        """Return the sums that figures are made of."""
        return Figures(self._handle)

    @property
    def sums(self) -> Sums:
        """Return what the rows of any query add up to."""
        from hive_desktop.adapters.storage.query_sums import Sums  # noqa: PLC0415 - SQLAlchemy

        return Sums(self._handle)

    @property
    def egress(self) -> EgressLedger:
        """Return the record of what left the machine."""
        return EgressLedger(self._handle)

    @property
    def api_clients(self) -> ApiClients:
        """Return the programs that the person let in."""
        from hive_desktop.adapters.storage.api_clients import (  # noqa: PLC0415 - not at the start
            ApiClients,
        )

        return ApiClients(self._handle)

    @property
    def notices(self) -> Notices:
        """Return what a person was told outside of the window."""
        from hive_desktop.adapters.storage.notices import Notices  # noqa: PLC0415 - not at the start

        return Notices(self._handle)

    @property
    def chats(self) -> Chats:
        """Return what is kept of the chat."""
        from hive_desktop.adapters.storage.chats import Chats  # noqa: PLC0415 - not at the start

        return Chats(self._handle)

    @property
    def proofs(self) -> Proofs:
        """Return what the balance proofs found."""
        from hive_desktop.adapters.storage.proofs import Proofs  # noqa: PLC0415 - as above

        return Proofs(self._handle)

    def deleted(self, *, limit: int = 200, offset: int = 0) -> list[DeletedRow]:
        """Return rows that the person deleted, the latest first."""
        from hive_desktop.adapters.storage.shelf import deleted_rows  # noqa: PLC0415 - as above

        return deleted_rows(self._handle, limit=limit, offset=offset)

    def deleted_row(self, transaction_id: TransactionId) -> DeletedRow | None:
        """Return one row that the person deleted, or None."""
        from hive_desktop.adapters.storage.shelf import deleted_row  # noqa: PLC0415 - as above

        return deleted_row(self._handle, transaction_id)

    def known_items(self) -> list[SyncableItem]:
        """Return what a sync needs of each item, closed ones too, oldest first."""
        return [rows.syncable_item(row) for row in self._all(_KNOWN_ITEMS)]

    def linked_items(self) -> list[SyncableItem]:
        """Return what a sync needs of each item that has a connection, oldest first."""
        return [one for one in self.known_items() if one.health.state is not ItemState.CLOSED]

    def accounts(self) -> list[Account]:
        """Return every account, by institution, the person's own order, and name."""
        return [rows.account(row) for row in self._all(_ACCOUNTS)]

    def categories(self) -> list[Category]:
        """Return every category but merged ones, archived ones too, in display order."""
        return [rows.category(row) for row in self._all(_CATEGORIES)]

    def category_called(self, name: str) -> Category | None:
        """Return the category, merged ones too, that has a name, or that banks call so."""
        found = self._all(_CATEGORY_CALLED, (name,))
        return rows.category(found[0]) if found else None

    def transactions(
        self,
        query: TransactionQuery,
        *,
        limit: int | None = None,
        offset: int = 0,
        order: Order = Order.NEWEST,
    ) -> list[TransactionRow]:
        """Return the rows of a query in an order; see `Order` for how many are sorted."""
        from hive_desktop.adapters.storage import listing  # noqa: PLC0415 - brings SQLAlchemy

        return listing.transaction_rows(
            self._handle.core, query, limit=limit, offset=offset, order=order
        )

    def rows_of(
        self, query: TransactionQuery, before: int | None, limit: int
    ) -> tuple[list[TransactionId], int | None]:
        """Return the next rows of a query, newest first, and the seq to go on from or None."""
        from hive_desktop.adapters.storage import listing  # noqa: PLC0415 - brings SQLAlchemy

        return listing.next_ids(self._handle.core, query, before, limit)

    def count(self, query: TransactionQuery) -> int:
        """Return how many rows a query has; by the roll-up wherever it can tell."""
        from hive_desktop.adapters.storage import listing  # noqa: PLC0415 - brings SQLAlchemy

        return listing.count(self._handle.core, query)

    def transaction(self, transaction_id: TransactionId) -> TransactionRow | None:
        """Return one row, or None when it is gone."""
        from hive_desktop.adapters.storage import listing  # noqa: PLC0415 - brings SQLAlchemy

        return listing.transaction_row(self._handle.core, transaction_id)

    def transactions_ending(self, suffix: bytes) -> list[TransactionId]:
        """Return the rows, deleted ones too, whose ids end so; reads every id."""
        return [row[0] for row in self._all(_ENDING, (len(suffix), suffix))]

    def category_reason(self, transaction_id: TransactionId) -> str | None:
        """Return in a sentence why a row has its category; None where nobody said."""
        found = self._all(_CATEGORY_REASON, (transaction_id,))
        return found[0][0] if found else None

    def category_totals(self, span: Span, *, with_pending: bool = True) -> list[CategoryTotal]:
        """Return totals per category and currency, largest outflow first."""
        bounds = (to_day(span.start), to_day(span.end), int(with_pending))
        return [
            CategoryTotal(None if row[0] == NO_CATEGORY else CategoryId(row[0]), *row[1:])
            for row in self._all(_CATEGORY_TOTALS, bounds)
        ]

    def bucket_totals(
        self, span: Span, period: Period, *, with_pending: bool = True
    ) -> list[BucketTotal]:
        """Return totals per bucket, currency and kind, oldest bucket first."""
        bounds = (to_day(span.start), to_day(span.end), int(with_pending))
        return by_bucket(self._all(_BUCKET_TOTALS, bounds), span, period)

    def history_span(self) -> Span | None:
        """Return the first and last day that have rows."""
        ((first_seq, last_seq),) = self._all(_ENDS)
        if first_seq is None or last_seq is None:
            return None
        return Span(from_day(first_seq >> SEQ_BITS), from_day(last_seq >> SEQ_BITS))

    def setting(self, key: str) -> str | None:
        """Return a setting's value."""
        found = self._all("SELECT value FROM settings WHERE key = ?", (key,))
        return found[0][0] if found else None

    def edits_of(self, transaction_id: TransactionId) -> list[Edit]:
        """Return what a person changed on a row, newest first, with categories by their names."""
        return edit_reads.edits_of(self._handle, transaction_id)

    def edit_batch(self, batch: BatchId) -> EditBatch | None:
        """Return what a batch changed, with categories by their names, or None."""
        return edit_reads.edit_batch(self._handle, batch)

    def last_undoable(self) -> BatchId | None:
        """Return the newest batch of edits that is not undone."""
        return edit_reads.last_undoable(self._handle)

    def last_redoable(self) -> BatchId | None:
        """Return the batch that was undone last, where no newer change came after it."""
        return edit_reads.last_redoable(self._handle)

    def tags(self) -> list[str]:
        """Return every tag that a row has, by name."""
        return sorted((tag for (tag,) in self._all(KNOWN_TAGS)), key=str.casefold)

    def saved_filters(self) -> list[SavedFilter]:
        """Return the filters that are kept under a name."""
        return saved_filters.read(self._handle)

    def open_journals(self) -> list[LinkJournal]:
        """Return exchanges that were begun and not finished, newest first."""
        found = [[*row[:6], from_micros(row[6])] for row in self._all(_OPEN_JOURNALS)]
        return [LinkJournal(*values) for values in found]

    def stored_rows(self, item_id: ItemId, plaid_ids: Iterable[str]) -> list[StoredRow]:
        """Return the item's stored rows that carry one of the ids, in the ledger or shelved."""
        if not self._all(_HAS_ROWS, (item_id,))[0][0]:
            return []
        found: list[StoredRow] = []
        for some in slices(plaid_ids):
            keys = json_keys(some)
            found += map(rows.stored_row, self._all(_STORED_BY_PLAID_ID, (keys, item_id)))
            shelved = self._all(_SHELVED_BY_PLAID_ID, (keys, item_id))
            found += [rows.stored_row(row, Place(row[-1])) for row in shelved]
        return found

    def past_rows(self, item_id: ItemId, plaid_ids: Iterable[str]) -> dict[str, StoredRow]:
        """Return the item's rows by one of these ids, which they had before."""
        return {
            row[0]: rows.stored_row(row[1:], Place(row[-1]))
            for some in slices(plaid_ids)
            for row in self._all(_PAST, (json_keys(some), item_id))
        }

    def stored_pendings(self, item_id: ItemId, amounts: Iterable[int]) -> list[StoredRow]:
        """Return the item's pending rows of these amounts, newest first."""
        found = self._all(_STORED_PENDINGS, (item_id, json_keys(amounts)))
        return [rows.stored_row(row) for row in found]

    def unconfirmed_rows(self, item_id: ItemId) -> list[StoredRow]:
        """Return the item's rows that an undone sync had brought and none has since."""
        found = self._all(_UNCONFIRMED, (item_id,))
        if not found:
            return []
        # What came with a time frame is told again by that time frame, and by no cursor.
        fetched: set[bytes] = set()
        for (packed,) in self._all(_UNDONE_FETCHED, (item_id,)):
            fetched.update(unpack_ids(packed))
        return [rows.stored_row(row, Place(row[-1])) for row in found if row[0] not in fetched]

    def all_rows(self, item_id: ItemId) -> list[StoredRow]:
        """Return every row of the item that carries a bank's id, in the ledger or shelved."""
        found = self._all(_ALL_ROWS, (item_id,))
        return [rows.stored_row(row, Place(row[-1])) for row in found]

    def accounts_of(self, item_id: ItemId) -> list[BankAccount]:
        """Return the item's accounts as the bank last had them."""
        return [BankAccount(*row) for row in self._all(_ACCOUNTS_OF, (item_id,))]

    def _all(self, statement: str, values: tuple[object, ...] = ()) -> list[Any]:
        found: list[Any] = self._handle.raw.execute(statement, values).fetchall()
        return found
