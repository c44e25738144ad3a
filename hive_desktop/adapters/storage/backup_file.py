"""One file per backup: a SQLCipher ledger, and behind it what opens and proves it.

    ledger    the database's pages, encrypted under the vault's key
    trailer   one line of JSON: the vault's header with the key slots of that day, when it was made,
              the schema, and what the ledger holds (sealed under a key derived from the master key)
    footer    one line of fixed length: format, lengths of both, and an HMAC-SHA256 over all before,
              under a key derived from the master key

SQLite believes the page count in its own header and reads nothing behind it, so the ledger is
opened where it lies: no copy is made to prove a backup, and nothing is ever unpacked in the clear.
Whoever has the file alone needs no more than the passphrase of its day.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import IO, TYPE_CHECKING, Final

from hive_desktop.adapters.storage import tally as tallies
from hive_desktop.adapters.storage.connect import PAGE_BYTES
from hive_desktop.adapters.storage.header import HEADER_FILE, canonical, parse
from hive_desktop.adapters.storage.names import LEDGER_FILE
from hive_desktop.adapters.storage.sealing import derive, unwrap, wrap
from hive_desktop.i18n import mark
from hive_desktop.ports.backups import Phase
from hive_desktop.ports.errors import (
    BackupDamagedError,
    BackupStoppedError,
    BackupUnreadableError,
    HiveError,
    VaultTooNewError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hive_desktop.adapters.storage.header import Header
    from hive_desktop.ports.backups import Heard, Tally

SUFFIX: Final = ".hivebackup"
CHUNK_BYTES: Final = 1 << 20

_FORMAT: Final = 1
_FOOTER: Final = re.compile(rb"hive-backup (\d{4}) (\d{20}) (\d{10}) ([0-9a-f]{64})\n")
_FOOTER_BYTES: Final = 114
_MAC_LINE_BYTES: Final = 65
_LARGEST_TRAILER: Final = 256 * 1024
_SEAL_PURPOSE: Final = "backup seal"
_TALLY_PURPOSE: Final = "backup tally"
_OLD_FOLDER: Final = re.compile(r"(\d{8}T\d{6})-schema-(\w+?)(?:-\d+)?")


@dataclass(frozen=True, slots=True)
class Source:
    """A backup that was looked at; nothing of it is proven yet.

    Attributes:
        path: the file, or the folder of one that an older Hive made.
        ledger: the file that begins with the ledger.
        ledger_bytes: how long the ledger in it is.
        raw_header: the vault's header of that day.
        header: the same, read.
        made_at: the instant that it is of.
        schema: the ledger's.
        sealed: nonce and ciphertext of what the ledger holds; None in an old folder.
        trailer: the bytes between the ledger and the MAC; None in an old folder.
        mac: over all before it; None in an old folder.
    """

    path: Path
    ledger: Path
    ledger_bytes: int
    raw_header: bytes
    header: Header
    made_at: datetime
    schema: str
    sealed: tuple[bytes, bytes] | None = None
    trailer: bytes | None = None
    mac: bytes | None = None

    def tally(self, master: bytes) -> Tally | None:
        """Return what was written down of the ledger; None in an old folder.

        Raises:
            BackupDamagedError: it was not written under this key.
        """
        if self.sealed is None:
            return None
        key = derive(master, bytes.fromhex(self.header.vault_id), _TALLY_PURPOSE)
        content = unwrap(key, *self.sealed, self.header.vault_id.encode())
        try:
            return tallies.from_text(content or b"")
        except (ValueError, KeyError, TypeError) as exc:
            raise BackupDamagedError(file=self.path.name) from exc

    def sealing(self, master: bytes) -> hmac.HMAC:
        """Return the MAC, which has seen nothing yet."""
        return _sealing(master, self.header.vault_id)

    def check_seal(self, sealing: hmac.HMAC) -> None:
        """Raise BackupDamagedError unless the MAC, which has seen the ledger, is the file's."""
        if self.trailer is None or self.mac is None:
            return
        sealing.update(self.trailer)
        if not hmac.compare_digest(sealing.digest(), self.mac):
            raise BackupDamagedError(file=self.path.name)


