"""Asking before sending, and how a run of the AI stands, in the window."""

import asyncio
import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from hive_desktop import i18n
from hive_desktop.ports.ai import Preview
from hive_desktop.ports.errors import (
    AiBusyError,
    AiKeyError,
    BudgetReachedError,
    HiveError,
    NotApprovedError,
)
from hive_desktop.ports.events import AiState
from hive_desktop.ui.ai_approval import ApprovalDialog
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.egress.forget import ForgetDialog
from hive_desktop.ui.pages.settings.ai_prices import PricesDialog
from tests.ui.ai_engine import QUESTION
from tests.ui.helpers import Heard, opened, until, window_of
from tests.ui.test_accessible import nameless

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


async def asked(window, session, preview=QUESTION):
    task = session.scope.spawn(session.ai.approver(preview), name="ask")
    return task, await opened(window, ApprovalDialog)


async def gone(window):
    await until(lambda: window.findChild(ApprovalDialog) is None)


async def test_the_whole_request_is_shown_and_sent_only_when_told(session, themes):
    async with window_of(session, themes) as window:
        task, dialog = await asked(window, session)
        shown = dialog.view.toPlainText()
        for part in ("SQ *BLUE HERON BAKERY", "KESTREL FUEL [number-1]", '"store": false', "12.30"):
            assert part in shown
        dialog.views._group.button(1).click()
        assert dialog.view.toPlainText() == QUESTION.body
        assert json.loads(dialog.view.toPlainText())["model"] == "gpt-6-luna"
        assert not hasattr(dialog, "send_all")  # no run is under way
        assert not task.done()
        dialog.send.click()
        assert await task
        await gone(window)


async def test_a_command_of_another_process_is_asked_about_in_the_window_s_language(
    session, themes
):
    i18n.use("de")
    try:
        await _asked_in_german(session, themes)
    finally:
        i18n.use("en")


async def _asked_in_german(session, themes):
    async with window_of(session, themes) as window:
        with i18n.in_source_language():
            task = session.scope.spawn(session.ai.approver(QUESTION), name="ask")
        dialog = await opened(window, ApprovalDialog)
        assert dialog.refuse.text() == i18n.tr("Don't send")
        assert dialog.refuse.text() != "Don't send"
        dialog.reject()
        assert not await task
        await gone(window)


async def test_escape_and_the_button_send_nothing(session, themes):
    async with window_of(session, themes) as window:
        task, dialog = await asked(window, session)
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert not await task
        await gone(window)
        task, dialog = await asked(window, session)
        dialog.refuse.click()
        assert not await task
        await gone(window)


async def test_a_request_without_a_body_says_so(session, themes):
    async with window_of(session, themes) as window:
        task, dialog = await asked(window, session, Preview("models.example", "List models", ""))
        assert "has no body" in dialog.view.toPlainText()
        assert not dialog.views.isVisible()
        dialog.reject()
        assert not await task
        await gone(window)


async def test_all_of_a_run_holds_for_that_run_and_purpose_only(session, themes):
    async with window_of(session, themes) as window:
        session.ai_categorize.tell(AiState.RUNNING, 0, 120)
        task, dialog = await asked(window, session)
        dialog.send_all.click()
        assert await task
        await gone(window)
        assert await session.ai.approver(QUESTION)
        task, dialog = await asked(window, session, Preview(QUESTION.host, "Test", "{}"))
        dialog.reject()
        assert not await task
        await gone(window)
        session.ai_categorize.tell(AiState.IDLE, 120, 120)
        session.ai_categorize.tell(AiState.RUNNING, 0, 40)
        task, dialog = await asked(window, session)
        dialog.reject()
        assert not await task
        await gone(window)


async def test_one_question_at_a_time(session, themes):
    async with window_of(session, themes) as window:
        first, dialog = await asked(window, session)
        second = session.scope.spawn(session.ai.approver(QUESTION), name="ask")
        await asyncio.sleep(0.05)
        assert len(window.findChildren(ApprovalDialog)) == 1
        dialog.accept()
        assert await first
        await until(lambda: window.approvals._dialog not in (None, dialog))
        window.approvals._dialog.reject()
        assert not await second
        await gone(window)


