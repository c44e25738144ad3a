"""The ledger's reads: each method is one statement, or two, on the connection it was made for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, func, select

from hive_desktop.adapters.storage import filters, rows
from hive_desktop.adapters.storage.bulk import json_keys
from hive_desktop.adapters.storage.instants import from_micros, from_optional
from hive_desktop.adapters.storage.schema import (
    NO_CATEGORY,
    SEQ_BITS,
    accounts,
    categories,
    edits,
    link_journal,
    plaid_items,
    settings,
    spend_daily,
    sync_runs,
    transactions,
    transactions_fts,
)
from hive_desktop.adapters.storage.totals import by_bucket
from hive_desktop.domain.days import Span, from_day, to_day
from hive_desktop.domain.ledger import (
    BatchId,
    CategoryId,
    CategorySource,
    Edit,
    ItemId,
    ItemState,
)
from hive_desktop.ports.bank import AccessToken
from hive_desktop.ports.storage import CategoryTotal, LinkJournal, SyncableItem, SyncRun

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection, FromClause, Select

    from hive_desktop.domain.days import Period
    from hive_desktop.domain.ledger import (
        Account,
        BankTransaction,
        Category,
        Item,
        TransactionId,
        TransactionQuery,
        TransactionRow,
    )
    from hive_desktop.domain.reconcile import StoredRow
    from hive_desktop.ports.storage import BucketTotal

_FOUND = transactions_fts.join(transactions, transactions.c.seq == transactions_fts.c.rowid)
_OPEN_JOURNAL_STATES = ("begun", "exchanging")

_STORED_BY_PLAID_ID = f"""
    SELECT {rows.STORED_FIELDS}
    FROM json_each(?) AS k
    CROSS JOIN transactions AS t ON t.plaid_id = k.value
    CROSS JOIN accounts AS a ON a.id = t.account_id
    WHERE a.item_id = ?
"""  # noqa: S608 - column names of this package's schema only
_STORED_PENDINGS = f"""
    SELECT {rows.STORED_FIELDS}
    FROM accounts AS a CROSS JOIN transactions AS t ON t.account_id = a.id
    WHERE a.item_id = ? AND t.seq >= ? AND t.seq < ? AND t.pending = 1
    ORDER BY t.seq DESC
"""  # noqa: S608 - as above
_UNLABELLED = f"""
    SELECT {rows.STORED_FIELDS}
    FROM transactions AS t CROSS JOIN accounts AS a ON a.id = t.account_id
    WHERE t.category_source IS NULL OR t.category_source = ?
    ORDER BY t.seq DESC
