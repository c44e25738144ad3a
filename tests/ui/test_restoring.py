"""Ways to a restore where something is lost, out of its dialogs, and what lists of backups say."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from hive_desktop.ports.backups import Fault, FaultyBackup, Phase
from hive_desktop.ports.errors import (
    BackupDamagedError,
    BackupFolderMissingError,
    HiveError,
    NoBackupError,
    VaultDamagedError,
)
from hive_desktop.services.tasks import TaskScope
from hive_desktop.ui.backup_pictures import render_backups, render_restore_card
from hive_desktop.ui.backups.drill import DrillDialog
from hive_desktop.ui.backups.listing import BackupsDialog
from hive_desktop.ui.backups.restore import RestoreDialog
from hive_desktop.ui.kit.confirm import ConfirmDialog
from hive_desktop.ui.kit.states import ErrorBanner
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.settings.page import Place
from hive_desktop.ui.session_window import SessionWindow
from hive_desktop.ui.unlock import UnlockWindow
from tests.ui.backing_up import PASSPHRASE, VAULT, MemoryBackups
from tests.ui.fakes import FakeLifecycle
from tests.ui.helpers import Heard, opened, until, window_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
USB = Path("/media/mira/usb")


@pytest.fixture
def store(session):
    return session.backups._store


@pytest.fixture
def unlock(qloop, themes):
    """Return a function that shows the window before the vault."""
    scope = TaskScope("test")
    windows = []

    def show(lifecycle):
        window = UnlockWindow(lifecycle, scope, entered=Heard(), quit_program=Heard())
        window.show()
        windows.append(window)
        return window

    yield show
    for window in windows:
        window.shut()
    qloop.run_until_complete(scope.close())


async def section_of(window):
    page = window.current_page()
    page.show_place(Place.DATA)
    await page.settled()
    return page.backups


def plain(label):
    return label.text().replace("\u200b", "")


async def test_backing_up_without_the_disk_says_so_and_goes_on_saying_it(session, themes, store):
    async with window_of(session, themes, page=PageName.SETTINGS) as window:
        section = await section_of(window)
        section.take_folder(USB)
        await section.settled()
        assert "from now on" in window.toast.text()
        assert "listed too" in window.toast.text()
        store.is_there = False
        store.fail_with = BackupFolderMissingError(folder=USB)
        section.now.click()
        await section.settled()
        assert section.error.isVisible()
        assert str(USB) in section.error.words()[1]
        section.refresh()
        await section.settled()
        assert section.error.isVisible()
        store.is_there = True
        section.now.click()
        await section.settled()
        assert not section.error.isVisible()


async def test_leaving_a_chosen_folder_says_that_its_backups_are_not_listed(session, themes, store):
    async with window_of(session, themes, page=PageName.SETTINGS) as window:
        section = await section_of(window)
        section.take_folder(USB)
        await section.settled()
        await session.backups.make()
        section.own.click()
        await section.settled()
        assert f"Those in {USB} stay there, and are not listed any more" in window.toast.text()


async def test_others_and_damaged_ones_are_counted_and_listed_with_a_word(session, themes, store):
    theirs = replace(store.every[-1], vault_id="f" * 32)
    store.others.append(theirs)
    store.faulty.append(FaultyBackup(VAULT / "backups" / "hive-x.refused", Fault.SET_ASIDE))
    async with window_of(
        session, themes, page=PageName.SETTINGS, lifecycle=FakeLifecycle()
    ) as window:
        section = await section_of(window)
        assert section.all.text().endswith("together; 1 of another vault; 1 cannot be used")
        section.show_all.click()
        listing = await opened(window, BackupsDialog)
        assert (len(listing.checks), len(listing.restores)) == (3, 4)
        assert listing.faults == ["Found damaged earlier, and set aside"]
        listing.restores[-1].click()
        dialog = await opened(window, RestoreDialog)
        assert dialog.other.isVisible()
        dialog.stop()


async def test_faulty_ones_alone_can_be_looked_at(session, themes, store):
    store.every.clear()
    store.faulty.append(FaultyBackup(VAULT / "backups" / "hive-x", Fault.DAMAGED))
    async with window_of(session, themes, page=PageName.SETTINGS) as window:
        section = await section_of(window)
        assert section.show_all.isEnabled()
        assert section.all.text() == "None is in reach; 1 cannot be used"


class Slow(MemoryBackups):
    """Works until it is told to stop."""

    def __init__(self):
        super().__init__()
        self.goes_on = True

    def _until_stopped(self, heard):
        while self.goes_on and heard(Phase.CHECKING, 1_000, 2_000):
            pass
        return self.held

    def verify(self, _file, _keys, heard):
        return self._until_stopped(heard)

    def try_out(self, _file, _keys, heard):
        return self._until_stopped(heard)


async def test_the_focus_stays_with_what_is_checked_and_it_can_be_stopped(session, themes):
    service = session.backups
    store = service._store = Slow()
    async with window_of(session, themes) as window:
        found = store.survey(VAULT / "backups")
        dialog = BackupsDialog(window, service, found, session.scope, Heard())
        dialog.show()
        check = dialog.checks[1]
        dialog.activateWindow()
        check.setFocus()
        check.click()
        assert check.text() == "Stop"
        assert not dialog.checks[0].isEnabled()
        assert dialog.focusWidget() is check
        check.click()
        await dialog.settled()
        assert check.text() == "Check"
        assert dialog.checks[0].isEnabled()
        assert dialog.focusWidget() is check
        store.goes_on = False
        check.click()
        await dialog.settled()
        assert "is whole. It holds 1,284 transactions" in dialog.outcome.text()
        assert dialog.focusWidget() is check
        dialog.stop()


async def test_after_a_damaged_one_the_focus_is_on_the_next(session, themes, store):
    async with window_of(session, themes) as window:
        found = store.survey(VAULT / "backups")
        dialog = BackupsDialog(window, session.backups, found, session.scope, Heard())
        dialog.show()
        store.fail_with = BackupDamagedError(file="x")
        dialog.checks[1].setFocus()
        dialog.checks[1].click()
        await dialog.settled()
        assert dialog.focusWidget() is dialog.checks[1]
        assert len(dialog.checks) == 2
        dialog.stop()


async def test_escape_asks_before_it_stops_a_drill(session, themes):
    service = session.backups
    store = service._store = Slow()
    async with window_of(session, themes) as window:
        dialog = DrillDialog(window, service, store.every, session.scope)
        dialog.open()
        QTest.keyClick(dialog.secret.passphrase, Qt.Key.Key_Escape)
        assert not dialog.isVisible()
        dialog = DrillDialog(window, service, store.every, session.scope)
        dialog.open()
        dialog.secret.passphrase.setText(PASSPHRASE)
        QTest.keyClick(dialog.secret.passphrase, Qt.Key.Key_Return)
        assert dialog.steps.shown() == "work"
        QTest.keyClick(dialog, Qt.Key.Key_Return)  # a second Enter stops nothing
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        question = await opened(dialog, ConfirmDialog)
        question.cancel.click()
        await until(lambda: dialog.findChild(ConfirmDialog) is None)
        assert dialog.isVisible()
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        await opened(dialog, ConfirmDialog)
        store.goes_on = False  # what ends by itself is not asked about any more
        await dialog.settled()
        assert dialog.steps.shown() == "done"
        await until(lambda: dialog.findChild(ConfirmDialog) is None)
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert not dialog.isVisible()


async def test_escape_asks_before_it_stops_a_restore_and_a_yes_does(session, themes, store):
    stopped, begun = [], asyncio.Event()

    class Lifecycle:
        async def restore(self, _backup, _secret, *, is_kit, heard):
            begun.set()
            while heard(Phase.COPYING, 1_000, 2_000):  # noqa: ASYNC110 - as a worker asks
                await asyncio.sleep(0.01)
            stopped.append(is_kit)

    async with window_of(session, themes) as window:
        dialog = RestoreDialog(window, Lifecycle(), store.every[0], session.scope)
        dialog.open()
        dialog.secret.passphrase.setText(PASSPHRASE)
        QTest.keyClick(dialog, Qt.Key.Key_Return)
        await begun.wait()
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        question = await opened(dialog, ConfirmDialog)
        assert not stopped
        question.confirm.click()
        await until(lambda: stopped == [False])
        assert not dialog.isVisible()


async def test_the_card_offers_the_chosen_folder_and_says_when_it_is_away(unlock):
    lifecycle = FakeLifecycle()
    lifecycle.missing_backups = USB
    window = unlock(lifecycle)
    window.unlock_screen.restore.click()
    screen = window.restore_screen
    await until(screen.away.isVisible)
    assert str(USB) in plain(screen.away)
    assert len(screen._backups) == 3
    QTest.keyClick(screen.secret.passphrase, Qt.Key.Key_Escape)
    assert window.stack.shown() == "unlock"


async def test_a_folder_can_be_chosen_on_the_card(unlock, monkeypatch):
    lifecycle = FakeLifecycle()
    window = unlock(lifecycle)
    window.offer_restore()
    screen = window.restore_screen
    await until(lambda: bool(screen._backups))
    theirs = replace(MemoryBackups().every[0], file=USB / "theirs.hivebackup", vault_id="f" * 32)
    mine = replace(MemoryBackups().every[2], file=USB / "mine.hivebackup")
    there = [theirs, mine]

    async def found(place):
        assert place == USB
        return there

    async def is_of_another(backup):
        return backup is theirs

    monkeypatch.setattr(lifecycle, "found_backups", found)
    monkeypatch.setattr(lifecycle, "is_of_another", is_of_another)
    window._look_in(USB)
    await until(lambda: len(screen._backups) == 2)
    assert screen.choice.value() == str(mine.file)
    screen.choice.choose(str(theirs.file))
    assert "another vault" in plain(screen.where)
    there.clear()
    window._look_in(USB)
    await until(window.error.isVisible)
    assert window.error.words()[0] == NoBackupError.default_title
    assert len(screen._backups) == 2


async def test_a_restore_on_the_card_can_be_stopped(unlock):
    lifecycle = FakeLifecycle()
    stopped = asyncio.Event()

    async def restore(_backup, _secret, *, is_kit, heard):
        while heard(Phase.COPYING, 1_000, 2_000):  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)
        stopped.set()
        raise HiveError("It was stopped.", title="Stopped")

    lifecycle.restore = restore
    window = unlock(lifecycle)
    window.offer_restore()
    await until(lambda: bool(window.restore_screen._backups))
    window.restore_screen.secret.passphrase.setText(PASSPHRASE)
    window.restore_screen.go_on.click()
    await until(window.busy.stop.isVisible)
    window.busy.stop.click()
    await stopped.wait()
    await window.settled()
    assert window.stack.shown() == "restore"
    assert window.error.words()[0] == "Stopped"
    assert window.busy.stop.isHidden()


async def test_a_damaged_vault_offers_a_restore_before_it_is_open(unlock):
    window = unlock(FakeLifecycle())
    window.show_error(HiveError())
    assert not window.error.restore.isVisible()
    window.show_error(VaultDamagedError())
    window.error.restore.click()
    assert window.stack.shown() == "restore"
    assert not window.error.isVisible()


async def test_a_header_that_is_damaged_leaves_the_window_standing(unlock):
    class Damaged(FakeLifecycle):
        def has_keychain_slot(self):
            raise VaultDamagedError

    window = unlock(Damaged())
    assert window.stack.shown() == "unlock"
    assert not window.unlock_screen.keychain.isVisible()


async def test_a_page_that_meets_damage_offers_a_restore(session, themes):
    wanted = Heard()
    window = SessionWindow(
        session, None, themes, lock=Heard(), quit_program=Heard(), mark=Heard(), restore=wanted
    )
    window.show_page(PageName.OVERVIEW)
    window.show()
    try:
        page = window.current_page()
        await page.settled()
        page.error.show_error(VaultDamagedError())
        assert page.error.restore.isVisible()
        page.error.restore.click()
        assert len(wanted) == 1
        page.error.show_error(HiveError())
        assert not page.error.restore.isVisible()
        window.report(VaultDamagedError())
        window.toast._button.click()
        assert len(wanted) == 2
        window.show_page(PageName.CHAT)
        chat = window.current_page()
        await chat.settled()
        banners = chat.findChildren(ErrorBanner)
        assert banners
        for banner in banners:
            banner.show_error(VaultDamagedError())
            assert not banner.restore.isHidden()
        window.report(HiveError())
        assert not window.toast._button.isVisible()
    finally:
        window.shut()
        await session.scope.close()


async def test_where_nothing_can_be_restored_nothing_is_offered(session, themes):
    async with window_of(session, themes) as window:
        banner = ErrorBanner()
        banner.setParent(window.shell)
        banner.show_error(VaultDamagedError())
        assert banner.restore.isHidden()


async def test_pictures_of_all_of_it(session, themes, tmp_path):
    saved = await render_backups(session, tmp_path, themes=("dark",), size=(980, 640))
    saved += await render_restore_card(FakeLifecycle(), tmp_path, themes=("dark",))
    assert [path.stem for path in saved] == [
        f"backups-{what}-dark"
        for what in (
            *("section", "section-away", "list", "list-checking", "restore", "restore-refused"),
            *("drill-ask", "drill-work", "drill-done", "restored"),
            *("card", "card-away", "card-none", "card-damaged"),
        )
    ]
    images = {path.read_bytes() for path in saved}
    assert len(images) == len(saved)
    await session.scope.close()


async def test_the_card_is_whole_in_a_low_window(unlock):
    window = unlock(FakeLifecycle())
    window.resize(560, 640)
    window.offer_restore()
    screen = window.restore_screen
    await until(lambda: bool(screen._backups))
    window.show_error(BackupFolderMissingError(folder=USB))
    screen.offer(MemoryBackups().every, away=USB)
    field = screen.secret.passphrase
    await until(lambda: field.height() >= field.sizeHint().height())
    for button in (screen.go_on, screen.file, screen.folder):
        assert button.width() >= button.minimumSizeHint().width()
