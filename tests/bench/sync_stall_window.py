"""The window of `sync_stall`: beats and scrolls without a sync, in one, and without again."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from hive_desktop import bootstrap
from hive_desktop.bootstrap.running import tune_interpreter
from hive_desktop.demo import WindowDemo
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.ports.vault import VaultKeys
from hive_desktop.services.lifecycle import AppLifecycle
from hive_desktop.ui import app
from hive_desktop.ui.desktop import Desktop
from hive_desktop.ui.kit.theme import Mode, ThemeManager, check_fonts
from hive_desktop.ui.page import PageName
from tests.bench.bank import RemotePerson
from tests.bench.child import link_all, tell
from tests.bench.heart import Heart, beats_while_idle
from tests.bench.ingest import ROWS
from tests.bench.sync_stall import ROWS_BEFORE, bounce

if TYPE_CHECKING:
    from PySide6.QtWidgets import QScrollBar

# A frame takes about 15 ms to paint here: more of them would fill the loop and hide every stall.
FRAME_MS = 33
ROWS_A_FRAME = 3
WARM_UP_S = 2.0


class Scroller(QObject):
    """Scrolls a table up and down, a few rows a frame, through rows that every phase has."""

    def __init__(self, bar: QScrollBar) -> None:
        super().__init__()
        step = max(1, ROWS_A_FRAME * bar.maximum() // ROWS_BEFORE)
        self._bar = bar
        self._places = bounce(0, bar.maximum(), step)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._frame)
        self._timer.start(FRAME_MS)

    def stop(self) -> None:
        self._timer.stop()

    def _frame(self) -> None:
        self._bar.setValue(next(self._places))


async def watch(url: str, vault: Path, keys: VaultKeys, themes: ThemeManager) -> None:
    clock = bootstrap.clock_of(None)
    store = bootstrap.vault_store(clock)
    person = RemotePerson(url)

    async def build(folder: Path, opened: VaultKeys):
        return await bootstrap.open_session(
            folder, opened, clock=clock, store=store, browser=person, poll_s=0.05
        )

    life = AppLifecycle(store, bootstrap.keychain(), vault, build, WindowDemo(clock))
    desktop = Desktop(life, themes, start_page=PageName.TRANSACTIONS, mark=lambda _moment: None)
    try:
        await life.unlock_with(keys)
        desktop.show()
        session, window = life.session, desktop.session_window
        window.resize(1280, 800)
        page = window.current_page()
        items = await link_all(session, url, person)
        await page.settled()
        scroller = Scroller(page.table.verticalScrollBar())
        await asyncio.sleep(WARM_UP_S)
        before = await beats_while_idle()
        heart, started = Heart(), time.perf_counter()
        results = await session.sync.sync(items=items)
        seconds = time.perf_counter() - started
        await asyncio.sleep(0.3)  # the page fetches the last rows
        heart.stop()
        after = await beats_while_idle()
        scroller.stop()
        assert not [one.error for one in results if one.error], results
        assert await session.ledger.count(TransactionQuery()) == ROWS_BEFORE + ROWS
        tell(
            {
                "before": before, "busy": heart.late, "at": heart.at, "after": after,
                "seconds": seconds,
            }
        )  # fmt: skip
    finally:
        await desktop.close()


def main() -> None:
    url, vault = sys.argv[1:]
    keys = VaultKeys(*(bytes.fromhex(part) for part in sys.stdin.read().split()))
    tune_interpreter(has_window=True)
    application = app.application()
    check_fonts()
    themes = ThemeManager(application)
    themes.apply(Mode.LIGHT)
    with app.EventLoop(application) as loop:
        loop.run_until_complete(watch(url, Path(vault), keys, themes))


if __name__ == "__main__":
    main()
