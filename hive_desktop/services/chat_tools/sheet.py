"""Gathers a receipt's cells: the main currency's without a prefix, each other one's by its code."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hive_desktop.domain.receipts import Cell, CellKind, How, Made, Receipt, Series

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from hive_desktop.domain.ledger import TransactionQuery

_DAYS_OF_MONTH = Fraction(1461, 48)
_UNITS = frozenset(("day", "week", "month", "year"))


class Sheet:
    """The cells, lines and notes of one receipt; `of` chooses the currency that is written."""

    def __init__(self, main: str) -> None:
        self._main = main
        self._currency = main
        self._cells: list[Cell] = []
        self._lines: list[tuple[str, ...]] = []
        self._notes: list[str] = []

    @property
    def prefix(self) -> str:
        """Return what stands before the names of cells in the currency that is written."""
        return "" if self._currency == self._main else f"{self._currency.lower()}."

    def of(self, currency: str) -> Sheet:
        """Write cells of a currency from now on."""
        self._currency = currency
        return self

    def money(
        self,
        name: str,
        minor: int,
        label: str,
        query: TransactionQuery | None = None,
        *,
        sign: int = 1,
    ) -> str:
        """Add an amount in the sign that people use; returns the cell's name.

        `sign` makes that amount of the sum of the query's rows.
        """
        return self.amount(name, minor, self._currency, label, query, sign=sign)

    def amount(
        self,
        name: str,
        minor: int,
        currency: str,
        label: str,
        query: TransactionQuery | None = None,
        *,
        sign: int = 1,
    ) -> str:
        """Add an amount in a currency of its own, whichever is written."""
        whole = f"{self.prefix}{name}"
        return self._put(Cell(whole, CellKind.MONEY, minor, currency, query, label, sign))

    def mean(
        self, name: str, whole: tuple[str, int], by: tuple[str, int | Fraction], label: str
    ) -> str:
        """Add an amount divided by a number; no rows add up to it.

        Args:
            name: of the cell.
            whole: the name and the value of the cell that is divided.
            by: what divides it: a count's name with its value, or a unit of time and how many.
            label: what it is.
        """
        divisor, number = by
        if divisor in _UNITS:
            made = Made(How.MEAN, (self.prefix + whole[0],), Fraction(number), divisor)
        else:
            made = Made(How.MEAN, (self.prefix + whole[0], self.prefix + divisor))
        minor = round(Fraction(whole[1]) / number)
        return self._computed(name, CellKind.MONEY, minor, label, made)

    def difference(
        self, name: str, now: tuple[str, int], before: tuple[str, int], label: str
    ) -> str:
        """Add one amount less another: each the name and the value of its cell."""
        made = Made(How.DIFFERENCE, (self.prefix + now[0], self.prefix + before[0]))
        return self._computed(name, CellKind.MONEY, now[1] - before[1], label, made)

    def count(
        self, name: str, number: int, label: str, query: TransactionQuery | None = None
    ) -> str:
        """Add a number of rows or other things."""
        return self._add(name, CellKind.COUNT, number, label, query)

    def share(
        self, name: str, part: tuple[str, int], whole: tuple[str, int], label: str
    ) -> str | None:
        """Add a part of a whole, each the name and the value of its cell, in tenths of a percent.

        Nothing is added, and None returned, where there is no whole.
        """
        return self._percent(name, How.SHARE, part, whole, label)

    def growth(
        self, name: str, now: tuple[str, int], before: tuple[str, int], label: str
    ) -> str | None:
        """Add by what share of a cell another is larger; nothing where the one is nought."""
        return self._percent(name, How.GROWTH, now, before, label)

    def day(self, name: str, day: date, label: str, query: TransactionQuery | None = None) -> str:
        """Add a day."""
        return self._add(name, CellKind.DAY, day, label, query)

    def text(self, name: str, text: str, label: str, query: TransactionQuery | None = None) -> str:
        """Add a name, and the rows that have it."""
        return self._add(name, CellKind.TEXT, text, label, query)

    def line(self, *names: str | None) -> None:
        """Add a line of the table: cells by the names that adding them returned."""
        self._lines.append(tuple(name for name in names if name is not None))

    def note(self, text: str) -> None:
        """Add what the reader must know, once."""
        if text not in self._notes:
            self._notes.append(text)

    def receipt(
        self,
        tool: str,
        arguments: Mapping[str, Any],
        title: str,
        query: TransactionQuery | None = None,
        series: Series | None = None,
    ) -> Receipt:
        """Return the receipt; it has no id yet."""
        return Receipt(
            id="",
            tool=tool,
            arguments=dict(arguments),
            title=title,
            cells=tuple(self._cells),
            rows=tuple(self._lines),
            query=query,
            series=series,
            notes=tuple(self._notes),
        )

    def _add(
        self,
        name: str,
        kind: CellKind,
        value: int | date | str,
        label: str,
        query: TransactionQuery | None,
    ) -> str:
        return self._put(Cell(f"{self.prefix}{name}", kind, value, None, query, label))

    def _percent(
        self, name: str, how: How, part: tuple[str, int], whole: tuple[str, int], label: str
    ) -> str | None:
        if whole[1] <= 0:
            return None
        size = part[1] - whole[1] if how is How.GROWTH else part[1]
        tenths = round(Fraction(size * 1000, whole[1]))
        made = Made(how, (self.prefix + part[0], self.prefix + whole[0]))
        return self._computed(name, CellKind.SHARE, tenths, label, made)

    def _computed(self, name: str, kind: CellKind, value: int, label: str, made: Made) -> str:
        currency = self._currency if kind is CellKind.MONEY else None
        return self._put(Cell(f"{self.prefix}{name}", kind, value, currency, None, label, 1, made))

    def _put(self, cell: Cell) -> str:
        self._cells.append(cell)
        return cell.name


def months_in(days: int) -> Fraction:
    """Return how many months of usual length some days make."""
    return Fraction(days) / _DAYS_OF_MONTH


def chart(title: str, places: Sequence[str], cells: Sequence[str]) -> Series | None:
    """Return a chart of two places or more."""
    return Series(title, tuple(places), tuple(cells)) if len(places) > 1 else None
