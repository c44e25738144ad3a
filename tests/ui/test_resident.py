"""The program beside its window: closing, bringing back, locking away, and another start."""

import asyncio
import os
import signal
import threading
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, Qt, QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from hive_desktop.domain.ledger import ItemState
from hive_desktop.domain.noticing import Happening
from hive_desktop.ports.events import BackgroundChanged, SyncFinished
from hive_desktop.ports.handover import Visit
from hive_desktop.ports.notices import NoticeKind, Target
from hive_desktop.services.lifecycle import AppState
from hive_desktop.services.residence import Residence
from hive_desktop.services.settings import RUN_WHEN_CLOSED, TOLD_RUNNING
from hive_desktop.services.tasks import TaskScope
from hive_desktop.ui.desktop import Desktop
from hive_desktop.ui.importing.flow import FileImports
from hive_desktop.ui.kit.dialog import Dialog
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.settings.page import Place
from hive_desktop.ui.tray.resident import Resident
from hive_desktop.ui.tray.status import TrayState
from tests.ui.conftest import flush_deletes
from tests.ui.helpers import Heard, until
from tests.ui.tray_icon import icon_maker


class Stage:
    """A desktop whose tray is there or not."""

    def __init__(self):
        self.has_tray = [True]
        self.desktop = self.resident = None
        self.shown = []
        self.can_show = True

    def show(self, notice):
        if self.can_show:
            self.shown.append(notice)
        return self.can_show

    @property
    def window(self):
        return self.desktop.session_window

    async def unlock(self):
        await self.desktop.lifecycle.unlock("correct horse")
        await self.window.current_page().settled()
        await self.resident.settled()

    def has_quit(self):
        return self.desktop._quitting.is_set()


@asynccontextmanager
async def staged(lifecycle, themes, *, has_tray=True, hidden=False, **more):
    stage = Stage()
    stage.has_tray[0] = has_tray
    scope = TaskScope("resident")
    stage.desktop = Desktop(lifecycle, themes, mark=Heard())
    stage.resident = Resident(
        stage.desktop, Residence(hidden=hidden, **more), scope, make_icon=icon_maker(stage.has_tray)
    )
    stage.resident.notifier.show = stage.show
    try:
        if hidden and has_tray:
            stage.desktop.put_away()
        stage.desktop.show()
        yield stage
    finally:
        await stage.resident.close()
        await scope.close()
        await stage.desktop.close()
        flush_deletes()


async def test_closing_the_window_keeps_the_tray_and_it_is_told_once(lifecycle, themes):
    async with staged(lifecycle, themes) as stage:
        await stage.unlock()
        for _ in range(3):
            stage.window.close()
            assert not stage.window.isVisible()
            assert not stage.has_quit()
            stage.resident.tray.menu.open_window.trigger()
            assert stage.window.isVisible()
        (notice,) = stage.shown
        assert notice.title == "Hive is still running"
        assert "tray" in notice.body
        await until(lambda: lifecycle.settings.get(TOLD_RUNNING) == "tray")
        await lifecycle.lock()
        await stage.unlock()
        stage.window.close()
        assert len(stage.shown) == 1


async def test_what_could_not_be_told_of_closing_is_told_the_next_time(lifecycle, themes):
    async with staged(lifecycle, themes) as stage:
        await stage.unlock()
        stage.can_show = False
        stage.window.close()
        stage.resident.open()
        assert lifecycle.settings.get(TOLD_RUNNING) is None
        stage.can_show = True
        stage.window.close()
        assert [one.title for one in stage.shown] == ["Hive is still running"]
        await until(lambda: lifecycle.settings.get(TOLD_RUNNING) == "tray")


async def test_what_no_desktop_shows_is_shown_in_the_window_once_it_is_in_sight(lifecycle, themes):
    async with staged(lifecycle, themes) as stage:
        await stage.unlock()
        session, resident = lifecycle.session, stage.resident
        notices = session.database.ledger.notices
        await until(lambda: notices.mark() is not None)
        in_sight = [False]
        resident.telling._is_in_sight = resident._is_in_sight = lambda: in_sight[0]
        stage.can_show = False
        items = session.database.ledger.house.items
        items[0] = replace(items[0], state=ItemState.REVOKED)
        session.bus.publish(SyncFinished(0, 0, 0, ()))
        await until(notices.untold)
        charge = Happening(NoticeKind.BACKUP_FAILED, "backup:1")
        notices.keep([charge])
        await until(lambda: session.notices._is_unshown)
        assert not stage.window.toast.isVisible()
        in_sight[0] = True
        stage.window.toast.hide()
        resident._activity_changed(Qt.ApplicationState.ApplicationActive)
        await until(stage.window.toast.isVisible)
        assert stage.window.toast.text().startswith("The backup failed")
        await until(lambda: not notices.untold())


