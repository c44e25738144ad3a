"""How long the window's loop is held up while a file of 100,000 rows comes in, leaves and returns.

The whole walk of a person: a file is dropped on the window, read, compared, imported, and the
Transactions page shows it; then the list of past imports undoes it and does it again. The floor is
the same heart over the same window at rest, in the same process.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.bench.bulk_vault import make_vault
from tests.bench.child import run_child
from tests.bench.heart import Beats
from tests.bench.importing import ROWS, TODAY, write_csv_rows
from tests.bench.result import Result
from tests.bench.shared_vault import secret_of

ROWS_BEFORE = 20_000
WORST_MS, WORST_BOUND = 100.0, 1.5
STEPS = ("read", "compare", "import", "undo", "redo")


def measure() -> list[Result]:
    with tempfile.TemporaryDirectory() as folder:
        vault, file = Path(folder) / "vault", Path(folder) / "statement.csv"
        keys = make_vault(vault, ROWS_BEFORE, today=TODAY)
        write_csv_rows(file)
        told = run_child(
            "tests.bench.import_stall_window",
            *(str(vault), TODAY.isoformat(), str(file)),
            secret=secret_of(keys),
        )
    idle = Beats.of(told["idle"])
    every = Beats.of([late for step in STEPS for late in told[step]["late"]])
    worst = {step: Beats.of(told[step]["late"]) for step in STEPS}
    said = ", ".join(
        f"{step} {worst[step].worst:.0f} ms in {told[step]['seconds']:.1f} s" for step in STEPS
    )
    note = (
        f"{ROWS:,} rows, longest stall of each step: {said}; p99 of all {every.p99:.1f} ms over "
        f"{every.count:,} beats, at rest worst {idle.worst:.1f} ms"
    )
    return [
        Result(
            "import-stall", every.worst, "ms", idle.worst, WORST_BOUND, note, enough=WORST_MS,
        )
    ]  # fmt: skip
