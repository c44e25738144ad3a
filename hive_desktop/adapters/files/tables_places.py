"""Where a table begins among records, and what its headings and rows look like."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from hive_desktop.adapters.files import tables_reasons as reasons
from hive_desktop.adapters.files.amounts import marks_of
from hive_desktop.adapters.files.dates import looks_like_date
from hive_desktop.adapters.files.tables_cells import MOST_CELLS
from hive_desktop.adapters.files.tables_headings import heading_of, holdings_in
from hive_desktop.adapters.files.tables_words import plain
from hive_desktop.domain.csv_layouts import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hive_desktop.adapters.files.tables_cells import Record

_MOST_BEFORE: Final = 100
_VALUE: Final = re.compile(r"(?:[^:()\[\]]|\([^:()]{0,20}\)){1,60}(?<![0-9]):\s*\S{0,60}?[0-9]{2}")
_DIGITS: Final = re.compile(r"[0-9]+")
_SURE_DAYS: Final = frozenset({Role.DATE, Role.HAPPENED})
_DAYS: Final = frozenset({Role.DATE, Role.HAPPENED, Role.VALUE_DATE})
_AMOUNTS: Final = frozenset({Role.AMOUNT, Role.OUT, Role.IN})


class Place(NamedTuple):
    """Where a table begins: the record of its headings (-1: none) and of its first row."""

    header: int
    first: int


def place_of(sample: Sequence[Record]) -> Place | None:
    """Return where the first table of records begins, or None where there is none."""
    named = _header_in(sample[:_MOST_BEFORE])
    if named >= 0:
        return Place(named, named + 1)
    first = next((i for i, one in enumerate(sample[:_MOST_BEFORE]) if is_row(one.cells)), -1)
    half_named = next((i for i, one in enumerate(sample[:_MOST_BEFORE]) if _names(one.cells)), -1)
    if half_named >= 0 and (first < 0 or half_named < first):
        return Place(half_named, half_named + 1)
    if first < 0:
        return None
    above = sample[first - 1].cells if first else []
    is_heading = (
        len(above) >= 2
        and abs(len(above) - len(sample[first].cells)) <= 1
        and sum(bool(one.strip()) for one in above) >= 0.6 * len(above)
        and not any(marks_of(one) or looks_like_date(one) for one in above)
        and not _are_values(above)
    )
    return Place(first - 1, first) if is_heading else Place(-1, first)


def _header_in(sample: Sequence[Record]) -> int:
    """Return which record has the headings of a statement's table, or -1.

    "Valuta" alone may be a currency, above the balances of a summary without a day.
    """
    named = next((i for i, one in enumerate(sample) if is_header(one.cells)), -1)
    if named < 0 or {heading_of(one).role for one in sample[named].cells} & _SURE_DAYS:
        return named
    for i, one in enumerate(sample[named + 1 :], named + 1):
        if is_row(one.cells):
            return named
        if is_header(one.cells):
            return i
    return named


def is_header(cells: Sequence[str]) -> bool:
    """Return whether cells are headings of a statement's table."""
    filled = [one for one in cells[:MOST_CELLS] if one.strip()]
    if len(filled) < 2 or len(filled) * 2 < len(cells) - 2:
        return False
    if _are_values(filled):
        return False
    found = [heading_of(one) for one in filled]
    roles = {one.role for one in found if one.role}
    if not (roles & _DAYS and roles & _AMOUNTS):
        return False
    if sum(one.is_exact for one in found) < 1:
        return False
    return not any(looks_like_date(one) or (marks_of(one) and "." in one) for one in filled)


def _are_values(cells: Sequence[str]) -> bool:
    """Return whether cells are labels with their values, such as "Account number: 123".

    Few headings of a table may name the day or the zone of time that their columns are of.
    """
    values = [one.partition(":")[2].strip() for one in cells if _VALUE.match(one)]
    days = [
        one for one in values if looks_like_date(one) or looks_like_date(one.split(maxsplit=1)[0])
    ]
    return len(days) < len(values) or 2 * len(days) > len(cells)


def _names(cells: Sequence[str]) -> bool:
    """Return whether cells are headings of some table, though not surely of a statement's."""
    filled = [one for one in cells[:MOST_CELLS] if one.strip()]
    if len(filled) < 3 or any(looks_like_date(one) or marks_of(one) for one in filled):
        return False
    if _are_values(filled):
        return False
    known = [one for one in filled if heading_of(one).is_known]
    exact = [one for one in filled if heading_of(one).is_exact]
    return len(known) >= max(2, 0.4 * len(filled)) and (
        len(exact) >= 2 or len(known) >= 3 or any(heading_of(one).role in _DAYS for one in known)
    )


def is_row(cells: Sequence[str]) -> bool:
    """Return whether cells have a day and an amount."""
    short = cells[:60]
    has_day = any(looks_like_date(one) for one in short)
    return has_day and any(marks_of(one) and not looks_like_date(one) for one in short)


def day_form(cells: Sequence[str]) -> tuple[int, str]:
    """Return in which cell the first date of a row stands and how it is written."""
    for i, one in enumerate(cells[:60]):
        if looks_like_date(one):
            if any(map(str.isalpha, one)):
                return i, "words"
            return i, _DIGITS.sub(lambda found: str(max(2, len(found[0]))), one.strip())
    return -1, ""


def width_of(named: int, rows: Sequence[Sequence[str]]) -> int:
    """Return how many columns rows have: as the headings, unless most have more words behind.

    A number behind the last heading means that all columns are shifted, and never is another one.

    Args:
        named: how many headings there are, or 0.
        rows: some of the table.
    """
    if not named:
        return min(max((len(one) for one in rows), default=0), MOST_CELLS)
    more = [one for one in rows if any(cell.strip() for cell in one[named:])]
    behind = [cell for one in more for cell in one[named:]]
    if 2 * len(more) <= len(rows) or any(marks_of(one) or looks_like_date(one) for one in behind):
        return min(named, MOST_CELLS)
    return min(max(len(one) for one in more), MOST_CELLS)


def why_none(sample: Sequence[Record]) -> str:
    """Return why records have no table of a statement, or "" where nothing says it."""
    for one in sample[:_MOST_BEFORE]:
        words = [cell for cell in one.cells if cell.strip()]
        if len(words) >= 3 and holdings_in(words) >= 3:
            return reasons.HOLDINGS
        balances = sum(heading_of(cell).role is Role.BALANCE for cell in words)
        balances += sum("balance" in plain(cell) for cell in words)
        if len(words) >= 2 and balances >= 2:
            return reasons.BALANCES_ONLY
    return ""
