"""Where errors of SQLCipher, SQLAlchemy and the file system become words for a person.

The one place that knows SQLite's result codes. No key and no row's content is ever in such an
error: the engine hides parameters, and the key is set before SQLAlchemy sees the connection.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as sqlcipher  # type: ignore[import-untyped]

from hive_desktop.i18n import mark
from hive_desktop.ports.errors import (
    VaultBusyError,
    VaultDamagedError,
    VaultError,
    VaultUnwritableError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hive_desktop.ports.errors import (
        HiveError,
    )

# https://www.sqlite.org/rescode.html, primary result codes
_DAMAGED = {11, 26}  # CORRUPT, NOTADB
_BUSY = {5, 6}  # BUSY, LOCKED
_UNWRITABLE = {
    3: mark("permission denied"),
    8: mark("the file is read-only"),
    10: mark("the disk reported an error"),
    13: mark("the disk is full"),
    14: mark("the file cannot be opened"),
    22: mark("the file is too large for the disk"),
    23: mark("permission denied"),
}
_PRIMARY_CODE = 0xFF

# A failure inside an SQL function (`sqlcipher_export`) keeps its words and loses its code.
_GENERIC = 1
_SPOKEN = {
    "disk I/O error": 10,
    "database disk image is malformed": 11,
    "database or disk is full": 13,
    "file is not a database": 26,
}


@contextlib.contextmanager
def translated(
    folder: Path, refused: type[VaultUnwritableError] = VaultUnwritableError
) -> Iterator[None]:
    """Raise HiveError subclasses for whatever the database or the disk says inside.

    Args:
        folder: the one that is named where the disk refuses.
        refused: what is raised then.
    """
    try:
        yield
    except (sqlcipher.Error, OSError) as exc:
        raise fault_of(exc, folder, refused) from exc
    except Exception as exc:
        # SQLAlchemy's wrapper of the driver's error; naming its class would import SQLAlchemy here.
        original = getattr(exc, "orig", None)
        if not isinstance(original, sqlcipher.Error):
            raise
        raise fault_of(original, folder, refused) from exc


def fault_of(
    exc: BaseException,
    folder: Path,
    refused: type[VaultUnwritableError] = VaultUnwritableError,
) -> HiveError:
    """Return the error that a person sees for a fault of the database or the disk."""
    if isinstance(exc, OSError):
        return refused(folder=folder, reason=reason_of(exc))
    primary = _primary_code(exc)
    if primary in _DAMAGED:
        return VaultDamagedError()
    if primary in _BUSY:
        return VaultBusyError(holder=mark("another process"))
    if primary in _UNWRITABLE:
        return refused(folder=folder, reason=_UNWRITABLE[primary])
    name = getattr(exc, "sqlite_errorname", None) or type(exc).__name__
    return VaultError("The ledger refused a statement ({code}).", code=name)


def _primary_code(source: object) -> int | None:
    code = getattr(source, "sqlite_errorcode", None)
    primary = code & _PRIMARY_CODE if isinstance(code, int) else None
    return _SPOKEN.get(str(source), primary) if primary == _GENERIC else primary


def reason_of(exc: OSError) -> str:
    """Return what the system says of a refusal, as a part of a sentence."""
    return os.strerror(exc.errno).lower() if exc.errno else mark("the disk reported an error")
