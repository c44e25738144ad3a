"""All that a table shows, and what all of it together decides: order, mark, currency."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from hive_desktop.adapters.files import tables_reasons as reasons
from hive_desktop.adapters.files.amounts import currency_beside, marks_of, proves_mark
from hive_desktop.adapters.files.dates import looks_like_date, read_day
from hive_desktop.adapters.files.tables_cells import SAMPLE
from hive_desktop.adapters.files.tables_columns import is_of_rates
from hive_desktop.adapters.files.tables_headings import currency_of, heading_of
from hive_desktop.adapters.files.tables_orders import Hints, Judged, date_order, decimal_mark
from hive_desktop.adapters.files.tables_words import plain
from hive_desktop.domain.csv_layouts import DateOrder, Role
from hive_desktop.domain.money import minor_digits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hive_desktop.adapters.files.preset import Preset
    from hive_desktop.adapters.files.tables_cells import Record
    from hive_desktop.adapters.files.tables_columns import Column
    from hive_desktop.adapters.files.tables_places import Place
    from hive_desktop.adapters.files.tables_roles import Chosen

_MOST_DISTINCT: Final = 20_000
_SURE: Final = 0.9
_BY_OTHERS: Final = 0.85
_BY_RATES: Final = 0.7
_WRITTEN: Final = re.compile(
    r"(?<![0-9./-])[0-9]{1,2}([/.-])[0-9]{1,2}\1(?:19|20)[0-9]{2}(?![0-9./-])"
)
_FRACTION: Final = re.compile(r"[.,][0-9]{1,2}(?![0-9])")
_AMOUNTS: Final = frozenset({Role.AMOUNT, Role.OUT, Role.IN})
_OF_BALANCE: Final = re.compile(
    r"^(?!.*(?:limit|cash ?back|equiv|gegenwert|rewards?\b|points?\b)).*"
    r"(?:balan|sald|solde|stand\b|guthaben|ostatok|ustat|egyenleg|bakiye|likut|остат|余额|残高)"
)
"""Lines above a table of what was in the account, in its currency."""


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
    today: int = 0


def hints_of(shown: Shown, delimiter: str, currency: str) -> Hints:
    """Return what other marks than dates say of where a table comes from.

    Args:
        shown: the table.
        delimiter: what parts its cells.
        currency: of all rows, or "".
    """
    beside = {sign for i in _money(shown.chosen) for sign in shown.columns[i].beside}
    codes = {currency, *_codes_in_rows(shown)} - {""}
    codes |= {found for one in beside if (found := currency_of(one))}
    has_dollars = "$" in beside or "USD" in codes
    elsewhere = bool(codes) and "USD" not in codes
    english = delimiter == "," and not is_foreign(shown.headings)
    return Hints(
        is_american=delimiter == "," and not elsewhere and (has_dollars or english),
        is_european=delimiter == ";" or is_foreign(shown.headings) or elsewhere,
        has_dollars=has_dollars and not elsewhere,
        today=shown.today,
    )


def _codes_in_rows(shown: Shown) -> set[str]:
    """Return the codes that a column of currencies has."""
    cells = {cell for i in shown.chosen.of(Role.CURRENCY) for cell in shown.columns[i].cells}
    return {found for one in cells if (found := currency_of(one))}


def finest_of(shown: Shown, currency: str) -> str:
    """Return the currency with the most decimals: of all rows, or of those that rows name."""
    return max((currency, *sorted(_codes_in_rows(shown))), key=minor_digits)


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
        beside = set(shown.columns[i].beside)
        if beside == {"\u00a5"} and any(map(_FRACTION.search, shown.columns[i].cells)):
            return "CNY"  # yen have no decimals, yuan do
        counts = Counter[str]()
        for one, times in shown.columns[i].beside.items():
            counts[currency_of(one)] += times
        if counts and "" not in counts:
            return counts.most_common(1)[0][0]  # rows in others are refused, each with its reason
    return _currency_above(_above(shown))


def _currency_above(above: Sequence[Record]) -> str:
    """Return the one currency that lines name, else the one of balances in them, or ""."""
    named = {_named_in(cell) for one in above for cell in one.cells}
    balances = [one.cells for one in above if _OF_BALANCE.search(plain(" ".join(one.cells)))]
    beside = {_beside_in(cell) for cells in balances for cell in cells}
    for texts in (named, beside):
        codes = {currency_of(one) for one in texts if len(one) == 3} - {""}
        if codes:
            return codes.pop() if len(codes) == 1 else ""
    return ""


def _named_in(cell: str) -> str:
    """Return what is all of a cell, or stands alone behind the label of a currency, or ""."""
    label, mark, said = cell.rpartition(":")
    is_labelled = not mark or not label.strip() or heading_of(label).role is Role.CURRENCY
    return said.strip() if is_labelled else ""


def _beside_in(cell: str) -> str:
    """Return the sign or code beside the sum of money that a cell has, or ""."""
    said = cell.rpartition(":")[2].strip()
    return currency_beside(said) if marks_of(said) else ""


def order_of(shown: Shown, hints: Hints) -> Judged:
    """Return the order of all dates, and how sure it is."""
    dates = shown.chosen.of(Role.DATE)
    cells = _distinct(shown, dates)
    judged = date_order(cells, hints)
    if judged.confidence < 1 and len(shown.sample) >= SAMPLE:
        judged = date_order(_distinct_of_all(shown, dates), hints)
    preset = shown.preset
    if preset is not None and preset.order is not None and judged.confidence < 1:
        return judged._replace(value=preset.order, confidence=0.97, why="")
    return _with_others(shown, cells, judged, hints) if judged.confidence < _SURE else judged


def _with_others(shown: Shown, cells: Sequence[str], judged: Judged, hints: Hints) -> Judged:
    """Return the order with what other dates of the file prove, where they go with the rest."""
    proved = _order_elsewhere(shown, cells)
    if proved is None:
        return judged
    if proved is judged.value:
        return judged._replace(confidence=max(judged.confidence, _BY_OTHERS))
    european = hints.is_european and not hints.is_american
    if european or judged.why == reasons.ORDER_BY_ROWS:
        return judged._replace(confidence=0.55, why=reasons.ORDER_UNSURE)
    return Judged(proved, _BY_OTHERS, reasons.ORDER_UNSURE)


def _order_elsewhere(shown: Shown, cells: Sequence[str]) -> DateOrder | None:
    """Return the order that dates above the table and in columns of days prove.

    A date in a description is of somebody else: a hotel abroad, a version, a reference.
    """
    days = {i for i, column in enumerate(shown.columns) if column.is_of_days}
    below = (
        cell
        for record in shown.sample[shown.place.first :]
        for i, cell in enumerate(record.cells)
        if i in days and looks_like_date(cell)
    )
    above = (cell for record in _above(shown) for cell in record.cells)
    found = {
        match[0]
        for cell in chain(above, below)
        if "/" in cell or "-" in cell or "." in cell
        for match in _WRITTEN.finditer(cell)
    }
    both = (DateOrder.DMY, DateOrder.MDY)
    counts = {one: sum(read_day(text, one) is not None for text in found) for one in both}
    fits = {one: sum(read_day(text, one) is not None for text in cells) for one in both}
    if counts[both[0]] == counts[both[1]] or fits[both[0]] != fits[both[1]]:
        return None
    best = max(both, key=lambda one: counts[one])
    return best if counts[best] == len(found) else None


def _above(shown: Shown) -> Sequence[Record]:
    return shown.sample[: max(shown.place.header, 0) or shown.place.first]


def mark_of(shown: Shown, delimiter: str, currency: str) -> Judged:
    """Return the decimal mark of all amounts, and how sure it is."""
    digits = minor_digits(finest_of(shown, currency))
    money = [i for role, i in shown.chosen.columns if role in _AMOUNTS]
    if not any(proves_mark(cell) for i in money for cell in shown.columns[i].cells):
        money = _money(shown.chosen)
    likely = "," if delimiter == ";" or is_foreign(shown.headings) else "."
    cells = {cell for i in money for cell in shown.columns[i].cells if cell}
    judged = decimal_mark(cells, likely=likely, digits=digits)
    if judged.confidence < 1 and len(shown.sample) >= SAMPLE:
        judged = decimal_mark(_distinct_of_all(shown, money), likely=likely, digits=digits)
    if judged.confidence < 1 and judged.why == reasons.MARK_UNSURE:
        beside = _mark_of_rates(shown, money)
        if beside:
            return judged._replace(value=beside, confidence=_BY_RATES)
    return judged


def _mark_of_rates(shown: Shown, money: Sequence[int]) -> str:
    """Return the decimal mark that columns of rates prove, or ""."""
    rates = [
        column
        for i, column in enumerate(shown.columns)
        if i not in money and is_of_rates(column) and 0 < column.filled == column.amounts
    ]
    proved = {proves_mark(cell) for column in rates for cell in column.cells} - {""}
    return proved.pop() if len(proved) == 1 else ""


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
