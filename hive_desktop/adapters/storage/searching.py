"""A search that a person typed (`domain.search`), as SQL over rows' numbers.

The index of words gives its rows newest first, and so do those of accounts, categories and tags,
and `amounts`. Lists that are in order are read side by side (`merging`), as far as the page needs.
Where few rows meet a part (`search_parts`), they are taken from its index, and each is asked for
the others. Of an amount that many rows have, each row that the lists have in common is asked: at
first those of the newest days, and if they do not fill the page, all; or its rows become one more
list, where they are not too many to be sorted. Where nothing else gives rows, the newest are asked,
and then all of the smallest part. A number that may be an amount or a word makes two branches, each
of which gives its newest rows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import product
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import func, literal_column, select, union

from hive_desktop.adapters.storage import filters, merging, word_index
from hive_desktop.adapters.storage.bulk import json_keys
from hive_desktop.adapters.storage.names import SEQ_BITS
from hive_desktop.adapters.storage.schema import amounts, transactions, transactions_fts
from hive_desktop.adapters.storage.search_parts import (
    NOTHING,
    SORTED,
    Digits,
    account_parts,
    amount_part,
    label_parts,
)
from hive_desktop.adapters.storage.word_index import NO_WORDS
from hive_desktop.domain.days import from_day
from hive_desktop.domain.search import Search, parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Column, ColumnElement, Connection, Select

    from hive_desktop.adapters.storage.filters import Condition
    from hive_desktop.adapters.storage.search_parts import Part
    from hive_desktop.adapters.storage.word_index import Words
    from hive_desktop.domain.ledger import TransactionQuery

_FEW: Final = 64
_SOME: Final = 10_000
_SHARE: Final = 12
_FIRST: Final = 8_000
_FURTHER: Final = 6
_NEAR: Final = 1_000
_MOST_FIGURES: Final = 3
_T = transactions.c
_A = amounts.c
_PLUS_SEQ: Final = "+transactions.seq"
_SEQ = transactions_fts.c.rowid
_WITH_WORDS = transactions_fts.join(transactions, _T.seq == _SEQ)


class _Branch(NamedTuple):
    """One way to meet a search: what the index of words is asked, and parts that rows must meet."""

    words: Words = NO_WORDS
    parts: tuple[Part, ...] = ()

    @property
    def expression(self) -> str:
        """Return the word index's query."""
        return self.words.expression

    @property
    def is_nothing(self) -> bool:
        """Tell whether no row can meet it."""
        return _has(self.parts, NOTHING)

    def first(
        self,
        connection: Connection,
        query: TransactionQuery,
        limit: int | None,
        offset: int,
        *,
        is_oldest: bool,
    ) -> list[int]:
        """Return the numbers of its newest or oldest rows; all of them where `limit` is None."""
        if self.is_nothing:
            return []
        is_near = limit is not None and limit + offset <= _NEAR
        if limit is not None and is_near and self._is_merged(query):
            return self._near(connection, query, limit + offset, is_oldest=is_oldest)[offset:]
        if is_near and self._is_along(query):
            for most in (_FIRST, _FIRST * _FURTHER):
                early = self._along(query, most, is_oldest=is_oldest).limit(limit).offset(offset)
                found = list(connection.execute(early).scalars())
                if len(found) == limit:
                    return found
                if len(found) * _FURTHER < (limit or 0):
                    break
            listed = self._ordered(query, is_oldest=is_oldest)
        else:
            listed = self.listed(query, is_oldest=is_oldest)
        most = -1 if limit is None else limit
        return list(connection.execute(listed.limit(most).offset(offset)).scalars())

    def listed(self, query: TransactionQuery, *, is_oldest: bool = False) -> Select[Any]:
        """Return the numbers of all its rows in their order, of which many will be read."""
        if self._is_merged(query):
            return self._merged(query, is_oldest=is_oldest)
        is_one = len(self.parts) == 1 and self.parts[0].of_amount is None
        if self._is_along(query) and not is_one:
            return self._along(query, None, is_oldest=is_oldest)
        return self._ordered(query, is_oldest=is_oldest)

    def every(self, query: TransactionQuery) -> Select[Any]:
        """Return the numbers of all its rows, in no order."""
        is_merged = bool(self.parts) and self._is_merged(query)
        return self._merged(query) if is_merged else self._numbers(query)

    def _is_merged(self, query: TransactionQuery) -> bool:
        """Tell whether lists that are in order give the rows, and no small set does so sooner."""
        is_one = len(self.parts) == 1
        least = _FEW if self.expression else 0 if is_one else _SOME
        is_small = any(one.size < least for one in self.parts) or filters.is_of_few(query)
        return not is_small and bool(self.expression or self._listed_parts())

    def _listed_parts(self) -> list[Part]:
        """Return the parts whose lists are read side by side: several of one, and one of others."""
        fit = [one for one in self.parts if 0 < len(one.lists) <= merging.MOST_LISTS]
        several = [one for one in fit if len(one.lists) > 1]
        return [one for one in fit if len(one.lists) == 1] + several[:1]

    def _near(
        self, connection: Connection, query: TransactionQuery, most: int, *, is_oldest: bool
    ) -> list[int]:
        """Return its first rows: those of the first days, and of the others if they are too few."""
        found: list[int] = []
        is_asked = len(self._listed_parts()) < len(self.parts) or filters.row_conditions(query)
        is_small = self._leader() is not None or self.words.size < word_index.SOME
        is_whole = is_small or not is_asked
        days = [] if is_whole else _first_days(connection, query, is_oldest=is_oldest)
        for some in days or [query]:
            is_rest = some is (days or [query])[-1]
            listed = self._merged(some, is_rest=is_rest, is_oldest=is_oldest)
            found += connection.execute(listed.limit(most - len(found))).scalars()
            if len(found) == most:
                break
        return found

    def _leader(self) -> Part | None:
        """Return the smallest part where it is small: its rows are asked for the other parts."""
        smallest = min(self.parts, key=lambda one: one.size, default=None)
        if smallest is None or not (self.expression or len(self.parts) > 1):
            return None
        return smallest if smallest.size < min(_SOME, self.words.size) else None

    def _merged(
        self, query: TransactionQuery, *, is_rest: bool = True, is_oldest: bool = False
    ) -> Select[Any]:
        """Return the numbers of its rows in order, by lists that are read side by side.

        Args:
            query: the filters beside them.
            is_rest: whether rows are seldom met: some amounts are one more list then, which is
                sorted first; else each row is asked for its own.
            is_oldest: begin with the oldest.
        """
        asked: list[Part] = []
        lists: list[tuple[merging.List, ...]] = []
        if (leader := self._leader()) is not None:
            lists.append((leader.sorted_list([one for one in self.parts if one is not leader]),))
        elif self.words.size < word_index.SOME:
            asked = list(self.parts)
        else:
            listed = self._listed_parts()
            lists += [one.lists for one in listed]
            for one in (one for one in self.parts if not _has(listed, one)):
                if is_rest and one.of_amount is not None and one.size < SORTED:
                    lists.append((one.sorted_list(),))
                else:
                    asked.append(one)
        if self.expression:
            lists.append((merging.by_words(self.expression),))
        met = merging.merged(lists, query, is_oldest=is_oldest)
        found = [one.of_number(met.c.seq) for one in asked]
        if of_rows := filters.row_conditions(query):
            rows: Select[Any] = select(literal_column("1")).select_from(transactions)
            found.append(rows.where(_T.seq == met.c.seq, *of_rows).correlate(met).exists())
        return select(met.c.seq).where(*found)

    def _is_along(self, query: TransactionQuery) -> bool:
        """Tell whether nothing but the order of all rows gives its own in their order."""
        is_many = all(one.is_many for one in self.parts)
        is_any = self.expression or not self.parts
        return is_many and not is_any and not filters.is_of_few(query)

    def _along(self, query: TransactionQuery, most: int | None, *, is_oldest: bool) -> Select[Any]:
        """Return the numbers of those of the ledger's first rows, or of all, that it has."""
        order = _A.seq.asc() if is_oldest else _A.seq.desc()
        dated = select(amounts).where(*filters.date_conditions(query, _A.seq))
        first = dated.order_by(order).limit(-1 if most is None else most).subquery("first")
        seq = first.c.seq
        listed = select(seq)
        for one in self.parts:
            of_own = one.of_amount
            listed = listed.where(of_own(first.c) if of_own is not None else one.of_number(seq))
        if of_rows := filters.row_conditions(query):
            joined = first.join(transactions, _T.seq == literal_column("+first.seq"))
            listed = listed.select_from(joined).where(*of_rows)
        return listed.order_by(seq.asc() if is_oldest else seq.desc())

    def _ordered(self, query: TransactionQuery, *, is_oldest: bool) -> Select[Any]:
        place: ColumnElement[int] = self._seq
        is_led = self.parts and not self.expression and not filters.is_of_few(query)
        if self._leads(query) or is_led:
            # The plus sign keeps SQLite from the whole table.
            place = literal_column(_PLUS_SEQ)
        return self._numbers(query).order_by(place.asc() if is_oldest else place.desc())

    def _numbers(self, query: TransactionQuery) -> Select[Any]:
        parts = sorted(self.parts, key=lambda one: one.size)
        follow: ColumnElement[int] = literal_column(
            "+transactions_fts.rowid" if self.expression else _PLUS_SEQ
        )
        found: list[Condition] = []
        of_rows = filters.row_conditions(query)
        listed = select(self._seq.label("seq"))
        if self.expression:
            # Without a condition on rows the index of words is read alone.
            source = _WITH_WORDS if of_rows else transactions_fts
            listed = listed.select_from(source).where(filters.text_match(self.expression))
        else:
            listed = listed.select_from(transactions)
            if self._leads(query):
                found.append(parts.pop(0).by_index)
        for one in parts:
            # A set is led by the bare column where it is very small, and follows +column.
            place = _SEQ if self.expression and one.size < _FEW else follow
            found.append(one.of_number(follow) if one.is_many else place.in_(one.numbers(query)))
        return listed.where(*found, *filters.date_conditions(query, self._seq), *of_rows)

    def _leads(self, query: TransactionQuery) -> bool:
        """Tell whether the smallest part gives the rows, and not words or what the filters name."""
        is_many = all(one.is_many for one in self.parts)
        return bool(self.parts) and not self.expression and not (is_many and filters.is_led(query))

    @property
    def _seq(self) -> Column[int]:
        return _SEQ if self.expression else _T.seq


