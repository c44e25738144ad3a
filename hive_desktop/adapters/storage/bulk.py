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
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection

T = TypeVar("T")

# Few sizes, so that the driver's cache of prepared statements stays small. Values are bound under
# the interpreter's lock, which the window waits for: 256 rows hold it for 2 ms.
_SIZES = (256, 64, 16, 4, 1)
_SLICE = 1024
_ID_BYTES = 16


@lru_cache(maxsize=64)
def _statement(table: str, columns: tuple[str, ...], rows: int) -> str:
    row = f"({', '.join('?' * len(columns))})"
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * rows)}"  # noqa: S608


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


def slices(values: Iterable[T]) -> Iterator[list[T]]:
    """Divide many values so that no step over one part holds the interpreter's lock for long.

    Writing 25,000 keys as JSON, or letting go of as many tuples, is one step of C code: the window
    would stand still for it.
    """
    rest = iter(values)
    while part := list(islice(rest, _SLICE)):
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
