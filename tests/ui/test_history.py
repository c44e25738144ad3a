"""The sync history: runs, what they did, and taking the newest one back."""

import dataclasses
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from hive_desktop.domain.journal import RunResult
from hive_desktop.ports.bank import RefusedRow
from hive_desktop.ports.errors import VaultDamagedError
from hive_desktop.ui.kit import journal_words
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.accounts import history_words
from hive_desktop.ui.pages.accounts.undo import UndoDialog
from hive_desktop.ui.why import WhyDialog
from tests.ui.engine import sample_runs
from tests.ui.helpers import opened, until, window_of
from tests.ui.household import NOW

PAGE = PageName.ACCOUNTS
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def journal(session, house):
    made = sample_runs(house)
    session.database.ledger.journal = made
    return made


async def _history(window):
    window.show_history()
    page = window.current_page()
    await page.settled()
    return page


async def test_runs_read_newest_first(session, themes, journal):
    async with window_of(session, themes, page=PAGE) as window:
        page = await _history(window)
        lines = page.history.model.lines()
        assert [line.pill for line in lines] == [
            "Done", "Failed", "Done", "Undone", "Cut off", "Done",
        ]  # fmt: skip
        assert lines[0].right == "3 new · 1 changed · 1 removed · 2 refused"
        assert lines[0].right_detail == "2.1 s"
        assert "on schedule" in lines[0].detail
        assert "The bank wanted a new sign-in" in lines[1].detail
        assert lines[2].right == "Nothing new"
        assert lines[3].detail.startswith("Yesterday")
        assert lines[5].right == "1,842 new"
        assert lines[5].right_detail == "1 min 14 s"


async def test_a_run_opens_by_key_with_rows_and_refusals(session, themes, journal):
    run = journal.all_runs[0]
    journal.could_not[run.id] = [RefusedRow("tx-9", "The amount is no number")]
    async with window_of(session, themes, page=PAGE) as window:
        page = await _history(window)
        view = page.history.view
        view.select_row(0)
        QTest.keyClick(view, Qt.Key.Key_Return)
        await page.settled()
        assert page.history.stack.shown() == "run"
        lines = page.history.run.changes.lines()
        assert [line.pill for line in lines] == ["Removed", "Posted", "Added", "Added", "Added"]
        assert lines[1].detail.startswith("Amount $42.10 → $47.10 · Date Nov 20, 2026 → Nov 22")
        tabs = page.history.run.tabs
        assert tabs.isVisible()
        tabs._group.button(1).click()
        assert page.history.run.stack.shown() == "refused"
        assert [each.title for each in page.history.run.refused.lines()] == [
            "The amount is no number"
        ]
        QTest.keyClick(page.history.run.view, Qt.Key.Key_Escape)
        assert page.history.stack.shown() == "runs"
        page.history.go_back()
        assert page.stack.shown() == "banks"


async def test_a_row_of_a_run_opens_its_why(session, themes, journal):
    async with window_of(session, themes, page=PAGE) as window:
        page = await _history(window)
        page.history.open_run(journal.all_runs[0])
        await page.settled()
        view = page.history.run.view
        rect = view.visualRect(page.history.run.changes.index(1, 0))
        QTest.mouseClick(
            view.viewport(),
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
            rect.center(),
        )
        dialog = await opened(window, WhyDialog)
        await dialog.settled()
        assert dialog.shown[0].text == "The bank posted the pending payment"


async def test_only_the_newest_run_of_a_bank_can_be_undone(session, themes, journal):
    async with window_of(session, themes, page=PAGE) as window:
        page = await _history(window)
        shown = []
        for run in journal.all_runs:
            page.history.open_run(run)
            await page.settled()
            shown.append(page.history.run.undo.isVisible())
        assert shown == [True, False, True, False, False, False]


async def test_undo_shows_what_it_does_and_tells_when_done(session, themes, journal):
    run = journal.all_runs[0]
    async with window_of(session, themes, page=PAGE) as window:
        page = await _history(window)
        page.history.open_run(run)
        await page.settled()
        page.history.run.undo.click()
        dialog = await opened(window, UndoDialog)
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        await until(lambda: window.findChild(UndoDialog) is None)
        assert journal.all_runs[0].result is RunResult.DONE
        page.history.run.undo.click()
        (await opened(window, UndoDialog)).confirm.click()
        await until(lambda: journal.all_runs[0].result is RunResult.UNDONE)
        await until(lambda: window.toast.text() == "Sync undone: 5 rows are as before")
        assert page.history.stack.shown() == "runs"
        await until(lambda: page.history.model.lines()[0].pill == "Undone")


async def test_the_panel_leads_to_the_history_of_all(session, themes, journal):
    async with window_of(session, themes) as window:
        await window.sync_panel.settled()
        window.sync_panel._history.click()
        page = window.current_page()
        assert page is window.page(PAGE)
        await page.settled()
        assert page.history.model.rowCount() == 6


async def test_one_bank_then_all(session, themes, journal, house):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.show_history(house.items[1].id)
        await page.settled()
        assert page.history.model.rowCount() == 1
        page.history._all.click()
        await page.settled()
        assert page.history.model.rowCount() == 6


async def test_no_sync_yet_and_errors(session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        page = await _history(window)
        assert page.history.listed.shown() == "empty"
        session.database.fail_with = VaultDamagedError()
        page.history.model.refresh()
        await page.settled()
        assert page.history.error.isVisible()


async def test_long_runs_come_by_the_page(session, themes, journal):
    run = journal.all_runs[0]
    one = journal.done[run.id][4]
    journal.done[run.id] = [
        dataclasses.replace(one, name=f"Row {n}", transaction_id=bytes([1, n % 256, n // 256]))
        for n in range(450)
    ]
    async with window_of(session, themes, page=PAGE) as window:
        page = await _history(window)
        page.history.open_run(run)
        await page.settled()
        changes = page.history.run.changes
        assert changes.rowCount() < 450
        while changes.canFetchMore(changes.index(-1, 0)):
            page.history.run.view.scrollToBottom()
            await page.settled()
        assert changes.rowCount() == 450
        assert changes.lines()[-1].title == "Row 449"


def test_words_of_runs(house):
    run = sample_runs(house).all_runs[2]
    framed = dataclasses.replace(run, first_on=NOW.date() - timedelta(days=22), last_on=NOW.date())
    assert "Nov 1 \N{EN DASH} Nov 23, 2026" in history_words.run_summary(framed, NOW)
    assert journal_words.error_words("SOMETHING_NEW") == "The bank answered SOMETHING_NEW"
    assert journal_words.error_words(None) == "It did not come to an end"
    assert journal_words.reason_words("unheard_of") == "unheard of"
    assert journal_words.field_value("amount", "odd text") == "odd text"
    assert journal_words.field_value("amount", "-1,250.00 USD") == "$1,250.00"
    assert journal_words.field_value("amount", "30.00 EUR") == "+€30.00"
    assert journal_words.field_value("name", None) == "empty"
