"""The one formatter of money for people.

The ledger's sign is the bank's (positive = money out). Here, and only here, it is turned round:
money in reads `+`, money out reads bare or with a minus sign, as the place asks for. No float is
involved: digits are grouped by the locale from whole numbers.

While amounts are hidden every one of these functions says the same three dots. `hide` reaches each
widget of a window as an event `CHANGED`, as a change of the palette does, so nobody keeps a
connection: a page fetches what it shows again, and what paints an amount forgets its picture.
"""

from __future__ import annotations

from enum import Enum
from functools import lru_cache

from PySide6.QtCore import QCoreApplication, QEvent, QLocale
from PySide6.QtWidgets import QApplication, QWidget

from hive_desktop.domain.money import minor_digits

HIDDEN = "\N{BULLET}" * 3
"""What stands for any amount while amounts are hidden."""
CHANGED = QEvent.Type(QEvent.registerEventType())
"""Reaches every widget when amounts are hidden or shown again."""

_is_hidden = [False]
_MINUS = "\N{MINUS SIGN}"
_NO_BREAK = "\N{NO-BREAK SPACE}"
_SYMBOLS = {
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "JPY": "¥",
    "CAD": "CA$",
    "AUD": "A$",
    "NZD": "NZ$",
    "MXN": "MX$",
    "BRL": "R$",
    "INR": "₹",
    "CNY": "CN¥",
    "KRW": "₩",
    "ILS": "₪",
    "VND": "₫",
}


class Sign(Enum):
    """How an amount is signed for people."""

    FLOW = "flow"
    """A row: money in has a plus, money out stands bare."""
    NET = "net"
    """A difference: plus or minus always, nothing at zero."""
    PLAIN = "plain"
    """A size or balance: a minus when negative."""


def are_hidden() -> bool:
    """Tell whether amounts are hidden now."""
    return _is_hidden[0]


def hide(*, hidden: bool) -> None:
    """Hide all amounts of the program, or show them again."""
    if hidden == are_hidden():
        return
    _is_hidden[0] = hidden
    for top in QApplication.topLevelWidgets():
        for widget in (top, *top.findChildren(QWidget)):
            QCoreApplication.sendEvent(widget, QEvent(CHANGED))


def locale() -> QLocale:
    """Return the person's locale; the C locale, which groups no digits, reads as US English."""
    current = QLocale()
    if current.language() == QLocale.Language.C:
        return QLocale(QLocale.Language.English, QLocale.Country.UnitedStates)
    return current


def flow(amount_minor: int, currency: str) -> str:
    """Return a ledger amount (positive = out) as lists show it."""
    return _signed(-amount_minor, currency, Sign.FLOW)


def net(people_minor: int, currency: str) -> str:
    """Return a difference where positive is good for the person, always signed."""
    return _signed(people_minor, currency, Sign.NET)


def plain(people_minor: int, currency: str) -> str:
    """Return a size or a balance as it is."""
    return _signed(people_minor, currency, Sign.PLAIN)


def compact(people_minor: int, currency: str) -> str:
    """Return a rounded amount for an axis, such as `$1.5K`; never for a figure that is read."""
    if are_hidden():
        return HIDDEN
    units = abs(people_minor) // 10 ** minor_digits(currency)
    sign = _MINUS if people_minor < 0 and units else ""
    place = locale()
    for size, suffix in ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "K")):
        if units >= size:
            tenths = units * 10 // size
            text = place.toString(tenths // 10)
            if tenths % 10 and tenths < 1000:
                text += place.decimalPoint() + place.toString(tenths % 10)
            return sign + _placed(text + suffix, currency, place)
    return sign + _placed(place.toString(units), currency, place)


def percent_change(now: int, before: int) -> str | None:
    """Return the change against an earlier figure such as `+12%`; None when there is no base."""
    if before <= 0:
        return None
    share = (abs(now - before) * 200 + before) // (2 * before)
    if share == 0:
        return "0%"
    sign = "+" if now > before else _MINUS
    return f"{sign}{locale().toString(share)}%" if share < 1000 else f"{sign}999%"


def _signed(people_minor: int, currency: str, sign: Sign) -> str:
    if are_hidden():
        return HIDDEN
    text = _digits(abs(people_minor), currency)
    if people_minor > 0 and sign is not Sign.PLAIN:
        return f"+{text}"
    if people_minor < 0 and sign is not Sign.FLOW:
        return f"{_MINUS}{text}"
    return text


def _digits(minor: int, currency: str) -> str:
    place = locale()
    digits = minor_digits(currency)
    whole, rest = divmod(minor, 10**digits)
    text = place.toString(whole)
    if digits:
        shown = "".join(place.toString(int(each)) for each in f"{rest:0{digits}d}")
        text += place.decimalPoint() + shown
    return _placed(text, currency, place)


def _placed(text: str, currency: str, place: QLocale) -> str:
    symbol = _SYMBOLS.get(currency, currency)
    if _symbol_leads(place.name()):
        return f"{symbol}{_NO_BREAK}{text}" if symbol == currency else f"{symbol}{text}"
    return f"{text}{_NO_BREAK}{symbol}"


@lru_cache(maxsize=8)
def _symbol_leads(_locale_name: str) -> bool:
    sample = locale().toCurrencyString(1, "¤")
    return sample.lstrip("\N{LEFT-TO-RIGHT MARK}\N{RIGHT-TO-LEFT MARK}").startswith("¤")
