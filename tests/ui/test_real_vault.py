"""The window over a real vault: thirty times unlocked and locked, and nothing is left behind."""

import asyncio
import gc
import weakref
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from hive_desktop import bootstrap
from hive_desktop.config import AppConfig
from hive_desktop.demo import WindowDemo
from hive_desktop.services.settings import SETUP_STEP, SetupStep
from hive_desktop.ui.desktop import Desktop
from hive_desktop.ui.page import PageName
from tests.bench.bulk_vault import make_vault
from tests.ui.conftest import flush_deletes
from tests.ui.helpers import until
from tests.ui.test_desktop import CYCLES, census, nothing_stays, start_pool

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def vault(tmp_path_factory):
    """Made on a thread of its own: it runs a loop, and this thread has the window's."""
    folder = tmp_path_factory.mktemp("real") / "vault"
    with ThreadPoolExecutor(1) as pool:
        return folder, pool.submit(make_vault, folder, 600, today=TODAY).result()


@pytest.fixture
def desktop(qloop, themes, vault):
    clock = bootstrap.clock_of(TODAY)
    life = bootstrap.lifecycle(AppConfig.default(vault[0]), clock, WindowDemo(clock))
    made = Desktop(life, themes, mark=lambda _moment: None)
    yield made
    qloop.run_until_complete(made.close())


@pytest.mark.full
@pytest.mark.timeout(300)
async def test_thirty_cycles_of_a_real_vault_leave_nothing(desktop, vault):
    async def cycle():
        await desktop.lifecycle.unlock_with(vault[1])
        desktop.show()
        window = desktop.session_window
        for name in PageName:
            window.show_page(name)
            await window.current_page().settled()
        refs = weakref.ref(desktop.lifecycle.session.ledger), weakref.ref(window)
        del window
        await desktop.lifecycle.lock()
        await asyncio.sleep(0)
        flush_deletes()
        return refs

    await start_pool()
    for _ in range(3):
        await cycle()
    gc.collect()
    before = census()
    dead = [await cycle() for _ in range(CYCLES)]
    await nothing_stays(before, dead)


async def test_what_the_window_shows_is_what_the_vault_holds(desktop, vault):
    await desktop.lifecycle.unlock_with(vault[1])
    desktop.show()
    page = desktop.session_window.current_page()
    await page.settled()
    session = desktop.lifecycle.session
    overview = await session.reports.overview(page.picker.span(), TODAY)
    shown = [card.value.text() for card in page.cards]
    assert all(any(char.isdigit() for char in text) for text in shown)
    spent = f"{overview.figures[0].spent_minor / 100:,.2f}"
    assert spent in shown[0]


async def test_a_vault_that_is_made_asks_until_it_is_set_up(qloop, themes, tmp_path):
    clock = bootstrap.clock_of(TODAY)
    folder = tmp_path / "vault"
    life = bootstrap.lifecycle(AppConfig.default(folder), clock, WindowDemo(clock))
    await life.create("eleven brass kettles")
    assert life.session.settings.seen(SETUP_STEP, "") == SetupStep.SOURCE
    desktop = Desktop(life, themes, mark=lambda _moment: None)
    desktop.show()
    page = desktop.session_window.current_page()
    assert page is desktop.session_window.page(PageName.SETUP)
    page.skip()
    await page.settled()
    await until(lambda: page.context.session.settings.seen(SETUP_STEP, "") == SetupStep.MODEL)
    sizes = await life.session.upkeep.sizes()
    assert sizes.ledger > 0
    await life.lock()
    flush_deletes()
    await life.unlock("eleven brass kettles")
    desktop.show()
    assert desktop.session_window.current_page().step is SetupStep.MODEL
    await desktop.session_window.current_page().settled()
    await desktop.close()
