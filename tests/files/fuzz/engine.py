"""Feeds broken files to the readers: none may crash, take a second, or break a promise."""

import contextlib
import gzip
import io
import random
import signal
import sys
import tempfile
import threading
import zipfile
from pathlib import Path
from typing import NamedTuple

from hive_desktop.adapters.files.opening import members
from hive_desktop.domain.statements import FileKind
from hive_desktop.ports.errors import UnreadableFileError
from tests.files.fuzz.mutations import mutated
from tests.files.reading import DATA, REAL, check, read, read_data

TRACED = 10  # times what an input may take while its lines are counted
KINDS = {
    "ofx": FileKind.OFX,
    "qif": FileKind.QIF,
    "camt": FileKind.CAMT,
    "mt940": FileKind.MT940,
    "csv": FileKind.CSV,
    "zip": None,
}
"""What is broken; an archive is opened first, and tells its own kind."""
_ENDINGS = {
    ".ofx": "ofx", ".qfx": "ofx", ".qif": "qif", ".xml": "camt", ".sta": "mt940",
    ".940": "mt940", ".942": "mt940", ".csv": "csv",
}  # fmt: skip


class Failure(NamedTuple):
    """An input that a reader did not stand."""

    kind: str
    data: bytes
    error: BaseException


class TooSlowError(Exception):
    """A reader took more processor time than an input may."""


def seeds_of(kind, *, real=False):
    """Return whole files of a kind: the project's own and, where they are, real ones."""
    if kind == "zip":
        return archives()
    found = [one.read_bytes() for one in sorted(DATA.iterdir()) if _ENDINGS[one.suffix] == kind]
    if real and (REAL / kind).is_dir():
        found += [one.read_bytes() for one in sorted((REAL / kind).iterdir()) if one.is_file()]
    return [one for one in found if one]


def archives():
    """Return archives of the project's own files: of one, of several, packed in each way."""
    files = [DATA / name for name in ("bank.ofx", "bank.qif", "konto.sta")]
    plain = [(one.name, one.read_bytes()) for one in files]
    gzips = [gzip.compress(data, mtime=0) for _, data in plain]
    ways = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
    packed = [zipped(some, way) for way in ways for some in (plain, *([one] for one in plain))]
    return [*packed, *gzips, gzips[0] + gzips[1]]


def zipped(files, way=zipfile.ZIP_DEFLATED):
    """Return a zip of names and bytes; the same for the same ones."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=way)
    return made.getvalue()


def inputs_of(kind, seed, times, *, real=False):
    """Give broken files; the same for the same seed."""
    chance = random.Random(f"{kind}{seed}")
    seeds = seeds_of(kind, real=real)
    for _ in range(times):
        yield mutated(chance.choice(seeds), seeds, kind, chance), chance.random() < 0.5


def run(kind, seed, times, *, limit=1.0, real=False):
    """Give what failed of that many inputs."""
    for data, forced in inputs_of(kind, seed, times, real=real):
        error = trial(kind if forced else None, data, limit)
        if error is not None:
            yield Failure(kind, data, error)


def trial(kind, data, limit=1.0):
    """Read one input; returns what went wrong, or None."""
    try:
        with within(limit):
            if kind == "zip":
                _open(data)
                return None
            found = read_data(data, kind=KINDS[kind] if kind else None)
            if not isinstance(found, UnreadableFileError):
                check(found)
    except Exception as exc:  # noqa: BLE001 - whatever it is, it is the finding
        return exc
    return None


def _open(data):
    """Open a file as it lies on a disk, and read each that is in it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "statement")
        path.write_bytes(data)
        with contextlib.suppress(UnreadableFileError):
            for member in members(path):
                with contextlib.suppress(UnreadableFileError):
                    check(read(path, member=member))


@contextlib.contextmanager
def within(seconds):
    """Raise after that much processor time, where the system can; waiting does not count."""
    main = threading.current_thread() is threading.main_thread()
    if not hasattr(signal, "setitimer") or not main:
        yield
        return
    if sys.gettrace() is not None:
        seconds *= TRACED
    before = signal.signal(signal.SIGVTALRM, _too_slow)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _too_slow(*_):
    raise TooSlowError
