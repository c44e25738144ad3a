"""Whether a figure that a text says is the one that a cell has: equal, or honestly rounded."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from hive_desktop.domain.money import from_minor, minor_digits
from hive_desktop.domain.receipts import CellKind
from hive_desktop.domain.written_figures import Hedge, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hive_desktop.domain.figures import Figure
    from hive_desktop.domain.written_figures import Reading, Written

_UNITS: Final = {
    CellKind.MONEY: frozenset({Unit.AMOUNT, Unit.NUMBER}),
    CellKind.COUNT: frozenset({Unit.COUNT, Unit.TIMES, Unit.NUMBER}),
    CellKind.SHARE: frozenset({Unit.PERCENT}),
    CellKind.RATIO: frozenset({Unit.TIMES, Unit.FOLD, Unit.NUMBER}),
}
_DECIMALS: Final = {CellKind.COUNT: 0, CellKind.SHARE: 1, CellKind.RATIO: 2}
_ABOUT: Final = Decimal("0.1")
_OVER: Final = Decimal("0.25")


class Fitting:
    """Figures, found by what is written of them.

    Args:
        figures: of several that fit, the first is found.
    """

    def __init__(self, figures: Iterable[Figure]) -> None:
        first: dict[tuple[object, ...], Figure] = {}
        for one in figures:
            if isinstance(one.value, int):
                first.setdefault((one.kind, one.value, one.currency), one)
        self._figures = tuple(first.values())
        sized = sorted((_size(one)[0], place) for place, one in enumerate(self._figures))
        self._sizes = [size for size, _ in sized]
        self._places = [place for _, place in sized]
        self._found: dict[tuple[object, ...], Figure | None] = {}

    def of(self, one: Written) -> Figure | None:
        """Return the figure that a written one is, or None."""
        said = one[2:]  # wherever it stands
        if said not in self._found:
            near = sorted({place for reading in one.readings for place in self._near(reading, one)})
            fitting = (self._figures[place] for place in near)
            self._found[said] = next((other for other in fitting if fits(one, other)), None)
        return self._found[said]

    def _near(self, reading: Reading, one: Written) -> Iterator[int]:
        """Return the places of figures that are no farther off than any that fits."""
        value, reach = reading
        if one.hedge is not Hedge.NONE:
            reach = max(reach, _coarse(value))
        first = bisect_left(self._sizes, value - reach)
        yield from self._places[first : bisect_right(self._sizes, value + reach)]


def fits(one: Written, figure: Figure) -> bool:
    """Tell whether a written figure is this one.

    An amount without a sign may be one below nothing: "it fell by £50".
    """
    if not isinstance(figure.value, int):
        return False
    is_bare_share = (
        figure.kind is CellKind.SHARE
        and one.unit is Unit.NUMBER
        and any(reading.step < 1 for reading in one.readings)
    )
    if one.unit not in _UNITS[figure.kind] and not is_bare_share:
        return False
    if one.currencies is not None and figure.currency not in one.currencies:
        return False
    if (one.sign == "-" and figure.value > 0) or (one.sign == "+" and figure.value < 0):
        return False
    size, finest = _size(figure)
    return any(_is_near(reading, size, finest, one.hedge) for reading in one.readings)


def _size(figure: Figure) -> tuple[Decimal, Decimal]:
    """Return how large a figure is, without its sign, and the smallest step of its kind."""
    decimals = _DECIMALS.get(figure.kind)
    if decimals is None:
        currency = figure.currency or ""
        size, decimals = abs(from_minor(figure.number, currency)), minor_digits(currency)
    else:
        size = Decimal(abs(figure.number)).scaleb(-decimals)
    return size, Decimal(1).scaleb(-decimals)


def _is_near(reading: Reading, size: Decimal, finest: Decimal, hedge: Hedge) -> bool:
    value, step = reading
    off = abs(value - size)
    if off == 0:
        return True
    if not value or step < finest:
        return False
    if step > finest and off <= step / 2:
        return True
    coarse = max(step, _coarse(value))
    if hedge is Hedge.ABOUT:
        return off <= coarse / 2 and off <= size * _ABOUT
    if hedge is Hedge.OVER:
        return value < size < value + coarse and off <= value * _OVER
    return hedge is Hedge.UNDER and value - coarse < size < value and off <= size * _OVER


def _coarse(value: Decimal) -> Decimal:
    """Return the step of the last digit that is not nought: 100 for 1,200."""
    if value != value.to_integral_value():
        return Decimal(0)
    digits = str(int(value))
    return Decimal(10) ** (len(digits) - len(digits.rstrip("0")))
