"""Figures that a text says in digits or words: amounts, counts, percentages, how many times.

English and German. A number is read in every way in which it could be meant (`1.234` is twelve
hundred or one and a bit): whoever compares it takes the one that fits.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from hive_desktop.domain.number_words import NUMBER_WORD, number_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Unit(StrEnum):
    """What a written figure says that it is."""

    AMOUNT = "amount"
    PERCENT = "percent"
    COUNT = "count"
    TIMES = "times"
    FOLD = "fold"
    """How many times as much."""
    NUMBER = "number"
    """It does not say."""


class Hedge(StrEnum):
    """How near it says that it is."""

    NONE = ""
    ABOUT = "about"
    OVER = "over"
    UNDER = "under"


class Reading(NamedTuple):
    """One way to read a number: its size, and the step that it is written in."""

    value: Decimal
    step: Decimal


class Written(NamedTuple):
    """One figure of a text.

    Attributes:
        start: of its signs, with sign and currency.
        end: behind them.
        unit: what it says that it is.
        readings: the ways to read it; none where it is no number at all, such as `1.2.3`.
        currencies: that its sign may mean; None where it has none.
        sign: `+`, `-` or nothing.
        hedge: how near it says it is.
    """

    start: int
    end: int
    unit: Unit
    readings: tuple[Reading, ...]
    currencies: frozenset[str] | None = None
    sign: str = ""
    hedge: Hedge = Hedge.NONE


_DOLLARS: Final = frozenset({"USD", "CAD", "AUD", "NZD", "MXN", "HKD", "SGD", "TWD", "ARS", "CLP"})
_KRONER: Final = frozenset({"SEK", "NOK", "DKK", "ISK", "CZK"})
_SIGNS: Final = {
    "us$": frozenset({"USD"}),
    "ca$": frozenset({"CAD"}),
    "c$": frozenset({"CAD"}),
    "au$": frozenset({"AUD"}),
    "a$": frozenset({"AUD"}),
    "nz$": frozenset({"NZD"}),
    "mx$": frozenset({"MXN"}),
    "hk$": frozenset({"HKD"}),
    "s$": frozenset({"SGD"}),
    "r$": frozenset({"BRL"}),
    "cn¥": frozenset({"CNY"}),
    "$": _DOLLARS,
    "€": frozenset({"EUR"}),
    "£": frozenset({"GBP"}),
    "¥": frozenset({"JPY", "CNY"}),
    "₹": frozenset({"INR"}),
    "₩": frozenset({"KRW"}),
    "₪": frozenset({"ILS"}),
    "₫": frozenset({"VND"}),
    "₺": frozenset({"TRY"}),
    "₽": frozenset({"RUB"}),
    "₴": frozenset({"UAH"}),
    "zł": frozenset({"PLN"}),
    "kr": _KRONER,
    "fr.": frozenset({"CHF"}),
    "us dollars": frozenset({"USD"}),
    "us-dollar": frozenset({"USD"}),
    "canadian dollars": frozenset({"CAD"}),
    "australian dollars": frozenset({"AUD"}),
    "british pounds": frozenset({"GBP"}),
    "pounds sterling": frozenset({"GBP"}),
    "swiss francs": frozenset({"CHF"}),
    "schweizer franken": frozenset({"CHF"}),
    "dollars": _DOLLARS,
    "dollar": _DOLLARS,
    "bucks": _DOLLARS,
    "euros": frozenset({"EUR"}),
    "euro": frozenset({"EUR"}),
    "pounds": frozenset({"GBP"}),
    "pound": frozenset({"GBP"}),
    "pfund": frozenset({"GBP"}),
    "quid": frozenset({"GBP"}),
    "yen": frozenset({"JPY"}),
    "francs": frozenset({"CHF"}),
    "franken": frozenset({"CHF"}),
    "kronor": frozenset({"SEK"}),
    "kroner": _KRONER,
    "kronen": _KRONER,
}
_CODES: Final = (
    "AED ARS AUD BGN BHD BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR ISK JOD "
    "JPY KES KRW KWD MAD MXN MYR NGN NOK NZD OMR PEN PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB "
    "TND TRY TWD UAH USD UYU VND ZAR"
)
WORDLIKE: Final = frozenset({"try", "cop", "pen", "ron", "mad"})
"""Codes that are words as well where they are in small letters."""
_CURRENCIES: Final = _SIGNS | {code.lower(): frozenset({code}) for code in _CODES.split()}
_SMALL: Final = {
    **dict.fromkeys(("cents", "cent", "ct", "¢"), _DOLLARS | {"EUR", "ZAR"}),
    **dict.fromkeys(("pence", "p"), frozenset({"GBP"})),
}
_SCALES: Final = {
    **dict.fromkeys(("k", "thousand", "grand", "tsd", "tsd.", "tausend"), 1_000),
    **dict.fromkeys(("m", "mn", "million", "millionen", "mio", "mio."), 1_000_000),
    **dict.fromkeys(("bn", "b", "billion", "milliarde", "milliarden", "mrd", "mrd."), 10**9),
}
_HEDGES: Final = {
    Hedge.ABOUT: "about around roughly approximately approx approx. circa ca ca. some ~ ≈ etwa rund"
    " ungefähr zirka",
    Hedge.OVER: "over above exceeding über gut than:more least:at als:mehr mindestens",
    Hedge.UNDER: "under below nearly almost than:less most:at to:up knapp fast unter beinahe"
    " als:weniger zu:bis höchstens",
}
_HEDGE_WORDS: Final = {word: hedge for hedge, words in _HEDGES.items() for word in words.split()}
COUNTED: Final = (
    r"transactions?|payments?|purchases?|orders?|rows?|entries|entry|items?|charges?|bookings?|"
    r"visits?|trips?|refunds?|transfers?|subscriptions?|bills?|merchants?|shops?|stores?|"
    r"accounts?|cards?|categories|category|days?|weeks?|months?|years?|deposits?|withdrawals?|"
    r"buchung(?:en)?|umsätzen?|umsatz|zahlung(?:en)?|käufen?|kauf|einkäufen?|einkauf|"
    r"bestellung(?:en)?|zeilen?|posten|besuchen?|besuch|erstattung(?:en)?|überweisung(?:en)?|"
    r"abos?|abonnements?|rechnung(?:en)?|händlern?|läden|konten|konto|karten?|kategorien?|"
    r"tagen?|tage?|wochen?|monaten?|monate?|jahren?|jahre?|abbuchung(?:en)?|gutschrift(?:en)?"
)
"""A pattern of the nouns of what is counted, in any case."""


def _any_of(words: Iterable[str], closed: str = r"(?!\w)") -> str:
    listed = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word) + (closed if word[-1].isalpha() else "") for word in listed)


_GAP: Final = r"[ \u00a0]?"
_CURRENCY: Final = _any_of(_CURRENCIES)
CURRENCY_MARK: Final = _CURRENCY
"""A pattern of a currency's sign, code or word, in any case."""
_CURRENCY_BEFORE: Final = _any_of(_CURRENCIES, "")
_DIGITS: Final = r"(?:\d{1,3}(?: \d{3})+[.,]\d{2}(?!\d)|\d+(?:[.,'\u00a0]\d+)*)"
# Groups that plain blanks part are one number beside a currency alone: "in 2025 300 payments".
_BLANKS: Final = r"\d{1,3}(?: \d{3})+(?![., ]?\d)"
_NUMBER: Final = re.compile(
    rf"(?P<sign>(?<![\w)\]\ufffc])[-\u2013+](?![ \u00a0\u2013+-]))?"
    rf"(?:(?<!\w)(?P<before>{_CURRENCY_BEFORE}){_GAP}(?P<inner>[-+])?)?"
    rf"(?P<number>(?<![\d])(?:(?(before){_BLANKS}|{_BLANKS}(?={_GAP}(?:{_CURRENCY})))"
    rf"|{_DIGITS}|\.\d+))"
    rf"(?:{_GAP}(?P<scale>{_any_of(_SCALES)}))?"
    rf"(?:{_GAP}(?:(?P<percent>%|percent(?!\w)|per cent(?!\w)|percentage points?"
    r"|prozent\w*|pp(?!\w))"
    rf"|(?P<after>{_CURRENCY})|(?P<small>{_any_of(_SMALL)})"
    rf"|(?P<times>(?:x|\u00d7|times|mal|-?fach\w*)(?!\w))))?",
    re.IGNORECASE,
)
_WORDS: Final = re.compile(
    rf"(?<![\w-])(?:(?P<before>[$€£¥₹]){_GAP})?(?<![\w-])(?P<words>{NUMBER_WORD})"
    rf"(?P<glued>mal(?!\w))?(?![\w])(?:{_GAP}(?P<grand>grand(?!\w)))?"
    rf"(?:{_GAP}(?:(?P<percent>percent(?!\w)|per cent(?!\w)|prozent\w*)"
    rf"|(?P<after>{_CURRENCY})|(?P<small>{_any_of(_SMALL)})|(?P<times>times(?!\w)|mal(?!\w))))?",
    re.IGNORECASE,
)
_VULGAR: Final = "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
_TOPS: Final = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4}
_TOPS_GERMAN: Final = {"ein": 1, "einem": 1, "zwei": 2, "drei": 3, "vier": 4, "die": 1}
_PARTS: Final = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "tenth": 10}
_PARTS_GERMAN: Final = {"hälfte": 2, "drittel": 3, "viertel": 4, "fünftel": 5, "zehntel": 10}
_FRACTION: Final = re.compile(
    rf"(?P<sign>[{_VULGAR}])"
    rf"|(?<![\w-])(?P<top>{_any_of(_TOPS)})[ \u00a0-](?P<part>{_any_of(_PARTS, '')})s? of(?!\w)"
    rf"|(?<![\w-])(?P<zahl>{_any_of(_TOPS_GERMAN)}) (?P<teil>{_any_of(_PARTS_GERMAN)})",
    re.IGNORECASE,
)
_TENTHS: Final = Decimal("0.1")
_SEVERALFOLD: Final = {
    **dict.fromkeys(("doubled", "verdoppelt", "verdoppelte"), 2),
    **dict.fromkeys(("tripled", "trebled", "verdreifacht", "verdreifachte"), 3),
    **dict.fromkeys(("quadrupled", "vervierfacht", "vervierfachte"), 4),
}
_FOLD: Final = re.compile(rf"(?<![\w-])(?:{_any_of(_SEVERALFOLD)})", re.IGNORECASE)
_NOUN_AFTER: Final = re.compile(
    rf"[ \u00a0-](?:[^\W\d]+[ \u00a0-]){{0,2}}?(?:{COUNTED})(?!\w)", re.IGNORECASE
)
_GROUPS: Final = re.compile(r"\d{1,3}(?:([.,'\u00a0 ])\d{3})(?:\1\d{3})*")
_INDIAN: Final = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}")
_ORDINAL: Final = re.compile(r"(?:st|nd|rd|th)(?!\w)")
_MINUS_WORD: Final = re.compile(r"(?<!\w)(?:minus|negative) $", re.IGNORECASE)
_DIGIT: Final = re.compile(r"\d")
_LONGEST_BEFORE: Final = max(map(len, _CURRENCIES)) + 4
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_LETTERS_BEFORE: Final = re.compile(r"[^\W\d_]+$")
_BULLET: Final = re.compile(r"[ >]*(?:#+ *)?")


