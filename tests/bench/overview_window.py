"""Hive's window on a vault, clicked through periods; tells the seconds of each click."""

from __future__ import annotations

import sys
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from hive_desktop import bootstrap
from hive_desktop.domain.days import Period
from hive_desktop.ports.vault import VaultKeys
from hive_desktop.ui.kit import aio
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pictures import theme_manager
from hive_desktop.ui.session_window import SessionWindow
from tests.bench.child import tell

if TYPE_CHECKING:
    from hive_desktop.ui.pages.overview.page import OverviewPage

STEPS = 10


async def _clicked(vault: Path, today: date, keys: VaultKeys) -> list[float]:
    clock = bootstrap.clock_of(today)
    store = bootstrap.vault_store(clock)
    session = await bootstrap.open_session(vault, keys, clock=clock, store=store, read_only=True)
    window = SessionWindow(
        session, None, theme_manager(), lock=_nothing, quit_program=_nothing, mark=_ignore
    )
    window.show_page(PageName.OVERVIEW)
    window.show()
    page: OverviewPage = window.current_page()  # type: ignore[assignment]
    seconds: list[float] = []
    try:
        await page.settled()
        await window.watch.settled()
        for period in (Period.WEEK, Period.MONTH, Period.YEAR):
            page.picker.set_period(period)
            await page.settled()
            for step in range(STEPS):
                started = time.perf_counter()
                back = period is not Period.YEAR or step % 2 == 0
                (page.picker.go_back if back else page.picker.go_forward)()
                await page.settled()
                await aio.painted(page)
                seconds.append(time.perf_counter() - started)
    finally:
        window.shut()
        await session.close()
    return seconds


def _nothing() -> None:
    """No program is around the window."""


def _ignore(_moment: str) -> None:
    """Nobody asks for moments here."""


def main() -> int:
    keys = VaultKeys(*(bytes.fromhex(part) for part in sys.stdin.read().split()))
    vault, today = Path(sys.argv[1]), date.fromisoformat(sys.argv[2])
    tell({"seconds": bootstrap.run_offscreen(lambda: _clicked(vault, today, keys))})
    return 0


if __name__ == "__main__":
    sys.exit(main())
