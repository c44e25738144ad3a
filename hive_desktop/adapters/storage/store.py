"""Vault folders for the composition root: implements `ports.storage.VaultStore`.

    vault.json   header with key slots      ledger.db   SQLCipher      backups/   one file each

A folder becomes a vault with its header, which is written last.
"""

from __future__ import annotations

import secrets
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING

from hive_desktop.adapters.storage import backups, recovery_kit, rekey, restoring, vault_file
from hive_desktop.adapters.storage.archive_store import FileExports
from hive_desktop.adapters.storage.backup_places import BACKUPS
from hive_desktop.adapters.storage.backup_store import FileBackups
from hive_desktop.adapters.storage.catch_up import catch_up, is_behind
from hive_desktop.adapters.storage.connect import PAGE_BYTES, Role, connect, role_for_reading
from hive_desktop.adapters.storage.database import SqlDatabase
from hive_desktop.adapters.storage.faults import translated
from hive_desktop.adapters.storage.files import (
    create_private_file,
    make_private_folder,
    remove_quietly,
    sync_file,
)
from hive_desktop.adapters.storage.header import FORMAT, HEADER_FILE, read_header, write_header
from hive_desktop.adapters.storage.instants import to_micros
from hive_desktop.adapters.storage.lock import LOCK_FILES, OwnerLock
from hive_desktop.adapters.storage.migrate import stored_version, upgrade
from hive_desktop.adapters.storage.names import HEAD, LEDGER_FILE
from hive_desktop.adapters.storage.slots import (
    DEFAULT_KDF,
    SlotKind,
    SlotSecret,
    check_new_passphrase,
    passphrase_secret,
)
from hive_desktop.i18n import mark
from hive_desktop.ports.backups import Phase, heard_by_nobody
from hive_desktop.ports.errors import (
    KeychainError,
    VaultBusyError,
    VaultDamagedError,
    VaultExistsError,
    VaultUnwritableError,
)
from hive_desktop.ports.vault import SlotInfo, VaultInfo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Executor
    from pathlib import Path

    from hive_desktop.adapters.storage.slots import (
        KdfParameters,
    )
    from hive_desktop.domain.changes import ChangeSet
    from hive_desktop.ports.backups import Heard, Settled
    from hive_desktop.ports.secrets import Keychain
    from hive_desktop.ports.system import Clock
    from hive_desktop.ports.vault import VaultKeys

_VAULT_ID_BYTES = 16
_KEYCHAIN_SECRET_BYTES = 32


