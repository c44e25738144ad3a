"""What several of the window's tests do: build a session's window, wait, look at it."""

import asyncio
from contextlib import asynccontextmanager

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from hive_desktop.ui.page import PageName
from hive_desktop.ui.session_window import SessionWindow


class Heard:
    """Counts calls and keeps their arguments."""

    def __init__(self):
        self.calls = []

    def __call__(self, *args):
        self.calls.append(args)

    def __len__(self):
        return len(self.calls)


@asynccontextmanager
async def window_of(session, themes, *, lifecycle=None, page=PageName.OVERVIEW):
    """Show a session's window on a page; shut it afterwards."""
    window = SessionWindow(
        session, lifecycle, themes, lock=Heard(), quit_program=Heard(), mark=Heard()
    )
    window.show_page(page)
    window.show()
    await window.current_page().settled()
    try:
        yield window
    finally:
        window.shut()
        await session.scope.close()


async def until(condition, *, seconds=30.0):
    """Wait until the condition holds."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - any state of any widget may be waited for
            await asyncio.sleep(0.01)


async def press(window, key, modifier=Qt.KeyboardModifier.ControlModifier):
    """Press a shortcut in a window that is active."""
    window.activateWindow()
    await until(window.isActiveWindow)
    QTest.keyClick(window, key, modifier)


async def opened(parent, kind):
    """Wait until a dialog of that kind is shown, and return it."""
    found = []

    def look():
        found[:] = [each for each in parent.findChildren(kind) if each.isVisible()]
        return found

    await until(look)
    return found[-1]
