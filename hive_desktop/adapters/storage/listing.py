"""Listings whose conditions a person chooses: built by SQLAlchemy Core, run on a connection.

Imported at the first listing: figures, which the start needs at once, do without SQLAlchemy.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, func, literal_column, select

from hive_desktop.adapters.storage import filters, paging, rows, searching
from hive_desktop.adapters.storage.bulk import json_keys, slices
from hive_desktop.adapters.storage.names import SEQ_BITS
from hive_desktop.adapters.storage.schema import amounts, categories, split_parts, transactions
from hive_desktop.domain.ledger import SORTED_MOST, Order, TransactionId, TransactionQuery

if TYPE_CHECKING:
    from sqlalchemy import Column, ColumnElement, Connection, FromClause, Select

    from hive_desktop.adapters.storage.filters import Condition
    from hive_desktop.domain.ledger import TransactionRow

_NEAR: Final = 2_000
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
    _T.tags,
    _T.hidden,
    _T.reviewed,
    _T.display_name,
    and_(
        _T.plaid_id.is_(None),
        select(literal_column("1")).where(split_parts.c.id == _T.id).exists(),
    ).label("is_part"),
)
"""What `rows.transaction_rows` takes, in its order."""


def transaction_rows(
    connection: Connection,
    query: TransactionQuery,
    *,
    limit: int | None,
    offset: int,
    order: Order = Order.NEWEST,
) -> list[TransactionRow]:
    """Return the rows of a query in an order; by name or amount of the newest `SORTED_MOST`."""
    seqs = _places(connection, query, limit, offset, order)
    found: dict[int, TransactionRow] = {}
    for some in slices(seqs):
        numbers = func.json_each(json_keys(some)).table_valued("value")
        wanted = _listing(transactions).where(_T.seq.in_(select(numbers.c.value)))
        read = rows.transaction_rows(connection.execute(wanted).all())
        found.update((row.seq, row) for row in read)
    return [found[seq] for seq in seqs]


def next_ids(
    connection: Connection, query: TransactionQuery, before: int | None, limit: int
) -> tuple[list[TransactionId], int | None]:
    """Return the next rows of a query by their ids, newest first, and where those after begin."""
    least = [one for one in (before, query.before) if one is not None]
    rest = replace(query, before=min(least, default=None))
    seqs = _places(connection, rest, limit, 0, Order.NEWEST)
    numbers = func.json_each(json_keys(seqs)).table_valued("value")
    wanted = select(_T.id).where(_T.seq.in_(select(numbers.c.value))).order_by(_T.seq.desc())
    ids = [TransactionId(one) for one in connection.execute(wanted).scalars()]
    return ids, seqs[-1] if len(seqs) == limit else None


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


def _places(
    connection: Connection, query: TransactionQuery, limit: int | None, offset: int, order: Order
) -> list[int]:
    """Return the numbers of the rows that are asked for, in their order."""
    query = filters.weighed(connection, query)
    asked = searching.asked(connection, query)
    if not order.is_by_day:
        return _sorted_places(connection, query, asked, (limit, offset), order)
    is_oldest = order is Order.OLDEST
    if not asked.is_any:
        return asked.first(connection, limit, offset, is_oldest=is_oldest)
    place: Column[int] = _T.seq
    by_row = filters.row_conditions(query)
    if len(by_row) == 1 and query.currency is not None:  # an index has just these rows
        place, by_row = amounts.c.seq, [amounts.c.currency == query.currency]
    skipped: list[Condition] = []
    if offset > _NEAR and (paging.fits(query) or filters.fits_daily(query)):
        day, offset = paging.skip(connection, query, offset, is_oldest=is_oldest)
        skipped = [place >= day << SEQ_BITS if is_oldest else place < (day + 1) << SEQ_BITS]
    kept = select(place).where(*filters.date_conditions(query, place), *skipped, *by_row)
    ordered = kept.order_by(place.asc() if is_oldest else place.desc())
    listed = ordered.limit(-1 if limit is None else limit).offset(offset)
    return list(connection.execute(listed).scalars().all())


def _sorted_places(
    connection: Connection,
    query: TransactionQuery,
    asked: searching.Asked,
    part: tuple[int | None, int],
    order: Order,
) -> list[int]:
    limit, offset = part
    is_back = order in (Order.LARGEST, Order.NAME_BACK)
    if order in (Order.LARGEST, Order.SMALLEST) and query == TransactionQuery():
        # As the index has it, forwards or backwards: it is read alone.
        keys: tuple[ColumnElement[Any], ...] = (
            func.abs(_T.amount_minor),
            literal_column("(amount_minor < 0)"),
            _T.currency,
            _T.seq,
        )
        places = select(_T.seq).order_by(*(one.desc() if is_back else one.asc() for one in keys))
    else:
        newest = asked.newest(connection, SORTED_MOST)
        rows_of: FromClause = transactions
        key: ColumnElement[Any]
        if order in (Order.LARGEST, Order.SMALLEST):
            rows_of, key = amounts, func.abs(amounts.c.amount_minor)  # a tenth of the rows' pages
        else:
            key = func.coalesce(_T.display_name, _T.merchant_name, _T.name).collate("NOCASE")
        seq = rows_of.c.seq
        places = (
            select(seq)
            .where(seq.in_(newest))
            .order_by(key.desc() if is_back else key.asc(), seq.desc())
        )
    listed = places.limit(-1 if limit is None else limit).offset(offset)
    return list(connection.execute(listed).scalars().all())


def _count_rows(connection: Connection, query: TransactionQuery) -> int:
    return searching.asked(connection, filters.weighed(connection, query)).count(connection)