"""  # noqa: S608 - as above


class LedgerReads:
    """Implements `ports.storage.Reads` on one connection; used inside one unit of work only."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def items(self) -> list[Item]:
        """Return every bank connection, oldest first."""
        return [rows.item(row) for row in self._all(select(plaid_items).order_by(plaid_items.c.id))]

    def syncable_items(self) -> list[SyncableItem]:
        """Return what a sync needs of each item, oldest first."""
        found = self._all(select(plaid_items).order_by(plaid_items.c.id))
        return [
            SyncableItem(
                ItemId(row.id),
                row.plaid_item_id,
                row.institution,
                AccessToken(row.access_token),
                row.cursor,
                ItemState(row.state),
            )
            for row in found
        ]

    def accounts(self) -> list[Account]:
        """Return every account with its bank, by institution and name."""
        joined = accounts.join(plaid_items, plaid_items.c.id == accounts.c.item_id)
        wanted = select(accounts, plaid_items.c.institution, plaid_items.c.state)
        order = (plaid_items.c.institution, accounts.c.name, accounts.c.id)
        ordered = wanted.select_from(joined).order_by(*order)
        return [rows.account(row) for row in self._all(ordered)]

    def categories(self) -> list[Category]:
        """Return every category, archived ones too, in display order."""
        ordered = select(categories).order_by(categories.c.position)
        return [rows.category(row) for row in self._all(ordered)]

    def transactions(
        self, query: TransactionQuery, *, limit: int | None = None, offset: int = 0
    ) -> list[TransactionRow]:
        """Return the rows of a query, newest first."""
        ordered = self._rows_of(query).limit(-1 if limit is None else limit).offset(offset)
        return rows.transaction_rows(self._all(ordered))

    def count(self, query: TransactionQuery) -> int:
        """Return how many rows a query has; by the roll-up wherever it can tell."""
        if not filters.fits_daily(query):
            return self._count_rows(query)
        shown = select(filters.daily_total()).where(*filters.daily_conditions(query))
        total = int(self._connection.execute(shown).scalar_one())
        if query.counted_only:
            return total
        hidden = select(func.count()).select_from(transactions).where(transactions.c.hidden == 1)
        dates = filters.date_conditions(query, transactions.c.seq)
        kept = hidden.where(*dates, *filters.row_conditions(query))
        return total + int(self._connection.execute(kept).scalar_one())

    def transaction(self, transaction_id: TransactionId) -> TransactionRow | None:
        """Return one row, or None when it is gone."""
        wanted = self._listing(transactions).where(transactions.c.id == transaction_id)
        return next(iter(rows.transaction_rows(self._all(wanted))), None)

    def category_totals(self, span: Span, *, with_pending: bool = True) -> list[CategoryTotal]:
        """Return counted rows per category and currency, largest outflow first."""
        daily = spend_daily.c
        summed = (daily.out_minor, daily.in_minor, daily.n, daily.in_n)
        sums = [func.sum(column) for column in summed]
        grouped = (
            select(daily.category_id, daily.currency, *sums)
            .where(*self._counted(span, with_pending=with_pending))
            .group_by(daily.category_id, daily.currency)
            .order_by(sums[0].desc(), daily.category_id)
        )
        return [
            CategoryTotal(None if row[0] == NO_CATEGORY else CategoryId(row[0]), *row[1:])
            for row in self._all(grouped)
        ]

    def bucket_totals(
        self, span: Span, period: Period, *, with_pending: bool = True
    ) -> list[BucketTotal]:
        """Return counted rows per bucket, currency and kind, oldest bucket first."""
        daily = spend_daily.c
        sums = [func.sum(column) for column in (daily.out_minor, daily.in_minor, daily.n)]
        grouped = (
            select(daily.day, daily.currency, categories.c.kind, *sums)
            .select_from(spend_daily.outerjoin(categories, categories.c.id == daily.category_id))
            .where(*self._counted(span, with_pending=with_pending))
            .group_by(daily.day, daily.currency, categories.c.kind)
        )
        return by_bucket(self._all(grouped), span, period)

    def history_span(self) -> Span | None:
        """Return the first and last day that have rows."""
        ends = select(func.min(transactions.c.seq)).scalar_subquery()
        last = select(func.max(transactions.c.seq)).scalar_subquery()
        first_seq, last_seq = self._connection.execute(select(ends, last)).one()
        if first_seq is None or last_seq is None:
            return None
        return Span(from_day(first_seq >> SEQ_BITS), from_day(last_seq >> SEQ_BITS))

    def setting(self, key: str) -> str | None:
        """Return a setting's value."""
        wanted = select(settings.c.value).where(settings.c.key == key)
        return self._connection.execute(wanted).scalar_one_or_none()

    def edits_of(self, transaction_id: TransactionId) -> list[Edit]:
        """Return what a person changed on a row, newest first, with categories by their names."""
        wanted = (
            select(edits)
            .where(edits.c.entity == "transaction", edits.c.entity_id == transaction_id)
            .order_by(edits.c.clock.desc())
        )
        names = {one.id: one.name for one in self.categories()}

        def shown(text: str | None) -> str | None:
            chosen = json.loads(text)["category"] if text else None
            return names.get(CategoryId(bytes.fromhex(chosen))) if chosen else None

        return [
            Edit(
                row.entity,
                row.entity_id,
                row.field,
                shown(row.before),
                shown(row.after),
                from_micros(row.at),
                BatchId(row.batch),
            )
            for row in self._all(wanted)
        ]

    def last_undoable(self) -> BatchId | None:
        """Return the newest batch of edits that is not undone."""
        undo = edits.alias("undo")
        is_undone = exists().where(undo.c.undoes == edits.c.batch)
        newest = (
            select(edits.c.batch)
            .where(edits.c.undoes.is_(None), ~is_undone)
            .order_by(edits.c.clock.desc())
            .limit(1)
        )
        batch = self._connection.execute(newest).scalar_one_or_none()
        return None if batch is None else BatchId(batch)

    def open_journals(self) -> list[LinkJournal]:
        """Return exchanges that were begun and not finished, newest first."""
        wanted = (
            select(link_journal)
            .where(link_journal.c.state.in_(_OPEN_JOURNAL_STATES))
            .order_by(link_journal.c.id.desc())
        )
        return [
            LinkJournal(
                row.id,
                row.link_token,
                row.public_token,
                row.institution_id,
                row.institution,
                row.state,
                from_micros(row.created_at),
            )
            for row in self._all(wanted)
        ]

    def sync_runs(self, *, limit: int = 50) -> list[SyncRun]:
        """Return the latest runs, newest first; one without an end was cut off."""
        wanted = select(sync_runs).order_by(sync_runs.c.id.desc()).limit(limit)
        return [
            SyncRun(
                ItemId(row.item_id),
                row.reason,
                from_micros(row.started_at),
                from_optional(row.ended_at),
                row.added,
                row.modified,
                row.removed,
                row.pages,
                row.error_code,
            )
            for row in self._all(wanted)
        ]

    def stored_rows(self, item_id: ItemId, plaid_ids: Iterable[str]) -> list[StoredRow]:
        """Return the item's stored rows that carry one of the ids."""
        of_item = select(accounts.c.id).where(accounts.c.item_id == item_id)
        any_row = select(exists().where(transactions.c.account_id.in_(of_item)))
        if not self._connection.execute(any_row).scalar_one():
            return []
        found = self._connection.exec_driver_sql(
            _STORED_BY_PLAID_ID, (json_keys(plaid_ids), item_id)
        )
        return [rows.stored_row(row) for row in found]

    def stored_pendings(self, item_id: ItemId, span: Span) -> list[StoredRow]:
        """Return the item's pending rows of a span, newest first."""
        bounds = (to_day(span.start) << SEQ_BITS, (to_day(span.end) + 1) << SEQ_BITS)
        found = self._connection.exec_driver_sql(_STORED_PENDINGS, (item_id, *bounds))
        return [rows.stored_row(row) for row in found]

    def unlabelled(self) -> list[tuple[TransactionId, BankTransaction]]:
        """Return rows without a category, or with one of the weakest source, newest first."""
        found = self._connection.exec_driver_sql(_UNLABELLED, (CategorySource.OFFLINE.value,))
        stored = (rows.stored_row(row) for row in found)
        return [(row.id, row.bank) for row in stored]

    def _all(self, statement: Select[Any]) -> Any:
        return self._connection.execute(statement).all()

    def _listing(self, source: FromClause) -> Select[Any]:
        named = source.outerjoin(categories, categories.c.id == transactions.c.category_id)
        return select(*rows.transaction_columns()).select_from(named)

    def _rows_of(self, query: TransactionQuery) -> Select[Any]:
        expression = filters.match_expression(query.text)
        if not expression:
            seq = transactions.c.seq
            listing = self._listing(transactions).where(*filters.date_conditions(query, seq))
        else:
            seq = transactions_fts.c.rowid
            listing = self._listing(_FOUND).where(
                filters.text_match(expression), *filters.date_conditions(query, seq)
            )
        return listing.where(*filters.row_conditions(query)).order_by(seq.desc())

    def _count_rows(self, query: TransactionQuery) -> int:
        expression = filters.match_expression(query.text)
        conditions = filters.row_conditions(query)
        counted = select(func.count())
        if not expression:
            dates = filters.date_conditions(query, transactions.c.seq)
            counted = counted.select_from(transactions).where(*dates)
        else:
            dates = filters.date_conditions(query, transactions_fts.c.rowid)
            source = _FOUND if conditions else transactions_fts
            counted = counted.select_from(source).where(filters.text_match(expression), *dates)
        return int(self._connection.execute(counted.where(*conditions)).scalar_one())

    def _counted(self, span: Span, *, with_pending: bool) -> list[filters.Condition]:
        daily = spend_daily.c
        conditions = [
            and_(daily.day >= to_day(span.start), daily.day <= to_day(span.end)),
            daily.category_id.not_in(filters.transfer_ids()),
        ]
        if not with_pending:
            conditions.append(daily.pending == 0)
        return conditions
