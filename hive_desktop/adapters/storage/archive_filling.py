"""Makes the ledger of a new vault out of an archive, whatever schema that is of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from hive_desktop.adapters.storage import derived
from hive_desktop.adapters.storage.archive_reading import Archive, put
from hive_desktop.adapters.storage.catch_up import catch_up, is_behind
from hive_desktop.adapters.storage.connect import Role, connect
from hive_desktop.adapters.storage.engine import engine_for
from hive_desktop.adapters.storage.ids import new_id
from hive_desktop.adapters.storage.instants import to_micros
from hive_desktop.adapters.storage.migrate import upgrade
from hive_desktop.ports.backups import Phase

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType

    from hive_desktop.ports.backups import Heard
    from hive_desktop.ports.system import Clock


class ArchiveFilling:
    """Fills ledgers from one archive, which is open as long as this is entered.

    Args:
        file: the archive.
        device: how the new vault's device is called in its log.
        heard: told rows.

    Raises:
        See `archive_reading`.
    """

    def __init__(self, file: Path, device: str, heard: Heard) -> None:
        self._archive = Archive(file)
        self._device = device
        self._heard = heard

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _exc: BaseException | None,
        _at: TracebackType | None,
    ) -> None:
        self._archive.close()

    @property
    def rows(self) -> Mapping[str, int]:
        """Return how many rows the archive has of each table."""
        return self._archive.manifest.rows

    def __call__(self, file: Path, key: bytes, vault_id: str, clock: Clock) -> None:
        """Fill a ledger that is empty and has no schema yet."""
        upgrade(file, key, to=self._archive.manifest.schema)
        profile = {
            "id": new_id(),
            "vault_id": vault_id,
            "device": self._device,
            "created_at": to_micros(clock.now()),
        }
        put(self._archive, file, key, profile, self._heard)
        self._heard(Phase.UPDATING, 0, 0)
        upgrade(file, key)
        engine = engine_for(file, key, Role.TOOL)
        try:
            with self._archive.faults(), engine.connect() as connection:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                derived.rebuild(connection)
                connection.commit()
        finally:
            engine.dispose()
        raw = connect(file, key, Role.TOOL)
        try:
            behind = is_behind(raw)
        finally:
            raw.close()
        if behind:
            catch_up(file, key, clock)
