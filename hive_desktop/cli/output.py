"""What commands print: one JSON document, or aligned columns for people; errors on stderr."""

from __future__ import annotations

import json
import sys
import unicodedata
import uuid
from typing import TYPE_CHECKING, Any

from hive_desktop.domain.money import from_minor

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from hive_desktop.ports.errors import HiveError


def print_json(document: dict[str, Any]) -> None:
    """Print one document, and nothing else, on standard output."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def say(text: str) -> None:
    """Tell the person something on standard error."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def say_error(error: HiveError, *, banks: Iterable[str] = ()) -> None:
    """Print an error's title, message and hint, after the names of the banks that have it."""
    title, message, hint = error.rendered(in_window=False)
    names = ", ".join(dict.fromkeys(banks))
    say(f"{f'{names}: ' if names else ''}{title}. {message}\n{hint}")


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, right: str = "") -> None:
    """Print aligned columns; `right` names the headings whose column is right-aligned."""
    cells = [list(headings), *(list(row) for row in rows)]
    widths = [max(_width(row[i]) for row in cells) for i in range(len(headings))]
    rights = set(right.split())
    for row in cells:
        parts = [
            " " * (widths[i] - _width(text)) + text
            if headings[i] in rights
            else text + " " * (widths[i] - _width(text))
            for i, text in enumerate(row)
        ]
        sys.stdout.write("  ".join(parts).rstrip() + "\n")


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


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
