"""Hive's window on a vault, used for a while; tells the bytes that its process holds."""

from __future__ import annotations

import asyncio
import gc
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from hive_desktop import bootstrap
from hive_desktop.domain.days import Period
from hive_desktop.ui.kit import aio
from hive_desktop.ui.page import PageName
from tests.bench.child import tell
from tests.bench.sync_memory import highest_resident, resident
from tests.bench.windows import keys_given, opened

if TYPE_CHECKING:
    from hive_desktop.ui.pages.overview.page import OverviewPage
    from hive_desktop.ui.pages.transactions.page import TransactionsPage
    from hive_desktop.ui.session_window import SessionWindow

PLACES = 120
TYPED = ("coffee 9", "market > 20", "#food", "@account pay", "10..20", "12")
REST_S = 0.5


async def _used(vault: Path, today: date) -> dict[str, int]:
    async with opened(vault, today, keys_given(), PageName.OVERVIEW) as (window, _session):
        await _look_over(window)
        first = resident()
        window.show_page(PageName.TRANSACTIONS)
        page: TransactionsPage = window.current_page()  # type: ignore[assignment]
        await page.settled()
        await _scroll(page)
        for text in TYPED:
            for length in range(1, len(text) + 1):
                page.set_text(text[:length])
                await page.model.settled()
            await _scroll(page)
        for order in page.order.options():
            page.order.choose(order)
            await page.settled()
        page.set_text("")
        await page.settled()
        gc.collect()
        await asyncio.sleep(REST_S)
        return {"opened": first, "after": resident(), "peak": highest_resident()}


async def _look_over(window: SessionWindow) -> None:
    page: OverviewPage = window.current_page()  # type: ignore[assignment]
    await page.settled()
    for period in Period:
        page.picker.set_period(period)
        await page.settled()
        page.picker.go_back()
        await page.settled()


async def _scroll(page: TransactionsPage) -> None:
    """Go to the last row, by steps, and back to the first."""
    bar = page.table.verticalScrollBar()
    last = bar.maximum()
    for step in (*range(1, PLACES + 1), 0):
        bar.setValue(last * step // PLACES)
        await aio.painted(page.table.viewport())
        await page.model.settled()


def main() -> int:
    vault, today = Path(sys.argv[1]), date.fromisoformat(sys.argv[2])
    tell(bootstrap.run_offscreen(lambda: _used(vault, today)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
