"""What every page is, and what it gets: the contract between the shell and the pages.

Pages know this and `ui.kit`; they never know the shell or each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Protocol

from PySide6.QtWidgets import QWidget

from hive_desktop.ui.kit.bus_bridge import BusBridge
from hive_desktop.ui.kit.money import CHANGED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QHeaderView

    from hive_desktop.domain.days import Span
    from hive_desktop.domain.ledger import (
        AccountId,
        BatchId,
        CategoryId,
        ItemId,
        TransactionId,
        TransactionQuery,
        TransactionRow,
    )
    from hive_desktop.domain.row_edits import RowEdit
    from hive_desktop.domain.rules import Rule
    from hive_desktop.domain.splits import Part
    from hive_desktop.ports.desktop import StartAtLogin
    from hive_desktop.services.chat_about import PageContext as About
    from hive_desktop.services.lifecycle import AppLifecycle
    from hive_desktop.services.row_slices import Rows
    from hive_desktop.services.rules import Applying
    from hive_desktop.services.session import VaultSession
    from hive_desktop.ui.commands import Command
    from hive_desktop.ui.kit.aio import Scope, Work
    from hive_desktop.ui.kit.theme import Mode


class PageName(StrEnum):
    """The pages of the shell, in the order of the sidebar; the last are reached from Settings."""

    OVERVIEW = "overview"
    TRANSACTIONS = "transactions"
    REVIEW = "review"
    RULES = "rules"
    CATEGORIES = "categories"
    ACCOUNTS = "accounts"
    CHAT = "chat"
    SETTINGS = "settings"
    EGRESS = "egress"
    SETUP = "setup"


class Notices(Protocol):
    """Where a page says something in passing."""

    def show_message(
        self,
        text: str,
        action: str = "",
        callback: Callable[[], None] | None = None,
        *,
        also: tuple[str, Callable[[], None]] | None = None,
    ) -> None:
        """Show a message, with a button when an action is named, and one more for `also`."""
        ...


class LedgerEdits(Protocol):
    """A person's edits, each undoable from its toast."""

    def set_category(self, rows: Rows, category_id: CategoryId | None) -> None:
        """Put rows into a category."""
        ...

    def edit(self, rows: Rows, told: RowEdit, words: Callable[[int], str]) -> None:
        """Write what is told on rows; `words` tells in a sentence of how many rows it was done."""
        ...

    def delete(self, rows: Rows) -> None:
        """Take rows out of the ledger; they can be restored."""
        ...

    def restore(self, ids: Sequence[TransactionId]) -> None:
        """Bring deleted rows back."""
        ...

    async def split(self, row_id: TransactionId, parts: Sequence[Part]) -> None:
        """Divide a row into parts; raises UsageError where they do not add up to it."""
        ...

    def join(self, row_id: TransactionId) -> None:
        """Make the parts of a row one again; any of them names it."""
        ...

    def undo(self) -> None:
        """Undo the newest change, whether it is an edit or a page's own work."""
        ...

    def redo(self) -> None:
        """Do again what was undone last."""
        ...

    async def offer(
        self,
        text: str,
        undo: Callable[[], Work],
        *,
        also: tuple[str, Callable[[], None]] | None = None,
    ) -> None:
        """Tell of a change that a page has just made, and remember the work that undoes it."""
        ...

    async def offer_rule(
        self,
        text: str,
        rule: Rule,
        before: Rule | None,
        batch: BatchId | None,
        *,
        also: tuple[str, Callable[[], None]] | None = None,
    ) -> None:
        """Tell of a rule made, or changed from `before`; undoing takes back `batch` too."""
        ...

    async def apply_rule(self, rule: Rule) -> Applying:
        """Apply a rule to the past, with a dialog if it takes long; stopping leaves a part."""
        ...

    async def undo_batch(self, batch: BatchId | None = None) -> str:
        """Undo a batch of edits, or the newest; returns in a sentence what became of it."""
        ...


class HandWork(Protocol):
    """Accounts that no bank tells of, and their rows; each change undoable from its toast."""

    def add_account(self) -> None:
        """Ask for an account that is kept by hand."""
        ...

    def add_row(self, account_id: AccountId | None = None) -> None:
        """Ask for a row of an account that is kept by hand."""
        ...

    def change_row(self, transaction_id: TransactionId) -> None:
        """Ask for another day, amount or name of a row that the person wrote."""
        ...

    def say_balance(self, account_id: AccountId) -> None:
        """Ask what an account that is kept by hand holds."""
        ...

    def delete_account(self, account_id: AccountId) -> None:
        """Take an account that is kept by hand away, after a question."""
        ...


