"""Scrolling through a million rows against a thousand: wheel, page and thumb.

Each frame is the time from the movement until the table is painted. Where rows are not there yet
their places are painted; how long they take to come after a jump is told beside it.
"""

from __future__ import annotations

import statistics

from tests.bench.child import run_child
from tests.bench.result import Result
from tests.bench.shared_vault import TODAY, secret_of, vault_of

FEW, MANY = 1_000, 1_000_000
MARGIN_MS = 8.0


def measure() -> list[Result]:
    frames: dict[int, dict[str, list[float]]] = {FEW: {}, MANY: {}}
    for _ in range(2):  # the first turn warms the disk cache
        for rows in frames:
            folder, keys = vault_of(rows)
            frames[rows] = run_child(
                "tests.bench.scroll_window",
                *(str(folder), TODAY.isoformat()),
                secret=secret_of(keys),
            )
    moves = [name for name in frames[MANY] if name != "filled"]
    few, many = ([one for name in moves for one in frames[rows][name]] for rows in (FEW, MANY))
    each = ", ".join(
        f"{name} {_p99(frames[MANY][name]):.1f} against {_p99(frames[FEW][name]):.1f}"
        for name in moves
    )
    filled = frames[MANY]["filled"]
    note = (
        f"99th percentile of {len(many)} frames, {MANY:,} rows against {FEW:,}; {each} ms; rows "
        f"are there {statistics.median(filled):.0f} ms after a jump (median), "
        f"{max(filled):.0f} at most"
    )
    return [Result("scroll-1m", _p99(many), "ms", _p99(few), None, note, margin=MARGIN_MS)]


def _p99(values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[-1]
