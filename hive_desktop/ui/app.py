"""Runs the window: one application, one loop, one pool, one exit code.

The loop is closed in `finally` and its pool is ours: a pool of Qt's own threads that is still alive
at exit aborts the process.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

import qasync  # type: ignore[import-untyped]
from PySide6.QtCore import QLoggingCategory, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from hive_desktop import __version__, interrupts
from hive_desktop.logs import crashes
from hive_desktop.ports.errors import HiveError
from hive_desktop.services.tasks import TaskScope
from hive_desktop.ui.desktop import Desktop, mode_of
from hive_desktop.ui.kit.garbage import GuiGarbage
from hive_desktop.ui.kit.theme import ThemeManager, check_fonts
from hive_desktop.ui.page import PageName

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence

    from PySide6.QtCore import QMessageLogContext

    from hive_desktop.services.lifecycle import AppLifecycle
    from hive_desktop.services.residence import Residence

T = TypeVar("T")
_IO_THREADS = 4
# A terminal sends Ctrl-C to a whole group, and `timeout` to its child and to the group.
_ONE_INTERRUPT_S = 1.0
_qt_log = logging.getLogger("qt")
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def _ignore(_moment: str) -> None:
    """Hear nothing."""


@dataclass(frozen=True, slots=True)
class UiOptions:
    """How the window starts.

    Args:
        theme: `system`, `light`, `dark` or `contrast`, until a vault says otherwise.
        page: the page that is shown first; empty for the one that was shown last.
        quit_after_s: end by itself after so many seconds; None to wait for the person.
        opener: opens a vault before any window is shown (with keys at hand, or the demo); when it
            fails, the unlock screen shows why.
        ended: the reports of earlier starts that ended in a fault, by name.
        residence: what it needs to stay when its window is closed; None to end then.
        mark: hears "shown" (a window is up), "cards" (right figures are painted) and "charts"
            (the last chart is painted).
    """

    theme: str = "system"
    page: str = ""
    quit_after_s: float | None = None
    opener: Callable[[AppLifecycle], Awaitable[None]] | None = None
    ended: Sequence[str] = ()
    residence: Residence | None = None
    mark: Callable[[str], None] = _ignore


def run(make_lifecycle: Callable[[], AppLifecycle], options: UiOptions) -> int:
    """Show the window until the person quits; returns the exit code.

    Args:
        make_lifecycle: called once, on the loop's thread, when the loop is there.
        options: how to start.

    Raises:
        EnvironmentFaultError: no font was found.
    """
    app = application()
    check_fonts()
    themes = ThemeManager(app)
    themes.apply(mode_of(options.theme))
    events = EventLoop(app)
    with events:
        events.run(_present(make_lifecycle(), themes, options))
    return 0


def show_gallery() -> int:
    """Show every component of the kit until the person closes the window; returns the exit code.

    Raises:
        EnvironmentFaultError: no font was found.
    """
    from hive_desktop.ui.gallery.window import GalleryWindow  # noqa: PLC0415 - on demand only

    app = application()
    check_fonts()
    themes = ThemeManager(app)
    themes.apply(mode_of("system"))
    closed = asyncio.Event()
    events = EventLoop(app)
    with events:
        window = GalleryWindow(themes, closed.set)
        window.show()
        events.run(closed.wait())
        window.deleteLater()
    return 0


def application() -> QApplication:
    """Return the application, made and named when there is none, its messages sent to the log."""
    found = QApplication.instance()
    if isinstance(found, QApplication):
        return found
    qInstallMessageHandler(_to_log)
    QLoggingCategory.setFilterRules("*.debug=false\nqt.qpa.*=false\nqt.accessibility.*=false")
    app = QApplication(sys.argv[:1] or ["hive-desktop"])
    app.setApplicationName("hive-desktop")
    app.setApplicationDisplayName("Hive")
    app.setApplicationVersion(__version__)
    # Flatpak gives the desktop's entry the name of the whole.
    app.setDesktopFileName(os.environ.get("FLATPAK_ID") or "hive-desktop")
    app.setQuitOnLastWindowClosed(False)
    return app


class EventLoop:
    """A qasync loop on the application, closed on leaving.

    `hive-io` is its pool, and reference cycles are collected on its thread alone.
    """

    def __init__(self, app: QApplication) -> None:
        self._app = app

    def __enter__(self) -> asyncio.AbstractEventLoop:
        self._before = signal.getsignal(signal.SIGINT)
        self._loop = cast("asyncio.AbstractEventLoop", qasync.QEventLoop(self._app))
        self._garbage = GuiGarbage()
        self._garbage.start()
        self._pool = ThreadPoolExecutor(_IO_THREADS, thread_name_prefix="hive-io")
        self._loop.set_default_executor(self._pool)
        crashes.watch_loop(self._loop)
        asyncio.set_event_loop(self._loop)
        return self._loop

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine to its end, which Ctrl-C brings about; a later one ends the process.

        Raises:
            KeyboardInterrupt: the person stopped it, and it has come to its end.
        """
        task = self._loop.create_task(work)
        came_at: list[float] = []

        def came() -> None:
            now = time.monotonic()
            if came_at and now - came_at[0] > _ONE_INTERRUPT_S:
                os._exit(interrupts.INTERRUPTED)
            came_at.append(now)
            task.cancel()

        if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
            self._hear(came)
        try:
            return self._loop.run_until_complete(task)
        except asyncio.CancelledError:
            if not came_at:
                raise
            raise KeyboardInterrupt from None

    def _hear(self, came: Callable[[], None]) -> None:
        """Call a function on the loop at Ctrl-C."""

        def heard(_number: int, _frame: object) -> None:
            self._loop.call_soon_threadsafe(came)

        with suppress(RuntimeError, ValueError):  # of a thread that hears no signals
            try:
                self._loop.add_signal_handler(signal.SIGINT, came)
            except NotImplementedError:  # on Windows
                signal.signal(signal.SIGINT, heard)

    def __exit__(self, *_error: object) -> None:
        try:
            self._pool.shutdown(wait=True, cancel_futures=True)
        finally:
            self._garbage.stop()
            self._loop.close()
            asyncio.set_event_loop(None)
            with suppress(ValueError):  # as above
                signal.signal(signal.SIGINT, self._before)