class FileVaultStore:
    """Creates, opens and changes vaults. Every method blocks.

    Args:
        clock: the source of time.
        keychain: where the secret of the keyring slot is kept.
        kdf: the costs of new passphrase slots. Costs below the program's own make this store accept
            equally cheap headers: for tests.
        make_pool: makes the pools of a ledger's connections; threads by default.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        keychain: Keychain,
        kdf: KdfParameters = DEFAULT_KDF,
        make_pool: Callable[[Role], Executor] | None = None,
    ) -> None:
        self._clock = clock
        self._keychain = keychain
        self._kdf = kdf
        self._make_pool = make_pool
        self.backups = FileBackups(clock, kdf)
        self.exports = FileExports(
            lambda folder, passphrase, fill: self.create(folder, passphrase, fill=fill)
        )

    def settle(self, folder: Path) -> Settled | None:
        """Finish or take back a restore that was cut off; see `restoring.settle`."""
        return restoring.settle(folder)

    def exists(self, folder: Path) -> bool:
        """Tell whether the folder is a vault."""
        with translated(folder):
            return (folder / HEADER_FILE).exists()

    def info(self, folder: Path) -> VaultInfo:
        """Return what the header says without a key; nothing of it is proven yet."""
        header = read_header(folder)
        slots = tuple(
            SlotInfo(slot.id, slot.kind.value, _instant(slot.created_at)) for slot in header.slots
        )
        return VaultInfo(folder, header.vault_id, FORMAT, _instant(header.created_at), slots)

    def create(
        self,
        folder: Path,
        passphrase: str,
        *,
        may_be_short: bool = False,
        fill: Callable[[Path, bytes, str, Clock], None] | None = None,
    ) -> tuple[VaultKeys, str]:
        """Make the folder, the ledger and the header; returns the keys and the recovery kit's text.

        Where it fails, nothing that it made is left.

        Args:
            folder: the vault.
            passphrase: what opens it.
            may_be_short: of the passphrase.
            fill: makes the schema and the first rows of an empty ledger, given its file, its key
                and the vault's id; by default those of a new vault.

        Raises:
            UsageError: the passphrase is too short.
            VaultExistsError: the folder holds a vault, or a ledger whose header is gone.
            VaultUnwritableError: the disk refuses.
        """
        if not may_be_short:
            check_new_passphrase(passphrase)
        vault_id = secrets.token_hex(_VAULT_ID_BYTES)
        master, database = vault_file.fresh_keys()
        with translated(folder), _without_leftovers(folder):
            make_private_folder(folder)
            with OwnerLock(folder):
                if (folder / HEADER_FILE).exists() or (folder / LEDGER_FILE).exists():
                    raise VaultExistsError(folder=folder)
                try:
                    self._make_ledger(folder, database, vault_id, fill or _new_ledger)
                    header = vault_file.new_header(vault_id, self._now(), master, database)
                    recovery = SlotSecret(SlotKind.RECOVERY, recovery_kit.new_secret())
                    for secret in (passphrase_secret(passphrase), recovery):
                        header = vault_file.add_slot(
                            header, secret, master, at=self._now(), kdf=self._kdf
                        )
                    write_header(folder, header)
                except BaseException:
                    remove_quietly(folder / HEADER_FILE, folder / LEDGER_FILE)
                    raise
        keys = vault_file.keys_of(header, master, database)
        return keys, recovery_kit.to_text(recovery.secret)

    def unlock(self, folder: Path, passphrase: str) -> VaultKeys:
        """Open by passphrase; raises WrongKeyError, VaultDamagedError, NoVaultError."""
        return self._unlock(folder, passphrase_secret(passphrase))

    def unlock_recovery(self, folder: Path, recovery_key: str) -> VaultKeys:
        """Open by the recovery kit's text; raises as `unlock` does."""
        return vault_file.by_recovery_key(
            lambda secret: self._unlock(folder, secret),
            recovery_key,
            refused=mark("This recovery key does not open the vault."),
            hint=mark("A newer kit replaces the older ones: look for the latest print."),
        )

    def unlock_keychain(self, folder: Path) -> VaultKeys:
        """Open by the secret that this computer's keychain keeps.

        Raises:
            KeychainError: there is no such slot or secret, or the keychain refuses.
        """
        header = read_header(folder)
        secret = self._keychain.fetch(header.vault_id)
        if secret is None or not header.slots_of(SlotKind.KEYRING):
            raise KeychainError("This computer's keychain holds no key for the vault.")
        return self._unlock(folder, SlotSecret(SlotKind.KEYRING, secret))

    def change_passphrase(self, folder: Path, keys: VaultKeys, passphrase: str) -> None:
        """Put a new passphrase in place of the old one; an old copy of the header still opens."""
        check_new_passphrase(passphrase)
        self._put_slot(folder, keys, passphrase_secret(passphrase))

    def new_recovery_kit(self, folder: Path, keys: VaultKeys) -> str:
        """Put a new recovery kit in place of the old one; returns its text."""
        secret = recovery_kit.new_secret()
        self._put_slot(folder, keys, SlotSecret(SlotKind.RECOVERY, secret))
        return recovery_kit.to_text(secret)

    def enable_keychain(self, folder: Path, keys: VaultKeys) -> None:
        """Let this computer's keychain open the vault; raises KeychainError."""
        secret = secrets.token_bytes(_KEYCHAIN_SECRET_BYTES)
        self._keychain.store(read_header(folder).vault_id, secret)
        self._put_slot(folder, keys, SlotSecret(SlotKind.KEYRING, secret))

    def disable_keychain(self, folder: Path, keys: VaultKeys | None = None) -> None:
        """Take the keychain's slot away. Without keys the keychain's own secret opens them."""
        opened = keys or self.unlock_keychain(folder)
        with translated(folder):
            changed = vault_file.change_header(
                folder, opened.master, lambda header: header.without(SlotKind.KEYRING)
            )
        self._keychain.forget(changed.vault_id)

    def check_header(self, folder: Path, keys: VaultKeys) -> None:
        """Hold the header as it is now against its seal; raises VaultDamagedError."""
        read_header(folder).check(keys.master)

    @contextmanager
    def alone(self, folder: Path) -> Iterator[None]:
        """Have the vault's lock meanwhile; see the port."""
        lock = OwnerLock(folder)
        with translated(folder):
            lock.acquire()
        try:
            yield
        finally:
            lock.release()

    def rekey(self, folder: Path, keys: VaultKeys) -> VaultKeys:
        """Encrypt the ledger under a new key. The database must be closed; see `rekey.rekey`."""
        with translated(folder), OwnerLock(folder):
            self._settle_rekey(folder, keys)  # one that was killed goes first
            return rekey.rekey(folder, keys)

    def open_database(
        self,
        folder: Path,
        keys: VaultKeys,
        *,
        read_only: bool = False,
        publish: Callable[[ChangeSet], None] | None = None,
        heard: Heard = heard_by_nobody,
    ) -> SqlDatabase:
        """Take the vault's lock, migrate, and return the database; see the port.

        Args:
            folder: the vault.
            keys: what an unlock returned.
            read_only: read beside whoever owns the vault.
            publish: called on the loop's thread with what each committed write changed.
            heard: told how far a migration and the backup before it are, on this thread.
        """
        file = folder / LEDGER_FILE
        with translated(folder):
            if not file.is_file():
                raise VaultDamagedError("The vault's ledger.db is missing.")
            if _is_cut_short(file):
                raise VaultDamagedError
            if read_only:
                with closing(connect(file, keys.database, role_for_reading(file))) as raw:
                    stored_version(raw)
                return self._database(file, keys, None, publish)
            lock = OwnerLock(folder)
            lock.acquire()
            try:
                self._settle_rekey(folder, keys)
                self._migrate(folder, keys, heard)
                return self._database(file, keys, lock, publish)
            except BaseException:
                lock.release()
                raise

    def _database(
        self,
        file: Path,
        keys: VaultKeys,
        lock: OwnerLock | None,
        publish: Callable[[ChangeSet], None] | None,
    ) -> SqlDatabase:
        return SqlDatabase(
            file,
            keys.database,
            clock=self._clock,
            lock=lock,
            publish=publish,
            make_pool=self._make_pool,
        )

    def _make_ledger(
        self,
        folder: Path,
        key: bytes,
        vault_id: str,
        fill: Callable[[Path, bytes, str, Clock], None],
    ) -> None:
        made = folder / f"{LEDGER_FILE}.new"
        leftovers = [
            made,
            *(made.with_name(made.name + end) for end in ("-wal", "-shm", "-journal")),
        ]
        remove_quietly(*leftovers)
        try:
            make_private_folder(folder / BACKUPS)
            create_private_file(made)
            fill(made, key, vault_id, self._clock)
            sync_file(made)
        except BaseException:
            remove_quietly(*leftovers)
            raise
        made.replace(folder / LEDGER_FILE)

    def _unlock(self, folder: Path, secret: SlotSecret) -> VaultKeys:
        header = read_header(folder)
        master = vault_file.master_key(header, secret, self._kdf)
        return vault_file.keys_of(header, master, rekey.choose_key(folder, header, master))

    def _put_slot(self, folder: Path, keys: VaultKeys, secret: SlotSecret) -> None:
        with translated(folder):
            vault_file.change_header(
                folder,
                keys.master,
                lambda header: vault_file.add_slot(
                    header, secret, keys.master, at=self._now(), kdf=self._kdf
                ),
            )

    def _settle_rekey(self, folder: Path, keys: VaultKeys) -> None:
        if len(read_header(folder).database_keys) > 1:
            rekey.finish(folder, keys)

    def _migrate(self, folder: Path, keys: VaultKeys, heard: Heard) -> None:
        """Bring the ledger to this program's schema, after a backup that is proven.

        The backup lies in the vault's own folder, whatever other one the person chose: that is on
        the disk that is there.
        """
        file, key = folder / LEDGER_FILE, keys.database
        with closing(connect(file, key, Role.TOOL)) as raw:
            version = stored_version(raw)
            is_whole = version == HEAD and not is_behind(raw)
        if is_whole:
            return
        if version != HEAD:
            place = folder / BACKUPS
            made, _ = backups.make(folder, keys, place, self._clock.now(), heard)
            heard(Phase.UPDATING, 0, 0)
            upgrade(file, key)
            with suppress(VaultUnwritableError):  # the next backup lets them go
                backups.thin(place, made.vault_id, made.file)
        heard(Phase.UPDATING, 0, 0)
        catch_up(file, key, self._clock)

    def _now(self) -> str:
        return self._clock.now().isoformat(timespec="seconds")


def _new_ledger(file: Path, key: bytes, vault_id: str, clock: Clock) -> None:
    from hive_desktop.adapters.storage.seed import (  # noqa: PLC0415 - SQLAlchemy, once a vault
        seed_ledger,
    )

    upgrade(file, key)
    seed_ledger(file, key, vault_id, to_micros(clock.now()))


@contextmanager
def _without_leftovers(folder: Path) -> Iterator[None]:
    """Remove the folder of a vault that could not be made, if it was not there before."""
    is_new = not folder.exists()
    try:
        yield
    except (VaultBusyError, VaultExistsError):  # another process makes one there: its lock stays
        raise
    except BaseException:
        if is_new:
            with suppress(OSError):
                (folder / BACKUPS).rmdir()
                remove_quietly(*(folder / name for name in LOCK_FILES))
                folder.rmdir()
        raise


def _is_cut_short(file: Path) -> bool:
    """Tell whether the file ends within a page; a write-ahead log mends what a crash left so."""
    has_log = file.with_name(f"{file.name}-wal").exists()
    return not has_log and file.stat().st_size % PAGE_BYTES != 0


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as exc:
        raise VaultDamagedError from exc
    if instant.tzinfo is None:
        raise VaultDamagedError
    return instant
