"""The kit's small parts: tasks, dialogs, paint, toasts, segments, bridges."""

import asyncio
import gc
import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QWidget

from hive_desktop.domain.changes import Actor, ChangeSet, Kind
from hive_desktop.ports.errors import HiveError, VaultBusyError
from hive_desktop.services.events import EventBus
from hive_desktop.services.tasks import TaskScope
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.bus_bridge import BusBridge
from hive_desktop.ui.kit.confirm import ConfirmDialog, confirmed
from hive_desktop.ui.kit.donut import Donut, Share
from hive_desktop.ui.kit.garbage import GuiGarbage
from hive_desktop.ui.kit.long_work import LongWork
from hive_desktop.ui.kit.segmented import Segmented
from hive_desktop.ui.kit.toasts import Toast
from hive_desktop.ui.kit.widgets import Button, Elided, on_click
from tests.ui.helpers import Heard, until

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def scope(qloop):
    made = TaskScope("test")
    yield made
    qloop.run_until_complete(made.close())


@pytest.fixture
def host(qapp, themes):
    made = QWidget()
    made.resize(600, 400)
    made.show()
    yield made
    made.close()
    made.deleteLater()


async def _raise(error):
    await asyncio.sleep(0)
    raise error


async def test_errors_of_tasks_reach_the_person(scope, caplog):
    told = Heard()
    await aio.spawn(scope, _raise(VaultBusyError(holder="x")), on_error=told, name="a")
    await aio.spawn(scope, _raise(ZeroDivisionError()), on_error=told, name="b")
    assert isinstance(told.calls[0][0], VaultBusyError)
    assert type(told.calls[1][0]) is HiveError
    assert "a task of the window failed" in caplog.text
    caplog.clear()


async def test_an_error_of_work_that_was_cancelled_is_told_to_nobody(scope):
    loop, told = asyncio.get_running_loop(), Heard()
    first, second = loop.create_future(), loop.create_future()

    async def work():
        await asyncio.gather(first, second)

    task = aio.spawn(scope, work(), on_error=told, name="a")
    await asyncio.sleep(0)
    first.set_exception(VaultBusyError(holder="x"))
    task.cancel()  # the first has failed, and only the second can be cancelled
    await asyncio.wait([task])
    assert not task.cancelled()
    assert not told.calls


async def test_work_that_never_began_is_closed(scope):
    work = asyncio.sleep(0)
    task = aio.spawn(scope, work, on_error=Heard(), name="a")
    task.cancel()
    await asyncio.wait([task])
    del work
    gc.collect()
    assert task.cancelled()


async def test_a_closed_scope_takes_no_work(scope):
    await scope.close()
    with pytest.raises(RuntimeError):
        aio.spawn(scope, asyncio.sleep(0), on_error=Heard(), name="late")


async def test_the_latest_wins(scope):
    done = []

    async def work(name, seconds):
        await asyncio.sleep(seconds)
        done.append(name)

    latest = aio.Latest(scope, Heard(), "test")
    latest.run(work("old", 0.05))
    latest.run(work("new", 0.01))
    await latest.settled()
    assert done == ["new"]


async def test_a_childs_tasks_end_before_the_parents(scope):
    child = aio.ChildScope(scope)
    mine = child.spawn(asyncio.sleep(5), name="mine")
    others = scope.spawn(asyncio.sleep(0.02), name="others")
    child.cancel()
    await others
    assert mine.cancelled()


async def test_a_burst_calls_once(qapp, themes):
    heard = Heard()
    owner = QWidget()
    debounce = aio.Debounce(owner, heard, 20)
    for _ in range(5):
        debounce.poke()
    assert debounce.is_waiting()
    await until(lambda: len(heard) == 1)
    debounce.poke()
    debounce.flush()
    debounce.flush()
    assert len(heard) == 2
    debounce.poke()
    debounce.stop()
    await asyncio.sleep(0.04)
    assert len(heard) == 2
    owner.deleteLater()


async def test_dialogs_are_awaited_while_others_run(host):
    ticks = Heard()

    async def tick():
        while True:
            await asyncio.sleep(0.005)
            ticks()

    task = asyncio.get_running_loop().create_task(tick())
    asked = asyncio.get_running_loop().create_task(confirmed(host, "Sure?", "Really.", "Do it"))
    await until(lambda: len(ticks) > 2)
    host.findChild(ConfirmDialog).confirm.click()
    assert await asked is True
    task.cancel()


async def test_cancelling_a_wait_closes_the_dialog(host):
    dialog = QDialog(host)
    waiting = asyncio.get_running_loop().create_task(aio.finished(dialog))
    await until(dialog.isVisible)
    waiting.cancel()
    await until(lambda: host.findChild(QDialog) is None or not host.findChild(QDialog).isVisible())


async def test_painted_waits_for_paint_and_not_for_hidden(host):
    hidden = QWidget()
    await aio.painted(host, hidden)
    hidden.deleteLater()


async def test_widgets_that_are_waited_for_are_painted_together(host):
    class Counting(QWidget):
        paints = 0

        def paintEvent(self, _event):
            type(self).paints += 1

    parent = Counting(host)
    children = [QWidget(parent) for _ in range(4)]
    for at, one in enumerate(children):
        one.setGeometry(at * 10, 0, 10, 10)
    parent.setGeometry(0, 0, 40, 10)
    parent.show()
    await aio.painted(parent, *children)
    Counting.paints = 0
    await aio.painted(*children)
    assert Counting.paints == 1  # a child that is painted paints what is behind it, too


