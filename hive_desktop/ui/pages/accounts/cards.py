"""One bank's card: its state and what helps, its accounts, and what else can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QMenu

from hive_desktop.domain.ledger import ItemState
from hive_desktop.i18n import mark, tr, tr_c, tr_n
from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.direction import open_menu
from hive_desktop.ui.kit.pill import Pill
from hive_desktop.ui.kit.spinner import Spinner
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import (
    Button,
    Icon,
    column,
    frame,
    label,
    on_click,
    paragraph,
    row,
)
from hive_desktop.ui.pages.accounts.account_line import AccountLine
from hive_desktop.ui.pages.accounts.balance import BalanceNotice
from hive_desktop.ui.pages.accounts.states import (
    ACTION_WORDS,
    SPOKEN_WORDS,
    Action,
    actions_of,
    can_sync,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

    from hive_desktop.domain.ledger import Item, TransactionRow
    from hive_desktop.ui.kit.widgets import Look, Tone
    from hive_desktop.ui.pages.accounts.account_line import Keep
    from hive_desktop.ui.pages.accounts.presenter import AccountView, BalanceView, BankView

_MENU_WORDS = {
    Action.TIME_FRAME: mark("Sync a time frame\N{HORIZONTAL ELLIPSIS}"),
    Action.HISTORY: mark("Sync history"),
    Action.DISCONNECT: mark("Disconnect\N{HORIZONTAL ELLIPSIS}"),
    Action.REMOVE: mark("Remove history\N{HORIZONTAL ELLIPSIS}"),
}


class BankCard(QFrame):
    """A bank.

    Args:
        view: what to show.
        act: called with what the person wants done, and the bank.
        show_row: called with a row that explains a balance.
        accept: called with a balance that the person takes as right.
        keep: called with what is said of an account.
    """

    def __init__(
        self,
        view: BankView,
        act: Callable[[Action, Item], None],
        show_row: Callable[[TransactionRow], None],
        accept: Callable[[BalanceView], None],
        keep: Callable[[Keep, AccountView], None],
    ) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName(f"{view.item.institution}, {view.state.pill}")
        self.view = view
        self._act = act
        self._tone: Tone = "muted" if view.item.state is ItemState.CLOSED else "text"
        self.buttons: dict[Action, Button] = {}
        self.shows_hidden = False
        layout = column(self, gap=Space.S)
        layout.setContentsMargins(Space.L, Space.M, Space.L, Space.S)
        head = row(gap=Space.M)
        head.addWidget(_badge("bank"), 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(self._words(), 1)
        self._add_buttons(head)
        layout.addLayout(head)
        self.lines: list[AccountLine] = []
        self._hidden: list[QWidget] = []
        shown = sum(not account.is_hidden for account in view.accounts)
        for place, account in enumerate(view.accounts):
            parts: list[QWidget] = [frame("line")]
            can_move = not account.is_hidden
            places = (can_move and place > 0, can_move and place < shown - 1)
            line = AccountLine(account, self._tone, places, keep)
            self.lines.append(line)
            parts.append(line)
            if account.proof is not None:
                parts.append(BalanceNotice(account.proof, show_row, accept))
            for part in parts:
                layout.addWidget(part)
            if account.is_hidden:
                self._hidden += parts
        if shown < len(view.accounts):
            layout.addWidget(self._hidden_button())
        if not view.accounts and can_sync(view.item.state):
            layout.addWidget(
                label(tr("No accounts yet. They come with the first sync."), tone="muted")
            )
        if not view.accounts:
            layout.addSpacing(Space.XS)

    def show_hidden(self, *, shown: bool) -> None:
        """Show the hidden accounts, or put them away."""
        for part in self._hidden:
            part.setVisible(shown)
        count = sum(account.is_hidden for account in self.view.accounts)
        words = (
            tr_n("Put {count} hidden account away", "Put {count} hidden accounts away", count)
            if shown
            else tr_n("Show {count} hidden account", "Show {count} hidden accounts", count)
        )
        self.hidden.setText(words)
        self.hidden.setAccessibleName(f"{words}: {self.view.item.institution}")
        self.shows_hidden = shown

    def _hidden_button(self) -> Button:
        self.hidden = Button("", "link")
        on_click(self.hidden, lambda: self.show_hidden(shown=not self.shows_hidden))
        self.show_hidden(shown=False)
        return self.hidden

    def _words(self) -> QVBoxLayout:
        view = self.view
        words = column(gap=2)
        title = row(gap=Space.S)
        title.addWidget(label(view.item.institution, Type.TITLE, self._tone))
        title.addWidget(Pill(view.state.pill, view.state.tone))
        title.addStretch(1)
        words.addLayout(title)
        words.addWidget(label(view.synced, Type.SMALL, "muted"))
        if view.state.advice:
            tone = view.state.tone if view.state.tone != "accent" else "text"
            words.addWidget(paragraph(view.state.advice, Type.SMALL, tone))
        return words

    def _add_buttons(self, head: QHBoxLayout) -> None:
        top = Qt.AlignmentFlag.AlignTop
        state, action = self.view.item.state, self.view.state.action
        if action is not None:
            text, icon = ACTION_WORDS[action]
            look: Look = "secondary" if state is ItemState.CLOSED else "primary"
            head.addWidget(self._button(action, tr(text), look, icon), 0, top)
        if can_sync(state):
            if self.view.is_syncing:
                head.addWidget(_busy(self.view.item.institution), 0, top)
            else:
                head.addWidget(
                    self._button(Action.SYNC, tr_c("verb", "Sync"), "secondary", "refresh"), 0, top
                )
        self.more = Button(
            "", "plain", "more", name=tr("More for {name}", name=self.view.item.institution)
        )
        self.menu = QMenu(self)
        self.menu.setFont(theme.font(Type.BODY))
        self.menu.setAccessibleName(tr("More for {name}", name=self.view.item.institution))
        for each in actions_of(state):
            entry = self.menu.addAction(tr(_MENU_WORDS[each]))
            entry.triggered.connect(lambda _checked=False, each=each: self._want(each))
        on_click(self.more, self._open_menu)
        head.addWidget(self.more, 0, top)
        if not actions_of(state):
            self.more.hide()

    def _button(self, action: Action, text: str, look: Look, icon: str) -> Button:
        button = Button(text, look, icon)
        button.setAccessibleName(tr(SPOKEN_WORDS[action], bank=self.view.item.institution))
        on_click(button, lambda: self._want(action))
        self.buttons[action] = button
        return button

    def _want(self, action: Action) -> None:
        self._act(action, self.view.item)

    def _open_menu(self) -> None:
        open_menu(self.menu, self.more, at_end=True)


def _busy(institution: str) -> QWidget:
    """Return what stands in the place of the Sync button while a sync runs, as wide as that."""
    box = frame("inset")
    model = Button(tr_c("verb", "Sync"), "secondary", "refresh")
    model.ensurePolished()
    box.setFixedSize(model.sizeHint())
    model.deleteLater()
    line = row(box)
    line.addWidget(
        Spinner(tr("Syncing {bank}", bank=institution), 16), 0, Qt.AlignmentFlag.AlignCenter
    )
    return box


def _badge(icon: str) -> QFrame:
    badge = frame("inset")
    badge.setFixedSize(36, 36)
    inside = row(badge)
    inside.addWidget(Icon(icon, "text_muted", 18), 0, Qt.AlignmentFlag.AlignCenter)
    return badge
