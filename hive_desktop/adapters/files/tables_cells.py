"""Text becomes records of cells: which marks part the cells, and the records with their lines."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections import Counter
from itertools import chain, islice, starmap
from typing import TYPE_CHECKING, Final, NamedTuple

from hive_desktop.adapters.files.amounts import marks_of
from hive_desktop.adapters.files.dates import looks_like_date
from hive_desktop.adapters.files.tables_headings import heading_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hive_desktop.adapters.files.pace import Steps

SAMPLE: Final = 1_000
"""Records that a guess looks at."""
MOST_CELLS: Final = 500
_CHUNK: Final = 1 << 20
_HEAD: Final = 256 << 10
_LOOKED_AT: Final = 80
_MOST_LINES_IN_A_CELL: Final = 200
# ="0012": a text that a spreadsheet should not take for a number.
_FOR_A_SPREADSHEET: Final = re.compile(r'(^|[,;\t|])=("[^"\n]*")(?=[,;\t|]|$)', re.MULTILINE)
_WHOLE_LINE: Final = re.compile(r"[,;\t|]")
_LETTERS: Final = {"amp": "&", "lt": "<", "gt": ">", "apos": "'", "#39": "'", "#039": "'"}
_ENTITY: Final = re.compile(rf"&({'|'.join(_LETTERS)});")
_DELIMITERS: Final = ",;\t|^~:"


class Dialect(NamedTuple):
    """What parts the cells of a table; `quote` is "" where quotes mean nothing."""

    delimiter: str
    quote: str


class Record(NamedTuple):
    """The cells of a record and the line (from 1) on which it begins."""

    line: int
    cells: list[str]


Pair = tuple[int, list[str]]
"""A record where many are read: a plain pair is made three times as fast."""


class BrokenTableError(ValueError):
    """The text cannot be cut into records: a cell does not end."""


def normal(text: str) -> str:
    """Return text whose lines end by a line feed alone, without zeros and marks in front."""
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        text = text.replace("\0", "")
    if "\r" in text:
        text = text.replace("\r\r\n", "\n").replace("\r\n", "\n")
        text = text.replace("\r", " " if "\n" in text.strip("\n") else "\n")
    if "&" in text and ";" in text:
        text = _ENTITY.sub(lambda found: _LETTERS[found[1]], text)
    if '="' in text:
        text = _FOR_A_SPREADSHEET.sub(r"\1\2", text)
    return _unwrapped(text) if text.lstrip().startswith('"') else text


def _unwrapped(text: str) -> str:
    """Return a text of which each line as a whole stands in quotes without these."""
    begin = [one for one in text.split("\n", _LOOKED_AT)[:_LOOKED_AT] if one.strip()]
    for line in begin:
        if len(line) < 3 or line[0] != '"' or line[-1] != '"' or not _WHOLE_LINE.search(line):
            return text
        if '"' in line[1:-1].replace('""', ""):
            return text
    lines = text.split("\n")
    return "\n".join(
        one[1:-1].replace('""', '"') if one[:1] == one[-1:] == '"' else one for one in lines
    )


def records(text: str, dialect: Dialect) -> Iterator[Record]:
    """Yield all records of a normal text, empty ones too; raises as `pairs` does."""
    return starmap(Record, pairs(text, dialect))


def pairs(text: str, dialect: Dialect, steps: Steps | None = None) -> Iterator[Pair]:
    """Yield the line and the cells of all records of a normal text, piece by piece of `steps`.

    Raises:
        BrokenTableError: a cell is far too long.
    """
    reader = reader_of(text, dialect, steps)
    line, is_loose = 1, not dialect.quote
    try:
        for cells in reader:
            yield line, [_bare(cell) for cell in cells] if is_loose else cells
            line = reader.line_num + 1
    except csv.Error as exc:
        raise BrokenTableError from exc


def _bare(cell: str) -> str:
    """Return a cell without marks around it, where marks do not part cells."""
    return cell[1:-1] if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell


class _Reader:
    """The type of `csv.reader`, which has none to import."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...  # type: ignore[empty-body]

    def __next__(self) -> list[str]: ...  # type: ignore[empty-body]