async def test_it_can_be_chosen_that_closing_ends_the_program(lifecycle, themes):
    lifecycle.settings[RUN_WHEN_CLOSED] = "0"
    async with staged(lifecycle, themes) as stage:
        await stage.unlock()
        stage.window.close()
        assert stage.has_quit()
        assert stage.shown == []


async def test_without_a_tray_the_window_is_minimised_and_that_is_said(lifecycle, themes):
    async with staged(lifecycle, themes, has_tray=False) as stage:
        await stage.unlock()
        stage.window.close()
        assert stage.window.isMinimized()
        assert not stage.has_quit()
        (notice,) = stage.shown
        assert "no tray" in notice.body
        stage.resident.open()
        assert not stage.window.isMinimized()


async def test_a_minimised_window_that_is_closed_ends_the_program(lifecycle, themes):
    """There are desktops that have no tray and minimise nothing."""
    async with staged(lifecycle, themes, has_tray=False) as stage:
        await stage.unlock()
        stage.window.close()
        assert not stage.has_quit()
        stage.window.close()
        assert stage.has_quit()


async def test_what_was_said_of_one_lock_is_not_said_at_the_next(lifecycle, themes):
    async with staged(lifecycle, themes) as stage:
        await stage.unlock()
        await lifecycle.lock()
        lifecycle.bus.publish(BackgroundChanged(is_on=True, needs_you=True))
        assert "Unlock to see what needs you" in stage.resident.tray.told.lines
        await stage.unlock()
        await lifecycle.lock()
        assert stage.resident.tray.told.lines == ("Locked",)


async def test_before_a_vault_was_open_closing_ends_the_program(lifecycle, themes):
    async with staged(lifecycle, themes) as stage:
        stage.desktop.unlock_window.close()
        assert stage.has_quit()


async def test_after_a_lock_it_stays_as_chosen(lifecycle, themes):
    async with staged(lifecycle, themes) as stage:
        await stage.unlock()
        await lifecycle.lock()
        stage.desktop.unlock_window.close()
        assert not stage.has_quit()
        assert not stage.desktop.unlock_window.isVisible()


async def test_the_demo_ends_when_its_window_is_closed(lifecycle, themes):
    async with staged(lifecycle, themes) as stage:
        await lifecycle.open_demo()
        await stage.window.current_page().settled()
        stage.window.close()
        assert stage.has_quit()


async def test_what_is_hidden_locks_by_itself_and_shows_no_window_for_it(lifecycle, themes):
    async with staged(lifecycle, themes) as stage:
        await stage.unlock()
        stage.window.close()
        stage.window.autolock.set_minutes(0.3 / 60)
        await until(lambda: lifecycle.state is AppState.LOCKED)
        assert stage.desktop.session_window is None
        assert stage.desktop.unlock_window is None
        assert stage.resident.tray.told.state is TrayState.LOCKED
        stage.resident.tray.menu.unlock.trigger()
        assert stage.desktop.unlock_window.isVisible()


async def test_started_hidden_there_is_no_window_until_it_is_asked_for(lifecycle, themes):
    async with staged(lifecycle, themes, hidden=True) as stage:
        assert not any(one.isVisible() for one in QApplication.topLevelWidgets())
        stage.resident.open()
        assert stage.desktop.unlock_window.isVisible()
        stage.desktop.unlock_window.close()
        assert not stage.has_quit()


async def test_a_tray_that_vanishes_leaves_a_window_to_be_found(lifecycle, themes):
    async with staged(lifecycle, themes) as stage:
        await stage.unlock()
        stage.window.close()
        stage.has_tray[0] = False
        stage.resident.tray.look()
        assert stage.window.isMinimized()
        stage.has_tray[0] = True
        stage.resident.tray.look()
        stage.window.close()
        assert not stage.window.isVisible()


async def test_quit_quits_whatever_is_chosen(lifecycle, themes):
    async with staged(lifecycle, themes) as stage:
        await stage.unlock()
        stage.window.close()
        stage.resident.tray.menu.quit.trigger()
        assert stage.has_quit()
    assert lifecycle.state is AppState.LOCKED


async def test_the_end_of_the_desktop_s_session_closes_the_program(lifecycle, themes, qapp):
    async with staged(lifecycle, themes) as stage:
        await stage.unlock()
        stage.resident._session_ends()
        assert stage.has_quit()
        assert stage.window.close()


