"""A fresh qasync loop for each test, and a session to show.

A coroutine test runs on its loop; what it leaves behind (tasks, windows, errors) fails it.
"""

import asyncio
import contextlib
import inspect
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import qasync
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

_ROOT = str(Path(__file__).resolve().parents[2])
if _ROOT not in sys.path:  # the helpers beside this file are imported as tests.ui
    sys.path.insert(0, _ROOT)

from hive_desktop.ui.desktop import Desktop  # noqa: E402
from hive_desktop.ui.kit.garbage import GuiGarbage  # noqa: E402
from hive_desktop.ui.kit.theme import Mode, ThemeManager  # noqa: E402
from tests.ui.fakes import FakeLifecycle, make_session  # noqa: E402
from tests.ui.household import household  # noqa: E402

_LIMIT_S = 90.0
_TO_END_S = 30.0


def flush_deletes() -> None:
    """Delete what was marked with deleteLater."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def themes(qapp):
    found = qapp.findChild(ThemeManager)
    manager = found if isinstance(found, ThemeManager) else ThemeManager(qapp)
    manager.apply(Mode.LIGHT)
    return manager


@pytest.fixture
def qloop(qapp):
    qapp.setQuitOnLastWindowClosed(False)
    loop = qasync.QEventLoop(qapp)
    pool = ThreadPoolExecutor(4, thread_name_prefix="hive-io")
    loop.set_default_executor(pool)
    garbage = GuiGarbage()
    garbage.start()
    asyncio.set_event_loop(loop)
    errors = []
    loop.set_exception_handler(lambda _loop, context: errors.append(context))
    yield loop
    left = [task for task in asyncio.all_tasks(loop) if not task.done()]
    for task in left:
        task.cancel()
    if left:
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
    flush_deletes()
    pool.shutdown(wait=True)
    garbage.stop()
    loop.close()
    asyncio.set_event_loop(None)
    assert not errors, errors
    assert not left, f"tasks were left running: {left}"


@pytest.fixture
def house():
    return household()


@pytest.fixture
def session(qloop, house, themes):
    made = make_session(house)
    yield made
    with contextlib.suppress(RuntimeError):
        qloop.run_until_complete(made.close())


@pytest.fixture
def lifecycle(qloop, house, themes):
    made = FakeLifecycle()
    made.house = house
    return made


@pytest.fixture(autouse=True)
def _no_window_left(qapp):
    yield
    flush_deletes()
    left = [each for each in QApplication.topLevelWidgets() if each.isVisible()]
    for each in left:
        each.close()
        each.deleteLater()
    flush_deletes()
    assert not left, f"windows were left open: {left}"


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    wanted = pyfuncitem._fixtureinfo.argnames
    arguments = {name: pyfuncitem.funcargs[name] for name in wanted}
    loop = pyfuncitem.funcargs["qloop"]
    work = _locked_afterwards(pyfuncitem.obj(**arguments), pyfuncitem.funcargs.get("desktop"))
    marker = pyfuncitem.get_closest_marker("timeout")
    limit = _LIMIT_S if marker is None else marker.args[0] - _TO_END_S
    loop.run_until_complete(asyncio.wait_for(work, limit))
    return True


async def _locked_afterwards(test, desktop):
    """Lock the vault that a test leaves open: pytest-qt lets timers fire without a loop."""
    try:
        await test
    finally:
        if isinstance(desktop, Desktop) and desktop.lifecycle.session is not None:
            await desktop.lifecycle.lock()


def pytest_collection_modifyitems(items):
    for item in items:
        is_async = inspect.iscoroutinefunction(getattr(item, "obj", None))
        if is_async and "qloop" not in item.fixturenames:
            item.fixturenames.insert(0, "qloop")
