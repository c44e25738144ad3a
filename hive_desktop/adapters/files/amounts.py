"""Amounts as files write them, strictly: an amount that could mean two things is none.

Read are signs on either side, in brackets and as U+2212, currency signs and codes on either side,
`CR` and `DR` behind, and groups by comma, point, blank or apostrophe, where they are groups of
three (or of India's two). Nothing is ever evaluated.
"""

# ruff: noqa: RUF001 - letters of other alphabets

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from hive_desktop.domain.money import KNOWN_CURRENCIES, minor_digits
from hive_desktop.i18n import mark

NO_AMOUNT: Final = mark("This is not an amount.")
NO_VALUE: Final = mark("There is no amount.")
TOO_FINE: Final = mark("The amount has more decimals than its currency.")
TOO_LARGE: Final = mark("The amount is too large.")
AMBIGUOUS: Final = mark("The decimal mark of the amount is not clear.")

_MOST_DIGITS: Final = 13
_MOST_KEPT: Final = 200_000
_LONGEST: Final = 60
_ODD: Final = str.maketrans(
    {
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\u2212": "-",
        "\u2013": "-",
        "\u2012": "-",
        "\u2019": "'",
        "\uffe5": "\u00a5",
        "\uff0c": ",",
        "\uff0d": "-",
        "\u200e": None,
        "\u200f": None,
        "\u00b4": "'",
        "\\": "\u00a5",  # the sign of the yen, in Japan's old encoding
        "\t": " ",
    }
)
_SIGN_OF_MONEY: Final = (
    r"(?:[A-Z]{3}|[A-Z]{0,3}\$|[€£¥₹₽₺₩₪฿₫₱₴₦₡₸₾₼₵元円원]|[kK][rR]\.?|z[łl]|Kč|Fr\.?|Ft|lei"
    r"|Rs\.?|TL|RM|Rp\.?|S/\.?|руб\.?|р\.|грн\.?|лв\.?|Eur|Euro|euro"
    r"|[\u0621-\u064a](?:[\u0621-\u064a.]{0,4}[\u0621-\u064a])?\.?)"
)
_WHOLE: Final = re.compile(
    rf"(?P<open>\()? ?(?P<first>[+-])? ?(?P<before>{_SIGN_OF_MONEY})? ?(?P<second>[+-])? ?"
    rf"(?P<number>[0-9.,][0-9., ']*)"
    rf"(?P<third> ?[+-])? ?(?P<after>{_SIGN_OF_MONEY})?(?P<fourth> ?[+-])?"
    rf"(?P<close>\))? ?(?P<side>CR|DR|Cr|Dr|cr|dr)?\.?"
)
# No thousand begins with a 0 alone: "0.125" is an eighth.
_POINT: Final = re.compile(
    r"(?!0,)(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,2}(?:,[0-9]{2})*,[0-9]{3}"
    r"|[0-9]{1,3}(?: [0-9]{3})+|[0-9]{1,3}(?:'[0-9]{3})+)?(?:\.([0-9]*))?"
)
_COMMA: Final = re.compile(
    r"(?!0\.)(?:[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+"
    r"|[0-9]{1,3}(?: [0-9]{3})+|[0-9]{1,3}(?:'[0-9]{3})+)?(?:,([0-9]*))?"
)
_NOT_DIGITS: Final = re.compile(r"[^0-9]")


