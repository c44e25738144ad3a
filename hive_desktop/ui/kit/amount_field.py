"""A field for one amount, typed as the person's locale writes it, or so that it is clear."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from hive_desktop.domain.money import AmountError, minor_digits, to_minor
from hive_desktop.ui.kit import money, theme
from hive_desktop.ui.kit.theme import Type

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent

_LONGEST: Final = 24
_MINUS: Final = str.maketrans({"\N{MINUS SIGN}": "-"})
# A sign, then a number with what may stand between its digits.
_NUMBER: Final = re.compile(r"([+-]?)\s*(\d[\d.,\s'\N{RIGHT SINGLE QUOTATION MARK}]*|[.,]\d+)")
_GROUPED: Final = r"[1-9]\d{{0,2}}(?:{gap}\d{{3}})+"
_GAPS: Final = (r"\.", ",", r"\s", "['\N{RIGHT SINGLE QUOTATION MARK}]")
_LAKHS: Final = r"[1-9]\d?(?:,\d\d)*,\d{3}"
_GROUPINGS: Final = re.compile("|".join([*(_GROUPED.format(gap=gap) for gap in _GAPS), _LAKHS]))


def typed(text: str, currency: str) -> int | None:
    """Return in minor units what a text writes; None where that is no amount of the currency.

    A point or comma stands before the decimals where no more follow than the currency has, and
    between thousands where it parts the whole number as those are parted. What could be read both
    ways is read as the person's locale writes it: 12.345 is no amount of dollars where a point
    stands before decimals. The currency may stand at either end, by its code or sign. Whatever
    else is none of its amounts: nothing is guessed.
    """
    found = _NUMBER.fullmatch(_bare(text.translate(_MINUS), currency))
    if found is None:
        return None
    plain = _plain(found[2].strip(), minor_digits(currency))
    if plain is None:
        return None
    try:
        return to_minor(Decimal(f"{found[1]}{plain}"), currency)
    except (AmountError, InvalidOperation):
        return None


def _bare(text: str, currency: str) -> str:
    """Return a text without the currency at one of its ends; a sign may stand before that."""
    said = text.strip()
    sign = said[:1] if said[:1] in ("+", "-") else ""
    rest = said[len(sign) :].strip()
    for mark in (currency, money.symbol(currency)):
        if rest.upper().startswith(mark.upper()):
            return sign + rest[len(mark) :].strip()
        if rest.upper().endswith(mark.upper()):
            return sign + rest[: -len(mark)].strip()
    return sign + rest


def _plain(digits: str, most: int) -> str | None:
    """Return digits with a point before the decimals; `most` is how many these may be."""
    place = max(digits.rfind("."), digits.rfind(","))
    if place < 0:
        return _figures(digits) if digits.isdigit() or _GROUPINGS.fullmatch(digits) else None
    mark, whole, decimals = digits[place], digits[:place], digits[place + 1 :]
    parts_thousands = _GROUPINGS.fullmatch(digits) is not None
    is_whole = not whole or whole.isdigit() or _GROUPINGS.fullmatch(whole)
    if is_whole and mark not in whole and len(decimals) <= most:
        stands_before_decimals = not parts_thousands or mark == money.locale().decimalPoint()
        if stands_before_decimals and (decimals.isdigit() or not decimals):
            return f"{_figures(whole)}.{decimals or 0}"
    # A mark that stands once may be meant before decimals, of which there are too many then.
    is_said_twice = mark in whole or not whole.isdigit()
    if parts_thousands and (is_said_twice or mark == money.locale().groupSeparator()):
        return _figures(digits)
    return None


def _figures(text: str) -> str:
    return re.sub(r"\D", "", text) or "0"


def written(minor: int, currency: str) -> str:
    """Return an amount as it stands in a field: with the locale's decimals, and nothing else."""
    digits = minor_digits(currency)
    whole, rest = divmod(abs(minor), 10**digits)
    text = f"{'-' if minor < 0 else ''}{whole}"
    return f"{text}{money.locale().decimalPoint()}{rest:0{digits}d}" if digits else text


def _moved(minor: int, was: str, currency: str) -> int:
    """Return the same number in a currency with other decimals, cut where it has fewer."""
    step = minor_digits(currency) - minor_digits(was)
    return minor * 10**step if step >= 0 else int(minor / 10**-step)


class AmountField(QLineEdit):
    """Takes an amount of one currency.

    Args:
        currency: its code.
        name: the accessible name.
    """

    def __init__(self, currency: str, name: str) -> None:
        super().__init__()
        self._currency = currency
        self.setAccessibleName(name)
        self.setMaxLength(_LONGEST)
        self.setFont(theme.font(Type.BODY, tabular=True))
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._hide()

    @property
    def currency(self) -> str:
        """Return the code of the currency whose amounts it takes."""
        return self._currency

    def set_currency(self, currency: str) -> None:
        """Take amounts of another currency."""
        was, self._currency = self._currency, currency
        amount = typed(self.text(), was)
        if amount is not None and minor_digits(currency) != minor_digits(was):
            self.set_minor(_moved(amount, was, currency))

    def minor(self) -> int | None:
        """Return the amount in minor units; None where none is written."""
        return typed(self.text(), self._currency)

    def set_minor(self, minor: int) -> None:
        """Write an amount."""
        self.setText(written(minor, self._currency))

    def event(self, event: QEvent) -> bool:
        """Show nothing but what is being typed while amounts are hidden."""
        if event.type() == money.CHANGED:
            self._hide()
        return super().event(event)

    def _hide(self) -> None:
        mode = QLineEdit.EchoMode
        self.setEchoMode(mode.PasswordEchoOnEdit if money.are_hidden() else mode.Normal)
