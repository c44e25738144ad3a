"""The single periods of which longer ones are made: a day, a week, June, Q3 2025, last month."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from hive_desktop.domain.days import Period, Span
from hive_desktop.domain.periods import words
from hive_desktop.domain.periods.parts import (
    AMBIGUOUS,
    CENTURY,
    NO_DAY,
    Atom,
    Unreadable,
    number_of,
    pattern,
    unit_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.domain.periods.parts import (
        Asked,
    )

_Told = re.Match[str]


def _date(year: int, month: int, day: int) -> Atom:
    return Atom(Atom(None, month, day=day).in_year(year))


def _iso_day(told: _Told, _: Asked) -> Atom:
    return _date(int(told["year"]), int(told["month"]), int(told["day"]))


def _week(told: _Told, asked: Asked) -> Atom:
    """Return a week by the number that ISO 8601 gives it."""
    number = int(told["week"])
    year = asked.year_of(told["year"]) if told["year"] else asked.today.year
    try:
        start = date.fromisocalendar(year, number, 1)
        if not told["year"] and start > asked.today:
            start = date.fromisocalendar(year - 1, number, 1)
    except ValueError as exc:
        raise Unreadable(NO_DAY) from exc
    return Atom(Span(start, start + timedelta(days=6)))


def _month_number(told: _Told, _: Asked) -> Atom:
    month = int(told["month"])
    if not 1 <= month <= 12:
        raise Unreadable(NO_DAY)
    return Atom(Atom(None, month).in_year(int(told["year"])))


def _slashes(told: _Told, asked: Asked) -> Atom:
    first, second = int(told["first"]), int(told["second"])
    if asked.language != "en" or first > 12:
        day, month = first, second
    elif second > 12 or first == second:
        month, day = first, second
    else:
        raise Unreadable(AMBIGUOUS)
    return _of_year(Atom(None, month, day=day), told["year"], asked)


def _named(told: _Told, asked: Asked) -> Atom:
    """Return a month or a day of it, by the month's name or number."""
    parts = told.groupdict()
    month = int(parts.get("number") or 0) or words.MONTHS[parts["month"].rstrip(".")]
    atom = Atom(None, month, day=int(parts["day"]) if parts.get("day") else None)
    if parts.get("last") and not parts["year"]:
        return Atom(atom.last_before(asked.before(asked.today), is_over=True))
    return _of_year(atom, parts["year"], asked)


def _part_of_year(told: _Told, asked: Asked) -> Atom:
    """Return a quarter or a half of a year."""
    parts = told.groupdict()
    name = parts.get("quarter") or parts.get("half") or ""
    number = words.ORDINALS.get(name) or int(name)
    months = 3 if "quarter" in parts else 6
    if number * months > 12:
        raise Unreadable(NO_DAY)
    atom = Atom(None, (number - 1) * months + 1, months)
    return _of_year(atom, parts["year"], asked)


def _of_year(atom: Atom, year: str | None, asked: Asked) -> Atom:
    if year:
        return Atom(atom.in_year(asked.year_of(year)))
    atom.last_before(date(CENTURY, 12, 31))  # there is such a day at all
    return atom


def _relative(told: _Told, asked: Asked) -> Atom:
    back = {"yesterday": 1, "gestern": 1, "vorgestern": 2}.get(told["day"])
    back = back if back is not None else 2 * ("before" in told["day"])
    day = asked.today - timedelta(days=back)
    return Atom(Span(day, day))


def _weekday(told: _Told, asked: Asked) -> Atom:
    back = (asked.today.weekday() - words.WEEKDAYS[told["weekday"]]) % 7
    back = 7 if told["last"] and not back else back
    day = asked.today - timedelta(days=back)
    return Atom(Span(day, day))


def _weekend(told: _Told, asked: Asked) -> Atom:
    """Return the latest Saturday and Sunday that have begun, or are over."""
    saturday = asked.today - timedelta(days=(asked.today.weekday() - 5) % 7)
    if told["last"] and saturday + timedelta(days=1) >= asked.today:
        saturday -= timedelta(days=7)
    return Atom(Span(saturday, saturday + timedelta(days=1)))


def _unit(told: _Told, asked: Asked) -> Atom:
    parts = told.groupdict()
    back = 2 if parts.get("second") else 1 if parts.get("last") else 0
    span = asked.unit(words.UNITS[parts["unit"]], back)
    return Atom(Span(span.start, min(span.end, asked.today)) if parts.get("so_far") else span)


