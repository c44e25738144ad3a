"""Backups in the window: the section in Settings, the list, the drill, the restore."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from hive_desktop import bootstrap
from hive_desktop.config import AppConfig
from hive_desktop.demo import WindowDemo
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.ports.backups import Phase
from hive_desktop.ports.errors import BackupDamagedError, VaultUnwritableError
from hive_desktop.ports.events import BackupProven, DrillDue, VaultUpdating
from hive_desktop.services.lifecycle import AppState
from hive_desktop.ui.backups.drill import DrillDialog
from hive_desktop.ui.backups.listing import BackupsDialog
from hive_desktop.ui.backups.restore import RestoreDialog
from hive_desktop.ui.backups.restored import RestoredDialog
from hive_desktop.ui.backups.words import choice_words, far_words, held_words, update_words
from hive_desktop.ui.desktop import Desktop
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.settings.page import Place
from tests.bench.bulk_vault import make_vault
from tests.ui.backing_up import HELD, KIT, PASSPHRASE, MemoryBackups
from tests.ui.conftest import flush_deletes
from tests.ui.fakes import make_session
from tests.ui.helpers import opened, until, window_of
from tests.ui.household import NOW, TODAY

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
PAGE = PageName.SETTINGS
DAY = date(2026, 11, 23)
WAIT_S = 30
BENCH_PASSPHRASE = "a bench passphrase"


@pytest.fixture
def store(session):
    return session.backups._store


async def section_of(window):
    page = window.current_page()
    page.show_place(Place.DATA)
    await page.settled()
    return page.backups


async def test_the_section_says_how_the_backups_stand(session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        section = await section_of(window)
        assert "opened and counted" in section.last.text()
        assert section.all.text() == "3 backups, 12.6 MB together"
        assert section.daily.isChecked()
        assert section.own.isHidden()
        assert "survives" in section.folder.text()
        assert "once a year" in section.drilled.text()


async def test_a_vault_without_backups_says_so(session, themes, store):
    store.every.clear()
    async with window_of(session, themes, page=PAGE) as window:
        section = await section_of(window)
        assert section.last.text().startswith("None yet")
        assert not section.show_all.isEnabled()
        assert not section.practise.isEnabled()
        section.drill()
        assert window.findChild(DrillDialog) is None


async def test_one_is_made_on_request_and_the_section_follows(session, themes, store):
    async with window_of(session, themes, page=PAGE) as window:
        section = await section_of(window)
        section.now.click()
        await section.settled()
        assert len(store.every) == 4
        assert section.all.text().startswith("4 backups")
        assert window.toast.text() == "Backed up and proven: 4.2 MB"
        assert section.now.isVisible()
        assert not section.progress.isVisible()


async def test_the_keyboard_stays_with_what_is_under_way(session, themes, store):
    async with window_of(session, themes, page=PAGE) as window:
        section = await section_of(window)
        section.now.setFocus()
        section._set_busy(busy=True)
        assert section.stop.hasFocus()
        assert not section.now.isVisible()
        section._set_busy(busy=False)
        assert section.now.hasFocus()


async def test_what_goes_wrong_stays_in_sight(session, themes, store):
    store.fail_with = VaultUnwritableError(folder="/mnt/usb", reason="the disk is full")
    async with window_of(session, themes, page=PAGE) as window:
        section = await section_of(window)
        section.now.click()
        await section.settled()
        assert "disk is full" in section.error.words()[1]
        assert section.error.isVisible()
        section.now.click()
        await section.settled()
        assert not section.error.isVisible()


async def test_one_that_came_by_itself_is_shown(session, themes, store):
    async with window_of(session, themes, page=PAGE) as window:
        section = await section_of(window)
        await session.backups.make(by_person=False)
        session.bus.publish(BackupProven(NOW, 1))
        await section.settled()
        assert section.all.text().startswith("4 backups")


async def test_the_switch_and_the_folder_are_kept(session, themes, store):
    async with window_of(session, themes, page=PAGE) as window:
        section = await section_of(window)
        section.daily.click()
        await section.settled()
        assert await session.settings.get("backup.on", "1") == "0"
        section.take_folder(Path("/mnt/usb"))
        await section.settled()
        assert section.folder.text().replace("\N{ZERO WIDTH SPACE}", "") == "/mnt/usb"
        assert not section.own.isHidden()
        store.is_there = False
        section.refresh()
        await section.settled()
        assert "is not there now" in section.folder.text()
        section.take_folder(Path("/mnt/gone"))
        await section.settled()
        assert "cannot be found" in section.error.words()[1]
        section.own.click()
        await section.settled()
        assert await session.settings.get("backup.folder", "") == ""


async def test_neither_a_refresh_nor_the_switch_ends_the_trying_of_a_folder(
    session, themes, store, monkeypatch
):
    trying, goes_on = threading.Event(), threading.Event()

    def try_place(_place):
        trying.set()
        assert goes_on.wait(WAIT_S)

    monkeypatch.setattr(store, "try_place", try_place)
    async with window_of(session, themes, page=PAGE) as window:
        section = await section_of(window)
        section.take_folder(Path("/mnt/usb"))
        assert await asyncio.to_thread(trying.wait, WAIT_S)
        section.refresh()
        section.daily.click()
        goes_on.set()
        await section.settled()
        assert await session.settings.get("backup.folder", "") == "/mnt/usb"
        assert await session.settings.get("backup.on", "1") == "0"
        assert section.folder.text().replace("\N{ZERO WIDTH SPACE}", "") == "/mnt/usb"


async def test_the_demo_has_no_backups(qloop, themes):
    session = make_session(is_demo=True)
    async with window_of(session, themes, page=PAGE) as window:
        assert window.current_page().backups is None


async def test_the_drill_is_a_wizard_of_three_steps(session, themes, store):
    async with window_of(session, themes, page=PAGE) as window:
        section = await section_of(window)
        section.practise.click()
        dialog = await opened(window, DrillDialog)
        assert dialog.choice.text() == choice_words(store.every[0])
        assert not dialog.go_on.isEnabled()
        dialog.secret.passphrase.setText("wrong")
        dialog.go_on.click()
        assert dialog.secret.passphrase.text() == ""
        await dialog.settled()
        assert dialog.steps.shown() == "ask"
        assert dialog.error.isVisible()
        dialog.secret.passphrase.setText(PASSPHRASE)
        dialog.go_on.click()
        assert dialog.steps.shown() == "work"
        await dialog.settled()
        assert dialog.steps.shown() == "done"
        assert dialog.found.text() == held_words(HELD)
        assert "1,284 transactions in 7 accounts" in dialog.found.text()
        dialog.go_on.click()
        await until(lambda: window.findChild(DrillDialog) is None)
        assert not dialog.show_far(Phase.CHECKING, 1, 2)  # as a worker may that hears of it late
        await section.settled()
        assert section.drilled.text().startswith("It worked on")
        assert await session.settings.get("backup.drill", "") == TODAY.isoformat()


async def test_the_drill_takes_the_kit_too_and_tells_of_damage(session, themes, store):
    async with window_of(session, themes, page=PAGE) as window:
        section = await section_of(window)
        section.drill()
        dialog = await opened(window, DrillDialog)
        dialog.secret.way._group.button(1).click()
        assert dialog.secret.passphrase.isHidden()
        store.fail_with = BackupDamagedError(file="hive.hivebackup")
        for ends in ("ask", "done"):
            dialog.secret.kit.setText(f" {KIT} ")
            dialog.go_on.click()
            await dialog.settled()
            assert dialog.steps.shown() == ends
        dialog.reject()


async def test_a_drill_that_is_due_is_said_kindly(session, themes, store):
    async with window_of(session, themes, page=PAGE) as window:
        section = await section_of(window)
        long_ago = TODAY - timedelta(days=400)
        await session.settings.put("backup.drill", long_ago.isoformat())
        section.refresh()
        await section.settled()
        assert "over a year ago" in section.drilled.text()
        session.bus.publish(DrillDue())
        assert "a year" in window.toast.text()


async def test_the_list_checks_each_and_sets_a_damaged_one_aside(session, themes, store):
    async with window_of(session, themes, page=PAGE) as window:
        section = await section_of(window)
        section.show_all.click()
        dialog = await opened(window, BackupsDialog)
        assert len(dialog.checks) == 3
        dialog.checks[1].click()
        await dialog.settled()
        assert "is whole" in dialog.outcome.text()
        store.fail_with = BackupDamagedError(file="x")
        dialog.checks[0].click()
        await dialog.settled()
        assert "set aside" in dialog.error.words()[1]
        assert len(dialog.checks) == 2
        dialog.accept()
        await until(lambda: window.findChild(BackupsDialog) is None)
        assert not dialog.show_far(Phase.CHECKING, 1, 2)  # as a worker may that hears of it late
        await section.settled()
        assert section.all.text().startswith("2 backups")


def test_words_of_each_moment():
    assert far_words(Phase.COPYING, 1_000_000, 4_200_000) == "Copying 1.0 MB of 4.2 MB"
    assert far_words(Phase.CHECKING, 1_000_000, 4_200_000) == "Reading 1.0 MB of 4.2 MB again"
    assert far_words(Phase.CHECKING, 0, 0).startswith("Opening and counting")
    assert update_words(Phase.COPYING, 1, 1_000_000).startswith("Backing up before the update")
    assert update_words(Phase.CHECKING, 0, 0).startswith("Checking the backup")
    assert update_words(Phase.UPDATING, 0, 0).startswith("Updating your vault")


# From here on the vault is a real one.


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A vault with rows and a backup of it, on a thread that has no loop of the window's."""
    folder = tmp_path_factory.mktemp("restored") / "vault"

    def make():
        keys = make_vault(folder, 200, today=DAY)
        store = bootstrap.vault_store(bootstrap.clock_of(DAY)).backups
        store.make(folder, keys, store.own_place(folder), bootstrap.clock_of(DAY).now())
        return keys

    with ThreadPoolExecutor(1) as pool:
        return folder, pool.submit(make).result()


