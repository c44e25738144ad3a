"""Holds each figure of a reply against the receipts that its paragraph cites.

A reference (`[[r3.total]]`) is computed and written by the program. A figure that the model wrote
itself counts only where it equals, or rounds, a cell of a receipt that its paragraph cites; what
does not is marked. Code is read as any text: nobody can hide a figure there.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from hive_desktop.domain import plain_reading, references, surroundings
from hive_desktop.domain.cited_receipts import Sources, digits_of
from hive_desktop.domain.figures import FigureError, written
from hive_desktop.domain.links import parted, without_links
from hive_desktop.domain.matching_figures import Fitting
from hive_desktop.domain.pieces import BROKEN_MARK, Checked, Piece, Standing
from hive_desktop.domain.receipts import CellKind
from hive_desktop.domain.written_dates import dates_in
from hive_desktop.domain.written_figures import COUNTED, CURRENCY_MARK, Unit, figures_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from hive_desktop.domain.cited_receipts import Source
    from hive_desktop.domain.figures import Figure, FigureFormat
    from hive_desktop.domain.receipts import Receipt
    from hive_desktop.domain.written_dates import WrittenDate
    from hive_desktop.domain.written_figures import Written


class _Placed(NamedTuple):
    start: int
    end: int
    piece: Piece


_FENCE: Final = re.compile(r" {0,3}(`{3,}|~{3,})")
_COUNTED_BEFORE: Final = re.compile(
    r"(?:top|last|past|latest|first|next|previous|newest|oldest|largest|biggest|smallest|every"
    r"|letzten?|ersten?|nächsten|größten|kleinsten|neuesten|vergangenen|vorigen|wichtigsten)"
    r"[ \u00a0-]$",
    re.IGNORECASE,
)
_COUNTED_AFTER: Final = re.compile(
    r"[ \u00a0-](?:largest|biggest|smallest|latest|newest|oldest|most|top|highest|lowest"
    r"|größten?|kleinsten?|neuesten?|teuersten?|höchsten|letzten|wichtigsten)(?!\w)",
    re.IGNORECASE,
)
_COUNTED_LINES: Final = {
    kind: re.compile(rf"[ \u00a0-](?:[^\W\d]+[ \u00a0-]){{0,2}}?(?:{nouns})(?!\w)", re.IGNORECASE)
    for kind, nouns in {
        "account": "accounts?|cards?|konten|karten",
        "merchant": "merchants?|shops?|stores?|händlern?|läden",
        "category": "categories|groups?|kategorien|gruppen",
        "recurring": "subscriptions?|bills?|abos?|rechnungen",
        "week": "weeks?|wochen",
        "month": "months?|monaten?",
        "year": "years?|jahren?",
    }.items()
}
# What the lines of a tool are where no argument says it.
_LINES_OF: Final = {
    "balances": "account",
    "net_worth": "account",
    "top_merchants": "merchant",
    "recurring": "recurring",
}
_DAYS_AFTER: Final = re.compile(r"[ \u00a0-](?:days?|tagen?)(?!\w)", re.IGNORECASE)
# How the last digits of an account's or a card's number are told. Stars that end again are
# emphasis, and what counts or costs is no number of a card.
_MASKED: Final = (
    r"(?:(?:[·….•#(]+|(?<!\*)(?P<stars>\*+)(?![^*\n]*(?<!\*)(?P=stars)(?!\*))) ?"
    r"|ending (?:in|with) |endend auf |endet auf |(?<=card )|(?<=account ))"
    r"DIGITS(?!\w|[.,][0-9]|[ \u00a0-]?"
    rf"(?:{CURRENCY_MARK}|%|percent(?!\w)|prozent(?!\w)|(?:{COUNTED})(?!\w)))"
)
_MARK_BEFORE: Final = re.compile(rf"(?:{CURRENCY_MARK})[ \u00a0]?$", re.IGNORECASE)
_MARK_AFTER: Final = re.compile(rf"[ \u00a0]?(?:{CURRENCY_MARK})", re.IGNORECASE)
_PERCENT_AFTER: Final = re.compile(r"[ \u00a0]?(?:%|percent(?!\w)|prozent(?!\w))", re.IGNORECASE)


def checked(
    text: str,
    receipts: Mapping[str, Receipt],
    words: FigureFormat,
    *,
    today: date | None = None,
    sources: Sources | None = None,
    cited: Collection[str] | None = None,
) -> Checked:
    """Return a reply in pieces, each figure held against what its paragraph cites.

    Args:
        text: Markdown as the model wrote it; links are taken out of it.
        receipts: of the session, by their ids.
        words: writes figures in the person's language.
        today: a day that may be named without a receipt.
        sources: keeps what was read of the receipts, for the next text that cites them, and has
            the addresses that stay.
        cited: the receipts that the beginning of a paragraph cites whose rest this text is.
    """
    sources = sources or Sources()
    text = without_links(text, sources.addresses)
    known = _Known(receipts, sources, words, today)
    spans = paragraphs(text) if cited is None else [(0, len(text))]
    parts = [_Paragraph(text[start:end], known, cited or ()) for start, end in spans]
    named = {key: one for part in parts for key, one in part.cited.items()}
    pieces = (piece for part in parts for piece in part.pieces(named))
    return Checked(tuple(one for piece in pieces for one in _with_links(piece, sources.addresses)))


def _with_links(piece: Piece, asked: Sequence[str]) -> Iterator[Piece]:
    """Yield a piece, or its words and the addresses among them."""
    if not asked or piece.standing is not Standing.TEXT:
        yield piece
        return
    for number, text in enumerate(parted(piece.text, asked)):
        if text:
            yield Piece(text, Standing.LINK if number % 2 else Standing.TEXT)


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Return the spans of a text's paragraphs with what parts them; a fence is one of them."""
    start = place = 0
    fence = ""
    is_blank = False
    for line in text.splitlines(keepends=True):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence):
                fence = ""
        elif mark:
            fence = mark[1]
        if is_blank and line.strip():
            yield start, place
            start, is_blank = place, False
        is_blank = not fence and not line.strip()
        place += len(line)
    if start < len(text):
        yield start, len(text)