def _before_this(told: _Told, asked: Asked) -> Atom:
    unit = {"jahr": "year", "monat": "month", "woche": "week", "quartal": "quarter"}
    return Atom(asked.unit(unit[told["unit"]], 1))


def _to_date(told: _Told, asked: Asked) -> Atom:
    unit = {"w": "week", "m": "month", "q": "quarter", "y": "year", "j": "year"}[told["unit"][0]]
    return Atom(Span(asked.unit(unit).start, asked.today))


def _rolling(told: _Told, asked: Asked) -> Atom:
    parts = told.groupdict()
    number = parts.get("n") or "one"
    return Atom(asked.rolling(number, parts["unit"], whole=bool(parts.get("whole"))))


def _ago(told: _Told, asked: Asked) -> Atom:
    return Atom(asked.unit(words.UNITS[told["unit"]], number_of(told["n"])))


def _day_of_month(told: _Told, asked: Asked) -> Atom:
    start = asked.today.replace(day=1)
    for _ in range(3):
        try:
            day = start.replace(day=int(told["day"]))
        except ValueError:
            day = date.max
        if day <= asked.today:
            return Atom(Span(day, day))
        start = asked.before(start).replace(day=1)
    raise Unreadable(NO_DAY)


def _week_of(told: _Told, asked: Asked) -> Atom:
    day = _named(told, asked).settled(asked).start
    return Atom(unit_of("week", day, asked.week_start))


def _year(told: _Told, _: Asked) -> Atom:
    return Atom(Span.of(Period.YEAR, date(int(told["year"]), 1, 1)))


_W = words
_OF_YEAR = rf"(?:,? (?:of |in |im |des )?(?P<year>{_W.YEAR_REF}))?"
_WEEKDAY = rf"(?:{_W.WEEKDAY},? (?:the |dem |den |der )?)?"
_DAY = rf"(?P<day>\d{{1,2}}){_W.SUFFIX} ?(?:of )?(?P<month>{_W.MONTH})"
_MONTH_DAY = rf"(?P<month>{_W.MONTH}) (?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)"
_NUMERIC = r"(?P<day>\d{1,2})\. ?(?P<number>\d{1,2})\."

