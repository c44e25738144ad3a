"""Process start to right figures in the Overview's cards, and to its last chart.

A vault of 100,000 rows whose key is given, against an empty PySide6 window to its first paint. Both
are processes of their own; they take turns, and medians are compared. Hive's modules are compiled
before, as an installer does it.
"""

from __future__ import annotations

import compileall
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from tests.bench.bank import ROOT
from tests.bench.bulk_vault import make_vault
from tests.bench.result import Result

ROWS = 100_000
TURNS = 7
TODAY = date(2026, 11, 23)
CARDS_BOUND, CHARTS_BOUND = 3.5, 7.0


def measure() -> list[Result]:
    compileall.compile_dir(ROOT / "hive_desktop", quiet=1)
    with tempfile.TemporaryDirectory() as folder:
        vault = Path(folder) / "vault"
        keys = make_vault(vault, ROWS, today=TODAY)
        secret = f"{keys.master.hex()} {keys.database.hex()} {keys.egress.hex()}"
        empty, cards, charts = [], [], []
        for turn in range(TURNS + 1):
            floor = moments(["tests.bench.start_empty"], "")
            hive = moments(["tests.bench.start_hive", str(vault), TODAY.isoformat()], secret)
            if turn:  # the first turn warms the disk cache
                empty.append(floor["painted"])
                cards.append(hive["cards"])
                charts.append(hive["charts"])
    floor = statistics.median(empty)
    note = f"median of {TURNS} turns, {ROWS:,} rows, key given"
    return [
        Result("start", statistics.median(cards), "s", floor, CARDS_BOUND, f"to the cards; {note}"),
        Result(
            "start-charts", statistics.median(charts), "s", floor, CHARTS_BOUND,
            f"to the last chart; {note}",
        ),
    ]  # fmt: skip


def moments(module: list[str], secret: str) -> dict[str, float]:
    """Run a child; returns seconds from its start to each moment that it names."""
    command = [sys.executable, "-m", *module]
    started = time.monotonic()
    done = subprocess.run(
        command, cwd=ROOT, input=secret, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    return {name: float(at) - started for name, at in lines}
