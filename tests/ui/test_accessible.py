"""Every control that takes the focus says what it is."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QScrollArea, QWidget

from hive_desktop.services.tasks import TaskScope
from hive_desktop.ui.page import PageName
from hive_desktop.ui.unlock import UnlockWindow
from tests.ui.fakes import FakeLifecycle
from tests.ui.helpers import Heard, window_of


def _nameless(root):
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
        assert _nameless(window) == []


async def test_screens(qloop, themes):
    scope = TaskScope("test")
    window = UnlockWindow(FakeLifecycle(), scope, entered=Heard(), quit_program=Heard())
    assert _nameless(window) == []
    window.shut()
    await scope.close()