class Navigator(Protocol):
    """Ways that lead from one page to another."""

    @property
    def commands(self) -> Sequence[Command]:
        """Return all that the window can do."""
        ...

    @property
    def can_open_demo(self) -> bool:
        """Tell whether the demo can take this vault's place."""
        ...

    def open_demo(self) -> None:
        """Lock this vault and open the demo."""
        ...

    def show_page(self, name: PageName) -> None:
        """Show a page."""
        ...

    def show_transactions(self, query: TransactionQuery) -> None:
        """Show exactly the rows of a query."""
        ...

    def ask(self, text: str) -> None:
        """Ask a question in a new conversation."""
        ...

    def show_row(self, row: TransactionRow) -> None:
        """Show one row among those of its day and account."""
        ...

    def show_history(self, item_id: ItemId | None = None) -> None:
        """Show what syncs did, of all banks or of one."""
        ...

    def explain(self, transaction_id: TransactionId) -> None:
        """Show why a row is as it is."""
        ...

    @property
    def by_hand(self) -> HandWork:
        """Return what is done with accounts and rows that the person keeps by hand."""
        ...

    def import_files(self) -> None:
        """Ask which files are to be imported."""
        ...

    def show_imports(self) -> None:
        """Show what was imported, to be undone."""
        ...

    def export_files(self) -> None:
        """Show what files the ledger can be written into."""
        ...

    def always(self, transaction_id: TransactionId) -> None:
        """Offer the rule that puts a row's merchant into its category from now on."""
        ...

    def sync(self, items: Sequence[ItemId] | None = None, span: Span | None = None) -> None:
        """Start a sync of all banks or of some: what is new, or a time frame again."""
        ...

    def set_theme(self, mode: Mode) -> None:
        """Show other colours and remember them."""
        ...

    def set_language(self, choice: str) -> None:
        """Speak a language (`system`, or one of `i18n.languages()`), and remember it."""
        ...

    def set_hidden(self, *, hidden: bool) -> None:
        """Hide all amounts or show them again, and remember it."""
        ...

    def set_autolock(self, minutes: int) -> None:
        """Lock after so many idle minutes, 0 for never, and remember it."""
        ...


@dataclass(frozen=True, slots=True)
class PageContext:
    """What a page is given.

    Args:
        lifecycle: None where a page is shown without a program around it (pictures).
        scope: owns the page's tasks; ends with the window.
        program: owns what must go on when the session ends, such as encrypting it anew.
        mark: called with the name of a moment that start benchmarks look for.
        follow_columns: gives a table of a name its columns' widths again, and remembers them.
        start_at_login: the desktop's list of what it starts; None where there is none.
    """

    session: VaultSession
    lifecycle: AppLifecycle | None
    scope: Scope
    program: Scope
    notices: Notices
    edits: LedgerEdits
    go: Navigator
    mark: Callable[[str], None]
    follow_columns: Callable[[str, QHeaderView], None]
    start_at_login: StartAtLogin | None = None


class Page(QWidget):
    """A page: built when first visited, loads by itself, closed with its session.

    Attributes:
        keys: shortcuts of the page, several with spaces between them, and what they do.
    """

    keys: ClassVar[tuple[tuple[str, str], ...]] = ()

    def __init__(self, context: PageContext, title: str) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAccessibleName(title)
        self.title = title
        self.context = context
        self.bridge = BusBridge(context.session.bus, self)
        self.is_shut = False

    def tools(self) -> list[QWidget]:
        """Return widgets of this page that stand in the shell's top bar."""
        return []

    def asked_about(self) -> About | None:
        """Return what is shown, for a question about it; None where nothing narrows it."""
        return None

    def ask_export(self) -> None:
        """Ask where what is shown is written; a page without rows shows what else can be."""
        self.context.go.export_files()

    def activate(self) -> None:
        """Take the focus; the page has become the visible one."""
        self.setFocus()

    def place(self) -> str:
        """Return what of the page is shown, for `come_back`; empty where it has no places."""
        return ""

    def come_back(self, place: str) -> None:
        """Show a place that the page had before the window was made anew."""

    async def settled(self) -> None:
        """Wait until all that was asked for is loaded and painted."""

    def event(self, event: QEvent) -> bool:
        """Fetch again what is shown when amounts are hidden or shown again."""
        if event.type() == CHANGED and not self.is_shut:
            self.bridge.refetch()
        return super().event(event)

    def shut(self) -> None:
        """End subscriptions; the window ends the tasks."""
        self.is_shut = True
        self.bridge.close()
