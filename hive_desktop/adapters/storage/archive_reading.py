"""Reads an archive into a ledger that nobody has opened yet: all of it, or nothing that stays.

An archive may come from anywhere. It is read a bounded line at a time, its sums and counts must
agree, and what it must not bring is taken out again whoever wrote it.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import zipfile
import zlib
from typing import TYPE_CHECKING, Any, Final

import msgspec
import sqlcipher3.dbapi2 as sqlcipher  # type: ignore[import-untyped]

from hive_desktop.adapters.storage import archive_tables, names
from hive_desktop.adapters.storage.archive_writing import (
    FORMAT,
    MANIFEST,
    VERSION,
    manifest_sum,
    member_of,
)
from hive_desktop.adapters.storage.connect import Role, connect
from hive_desktop.adapters.storage.faults import fault_of, reason_of
from hive_desktop.i18n import mark
from hive_desktop.ports.backups import Phase
from hive_desktop.ports.errors import (
    ArchiveDamagedError,
    ArchiveTooNewError,
    ArchiveUnreadableError,
    ExportStoppedError,
    VaultUnwritableError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from typing import IO

    from hive_desktop.adapters.storage.archive_tables import HeldTable
    from hive_desktop.adapters.storage.connect import RawConnection
    from hive_desktop.ports.backups import Heard

FIRST_SCHEMA: Final = "0006"
"""Of the first Hive that wrote archives."""

_MOST_MANIFEST: Final = 1 << 20
_MOST_MEMBERS: Final = 200
_MOST_LINE: Final = 64 << 20
_MOST_BYTES: Final = 64 << 30
# Ledgers of equal rows shrink to a fiftieth; what says more of itself is made to fill a disk.
_MOST_RATIO: Final = 400
_SMALL: Final = 16 << 20
_ROWS_A_STEP: Final = 1_000
_BYTES_A_STEP: Final = 16 << 20
_KEEP_INDEXES: Final = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql NOTNULL"
_IN_STEPS: Final = msgspec.json.Decoder(list[str | int | float | list[str] | None])


class _Listed(msgspec.Struct):
    columns: list[str]
    rows: int
    sha256: str


class _Profile(msgspec.Struct):
    name: str | None
    home_currency: str | None


class Manifest(msgspec.Struct):
    """What an archive says of itself."""

    format: str
    version: int
    schema: str
    profile: _Profile
    tables: dict[str, _Listed]
    sha256: str

    @property
    def rows(self) -> dict[str, int]:
        """Return how many rows there are by table."""
        return {name: one.rows for name, one in self.tables.items()}


class Archive:
    """An archive that is open for reading.

    Raises:
        ArchiveUnreadableError: no archive, or the disk does not give it.
        ArchiveDamagedError: not what was written.
        ArchiveTooNewError: a newer Hive's.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        with self.faults():
            try:
                self._zip = zipfile.ZipFile(file)
            except zipfile.BadZipFile as exc:
                raise self._unreadable(mark("it is no archive of Hive's, or is cut short")) from exc
        try:
            with self.faults():
                self.manifest = self._look()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()

    @contextlib.contextmanager
    def faults(self) -> Iterator[None]:
        """Raise errors about the archive for whatever is found inside."""
        try:
            yield
        except OSError as exc:
            raise ArchiveUnreadableError(file=self.file, reason=reason_of(exc)) from exc
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            RuntimeError,
            LookupError,
            ValueError,
            OverflowError,
            msgspec.MsgspecError,
        ) as exc:
            raise self.damaged() from exc

    def damaged(self) -> ArchiveDamagedError:
        """Return the error of an archive that is not what was written."""
        return ArchiveDamagedError(file=self.file.name)

    def fill(self, raw: RawConnection, heard: Heard) -> None:
        """Put every table into an empty ledger of the archive's schema, within a transaction."""
        tables = {one.name: one for one in archive_tables.held_tables(raw)}
        if set(tables) != set(self.manifest.tables):
            raise self.damaged()
        total, done = sum(self.manifest.rows.values()), 0
        for name, table in tables.items():
            statement = table.insert()
            for some in self._steps(name, table):
                _many(raw, statement, some)
                done += len(some)
                if not heard(Phase.COPYING, done, total):
                    raise ExportStoppedError
        archive_tables.scrub(raw)

    def _look(self) -> Manifest:
        members = self._zip.infolist()
        known = {one.filename for one in members}
        if MANIFEST not in known:
            raise self._unreadable(mark("it is no archive of Hive's, or is cut short"))
        with self._zip.open(MANIFEST) as file:
            text = file.read(_MOST_MANIFEST + 1)
        if len(text) > _MOST_MANIFEST:
            raise self.damaged()
        said = msgspec.json.decode(text)
        if not isinstance(said, dict) or said.get("format") != FORMAT:
            raise self._unreadable(mark("it is no archive of Hive's, or is cut short"))
        version, schema = said.get("version"), str(said.get("schema"))
        if version != VERSION or (schema.isdecimal() and schema > names.HEAD):
            raise ArchiveTooNewError(file=self.file.name)
        if said.get("sha256") != manifest_sum(said):
            raise self.damaged()
        found = msgspec.convert(said, Manifest)
        is_known = found.schema in names.KNOWN and found.schema >= FIRST_SCHEMA
        wanted = {MANIFEST, *map(member_of, found.tables)}
        if not is_known or known != wanted or len(members) != len(known) > 0:
            raise self.damaged()
        self._check_sizes(members)
        return found

    def _check_sizes(self, members: list[zipfile.ZipInfo]) -> None:
        packed = sum(one.compress_size for one in members)
        whole = sum(one.file_size for one in members)
        is_bomb = whole > _SMALL and whole > packed * _MOST_RATIO
        if len(members) > _MOST_MEMBERS or whole > _MOST_BYTES or is_bomb:
            raise self.damaged()

    def check_room(self, folder: Path) -> None:
        """Raise VaultUnwritableError where what is in it does not fit the disk."""
        whole = sum(one.file_size for one in self._zip.infolist())
        if shutil.disk_usage(folder).free < whole:
            raise VaultUnwritableError(folder=folder, reason=mark("the disk is full"))

    def _steps(self, name: str, table: HeldTable) -> Iterator[list[tuple[Any, ...]]]:
        listed, digest, rows = self.manifest.tables[name], hashlib.sha256(), 0
        if tuple(listed.columns) != table.columns:
            raise self.damaged()
        with self._zip.open(member_of(name)) as file:
            some: list[tuple[Any, ...]] = []
            length = 0
            for line in _lines(file):
                digest.update(line)
                rows, length = rows + 1, length + len(line)
                values = tuple(
                    bytes.fromhex(one[0]) if isinstance(one, list) else one
                    for one in _IN_STEPS.decode(line)
                )
                if len(values) != len(table.columns) or rows > listed.rows:
                    raise self.damaged()
                if name != "settings" or archive_tables.is_kept(str(values[0])):
                    some.append(values)
                if len(some) >= _ROWS_A_STEP or length >= _BYTES_A_STEP:
                    yield some
                    some, length = [], 0
            yield some
        if rows != listed.rows or digest.hexdigest() != listed.sha256:
            raise self.damaged()

    def _unreadable(self, reason: str) -> ArchiveUnreadableError:
        return ArchiveUnreadableError(file=self.file, reason=reason)


