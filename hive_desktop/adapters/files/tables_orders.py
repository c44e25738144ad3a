"""In which order a table's dates are, and which mark its decimals have: over all of its rows."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final, NamedTuple

from hive_desktop.adapters.files import tables_reasons as reasons
from hive_desktop.adapters.files.amounts import marks_of, proves_mark
from hive_desktop.adapters.files.dates import looks_like_date, orders_of, read_day
from hive_desktop.domain.csv_layouts import DateOrder

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_DAY_OR_MONTH: Final = frozenset({DateOrder.DMY, DateOrder.MDY})


class Judged(NamedTuple):
    """What was decided, how surely (0 to 1), and what is to be said of it."""

    value: str
    confidence: float
    why: str = ""


def date_order(cells: Sequence[str], *, is_american: bool, is_european: bool) -> Judged:
    """Return the one order in which the dates of a column can be read, or the likeliest.

    Args:
        cells: the distinct cells of the column, in the order of the rows.
        is_american: the table's other marks are as in the United States.
        is_european: they are as on the continent of Europe.
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
        return _with_short_year(cells, best, sure, is_american=is_american)
    return _by_rows(cells, best, is_american=is_american, is_european=is_european)


def _with_short_year(
    cells: Sequence[str], best: list[DateOrder], sure: float, *, is_american: bool
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
    return _by_rows(cells, left, is_american=is_american, is_european=False)


def _by_rows(
    cells: Sequence[str], best: Sequence[DateOrder], *, is_american: bool, is_european: bool
) -> Judged:
    """Judge dates that could all be read in both orders: by how rows follow each other."""
    runs = {one: _disorder([read_day(cell, one) for cell in cells]) for one in best}
    calm = [one for one in best if runs[one] == 0]
    if len(calm) == 1 and len(cells) >= 5:
        other = next(one for one in best if one is not calm[0])
        if runs[other] >= 2:
            return Judged(calm[0], 0.9, reasons.ORDER_BY_ROWS)
    if len(calm) == 1 and len(cells) >= 3:
        return Judged(calm[0], 0.7, reasons.ORDER_BY_ROWS)
    if any("." in cell for cell in cells):
        return Judged(DateOrder.DMY, 0.9, reasons.ORDER_BY_ROWS)
    if is_european and not is_american:
        return Judged(DateOrder.DMY, 0.85, reasons.ORDER_UNSURE)
    if is_american and not is_european:
        return Judged(DateOrder.MDY, 0.75, reasons.ORDER_UNSURE)
    return Judged(DateOrder.DMY, 0.55, reasons.ORDER_UNSURE)


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


def decimal_mark(cells: Iterable[str], *, likely: str) -> Judged:
    """Return the decimal mark of amounts; `likely` is taken where nothing proves one."""
    proven = {".": 0, ",": 0}
    open_ones = 0
    for cell in cells:
        mark = proves_mark(cell)
        if mark:
            proven[mark] += 1
        elif ("." in cell or "," in cell) and marks_of(cell):
            open_ones += 1
    point, comma = proven["."], proven[","]
    if point or comma:
        mark = "." if point >= comma else ","
        return Judged(mark, 1.0 if not min(point, comma) else 0.6)
    if open_ones:
        return Judged(likely, 0.55, reasons.MARK_UNSURE)
    return Judged(likely, 1.0)
