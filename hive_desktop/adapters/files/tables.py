"""Tables of banks and programs (CSV, TSV, whatever their names end with): guessed and read.

What the file shows decides how it is read (`tables_guess`), unless a person said it or an earlier
file of the same shape did. Each row is then held against that, and refused where it does not fit.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, islice, starmap
from typing import TYPE_CHECKING, Final, NamedTuple

from hive_desktop.adapters.files import reasons as common
from hive_desktop.adapters.files import tables_reasons as reasons
from hive_desktop.adapters.files.amounts import marks_of, proves_mark
from hive_desktop.adapters.files.dates import Dates
from hive_desktop.adapters.files.opening import refused
from hive_desktop.adapters.files.pace import Steps
from hive_desktop.adapters.files.parts import joined, refuse, remark
from hive_desktop.adapters.files.presets import preset_named, preset_of
from hive_desktop.adapters.files.tables_accounts import above
from hive_desktop.adapters.files.tables_blocks import from_blocks
from hive_desktop.adapters.files.tables_cards import CREDIT_CARD
from hive_desktop.adapters.files.tables_cells import (
    SAMPLE,
    BrokenTableError,
    Dialect,
    Record,
    dialect_of,
    normal,
    pairs,
    records,
    sample_of,
)
from hive_desktop.adapters.files.tables_guess import NoTableError, guess_records
from hive_desktop.adapters.files.tables_joined import with_parts
from hive_desktop.adapters.files.tables_places import is_row, place_of, width_of
from hive_desktop.adapters.files.tables_read import TableReader
from hive_desktop.adapters.files.tables_shapes import reshaped, shape_of
from hive_desktop.adapters.files.tables_stated import with_stated
from hive_desktop.adapters.files.tables_words import plain
from hive_desktop.adapters.files.text import decode
from hive_desktop.domain.csv_layouts import Role
from hive_desktop.domain.statements import FileKind, ReadFile
from hive_desktop.ports.errors.files import UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hive_desktop.adapters.files.tables_accounts import Above
    from hive_desktop.adapters.files.tables_cells import Pair
    from hive_desktop.adapters.files.tables_shapes import Shape
    from hive_desktop.domain.csv_layouts import CsvGuess, CsvLayout
    from hive_desktop.domain.statements import Refused, Statement

_MOST_TABLES: Final = 100
_LOOKED_AT: Final = 300
_SURE_OF_LOOSE_QUOTES: Final = 0.85


class _Table(NamedTuple):
    """What was read of one table, and what follows it: headings, records, the notes before them."""

    statements: list[Statement]
    rest: Record | None
    stream: Iterator[Pair]
    notes: list[Record]


def guess_table(data: bytes, *, today: int = 0, name: str = "") -> CsvGuess | None:
    """Return how the bytes of a table would be read, or None where they are no table.

    Args:
        data: the file's bytes.
        today: the day that the file is read on: its rows lie before; 0 where that says nothing.
        name: of the file: some are called after a credit card.

    Raises:
        UnreadableFileError: it is a table that is no statement.
    """
    decoded = decode(data)
    text = from_blocks(normal(decoded.text))
    dialect = dialect_of(text)
    if dialect is None:
        return None
    try:
        return _guess(text, dialect, decoded.encoding, today, name)
    except NoTableError as exc:
        if exc.reason:
            raise refused("", exc.reason) from exc
        return None


def read_table(
    data: bytes,
    *,
    layout: CsvLayout | None = None,
    remembered: Mapping[str, CsvLayout] | None = None,
    currency: str = "",
    today: int = 0,
    name: str = "",
) -> ReadFile:
    """Return all rows of a table, each taken or refused with its reason.

    Args:
        data: the file's bytes.
        layout: how a person says that it is to be read.
        remembered: layouts by the signature of the tables that they were right for.
        currency: ISO 4217, where the table says none; may be "".
        today: the day that the file is read on: its rows lie before; 0 where that says nothing.
        name: of the file: for errors, and because some are called after a credit card.

    Raises:
        UnreadableFileError: it is no table, or none of a statement.
    """
    decoded = decode(data, declared=layout.encoding if layout else "")
    text = from_blocks(normal(decoded.text))
    dialect = Dialect(layout.delimiter, layout.quote) if layout else dialect_of(text)
    if dialect is None:
        raise refused(name, common.NO_STATEMENT)
    remarks = list(decoded.remarks)
    try:
        confidence = 1.0
        if layout is None:
            found = _guess(text, dialect, decoded.encoding, today, name)
            guess: CsvGuess | None = found
            known = (remembered or {}).get(found.signature)
            layout = known or found.layout
            confidence = 1.0 if known else found.confidence
            dialect = Dialect(layout.delimiter, layout.quote)
            if known is not None:
                known = _of_its_kind(known, found)
                said, layout = _fitting(text, dialect, known, found.layout, currency)
                remarks.append(said)
            else:
                remarks += found.why
        else:
            remarks.append(reasons.GIVEN)
            guess = _guessed(data, today, name)
            layout = _of_its_kind(layout, guess) if guess is not None else layout
        statements = _read(text, dialect, layout, currency, remarks)
    except NoTableError as exc:
        raise refused(name, exc.reason or common.NO_STATEMENT) from exc
    except BrokenTableError as exc:
        raise refused(name, common.LINE_TOO_LONG) from exc
    if len({one.account for one in statements}) < len(statements):
        statements = joined(statements, remarks)
    return ReadFile(FileKind.CSV, statements, tuple(dict.fromkeys(remarks)), confidence, guess)


def _of_its_kind(layout: CsvLayout, guess: CsvGuess) -> CsvLayout:
    """Return a layout with the kind of account that this file is of, which none remembers."""
    return replace(layout, account_kind=guess.layout.account_kind)


def _fitting(
    text: str, dialect: Dialect, known: CsvLayout, guess: CsvLayout, currency: str
) -> tuple[str, CsvLayout]:
    """Return a remembered layout, or with its order and mark as in this file, and what is said.

    Headings such as "Date, Description, Amount" are those of many banks.
    """
    other = replace(known, date_order=guess.date_order, decimal_mark=guess.decimal_mark)
    if other != known:
        was, now = (_refused_by(text, dialect, one, currency) for one in (known, other))
        if now < was:
            return reasons.NOT_AS_REMEMBERED, other
    return reasons.REMEMBERED, known


def _refused_by(text: str, dialect: Dialect, layout: CsvLayout, currency: str) -> int:
    """Return how many of a table's first records a layout refuses."""
    head = "\n".join(text.split("\n", SAMPLE)[:SAMPLE])
    found = _read(head, dialect, layout, currency, [])
    return sum(len(one.refused) for one in found)


