"""What headings of tables say, in many languages, and which currency is beside an amount."""

# ruff: noqa: RUF001 - letters of other alphabets

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from hive_desktop.adapters.files.tables_hints import HINTS
from hive_desktop.adapters.files.tables_phrases import HEADINGS
from hive_desktop.adapters.files.tables_phrases_east import (
    CURRENCY_NAMES,
    HEADINGS_EAST,
    SIDES_EAST,
)
from hive_desktop.adapters.files.tables_phrases_south import HEADINGS_SOUTH
from hive_desktop.adapters.files.tables_words import plain, words_of
from hive_desktop.domain.csv_layouts import Role
from hive_desktop.domain.money import KNOWN_CURRENCIES

_LONGEST: Final = 100
_KNOWN: Final[dict[str, Role | str]] = {}
for _role, _words in (*HEADINGS, *HEADINGS_EAST, *HEADINGS_SOUTH):
    for _word in words_of(_words):
        _KNOWN.setdefault(_word, _role)

_SAID_IN_BRACKETS: Final = frozenset({Role.CURRENCY, None})
_OTHER_WORDS: Final = frozenset({"tl", "rm", "rp", "ft"})
"""Units beside amounts that may be words of another sense in a heading."""
_SIGNS_IN_BRACKETS: Final = frozenset("元円원")
_OPENING: Final = frozenset("(（[【")
_HINT_WORDS: Final = tuple((role, words_of(words)) for role, words in (*SIDES_EAST, *HINTS))

_UNITS: Final = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "euroa": "EUR", "£": "GBP",
    "zl": "PLN", "pln": "PLN", "kc": "CZK", "¥": "JPY", "円": "JPY", "元": "CNY", "₹": "INR",
    "us$": "USD", "usd$": "USD", "c$": "CAD", "cad$": "CAD", "a$": "AUD", "₽": "RUB", "руб": "RUB",
    "₩": "KRW", "원": "KRW", "r$": "BRL", "₺": "TRY", "tl": "TRY", "₪": "ILS", "₴": "UAH",
    "грн": "UAH", "гривнях": "UAH", "₱": "PHP", "฿": "THB", "₦": "NGN", "ft": "HUF", "лв": "BGN",
    "rm": "MYR", "rp": "IDR", "nz$": "NZD", "hk$": "HKD", "s$": "SGD", "ca$": "CAD", "au$": "AUD",
    "mx$": "MXN", "د.ا": "JOD", "د.إ": "AED", "ر.س": "SAR", "ج.م": "EGP", "د.ك": "KWD",
    "ر.ق": "QAR", "د.م": "MAD", "د.ت": "TND", "د.ب": "BHD", "ر.ع": "OMR",
}  # fmt: skip
_WITH_OWN_SIGNS: Final = frozenset({"EUR", "USD", "GBP", "CHF"})
_IN_BRACKETS: Final = re.compile(r"[(\[（【][^()\[\]（）【】]*[)\]）】]")
_WORD_WITH_SIGN: Final = re.compile(r"[^\W\d_]{0,3}\$|[€£¥₹₽₩₺₪₴₱฿₦円元원]|[^\W\d_]+")


class Heading(NamedTuple):
    """What a heading says: a role (None: nothing that counts), how surely, and a currency."""

    role: Role | None
    is_exact: bool = False
    is_known: bool = False
    currency: str = ""


def heading_of(text: str) -> Heading:
    """Return what a heading says."""
    return _heading_of(text) if len(text) <= _LONGEST else Heading(None)


@lru_cache(maxsize=4_000)
def _heading_of(text: str) -> Heading:
    found = _said(text)
    bare = _IN_BRACKETS.sub(" ", text)
    if bare != text and (not found.is_known or not found.is_exact):
        # What stands in brackets explains: "Amount (account currency)" is no currency.
        outside = _said(bare)
        if outside.is_exact and (not found.is_known or found.role in _SAID_IN_BRACKETS):
            return outside._replace(currency=_currency_in(text))
    return found


def _said(text: str) -> Heading:
    words = plain(text).rstrip("0123456789 ")
    if not words or len(words) > 80:
        return Heading(None)
    currency = _currency_in(text)
    phrases = [words, words.removesuffix(" in"), words.removeprefix("in ")]
    first, _, rest = words.rpartition(" ")
    if first and rest.upper() in KNOWN_CURRENCIES and words not in _KNOWN:
        # "Amount in EUR" is no money in, "Amount in (EUR)" is.
        both = [first.removesuffix(" in"), first]
        phrases += both if _IN_BRACKETS.search(text) is None else reversed(both)
    for phrase in phrases:
        known = _KNOWN.get(phrase)
        if known is not None:
            role = known if isinstance(known, Role) else None
            return Heading(role, is_exact=True, is_known=True, currency=currency)
    if currency and (words.upper() == currency or not first):
        return Heading(Role.AMOUNT, is_known=True, currency=currency)  # "CAD$" above amounts
    padded = f" {words} "
    for hinted, hints in _HINT_WORDS:
        if any(f" {one} " in padded for one in hints):
            role = hinted if isinstance(hinted, Role) else None
            return Heading(role, is_known=True, currency=currency)
    return Heading(None)


def _currency_in(text: str) -> str:
    """Return the one currency that a heading names beside other words, or ""."""
    found = set()
    for match in _WORD_WITH_SIGN.finditer(text):
        word = match[0]
        if word in _SIGNS_IN_BRACKETS and text[match.start() - 1 : match.start()] not in _OPENING:
            continue
        small = word.casefold()
        code = word.upper() if word.upper() in KNOWN_CURRENCIES and len(word) == 3 else ""
        if not code and small in _UNITS and small not in _OTHER_WORDS:
            code = _UNITS[small]
        if code:
            found.add(code)
    return found.pop() if len(found) == 1 else ""


def currency_of(sign: str) -> str:
    """Return the code that a sign or code beside an amount means, or "" where it has several."""
    sign = sign.rstrip(".")
    if sign.upper() in KNOWN_CURRENCIES:
        return sign.upper()
    if sign in CURRENCY_NAMES:
        return CURRENCY_NAMES[sign]
    return _UNITS.get(sign.casefold(), _UNITS.get(plain(sign), ""))


def is_of_another(sign: str, currency: str) -> bool:
    """Return whether a sign or code beside an amount is surely another currency's.

    "£" may stand at Egyptian pounds, "$" at those of many countries; neither does at euros.
    """
    found = currency_of(sign)
    if len(sign) == 3 and found == sign:
        return found != currency
    is_meant = found or (sign == "$" and currency != "USD")
    return currency in _WITH_OWN_SIGNS and bool(is_meant) and found != currency


_HOLDINGS: Final = frozenset(
    words_of(
        """shares, units, quantity, qty, market value, cost basis, closing price, closing value,
        cost share, total shares, total value, gain loss, holding period, stueck, kurswert,
        einstandskurs, isin, anteile, bestand, bestand nominal, fund, ticker, symbol, security,
        unrealized gain, average cost basis, current value, last price, open date, quantita,
        valeur liquidative, 价格, 数量, 成交额, 成交价格, 成交数量, 证券代码, 证券名称"""
    )
)


def holdings_in(headings: list[str]) -> int:
    """Return how many headings are of a list of securities."""
    return sum(plain(one) in _HOLDINGS for one in headings)
