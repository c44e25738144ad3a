"""How a table is to be read, guessed from all that it shows, with how sure that is."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from hive_desktop.adapters.files import reasons as common
from hive_desktop.adapters.files import tables_reasons as reasons
from hive_desktop.adapters.files.amounts import Amounts
from hive_desktop.adapters.files.dates import Dates, is_serial
from hive_desktop.adapters.files.presets import preset_of
from hive_desktop.adapters.files.tables_accounts import LOOKED_AT
from hive_desktop.adapters.files.tables_cards import (
    CREDIT_CARD,
    is_card_by_columns,
    is_card_by_words,
    names_card,
    tells_account,
)
from hive_desktop.adapters.files.tables_cells import MOST_CELLS, SAMPLE
from hive_desktop.adapters.files.tables_columns import columns_of, is_of_numbers
from hive_desktop.adapters.files.tables_headings import holdings_in
from hive_desktop.adapters.files.tables_money import with_amounts
from hive_desktop.adapters.files.tables_places import (
    day_form,
    is_header,
    is_row,
    place_of,
    why_none,
    width_of,
)
from hive_desktop.adapters.files.tables_roles import chosen_roles
from hive_desktop.adapters.files.tables_shown import (
    Shown,
    currency_of_all,
    finest_of,
    hints_of,
    mark_of,
    order_of,
)
from hive_desktop.adapters.files.tables_sides import fees_are_open, shows_payments_of_card, signed
from hive_desktop.adapters.files.tables_words import plain
from hive_desktop.domain.csv_layouts import CsvGuess, CsvLayout, DateOrder, Role, Sign

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hive_desktop.adapters.files.tables_cells import Dialect, Record
    from hive_desktop.adapters.files.tables_columns import Column
    from hive_desktop.adapters.files.tables_roles import Chosen

_HEAD: Final = 20
_ORDERS: Final = {
    DateOrder.DMY: common.DAY_FIRST,
    DateOrder.MDY: common.MONTH_FIRST,
    DateOrder.YMD: common.YEAR_FIRST,
}
_AMOUNTS: Final = frozenset({Role.AMOUNT, Role.OUT, Role.IN})
_SURE_WITHOUT_HEADINGS: Final = 0.88
_SURE_BY_CONTENT: Final = 0.75
_MOST_OF_ANOTHER_KIND: Final = 2
_NO_YEAR: Final = re.compile(
    r"[0-3]?[0-9][/-][0-3]?[0-9]|[0-3]?[0-9]\.[01]?[0-9]\."
    r"|[0-3]?[0-9][. -]{1,2}[^\W\d_]{3,9}\.?|[^\W\d_]{3,9}\.?[ -][0-3]?[0-9]"
)


class NoTableError(ValueError):
    """The records are no statement; `reason` says why, marked for translation, or is ""."""

    def __init__(self, reason: str = "") -> None:
        self.reason = reason
        super().__init__(reason)


def guess_records(
    sample: Sequence[Record],
    dialect: Dialect,
    encoding: str,
    every: Callable[[], Iterator[Record]],
    today: int = 0,
    name: str = "",
) -> CsvGuess:
    """Return how a table would be read.

    Args:
        sample: its first records, what stands before it included.
        dialect: what parts cells.
        encoding: by which bytes became text.
        every: gives all of its records again, where the sample leaves something open.
        today: the day that the file is read on; 0 where that says nothing.
        name: of the file: some are called after a credit card.

    Raises:
        NoTableError: this is no statement.
    """
    place = place_of(sample)
    if place is None:
        raise NoTableError(why_none(sample))
    headings = sample[place.header].cells if place.header >= 0 else []
    preset = preset_of(headings)
    rows, below = _rows_of(sample[place.first : place.first + SAMPLE])
    if not rows:
        rows = [cells for cells in below if sum(bool(one.strip()) for one in cells) > 2][:200]
    if headings:
        rows = _of_width(rows, len(headings))
    elif rows:
        rows = _of_one_shape(rows)
        first = next(i for i, one in enumerate(sample) if one.cells is rows[0])
        place = place._replace(first=first)
    width = min(max((len(one) for one in (headings, *rows)), default=0), MOST_CELLS)
    columns = columns_of(headings, rows, width)
    chosen = chosen_roles(columns, headings, preset)
    if rows:
        if not any(chosen.of(one) for one in _AMOUNTS) and holdings_in(headings) >= 3:
            raise NoTableError(reasons.HOLDINGS)
        named = sum("balance" in plain(one) for one in headings)
        if not any(chosen.of(one) for one in _AMOUNTS) and named >= 2:
            raise NoTableError(reasons.BALANCES_ONLY)
        chosen = with_amounts(chosen, columns, place)
        _refuse_others(chosen, columns, headings)
    shown = Shown(sample, place, list(headings), rows, columns, chosen, preset, every, today)
    return _assembled(
        shown,
        CsvLayout(
            columns=(),
            encoding=encoding,
            delimiter=dialect.delimiter,
            quote=dialect.quote,
            header=place.header + 1,
            headings=tuple(headings),
            skip=0 if place.header >= 0 else place.first,
            preset=preset.name if preset else "",
            account_kind=preset.kind if preset else _kind_of(shown, name),
            fee_is_extra=bool(preset and preset.fee_is_extra),
        ),
    )


def _kind_of(shown: Shown, name: str) -> str:
    """Return what a table that no preset knows is of: a credit card, or ""."""
    place = shown.place
    lines = shown.sample[: place.header if place.header >= 0 else place.first][:LOOKED_AT]
    above = [cell for one in lines for cell in one.cells]
    if any(map(names_card, above)):
        return CREDIT_CARD
    if shown.chosen.of(Role.BALANCE):
        return ""
    is_card = is_card_by_words(name, above, shown.headings) or (
        is_card_by_columns(shown.columns, shown.chosen, len(shown.rows))
        and not tells_account(name, above, shown.headings)
    )
    return CREDIT_CARD if is_card else ""


def _rows_of(sample: Sequence[Record]) -> tuple[list[list[str]], list[list[str]]]:
    """Return the rows of the first table, and all of its records."""
    rows: list[list[str]] = []
    for i, one in enumerate(sample):
        if is_row(one.cells):
            rows.append(one.cells)
        elif rows and is_header(one.cells):
            return rows, [each.cells for each in sample[:i]]
    return rows, [each.cells for each in sample]


def _of_width(rows: list[list[str]], named: int) -> list[list[str]]:
    """Return the rows without those that have more than the headings name, where others do not."""
    fitting = [one for one in rows if not any(cell.strip() for cell in one[named:])]
    return fitting or rows


def _of_one_shape(rows: list[list[str]]) -> list[list[str]]:
    """Return the rows of a table without headings less those before it that are of another kind.

    Some banks write a line about the account there: its number, its balances, the first day.
    """
    if len(rows) < 2:
        return rows
    kinds = [day_form(one) for one in rows]
    usual = Counter(reversed(kinds)).most_common(1)[0][0]  # of equals the later one
    first = next(i for i, one in enumerate(kinds) if one == usual)
    return rows[first:] if first <= _MOST_OF_ANOTHER_KIND else rows


def _refuse_others(chosen: Chosen, columns: list[Column], headings: Sequence[str]) -> None:
    """Refuse tables that only look like statements."""
    held = holdings_in(list(headings))
    if held >= 3 and not chosen.of(Role.AMOUNT):
        raise NoTableError(reasons.HOLDINGS)
    words = {plain(one) for one in headings}
    if words & {"total shares", "total value", "total units"}:
        raise NoTableError(reasons.HOLDINGS)
    if not chosen.of(Role.DATE):
        serial = any(sum(map(is_serial, one.cells)) > 0.8 * max(1, one.filled) for one in columns)
        days = reasons.NO_YEARS if any(map(_lacks_years, columns)) else reasons.NO_DAYS
        raise NoTableError("" if serial else days)
    if not any(chosen.of(one) for one in _AMOUNTS):
        if held >= 2:
            raise NoTableError(reasons.HOLDINGS)
        only = bool(chosen.of(Role.BALANCE)) or sum("balance" in one for one in words) > 1
        raise NoTableError(reasons.BALANCES_ONLY if only else reasons.NO_AMOUNTS)


def _lacks_years(column: Column) -> bool:
    return sum(_NO_YEAR.fullmatch(cell) is not None for cell in column.cells) > 0.8 * column.filled


def _assembled(shown: Shown, layout: CsvLayout) -> CsvGuess:
    """Decide order, mark and sign, and say how sure all of it is."""
    why: list[str] = []
    sure = [_sure_of_columns(shown, why)]
    chosen = shown.chosen
    currency = currency_of_all(shown)
    hints = hints_of(shown, layout.delimiter, currency)
    order = order_of(shown, hints)
    mark = mark_of(shown, layout.delimiter, currency)
    layout = replace(
        layout,
        date_order=DateOrder(order.value),
        decimal_mark=mark.value,
        currency="" if chosen.of(Role.CURRENCY) else currency,
    )
    sure += [order.confidence, mark.confidence]
    why += [one for one in (order.why, mark.why) if one]
    if order.why:
        why.append(_ORDERS[layout.date_order])
    layout, sign_sure, sign_why = signed(shown, layout)
    if not layout.account_kind and shows_payments_of_card(shown, layout):
        layout = replace(layout, account_kind=CREDIT_CARD)
    sure.append(sign_sure)
    why.append(sign_why)
    if fees_are_open(shown, layout):
        sure.append(_SURE_BY_CONTENT)
        why.append(reasons.FEES_UNSURE)
    roles = chosen.columns
    if layout.sign is not Sign.INDICATOR:  # words that say it once more are a kind
        roles = [(Role.KIND if role is Role.INDICATOR else role, i) for role, i in roles]
    layout = replace(layout, columns=_in_order(roles, shown.columns))
    if not shown.rows:
        why = [reasons.NO_ROWS]
    else:
        fits = _share_that_fits(shown, layout)
        if fits < 0.9:
            sure.append(0.3 + fits / 2)
            why.append(reasons.SOME_UNREADABLE)
    head = [one.cells for one in shown.sample[max(0, shown.place.header) :][: _HEAD + 1]]
    return CsvGuess(
        layout,
        round(min(sure), 3),
        tuple(dict.fromkeys(why)),
        tuple(tuple(cells) for cells in head),
        signature_of(shown.headings, shown.columns, layout.delimiter),
    )


def _in_order(roles: list[tuple[Role, int]], columns: list[Column]) -> tuple[tuple[Role, int], ...]:
    """Return roles by columns, of remarks those first that have words."""

    def place(one: tuple[Role, int]) -> tuple[bool, int]:
        return one[0] is Role.MEMO and is_of_numbers(columns[one[1]]), one[1]

    return tuple(sorted(roles, key=place))


def _sure_of_columns(shown: Shown, why: list[str]) -> float:
    if shown.preset is not None:
        why.append(reasons.KNOWN_EXPORT)
        return 1.0
    if shown.place.header < 0:
        why.append(reasons.BY_CONTENT)
        return _SURE_WITHOUT_HEADINGS if shown.chosen.is_sure_which else _SURE_BY_CONTENT
    if not shown.chosen.by_heading:
        why.append(reasons.SOME_BY_CONTENT)
        return _SURE_BY_CONTENT
    why.append(reasons.KNOWN_HEADINGS)
    if not shown.chosen.is_sure_whose:
        why.append(reasons.WHOSE_UNSURE)
        return 0.85
    # Further columns of money leave open which one is meant.
    amounts = [one for one in shown.columns if one.heading.role is Role.AMOUNT and one.filled]
    clear = len(amounts) < 2 or bool(shown.chosen.of(Role.BALANCE))
    return (0.98 if shown.chosen.is_exact else 0.92) if clear else 0.85


def _share_that_fits(shown: Shown, layout: CsvLayout) -> float:
    dates = Dates(layout.date_order)
    read = Amounts(finest_of(shown, layout.currency), layout.decimal_mark)
    wanted = [i for role, i in shown.chosen.columns if role in _AMOUNTS]
    day = shown.chosen.of(Role.DATE)[0]
    other = (shown.chosen.of(Role.HAPPENED) or [day])[0]
    good = looked = 0
    width = width_of(len(shown.headings), shown.rows)
    for n, first in enumerate(shown.columns[day].cells):
        cell = first or shown.columns[other].cells[n]
        values = [shown.columns[i].cells[n] for i in wanted]
        if not any(values):
            continue
        looked += 1
        if any(one.strip() for one in shown.rows[n][width:]):
            continue
        good += dates[cell] is not None and any(one and read[one] is not None for one in values)
    return good / looked if looked else 1.0


def signature_of(headings: Sequence[str], columns: Sequence[Column], delimiter: str) -> str:
    """Return what is the same for tables of one shape and differs for others."""
    if headings:
        told = "|".join(plain(one) for one in headings)
    else:
        told = "".join(
            "d" if one.is_of_days else "a" if one.is_of_amounts else "w" if one.words else "-"
            for one in columns
        )
    shape = f"{delimiter}{len(headings) or len(columns)}:{told}"
    return hashlib.sha256(shape.encode()).hexdigest()[:32]