def _guessed(data: bytes, today: int, name: str) -> CsvGuess | None:
    """Return how a table would be read that a person may read otherwise."""
    try:
        return guess_table(data, today=today, name=name)
    except UnreadableFileError:  # a person can read what no guess can
        return None


def _guess(text: str, dialect: Dialect, encoding: str, today: int, name: str) -> CsvGuess:
    sample = sample_of(text, dialect)
    is_loose = not dialect.quote and '"' in text
    shape = _shape_of(sample)
    shaped = _shaped(sample, shape) if shape else sample

    def every() -> Iterator[Record]:
        found = records(text, dialect)
        return reshaped(found, shape) if shape else found

    found = guess_records(shaped, dialect, encoding, every, today, name)
    if shape:
        found = _with_own_headings(found, sample)
    if is_loose:
        sure = min(found.confidence, _SURE_OF_LOOSE_QUOTES)
        return replace(found, confidence=sure, why=(*found.why, reasons.LOOSE_QUOTES))
    return found


def _shape_of(sample: list[Record]) -> Shape | None:
    place = place_of(sample)
    if place is None or place.header < 0:
        return None
    headings = sample[place.header].cells
    preset = preset_of(headings)
    return shape_of(preset.reshape, headings) if preset else None


def _shaped(sample: list[Record], shape: Shape) -> list[Record]:
    place = place_of(sample)
    first = place.first if place else 0
    return [Record(1, list(shape.headings)), *reshaped(sample[first:], shape)]


def _with_own_headings(found: CsvGuess, sample: list[Record]) -> CsvGuess:
    """Keep the headings that stand in the file, by which the table is found again."""
    place = place_of(sample)
    header = place.header if place else 0
    headings = sample[header].cells
    preset = preset_of(headings)
    layout = replace(
        found.layout,
        header=header + 1,
        headings=tuple(headings),
        preset=preset.name if preset else "",
        account_kind=preset.kind if preset else "",
    )
    return replace(found, layout=layout, confidence=max(found.confidence, 0.95))


