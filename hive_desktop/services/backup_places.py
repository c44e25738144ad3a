"""Where a vault's backups go, what lies there, and the plain note of it beside the vault."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from hive_desktop.ports.backups import FOLDER_SETTING, NotedPlace, Survey
from hive_desktop.ports.errors import HiveError, UsageError

if TYPE_CHECKING:
    from hive_desktop.ports.backups import BackupStore
    from hive_desktop.services.settings import SettingsService

_log = logging.getLogger(__name__)


class BackupPlaces:
    """The folder that the person chose, or the vault's own.

    Args:
        store: the files.
        folder: the vault's.
        settings: keep the choice.
        is_read_only: another process owns the vault: nothing can be noted.
    """

    def __init__(
        self, store: BackupStore, folder: Path, settings: SettingsService, *, is_read_only: bool
    ) -> None:
        self._store = store
        self._folder = folder
        self._settings = settings
        self._is_read_only = is_read_only
        self._is_noted = False
        self._turn = asyncio.Lock()

    @property
    def own(self) -> Path:
        """Return the vault's own folder of backups."""
        return self._store.own_place(self._folder)

    async def chosen(self) -> Path:
        """Return where backups go.

        A restored vault follows the one whose place it took; the note beside it follows the vault.
        """
        async with self._turn:
            told = await self._settings.get(FOLDER_SETTING, "")
            if not self._is_noted:
                told = await self._agreed(told)
        return Path(told) if told else self.own

    async def choose(self, place: Path | None) -> None:
        """Choose where backups go, by a whole path; None for the vault's own folder.

        Raises:
            BackupFolderMissingError: it is not there.
            BackupPlaceError: backups cannot be kept there.
            UsageError: it is in the vault, and a restore would put it aside with that.
        """
        if place == self.own:
            place = None
        if place is not None:
            await asyncio.to_thread(lambda: self._try(place))
        async with self._turn:
            await self._settings.put(FOLDER_SETTING, "" if place is None else str(place))
            await self._note(place)
            self._is_noted = True

    async def check(self) -> None:
        """Raise BackupFolderMissingError unless backups can be written where they go."""
        place = await self.chosen()
        if place != self.own:
            await asyncio.to_thread(lambda: self._store.check_place(place))

    async def is_there(self, place: Path) -> bool:
        """Tell whether backups can be written into a folder; the vault's own is made then."""
        if place == self.own:
            return True
        try:
            await asyncio.to_thread(lambda: self._store.check_place(place))
        except HiveError:
            return False
        return True

    async def survey(self) -> Survey:
        """Return what lies in the chosen folder and in the vault's own."""
        places = dict.fromkeys((await self.chosen(), self.own))

        def look() -> Survey:
            vault_id = self._store.vault_id(self._folder)
            return sum((self._store.survey(place, vault_id) for place in places), Survey())

        return await asyncio.to_thread(look)

    def _try(self, place: Path) -> None:
        if place.resolve().is_relative_to(self._folder.resolve()):
            raise UsageError(
                "{folder} is inside of the vault.",
                hint="Choose a folder outside of it, better on another disk.",
                folder=place,
            )
        self._store.try_place(place)

    async def _agreed(self, told: str) -> str:
        """Let setting and note say the same; returns the setting as it is then."""
        wanted = NotedPlace(Path(told) if told else None)
        noted = await asyncio.to_thread(lambda: self._store.noted_place(self._folder))
        if noted != wanted:
            if noted is not None and noted.is_carried:
                told = "" if noted.place in {None, self.own} else str(noted.place)
                if not self._is_read_only:
                    try:
                        await self._settings.put(FOLDER_SETTING, told)
                    except HiveError as error:  # the note stays, and is followed later
                        _log.warning("where backups go could not be kept: %s", type(error).__name__)
                        return told
            await self._note(Path(told) if told else None)
        self._is_noted = True
        return told

    async def _note(self, place: Path | None) -> None:
        if self._is_read_only:
            return
        try:
            await asyncio.to_thread(lambda: self._store.note_place(self._folder, place))
        except HiveError as error:  # the setting holds; only the way before the vault lacks it
            _log.warning("where backups go could not be kept: %s", type(error).__name__)
