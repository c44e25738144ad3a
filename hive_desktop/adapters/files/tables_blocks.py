"""Statements with a line for each value, its name before it (`Amount: -45.60`), become tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from hive_desktop.adapters.files.tables_headings import heading_of
from hive_desktop.domain.csv_layouts import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE: Final = re.compile(r"([^\W\d][^:;,\t]{0,38}?)[ \u00a0]*:[ \u00a0\t]*(.*)")
_PARTED: Final = re.compile(r"[,;\t|]")
_LOOKED_AT: Final = 60
_MOST_LINES: Final = 20

_DAYS: Final = frozenset({Role.DATE, Role.HAPPENED, Role.VALUE_DATE})
_MONEY: Final = frozenset({Role.AMOUNT, Role.OUT, Role.IN})
_ENDS: Final = _DAYS | _MONEY | {Role.BALANCE}


class Block(NamedTuple):
    """A run of lines: the first one's place, how many there are, and values by their names."""

    at: int
    lines: int
    values: dict[str, str]


def from_blocks(text: str) -> str:
    """Return a normal text as a table parted by tabs, or as it is where it has no such blocks.

    A block's row stands on the line on which the block begins. One that lacks a day or an amount
    is a row too, and so is refused.
    """
    begin = text.split("\n", _LOOKED_AT)[:_LOOKED_AT]
    head = next((one.values for one in _blocks(begin) if _is_row(one.values)), None)
    if head is None:
        return text
    lines = text.split("\n")
    made = [""] * len(lines)
    rows: set[int] = set()
    is_begun = False
    for at, count, found in _blocks(lines):
        is_begun = is_begun or found == head
        if _is_row(found) or _is_part(found, head, least=1 if is_begun else 2):
            rows.update(range(at, at + count))
            made[at] = "\t".join(_cells(found, head))
        else:
            made[at] = " ".join(f"{name} {value}" for name, value in found.items())
    rest = [one for i, one in enumerate(lines) if i not in rows and one.strip()]
    if len(rest) > len(rows) or any(len(_PARTED.findall(one)) > 1 for one in rest):
        return text  # a table has named values above it
    first = next(i for i, one in enumerate(made) if "\t" in one)
    headings = "\t".join(head)
    if first == 0:
        return "\n".join([headings, *made])
    made[first - 1] = headings
    return "\n".join(made)


def _blocks(lines: list[str]) -> Iterator[Block]:
    """Give runs of lines that each have a name and a value.

    A line of words without a name goes on with the words before it, and so does a name that comes
    again; the first name of a block that comes again begins another.
    """
    found: dict[str, str] = {}
    begin, last = 0, ""
    for at, line in enumerate(lines):
        match = _LINE.fullmatch(line.strip())
        name, value = (match[1], match[2]) if match else (last, line)
        value = " ".join(value.split())
        if found and (
            at - begin >= _MOST_LINES
            or (match is not None and name == next(iter(found)))
            or (match is None and not _goes_on(last, value))
        ):
            yield Block(begin, at - begin, found)
            found = {}
        if match is None and not found:
            continue
        if not found:
            begin = at
        found[name] = f"{found[name]} {value}" if name in found else value
        last = name
    if found:
        yield Block(begin, len(lines) - begin, found)


def _goes_on(name: str, words: str) -> bool:
    """Return whether a line without a name can belong to the value of the one before."""
    return heading_of(name).role not in _ENDS and any(map(str.isalnum, words))


def _is_row(values: dict[str, str]) -> bool:
    """Return whether a block tells a day and an amount."""
    roles = {heading_of(name).role for name in values}
    return len(values) > 2 and bool(roles & _DAYS) and bool(roles & _MONEY)


def _is_part(values: dict[str, str], head: dict[str, str], *, least: int) -> bool:
    """Return whether a block has the day or the amount of a row, and as many of its names."""
    known = [name for name in values if name in head]
    return len(known) >= least and any(heading_of(name).role in _ENDS for name in known)


def _cells(values: dict[str, str], head: dict[str, str]) -> list[str]:
    """Return a block's values in the order of a row; names that are not known stand behind it."""
    cells = {name: values.get(name, "") for name in head}
    more = [f"{name}: {value}" for name, value in values.items() if name not in head]
    if not any(values.get(name) for name in head if heading_of(name).role in _ENDS):
        # All names are others: without a day it is refused, without an amount it would be a note.
        told = next((values[name] for name in values if heading_of(name).role in _MONEY), "")
        cells[next(name for name in head if heading_of(name).role in _MONEY)] = told
    return [*cells.values(), *more]
