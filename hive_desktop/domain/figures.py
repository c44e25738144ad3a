"""Figures that are computed from cells, and how they are written for people.

A value is exact until it becomes a figure: an amount of money in minor units of one currency, or a
number. Two currencies never meet, and no amount meets a bare number but by multiplication.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from hive_desktop.domain.money import from_minor
from hive_desktop.domain.receipts import CellKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from hive_desktop.domain.receipts import Cell, Receipt

_LARGEST: Final = 2**63 - 1
_SCALES: Final = {CellKind.COUNT: 1, CellKind.SHARE: 1000, CellKind.RATIO: 100}


class FigureError(ValueError):
    """A figure that cannot be computed; its text says why, in English, for a model."""


class CellPlace(NamedTuple):
    """A cell of a receipt of a session: `r3` and `total`."""

    receipt: str
    cell: str

    def __str__(self) -> str:
        return f"{self.receipt}.{self.cell}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of an answer, and the cells that it stands on.

    Attributes:
        kind: how it is written.
        value: as a cell of this kind has it.
        currency: of money.
        places: the cells that it was made of.
        formula: how, such as `diff r3.total r5.total`; a lone cell's own place otherwise.
    """

    kind: CellKind
    value: int | date | str
    currency: str | None
    places: tuple[CellPlace, ...]
    formula: str

    @property
    def number(self) -> int:
        """Return the value of a figure that is no day and no text."""
        if not isinstance(self.value, int):
            raise FigureError("this is no number")
        return self.value


@dataclass(frozen=True, slots=True)
class Value:
    """An exact amount or number on the way to a figure.

    Attributes:
        size: minor units where there is a currency, else a number: one half is 50 %.
        currency: of money; None for a number.
        kind: what the cell was, or None after a calculation that has not said yet.
    """

    size: Fraction
    currency: str | None = None
    kind: CellKind | None = None

    def __add__(self, other: Value) -> Value:
        return Value(self.size + other.size, self._one_currency(other), self._one_kind(other))

    def __sub__(self, other: Value) -> Value:
        return Value(self.size - other.size, self._one_currency(other), self._one_kind(other))

    def __mul__(self, other: Value) -> Value:
        if self.currency and other.currency:
            raise FigureError("two amounts are not multiplied")
        return Value(self.size * other.size, self.currency or other.currency)

    def __truediv__(self, other: Value) -> Value:
        if not other.size:
            raise FigureError("nothing is divided by nothing")
        if other.currency:
            self._one_currency(other)
            return Value(self.size / other.size)
        return Value(self.size / other.size, self.currency)

    def _one_currency(self, other: Value) -> str | None:
        if self.currency == other.currency:
            return self.currency
        if self.currency and other.currency:
            raise FigureError(f"{self.currency} and {other.currency} are two currencies")
        raise FigureError("an amount and a number do not add up")

    def _one_kind(self, other: Value) -> CellKind | None:
        return self.kind if self.kind == other.kind else None


def value_of(cell: Cell) -> Value:
    """Return a cell's value; raises FigureError for a day or a text."""
    if cell.kind is CellKind.MONEY and isinstance(cell.value, int) and cell.currency:
        return Value(Fraction(cell.value), cell.currency, cell.kind)
    if cell.kind in _SCALES and isinstance(cell.value, int):
        return Value(Fraction(cell.value, _SCALES[cell.kind]), None, cell.kind)
    raise FigureError(f"{cell.name} is no number")


def figure_of(value: Value, kind: CellKind, places: tuple[CellPlace, ...], formula: str) -> Figure:
    """Return a value as a figure, rounded half to even.

    Raises:
        FigureError: money is asked of a number or a number of money, a count is not whole, or it
            is too large.
    """
    if (kind is CellKind.MONEY) != (value.currency is not None):
        raise FigureError("it is an amount" if value.currency else "it is no amount")
    if kind is CellKind.COUNT and value.size.denominator != 1:
        raise FigureError("it is not a whole number")
    size = round(value.size * _SCALES.get(kind, 1))
    if abs(size) > _LARGEST:
        raise FigureError("it is too large")
    return Figure(kind, size, value.currency, places, formula)


