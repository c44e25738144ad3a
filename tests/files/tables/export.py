"""An export as a bank or program writes it, and what it gives."""

from __future__ import annotations

from typing import NamedTuple


class Export(NamedTuple):
    """An export and what it should give.

    Attributes:
        name: of the bank or program, or of what is odd.
        text: the whole file.
        rows: day, minor units (positive = out) and name, in the order in which they are read.
        currency: of all rows, or "".
        refused: how many rows are refused.
        encoding: of the file.
    """

    name: str
    text: str
    rows: list[tuple[str, int, str]]
    currency: str = ""
    refused: int = 0
    encoding: str = "utf-8"


def lines(*each: str) -> str:
    """Return lines as a text, each with its end."""
    return "".join(f"{one}\n" for one in each)