def _read(
    text: str, dialect: Dialect, layout: CsvLayout, currency: str, remarks: list[str]
) -> list[Statement]:
    """Read the table of a layout, and others that follow it in the file."""
    stream: Iterator[Pair] = pairs(text, dialect, Steps(len(text)))
    statements: list[Statement] = []
    titles: list[str] = []
    before: list[Record] = []
    main = layout
    told: Above | None = None
    for _ in range(_MOST_TABLES):
        _skip(stream, layout, before)
        earlier, told = told, above(before, told)
        if earlier is not None and told[:2] == earlier[:2]:  # of one account
            layout = replace(layout, account_kind=main.account_kind)
        read = _one_table(stream, layout, currency, remarks, before, told)
        near = [*(before if earlier is None else ()), *(read.notes if read.rest is None else ())]
        statements += with_stated(read.statements, near, layout)
        titles += [told.title] * len(read.statements)
        rest, stream, before = read.rest, read.stream, read.notes
        if rest is None:
            return _told_apart(statements, titles)
        left = [rest, *starmap(Record, islice(stream, SAMPLE))]
        remark(remarks, reasons.SEVERAL_TABLES)
        stream = chain(left, stream)
        try:
            layout = guess_records(left, dialect, layout.encoding, lambda: iter(())).layout
        except NoTableError:
            break
        layout = _as_before(layout, main, left)
    statements[-1].refused.extend(_others(stream))
    return _told_apart(statements, titles)


def _as_before(layout: CsvLayout, main: CsvLayout, left: list[Record]) -> CsvLayout:
    """Return the layout of a further table with the first one's order and mark, where these fit."""
    day_at = layout.first(Role.DATE) or 0
    cells = [one.cells[day_at] for one in left if day_at < len(one.cells)]
    own, first = Dates(layout.date_order), Dates(main.date_order)
    if sum(first[one] is not None for one in cells) >= sum(own[one] is not None for one in cells):
        layout = replace(layout, date_order=main.date_order)
    marks = {proves_mark(cell) for one in left for cell in one.cells} - {""}
    if not marks:
        layout = replace(layout, decimal_mark=main.decimal_mark)
    if layout.currency or layout.of(Role.CURRENCY):
        return layout
    return replace(layout, currency=main.currency)


def _told_apart(statements: list[Statement], titles: list[str]) -> list[Statement]:
    """Return the statements of several tables with the names that stand above them.

    Tables of one account, such as its pending and its posted rows, have no such names.
    """
    if len(set(titles)) < 2 or any(one.account.number or one.account.name for one in statements):
        return statements
    return [
        replace(one, account=replace(one.account, name=title))
        for one, title in zip(statements, titles, strict=True)
    ]


def _others(stream: Iterable[Pair]) -> list[Refused]:
    return [
        refuse(line, " ".join(cells), reasons.OTHER_TABLE)
        for line, cells in stream
        if is_row(cells)
    ]


def _skip(stream: Iterator[Pair], layout: CsvLayout, before: list[Record]) -> None:
    """Skip to the first row; what stands before it is kept."""
    if not layout.headings:
        before.extend(starmap(Record, islice(stream, max(layout.skip, layout.header))))
        return
    wanted = [plain(one) for one in layout.headings]
    for i, (line, cells) in enumerate(stream):
        if [plain(cell) for cell in cells] == wanted:
            return
        before.append(Record(line, cells))
        if i > max(layout.header, SAMPLE):
            break
    raise NoTableError(common.NO_STATEMENT)


def _one_table(
    stream: Iterator[Pair],
    layout: CsvLayout,
    currency: str,
    remarks: list[str],
    before: list[Record],
    told: Above,
) -> _Table:
    preset = preset_named(layout.preset)
    shape = shape_of(preset.reshape, layout.headings) if preset else None
    if shape:
        stream = reshaped(stream, shape)
    sample = list(islice(stream, SAMPLE))
    stream = chain(sample, stream)
    rows = [cells for _, cells in sample[:_LOOKED_AT] if is_row(cells)]
    if not layout.account_kind and told.is_card:
        layout = replace(layout, account_kind=CREDIT_CARD)
    width = width_of(len(shape.headings) if shape else len(layout.headings), rows)
    reader = TableReader(layout, currency=currency, width=width, told=told)
    reader.look_for_owner(rows)
    lost = [one for one in before if _is_lost(one, rows, has_headings=bool(layout.headings))]
    reader.refuse_before(lost, reasons.BEFORE_HEADINGS if layout.headings else reasons.OF_ACCOUNT)
    rest = reader.read(stream)
    found = [with_parts(one, layout.preset, remarks) for one in reader.statements(remarks)]
    return _Table(found, rest, stream, reader.notes)


def _is_lost(record: Record, rows: list[list[str]], *, has_headings: bool) -> bool:
    """Return whether what stands before a table looks like one of its rows."""
    if not rows:
        return False
    if has_headings:
        return len(record.cells) == len(rows[0]) and is_row(record.cells)
    has_amount = any(marks_of(one) for one in record.cells)
    return is_row(record.cells) or (has_amount and len(record.cells) == len(rows[0]))
