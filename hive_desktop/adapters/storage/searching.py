"""A search that a person typed (`domain.search`), as SQL over rows' numbers.

The index of words gives its rows newest first, and so does the table. Amounts, accounts and
categories have indexes of their own; how many rows meet such a part is counted up to `_SOME`. Very
few are taken from their index first. Some are made a set, which the newest rows are looked up in.
Where it is many, the newest rows are looked at one by one: a page is full soon. A number that may
be an amount or a word makes two branches, each of which gives its newest rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, product
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import and_, false, func, literal_column, or_, select, true, union

from hive_desktop.adapters.storage import filters
from hive_desktop.adapters.storage.schema import (
    account_daily,
    accounts,
    categories,
    plaid_items,
    transactions,
    transactions_fts,
)
from hive_desktop.domain.money import minor_digits
from hive_desktop.domain.search import begins, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, Connection, Select

    from hive_desktop.adapters.storage.filters import Condition
    from hive_desktop.domain.ledger import TransactionQuery
    from hive_desktop.domain.search import Bounds, Search

_FEW: Final = 500
_SOME: Final = 20_000
_FIRST: Final = 4_000
_MOST_FIGURES: Final = 3
_T = transactions.c
_SEQ = transactions_fts.c.rowid
_WITH_WORDS = transactions_fts.join(transactions, _T.seq == _SEQ)


class _Part(NamedTuple):
    """A condition on rows: by its index, by the row itself, and how many meet it up to `_SOME`."""

    by_index: Condition
    by_row: Condition
    size: int

    def numbers(self) -> Select[Any]:
        """Return the numbers of the rows that meet it, from the index alone."""
        return select(_T.seq).where(self.by_index)


class _Branch(NamedTuple):
    """One way to meet a search: a word index's expression, and parts that rows must meet."""

    expression: str
    parts: tuple[_Part, ...] = ()

    def first(
        self, connection: Connection, query: TransactionQuery, most: int, *, is_oldest: bool
    ) -> list[int]:
        """Return the numbers of its newest or oldest rows; all of them where `most` is below 0."""
        many = [one.by_row for one in self.parts if one.size >= _SOME]
        if self.expression or len(many) > 1:
            found = []
            if many and most >= 0:
                found = self._early(connection, query, most, is_oldest=is_oldest)
            if found and len(found) == most:
                return found
            many = []
        # Rows from an index of their own are few: the plus sign keeps SQLite from the whole table.
        is_led = not self.expression and len(self.parts) > len(many)
        place = literal_column("+transactions.seq") if is_led else self._seq
        order = place.asc() if is_oldest else place.desc()
        listed = self._numbers(query, many).order_by(order).limit(most)
        return list(connection.execute(listed).scalars())

    def every(self, query: TransactionQuery) -> Select[Any]:
        """Return the numbers of all its rows, in no order."""
        return self._numbers(query, [])

    def _early(
        self, connection: Connection, query: TransactionQuery, most: int, *, is_oldest: bool
    ) -> list[int]:
        """Return those of its first rows that are among the first with the words, or of all."""
        order = self._seq.asc() if is_oldest else self._seq.desc()
        dated = select(self._seq.label("seq")).where(*filters.date_conditions(query, self._seq))
        if self.expression:
            dated = dated.where(filters.text_match(self.expression))
        first = dated.order_by(order).limit(_FIRST).subquery("first")
        listed = select(first.c.seq).select_from(first.join(transactions, _T.seq == first.c.seq))
        of_rows = [*(one.by_row for one in self.parts), *filters.row_conditions(query)]
        place = first.c.seq.asc() if is_oldest else first.c.seq.desc()
        ordered = listed.where(*of_rows).order_by(place).limit(most)
        return list(connection.execute(ordered).scalars())

    def _numbers(self, query: TransactionQuery, by_row: list[Condition]) -> Select[Any]:
        by_set = [one for one in self.parts if all(one.by_row is not each for each in by_row)]
        by_set.sort(key=lambda one: one.size)
        of_rows = [*by_row, *filters.row_conditions(query)]
        listed = select(self._seq.label("seq"))
        if not self.expression:
            listed = listed.select_from(transactions)
        else:
            # Without a condition on rows the index of words is read alone.
            source = _WITH_WORDS if of_rows else transactions_fts
            listed = listed.select_from(source).where(filters.text_match(self.expression))
        sets: list[Condition] = [self._place(one).in_(one.numbers()) for one in by_set]
        if sets and not self.expression:
            sets[0] = by_set[0].by_index  # read itself, and not a set first
        return listed.where(*sets, *filters.date_conditions(query, self._seq), *of_rows)

    @property
    def _seq(self) -> ColumnElement[int]:
        return _SEQ if self.expression else _T.seq

    def _place(self, part: _Part) -> ColumnElement[int]:
        """Return where a set is looked up: by the bare column it leads, by +column it follows."""
        if not self.expression:
            return literal_column("+transactions.seq")
        return _SEQ if part.size < _FEW else literal_column("+transactions_fts.rowid")