@dataclass(frozen=True, slots=True)
class Asked:
    """A search of this ledger, and the filters beside it; a row that meets a branch is found.

    Attributes:
        query: the filters, but for those that are parts of each branch.
    """

    branches: tuple[_Branch, ...]
    query: TransactionQuery

    @property
    def is_any(self) -> bool:
        """Tell whether the search has nothing in it: what the filters keep is found."""
        return self.branches == (_Branch(),)

    def first(
        self,
        connection: Connection,
        limit: int | None,
        offset: int = 0,
        *,
        is_oldest: bool = False,
    ) -> list[int]:
        """Return the numbers of the newest or oldest rows that meet search and filters."""
        query = self.query
        if len(self.branches) == 1:  # it gives its rows in order, and each once
            (only,) = self.branches
            return only.first(connection, query, limit, offset, is_oldest=is_oldest)
        most = None if limit is None else limit + offset
        every: list[int] = []
        for one in self.branches:
            fresh = one.first(connection, query, most, 0, is_oldest=is_oldest)
            every = sorted({*every, *fresh}, reverse=not is_oldest)[:most]
            if every and len(every) == most:
                query = _within_reach(query, every[-1], is_oldest=is_oldest)
        return every[offset:]

    def newest(self, connection: Connection, most: int) -> Select[Any]:
        """Return the numbers of the newest rows, as a set for another statement."""
        if len(self.branches) == 1:
            return select(self.branches[0].listed(self.query).limit(most).subquery().c.seq)
        numbers = json_keys(self.first(connection, most))
        return select(func.json_each(numbers).table_valued("value").c.value)

    def every(self) -> Select[Any]:
        """Return the numbers of all such rows, in no order."""
        numbers = [one.every(self.query) for one in self.branches]
        return numbers[0] if len(numbers) == 1 else select(union(*numbers).subquery().c.seq)

    def count(self, connection: Connection) -> int:
        """Return the number of all such rows."""
        counts = [_counted(one.every(self.query)) for one in self.branches]
        if len(self.branches) == 2:
            one, other = self.branches
            words = one.words if one.expression else other.words
            others = (part for part in other.parts if not _has(one.parts, part))
            both = _Branch(words, (*one.parts, *others))
            counts.append(_counted(both.every(self.query)))
            first, second, common = (connection.execute(each).scalar_one() for each in counts)
            return int(first + second - common)
        if len(self.branches) > 1:
            counts = [select(func.count()).select_from(self.every().subquery())]
        return int(connection.execute(counts[0]).scalar_one())


