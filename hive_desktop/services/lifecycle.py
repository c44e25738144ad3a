"""From no vault to an open one and back: the states that the whole program moves through.

NO_VAULT -> LOCKED -> UNLOCKING -> OPEN -> LOCKING -> LOCKED
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, ParamSpec, Protocol, TypeVar

from hive_desktop.ports.errors import (
    HiveError,
    RestoredUnopenedError,
    VaultBusyError,
    VaultError,
    VaultLockedError,
)
from hive_desktop.ports.events import RestoreEnded
from hive_desktop.services.events import EventBus
from hive_desktop.services.settings import SETUP_STEP, SetupStep
from hive_desktop.services.stoppable import stoppable
from hive_desktop.services.tasks import TaskScope

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from hive_desktop.ports.backups import Backup, Heard, Restored
    from hive_desktop.ports.secrets import Keychain
    from hive_desktop.ports.vault import VaultKeys, VaultStore
    from hive_desktop.services.background import BackgroundSync
    from hive_desktop.services.diagnostics import DiagnosticsService
    from hive_desktop.services.session import VaultSession

P = ParamSpec("P")
T = TypeVar("T")


class AppState(StrEnum):
    """Where the program stands."""

    NO_VAULT = "no_vault"
    LOCKED = "locked"
    UNLOCKING = "unlocking"
    OPEN = "open"
    LOCKING = "locking"


@dataclass(frozen=True, slots=True)
class StateChanged:
    """The program moved to another state."""

    state: AppState


class DemoHost(Protocol):
    """Brings up the sandbox bank with a throw-away vault, and takes both down again."""

    async def open(self, on_step: Callable[[str], None]) -> VaultSession:
        """Start the bank, make and link the vault, sync it; `on_step` hears what is done."""
        ...

    async def close(self) -> None:
        """Stop the bank and delete the vault."""
        ...


class AppLifecycle:
    """Moves the program between its states; holds the one open session.

    Args:
        store: the vault files.
        keychain: this computer's keychain.
        folder: the vault's folder.
        build: makes the session of an opened vault.
        demo: brings up the demo.
    """

    def __init__(
        self,
        store: VaultStore,
        keychain: Keychain,
        folder: Path,
        build: Callable[[Path, VaultKeys], Awaitable[VaultSession]],
        demo: DemoHost,
    ) -> None:
        self.bus = EventBus()
        self.background: BackgroundSync | None = None
        """Goes on while the vault is locked; None where nothing does."""
        self.diagnostics: DiagnosticsService | None = None
        """Looks at the vault while it is locked; None where nobody is to be helped."""
        self.folder = folder
        self._store = store
        self._keychain = keychain
        self._build = build
        self._demo = demo
        self._session: VaultSession | None = None
        self._scope = TaskScope("lifecycle")
        self._closing: asyncio.Task[None] | None = None
        self._keys: VaultKeys | None = None
        with suppress(VaultBusyError):  # what opens the vault next will say so
            store.settle(folder)
        self._state = self._state_at_rest()

    @property
    def state(self) -> AppState:
        """Return where the program stands."""
        return self._state

    @property
    def session(self) -> VaultSession | None:
        """Return the open vault's services, or None."""
        return self._session

    @property
    def command_key(self) -> bytes | None:
        """Return what proves a command of another process; None unless the vault is open."""
        is_own = self._session is not None and not self._session.is_demo
        return self._keys.commands or None if is_own and self._keys is not None else None

    def has_keychain_slot(self) -> bool:
        """Tell whether the vault offers to be opened by this computer's keychain."""
        if not self._store.exists(self.folder):
            return False
        return any(slot.kind == "keyring" for slot in self._store.info(self.folder).slots)

    async def keychain_available(self) -> bool:
        """Tell whether this computer has a keychain that may hold a key."""
        return await _off_thread(self._keychain.is_available)

    async def create(
        self, passphrase: str, archive: Path | None = None, heard: Heard | None = None
    ) -> str:
        """Make the vault and open it; returns the recovery kit, to be shown once.

        Args:
            passphrase: what opens it.
            archive: what it is made of; None makes an empty one.
            heard: hears how many rows of the archive are read; its no leaves no vault.

        Raises:
            ArchiveError, ExportStoppedError: see `ports.exports.ExportStore.create_from`.
        """
        return await self._opening(self._create(passphrase, archive, heard))

    async def unlock(self, passphrase: str) -> None:
        """Open the vault with its passphrase."""
        await self._opening(self._open(self._store.unlock, self.folder, passphrase))

    async def unlock_recovery(self, recovery_key: str) -> None:
        """Open the vault with the recovery kit."""
        await self._opening(self._open(self._store.unlock_recovery, self.folder, recovery_key))

    async def unlock_keychain(self) -> None:
        """Open the vault with the key that this computer's keychain holds."""
        await self._opening(self._open(self._store.unlock_keychain, self.folder))

    async def unlock_with(self, keys: VaultKeys) -> None:
        """Open the vault with keys that are known already."""
        await self._opening(self._start(keys))

    async def open_demo(self, on_step: Callable[[str], None] | None = None) -> None:
        """Open the sandbox bank's household in a throw-away vault."""

        async def start() -> None:
            try:
                self._session = await self._demo.open(on_step or (lambda _step: None))
            except BaseException:
                await self._demo.close()
                raise

        await self._opening(start())

    async def lock(self) -> None:
        """Close the session as one; its keys are dropped. Silent when nothing is open.

        Syncs go on beside the locked vault where the person wants that (`services.background`).
        """
        await self._lock(goes_on=True)

    async def _lock(self, *, goes_on: bool) -> None:
        session, self._session = self._session, None
        if session is not None:
            self._move(AppState.LOCKING)
            self._closing = self._scope.spawn(self._close(session, goes_on=goes_on), name="close")
        if self._closing is not None:
            # Whoever gives up waiting does not stop it: a half-closed vault would keep its lock.
            await asyncio.shield(self._closing)

    async def change_passphrase(self, current: str, new: str, *, rekey: bool = False) -> None:
        """Change the passphrase after the current one was given once more.

        Args:
            current: the passphrase that opens the vault now.
            new: the one that shall open it.
            rekey: also encrypt the ledger anew, so that an old copy of the header, which the old
                passphrase still opens, opens nothing. Closes and reopens the session.
        """
        if rekey and self._session is not None:
            await self._session.backups.check_place()  # those that are there go, or it is refused
        keys = await _off_thread(self._store.unlock, self.folder, current)
        await _off_thread(self._store.change_passphrase, self.folder, keys, new)
        if rekey:
            is_open = self._session is not None
            await self._lock(goes_on=False)
            await self._end_background()
            fresh = await _off_thread(self._store.rekey, self.folder, keys)
            if is_open:
                await self.unlock_with(fresh)

    async def missing_backups_folder(self) -> Path | None:
        """Return the folder that the person chose for backups, if it is not there now."""

        def look() -> Path | None:
            noted = self._store.backups.noted_place(self.folder)
            if noted is None or noted.place is None:
                return None
            with suppress(OSError):  # of a dead or forbidden disk
                if noted.place.is_dir():
                    return None
            return noted.place

        return await _off_thread(look)

    async def found_backups(self, place: Path | None = None) -> list[Backup]:
        """Return everybody's backups in a folder, newest first, without a key.

        Args:
            place: None for the vault's own folder of backups and the one that the person chose.
        """
        store = self._store.backups

        def look() -> list[Backup]:
            places = [place or store.own_place(self.folder)]
            noted = store.noted_place(self.folder) if place is None else None
            places += [] if noted is None or noted.place is None else [noted.place]
            found = [one for each in places for one in store.found(each)]
            return sorted(found, key=lambda one: one.age(), reverse=True)

        return await _off_thread(look)

    async def look_at_backup(self, file: Path) -> Backup:
        """Return what a file says of itself; raises as `ports.backups.BackupStore` does."""
        return await _off_thread(self._store.backups.look, file)

    async def is_of_another(self, backup: Backup) -> bool:
        """Tell whether a backup is of another vault than the one that is here, if one is."""

        def look() -> bool:
            with suppress(VaultError):  # one whose header is damaged is known by nothing
                is_here = self._store.exists(self.folder)
                return is_here and self._store.info(self.folder).vault_id != backup.vault_id
            return False

        return await _off_thread(look)

    async def restore(
        self, backup: Backup, secret: str, *, is_kit: bool, heard: Heard | None = None
    ) -> Restored:
        """Put a backup into the place of the vault, which is kept aside, and open it.

        An open vault stays open until the new one is proven. Whoever gives up waiting does not stop
        it: the task may end with the session that it closes. What comes of it is published too.

        Args:
            backup: what to restore.
            secret: the passphrase of its day, or the recovery kit.
            is_kit: it is the recovery kit.
            heard: hears how far it is; its no stops it before anything is changed.

        Raises:
            WrongKeyError: the secret does not open it.
            See `ports.backups.BackupStore` for the others.
        """
        work = self._restore(backup, secret, is_kit=is_kit, heard=heard)
        return await asyncio.shield(self._scope.spawn(work, name="restore"))

    async def _restore(
        self, backup: Backup, secret: str, *, is_kit: bool, heard: Heard | None
    ) -> Restored:
        store, loop = self._store.backups, asyncio.get_running_loop()
        unlock = store.unlock_recovery if is_kit else store.unlock

        async def let_go() -> None:
            await self._lock(goes_on=False)
            await self._end_background()

        def ready() -> None:
            asyncio.run_coroutine_threadsafe(let_go(), loop).result()

        def work(told: Heard) -> Restored:
            keys = unlock(backup.file, secret)
            return store.restore(backup.file, keys, self.folder, ready=ready, heard=told)

        try:
            restored = await stoppable(work, heard)
            await self._open_restored(restored)
        except HiveError as error:
            self.bus.publish(RestoreEnded(backup.made_at, error=error))
            raise
        self.bus.publish(RestoreEnded(backup.made_at, restored))
        return restored

    async def _open_restored(self, restored: Restored) -> None:
        try:
            await self.unlock_with(restored.keys)
        except HiveError as error:
            if restored.aside is None:
                raise
            raise RestoredUnopenedError(aside=restored.aside, folder=restored.folder) from error

    async def new_recovery_kit(self) -> str:
        """Replace the recovery kit; the old one opens nothing any more."""
        return await _off_thread(self._store.new_recovery_kit, self.folder, self._open_keys())

    async def enable_keychain(self) -> None:
        """Let this computer's keychain open the vault."""
        await _off_thread(self._store.enable_keychain, self.folder, self._open_keys())

    async def disable_keychain(self) -> None:
        """Take the vault's key out of this computer's keychain."""
        await _off_thread(self._store.disable_keychain, self.folder, self._keys)

    async def shutdown(self) -> None:
        """Lock, and let go of everything."""
        await self._lock(goes_on=False)
        await self._end_background()
        self.bus.clear()

    async def _close(self, session: VaultSession, *, goes_on: bool) -> None:
        background, keys = self.background, self._keys
        leave: Callable[[], Awaitable[None]] | None = None
        if goes_on and background is not None and keys is not None and not session.is_demo:
            leave = partial(background.prepare, session, keys)
        try:
            await session.close(leave)
            if leave is not None and background is not None:
                await background.start()
        finally:
            if session.is_demo:
                await self._demo.close()
            self._keys = None
            self._closing = None
            self._move(self._state_at_rest())

    async def _end_background(self) -> None:
        if self.background is not None:
            await self.background.end()

    def _open_keys(self) -> VaultKeys:
        if self._keys is None:
            raise VaultLockedError
        return self._keys

    async def _create(self, passphrase: str, archive: Path | None, heard: Heard | None) -> str:
        def work(told: Heard) -> tuple[VaultKeys, str]:
            if archive is None:
                return self._store.create(self.folder, passphrase)
            keys, kit, _ = self._store.exports.create_from(archive, self.folder, passphrase, told)
            return keys, kit

        keys, kit = await stoppable(work, heard)
        await self._start(keys)
        if self._session is not None and archive is None:  # an archive says what was set up
            await self._session.settings.put(SETUP_STEP, SetupStep.SOURCE)
        return kit

    async def _open(
        self, unlock: Callable[P, VaultKeys], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        await self._start(await _off_thread(unlock, *args, **kwargs))

    async def _start(self, keys: VaultKeys) -> None:
        await self._end_background()
        self._session = await self._build(self.folder, keys)
        self._keys = keys

    async def _opening(self, work: Awaitable[T]) -> T:
        await self._lock(goes_on=False)
        self._move(AppState.UNLOCKING)
        try:
            result = await work
        except BaseException:
            self._move(self._state_at_rest())
            raise
        self._move(AppState.OPEN)
        return result

    def _state_at_rest(self) -> AppState:
        return AppState.LOCKED if self._store.exists(self.folder) else AppState.NO_VAULT

    def _move(self, state: AppState) -> None:
        self._state = state
        self.bus.publish(StateChanged(state))


async def _off_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run blocking work on the loop's own pool, `hive-io`."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(None, lambda: work(*args, **kwargs))
