"""What a figure is made of: cells with rows of their own, numbers and signs, in order.

A figure whose rows add up to it is one part. Every other one that cells make is written as what was
computed, such as `$1,204.50 - $980.00`, so that each part leads to exactly its rows.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from hive_desktop.domain import calculation
from hive_desktop.domain.figures import (
    CellPlace,
    FigureError,
    cell_at,
    figure_at,
    figure_of,
    value_of,
    written,
)
from hive_desktop.domain.receipts import CellKind, How
from hive_desktop.domain.references import OPERATIONS, cited

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from hive_desktop.domain.figures import Figure, FigureFormat, Value
    from hive_desktop.domain.ledger import TransactionQuery
    from hive_desktop.domain.receipts import Cell, Receipt

    Receipts = Mapping[str, Receipt]

_OF_ACCOUNTS: Final = frozenset(("balances", "net_worth"))
_MOST_PARTS: Final = 60
_SUMMED: Final = (CellKind.MONEY, CellKind.COUNT)
_SIGNS: Final = {"sum": "+", "diff": "-", "share": "/", "ratio": "/", "average": "/"}
_OF_HOW: Final = {How.DIFFERENCE: "-", How.SHARE: "/", How.MEAN: "/"}


class Part(NamedTuple):
    """A cell that a figure is made of.

    Attributes:
        query: the rows that make it, or that have it; None where none do.
        is_of_accounts: it is what accounts hold.
    """

    place: CellPlace
    figure: Figure
    query: TransactionQuery | None = None
    is_of_accounts: bool = False

    @property
    def is_sum(self) -> bool:
        """Tell whether its rows add up to it, or are as many."""
        return self.query is not None and self.figure.kind in _SUMMED

    @property
    def leads(self) -> bool:
        """Tell whether there is anything behind it."""
        return self.query is not None or self.is_of_accounts


class Number(NamedTuple):
    """A number that no cell has; its unit is `day`, `week`, `month` or `year`, or none."""

    size: Fraction
    unit: str = ""


Step: TypeAlias = Part | Number | str
"""A part, a number, or one of the signs `+ - * / ( ) |`."""


def steps_of(figure: Figure, receipts: Receipts) -> tuple[Step, ...]:
    """Return what a figure is made of, in the order of its computing.

    One part alone is the figure itself. What is computed from computed figures is written out, but
    for what is beyond some 60 parts. Empty where its receipts are not there.
    """
    try:
        return tuple(_Writer(receipts).figure(figure))
    except FigureError:
        return ()


def parts_of(steps: Sequence[Step]) -> list[Part]:
    """Return the parts among steps, each once."""
    return list({one.place: one for one in steps if isinstance(one, Part)}.values())


def in_words(steps: Sequence[Step], words: FigureFormat, number: Callable[[Number], str]) -> str:
    """Return steps as people write them: `$1,204.50 / 31 days`.

    Args:
        steps: as `steps_of` returns them.
        words: writes figures.
        number: writes a number with its unit.
    """
    found = ""
    for one in steps:
        if isinstance(one, str):
            found += one if one in "()|" else f" {one} "
        else:
            found += number(one) if isinstance(one, Number) else written(one.figure, words)
    return found.strip()


def value_made(receipt: Receipt, cell: Cell) -> int:
    """Return the value of a cell that is computed, from the cells that it names.

    Raises:
        FigureError: it is not computed, or cannot be from what there is.
    """
    made = cell.made
    if made is None:
        raise FigureError(f"{cell.name} is not computed")
    receipts = {receipt.id: receipt}
    first, *others = (value_of(cell_at(receipts, CellPlace(receipt.id, one))) for one in made.cells)
    value = _made_value(made.how, first, others, made.by)
    return figure_of(value, cell.kind, (), "").number


def receipts_behind(places: Iterable[CellPlace], receipts: Receipts) -> list[str]:
    """Return the receipts that cells stand on: their own, and of calculations those before."""
    found: dict[str, None] = {}
    todo = [one.receipt for one in places]
    while todo:
        key = todo.pop()
        receipt = receipts.get(key)
        if receipt is None or key in found:
            continue
        found[key] = None
        todo += named_by(receipt)
    return list(found)


def named_by(receipt: Receipt) -> list[str]:
    """Return the receipts that a calculation names; none of what is no calculation."""
    if receipt.tool != calculation.TOOL:
        return []
    steps = calculation.steps_of(str(receipt.arguments.get("expression", "")))
    return [one.receipt for one in steps if isinstance(one, CellPlace)]


def renewed(receipts: Receipts, values: Mapping[CellPlace, int]) -> dict[str, Receipt]:
    """Return receipts with other values in some cells, and what is computed from them anew.

    A cell that cannot be computed any more stays away.
    """
    found: dict[str, Receipt] = {}
    for key, receipt in sorted(receipts.items(), key=lambda one: _number(one[0])):
        if receipt.tool == calculation.TOOL:
            cells = _recalculated(receipt, found)
        else:
            plain = replace(
                receipt,
                cells=tuple(
                    one
                    if (place := CellPlace(key, one.name)) not in values
                    else replace(one, value=values[place])
                    for one in receipt.cells
                ),
            )
            cells = tuple(_remade(plain))
        found[key] = replace(receipt, cells=cells)
    return found


def figure_again(figure: Figure, receipts: Receipts) -> Figure | None:
    """Return a figure as other receipts make it; None where they cannot."""
    try:
        return cited(figure.formula, receipts).figure
    except FigureError:
        return None


class _Writer:
    """Writes figures out, and no more of them than a person could read."""

    def __init__(self, receipts: Receipts) -> None:
        self._receipts = receipts
        self._left = _MOST_PARTS

    def figure(self, figure: Figure) -> Iterator[Step]:
        operation = figure.formula.partition(" ")[0]
        if operation not in OPERATIONS:
            yield from self._cell(figure.places[0], self._receipts, is_inner=False)
            return
        if operation == "growth":
            now, before = figure.places
            yield from self._growth(now, before, self._receipts)
            return
        for at, place in enumerate(figure.places):
            if at:
                yield _SIGNS[operation]
            yield from self._cell(place, self._receipts, is_inner=True)

    def _cell(self, place: CellPlace, receipts: Receipts, *, is_inner: bool) -> Iterator[Step]:
        """Yield a cell, or what it is computed from, in brackets within something else."""
        cell = cell_at(receipts, place)
        receipt = receipts[place.receipt]
        self._left -= 1
        inner = self._inner(receipt, cell, receipts) if self._left > 0 else None
        if inner is None:
            is_held = receipt.tool in _OF_ACCOUNTS and cell.kind in _SUMMED
            is_led = cell.made is None and cell.kind not in (CellKind.SHARE, CellKind.RATIO)
            query = cell.query if is_led else None
            yield Part(place, figure_at(receipts, place), query, is_held and query is None)
            return
        if is_inner:
            yield "("
        yield from inner
        if is_inner:
            yield ")"

    def _inner(self, receipt: Receipt, cell: Cell, receipts: Receipts) -> Iterator[Step] | None:
        if receipt.tool == calculation.TOOL:
            return self._calculation(receipt, receipts)
        return None if cell.made is None else self._made(receipt, cell, receipts)

    def _made(self, receipt: Receipt, cell: Cell, receipts: Receipts) -> Iterator[Step]:
        made = cell.made
        if made is None:
            return
        places = [CellPlace(receipt.id, one) for one in made.cells]
        if made.how is How.GROWTH:
            yield from self._growth(places[0], places[1], receipts)
            return
        for at, place in enumerate(places):
            if at:
                yield _OF_HOW[made.how]
            yield from self._cell(place, receipts, is_inner=True)
        if made.by is not None:
            yield "/"
            yield Number(made.by, made.unit)

    def _growth(self, now: CellPlace, before: CellPlace, receipts: Receipts) -> Iterator[Step]:
        yield "("
        yield from self._cell(now, receipts, is_inner=True)
        yield "-"
        yield from self._cell(before, receipts, is_inner=True)
        yield ")"
        yield "/"
        is_less = value_of(cell_at(receipts, before)).size < 0
        yield from ("|",) if is_less else ()
        yield from self._cell(before, receipts, is_inner=True)
        yield from ("|",) if is_less else ()

    def _calculation(self, receipt: Receipt, receipts: Receipts) -> Iterator[Step]:
        # Only what came before: a calculation never names itself.
        older = {key: one for key, one in receipts.items() if _number(key) < _number(receipt.id)}
        for one in calculation.steps_of(str(receipt.arguments.get("expression", ""))):
            if isinstance(one, CellPlace):
                yield from self._cell(one, older, is_inner=True)
            else:
                yield Number(one) if isinstance(one, Fraction) else one


def _remade(receipt: Receipt) -> Iterator[Cell]:
    for cell in receipt.cells:
        if cell.made is None:
            yield cell
            continue
        try:
            yield replace(cell, value=value_made(receipt, cell))
        except FigureError:
            continue


def _recalculated(receipt: Receipt, receipts: Receipts) -> tuple[Cell, ...]:
    told = receipt.arguments
    try:
        figure = calculation.calculated(
            str(told.get("expression")), str(told.get("result")), receipts
        )
    except FigureError:
        return ()
    return calculation.receipt_of(figure, str(told.get("result"))).cells


def _made_value(how: How, first: Value, others: Sequence[Value], by: Fraction | None) -> Value:
    if by is not None:
        return replace(first, size=first.size / by, kind=None)
    (second,) = others
    if how is How.DIFFERENCE:
        return first - second
    if how is not How.MEAN and second.size <= 0:
        raise FigureError("there is no share of nothing or less")  # as a tool leaves it out
    if how is How.GROWTH:
        return (first - second) / second
    return first / second


def _number(key: str) -> int:
    return int(key[1:]) if key[1:].isdigit() else 0
