"""How long the window's loop is held up while 100,000 rows come in.

A heart beats every 5 ms on the loop of a real window, whose Transactions page is scrolled all the
while. The floor is the same heart over the same scrolling without a sync, in the same process,
before and after: p99 and the worst of how late a beat comes.
"""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path

from tests.bench.bank import bulk_bank_process
from tests.bench.bulk_vault import make_vault
from tests.bench.child import run_child
from tests.bench.heart import Beats
from tests.bench.ingest import ITEMS, ROWS, ROWS_PER_ITEM, TODAY
from tests.bench.result import Result

ROWS_BEFORE = 20_000
MARGIN_MS = 8.0
WORST_MS, WORST_BOUND = 50.0, 1.5


def measure() -> list[Result]:
    with bulk_bank_process(ITEMS, ROWS_PER_ITEM) as url, tempfile.TemporaryDirectory() as folder:
        vault = Path(folder) / "vault"
        keys = make_vault(vault, ROWS_BEFORE, today=TODAY)
        secret = f"{keys.master.hex()} {keys.database.hex()} {keys.egress.hex()}"
        told = run_child("tests.bench.sync_stall_window", url, str(vault), secret=secret)
    before, busy, after = (told[name] for name in ("before", "busy", "after"))
    idle, syncing = Beats.of(before + after), Beats.of(busy)
    longest = sorted(zip(busy, told["at"], strict=True), reverse=True)[:5]
    when = ", ".join(f"{late:.0f} ms at {at:.1f} s" for late, at in longest)
    note = (
        f"p99 {syncing.p99:.1f} ms and worst {syncing.worst:.1f} ms over {syncing.count:,} beats "
        f"in a sync of {ROWS:,} rows that took {told['seconds']:.1f} s; without it p99 "
        f"{idle.p99:.1f} ms and worst {idle.worst:.1f} ms over {idle.count:,} beats; "
        f"longest: {when}"
    )
    return [
        Result("sync-stall p99", syncing.p99, "ms", idle.p99, None, note, margin=MARGIN_MS),
        Result(
            "sync-stall worst", syncing.worst, "ms", idle.worst, WORST_BOUND, note,
            enough=WORST_MS,
        ),
    ]  # fmt: skip


def bounce(least: int, most: int, step: int) -> itertools.cycle[int]:
    """Return the places of an endless way up and down."""
    down = range(least, most, step)
    return itertools.cycle([*down, *reversed(down)])
