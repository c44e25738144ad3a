"""Turns the one filter object into SQL conditions, for the rows themselves and for the roll-up."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final, TypeAlias

from sqlalchemy import and_, case, false, func, literal_column, or_, select, union_all

from hive_desktop.adapters.storage.names import NO_CATEGORY, SEQ_BITS
from hive_desktop.adapters.storage.schema import (
    amounts,
    categories,
    merchants,
    spend_daily,
    transactions,
)
from hive_desktop.domain.categories import REVIEW_THRESHOLD
from hive_desktop.domain.days import to_day
from hive_desktop.domain.ledger import CategoryKind, CategorySource, TransactionQuery
from hive_desktop.domain.search import Search, parse

if TYPE_CHECKING:
    from sqlalchemy import Column, ColumnElement, Connection, Select, SelectBase

Condition: TypeAlias = "ColumnElement[bool]"

_T = transactions.c
_S = spend_daily.c
_SOME: Final = 20_000


@dataclass(frozen=True, slots=True)
class _OfFew(TransactionQuery):
    """A query whose currency fewer than `_SOME` of the rows of its days have."""


def weighed(connection: Connection, query: TransactionQuery) -> TransactionQuery:
    """Return the query as one whose rows are taken from its currency's, where those are few."""
    if query.currency is None:
        return query
    every: Select[tuple[int]] = select(literal_column("1")).select_from(amounts)
    every = every.where(amounts.c.currency == query.currency, *day_conditions(query, amounts.c.seq))
    if connection.execute(every.limit(1).offset(_SOME - 1)).first() is not None:
        return query
    return _OfFew(*(getattr(query, one.name) for one in fields(query)))


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
    return ids_of(CategoryKind.TRANSFER)


def ids_of(kind: CategoryKind) -> Select[tuple[bytes]]:
    """Return the categories of a kind."""
    return select(categories.c.id).where(categories.c.kind == kind.value)


def merchant_ids(keys: tuple[str, ...]) -> Select[tuple[int]]:
    """Return the numbers of the merchants that have these keys."""
    return select(merchants.c.id).where(merchants.c.key.in_(keys))


def date_conditions(query: TransactionQuery, seq: Column[int]) -> list[Condition]:
    """Return the conditions on the dates, and on few rows, on whichever column holds `seq`.

    The search index reads a range of its row ids far faster than it joins and then compares.
    """
    # A plus sign lets the index of words lead, and the sets follow.
    place = seq if seq.table is transactions else literal_column(f"+{seq}")
    return [*day_conditions(query, seq), *(place.in_(rows) for rows in _few_rows(query))]


def is_of_few(query: TransactionQuery) -> bool:
    """Tell whether a filter names rows that an index of their own has, and which are few."""
    return bool(_few_rows(query))


def is_led(query: TransactionQuery) -> bool:
    """Tell whether an index gives the rows that a filter beside a search names, few or many."""
    return is_of_few(query) or bool(query.merchants or query.ids)


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
    if len(query.merchants) == 1:
        found.append(_T.merchant_id == merchant_ids(query.merchants).scalar_subquery())
    elif query.merchants:
        found.append(_T.merchant_id.in_(merchant_ids(query.merchants)))
    if query.is_in is not None:
        found.append(_T.amount_minor < 0 if query.is_in else _T.amount_minor >= 0)
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
        kept = _S.category_id.in_(ids_of(query.counts_as))
        is_transfer = query.counts_as is CategoryKind.TRANSFER
        found.append(kept if is_transfer else or_(_S.category_id == NO_CATEGORY, kept))
    return found


def fits_daily(query: TransactionQuery) -> bool:
    """Tell whether the roll-up's own columns can answer the query."""
    by_row = (query.needs_review, query.before, query.is_in)
    is_named = bool(query.ids or query.merchants or query.hidden)
    is_by_row = is_named or any(one is not None for one in by_row)
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
    if isinstance(query, _OfFew):
        line = amounts.alias("line").c
        of_currency = select(line.seq).where(line.currency == query.currency)
        found.append(of_currency.where(*day_conditions(query, line.seq)))
    return found


def day_conditions(query: TransactionQuery, seq: ColumnElement[int]) -> list[Condition]:
    """Return the conditions on the days alone."""
    found: list[Condition] = []
    if query.start is not None:
        found.append(seq >= to_day(query.start) << SEQ_BITS)
    if query.end is not None:
        found.append(seq < (to_day(query.end) + 1) << SEQ_BITS)
    if query.before is not None:
        found.append(seq < query.before)
    return found


def _counting_as(kind: CategoryKind) -> Condition:
    is_in = _T.amount_minor < 0
    by_direction = and_(_T.category_id.is_(None), is_in if kind is CategoryKind.INCOME else ~is_in)
    # A plus sign keeps the newest rows from being sorted out of the categories' index.
    named: Condition = literal_column("+transactions.category_id").in_(ids_of(kind))
    return named if kind is CategoryKind.TRANSFER else or_(named, by_direction)


def _category_condition(query: TransactionQuery) -> Condition:
    named: Condition = _T.category_id.in_(query.categories) if query.categories else false()
    return or_(named, _T.category_id.is_(None)) if query.uncategorized else named
