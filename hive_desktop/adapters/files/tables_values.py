"""A row's amount, positive = money out, from more than one cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from hive_desktop.adapters.files.amounts import Amounts, currency_beside, side_of
from hive_desktop.adapters.files.tables_headings import is_of_another
from hive_desktop.adapters.files.tables_words import side_of_word
from hive_desktop.domain.csv_layouts import Role
from hive_desktop.domain.importing import OTHER_CURRENCY

if TYPE_CHECKING:
    from hive_desktop.domain.csv_layouts import CsvLayout

_NOTHING: Final = frozenset(
    {"-", "--", "\u2013", "\u2014", "n/a", "na", "null", "none", "nan", "."}
)
"""What some write where an amount is missing."""

_BARE: Final = "0123456789.,+-'() "

Value = Callable[[list[str], Amounts], int | None]
"""Gives the amount of a row's cells in minor units, or None where there is none."""


class OwnAmounts(Amounts):
    """Amounts of an account, of which none has another currency's sign.

    Args:
        currency: ISO 4217, or "" where any sign may stand there.
        decimal_mark: "." or ",".
    """

    def __init__(self, currency: str, decimal_mark: str) -> None:
        super().__init__(currency, decimal_mark)
        self._currency = currency

    def __missing__(self, text: str) -> int | None:
        amount = super().__missing__(text)
        if amount is None or not self._is_of_another(text):
            return amount
        if text in self:
            self[text] = None
        return None

    def why_not(self, text: str) -> str:
        """Return why a text is no amount of the account, marked for translation."""
        return OTHER_CURRENCY if self._is_of_another(text) else super().why_not(text)

    def _is_of_another(self, text: str) -> bool:
        if not self._currency or not text.strip(_BARE):
            return False
        return is_of_another(currency_beside(text), self._currency)


def is_missing(text: str) -> bool:
    """Return whether a cell says that it has no amount."""
    return not text or text.isspace() or (len(text) < 8 and text.strip().lower() in _NOTHING)


def in_columns(layout: CsvLayout) -> Value:
    """Return what reads money out and money in from columns of their own."""
    out_at, in_at = layout.first(Role.OUT), layout.first(Role.IN)
    turn = -1 if layout.out_is_negative else 1
    turn_in = -1 if layout.in_is_negative else 1
    fee_at = layout.first(Role.FEE) if layout.fee_is_extra else None

    def read(cells: list[str], amounts: Amounts) -> int | None:
        out_text = cells[out_at] if out_at is not None else ""
        in_text = cells[in_at] if in_at is not None else ""
        out = amounts[out_text] if out_text else 0
        into = amounts[in_text] if in_text else 0
        if out is None:
            if not is_missing(out_text):
                return None
            out, out_text = 0, ""
        if into is None:
            if not is_missing(in_text):
                return None
            into, in_text = 0, ""
        if not (out_text or in_text):
            # Rows of fees alone have nothing else.
            return 0 if fee_at is not None and amounts[cells[fee_at]] else None
        if out and into:
            return None
        return turn * out - turn_in * into

    return read


def with_word(layout: CsvLayout, at: int) -> Value:
    """Return what reads the amounts of a column by the word of direction beside them."""
    word_at = layout.first(Role.INDICATOR)
    outs = frozenset(layout.out_words)
    known: dict[str, bool | None] = {}

    def is_out(text: str) -> bool | None:
        word = text.strip()
        if word.casefold() in outs:
            return True
        return {"in": False, "out": True}.get(side_of_word(word))

    def read(cells: list[str], amounts: Amounts) -> int | None:
        text = cells[at]
        found = amounts[text]
        if found is None or word_at is None:
            return None
        word = cells[word_at]
        if word_at == at:
            word, found = side_of(text), abs(found)
        goes_out = known.get(word)
        if goes_out is None and word not in known:
            goes_out = is_out(word)
            if len(known) < 1_000:
                known[word] = goes_out
        if goes_out is None:
            return None
        return found if goes_out else -found

    return read
