"""One thread's connection: the driver's own for fixed statements, SQLAlchemy Core's on request.

Both are the same connection in the same transaction. SQLAlchemy is imported by the first unit that
asks for it.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

    from hive_desktop.adapters.storage.connect import RawConnection


class Handle:
    """A connection and the transaction that is open on it."""

    def __init__(self, raw: RawConnection) -> None:
        self.raw = raw
        self._core: Connection | None = None
        self._begin = ""

    @cached_property
    def _engine(self) -> Engine:
        """Return the engine, introduced to the connection.

        The first time an engine meets a connection it asks its questions and rolls back, so the
        transaction is begun again. A unit that writes asks for `core` before it writes anything.
        """
        from hive_desktop.adapters.storage.engine import engine_on  # noqa: PLC0415 - SQLAlchemy

        is_begun = self.raw.in_transaction
        engine = engine_on(self.raw)
        engine.connect().close()
        if is_begun and not self.raw.in_transaction:
            self.raw.execute(self._begin)
        return engine

    @property
    def core(self) -> Connection:
        """Return SQLAlchemy's view of the connection, in the open transaction."""
        if self._core is None:
            self._core = self._engine.connect()
        return self._core

    def begin(self, statement: str) -> None:
        """Open a transaction by `BEGIN` or `BEGIN IMMEDIATE`."""
        self._begin = statement
        self.raw.execute(statement)

    def commit(self) -> None:
        """Make the transaction last."""
        self.raw.execute("COMMIT")

    @contextmanager
    def not_copying(self) -> Iterator[None]:
        """Let a commit leave a long log as it is, which it would copy into the file as well."""
        (pages,) = self.raw.execute("PRAGMA wal_autocheckpoint").fetchone()
        self.raw.execute("PRAGMA wal_autocheckpoint = 0")
        try:
            yield
        finally:
            self.raw.execute(f"PRAGMA wal_autocheckpoint = {pages:d}")

    def end(self) -> None:
        """Roll back whatever was not committed, and let go of SQLAlchemy's view."""
        core, self._core = self._core, None
        if core is not None:
            core.close()
        if self.raw.in_transaction:
            self.raw.execute("ROLLBACK")

    def close(self) -> None:
        """Close the connection."""
        self.raw.close()
