"""SQLAlchemy on a connection that is open already: built only when a statement needs it.

Importing SQLAlchemy costs more than opening the ledger and reading a month's figures, so this
module is imported late, by who builds statements.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as sqlcipher  # type: ignore[import-untyped]
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from hive_desktop.adapters.storage.connect import connect

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from hive_desktop.adapters.storage.connect import RawConnection, Role


def engine_on(raw: RawConnection) -> Engine:
    """Return an engine whose one connection is `raw`."""
    return create_engine(
        "sqlite://",
        module=sqlcipher,
        creator=lambda: raw,
        poolclass=StaticPool,
        hide_parameters=True,
    )


def engine_for(file: Path, key: bytes, role: Role) -> Engine:
    """Return an engine with exactly one connection of its own, for one thread."""
    return engine_on(connect(file, key, role))
