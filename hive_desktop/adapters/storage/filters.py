"""Turns the one filter object into SQL conditions, for the rows themselves and for the roll-up."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import and_, case, false, func, literal_column, or_, select, union_all

from hive_desktop.adapters.storage.names import NO_CATEGORY, SEQ_BITS
from hive_desktop.adapters.storage.schema import categories, merchants, spend_daily, transactions
from hive_desktop.domain.categories import REVIEW_THRESHOLD
from hive_desktop.domain.days import to_day
from hive_desktop.domain.ledger import CategoryKind, CategorySource
from hive_desktop.domain.search import Search, parse

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select, SelectBase

    from hive_desktop.domain.ledger import TransactionQuery

Condition: TypeAlias = "ColumnElement[bool]"

_T = transactions.c
_S = spend_daily.c


def needs_review() -> Condition:
    """Return the condition for rows that want a look: no category, or an unsure automatic one."""
    return and_(
        _T.reviewed == 0,
        _T.hidden == 0,
        or_(_T.category_source.is_(None), _T.category_source != CategorySource.USER.value),
        or_(_T.category_id.is_(None), _T.category_confidence < REVIEW_THRESHOLD),
    )


def transfer_ids() -> Select[tuple[bytes]]:
    """Return the categories whose rows never count."""
    return _ids_of(CategoryKind.TRANSFER)


def date_conditions(query: TransactionQuery, seq: ColumnElement[int]) -> list[Condition]:
    """Return the conditions on the dates, and on few rows, on whichever column holds `seq`.

    The search index reads a range of its row ids far faster than it joins and then compares.
    """
    found: list[Condition] = []
    if query.start is not None:
        found.append(seq >= to_day(query.start) << SEQ_BITS)
    if query.end is not None:
        found.append(seq < (to_day(query.end) + 1) << SEQ_BITS)
    if query.before is not None:
        found.append(seq < query.before)
    # A plus sign lets the index of words lead, and the sets follow.
    place = seq if seq is _T.seq else literal_column("+transactions_fts.rowid")
    found += [place.in_(rows) for rows in _few_rows(query)]
    return found


def row_conditions(query: TransactionQuery) -> list[Condition]:
    """Return the conditions on `transactions`, all but dates and text."""
    found: list[Condition] = []
    if query.accounts:
        found.append(_T.account_id.in_(query.accounts))
    if query.categories or query.uncategorized:
        found.append(_category_condition(query))
    if query.pending is not None:
        found.append(_T.pending == int(query.pending))
    if query.currency is not None:
        found.append(_T.currency == query.currency)
    if query.needs_review is not None:
        found.append(needs_review() if query.needs_review else ~needs_review())
    if query.counted_only:
        found.append(_T.hidden == 0)
        found.append(or_(_T.category_id.is_(None), _T.category_id.not_in(transfer_ids())))
    if query.counts_as is not None:
        found.append(_counting_as(query.counts_as))
    return found + _named_conditions(query)


def _named_conditions(query: TransactionQuery) -> list[Condition]:
    found: list[Condition] = []
    if query.hidden is not None:
        found.append(_T.hidden == int(query.hidden))
    if query.ids:
        found.append(_T.id.in_(query.ids))
    if query.merchant is not None:
        named = select(merchants.c.id).where(merchants.c.key == query.merchant)
        found.append(_T.merchant_id == named.scalar_subquery())
    return found


def daily_conditions(query: TransactionQuery) -> list[Condition]:
    """Return the same conditions on `spend_daily`, for a query that `fits_daily`."""
    found: list[Condition] = []
    if query.start is not None:
        found.append(_S.day >= to_day(query.start))
    if query.end is not None:
        found.append(_S.day <= to_day(query.end))
    if query.accounts:
        found.append(_S.account_id.in_(query.accounts))
    if query.categories or query.uncategorized:
        wanted = (*query.categories, *((NO_CATEGORY,) if query.uncategorized else ()))
        found.append(_S.category_id.in_(wanted))
    if query.pending is not None:
        found.append(_S.pending == int(query.pending))
    if query.currency is not None:
        found.append(_S.currency == query.currency)
    if query.counted_only:
        found.append(_S.category_id.not_in(transfer_ids()))
    if query.counts_as is not None:
        kept = _S.category_id.in_(_ids_of(query.counts_as))
        is_transfer = query.counts_as is CategoryKind.TRANSFER
        found.append(kept if is_transfer else or_(_S.category_id == NO_CATEGORY, kept))
    return found


def fits_daily(query: TransactionQuery) -> bool:
    """Tell whether the roll-up's own columns can answer the query."""
    by_row = (query.merchant, query.needs_review, query.before)
    is_by_row = bool(query.ids) or query.hidden or any(one is not None for one in by_row)
    return not is_by_row and parse(query.text) == Search()


def text_match(expression: str) -> Condition:
    """Return the condition on the search index."""
    return literal_column("transactions_fts").op("MATCH", is_comparison=True)(expression)


def daily_total(query: TransactionQuery) -> ColumnElement[int]:
    """Return the number of rows that roll-up lines stand for."""
    rows: ColumnElement[int] = _S.n
    if query.counts_as is not None:
        by_direction = _S.in_n if query.counts_as is CategoryKind.INCOME else _S.n - _S.in_n
        rows = case((_S.category_id == NO_CATEGORY, by_direction), else_=_S.n)
    return func.coalesce(func.sum(rows), 0)


def _few_rows(query: TransactionQuery) -> list[SelectBase]:
    """Return sets that the rows of a query are in, each from an index of its own.

    Without them the newest rows are all looked at, one by one, for the few that are so.
    """
    every = transactions.alias("every")
    named = {
        "every.pending = 1": query.pending,
        "every.hidden = 1": query.hidden,
    }
    found: list[SelectBase] = [
        select(every.c.seq).where(literal_column(text)) for text, wanted in named.items() if wanted
    ]
    if query.needs_review:
        parts = ("every.category_id IS NULL", f"every.category_confidence < {REVIEW_THRESHOLD}")
        found.append(union_all(*(select(every.c.seq).where(literal_column(one)) for one in parts)))
    return found


def _counting_as(kind: CategoryKind) -> Condition:
    is_in = _T.amount_minor < 0
    by_direction = and_(_T.category_id.is_(None), is_in if kind is CategoryKind.INCOME else ~is_in)
    # A plus sign keeps the newest rows from being sorted out of the categories' index.
    named: Condition = literal_column("+transactions.category_id").in_(_ids_of(kind))
    return named if kind is CategoryKind.TRANSFER else or_(named, by_direction)


def _ids_of(kind: CategoryKind) -> Select[tuple[bytes]]:
    return select(categories.c.id).where(categories.c.kind == kind.value)


def _category_condition(query: TransactionQuery) -> Condition:
    named: Condition = _T.category_id.in_(query.categories) if query.categories else false()
    return or_(named, _T.category_id.is_(None)) if query.uncategorized else named
