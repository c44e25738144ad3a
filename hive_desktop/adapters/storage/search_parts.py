"""The parts of a search that indexes other than that of words can answer.

An amount, an account or a category has an index from which the rows that meet it come, and it can
be asked of a row by its number: by the index of the account or category, and by `amounts`, which
has one short line for each row. No row itself is read for that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import and_, false, func, literal_column, or_, select, true

from hive_desktop.adapters.storage import filters, merging
from hive_desktop.adapters.storage.names import KNOWN_TAGS
from hive_desktop.adapters.storage.schema import (
    accounts,
    amounts,
    categories,
    plaid_items,
    row_tags,
    transactions,
)
from hive_desktop.domain.categories import title_of
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.domain.money import minor_digits
from hive_desktop.domain.search import begins

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import ColumnElement, Connection, FromClause, Select

    from hive_desktop.adapters.storage.filters import Condition
    from hive_desktop.domain.search import Bounds, Search

SOME: Final = 20_000
"""Fewer rows than that are made a set."""

SORTED: Final = 40_000
"""Fewer rows than that are put in order where others are seldom among them."""

_T = transactions.c
_OWN_ROWS = transactions.alias("own")
_OWN = _OWN_ROWS.c
_NAMES: Final = select(
    accounts.c.id,
    accounts.c.name,
    accounts.c.own_name,
    accounts.c.official_name,
    accounts.c.mask,
    plaid_items.c.institution,
).select_from(accounts.join(plaid_items, plaid_items.c.id == accounts.c.item_id))
# From one currency to the next by the index: nothing else of the table is read.
_CURRENCIES: Final = """
    WITH RECURSIVE known (currency) AS (
        SELECT min(currency) FROM account_daily
        UNION ALL
        SELECT (SELECT min(currency) FROM account_daily AS d WHERE d.currency > known.currency)
        FROM known WHERE currency IS NOT NULL
    )
    SELECT currency FROM known WHERE currency IS NOT NULL
"""


class Part(NamedTuple):
    """A condition on rows.

    Attributes:
        by_index: as its index has it.
        of_number: that the row of a number meets it, by an index or `amounts`.
        size: how many rows meet it, up to `SOME`, or `SORTED` for an amount.
        of_amount: on a line of `amounts`, where it is one of those.
        lists: each from an index, in the order of rows; a row of one of them meets it.
    """

    by_index: Condition
    of_number: Callable[[ColumnElement[int]], Condition]
    size: int
    of_amount: Callable[[Any], Condition] | None = None
    lists: tuple[merging.List, ...] = ()

    @property
    def is_many(self) -> bool:
        """Tell whether more rows meet it than are made a set."""
        return self.size >= SOME

    def numbers(self, query: TransactionQuery) -> Select[Any]:
        """Return the numbers of the rows in a query's days that meet it, from the index alone."""
        days = TransactionQuery(start=query.start, end=query.end, before=query.before)
        return select(_T.seq).where(self.by_index, *filters.date_conditions(days, _T.seq))

    def sorted_list(self, others: Sequence[Part] = ()) -> merging.List:
        """Return its rows that meet other parts as well as a list, which is sorted first."""
        # The plus sign keeps SQLite from the whole table, which is in order.
        place: ColumnElement[int] = literal_column("+transactions.seq", _T.seq.type)
        found = (self.by_index, *(one.of_number(place) for one in others))
        return merging.List(select(place.label("seq")).where(*found), place)


def _part(
    connection: Connection,
    by_index: Condition,
    of_number: Callable[[ColumnElement[int]], Condition],
) -> Part:
    return Part(by_index, of_number, _size(connection, transactions, by_index, SOME))


def _size(connection: Connection, lines: FromClause, by_index: Condition, most: int) -> int:
    """Return how many lines of a table meet a condition, up to a number."""
    every: Select[Any] = select(literal_column("1")).select_from(lines).where(by_index)
    # To step over rows costs a fifth of counting them in a subquery that has a limit.
    if connection.execute(every.limit(1).offset(most - 1)).first() is not None:
        return most
    counted = select(func.count()).select_from(lines).where(by_index)
    return int(connection.execute(counted).scalar_one())


NOTHING: Final = Part(false(), lambda _: false(), 0)
"""What no row meets."""


class Digits:
    """Which numbers of decimals the currencies of this ledger have."""

    def __init__(self, connection: Connection) -> None:
        self.of: dict[int, list[str]] = {}
        for (currency,) in connection.exec_driver_sql(_CURRENCIES):
            self.of.setdefault(minor_digits(currency), []).append(currency)


def amount_part(connection: Connection, digits: Digits, every: Sequence[Bounds]) -> Part:
    """Return the part of an amount that lies within all these bounds."""
    own = amounts.alias("own")

    def of_amount(row: Any) -> Condition:
        return _within(row, digits, every)

    def of_number(seq: ColumnElement[int]) -> Condition:
        return select(literal_column("1")).where(own.c.seq == seq, of_amount(own.c)).exists()

    if not any(_is_possible(every, places) for places in digits.of or (2,)):
        return NOTHING
    size = _size(connection, transactions, of_amount(_T), SORTED)
    return Part(of_amount(_T), of_number, size, of_amount)


def _is_possible(every: Sequence[Bounds], places: int) -> bool:
    """Tell whether an amount can lie within all these bounds."""
    ends = [bounds.in_minor(places) for bounds in every]
    least = max((one for one, _ in ends if one is not None), default=0)
    most = min((one for _, one in ends if one is not None), default=least)
    return least <= most and len({one.is_in for one in every} - {None}) < 2


