"""What a model writes in place of a figure: `[[r3.total]]`, `[[diff r3.total r5.total]]`, `[[r3]]`.

A reference holds cells and an operation, never a number: what it shows was computed from the
ledger. `[[r3]]` alone shows no figure; it says what a paragraph stands on.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from hive_desktop.domain.figures import (
    CellPlace,
    Figure,
    FigureError,
    Value,
    cell_at,
    figure_at,
    figure_of,
    value_of,
)
from hive_desktop.domain.receipts import CellKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from hive_desktop.domain.receipts import Receipt

# Some models escape brackets as Markdown wants them.
_REFERENCE: Final = re.compile(r"\\?\[\\?\[([^\[\]\n]{1,240}?)\\?\]\\?\]")
_OPENING: Final = re.compile(r"\\?\[(?:\\?(?:\[[^\[\]\n]{0,240}\\?(?:\]\\?)?)?)?$|\\$")
_PLACE: Final = re.compile(r"(r[0-9]{1,6})\.([a-z0-9_]+(?:\.[a-z0-9_]+)*)")
_RECEIPT: Final = re.compile(r"r[0-9]{1,6}")
_MOST_CELLS: Final = 40
OPERATIONS: Final = ("sum", "diff", "share", "ratio", "growth", "average")


class Found(NamedTuple):
    """A reference in a text: its span, and what stands in it."""

    start: int
    end: int
    inner: str


class Cited(NamedTuple):
    """What a reference says: a figure or none, and the receipts that it names."""

    figure: Figure | None
    receipts: tuple[str, ...]


def found_in(text: str) -> Iterator[Found]:
    """Return the references of a text, in order, whether they can be computed or not."""
    for one in _REFERENCE.finditer(text):
        yield Found(one.start(), one.end(), one[1].strip())


def settled_length(text: str) -> int:
    """Return how much of a text that still grows may be shown: no reference is parted."""
    opening = _OPENING.search(text, max(0, len(text) - 260))
    return len(text) if opening is None else opening.start()


def place_of(text: str) -> CellPlace:
    """Return the place of a cell such as `r3.total`.

    Raises:
        FigureError: it is none.
    """
    found = _PLACE.fullmatch(text.lower())
    if found is None:
        raise FigureError(f"{text!r} names no cell such as r1.total")
    return CellPlace(found[1], found[2])


def cited(inner: str, receipts: Mapping[str, Receipt]) -> Cited:
    """Return what a reference stands for.

    Args:
        inner: what is between the brackets.
        receipts: of the session, by their ids.

    Raises:
        FigureError: it names what is not there, or computes what cannot be.
    """
    words = inner.replace(",", " ").replace("(", " ").replace(")", " ").split()
    if not words:
        raise FigureError("the reference is empty")
    if len(words) == 1 and _RECEIPT.fullmatch(words[0].lower()):
        if words[0].lower() not in receipts:
            raise FigureError(f"there is no receipt {words[0]}")
        return Cited(None, (words[0].lower(),))
    if words[0].lower() not in OPERATIONS:
        if len(words) != 1:
            raise FigureError(f"the operations are {', '.join(OPERATIONS)}")
        place = place_of(words[0])
        return Cited(figure_at(receipts, place), (place.receipt,))
    if len(words) > _MOST_CELLS + 1:
        raise FigureError(f"at most {_MOST_CELLS} cells are computed at once")
    places = tuple(place_of(word) for word in words[1:])
    figure = _computed(words[0].lower(), places, receipts)
    return Cited(figure, tuple(dict.fromkeys(place.receipt for place in places)))


def _computed(
    operation: str, places: tuple[CellPlace, ...], receipts: Mapping[str, Receipt]
) -> Figure:
    formula = " ".join((operation, *map(str, places)))
    if len(places) < 2 or (operation != "sum" and len(places) != 2):
        wanted = "two or more cells" if operation == "sum" else "two cells"
        raise FigureError(f"{operation} takes {wanted}")
    cells = [cell_at(receipts, place) for place in places]
    if operation == "diff":
        first, second = (one.value for one in cells)
        if isinstance(first, date) and isinstance(second, date):
            return Figure(CellKind.COUNT, (first - second).days, None, places, formula)
    values = [value_of(one) for one in cells]
    value, kind = _DO[operation](values)
    return figure_of(value, kind, places, formula)


def _sum(values: Sequence[Value]) -> tuple[Value, CellKind]:
    total = values[0]
    for one in values[1:]:
        total = total + one
    return total, _kept_kind(total)


def _diff(values: Sequence[Value]) -> tuple[Value, CellKind]:
    rest = values[0] - values[1]
    return rest, _kept_kind(rest)


def _share(values: Sequence[Value]) -> tuple[Value, CellKind]:
    return _parted(values), CellKind.SHARE


def _ratio(values: Sequence[Value]) -> tuple[Value, CellKind]:
    return _parted(values), CellKind.RATIO


def _growth(values: Sequence[Value]) -> tuple[Value, CellKind]:
    now, before = values
    base = Value(abs(before.size), before.currency)
    return (now - before) / base, CellKind.SHARE


def _average(values: Sequence[Value]) -> tuple[Value, CellKind]:
    total, number = values
    if number.currency is not None or number.kind is not CellKind.COUNT:
        raise FigureError("an average divides by a count")
    part = total / number
    return part, CellKind.MONEY if part.currency else CellKind.RATIO


def _parted(values: Sequence[Value]) -> Value:
    part, whole = values
    if (part.currency is None) != (whole.currency is None):
        raise FigureError("an amount and a number have no share")
    return part / whole


def _kept_kind(value: Value) -> CellKind:
    if value.kind is None:
        raise FigureError("these are figures of two kinds")
    return value.kind


_DO: Final[Mapping[str, Callable[[Sequence[Value]], tuple[Value, CellKind]]]] = {
    "sum": _sum,
    "diff": _diff,
    "share": _share,
    "ratio": _ratio,
    "growth": _growth,
    "average": _average,
}
