"""Backups of the open vault: one a day by itself, on request, the list, the check, the drill."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from hive_desktop.domain.retention import is_due
from hive_desktop.ports.errors import (
    BackupBusyError,
    BackupDamagedError,
    BackupError,
    BackupFolderMissingError,
    BackupStoppedError,
    HiveError,
)
from hive_desktop.ports.events import BackupFailed, BackupProven, DrillDue
from hive_desktop.services.backup_places import BackupPlaces
from hive_desktop.services.backup_status import BackupStatus, Drill, Noted
from hive_desktop.services.settings import BACKUP_DRILL, BACKUP_LAST, BACKUP_ON
from hive_desktop.services.stoppable import stoppable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from hive_desktop.ports.backups import Backup, BackupStore, Heard, Survey, Tally
    from hive_desktop.ports.events import EventSink
    from hive_desktop.ports.system import Clock
    from hive_desktop.ports.vault import VaultKeys
    from hive_desktop.services.settings import SettingsService
    from hive_desktop.services.tasks import TaskScope

_log = logging.getLogger(__name__)

DRILL_AFTER: Final = timedelta(days=365)
# An opened vault has better things to do first. Wall time jumps when the computer sleeps, so the
# day is looked at often.
_FIRST_S: Final = 20.0
_LOOK_S: Final = 300.0
_AGAIN: Final = timedelta(hours=1)


class BackupService:
    """Makes backups of one open vault and looks after them.

    Args:
        store: the files.
        folder: the vault's.
        keys: the vault's.
        settings: keep what the person chose, and what was last proven.
        bus: hears of each proven backup, and of what failed.
        clock: names the backups, and the day.
        is_read_only: another process owns the vault: nothing can be noted in it.
    """

    def __init__(  # noqa: PLR0913 - a vault, its files, and who hears of them
        self,
        store: BackupStore,
        folder: Path,
        keys: VaultKeys,
        settings: SettingsService,
        bus: EventSink,
        clock: Clock,
        *,
        is_read_only: bool = False,
    ) -> None:
        self._store = store
        self._folder = folder
        self._keys = keys
        self._settings = settings
        self._bus = bus
        self._clock = clock
        self._is_read_only = is_read_only
        self._places = BackupPlaces(store, folder, settings, is_read_only=is_read_only)
        self._turn = asyncio.Lock()
        self._error: HiveError | None = None
        self._seen_on: date | None = None
        self._failed_at: datetime | None = None
        self._told: tuple[type[HiveError], date] | None = None

    @property
    def is_running(self) -> bool:
        """Tell whether a backup is being made."""
        return self._turn.locked()

    def keep(self, scope: TaskScope) -> None:
        """Make one each day from now on, in a task of the scope."""
        scope.spawn(self._live(), name="backups")

    async def status(self) -> BackupStatus:
        """Return how the backups stand."""
        place, survey = await self.place(), await self.survey()
        listed = list(survey.mine)
        drilled_on = _day_of(await self._settings.get(BACKUP_DRILL, ""))
        return BackupStatus(
            is_on=await self._is_on(),
            place=place,
            is_own_place=place == self._places.own,
            is_place_there=await self._places.is_there(place),
            last=Noted.newest(await self._noted(listed), listed),
            backups=survey.mine,
            others=survey.others,
            faulty=survey.faulty,
            drilled_on=drilled_on,
            is_drill_due=bool(listed) and await self._is_drill_due(drilled_on),
            error=self._error,
        )

    async def place(self) -> Path:
        """Return where backups go."""
        return await self._places.chosen()

    async def found(self) -> list[Backup]:
        """Return this vault's backups in both folders, newest first."""
        return list((await self.survey()).mine)

    async def survey(self) -> Survey:
        """Return all that lies in both folders, also what is another vault's, or damaged."""
        return await self._places.survey()

    async def set_on(self, *, is_on: bool) -> None:
        """Choose whether one is made each day."""
        await self._settings.put(BACKUP_ON, "1" if is_on else "0")
        self._seen_on = None

    async def set_place(self, place: Path | None) -> None:
        """Choose where backups go; those that are there stay. See `BackupPlaces.choose`."""
        await self._places.choose(place)
        self._seen_on = None

    async def check_place(self) -> None:
        """Raise BackupFolderMissingError unless backups can be written where they go."""
        await self._places.check()

    async def make(self, heard: Heard | None = None, *, by_person: bool = True) -> Backup:
        """Make a backup now, prove it, and let old ones go; whoever gives up waiting stops it.

        Args:
            heard: hears how far it is, on the loop's thread.
            by_person: somebody waits for it and sees what goes wrong.

        Raises:
            See `ports.backups.BackupStore`.
        """
        if self.is_running:
            raise BackupBusyError
        async with self._turn:
            try:
                backup = await self._make(heard)
            except (BackupStoppedError, BackupBusyError):
                raise
            except HiveError as error:
                self._failed(error, is_told=by_person and not isinstance(error, BackupDamagedError))
                raise
            self._error = self._told = self._failed_at = None
            self._seen_on = self._clock.today()
            self._bus.publish(BackupProven(backup.made_at, backup.size))
            return backup

    async def verify(self, backup: Backup, heard: Heard | None = None) -> Tally:
        """Prove a backup again; one of this vault's folders that is damaged is set aside.

        Raises:
            BackupDamagedError: it does not hold what was written.
            BackupError: it is another vault's.
            See `ports.backups.BackupStore` for the others.
        """
        file = backup.file
        if backup.vault_id != await asyncio.to_thread(self._store.vault_id, self._folder):
            raise BackupError(
                "{file} is a backup of another vault.",
                hint="Only the keys of its own vault can prove it.",
                file=file.name,
            )
        try:
            return await stoppable(lambda told: self._store.verify(file, self._keys, told), heard)
        except BackupDamagedError as exc:
            if file not in [one.file for one in await self.found()]:
                raise
            aside = await asyncio.to_thread(lambda: self._store.set_aside(file))
            error = BackupDamagedError(
                "{file} does not hold what was written into it. It is set aside as {aside}.",
                file=file.name,
                aside=aside.name,
            )
            self._seen_on = None
            self._failed(error, is_told=False)
            raise error from exc

    async def drill(
        self, backup: Backup, secret: str, *, is_kit: bool, heard: Heard | None = None
    ) -> Drill:
        """Try a backup out as if the vault were lost: open a copy of it, count, delete it.

        Args:
            backup: the one to try.
            secret: the passphrase of its day, or the recovery kit.
            is_kit: it is the recovery kit.
            heard: hears how far it is, on the loop's thread.

        Raises:
            WrongKeyError: the secret does not open it.
            See `ports.backups.BackupStore` for the others.
        """
        unlock = self._store.unlock_recovery if is_kit else self._store.unlock

        def work(told: Heard) -> Tally:
            return self._store.try_out(backup.file, unlock(backup.file, secret), told)

        held = await stoppable(work, heard)
        await self._settings.put(BACKUP_DRILL, self._clock.today().isoformat())
        return Drill(backup, held)

    async def _make(self, heard: Heard | None) -> Backup:
        place, at = await self.place(), self._clock.now()
        backup, _ = await stoppable(
            lambda told: self._store.make(self._folder, self._keys, place, at, told), heard
        )
        try:
            await asyncio.to_thread(lambda: self._store.thin(place, backup.vault_id, backup.file))
        except HiveError as error:
            _log.info("old backups could not be removed: %s", type(error).__name__)
        if not self._is_read_only:
            await self._settings.put(BACKUP_LAST, Noted(backup.made_at, place).written())
        return backup

    async def _live(self) -> None:
        await self.place()  # and the note of it, which an older Hive did not make
        await asyncio.sleep(_FIRST_S)
        await self._remind()
        while True:
            await self.look()
            await asyncio.sleep(_LOOK_S)

    async def look(self) -> None:
        """Make today's backup if it is due; whatever goes wrong is told, and tried again later."""
        today, now = self._clock.today(), self._clock.now()
        if not is_due(self._seen_on, today) or self.is_running:
            return
        if self._failed_at is not None and abs(now - self._failed_at) < _AGAIN:
            return
        try:
            if await self._is_on() and not await self._is_covered(today):
                await self.make(by_person=False)
            self._seen_on = today
        except (BackupStoppedError, BackupBusyError):
            return
        except BackupFolderMissingError as error:
            self._failed(error, is_told=False)
        except HiveError as error:
            if error is not self._error:  # else it was told by `make`
                self._failed(error, is_told=False)
            self._failed_at = now

    async def _is_covered(self, today: date) -> bool:
        """Tell whether the newest backup is of today, or nothing has changed since.

        Raises:
            BackupFolderMissingError: where backups go is not there.
        """
        place = await self.place()

        def compare(told: Heard) -> bool:
            if place != self._places.own:
                self._store.check_place(place)
            listed = self._store.found(place, self._store.vault_id(self._folder))
            if not listed:
                return False
            if not is_due(_local_day(listed[0].made_at), today):
                return True
            try:
                written = self._store.tally_of(listed[0].file, self._keys)
            except BackupDamagedError:
                return False
            now = self._store.tally(self._folder, self._keys, told)
            return written is not None and written.stamp == now.stamp

        return await stoppable(compare)

    def _failed(self, error: HiveError, *, is_told: bool) -> None:
        """Keep an error, and publish it once a day unless somebody has seen it."""
        self._error = error
        self._failed_at = self._clock.now()
        told = type(error), self._clock.today()
        if not is_told and told != self._told:
            self._told = told
            self._bus.publish(BackupFailed(error))

    async def _remind(self) -> None:
        """Publish, once an opening, that a drill is due."""
        with suppress(HiveError):
            drilled_on = _day_of(await self._settings.get(BACKUP_DRILL, ""))
            if await self.found() and await self._is_drill_due(drilled_on):
                self._bus.publish(DrillDue())

    async def _is_drill_due(self, drilled_on: date | None) -> bool:
        since = drilled_on
        if since is None:
            since = _local_day(await asyncio.to_thread(self._store.born_at, self._folder))
        return self._clock.today() - since > DRILL_AFTER

    async def _is_on(self) -> bool:
        return await self._settings.get(BACKUP_ON, "1") == "1"

    async def _noted(self, listed: Sequence[Backup]) -> Noted | None:
        """Return what is noted, unless it is gone from a folder that was looked at."""
        noted = Noted.read(await self._settings.get(BACKUP_LAST, ""))
        if noted is None or noted.place not in (await self.place(), self._places.own):
            return noted
        is_seen = any(
            (one.made_at, one.file.parent) == (noted.made_at, noted.place) for one in listed
        )
        is_there = await self._places.is_there(noted.place)
        return noted if is_seen or not is_there else None


def _local_day(at: datetime) -> date:
    return at.astimezone().date()


def _day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
