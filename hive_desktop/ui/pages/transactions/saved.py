"""The menu of saved filters: apply one, keep what is shown, rename, delete."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QLineEdit, QMenu

from hive_desktop.domain.changes import Kind
from hive_desktop.i18n import tr
from hive_desktop.ui.kit import aio, theme
from hive_desktop.ui.kit.dialog import Dialog
from hive_desktop.ui.kit.direction import open_menu
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, on_click, plain
from hive_desktop.ui.pages.transactions import presenter

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from hive_desktop.domain.ledger import TransactionQuery
    from hive_desktop.domain.saved_filters import SavedFilter
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ui.page import Page


class NameDialog(Dialog):
    """Asks for the name of a filter."""

    def __init__(self, parent: QWidget, title: str, name: str, action: str) -> None:
        super().__init__(parent, title, tr("It keeps the filters and the words searched for."))
        self.field = QLineEdit(name)
        self.field.setAccessibleName(tr("Name"))
        self.field.setPlaceholderText(tr("Name, such as Groceries this year"))
        self.field.selectAll()
        self.body.addWidget(self.field)
        self.add_button(tr("Cancel"), "secondary", self.reject)
        self.save = self.add_button(action, "primary", self.accept)
        self.save.setDefault(True)
        self.save.setEnabled(bool(name.strip()))
        self.field.textChanged.connect(lambda text: self.save.setEnabled(bool(text.strip())))
        self.field.setFocus()


class SavedMenu(QObject):
    """Shows saved filters under a button.

    Args:
        page: owns menu and dialogs.
        query: gives what is shown.
        apply: shows another query.
        on_error: hears what goes wrong.
    """

    def __init__(
        self,
        page: Page,
        *,
        query: Callable[[], TransactionQuery],
        apply: Callable[[TransactionQuery], None],
        on_error: Callable[[HiveError], None],
    ) -> None:
        super().__init__(page)
        self._page = page
        self._query = query
        self._apply = apply
        self._on_error = on_error
        self._filters = page.context.session.ledger.saved
        self.known: list[SavedFilter] = []
        self._latest = aio.Latest(page.context.scope, on_error, "saved-filters")
        self.button = Button(tr("Saved"), "chip", "folder", name=tr("Saved filters"))
        on_click(self.button, self.open)
        self.menu = QMenu(page)
        self.menu.setFont(theme.font(Type.BODY))
        self.menu.setAccessibleName(tr("Saved filters"))
        page.bridge.on_changes(self.load, Kind.SETTINGS)

    def load(self) -> None:
        """Read the names."""
        self._latest.run(self._load())

    async def settled(self) -> None:
        """Wait until the names are known."""
        await self._latest.settled()

    def open(self) -> None:
        """Show the menu."""
        self.fill()
        open_menu(self.menu, self.button, Space.XS)

    def fill(self) -> None:
        """Make the menu's lines of what is known."""
        self.menu.clear()
        for one in self.known:
            action = self.menu.addAction(plain(one.name))
            action.triggered.connect(partial(self._chosen, one))
        if self.known:
            self.menu.addSeparator()
        keep = self.menu.addAction(tr("Save this filter\N{HORIZONTAL ELLIPSIS}"))
        keep.triggered.connect(lambda _=False: self._spawn(self._save()))
        keep.setEnabled(presenter.is_filtered(self._query()) and not self._query().ids)
        for title, work in ((tr("Rename"), self._rename), (tr("Delete"), self._delete)):
            inner = self.menu.addMenu(title)
            inner.setFont(theme.font(Type.BODY))
            inner.setEnabled(bool(self.known))
            for one in self.known:
                action = inner.addAction(plain(one.name))
                action.triggered.connect(lambda _=False, one=one, work=work: self._spawn(work(one)))

    def _chosen(self, one: SavedFilter, _checked: object = None) -> None:
        self._apply(one.query)

    async def _load(self) -> None:
        self.known = await self._filters.all()

    async def _save(self) -> None:
        query = self._query()
        name = await self._asked(tr("Save this filter"), "", tr("Save"))
        if name is not None:
            kept = await self._filters.save(name, query)
            self._page.context.notices.show_message(tr("Saved as {name}", name=kept.name))

    async def _rename(self, one: SavedFilter) -> None:
        name = await self._asked(tr("Rename the filter"), one.name, tr("Rename"))
        if name is not None:
            await self._filters.rename(one.id, name)

    async def _delete(self, one: SavedFilter) -> None:
        await self._filters.remove(one.id)
        notices = self._page.context.notices
        notices.show_message(
            tr("The filter {name} is deleted", name=one.name),
            tr("Undo"),
            lambda: self._spawn(self._keep_again(one)),
        )

    async def _keep_again(self, one: SavedFilter) -> None:
        await self._filters.save(one.name, one.query)

    async def _asked(self, title: str, name: str, action: str) -> str | None:
        dialog = NameDialog(self._page, title, name, action)
        result = await aio.finished(dialog)
        return dialog.field.text() if result == QDialog.DialogCode.Accepted else None

    def _spawn(self, work: aio.Work) -> None:
        aio.spawn(self._page.context.scope, work, on_error=self._on_error, name="saved-filter")
