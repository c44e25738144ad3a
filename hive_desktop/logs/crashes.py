"""Reports of crashes, kept on this computer alone: what ended or failed, where, and the last lines.

A fault that Python cannot catch (a broken library, Qt's last words) is written by `faulthandler`
into a file of this process, which is locked as long as it runs; the next start finds it unlocked
and makes a report of it. Nothing here is ever sent, and no value of the program's is written down.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import platform
import re
import sys
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Final

from hive_desktop import __version__, logs
from hive_desktop.logs import telling
from hive_desktop.logs.files import PRIVATE_FILE, last_lines, make_folder
from hive_desktop.logs.holding import hold, is_held

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterable, Iterator
    from pathlib import Path

CRASHES: Final = "crashes"
MOST_KEPT: Final = 20
MOST_A_RUN: Final = 5
_LOG_LINES: Final = 60
_UNTOLD: Final = "-untold"
_LARGEST: Final = 64_000
_LIBRARIES: Final = (
    *("PySide6-Essentials", "qasync", "sqlcipher3", "SQLAlchemy", "cryptography", "msgspec"),
    *("plaid-python", "openai", "numpy", "pyqtgraph", "keyring", "urllib3"),
)
_NUMBERED: Final = frozenset({"Hive", "System", "Python", *_LIBRARIES})
_FAULT_PLACE: Final = re.compile(r'  File "(.*)", line (\d{1,6}) in (.*)')
_FAULT_THREAD: Final = re.compile(r"(Current thread|Thread) 0x[0-9a-f]+.*")
_NO_LINK: Final[int] = getattr(os, "O_NOFOLLOW", 0)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Crash:
    """One report; `text` is whole, `at` is its time in UTC as ISO 8601."""

    name: str
    at: str
    text: str


class CrashStore:
    """The reports in the folder of the logs.

    Args:
        folder: of the logs.
    """

    def __init__(self, folder: Path) -> None:
        self._logs = folder
        self.folder = folder / CRASHES

    def keep(
        self, kind: str, lines: Iterable[str], program: str, *, untold: bool = False
    ) -> str | None:
        """Write a report and let the oldest go; returns its name, None where it cannot be kept.

        Args:
            kind: what happened, in words of `logs.words`.
            lines: what is known of it, as `telling` lets it stand.
            program: which of the two it was.
            untold: the person is to be told of it; see `untold`.
        """
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        facts = {"When": at, "Kind": kind, "Program": program, **versions()}
        text = "\n".join(
            [
                *(
                    telling.told_fact(f"{name}: {value}", _NUMBERED)
                    for name, value in facts.items()
                ),
                "",
                *lines,
                "",
                "Log:",
                *logs.recent(self._logs, _LOG_LINES),
                "",
            ]
        )
        try:
            make_folder(self.folder)
            name = self._write(at, text, _UNTOLD if untold else "")
            for old in self._files()[MOST_KEPT:]:
                old.unlink(missing_ok=True)
        except OSError:
            return None
        return name

    def gather(self) -> None:
        """Make reports of what ended processes before this one."""
        for fault in sorted(self.folder.glob("fault-*.txt")):
            if is_held(fault):
                continue
            lines = list(told_fault(last_lines(fault, 400)))
            if lines:
                self.keep("Fatal error of the process", lines, "Hive", untold=True)
            with suppress(OSError):
                fault.unlink()

    def untold(self) -> list[str]:
        """Return the reports of ended processes that the person was not told of, newest first."""
        return [file.name for file in self._files() if file.stem.endswith(_UNTOLD)]

    def settle(self, names: Iterable[str]) -> None:
        """Note that the person was told of reports."""
        for file in self._files():
            if file.name in set(names) and file.stem.endswith(_UNTOLD):
                with suppress(OSError):
                    file.replace(file.with_stem(file.stem.removesuffix(_UNTOLD)))

    def all(self) -> list[Crash]:
        """Return all reports, newest first, each held once more to what may be passed on."""
        return [one for file in self._files() if (one := _read(file)) is not None]

    def count(self) -> int:
        """Return how many reports there are."""
        return len(self._files())

    def delete(self, names: Iterable[str] | None = None) -> None:
        """Delete reports: those named, or all."""
        for file in self._files():
            if names is None or file.name in set(names):
                with suppress(OSError):
                    file.unlink()

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("crash-*.txt"), reverse=True)

    def _write(self, at: str, text: str, end: str) -> str:
        stem = f"crash-{re.sub(r'[-:]', '', at)}"
        for number in range(100):
            file = self.folder / f"{stem}-{number:02}{end}.txt"
            try:
                flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | _NO_LINK
                handle = os.open(file, flags, PRIVATE_FILE)
            except FileExistsError:
                continue
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                stream.write(text[:_LARGEST])
            return file.name
        raise FileExistsError(stem)


class CrashWatch:
    """Hears of what goes wrong in this process, from `begin` to `end`; there is one at a time.

    Args:
        store: keeps the reports.
        program: `window` or `command`.
    """

    def __init__(self, store: CrashStore, program: str) -> None:
        self.store = store
        self._program = program
        self._fault: IO[str] | None = None
        self._had_handler = False
        self._seen: set[tuple[str, ...]] = set()
        self._before: tuple[Any, Any, Any] | None = None

    def begin(self) -> list[str]:
        """Take over the interpreter's hooks; returns the reports that the person is to hear of."""
        self.store.gather()
        found = self.store.untold()
        self._before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        sys.excepthook = self._uncaught
        threading.excepthook = self._uncaught_in_thread
        sys.unraisablehook = self._unraisable
        with suppress(OSError, ValueError):
            make_folder(self.store.folder)
            flags = os.O_CREAT | os.O_TRUNC | os.O_WRONLY | _NO_LINK
            handle = os.open(self._fault_file(), flags, PRIVATE_FILE)
            self._fault = os.fdopen(handle, "w", encoding="utf-8")
            hold(self._fault)
            self._had_handler = faulthandler.is_enabled()
            faulthandler.enable(self._fault, all_threads=True)
        return found

    def end(self) -> None:
        """Give the hooks back: the process ends in order."""
        if self._before is not None:
            sys.excepthook, threading.excepthook, sys.unraisablehook = self._before
            self._before = None
        fault, self._fault = self._fault, None
        if fault is not None:
            faulthandler.disable()
            if self._had_handler and sys.stderr is not None:
                with suppress(OSError, ValueError):  # standard error is closed, or is no file
                    faulthandler.enable()
            fault.close()
            with suppress(OSError):
                self._fault_file().unlink()

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hear of what the tasks and call-backs of a loop leave unanswered."""
        loop.set_exception_handler(self._of_loop)

    def note(self, kind: str, error: BaseException | None = None, words: str = "") -> None:
        """Keep a report, of each fault once in a run and of five in all.

        Args:
            kind: what happened, in words of `logs.words`.
            error: the exception, where there is one.
            words: what was said of it, where there is none.
        """
        with suppress(Exception):  # whatever goes wrong here, the fault itself goes on
            lines = ["  raised Message: " + telling.told(words)] if error is None else []
            lines += telling.told_exception(error) if error is not None else []
            key = (kind, *lines[:8])
            if key in self._seen or len(self._seen) >= MOST_A_RUN:
                return
            self._seen.add(key)
            self.store.keep(kind, lines, self._program)

    def _fault_file(self) -> Path:
        return self.store.folder / f"fault-{os.getpid()}.txt"

    def _uncaught(self, kind: type[BaseException], error: BaseException, at: Any) -> None:
        if not issubclass(kind, Exception):
            sys.__excepthook__(kind, error, at)
            return
        _log.error("an error was not handled", exc_info=error)
        self.note("Python error", error)

    def _uncaught_in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is None or issubclass(args.exc_type, SystemExit):
            return
        _log.error("an error of a thread was not handled", exc_info=args.exc_value)
        self.note("Python error of a thread", args.exc_value)

    def _unraisable(self, args: Any) -> None:
        error = args.exc_value
        if error is None:
            return
        _log.error("an error was ignored", exc_info=error)
        self.note("Python error in a finalizer", error)

    def _of_loop(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        loop.default_exception_handler(context)
        self.note("Python error of the event loop", error, str(context.get("message", "")))


@dataclass(slots=True)
class _Installed:
    watch: CrashWatch | None = None


_installed = _Installed()


@contextmanager
def watching(folder: Path, program: str) -> Iterator[list[str]]:
    """Hear of what goes wrong in this process; yields the reports that the person is to hear of.

    Args:
        folder: of the logs.
        program: `window` or `command`.
    """
    watch = CrashWatch(CrashStore(folder), program)
    found = watch.begin()
    before, _installed.watch = _installed.watch, watch
    try:
        yield found
    except Exception as error:
        watch.note("Python error", error)
        raise
    finally:
        _installed.watch = before
        watch.end()


def watch_loop(loop: asyncio.AbstractEventLoop) -> None:
    """Hear of what the tasks and call-backs of a loop leave unanswered, where faults are heard."""
    if _installed.watch is not None:
        _installed.watch.watch(loop)


def note(kind: str, words: str) -> None:
    """Keep a report of what a library said, where faults are heard; see `CrashWatch.note`."""
    if _installed.watch is not None:
        _installed.watch.note(kind, words=words)


def note_error(kind: str, error: BaseException) -> None:
    """Keep a report of an error that was handled at an edge, where faults are heard."""
    if _installed.watch is not None:
        _installed.watch.note(kind, error)


def versions() -> dict[str, str]:
    """Return what the program runs on, by name: its version, the system's, those of libraries."""
    system = f"{platform.system()} {plain_release(platform.release())}, {platform.machine()}"
    from importlib import metadata  # noqa: PLC0415 - for a report, not for every start

    found = {"Hive": __version__, "System": system, "Python": platform.python_version()}
    for name in _LIBRARIES:
        with suppress(metadata.PackageNotFoundError):
            found[name] = metadata.version(name)
    return found


def plain_release(text: str) -> str:
    """Return the number that a system's release begins with; who built it may stand behind it."""
    begin = re.match(r"\d{1,4}(?:\.\d{1,5}){0,3}", text, re.ASCII)
    return begin[0] if begin else ""


def told_fault(lines: Iterable[str]) -> Iterable[str]:
    """Yield what `faulthandler` wrote as it may be passed on."""
    for line in lines:
        if found := _FAULT_PLACE.fullmatch(line):
            yield telling.told_place(found[1], int(found[2]), found[3])
        elif found := _FAULT_THREAD.fullmatch(line):
            yield found[1]
        elif line.startswith(("Fatal Python error", "Windows fatal exception")):
            yield telling.told(line)


def _read(file: Path) -> Crash | None:
    lines = last_lines(file, 2_000, largest=_LARGEST)
    if not lines:
        return None
    is_head, kept = True, []
    for line in lines:
        is_head = is_head and bool(line)
        told = telling.told_fact(line, _NUMBERED) if is_head else telling.told_line(line)
        kept.append(told)
    at = kept[0].partition(": ")[2]
    return Crash(file.name, at, "\n".join(kept) + "\n")
