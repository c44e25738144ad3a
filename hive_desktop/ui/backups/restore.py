"""Asks for what a restore needs, and shows how far it is; the vault's window closes under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shiboken6 import isValid

from hive_desktop.i18n import tr
from hive_desktop.ui.backups.secret import SecretField
from hive_desktop.ui.backups.words import far_words, moment_words
from hive_desktop.ui.backups.working import WorkingDialog
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.progress import Progress
from hive_desktop.ui.kit.theme import Type
from hive_desktop.ui.kit.widgets import paragraph

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from hive_desktop.ports.backups import Backup, Phase
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.lifecycle import AppLifecycle

_WIDTH = 480


class RestoreDialog(WorkingDialog):
    """What will happen, the secret, and the bar; Cancel stops it until the vaults change places.

    Args:
        parent: the window.
        lifecycle: restores, and opens what was restored.
        backup: what to restore.
        scope: owns the work; it outlives the window.
        is_of_another: the backup is of another vault than the one that is open.
    """

    def __init__(
        self,
        parent: QWidget,
        lifecycle: AppLifecycle,
        backup: Backup,
        scope: aio.Scope,
        *,
        is_of_another: bool = False,
    ) -> None:
        super().__init__(
            parent,
            scope,
            tr("Restore the backup of {moment}", moment=moment_words(backup.made_at)),
            tr(
                "It takes the place of this vault, which is kept beside it under another name. "
                "Your banks tell later rows again at the next sync. What you changed yourself "
                "since then is in the vault that is kept."
            ),
            width=_WIDTH,
        )
        self._lifecycle = lifecycle
        self._backup = backup
        self._scope = scope
        self._goes_on = True
        self.secret = SecretField(self._typed, self._begin)
        self.progress = Progress(tr("Restoring"))
        self.progress.hide()
        self.note = paragraph(
            tr(
                "The window closes for a moment and comes back with the restored vault. From then "
                "on the passphrase of that day opens it."
            ),
            Type.SMALL,
        )
        self.other = paragraph(
            tr("It is of another vault than this one. Its own passphrase or kit opens it."),
            tone="warning",
        )
        self.other.setVisible(is_of_another)
        for widget in (self.other, self.secret, self.progress, self.note):
            self.body.addWidget(widget)
        self.cancel = self.add_button(tr("Cancel"), "secondary", self.stop)
        self.go_on = self.add_button(tr("Restore"), "danger", self._begin)
        self.go_on.setDefault(True)
        self.finished.connect(self._end)
        self._typed()
        self.secret.setFocus()

    def _typed(self) -> None:
        if hasattr(self, "go_on"):
            self.go_on.setEnabled(self.secret.is_given())

    def _begin(self) -> None:
        if not self.go_on.isEnabled():
            return
        self.error.hide()
        secret, is_kit = self.secret.take()
        self.secret.setEnabled(False)
        self.go_on.setEnabled(False)
        self.setFocus()  # a second Enter stops nothing
        self.set_working(working=True)
        self.progress.show_busy()
        self.progress.show()
        work = self._work(secret, is_kit=is_kit)
        aio.spawn(self._scope, work, on_error=self._failed, name="restore")

    async def _work(self, secret: str, *, is_kit: bool) -> None:
        await self._lifecycle.restore(self._backup, secret, is_kit=is_kit, heard=self._far)

    def _far(self, phase: Phase, done: int, total: int) -> bool:
        if isValid(self):
            words = far_words(phase, done, total)
            if total:
                self.progress.show_share(done // 1024, total // 1024, words)
            else:
                self.progress.show_busy(words)
        return self._goes_on

    def _end(self) -> None:
        self._goes_on = False

    def _failed(self, error: HiveError) -> None:
        if not isValid(self):
            return  # the window is gone: whoever hears of `RestoreEnded` says it
        self.set_working(working=False)
        self.progress.hide()
        self.secret.setEnabled(True)
        self.error.show_error(error)
        self._typed()
        self.secret.setFocus()
