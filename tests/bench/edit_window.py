"""Hive's Overview on a vault, while categories are chosen; tells the seconds until it is right."""

from __future__ import annotations

import asyncio
import sys
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from hive_desktop import bootstrap
from hive_desktop.domain.ledger import CategoryKind, TransactionQuery
from hive_desktop.ui.kit import aio
from hive_desktop.ui.page import PageName
from tests.bench.child import tell
from tests.bench.windows import keys_given, opened

if TYPE_CHECKING:
    from hive_desktop.ui.pages.overview.page import OverviewPage

CHOICES = 20


async def _chosen(vault: Path, today: date) -> list[float]:
    keys = keys_given()
    taken = []
    async with opened(vault, today, keys, PageName.OVERVIEW, read_only=False) as (window, session):
        page: OverviewPage = window.current_page()  # type: ignore[assignment]
        await page.settled()
        categories = await session.ledger.categories()
        transfer = next(one for one in categories if one.kind is CategoryKind.TRANSFER)
        other = next(one for one in categories if one.name == "Shopping")
        rows = await session.ledger.page(TransactionQuery(text="once"), limit=CHOICES + 2)
        for place, row in enumerate(rows):
            chosen = other if row.category_id == transfer.id else transfer
            before = page.cards[0].value.text()
            started = time.perf_counter()
            await session.ledger.set_category([row.id], chosen.id)
            while page.cards[0].value.text() == before:  # noqa: ASYNC110 - any page's state
                await asyncio.sleep(0.001)
            await page.settled()
            await aio.painted(page)
            if place > 1:  # what is imported once is not part of it
                taken.append(time.perf_counter() - started)
            await asyncio.sleep(0.1)
    return taken


def main() -> int:
    vault, today = Path(sys.argv[1]), date.fromisoformat(sys.argv[2])
    tell({"seconds": bootstrap.run_offscreen(lambda: _chosen(vault, today))})
    return 0


if __name__ == "__main__":
    sys.exit(main())
