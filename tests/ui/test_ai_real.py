"""The window over a real vault and a model's server: what is shown is what is sent and recorded."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from hive_desktop import bootstrap
from hive_desktop.config import AppConfig
from hive_desktop.demo import WindowDemo
from hive_desktop.ui.ai_approval import ApprovalDialog
from hive_desktop.ui.desktop import Desktop
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.settings.page import Place
from tests.aiserver.server import KEY, serving
from tests.bench.bulk_vault import make_vault
from tests.ui.helpers import opened, until

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def vault(tmp_path_factory):
    folder = tmp_path_factory.mktemp("asked") / "vault"
    with ThreadPoolExecutor(1) as pool:
        return folder, pool.submit(make_vault, folder, 60, today=TODAY).result()


@pytest.fixture
def desktop(qloop, themes, vault):
    clock = bootstrap.clock_of(TODAY)
    life = bootstrap.lifecycle(AppConfig.default(vault[0]), clock, WindowDemo(clock))
    made = Desktop(life, themes, mark=lambda _moment: None)
    yield made
    qloop.run_until_complete(made.close())


async def set_up(session, page, server):
    """Choose the server in the settings, and to be asked before each request."""
    await session.ai.put_asks(asks=True)
    page.show_place(Place.AI)
    await page.settled()
    section = page.ai
    section.setup.click()
    await section.settled()
    section.form.address.setText(server.url)
    section.form.key.setText(KEY)
    section.form.save.click()
    await until(section.test.isVisible)
    await until(lambda: not session.ai_categorize.is_running)
    return section


async def test_what_is_shown_is_sent_byte_for_byte_or_not_at_all(desktop, vault):
    await desktop.lifecycle.unlock_with(vault[1])
    desktop.show()
    window = desktop.session_window
    session = desktop.lifecycle.session
    with serving() as server:
        window.show_page(PageName.SETTINGS)
        page = window.current_page()
        section = await set_up(session, page, server)
        section.test.click()
        refused = await opened(window, ApprovalDialog)
        assert server.asked == []
        refused.refuse.click()
        await until(section.error.isVisible)
        assert section.error.words()[0] == "Not sent"
        assert server.asked == []
        assert await session.egress.count() == 0

        section.test.click()
        await until(lambda: window.approvals._dialog not in (None, refused))
        dialog = await opened(window, ApprovalDialog)
        dialog.views._group.button(1).click()
        shown = dialog.view.toPlainText()
        dialog.send.click()
        await until(section.result.isVisible)
        assert [one.raw.decode() for one in server.asked] == [shown]

        page.sent.click()
        egress = window.current_page()
        await until(lambda: egress.model.rowCount() == 1)
        await egress.settled()
        egress.table.selectRow(0)
        facts = egress.detail.facts()
        assert facts["Size"] == f"{len(shown.encode()):,} bytes as sent"
        assert facts["Result"].startswith("200 OK")
    await desktop.lifecycle.lock()
    assert session.ai.approver is None
