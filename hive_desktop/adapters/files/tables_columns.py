"""What the columns of a table are: by their headings where these agree with what stands below."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from hive_desktop.adapters.files.amounts import currency_beside, marks_of, side_of
from hive_desktop.adapters.files.dates import is_serial, looks_like_date, orders_of
from hive_desktop.adapters.files.tables_headings import Heading, heading_of
from hive_desktop.adapters.files.tables_phrases_east import CURRENCY_NAMES
from hive_desktop.adapters.files.tables_words import (
    DONE,
    FAILED,
    PENDING,
    plain,
    side_of_word,
)
from hive_desktop.domain.csv_layouts import Role
from hive_desktop.domain.money import KNOWN_CURRENCIES

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_LOOKED_AT: Final = 400
_MOST_KINDS: Final = 12
_RATE: Final = re.compile(r"\b(?:rate|\w*kurs|koers|taux|tasso|tipo de cambio|cambio|курс)\b")
_DAYS: Final = frozenset({Role.DATE, Role.HAPPENED, Role.VALUE_DATE})
_AMOUNTS: Final = frozenset({Role.AMOUNT, Role.OUT, Role.IN, Role.BALANCE, Role.FEE})


@dataclass(frozen=True, slots=True)
class Column:
    """What stands in one column of the sample.

    Attributes:
        name: the heading in plain words, or "".
        heading: what it says.
        cells: all cells of the sample, stripped, one for each row.
        filled: how many are not empty.
        days: how many have the form of a date.
        amounts: how many are amounts.
        marked: how many of these have decimals, a sign or a currency.
        decimals: how many of these have decimals.
        sided: how many end with `CR` or `DR`.
        words: how many have letters that are no amount or date.
        currencies: how many are codes of today's currencies.
        codes: how many look like codes of others.
        distinct: how many are different.
        beside: signs and codes of currencies beside amounts, with how often each stands there.
    """

    name: str
    heading: Heading
    cells: Sequence[str]
    filled: int = 0
    days: int = 0
    amounts: int = 0
    marked: int = 0
    decimals: int = 0
    sided: int = 0
    words: int = 0
    currencies: int = 0
    codes: int = 0
    distinct: int = 0
    beside: Counter[str] = field(default_factory=Counter)

    @property
    def is_of_days(self) -> bool:
        """Whether nearly all of it are dates."""
        return self.days > 0 and self.days >= 0.6 * self.filled

    @property
    def is_of_amounts(self) -> bool:
        """Whether nearly all of it are amounts."""
        return self.amounts > 0 and self.amounts >= 0.75 * self.filled

    @property
    def is_signed(self) -> bool:
        """Whether a minus stands at some of it."""
        return any(one and (one[0] in "-\u2212(" or one[-1] == "-") for one in self.cells)

    @property
    def is_of_money(self) -> bool:
        """Whether the amounts have what tells money from numbers of other things."""
        return self.is_of_amounts and self.marked >= 0.3 * self.amounts


def columns_of(headings: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[Column]:
    """Return what stands in each column of the sample."""
    found = [
        _column(
            headings[i] if i < len(headings) else "",
            [row[i].strip() if i < len(row) else "" for row in rows],
        )
        for i in range(width)
    ]
    for i in range(width - 1):
        if _is_currency_of_next(found[i], found[i + 1]):
            found[i : i + 2] = _with_own_headings(found[i], found[i + 1])
    return found


def _is_currency_of_next(column: Column, after: Column) -> bool:
    """Return whether a heading stands over a currency and, without one, the amount behind it."""
    is_over_both = bool(column.name) and not after.name and after.is_of_amounts
    is_currency = column.filled > 0 and column.currencies >= 0.9 * column.filled
    return is_over_both and is_currency and column.heading.role is not Role.CURRENCY


def _with_own_headings(column: Column, after: Column) -> list[Column]:
    said = column.heading
    is_money = said.is_known and said.role is not Role.KIND
    heading = said if is_money else Heading(Role.AMOUNT, is_known=True)
    return [
        replace(column, name="currency", heading=heading_of("currency")),
        replace(after, name=column.name, heading=heading),
    ]


def _column(title: str, cells: list[str]) -> Column:
    filled = [one for one in cells if one]
    counts = Counter(filled[:_MOST_LOOKED_AT])
    days = amounts = marked = decimals = sided = words = currencies = codes = 0
    beside: Counter[str] = Counter()
    for cell, times in counts.items():
        if looks_like_date(cell):
            days += times
            if not (cell.isdigit() and len(cell) <= 8):
                continue
        if marks_of(cell):
            amounts += times
            sign = currency_beside(cell)
            has_decimals = any(one in cell for one in ".,")
            marked += times * bool(
                sign or has_decimals or cell[0] in "+-(\u2212" or cell[-1] == "-"
            )
            decimals += times * has_decimals
            sided += times * bool(side_of(cell))
            if sign:
                beside[sign] += times
        elif cell in KNOWN_CURRENCIES or cell in CURRENCY_NAMES:
            currencies += times
        elif any(one.isalpha() for one in cell):
            words += times
            codes += times * (len(cell) == 3 and cell.isascii() and cell.isalpha())
    scale = len(filled) / max(1, min(len(filled), _MOST_LOOKED_AT))
    return Column(
        name=plain(title),
        heading=heading_of(title),
        cells=cells,
        filled=len(filled),
        days=round(days * scale),
        amounts=round(amounts * scale),
        marked=round(marked * scale),
        decimals=round(decimals * scale),
        sided=round(sided * scale),
        words=round(words * scale),
        currencies=round(currencies * scale),
        codes=round(codes * scale),
        distinct=len(set(filled)),
        beside=beside,
    )


def agrees(role: Role, column: Column) -> bool:
    """Return whether a column can have a role that its heading names."""
    if not column.filled:
        return role not in {Role.DATE, Role.AMOUNT, Role.INDICATOR, Role.CURRENCY, Role.BALANCE}
    if role in _DAYS:
        return column.is_of_days or (
            column.heading.is_exact and (_is_of_short_days(column) or _is_of_serials(column))
        )
    if role in _AMOUNTS:
        return column.is_of_amounts or (role in {Role.OUT, Role.IN} and column.amounts > 0)
    if role is Role.CURRENCY:
        codes = column.currencies + (column.codes if column.heading.is_exact else 0)
        return codes >= (0.6 if column.heading.is_exact else 0.8) * column.filled
    if role is Role.INDICATOR:
        return is_indicator(column)
    return True


def _is_of_short_days(column: Column) -> bool:
    """Return whether all cells are six digits that are a day."""
    return all(len(one) == 6 and orders_of(one) for one in column.cells if one)


def _is_of_serials(column: Column) -> bool:
    """Return whether all cells may be a spreadsheet's day numbers, which are refused one by one."""
    return all(is_serial(one) for one in column.cells if one)


