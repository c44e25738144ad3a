"""One account on its bank's card: its name, balance and course, and what is said of it."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QMenu

from hive_desktop.i18n import mark, tr
from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.direction import end, open_menu, set_margins
from hive_desktop.ui.kit.pill import Pill
from hive_desktop.ui.kit.sparkline import Sparkline
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, Elided, Icon, column, label, on_click, row

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QVBoxLayout

    from hive_desktop.ui.kit.widgets import Tone
    from hive_desktop.ui.pages.accounts.presenter import AccountView

_COURSE_WIDTH = 96
_SUMS_WIDTH = 150
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class Keep(Enum):
    """What a person can say of an account, or ask of it."""

    ROWS = auto()
    EXPORT = auto()
    ADD_ROW = auto()
    BALANCE = auto()
    DELETE = auto()
    RENAME = auto()
    HIDE = auto()
    SHOW = auto()
    LEAVE_OUT = auto()
    COUNT = auto()
    UP = auto()
    DOWN = auto()


_WORDS = {
    Keep.ROWS: mark("Show transactions"),
    Keep.EXPORT: mark("Export transactions\N{HORIZONTAL ELLIPSIS}"),
    Keep.ADD_ROW: mark("Add a row\N{HORIZONTAL ELLIPSIS}"),
    Keep.BALANCE: mark("Update balance\N{HORIZONTAL ELLIPSIS}"),
    Keep.DELETE: mark("Delete\N{HORIZONTAL ELLIPSIS}"),
    Keep.RENAME: mark("Rename\N{HORIZONTAL ELLIPSIS}"),
    Keep.UP: mark("Move up"),
    Keep.DOWN: mark("Move down"),
    Keep.LEAVE_OUT: mark("Leave out of net worth"),
    Keep.COUNT: mark("Count in net worth"),
    Keep.HIDE: mark("Hide"),
    Keep.SHOW: mark("Show again"),
}


class AccountLine(QFrame):
    """Takes the focus: Enter shows the rows, + adds one to an own account, F2 renames, Alt moves.

    Args:
        view: what to show.
        tone: of its words.
        places: whether it can move up, and down.
        keep: called with what the person wants, and the account.
    """

    def __init__(
        self,
        view: AccountView,
        tone: Tone,
        places: tuple[bool, bool],
        keep: Callable[[Keep, AccountView], None],
    ) -> None:
        super().__init__()
        self.setObjectName("entry")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.view = view
        self._keep = keep
        self._places = places
        tone = "muted" if view.is_hidden else tone
        told = [view.name, view.kind]
        if view.is_hidden:
            told.append(tr("hidden"))
        elif not view.in_net_worth:
            told.append(tr("not in net worth"))
        self.setAccessibleName(f"{', '.join(told)}: {view.balance}")
        line = row(self, gap=Space.M)
        set_margins(line, Space.XS, Space.XS, 0, Space.XS)
        line.addWidget(Icon(view.icon, "text_muted", 18))
        names = column(gap=0)
        names.addWidget(Elided(view.name, tone=tone))
        names.addWidget(Elided(view.kind, Type.SMALL, "muted"))
        line.addLayout(names, 1)
        if view.is_hidden or not view.in_net_worth:
            state = tr("Hidden") if view.is_hidden else tr("Not in net worth")
            line.addWidget(Pill(state, "muted"), 0, Qt.AlignmentFlag.AlignVCenter)
        if len(set(view.course)) > 1:
            course = Sparkline("text_muted" if view.is_hidden else "accent_text")
            course.setFixedWidth(_COURSE_WIDTH)
            course.show_values(view.course)
            course.setAccessibleName(
                tr("Course of {account} over the last weeks", account=view.name)
            )
            line.addWidget(course, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addLayout(self._sums(tone))
        if view.is_own:
            add = Button("", "plain", "plus", name=tr("Add a row to {account}", account=view.name))
            on_click(add, lambda: self.do(Keep.ADD_ROW))
            line.addWidget(add)
        self.more = Button("", "plain", "more", name=tr("More for {name}", name=view.name))
        on_click(self.more, self._open_menu)
        line.addWidget(self.more)
        self.menu = self._make_menu()

    def offered(self) -> list[Keep]:
        """Return what can be done with this account."""
        view = self.view
        up, down = self._places
        return [
            Keep.ROWS,
            Keep.EXPORT,
            *([Keep.ADD_ROW, Keep.BALANCE] if view.is_own else []),
            Keep.RENAME,
            *([Keep.UP] if up else []),
            *([Keep.DOWN] if down else []),
            *([] if view.is_hidden else [Keep.LEAVE_OUT if view.in_net_worth else Keep.COUNT]),
            Keep.SHOW if view.is_hidden else Keep.HIDE,
            *([Keep.DELETE] if view.is_own else []),
        ]

    def do(self, what: Keep) -> None:
        """Do what an entry of the menu does."""
        self._keep(what, self.view)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do by key what the menu does."""
        key = Qt.Key(event.key())
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        is_plain = modifiers == Qt.KeyboardModifier.NoModifier and self.hasFocus()
        if modifiers == Qt.KeyboardModifier.AltModifier and key in _STEPS:
            wanted = Keep.UP if key == Qt.Key.Key_Up else Keep.DOWN
            if wanted in self.offered():
                self.do(wanted)
        elif is_plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.do(Keep.ROWS)
        elif self.view.is_own and self.hasFocus() and key == Qt.Key.Key_Plus:
            self.do(Keep.ADD_ROW)
        elif is_plain and key == Qt.Key.Key_F2:
            self.do(Keep.RENAME)
        else:
            super().keyPressEvent(event)

    def _sums(self, tone: Tone) -> QVBoxLayout:
        view = self.view
        sums = column(gap=0)
        sums.addStretch(1)
        balance = label(view.balance, Type.STRONG, tone, tabular=True)
        balance.setMinimumWidth(_SUMS_WIDTH)
        balance.setAlignment(end())
        balance.setAccessibleName(f"{view.name}: {view.balance}")
        sums.addWidget(balance)
        if view.detail:
            detail = label(view.detail, Type.SMALL, "muted", tabular=True)
            detail.setAlignment(end())
            sums.addWidget(detail)
        sums.addStretch(1)
        return sums

    def _make_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setFont(theme.font(Type.BODY))
        menu.setAccessibleName(tr("More for {name}", name=self.view.name))
        for each in self.offered():
            menu.addAction(tr(_WORDS[each])).triggered.connect(
                lambda _checked=False, each=each: self.do(each)
            )
        return menu

    def _open_menu(self) -> None:
        open_menu(self.menu, self.more, at_end=True)
