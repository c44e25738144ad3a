"""Vaults that several benchmarks of one run only read: made once each."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.bulk_vault import make_vault

if TYPE_CHECKING:
    from hive_desktop.ports.vault import VaultKeys

TODAY = date(2026, 11, 23)


def secret_of(keys: VaultKeys) -> str:
    """Return keys as `windows.keys_given` reads them."""
    return f"{keys.master.hex()} {keys.database.hex()} {keys.egress.hex()}"


@cache
def vault_of(rows: int) -> tuple[Path, VaultKeys]:
    """Return the folder and the keys of a vault of so many rows; it goes when the run ends."""
    folder = Path(tempfile.mkdtemp(prefix="hive-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    vault = folder / "vault"
    return vault, make_vault(vault, rows, today=TODAY, is_tagged=True)
