"""The periods of a question: one, or two that are compared, and what only looks like one."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from hive_desktop.domain import periods
from hive_desktop.domain.questions.folding import blanked

if TYPE_CHECKING:
    from datetime import date

    from hive_desktop.domain.days import Span


class SaidPeriods(NamedTuple):
    """What a text says of periods.

    Attributes:
        rest: the text with blanks where they stood.
        spans: their days, from left to right.
        is_from_to: two are told as "from A to B" or "between A and B".
        error: words that name days nobody can tell; nothing was read then.
        asks_on_what: an "on" before days belongs to "what did I spend it on".
    """

    rest: str
    spans: tuple[Span, ...] = ()
    is_from_to: bool = False
    error: str | None = None
    asks_on_what: bool = False


class _Asked(TypedDict):
    week_start: int
    language: str
    earliest: date | None


def without_verbs(text: str) -> str:
    """Return a text without what would be read as a part of a period and is none."""
    text = _NOW.sub(lambda one: " " * len(one[0]), text)
    text = _VERB_THROUGH.sub(lambda one: one[1] + " " * (len(one[0]) - len(one[1])), text)
    return _ADD_UP.sub(lambda one: " " * len(one[0]), text)


def read(
    text: str, today: date, *, week_start: int, language: str, earliest: date | None
) -> SaidPeriods:
    """Return the periods of a text in small letters."""
    asked = _Asked(week_start=week_start, language=language, earliest=earliest)
    is_two = _TWO.search(text) is not None
    is_from_to = False
    try:
        said = periods.find(text, today, is_joined=not is_two, **asked)
        if is_two and len(said) == 1 and _BETWEEN.match(text[said[0].start :]):
            parts = _apart(text, said[0], today, asked)
            is_from_to, said = bool(parts), parts or said
    except periods.PeriodError as exc:
        return SaidPeriods(text, error=exc.text)
    if any(_HALF_SAID.match(text, one.start) for one in said):
        return SaidPeriods(text, error=text[said[0].start : said[0].end])
    spans = [one.span for one in said]
    if is_two and len(said) == 2:
        is_from_to = is_from_to or _BETWEEN.search(text[: said[1].start]) is not None
        texts = [text[one.start : one.end].strip() for one in said]
        spans = _in_same_year(spans, texts, today, asked)
    is_on = any(_ON_WHAT.match(text, one.start) and _is_long(one.span) for one in said)
    for one in said:
        text = blanked(text, one.start, one.end)
    return SaidPeriods(text, tuple(spans), is_from_to, asks_on_what=is_on)


def _in_same_year(spans: list[Span], said: list[str], today: date, asked: _Asked) -> list[Span]:
    """Give a month without a year that of the month which it is compared with."""
    years = [re.search(r"\b(?:19|20)\d\d\b", one) for one in said]
    bare = 0 if years[0] is None else 1
    year, month = years[1 - bare], _MONTH_WORDS.fullmatch(said[bare])
    if years[bare] is None and year is not None and month is not None:
        with contextlib.suppress(periods.PeriodError):
            spans[bare] = periods.resolve(f"{month[1]} {year[0]}", today, **asked)
    return spans


def _apart(
    text: str, whole: periods.Found, today: date, asked: _Asked
) -> tuple[periods.Found, ...]:
    """Return the two ends of "from A to B" as periods of their own."""
    start = _BETWEEN_WORD.match(text, whole.start)
    inner = text[: whole.end]
    begin = start.end() if start else whole.start
    for joint in _JOINT.finditer(inner, begin):
        first = periods.find(blanked(inner, 0, begin)[: joint.start()], today, **asked)
        second = periods.find(blanked(inner, 0, joint.end()), today, **asked)
        if len(first) == 1 and len(second) == 1 and second[0].end == whole.end:
            return (first[0]._replace(start=whole.start, end=joint.end()), second[0])
    return ()


def _is_long(span: Span) -> bool:
    return (span.end - span.start).days > 1


_NOW = re.compile(
    r"(?<!till )(?<!until )(?<!to )(?<!bis )"
    r"\b(?:right now|at the moment|currently|now|jetzt|derzeit|momentan|im moment)\b"
)
# Whoever compares says two periods where others say one that is long.
_TWO = re.compile(
    r"\b(?:compar\w+|chang\w+|differ\w+|versus|vs|rise|rose|risen|grow|grew|grown|increas\w+|decreas\w+"
    r"|fall|fell|fallen|drop|more|less|higher|lower|vergl\w+|unterschied\w*|differenz|gestiegen"
    r"|gesunken|mehr|weniger|veränder\w*|geänder\w*|veraender\w*|geaender\w*|zugenommen|abgenommen)\b"
)
_BETWEEN = re.compile(
    r"\b(?:between|zwischen)\b|\bfrom\b.*\bto\b|\bvo[nm]\b.*\b(?:auf|zu|zum|bis)\b"
)
# "Burned through this month" is no period that ends with it.
_VERB_THROUGH = re.compile(
    r"\b(burn\w*|run|ran|go|went|gone|got|get|blew|blow\w*|breeze\w*) through\b"
)
_ADD_UP = re.compile(r"\b(?:add(?:s|ed)?|sum(?:s|med)?) up to\b")
_ON_WHAT = re.compile(r"on (?!the \d|\d)")
# "By June" and "through June" do not say from when.
_HALF_SAID = re.compile(r"(?:by|through|thru)\b")
_MONTH_WORDS = re.compile(r"(?:(?:in|im|for|of|during|für|vom|from)\s+)?([^\W\d_]{3,})")
_BETWEEN_WORD = re.compile(r"(?:between|zwischen|from|von|vom)\s+")
_JOINT = re.compile(r"\s+(?:and|und|to|auf|zu|zum|bis)\s+")
