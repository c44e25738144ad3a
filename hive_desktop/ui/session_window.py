"""The window of an open vault: shell, pages, shortcuts, idle lock. Lives as long as its session."""

from __future__ import annotations

import importlib
from functools import cached_property
from typing import TYPE_CHECKING, cast

from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QLineEdit, QMainWindow, QPlainTextEdit

from hive_desktop.i18n import tr
from hive_desktop.ports.errors import VaultDamagedError
from hive_desktop.services.settings import (
    AUTOLOCK_MINUTES,
    HIDE_AMOUNTS,
    HIDE_AT_START,
    LANGUAGE,
    THEME,
)
from hive_desktop.ui.ai_approval import Approvals
from hive_desktop.ui.ai_panel import AiPanel
from hive_desktop.ui.autolock import AutoLock
from hive_desktop.ui.commands import bind_all
from hive_desktop.ui.completions import SearchCompletions
from hive_desktop.ui.edits import Edits
from hive_desktop.ui.kit import aio, icons, money
from hive_desktop.ui.kit.theme import Mode
from hive_desktop.ui.kit.toasts import Toast
from hive_desktop.ui.page import PageContext, PageName
from hive_desktop.ui.shell import Shell, Sidebar, TopBar
from hive_desktop.ui.sync_panel import SyncPanel
from hive_desktop.ui.watch import Watch
from hive_desktop.ui.window_commands import commands_of
from hive_desktop.ui.window_state import WindowState

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import (
        QCloseEvent,
        QDragEnterEvent,
        QMoveEvent,
        QResizeEvent,
        QShowEvent,
        QTextDocument,
    )
    from PySide6.QtWidgets import QDialog, QWidget

    from hive_desktop.domain.days import Span
    from hive_desktop.domain.ledger import ItemId, TransactionId, TransactionQuery, TransactionRow
    from hive_desktop.ports.desktop import StartAtLogin
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.lifecycle import AppLifecycle
    from hive_desktop.services.session import VaultSession
    from hive_desktop.ui.by_hand import ByHand
    from hive_desktop.ui.crash_banner import CrashBanner
    from hive_desktop.ui.importing.flow import FileImports
    from hive_desktop.ui.kit.theme import ThemeManager
    from hive_desktop.ui.page import Page
    from hive_desktop.ui.palette import Palette

