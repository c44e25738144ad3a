"""Records that are no row as the layout has it: notes, totals, what goes on, what is refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hive_desktop.adapters.files import tables_reasons as reasons
from hive_desktop.adapters.files.amounts import NO_VALUE
from hive_desktop.adapters.files.tables_places import is_header
from hive_desktop.adapters.files.tables_words import BALANCES, OPENINGS, PENDING, TOTALS, plain
from hive_desktop.domain.csv_layouts import Role, Sign

if TYPE_CHECKING:
    from hive_desktop.adapters.files.amounts import Amounts
    from hive_desktop.adapters.files.dates import Dates
    from hive_desktop.domain.csv_layouts import CsvLayout

A_NOTE: Final = ""
A_ROW: Final = "row"
GOES_ON: Final = "goes on"
OTHER_TABLE: Final = "other table"
SAME_HEADINGS: Final = "same headings"
_OPEN_QUOTE_LINES: Final = 20
_MOST_BESIDE: Final = 2
"""Further cells of a line that goes on, such as the rate of what stands above it."""
_LABELLED: Final = re.compile(r"\s*[^\W\d_]+ ?(?:##|[:=])")
"""What such cells are like: "Rate: 1.05". A currency or a state is a row's own."""
_BALANCE_AS_OF: Final = re.compile(
    r"^(?:beginning|starting|opening|ending|closing|previous) (?:ledger )?balance\b"
)


class OddRecords:
    """Says what a record is that has no day or amount, or too many cells.

    Args:
        layout: of the table.
        days: reads its dates.
        width: how many columns its rows have.
    """

    def __init__(self, layout: CsvLayout, days: Dates, width: int) -> None:
        self._days = days
        self._width = width
        self._day = layout.first(Role.DATE) or 0
        self._has_sides = layout.sign is Sign.COLUMNS
        self._words = (*layout.of(Role.NAME), *layout.of(Role.TEXT), *layout.of(Role.MEMO))
        self._headings = [one for one in map(plain, layout.headings) if one]
        self._amounts = [i for role in (Role.AMOUNT, Role.OUT, Role.IN) for i in layout.of(role)]

    def told(self, cells: list[str], day: int | None, amount: int | None, amounts: Amounts) -> str:
        """Return why a record is refused (marked), or one of this module's names."""
        filled = [one for one in cells if one.strip()]
        if not filled:
            return A_NOTE
        is_wide = any(one.strip() for one in cells[self._width :])
        texts = [cells[i].strip() for i in self._amounts if cells[i].strip()]
        if day is not None:
            fitting = A_ROW if amount is not None else self._no_amount(filled, texts, amounts)
            return reasons.WIDE if is_wide else fitting
        if sum(one.count("\n") for one in cells) > _OPEN_QUOTE_LINES:
            return reasons.OPEN_QUOTE
        if is_header(cells):
            return (
                SAME_HEADINGS if [plain(one) for one in filled] == self._headings else OTHER_TABLE
            )
        if not texts:
            return self._no_money(cells, filled)
        return self._no_day(cells, filled, texts, amounts)

    def _no_day(
        self, cells: list[str], filled: list[str], texts: list[str], amounts: Amounts
    ) -> str:
        words = [plain(one) for one in filled]
        if any(TOTALS.search(one) for one in words):
            return reasons.TOTAL
        if any(one in BALANCES or one in OPENINGS for one in words):
            return reasons.A_BALANCE
        day_text = cells[self._day].strip()
        if plain(day_text) in PENDING:
            return reasons.PENDING_UNDATED
        if len(filled) <= 2 and not any(amounts[one] is not None for one in texts):
            return A_NOTE
        return self._days.why_not(day_text)

    def _no_money(self, cells: list[str], filled: list[str]) -> str:
        """Judge a record without an amount and without a day that can be read."""
        day_text = cells[self._day].strip()
        if day_text:
            is_note = len(filled) <= max(2, self._width // 3)
            return A_NOTE if is_note else self._days.why_not(day_text)
        # Lines behind a table often have one cell, the first: only what stands on goes on.
        texts = [i for i in self._words if cells[i].strip() and i > self._day]
        others = [one for i, one in enumerate(cells) if one.strip() and i not in texts]
        is_more = len(others) <= _MOST_BESIDE and all(map(_LABELLED.match, others))
        return GOES_ON if is_more and 0 < len(texts) <= 2 else A_NOTE

    def _no_amount(self, filled: list[str], texts: list[str], amounts: Amounts) -> str:
        if not texts:
            if any(_BALANCE_AS_OF.search(plain(one)) for one in filled):
                return reasons.A_BALANCE
            return A_NOTE if len(filled) <= 1 else NO_VALUE
        values = [amounts[one] for one in texts]
        for text, found in zip(texts, values, strict=True):
            if found is None:
                return amounts.why_not(text)
        is_both = self._has_sides and sum(bool(one) for one in values) > 1
        return reasons.BOTH_SIDES if is_both else reasons.NO_DIRECTION
