"""Listings whose conditions a person chooses: built by SQLAlchemy Core, run on a connection.

Imported at the first listing: figures, which the start needs at once, do without SQLAlchemy.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from hive_desktop.adapters.storage import filters, rows, searching
from hive_desktop.adapters.storage.schema import categories, transactions

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, FromClause, Select

    from hive_desktop.domain.ledger import TransactionId, TransactionQuery, TransactionRow

_T = transactions.c

COLUMNS: tuple[ColumnElement[Any], ...] = (
    _T.seq,
    _T.id,
    _T.account_id,
    _T.posted_on,
    _T.authorized_on,
    _T.amount_minor,
    _T.currency,
    _T.name,
    func.coalesce(_T.display_name, _T.merchant_name).label("merchant"),
    _T.description,
    _T.category_id,
    categories.c.name.label("category"),
    _T.category_source,
    _T.category_confidence,
    _T.pending,
    _T.note,
    filters.needs_review().label("needs_review"),
)
"""What `rows.transaction_rows` takes, in its order."""


def transaction_rows(
    connection: Connection, query: TransactionQuery, *, limit: int | None, offset: int
) -> list[TransactionRow]:
    """Return the rows of a query, newest first."""
    found = connection.execute(_rows_of(connection, query, limit, offset)).all()
    return rows.transaction_rows(found)


def transaction_row(connection: Connection, transaction_id: TransactionId) -> TransactionRow | None:
    """Return one row, or None when it is gone."""
    wanted = _listing(transactions).where(_T.id == transaction_id)
    return next(iter(rows.transaction_rows(connection.execute(wanted).all())), None)


def count(connection: Connection, query: TransactionQuery) -> int:
    """Return how many rows a query has; by the roll-up wherever it can tell."""
    if not filters.fits_daily(query):
        return _count_rows(connection, query)
    shown = select(filters.daily_total(query)).where(*filters.daily_conditions(query))
    total = int(connection.execute(shown).scalar_one())
    if query.counted_only:
        return total
    hidden = select(func.count()).select_from(transactions).where(_T.hidden == 1)
    dates = filters.date_conditions(query, _T.seq)
    kept = hidden.where(*dates, *filters.row_conditions(query))
    return total + int(connection.execute(kept).scalar_one())


def _listing(source: FromClause) -> Select[Any]:
    named = source.outerjoin(categories, categories.c.id == _T.category_id)
    return select(*COLUMNS).select_from(named)


def _rows_of(
    connection: Connection, query: TransactionQuery, limit: int | None, offset: int
) -> Select[Any]:
    asked = searching.asked(connection, query.text)
    newest = _listing(transactions).order_by(_T.seq.desc())
    if not asked.is_any:
        found = json.dumps(asked.newest(connection, query, limit, offset))
        numbers = func.json_each(found).table_valued("value")
        return newest.where(_T.seq.in_(select(numbers.c.value)))
    kept = newest.where(*filters.date_conditions(query, _T.seq), *filters.row_conditions(query))
    return kept.limit(-1 if limit is None else limit).offset(offset)


def _count_rows(connection: Connection, query: TransactionQuery) -> int:
    return searching.asked(connection, query.text).count(connection, query)
