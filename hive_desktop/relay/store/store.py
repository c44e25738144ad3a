"""The relay's database: SQLite, or PostgreSQL when set. Work runs on threads of its own."""

from __future__ import annotations

import asyncio
import secrets
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, TypeVar
from urllib.parse import unquote, urlsplit

import sqlalchemy
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from hive_desktop.relay.settings import PREFIX, SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import URL

P = ParamSpec("P")
T = TypeVar("T")

_THREADS: Final = 8
_BUSY_S: Final = 10
_DRIVERS: Final = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}
_DRIVERS_GIVEN: Final = {**_DRIVERS, "postgres": "postgresql+psycopg"}
# A serialisation failure or a deadlock of PostgreSQL's: the same work may succeed at once.
_TRY_AGAIN: Final = frozenset({"40001", "40P01"})
_TRIES: Final = 8
_PAUSE_MS: Final = 8  # twice as much at each try


class StoreUnavailableError(Exception):
    """The database does not answer. The text names no address and no password."""


class Store:
    """Runs functions of a connection, each in one transaction.

    Args:
        url: `sqlite:///file` or `postgresql://user:password@host/name`.

    Raises:
        SettingsError: another kind of database.
    """

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self.file = _file(self.engine)
        self._opened: tuple[int, int] | None = None
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="relay-db")

    async def run(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `work(connection, ...)` on a thread of the store's; commit unless it raises.

        A caller that is cancelled leaves the work to end by itself.

        Raises:
            StoreUnavailableError: the database does not answer.
        """
        call = partial(self.run_blocking, work, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)

    def run_blocking(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `work(connection, ...)` on this thread, as `run` does on another."""
        for attempt in range(_TRIES):
            try:
                with self._begin() as connection:
                    return work(connection, *args, **kwargs)
            except DBAPIError as exc:
                if attempt + 1 < _TRIES and _code(exc) in _TRY_AGAIN:
                    # At random, so that those who met each other do not meet again.
                    time.sleep(secrets.randbelow(_PAUSE_MS << attempt) / 1000)
                    continue
                # The last is SQLite's word for a file that is no database.
                if exc.connection_invalidated or type(exc) in {
                    sqlalchemy.exc.OperationalError,
                    sqlalchemy.exc.InterfaceError,
                    sqlalchemy.exc.DatabaseError,
                }:
                    raise StoreUnavailableError(type(exc).__name__) from None
                raise
            except sqlalchemy.exc.TimeoutError:
                raise StoreUnavailableError("no connection is free") from None
        raise AssertionError("unreachable")

    async def scrub(self) -> None:
        """Do `scrub_blocking` on a thread of the store's."""
        await asyncio.get_running_loop().run_in_executor(self._threads, self.scrub_blocking)

    def scrub_blocking(self) -> None:
        """Take what was deleted out of SQLite's file of changes, which holds all of late.

        Should it be busy, the next time does it; PostgreSQL shows nobody what was deleted.
        """
        if self.engine.dialect.name != "sqlite":
            return
        with suppress(sqlite3.Error, sqlalchemy.exc.SQLAlchemyError):
            raw = self.engine.raw_connection()
            try:
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                raw.close()

    def is_in_place(self) -> bool:
        """Tell whether SQLite's file is the one that was looked at first; so is PostgreSQL always.

        One that was removed or replaced under a relay goes on taking its writes, and loses them.
        """
        if self.file is None:
            return True
        try:
            found = self.file.stat()
        except OSError:
            return False
        place = (found.st_dev, found.st_ino)
        self._opened = self._opened or place
        return place == self._opened

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        with self.engine.connect() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Let work under way end, then close all connections."""
        self._threads.shutdown(wait=True)
        self.engine.dispose()


def _code(error: DBAPIError) -> str | None:
    code: str | None = getattr(error.orig, "sqlstate", None)
    return code


def _file(engine: Engine) -> Path | None:
    """Return where SQLite's database lies; None for one in memory, or PostgreSQL's."""
    name = engine.url.database
    if engine.dialect.name != "sqlite" or name in {None, "", ":memory:"}:
        return None
    told = str(name)
    if told.startswith("file:") and engine.url.query.get("uri") in {"true", "1", "yes", "on"}:
        told = unquote(urlsplit(told).path)  # https://sqlite.org/uri.html
        if engine.url.query.get("mode") == "memory" or told in {"", ":memory:"}:
            return None
    return Path(told).absolute()


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        driver = _DRIVERS_GIVEN[parsed.drivername.partition("+")[0]]
    except (sqlalchemy.exc.ArgumentError, KeyError):
        raise SettingsError(
            [f"{PREFIX}DATABASE_URL is neither sqlite:///... nor postgresql://..."]
        ) from None
    parsed = parsed.set(drivername=driver)
    return _sqlite(parsed) if driver == "sqlite" else _postgres(parsed)


def _postgres(url: URL) -> Engine:
    return sqlalchemy.create_engine(
        url,
        pool_size=_THREADS,
        max_overflow=0,
        pool_timeout=_BUSY_S,
        pool_pre_ping=True,
        isolation_level="REPEATABLE READ",
        hide_parameters=True,
        connect_args={"connect_timeout": _BUSY_S},
    )


def _sqlite(url: URL) -> Engine:
    engine = sqlalchemy.create_engine(
        url,
        hide_parameters=True,
        connect_args={"timeout": _BUSY_S, "isolation_level": None},
        poolclass=sqlalchemy.pool.QueuePool,
        pool_size=_THREADS,
        max_overflow=0,
    )

    @event.listens_for(engine, "connect")
    def _tune(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # At once as a writer: a reader that turns writer may be refused without a wait.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