def figures_in(text: str) -> Iterator[Written]:
    """Return the figures of a text as it is read (`plain_reading`), in order of their kind.

    What is a part of a name (`A12`), an ordinal, or the number of a line in a list is none.
    """
    for found in _numbers(text):
        one = _figure(text, found)
        if one is not None:
            yield one
    for found in _WORDS.finditer(text):
        spoken = _spoken(text, found)
        if spoken is not None:
            yield spoken
    for found in _FRACTION.finditer(text):
        yield _part(text, found)
    for found in _FOLD.finditer(text):
        size = Reading(Decimal(_SEVERALFOLD[found[0].lower()]), Decimal("0.5"))
        yield Written(found.start(), found.end(), Unit.FOLD, (size,))


def _numbers(text: str) -> Iterator[re.Match[str]]:
    """Return what `_NUMBER` finds; it is looked for near digits alone, because it is slow."""
    at = 0
    while digit := _DIGIT.search(text, at):
        found = _NUMBER.search(text, max(at, digit.start() - _LONGEST_BEFORE))
        if found is None:
            return
        yield found
        at = found.end()


def _figure(text: str, found: re.Match[str]) -> Written | None:
    start, end = found.span()
    number = found["number"]
    if not any(found.group("before", "percent", "after", "small", "times", "scale")):
        if _is_list_number(text, found) or _ORDINAL.match(text, end):
            return None
        if _is_in_a_name(text, found.start("number"), end, number):
            return None
    readings = _readings(number)
    if _touches(text, start, end):
        readings = ()
    scale = _SCALES.get((found["scale"] or "").lower(), 1)
    readings = tuple(Reading(one.value * scale, one.step * scale) for one in readings)
    sign = (found["inner"] or found["sign"] or "").replace("\u2013", "-")
    if not sign and _MINUS_WORD.search(text[max(0, start - 9) : start]):
        sign = "-"
    currencies = _currencies(found["before"] or found["after"] or "")
    unit = _unit_of(found) or (Unit.COUNT if _NOUN_AFTER.match(text, end) else Unit.NUMBER)
    if found["small"]:
        readings = tuple(Reading(one.value / 100, one.step / 100) for one in readings)
        currencies = _SMALL[found["small"].lower()]
    return Written(start, end, unit, readings, currencies, sign, _hedge(text, start))


