"""Settings that live in the vault: small texts under known keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.domain.changes import Actor

if TYPE_CHECKING:
    from hive_desktop.ports.storage import Database

AUTOLOCK_MINUTES = "autolock_minutes"
THEME = "theme"
MAIN_CURRENCY = "main_currency"
SYNC_MINUTES = "sync.minutes"
SYNC_ON_METERED = "sync.on_metered"


class SettingsService:
    """Reads and writes settings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, key: str, default: str) -> str:
        """Return a setting, or the default where it was never set."""
        value = await self._database.read(lambda reads: reads.setting(key))
        return default if value is None else value

    async def put(self, key: str, value: str) -> None:
        """Store a setting."""
        await self._database.write(
            lambda writes: writes.put_setting(key, value), actor=Actor.PERSON
        )
