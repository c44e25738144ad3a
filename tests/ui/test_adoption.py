"""A new connection to a bank that is known: what the person sees and decides."""

import asyncio
import dataclasses

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from hive_desktop.domain.ledger import ItemState
from hive_desktop.ports.errors import BankRetryError
from hive_desktop.ui.kit.confirm import ConfirmDialog
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.accounts.adoption import AdoptionDialog
from hive_desktop.ui.pages.accounts.states import Action
from tests.ui.helpers import opened, until, window_of

PAGE = PageName.ACCOUNTS
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def new(house):
    house.items[0] = dataclasses.replace(house.items[0], state=ItemState.AWAITING)
    return house.items[0]


def _words(dialog):
    return [each.text() for each in dialog.findChildren(QLabel) if each.isVisibleTo(dialog)]


async def _dialog(window, new):
    page = window.current_page()
    page.decide(new)
    return page, await opened(page, AdoptionDialog)


async def test_connecting_a_known_bank_asks_and_does_not_sync(session, themes, new):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.connect_bank()
        await until(lambda: page.link.waiting.url)
        session.linking.outcome.set_result([new.id])
        dialog = await opened(page, AdoptionDialog)
        await dialog.settled()
        assert session.sync.asked == []
        words = _words(dialog)
        assert "Do you have accounts of First Platypus Bank already?" in words
        figures = [words[words.index(name) - 1] for name in ("new", "matched", "to review")]
        assert figures == ["0", "412", "2"]
        assert "Everyday Checking ··0000" in words
        assert any("Same last digits" in each for each in words)
        filled = [each for each in words if each.startswith("Filled from files until now: ")]
        assert [each.partition(".")[0] for each in filled] == [
            "Filled from files until now: Holiday Cash"
        ]
        assert "Not known before: Gold Savings." in words
        assert any(each.startswith("Not in the new connection: Harbor Money") for each in words)
        assert any("ends it there first" in each for each in words)
        dialog.reject()
        await until(lambda: page.findChild(AdoptionDialog) is None)
        card = page.banks.cards[0]
        assert card.view.state.pill == "Waits for you"
        assert Action.SYNC not in card.buttons
        card.buttons[Action.DECIDE].click()
        await opened(page, AdoptionDialog)


async def test_enter_continues_the_old_history(session, themes, new):
    async with window_of(session, themes, page=PAGE) as window:
        page, dialog = await _dialog(window, new)
        await dialog.settled()
        QTest.keyClick(dialog, Qt.Key.Key_Return)
        await until(lambda: session.adoption.done == ["adopted"])
        await until(lambda: page.findChild(AdoptionDialog) is None)
        assert window.toast.text() == "First Platypus Bank goes on where its history ended"
        assert session.sync.asked == []
        await until(lambda: page.banks.views()[new.id].state.pill == "Connected")


async def test_a_separate_bank_is_synced(session, themes, new):
    async with window_of(session, themes, page=PAGE) as window:
        _, dialog = await _dialog(window, new)
        await dialog.settled()
        dialog.separate.click()
        await until(lambda: session.adoption.done == ["declined"])
        await until(lambda: session.sync.asked == [[new.id]])


async def test_a_bank_with_nothing_in_common_asks_nothing(session, themes, new):
    session.adoption.is_related = False
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.decide(new)
        await until(lambda: session.sync.asked == [[new.id]])
        await until(lambda: page.findChild(AdoptionDialog) is None)
        assert session.adoption.done == []


async def test_a_new_connection_can_be_ended_instead(session, themes, new):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.act(Action.DISCONNECT, new)
        dialog = await opened(page, ConfirmDialog)
        assert any("stays as it is" in each for each in _words(dialog))
        dialog.confirm.click()
        await until(lambda: session.linking.disconnected == [(new.id, False)])


async def test_reading_shows_progress_and_can_be_left(session, themes, new):
    session.adoption.gate.clear()
    async with window_of(session, themes, page=PAGE) as window:
        page, dialog = await _dialog(window, new)
        assert dialog.deck.shown() == "wait"
        assert not dialog.adopt.isVisible()
        dialog.later.click()
        await until(lambda: page.findChild(AdoptionDialog) is None)
        assert session.adoption.done == []


async def test_errors_stand_in_the_dialog_and_can_be_tried_again(session, themes, new):
    error = BankRetryError(code="INSTITUTION_DOWN")
    session.adoption.fail_with = error
    async with window_of(session, themes, page=PAGE) as window:
        _, dialog = await _dialog(window, new)
        await until(dialog.error.isVisible)
        assert dialog.error.words() == error.rendered()
        assert not dialog.adopt.isVisible()
        session.adoption.fail_with = None
        dialog.again.click()
        await until(lambda: dialog.adopt.isVisible() and dialog.adopt.isEnabled())
        assert not dialog.error.isVisible()
        session.adoption.fail_with = error
        dialog.adopt.click()
        await until(dialog.error.isVisible)
        assert dialog.deck.shown() == "found"
        assert dialog.adopt.isEnabled()
        dialog.reject()
        await asyncio.sleep(0.02)
