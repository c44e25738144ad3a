"""Logging: private files of bounded size and, for errors, standard error.

What goes to a file is only what `telling` lets stand: known words, and places in code. So it is on
standard error, which a desktop keeps in the system's own log, unless that is a terminal: there
whole messages appear, with what looks like a secret masked: Plaid's tokens, bearer headers, a
relay's tokens and codes, SQLCipher's raw keys, and long digit runs such as cards. No code may hand
a secret to a logger all the same.
"""

from __future__ import annotations

import logging
import re
import sys
import time
from typing import TYPE_CHECKING, Final

from hive_desktop.logs.files import (
    BoundedFileHandler,
    last_lines,
    make_folder,
    numbered,
)
from hive_desktop.logs.telling import told, told_exception, told_line, told_name

if TYPE_CHECKING:
    from pathlib import Path

LOG_FILE: Final = "hive.log"
LARGEST: Final = 1_000_000
KEPT: Final = 3

_SECRETS = re.compile(
    r"(?:access|public|link)-(?:sandbox|production|development)-[0-9A-Za-z-]+"
    r"|(?i:bearer\s+)[^\s\"']+"
    r"|x'[0-9a-fA-F]{32,}'"
    r"|\bsk-[A-Za-z0-9_-]{8,}"
    r"|\b(?:hs1|hr1)\.[\w.-]+|\bhi-[\w-]{16,}"
    r"|\beyJ[\w-]+\.[\w-]+\.[\w-]+"
    r"|\b\d(?:[ -]?\d){11,18}\b"
)
_MASK = "***"
_QUIET = (
    *("plaid", "urllib3", "httpx", "httpx2", "httpcore", "openai", "uvicorn.access", "alembic"),
    "mcp",  # a line for each request
)


def redact(text: str) -> str:
    """Return the text with everything that looks like a secret masked."""
    return _SECRETS.sub(_MASK, text)


class RedactingFormatter(logging.Formatter):
    """Formats a record and its traceback, then masks what looks like a secret."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's line without secrets."""
        return redact(super().format(record))


class TellingFormatter(logging.Formatter):
    """Formats a record so that it may be kept and passed on: see `telling`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's line, and those of its exception."""
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))
        lines = [f"{at} {record.levelname} {told_name(record.name)}: {told(_message(record))}"]
        if record.exc_info and record.exc_info[1] is not None:
            lines += told_exception(record.exc_info[1])
        return "\n".join(lines)


def set_up(folder: Path | None, *, level: int = logging.INFO) -> None:
    """Send the program's log to a file in `folder` (1 MB, three old ones) and errors to stderr.

    A folder that cannot be written is no reason not to start: the file is left out then. A second
    call replaces what the first one set up.
    """
    tear_down()
    root = logging.getLogger()
    root.setLevel(level)
    console = logging.StreamHandler()
    console.setLevel(logging.ERROR)
    console.setFormatter(
        RedactingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
        if _is_terminal()
        else TellingFormatter()
    )
    root.addHandler(console)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    if folder is None:
        return
    try:
        make_folder(folder)
    except OSError:
        return
    file = BoundedFileHandler(folder / LOG_FILE, largest=LARGEST, kept=KEPT)
    file.setFormatter(TellingFormatter())
    root.addHandler(file)


def tear_down() -> None:
    """Take away what `set_up` added."""
    root = logging.getLogger()
    ours = (RedactingFormatter, TellingFormatter)
    for handler in [h for h in root.handlers if isinstance(h.formatter, ours)]:
        root.removeHandler(handler)
        handler.close()


def recent(folder: Path, count: int) -> list[str]:
    """Return the last lines of the log in a folder, oldest first, as they may be passed on."""
    files = [folder / LOG_FILE]
    files += [numbered(files[0], number) for number in range(1, KEPT + 1)]
    lines: list[str] = []
    for file in files:
        if len(lines) >= count:
            break
        lines = last_lines(file, count - len(lines)) + lines
    return [told_line(line) for line in lines]


def _is_terminal() -> bool:
    try:
        return sys.stderr is not None and sys.stderr.isatty()
    except ValueError:  # it is closed
        return False


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # noqa: BLE001 - arguments that do not fit their text
        return "a line of the log failed"