def _spoken(text: str, found: re.Match[str]) -> Written | None:
    value = number_of(found["words"])
    unit = _unit_of(found) or (Unit.TIMES if found["glued"] else None)
    if unit is None and found["grand"]:
        unit = Unit.AMOUNT
    if unit is None and _NOUN_AFTER.match(text, found.end()):
        unit = Unit.COUNT
    if value is None or unit is None:
        return None
    currencies = _currencies(found["before"] or found["after"] or "")
    size = Decimal(value) * (1_000 if found["grand"] else 1)
    if found["small"]:
        size, currencies = size / 100, _SMALL[found["small"].lower()]
    step = Decimal("0.01") if found["small"] else Decimal(1)
    hedge = _hedge(text, found.start())
    return Written(found.start(), found.end(), unit, (Reading(size, step),), currencies, "", hedge)


def _part(text: str, found: re.Match[str]) -> Written:
    """Return `¾`, `a third of` or `ein Drittel` as percent, to a few of them."""
    if found["sign"]:
        share = Decimal(str(unicodedata.numeric(found["sign"])))
    elif found["top"]:
        share = Decimal(_TOPS[found["top"].lower()]) / _PARTS[found["part"].lower()]
    else:
        share = Decimal(_TOPS_GERMAN[found["zahl"].lower()]) / _PARTS_GERMAN[found["teil"].lower()]
    start, end = found.span()
    is_alone = not _touches(text, start, end)
    readings = (Reading((share * 100).quantize(_TENTHS), Decimal(4)),) if is_alone else ()
    return Written(start, end, Unit.PERCENT, readings, None, "", _hedge(text, start))


