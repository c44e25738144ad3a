"""Windows follow the lifecycle, and leave nothing behind."""

import asyncio
import contextlib
import gc
import threading
import weakref
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from hive_desktop.services.lifecycle import AppState
from hive_desktop.ui.desktop import Desktop, mode_of
from hive_desktop.ui.kit.theme import Mode
from hive_desktop.ui.page import PageName
from hive_desktop.ui.shell import PAGE_ENTRIES
from tests.ui.conftest import flush_deletes
from tests.ui.helpers import Heard, press, until

CYCLES = 30
_DESCRIPTORS = Path("/proc/self/fd")


@pytest.fixture
def desktop(qloop, lifecycle, themes):
    made = Desktop(lifecycle, themes, mark=Heard())
    yield made
    qloop.run_until_complete(made.close())
    flush_deletes()


async def test_unlocking_and_locking_swap_windows(desktop):
    desktop.show()
    assert desktop.unlock_window.isVisible()
    screen = desktop.unlock_window.unlock_screen
    screen.passphrase.setText("correct horse")
    screen.go_on.click()
    await until(lambda: desktop.session_window is not None)
    assert desktop.unlock_window is None
    await desktop.session_window.current_page().settled()
    desktop.lock()
    await until(lambda: desktop.unlock_window is not None)
    assert desktop.session_window is None
    assert desktop.lifecycle.state is AppState.LOCKED


async def test_ctrl_l_locks(desktop):
    await desktop.lifecycle.unlock("correct horse")
    await press(desktop.session_window, Qt.Key.Key_L)
    await until(lambda: desktop.lifecycle.state is AppState.LOCKED)


async def test_ctrl_digits_show_pages(desktop):
    await desktop.lifecycle.unlock("correct horse")
    window = desktop.session_window
    for index, (name, *_) in enumerate(PAGE_ENTRIES):
        await press(window, Qt.Key(int(Qt.Key.Key_1) + index))
        assert window.current_page() is window.page(name)
        await window.current_page().settled()


async def test_idle_time_locks_and_input_keeps_awake(desktop):
    await desktop.lifecycle.unlock("correct horse")
    window = desktop.session_window
    window.autolock._timer.setTimerType(Qt.TimerType.PreciseTimer)  # others round what remains
    window.autolock.set_minutes(10)

    def is_longer_after_a_key():
        # Sent directly: QTest on a native window runs a nested event loop, and a task of asyncio
        # that comes due in there is lost.
        key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Shift, Qt.KeyboardModifier.NoModifier)
        QCoreApplication.sendEvent(window.windowHandle(), key)
        return window.autolock.remaining_ms() > waiting

    for _ in range(2):
        await asyncio.sleep(0.1)
        waiting = window.autolock.remaining_ms()
        await until(is_longer_after_a_key)  # at once, unless this computer stands still just then
    assert desktop.lifecycle.state is AppState.OPEN
    window.autolock.set_minutes(0.2 / 60)
    await until(lambda: desktop.lifecycle.state is AppState.LOCKED)


async def test_closing_the_window_quits(desktop):
    await desktop.lifecycle.unlock("correct horse")
    await desktop.session_window.current_page().settled()
    desktop.session_window.close()
    async with asyncio.timeout(30):
        await desktop.until_quit()


async def test_a_sync_is_shown_and_can_be_cancelled(desktop):
    await desktop.lifecycle.unlock("correct horse")
    window = desktop.session_window
    sync = desktop.lifecycle.session.sync
    sync.gate.clear()
    window.sync()
    panel = window.sync_panel
    await until(lambda: "1 of 3 banks" in panel.words()[1])
    assert panel._bar.isVisible()
    panel.cancel()
    await until(lambda: not panel.is_running())
    assert "cancelled" in window.toast.text()
    await until(lambda: not panel._bar.isVisible())
    sync.gate.set()
    window.sync()
    await until(lambda: window.toast.text() == "Synced: 3 new")
    await panel.settled()


