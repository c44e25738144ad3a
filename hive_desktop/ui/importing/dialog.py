"""The import in three steps: files and accounts, how a table is read, what will happen."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from hive_desktop import i18n
from hive_desktop.i18n import tr
from hive_desktop.ports.errors import HiveError
from hive_desktop.services.importing_ending import Ending
from hive_desktop.services.importing_layouts import corrected
from hive_desktop.services.importing_source import name_of
from hive_desktop.ui.backups.working import WorkingDialog
from hive_desktop.ui.importing.files import FilesStep
from hive_desktop.ui.importing.grid import TableGrid
from hive_desktop.ui.importing.outcome import Outcome
from hive_desktop.ui.importing.words import first_words, remarks, rows_words
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.progress import Progress
from hive_desktop.ui.kit.scrolling import scrolled
from hive_desktop.ui.kit.states import Deck
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import (
    Elided,
    announce,
    clear,
    column,
    label,
    paragraph,
)
from hive_desktop.ui.kit.wording import number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtWidgets import QVBoxLayout

    from hive_desktop.domain.csv_layouts import CsvLayout, DateOrder
    from hive_desktop.domain.ledger import Account
    from hive_desktop.services.importing import Importing
    from hive_desktop.services.importing_preview import Answers, Imported, Preview
    from hive_desktop.services.importing_source import Source
    from hive_desktop.services.importing_targets import Target
    from hive_desktop.ui.kit.select import Select

_WIDTH, _HEIGHT = 760, 580
_SURE = 0.9


class ImportDialog(WorkingDialog):
    """Reads files, asks what it must, and imports.

    Args:
        parent: the window.
        service: the vault's import.
        scope: owns the work.
        paths: the files.
    """

    def __init__(
        self, parent: QWidget, service: Importing, scope: aio.Scope, paths: Sequence[Path]
    ) -> None:
        super().__init__(parent, scope, tr("Import files"), "", width=_WIDTH, height=_HEIGHT)
        self._service = service
        self._paths = list(paths)
        self._task = aio.Latest(scope, self._failed, "import")
        self._sources: list[Source] = []
        self._refused: list[tuple[str, HiveError]] = []
        self._accounts: list[Account] = []
        self._targets: list[list[Target]] = []
        self._seen: set[int] = set()
        self._table_at = -1
        self._before: Source | None = None
        self._preview: Preview | None = None
        self.outcome: Outcome | None = None
        self.grid: TableGrid | None = None
        self.done_import: Imported | None = None
        self.progress = Progress(tr("Reading"))
        self.files = FilesStep(service, self._show_table, self._ordered)
        files = scrolled(self.files, tr("Files"))
        self._table, self._table_inside = _step()
        self._result, self._result_inside = _step()
        busy, inside = _step()
        inside.addStretch(1)
        inside.addWidget(self.progress)
        inside.addStretch(2)
        self.steps = Deck(busy=busy, files=files, table=self._table, outcome=self._result)
        self.body.addWidget(self.steps, 1)
        self.cancel = self.add_button(tr("Cancel"), "secondary", self.stop)
        self.back = self.add_button(tr("Back"), "secondary", self._back)
        self.go_on = self.add_button(tr("Next"), "primary", self._next)
        self.go_on.setDefault(True)
        self.finished.connect(self._task.cancel)
        self.finished.connect(self._forget)
        self._busy(tr("Reading"))
        self._task.run(self._read())

    async def settled(self) -> None:
        """Wait until nothing is under way."""
        await self._task.settled()

    async def _read(self) -> None:
        for path in self._paths:
            self.progress.show_busy(tr("Reading {file}", file=name_of(path)))
            try:
                members = await self._service.members(path)
            except HiveError as error:
                self._refused.append((name_of(path), error))
                continue
            for member in members:
                await self._read_one(path, member)
        self._accounts = await self._service.accounts()
        self._targets = await self._service.suggested(self._sources)
        self._show_files()

    async def _read_one(self, path: Path, member: str) -> None:
        name = name_of(path, member)
        words = tr("Reading {file}", file=name)
        self.progress.show_busy(words)

        def heard(done: int, total: int) -> bool:
            if not isValid(self):
                return False
            self.progress.show_share(done, total, words)
            return True

        try:
            self._sources.append(await self._service.open(path, member=member, heard=heard))
        except HiveError as error:
            self._refused.append((name, error))

    # Files and accounts.

    def account_fields(self) -> list[Select[int]]:
        """Return the fields of where the rows go, file by file."""
        return [place.field for some in self.files.places for place in some]

    def _show_files(self) -> None:
        self.files.show_files(self._sources, self._targets, self._accounts, self._refused)
        self._show("files")
        self.go_on.setEnabled(bool(self.account_fields()))
        (self.go_on if self.go_on.isEnabled() else self.cancel).setFocus()
        announce(self, tr("The files are read"))

    def _ordered(self, at: int, order: DateOrder) -> None:
        self.error.hide()
        self._busy(tr("Reading"))
        self._task.run(self._read_ordered(at, order))

    async def _read_ordered(self, at: int, order: DateOrder) -> None:
        source = self._sources[at]
        layout = corrected(source.layout, date_order=order)
        await self._read_as(at, layout)
        self._show_files()
        self.files.orders[at].setFocus()

    # How a table is read.

    def _show_table(self, at: int) -> None:
        source = self._sources[at]
        if source.guess is None:
            return
        self._table_at, self._before = at, source
        clear(self._table_inside)
        self._table_inside.addWidget(Elided(source.name, Type.STRONG))
        if self._is_unsure(at):
            self._table_inside.addWidget(paragraph(remarks(source), Type.SMALL, "text"))
        self._table_inside.addWidget(
            paragraph(tr("Say what is wrong; Hive remembers it for the next file like this."))
        )
        self.grid = TableGrid(source.guess, self._table_said)
        self._table_inside.addWidget(self.grid, 1)
        self._table_inside.addWidget(label(tr("As it is read"), Type.SMALL, "muted"))
        self.read_words = paragraph(self._read_words(source), Type.SMALL, "text")
        self._table_inside.addWidget(self.read_words)
        self._show("table")
        self.grid.order.setFocus()

    def _table_said(self, layout: CsvLayout) -> None:
        self.error.hide()
        self.go_on.setEnabled(False)
        self._task.run(self._read_again(self._table_at, layout))

    async def _read_again(self, at: int, layout: CsvLayout) -> None:
        self.read_words.setText(tr("Reading…"))
        await self._read_as(at, layout)
        self.read_words.setText(self._read_words(self._sources[at]))
        self.go_on.setEnabled(True)

    async def _read_as(self, at: int, layout: CsvLayout) -> None:
        """Read a file as the person says, and suggest accounts for what is in it then."""
        old = self._sources[at]
        self._sources[at] = await self._service.open(old.path, member=old.member, layout=layout)
        self._targets = await self._service.suggested(self._sources)

    def _read_words(self, source: Source) -> str:
        """Return how many rows a table has as it is read, with the first of them."""
        refused = [one for some in source.read.statements for one in some.refused]
        words = rows_words(source)
        if refused:
            words = tr("{rows}, {count} refused", rows=words, count=number(len(refused)))
        first = first_words(source, self._currency())
        if not first and refused:
            line = number(refused[0].line)
            first = [tr("Line {line}: {why}", line=line, why=i18n.tr(refused[0].reason))]
        return "\n".join((words, *first))

    def _currency(self) -> str:
        """Return the currency of the account into which a table's rows go, or ""."""
        target = self.files.chosen()[self._table_at][0]
        if target is None:
            return ""
        if target.new is not None:
            return target.new.currency
        return next((one.currency for one in self._accounts if one.id == target.account_id), "")

    # What will happen.

    def _next(self) -> None:
        if not self.go_on.isEnabled():
            return
        self.error.hide()
        step = self.steps.shown()
        if step == "table":
            self._seen.add(self._table_at)
            self._show_files()
        elif step == "files":
            unsure = next((at for at, one in enumerate(self._sources) if self._is_unsure(at)), None)
            if unsure is not None:
                self._show_table(unsure)
                return
            self._busy(tr("Comparing with your ledger"))
            self._task.run(self._look(self.files.chosen()))
        elif step == "outcome" and self._preview is not None and self.outcome is not None:
            answers = dict(self.outcome.answers)
            ending = Ending()
            self._busy(tr("Importing"), ending)
            self._task.run(self._import(self._preview, answers, ending))

    def _is_unsure(self, at: int) -> bool:
        source = self._sources[at]
        if source.guess is None or source.guess.confidence > _SURE or at in self._seen:
            return False
        return any(one.rows or one.refused for one in source.read.statements)

    async def _look(self, targets: list[list[Target | None]]) -> None:
        preview = await self._service.preview(self._sources, targets)
        await asyncio.to_thread(preview.add_up)
        clear(self._result_inside)
        self._preview = preview
        self.outcome = Outcome(preview, self._count)
        self._result_inside.addWidget(self.outcome, 1)
        self._show("outcome")
        self._count()
        self.go_on.setFocus()

    def _count(self) -> None:
        """Say on the button how many rows would come."""
        if self._preview is None or self.outcome is None:
            return
        counts = self._preview.counts
        same = sum(self.outcome.answers.values())
        coming = counts.new + counts.doubtful - same
        self._say_next(tr("Import") if coming else tr("Done"))

    async def _import(self, preview: Preview, answers: Answers, ending: Ending) -> None:
        words = tr("Importing")

        def heard(done: int, total: int) -> None:
            if isValid(self):
                self.progress.show_share(done, total, words)

        self.done_import = await self._service.commit(preview, answers, ending, heard)
        self.accept()

    def _forget(self) -> None:
        """Let go of the rows at once, which a cycle of objects would keep until it is collected."""
        self._sources, self._preview = [], None
        if self.outcome is not None:
            self.outcome.forget()

    def _back(self) -> None:
        self.error.hide()
        self._task.cancel()
        if self.steps.shown() == "table" and self._before is not None:
            # What was said of the columns was not agreed to.
            self._sources[self._table_at] = self._before
            self._busy(tr("Reading"))
            self._task.run(self._suggest())
            return
        self._show_files()

    async def _suggest(self) -> None:
        self._targets = await self._service.suggested(self._sources)
        self._show_files()

    def _failed(self, error: HiveError) -> None:
        self.set_working(working=False)
        if self.steps.shown() == "table":
            self.read_words.setText(tr("It cannot be read so."))
        elif self.account_fields():
            self._show_files()  # as they are read, whatever was asked for
        self.error.show_error(error)

    def _busy(self, words: str, ending: Ending | None = None) -> None:
        self.progress.show_busy(words)
        self.steps.show_one("busy")
        self.back.hide()
        self.go_on.setEnabled(False)
        self.set_working(working=True, ending=ending)

    def _show(self, step: str) -> None:
        self.set_working(working=False)
        self.steps.show_one(step)
        self.back.setVisible(step in ("table", "outcome"))
        self.go_on.setEnabled(True)
        self._say_next(tr("Next") if step == "files" else tr("Use these columns"))

    def _say_next(self, words: str) -> None:
        self.go_on.setText(words)
        self.go_on.setAccessibleName(words)


def _step() -> tuple[QWidget, QVBoxLayout]:
    step = QWidget()
    return step, column(step, gap=Space.S)
