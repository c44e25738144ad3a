"""What a first sync of 100,000 rows costs whoever sits before the window: stalls and memory.

**sync-stall.** The floor is the same window, the same heartbeat and the same scrolling without a
sync, in the same process before the sync and after it. A heartbeat of 5 ms on the window's loop
tells how late it was; the table of transactions is scrolled meanwhile.

**sync-memory.** The floor is the process at rest, window open, before the sync; what is judged is
how much more its peak was.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import uuid
from datetime import date
from pathlib import Path

from hive_desktop import bootstrap
from hive_desktop.domain.changes import Actor
from hive_desktop.sandbox.options import BankOptions
from hive_desktop.services.bank_access import BankKeys
from hive_desktop.services.settings import SYNC_MINUTES
from tests.bench.bank import ROOT, RemotePerson, bulk_bank_process
from tests.bench.bulk_vault import add_connection, fill
from tests.bench.result import Result

ITEMS, ROWS_PER_ITEM = 5, 20_000
ROWS = ITEMS * ROWS_PER_ITEM
OLD_ROWS = 20_000
P99_MORE_S = 0.008
WORST_S, WORST_RATIO = 0.050, 1.5
MEMORY_MORE_MB = 150.0


def stall() -> list[Result]:
    told = _run("stall")
    quiet, busy = told["quiet"], told["busy"]
    most = max(WORST_S, WORST_RATIO * quiet["worst"])
    note = (
        f"p99 {busy['p99'] * 1000:.1f} ms against {quiet['p99'] * 1000:.1f} (at most "
        f"{P99_MORE_S * 1000:.0f} more), worst {busy['worst'] * 1000:.0f} ms against "
        f"{quiet['worst'] * 1000:.0f} (at most {most * 1000:.0f}), {busy['beats']} beats over "
        f"{told['seconds']:.1f} s, {ROWS:,} rows"
    )
    return [
        Result(
            "sync-stall", busy["p99"], "s", quiet["p99"], None, note,
            busy["p99"] <= quiet["p99"] + P99_MORE_S and busy["worst"] <= most,
        )
    ]  # fmt: skip


def memory() -> list[Result]:
    told = _run("memory")
    more = told["peak_mb"] - told["idle_mb"]
    note = (
        f"{more:.0f} MB above {told['idle_mb']:.0f} at rest (at most {MEMORY_MORE_MB:.0f}), "
        f"{told['after_mb']:.0f} afterwards, {ROWS:,} rows in {told['seconds']:.1f} s"
    )
    return [
        Result(
            "sync-memory", told["peak_mb"], "MB", told["idle_mb"], None, note,
            more <= MEMORY_MORE_MB,
        )
    ]  # fmt: skip


def _run(what: str) -> dict:
    """Link a vault that has rows already to the bank, and let a child sync it behind its window."""
    with bulk_bank_process(ITEMS, ROWS_PER_ITEM) as url, tempfile.TemporaryDirectory() as folder:
        vault = Path(folder) / "vault"
        keys = bootstrap.run_async(_linked(url, vault))
        secret = f"{keys.master.hex()} {keys.database.hex()} {keys.egress.hex()}"
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.loaded_window", str(vault), what],
            cwd=ROOT, input=secret, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


async def _linked(url: str, folder: Path):
    clock = bootstrap.clock_of(None)
    store = bootstrap.vault_store(clock)
    loop = asyncio.get_running_loop()
    keys, _kit = await loop.run_in_executor(None, store.create, folder, "bench " + uuid.uuid4().hex)
    person = RemotePerson(url)
    session = await bootstrap.open_session(
        folder, keys, clock=clock, store=store, browser=person, poll_s=0.05
    )

    def connect(writes):
        item = add_connection(writes)
        writes.close_item(item)
        return item

    try:
        options = BankOptions()
        await session.bank.configure(BankKeys(url, options.client_id, options.secret))
        item, _ = await session.database.write(connect, actor=Actor.PROGRAM)
        await fill(session.database, item, OLD_ROWS, today=date(2026, 11, 23))
        for _ in person.institutions:
            await session.linking.connect()
        # No sync comes by itself: the child says when.
        await session.settings.put(SYNC_MINUTES, "0")
        return keys
    finally:
        await session.close()
