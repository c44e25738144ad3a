"""All backups in reach: each can be checked again, or restored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget
from shiboken6 import isValid

from hive_desktop.i18n import mark, tr
from hive_desktop.ports.backups import Fault
from hive_desktop.ui.backups.words import far_words, held_words, moment_words
from hive_desktop.ui.backups.working import WorkingDialog
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.progress import Progress
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import (
    Button,
    Elided,
    announce,
    clear,
    column,
    frame,
    label,
    on_click,
    paragraph,
    row,
)
from hive_desktop.ui.kit.wording import size_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.ports.backups import Backup, Phase, Survey
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.backups import BackupService
    from hive_desktop.ui.kit.widgets import Tone

_WIDTH, _HEIGHT = 560, 520
_FAULTS = {
    Fault.DAMAGED: mark("Damaged: it cannot be restored"),
    Fault.UNREADABLE: mark("Cannot be read now: look at its disk and its permissions"),
    Fault.SET_ASIDE: mark("Found damaged earlier, and set aside"),
    Fault.NEWER: mark("Made by a newer Hive: update this one to use it"),
}


class BackupsDialog(WorkingDialog):
    """A list, newest first; what is checked says so under it.

    Those of other vaults in the same folders, and what is of no use any more, come after it.

    Args:
        parent: the window.
        service: the vault's backups.
        found: what there is.
        scope: owns the checks.
        restore: called with the one that is to be restored, and whether it is of another vault,
            after this is closed.
    """

    def __init__(
        self,
        parent: QWidget,
        service: BackupService,
        found: Survey,
        scope: aio.Scope,
        restore: Callable[[Backup, bool], None],
    ) -> None:
        text = tr("Each was opened and counted when it was made. The newest come first.")
        super().__init__(parent, scope, tr("Backups"), text, width=_WIDTH, height=_HEIGHT)
        self._service = service
        self._restore = restore
        self._task = aio.Latest(scope, self._failed, "verify")
        self._look = aio.Latest(scope, self._told, "backups")
        self.checks: list[Button] = []
        self.restores: list[Button] = []
        self.faults: list[str] = []
        self._checking: int | None = None
        content = QWidget()
        self._lines = column(content, gap=Space.S)
        self._show(found)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(content)
        self.progress = Progress(tr("Checking"))
        self.progress.hide()
        self.outcome = paragraph("", Type.SMALL, "income")
        self.outcome.hide()
        self.body.addWidget(scroll, 1)
        self.body.addWidget(self.progress)
        self.body.addWidget(self.outcome)
        self.close_button = self.add_button(tr("Close"), "secondary", self.stop)
        self.finished.connect(self._task.cancel)
        self.finished.connect(self._look.cancel)
        (self.checks[0] if self.checks else self.close_button).setFocus()

    async def settled(self) -> None:
        """Wait until a check is over."""
        await self._task.settled()
        await self._look.settled()

    def _show(self, found: Survey) -> None:
        clear(self._lines)
        for each in (self.checks, self.restores, self.faults):
            each.clear()
        for backup in found.mine:
            self._add(self._line(backup))
        for backup in found.others:
            self._add(self._line(backup, is_of_another=True))
        for faulty in found.faulty:
            self.faults.append(tr(_FAULTS[faulty.fault]))
            self._add(_lines(faulty.file.name, self.faults[-1], str(faulty.file), "warning"))
        self._lines.addStretch(1)

    def _add(self, line: QWidget) -> None:
        if self._lines.count():
            self._lines.addWidget(frame("line"))
        self._lines.addWidget(line)

    def _line(self, backup: Backup, *, is_of_another: bool = False) -> QWidget:
        moment, folder = moment_words(backup.made_at), str(backup.file.parent)
        where = tr("{size} in {folder}", size=size_words(backup.size), folder=folder)
        if is_of_another:
            where = tr("Another vault's, {size} in {folder}", size=size_words(backup.size),
                       folder=folder)  # fmt: skip
        line = _lines(moment, where, str(backup.file))
        layout = line.layout()
        restore = Button(
            tr("Restore\N{HORIZONTAL ELLIPSIS}"),
            name=tr("Restore the backup of {moment}", moment=moment),
        )
        on_click(restore, lambda: self._leave(backup, is_of_another=is_of_another))
        buttons = [restore]
        if not is_of_another:  # whose keys are not at hand
            check = Button(tr("Check"), name=tr("Check the backup of {moment}", moment=moment))
            at = len(self.checks)
            on_click(check, lambda: self._begin(at, backup))
            self.checks.append(check)
            buttons.insert(0, check)
        for button in buttons:
            button.setToolTip("")
            if layout is not None:
                layout.addWidget(button)
        self.restores.append(restore)
        return line

    def _begin(self, at: int, backup: Backup) -> None:
        if self._checking is not None:
            self._task.cancel()
            self.show_busy(None)
            return
        self.error.hide()
        self.outcome.hide()
        self.progress.show_busy()
        self.show_busy(at)
        self._task.run(self._check(backup))

    async def _check(self, backup: Backup) -> None:
        held = await self._service.verify(backup, self.show_far)
        self.show_busy(None)
        moment = moment_words(backup.made_at)
        self.outcome.setText(
            tr("The backup of {moment} is whole. {held}", moment=moment, held=held_words(held))
        )
        self.outcome.show()
        announce(self, self.outcome.text())

    def _leave(self, backup: Backup, *, is_of_another: bool) -> None:
        self.accept()
        self._restore(backup, is_of_another)

    def show_far(self, phase: Phase, done: int, total: int) -> bool:
        """Show how far a check is; it goes on, unless nobody sees it any more."""
        if not isValid(self):
            return False
        words = far_words(phase, done, total)
        if total:
            self.progress.show_share(done // 1024, total // 1024, words)
        else:
            self.progress.show_busy(words)
        return True

    def show_busy(self, at: int | None) -> None:
        """Let the button of what is checked stop it; the focus stays there.

        Args:
            at: which one is checked; None for none any more.
        """
        for each, check in enumerate(self.checks):
            check.setEnabled(at in {None, each})
            words = tr("Stop") if each == at else tr("Check")
            check.setText(words)
        for restore in self.restores:
            restore.setEnabled(at is None)
        self._checking = at
        self.set_working(working=at is not None)
        self.progress.setVisible(at is not None)

    def _failed(self, error: HiveError) -> None:
        at = self._checking
        self.show_busy(None)
        self._told(error)
        self._look.run(self._again(at or 0))

    def _told(self, error: HiveError) -> None:
        self.error.show_error(error, can_retry=False)

    async def _again(self, at: int) -> None:
        """Show what is left: one that is damaged is set aside."""
        self._show(await self._service.survey())
        left = self.checks[min(at, len(self.checks) - 1)] if self.checks else self.close_button
        left.setFocus()


def _lines(title: str, text: str, hint: str, tone: Tone = "muted") -> QWidget:
    """Return a line of the list, which has room for buttons at its end."""
    line = QWidget()
    words = column(gap=2)
    words.addWidget(Elided(title, tone="text") if tone == "warning" else label(title, tabular=True))
    small = Elided(text, Type.SMALL, tone)
    small.setToolTip(hint)
    words.addWidget(small)
    row(line, gap=Space.S).addLayout(words, 1)
    return line
