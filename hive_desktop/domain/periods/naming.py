"""From words to days and back."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from hive_desktop.domain.days import Period, Span
from hive_desktop.domain.periods import words
from hive_desktop.domain.periods.parts import Asked, Unreadable, unit_of
from hive_desktop.domain.periods.readers import FUTURE, read_at, read_edge
from hive_desktop.i18n import mark

if TYPE_CHECKING:
    from datetime import date

_UNKNOWN = mark("“{text}” names no period that can be read.")


class PeriodError(ValueError):
    """Words that name no period.

    Attributes:
        message: what is wrong, a template of the catalogue with `{text}`.
        text: what was to be read.
        examples: what could be, in the person's language.
    """

    def __init__(self, message: str, text: str, language: str) -> None:
        self.message, self.text = message, text
        self.examples = words.EXAMPLES.get(language, words.EXAMPLES["en"])
        super().__init__(f"{message.format(text=text)} It could be: {', '.join(self.examples)}.")


class Found(NamedTuple):
    """A period in a longer text: its days, and the characters that name it."""

    span: Span
    start: int
    end: int


def resolve(
    text: str,
    today: date,
    *,
    week_start: int = 0,
    language: str = "en",
    earliest: date | None = None,
) -> Span:
    """Return the days that a text names; the text holds nothing else.

    Args:
        text: the words.
        today: what relative ones count from.
        week_start: the first day of a week, 0 for Monday to 6 for Sunday.
        language: which way round 3/4/2026 is; other than "en" the day comes first.
        earliest: where "all time" begins; the calendar's 1970 where it is not known.

    Raises:
        PeriodError: it names no period, more than one, or none that there is.
    """
    asked = Asked(today, week_start, language, earliest)
    clean = _clean(text)
    try:
        found = read_at(clean, 0, asked)
    except Unreadable as exc:
        raise PeriodError(str(exc), text, language) from exc
    if found is None or found[1] != len(clean):
        raise PeriodError(_UNKNOWN, text, language)
    return found[0]


def resolve_day(text: str, today: date, *, week_start: int = 0, language: str = "en") -> date:
    """Return the day that a text names: of a longer period its last, but never after today.

    Raises:
        PeriodError: it names none, or one that is still to come.
    """
    asked = Asked(today, week_start, language, None)
    clean = _clean(text)
    try:
        found = read_edge(clean, 0, asked)
    except Unreadable as exc:
        raise PeriodError(str(exc), text, language) from exc
    span = found[0] if found is not None and found[1] == len(clean) else None
    if span is None:
        span = resolve(text, today, week_start=week_start, language=language)
    if span.start > today:
        raise PeriodError(FUTURE, text, language)
    return min(span.end, today)


def find(
    text: str,
    today: date,
    *,
    week_start: int = 0,
    language: str = "en",
    earliest: date | None = None,
    is_joined: bool = True,
) -> tuple[Found, ...]:
    """Return the periods that a longer text names, from left to right; they never overlap.

    Without `is_joined`, "June to July" is two of them, as where June is compared to July.

    A number that stands for an amount, and "may" where it is no month, are none. Places are of the
    text in Unicode's form NFC.

    Raises:
        PeriodError: one of them is ambiguous, or there is no such day.
    """
    asked = Asked(today, week_start, language, earliest, is_joined)
    lower = _lower(text)
    found: list[Found] = []
    place = 0
    while (word := _BEGINS.search(lower, place)) is not None:
        try:
            here = read_at(lower, word.start(), asked)
        except Unreadable as exc:
            raise PeriodError(str(exc), text, language) from exc
        if here is not None and _is_meant(lower, word.start(), here[1]):
            found.append(Found(here[0], word.start(), here[1]))
            place = here[1]
        else:
            place = word.end()
    return tuple(found)


def in_words(span: Span, *, language: str = "en") -> str:
    """Return a span in words: `October 2026`, `Q3 2025`, `2025`, `1 October 2026`, or two days."""
    names = words.NAMES.get(language, words.NAMES["en"])
    dot = "." if language == "de" else ""
    start, end = span.start, span.end
    if start == end:
        return _day_words(start, names, dot)
    if span == Span.of(Period.YEAR, start):
        return str(start.year)
    if span == Span.of(Period.MONTH, start):
        return f"{names[start.month - 1]} {start.year}"
    if span == unit_of("quarter", start):
        return f"Q{(start.month + 2) // 3} {start.year}"
    first = _day_words(start, names, dot)
    if (start.year, start.month) == (end.year, end.month):
        first = f"{start.day}{dot}"
    elif start.year == end.year:
        first = f"{start.day}{dot} {names[start.month - 1]}"
    to = "bis" if language == "de" else "to"
    return f"{first} {to} {_day_words(end, names, dot)}"


def _day_words(day: date, names: tuple[str, ...], dot: str) -> str:
    return f"{day.day}{dot} {names[day.month - 1]} {day.year}"


_BEGINS = re.compile(r"(?<![\w.,/$€£¥-])[^\W_]+")


def _lower(text: str) -> str:
    """Return a text in small letters, each in the place where it was."""
    plain = unicodedata.normalize("NFC", text)
    return "".join(low if len(low := sign.lower()) == 1 else sign for sign in plain)


def _clean(text: str) -> str:
    return re.sub(r"(?:['\u2019]s?|[?!;:,]|(?<!\d)\.)+$", "", _lower(text).strip()).strip()


_NOT_A_YEAR_AFTER = re.compile(
    r"(?:over|under|above|below|than|least|most|exceeding|exactly|mehr als|weniger als|als"
    r"|mindestens|höchstens|genau|unter|über)\s*$"
)
_NOT_A_YEAR_BEFORE = re.compile(
    r"(?:[.,]\d|\s?(?:[$€£¥%]|dollars?|euros?|usd|eur|gbp|chf|jpy|bucks|yen|pounds?)\b)"
)
_JOINS = re.compile(
    r"(?:\b(?:with|vs|versus|and|or|to|than|mit|und|oder|zu|als|gegen)\.?|[,&/])\s*$"
)
_HOMONYMS = frozenset(("may", "mar", "mar."))


def _is_meant(lower: str, start: int, end: int) -> bool:
    said = lower[start:end]
    if re.fullmatch(rf"(?:(?:over|über|under|unter)\s+)?{words.YEAR}", said):
        is_amount = said[0] in "oü" or _NOT_A_YEAR_AFTER.search(lower[:start]) is not None
        return not is_amount and _NOT_A_YEAR_BEFORE.match(lower, end) is None
    if re.match(rf"{words.YEAR}\s", said) and _NOT_A_YEAR_AFTER.search(lower[:start]):
        return False
    if said in _HOMONYMS:
        return _JOINS.search(lower[:start]) is not None
    return True