@dataclass(frozen=True, slots=True)
class Asked:
    """A search of this ledger; a row that meets one of the branches is found."""

    branches: tuple[_Branch, ...]

    @property
    def is_any(self) -> bool:
        """Tell whether every row meets it."""
        return self.branches == (_Branch(""),)

    def first(
        self,
        connection: Connection,
        query: TransactionQuery,
        limit: int | None,
        offset: int = 0,
        *,
        is_oldest: bool = False,
    ) -> list[int]:
        """Return the numbers of the newest or oldest rows that meet search and filters."""
        most = -1 if limit is None else limit + offset
        found = [one.first(connection, query, most, is_oldest=is_oldest) for one in self.branches]
        # One branch gives its rows in order, and each once.
        every = found[0] if len(found) == 1 else sorted(set(chain(*found)), reverse=not is_oldest)
        return every[offset:] if limit is None else every[offset : offset + limit]

    def count(self, connection: Connection, query: TransactionQuery) -> int:
        """Return the number of all such rows."""
        counts = [_counted(one.every(query)) for one in self.branches]
        if len(self.branches) == 2:
            one, other = self.branches
            both = _Branch(one.expression or other.expression, (*one.parts, *other.parts))
            counts.append(_counted(both.every(query)))
            first, second, common = (connection.execute(each).scalar_one() for each in counts)
            return int(first + second - common)
        if len(self.branches) > 1:
            every = union(*(one.every(query) for one in self.branches)).subquery()
            counts = [select(func.count()).select_from(every)]
        return int(connection.execute(counts[0]).scalar_one())


def _counted(listed: Select[Any]) -> Select[Any]:
    return listed.with_only_columns(func.count(), maintain_column_froms=True)


def asked(connection: Connection, text: str) -> Asked:
    """Return what a text asks of this ledger."""
    search = parse(text)
    if search.is_text_only:
        return Asked((_Branch(_expression(search.words, search.phrases)),))
    parts = [*_account_parts(connection, search), *_label_parts(connection, search)]
    if search.is_hopeless:
        parts.append(_Part(false(), false(), 0))
    digits = _Digits(connection)
    parts += [_amount(connection, digits, one) for one in search.amounts]
    # Each figure is an amount or the beginning of words: as many branches as ways to choose.
    ways = [
        (None, _amount(connection, digits, one.bounds))
        if at < _MOST_FIGURES and one.words
        else (None,)
        for at, one in enumerate(search.figures)
    ]
    branches = []
    for chosen in product(*ways):
        words = list(search.words)
        more = list(parts)
        for figure, amount in zip(search.figures, chosen, strict=True):
            if amount is None:
                words += figure.words
            else:
                more.append(amount)
        branches.append(_Branch(_expression(words, search.phrases), tuple(more)))
    return Asked(tuple(branches))


