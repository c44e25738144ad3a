"""Writes an archive: a zip of one file of JSON lines for each table, and a manifest.

    manifest.json        format, version, schema, and of each table its columns, rows and SHA-256
    tables/NAME.jsonl    a row is a list of values in the manifest's order; bytes are `["hex"]`

The same ledger makes the same bytes: rows stand in the order of their keys, and nothing says when
or where it was written.
"""

from __future__ import annotations

import hashlib
import zipfile
from typing import TYPE_CHECKING, Any, Final

import msgspec

from hive_desktop.adapters.storage.archive_tables import held_tables
from hive_desktop.adapters.storage.migrate import stored_version
from hive_desktop.ports.backups import Phase
from hive_desktop.ports.errors import ExportStoppedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hive_desktop.adapters.storage.archive_tables import HeldTable
    from hive_desktop.adapters.storage.connect import RawConnection
    from hive_desktop.ports.backups import Heard

FORMAT: Final = "hive archive"
VERSION: Final = 1
MANIFEST: Final = "manifest.json"

_ROWS_A_STEP: Final = 1_000
_FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)
_MODE: Final = 0o600 << 16
_PROFILE: Final = "SELECT name, home_currency FROM profile"


def member_of(table: str) -> str:
    """Return the name of a table's file."""
    return f"tables/{table}.jsonl"


def manifest_sum(document: dict[str, Any]) -> str:
    """Return the sum over a manifest without its own."""
    rest = {key: value for key, value in document.items() if key != "sha256"}
    return hashlib.sha256(msgspec.json.encode(rest, order="sorted")).hexdigest()


def write(raw: RawConnection, file: Path, heard: Heard) -> dict[str, int]:
    """Write what a connection in an open transaction sees; returns rows by table.

    Raises:
        ExportStoppedError: `heard` said no.
        OSError: the disk refuses.
    """
    tables = held_tables(raw)
    counter = Counter(raw, tables, heard)
    listed: dict[str, Any] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for table in tables:
            digest, rows = hashlib.sha256(), 0
            with archive.open(_member(member_of(table.name)), "w", force_zip64=True) as out:
                for some in counter.steps(table):
                    text = b"".join(map(_line, some))
                    digest.update(text)
                    out.write(text)
                    rows += len(some)
            listed[table.name] = {
                "columns": table.columns,
                "rows": rows,
                "sha256": digest.hexdigest(),
            }
        name, currency = raw.execute(_PROFILE).fetchone()
        document: dict[str, Any] = {
            "format": FORMAT,
            "version": VERSION,
            "schema": stored_version(raw),
            "profile": {"name": name, "home_currency": currency},
            "tables": listed,
        }
        document["sha256"] = manifest_sum(document)
        text = msgspec.json.format(msgspec.json.encode(document), indent=1)
        archive.writestr(_member(MANIFEST), text)
    return {name: one["rows"] for name, one in listed.items()}


class Counter:
    """Reads tables in steps, and tells how many rows of all are done."""

    def __init__(self, raw: RawConnection, tables: list[HeldTable], heard: Heard) -> None:
        self._raw = raw
        self._heard = heard
        self._done = 0
        self._total = sum(
            raw.execute(f'SELECT count(*) FROM "{one.name}"').fetchone()[0]  # noqa: S608 - names
            for one in tables
        )

    def steps(self, table: HeldTable) -> Iterator[list[tuple[Any, ...]]]:
        """Yield a table's rows some at a time; raises ExportStoppedError where that is wanted."""
        cursor = self._raw.execute(*table.select())
        while some := cursor.fetchmany(_ROWS_A_STEP):
            yield some
            self._done += len(some)
            if not self._heard(Phase.COPYING, self._done, self._total):
                raise ExportStoppedError


def _line(row: tuple[Any, ...]) -> bytes:
    values = [[one.hex()] if type(one) is bytes else one for one in row]
    return msgspec.json.encode(values) + b"\n"


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _FIRST_DAY)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = _MODE
    return info
