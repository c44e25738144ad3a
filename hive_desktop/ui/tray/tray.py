"""The icon in the desktop's tray, with its menu; they show what they are told, and ask nobody."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from hive_desktop.i18n import tr, tr_c
from hive_desktop.ui.tray import drawing
from hive_desktop.ui.tray.status import TrayState, told_locked

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.domain.ledger import ItemId
    from hive_desktop.ui.tray.status import Told

# No desktop says when its tray comes or goes.
_LOOK_MS = 5_000
_MOST_LINES = 3
_Reason = QSystemTrayIcon.ActivationReason


class Wishes(Protocol):
    """What can be wished for in the tray."""

    def open(self) -> None:
        """Show the window."""
        ...

    def sync(self, item_id: ItemId | None = None) -> None:
        """Sync all banks, or one."""
        ...

    def pause(self) -> None:
        """Let no sync come by itself for an hour."""
        ...

    def resume(self) -> None:
        """Let them come again."""
        ...

    def add_row(self) -> None:
        """Ask for a transaction in the window."""
        ...

    def lock(self) -> None:
        """Lock the vault."""
        ...

    def quit(self) -> None:
        """End the program."""
        ...


class TrayMenu(QMenu):
    """All that the tray offers; its words are made anew whenever it is told something.

    Args:
        wishes: does what is chosen.
    """

    def __init__(self, wishes: Wishes) -> None:
        super().__init__()
        self._wishes = wishes
        self._banks: tuple[tuple[ItemId, str], ...] | None = None
        self.lines = [self.addAction("") for _ in range(_MOST_LINES)]
        for line in self.lines:
            line.setEnabled(False)
        self.addSeparator()
        self.open_window = self._add(wishes.open)
        self.unlock = self._add(wishes.open)
        self.sync = self._add(partial(wishes.sync, None))
        self.one_bank = QMenu(self)
        self.addMenu(self.one_bank)
        self.pause = self._add(wishes.pause)
        self.resume = self._add(wishes.resume)
        self.add_row = self._add(wishes.add_row)
        self.addSeparator()
        self.lock = self._add(wishes.lock)
        self.quit = self._add(wishes.quit)

    def show_told(self, what: Told) -> None:
        """Show the words and offers of a state."""
        for index, line in enumerate(self.lines):
            text = what.lines[index] if index < len(what.lines) else ""
            line.setText(text.replace("&", "&&"))
            line.setVisible(bool(text))
        is_locked = what.state is TrayState.LOCKED
        self.open_window.setText(tr("Open Hive"))
        self.sync.setText(tr("Sync now"))
        self.one_bank.setTitle(tr("Sync one bank"))
        self.pause.setText(tr("Pause for an hour"))
        self.resume.setText(tr("Resume syncing"))
        self.add_row.setText(tr("Add a transaction…"))
        self.lock.setText(tr_c("verb", "Lock"))
        self.unlock.setText(tr("Unlock…"))
        self.quit.setText(tr("Quit Hive"))
        has_banks = bool(what.banks)
        self.sync.setVisible(has_banks)
        self.sync.setEnabled(what.state is not TrayState.SYNCING)
        self.one_bank.menuAction().setVisible(len(what.banks) > 1)
        self.one_bank.setEnabled(what.state is not TrayState.SYNCING)
        self.pause.setVisible(has_banks and not what.is_paused)
        self.resume.setVisible(has_banks and what.is_paused)
        self.add_row.setVisible(not is_locked)
        self.lock.setVisible(not is_locked)
        self.open_window.setVisible(not is_locked)
        self.unlock.setVisible(is_locked)
        self.setDefaultAction(self.unlock if is_locked else self.open_window)
        self._show_banks(what.banks)

    def _show_banks(self, banks: tuple[tuple[ItemId, str], ...]) -> None:
        if banks == self._banks:
            return
        self._banks = banks
        self.one_bank.clear()
        for item_id, name in banks:
            action = self.one_bank.addAction(name.replace("&", "&&"))
            action.triggered.connect(lambda _on=False, one=item_id: self._wishes.sync(one))

    def _add(self, wish: Callable[[], None]) -> QAction:
        action = QAction(self)
        action.triggered.connect(lambda _on=False: wish())
        self.addAction(action)
        return action


class Tray(QObject):
    """The icon, for as long as the program runs.

    Args:
        wishes: does what is chosen.
        looked: called when the menu is about to be shown: times in it may be old.
        changed: called when the desktop's tray came or went.
        make_icon: makes the icon, which knows whether there is a tray; Qt's own when not given.
    """

    def __init__(
        self,
        wishes: Wishes,
        looked: Callable[[], None],
        changed: Callable[[], None],
        *,
        make_icon: Callable[[QObject], QSystemTrayIcon] = QSystemTrayIcon,
    ) -> None:
        super().__init__()
        self._wishes = wishes
        self._changed = changed
        self.menu = TrayMenu(wishes)
        self.menu.aboutToShow.connect(looked)
        self.icon = make_icon(self)
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._activated)
        self.told: Told | None = None
        self.show_told(told_locked())
        self.is_there = self.icon.isSystemTrayAvailable()
        self.icon.setVisible(self.is_there)
        self._watch = QTimer(self)
        self._watch.setInterval(_LOOK_MS)
        self._watch.timeout.connect(self.look)
        self._watch.start()

    def show_told(self, what: Told) -> None:
        """Show a state, in the language in use."""
        if self.told is None or self.told.state is not what.state:
            self.icon.setIcon(drawing.icon(what.state))
        if self.told is None or self.told.tip != what.tip:
            self.icon.setToolTip(what.tip)
        self.told = what
        self.menu.show_told(what)

    @Slot()
    def look(self) -> None:
        """Look whether the desktop has a tray now."""
        was, self.is_there = self.is_there, self.icon.isSystemTrayAvailable()
        if self.is_there and not self.icon.isVisible():
            self.icon.show()
        if was is not self.is_there:
            self._changed()

    def close(self) -> None:
        """Leave the tray."""
        self._watch.stop()
        self.icon.hide()
        self.menu.deleteLater()

    @Slot(QSystemTrayIcon.ActivationReason)
    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (_Reason.Trigger, _Reason.DoubleClick):
            self._wishes.open()
