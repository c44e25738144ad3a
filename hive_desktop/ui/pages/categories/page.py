"""The Categories page: names, colours, order, archived ones, and merging one into another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog

from hive_desktop.domain.categories import category_title
from hive_desktop.domain.changes import Kind
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.i18n import mark, tr
from hive_desktop.ports.account_store import CategoryChange
from hive_desktop.ui.card_page import DOWN, UP, CardPage, Cards
from hive_desktop.ui.exporting.rows import RowExport
from hive_desktop.ui.kept_changes import KeptChanges
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.long_work import LongWork
from hive_desktop.ui.kit.states import EmptyState
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, clear, column, label, on_click
from hive_desktop.ui.pages.categories import words
from hive_desktop.ui.pages.categories.cards import CategoryCard
from hive_desktop.ui.pages.categories.dialogs import CategoryDialog, MergeDialog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from hive_desktop.domain.ledger import Category, CategoryId
    from hive_desktop.services.categories import Tally
    from hive_desktop.ui.page import PageContext
    from hive_desktop.ui.pages.categories.dialogs import Wanted

_STOPPING = mark("Stopping leaves both categories, with the transactions that moved by then.")


class CategoriesPage(CardPage):
    """Every change here can be undone."""

    keys = (
        ("Up Down", mark("Previous and next category")),
        ("Alt+Up Alt+Down", mark("Move the category up or down")),
        ("Return", mark("Change the category")),
        ("M", mark("Merge the category into another")),
        ("N", mark("Add a category")),
    )

    def __init__(self, context: PageContext) -> None:
        cards = Cards(
            load=self._load,
            stops=lambda: self.cards,
            empty=EmptyState(
                "folder",
                tr("No categories"),
                tr("Transactions are sorted into categories."),
                tr("Add a category"),
                self.add,
            ),
            keys={"N": self.add},
            hint=tr(
                "{up} {down} walk  ·  Alt {up} {down} move  ·  Enter edits  ·  M merges",
                up=UP,
                down=DOWN,
            ),
        )
        super().__init__(context, tr("Categories"), cards)
        self._told = KeptChanges(context, self._spawn)
        self.cards: list[CategoryCard] = []
        self._export = RowExport(
            self, self._rows_at_hand, self._failed, tr("Export the transactions of the category")
        )
        self._new = Button(tr("New category"), "primary", "plus", name=tr("New category (N)"))
        on_click(self._new, self.add)
        self._list = column(gap=Space.S)
        self._archived_title = label(tr("Archived"), Type.STRONG)
        self._archived_hint = label(
            tr("Not offered any more. Their transactions keep them."), Type.SMALL, "muted"
        )
        for each in (self._archived_title, self._archived_hint):
            each.hide()
        self._archived = column(gap=Space.S)
        layout = self._cards_layout
        layout.addLayout(self._head())
        layout.addLayout(self._list)
        layout.addSpacing(Space.S)
        layout.addWidget(self._archived_title)
        layout.addWidget(self._archived_hint)
        layout.addLayout(self._archived)
        layout.addStretch(1)
        self._begin(Kind.CATEGORIES, Kind.TRANSACTIONS)

    def tools(self) -> list[QWidget]:
        """Return the button that adds a category."""
        return [self._new]

    def ask_export(self) -> None:
        """Ask where the rows of the category that has the focus are written."""
        self._export.ask()

    def add(self) -> None:
        """Add a category."""
        self._spawn(self._edit(None), "new-category")

    def edit(self, category: Category) -> None:
        """Edit a category."""
        self._spawn(self._edit(category), "edit-category")

    def merge(self, tally: Tally) -> None:
        """Ask into which category it goes, and merge it."""
        self._spawn(self._merge(tally), "merge-category")

    def archive(self, category: Category) -> None:
        """Archive a category, or offer it again."""
        self._spawn(self._archive(category), "archive-category")

    def shift(self, category: Category, step: int) -> None:
        """Let a category stand further up or down."""
        order = [card.category.id for card in self.cards if not card.category.is_archived]
        place = order.index(category.id)
        to = place + step
        if 0 <= to < len(order):
            order.insert(to, order.pop(place))
            self._spawn(self._order(order), "order-categories")

    async def _load(self) -> None:
        tallies = await self.context.session.categories.tallies()
        self.error.hide()
        at = self._current()
        focused = self.cards[at].category.id if at >= 0 else None
        self._show_cards(tallies)
        self.stack.show_one("cards" if tallies else "empty")
        if at >= 0 or self.hasFocus():
            ids = [card.category.id for card in self.cards]
            self._focus(ids.index(focused) if focused in ids else max(at, 0))

    def _show_cards(self, tallies: Sequence[Tally]) -> None:
        clear(self._list)
        clear(self._archived)
        self.cards = []
        active = [each for each in tallies if not each.category.is_archived]
        archived = [each for each in tallies if each.category.is_archived]
        for layout, group in ((self._list, active), (self._archived, archived)):
            for place, tally in enumerate(group):
                card = self._card(tally, place, len(group))
                layout.addWidget(card)
                self.cards.append(card)
        for each in (self._archived_title, self._archived_hint):
            each.setVisible(bool(archived))
        self._show_count(words.summary(len(active), len(archived)), has_any=bool(tallies))

    def _card(self, tally: Tally, place: int, count: int) -> CategoryCard:
        category = tally.category
        card = CategoryCard(category, tally.rows, place, count)
        card.edit_wanted.connect(lambda: self.edit(category))
        card.merge_wanted.connect(lambda: self.merge(tally))
        card.archive_wanted.connect(lambda: self.archive(category))
        card.rows_wanted.connect(lambda: self.context.go.show_transactions(_rows_of(category)))
        card.export_wanted.connect(lambda: self._ask_for(category))
        card.moved.connect(lambda step: self.shift(category, step))
        return card

    def _ask_for(self, category: Category) -> None:
        name = category_title(category)
        title = tr("Export the transactions of {category}", category=name)
        self._export.ask_for(_rows_of(category), title)

    def _rows_at_hand(self) -> TransactionQuery | None:
        at = self._current()
        if at < 0 or not self.cards[at].rows:
            return None
        return _rows_of(self.cards[at].category)

    async def _edit(self, known: Category | None) -> None:
        service = self.context.session.categories
        has_rows = known is not None and await service.has_rows(known.id)

        async def keep(wanted: Wanted) -> None:
            if known is None:
                added = await service.add(wanted.name, wanted.kind, wanted.color, wanted.icon)
                await self._told.told(tr("The category is added"), added.batch)
                return
            kind = wanted.kind if wanted.kind is not known.kind else None
            name = category_title(known)
            change = CategoryChange(
                # A default name that stays as it is shown is not the person's own.
                name=None if wanted.name.strip() == name else wanted.name,
                color=wanted.color,
                icon=wanted.icon,
                kind=kind,
            )
            batch = await service.change(known.id, change)
            await self._told.told(tr("{category} is changed", category=name), batch)

        dialog = CategoryDialog(self, self.context.scope, known, has_rows=has_rows, keep=keep)
        await aio.finished(dialog)

    async def _merge(self, tally: Tally) -> None:
        gone = tally.category
        others = [
            card.category
            for card in self.cards
            if card.category.id != gone.id
            and card.category.kind is gone.kind
            and not card.category.is_archived
        ]
        dialog = MergeDialog(self, gone, tally.rows, others)
        if await aio.finished(dialog) != QDialog.DialogCode.Accepted or dialog.into is None:
            return
        into = dialog.into
        title = tr("Merging {category}", category=category_title(gone))
        with LongWork(self, title, tr(_STOPPING)) as work:
            merged = await self.context.session.categories.merge(
                gone.id, into.id, lambda state: work.heard(state.done, state.total)
            )
        name, other = category_title(gone), category_title(into)
        text = tr("{category} is merged into {other}", category=name, other=other)
        if not merged.is_over:
            text = tr(
                "{transactions} moved from {category} to {other}",
                transactions=words.rows(merged.done),
                category=name,
                other=other,
            )
        await self._told.told(text, merged.batch)

    async def _archive(self, category: Category) -> None:
        change = CategoryChange(is_archived=not category.is_archived)
        batch = await self.context.session.categories.change(category.id, change)
        name = category_title(category)
        text = (
            tr("{category} is offered again", category=name)
            if category.is_archived
            else tr("{category} is archived; its transactions keep it", category=name)
        )
        await self._told.told(text, batch)

    async def _order(self, order: Sequence[CategoryId]) -> None:
        batch = await self.context.session.categories.order(order)
        await self._told.told(tr("The order is changed"), batch)


def _rows_of(category: Category) -> TransactionQuery:
    """Return what gives the rows that a card counts."""
    return TransactionQuery(categories=(category.id,), hidden=False)