def _within(row: Any, digits: Digits, every: Sequence[Bounds]) -> Condition:
    """Return the condition on a row's amount and currency, written as the index has it."""
    size = func.abs(row.amount_minor)
    groups = digits.of or {2: []}
    found: list[Condition] = []
    for places, currencies in groups.items():
        rest: list[Condition] = []
        if len(groups) > 1:
            rest.append(row.currency.in_(currencies))
        for bounds in every:
            rest += _between(size, bounds, places)
            if bounds.is_in is not None:
                rest.append(
                    (row.amount_minor < literal_column("0"))
                    == literal_column(str(int(bounds.is_in)))
                )
                # Nothing is neither.
                rest += [] if bounds.is_in else [size > 0]
        found.append(and_(true(), *rest))
    return or_(*found)


def _between(size: ColumnElement[Any], bounds: Bounds, places: int) -> list[Condition]:
    least, most = bounds.in_minor(places)
    found: list[Condition] = [] if least is None else [size >= least]
    return [*found, *([] if most is None else [size <= most])]


def account_parts(connection: Connection, search: Search, chosen: Sequence[bytes]) -> list[Part]:
    """Return the part of the accounts that are asked for, all at once.

    Args:
        connection: in a transaction.
        search: names accounts.
        chosen: those that a filter keeps; none for all.
    """
    if not (search.accounts or chosen):
        return []
    known = connection.execute(_NAMES).all()
    every = {row[0] for row in known}
    ids = every.intersection(chosen) if chosen else every
    for words in search.accounts:
        named = (row[0] for row in known if begins(" ".join(part or "" for part in row[1:]), words))
        ids = ids.intersection(named)
    if ids == every:
        return []
    return [_of(connection, of_account, _T.account_id, sorted(ids), "transactions_account")]


def label_parts(connection: Connection, search: Search, chosen: Sequence[bytes]) -> list[Part]:
    """Return the part of the categories that are asked for, and one for each label with tags.

    Args:
        connection: in a transaction.
        search: names labels.
        chosen: the categories that a filter keeps; none for all, and for rows without one.
    """
    if not (search.labels or chosen):
        return []
    named = connection.execute(select(categories.c.id, categories.c.name)).all()
    tags = [tag for (tag,) in connection.exec_driver_sql(KNOWN_TAGS)] if search.labels else []
    kept = set(chosen) if chosen else None
    found = []
    for words in search.labels:
        ids = {own for own, name in named if begins(name, words) or begins(title_of(name), words)}
        meant = [one for one in tags if begins(one, words)]
        if not meant:
            kept = ids if kept is None else kept & ids
        elif ids:
            found.append(_either(_of_categories(connection, ids), _tagged(connection, meant)))
        else:
            found.append(_tagged(connection, meant))
    return found if kept is None else [*found, _of_categories(connection, kept)]


def _of_categories(connection: Connection, ids: set[bytes]) -> Part:
    return _of(connection, of_category, _T.category_id, sorted(ids), "transactions_category")


def _tagged(connection: Connection, tags: Sequence[str]) -> Part:
    """Return the part of rows that have one of these tags."""
    of_tags = row_tags.c.tag.in_(tags)

    def of_number(seq: ColumnElement[int]) -> Condition:
        own = row_tags.alias("own_tag").c
        return select(literal_column("1")).where(own.seq == seq, own.tag.in_(tags)).exists()

    size = _size(connection, row_tags, of_tags, SOME)
    numbers = select(row_tags.c.seq)
    by_tag = (numbers.where(row_tags.c.tag == one) for one in tags)
    lists = tuple(merging.List(one, row_tags.c.seq) for one in by_tag)
    return Part(_T.seq.in_(numbers.where(of_tags)), of_number, size, lists=lists)


def _either(one: Part, other: Part) -> Part:
    """Return the part of rows that meet one of two; those that meet both count twice."""
    return Part(
        or_(one.by_index, other.by_index),
        lambda seq: or_(one.of_number(seq), other.of_number(seq)),
        min(one.size + other.size, SOME),
        lists=(*one.lists, *other.lists),
    )


def of_account(seq: ColumnElement[int], ids: Sequence[bytes]) -> Condition:
    """Return the condition that the row of a number is of one of these accounts."""
    return _is_one(_OWN.account_id, "transactions_account", ids, seq)


def of_category(seq: ColumnElement[int], ids: Sequence[bytes]) -> Condition:
    """Return the condition that the row of a number is in one of these categories."""
    return _is_one(_OWN.category_id, "transactions_category", ids, seq)


def _is_one(
    column: ColumnElement[Any], index: str, ids: Sequence[bytes], seq: ColumnElement[int]
) -> Condition:
    found: Select[Any] = select(literal_column("1")).with_hint(_OWN_ROWS, f"INDEXED BY {index}")
    return found.where(column.in_(ids), _OWN.seq == seq).exists()


def _of(
    connection: Connection,
    of_number: Callable[[ColumnElement[int], Sequence[bytes]], Condition],
    column: ColumnElement[Any],
    ids: Sequence[bytes],
    index: str,
) -> Part:
    """Return the part of rows that have one of these in a column, which has an index."""
    if not ids:
        return NOTHING
    part = _part(connection, column.in_(ids), lambda seq: of_number(seq, ids))
    return part._replace(lists=tuple(merging.by_value(column, index, one) for one in ids))