def _first_days(
    connection: Connection, query: TransactionQuery, *, is_oldest: bool
) -> list[TransactionQuery]:
    """Return a query as two: of the first days of the ledger that it has, and of the others."""
    days = filters.day_conditions(query, _A.seq)
    # One end by one statement: for both at once SQLite reads all that is between.
    ends = (select(end(_A.seq)).where(*days) for end in (func.min, func.max))
    first, last = (connection.execute(one).scalar() for one in ends)
    if first is None or last is None:
        return [query]
    first, last = first >> SEQ_BITS, last >> SEQ_BITS
    some = (last - first) // _SHARE
    if is_oldest:
        day = from_day(first + some)
        return [replace(query, end=day), replace(query, start=day + timedelta(days=1))]
    day = from_day(last - some)
    return [replace(query, start=day), replace(query, end=day - timedelta(days=1))]


def _within_reach(query: TransactionQuery, seq: int, *, is_oldest: bool) -> TransactionQuery:
    """Leave out the days that come after a row in the list."""
    day = from_day(seq >> SEQ_BITS)
    if is_oldest:
        return replace(query, end=min(query.end or day, day))
    return replace(query, start=max(query.start or day, day))


def _has(parts: Sequence[Part], part: Part) -> bool:
    return any(one is part for one in parts)