async def test_a_system_that_shuts_down_ends_it(lifecycle, themes):
    before = signal.getsignal(signal.SIGTERM)
    async with staged(lifecycle, themes) as stage:
        await stage.unlock()
        os.kill(os.getpid(), signal.SIGTERM)
        await until(stage.has_quit)
    assert signal.getsignal(signal.SIGTERM) == before


async def test_the_tray_syncs_pauses_and_locks_without_a_window(lifecycle, themes):
    async with staged(lifecycle, themes) as stage:
        await stage.unlock()
        session, tray = lifecycle.session, stage.resident.tray
        stage.window.close()
        session.sync.gate.clear()
        tray.menu.sync.trigger()
        await until(lambda: tray.told.state is TrayState.SYNCING)
        session.sync.gate.set()
        await until(lambda: "3 new transactions" in tray.told.lines)
        first = tray.told.banks[0][0]
        tray.menu.one_bank.actions()[0].trigger()
        await until(lambda: session.sync.asked == [None, [first]])
        await until(lambda: not session.sync.is_running)
        tray.menu.pause.trigger()
        await until(lambda: tray.told.is_paused)
        tray.menu.resume.trigger()
        await until(lambda: not tray.told.is_paused)
        tray.menu.lock.trigger()
        await until(lambda: lifecycle.state is AppState.LOCKED)
        assert tray.told.banks == ()


async def test_quick_add_opens_the_dialog_in_the_window(lifecycle, themes):
    async with staged(lifecycle, themes) as stage:
        await stage.unlock()
        stage.window.close()
        stage.window.by_hand._manual  # noqa: B018 - is there
        asked = asyncio.get_running_loop().create_future()

        class Hand:
            def add_row(self):
                asked.set_result(True)

        type(stage.window).by_hand, before = (
            property(lambda _self: Hand()),
            type(stage.window).by_hand,
        )
        try:
            stage.resident.tray.menu.add_row.trigger()
            assert await asked
        finally:
            type(stage.window).by_hand = before
        assert stage.window.isVisible()


@pytest.mark.qt_log_ignore("This plugin does not support")
async def test_quick_add_waits_for_what_the_window_asks_already(lifecycle, themes):
    async with staged(lifecycle, themes) as stage:
        await stage.unlock()
        add = stage.resident.tray.menu.add_row
        for _ in range(3):
            add.trigger()
            await until(lambda: stage.window.findChildren(Dialog))
        (dialog,) = stage.window.findChildren(Dialog)
        assert dialog.windowTitle() == "First an account for it"
        dialog.reject()
        await until(lambda: not stage.window.findChildren(Dialog))


async def test_a_notice_leads_to_its_page(lifecycle, themes):
    async with staged(lifecycle, themes) as stage:
        await stage.unlock()
        stage.window.close()
        stage.resident._lead(Target("accounts"))
        assert stage.window.isVisible()
        assert stage.window.current_name is PageName.ACCOUNTS
        stage.resident._lead(Target("no such page"))


async def test_another_start_brings_the_window_back(lifecycle, themes, monkeypatch):
    monkeypatch.delenv("XDG_ACTIVATION_TOKEN", raising=False)
    async with staged(lifecycle, themes) as stage:
        await stage.unlock()
        stage.window.close()
        stage.resident.show_for(Visit(hidden=True))
        assert not stage.window.isVisible()
        stage.resident.show_for(Visit(token="t0ken"))
        assert stage.window.isVisible()
        assert os.environ.pop("XDG_ACTIVATION_TOKEN", "t0ken") == "t0ken"
        stage.resident.show_for(Visit(demo=True))
        await until(lambda: lifecycle.session is not None and lifecycle.session.is_demo)
        await until(lambda: stage.window is not None)
        await stage.window.current_page().settled()
        session = lifecycle.session
        stage.resident.show_for(Visit(demo=True))
        await asyncio.sleep(0.05)
        assert lifecycle.session is session


class MemoryLogin:
    def __init__(self):
        self.state = None
        self.fail_with = None

    def is_on(self):
        return self.state is not None

    def is_hidden(self):
        return self.state == "hidden"

    def turn_on(self, *, hidden):
        if self.fail_with is not None:
            raise self.fail_with
        self.state = "hidden" if hidden else "shown"

    def turn_off(self):
        self.state = None


