"""Every control that takes the focus says what it is."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QScrollArea, QWidget

from hive_desktop.services.tasks import TaskScope
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.accounts.adoption import AdoptionDialog
from hive_desktop.ui.pages.accounts.disconnect import DisconnectDialog
from hive_desktop.ui.pages.accounts.states import Action
from hive_desktop.ui.pages.accounts.time_frame import TimeFrameDialog
from hive_desktop.ui.shortcut_sheet import ShortcutSheet
from hive_desktop.ui.unlock import UnlockWindow
from hive_desktop.ui.why import WhyDialog
from tests.ui.engine import sample_reviews, sample_runs, with_every_state
from tests.ui.fakes import FakeLifecycle
from tests.ui.helpers import Heard, opened, until, window_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def nameless(root):
    found = []
    for widget in root.findChildren(QWidget):
        takes_focus = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if not takes_focus or isinstance(widget, QScrollArea) or not widget.isVisibleTo(root):
            continue
        words = widget.accessibleName()
        if isinstance(widget, QAbstractButton):
            words = words or widget.text()
        if isinstance(widget, QLineEdit):
            words = words or widget.placeholderText()
        if not words.strip():
            found.append((type(widget).__name__, type(widget.parent()).__name__))
    return found


@pytest.mark.parametrize("page", list(PageName))
async def test_pages(lifecycle, themes, page):
    await lifecycle.unlock("correct horse")
    async with window_of(lifecycle.session, themes, lifecycle=lifecycle, page=page) as window:
        assert nameless(window) == []


async def test_the_history_and_every_state(session, themes, house):
    with_every_state(house)
    session.database.ledger.journal = sample_runs(house)
    session.database.ledger.reviews = sample_reviews(house)
    async with window_of(session, themes, page=PageName.ACCOUNTS) as window:
        assert nameless(window) == []
        window.show_history()
        page = window.current_page()
        await page.settled()
        assert nameless(window) == []
        page.history.open_run(session.database.ledger.journal.all_runs[0])
        await page.settled()
        assert nameless(window) == []
        words = page.history.run.view.model().index(1, 0).data()
        assert words.startswith("SQ *FLOATING MKT 0042, Posted, Amount $42.10 → $47.10")
        window.show_page(PageName.REVIEW)
        await window.current_page().settled()
        assert nameless(window) == []


async def test_dialogs(session, themes, house):
    item = house.items[0]
    async with window_of(session, themes, page=PageName.ACCOUNTS) as window:
        page = window.current_page()
        for kind, ask in (
            (DisconnectDialog, lambda: page.act(Action.DISCONNECT, item)),
            (TimeFrameDialog, lambda: page.act(Action.TIME_FRAME, item)),
            (AdoptionDialog, lambda: page.decide(item)),
            (WhyDialog, lambda: window.explain(house.rows[0].id)),
        ):
            ask()
            dialog = await opened(window, kind)
            if kind in (AdoptionDialog, WhyDialog):
                await dialog.settled()
            assert nameless(dialog) == []
            assert dialog.accessibleName()
            dialog.reject()
            await until(lambda kind=kind: window.findChild(kind) is None)


async def test_the_palette_and_the_shortcuts(session, themes):
    async with window_of(session, themes, page=PageName.TRANSACTIONS) as window:
        window.open_palette()
        await window.command_palette.settled()
        assert nameless(window.command_palette.list) == []
        window.command_palette.list.hide()
        window.show_shortcuts()
        sheet = await opened(window, ShortcutSheet)
        assert nameless(sheet) == []
        sheet.reject()
        await until(lambda: window.findChild(ShortcutSheet) is None)


@pytest.mark.parametrize("page", list(PageName))
async def test_tab_reaches_every_control_once(session, themes, page):
    async with window_of(session, themes, page=page) as window:
        wanted = {
            each
            for each in window.findChildren(QWidget)
            if each.focusPolicy() & Qt.FocusPolicy.TabFocus
            and each.isVisible()
            and each.isEnabled()
            and each.focusProxy() is None
        }
        reached = []
        current = window.nextInFocusChain()
        while current is not window:
            if current in wanted:
                reached.append(current)
            current = current.nextInFocusChain()
        assert len(reached) == len(set(reached))
        assert set(reached) == wanted


async def test_screens(qloop, themes):
    scope = TaskScope("test")
    window = UnlockWindow(FakeLifecycle(), scope, entered=Heard(), quit_program=Heard())
    assert nameless(window) == []
    window.shut()
    await scope.close()
