"""Many rows in few steps.

The driver gives the interpreter's lock back around every step of a statement. Beside a busy
thread (a page being decoded) each return waits for a time slice: two thousand single inserts took
8.5 s so, where the same rows in one statement take a hundredth. Hence rows go in by the hundred
per statement, and keys travel as one JSON array.
"""

from __future__ import annotations

import json
from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

T = TypeVar("T")

# Few sizes, so that the driver's cache of prepared statements stays small. Values are bound under
# the interpreter's lock, which the window waits for: 256 rows hold it for 2 ms.
_SIZES = (256, 64, 16, 4, 1)
_SHARING_SIZES = (512, *_SIZES)  # half of the values are bound once
_SLICE = 1024
_ID_BYTES = 16


Filled: TypeAlias = tuple[str, tuple[Any, ...]]
"""A statement and its values."""


@lru_cache(maxsize=64)
def _statement(table: str, columns: tuple[str, ...], rows: int) -> str:
    row = f"({', '.join('?' * len(columns))})"
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * rows)}"  # noqa: S608


@lru_cache(maxsize=64)
def _sharing(table: str, shared: tuple[str, ...], columns: tuple[str, ...], rows: int) -> str:
    """Return a statement whose first values are of all rows, the others of one after another."""
    common = [f"?{number}" for number in range(1, len(shared) + 1)]
    lines = []
    for first in range(len(shared) + 1, len(shared) + rows * len(columns) + 1, len(columns)):
        own = [f"?{number}" for number in range(first, first + len(columns))]
        lines.append(f"({', '.join([*common, *own])})")
    return f"INSERT INTO {table} ({', '.join([*shared, *columns])}) VALUES {', '.join(lines)}"  # noqa: S608


def insert_rows(
    connection: Connection, table: str, columns: tuple[str, ...], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Insert rows of values in the order of `columns`.

    Table and columns are names from this package's own schema, never from outside.
    """
    start = 0
    for size in _SIZES:
        while len(rows) - start >= size:
            values = tuple(chain.from_iterable(rows[start : start + size]))
            connection.exec_driver_sql(_statement(table, columns, size), values)
            start += size


def inserts(table: str, columns: Mapping[str, Sequence[Any]]) -> list[Filled]:
    """Return what inserts rows that are given by columns of equal length, at least one row long.

    A value that all rows share is bound once, and a column in which none has anything is left out:
    to bind a value costs as much as half of storing it.

    Table and columns are names from this package's own schema, never from outside.
    """
    shared = {
        name: values[0]
        for name, values in columns.items()
        if values[0] == values[-1] and values.count(values[0]) == len(values)
    }
    own = tuple(name for name in columns if name not in shared)
    common = {name: value for name, value in shared.items() if value is not None}
    rows = list(zip(*(columns[name] for name in own), strict=True))
    if not own:  # one row, or rows that are all the same
        own, rows = tuple(common), [tuple(common.values())] * len(next(iter(columns.values())))
        common = {}
    found: list[Filled] = []
    start = 0
    for size in _SHARING_SIZES:
        while len(rows) - start >= size:
            values = (*common.values(), *chain.from_iterable(rows[start : start + size]))
            found.append((_sharing(table, tuple(common), own, size), values))
            start += size
    return found


def slices(values: Iterable[T], size: int = _SLICE) -> Iterator[list[T]]:
    """Divide many values so that no step over one part holds the interpreter's lock for long.

    Writing 25,000 keys as JSON, or letting go of as many tuples, is one step of C code: the window
    would stand still for it.
    """
    rest = iter(values)
    while part := list(islice(rest, size)):
        yield part


def json_ids(ids: Iterable[bytes]) -> str:
    """Return ids as a JSON array of hexadecimal text, for `unhex(value)` over `json_each(?)`."""
    return json.dumps([one.hex() for one in ids])


def unpack_ids(packed: bytes) -> list[bytes]:
    """Return ids that were stored one after the other as one blob."""
    return [packed[at : at + _ID_BYTES] for at in range(0, len(packed), _ID_BYTES)]


def json_keys(keys: Iterable[int | str]) -> str:
    """Return keys as a JSON array, for `json_each(?)`."""
    return json.dumps(list(keys))