async def test_a_closed_window_sends_nothing(session, themes):
    async with window_of(session, themes) as window:
        approver = session.ai.approver
        task, _dialog = await asked(window, session)
        waiting = session.scope.spawn(approver(QUESTION), name="ask")
        window.shut()
        assert not await task
        assert not await waiting
        assert session.ai.approver is None
        assert not await approver(QUESTION)


async def test_a_run_that_ends_takes_its_question_along(session, themes):
    async with window_of(session, themes) as window:
        task, _dialog = await asked(window, session)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await gone(window)


async def test_a_window_that_was_shut_early_counts_nothing(session, themes, monkeypatch):
    async with window_of(session, themes) as window:
        watch = window.watch
        watch._has_counted = False  # shut before the first figures were there
        counts = Heard()
        monkeypatch.setattr(watch, "_count", counts)
        window.shut()
        watch.begin()
        assert not counts.calls


async def test_what_had_nobody_to_ask_begins_again(session, themes):
    session.ai_categorize.tell(AiState.STOPPED, 0, 9, NotApprovedError(code="NOT_APPROVED"))
    async with window_of(session, themes):
        assert session.ai_categorize.starts == 1


async def test_progress_is_shown_paused_and_stopped(session, themes):
    async with window_of(session, themes) as window:
        panel = window.ai_panel
        assert not panel.isVisible()
        session.ai_categorize.tell(AiState.RUNNING)
        assert not panel.isVisible()  # nothing to ask about yet
        session.ai_categorize.tell(AiState.RUNNING, 40, 1312)
        assert panel.isVisible()
        assert panel.words() == ("AI is sorting", "40 of 1,312 merchants")
        assert (panel._bar.value(), panel._bar.maximum()) == (40, 1312)
        panel.pause.click()
        await until(lambda: panel.words()[0] == "AI is paused")
        assert session.ai.is_paused
        panel.resume.click()
        await until(lambda: panel.words()[0] == "AI is sorting")
        panel.stop.click()
        await until(lambda: not panel.isVisible())
        assert not session.ai_categorize.is_running
        assert window.toast.text() == "The AI has stopped. What it answered is kept."


@pytest.mark.parametrize("error", [BudgetReachedError(code="BUDGET"), AiKeyError(code="bad")])
async def test_what_needs_the_settings_leads_there(session, themes, error):
    async with window_of(session, themes) as window:
        session.ai_categorize.tell(AiState.STOPPED, 40, 120, error)
        panel = window.ai_panel
        assert panel.words() == ("AI has stopped", error.rendered()[0])
        assert window.toast.text().startswith(f"AI: {error.rendered()[0]}.")
        window.toast._act()
        assert window.current_page() is window.page(PageName.SETTINGS)
        await window.current_page().settled()
        panel.close_error.click()
        assert not panel.isVisible()


@pytest.mark.parametrize("error", [AiBusyError(code="500"), HiveError()])
async def test_what_passes_can_be_tried_again(session, themes, error):
    async with window_of(session, themes) as window:
        session.ai_categorize.tell(AiState.STOPPED, 40, 120, error)
        window.toast._act()
        await until(lambda: session.ai_categorize.starts == 1)
        await until(lambda: not window.ai_panel.isVisible())


async def test_a_pause_is_still_shown_after_a_restart(session, themes):
    await session.ai.configure("ollama", model="llama3.2")
    await session.ai.put_paused(paused=True)
    async with window_of(session, themes) as window:
        assert window.ai_panel.words() == ("AI is paused", "")
        assert not window.ai_panel.stop.isVisible()
        window.ai_panel.resume.click()
        await until(lambda: not session.ai.is_paused)
        assert session.ai_categorize.starts == 1


async def test_every_control_of_the_dialogs_says_what_it_is(session, themes):
    async with window_of(session, themes) as window:
        session.ai_categorize.tell(AiState.RUNNING, 0, 120)
        task, dialog = await asked(window, session)
        prices = PricesDialog(window, session.ai, session.scope, "my-model")
        forget = ForgetDialog(window, session, session.scope)
        await forget.settled()
        for each in (dialog, prices, forget):
            each.show()
            assert nameless(each) == []
            each.reject()
        assert not await task
        assert nameless(window.ai_panel) == []
        await gone(window)
