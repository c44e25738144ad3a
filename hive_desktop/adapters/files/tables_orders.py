"""In which order a table's dates are, and which mark its decimals have: over all of its rows."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final, NamedTuple

from hive_desktop.adapters.files import tables_reasons as reasons
from hive_desktop.adapters.files.amounts import marks_of, proves_mark
from hive_desktop.adapters.files.dates import looks_like_date, orders_of, read_day
from hive_desktop.domain.csv_layouts import DateOrder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_PLANNED: Final = 45  # days
_A_MONTH: Final = 31


class Judged(NamedTuple):
    """What was decided, how surely (0 to 1), and what is to be said of it."""

    value: str
    confidence: float
    why: str = ""


class Hints(NamedTuple):
    """What other marks than dates say of where a table comes from.

    Attributes:
        is_american: they are as in the United States.
        is_european: they are as on the continent of Europe, or the money is another's.
        has_dollars: the amounts are in dollars.
        today: the day that the table is read on; 0 where that says nothing.
    """

    is_american: bool
    is_european: bool
    has_dollars: bool = False
    today: int = 0


def date_order(cells: Sequence[str], hints: Hints) -> Judged:
    """Return the one order in which the dates of a column can be read, or the likeliest.

    Args:
        cells: the distinct cells of the column, in the order of the rows.
        hints: what the rest of the table says.
    """
    votes = dict.fromkeys(DateOrder, 0)
    dated = 0
    for cell in cells:
        orders = orders_of(cell)
        if not orders:
            continue
        dated += 1
        for one in orders:
            votes[one] += 1
    if not dated:
        return Judged(DateOrder.YMD, 1.0 if any(map(looks_like_date, cells)) else 0.3)
    most = max(votes.values())
    best = [one for one in DateOrder if votes[one] == most]
    share = most / dated
    sure = 1.0 if share == 1 else 0.6 if share < 0.9 else 0.85
    if len(best) == 1:
        if best[0] is DateOrder.YMD and _is_short(cells):
            return Judged(best[0], min(sure, 0.85), reasons.ORDER_BY_ROWS)
        return Judged(best[0], sure)
    if len(best) == 3 and not any(map(_is_short, ([one] for one in cells))):
        return Judged(DateOrder.YMD, sure)
    if DateOrder.YMD in best:
        return _with_short_year(cells, best, sure, hints)
    return _by_rows(cells, best, hints)


def _with_short_year(
    cells: Sequence[str], best: list[DateOrder], sure: float, hints: Hints
) -> Judged:
    """Judge dates of three pairs of digits, of which the first or the last may be the year."""
    parts = [_pairs(one) for one in cells]
    first = len({one[0] for one in parts if one})
    last = len({one[2] for one in parts if one})
    if last > first:
        return Judged(DateOrder.YMD, 0.7, reasons.ORDER_BY_ROWS)
    left = [one for one in best if one is not DateOrder.YMD]
    if len(left) == 1:
        return Judged(left[0], min(sure, 0.93 if first > last else 0.7), reasons.ORDER_BY_ROWS)
    return _by_rows(cells, left, hints._replace(is_european=False))


def _by_rows(cells: Sequence[str], best: Sequence[DateOrder], hints: Hints) -> Judged:
    """Judge dates that could all be read in both orders: by how rows follow each other."""
    days = {one: [read_day(cell, one) for cell in cells] for one in best}
    told = _by_days(days, hints.today)
    if told is not None:
        return told
    if any("." in cell for cell in cells):
        return Judged(DateOrder.DMY, 0.9, reasons.ORDER_BY_ROWS)
    if hints.is_european and not hints.is_american:
        return Judged(DateOrder.DMY, 0.85, reasons.ORDER_UNSURE)
    near = None if hints.has_dollars else _nearest(days)
    if near is not None:
        return Judged(near, 0.7, reasons.ORDER_UNSURE)
    if hints.is_american and not hints.is_european:
        return Judged(DateOrder.MDY, 0.75 if hints.has_dollars else 0.7, reasons.ORDER_UNSURE)
    return Judged(DateOrder.DMY, 0.55, reasons.ORDER_UNSURE)


def _by_days(days: Mapping[DateOrder, list[int | None]], today: int) -> Judged | None:
    """Judge by what days cannot be: far ahead, or now before and now behind each other."""
    if today:
        past = [one for one, found in days.items() if not _is_ahead(found, today)]
        if len(past) == 1:
            return Judged(past[0], 0.9, reasons.ORDER_BY_ROWS)
    runs = {one: _disorder(found) for one, found in days.items()}
    calm = [one for one in days if runs[one] == 0]
    if len(calm) != 1:
        return None
    count = len(days[calm[0]])
    if count >= 5 and max(runs.values()) >= 2:
        return Judged(calm[0], 0.9, reasons.ORDER_BY_ROWS)
    return Judged(calm[0], 0.7, reasons.ORDER_BY_ROWS) if count >= 3 else None


def _is_ahead(days: Sequence[int | None], today: int) -> bool:
    """Return whether a day lies further ahead than what a bank has planned."""
    return any(one is not None and one > today + _PLANNED for one in days)


def _nearest(days: Mapping[DateOrder, list[int | None]]) -> DateOrder | None:
    """Return the order in which the rows lie close together, where in the other they do not."""
    spans = {}
    for order, found in days.items():
        known = [one for one in found if one is not None]
        spans[order] = max(known) - min(known) if known else 0
    least = min(spans, key=lambda one: spans[one])
    others = [span for order, span in spans.items() if order is not least]
    is_near = 0 < spans[least] <= _A_MONTH and all(one > 4 * spans[least] for one in others)
    return least if is_near else None


def _disorder(days: list[int | None]) -> int:
    """Return how often days go against the direction in which most go."""
    known = [one for one in days if one is not None]
    steps = [b - a for a, b in itertools.pairwise(known)]
    return min(sum(one < 0 for one in steps), sum(one > 0 for one in steps))


def _pairs(cell: str) -> list[str]:
    parts = "".join(one if one.isdigit() else " " for one in cell).split()
    if len(parts) == 1 and len(parts[0]) == 6:
        parts = [parts[0][:2], parts[0][2:4], parts[0][4:]]
    return parts[:3] if len(parts) >= 3 else []


def _is_short(cells: Sequence[str]) -> bool:
    """Return whether the years have two digits."""
    parts = [_pairs(one) for one in cells if looks_like_date(one)]
    return any(one and len(one[0]) == 2 and len(one[2]) == 2 for one in parts)


def decimal_mark(cells: Iterable[str], *, likely: str, digits: int = 2) -> Judged:
    """Return the decimal mark of amounts.

    Args:
        cells: the amounts as they stand there.
        likely: what is taken where no amount has any mark.
        digits: how many decimals the currency has, two where it is not known.
    """
    proven = {".": 0, ",": 0}
    open_ones = []
    for cell in cells:
        mark = proves_mark(cell)
        if mark:
            proven[mark] += 1
        elif ("." in cell or "," in cell) and marks_of(cell):
            open_ones.append(cell)
    point, comma = proven["."], proven[","]
    if point or comma:
        mark = "." if point >= comma else ","
        return Judged(mark, 1.0 if not min(point, comma) else 0.6)
    if not open_ones:
        return Judged(likely, 1.0)
    points = sum("." in one for one in open_ones)
    if 0 < points < len(open_ones) or digits > 2:
        return Judged(likely, 0.55, reasons.MARK_UNSURE)
    # Three digits behind each mark are thousands: hardly anybody writes a third decimal.
    other = "," if points else "."
    is_sure = len(open_ones) > 2 and any(_last_digit(one) != "0" for one in open_ones)
    return Judged(other, 0.9 if is_sure else 0.55, reasons.MARK_UNSURE)


def _last_digit(cell: str) -> str:
    return next((one for one in reversed(cell) if one.isdigit()), "0")
