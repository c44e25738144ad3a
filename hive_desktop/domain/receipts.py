"""Receipts: what a figure of an answer stands on.

A tool that reads the ledger answers with a receipt: cells, each a figure with the query that
reproduces its rows. An answer names cells (`[[r3.total]]`), and the program writes the figure.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from fractions import Fraction

    from hive_desktop.domain.ledger import TransactionQuery


class CellKind(StrEnum):
    """What a cell's value is, and so how it is written and compared."""

    MONEY = "money"
    """Minor units of the cell's currency, with the sign that people use: a size of spending or
    income, or a balance or difference where less than nothing is negative."""
    COUNT = "count"
    """A whole number of rows, accounts, days."""
    SHARE = "share"
    """Tenths of a percent: 125 is 12.5 %."""
    RATIO = "ratio"
    """Hundredths: 150 is one and a half times."""
    DAY = "day"
    """A civil date."""
    TEXT = "text"
    """A name; never something that a bank's text could say to a model unfenced."""


class How(StrEnum):
    """How a cell is computed from others of its receipt."""

    DIFFERENCE = "difference"
    """The first less the second."""
    SHARE = "share"
    """The first divided by the second."""
    GROWTH = "growth"
    """The first less the second, divided by the second."""
    MEAN = "mean"
    """The first divided by the second, which is a count, or by `Made.by`."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a cell is computed from.

    Attributes:
        cells: names of cells of the same receipt, one or two.
        by: what a mean divides by where no cell has it: a number of units.
        unit: of that number: `day`, `week`, `month` or `year`.
    """

    how: How
    cells: tuple[str, ...]
    by: Fraction | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure.

    Attributes:
        name: its path in the receipt, such as `total` or `3.amount`: lower case, digits, `_`, `.`.
        value: an `int` for money, counts, shares and ratios, a `date` for days, a `str` for texts.
        currency: of money.
        query: whose rows make the figure: their sum is the value, or their number; None where no
            rows make it, as with a balance. Of a day or a text, the rows that have it.
        label: what it is, in English, for the model and for a list of receipts.
        sign: what the sum of the rows, positive = money out, is multiplied by to be the value: 1 or
            -1; 0 where that was not written down.
        made: what it is computed from; None where rows or balances make it.
    """

    name: str
    kind: CellKind
    value: int | date | str
    currency: str | None = None
    query: TransactionQuery | None = None
    label: str = ""
    sign: int = 1
    made: Made | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """Cells that make a small chart: one name of a cell for each place on its axis."""

    title: str
    places: tuple[str, ...]
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What one call of a tool found.

    Attributes:
        id: `r1`, `r2`, ... within a session; empty until the session gives it one.
        tool: the tool's name.
        arguments: what it was called with, as JSON has it.
        title: what it shows, in English, without figures.
        cells: the figures, the most important first.
        rows: cells in lines for a table: names of cells, line by line.
        query: all rows that it looked at; None where it looked at none.
        series: a chart of it.
        notes: what the reader must know: rows left out, guesses, days without data. English.
    """

    id: str
    tool: str
    arguments: Mapping[str, Any]
    title: str
    cells: tuple[Cell, ...]
    rows: tuple[tuple[str, ...], ...] = ()
    query: TransactionQuery | None = None
    series: Series | None = None
    notes: tuple[str, ...] = field(default=())

    def cell(self, name: str) -> Cell | None:
        """Return the cell of a name."""
        return next((one for one in self.cells if one.name == name), None)