def is_indicator(column: Column) -> bool:
    """Return whether the cells of a column are words of direction or empty, with few exceptions."""
    counts = Counter(one for one in column.cells if one)
    sides = Counter[str]()
    for one, times in counts.items():
        sides[side_of_word(one)] += times
    told = sides["out"] + sides["in"]
    # Where both sides are told, another word is a third kind: a transfer, a reversal.
    least = 0.5 if sides["out"] and sides["in"] else 0.9
    return 0 < len(counts) <= 8 and told >= least * counts.total()


def is_of_numbers(column: Column) -> bool:
    """Return whether most cells are numbers of accounts or references rather than words."""
    filled = [one for one in column.cells if one]
    numbers = 0
    for one in filled:
        digits = sum(map(str.isdigit, one))
        numbers += digits > sum(map(str.isalpha, one)) or (digits > 3 and one.isalnum())
    return numbers > 0.5 * len(filled)


def is_of_rates(column: Column) -> bool:
    """Return whether a heading says that a column is of rates of exchange."""
    return _RATE.search(column.name) is not None


def is_of_states(column: Column) -> bool:
    """Return whether a column says which rows are pending or went wrong."""
    distinct = {plain(one) for one in column.cells if one}
    if len(distinct) > 12 or not distinct:
        return False
    return any(one in PENDING or one in FAILED for one in distinct) or distinct <= DONE


def is_id(column: Column) -> bool:
    """Return whether a column has one id for each row, and does not merely count them."""
    if column.filled < len(column.cells) or column.distinct < column.filled:
        return False
    if any(len(one) > 255 or " " in one for one in column.cells):
        return False
    if column.is_of_days:
        return False
    numbers = _whole_numbers(column)
    if len(numbers) < len(column.cells) or len(numbers) < 2:
        return not numbers or len(str(numbers[0])) > 3
    return not counts_lines(column)


def counts_lines(column: Column) -> bool:
    """Return whether the cells of a column are numbers of which each is the one before and one."""
    numbers = _whole_numbers(column)
    if len(numbers) < len(column.cells) or len(numbers) < 2:
        return False
    steps = {abs(b - a) for a, b in itertools.pairwise(numbers)}
    return steps == {1} and min(numbers) < 10 * len(numbers) + 2


def _whole_numbers(column: Column) -> list[int]:
    return [int(one) for one in column.cells if one.isascii() and one.isdigit() and len(one) < 19]


def roles_of(columns: Sequence[Column]) -> list[tuple[Role, int]]:
    """Return the roles of columns by headings that agree with what stands below them."""
    found: list[tuple[Role, int]] = []
    for i, column in enumerate(columns):
        role = column.heading.role
        if role is None or (not column.heading.is_exact and not column.filled):
            continue
        if role is Role.CURRENCY and not agrees(role, column):
            # "Valuta" is a currency in one language and a day in another.
            role = Role.VALUE_DATE if column.is_of_days else role
        elif role is Role.VALUE_DATE and column.currencies >= 0.8 * max(1, column.filled):
            role = Role.CURRENCY
        elif role is Role.VALUE_DATE and column.is_of_money and not column.is_of_days:
            role = Role.AMOUNT  # so is "Wert"
        elif (role in {Role.OUT, Role.IN} and column.words and is_indicator(column)) or (
            role is Role.KIND and is_indicator(column)
        ):
            role = Role.INDICATOR
        elif role is Role.INDICATOR and column.is_of_money and not is_indicator(column):
            role = Role.AMOUNT  # "Debit/Credit" above amounts with a sign
        elif role is Role.KIND and column.words and column.distinct > _MOST_KINDS:
            role = Role.MEMO if column.distinct > 0.3 * column.filled else role
        if agrees(role, column):
            found.append((role, i))
    return found
