"""The `calculate` tool's expressions: cells and plain numbers with + - * / and brackets.

A number alone is no figure of the ledger, so an expression has a cell in it; and a number cannot be
added to an amount, so it only parts or multiplies one. The formula stays beside the result.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from hive_desktop.domain.figures import FigureError, Value, cell_at, figure_of, value_of
from hive_desktop.domain.receipts import Cell, CellKind, Receipt
from hive_desktop.domain.references import place_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hive_desktop.domain.figures import CellPlace, Figure

TOOL: Final = "calculate"
KINDS: Final = {
    "amount": CellKind.MONEY,
    "count": CellKind.COUNT,
    "percent": CellKind.SHARE,
    "times": CellKind.RATIO,
}
_LONGEST: Final = 240
_DEEPEST: Final = 12
_PART: Final = re.compile(
    r"\s*(?:(r[0-9]+\.[a-z0-9_.]*[a-z0-9_])|([0-9]{1,9}(?:\.[0-9]{1,6})?)|(.))"
)


def calculated(expression: str, as_kind: str, receipts: Mapping[str, Receipt]) -> Figure:
    """Return what an expression of cells comes to.

    Args:
        expression: such as `(r1.total - r2.total) / 3`.
        as_kind: one of `KINDS`.
        receipts: of the session, by their ids.

    Raises:
        FigureError: it cannot be read or computed; the text says why.
    """
    if len(expression) > _LONGEST:
        raise FigureError(f"an expression has at most {_LONGEST} signs")
    kind = KINDS.get(as_kind)
    if kind is None:
        raise FigureError(f"the kinds of a result are {', '.join(KINDS)}")
    reader = _Reader(expression.strip(), receipts)
    value = reader.whole()
    if not reader.places:
        raise FigureError("an expression needs a cell such as r1.total")
    return figure_of(value, kind, tuple(dict.fromkeys(reader.places)), expression.strip())


def steps_of(expression: str) -> list[CellPlace | Fraction | str]:
    """Return what an expression is written of: cells, numbers and signs, in order.

    Raises:
        FigureError: it names what is no cell.
    """
    found: list[CellPlace | Fraction | str] = []
    for one in _PART.finditer(expression.lower()):
        cell, number, sign = one.groups()
        if cell:
            found.append(place_of(cell))
        elif number:
            found.append(Fraction(number))
        elif sign.strip():
            found.append(sign)
    return found


def receipt_of(figure: Figure, as_kind: str) -> Receipt:
    """Return the receipt that a calculation leaves; its one cell is `result`."""
    cell = Cell("result", figure.kind, figure.value, figure.currency, label=figure.formula)
    arguments = {"expression": figure.formula, "result": as_kind}
    return Receipt("", TOOL, arguments, "A calculation", (cell,))


class _Reader:
    """Reads an expression from left to right; brackets and signs bind as they do on paper."""

    def __init__(self, text: str, receipts: Mapping[str, Receipt]) -> None:
        self._parts = [one for one in _PART.finditer(text.lower()) if one[0].strip()]
        self._next = 0
        self._depth = 0
        self._receipts = receipts
        self.places: list[CellPlace] = []

    def whole(self) -> Value:
        value = self._sum()
        if self._next < len(self._parts):
            raise FigureError(f"{self._parts[self._next][0].strip()!r} does not belong there")
        return value

    def _sum(self) -> Value:
        value = self._product()
        while (sign := self._sign("+-")) is not None:
            other = self._product()
            value = value + other if sign == "+" else value - other
        return value

    def _product(self) -> Value:
        value = self._one()
        while (sign := self._sign("*/")) is not None:
            other = self._one()
            value = value * other if sign == "*" else value / other
        return value

    def _one(self) -> Value:
        if self._next >= len(self._parts):
            raise FigureError("the expression ends too early")
        cell, number, sign = self._parts[self._next].groups()
        self._next += 1
        if cell:
            place = place_of(cell)
            self.places.append(place)
            return value_of(cell_at(self._receipts, place))
        if number:
            return Value(Fraction(number))
        if sign not in "(-":
            raise FigureError(f"{sign!r} does not belong there")
        self._depth += 1
        if self._depth > _DEEPEST:
            raise FigureError("the expression is too deep")
        value = self._sum() if sign == "(" else self._one()
        self._depth -= 1
        if sign == "-":
            return Value(-value.size, value.currency, value.kind)
        if self._sign(")") is None:
            raise FigureError("a bracket is not closed")
        return value

    def _sign(self, wanted: str) -> str | None:
        if self._next < len(self._parts):
            sign: str | None = self._parts[self._next][3]
            if sign and sign in wanted:
                self._next += 1
                return sign
        return None
