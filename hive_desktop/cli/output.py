"""What commands print: one JSON document, or aligned columns for people; errors on stderr."""

from __future__ import annotations

import json
import unicodedata
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from hive_desktop.cli import streams
from hive_desktop.domain.money import from_minor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from hive_desktop.ports.errors import HiveError


_CLEAR_TO_END = "\x1b[K"
_WIDEST_CELL, _LEAST_CELL = 60, 12
_GAP, _CUT = "  ", "..."
_WHOLE = frozenset({"ID", "FILE"})
_KEPT = frozenset("\n\t\u00a0\u2007\u2009\u200d\u202f")


def print_json(document: dict[str, Any]) -> None:
    """Print one document, and nothing else, on standard output."""
    json.dump(document, streams.out, ensure_ascii=False, indent=2)
    streams.out.write("\n")


def say(text: str) -> None:
    """Tell the person something on standard error."""
    streams.err.write(f"{text}\n")
    streams.err.flush()


def say_error(error: HiveError, *, banks: Iterable[str] = ()) -> None:
    """Print an error's title, message and hint, after the names of the banks that have it.

    What others named (a file, a member of an archive, a bank) moves no terminal's cursor.
    """
    title, message, hint = error.rendered(in_window=False)
    names = ", ".join(dict.fromkeys(banks))
    say(printable_lines(f"{f'{names}: ' if names else ''}{title}. {message}\n{hint}"))


@contextmanager
def progress(*, is_quiet: bool = False) -> Iterator[Callable[[str], None]]:
    """Give what tells, on one line of a terminal, how far something is; nothing anywhere else."""
    is_seen, is_told = streams.err.isatty() and not is_quiet, False

    def tell(text: str) -> None:
        nonlocal is_told
        if is_seen:
            is_told = True
            width = streams.columns() - 1
            streams.err.write(f"\r{text[:width]}{_CLEAR_TO_END}")
            streams.err.flush()

    try:
        yield tell
    finally:
        if is_told:
            streams.err.write("\n")


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, right: str = "") -> None:
    """Print aligned columns; `right` names the headings whose column is right-aligned.

    What is too long is cut: for a line of the terminal, or at 60 characters a cell where there is
    none. Numbers and ids never are. The same thing has the same heading everywhere: ID comes last,
    ROWS, REQUESTS and the like are numbers of them, SIZE is `words.size`, STATE a word.
    """
    headings = [one.upper() for one in headings]
    cells = [list(headings), *([printable(text) for text in row] for row in rows)]
    rights = set(right.upper().split())
    widths = [max(_width(row[i]) for row in cells) for i in range(len(headings))]
    whole = [heading in rights | _WHOLE for heading in headings]
    widths = _narrowed(widths, whole)
    cells = [[_cut(text, widths[i]) for i, text in enumerate(row)] for row in cells]
    for row in cells:
        parts = [
            " " * (widths[i] - _width(text)) + text
            if headings[i] in rights
            else text + " " * (widths[i] - _width(text))
            for i, text in enumerate(row)
        ]
        streams.out.write(_GAP.join(parts).rstrip() + "\n")


def printable(text: str) -> str:
    """Return somebody else's text as one that moves no terminal's cursor."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


def printable_lines(text: str) -> str:
    """Return somebody else's text in its lines, each `printable`; spaces that part no line stay."""
    return "".join(sign if sign in _KEPT else printable(sign) for sign in text.replace("\r", ""))


def money(amount_minor: int, currency: str, *, flip: bool = True) -> str:
    """Return an amount for people: money in is positive, grouped, with its currency."""
    amount = from_minor(-amount_minor if flip else amount_minor, currency)
    return f"{amount:,} {currency}"


def moment(at: datetime) -> str:
    """Return an instant as this computer's clock shows it, to the minute."""
    return f"{at.astimezone():%Y-%m-%d %H:%M}"


def day_of(at: datetime) -> str:
    """Return the day of an instant by this computer's clock."""
    return f"{at.astimezone():%Y-%m-%d}"


def id_text(raw: bytes) -> str:
    """Return an id as people and JSON see it, a UUID."""
    return str(uuid.UUID(bytes=raw))


def _narrowed(widths: list[int], whole: Sequence[bool]) -> list[int]:
    """Return widths at which a line fits; columns that stay whole keep theirs."""
    fitting = [w if stays else min(w, _WIDEST_CELL) for w, stays in zip(widths, whole, strict=True)]
    if not streams.out.isatty():
        return fitting
    room = streams.columns() - len(_GAP) * (len(widths) - 1)
    while sum(fitting) > room:
        able = [i for i, stays in enumerate(whole) if not stays and fitting[i] > _LEAST_CELL]
        if not able:
            break
        fitting[max(able, key=lambda i: fitting[i])] -= 1
    return fitting


def _cut(text: str, width: int) -> str:
    if _width(text) <= width:
        return text
    kept, used = [], len(_CUT)
    for char in text:
        used += _width(char)
        if used > width:
            break
        kept.append(char)
    return "".join(kept) + _CUT


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
