"""Where one reads from right to left, every page is the mirror of itself."""

import ast
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtWidgets import (
    QApplication,
    QMenu,
    QWidget,
)

import hive_desktop.ui
from hive_desktop.services.tasks import TaskScope
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.direction import below, open_menu, placed
from hive_desktop.ui.kit.search_field import SearchField
from hive_desktop.ui.kit.segmented import Segmented
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.accounts.adoption import AdoptionDialog
from hive_desktop.ui.pages.accounts.disconnect import DisconnectDialog
from hive_desktop.ui.pages.accounts.states import Action
from hive_desktop.ui.pages.accounts.time_frame import TimeFrameDialog
from hive_desktop.ui.pages.categories.dialogs import CategoryDialog
from hive_desktop.ui.pages.rules.dialog import RuleDialog
from hive_desktop.ui.shortcut_sheet import ShortcutSheet
from hive_desktop.ui.unlock import UnlockWindow
from hive_desktop.ui.why import WhyDialog
from tests.ui.fakes import FakeLifecycle, make_session
from tests.ui.helpers import Heard, opened, until, window_of
from tests.ui.mirrors import LTR, NEAR, RTL, adrift, boxes, read, settled, unmirrored

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
_UI = Path(hive_desktop.ui.__file__).parent


@pytest.mark.parametrize("page", list(PageName))
async def test_each_page_is_mirrored(house, qloop, themes, page):
    seen = {}
    for direction in (LTR, RTL):
        with read(direction):
            session = make_session(house)
            async with window_of(session, themes, page=page) as window:
                window.resize(1280, 800)
                await until(lambda window=window: window.width() == 1280)
                await settled(window)
                seen[direction] = boxes(window)
                assert adrift(window) == []
            await session.close()
    assert len(seen[LTR]) > 30
    assert unmirrored(seen[LTR], seen[RTL], 1280) == []


def _on(window, page, ask):
    window.show_page(page)
    ask(window.current_page())


def dialogs(window, house):
    """Return dialogs and what asks for them."""
    item, row = house.items[0], house.rows[0]
    on = partial(partial, _on, window)
    return (
        (TimeFrameDialog, on(PageName.ACCOUNTS, lambda page: page.act(Action.TIME_FRAME, item))),
        (DisconnectDialog, on(PageName.ACCOUNTS, lambda page: page.act(Action.DISCONNECT, item))),
        (AdoptionDialog, on(PageName.ACCOUNTS, lambda page: page.decide(item))),
        (CategoryDialog, on(PageName.CATEGORIES, lambda page: page.add())),
        (RuleDialog, on(PageName.RULES, lambda page: page.add())),
        (WhyDialog, lambda: window.explain(row.id)),
        (ShortcutSheet, window.show_shortcuts),
    )


async def test_dialogs_are_mirrored(house, qloop, themes):
    seen = {LTR: {}, RTL: {}}
    for direction in (LTR, RTL):
        with read(direction):
            session = make_session(house)
            async with window_of(session, themes, page=PageName.ACCOUNTS) as window:
                for kind, ask in dialogs(window, house):
                    ask()
                    dialog = await opened(window, kind)
                    if hasattr(dialog, "settled"):
                        await dialog.settled()
                    await aio.painted(dialog)
                    seen[direction][kind] = dialog.width(), boxes(dialog)
                    assert adrift(dialog) == []
                    dialog.reject()
                    await until(lambda w=window, kind=kind: w.findChild(kind) is None)
            await session.close()
    for kind, (width, first) in seen[LTR].items():
        assert len(first) > 5, kind
        assert unmirrored(first, seen[RTL][kind][1], width) == [], kind


async def test_screens_before_the_vault_are_mirrored(qloop, themes):
    seen = {LTR: {}, RTL: {}}
    for direction in (LTR, RTL):
        with read(direction):
            scope = TaskScope("test")
            window = UnlockWindow(FakeLifecycle(), scope, entered=Heard(), quit_program=Heard())
            window.kit.show_kit("HIVE-KIT", asks=1)
            window.show()
            for screen in ("welcome", "create", "kit", "unlock", "recovery", "busy"):
                window.show_screen(screen)
                await aio.painted(window)
                seen[direction][screen] = boxes(window)
                assert adrift(window) == []
            width = window.width()
            window.shut()
            await scope.close()
    for screen, first in seen[LTR].items():
        assert len(first) > 5, screen
        assert unmirrored(first, seen[RTL][screen], width) == [], screen


async def test_what_transactions_shows_of_a_row_is_mirrored(house, qloop, themes):
    seen = {}
    for direction in (LTR, RTL):
        with read(direction):
            session = make_session(house)
            async with window_of(session, themes, page=PageName.TRANSACTIONS) as window:
                window.resize(1280, 800)
                page = window.current_page()
                page.table.select_only(1)
                page.show_details()
                await until(page.details.isVisible)
                await settled(window)
                seen[direction] = boxes(window)
            await session.close()
    assert any("DetailsPane" in name for name in seen[LTR])
    assert unmirrored(seen[LTR], seen[RTL], 1280) == []


def test_the_arrow_keys_follow_the_eye(qapp, themes, qtbot):
    with read(RTL):
        picked = Segmented([(n, str(n)) for n in range(3)], Heard(), "Number")
        qtbot.addWidget(picked)
        picked._group.button(0).setFocus()
        qtbot.keyClick(picked._group.button(0), Qt.Key.Key_Left)
        assert picked.value() == 1
        qtbot.keyClick(picked._group.button(1), Qt.Key.Key_Right)
        assert picked.value() == 0


def test_the_cross_of_a_search_covers_no_words(qapp, themes):
    for direction in (LTR, RTL):
        with read(direction):
            field = SearchField("Search", Heard())
            field.resize(300, 32)
            field.setText("coffee")
            field.show()
            QApplication.processEvents()
            cross = field._cross.geometry()
            margins = field.textMargins()
            at_left = cross.center().x() < 150
            assert at_left == (direction is RTL)
            assert (margins.left() if at_left else margins.right()) >= cross.width()
            field.close()


def test_what_opens_begins_where_its_button_does(qapp, themes):
    menu = QMenu()
    menu.addAction("A word that is longer than the button")
    for direction in (LTR, RTL):
        with read(direction):
            button = QWidget()
            button.setGeometry(400, 100, 60, 30)
            button.show()
            corner = below(button, 4) - button.mapToGlobal(QPoint())
            assert corner == QPoint(60 if direction is RTL else 0, 34)
            for at_end in (False, True):
                open_menu(menu, button, at_end=at_end)
                left, right = menu.x(), menu.x() + menu.width()
                edge = button.mapToGlobal(QPoint()).x()
                if at_end == (direction is RTL):
                    assert abs(left - edge) <= NEAR
                else:
                    assert abs(right - edge - 60) <= NEAR
                menu.close()
            button.close()


def test_boxes_are_mirrored_inside_what_holds_them(qapp):
    box, whole = QRectF(14, 2, 10, 5), QRectF(10, 0, 100, 20)
    assert placed(box, whole) == box
    with read(RTL):
        assert placed(box, whole) == QRectF(96, 2, 10, 5)


def test_margins_that_differ_at_the_ends_are_set_by_the_line():
    """`setContentsMargins` knows left and right only: two ends that differ need `set_margins`."""
    wrong = [
        f"{path.name}:{node.lineno}"
        for path in _UI.rglob("*.py")
        if path.name != "direction.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "setContentsMargins"
        and len(node.args) == 4
        and ast.dump(node.args[0]) != ast.dump(node.args[2])
    ]
    assert wrong == []
