"""All that a table shows, and what all of it together decides: order, mark, currency."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from hive_desktop.adapters.files.amounts import proves_mark
from hive_desktop.adapters.files.tables_cells import SAMPLE
from hive_desktop.adapters.files.tables_headings import currency_of
from hive_desktop.adapters.files.tables_orders import date_order, decimal_mark
from hive_desktop.adapters.files.tables_words import plain
from hive_desktop.domain.csv_layouts import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hive_desktop.adapters.files.preset import Preset
    from hive_desktop.adapters.files.tables_cells import Record
    from hive_desktop.adapters.files.tables_columns import Column
    from hive_desktop.adapters.files.tables_orders import Judged
    from hive_desktop.adapters.files.tables_places import Place
    from hive_desktop.adapters.files.tables_roles import Chosen

_MOST_DISTINCT: Final = 20_000
_AMOUNTS: Final = frozenset({Role.AMOUNT, Role.OUT, Role.IN})


class Shown(NamedTuple):
    """All that a table shows."""

    sample: Sequence[Record]
    place: Place
    headings: list[str]
    rows: list[list[str]]
    columns: list[Column]
    chosen: Chosen
    preset: Preset | None
    every: Callable[[], Iterator[Record]]


class Hints(NamedTuple):
    """What other marks say of where a table comes from."""

    is_american: bool
    is_european: bool


def has_dollars(shown: Shown) -> bool:
    """Return whether amounts are in dollars, or at least the headings in English."""
    beside = {sign for i in _money(shown.chosen) for sign in shown.columns[i].beside}
    return "$" in beside or any("USD" in one for one in beside) or not is_foreign(shown.headings)


def is_foreign(headings: Sequence[str]) -> bool:
    """Return whether headings are in another language than English."""
    english = {"date", "amount", "description", "balance", "debit", "credit", "details", "payee"}
    words = {word for one in headings for word in plain(one).split()}
    return bool(words) and not words & english


def _money(chosen: Chosen) -> list[int]:
    return [i for role, i in chosen.columns if role in _AMOUNTS or role is Role.BALANCE]


def currency_of_all(shown: Shown) -> str:
    """Return the currency of all rows as headings, amounts or the lines above say it, or ""."""
    for role in (Role.AMOUNT, Role.OUT, Role.IN, Role.BALANCE):
        for i in shown.chosen.of(role):
            if shown.columns[i].heading.currency:
                return shown.columns[i].heading.currency
    if shown.preset is not None and shown.preset.currency:
        return shown.preset.currency
    for i in _money(shown.chosen):
        codes = {currency_of(one) for one in shown.columns[i].beside}
        if len(codes) == 1 and "" not in codes:
            return codes.pop()
    above = shown.sample[: max(shown.place.header, 0) or shown.place.first]
    named = {cell.strip() for one in above for cell in one.cells if len(cell.strip()) == 3}
    codes = {currency_of(one) for one in named} - {""}
    return codes.pop() if len(codes) == 1 else ""


def order_of(shown: Shown, hints: Hints) -> Judged:
    """Return the order of all dates, and how sure it is."""
    dates = shown.chosen.of(Role.DATE)
    cells = _distinct(shown, dates)
    judged = date_order(cells, is_american=hints.is_american, is_european=hints.is_european)
    if judged.confidence < 1 and len(shown.sample) >= SAMPLE:
        judged = date_order(
            _distinct_of_all(shown, dates),
            is_american=hints.is_american,
            is_european=hints.is_european,
        )
    preset = shown.preset
    if preset is not None and preset.order is not None and judged.confidence < 1:
        return judged._replace(value=preset.order, confidence=0.97, why="")
    return judged


def mark_of(shown: Shown, delimiter: str) -> Judged:
    """Return the decimal mark of all amounts, and how sure it is."""
    money = [i for role, i in shown.chosen.columns if role in _AMOUNTS]
    if not any(proves_mark(cell) for i in money for cell in shown.columns[i].cells):
        money = _money(shown.chosen)
    likely = "," if delimiter == ";" or is_foreign(shown.headings) else "."
    cells = {cell for i in money for cell in shown.columns[i].cells if cell}
    judged = decimal_mark(cells, likely=likely)
    if judged.confidence < 1 and len(shown.sample) >= SAMPLE:
        judged = decimal_mark(_distinct_of_all(shown, money), likely=likely)
    return judged


def _distinct(shown: Shown, wanted: Sequence[int]) -> list[str]:
    cells = [cell for i in wanted for cell in shown.columns[i].cells if cell]
    return list(dict.fromkeys(cells))


def _distinct_of_all(shown: Shown, wanted: Sequence[int]) -> list[str]:
    found: dict[str, None] = {}
    for one in shown.every():
        for i in wanted:
            if i < len(one.cells) and one.cells[i]:
                found[one.cells[i].strip()] = None
        if len(found) > _MOST_DISTINCT:
            break
    return [one for one in found if one]
