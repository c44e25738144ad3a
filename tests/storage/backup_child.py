"""Does one thing to a vault's backups, for a tracer that kills it: KEYS FOLDER THING BACKUP."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from hive_desktop.adapters.storage.slots import KdfParameters
from hive_desktop.adapters.storage.store import FileVaultStore
from hive_desktop.ports.vault import VaultKeys


class Clock:
    def now(self):
        return datetime(2026, 3, 15, 12, tzinfo=UTC)


def main(arguments):
    secret, folder, thing, backup = arguments
    keys = VaultKeys(*map(bytes.fromhex, secret.split(",")))
    store = FileVaultStore(clock=Clock(), keychain=None, kdf=KdfParameters(8, 1, 1))
    place = store.backups.own_place(Path(folder))
    if thing == "make":
        store.backups.make(Path(folder), keys, place, Clock().now())
    else:
        store.backups.restore(place / backup, keys, Path(folder), ready=lambda: None)


if __name__ == "__main__":
    main(sys.argv[1:])
