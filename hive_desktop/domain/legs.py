"""Which rows could be the two ends of one transfer: every candidate, with nothing decided yet.

An edge joins an outflow and an inflow of two accounts, at most four days apart, whose amounts are
opposite and equal, or agree by a rate that somebody vouches for. `domain.transfers` decides.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from hive_desktop.domain.looks import Looks
from hive_desktop.domain.money import minor_digits
from hive_desktop.domain.rates import RateBook, RateSource, inverse, printed_rate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hive_desktop.domain.ledger import AccountId, TransactionId

MAX_DAYS: Final = 4

_CROWD: Final = 64
"""More partners than this are not listed one by one: such rows are ambiguous whatever they are."""

# How far the arrived amount may lie from the converted one, as a share of it. A printed rate is the
# bank's own and only rounded; an entered one leaves room for the day, a median for a margin too.
_SLACK: Final = {
    RateSource.PRINTED: Decimal("0.001"),
    RateSource.ENTERED: Decimal("0.005"),
    RateSource.MEDIAN: Decimal("0.01"),
}
_WIDEST: Final = max(_SLACK.values())


class Leg(NamedTuple):
    """One row that may be an end of a transfer.

    Args:
        id: the row's.
        account_id: the account that it stands in.
        day: when it was booked, as a day number.
        amount_minor: minor units; positive = money out of the account.
        currency: the amount's.
        text: name and description, in which a rate may be printed.
        looks: what it looks like by itself.
        is_spoken_for: the person gave it a category of expense or income, so that at most a
            question may be asked about it.
    """

    id: TransactionId
    account_id: AccountId
    day: int
    amount_minor: int
    currency: str
    text: str
    looks: Looks
    is_spoken_for: bool


class Edge(NamedTuple):
    """An outflow and an inflow that could be one transfer.

    `rate` is what one unit of the outflow's currency became in the inflow's; None in one currency.
    `is_contradicted`: a description prints a rate, and the amounts agree by another one only.
    """

    out: Leg
    into: Leg
    rate: Decimal | None = None
    source: RateSource | None = None
    is_contradicted: bool = False


@dataclass(slots=True)
class Candidates:
    """All edges among some rows, and the rows of which not every edge was listed."""

    edges: list[Edge] = field(default_factory=list)
    crowded: set[TransactionId] = field(default_factory=set)


def candidates(legs: Sequence[Leg], rates: RateBook) -> Candidates:
    """Return every edge, in an order that does not depend on the order of `legs`."""
    outs = sorted((leg for leg in legs if leg.amount_minor > 0), key=_order)
    ins = sorted((leg for leg in legs if leg.amount_minor < 0), key=_order)
    found = Candidates()
    _join_in_one_currency(found, outs, ins)
    if len({leg.currency for leg in legs}) > 1:
        _join_across(found, outs, ins, rates)
    return found


def may_meet(out: Leg, into: Leg) -> bool:
    """Tell whether account and day allow two rows to be one transfer."""
    return out.account_id != into.account_id and abs(out.day - into.day) <= MAX_DAYS


def agrees(out: Leg, into: Leg, rate: Decimal, source: RateSource) -> bool:
    """Tell whether two amounts are each other's value by a rate (`out`'s unit in `into`'s).

    A printed rate allows 0.1 % and one minor unit of rounding, an entered one 0.5 %, a median 1 %.
    """
    expected = _value(out.amount_minor, rate, out.currency, into.currency)
    rounding = 1 if source is RateSource.PRINTED else 0
    return abs(-into.amount_minor - expected) <= expected * _SLACK[source] + rounding


def join(out: Leg, into: Leg, rates: RateBook) -> Edge | None:
    """Return the edge between an outflow and an inflow in two currencies, by the surest rate."""
    rate: Decimal | None
    printed = [
        rate
        for text in (out.text, into.text)
        if (rate := printed_rate(text, out.currency, into.currency)) is not None
    ]
    for given in printed:
        for rate in (given, inverse(given)):
            if agrees(out, into, rate, RateSource.PRINTED):
                return Edge(out, into, rate, RateSource.PRINTED)
    known = rates.find(out.currency, into.currency, out.day)
    if known is None or not agrees(out, into, *known):
        return None
    return Edge(out, into, *known, is_contradicted=bool(printed))


def _order(leg: Leg) -> tuple[int, TransactionId]:
    return leg.day, leg.id


def _day(leg: Leg) -> int:
    return leg.day


def _size(leg: Leg) -> int:
    return abs(leg.amount_minor)


def _are_bought(out: Leg, into: Leg) -> bool:
    # Of two purchases, one is the other's refund, or a stranger of the same price.
    return out.looks is Looks.PURCHASE and into.looks is Looks.PURCHASE


def _value(amount_minor: int, rate: Decimal, base: str, quote: str) -> Decimal:
    return (amount_minor * rate).scaleb(minor_digits(quote) - minor_digits(base))


def _join_in_one_currency(found: Candidates, outs: Iterable[Leg], ins: Iterable[Leg]) -> None:
    groups: defaultdict[tuple[str, int], list[Leg]] = defaultdict(list)
    for into in ins:
        groups[into.currency, -into.amount_minor].append(into)
    for out in outs:
        group = groups.get((out.currency, out.amount_minor))
        if group is None:
            continue
        first = bisect_left(group, out.day - MAX_DAYS, key=_day)
        last = bisect_right(group, out.day + MAX_DAYS, key=_day)
        if last - first > _CROWD:
            found.crowded.add(out.id)
            if group[0].id not in found.crowded:
                found.crowded.update(leg.id for leg in group)
            last = first + _CROWD
        found.edges += [
            Edge(out, into)
            for into in group[first:last]
            if may_meet(out, into) and not _are_bought(out, into)
        ]


def _join_across(
    found: Candidates, outs: Sequence[Leg], ins: Sequence[Leg], rates: RateBook
) -> None:
    """Add the edges between two currencies, looked up by the amount that each rate would give."""
    seen: set[tuple[TransactionId, TransactionId]] = set()
    book = _Remembered(rates)
    for out, into in (*_by_outflow(outs, ins, book), *_by_printed_inflow(outs, ins)):
        if (out.id, into.id) in seen or not may_meet(out, into) or _are_bought(out, into):
            continue
        seen.add((out.id, into.id))
        edge = join(out, into, book)
        if edge is not None:
            found.edges.append(edge)


def _by_outflow(
    outs: Iterable[Leg], ins: Sequence[Leg], book: _Remembered
) -> Iterator[tuple[Leg, Leg]]:
    amounts = _Amounts(ins)
    for out in outs:
        for currency in amounts.currencies:
            if currency == out.currency:
                continue
            guesses = _both_ways(printed_rate(out.text, out.currency, currency))
            known = book.find(out.currency, currency, out.day)
            for rate in (*guesses, *([known[0]] if known else [])):
                expected = _value(out.amount_minor, rate, out.currency, currency)
                yield from ((out, into) for into in amounts.near(currency, out.day, expected))


def _by_printed_inflow(outs: Sequence[Leg], ins: Iterable[Leg]) -> Iterator[tuple[Leg, Leg]]:
    amounts = _Amounts(outs)
    for into in ins:
        for currency in amounts.currencies:
            for rate in _both_ways(printed_rate(into.text, into.currency, currency)):
                expected = _value(-into.amount_minor, rate, into.currency, currency)
                yield from ((out, into) for out in amounts.near(currency, into.day, expected))


def _both_ways(rate: Decimal | None) -> tuple[Decimal, ...]:
    return () if rate is None else (rate, inverse(rate))


class _Remembered(RateBook):
    """A book that looks each day and pair of currencies up once."""

    __slots__ = ("_book", "_known")

    def __init__(self, book: RateBook) -> None:
        super().__init__()
        self._book = book
        self._known: dict[tuple[str, str, int], tuple[Decimal, RateSource] | None] = {}

    def find(self, base: str, quote: str, day: int) -> tuple[Decimal, RateSource] | None:
        key = (base, quote, day)
        if key not in self._known:
            self._known[key] = self._book.find(*key)
        return self._known[key]


class _Amounts:
    """Rows by currency and day, in the order of their amounts."""

    def __init__(self, legs: Sequence[Leg]) -> None:
        self.currencies = sorted({leg.currency for leg in legs})
        self._by_day: defaultdict[tuple[str, int], list[Leg]] = defaultdict(list)
        for leg in legs:
            self._by_day[leg.currency, leg.day].append(leg)
        for day in self._by_day.values():
            day.sort(key=lambda leg: (_size(leg), leg.id))

    def near(self, currency: str, around: int, expected_minor: Decimal) -> Iterator[Leg]:
        """Return the rows of these days whose amounts lie within the widest slack."""
        room = expected_minor * _WIDEST + 1
        least, most = int(expected_minor - room), int(expected_minor + room) + 1
        for day in range(around - MAX_DAYS, around + MAX_DAYS + 1):
            legs = self._by_day.get((currency, day))
            if legs is not None:
                first = bisect_left(legs, least, key=_size)
                yield from legs[first : bisect_right(legs, most, key=_size)]