ATOMS: tuple[tuple[re.Pattern[str], Callable[[_Told, Asked], Atom]], ...] = tuple(
    (pattern(rf"(?:{text})(?![^\W_])"), make)
    for text, make in (
        (rf"(?P<year>{_W.YEAR})-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})", _iso_day),
        (rf"(?P<year>{_W.YEAR})-w(?P<week>\d{{1,2}})", _week),
        (
            (
                rf"(?:kw|week|calendar week|kalenderwoche|woche) ?(?P<week>\d{{1,2}})"
                rf"(?:(?: ?/ ?| of | in |,? )(?P<year>{_W.YEAR_REF}))?"
            ),
            _week,
        ),
        (rf"(?P<year>{_W.YEAR})[-/](?P<month>\d{{1,2}})(?![-/\d])", _month_number),
        (rf"(?P<month>\d{{1,2}})[./](?P<year>{_W.YEAR})", _month_number),
        (rf"{_WEEKDAY}{_NUMERIC}(?: ?(?P<year>{_W.YEAR}|\d\d(?!\d)))?", _named),
        (
            rf"(?P<first>\d{{1,2}})/(?P<second>\d{{1,2}})(?:/(?P<year>{_W.YEAR}|\d\d(?!\d)))?(?!/)",
            _slashes,
        ),
        (rf"{_WEEKDAY}{_DAY}{_OF_YEAR}", _named),
        (rf"{_WEEKDAY}{_MONTH_DAY}{_OF_YEAR}", _named),
        (
            (
                rf"(?:(?:(?P<last>{_W.LAST})|{_W.THIS}) )?(?:month of |monat )?"
                rf"(?P<month>{_W.MONTH}){_OF_YEAR}"
            ),
            _named,
        ),
        (rf"(?P<year>{_W.YEAR}) (?P<month>{_W.MONTH})", _named),
        (rf"(?P<year>(?!\d){_W.YEAR_REF}),? (?:in |im )?(?P<month>{_W.MONTH})", _named),
        (rf"q ?(?P<quarter>[1-4])(?:[ /-]*(?:of |in )?(?P<year>{_W.YEAR_REF}))?", _part_of_year),
        (rf"(?P<year>{_W.YEAR})[ /-]?q(?P<quarter>[1-4])", _part_of_year),
        (rf"(?P<quarter>{_W.ORDINAL}) (?:quarter|quartals?){_OF_YEAR}", _part_of_year),
        (rf"(?:quarter|quartal) (?P<quarter>[1-4]){_OF_YEAR}", _part_of_year),
        (rf"h(?P<half>[12])(?:[ /-]*(?P<year>{_W.YEAR_REF}))?", _part_of_year),
        (
            (
                rf"(?P<half>{_W.ORDINAL}) (?:half(?:[- ]year)?|halbjahr(?:es)?|hälfte)"
                rf"(?: of| des jahres| von)?{_OF_YEAR}"
            ),
            _part_of_year,
        ),
        (
            (
                r"(?P<day>today|now|heute|jetzt|yesterday|gestern|vorgestern"
                r"|(?:the )?day before yesterday)"
            ),
            _relative,
        ),
        (rf"(?:(?P<last>{_W.LAST}) |{_W.THIS} )?(?P<weekday>{_W.WEEKDAY})", _weekday),
        (rf"(?:(?P<last>{_W.LAST}) |{_W.THIS} )?(?:weekend|wochenendes?)", _weekend),
        (
            (
                rf"{_W.THE}(?:(?P<second>{_W.BEFORE_LAST})|(?P<last>{_W.LAST})|{_W.THIS}) "
                rf"(?P<unit>{_W.UNIT})(?:,? (?P<so_far>{_W.SO_FAR}))?"
            ),
            _unit,
        ),
        (rf"{_W.THE}(?P<unit>{_W.UNIT}) before (?P<second>last)", _unit),
        (rf"{_W.THE}(?P<unit>{_W.UNIT})[- ](?P<so_far>{_W.SO_FAR})", _unit),
        (
            rf"(?P<so_far>{_W.SO_FAR})(?:,? (?:in|im))? (?:{_W.THIS} )(?P<unit>{_W.UNIT})",
            _unit,
        ),
        (r"vor(?P<unit>jahr|monat|woche|quartal)(?:e?s)?", _before_this),
        (r"(?P<unit>[wmqy])td", _to_date),
        (
            r"seit (?P<unit>jahres|monats|wochen|quartals)(?:beginn|anfang)",
            _to_date,
        ),
        (
            (
                rf"{_W.SINCE} {_W.FIRST_OF} {_W.THE}(?:{_W.THIS} )?"
                r"(?P<unit>week|month|quarter|year|woche|monats?|quartals?|jahr(?:es)?)"
            ),
            _to_date,
        ),
        (
            (
                rf"{_W.THE}{_W.ROLLING} (?:(?P<whole>{_W.WHOLE}) )?(?P<n>{_W.NUMBER}) "
                rf"(?P<unit>{_W.UNIT})"
            ),
            _rolling,
        ),
        (
            rf"{_W.THE}{_W.ROLLING} (?P<n>{_W.NUMBER}) (?P<whole>{_W.WHOLE}) (?P<unit>{_W.UNIT})",
            _rolling,
        ),
        (rf"{_W.THE}(?:past|trailing) (?P<unit>{_W.UNIT})", _rolling),
        (rf"(?P<n>{_W.NUMBER}) (?P<unit>{_W.UNIT}) ago", _ago),
        (rf"vor (?P<n>{_W.NUMBER}) (?P<unit>{_W.UNIT})", _ago),
        (r"(?:on the|am) (?P<day>\d{1,2})(?:st|nd|rd|th|\.)(?! ?\d)", _day_of_month),
        (
            rf"(?:week|woche) (?:of|vom|from|starting|beginning|ab) (?:the )?{_DAY}{_OF_YEAR}",
            _week_of,
        ),
        (rf"(?:week|woche) (?:of|from|starting|beginning) {_MONTH_DAY}{_OF_YEAR}", _week_of),
        (
            rf"(?:woche) (?:vom|ab) {_NUMERIC}(?: ?(?P<year>{_W.YEAR}))?",
            _week_of,
        ),
        (
            (
                rf"(?:(?:the |dem |des )?(?:year|jahr(?:es)?) )?(?P<year>{_W.YEAR})"
                rf"(?!\d|[/.]\d|-(?!{_W.YEAR}(?!\d))\d)"
            ),
            _year,
        ),
    )
)
