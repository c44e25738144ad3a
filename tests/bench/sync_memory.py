"""The most memory that a sync of 100,000 rows holds, beside what the process held just before it.

The bank is another process, and so is what is measured, which has no window. The floor is what the
same process holds when idle, after a small sync of another bank has imported and warmed up all that
a sync needs.
"""

from __future__ import annotations

import asyncio
import gc
import mmap
import sys
import tempfile
import threading
import time
import uuid
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from hive_desktop import bootstrap
from tests.bench.bank import RemotePerson, bulk_bank_process
from tests.bench.child import link_all, run_child, tell
from tests.bench.ingest import ITEMS, ROWS, ROWS_PER_ITEM
from tests.bench.result import Result

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from hive_desktop.domain.ledger import ItemId
    from hive_desktop.services.session import VaultSession

WARM_UP_ROWS = 1_000
MARGIN_MB = 150.0
SAMPLE_S = 0.005
_MB = 1_000_000


def measure() -> list[Result]:
    with (
        bulk_bank_process(1, WARM_UP_ROWS) as small,
        bulk_bank_process(ITEMS, ROWS_PER_ITEM) as url,
        tempfile.TemporaryDirectory() as folder,
    ):
        told = run_child("tests.bench.sync_memory", small, url, folder)
    idle, peak, exact = (told[name] / _MB for name in ("idle", "peak", "exact"))
    note = (
        f"peak {peak:.0f} MB against {idle:.0f} MB just before, {ROWS:,} rows in "
        f"{told['seconds']:.1f} s; highest of {told['samples']:,} samples "
        f"{told['sampled'] / _MB:.0f} MB, at {told['peak_at']:.1f} s; the kernel's own mark "
        f"{exact:.0f} MB; {told['after'] / _MB:.0f} MB afterwards"
    )
    return [Result("sync-memory", peak, "MB", idle, None, note, margin=MARGIN_MB)]


class Watch:
    """Samples what this process holds, on a thread of its own, and asks the kernel at its end."""

    def __init__(self) -> None:
        # 5: forget the highest resident size so far.
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        self.idle = resident()
        self.samples: list[tuple[int, float]] = [(self.idle, 0.0)]
        self._began = time.perf_counter()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample, name="memory-watch")
        self._thread.start()

    def stop(self) -> dict[str, float]:
        self._over.set()
        self._thread.join()
        sampled, at = max(self.samples)
        exact = highest_resident()
        return {
            "idle": self.idle, "sampled": sampled, "peak_at": at, "exact": exact,
            "peak": max(sampled, exact), "samples": len(self.samples),
        }  # fmt: skip

    def _sample(self) -> None:
        while not self._over.wait(SAMPLE_S):
            self.samples.append((resident(), time.perf_counter() - self._began))


def resident() -> int:
    """Return what this process holds, in bytes."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * mmap.PAGESIZE


def highest_resident() -> int:
    """Return the most that this process held since the kernel was told to forget it."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    line = next(line for line in lines if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


async def _measure(small: str, url: str, folder: Path) -> None:
    async with _linked(small, folder / "small") as (session, items):
        await _sync_all(session, items, WARM_UP_ROWS)
    async with _linked(url, folder / "large") as (session, items):
        gc.collect()
        await asyncio.sleep(0.5)
        watch = Watch()
        started = time.perf_counter()
        try:
            await _sync_all(session, items, ROWS)
            seconds = time.perf_counter() - started
        finally:
            told = watch.stop()
        gc.collect()
        tell(told | {"seconds": seconds, "after": resident()})


@asynccontextmanager
async def _linked(url: str, folder: Path) -> AsyncIterator[tuple[VaultSession, list[ItemId]]]:
    """Make a vault and link every bank at an address to it."""
    clock = bootstrap.clock_of(None)
    store = bootstrap.vault_store(clock)
    loop = asyncio.get_running_loop()
    keys, _kit = await loop.run_in_executor(None, store.create, folder, "bench " + uuid.uuid4().hex)
    person = RemotePerson(url)
    session = await bootstrap.open_session(
        folder, keys, clock=clock, store=store, browser=person, poll_s=0.05
    )
    try:
        yield session, await link_all(session, url, person)
    finally:
        await session.close()


async def _sync_all(session: VaultSession, items: list[ItemId], rows: int) -> None:
    results = await session.sync.sync(items=items)
    assert not [one.error for one in results if one.error], results
    assert sum(one.added for one in results) == rows, results


if __name__ == "__main__":
    bootstrap.run_async(_measure(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