class _Known(NamedTuple):
    receipts: Mapping[str, Receipt]
    sources: Sources
    words: FigureFormat
    today: date | None


class _Paragraph:
    def __init__(self, text: str, known: _Known, cited_before: Collection[str]) -> None:
        self._text = text
        self._words = known.words
        self._today = known.today
        self._placed: list[_Placed] = []
        receipts = known.receipts
        cited = {key: receipts[key] for key in cited_before if key in receipts}
        self._asked: Mapping[str, Receipt] = cited
        self._computed: list[Figure] = []
        for found in references.found_in(text):
            one = self._reference(found, receipts)
            self._placed.append(one)
            cited |= {key: receipts[key] for key in one.piece.receipts}
            if one.piece.figure is not None:
                self._computed.append(one.piece.figure)
        self.cited = cited
        self._sources: list[Source] = [known.sources.of(receipts, key) for key in cited]

    def pieces(self, asked: Mapping[str, Receipt]) -> Iterator[Piece]:
        """Return the paragraph in pieces; `asked` are the receipts of the whole reply."""
        self._asked = asked
        placed = sorted([*self._placed, *self._bare()])
        at = 0
        for start, end, piece in placed:
            if at < start:
                yield Piece(self._text[at:start])
            yield piece
            at = end
        if at < len(self._text):
            yield Piece(self._text[at:])

    def _reference(self, found: references.Found, receipts: Mapping[str, Receipt]) -> _Placed:
        start, end = found.start, found.end
        try:
            figure, names = references.cited(found.inner, receipts)
            if figure is None:
                return _Placed(start, end, Piece("", Standing.CITATION, None, names))
            start, end = self._with_mark(figure, start, end)
            self._require_apart(figure, found, start, end)
        except FigureError as error:
            broken = Piece(BROKEN_MARK, Standing.BROKEN, reason=f"[[{found.inner}]]: {error}")
            return _Placed(start, end, broken)
        shown = written(figure, self._words)
        return _Placed(start, end, Piece(shown, Standing.FIGURE, figure, names))

    def _with_mark(self, figure: Figure, start: int, end: int) -> tuple[int, int]:
        """Take in the sign that a model put beside a figure which brings its own."""
        before, after = self._text[max(0, start - 8) : start], self._text[end : end + 12]
        if figure.kind is CellKind.MONEY:
            ahead, behind = _MARK_BEFORE.search(before), _MARK_AFTER.match(after)
            start -= len(ahead[0]) if ahead else 0
            end += len(behind[0]) if behind else 0
        elif figure.kind is CellKind.SHARE:
            behind = _PERCENT_AFTER.match(after)
            end += len(behind[0]) if behind else 0
        return start, end

    def _require_apart(self, figure: Figure, found: references.Found, start: int, end: int) -> None:
        shown = written(figure, self._words)
        before = self._text[max(0, start - surroundings.REACH) : start]
        after = self._text[end : end + surroundings.REACH]
        fault = surroundings.fault_of(before, after, figure.kind, shown)
        if not fault and self._is_beside_another(figure, found.start, shown):
            fault = "another figure stands directly before it"
        if fault:
            raise FigureError(fault)

    def _is_beside_another(self, figure: Figure, start: int, shown: str) -> bool:
        """Tell whether the figure before this one and this one read as one number."""
        between = ""
        for one in reversed(self._placed):
            between = self._text[one.end : start] + between
            start = one.start
            if one.piece.standing is Standing.CITATION:
                continue
            other = one.piece.figure
            if other is None or (CellKind.TEXT is other.kind is figure.kind):
                return False
            seen = plain_reading.read(between).text
            is_parted = CellKind.TEXT in (other.kind, figure.kind) or not shown[:1].isdigit()
            return not seen if is_parted else not seen.strip(" \u00a0")
        return False

    def _bare(self) -> Iterator[_Placed]:
        reading = plain_reading.read(self._masked())
        dates = _by_place(dates_in(reading.text))
        taken = bytearray(len(reading.text))
        for (start, end), days in dates.items():
            fault = self._date_fault(days)
            if fault and not days[0].is_sure:
                continue  # it may be a number as well
            taken[start:end] = b"\1" * (end - start)
            if fault:
                yield self._marked(reading, start, end, fault)
        for one in figures_in(reading.text):
            if any(taken[one.start : one.end]):
                continue
            taken[one.start : one.end] = b"\1" * (one.end - one.start)
            placed = self._figure(reading, one)
            if placed is not None:
                yield placed

    def _figure(self, reading: plain_reading.Reading, one: Written) -> _Placed | None:
        found = (known.of(one) for known in self._figures)
        figure = next((figure for figure in found if figure is not None), None)
        if figure is not None:
            start, end = _span(reading, one.start, one.end)
            shown = Piece(self._text[start:end], Standing.SUPPORTED, figure)
            return _Placed(start, end, shown)
        if self._is_of_the_question(reading.text, one):
            return None
        return self._marked(reading, one.start, one.end, self._fault())

    def _fault(self) -> str:
        if not self.cited:
            return "its paragraph cites no receipt"
        return f"no cell of {', '.join(self.cited)} has it"

    def _marked(self, reading: plain_reading.Reading, start: int, end: int, fault: str) -> _Placed:
        first, last = _span(reading, start, end)
        shown = self._text[first:last]
        return _Placed(
            first, last, Piece(shown, Standing.UNVERIFIED, reason=f"{shown.strip()}: {fault}")
        )

    @cached_property
    def _figures(self) -> tuple[Fitting, ...]:
        return (Fitting(self._computed), *(one.figures for one in self._sources))

    def _is_of_the_question(self, text: str, one: Written) -> bool:
        """Tell whether a number only says how much was looked at: `top 5`, `3 accounts`."""
        if one.unit not in (Unit.COUNT, Unit.NUMBER):
            return False
        known: set[int] = set()
        before = text[max(0, one.start - 16) : one.start]
        if _COUNTED_BEFORE.search(before) or _COUNTED_AFTER.match(text, one.end):
            for receipt in self._asked.values():
                known |= _of_arguments(receipt)
        for receipt in self.cited.values():
            known |= _lines_of(receipt, text, one.end)
            query = receipt.query
            if query and query.start and query.end and _DAYS_AFTER.match(text, one.end):
                known.add((query.end - query.start).days + 1)
        return any(reading.value in known for reading in one.readings if reading.value)

    def _date_fault(self, dates: list[WrittenDate]) -> str:
        if not self.cited and not any(one.is_day for one in dates):
            return ""
        for one in dates:
            is_today = self._today is not None and one.is_day and one.fits(self._today)
            if not is_today and not any(one.fits(day) for day in self._days):
                return self._fault()
        return ""

    @cached_property
    def _days(self) -> tuple[date, ...]:
        computed = (one.value for one in self._computed if not isinstance(one.value, int | str))
        known = (day for source in self._sources for day in source.days)
        return tuple(dict.fromkeys((*computed, *known)))

    def _masked(self) -> str:
        """Return the paragraph, as long as it is, with references and names as what they are."""
        parts: list[str] = []
        at = 0
        for start, end, piece in self._placed:
            mark = " " if piece.standing is Standing.CITATION else "\ufffc"
            first = max(start, at)  # two may have taken the same sign beside them
            parts += (self._text[at:first], mark, "\u200b" * (end - first - 1))
            at = end
        text = "".join((*parts, self._text[at:]))
        lowered = text.lower()
        names = {name for source in self._sources for name in source.names_in(lowered)}
        for name in sorted(names, key=len, reverse=True):
            pattern = rf"(?<!\w){re.escape(name)}(?!\w)"
            text = re.sub(pattern, _crossed, text, flags=re.IGNORECASE)
        for digits in {digits for name in names if (digits := digits_of(name))}:
            text = re.sub(_MASKED.replace("DIGITS", digits), _crossed, text, flags=re.IGNORECASE)
        return text


