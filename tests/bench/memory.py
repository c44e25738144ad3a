"""What the window holds at a million rows, beside what it holds at a thousand.

Each is a process of its own that opens the Overview and goes through its periods, opens the
transactions, scrolls to their end, and searches and sorts them. What it holds is asked when all of
that is over; the most that it held meanwhile is told beside it.
"""

from __future__ import annotations

import statistics

from tests.bench.child import run_child
from tests.bench.result import Result
from tests.bench.shared_vault import TODAY, secret_of, vault_of

FEW, MANY = 1_000, 1_000_000
TURNS = 3
MARGIN_MB = 60.0
_MB = 1_000_000


def measure() -> list[Result]:
    told: dict[int, list[dict[str, float]]] = {FEW: [], MANY: []}
    for _ in range(TURNS):
        for rows, found in told.items():
            folder, keys = vault_of(rows)
            found.append(
                run_child(
                    "tests.bench.memory_window",
                    *(str(folder), TODAY.isoformat()),
                    secret=secret_of(keys),
                )
            )
    after, peak, opened = (
        {rows: statistics.median(one[name] for one in told[rows]) / _MB for rows in told}
        for name in ("after", "peak", "opened")
    )
    note = (
        f"median of {TURNS} turns, {MANY:,} rows against {FEW:,}, after overview, scrolling to the "
        f"end, searches and orders; at the most {peak[MANY]:.0f} against {peak[FEW]:.0f} MB; once "
        f"the overview was there {opened[MANY]:.0f} against {opened[FEW]:.0f} MB"
    )
    return [Result("memory-1m", after[MANY], "MB", after[FEW], None, note, margin=MARGIN_MB)]
