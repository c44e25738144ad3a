"""Amounts of formats that have one way to write them, as banks write them all the same.

OFX and CAMT have a decimal point, MT940 a comma, QIF what the program's country has. Which mark a
file uses is decided over all of its amounts, and what stays open in it is refused, never guessed.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from hive_desktop.domain.money import AmountError, from_minor, minor_digits, to_minor

if TYPE_CHECKING:
    from collections.abc import Iterable

_PLAIN: Final = re.compile(r"[+-]?\d{1,15}\.\d\d")
_PLAIN_COMMA: Final = re.compile(r"[+-]?\d{1,15},\d\d")
_MINUSES: Final = str.maketrans("\u2212\u2012\u2013\u2014\ufe63\uff0d", "------")
_BLANKS: Final = re.compile(r"[\s\u00a0\u2007\u2009\u202f'\u2019]")
_SIGNS: Final = re.compile(r"^[^\d.,()+-]{0,4}|[^\d.,()+-]{0,4}$")  # EUR, $, kr
_SHAPE: Final = re.compile(r"\d*(?:[.,]\d*)*")
_LONGEST: Final = 60


class UnclearAmountError(ValueError):
    """An amount that can be read in two ways."""


class Decimals:
    """Reads the amounts of one file.

    Args:
        samples: all amounts of the file, as written.
        native: the decimal mark that the format prescribes, or "" where it has none.
    """

    def __init__(self, samples: Iterable[str], *, native: str) -> None:
        self._native = native
        points, commas = _evidence(samples)
        self.mark = native if points == commas else "." if points > commas else ","
        self._is_proven = points != commas
        self._is_sure = self._is_proven and not min(points, commas)
        self.was_rounded = False

    @property
    def has_commas(self) -> bool:
        """Whether the file writes a decimal comma."""
        return self._is_proven and self.mark == ","

    def minor(self, text: str, currency: str) -> int:
        """Return an amount in minor units, with the sign that is written.

        Raises:
            UnclearAmountError: a mark in it may part decimals or thousands.
            AmountError: it is no amount, or the ledger cannot hold it.
        """
        if _PLAIN.fullmatch(text) and minor_digits(currency) == 2:
            return int(text.replace(".", ""))
        if _PLAIN_COMMA.fullmatch(text) and minor_digits(currency) == 2:
            return int(text.replace(",", ""))
        value = self.decimal(text)
        minor = to_minor(value, currency)
        if not self.was_rounded and from_minor(minor, currency) != value:
            self.was_rounded = True
        return minor

    def decimal(self, text: str) -> Decimal:
        """Return an amount as a decimal; raises as `minor` does."""
        sign, digits = _parted(text)
        whole, fraction = self._split(digits)
        if not (whole or fraction):
            raise AmountError("the amount has no digits")
        return Decimal(f"{sign}{whole or 0}.{fraction or 0}")

    def _split(self, digits: str) -> tuple[str, str]:
        """Return what stands before and after the decimal mark, without marks."""
        points, commas = digits.count("."), digits.count(",")
        if not points and not commas:
            return digits, ""
        if points and commas:
            mark = "." if digits.rfind(".") > digits.rfind(",") else ","
            if digits.count(mark) > 1:
                raise AmountError("the amount has two decimal marks")
        else:
            mark = "." if points else ","
            if points + commas > 1 or self._groups(digits, mark):
                return _ungrouped(digits, mark), ""
        whole, _, fraction = digits.partition(mark)
        return _ungrouped(whole, "," if mark == "." else "."), fraction

    def _groups(self, digits: str, mark: str) -> bool:
        """Tell whether a single mark parts thousands."""
        whole, _, after = digits.partition(mark)
        if len(after) != 3 or not 1 <= len(whole) <= 3 or whole.startswith("0"):
            return False
        if self._is_sure:
            return mark != self.mark
        if mark == self._native:
            return False
        if not self._native and mark == ",":
            return True  # QIF comes from programs that group so
        raise UnclearAmountError("a mark that parts decimals or thousands")


def _evidence(samples: Iterable[str]) -> tuple[int, int]:
    """Return how many different amounts show a decimal point, and how many a comma."""
    points = commas = 0
    for text in set(samples):
        point, comma = text.rfind("."), text.rfind(",")
        if point == comma:
            continue
        last, mark = max((point, "."), (comma, ","))
        after = sum(map(str.isdigit, text[last + 1 :]))
        is_group = text.count(mark) > 1
        if is_group or after != 3 or min(point, comma) >= 0 or _opens_with_zero(text, last):
            is_point = (mark == ".") != is_group
            points, commas = points + is_point, commas + (not is_point)
    return points, commas


def _opens_with_zero(text: str, mark_at: int) -> bool:
    before = text[:mark_at].lstrip(" +-")
    return before in {"", "0"} or len(before) > 3


def _parted(text: str) -> tuple[str, str]:
    """Return the sign ("-" or "") and the digits with their marks; currency's signs are let go."""
    found = text.strip()
    if len(found) > _LONGEST:
        raise AmountError("the amount is too long")
    found = _BLANKS.sub("", found.translate(_MINUSES))
    found = _SIGNS.sub("", found)
    minus = False
    if found.startswith("(") and found.endswith(")"):
        minus, found = True, found[1:-1]
    if found[:1] in {"+", "-"}:
        minus, found = minus != (found[0] == "-"), found[1:]
    elif found[-1:] in {"+", "-"}:
        minus, found = minus != (found[-1] == "-"), found[:-1]
    found = _SIGNS.sub("", found)
    if not found.isascii() or not _SHAPE.fullmatch(found):
        raise AmountError("it is no amount")
    return "-" if minus else "", found


def _ungrouped(digits: str, mark: str) -> str:
    """Return digits without the marks between groups of two or three."""
    first, *groups = digits.split(mark)
    if not groups:
        return digits
    fits = all(len(group) in {2, 3} for group in groups) and len(groups[-1]) == 3
    if not fits or not 1 <= len(first) <= 3 or any(not part.isdigit() for part in groups):
        raise AmountError("the amount's groups are odd")
    return first + "".join(groups)