def _of_arguments(receipt: Receipt) -> set[int]:
    """Return the numbers that a tool was called with, and how many lines came of it."""
    known = {len(receipt.rows)}
    for value in receipt.arguments.values():
        if isinstance(value, int):
            known.add(value)
        elif isinstance(value, str):
            known |= {int(digits) for digits in re.findall(r"[0-9]{1,6}", value)}
    return known


def _lines_of(receipt: Receipt, text: str, end: int) -> set[int]:
    """Return how many lines or steps a receipt has of what the noun at a place says."""
    given = receipt.arguments
    kind = str(given.get("group_by") or "")
    if kind not in _COUNTED_LINES:
        kind = _LINES_OF.get(receipt.tool, "")
    known: set[int] = set()
    if kind and _COUNTED_LINES[kind].match(text, end):
        known.add(len(receipt.rows))
    steps = _COUNTED_LINES.get(str(given.get("by") or "month"))
    if receipt.series and steps is not None and steps.match(text, end):
        known.add(len(receipt.series.places))
    return known


def _crossed(found: re.Match[str]) -> str:
    return "x" * len(found[0])


def _by_place(dates: Iterable[WrittenDate]) -> dict[tuple[int, int], list[WrittenDate]]:
    found: dict[tuple[int, int], list[WrittenDate]] = {}
    for one in dates:
        found.setdefault((one.start, one.end), []).append(one)
    return found


def _span(reading: plain_reading.Reading, start: int, end: int) -> tuple[int, int]:
    return reading.places[start], reading.places[end - 1] + 1