@pytest.fixture
def desktop(qloop, themes, made):
    clock = bootstrap.clock_of(DAY)
    life = bootstrap.lifecycle(AppConfig.default(made[0]), clock, WindowDemo(clock))
    desktop = Desktop(life, themes, mark=lambda _moment: None)
    yield desktop
    qloop.run_until_complete(desktop.close())


def plain(label):
    return label.text().replace("\u200b", "")


async def rows(desktop):
    session = desktop.lifecycle.session
    return await session.database.read(lambda reads: reads.count(TransactionQuery()))


async def test_a_restore_from_settings_closes_the_vault_and_opens_the_other(desktop, made):
    await desktop.lifecycle.unlock_with(made[1])
    desktop.show()
    window = desktop.session_window
    window.show_page(PAGE)
    section = await section_of(window)
    section.show_all.click()
    listing = await opened(window, BackupsDialog)
    listing.restores[0].click()
    dialog = await opened(window, RestoreDialog)
    dialog.secret.passphrase.setText("not this one, surely")
    dialog.go_on.click()
    await until(dialog.error.isVisible)
    assert desktop.session_window is window
    dialog.secret.passphrase.setText(BENCH_PASSPHRASE)
    dialog.go_on.click()
    await until(lambda: desktop.session_window not in (None, window))
    flush_deletes()
    assert desktop.lifecycle.state is AppState.OPEN
    assert await rows(desktop) == 200
    aside = list(made[0].parent.glob("vault-replaced-*"))
    assert len(aside) == 1
    told = await opened(desktop.session_window, RestoredDialog)
    assert plain(told.kept) == str(aside[0])
    assert f"in the place of {made[0]}" in plain(told.back)
    assert "200 transactions" in told.held.text()
    told.done_button.click()
    await until(lambda: desktop.session_window.findChild(RestoredDialog) is None)
    await desktop.session_window.current_page().settled()


