"""A category chosen by hand, until the Overview's figures and charts are right again.

The row's merchant has that one row in both vaults, so that nothing else follows it.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hive_desktop import bootstrap
from hive_desktop.domain.changes import Actor
from hive_desktop.domain.days import to_day
from hive_desktop.domain.ledger import BankTransaction
from hive_desktop.domain.reconcile import Plan
from tests.bench.bulk_vault import NO_BANK
from tests.bench.child import run_child
from tests.bench.result import Result
from tests.bench.shared_vault import TODAY, secret_of, vault_of

if TYPE_CHECKING:
    from hive_desktop.ports.storage import Writes

FEW, MANY = 1_000, 1_000_000
BOUND = 1.2
ROWS = 24
TURNS = 2


def measure() -> list[Result]:
    seconds: dict[int, list[float]] = {FEW: [], MANY: []}
    with tempfile.TemporaryDirectory(prefix="hive-edit-") as folder:
        vaults = {rows: _vault(rows, Path(folder) / str(rows)) for rows in seconds}
        for turn in range(TURNS + 1):
            for rows, found in seconds.items():
                told = run_child(
                    "tests.bench.edit_window",
                    *(str(vaults[rows]), TODAY.isoformat()),
                    secret=secret_of(vault_of(rows)[1]),
                )
                if turn:  # the first turn warms the disk cache
                    found.extend(told["seconds"])
    value, floor = (statistics.median(seconds[rows]) * 1000 for rows in (MANY, FEW))
    note = (
        f"median of {len(seconds[MANY])} choices until figures and charts are painted, {MANY:,} "
        f"rows against {FEW:,}; slowest {max(seconds[MANY]) * 1000:.0f} against "
        f"{max(seconds[FEW]) * 1000:.0f} ms"
    )
    return [Result("edit-1m", value, "ms", floor, BOUND, note)]


def _vault(rows: int, folder: Path) -> Path:
    """Return a copy of a shared vault with rows of merchants that come once."""
    source, keys = vault_of(rows)
    shutil.copytree(source, folder)

    async def add() -> None:
        clock = bootstrap.clock_of(TODAY)
        database = bootstrap.vault_store(clock).open_database(folder, keys)

        def work(writes: Writes) -> None:
            (item,) = writes.known_items()
            run = writes.begin_run(item.id, "bench")
            applied = writes.apply_plan(item.id, Plan(inserts=_rows()), run)
            writes.end_run(run, applied, 1, None)

        await database.write(work, actor=Actor.PROGRAM)
        await database.close()

    bootstrap.run_async(add())
    return folder


def _rows() -> list[BankTransaction]:
    day = to_day(TODAY)
    return [
        BankTransaction(
            f"once{n}", NO_BANK.account_ids[0], day, day, 100_000 + n, "USD",
            f"ONCE {word.upper()}", f"Once {word.title()}", None, None, False, None, None, None,
            None, None,
        )
        for n, word in enumerate(f"{chr(97 + n)}{chr(110 - n % 14)}quil" for n in range(ROWS))
    ]  # fmt: skip
