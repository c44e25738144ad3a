"""Brings a ledger to the schema that this program knows, and refuses one that it does not.

Alembic costs a third of a second to import, so it is loaded only when there is something to
migrate.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hive_desktop.adapters.storage import names
from hive_desktop.adapters.storage.connect import Role
from hive_desktop.ports.errors import VaultDamagedError, VaultTooNewError

if TYPE_CHECKING:
    from hive_desktop.adapters.storage.connect import RawConnection

MIGRATIONS = Path(__file__).parent / "migrations"


def stored_version(raw: RawConnection) -> str:
    """Return the schema version of a ledger; nothing is written.

    Raises:
        VaultDamagedError: the file is not a ledger at all.
        VaultTooNewError: a version that this program does not know.
    """
    known = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"
    if raw.execute(known).fetchone() is None:
        raise VaultDamagedError
    rows = raw.execute("SELECT version_num FROM alembic_version").fetchall()
    if len(rows) != 1:
        raise VaultDamagedError
    version = str(rows[0][0])
    if version not in names.KNOWN:
        raise VaultTooNewError
    return version


def upgrade(file: Path, key: bytes, to: str = "head") -> None:
    """Run every migration that the ledger lacks up to a version, in one transaction."""
    from alembic import command  # noqa: PLC0415 - a third of a second, needed once per version
    from alembic.config import Config  # noqa: PLC0415 - as above

    from hive_desktop.adapters.storage.engine import engine_for  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    engine = engine_for(file, key, Role.TOOL)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            config.attributes["connection"] = connection
            command.upgrade(config, to)
            connection.commit()
    finally:
        engine.dispose()
