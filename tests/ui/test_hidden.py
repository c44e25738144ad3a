"""While amounts are hidden no amount is in any word of the window, and it happens at once."""

import asyncio

import pytest
from PySide6.QtCore import Qt

from hive_desktop.services.settings import HIDE_AMOUNTS
from hive_desktop.ui.kit import money
from hive_desktop.ui.page import PageName
from hive_desktop.ui.why import WhyDialog
from tests.ui.engine import sample_reviews, sample_runs, with_every_state
from tests.ui.helpers import opened, press, until, window_of
from tests.ui.texts import amounts

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
# Pages that always tell amounts of the sample household.
_TELLING = {PageName.OVERVIEW, PageName.TRANSACTIONS, PageName.ACCOUNTS, PageName.REVIEW}


@pytest.fixture(autouse=True)
def _shown_again():
    yield
    money.hide(hidden=False)


@pytest.fixture
def rich(session, house):
    with_every_state(house)
    session.database.ledger.journal = sample_runs(house)
    session.database.ledger.reviews = sample_reviews(house)
    return session


@pytest.mark.parametrize("page", list(PageName))
async def test_every_page_follows_at_once_and_back(rich, themes, page):
    async with window_of(rich, themes, page=page) as window:
        before = amounts(window)
        assert bool(before) or page not in _TELLING
        window.set_hidden(hidden=True)
        await window.current_page().settled()
        await until(lambda: not amounts(window))
        window.set_hidden(hidden=False)
        await window.current_page().settled()
        await until(lambda: len(amounts(window)) == len(before))


async def test_the_history_and_why(rich, themes, house):
    async with window_of(rich, themes, page=PageName.ACCOUNTS) as window:
        window.set_hidden(hidden=True)
        window.show_history()
        page = window.current_page()
        await page.settled()
        page.history.open_run(rich.database.ledger.journal.all_runs[0])
        await page.settled()
        assert page.history.run.view.model().rowCount() > 0
        assert amounts(window) == []
        window.explain(house.rows[0].id)
        dialog = await opened(window, WhyDialog)
        await dialog.settled()
        assert amounts(dialog) == []
        dialog.reject()
        await until(lambda: window.findChild(WhyDialog) is None)


async def test_a_picture_of_the_table_changes(session, themes):
    async with window_of(session, themes, page=PageName.TRANSACTIONS) as window:
        table = window.current_page().table
        shown = table.viewport().grab().toImage()
        window.set_hidden(hidden=True)
        await window.current_page().settled()
        hidden = table.viewport().grab().toImage()
        assert hidden != shown
        window.set_hidden(hidden=False)
        await window.current_page().settled()
        assert table.viewport().grab().toImage() == shown


async def test_a_toast_with_an_amount_leaves(session, themes):
    async with window_of(session, themes) as window:
        window.toast.show_message("Kept $12.00")
        window.set_hidden(hidden=True)
        assert not window.toast.isVisible()
        assert not window.toast.text()


async def test_keys_switch_it_and_the_vault_remembers(lifecycle, themes):
    await lifecycle.unlock("correct horse")
    session = lifecycle.session
    async with window_of(session, themes, lifecycle=lifecycle) as window:
        both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        await press(window, Qt.Key.Key_H, both)
        assert money.are_hidden()
        assert "Show amounts" in window.shell.topbar.hide_button.accessibleName()
        stored = session.database.ledger.settings
        await until(lambda: stored.get(HIDE_AMOUNTS) == "1")
        window.shell.topbar.hide_button.click()
        assert not money.are_hidden()
        await until(lambda: stored.get(HIDE_AMOUNTS) == "0")
    session.database.ledger.settings[HIDE_AMOUNTS] = "1"
    await session.settings.load()


async def test_the_first_figures_are_hidden_already(session, themes):
    session.database.ledger.settings[HIDE_AMOUNTS] = "1"
    await session.settings.load()
    async with window_of(session, themes) as window:
        await asyncio.sleep(0)
        assert amounts(window) == []
        assert money.HIDDEN in window.current_page().cards[0].value.text()
