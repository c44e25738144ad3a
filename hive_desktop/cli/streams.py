"""Where a command's words go: its own standard streams, or those of who handed it over.

`out` and `err` stand for `sys.stdout` and `sys.stderr` everywhere in the command line. In the
window that runs another process's command they are streams of that command's context alone.
"""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO, cast

from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hive_desktop.ports.handover import Command

_MOST_HELD = 8192


class SentStream:
    """A stream whose text is sent to another process, a line or a good part at a time.

    Args:
        command: takes the text.
        number: of the stream: 1 or 2.
        is_terminal: what the other process writes to is a terminal.
    """

    encoding = "utf-8"

    def __init__(self, command: Command, number: int, *, is_terminal: bool) -> None:
        self._command = command
        self._number = number
        self._is_terminal = is_terminal
        self._held: list[str] = []
        self._length = 0

    def write(self, text: str) -> int:
        """Take a text; returns its length."""
        self._held.append(text)
        self._length += len(text)
        if self._length >= _MOST_HELD:
            self.flush()
        return len(text)

    def flush(self) -> None:
        """Send what is held."""
        text, self._held, self._length = "".join(self._held), [], 0
        if text:
            self._command.say(self._number, text)

    def isatty(self) -> bool:
        """Tell whether people read it as it comes."""
        return self._is_terminal


@dataclass(frozen=True, slots=True)
class Streams:
    """Both streams of a command that was handed over, and how wide its terminal is."""

    out: SentStream
    err: SentStream
    columns: int

    def flush(self) -> None:
        """Send what is held."""
        self.out.flush()
        self.err.flush()


_own: ContextVar[Streams | None] = ContextVar("streams", default=None)


@contextmanager
def sent(command: Command) -> Iterator[Streams]:
    """Send, in this context, what is written to the process that handed the command over."""
    terminal = command.terminal
    streams = Streams(
        SentStream(command, 1, is_terminal=terminal.out),
        SentStream(command, 2, is_terminal=terminal.err),
        terminal.columns,
    )
    token = _own.set(streams)
    try:
        yield streams
    finally:
        streams.flush()
        _own.reset(token)


def drop_output() -> None:
    """Let what standard output still holds go nowhere: the end of the process would try again."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def columns() -> int:
    """Return how wide the terminal is."""
    own = _own.get()
    return shutil.get_terminal_size().columns if own is None else own.columns


class _Local:
    """Stands for one of the two streams, whichever is meant where it is used."""

    __slots__ = ("_name", "_standard")

    def __init__(self, name: str, standard: str) -> None:
        self._name = name
        self._standard = standard

    def write(self, text: str) -> int:
        """Write a text; returns its length."""
        with self._told():
            return self._current().write(text)

    def flush(self) -> None:
        """Let what was written be seen."""
        with self._told():
            self._current().flush()

    def isatty(self) -> bool:
        """Tell whether people read it as it comes."""
        return self._current().isatty()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say in words what standard output refuses; a reader that has enough is no fault.

        Raises:
            UsageError: the disk behind it is full, or refuses.
        """
        try:
            yield
        except BrokenPipeError:
            raise
        except OSError as exc:
            if self._name != "out" or _own.get() is not None:
                raise
            drop_output()
            raise UsageError(
                "Standard output cannot be written: {reason}.",
                title="Not all was written",
                hint="Make room, or write to another place.",
                reason=exc.strerror or "refused",
            ) from exc

    def _current(self) -> TextIO:
        own = _own.get()
        found = getattr(sys, self._standard) if own is None else getattr(own, self._name)
        return cast("TextIO", found)


out = cast("TextIO", _Local("out", "stdout"))
err = cast("TextIO", _Local("err", "stderr"))