def put(archive: Archive, file: Path, key: bytes, profile: Mapping[str, Any], heard: Heard) -> None:
    """Put an archive into a new ledger of its schema.

    Args:
        archive: what to read.
        file: the ledger, which is thrown away where this fails.
        key: its 32-byte key.
        profile: what the new vault's own is: id, vault's id, device, instant.
        heard: told rows.

    Raises:
        ArchiveDamagedError, ExportStoppedError: see there.
        VaultUnwritableError: the disk refuses.
    """
    said = archive.manifest.profile
    own = {**profile, "name": said.name, "home_currency": said.home_currency}
    archive.check_room(file.parent)
    with archive.faults(), contextlib.closing(connect(file, key, Role.DRAFT)) as raw:
        try:
            raw.execute("PRAGMA foreign_keys = OFF")
            raw.execute("PRAGMA cache_size = -65536")
            raw.execute("BEGIN")
            # Made once all rows are there: one by one they cost several times as much.
            indexes = raw.execute(_KEEP_INDEXES).fetchall()
            for name, _ in indexes:
                raw.execute(f'DROP INDEX "{name}"')
            places = ", ".join("?" * len(own))
            raw.execute(
                f"INSERT INTO profile ({', '.join(own)}) VALUES ({places})",  # noqa: S608 - names
                tuple(own.values()),
            )
            archive.fill(raw, heard)
            for _, statement in indexes:
                raw.execute(statement)
            if raw.execute("PRAGMA foreign_key_check").fetchone() is not None:
                raise archive.damaged()
            raw.execute("COMMIT")
        except sqlcipher.Error as exc:
            fault = fault_of(exc, file.parent)
            if isinstance(fault, VaultUnwritableError):
                raise fault from exc
            raise archive.damaged() from exc


def _many(raw: Any, statement: str, some: list[tuple[Any, ...]]) -> None:
    raw.executemany(statement, some)


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """Yield lines; one that is longer than any of ours is damage, and is not read to its end."""
    while line := file.readline(_MOST_LINE):
        if not line.endswith(b"\n"):
            raise ValueError("a line without an end")
        yield line
