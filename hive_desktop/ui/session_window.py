"""The window of an open vault: shell, pages, shortcuts, idle lock. Lives as long as its session."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QLineEdit, QMainWindow

from hive_desktop.services.settings import AUTOLOCK_MINUTES, THEME
from hive_desktop.ui.ai_approval import Approvals
from hive_desktop.ui.ai_panel import AiPanel
from hive_desktop.ui.autolock import AutoLock
from hive_desktop.ui.edits import Edits
from hive_desktop.ui.kit import aio, icons
from hive_desktop.ui.kit.shortcuts import bind
from hive_desktop.ui.kit.theme import Mode
from hive_desktop.ui.kit.toasts import Toast
from hive_desktop.ui.page import PageContext, PageName
from hive_desktop.ui.shell import Shell, Sidebar, TopBar
from hive_desktop.ui.sync_panel import SyncPanel
from hive_desktop.ui.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QCloseEvent, QShowEvent

    from hive_desktop.domain.days import Span
    from hive_desktop.domain.ledger import ItemId, TransactionId, TransactionQuery, TransactionRow
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.lifecycle import AppLifecycle
    from hive_desktop.services.session import VaultSession
    from hive_desktop.ui.kit.theme import ThemeManager
    from hive_desktop.ui.page import Page

# Pages are imported when they are first visited: the first paint waits for none but its own.
_PAGES = {
    PageName.OVERVIEW: ("hive_desktop.ui.pages.overview.page", "OverviewPage"),
    PageName.TRANSACTIONS: ("hive_desktop.ui.pages.transactions.page", "TransactionsPage"),
    PageName.REVIEW: ("hive_desktop.ui.pages.review.page", "ReviewPage"),
    PageName.RULES: ("hive_desktop.ui.pages.rules.page", "RulesPage"),
    PageName.ACCOUNTS: ("hive_desktop.ui.pages.accounts.page", "AccountsPage"),
    PageName.SETTINGS: ("hive_desktop.ui.pages.settings.page", "SettingsPage"),
    PageName.EGRESS: ("hive_desktop.ui.pages.egress.page", "EgressPage"),
}
_SMALLEST = (980, 640)


class SessionWindow(QMainWindow):
    """Shows one session.

    Args:
        session: the open vault's services.
        lifecycle: the program's states; None where only the pages are wanted.
        themes: who applies colours.
        lock: called when the person, or the idle clock, wants the vault locked.
        quit_program: called when the window is closed.
        mark: hears the moments that start benchmarks look for.
        program: owns tasks that outlive the session.
    """

    def __init__(  # noqa: PLR0913 - what a window is wired to, each by its name
        self,
        session: VaultSession,
        lifecycle: AppLifecycle | None,
        themes: ThemeManager,
        *,
        lock: Callable[[], None],
        quit_program: Callable[[], None],
        mark: Callable[[str], None],
        program: aio.Scope | None = None,
    ) -> None:
        super().__init__()
        self._session = session
        self._lifecycle = lifecycle
        self._themes = themes
        self._quit = quit_program
        self._mark = mark
        self._is_shut = False
        self._pages: dict[PageName, Page] = {}
        self._current = PageName.OVERVIEW
        self.setWindowTitle("Hive \N{EN DASH} Demo" if session.is_demo else "Hive")
        self.setWindowIcon(QIcon(icons.pixmap("hive", "#000000", 64)))
        self.setMinimumSize(*_SMALLEST)
        self.resize(1280, 800)
        self.toast = Toast(self)
        self._scope = aio.ChildScope(session.scope)
        self.edits = Edits(self, session, self._scope, self.toast, self.report, self.always)
        self.sync_panel = SyncPanel(session, self._scope, self.toast, self)
        self._context = PageContext(
            session=session,
            lifecycle=lifecycle,
            scope=self._scope,
            program=program or session.scope,
            notices=self.toast,
            edits=self.edits,
            go=self,
            mark=self._moment,
        )
        self.ai_panel = AiPanel(session, self._scope, self.toast, self)
        self.approvals = Approvals(self, session)
        sidebar = Sidebar(
            self.ai_panel,
            self.sync_panel,
            is_demo=session.is_demo,
            chosen=self.show_page,
            lock=lock,
        )
        self.shell = Shell(sidebar, TopBar(self._searched, self.sync))
        self.setCentralWidget(self.shell)
        self.autolock = AutoLock(cast("QGuiApplication", QGuiApplication.instance()), lock, self)
        self.watch = Watch(
            session,
            self._scope,
            self.toast,
            show_page=self.show_page,
            show_count=lambda count: sidebar.show_count(PageName.REVIEW, count),
            on_error=self.report,
        )
        self._shortcuts(lock)
        self._spawn(self._read_settings(), "window-settings")

    def show_page(self, name: PageName) -> None:
        """Show a page, building it on the first visit."""
        page = self.page(name)
        self._current = name
        self.shell.show_page(name, page)
        page.activate()

    def page(self, name: PageName) -> Page:
        """Return a page, built when it is not there yet."""
        if name not in self._pages:
            module, klass = _PAGES[name]
            make = getattr(importlib.import_module(module), klass)
            self._pages[name] = make(self._context)
        return self._pages[name]

    def current_page(self) -> Page:
        """Return the page that is shown."""
        return self.page(self._current)

    def show_transactions(self, query: TransactionQuery) -> None:
        """Show exactly the rows of a query."""
        page = self.page(PageName.TRANSACTIONS)
        page.show_query(query)  # type: ignore[attr-defined]
        self.shell.topbar.show_search(query.text)
        self.show_page(PageName.TRANSACTIONS)

    def show_row(self, row: TransactionRow) -> None:
        """Show one row among those of its day and account."""
        page = self.page(PageName.TRANSACTIONS)
        page.show_row(row)  # type: ignore[attr-defined]
        self.shell.topbar.show_search("")
        self.show_page(PageName.TRANSACTIONS)

    def show_history(self, item_id: ItemId | None = None) -> None:
        """Show what syncs did."""
        self.page(PageName.ACCOUNTS).show_history(item_id)  # type: ignore[attr-defined]
        self.show_page(PageName.ACCOUNTS)

    def explain(self, transaction_id: TransactionId) -> None:
        """Show why a row is as it is."""
        from hive_desktop.ui.why import show_why  # noqa: PLC0415 - as the pages

        work = show_why(self, self._session, self._scope, self.toast, transaction_id)
        self._spawn(work, "why")

    def always(self, transaction_id: TransactionId) -> None:
        """Offer the rule that puts a row's merchant into its category from now on."""
        from hive_desktop.ui.always import show_always  # noqa: PLC0415 - as the pages

        work = show_always(self, self._session, self._scope, self.edits, transaction_id)
        self._spawn(work, "always")

    def sync(self, items: Sequence[ItemId] | None = None, span: Span | None = None) -> None:
        """Start a sync."""
        self.sync_panel.start(items, span)

    def set_theme(self, mode: Mode) -> None:
        """Show other colours and remember them in the vault."""
        self._themes.apply(mode)
        self._spawn(self._session.settings.put(THEME, mode.value), "keep-theme")

    def set_autolock(self, minutes: int) -> None:
        """Lock after idle minutes and remember it in the vault."""
        self.autolock.set_minutes(minutes)
        self._spawn(self._session.settings.put(AUTOLOCK_MINUTES, str(minutes)), "keep-autolock")

    def _moment(self, moment: str) -> None:
        self._mark(moment)
        if moment == "cards":
            self.watch.begin()

    def report(self, error: HiveError) -> None:
        """Show an error that no page has a place for."""
        title, message, hint = error.rendered()
        self.toast.show_message(f"{title}. {message} {hint}")

    def shut(self) -> None:
        """Close for good: the session is ending."""
        if self._is_shut:
            return
        self._is_shut = True
        self.watch.shut()
        self.autolock.stop()
        self.approvals.shut()
        self.ai_panel.shut()
        self.sync_panel.shut()
        for page in self._pages.values():
            page.shut()
        self._scope.cancel()
        self.close()
        self.deleteLater()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing the window ends the program, unless it closes because the vault locks."""
        super().closeEvent(event)
        if not self._is_shut:
            self._quit()

    def showEvent(self, event: QShowEvent) -> None:
        """Watch this window's input for the idle lock."""
        super().showEvent(event)
        self.autolock.watch(self.windowHandle())

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "shell"):
            self.shell.topbar.retint()

    def focus_search(self) -> None:
        """Jump to the transactions and put the cursor into the search field."""
        self.show_page(PageName.TRANSACTIONS)
        self.shell.topbar.search.setFocus()
        self.shell.topbar.search.selectAll()

    def _searched(self, text: str) -> None:
        self.page(PageName.TRANSACTIONS).set_text(text)  # type: ignore[attr-defined]
        if self._current is not PageName.TRANSACTIONS:
            self.show_page(PageName.TRANSACTIONS)
            self.shell.topbar.search.setFocus()

    def _shortcuts(self, lock: Callable[[], None]) -> None:
        wanted: dict[str, Callable[[], None]] = {
            "Ctrl+F": self.focus_search,
            "/": self.focus_search,
            "Ctrl+L": lock,
            "Ctrl+Z": self._undo,
            "F5": self.sync,
            "Ctrl+R": self.sync,
            "Ctrl+Q": self._quit,
        }
        for index, name in enumerate(PageName, start=1):
            wanted[f"Ctrl+{index}"] = lambda name=name: self.show_page(name)  # type: ignore[misc]
        bind(self, wanted)

    def _undo(self) -> None:
        focus = self.focusWidget()
        if isinstance(focus, QLineEdit) and focus.isUndoAvailable():
            focus.undo()
        else:
            self.edits.undo()

    async def _read_settings(self) -> None:
        if self._lifecycle is not None:
            mode = await self._session.settings.get(THEME, "")
            if mode in set(Mode) and Mode(mode) is not self._themes.mode:
                self._themes.apply(Mode(mode))
        minutes = await self._session.settings.get(AUTOLOCK_MINUTES, "")
        if minutes.isdigit():
            self.autolock.set_minutes(int(minutes))

    def _spawn(self, work: aio.Work, name: str) -> None:
        aio.spawn(self._scope, work, on_error=self.report, name=name)