async def test_it_is_chosen_in_the_settings(lifecycle, themes):
    login = MemoryLogin()
    async with staged(lifecycle, themes, start_at_login=login) as stage:
        await stage.unlock()
        stage.window.show_page(PageName.SETTINGS)
        page = stage.window.current_page()
        page.show_place(Place.APPEARANCE)
        await page.settled()
        section = page.staying
        assert section.stays.isChecked()
        assert not section.hidden.isEnabled()
        section.login.click()
        await until(lambda: login.state == "shown")
        await until(section.hidden.isEnabled)
        section.hidden.click()
        await until(lambda: login.state == "hidden")
        assert "Only while" not in section._hidden_words.text()
        section.login.click()
        assert (section.hidden.isChecked(), section.hidden.isEnabled()) == (False, False)
        await until(lambda: login.state is None)
        await until(lambda: not section.hidden.isChecked())
        assert section._hidden_words.text() == "Only while “Start at login” is on."
        section.hidden.click()
        assert (section.hidden.isChecked(), login.state) == (False, None)
        section.stays.click()
        await until(lambda: lifecycle.settings.get(RUN_WHEN_CLOSED) == "0")
        stage.window.close()
        assert stage.has_quit()


async def test_the_newest_of_quick_choices_holds(lifecycle, themes):
    done = []
    begun, go_on = threading.Event(), threading.Event()

    class SlowToTurnOn(MemoryLogin):
        def turn_on(self, *, hidden):
            begun.set()
            assert go_on.wait(30)
            super().turn_on(hidden=hidden)
            done.append("on")

        def turn_off(self):
            super().turn_off()
            done.append("off")

    login = SlowToTurnOn()
    async with staged(lifecycle, themes, start_at_login=login) as stage:
        await stage.unlock()
        stage.window.show_page(PageName.SETTINGS)
        section = stage.window.current_page().staying
        await stage.window.current_page().settled()
        section.login.click()
        await until(begun.is_set)
        section.login.click()
        go_on.set()
        await until(lambda: done == ["on", "off"])
        await until(lambda: "staying" not in stage.window._scope.names())
        assert (login.state, section.login.isChecked()) == (None, False)


async def test_a_desktop_that_refuses_is_told_of_there(lifecycle, themes):
    from hive_desktop.ports.errors import EnvironmentFaultError

    login = MemoryLogin()
    login.fail_with = EnvironmentFaultError("It is read only.")
    async with staged(lifecycle, themes, start_at_login=login) as stage:
        await stage.unlock()
        stage.window.show_page(PageName.SETTINGS)
        section = stage.window.current_page().staying
        await stage.window.current_page().settled()
        section.login.click()
        await until(lambda: section.error.isVisibleTo(section))
        await until(lambda: not section.login.isChecked())


async def test_what_a_locked_vault_needs_is_told_without_any_name(lifecycle, themes):
    async with staged(lifecycle, themes) as stage:
        await stage.unlock()
        lifecycle.bus.publish(BackgroundChanged(is_on=True, needs_you=True))
        assert stage.shown == []
        lifecycle.bus.publish(BackgroundChanged(is_on=True))
        await lifecycle.lock()
        for _ in range(2):
            lifecycle.bus.publish(BackgroundChanged(is_on=True, needs_you=True))
        (notice,) = stage.shown
        assert notice.title == "Hive: a bank needs you"
        stage.resident._lead(notice.target)  # the vault is opened first
        assert stage.desktop.unlock_window.isVisible()


async def test_what_happens_in_the_vault_reaches_the_notifier(lifecycle, themes):
    async with staged(lifecycle, themes) as stage:
        await stage.unlock()
        session = lifecycle.session
        await until(lambda: session.database.ledger.notices.mark() is not None)
        items = session.database.ledger.house.items
        items[0] = replace(items[0], state=ItemState.REVOKED)
        stage.window.close()
        stage.shown.clear()
        session.bus.publish(SyncFinished(0, 0, 0, ()))
        await until(lambda: stage.shown)
        assert stage.shown[0].title == f"{items[0].institution} needs you"


async def test_files_that_a_second_start_names_wait_for_the_vault(
    lifecycle, themes, tmp_path, monkeypatch
):
    taken = []
    monkeypatch.setattr(FileImports, "take", lambda _self, paths: taken.append(paths))
    async with staged(lifecycle, themes) as stage:
        stage.resident.show_for(Visit(files=(str(tmp_path / "a.ofx"),)))
        stage.resident.show_for(Visit(files=(str(tmp_path / "b.ofx"),)))
        await stage.unlock()
        await until(lambda: taken)
        assert taken == [[tmp_path / "a.ofx", tmp_path / "b.ofx"]]
        stage.resident.show_for(Visit(files=(str(tmp_path / "c.ofx"),)))
        await until(lambda: len(taken) == 2)
        event = QFileOpenEvent(QUrl.fromLocalFile(str(tmp_path / "d.ofx")))  # as macOS tells it
        QCoreApplication.postEvent(QCoreApplication.instance(), event)
        await until(lambda: len(taken) == 3)
        assert taken[2] == [tmp_path / "d.ofx"]
