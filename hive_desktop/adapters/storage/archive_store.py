"""Files of vaults for the composition root: implements `ports.exports.ExportStore`."""

from __future__ import annotations

import secrets
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Final, TypeAlias

from hive_desktop.adapters.storage import archive_plain, archive_writing
from hive_desktop.adapters.storage.bulk import json_ids, slices
from hive_desktop.adapters.storage.connect import connect, role_for_reading
from hive_desktop.adapters.storage.faults import translated
from hive_desktop.adapters.storage.files import sync_file
from hive_desktop.adapters.storage.handle import Handle
from hive_desktop.adapters.storage.names import LEDGER_FILE
from hive_desktop.adapters.storage.queries import LedgerReads
from hive_desktop.domain.days import to_day
from hive_desktop.domain.ledger import AccountId, TransactionId
from hive_desktop.ports.backups import heard_by_nobody
from hive_desktop.ports.errors import ExportUnwritableError
from hive_desktop.ports.exports import Pair

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from hive_desktop.adapters.storage.connect import RawConnection
    from hive_desktop.ports.backups import Heard
    from hive_desktop.ports.storage import Reads
    from hive_desktop.ports.system import Clock
    from hive_desktop.ports.vault import VaultKeys

_DEVICE_BYTES: Final = 4
_PAIRS: Final = """
    SELECT t.out_id, t.in_id, 1 FROM json_each(?1) AS k
    CROSS JOIN transfers AS t ON t.out_id = unhex(k.value)
    UNION ALL
    SELECT t.in_id, t.out_id, 0 FROM json_each(?1) AS k
    CROSS JOIN transfers AS t ON t.in_id = unhex(k.value)
"""
_WHOLES: Final = """
    SELECT p.id, p.whole_id FROM json_each(?1) AS k
    CROSS JOIN split_parts AS p ON p.id = unhex(k.value)
"""
_SUMS: Final = """
    SELECT account_id, currency, sum(posted_minor) FROM account_daily
    WHERE day >= ? GROUP BY account_id, currency
"""
_EVER: Final = -(1 << 40)


Create: TypeAlias = "Callable[[Path, str, Fill], tuple[VaultKeys, str]]"
Fill: TypeAlias = "Callable[[Path, bytes, str, Clock], None]"


class LedgerSnapshot:
    """Implements `ports.exports.Snapshot` on one connection."""

    def __init__(self, raw: RawConnection) -> None:
        self._handle = Handle(raw)
        self._handle.begin("BEGIN")
        self.reads: Reads = LedgerReads(self._handle)

    def pairs(self, ids: Sequence[TransactionId]) -> Mapping[TransactionId, Pair]:
        """Return the other sides of transfers."""
        return {
            TransactionId(one): Pair(TransactionId(other), bool(is_out))
            for some in slices(ids)
            for one, other, is_out in self._handle.raw.execute(_PAIRS, (json_ids(some),))
        }

    def wholes(self, ids: Sequence[TransactionId]) -> Mapping[TransactionId, TransactionId]:
        """Return the whole rows of parts."""
        return {
            TransactionId(one): TransactionId(whole)
            for some in slices(ids)
            for one, whole in self._handle.raw.execute(_WHOLES, (json_ids(some),))
        }

    def sums(self, since: date | None = None) -> Mapping[tuple[AccountId, str], int]:
        """Return what posted rows add up to."""
        first = _EVER if since is None else to_day(since)
        return {
            (AccountId(account), currency): int(total)
            for account, currency, total in self._handle.raw.execute(_SUMS, (first,))
        }

    def close(self) -> None:
        """Let go of the connection."""
        self._handle.end()
        self._handle.close()


class FileExports:
    """Writes vaults into files, and makes vaults of archives. Every method blocks; see the port.

    Args:
        create: makes a vault in a folder under a passphrase, whose ledger `fill` fills; returns its
            keys and its recovery kit.
    """

    def __init__(self, create: Create) -> None:
        self._create = create

    @contextmanager
    def snapshot(self, folder: Path, keys: VaultKeys) -> Iterator[LedgerSnapshot]:
        """Open the ledger as it is now."""
        file = folder / LEDGER_FILE
        with translated(folder):
            opened = LedgerSnapshot(connect(file, keys.database, role_for_reading(file)))
            try:
                yield opened
            finally:
                opened.close()

    def write_archive(
        self, folder: Path, keys: VaultKeys, file: Path, heard: Heard = heard_by_nobody
    ) -> Mapping[str, int]:
        """Write all that an archive holds."""
        return self._write(archive_writing.write, folder, keys, file, heard)

    def write_plain(
        self, folder: Path, keys: VaultKeys, file: Path, heard: Heard = heard_by_nobody
    ) -> Mapping[str, int]:
        """Write the ledger as a plain SQLite file."""
        return self._write(archive_plain.write, folder, keys, file, heard)

    def create_from(
        self, file: Path, folder: Path, passphrase: str, heard: Heard = heard_by_nobody
    ) -> tuple[VaultKeys, str, Mapping[str, int]]:
        """Make a vault of an archive."""
        from hive_desktop.adapters.storage.archive_filling import (  # noqa: PLC0415 - SQLAlchemy
            ArchiveFilling,
        )

        with ArchiveFilling(file, secrets.token_hex(_DEVICE_BYTES), heard) as filling:
            keys, kit = self._create(folder, passphrase, filling)
            return keys, kit, filling.rows

    def _write(
        self,
        write: Callable[[RawConnection, Path, Heard], dict[str, int]],
        folder: Path,
        keys: VaultKeys,
        file: Path,
        heard: Heard,
    ) -> Mapping[str, int]:
        ledger = folder / LEDGER_FILE
        with (
            translated(file.parent, ExportUnwritableError),
            closing(connect(ledger, keys.database, role_for_reading(ledger))) as raw,
        ):
            raw.execute("BEGIN")
            counts = write(raw, file, heard)
            sync_file(file)
        return counts
