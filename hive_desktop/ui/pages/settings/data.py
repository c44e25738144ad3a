"""Where the vault lies, what it takes on disk, and making it compact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget

from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.money import locale
from hive_desktop.ui.kit.progress import Progress
from hive_desktop.ui.kit.states import ErrorBanner
from hive_desktop.ui.kit.theme import Type
from hive_desktop.ui.kit.widgets import Button, label, on_click, row
from hive_desktop.ui.pages.settings.sections import Section

if TYPE_CHECKING:
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ports.upkeep import Sizes
    from hive_desktop.ui.page import PageContext

_WORTH_IT = 1_000_000
_COMPACT = "Compact"
_KIB = 1024  # a bar counts no further than 2^31


class DataSection(Section):
    """The vault on the disk.

    Args:
        context: the page's own.
    """

    def __init__(self, context: PageContext) -> None:
        super().__init__("Vault")
        self._context = context
        self._folder = str(context.session.folder)
        self.error = ErrorBanner(self.refresh)
        self.total = label("", Type.STRONG, tabular=True)
        self.compact = Button(_COMPACT, name="Compact the vault")
        self.compact.setToolTip("")
        self.compact.setEnabled(False)
        self.progress = Progress("Compacting", "bytes")
        self.progress.hide()
        self._latest = aio.Latest(context.scope, self.error.show_error, "sizes")
        buttons = QWidget()
        line = row(buttons)
        copy = Button("Copy path", "secondary", "copy")
        show = Button("Open folder", "secondary", "folder")
        on_click(copy, self._copy)
        on_click(show, self._open)
        line.addWidget(copy)
        line.addWidget(show)
        name = "Demo vault, thrown away on leaving" if context.session.is_demo else "Where it lies"
        self.add_line(name, foldable(self._folder), buttons)
        self._parts = self.add_line("Size on disk", " ", self.total)
        self._free = self.add_line(_COMPACT, " ", self.compact)
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
        words = f"The ledger takes {size_words(sizes.ledger)}"
        if sizes.backups:
            words += f", backups from before updates {size_words(sizes.backups)}"
        self._parts.setText(f"{words}.")
        is_busy = self._context.session.upkeep.is_compacting
        self._free.setText(
            f"Writes the ledger anew without {size_words(sizes.free)} that hold nothing any more. "
            "You can go on reading; changes wait until it is done."
            if sizes.free >= _WORTH_IT
            else "Writes the ledger anew, in order. Hardly anything in it is free now."
        )
        self.compact.setEnabled(not is_busy)

    def _begin(self) -> None:
        self.error.hide()
        aio.spawn(self._context.scope, self._compact(), on_error=self._failed, name="compact")

    async def _compact(self) -> None:
        self._set_busy(busy=True)
        try:
            done = await self._context.session.upkeep.compact(self._far)
        finally:
            self._set_busy(busy=False)
        saved = max(done.before - done.after, 0)
        words = (
            f"The vault takes {size_words(saved)} less now"
            if saved >= _WORTH_IT
            else ("The vault is compact")
        )
        self._context.notices.show_message(words)
        self.refresh()

    def _set_busy(self, *, busy: bool) -> None:
        self.compact.setEnabled(not busy)
        self.compact.setText("Compacting\N{HORIZONTAL ELLIPSIS}" if busy else _COMPACT)
        self.progress.setVisible(busy)
        if busy:
            self.progress.show_busy(_GATHERING)

    def _far(self, done: int, total: int) -> None:
        if done:
            words = f"Writing {size_words(done)} of {size_words(total)}"
            self.progress.show_share(done // _KIB, total // _KIB, words)
        else:
            self.progress.show_busy(_GATHERING)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._folder)
        self._context.notices.show_message("Path copied")

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._folder))

    def _failed(self, error: HiveError) -> None:
        self.error.show_error(error)


_GATHERING = "Gathering what is in use\N{HORIZONTAL ELLIPSIS}"


def size_words(count: int) -> str:
    """Return a number of bytes as the person's locale writes sizes."""
    form = QLocale.DataSizeFormat.DataSizeSIFormat
    return locale().formattedDataSize(count, 1, form)


def foldable(path: str) -> str:
    """Return a path with room to wrap after each folder."""
    return path.replace("/", "/\N{ZERO WIDTH SPACE}").replace("\\", "\\\N{ZERO WIDTH SPACE}")
