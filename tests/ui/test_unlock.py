"""The screens before a vault is open."""

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from hive_desktop.ports.errors import VaultBusyError, WrongKeyError
from hive_desktop.services.lifecycle import AppState
from hive_desktop.services.tasks import TaskScope
from hive_desktop.ui.kit.passphrase import CapsHint
from hive_desktop.ui.unlock import UnlockWindow
from tests.ui.fakes import FakeLifecycle
from tests.ui.helpers import Heard, until

PASSPHRASE = "eleven brass kettles"


@pytest.fixture
def opened(qloop, themes):
    """Return a function that shows the window on a lifecycle."""
    scope = TaskScope("test")
    windows = []

    def show(lifecycle):
        entered = Heard()
        window = UnlockWindow(lifecycle, scope, entered=entered, quit_program=Heard())
        window.show()
        windows.append(window)
        return window, entered

    yield show
    for window in windows:
        window.shut()
    qloop.run_until_complete(scope.close())


async def test_first_run_makes_a_vault_and_shows_the_kit_once(opened):
    lifecycle = FakeLifecycle(has_vault=False)
    window, entered = opened(lifecycle)
    assert window.stack.shown() == "welcome"
    window.welcome.create_button.click()
    screen = window.create_screen
    screen.passphrase.first.setText("short")
    screen.passphrase.second.setText("short")
    assert not screen.go_on.isEnabled()
    screen.passphrase.first.setText(PASSPHRASE)
    screen.passphrase.second.setText("eleven brass kettlez")
    assert not screen.go_on.isEnabled()
    screen.passphrase.second.setText(PASSPHRASE)
    screen.go_on.click()
    assert window.stack.shown() == "busy"
    assert screen.passphrase.first.text() == ""
    await window.settled()
    assert window.stack.shown() == "kit"
    assert lifecycle.passphrase == PASSPHRASE
    assert not entered.calls
    assert not window.kit.go_on.isEnabled()
    window.kit.proof.setText(window.kit._wanted.lower())
    window.kit.go_on.click()
    assert len(entered) == 1
    await lifecycle.lock()


@pytest.mark.qt_log_ignore("This plugin does not support")
async def test_first_run_makes_a_vault_of_an_archive_or_is_stopped(opened):
    lifecycle = FakeLifecycle(has_vault=False)
    window, entered = opened(lifecycle)
    window.welcome.from_archive.click()
    (dialog,) = window.welcome.findChildren(QFileDialog)
    assert dialog.fileMode() is QFileDialog.FileMode.ExistingFile
    dialog.fileSelected.emit("/x/mine.hivearchive")
    dialog.reject()
    screen = window.create_screen
    assert window.stack.shown() == "create"
    assert screen.of_archive.isVisible()
    assert "mine.hivearchive" in screen.of_archive.text()

    lifecycle.reads_on.clear()
    window._create(PASSPHRASE)
    await until(window.busy.stop.isVisible)
    window.busy.stop.click()
    lifecycle.reads_on.set()
    await window.settled()
    assert window.stack.shown() == "create"
    assert "left nothing behind" in window.error.words()[1]
    assert lifecycle.session is None

    window._create(PASSPHRASE)
    await window.settled()
    assert lifecycle.archive == Path("/x/mine.hivearchive")
    assert window.stack.shown() == "kit"
    assert not window.busy.stop.isVisible()
    assert not entered.calls
    await lifecycle.lock()


async def test_a_new_vault_after_an_archive_was_left_is_empty(opened):
    lifecycle = FakeLifecycle(has_vault=False)
    window, _ = opened(lifecycle)
    window._ask_passphrase(Path("/x/mine.hivearchive"))
    window.show_start()
    window.welcome.create_button.click()
    assert not window.create_screen.of_archive.isVisible()
    window._create(PASSPHRASE)
    await window.settled()
    assert lifecycle.archive is None
    await lifecycle.lock()


async def test_the_passphrase_opens_the_vault(opened):
    lifecycle = FakeLifecycle(passphrase=PASSPHRASE)
    window, entered = opened(lifecycle)
    assert window.stack.shown() == "unlock"
    window.unlock_screen.passphrase.setText(PASSPHRASE)
    window.unlock_screen.passphrase.returnPressed.emit()
    assert window.unlock_screen.passphrase.text() == ""
    await window.settled()
    assert len(entered) == 1
    assert lifecycle.state is AppState.OPEN
    await lifecycle.lock()


async def test_wrong_passphrases_are_told_and_slowed_down(opened, monkeypatch):
    monkeypatch.setattr("hive_desktop.ui.unlock._FIRST_DELAY_S", 10.0)  # none ends meanwhile
    window, entered = opened(FakeLifecycle(passphrase=PASSPHRASE))
    screen = window.unlock_screen
    waits = []
    for _ in range(4):
        screen.passphrase.setText("not it")
        screen.allow(allowed=True)
        screen.go_on.click()
        await window.settled()
        waits.append(window._delay.interval() if window._delay.isActive() else 0)
        assert window.error.words() == WrongKeyError().rendered()
        assert window.stack.shown() == "unlock"
    assert waits == [0, 0, 10_000, 20_000]
    screen.passphrase.setText(PASSPHRASE)
    assert not screen.go_on.isEnabled()
    window._allow()
    assert screen.go_on.isEnabled()
    assert not entered.calls


