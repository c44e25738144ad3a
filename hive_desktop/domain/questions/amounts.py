"""Amounts in a question: "over 50 dollars", "between 10 and 20 €", "in euros"."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from hive_desktop.domain import search
from hive_desktop.domain.questions import english, german
from hive_desktop.domain.questions.folding import spellings


class Bounds(NamedTuple):
    """Amounts without sign, in whole units; a strict bound is not within."""

    least: Decimal | None = None
    most: Decimal | None = None
    is_above: bool = False
    is_below: bool = False


class FoundBounds(NamedTuple):
    """Bounds in a text, the currency that was said, and where they stand."""

    bounds: Bounds
    currency: str | None
    start: int
    end: int


def bounds_in(text: str, language: str) -> FoundBounds | None:
    """Return the first bounds of amounts that a text in small letters has."""
    for compiled, sign in _patterns(language):
        one = compiled.search(text)
        if one is None:
            continue
        parts = one.groupdict()
        said = [parts.get(name) for name in ("unit", "behind", "unit2", "behind2")]
        unit = next((each for each in said if each), None)
        is_bare = unit is None
        if is_bare and (sign == ".." or _YEAR.fullmatch(one["number"]) or _counts(text, one)):
            continue
        currency = _CURRENCIES[unit.strip()[0]] if unit else None
        bounds = _bounds_of(sign, one["number"], parts.get("most"))
        return FoundBounds(bounds, currency, one.start(), one.end())
    return None


def currency_in(text: str) -> tuple[str, int, int] | None:
    """Return the currency of "in euros", and where that stands."""
    one = _IN_CURRENCY.search(text)
    return None if one is None else (_CURRENCIES[one["unit"][0]], one.start(), one.end())


def _counts(text: str, one: re.Match[str]) -> bool:
    """Tell whether a unit of time or rows stands behind a bare number."""
    return _UNIT_BEHIND.match(text[one.end() :].lstrip()) is not None


_YEAR = re.compile(r"(?:19|20)\d\d")
_UNIT_BEHIND = re.compile(
    r"(?:days?|weeks?|months?|years?|times|tage?n?|wochen?|monate?n?|jahre?n?|mal|%|percent"
    r"|prozent|transactions?|purchases?|payments?|buchungen|käufe)\b"
)
_NUMBER = r"(?P<{0}>\d{{1,3}}(?:[.,]\d{{3}})+(?:[.,]\d{{1,2}})?|\d+(?:[.,]\d{{1,2}})?)"
_UNIT = r"(?:dollars?|bucks|usd|us-dollar|euros?|eur|[$€])"
_CURRENCIES = {"$": "USD", "d": "USD", "b": "USD", "u": "USD", "€": "EUR", "e": "EUR"}
_IN_CURRENCY = re.compile(rf"\bin (?P<unit>{_UNIT})(?!\w)")


@cache
def _patterns(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    words = german if language == "de" else english
    amount = rf"(?P<unit>[$€]\s?)?{_NUMBER.format('number')}(?:\s?(?P<behind>{_UNIT})(?!\w))?"
    second = rf"(?P<unit2>[$€]\s?)?{_NUMBER.format('most')}(?:\s?(?P<behind2>{_UNIT})(?!\w))?"
    between = r"(?:between|from|zwischen|von)"
    joint = r"(?:and|to|und|bis)"
    plain = ((words.ABOVE, ">"), (words.AT_LEAST, ">="), (words.BELOW, "<"), (words.AT_MOST, "<="))
    return (
        (re.compile(rf"\b{between} {amount} {joint} {second}(?![\w.,]?\d)"), ".."),
        *(
            (re.compile(rf"\b(?:{_any_spelling(said)}) {amount}(?![\w.,]?\d)"), sign)
            for said, sign in plain
        ),
    )


def _any_spelling(listed: str) -> str:
    found = {
        phrase for one in listed.split("|") for phrase in (one, *map(" ".join, spellings(one)))
    }
    return "|".join(sorted(found, key=len, reverse=True))


def _bounds_of(sign: str, number: str, most: str | None) -> Bounds:
    if sign == "..":
        ends = sorted((_decimal(number), _decimal(most or number)))
        return Bounds(ends[0], ends[1])
    if sign.startswith(">"):
        return Bounds(least=_decimal(number), is_above=sign == ">")
    return Bounds(most=_decimal(number), is_below=sign == "<")


def _decimal(text: str) -> Decimal:
    """Return a number as a person writes it, thousands apart or not."""
    found = search.parse(f">= {text}").amounts
    return (
        found[0].least if found and found[0].least is not None else Decimal(text.replace(",", "."))
    )
