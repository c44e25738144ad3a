"""From no vault to an open one and back: the states that the whole program moves through.

NO_VAULT -> LOCKED -> UNLOCKING -> OPEN -> LOCKING -> LOCKED
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ParamSpec, Protocol, TypeVar

from hive_desktop.ports.errors import VaultLockedError
from hive_desktop.services.events import EventBus
from hive_desktop.services.settings import SETUP_STEP, SetupStep
from hive_desktop.services.tasks import TaskScope

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from hive_desktop.ports.secrets import Keychain
    from hive_desktop.ports.vault import VaultKeys, VaultStore
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
        self.folder = folder
        self._store = store
        self._keychain = keychain
        self._build = build
        self._demo = demo
        self._session: VaultSession | None = None
        self._scope = TaskScope("lifecycle")
        self._closing: asyncio.Task[None] | None = None
        self._keys: VaultKeys | None = None
        self._state = self._state_at_rest()

    @property
    def state(self) -> AppState:
        """Return where the program stands."""
        return self._state

    @property
    def session(self) -> VaultSession | None:
        """Return the open vault's services, or None."""
        return self._session

    def has_keychain_slot(self) -> bool:
        """Tell whether the vault offers to be opened by this computer's keychain."""
        if not self._store.exists(self.folder):
            return False
        return any(slot.kind == "keyring" for slot in self._store.info(self.folder).slots)

    async def keychain_available(self) -> bool:
        """Tell whether this computer has a keychain that may hold a key."""
        return await _off_thread(self._keychain.is_available)

    async def create(self, passphrase: str) -> str:
        """Make the vault and open it; returns the recovery kit, to be shown once."""
        return await self._opening(self._create(passphrase))

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
        """Close the session as one; its keys are dropped. Silent when nothing is open."""
        session, self._session = self._session, None
        if session is not None:
            self._move(AppState.LOCKING)
            self._closing = self._scope.spawn(self._close(session), name="close")
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
        keys = await _off_thread(self._store.unlock, self.folder, current)
        await _off_thread(self._store.change_passphrase, self.folder, keys, new)
        if rekey:
            is_open = self._session is not None
            await self.lock()
            fresh = await _off_thread(self._store.rekey, self.folder, keys)
            if is_open:
                await self.unlock_with(fresh)

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
        await self.lock()
        self.bus.clear()

    async def _close(self, session: VaultSession) -> None:
        try:
            await session.close()
        finally:
            if session.is_demo:
                await self._demo.close()
            self._keys = None
            self._closing = None
            self._move(self._state_at_rest())

    def _open_keys(self) -> VaultKeys:
        if self._keys is None:
            raise VaultLockedError
        return self._keys

    async def _create(self, passphrase: str) -> str:
        keys, kit = await _off_thread(self._store.create, self.folder, passphrase)
        await self._start(keys)
        if self._session is not None:
            await self._session.settings.put(SETUP_STEP, SetupStep.SOURCE)
        return kit

    async def _open(
        self, unlock: Callable[P, VaultKeys], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        await self._start(await _off_thread(unlock, *args, **kwargs))

    async def _start(self, keys: VaultKeys) -> None:
        self._session = await self._build(self.folder, keys)
        self._keys = keys

    async def _opening(self, work: Awaitable[T]) -> T:
        await self.lock()
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