def _counted(listed: Select[Any]) -> Select[Any]:
    return listed.with_only_columns(func.count(), maintain_column_froms=True)


def asked(connection: Connection, query: TransactionQuery) -> Asked:
    """Return what the text and the filters of a query ask of this ledger."""
    search = parse(query.text)
    if search == Search():
        return Asked((_Branch(),), query)
    chosen = () if query.uncategorized else query.categories
    parts = [
        *account_parts(connection, search, query.accounts),
        *label_parts(connection, search, chosen),
    ]
    query = replace(query, accounts=(), categories=() if chosen else query.categories)
    nothing = Asked((_Branch(parts=(NOTHING,)),), query)
    if search.is_hopeless or _has(parts, NOTHING):
        return nothing
    digits = Digits(connection)
    # Each figure is an amount or the beginning of words: as many branches as ways to choose.
    ways = [
        (None, one.bounds) if at < _MOST_FIGURES and one.words else (None,)
        for at, one in enumerate(search.figures)
    ]
    branches = []
    for figures in product(*ways):
        words = list(search.words)
        bounds = list(search.amounts)
        for figure, of_figure in zip(search.figures, figures, strict=True):
            if of_figure is None:
                words += figure.words
            else:
                bounds.append(of_figure)
        more = [*parts, *([amount_part(connection, digits, bounds)] if bounds else [])]
        if not _has(more, NOTHING):
            text = word_index.asked(connection, words, search.phrases, sized=bool(more))
            branches.append(_Branch(text, tuple(more)))
    return Asked(tuple(branches), query) if branches else nothing