async def test_locking_during_a_sync_is_clean(desktop):
    await desktop.lifecycle.unlock("correct horse")
    desktop.lifecycle.session.sync.gate.clear()
    desktop.session_window.sync()
    await asyncio.sleep(0.02)
    await desktop.lifecycle.lock()
    await asyncio.sleep(0.05)
    assert desktop.lifecycle.state is AppState.LOCKED


async def test_encrypting_anew_brings_the_window_back(desktop):
    """The session closes and reopens by itself; the task that does it must not die with it."""
    lifecycle = desktop.lifecycle
    await lifecycle.unlock("correct horse")
    window = desktop.session_window
    window.show_page(PageName.SETTINGS)
    await window.current_page().settled()
    plain_change = lifecycle.change_passphrase

    async def change(current, new, *, rekey=False):
        await plain_change(current, new, rekey=rekey)
        await lifecycle.lock()
        await asyncio.sleep(0.05)
        await lifecycle.unlock(new)

    lifecycle.change_passphrase = change
    form = window.current_page().security.form
    form.current.setText("correct horse")
    for field in (form.new.first, form.new.second):
        field.setText("eleven brass kettles")
    form.rekey.setChecked(True)
    form.save.click()
    await until(lambda: lifecycle.passphrase == "eleven brass kettles")
    await until(lambda: desktop.session_window not in (None, window))
    assert desktop.unlock_window is None
    await desktop.session_window.current_page().settled()


@pytest.mark.timeout(300)  # about a second of the processor's time for each
@pytest.mark.parametrize("cycles", [3, pytest.param(CYCLES, marks=pytest.mark.full)])
async def test_many_cycles_leave_nothing(desktop, cycles):
    """Open, look round and lock again: no window, session, task, thread or descriptor stays."""

    async def cycle():
        await desktop.lifecycle.unlock("correct horse")
        session = weakref.ref(desktop.lifecycle.session.ledger)
        window = desktop.session_window
        for name in PageName:
            window.show_page(name)
            await window.current_page().settled()
        gone = weakref.ref(window)
        del window
        await desktop.lifecycle.lock()
        await asyncio.sleep(0)
        flush_deletes()
        return session, gone

    await start_pool()
    await cycle()
    await cycle()
    gc.collect()
    before = census()
    dead = [await cycle() for _ in range(cycles)]
    await nothing_stays(before, dead)


async def start_pool():
    """Have all the threads that the loop works on: they stay, and are counted."""
    loop, meeting = asyncio.get_running_loop(), threading.Barrier(4, timeout=30)
    await asyncio.gather(*(loop.run_in_executor(None, meeting.wait) for _ in range(4)))


async def nothing_stays(before, dead):
    """Wait until there is no more than before, and what is dead is gone."""

    def left():
        flush_deletes()
        gc.collect()
        after = census()
        more = {name: after[name] for name in after if after[name] > before[name]}
        return more, [ref for pair in dead for ref in pair if ref() is not None]

    with contextlib.suppress(TimeoutError):
        await until(lambda: left() == ({}, []))
    assert left() == ({}, []), before


def census():
    return {
        "windows": sum(1 for _ in QApplication.topLevelWidgets()),
        "widgets": len(QApplication.allWidgets()),
        "tasks": len(asyncio.all_tasks()),
        "threads": threading.active_count(),
        "descriptors": len(list(_DESCRIPTORS.iterdir())) if _DESCRIPTORS.is_dir() else 0,
    }


async def test_the_theme_reaches_what_stands_already(desktop, themes):
    await desktop.lifecycle.unlock("correct horse")
    window = desktop.session_window
    for name in PageName:
        window.show_page(name)
        await window.current_page().settled()
    button = window.shell.topbar._sync
    light = button.icon().pixmap(16, 16).toImage()
    themes.apply(Mode.DARK)
    assert button.icon().pixmap(16, 16).toImage() != light
    themes.apply(Mode.LIGHT)
    assert button.icon().pixmap(16, 16).toImage() == light
    await desktop.lifecycle.lock()


def test_modes_have_names():
    assert mode_of("dark") is Mode.DARK
    assert mode_of("no such") is Mode.SYSTEM
