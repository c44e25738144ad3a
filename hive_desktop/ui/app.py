"""Runs the window: one application, one loop, one pool, one exit code.

The loop is closed in `finally` and its pool is ours: a pool of Qt's own threads that is still alive
at exit aborts the process.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import qasync  # type: ignore[import-untyped]
from PySide6.QtCore import QLoggingCategory, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from hive_desktop import __version__
from hive_desktop.ports.errors import HiveError
from hive_desktop.ui.desktop import Desktop, mode_of
from hive_desktop.ui.kit.garbage import GuiGarbage
from hive_desktop.ui.kit.theme import ThemeManager, check_fonts
from hive_desktop.ui.page import PageName

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from PySide6.QtCore import QMessageLogContext

    from hive_desktop.services.lifecycle import AppLifecycle

_IO_THREADS = 4
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
        mark: hears "shown" (a window is up), "cards" (right figures are painted) and "charts"
            (the last chart is painted).
    """

    theme: str = "system"
    page: str = ""
    quit_after_s: float | None = None
    opener: Callable[[AppLifecycle], Awaitable[None]] | None = None
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
    with EventLoop(app) as loop:
        loop.run_until_complete(_present(make_lifecycle(), themes, options))
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
    with EventLoop(app) as loop:
        window = GalleryWindow(themes, closed.set)
        window.show()
        loop.run_until_complete(closed.wait())
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
    app.setDesktopFileName("hive-desktop")
    app.setQuitOnLastWindowClosed(False)
    return app


class EventLoop:
    """A qasync loop on the application, closed on leaving.

    `hive-io` is its pool, and reference cycles are collected on its thread alone.
    """

    def __init__(self, app: QApplication) -> None:
        self._app = app

    def __enter__(self) -> asyncio.AbstractEventLoop:
        self._loop = cast("asyncio.AbstractEventLoop", qasync.QEventLoop(self._app))
        self._garbage = GuiGarbage()
        self._garbage.start()
        self._pool = ThreadPoolExecutor(_IO_THREADS, thread_name_prefix="hive-io")
        self._loop.set_default_executor(self._pool)
        asyncio.set_event_loop(self._loop)
        return self._loop

    def __exit__(self, *_error: object) -> None:
        try:
            self._pool.shutdown(wait=True, cancel_futures=True)
        finally:
            self._garbage.stop()
            self._loop.close()
            asyncio.set_event_loop(None)


async def _present(lifecycle: AppLifecycle, themes: ThemeManager, options: UiOptions) -> None:
    page = PageName(options.page) if options.page in set(PageName) else None
    desktop = Desktop(lifecycle, themes, start_page=page, mark=options.mark)
    try:
        await present(desktop, options)
    finally:
        await desktop.close()


async def present(desktop: Desktop, options: UiOptions) -> None:
    """Open what shall be opened, show the window, and wait until the person quits."""
    error: HiveError | None = None
    if options.opener is not None:
        try:
            await options.opener(desktop.lifecycle)
        except HiveError as caught:
            error = caught
    desktop.show(error)
    options.mark("shown")
    with suppress(TimeoutError):
        async with asyncio.timeout(options.quit_after_s):
            await desktop.until_quit()


def _to_log(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    _qt_log.log(_LEVELS.get(kind, logging.WARNING), "%s", message)
