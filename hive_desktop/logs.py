"""Logging: one rotating file and, for warnings, standard error; secrets are cut out on the way.

The filter is the last net, not the first: no code may hand a secret to a logger. It knows the
forms of Plaid's tokens, bearer headers, a relay's tokens and codes, SQLCipher's raw keys, and long
digit runs such as cards.
"""

from __future__ import annotations

import logging
import re
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

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
_QUIET = ("plaid", "urllib3", "httpx", "httpx2", "httpcore", "openai", "uvicorn.access", "alembic")


def redact(text: str) -> str:
    """Return the text with everything that looks like a secret masked."""
    return _SECRETS.sub(_MASK, text)


class RedactingFormatter(logging.Formatter):
    """Formats a record and its traceback, then masks what looks like a secret."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's line without secrets."""
        return redact(super().format(record))


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
    _add(console)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    if folder is None:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = RotatingFileHandler(
            folder / "hive.log", maxBytes=1_000_000, backupCount=3, encoding="utf-8", delay=True
        )
    except OSError:
        return
    _add(file)


def tear_down() -> None:
    """Take away what `set_up` added."""
    root = logging.getLogger()
    for handler in [h for h in root.handlers if isinstance(h.formatter, RedactingFormatter)]:
        root.removeHandler(handler)
        handler.close()


def _add(handler: logging.Handler) -> None:
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