async def test_a_bridge_refetches_once_and_ends(host):
    bus, heard = EventBus(), Heard()
    bridge = BusBridge(bus, host)
    bridge.on_changes(heard, Kind.TRANSACTIONS)
    for _ in range(3):
        bus.publish(ChangeSet(Actor.SYNC, {Kind.TRANSACTIONS: frozenset()}))
    bus.publish(ChangeSet(Actor.SYNC, {Kind.SETTINGS: frozenset()}))
    await until(lambda: len(heard) == 1)
    bus.publish(ChangeSet(Actor.SYNC, {Kind.TRANSACTIONS: frozenset()}))
    bridge.close()
    bus.publish(ChangeSet(Actor.SYNC, {Kind.TRANSACTIONS: frozenset()}))
    await asyncio.sleep(0.1)
    assert len(heard) == 1


def test_toasts_act_once_and_stay_in_place(host):
    toast, heard = Toast(host), Heard()
    toast.show_message("3 rows moved", "Undo", heard)
    assert toast.isVisible()
    assert abs(toast.geometry().center().x() - host.width() // 2) <= 1
    host.resize(900, 500)
    assert abs(toast.geometry().center().x() - 450) <= 1
    toast._button.click()
    assert len(heard) == 1
    assert not toast.isVisible()


def test_long_work_is_shown_after_a_moment_and_can_be_stopped(host):
    with LongWork(host, "Changing rows", "Stopping keeps a part.", after=60) as work:
        assert work.heard(1, 3)
        assert work.dialog is None, "it may be over in a moment"
    with LongWork(host, "Changing rows", "Stopping keeps a part.", after=0) as work:
        assert work.heard(1_000, 3_000)
        assert work.dialog.isVisible()
        assert work.dialog.progress.words() == "1,000 of 3,000 rows"
        assert work.heard(2_000, 3_000)
        work.dialog.stop.click()
        assert not work.heard(2_500, 3_000)
    assert work.dialog is None


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_a_button_is_pressed_by_enter_and_space(host, key):
    button, clicks = Button("Go on", "primary"), []
    button.setParent(host)
    on_click(button, lambda: clicks.append(1))
    QTest.keyClick(button, key)
    assert clicks == [1]
    button.setEnabled(False)
    QTest.keyClick(button, key)
    assert clicks == [1]


def test_segments_move_by_keys(qapp, themes):
    heard = Heard()
    control = Segmented([("a", "A"), ("b", "B"), ("c", "C")], heard, "Letters")
    control.select("b")
    assert control.value() == "b"
    QTest.keyClick(control._group.button(1), Qt.Key.Key_Right)
    QTest.keyClick(control._group.button(2), Qt.Key.Key_Right)
    assert heard.calls == [("c",), ("a",)]
    control.deleteLater()


def test_long_names_are_shortened_and_told(host):
    line = Elided("A very long name that does not fit into the room")
    line.setParent(host)
    line.resize(90, 20)
    line._elide()
    assert line.text().endswith("\N{HORIZONTAL ELLIPSIS}")
    assert line.toolTip() == line.full()
    assert line.accessibleName() == line.full()


@pytest.mark.parametrize("values", [[], [1], [5, 3, 2], [0, 7], [10**12, 1]])
def test_a_ring_of_any_shares_paints(host, values):
    donut = Donut("Ring")
    donut.setParent(host)
    donut.show_shares(
        [Share(f"s{n}", "x", value, "#FF6B6B") for n, value in enumerate(values)], "", ""
    )
    assert sum(length for _, length in donut._angles()) in (0, 360 * 16, 360 * 16 - 1, 360 * 16 + 1)
    assert not donut.grab().isNull()


async def test_cycles_die_on_the_windows_thread_only():
    deaths = []

    class Knot:
        def __init__(self):
            self.me = self

        def __del__(self):
            deaths.append(threading.current_thread())

    def allocate():
        for _ in range(50):
            Knot()
        return [[n] for n in range(200_000)]

    await asyncio.get_running_loop().run_in_executor(None, allocate)
    assert deaths == []
    garbage = GuiGarbage()
    garbage._look()
    garbage._look()
    gc.collect()
    assert set(deaths) == {threading.main_thread()}
    garbage.deleteLater()


def test_cycles_wait_for_a_calm_moment_and_not_for_ever(qapp, monkeypatch):
    collected, count = [], [0]
    monkeypatch.setattr(gc, "get_count", lambda: (count[0], 0, 0))
    monkeypatch.setattr(gc, "get_threshold", lambda: (1_000, 10, 10))
    monkeypatch.setattr(gc, "collect", collected.append)
    garbage = GuiGarbage()
    for made in (5_000, 20_000, 12_000, 40_000):  # a worker makes rows and lets them go
        count[0] = made
        garbage._look()
    assert collected == []
    for _ in range(3):
        garbage._look()
    assert collected == [0]
    count[0] = 60_000  # too much to wait for
    garbage._look()
    assert collected == [0, 0]
    garbage.deleteLater()
