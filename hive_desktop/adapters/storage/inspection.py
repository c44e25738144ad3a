"""What a vault tells of its own state: its folder without a key, its ledger with one."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import sys
from typing import TYPE_CHECKING, Final

import sqlcipher3.dbapi2 as sqlcipher  # type: ignore[import-untyped]

from hive_desktop.adapters.storage.backup_places import BACKUPS
from hive_desktop.adapters.storage.connect import PAGE_BYTES
from hive_desktop.adapters.storage.header import HEADER_FILE, read_header
from hive_desktop.adapters.storage.lock import holder_of, is_own
from hive_desktop.adapters.storage.migrate import stored_version
from hive_desktop.adapters.storage.names import HEAD, LEDGER_FILE
from hive_desktop.adapters.storage.restoring import is_unsettled
from hive_desktop.adapters.storage.slots import DEFAULT_KDF, SlotKind
from hive_desktop.ports.diagnostics import KeySlots, LedgerLook, VaultLook
from hive_desktop.ports.errors import VaultError

if TYPE_CHECKING:
    from pathlib import Path

    from hive_desktop.adapters.storage.connect import RawConnection
    from hive_desktop.adapters.storage.header import Header

_MOST_FAULTS: Final = 100
_OTHERS: Final = 0o077
_LEFT: Final = (".tmp", ".new", ".part", ".rekey")
# How many rows there are and what they come to, all of them and those that are not hidden. The sums
# go over all currencies: they are compared and shown to nobody.
_ROWS: Final = """
    SELECT count(*), coalesce(sum(amount_minor), 0), coalesce(sum(hidden = 0), 0),
           coalesce(sum(iif(hidden = 0, amount_minor, 0)), 0)
    FROM transactions
"""
_SPENT: Final = "SELECT coalesce(sum(n), 0), coalesce(sum(out_minor - in_minor), 0) FROM "
_MOVED: Final = "SELECT coalesce(sum(n), 0), coalesce(sum(posted_minor + pending_minor), 0) FROM "
# Each derived table, and whether it leaves hidden rows out.
_DERIVED: Final = {
    "account_daily": (f"{_MOVED} account_daily", False),
    "amounts": ("SELECT count(*), coalesce(sum(amount_minor), 0) FROM amounts", False),
    "spend_daily": (f"{_SPENT} spend_daily", True),
    "spend_monthly": (f"{_SPENT} spend_monthly", True),
}
_INDEXED: Final = "SELECT count(*) FROM transactions_fts_docsize"


class FolderInspector:
    """Implements `ports.diagnostics.VaultInspector`."""

    def look(self, folder: Path) -> VaultLook:
        """Return what can be told of a vault's folder without a key."""
        is_restoring = is_unsettled(folder)
        if not (folder / HEADER_FILE).exists() and not (folder / LEDGER_FILE).exists():
            return VaultLook(exists=False, free_bytes=_free(folder), is_restoring=is_restoring)
        slots, fault = None, ""
        try:
            slots = _slots(read_header(folder))
        except VaultError as error:
            fault = type(error).__name__
        holder = holder_of(folder)
        ledger = folder / LEDGER_FILE
        return VaultLook(
            exists=True,
            slots=slots,
            header_fault=fault,
            is_cut_short=_is_cut_short(ledger),
            open_to_others=_open_to_others(folder),
            leftovers=_leftovers(folder),
            holder=holder,
            is_held_here=is_own(holder),
            ledger_bytes=_size(ledger) + _size(folder / f"{LEDGER_FILE}-wal"),
            free_bytes=_free(folder),
            is_restoring=is_restoring,
        )


def examine(raw: RawConnection, *, thorough: bool) -> LedgerLook:
    """Return what a ledger tells of itself; reads every page.

    Args:
        raw: a connection for reading.
        thorough: also hold indexes against tables, pages against their seals, and rows against
            those that they name: takes about twice as long.
    """
    check = "integrity_check" if thorough else "quick_check"
    found = raw.execute(f"PRAGMA {check}({_MOST_FAULTS})").fetchall()
    faults = 0 if found == [("ok",)] else len(found)
    broken = orphans = None
    if thorough:
        broken = len(raw.execute("PRAGMA cipher_integrity_check").fetchall())
        orphans = len(raw.execute("PRAGMA foreign_key_check").fetchmany(_MOST_FAULTS))
    return LedgerLook(
        schema=stored_version(raw),
        head=HEAD,
        faults=faults,
        is_thorough=thorough,
        broken_pages=broken,
        orphans=orphans,
        differing=_differing(raw),
    )


def _differing(raw: RawConnection) -> list[str]:
    """Return which derived tables do not add up to the rows; an older schema lacks some."""
    count, total, visible_count, visible_total = raw.execute(_ROWS).fetchone()
    found = []
    for name, (statement, is_visible) in _DERIVED.items():
        rows = (visible_count, visible_total) if is_visible else (count, total)
        with contextlib.suppress(sqlcipher.OperationalError):
            if raw.execute(statement).fetchone() != rows:
                found.append(name)
    if raw.execute(_INDEXED).fetchone() != (count,):
        found.append("transactions_fts")
    return found


def _slots(header: Header) -> KeySlots:
    kinds = [slot.kind for slot in header.slots]
    costs = [slot.kdf for slot in header.slots if slot.kdf is not None]
    return KeySlots(
        passphrase=kinds.count(SlotKind.PASSPHRASE),
        recovery=kinds.count(SlotKind.RECOVERY),
        keyring=kinds.count(SlotKind.KEYRING),
        weak=sum(
            cost.memory_kib * cost.passes < DEFAULT_KDF.memory_kib * DEFAULT_KDF.passes
            for cost in costs
        ),
    )


def _is_cut_short(ledger: Path) -> bool | None:
    if not ledger.is_file():
        return None
    has_log = ledger.with_name(f"{ledger.name}-wal").exists()
    return not has_log and _size(ledger) % PAGE_BYTES != 0


def _open_to_others(folder: Path) -> int | None:
    """Count what others than the owner may read or write; Windows tells it in other ways."""
    if sys.platform == "win32":
        return None
    else:  # noqa: RET505 - so that each system's half is checked for types there alone
        count = 0
        for one in (folder, *folder.glob("*"), *(folder / BACKUPS).rglob("*")):
            with contextlib.suppress(OSError):
                told = one.lstat()
                mode = stat.S_IMODE(told.st_mode)
                is_link = stat.S_ISLNK(told.st_mode)
                count += is_link or bool(mode & _OTHERS) or told.st_uid != os.geteuid()
        return count


def _leftovers(folder: Path) -> int:
    return sum(1 for one in folder.glob("*") if one.name.endswith(_LEFT))


def _free(folder: Path) -> int | None:
    there = next((one for one in (folder, *folder.parents) if one.exists()), None)
    with contextlib.suppress(OSError):
        return None if there is None else shutil.disk_usage(there).free
    return None


def _size(file: Path) -> int:
    with contextlib.suppress(OSError):
        return file.stat().st_size
    return 0