def _unit_of(found: re.Match[str]) -> Unit | None:
    if found["percent"]:
        return Unit.PERCENT
    if _currencies(found["before"] or found["after"] or "") or found["small"]:
        return Unit.AMOUNT
    return Unit.TIMES if found["times"] else None


def _currencies(sign: str) -> frozenset[str] | None:
    """Return what a sign, a code or a word may mean; `try` is no Turkish lira, `TRY` is."""
    return None if sign in WORDLIKE else _CURRENCIES.get(sign.lower())


def _readings(number: str) -> tuple[Reading, ...]:
    """Return the ways to read digits with their separators."""
    if number.startswith("."):
        return (_reading(f"0{number}"),)
    if number.isdigit():
        return (Reading(Decimal(number), Decimal(1)),)
    found = []
    if _GROUPS.fullmatch(number) or _INDIAN.fullmatch(number):
        found.append(Reading(Decimal(re.sub(r"\D", "", number)), Decimal(1)))
    place = max(number.rfind("."), number.rfind(","))
    if place > 0:
        whole, part = number[:place], number[place + 1 :]
        is_whole = whole.isdigit() or (
            (_GROUPS.fullmatch(whole) or _INDIAN.fullmatch(whole)) and number[place] not in whole
        )
        if is_whole and part.isdigit():
            found.append(_reading(re.sub(r"\D", "", whole) + "." + part))
    return tuple(found)


def _reading(text: str) -> Reading:
    value = Decimal(text)
    return Reading(value, Decimal(1).scaleb(int(value.as_tuple().exponent)))


def _touches(text: str, start: int, end: int) -> bool:
    """Tell whether it is glued to a reference or to more digits, and so reads as another number."""
    around = text[start - 1 : start] + text[end : end + 1]
    return any(sign == "\ufffc" or sign.isdigit() for sign in around)


def _is_list_number(text: str, found: re.Match[str]) -> bool:
    is_marked = text[found.end() : found.end() + 2] in (". ", ") ") and len(found["number"]) < 3
    if not is_marked:
        return False
    line = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
    return _BULLET.fullmatch(line) is not None


def _is_in_a_name(text: str, start: int, end: int, number: str) -> bool:
    """Tell whether letters glued to a number make it a name: `A12`, `5G`, and not `Rs450.00`."""
    letters = _LETTERS_BEFORE.search(text[max(0, start - 12) : start])
    if letters is None:
        behind = _LETTERS.match(text[end : end + 12])
        return behind is not None and (len(behind[0]) < 3 or len(number) < 2)
    return len(number) < 3 or len(letters[0]) > 3


def _hedge(text: str, start: int) -> Hedge:
    before = text[max(0, start - 24) : start].lower().rstrip(" \u00a0")
    if before[-1:] in ("~", "≈"):
        return Hedge.ABOUT
    words = before.split()[-2:]
    last = words[-1] if words else ""
    two = f"{last}:{words[0]}" if len(words) == 2 else last
    return _HEDGE_WORDS.get(two) or _HEDGE_WORDS.get(last) or Hedge.NONE
