"""Listings whose conditions a person chooses: built by SQLAlchemy Core, run on a connection.

Imported at the first listing: figures, which the start needs at once, do without SQLAlchemy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from hive_desktop.adapters.storage import filters, rows
from hive_desktop.adapters.storage.schema import categories, transactions, transactions_fts

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, FromClause, Select

    from hive_desktop.domain.ledger import TransactionId, TransactionQuery, TransactionRow

_T = transactions.c
_FOUND = transactions_fts.join(transactions, _T.seq == transactions_fts.c.rowid)

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
    ordered = _rows_of(query).limit(-1 if limit is None else limit).offset(offset)
    return rows.transaction_rows(connection.execute(ordered).all())


def transaction_row(connection: Connection, transaction_id: TransactionId) -> TransactionRow | None:
    """Return one row, or None when it is gone."""
    wanted = _listing(transactions).where(_T.id == transaction_id)
    return next(iter(rows.transaction_rows(connection.execute(wanted).all())), None)


def count(connection: Connection, query: TransactionQuery) -> int:
    """Return how many rows a query has; by the roll-up wherever it can tell."""
    if not filters.fits_daily(query):
        return _count_rows(connection, query)
    shown = select(filters.daily_total()).where(*filters.daily_conditions(query))
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


def _rows_of(query: TransactionQuery) -> Select[Any]:
    expression = filters.match_expression(query.text)
    if not expression:
        seq: ColumnElement[int] = _T.seq
        listing = _listing(transactions).where(*filters.date_conditions(query, seq))
    else:
        seq = transactions_fts.c.rowid
        listing = _listing(_FOUND).where(
            filters.text_match(expression), *filters.date_conditions(query, seq)
        )
    return listing.where(*filters.row_conditions(query)).order_by(seq.desc())


def _count_rows(connection: Connection, query: TransactionQuery) -> int:
    expression = filters.match_expression(query.text)
    conditions = filters.row_conditions(query)
    counted = select(func.count())
    if not expression:
        dates = filters.date_conditions(query, _T.seq)
        counted = counted.select_from(transactions).where(*dates)
    else:
        dates = filters.date_conditions(query, transactions_fts.c.rowid)
        source = _FOUND if conditions else transactions_fts
        counted = counted.select_from(source).where(filters.text_match(expression), *dates)
    return int(connection.execute(counted.where(*conditions)).scalar_one())