# Pages are imported when they are first visited: the first paint waits for none but its own.
_PAGES = {
    PageName.OVERVIEW: ("hive_desktop.ui.pages.overview.page", "OverviewPage"),
    PageName.TRANSACTIONS: ("hive_desktop.ui.pages.transactions.page", "TransactionsPage"),
    PageName.REVIEW: ("hive_desktop.ui.pages.review.page", "ReviewPage"),
    PageName.RULES: ("hive_desktop.ui.pages.rules.page", "RulesPage"),
    PageName.CATEGORIES: ("hive_desktop.ui.pages.categories.page", "CategoriesPage"),
    PageName.ACCOUNTS: ("hive_desktop.ui.pages.accounts.page", "AccountsPage"),
    PageName.CHAT: ("hive_desktop.ui.pages.chat.page", "ChatPage"),
    PageName.SETTINGS: ("hive_desktop.ui.pages.settings.page", "SettingsPage"),
    PageName.EGRESS: ("hive_desktop.ui.pages.egress.page", "EgressPage"),
    PageName.SETUP: ("hive_desktop.ui.pages.setup.page", "SetupPage"),
}
_SMALLEST = (980, 640)
# Work that a window made anew would end before its time, by the names of its tasks.
_LASTING = frozenset(
    {
        *("link", "setup-connect", "disconnect", "remove-history", "compact"),
        *("write-rows", "export-egress", "forget-egress", "chat-reply", "proposal"),
        *("set-category", "edit", "delete", "restore", "undo", "redo"),
        *("apply-rule", "always", "keep-rule"),
    }
)


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
        demo: called when the demo is wanted in this vault's place; None where it cannot be.
        restore: called when a backup is wanted in its place; None where none can be.
        speak: called after another language was kept: the window is made anew in it.
        keep_look: called after another theme or language was chosen.
        kept: tells, when the window is closed, whether the program stays without it.
        start_at_login: the desktop's list of what it starts; None where there is none.
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
        demo: Callable[[], None] | None = None,
        restore: Callable[[], None] | None = None,
        speak: Callable[[], None] | None = None,
        keep_look: Callable[[], None] | None = None,
        kept: Callable[[QWidget], bool] = lambda _window: False,
        start_at_login: StartAtLogin | None = None,
    ) -> None:
        super().__init__()
        self._session = session
        self._lifecycle = lifecycle
        self._themes = themes
        self._quit = quit_program
        self._demo = demo
        self.offer_restore = restore
        self._speak = speak
        self._keep_look = keep_look or (lambda: None)
        self._kept = kept
        self._mark = mark
        self._is_shut = False
        self._pages: dict[PageName, Page] = {}
        self._current = PageName.OVERVIEW
        self.setWindowTitle(tr("Hive \N{EN DASH} Demo") if session.is_demo else "Hive")
        self.setWindowIcon(QIcon(icons.pixmap("hive", "#000000", 64)))
        self.setMinimumSize(*_SMALLEST)
        self.resize(1280, 800)
        self.toast = Toast(self)
        self._scope = aio.ChildScope(session.scope)
        self.state = WindowState(self, session.settings, self._spawn)
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
            follow_columns=self.state.follow_columns,
            start_at_login=start_at_login,
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
        self.completions = SearchCompletions(session, self._scope, self)
        topbar = TopBar(self._searched, self.sync, self.toggle_hidden, self.completions)
        topbar.search.left.connect(self._to_rows)
        self.completions.known = topbar.search.suggest_again
        self.shell = Shell(sidebar, topbar)
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
        self.commands = commands_of(self, lock, quit_program, has_setup=not session.is_demo)
        bind_all(self, self.commands)
        self.command_palette: Palette | None = None
        self.crash_banner: CrashBanner | None = None
        self._take_settings()

    def show_page(self, name: PageName) -> None:
        """Show a page, building it on the first visit."""
        page = self.page(name)
        self._current = name
        self.shell.show_page(name, page)
        page.activate()
        if self._lifecycle is not None and name is not PageName.SETUP:
            self.state.note_page(name)

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

    @property
    def current_name(self) -> PageName:
        """Return the name of the page that is shown."""
        return self._current

    @property
    def can_open_demo(self) -> bool:
        """Tell whether the demo can take this vault's place."""
        return self._demo is not None

    def connect_bank(self) -> None:
        """Begin to connect a bank, where its wait is shown."""
        self.show_page(PageName.ACCOUNTS)
        self.page(PageName.ACCOUNTS).connect_bank()  # type: ignore[attr-defined]

    def open_demo(self) -> None:
        """Lock this vault and open the demo."""
        if self._demo is not None:
            self._demo()

    def show_transactions(self, query: TransactionQuery) -> None:
        """Show exactly the rows of a query."""
        page = self.page(PageName.TRANSACTIONS)
        page.show_query(query)  # type: ignore[attr-defined]
        self.shell.topbar.show_search(query.text)
        self.show_page(PageName.TRANSACTIONS)

    def ask(self, text: str) -> None:
        """Ask a question in a new conversation."""
        self.show_page(PageName.CHAT)
        self.page(PageName.CHAT).ask_anew(text)  # type: ignore[attr-defined]

    def ask_about(self) -> None:
        """Go to the chat, for a question about what is shown."""
        about = self.current_page().asked_about()
        self.show_page(PageName.CHAT)
        self.page(PageName.CHAT).prefill(about)  # type: ignore[attr-defined]

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

    @property
    def by_hand(self) -> ByHand:
        """Return what is done with accounts and rows that the person keeps by hand."""
        from hive_desktop.ui.by_hand import ByHand  # noqa: PLC0415 - as the pages

        return ByHand(self, self._session, self.edits, self.toast, self._spawn)

    @cached_property
    def imports(self) -> FileImports:
        """Return what imports files."""
        from hive_desktop.ui.importing.flow import FileImports  # noqa: PLC0415 - as the pages

        return FileImports(self, self._session, self.edits, self.toast, self._scope, self._spawn)

    def import_files(self) -> None:
        """Ask which files are to be imported."""
        self.imports.choose()

    def show_imports(self) -> None:
        """Show what was imported, to be undone."""
        self.imports.show_past()

    def export_files(self) -> None:
        """Show the part of Settings that writes files."""
        self.show_page(PageName.SETTINGS)
        self.current_page().show_exports()  # type: ignore[attr-defined]

    def export_shown(self) -> None:
        """Ask where what the page shows is written; where it shows no rows, show what can be."""
        self.current_page().ask_export()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Let files be dropped: what takes them is made with the first."""
        self.imports.eventFilter(self, event)

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
        self._spawn(self._put_look(THEME, mode.value), "keep-theme")

    def set_language(self, choice: str) -> None:
        """Remember a language in the vault, and let the window be made anew in it."""
        self._spawn(self._keep_language(choice), "keep-language")

    async def _put_look(self, key: str, value: str) -> None:
        await self._session.settings.put(key, value)
        self._keep_look()

    async def _keep_language(self, choice: str) -> None:
        await self._put_look(LANGUAGE, choice)
        if self.sync_panel.is_running() or self._scope.names() & _LASTING:
            self.toast.show_message(tr("The language changes when the window is opened again."))
        elif self._speak is not None:
            self._speak()

    def set_hidden(self, *, hidden: bool) -> None:
        """Hide all amounts or show them again, and remember it in the vault."""
        self._show_hidden(hidden=hidden)
        work = self._session.settings.put(HIDE_AMOUNTS, str(int(hidden)))
        self._spawn(work, "keep-hidden")

    def open_palette(self) -> None:
        """Offer all that can be done, and every place to go."""
        if self.command_palette is None:
            from hive_desktop.ui.palette import Palette  # noqa: PLC0415 - as the pages

            self.command_palette = Palette(self, self._session, self._scope, self)
        self.command_palette.open(self.commands)

    def show_shortcuts(self) -> None:
        """List all shortcuts."""
        from hive_desktop.ui.shortcut_sheet import ShortcutSheet  # noqa: PLC0415 - as the pages

        page = self.current_page()
        sheet = ShortcutSheet(self, self.commands, page.title, page.keys)
        self._spawn(_shown(sheet), "shortcuts")

    def set_autolock(self, minutes: int) -> None:
        """Lock after idle minutes and remember it in the vault."""
        self.autolock.set_minutes(minutes)
        self._spawn(self._session.settings.put(AUTOLOCK_MINUTES, str(minutes)), "keep-autolock")

    def _moment(self, moment: str) -> None:
        self._mark(moment)
        if moment == "cards":
            self.watch.begin()

    def tell_ended(self, names: Sequence[str], dealt_with: Callable[[], None]) -> None:
        """Tell that an earlier start ended in a fault, with the reports of it.

        Args:
            names: of the reports.
            dealt_with: called once the person knows.
        """
        from hive_desktop.ui.crash_banner import CrashBanner  # noqa: PLC0415 - as the pages

        self.crash_banner = CrashBanner(
            self._session.diagnostics,
            names,
            self._scope,
            dealt_with=dealt_with,
            on_error=self.report,
        )
        self.shell.show_above(self.crash_banner)
        self.crash_banner.tell()

    def report(self, error: HiveError) -> None:
        """Show an error that no page has a place for."""
        title, message, hint = error.rendered()
        words = f"{title}. {message} {hint}"
        if isinstance(error, VaultDamagedError) and self.offer_restore is not None:
            self.toast.stay(words, tr("Restore from a backup"), self.offer_restore)
        else:
            self.toast.show_message(words)

    def shut(self) -> None:
        """Close for good: the session is ending."""
        if self._is_shut:
            return
        self._is_shut = True
        self.state.stop()
        self.completions.shut()
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
        """Closing the window ends the program, unless that stays, or the vault locks."""
        if not self._is_shut and self._kept(self):
            event.ignore()
            return
        super().closeEvent(event)
        if not self._is_shut:
            self._quit()

    def showEvent(self, event: QShowEvent) -> None:
        """Watch this window's input for the idle lock, and let files be dropped on it."""
        super().showEvent(event)
        self.setAcceptDrops(True)
        self.autolock.watch(self.windowHandle())
        self._note_geometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Remember the size."""
        super().resizeEvent(event)
        self._note_geometry()

    def moveEvent(self, event: QMoveEvent) -> None:
        """Remember the place."""
        super().moveEvent(event)
        self._note_geometry()

    def toggle_hidden(self) -> None:
        """Hide all amounts, or show them again."""
        self.set_hidden(hidden=not money.are_hidden())

    def undo(self) -> None:
        """Undo what was typed where the cursor is, or the newest change."""
        focus = self.focusWidget()
        if isinstance(focus, QLineEdit | QPlainTextEdit) and _of_field(focus).isUndoAvailable():
            focus.undo()
        else:
            self.edits.undo()

    def redo(self) -> None:
        """Do again what was undone last where the cursor is, or the newest undo."""
        focus = self.focusWidget()
        if isinstance(focus, QLineEdit | QPlainTextEdit) and _of_field(focus).isRedoAvailable():
            focus.redo()
        else:
            self.edits.redo()

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

    def _to_rows(self) -> None:
        if self._current is PageName.TRANSACTIONS:
            self.current_page().focus_rows()  # type: ignore[attr-defined]

    def _show_hidden(self, *, hidden: bool) -> None:
        money.hide(hidden=hidden)
        self.shell.topbar.show_hidden(hidden=hidden)

    def _take_settings(self) -> None:
        """Look as the person left it; a window of pictures looks as whoever makes them wants."""
        settings = self._session.settings
        hidden = "1" in (settings.seen(HIDE_AMOUNTS, "0"), settings.seen(HIDE_AT_START, "0"))
        self._show_hidden(hidden=hidden)
        minutes = settings.seen(AUTOLOCK_MINUTES, "")
        if minutes.isdigit():
            self.autolock.set_minutes(int(minutes))
        if self._lifecycle is None:
            return
        mode = settings.seen(THEME, "")
        if mode in set(Mode) and Mode(mode) is not self._themes.mode:
            self._themes.apply(Mode(mode))
        self.state.restore()

    def _note_geometry(self) -> None:
        if self._lifecycle is not None and self.isVisible() and not self._is_shut:
            self.state.note_geometry()

    def _spawn(self, work: aio.Work, name: str) -> None:
        aio.spawn(self._scope, work, on_error=self.report, name=name)


def _of_field(field: QLineEdit | QPlainTextEdit) -> QLineEdit | QTextDocument:
    """Return what knows whether something typed can be undone."""
    return field if isinstance(field, QLineEdit) else field.document()


async def _shown(dialog: QDialog) -> None:
    await aio.finished(dialog)
