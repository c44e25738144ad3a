"""A window stands where it stood: place, page and columns, kept in the vault and nowhere else."""

import json

import pytest
from PySide6.QtCore import QSettings

from hive_desktop.services.settings import WINDOW
from hive_desktop.ui.desktop import Desktop
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.transactions.presenter import CATEGORY
from tests.ui.conftest import flush_deletes
from tests.ui.helpers import Heard, until, window_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def _stored(session):
    return json.loads(session.database.ledger.settings.get(WINDOW, "{}"))


async def test_size_page_and_columns_come_back(lifecycle, themes):
    await lifecycle.unlock("correct horse")
    session = lifecycle.session
    async with window_of(session, themes, lifecycle=lifecycle) as window:
        assert _stored(session) == {}
        window.resize(980, 700)
        window.show_page(PageName.TRANSACTIONS)
        page = window.current_page()
        await page.settled()
        page.table.setColumnWidth(CATEGORY, 240)
        await until(lambda: "columns" in _stored(session))
    await lifecycle.lock()
    await lifecycle.unlock("correct horse")
    again = lifecycle.session
    async with window_of(again, themes, lifecycle=lifecycle, page=PageName.TRANSACTIONS) as window:
        assert (window.width(), window.height()) == (980, 700)
        assert window.state.page is PageName.TRANSACTIONS
        assert window.current_page().table.columnWidth(CATEGORY) == 240
    assert QSettings().allKeys() == [] or WINDOW not in QSettings().allKeys()


async def test_looking_round_writes_nothing(lifecycle, themes):
    await lifecycle.unlock("correct horse")
    session = lifecycle.session
    async with window_of(session, themes, lifecycle=lifecycle) as window:
        assert not window.state._soon.is_waiting()
        assert WINDOW not in session.database.ledger.settings


@pytest.mark.parametrize(
    "stored", ["", "[1]", "{", '{"page": "nowhere", "geometry": "§", "columns": 7}', "null"]
)
async def test_what_cannot_be_read_is_left_aside(lifecycle, themes, stored):
    await lifecycle.unlock("correct horse")
    session = lifecycle.session
    session.database.ledger.settings[WINDOW] = stored
    await session.settings.load()
    async with window_of(
        session, themes, lifecycle=lifecycle, page=PageName.TRANSACTIONS
    ) as window:
        assert (window.width(), window.height()) == (1280, 800)
        page = window.current_page()
        assert page.table.columnWidth(CATEGORY) == 178


async def test_the_page_shown_last_is_shown_first(qloop, lifecycle, themes):
    desktop = Desktop(lifecycle, themes, mark=Heard())
    try:
        await lifecycle.unlock("correct horse")
        desktop.session_window.show_page(PageName.ACCOUNTS)
        await desktop.session_window.current_page().settled()
        await until(lambda: _stored(lifecycle.session).get("page") == "accounts")
        await lifecycle.lock()
        await lifecycle.unlock("correct horse")
        window = desktop.session_window
        assert window.current_page() is window.page(PageName.ACCOUNTS)
        await window.current_page().settled()
    finally:
        await desktop.close()
        flush_deletes()
