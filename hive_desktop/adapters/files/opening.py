"""The one way in which bytes of a given file are read: bounded, whatever lies there."""

from __future__ import annotations

import stat
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final, TypeVar

from hive_desktop.adapters.files import reasons
from hive_desktop.i18n import mark
from hive_desktop.ports.errors.files import UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from zipfile import ZipFile, ZipInfo

T = TypeVar("T")
MOST_BYTES: Final = 256 * 2**20
LONGEST_LINE: Final = 2**20
"""Bytes of a line in a format that is made of lines."""
_MOST_PACKED: Final = 64 * 2**20
_FREE: Final = 8 * 2**20  # unpacked bytes before the ratio counts
_MOST_RATIO: Final = 250
_MOST_MEMBERS: Final = 10_000
_MOST_WANTED: Final = 100
_PACKED_BY: Final = (0, 8)
"""Stored and deflated: of other methods, `zipfile` unpacks whatever a piece holds at once."""
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_STEP: Final = 2**20
_A_PIECE: Final = 2**16
_GZIP: Final = b"\x1f\x8b"
_ENTRY: Final = b"PK\x01\x02"
_OF_HIVE: Final = {"manifest.json", "tables/transactions.jsonl"}
_FOREIGN: Final = (
    (b"%PDF", reasons.A_PDF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", reasons.A_SPREADSHEET),
    (b"\x89PNG", reasons.A_PICTURE),
    (b"\xff\xd8\xff", reasons.A_PICTURE),
    (b"GIF8", reasons.A_PICTURE),
    (b"SQLite format 3\0", reasons.A_DATABASE),
    (b"Rar!", reasons.ANOTHER_ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", reasons.ANOTHER_ARCHIVE),
    (b"\xfd7zXZ\0", reasons.ANOTHER_ARCHIVE),
    (b"BZh", reasons.ANOTHER_ARCHIVE),
)

_HINTS: Final = {
    reasons.A_HIVE_ARCHIVE: mark(
        "Choose it where a new vault is made (hive vault create --from FILE)."
    ),
    reasons.NO_FILE: mark(
        "Choose the files that are in a folder, and save first what a program gives."
    ),
    reasons.NOT_THERE: mark("Look at its name, and whether it was moved."),
    reasons.NOT_ALLOWED: mark(
        "Let yourself read it (its permissions), or copy it to your own folder."
    ),
    reasons.UNREADABLE: mark("Copy it to this computer, and try again."),
    reasons.EMPTY: mark("Download it again: it may have been stopped before it was there."),
    reasons.A_SPREADSHEET: mark(
        "Open it in a program for spreadsheets, save its sheet as CSV, and import that."
    ),
    reasons.TOO_LARGE: mark("Import it in parts, a year each."),
    reasons.LOCKED_ARCHIVE: mark("Unpack it first, and import what was in it."),
    reasons.ANOTHER_ARCHIVE: mark("Unpack it first, and import what was in it."),
    reasons.ARCHIVE_IN_ARCHIVE: mark("Unpack it first, and import what was in it."),
}
"""What to do about it, where downloading the statement again would not help."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file's bytes, unpacked where it was an archive of one.

    `name` is that of the file, or of what was in it.
    """

    name: str
    data: bytes


def refused(name: str, reason: str) -> UnreadableFileError:
    """Return the error that tells why a whole file is not taken."""
    return UnreadableFileError(file=name, reason=reason, hint=_HINTS.get(reason))


def members(path: Path) -> list[str]:
    """Return the names of the files in an archive of several; [""] of any other file.

    Raises:
        UnreadableFileError: it cannot be opened, or holds too many.
    """
    packed = _bytes_of(path)
    if not packed.data.startswith(_ZIP):
        return [""]
    found = [one.filename for one in _in_archive(packed, lambda _, wanted: wanted)]
    return found if len(found) > 1 else [""]


def open_file(path: Path, member: str = "") -> Opened:
    """Return the bytes of a file, at most `MOST_BYTES`.

    Args:
        path: the file.
        member: which file of an archive of several, as `members` names it.

    Raises:
        UnreadableFileError: not there, no file, too large, an archive of none or several, or of a
            kind that is no statement.
    """
    found = _bytes_of(path)
    if found.data.startswith(_GZIP):
        found = _gunzipped(found)
    elif found.data.startswith(_ZIP):
        packed = found
        found = _in_archive(packed, lambda archive, all_: _member(packed, archive, all_, member))
    if not found.data.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe\x1a"):
        raise refused(found.name, reasons.EMPTY)
    for magic, reason in _FOREIGN:
        if found.data.startswith(magic):
            raise refused(found.name, reason)
    if found.data.startswith((_GZIP, b"PK\x03\x04")):
        raise refused(found.name, reasons.ARCHIVE_IN_ARCHIVE)
    return found


def has_long_line(data: bytes) -> bool:
    """Return whether a line has more bytes than `LONGEST_LINE`."""
    at = 0
    while len(data) - at > LONGEST_LINE:
        end = at + LONGEST_LINE + 1
        at = max(data.rfind(b"\n", at, end), data.rfind(b"\r", at, end)) + 1
        if not at:
            return True
    return False


def _gunzipped(packed: Opened) -> Opened:
    if len(packed.data) > _MOST_PACKED:
        raise refused(packed.name, reasons.TOO_LARGE)
    name = packed.name[:-3] if packed.name.lower().endswith(".gz") else packed.name
    pieces: list[bytes] = []
    size = at = found = 0
    try:
        while packed.data.startswith(_GZIP, at):  # several members follow each other in one file
            found += 1
            if found > _MOST_MEMBERS:
                raise refused(packed.name, reasons.DAMAGED_ARCHIVE)
            unpacker = zlib.decompressobj(wbits=31)
            rest = b""
            while not unpacker.eof:
                # What zlib leaves of its input is a copy: a little of it at a time.
                given = rest or packed.data[at : at + _A_PIECE]
                at += 0 if rest else len(given)
                piece = unpacker.decompress(given, _STEP)
                rest = unpacker.unconsumed_tail
                size += len(piece)
                _hold(packed.name, size, len(packed.data))
                pieces.append(piece)
                if not piece and not given and not unpacker.eof:
                    raise refused(packed.name, reasons.DAMAGED_ARCHIVE)
            at -= len(unpacker.unused_data)
    except zlib.error as exc:
        raise refused(packed.name, reasons.DAMAGED_ARCHIVE) from exc
    return Opened(name, b"".join(pieces))


def _bytes_of(path: Path) -> Opened:
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe or device would be read for ever
            raise refused(path.name, reasons.NO_FILE)
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except FileNotFoundError as exc:
        raise refused(path.name, reasons.NOT_THERE) from exc
    except PermissionError as exc:
        raise refused(path.name, reasons.NOT_ALLOWED) from exc
    except (OSError, ValueError) as exc:  # a name with a null byte is a ValueError
        raise refused(path.name, reasons.UNREADABLE) from exc
    if len(data) > MOST_BYTES:
        raise refused(path.name, reasons.TOO_LARGE)
    return Opened(path.name, data)


def _in_archive(packed: Opened, work: Callable[[ZipFile, list[ZipInfo]], T]) -> T:
    """Do something with an archive and its files; whatever is wrong with it is one refusal."""
    import io  # noqa: PLC0415
    from zipfile import BadZipFile, ZipFile  # noqa: PLC0415 - most files are no archives

    if len(packed.data) > _MOST_PACKED:
        raise refused(packed.name, reasons.TOO_LARGE)
    if packed.data.count(_ENTRY) > _MOST_MEMBERS:  # before a million of them are taken in
        raise refused(packed.name, reasons.SEVERAL_IN_ARCHIVE)
    try:
        with ZipFile(io.BytesIO(packed.data)) as archive:
            return work(archive, _contents(packed, archive))
    except UnreadableFileError:
        raise
    except (BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as exc:
        raise refused(packed.name, reasons.DAMAGED_ARCHIVE) from exc
    except Exception as exc:  # zipfile lets slip through what its decompressors raise
        raise refused(packed.name, reasons.DAMAGED_ARCHIVE) from exc


def _contents(packed: Opened, archive: ZipFile) -> list[ZipInfo]:
    """Return the files of an archive that may be statements."""
    found = archive.infolist()
    names = {one.filename for one in found}
    if "[Content_Types].xml" in names or "mimetype" in names:
        raise refused(packed.name, reasons.A_SPREADSHEET)
    if names >= _OF_HIVE:
        raise refused(packed.name, reasons.A_HIVE_ARCHIVE)
    wanted = {one.filename: one for one in found if _is_content(one)}  # of one name, the last
    if not wanted:
        raise refused(packed.name, reasons.NONE_IN_ARCHIVE)
    # A file is never longer than its archive says, whoever wrote that.
    size = sum(one.file_size for one in wanted.values())
    if len(wanted) > 1 and (len(wanted) > _MOST_WANTED or size > MOST_BYTES):
        raise refused(packed.name, reasons.SEVERAL_IN_ARCHIVE)
    return list(wanted.values())


def _member(packed: Opened, archive: ZipFile, wanted: list[ZipInfo], member: str) -> Opened:
    chosen = [one for one in wanted if member in {"", one.filename}]
    if len(chosen) != 1:
        raise refused(member or packed.name, reasons.NOT_THERE if member else reasons.ONE_BY_ONE)
    if chosen[0].flag_bits & 0x1:
        raise refused(packed.name, reasons.LOCKED_ARCHIVE)
    if chosen[0].compress_type not in _PACKED_BY:
        raise refused(packed.name, reasons.ANOTHER_ARCHIVE)
    pieces: list[bytes] = []
    size = 0
    with archive.open(chosen[0]) as stream:
        while piece := stream.read(_STEP):
            size += len(piece)
            _hold(packed.name, size, len(packed.data))
            pieces.append(piece)
    return Opened(PurePosixPath(chosen[0].filename).name or packed.name, b"".join(pieces))


def _is_content(member: ZipInfo) -> bool:
    parts = PurePosixPath(member.filename.replace("\\", "/")).parts
    named = [part for part in parts if part != ".."]
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in named)
    return not member.is_dir() and not hidden


def _hold(name: str, size: int, packed: int) -> None:
    """Refuse what grows beyond what a statement can be."""
    if size > MOST_BYTES:
        raise refused(name, reasons.TOO_LARGE)
    if size > _FREE and size > packed * _MOST_RATIO:
        raise refused(name, reasons.A_BOMB)
