"""Brings the relay's database to the tables of this version. Several relays may start at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import SQLAlchemyError

from hive_desktop.relay.store.store import StoreUnavailableError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hive_desktop.relay.store.store import Store

_MIGRATIONS: Final = Path(__file__).parent / "migrations"
_LOCK: Final = 0x48697665_52656C61  # PostgreSQL's advisory locks are named by a number


def upgrade(store: Store) -> None:
    """Run every migration that the database lacks, in one transaction."""
    store.run_blocking(_upgrade)


async def is_ready(store: Store) -> bool:
    """Tell whether the database answers, has the tables of this version, and is where it was."""
    try:
        return await store.run(is_current) and store.is_in_place()
    except (StoreUnavailableError, SQLAlchemyError):
        return False


def is_current(connection: Connection) -> bool:
    """Tell whether the database has exactly the tables of this version."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == head


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        # What another relay did while this one waited for the lock must be seen after it.
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%(key)s)", {"key": _LOCK})
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
