"""The recovery drill: opens a copy of a backup as if the vault were lost, and shows what is there.

Three steps in one dialog: what will happen and what opens it, the work, what was found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from hive_desktop.i18n import tr
from hive_desktop.ui.backups.secret import SecretField
from hive_desktop.ui.backups.words import choice_words, far_words, held_words, moment_words
from hive_desktop.ui.backups.working import WorkingDialog
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.progress import Progress
from hive_desktop.ui.kit.select import Select
from hive_desktop.ui.kit.states import Deck
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import announce, column, label, paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QVBoxLayout

    from hive_desktop.ports.backups import Backup, Phase
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.backup_status import Drill
    from hive_desktop.services.backups import BackupService

_WIDTH = 480


class DrillDialog(WorkingDialog):
    """Asks, works, and tells; closing it stops the work, and nothing is left of that.

    Args:
        parent: the window.
        service: the vault's backups.
        backups: what can be tried, newest first; at least one.
        scope: owns the work.
    """

    def __init__(
        self, parent: QWidget, service: BackupService, backups: Sequence[Backup], scope: aio.Scope
    ) -> None:
        super().__init__(
            parent,
            scope,
            tr("Practise the recovery"),
            tr(
                "As if the vault were lost: Hive opens a copy of a backup and counts what is in it."
            ),
            width=_WIDTH,
        )
        self._service = service
        self._backups = {str(one.file): one for one in backups}
        self._task = aio.Latest(scope, self._failed, "drill")
        options = [(str(one.file), choice_words(one)) for one in backups]
        self.choice: Select[str] = Select(options, tr("Backup"), lambda: None)
        self.secret = SecretField(self._typed, self._begin)
        self.progress = Progress(tr("Practising"))
        self.opened = paragraph("", tone="text")
        self.found = paragraph("", tone="text")
        self.steps = Deck(ask=self._ask_step(), work=self._work_step(), done=self._done_step())
        self.body.addWidget(self.steps)
        self.cancel = self.add_button(tr("Cancel"), "secondary", self.stop)
        self.go_on = self.add_button(tr("Open a copy"), "primary", self._begin)
        self.go_on.setDefault(True)
        self.finished.connect(self._task.cancel)
        self.steps.show_one("ask")
        self._typed()
        self.secret.setFocus()

    async def settled(self) -> None:
        """Wait until the work is over."""
        await self._task.settled()

    def _ask_step(self) -> QWidget:
        step, inside = _step()
        inside.addWidget(label(tr("Backup"), Type.SMALL, "muted"))
        inside.addWidget(self.choice)
        inside.addWidget(
            paragraph(
                tr(
                    "Use what you would have then: the passphrase in your head, or the printed kit."
                ),
                Type.SMALL,
            )
        )
        inside.addWidget(self.secret)
        return step

    def _work_step(self) -> QWidget:
        step, inside = _step()
        inside.addWidget(self.progress)
        inside.addWidget(
            paragraph(tr("Your vault stays as it is. The copy is deleted at the end."), Type.SMALL)
        )
        return step

    def _done_step(self) -> QWidget:
        step, inside = _step()
        inside.addWidget(label(tr("It can be recovered"), Type.STRONG, "income"))
        inside.addWidget(self.opened)
        inside.addWidget(self.found)
        inside.addWidget(
            paragraph(
                tr("The copy is deleted. Hive reminds you of the next practice in a year."),
                Type.SMALL,
            )
        )
        return step

    def _typed(self) -> None:
        if hasattr(self, "go_on"):
            self.go_on.setEnabled(self.secret.is_given())

    def _begin(self) -> None:
        if not self.go_on.isEnabled() or self.steps.shown() != "ask":
            return
        self.error.hide()
        secret, is_kit = self.secret.take()
        self.progress.show_busy()
        self.steps.show_one("work")
        self.go_on.setEnabled(False)
        self.setFocus()  # a second Enter stops nothing
        self.set_working(working=True)
        self._task.run(self._work(self._backups[self.choice.value()], secret, is_kit=is_kit))

    async def _work(self, backup: Backup, secret: str, *, is_kit: bool) -> None:
        found = await self._service.drill(backup, secret, is_kit=is_kit, heard=self.show_far)
        self.show_found(found)

    def show_far(self, phase: Phase, done: int, total: int) -> bool:
        """Show how far the work is; it goes on, unless nobody sees it any more."""
        if not isValid(self):
            return False
        words = far_words(phase, done, total)
        if total:
            self.progress.show_share(done // 1024, total // 1024, words)
        else:
            self.progress.show_busy(words)
        return True

    def show_found(self, drill: Drill) -> None:
        """Show what was in the backup."""
        self.set_working(working=False)
        opened = tr("The backup of {moment} opened.", moment=moment_words(drill.backup.made_at))
        self.opened.setText(opened)
        self.found.setText(held_words(drill.held))
        self.steps.show_one("done")
        self.cancel.hide()
        self.go_on.setText(tr("Done"))
        self.go_on.setAccessibleName(tr("Done"))
        self.go_on.setEnabled(True)
        self.go_on.clicked.connect(self.accept)
        self.go_on.setFocus()
        announce(self, opened)

    def _failed(self, error: HiveError) -> None:
        self.set_working(working=False)
        self.error.show_error(error)
        self.steps.show_one("ask")
        self._typed()
        self.secret.setFocus()


def _step() -> tuple[QWidget, QVBoxLayout]:
    step = QWidget()
    return step, column(step, gap=Space.S)
