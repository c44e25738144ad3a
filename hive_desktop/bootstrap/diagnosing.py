"""What looks whether all is well: over a locked vault, an open one, or a whole session."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hive_desktop import config
from hive_desktop.adapters.computer import ThisComputer
from hive_desktop.adapters.storage.backup_store import FileBackups
from hive_desktop.adapters.storage.inspection import FolderInspector
from hive_desktop.adapters.storage.slots import DEFAULT_KDF
from hive_desktop.bootstrap import parts
from hive_desktop.config import AppConfig
from hive_desktop.plaidkit.dates import last_skew
from hive_desktop.ports.diagnostics import BackupsSeen
from hive_desktop.services.backups import BackupService
from hive_desktop.services.diagnostics import DiagnosticsService, OpenVault, Surroundings
from hive_desktop.services.events import EventBus
from hive_desktop.services.settings import SettingsService
from hive_desktop.services.updates import UpdateService

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hive_desktop.ports.diagnostics import Web
    from hive_desktop.ports.errors import VaultError
    from hive_desktop.ports.storage import Database
    from hive_desktop.ports.system import Clock, Network
    from hive_desktop.ports.vault import VaultKeys, VaultStore
    from hive_desktop.services.bank_access import BankAccess
    from hive_desktop.services.egress import EgressService


def diagnostics(
    folder: Path,
    clock: Clock,
    opened: OpenVault | None = None,
    *,
    fault: VaultError | None = None,
) -> DiagnosticsService:
    """Return what looks at a vault, and at the computer around it.

    Args:
        folder: the vault's.
        clock: tells the time.
        opened: the open vault, None where it is locked.
        fault: why its ledger could not be opened although the key is right.
    """
    around = Surroundings(
        computer=ThisComputer(),
        inspector=FolderInspector(),
        keychain=parts.keychain(),
        clock=clock,
        logs=AppConfig.default().logs,
    )
    return DiagnosticsService(around, folder, opened, fault=fault)


def opened(
    database: Database, store: VaultStore, folder: Path, keys: VaultKeys, clock: Clock
) -> OpenVault:
    """Return what an open ledger tells; nothing can leave from it."""

    async def backups() -> BackupsSeen:
        status = await _backups(database, folder, keys, clock).status()
        proven_at = None if status.last is None else status.last.made_at
        # The vault's own folder is made with the first backup.
        return BackupsSeen(proven_at, status.is_place_there or status.is_own_place)

    return OpenVault(
        database=database,
        check_seal=lambda: store.check_header(folder, keys),
        backups=backups,
    )


def over_session(
    opened_vault: OpenVault,
    folder: Path,
    clock: Clock,
    *,
    access: BankAccess,
    asks: Web | None,
    network: Network,
) -> DiagnosticsService:
    """Return what looks at the vault of a session, which may also ask hosts."""
    whole = replace(
        opened_vault, hosts=lambda: hosts(access), web=asks, network=network, skew=last_skew
    )
    return diagnostics(folder, clock, whole)


def web(keys: VaultKeys, clock: Clock, egress: EgressService) -> Web:
    """Return what asks hosts that are neither bank nor model; each request is recorded."""
    from hive_desktop.adapters.web import PlainWeb  # noqa: PLC0415 - not for every start

    return PlainWeb(keys.egress, clock, egress.note)


def hosts(access: BankAccess) -> Mapping[str, str]:
    """Return the addresses that a vault speaks to for its banks, by kind."""
    from hive_desktop.plaidkit.hosts import resolve_host  # noqa: PLC0415 - as above

    found = {}
    if access.keys_host is not None:  # it was resolved when the keys were taken up
        found["Plaid"] = resolve_host(access.keys_host)
    if access.grant is not None:
        found["relay"] = access.grant.url
    return found


def updates(asks: Web, settings: SettingsService, bus: EventBus, clock: Clock) -> UpdateService:
    """Return what asks for a newer Hive."""
    source = config.update_source()
    return UpdateService(source, asks, settings, bus=bus, clock=clock)


def _backups(database: Database, folder: Path, keys: VaultKeys, clock: Clock) -> BackupService:
    """Return what knows of a vault's backups; it makes none."""
    return BackupService(
        FileBackups(clock, DEFAULT_KDF),
        folder,
        keys,
        SettingsService(database),
        EventBus(),
        clock,
        is_read_only=True,
    )