def reader_of(text: str, dialect: Dialect, steps: Steps | None = None) -> _Reader:
    """Return the reader of records, which counts lines in `line_num`."""
    chunks = _chunks(text) if steps is None else steps.over_pieces(_chunks(text))
    lines = chain.from_iterable(io.StringIO(one, newline="\n") for one in chunks)
    if dialect.quote:
        made = csv.reader(
            lines, delimiter=dialect.delimiter, quotechar=dialect.quote, skipinitialspace=True
        )
    else:
        made = csv.reader(
            lines, delimiter=dialect.delimiter, quoting=csv.QUOTE_NONE, skipinitialspace=True
        )
    return made  # type: ignore[return-value]


def _chunks(text: str) -> Iterator[str]:
    """Yield a text in pieces that end with lines, because `StringIO` takes four bytes a letter."""
    at = 0
    while at < len(text):
        end = text.rfind("\n", at, at + _CHUNK) + 1 if len(text) - at > _CHUNK else len(text)
        if end <= at:
            end = text.find("\n", at) + 1 or len(text)
        yield text[at:end]
        at = end


def sample_of(text: str, dialect: Dialect, most: int = SAMPLE) -> list[Record]:
    """Return the first records; fewer where a cell does not end."""
    found: list[Record] = []
    with contextlib.suppress(BrokenTableError):
        found.extend(islice(records(text, dialect), most))
    return found


def dialect_of(text: str) -> Dialect | None:
    """Return what parts the cells of a normal text, or None where nothing makes a table."""
    head = text[:_HEAD]
    if len(text) > _HEAD and "\n" in head:
        head = head[: head.rfind("\n") + 1]
    if head[:4].lower() == "sep=" and len(head) > 4 and head[4] not in "\n ":
        return Dialect(head[4], _quote_of(head, head[4]))
    best: tuple[float, Dialect] | None = None
    for delimiter in _DELIMITERS:
        if delimiter not in head:
            continue
        dialect = Dialect(delimiter, _quote_of(head, delimiter))
        score = _score(sample_of(head, dialect, 400))
        if score > 0 and (best is None or score > best[0]):
            best = score, dialect
    if best is None:
        return None
    dialect = best[1]
    if dialect.quote and text.count(dialect.quote) % 2 and _loses_rows(text, dialect):
        return dialect._replace(quote="")
    return dialect


def _loses_rows(text: str, dialect: Dialect) -> bool:
    try:
        return swallows(records(text, dialect), dialect.delimiter)
    except BrokenTableError:
        return True


def _quote_of(head: str, delimiter: str) -> str:
    """Return the character around cells: the double quote, unless only the single one is."""
    around = [
        sum(head.count(mark) for mark in (f"{delimiter}{quote}", f"{quote}{delimiter}"))
        for quote in "\"'"
    ]
    quote = "'" if around[1] > 3 and not around[0] and "'," in head else '"'
    if quote in head and swallows(sample_of(head, Dialect(delimiter, quote), 400), delimiter):
        return ""
    return quote


def swallows(found: Iterable[Record], delimiter: str) -> bool:
    """Return whether a cell has rows in it, because its quotation mark is not closed."""
    for one in found:
        for cell in one.cells:
            if "\n" not in cell:
                continue
            lines = cell.split("\n", _MOST_LINES_IN_A_CELL)[1:]
            if len(lines) == _MOST_LINES_IN_A_CELL or any(
                _has_row(line.split(delimiter)) for line in lines
            ):
                return True
    return False


def _has_row(cells: list[str]) -> bool:
    short = cells[:60]
    dated = sum(looks_like_date(cell.strip('" ')) for cell in short)
    return dated > 0 and any(
        marks_of(cell.strip('" ')) != "" and not looks_like_date(cell.strip('" ')) for cell in short
    )


def _score(found: list[Record]) -> float:
    """Return how much a table this is: rows with a day and an amount, of equal width."""
    wide = [one.cells for one in found if len(one.cells) > 1]
    if not wide:
        return 0
    widths = Counter(len(cells) for cells in wide)
    width, times = widths.most_common(1)[0]
    step = max(1, len(wide) // _LOOKED_AT)
    typed = headings = 0
    looked = 0
    for cells in wide[::step]:
        looked += 1
        short = cells[:60]
        if any(looks_like_date(cell) for cell in short):
            typed += any(marks_of(cell) != "" for cell in short if not looks_like_date(cell))
        elif headings < 8:
            headings = max(headings, sum(heading_of(cell).is_known for cell in short))
    return (
        typed / looked * 100 + headings * 6 + times / len(found) * 10 + min(width, 30) / 10
        if typed or headings >= 2
        else times / len(found)
    )