def close_up(  # noqa: PLR0913 - all that a file says of itself
    path: Path,
    raw_header: bytes,
    *,
    made_at: datetime,
    schema: str,
    held: Tally,
    master: bytes,
    heard: Heard,
) -> None:
    """Write trailer and footer behind a ledger, and flush the file to the disk."""
    vault_id = parse(raw_header).vault_id
    key = derive(master, bytes.fromhex(vault_id), _TALLY_PURPOSE)
    nonce, sealed = wrap(key, tallies.to_text(held), vault_id.encode())
    document = {
        "header": _encode(raw_header),
        "made_at": made_at.astimezone(UTC).isoformat(timespec="seconds"),
        "schema": schema,
        "tally": {"nonce": _encode(nonce), "sealed": _encode(sealed)},
    }
    trailer = canonical(document) + b"\n"
    with path.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        trailer += b"hive-backup %04d %020d %010d " % (_FORMAT, size, len(trailer))
        sealing = _sealing(master, vault_id)
        file.seek(0)
        for part in parts_of(file, size, Phase.COPYING, heard):
            sealing.update(part)
        sealing.update(trailer)
        file.seek(size)
        file.write(trailer + sealing.hexdigest().encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def parts_of(file: IO[bytes], size: int, phase: Phase, heard: Heard) -> Iterator[bytes]:
    """Yield the next bytes of a file in parts.

    Raises:
        BackupStoppedError: `heard` said no.
        EOFError: the file is shorter.
    """
    done = 0
    while done < size:
        if not heard(phase, done, size):
            raise BackupStoppedError
        part = file.read(min(CHUNK_BYTES, size - done))
        if not part:
            raise EOFError
        done += len(part)
        yield part


def look(path: Path) -> Source:
    """Read what a backup says of itself.

    Raises:
        BackupUnreadableError: it is no backup, or not there.
        BackupDamagedError: it was one, and is cut short or altered.
        VaultTooNewError: a newer Hive wrote it.
    """
    try:
        if path.is_dir():
            return _look_into(path)
        if path.exists() and not path.is_file():  # a pipe would be waited for
            raise BackupUnreadableError(file=path, reason=mark("it is no backup of Hive"))
        return _look(path)
    except OSError as exc:
        reason = (exc.strerror or mark("the disk reported an error")).lower()
        raise BackupUnreadableError(file=path, reason=reason) from exc


def _look(path: Path) -> Source:
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(size - _FOOTER_BYTES, 0))
        footer = _FOOTER.fullmatch(file.read())
        if footer is None:
            if path.suffix == SUFFIX:
                raise BackupDamagedError(file=path.name)
            raise BackupUnreadableError(file=path, reason=mark("it is no backup of Hive"))
        if int(footer[1]) > _FORMAT:
            raise _too_new()
        ledger_bytes, trailer_bytes = int(footer[2]), int(footer[3])
        if (
            ledger_bytes % PAGE_BYTES
            or not 0 < trailer_bytes <= _LARGEST_TRAILER
            or ledger_bytes + trailer_bytes + _FOOTER_BYTES != size
        ):
            raise BackupDamagedError(file=path.name)
        file.seek(ledger_bytes)
        text = file.read(trailer_bytes)
    try:
        document = json.loads(text)
        raw_header = _decode(document["header"])
        sealed = _decode(document["tally"]["nonce"]), _decode(document["tally"]["sealed"])
        made_at, schema = datetime.fromisoformat(document["made_at"]), str(document["schema"])
        made_at.astimezone(UTC)
        header = parse(raw_header)
    except VaultTooNewError as exc:
        raise _too_new() from exc
    except (ValueError, KeyError, TypeError, OverflowError, HiveError) as exc:
        raise BackupDamagedError(file=path.name) from exc
    return Source(
        path,
        path,
        ledger_bytes,
        raw_header,
        header,
        made_at,
        schema,
        sealed,
        text + footer[0][:-_MAC_LINE_BYTES],
        bytes.fromhex(footer[4].decode()),
    )


def _look_into(folder: Path) -> Source:
    """Read a copy of a vault's folder, as an older Hive made them before an update."""
    named = _OLD_FOLDER.fullmatch(folder.name)
    if named is None or not (folder / HEADER_FILE).is_file():
        raise BackupUnreadableError(file=folder, reason=mark("it is no backup of Hive"))
    raw_header, ledger = (folder / HEADER_FILE).read_bytes(), folder / LEDGER_FILE
    try:
        header = parse(raw_header)
        made_at = datetime.strptime(named[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except (ValueError, HiveError) as exc:
        raise BackupDamagedError(file=folder.name) from exc
    return Source(
        folder, ledger, ledger.stat().st_size, raw_header, header, made_at, schema=named[2]
    )


def _sealing(master: bytes, vault_id: str) -> hmac.HMAC:
    return hmac.new(derive(master, bytes.fromhex(vault_id), _SEAL_PURPOSE), None, sha256)


def _too_new() -> VaultTooNewError:
    return VaultTooNewError(
        "A newer Hive made this backup, and this one does not know its format.",
        title="The backup is newer than this program",
        hint="Update Hive and try again. Nothing was changed.",
    )


def _encode(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as exc:
        raise ValueError("base64") from exc
