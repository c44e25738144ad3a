"""Backups: whether and where one is made each day, making one now, the list, the drill."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget
from shiboken6 import isValid

from hive_desktop.i18n import mark, tr, tr_n
from hive_desktop.ports.backups import Survey
from hive_desktop.ports.events import BackupFailed, BackupProven
from hive_desktop.ui.backups.drill import DrillDialog
from hive_desktop.ui.backups.listing import BackupsDialog
from hive_desktop.ui.backups.restore import RestoreDialog
from hive_desktop.ui.backups.words import day_words, far_words, moment_words
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.progress import Progress
from hive_desktop.ui.kit.states import ErrorBanner
from hive_desktop.ui.kit.switch import Switch
from hive_desktop.ui.kit.widgets import Button, on_click, row, set_tone
from hive_desktop.ui.kit.wording import foldable, size_words
from hive_desktop.ui.pages.settings.sections import Section

if TYPE_CHECKING:
    from hive_desktop.ports.backups import Backup, Phase
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.backup_status import BackupStatus
    from hive_desktop.ui.kit.bus_bridge import BusBridge
    from hive_desktop.ui.page import PageContext

_NOW = mark("Back up now")
_DAILY = mark(
    "One a day while the vault is open, when anything has changed. The last seven days, four weeks "
    "and twelve months are kept."
)
_SAME_DISK = mark("In the vault's own folder. One on another disk survives the loss of this one.")
_PRACTISE = mark("Try once a year whether you could get everything back.")


class BackupsSection(Section):
    """Each choice takes effect at once and is kept in the vault.

    Args:
        context: the page's own.
        bridge: hears of backups that were made by themselves.
    """

    def __init__(self, context: PageContext, bridge: BusBridge) -> None:
        super().__init__(tr("Backups"))
        self._context = context
        self._service = context.session.backups
        self._status: BackupStatus | None = None
        self._refused: HiveError | None = None
        self._latest = aio.Latest(context.scope, self._told, "backups")
        self._make = aio.Latest(context.scope, self._failed, "backup")
        # Apart from looking, which anything that happens starts anew.
        self._change = aio.Latest(context.scope, self._told, "backups-choice")
        # And apart from trying a folder, which takes a while on a slow disk.
        self._switch = aio.Latest(context.scope, self._told, "backups-daily")
        self.error = ErrorBanner(closed=self._forget)
        self.now = Button(tr(_NOW))
        self.stop = Button(tr("Stop"))
        self.stop.hide()
        self.progress = Progress(tr("Backing up"))
        self.progress.hide()
        buttons = _beside(self.stop, self.now)
        self.last = self.add_line(tr("Last proven backup"), " ", buttons)
        self.add_wide(self.progress)
        self.add_wide(self.error)
        self.daily = Switch(tr("Back up every day"), self._set_on)
        self.add_line(tr("Back up every day"), tr(_DAILY), self.daily)
        self.choose = Button(tr("Choose\N{HORIZONTAL ELLIPSIS}"), "secondary", "folder")
        self.own = Button(tr("Vault's own"))
        places = _beside(self.own, self.choose)
        self.folder = self.add_line(tr("Folder of backups"), " ", places)
        self.show_all = Button(tr("Show"), name=tr("Show all backups"))
        self.show_all.setToolTip("")
        self.all = self.add_line(tr("All backups"), " ", self.show_all)
        self.practise = Button(tr("Practise\N{HORIZONTAL ELLIPSIS}"))
        self.drilled = self.add_line(tr("Recovery drill"), tr(_PRACTISE), self.practise)
        on_click(self.now, self.back_up)
        on_click(self.stop, self._make.cancel)
        on_click(self.choose, self._ask_folder)
        on_click(self.own, lambda: self._change.run(self._set_place(None)))
        on_click(self.show_all, self._list)
        on_click(self.practise, self.drill)
        bridge.on(BackupProven, self._proven)
        bridge.on(BackupFailed, lambda _event: self.refresh())

    def refresh(self) -> None:
        """Look again how the backups stand."""
        self._latest.run(self._load())

    def back_up(self) -> None:
        """Make one now."""
        self._make.run(self._back_up())

    def drill(self) -> None:
        """Open the recovery drill."""
        if self._status is not None and self._status.backups:
            dialog = DrillDialog(
                self.window(), self._service, self._status.backups, self._context.scope
            )
            self._open(dialog)

    async def settled(self) -> None:
        """Wait until all is shown."""
        await self._make.settled()
        await self._change.settled()
        await self._switch.settled()
        await self._latest.settled()

    def _proven(self, _event: BackupProven) -> None:
        self._forget()
        self.refresh()

    async def _load(self) -> None:
        self.show_status(await self._service.status())

    def show_status(self, status: BackupStatus) -> None:
        """Show how the backups stand."""
        self._status = status
        own = status.error if status.is_place_there else None  # else the line of the folder says it
        self.error.show_or_hide(self._refused or own)
        self.daily.setChecked(status.is_on)
        self.last.setText(_last_words(status))
        set_tone(self.last, "muted" if status.last is not None else "warning")
        self.folder.setText(_folder_words(status))
        set_tone(self.folder, "muted" if status.is_place_there else "danger")
        self.own.setVisible(not status.is_own_place)
        self.all.setText(_all_words(status))
        self.show_all.setEnabled(bool(status.backups or status.others or status.faulty))
        self.practise.setEnabled(bool(status.backups))
        self.drilled.setText(_drill_words(status))
        set_tone(self.drilled, "warning" if status.is_drill_due else "muted")
        self.now.setEnabled(not self._service.is_running)

    async def _back_up(self) -> None:
        self._forget()
        self._set_busy(busy=True)
        try:
            backup = await self._service.make(self._far)
        finally:
            if isValid(self):
                self._set_busy(busy=False)
        self._context.notices.show_message(
            tr("Backed up and proven: {size}", size=size_words(backup.size))
        )
        self.refresh()

    def _set_busy(self, *, busy: bool) -> None:
        gone, shown = (self.now, self.stop) if busy else (self.stop, self.now)
        had_focus = gone.hasFocus()
        shown.show()
        if had_focus:  # or Space would next press whatever stands behind it
            shown.setFocus()
        gone.hide()
        self.progress.setVisible(busy)
        if busy:
            self.progress.show_busy()

    def _far(self, phase: Phase, done: int, total: int) -> bool:
        if isValid(self.progress):
            words = far_words(phase, done, total)
            if total:
                self.progress.show_share(done // 1024, total // 1024, words)
            else:
                self.progress.show_busy(words)
        return True

    def _set_on(self, is_on: bool) -> None:  # noqa: FBT001 - a switch's call-back
        self._switch.run(self._put_on(is_on=is_on))

    async def _put_on(self, *, is_on: bool) -> None:
        await self._service.set_on(is_on=is_on)
        self.refresh()

    def _ask_folder(self) -> None:
        start = "" if self._status is None else str(self._status.place)
        dialog = QFileDialog(self, tr("Choose where backups go"), start)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.take_folder(Path(name)))
        dialog.open()

    def take_folder(self, folder: Path) -> None:
        """Let backups go into a folder from now on."""
        self._change.run(self._set_place(folder))

    async def _set_place(self, place: Path | None) -> None:
        self._forget()
        before = await self._service.status()
        await self._service.set_place(place)
        now = await self._service.status()
        self.refresh()
        self._context.notices.show_message(_place_words(before, now))

    def _list(self) -> None:
        if (status := self._status) is not None:
            scope = self._context.scope
            found = Survey(status.backups, status.others, status.faulty)
            self._open(BackupsDialog(self.window(), self._service, found, scope, self._restore))

    def _restore(self, backup: Backup, is_of_another: bool) -> None:  # noqa: FBT001 - a call-back
        lifecycle = self._context.lifecycle
        if lifecycle is not None:
            program = self._context.program
            self._open(
                RestoreDialog(
                    self.window(), lifecycle, backup, program, is_of_another=is_of_another
                )
            )

    def _open(self, dialog: DrillDialog | BackupsDialog | RestoreDialog) -> None:
        aio.spawn(
            self._context.scope, self._shown(dialog), on_error=self._told, name="backup-dialog"
        )

    async def _shown(self, dialog: DrillDialog | BackupsDialog | RestoreDialog) -> None:
        await aio.finished(dialog)
        if isValid(self):
            self.refresh()

    def _told(self, error: HiveError) -> None:
        self._refused = error
        self.error.show_error(error, can_retry=False)

    def _failed(self, error: HiveError) -> None:
        """Show what the person waited for in vain, for as long as they did not ask anew."""
        self._told(error)
        self.refresh()

    def _forget(self) -> None:
        self._refused = None
        self.error.hide()


def _beside(*buttons: Button) -> QWidget:
    both = QWidget()
    line = row(both)
    for button in buttons:
        line.addWidget(button)
    return both


def _last_words(status: BackupStatus) -> str:
    if status.last is None:
        return tr("None yet. The first one is made soon after you open the vault.")
    moment = moment_words(status.last.made_at)
    return tr("{moment}. It was opened and counted after it was made.", moment=moment)


def _folder_words(status: BackupStatus) -> str:
    folder = foldable(str(status.place))
    if not status.is_place_there:
        return tr("{folder} is not there now. Connect the disk, or choose another.", folder=folder)
    return tr(_SAME_DISK) if status.is_own_place else folder


def _all_words(status: BackupStatus) -> str:
    told = tr("None is in reach.")
    if status.backups:
        told = tr_n(
            "{count} backup, {size}",
            "{count} backups, {size} together",
            len(status.backups),
            size=size_words(status.size),
        )
    if status.others:
        others = tr_n("{count} of another vault", "{count} of other vaults", len(status.others))
        told = tr("{backups}; {more}", backups=told.rstrip("."), more=others)
    if status.faulty:
        faulty = tr_n("{count} cannot be used", "{count} cannot be used", len(status.faulty))
        told = tr("{backups}; {more}", backups=told.rstrip("."), more=faulty)
    return told


def _place_words(before: BackupStatus, now: BackupStatus) -> str:
    """Say what another folder means for backups to come, and for those that are there."""
    folder = str(now.place)
    if not any(one.file.parent == before.place for one in (*before.backups, *before.others)):
        return tr("Backups go into {folder} from now on.", folder=folder)
    if before.is_own_place or before.place == now.place:
        return tr(
            "Backups go into {folder} from now on. Earlier ones stay where they are, and are "
            "listed too.",
            folder=folder,
        )
    return tr(
        "Backups go into {folder} from now on. Those in {before} stay there, and are not listed "
        "any more.",
        folder=folder,
        before=str(before.place),
    )


def _drill_words(status: BackupStatus) -> str:
    if status.drilled_on is None:
        return tr(_PRACTISE)
    day = day_words(status.drilled_on)
    if status.is_drill_due:
        return tr("Last tried on {day}, over a year ago. It takes a minute.", day=day)
    return tr("It worked on {day}.", day=day)
