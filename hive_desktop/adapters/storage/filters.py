"""Turns the one filter object into SQL conditions, for the rows themselves and for the roll-up."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import and_, false, func, literal_column, or_, select

from hive_desktop.adapters.storage.names import NO_CATEGORY, SEQ_BITS
from hive_desktop.adapters.storage.schema import categories, spend_daily, transactions
from hive_desktop.domain.categories import REVIEW_THRESHOLD
from hive_desktop.domain.days import to_day
from hive_desktop.domain.ledger import CategoryKind, CategorySource

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

    from hive_desktop.domain.ledger import TransactionQuery

Condition: TypeAlias = "ColumnElement[bool]"

_WORD = re.compile(r"[^\W_]+")
_T = transactions.c
_S = spend_daily.c


def match_expression(text: str) -> str:
    """Return what a person typed as an FTS5 query: every word must begin some word of the row.

    Words are quoted, so that nothing a person types is ever syntax; empty when there is no word.
    """
    words = _WORD.findall(unicodedata.normalize("NFC", text))
    return " AND ".join(f'"{word}" *' for word in words)


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
    return select(categories.c.id).where(categories.c.kind == CategoryKind.TRANSFER.value)


def date_conditions(query: TransactionQuery, seq: ColumnElement[int]) -> list[Condition]:
    """Return the conditions on the dates, on whichever column holds `seq`.

    The search index reads a range of its row ids far faster than it joins and then compares.
    """
    found: list[Condition] = []
    if query.start is not None:
        found.append(seq >= to_day(query.start) << SEQ_BITS)
    if query.end is not None:
        found.append(seq < (to_day(query.end) + 1) << SEQ_BITS)
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
    return found


def fits_daily(query: TransactionQuery) -> bool:
    """Tell whether the roll-up's own columns can answer the query."""
    return query.needs_review is None and not match_expression(query.text)


def text_match(expression: str) -> Condition:
    """Return the condition on the search index."""
    return literal_column("transactions_fts").op("MATCH", is_comparison=True)(expression)


def daily_total() -> ColumnElement[int]:
    """Return the number of rows that roll-up lines stand for."""
    return func.coalesce(func.sum(_S.n), 0)


def _category_condition(query: TransactionQuery) -> Condition:
    named: Condition = _T.category_id.in_(query.categories) if query.categories else false()
    return or_(named, _T.category_id.is_(None)) if query.uncategorized else named
