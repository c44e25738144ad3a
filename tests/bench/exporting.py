"""100,000 rows of a vault to a CSV file that a spreadsheet takes for what it is.

The floor is what nobody can leave out: the same cells by one raw statement over the same encrypted
file and the csv module, without filters, formula safety and one instant of the ledger. Both are
processor time: what else runs on the machine is not in it.
"""

from __future__ import annotations

import csv
import statistics
import tempfile
import time
from contextlib import closing
from pathlib import Path

from hive_desktop import bootstrap
from hive_desktop.adapters.storage.connect import Role, connect
from hive_desktop.adapters.storage.names import LEDGER_FILE
from hive_desktop.domain.days import from_day
from hive_desktop.domain.exporting import ExportFormat
from hive_desktop.domain.ledger import TransactionQuery
from tests.bench.result import Result
from tests.bench.shared_vault import TODAY, vault_of

ROWS, TURNS = 100_000, 5
BOUND = 2.7
_FLOOR = """
    SELECT t.posted_on, coalesce(t.display_name, t.merchant_name, t.name), t.name, -t.amount_minor,
           t.currency, c.name, a.name, i.institution, t.pending, t.note, t.tags, t.hidden,
           hex(t.id)
    FROM transactions AS t
    LEFT JOIN categories AS c ON c.id = t.category_id
    JOIN accounts AS a ON a.id = t.account_id
    JOIN plaid_items AS i ON i.id = a.item_id
    ORDER BY t.seq DESC
"""


def measure_csv() -> list[Result]:
    """Return the processor seconds of a CSV file."""
    vault, keys = vault_of(ROWS)
    with tempfile.TemporaryDirectory() as folder:
        ours, plain = Path(folder) / "ours.csv", Path(folder) / "floor.csv"
        turns = bootstrap.run_async(_turns(vault, keys, ours, plain))
        lines = [file.read_bytes().count(b"\r\n") for file in (ours, plain)]
        assert lines == [ROWS + 1, ROWS + 1], lines
    floor = statistics.median(one[0] for one in turns)
    seconds = statistics.median(one[1] for one in turns)
    note = f"{ROWS / seconds:,.0f} rows a second against {ROWS / floor:,.0f} at the floor, "
    return [Result("export-csv", seconds, "s", floor, BOUND, f"{note}median of {TURNS} turns")]


async def _turns(vault: Path, keys, ours: Path, plain: Path) -> list[tuple[float, float]]:
    """Return floor and export, by turns; what is imported late is there before the first."""
    clock = bootstrap.clock_of(TODAY)
    store = bootstrap.vault_store(clock)
    session = await bootstrap.open_session(vault, keys, clock=clock, store=store, read_only=True)
    try:
        few = TransactionQuery(start=TODAY)
        await session.exports.write(ExportFormat.CSV, few, ours)
        made = []
        for _ in range(TURNS):
            floor = _floor(vault, keys, plain)
            started = time.process_time()
            done = await session.exports.write(ExportFormat.CSV, TransactionQuery(), ours)
            made.append((floor, time.process_time() - started))
            assert done is not None
            assert done.rows == ROWS
        return made
    finally:
        await session.close()


def _floor(vault: Path, keys, file: Path) -> float:
    with closing(connect(vault / LEDGER_FILE, keys.database, Role.READER)) as connection:
        started = time.process_time()
        with file.open("w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out)
            writer.writerow(range(13))
            for row in connection.execute(_FLOOR):
                day, minor = from_day(row[0]), row[3]
                writer.writerow((day.isoformat(), *row[1:3], f"{minor / 100:.2f}", *row[4:]))
        return time.process_time() - started
