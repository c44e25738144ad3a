"""Where a long table or fence of Markdown is parted, so that its end alone is laid out anew."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

ROWS: Final = 3
"""Rows of a table in one part."""
LINES: Final = 20
"""Lines of a fence in one part."""
_FENCE: Final = re.compile(r" {0,3}(?P<mark>`{3,}|~{3,})")
_ROW: Final = re.compile(r" {0,3}\|")
_CELL_END: Final = re.compile(r"(?<!\\)\|")
_UNDER_HEAD: Final = re.compile(r" {0,3}\|[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*\n?")


class Part(NamedTuple):
    """A part of a paragraph, as Markdown of its own.

    Attributes:
        text: with the head of the table, or the opening line of the fence.
        is_next: it goes on with what the part before it began.
    """

    text: str
    is_next: bool = False


class _Opening(NamedTuple):
    """What goes on line by line: `lines[:start]` stand before it, its own head is behind them."""

    start: int
    end: int
    mark: str


def grows_by_lines(text: str) -> bool:
    """Tell whether a paragraph is a table or a fence by now, whose lines stand for themselves."""
    return _opening(text.splitlines(keepends=True)) is not None


def parts(text: str) -> Iterator[Part]:
    """Return a paragraph in parts: a table or fence some lines at a time, anything else whole."""
    lines = text.splitlines(keepends=True)
    opening = _opening(lines)
    if opening is None:
        yield Part(text)
        return
    size = LINES if opening.mark else ROWS
    last = _last(lines, opening)
    head = "".join(lines[opening.start : opening.end])
    before = "".join(lines[: opening.start])
    at, is_next = opening.end, False
    while at + size < last:
        yield Part(before + head + "".join(lines[at : at + size]), is_next)
        at, is_next, before = at + size, True, ""
    yield Part(before + head + "".join(lines[at:]), is_next)


def _opening(lines: list[str]) -> _Opening | None:
    for place, line in enumerate(lines):
        if fence := _FENCE.match(line):
            return _Opening(place, place + 1, fence["mark"])
        is_head = _ROW.match(line) and place + 1 < len(lines)
        if is_head and _is_under(line, lines[place + 1]):
            return _Opening(place, place + 2, "")
    return None


def _is_under(head: str, line: str) -> bool:
    """Tell whether a line under a head makes a table of it: it has as many columns."""
    if _UNDER_HEAD.fullmatch(line) is None:
        return False
    columns = _CELL_END.findall(head.strip()[1:].removesuffix("|"))
    return len(columns) == line.strip()[1:].removesuffix("|").count("|")


def _last(lines: list[str], opening: _Opening) -> int:
    """Return behind which line a table or fence does not go on for sure."""
    for place in range(opening.end, len(lines)):
        if opening.mark:
            closing = _FENCE.match(lines[place])
            if closing and closing["mark"].startswith(opening.mark):
                return place
        elif not _ROW.match(lines[place]):
            return place
    return len(lines)