def _expression(words: Iterable[str], phrases: Iterable[Sequence[str]]) -> str:
    """Return an FTS5 query. All is quoted, so that nothing a person types is ever syntax."""
    parts = [f'"{word}" *' for word in words]
    parts += [f'"{" ".join(phrase)}" *' for phrase in phrases]
    return " AND ".join(parts)


def _part(connection: Connection, by_index: Condition, by_row: Condition) -> _Part:
    every: Select[Any] = select(literal_column("1")).select_from(transactions)
    some = every.where(by_index).limit(_SOME).subquery()
    size = connection.execute(select(func.count()).select_from(some)).scalar_one()
    return _Part(by_index, by_row, size)


class _Digits:
    """Which numbers of decimals the currencies of this ledger have."""

    def __init__(self, connection: Connection) -> None:
        found = select(account_daily.c.currency).distinct()
        self.of: dict[int, list[str]] = {}
        for currency in connection.execute(found).scalars():
            self.of.setdefault(minor_digits(currency), []).append(currency)


def _amount(connection: Connection, digits: _Digits, bounds: Bounds) -> _Part:
    groups = digits.of or {2: []}
    by_index, by_row = [], []
    for places, currencies in groups.items():
        rest: list[Condition] = []
        if len(groups) > 1:
            rest.append(_T.currency.in_(currencies))
        if bounds.is_in is not None:
            # As the index has it. Nothing is neither.
            rest.append(literal_column("(amount_minor < 0)") == int(bounds.is_in))
            rest += [] if bounds.is_in else [func.abs(_T.amount_minor) > 0]
        by_index.append(and_(*_between(func.abs(_T.amount_minor), bounds, places), *rest))
        # A plus sign keeps a condition from the index.
        size: ColumnElement[int] = literal_column("+abs(transactions.amount_minor)")
        by_row.append(and_(*_between(size, bounds, places), *rest))
    return _part(connection, or_(*by_index), or_(*by_row))


def _between(size: ColumnElement[Any], bounds: Bounds, places: int) -> list[Condition]:
    least, most = bounds.in_minor(places)
    found: list[Condition] = [] if least is None else [size >= least]
    return [*found, *([] if most is None else [size <= most])]


def _account_parts(connection: Connection, search: Search) -> list[_Part]:
    if not search.accounts:
        return []
    known = connection.execute(
        select(
            accounts.c.id,
            accounts.c.name,
            accounts.c.own_name,
            accounts.c.official_name,
            accounts.c.mask,
            plaid_items.c.institution,
        ).select_from(accounts.join(plaid_items, plaid_items.c.id == accounts.c.item_id))
    ).all()
    found = []
    for words in search.accounts:
        ids = [row[0] for row in known if begins(" ".join(part or "" for part in row[1:]), words)]
        found.append(_of(connection, _T.account_id, "+transactions.account_id", ids))
    return found


def _label_parts(connection: Connection, search: Search) -> list[_Part]:
    if not search.labels:
        return []
    named = connection.execute(select(categories.c.id, categories.c.name)).all()
    tag = func.json_each(_T.tags).table_valued("value", name="tag")
    tagged_rows = transactions.join(tag, true())
    has_tags = _T.tags.is_not(None)
    tags = (
        connection.execute(select(tag.c.value).distinct().select_from(tagged_rows).where(has_tags))
        .scalars()
        .all()
    )
    found = []
    for words in search.labels:
        ids = [row[0] for row in named if begins(row[1], words)]
        meant = [one for one in tags if begins(str(one), words)]
        part = _of(connection, _T.category_id, "+transactions.category_id", ids)
        if meant:
            numbers = (
                select(_T.seq).select_from(tagged_rows).where(has_tags, tag.c.value.in_(meant))
            )
            tagged = _T.seq.in_(numbers)
            part = _part(connection, or_(part.by_index, tagged), or_(part.by_row, tagged))
        found.append(part)
    return found


def _of(
    connection: Connection, column: ColumnElement[Any], by_row: str, ids: Sequence[bytes]
) -> _Part:
    if not ids:
        return _Part(false(), false(), 0)
    return _part(connection, column.in_(ids), literal_column(by_row).in_(ids))