async def test_a_restore_before_the_vault_is_open(desktop, made):
    desktop.show()
    window = desktop.unlock_window
    window.unlock_screen.restore.click()
    await until(lambda: bool(window.restore_screen._backups))
    assert window.stack.shown() == "restore"
    screen = window.restore_screen
    screen.secret.passphrase.setText("not this one, surely")
    screen.go_on.click()
    await window.settled()
    assert window.stack.shown() == "restore"
    assert window.error.isVisible()
    screen.secret.passphrase.setText(BENCH_PASSPHRASE)
    screen.go_on.click()
    assert window.stack.shown() == "busy"
    await until(lambda: desktop.session_window is not None)
    assert await rows(desktop) == 200
    told = await opened(desktop.session_window, RestoredDialog)
    assert "vault-replaced-" in told.kept.text()
    QTest.keyClick(told, Qt.Key.Key_Return)
    await until(lambda: desktop.session_window.findChild(RestoredDialog) is None)
    await desktop.session_window.current_page().settled()


async def test_a_file_that_is_no_backup_is_refused_in_place(desktop, made, tmp_path):
    desktop.show()
    window = desktop.unlock_window
    window.unlock_screen.restore.click()
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear bank")
    window._look_at(letter)
    await until(window.error.isVisible)
    (backup,) = (made[0] / "backups").glob("*.hivebackup")
    copy = tmp_path / "elsewhere.hivebackup"
    copy.write_bytes(backup.read_bytes())
    window._look_at(copy)
    await until(lambda: str(copy) in window.restore_screen._backups)
    assert window.restore_screen.choice.value() == str(copy)
    said = window.restore_screen.where.text().replace("\u200b", "")
    assert said == f"elsewhere.hivebackup in {tmp_path}"


async def test_another_vaults_backup_is_told_before_it_is_restored(desktop, made, tmp_path):
    desktop.show()
    window = desktop.unlock_window
    window.unlock_screen.restore.click()
    (mine,) = await desktop.lifecycle.found_backups()
    theirs = replace(mine, file=tmp_path / "theirs.hivebackup", vault_id="of another")
    assert await desktop.lifecycle.is_of_another(theirs)
    assert not await desktop.lifecycle.is_of_another(mine)
    window.restore_screen.add(theirs, is_of_another=True)
    assert "another vault" in window.restore_screen.where.text()
    window.restore_screen.add(mine)
    assert "another vault" not in window.restore_screen.where.text()


async def test_an_update_says_how_far_it_is(desktop):
    desktop.show()
    window = desktop.unlock_window
    window._busy("One moment", lambda: until(lambda: False), "unlock")
    desktop.lifecycle.bus.publish(VaultUpdating(Phase.COPYING, 500_000, 1_000_000))
    assert "500.0 kB of 1.0 MB" in window.busy._words.text()
    window._task.cancel()
    await window.settled()


def test_backups_in_memory_are_newest_first():
    dates = [one.made_at for one in MemoryBackups().every]
    assert dates == sorted(dates, reverse=True)


async def test_a_new_backup_does_not_undo_the_choice_of_a_folder(session, themes, store):
    async with window_of(session, themes, page=PAGE) as window:
        section = await section_of(window)
        section.take_folder(Path("/mnt/usb"))
        section.refresh()
        await section.settled()
        assert await session.settings.get("backup.folder", "") == "/mnt/usb"
