"""What a new ledger starts with: its profile and the default categories."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from hive_desktop.adapters.storage.catch_up import MERCHANTS_BY
from hive_desktop.adapters.storage.connect import Role
from hive_desktop.adapters.storage.engine import engine_for
from hive_desktop.adapters.storage.ids import new_id
from hive_desktop.adapters.storage.schema import categories, profile, settings
from hive_desktop.domain.categories import DEFAULT_CATEGORIES
from hive_desktop.domain.merchants import VERSION

if TYPE_CHECKING:
    from pathlib import Path

_DEVICE_BYTES = 4


def seed_ledger(file: Path, key: bytes, vault_id: str, created_at: int) -> None:
    """Write the first rows into a ledger that has just been migrated from nothing."""
    engine = engine_for(file, key, Role.WRITER)
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            connection.execute(
                profile.insert().values(
                    id=new_id(),
                    vault_id=vault_id,
                    device=secrets.token_hex(_DEVICE_BYTES),
                    created_at=created_at,
                )
            )
            lines = [
                {
                    "id": new_id(),
                    "key": name,
                    "name": name,
                    "kind": kind.value,
                    "color": color,
                    "icon": icon,
                    "position": position,
                    "is_archived": 0,
                }
                for position, (name, kind, color, icon) in enumerate(DEFAULT_CATEGORIES)
            ]
            connection.execute(categories.insert(), lines)
            named_by = {"key": MERCHANTS_BY, "value": str(VERSION)}
            connection.execute(settings.insert().values(**named_by))
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        engine.dispose()
