"""Hive's window on a vault, whose transactions are scrolled; tells the milliseconds of frames."""

from __future__ import annotations

import asyncio
import random
import sys
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from hive_desktop import bootstrap
from hive_desktop.ui.kit import aio
from hive_desktop.ui.page import PageName
from tests.bench.child import tell
from tests.bench.sync_stall import bounce
from tests.bench.windows import keys_given, opened

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hive_desktop.ui.pages.transactions.page import TransactionsPage

FRAMES, JUMPS = 150, 60
PAUSE_S = 0.012
WHEEL_ROWS = 3


async def _scrolled(vault: Path, today: date) -> dict[str, list[float]]:
    async with opened(vault, today, keys_given(), PageName.TRANSACTIONS) as (window, _session):
        page: TransactionsPage = window.current_page()  # type: ignore[assignment]
        await page.settled()
        table, bar = page.table, page.table.verticalScrollBar()
        screen, last = table.viewport().height(), bar.maximum()
        wheel = bounce(0, last, WHEEL_ROWS * table.row_height)
        leaf = bounce(0, last, screen)
        dice = random.Random(5)
        thumb = [dice.randrange(last) for _ in range(FRAMES)]
        told = {
            "wheel": await _frames(page, (next(wheel) for _ in range(FRAMES))),
            "page": await _frames(page, (next(leaf) for _ in range(FRAMES))),
            "thumb": await _frames(page, thumb),
            "filled": [],
        }
        for _ in range(JUMPS):
            bar.setValue(dice.randrange(last))
            started = time.perf_counter()
            await aio.painted(table.viewport())
            await page.model.settled()
            told["filled"].append((time.perf_counter() - started) * 1000)
        return told


async def _frames(page: TransactionsPage, places: Iterable[int]) -> list[float]:
    taken = []
    for place in places:
        started = time.perf_counter()
        page.table.verticalScrollBar().setValue(place)
        await aio.painted(page.table.viewport())
        taken.append((time.perf_counter() - started) * 1000)
        await asyncio.sleep(PAUSE_S)
    return taken


def main() -> int:
    vault, today = Path(sys.argv[1]), date.fromisoformat(sys.argv[2])
    tell(bootstrap.run_offscreen(lambda: _scrolled(vault, today)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
