"""The sync panel: what it says, syncs that others started, and cancelling them; banks in need."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QLineEdit

from hive_desktop.domain.ledger import ItemState
from hive_desktop.ports.errors import BankOfflineError, ConnectionLostError, RelayWaitsError
from hive_desktop.ports.events import ItemNeedsPerson, SyncFinished, SyncProgress
from hive_desktop.services.schedule import Pause, ScheduleStatus
from hive_desktop.ui import sync_words
from hive_desktop.ui.kit import aio, dates
from hive_desktop.ui.language import LanguageManager
from hive_desktop.ui.page import PageName
from tests.ui.fakes import make_session
from tests.ui.helpers import until, window_of
from tests.ui.household import NOW, empty


async def test_it_says_when_the_last_was_and_when_the_next_is(session, themes):
    async with window_of(session, themes) as window:
        panel = window.sync_panel
        await panel.settled()
        when = dates.moment(session.schedule.status.next_at, NOW)
        assert panel.words() == ("Synced 12 minutes ago", f"Next sync at {when}")
        assert panel._history.isVisible()
        assert not panel._cancel.isVisible()


async def test_without_a_next_sync_the_history_keeps_its_place(session, themes):
    async with window_of(session, themes) as window:
        panel = window.sync_panel
        await panel.settled()
        place = panel._history.x()
        session.schedule.show(next_at=None)
        await until(lambda: panel.words()[1] == "")
        await panel.settled()
        assert panel._history.x() == place


@pytest.mark.parametrize("language", ["en", "de"])
async def test_when_the_next_is_is_never_cut(session, themes, language):
    languages = LanguageManager()
    languages.apply(language)
    try:
        async with window_of(session, themes) as window:
            window.resize(980, 640)
            panel = window.sync_panel
            session.schedule.show(next_at=NOW + timedelta(days=1))
            words = sync_words.next_sync(session.schedule.status, NOW)
            await until(lambda: panel.words()[1] == words)
            await panel.settled()
            await aio.painted(window)
            line = panel._detail
            assert line.text() == words
            assert line.height() >= line.heightForWidth(line.width())
            longest = max(map(line.fontMetrics().horizontalAdvance, words.split()))
            assert longest <= line.width()
    finally:
        languages.apply("en")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"pause": Pause.OFF, "next_at": None}, ("Synced 12 minutes ago", "Automatic sync is off")),
        (
            {"pause": Pause.METERED, "next_at": None},
            ("Synced 12 minutes ago", "Paused: metered connection"),
        ),
        ({"pause": Pause.OFFLINE, "next_at": None}, ("Offline", "Waits for the network")),
    ],
)
async def test_pauses(session, themes, changes, words):
    async with window_of(session, themes) as window:
        await window.sync_panel.settled()
        session.schedule.show(**changes)
        await until(lambda: window.sync_panel.words() == words)


async def test_a_sync_on_schedule_shows_and_can_be_cancelled(session, themes):
    async with window_of(session, themes) as window:
        panel = window.sync_panel
        await panel.settled()
        session.sync.is_running = True
        session.bus.publish(SyncProgress(1, 3, 4, 1500, "First Platypus Bank"))
        assert panel.words() == ("Syncing First Platypus Bank", "1 of 3 banks · 1,500 rows")
        waiting = SyncProgress(1, 3, 4, 1500, "First Platypus Bank", wait_s=60.2)
        session.bus.publish(waiting)
        await until(lambda: panel.words()[0] == "Waiting for First Platypus Bank")
        assert panel.words()[1] == "Asked often enough for now; goes on in 61 s"
        assert panel._cancel.isVisible()
        panel._cancel.click()
        assert session.sync.cancels == 1
        assert window.toast.text() == "Sync cancelled. What had arrived is kept."
        await until(lambda: panel.words()[0] == "Synced 12 minutes ago")
        assert not panel._cancel.isVisible()


async def test_the_end_of_a_scheduled_sync_is_shown_and_not_announced(session, themes):
    async with window_of(session, themes) as window:
        panel = window.sync_panel
        session.sync.is_running = True
        session.bus.publish(SyncProgress(0, 3, 0, 0, "First Platypus Bank"))
        session.sync.is_running = False
        session.bus.publish(SyncFinished(3, 1, 0, (), is_offline=True))
        await until(lambda: panel.words()[0] == "Offline")
        assert not window.toast.isVisible()


async def test_a_sync_of_ours_can_be_cancelled(session, themes):
    session.sync.gate.clear()
    async with window_of(session, themes) as window:
        window.sync()
        await until(window.sync_panel._cancel.isVisible)
        window.sync_panel._cancel.click()
        await until(lambda: not window.sync_panel.is_running())
        assert "cancelled" in window.toast.text()


async def test_questions_are_told_and_lead_to_the_review(session, themes):
    session.sync.questions = 2
    async with window_of(session, themes) as window:
        window.sync()
        await until(lambda: window.toast.text() == "Synced: 3 new, 2 to review")
        window.toast._act()
        assert window.current_page() is window.page(PageName.REVIEW)
        await window.current_page().settled()


async def test_offline_by_our_own_sync(session, themes):
    session.sync.fail_with = BankOfflineError()
    async with window_of(session, themes) as window:
        window.sync()
        await until(lambda: window.sync_panel.words()[0] == "Offline")


async def test_no_bank(qloop, themes):
    async with window_of(make_session(empty()), themes) as window:
        await window.sync_panel.settled()
        assert window.sync_panel.words() == ("No bank connected", "")
        assert not window.sync_panel._history.isVisible()


async def test_a_bank_that_needs_the_person_is_told_with_a_way(session, themes, house):
    async with window_of(session, themes) as window:
        item = house.items[1]
        session.bus.publish(ItemNeedsPerson(item.id, item.institution, ItemState.NEEDS_RELINK))
        assert window.toast.text() == "Tartan Credit Union wants you to sign in again"
        window.toast._act()
        assert window.current_page() is window.page(PageName.ACCOUNTS)
        await window.current_page().settled()
        session.bus.publish(ConnectionLostError(institution="Tartan Credit Union"))
        assert "could not be taken over" in window.toast.text()
        assert isinstance(window.shell.topbar.search, QLineEdit)


def test_words_of_the_next_sync():
    def said(pause=None, after=timedelta(minutes=5)):
        return sync_words.next_sync(ScheduleStatus(240, NOW + after, pause, True), NOW)

    assert said().startswith("Next sync at ")
    assert said(after=timedelta(days=1)).startswith("Next sync tomorrow ")
    assert said(Pause.OFFLINE).startswith("Tries again at ")
    assert said(Pause.NO_BANK) == ""
    assert said(after=timedelta(minutes=-5)) == f"Next sync at {dates.moment(NOW, NOW)}"


async def test_a_relay_that_is_left_alone_after_the_unlock_is_told(session, themes):
    waiting = replace(session, folding=SimpleNamespace(refused=RelayWaitsError()))
    async with window_of(waiting, themes) as window:
        await until(lambda: "The relay is left alone" in window.toast.text())
