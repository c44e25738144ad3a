"""Settings that live in the vault: small texts under known keys."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from hive_desktop.domain.changes import Actor

if TYPE_CHECKING:
    from hive_desktop.ports.storage import Database, Reads

AUTOLOCK_MINUTES = "autolock_minutes"
THEME = "theme"
LANGUAGE = "language"
SYNC_MINUTES = "sync.minutes"
SYNC_ON_METERED = "sync.on_metered"
SYNC_PAUSED_UNTIL = "sync.paused_until"
"""When the person's own pause ends, ISO 8601 in UTC; empty without one."""
SYNC_WHILE_LOCKED = "sync.while_locked"
SEALED_INBOX = "sealed_inbox"
"""The mark of the inbox that was begun at the last lock; empty once its news are taken up."""
SEALED_ROWS = "sealed_inbox.rows"
"""The mark of the inbox whose rows are still to be taken in; empty without one."""
RUN_WHEN_CLOSED = "background.run_when_closed"
TOLD_RUNNING = "background.told"
"""Where the person was told that the program went on: `tray`, `minimised`, or nowhere yet."""
BACKUP_ON = "backup.on"
BACKUP_LAST = "backup.last"
"""The last proven backup: when it was made and in which folder, as JSON."""
BACKUP_DRILL = "backup.drill"
"""The day on which the person last tried a backup out, ISO 8601."""
NOTICES = "notices"
"""What is told outside of the window, as `domain.notice_choices.choices_text` has it."""
HIDE_AMOUNTS = "hide_amounts"
PALETTE_RECENT = "palette.recent"
WINDOW = "window"
HIDE_AT_START = "hide_amounts.at_start"
SETUP_STEP = "setup.step"
PUT_OFF = "labels.put_off"
"""Merchants whose rows are still to be decided over: their numbers as JSON."""


class SetupStep(StrEnum):
    """Where the questions of the first run stand; none is stored once they are over."""

    SOURCE = "source"
    MODEL = "model"
    DONE = "done"


# What the window needs before it is first painted.
_AT_START = (
    THEME,
    LANGUAGE,
    AUTOLOCK_MINUTES,
    HIDE_AMOUNTS,
    HIDE_AT_START,
    PALETTE_RECENT,
    WINDOW,
    SETUP_STEP,
    RUN_WHEN_CLOSED,
    TOLD_RUNNING,
    SYNC_WHILE_LOCKED,
    NOTICES,
)


class SettingsService:
    """Reads and writes settings."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._seen: dict[str, str] = {}

    async def load(self) -> None:
        """Read what the window needs before it is first painted."""
        self._seen = await self._database.read(_at_start)

    def seen(self, key: str, default: str) -> str:
        """Return a setting that was read at the start or stored since, without waiting."""
        return self._seen.get(key, default)

    async def get(self, key: str, default: str) -> str:
        """Return a setting, or the default where it was never set."""
        value = await self._database.read(lambda reads: reads.setting(key))
        return default if value is None else value

    async def put(self, key: str, value: str) -> None:
        """Store a setting."""
        self._seen[key] = value
        await self._database.write(
            lambda writes: writes.put_setting(key, value), actor=Actor.PERSON
        )


def _at_start(reads: Reads) -> dict[str, str]:
    found = {key: value for key in _AT_START if (value := reads.setting(key)) is not None}
    if found.get(SETUP_STEP) == SetupStep.SOURCE and reads.items():
        del found[SETUP_STEP]  # where rows come from is no question any more
    return found