def cell_at(receipts: Mapping[str, Receipt], place: CellPlace) -> Cell:
    """Return a cell; raises FigureError where there is none."""
    receipt = receipts.get(place.receipt)
    if receipt is None:
        raise FigureError(f"there is no receipt {place.receipt}")
    cell = receipt.cell(place.cell)
    if cell is None:
        known = ", ".join(one.name for one in receipt.cells[:12])
        raise FigureError(f"{place.receipt} has no cell {place.cell}; it has: {known}")
    return cell


def figure_at(receipts: Mapping[str, Receipt], place: CellPlace) -> Figure:
    """Return a cell as a figure; raises FigureError where there is none."""
    cell = cell_at(receipts, place)
    return Figure(cell.kind, cell.value, cell.currency, (place,), str(place))


class FigureFormat(Protocol):
    """Writes figures for people."""

    def money(self, minor: int, currency: str) -> str:
        """Return an amount of minor units, with a minus where it is negative."""
        ...

    def count(self, number: int) -> str:
        """Return a whole number."""
        ...

    def share(self, tenths: int) -> str:
        """Return tenths of a percent."""
        ...

    def ratio(self, hundredths: int) -> str:
        """Return how many times, without a word."""
        ...

    def day(self, day: date) -> str:
        """Return a day."""
        ...


def written(figure: Figure, words: FigureFormat) -> str:
    """Return a figure for people; a text stays as it is."""
    value = figure.value
    if isinstance(value, str):
        return value
    if not isinstance(value, int):
        return words.day(value)
    if figure.kind is CellKind.MONEY:
        return words.money(value, figure.currency or "")
    writers = {
        CellKind.COUNT: words.count,
        CellKind.SHARE: words.share,
        CellKind.RATIO: words.ratio,
    }
    return writers[figure.kind](value)


_SIGNS: Final = {
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "JPY": "¥",
    "CAD": "CA$",
    "AUD": "A$",
    "NZD": "NZ$",
    "MXN": "MX$",
    "BRL": "R$",
    "INR": "₹",
    "CNY": "CN¥",
    "KRW": "₩",
    "ILS": "₪",
    "VND": "₫",
}
_NO_BREAK: Final = "\N{NO-BREAK SPACE}"
_TO_GERMAN: Final = str.maketrans(",.", ".,")
MONTHS: Final = {
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    "de": (
        *("Januar", "Februar", "März", "April", "Mai", "Juni"),
        *("Juli", "August", "September", "Oktober", "November", "Dezember"),
    ),
}


class FigureWords:
    """Writes figures in English or German without a window: `£1,234.56`, `1.234,56 £`.

    Args:
        language: `en` or `de`; anything else is written as English.
    """

    def __init__(self, language: str = "en") -> None:
        self._is_german = language == "de"

    def money(self, minor: int, currency: str) -> str:
        """Return an amount with its currency's sign, or its code where it has none."""
        sign = "-" if minor < 0 else ""
        amount = self._decimal(f"{from_minor(abs(minor), currency):,}")
        mark = _SIGNS.get(currency)
        if self._is_german:
            return f"{sign}{amount}{_NO_BREAK}{mark or currency}"
        return f"{sign}{mark}{amount}" if mark else f"{sign}{currency}{_NO_BREAK}{amount}"

    def count(self, number: int) -> str:
        """Return a whole number, its digits grouped."""
        return self._decimal(f"{number:,}")

    def share(self, tenths: int) -> str:
        """Return percent with one decimal, or none where that is nought."""
        text = self._decimal(_fixed(tenths, 1))
        return f"{text}{_NO_BREAK}%" if self._is_german else f"{text}%"

    def ratio(self, hundredths: int) -> str:
        """Return a number with at most two decimals."""
        return self._decimal(_fixed(hundredths, 2))

    def day(self, day: date) -> str:
        """Return `3 October 2026` or `3. Oktober 2026`."""
        months = MONTHS["de" if self._is_german else "en"]
        dot = "." if self._is_german else ""
        return f"{day.day}{dot} {months[day.month - 1]} {day.year}"

    def _decimal(self, text: str) -> str:
        return text.translate(_TO_GERMAN) if self._is_german else text


def _fixed(number: int, decimals: int) -> str:
    whole, part = divmod(abs(number), 10**decimals)
    digits = f"{part:0{decimals}}".rstrip("0")
    return ("-" if number < 0 else "") + f"{whole:,}" + (f".{digits}" if digits else "")
