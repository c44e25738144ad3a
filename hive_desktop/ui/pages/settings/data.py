"""Where the vault lies, what it takes on disk, and making it compact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from hive_desktop.i18n import mark, tr
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.progress import Progress
from hive_desktop.ui.kit.states import ErrorBanner
from hive_desktop.ui.kit.theme import Type
from hive_desktop.ui.kit.widgets import Button, label, on_click, row
from hive_desktop.ui.kit.wording import foldable, size_words
from hive_desktop.ui.pages.settings.sections import Section

if TYPE_CHECKING:
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ports.upkeep import Sizes
    from hive_desktop.ui.page import PageContext

_WORTH_IT = 1_000_000
_COMPACT = mark("Compact")
_KIB = 1024  # a bar counts no further than 2^31


class DataSection(Section):
    """The vault on the disk.

    Args:
        context: the page's own.
    """

    def __init__(self, context: PageContext) -> None:
        super().__init__(tr("Vault"))
        self._context = context
        self._folder = str(context.session.folder)
        self.error = ErrorBanner(self.refresh)
        self.total = label("", Type.STRONG, tabular=True)
        self.compact = Button(tr(_COMPACT), name=tr("Compact the vault"))
        self.compact.setToolTip("")
        self.compact.setEnabled(False)
        self.progress = Progress(tr("Compacting"), mark("{done} of {total} bytes"))
        self.progress.hide()
        self._latest = aio.Latest(context.scope, self.error.show_error, "sizes")
        buttons = QWidget()
        line = row(buttons)
        copy = Button(tr("Copy path"), "secondary", "copy")
        show = Button(tr("Open folder"), "secondary", "folder")
        on_click(copy, self._copy)
        on_click(show, self._open)
        line.addWidget(copy)
        line.addWidget(show)
        name = (
            tr("Demo vault, thrown away on leaving")
            if context.session.is_demo
            else tr("Where it lies")
        )
        self.add_line(name, foldable(self._folder), buttons)
        self._parts = self.add_line(tr("Size on disk"), " ", self.total)
        self._free = self.add_line(tr(_COMPACT), " ", self.compact)
        self.add_wide(self.progress)
        self.add_wide(self.error)
        on_click(self.compact, self._begin)

    def refresh(self) -> None:
        """Look again what it takes."""
        self.error.hide()
        self._latest.run(self._load())

    async def settled(self) -> None:
        """Wait until the sizes are shown."""
        await self._latest.settled()

    async def _load(self) -> None:
        self._show(await self._context.session.upkeep.sizes())

    def _show(self, sizes: Sizes) -> None:
        self.total.setText(size_words(sizes.ledger + sizes.backups))
        self._parts.setText(_parts_words(sizes))
        is_busy = self._context.session.upkeep.is_compacting
        is_worth_it = sizes.free >= _WORTH_IT
        self._free.setText(
            tr(
                "Writes the ledger anew without {size} that hold nothing any more. You can go on "
                "reading; changes wait until it is done.",
                size=size_words(sizes.free),
            )
            if is_worth_it
            else tr("The ledger is compact: writing it anew would free nothing worth the time.")
        )
        self.compact.setEnabled(is_worth_it and not is_busy)

    def _begin(self) -> None:
        self.error.hide()
        aio.spawn(self._context.scope, self._compact(), on_error=self._failed, name="compact")

    async def _compact(self) -> None:
        self._set_busy(busy=True)
        try:
            done = await self._context.session.upkeep.compact(self._far)
        finally:
            if isValid(self):
                self._set_busy(busy=False)
        saved = max(done.before - done.after, 0)
        words = (
            tr("The vault takes {size} less now", size=size_words(saved))
            if saved >= _WORTH_IT
            else (tr("The vault is compact"))
        )
        self._context.notices.show_message(words)
        self.refresh()

    def _set_busy(self, *, busy: bool) -> None:
        self.compact.setEnabled(not busy)
        self.compact.setText(tr("Compacting\N{HORIZONTAL ELLIPSIS}") if busy else tr(_COMPACT))
        self.progress.setVisible(busy)
        if busy:
            self.progress.show_busy(tr(_GATHERING))

    def _far(self, done: int, total: int) -> None:
        if done:
            words = tr("Writing {done} of {total}", done=size_words(done), total=size_words(total))
            self.progress.show_share(done // _KIB, total // _KIB, words)
        else:
            self.progress.show_busy(tr(_GATHERING))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._folder)
        self._context.notices.show_message(tr("Path copied"))

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._folder))

    def _failed(self, error: HiveError) -> None:
        self.error.show_error(error)


_GATHERING = mark("Gathering what is in use\N{HORIZONTAL ELLIPSIS}")


def _parts_words(sizes: Sizes) -> str:
    ledger = size_words(sizes.ledger)
    if not sizes.backups:
        return tr("The ledger takes {ledger}.", ledger=ledger)
    return tr(
        "The ledger takes {ledger}, backups beside it {backups}.",
        ledger=ledger,
        backups=size_words(sizes.backups),
    )