async def _present(lifecycle: AppLifecycle, themes: ThemeManager, options: UiOptions) -> None:
    page = PageName(options.page) if options.page in set(PageName) else None
    desktop = Desktop(lifecycle, themes, start_page=page, mark=options.mark)
    desktop.ended = options.ended
    try:
        async with resident(desktop, options.residence):
            await present(desktop, options)
    finally:
        await desktop.close()


@asynccontextmanager
async def resident(desktop: Desktop, residence: Residence | None) -> AsyncIterator[None]:
    """Let the program stay when its window is closed, where it is given what that needs."""
    if residence is None:
        yield
        return
    from hive_desktop.ui.tray.resident import Resident  # noqa: PLC0415 - not for every window

    scope = TaskScope("resident")
    stays = Resident(desktop, residence, scope)
    try:
        if residence.hidden and stays.tray.is_there:
            desktop.put_away()
        yield
    finally:
        await stays.close()
        await scope.close()


async def present(desktop: Desktop, options: UiOptions) -> None:
    """Open what shall be opened, show the window, and wait until the person quits."""
    error: HiveError | None = None
    if options.opener is not None:
        try:
            await options.opener(desktop.lifecycle)
        except HiveError as caught:
            error = caught
    desktop.show(error)
    if options.residence is not None and options.residence.hidden and not desktop.is_away:
        desktop.bring_back(minimised=True)
    options.mark("shown")
    with suppress(TimeoutError):
        async with asyncio.timeout(options.quit_after_s):
            await desktop.until_quit()


def _to_log(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    _qt_log.log(_LEVELS.get(kind, logging.WARNING), "%s", message)
    if kind is QtMsgType.QtCriticalMsg:  # after a fatal one the process ends, with a report
        crashes.note("Qt error", message)
