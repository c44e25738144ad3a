"""Web pages in answers: those that the person named, opened after a question."""

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel

from hive_desktop.ui.kit.confirm import ConfirmDialog
from hive_desktop.ui.page import PageName
from tests.ui.chatting import said
from tests.ui.helpers import opened, window_of

MINE = "https://shop.example/orders/42?id=7"
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def went(monkeypatch):
    """Return the addresses that were opened in the browser."""
    found = []

    def open_url(url):
        found.append(url.toString())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    return found


def links(answer):
    return [mark.href for chunk in answer.prose.chunks() for mark in chunk.marks]


@pytest.mark.parametrize("agrees", [True, False])
async def test_a_page_that_the_person_named_opens_after_a_question(session, themes, went, agrees):
    session.chat_desk.plays.append(said(f"I cannot read {MINE}."))
    async with window_of(session, themes, page=PageName.CHAT) as window:
        page = window.current_page()
        page.ask(f"What is {MINE}?")
        await page.settled()
        answer = page.transcript.turns[0].answers[0]
        assert links(answer) == [f"link:{MINE}"]
        assert answer.words() == f"I cannot read {MINE}."
        answer.prose.chosen.emit(links(answer)[0])
        dialog = await opened(page, ConfirmDialog)
        told = [label.text().replace("\u200b", "") for label in dialog.findChildren(QLabel)]
        assert MINE in told
        assert went == []
        (dialog.confirm if agrees else dialog.cancel).click()
        await page.settled()
    assert went == ([MINE] if agrees else [])


async def test_a_page_of_the_models_own_is_left_out(session, themes, went):
    session.chat_desk.plays.append(said(f"See [{MINE}](https://evil.example/?sum=5) and {MINE}0."))
    async with window_of(session, themes, page=PageName.CHAT) as window:
        page = window.current_page()
        page.ask(f"What is {MINE}?")
        await page.settled()
        answer = page.transcript.turns[0].answers[0]
        assert set(links(answer)) <= {f"link:{MINE}"}
        assert "evil" not in answer.words()
        assert f"{MINE}0" not in answer.words()
    assert went == []