async def test_the_wait_is_counted_down_and_its_end_announced(opened, monkeypatch):
    said = []
    monkeypatch.setattr("hive_desktop.ui.unlock.announce", lambda _widget, text: said.append(text))
    window, _ = opened(FakeLifecycle(passphrase=PASSPHRASE))
    note = window.unlock_screen.wait
    assert not note.isVisible()
    go_on, card = window.unlock_screen.go_on, window.unlock_screen
    QApplication.processEvents()
    button, size = go_on.geometry(), card.size()
    for _ in range(4):
        window._hold_back()
    assert note.isVisible()
    assert note.text() == "Next try in 2 seconds"
    QApplication.processEvents()
    assert (note.geometry(), card.size()) == (button, size), "the card does not jump"
    assert not go_on.isVisible()
    await until(lambda: note.text() == "Next try in 1 second")
    await until(lambda: not note.isVisible())
    assert go_on.isVisible()
    assert said == ["Next try in 1 second", "Next try in 2 seconds", "You can try again now"]
    assert not window._tick.isActive()


async def test_caps_lock_is_told_while_it_is_typed(opened):
    window, _ = opened(FakeLifecycle())
    screen = window.unlock_screen
    field = screen.passphrase
    hint = screen.findChild(CapsHint)
    for keys, shift, shown in (
        ("a", False, False), ("A", False, True), ("3", False, True), ("a", True, True),
        ("A", True, False),
    ):  # fmt: skip
        modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        event = QKeyEvent(QEvent.Type.KeyPress, ord(keys.upper()), modifier, keys)
        QApplication.sendEvent(field, event)
        assert hint.isVisible() is shown, (keys, shift)
    QTest.keyClick(field, Qt.Key.Key_CapsLock)
    assert hint.isVisible()
    QTest.keyClick(field, Qt.Key.Key_CapsLock)
    assert not hint.isVisible()
    assert field.text() == "aA3aA"


async def test_other_errors_show_their_hint(opened):
    lifecycle = FakeLifecycle()

    async def busy(_passphrase):
        raise VaultBusyError(holder="process 4711")

    lifecycle.unlock = busy
    window, _ = opened(lifecycle)
    window.unlock_screen.passphrase.setText("anything")
    window.unlock_screen.go_on.click()
    await window.settled()
    assert window.error.words() == VaultBusyError(holder="process 4711").rendered()


async def test_the_recovery_kit_opens_the_vault(opened):
    lifecycle = FakeLifecycle(passphrase=PASSPHRASE)
    window, entered = opened(lifecycle)
    window.unlock_screen.recovery.click()
    assert window.stack.shown() == "recovery"
    window.recovery_screen.key.setText("nonsense")
    window.recovery_screen.go_on.click()
    await window.settled()
    assert window.error.isVisible()
    window.recovery_screen.key.setText("HIVE-7K2M-QX4T")
    window.recovery_screen.key.returnPressed.emit()
    await window.settled()
    assert len(entered) == 1
    await lifecycle.lock()


async def test_the_keychain_is_offered_where_there_is_a_slot(opened):
    lifecycle = FakeLifecycle()
    without, _ = opened(lifecycle)
    assert not without.unlock_screen.keychain.isVisible()
    lifecycle.has_slot = True
    window, entered = opened(lifecycle)
    assert window.unlock_screen.keychain.isVisible()
    window.unlock_screen.keychain.click()
    await window.settled()
    assert len(entered) == 1
    await lifecycle.lock()


async def test_the_demo_tells_its_steps(opened):
    lifecycle = FakeLifecycle(has_vault=False)
    window, entered = opened(lifecycle)
    window.welcome.demo_button.click()
    await until(lambda: window.busy._words.text() == "Starting the sandbox bank")
    await window.settled()
    assert len(entered) == 1
    assert lifecycle.session.is_demo
    await lifecycle.lock()


async def test_the_eye_shows_and_hides(opened):
    window, _ = opened(FakeLifecycle())
    field = window.unlock_screen.passphrase
    hidden = field.echoMode()
    field._eye.trigger()
    assert field.echoMode() != hidden
    field._eye.trigger()
    assert field.echoMode() == hidden


async def test_closing_while_it_opens_is_quiet(opened):
    lifecycle = FakeLifecycle()
    begun, gate = asyncio.Event(), asyncio.Event()

    async def slow(_passphrase):
        begun.set()
        await gate.wait()

    lifecycle.unlock = slow
    window, entered = opened(lifecycle)
    window.unlock_screen.passphrase.setText("anything")
    window.unlock_screen.go_on.click()
    await begun.wait()
    assert window.stack.shown() == "busy"
    window._task.cancel()
    await until(lambda: window.stack.shown() == "unlock")
    assert not entered.calls
