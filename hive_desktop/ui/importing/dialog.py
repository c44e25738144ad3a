"""The import in three steps: files and accounts, how a table is read, what will happen."""

from __future__ import annotations

from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from hive_desktop.i18n import tr
from hive_desktop.ports.errors import HiveError
from hive_desktop.services.importing_ending import Ending
from hive_desktop.services.importing_targets import Target
from hive_desktop.ui.backups.working import WorkingDialog
from hive_desktop.ui.forms.own_account import line
from hive_desktop.ui.importing.grid import TableGrid
from hive_desktop.ui.importing.outcome import Outcome
from hive_desktop.ui.importing.words import first_words, remarks, rows_words
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.direction import set_margins
from hive_desktop.ui.kit.progress import Progress
from hive_desktop.ui.kit.scrolling import scrolled
from hive_desktop.ui.kit.select import Select
from hive_desktop.ui.kit.states import Deck
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

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtWidgets import QLineEdit, QVBoxLayout

    from hive_desktop.domain.csv_layouts import CsvLayout
    from hive_desktop.domain.ledger import Account
    from hive_desktop.services.importing import Importing
    from hive_desktop.services.importing_preview import Answers, Imported, Preview
    from hive_desktop.services.importing_source import Source

_WIDTH, _HEIGHT = 760, 580
_SURE = 0.9
_LEFT_OUT = -1


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
        self._fields: list[list[Select[int]]] = []
        self._options: list[list[list[Target | None]]] = []
        self._seen: set[int] = set()
        self._currencies: dict[int, QLineEdit] = {}
        self._lines: dict[int, QWidget] = {}
        self._table_at = -1
        self._preview: Preview | None = None
        self.outcome: Outcome | None = None
        self.grid: TableGrid | None = None
        self.done_import: Imported | None = None
        self.progress = Progress(tr("Reading"))
        content, self._files = _step()
        files = scrolled(content, tr("Files"))
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
        self._busy(tr("Reading"))
        self._task.run(self._read())

    async def settled(self) -> None:
        """Wait until nothing is under way."""
        await self._task.settled()

    def account_fields(self) -> list[Select[int]]:
        """Return the fields of where the rows go, file by file."""
        return [field for some in self._fields for field in some]

    async def _read(self) -> None:
        for path in self._paths:
            self.progress.show_busy(tr("Reading {file}", file=path.name))
            try:
                members = await self._service.members(path)
            except HiveError as error:
                self._refused.append((path.name, error))
                continue
            for member in members:
                await self._read_one(path, member)
        self._accounts = await self._service.accounts()
        self._targets = await self._service.suggested(self._sources)
        self._show_files()

    async def _read_one(self, path: Path, member: str) -> None:
        name = PurePosixPath(member).name or path.name
        words = tr("Reading {file}", file=name)
        self.progress.show_busy(words)

        def heard(done: int, total: int) -> bool:
            self.progress.show_share(done, total, words)
            return True

        try:
            self._sources.append(await self._service.open(path, member=member, heard=heard))
        except HiveError as error:
            self._refused.append((name, error))

    # Files and accounts.

    def _show_files(self) -> None:
        typed = {at: field.text() for at, field in self._currencies.items()}
        before = [[field.value() for field in some] for some in self._fields]
        clear(self._files)
        self._fields, self._options, self._currencies = [], [], {}
        for at, (source, targets) in enumerate(zip(self._sources, self._targets, strict=True)):
            fields, options = [], []
            self._head(source.name, rows_words(source), remarks(source), self._columns_of(at))
            for place, (statement, target) in enumerate(
                zip(source.read.statements, targets, strict=True)
            ):
                offered = self._offered(target, source, place)
                said = statement.account
                named = " ".join(filter(None, (said.bank, said.name, said.number)))
                field = self._account_field(named, source.name, offered)
                fields.append(field)
                options.append([one for one, _ in offered])
            self._fields.append(fields)
            self._options.append(options)
            new = next((one.new for one in targets if one.new is not None), None)
            if new is not None and self._is_silent(source):
                self._ask_currency(at, typed.get(at, new.currency))
            if len(before) > at and len(before[at]) == len(fields):
                for field, value in zip(fields, before[at], strict=True):
                    field.select(value)
        for name, error in self._refused:
            _, message, hint = error.rendered()
            self._head(name, tr("Cannot be imported"), f"{message} {hint}", None, bad=True)
        self._files.addStretch(1)
        self._show_currencies()
        self._show("files")
        self.go_on.setEnabled(bool(self.account_fields()))
        (self.go_on if self.go_on.isEnabled() else self.cancel).setFocus()
        announce(self, tr("The files are read"))

    def _head(
        self, name: str, words: str, remark: str, columns: Button | None, *, bad: bool = False
    ) -> None:
        if self._files.count():
            self._files.addWidget(frame("line"))
        head = row(gap=Space.M)
        set_margins(head, 0, Space.S, 0, 0)
        texts = column(gap=2)
        texts.addWidget(Elided(name, Type.STRONG))
        texts.addWidget(label(words, Type.SMALL, "danger" if bad else "muted"))
        head.addLayout(texts, 1)
        if columns is not None:
            head.addWidget(columns, 0, Qt.AlignmentFlag.AlignTop)
        self._files.addLayout(head)
        if remark:
            self._files.addWidget(paragraph(remark, Type.SMALL))

    def _columns_of(self, at: int) -> Button | None:
        if self._sources[at].guess is None:
            return None
        button = Button(tr("Columns"), "secondary")
        button.setAccessibleName(tr("Columns of {file}", file=self._sources[at].name))
        on_click(button, partial(self._show_table, at))
        return button

    def _offered(
        self, target: Target, source: Source, place: int
    ) -> list[tuple[Target | None, str]]:
        """Return where rows can go: what is suggested first."""
        new = target.new or self._service.new_account(
            source, source.read.statements[place], self._accounts
        )
        made = (Target(new=new), tr("New account: {name}", name=new.name))
        there = [
            (Target(one.id), f"{one.institution} · {one.title}".strip(" ·"))
            for one in self._accounts
        ]
        known = [one for one in there if one[0] == target]
        rest = [one for one in there if one[0] != target]
        first = known or [made]
        return [*first, *([made] if known else []), *rest, (None, tr("Leave out"))]

    def _account_field(
        self, named: str, file: str, offered: list[tuple[Target | None, str]]
    ) -> Select[int]:
        box = row(gap=Space.M)
        box.addWidget(Elided(named or tr("Account"), Type.BODY, "muted"), 1)
        options = [(at, words) for at, (_, words) in enumerate(offered)]
        name = tr("Account for {name}", name=named or file)
        field: Select[int] = Select(options, name, self._show_currencies)
        field.setFixedWidth(_WIDTH // 2)
        box.addWidget(field)
        self._files.addLayout(box)
        return field

    @staticmethod
    def _is_silent(source: Source) -> bool:
        """Tell whether a file does not say its currency."""
        return any(not row.currency for one in source.read.statements for row in one.rows)

    def _ask_currency(self, at: int, currency: str) -> None:
        name = tr("Currency of {file}", file=self._sources[at].name)
        field = self._currencies[at] = line(name, "EUR")
        field.setText(currency)
        field.setMaxLength(3)
        field.setFixedWidth(_WIDTH // 2)
        box = self._lines[at] = QWidget()
        inside = row(box, gap=Space.M)
        inside.addWidget(label(tr("Currency of a new account"), Type.BODY, "muted"), 1)
        inside.addWidget(field)
        self._files.addWidget(box)

    def _show_currencies(self) -> None:
        """Ask for a currency where an account is made, and nowhere else."""
        for at, targets in enumerate(self._chosen()):
            if at in self._currencies:
                is_made = any(one is not None and one.new is not None for one in targets)
                self._lines[at].setVisible(is_made)

    def _chosen(self) -> list[list[Target | None]]:
        return [
            [
                self._in_currency(at, options[field.value()])
                for options, field in zip(offered, fields, strict=True)
            ]
            for at, (offered, fields) in enumerate(zip(self._options, self._fields, strict=True))
        ]

    def _in_currency(self, at: int, target: Target | None) -> Target | None:
        """Return a new account in the currency that the person says."""
        field = self._currencies.get(at)
        if target is None or target.new is None or field is None:
            return target
        return Target(new=self._service.named(target.new, None, field.text() or None))

    # How a table is read.

    def _show_table(self, at: int) -> None:
        source = self._sources[at]
        if source.guess is None:
            return
        self._table_at = at
        clear(self._table_inside)
        self._table_inside.addWidget(label(source.name, Type.STRONG))
        self._table_inside.addWidget(
            paragraph(tr("Say what is wrong; Hive remembers it for the next file like this."))
        )
        self.grid = TableGrid(source.guess, self._table_said)
        self._table_inside.addWidget(self.grid, 1)
        self.read_words = paragraph(self._read_words(source), Type.SMALL, "text")
        self._table_inside.addWidget(self.read_words)
        self._show("table")
        self.grid.order.setFocus()

    def _table_said(self, layout: CsvLayout) -> None:
        self.error.hide()
        self._task.run(self._read_again(self._table_at, layout))

    async def _read_again(self, at: int, layout: CsvLayout) -> None:
        self.read_words.setText(tr("Reading…"))
        source = await self._service.open(
            self._sources[at].path, member=self._sources[at].member, layout=layout
        )
        self._sources[at] = source
        self.read_words.setText(self._read_words(source))
        self._targets = await self._service.suggested(self._sources)

    def _read_words(self, source: Source) -> str:
        """Return how many rows a table has as it is read, with the first of them."""
        refused = sum(len(one.refused) for one in source.read.statements)
        words = rows_words(source)
        if refused:
            words = tr("{rows}, {count} refused", rows=words, count=refused)
        first = next((row for one in source.read.statements for row in one.rows), None)
        if first is not None:
            words = f"{words}. {first_words(first, self._accounts)}"
        return words

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
            self._task.run(self._look(self._chosen()))
        elif step == "outcome" and self._preview is not None and self.outcome is not None:
            answers = dict(self.outcome.answers)
            ending = Ending()
            self._busy(tr("Importing"), ending)
            self._task.run(self._import(self._preview, answers, ending))

    def _is_unsure(self, at: int) -> bool:
        guess = self._sources[at].guess
        return guess is not None and guess.confidence <= _SURE and at not in self._seen

    async def _look(self, targets: list[list[Target | None]]) -> None:
        self._preview = await self._service.preview(self._sources, targets)
        clear(self._result_inside)
        self.outcome = Outcome(self._preview, self._count)
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
        self.done_import = await self._service.commit(preview, answers, ending)
        self.accept()

    def _back(self) -> None:
        self.error.hide()
        self._task.cancel()
        self._show_files()

    def _failed(self, error: HiveError) -> None:
        self.set_working(working=False)
        if self.steps.shown() == "table":
            self.read_words.setText(tr("It cannot be read so."))
        elif self._fields:
            self._show("files")
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
