"""Feeds broken files to the readers: none may crash, take a second, or break a promise."""

import contextlib
import random
import signal
import sys
import threading
from typing import NamedTuple

from hive_desktop.domain.statements import FileKind
from hive_desktop.ports.errors import UnreadableFileError
from tests.files.fuzz.mutations import mutated
from tests.files.reading import DATA, REAL, check, read_data

TRACED = 10  # times what an input may take while its lines are counted
KINDS = {
    "ofx": FileKind.OFX,
    "qif": FileKind.QIF,
    "camt": FileKind.CAMT,
    "mt940": FileKind.MT940,
    "csv": FileKind.CSV,
}
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
    found = [one.read_bytes() for one in sorted(DATA.iterdir()) if _ENDINGS[one.suffix] == kind]
    if real and (REAL / kind).is_dir():
        found += [one.read_bytes() for one in sorted((REAL / kind).iterdir()) if one.is_file()]
    return [one for one in found if one]


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
            found = read_data(data, kind=KINDS[kind] if kind else None)
            if not isinstance(found, UnreadableFileError):
                check(found)
    except Exception as exc:  # noqa: BLE001 - whatever it is, it is the finding
        return exc
    return None


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