class AmountTextError(ValueError):
    """A text is no amount; `reason` says why, marked for translation."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def read_amount(text: str, currency: str = "", *, decimal_mark: str = "") -> int:
    """Return an amount in minor units, with the sign that stands there; `DR` counts as minus.

    Args:
        text: as the file writes it.
        currency: ISO 4217; two decimals where it is not known.
        decimal_mark: "." or ","; "" lets the text itself say it, where it can be one only.

    Raises:
        AmountTextError: the text is no amount, could be two, or is too fine or too large.
    """
    return _read(text, minor_digits(currency), decimal_mark)


class Amounts(dict[str, int | None]):
    """Amounts of one column by their text, each read once; None where it is none.

    Args:
        currency: ISO 4217, or "".
        decimal_mark: "." or ",".
    """

    def __init__(self, currency: str, decimal_mark: str) -> None:
        super().__init__()
        self._digits = minor_digits(currency)
        self._mark = decimal_mark
        digits = f"\\{decimal_mark}[0-9]{{{self._digits}}}" if self._digits else ""
        self._plain = re.compile(rf"[+-]?[0-9]{{1,13}}{digits}").fullmatch

    def __missing__(self, text: str) -> int | None:
        amount: int | None
        if self._plain(text) is not None:
            amount = int(text.replace(self._mark, ""))
        else:
            try:
                amount = _read(text, self._digits, self._mark)
            except AmountTextError:
                amount = None
        if len(self) < _MOST_KEPT:
            self[text] = amount
        return amount

    def why_not(self, text: str) -> str:
        """Return why a text is no amount, marked for translation."""
        try:
            _read(text, self._digits, self._mark)
        except AmountTextError as exc:
            return exc.reason
        return NO_AMOUNT


def marks_of(text: str) -> str:
    """Return the decimal marks that a text can have: ".", ",", ".," (either), or "" (no amount)."""
    return _marks_of(text) if len(text) <= _LONGEST else ""


@lru_cache(maxsize=20_000)
def _marks_of(text: str) -> str:
    found = _parts(text)
    if found is None:
        return ""
    number = found["number"].strip()
    return "".join(
        one for one, form in ((".", _POINT), (",", _COMMA)) if form.fullmatch(number) is not None
    )


def proves_mark(text: str) -> str:
    """Return the decimal mark that a text proves by itself, or ""."""
    found = marks_of(text)
    if len(found) == 1:
        return found if found in text or _groups(text) else ""
    return ""


def currency_beside(text: str) -> str:
    """Return the sign or code of a currency beside an amount, or ""."""
    found = _parts(text)
    return "" if found is None else (found["before"] or found["after"] or "")


def side_of(text: str) -> str:
    """Return "cr" or "dr" where an amount ends with it, else ""."""
    found = _parts(text)
    return "" if found is None else (found["side"] or "").lower()


def _groups(text: str) -> bool:
    return any(one in text for one in ",.'")


def _parts(text: str) -> re.Match[str] | None:
    if len(text) > _LONGEST:
        return None
    if "(-)" in text:
        text = text.replace("(-)", "-")
    found = _WHOLE.fullmatch(text.translate(_ODD).strip())
    if found is None or not any(one.isdigit() for one in found["number"]):
        return None
    sign = found["before"] or ""
    if len(sign) == 3 and sign.isalpha() and sign.isupper() and sign not in KNOWN_CURRENCIES:
        # "AFT1" is a number of something, "AFT 1" may be a currency that is not known here.
        return found if f"{sign} " in text or f"{sign}\u00a0" in text else None
    return found


def _read(text: str, digits: int, decimal_mark: str) -> int:
    if not text or text.isspace():
        raise AmountTextError(NO_VALUE)
    found = _parts(text)
    if found is None or (found["open"] is None) != (found["close"] is None):
        raise AmountTextError(NO_AMOUNT)
    if found["before"] and found["after"]:
        raise AmountTextError(NO_AMOUNT)
    signs = [found[one].strip() for one in ("first", "second", "third", "fourth") if found[one]]
    if len(signs) > 1 or (signs == ["+"] and found["open"]):
        raise AmountTextError(NO_AMOUNT)
    whole, fraction = _number(found["number"].strip(), decimal_mark)
    fraction = fraction.rstrip("0") if len(fraction) > digits else fraction
    if len(fraction) > digits:
        raise AmountTextError(TOO_FINE)
    if len(whole) > _MOST_DIGITS:
        raise AmountTextError(TOO_LARGE)
    amount = int(whole + fraction.ljust(digits, "0") or "0")
    is_minus = "-" in signs or found["open"] is not None
    if (found["side"] or "").lower() == "dr":
        if is_minus:
            raise AmountTextError(NO_AMOUNT)
        return -amount
    return -amount if is_minus else amount


def _number(number: str, decimal_mark: str) -> tuple[str, str]:
    """Return the digits before and behind the decimal mark."""
    point = _POINT.fullmatch(number) if decimal_mark in {".", ""} else None
    comma = _COMMA.fullmatch(number) if decimal_mark in {",", ""} else None
    found = point or comma
    if found is None:
        raise AmountTextError(NO_AMOUNT)
    fraction = found[1] or ""
    if point is not None and comma is not None:
        other = comma[1] or ""
        if fraction or other:
            # "1,234" and "1.234": a thousand, or one and a bit. "1,23" is matched by one form only.
            raise AmountTextError(AMBIGUOUS)
    before = number[: len(number) - len(fraction)] if fraction else number
    return _NOT_DIGITS.sub("", before).lstrip("0"), fraction
