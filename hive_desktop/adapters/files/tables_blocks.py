"""Statements with a line for each value, its name before it (`Amount: -45.60`), become tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hive_desktop.adapters.files.tables_headings import heading_of
from hive_desktop.domain.csv_layouts import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE: Final = re.compile(r"([^\W\d][^:;,\t]{0,38}?)[ \u00a0]*:[ \u00a0\t]*(.*)")
_PARTED: Final = re.compile(r"[,;\t|]")
_LOOKED_AT: Final = 60
_MOST_LINES: Final = 20

Block = dict[str, str]
"""Values by their names."""


def from_blocks(text: str) -> str:
    """Return a normal text as a table parted by tabs, or as it is where it has no such blocks.

    A block's row stands on the line on which the block begins.
    """
    begin = text.split("\n", _LOOKED_AT)[:_LOOKED_AT]
    head = next((found for _, found in _blocks(begin) if _is_row(found)), None)
    if head is None:
        return text
    lines = text.split("\n")
    names = list(head)
    made = [""] * len(lines)
    rows: set[int] = set()
    for at, found in _blocks(lines):
        if _is_row(found):
            rows.update(range(at, at + len(found)))
            # Names that the first block has not are words of their own behind it.
            more = [f"{name}: {value}" for name, value in found.items() if name not in head]
            made[at] = "\t".join([*(found.get(name, "") for name in names), *more])
        else:
            made[at] = " ".join(f"{name} {value}" for name, value in found.items())
    rest = [one for i, one in enumerate(lines) if i not in rows and one.strip()]
    if len(rest) > len(rows) or any(len(_PARTED.findall(one)) > 1 for one in rest):
        return text  # a table has named values above it
    first = next(i for i, one in enumerate(made) if "\t" in one)
    headings = "\t".join(names)
    if first == 0:
        return "\n".join([headings, *made])
    made[first - 1] = headings
    return "\n".join(made)


def _blocks(lines: list[str]) -> Iterator[tuple[int, Block]]:
    """Give runs of lines that each have a name and a value, with the first one's place."""
    found: Block = {}
    begin = 0
    for at, line in enumerate(lines):
        match = _LINE.fullmatch(line.strip())
        if match is not None and match[1] not in found and len(found) < _MOST_LINES:
            begin = begin if found else at
            found[match[1]] = " ".join(match[2].split())
            continue
        if found:
            yield begin, found
        found = {}
        if match is not None:
            begin, found = at, {match[1]: " ".join(match[2].split())}
    if found:
        yield begin, found


def _is_row(block: Block) -> bool:
    """Return whether a block tells a day and an amount."""
    roles = {heading_of(name).role for name in block}
    days = {Role.DATE, Role.HAPPENED, Role.VALUE_DATE}
    return len(block) > 2 and bool(roles & days) and bool(roles & {Role.AMOUNT, Role.OUT, Role.IN})
