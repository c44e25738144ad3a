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
# What stands for 10^3, 10^6, 10^9 and 10^12 in the languages that differ from English.
_SHORT = {
    QLocale.Language.German: (
        "\N{NO-BREAK SPACE}Tsd.",
        "\N{NO-BREAK SPACE}Mio.",
        "\N{NO-BREAK SPACE}Mrd.",
        "\N{NO-BREAK SPACE}Bio.",
    )
}
_SHORT_ENGLISH = ("K", "M", "B", "T")
_SIZES = (10**12, 10**9, 10**6, 10**3)
_LARGE = 10**9
_PERCENT = {QLocale.Language.German: "\N{NO-BREAK SPACE}%"}
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
    """Return a rounded amount for an axis: `$1.5K`, `1,5 Tsd. €`; never for one that is read."""
    if are_hidden():
        return HIDDEN
    units = abs(people_minor) // 10 ** minor_digits(currency)
    sign = _MINUS if people_minor < 0 and units else ""
    place = locale()
    short = _SHORT.get(place.language(), _SHORT_ENGLISH)
    for size, suffix in zip(_SIZES, reversed(short), strict=True):
        if units >= size:
            tenths = units * 10 // size
            text = place.toString(tenths // 10)
            if tenths % 10 and tenths < 1000:
                text += place.decimalPoint() + place.toString(tenths % 10)
            return sign + _placed(text + suffix, currency, place)
    return sign + _placed(place.toString(units), currency, place)


def brief(text: str, people_minor: int, currency: str) -> str:
    """Return an amount as it is written in `text`; rounded where a billion or more has no room."""
    is_large = abs(people_minor) // 10 ** minor_digits(currency) >= _LARGE
    return compact(people_minor, currency) if is_large else text


def percent(share: int) -> str:
    """Return whole percent as the locale writes them: `12%`, `12 %`."""
    place = locale()
    return place.toString(share) + _PERCENT.get(place.language(), "%")


def decimal(size: int, places: int) -> str:
    """Return a whole number of tenths, hundredths and so on, without noughts at its end."""
    place = locale()
    whole, rest = divmod(abs(size), 10**places)
    digits = f"{rest:0{places}d}".rstrip("0")
    shown = "".join(place.toString(int(each)) for each in digits)
    text = place.toString(whole) + (place.decimalPoint() + shown if shown else "")
    return f"{_MINUS}{text}" if size < 0 else text


def percent_tenths(tenths: int) -> str:
    """Return tenths of a percent with one decimal at most: `12.5%`, `12 %`."""
    return decimal(tenths, 1) + _PERCENT.get(locale().language(), "%")


def percent_of(part: int, whole: int) -> str:
    """Return a share in whole percent; nothing where there is no whole."""
    if whole <= 0:
        return ""
    share = (part * 100 + whole // 2) // whole
    return percent(share) if share else f"<{percent(1)}"


def percent_change(now: int, before: int) -> str | None:
    """Return the change against an earlier figure such as `+12%`; None when there is no base."""
    if before <= 0:
        return None
    share = (abs(now - before) * 200 + before) // (2 * before)
    if share == 0:
        return percent(0)
    sign = "+" if now > before else _MINUS
    return sign + percent(min(share, 999))


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


def symbol(currency: str) -> str:
    """Return a currency's sign; its code where it has none of its own."""
    return _SYMBOLS.get(currency, currency)


def _placed(text: str, currency: str, place: QLocale) -> str:
    sign = symbol(currency)
    if _symbol_leads(place.name()):
        return f"{sign}{_NO_BREAK}{text}" if sign == currency else f"{sign}{text}"
    return f"{text}{_NO_BREAK}{sign}"


@lru_cache(maxsize=8)
def _symbol_leads(_locale_name: str) -> bool:
    sample = locale().toCurrencyString(1, "¤")
    return sample.lstrip("\N{LEFT-TO-RIGHT MARK}\N{RIGHT-TO-LEFT MARK}").startswith("¤")
