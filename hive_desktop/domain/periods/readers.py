"""Reads periods out of lower-case text: since, before, from A to B, and the single ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.domain.days import Span
from hive_desktop.domain.periods import words
from hive_desktop.domain.periods.atoms import ATOMS
from hive_desktop.domain.periods.parts import Atom, Unreadable, match, pattern, unit_of
from hive_desktop.i18n import mark

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from hive_desktop.domain.periods.parts import Asked

FUTURE = mark("“{text}” has not begun yet.")
_BACKWARDS = mark("“{text}” ends before it begins.")

_Parsed = tuple[Span, int]


def read_at(text: str, place: int, asked: Asked) -> _Parsed | None:
    """Return the longest period that begins at a place, and where it ends."""
    found = [parsed for read in _READERS if (parsed := read(text, place, asked)) is not None]
    return max(found, key=lambda one: one[1], default=None)


def _plain(text: str, place: int, asked: Asked) -> _Parsed | None:
    """Read one period, perhaps behind a preposition."""
    lead = match(rf"(?:{words.IN})?{words.THE}", text, place)
    best = None
    for start in {place, lead.end() if lead else place}:
        found = _atom(text, start, asked)
        if found is not None and (best is None or found[1] > best[1]):
            best = found
    if best is None:
        return None
    atom, end = best
    ending = match(r"['\u2019]s(?!\w)", text, end)
    return atom.settled(asked), ending.end() if ending else end


def _atom(text: str, place: int, asked: Asked) -> tuple[Atom, int] | None:
    best: tuple[Atom, int] | None = None
    for compiled, make in ATOMS:
        found = compiled.match(text, place)
        if found is not None and (best is None or found.end() > best[1]):
            best = make(found, asked), found.end()
    return best


def read_edge(text: str, place: int, asked: Asked) -> _Parsed | None:
    """Read `the beginning of X` or `the end of X`, as one day."""
    for lead, is_end in ((words.FIRST_OF, False), (words.LAST_OF, True)):
        begun = match(rf"(?:{words.IN})?(?:{lead}) {words.THE}", text, place)
        if begun is None:
            continue
        found = _atom(text, begun.end(), asked)
        if found is None:
            bare = match(rf"(?P<unit>{words.UNIT})", text, begun.end())
            if bare is None:
                continue
            span, end = (
                unit_of(words.UNITS[bare["unit"]], asked.today, asked.week_start),
                bare.end(),
            )
        else:
            span, end = found[0].settled(asked), found[1]
        day = span.end if is_end else span.start
        return Span(day, day), end
    return None


def _bound(text: str, place: int, asked: Asked) -> _Parsed | None:
    """Read what stands behind since, before or until."""
    edge = read_edge(text, place, asked)
    if edge is not None:
        return edge
    lead = match(rf"(?:(?:im|am|on|in) )?{words.THE}", text, place)
    found = _atom(text, lead.end() if lead else place, asked) or _atom(text, place, asked)
    return None if found is None else (found[0].settled(asked), found[1])


def _since(text: str, place: int, asked: Asked) -> _Parsed | None:
    lead = match(rf"{words.SINCE} ", text, place)
    needs_end = lead is None
    lead = lead or match(rf"{words.FROM} ", text, place)
    if lead is None:
        return None
    rolling = match(
        rf"(?:about |etwa )?(?P<n>{words.NUMBER}) (?P<unit>{words.UNIT})(?!\w)", text, lead.end()
    )
    bound = _bound(text, lead.end(), asked)
    if rolling is not None and not needs_end and (bound is None or bound[1] <= rolling.end()):
        ago = match(r" ago", text, rolling.end())
        if ago is None:
            return asked.rolling(rolling["n"], rolling["unit"]), rolling.end()
    if bound is None:
        return None
    on = match(rf",? {words.ONWARDS}", text, bound[1])
    if on is None and needs_end:
        return None
    if bound[0].start > asked.today:
        raise Unreadable(FUTURE)
    return Span(bound[0].start, asked.today), on.end() if on else bound[1]


def _after(text: str, place: int, asked: Asked) -> _Parsed | None:
    lead = match(rf"{words.AFTER} ", text, place)
    bound = None if lead is None else _bound(text, lead.end(), asked)
    if bound is None:
        return None
    if bound[0].end >= asked.today:
        raise Unreadable(FUTURE)
    return Span(asked.after(bound[0].end), asked.today), bound[1]


def _before(text: str, place: int, asked: Asked) -> _Parsed | None:
    lead = match(rf"{words.BEFORE} ", text, place)
    bound = None if lead is None else _bound(text, lead.end(), asked)
    return None if bound is None else (asked.up_to(asked.before(bound[0].start)), bound[1])


def _until(text: str, place: int, asked: Asked) -> _Parsed | None:
    lead = match(rf"{words.UNTIL} ", text, place)
    bound = None if lead is None else _bound(text, lead.end(), asked)
    return None if bound is None else (asked.up_to(bound[0].end), bound[1])


def _between(text: str, place: int, asked: Asked) -> _Parsed | None:
    """Read `from A to B`, `between A and B` and `A..B`."""
    lead = match(r"(?:between|zwischen) (?:(?:dem|the) )?", text, place)
    is_between = lead is not None
    joint = r" (?:and|und) (?:(?:dem|the) )?" if is_between else words.TO
    if not is_between:
        lead = match(rf"(?:{words.FROM} |ab )?{words.THE}", text, place)
    start = place if lead is None else lead.end()
    first = _edge_atom(text, start, asked)
    to = None if first is None else match(joint, text, first[1])
    if first is None or to is None:
        return None
    if not asked.is_joined and to[0].strip() == "to" and not match(words.FROM, text, place):
        return None
    the = match(words.THE, text, to.end())
    second = _edge_atom(text, the.end() if the else to.end(), asked)
    if second is None:
        return None
    return _joined(first[0], second[0], asked), second[1]


def _edge_atom(text: str, place: int, asked: Asked) -> tuple[Atom, int] | None:
    edge = read_edge(text, place, asked)
    return _atom(text, place, asked) if edge is None else (Atom(edge[0]), edge[1])


def _joined(first: Atom, second: Atom, asked: Asked) -> Span:
    """Return the days from one period to the end of another, each without its year if need be."""
    if first.span is None and second.span is not None:
        start = first.last_before(second.span.end)
        return _span(start.start, second.span.end)
    start = first.settled(asked)
    end = second.span if second.span is not None else second.first_from(start.start)
    is_across = second.span is None and end.start.year > start.start.year
    if first.span is None and is_across and end.start > asked.today:
        start = first.last_before(asked.before(start.start))
        end = second.first_from(start.start)
    return _span(start.start, end.end)


def _span(start: date, end: date) -> Span:
    if end < start:
        raise Unreadable(_BACKWARDS)
    return Span(start, end)


_DAY = rf"(?P<first>\d{{1,2}}){words.SUFFIX}"
_OTHER_DAY = rf"(?P<second>\d{{1,2}}){words.SUFFIX}"
_YEAR = rf"(?:,? (?:of )?(?P<year>{words.YEAR_REF}))?"
_FROM = rf"(?:(?:{words.IN}|{words.FROM} |between |zwischen )?{words.THE})"
_TWO = rf"(?:{words.TO}| (?:and|und) )(?:the |dem |zum )?"
_DAYS_OF_MONTH = tuple(
    pattern(text)
    for text in (
        rf"{_FROM}{_DAY}{_TWO}{_OTHER_DAY} (?:of )?(?P<month>{words.MONTH}){_YEAR}",
        rf"{_FROM}(?P<month>{words.MONTH}) {_DAY}{_TWO}{_OTHER_DAY}(?!\d| ?{words.MONTH}){_YEAR}",
        (
            rf"{_FROM}(?P<first>\d{{1,2}})\.{_TWO}(?P<second>\d{{1,2}})\. ?(?P<number>\d{{1,2}})\."
            rf"(?: ?(?P<year>{words.YEAR}))?"
        ),
    )
)


def _days_of_month(text: str, place: int, asked: Asked) -> _Parsed | None:
    """Read `1 to 15 October 2026` and `October 1-15`."""
    for compiled in _DAYS_OF_MONTH:
        found = compiled.match(text, place)
        if found is None:
            continue
        told = found.groupdict()
        month = int(told.get("number") or 0) or words.MONTHS[told["month"].rstrip(".")]
        ends = [Atom(None, month, day=int(told[name])) for name in ("first", "second")]
        if told["year"]:
            ends = [Atom(one.in_year(asked.year_of(told["year"]))) for one in ends]
        return _joined(ends[0], ends[1], asked), found.end()
    return None


def _all_time(text: str, place: int, asked: Asked) -> _Parsed | None:
    found = match(rf"(?:{words.IN})?{words.ALL_TIME}(?!\w)", text, place)
    return None if found is None else (asked.up_to(asked.today), found.end())


_READERS: tuple[Callable[[str, int, Asked], _Parsed | None], ...] = (
    _plain,
    _since,
    _after,
    _before,
    _until,
    _between,
    _days_of_month,
    _all_time,
)
