"""The list of what was imported: each can be undone, and done again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from hive_desktop.i18n import tr
from hive_desktop.ports.import_store import ImportState
from hive_desktop.ui.importing.words import effects_words, past_line, past_state, past_title
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.confirm import confirmed
from hive_desktop.ui.kit.dialog import Dialog
from hive_desktop.ui.kit.direction import set_margins
from hive_desktop.ui.kit.long_work import LongWork
from hive_desktop.ui.kit.pill import Pill
from hive_desktop.ui.kit.scrolling import scrolled
from hive_desktop.ui.kit.states import EmptyState, Stack
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, Elided, clear, column, frame, on_click, row
from hive_desktop.ui.kit.wording import number

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.domain.ledger import BatchId
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ports.import_store import PastImport
    from hive_desktop.services.session import VaultSession
    from hive_desktop.ui.page import Notices

_WIDTH, _HEIGHT = 680, 560
_BUTTON_WIDTH = 76


class PastImportsDialog(Dialog):
    """Shows what was imported, the latest first.

    Args:
        parent: the window.
        session: the open vault's services.
        scope: owns the work.
        notices: where it is told what became of an undo.
        choose: asks for files; called after the dialog is closed.

    Attributes:
        ways: by import what undoes it, or does it again where it is undone.
        redos: what does one again that is half undone.
    """

    def __init__(
        self,
        parent: QWidget,
        session: VaultSession,
        scope: aio.Scope,
        notices: Notices,
        choose: Callable[[], None],
    ) -> None:
        super().__init__(
            parent,
            tr("Past imports"),
            tr("Each import is one change: undoing it takes out again what it brought."),
            width=_WIDTH,
            height=_HEIGHT,
        )
        self._session = session
        self._scope = scope
        self._notices = notices
        self._latest = aio.Latest(scope, self._failed, "past-imports")
        self.ways: dict[BatchId, Button] = {}
        self.redos: dict[BatchId, Button] = {}
        content = QWidget()
        inside = column(content, gap=0)
        self._list = column(gap=0)
        inside.addLayout(self._list)
        inside.addStretch(1)
        scroll = scrolled(content, tr("Past imports"))
        self.empty = EmptyState(
            "file-input",
            tr("Nothing was imported yet"),
            tr("Statements of banks and exports of other programs come in as files."),
            tr("Import files…"),
            partial(self._choose, choose),
        )
        self.stack = Stack(list=scroll, empty=self.empty)
        self.body.addWidget(self.stack, 1)
        self.close_button = self.add_button(tr("Close"), "secondary", self.reject)
        self.close_button.setFocus()
        self.finished.connect(self._latest.cancel)
        self._latest.run(self._load(None))

    async def settled(self) -> None:
        """Wait until the list is shown."""
        await self._latest.settled()

    def _choose(self, choose: Callable[[], None]) -> None:
        self.finished.connect(lambda _result: choose())
        self.reject()

    async def _load(self, focused: BatchId | None) -> None:
        found = await self._session.importing.past.newest()
        clear(self._list)
        self.ways.clear()
        self.redos.clear()
        for one in found:
            self._add(one)
        self.stack.show_one("list" if found else "empty")
        (self.ways.get(focused, self.close_button) if focused else self.close_button).setFocus()

    def _add(self, one: PastImport) -> None:
        box = QWidget()
        line = row(box, gap=Space.M)
        set_margins(line, 0, Space.M, Space.S, Space.M)
        title, words = past_title(one), past_line(one, self._session.clock.now())
        texts = column(gap=2)
        texts.addWidget(Elided(title, Type.STRONG))
        texts.addWidget(Elided(words, Type.SMALL, "muted"))
        line.addLayout(texts, 1)
        state = past_state(one)
        if state:
            line.addWidget(Pill(state, "muted" if one.state is ImportState.UNDONE else "warning"))
        is_away = one.state is ImportState.STANDS and all(file.is_gone for file in one.files)
        if not is_away:
            is_redo = one.state is ImportState.UNDONE
            self.ways[one.batch] = self._way(one, title, is_redo=is_redo)
            line.addWidget(self.ways[one.batch])
        if one.state is ImportState.PARTLY:
            self.redos[one.batch] = self._way(one, title, is_redo=True)
            line.addWidget(self.redos[one.batch])
        box.setAccessibleName(", ".join(filter(None, (title, words, state))))
        if self._list.count():
            self._list.addWidget(frame("line"))
        self._list.addWidget(box)

    def _way(self, one: PastImport, title: str, *, is_redo: bool) -> Button:
        """Return the button that undoes an import, or does it again."""
        button = Button(tr("Redo") if is_redo else tr("Undo"))
        name = (
            tr("Redo the import of {file}", file=title)
            if is_redo
            else tr("Undo the import of {file}", file=title)
        )
        button.setAccessibleName(name)
        button.setMinimumWidth(_BUTTON_WIDTH)
        on_click(button, partial(self._begin, one, is_redo=is_redo))
        return button

    def _begin(self, one: PastImport, *, is_redo: bool) -> None:
        self.error.hide()
        work = self._redo(one.batch) if is_redo else self._undo(one)
        name = "redo" if is_redo else "undo"
        aio.spawn(self._scope, work, on_error=partial(self._failed_at, one.batch), name=name)

    async def _undo(self, one: PastImport) -> None:
        past = self._session.importing.past
        said = effects_words(await past.effects(one.batch))
        if not await confirmed(self, tr("Undo this import?"), said, tr("Undo the import")):
            return
        stopping = tr("Stopping leaves the rest as it is; undo again to go on.")
        with LongWork(self, tr("Undoing"), stopping) as work:
            undone = await past.undo(one.batch, work.heard)
        self._told(undone.told(number), one.batch)

    async def _redo(self, batch: BatchId) -> None:
        stopping = tr("Stopping leaves the rest undone; redo again to go on.")
        with LongWork(self, tr("Redoing"), stopping) as work:
            redone = await self._session.importing.past.redo(batch, work.heard)
        self._told(redone.told(number), batch)

    def _told(self, words: str, batch: BatchId) -> None:
        self._notices.show_message(words.removesuffix("."))
        if isValid(self):
            self._latest.run(self._load(batch))

    def _failed_at(self, batch: BatchId, error: HiveError) -> None:
        """Show what went wrong, and how far the import is: a part of it may be done."""
        self._failed(error)
        if isValid(self):
            self._latest.run(self._load(batch))

    def _failed(self, error: HiveError) -> None:
        if isValid(self):
            self.error.show_error(error)
