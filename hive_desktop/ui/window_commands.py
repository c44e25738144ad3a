"""What the window of an open vault can do, by its shortcuts and in the palette."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

from hive_desktop.i18n import tr
from hive_desktop.ui.commands import Command
from hive_desktop.ui.kit.theme import MODE_NAMES
from hive_desktop.ui.page import PageName
from hive_desktop.ui.shell import HIDE_KEYS, PAGE_ENTRIES

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.ui.kit.theme import Mode
    from hive_desktop.ui.page import HandWork


class Commanded(Protocol):
    """A window that does what it is told."""

    def show_page(self, name: PageName) -> None:
        """Show a page."""
        ...

    def sync(self) -> None:
        """Start a sync of all banks."""
        ...

    def connect_bank(self) -> None:
        """Begin to connect a bank."""
        ...

    @property
    def by_hand(self) -> HandWork:
        """Return what is done with what the person keeps by hand."""
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

    def export_shown(self) -> None:
        """Ask where what the page shows is written."""
        ...

    def focus_search(self) -> None:
        """Put the cursor into the search field."""
        ...

    def ask_about(self) -> None:
        """Go to the chat, for a question about what is shown."""
        ...

    def undo(self) -> None:
        """Undo what was typed, or the newest change."""
        ...

    def redo(self) -> None:
        """Do again what was undone last."""
        ...

    def toggle_hidden(self) -> None:
        """Hide all amounts, or show them again."""
        ...

    def show_history(self) -> None:
        """Show what syncs did."""
        ...

    def set_theme(self, mode: Mode) -> None:
        """Show other colours."""
        ...

    def show_shortcuts(self) -> None:
        """List all shortcuts."""
        ...

    def open_palette(self) -> None:
        """Offer all that can be done."""
        ...


def _add_row(window: Commanded) -> None:
    window.by_hand.add_row()


def _add_account(window: Commanded) -> None:
    window.by_hand.add_account()


def commands_of(
    window: Commanded,
    lock: Callable[[], None],
    quit_program: Callable[[], None],
    *,
    has_setup: bool,
) -> list[Command]:
    """Return all that a window can do.

    Args:
        window: does it.
        lock: locks the vault.
        quit_program: ends the program.
        has_setup: the setup can be run again.
    """
    setup = Command(
        "setup", tr("Run setup again"), partial(window.show_page, PageName.SETUP), (), "settings"
    )
    return [
        *_pages(window),
        Command("sync", tr("Sync all banks"), window.sync, ("F5", "Ctrl+R"), "refresh"),
        Command("connect", tr("Connect a bank"), window.connect_bank, (), "bank"),
        Command(
            "add-row",
            tr("Add a transaction by hand"),
            partial(_add_row, window),
            ("Ctrl+N",),
            "plus",
        ),
        Command(
            "add-account",
            tr("Add an account by hand"),
            partial(_add_account, window),
            (),
            "plus",
        ),
        Command("import", tr("Import files…"), window.import_files, ("Ctrl+O",), "file-input"),
        Command("imports", tr("Past imports"), window.show_imports, (), "history"),
        Command("export", tr("Export files…"), window.export_files, (), "download"),
        Command(
            "export-shown",
            tr("Export what is shown…"),
            window.export_shown,
            ("Ctrl+E",),
            "download",
        ),
        Command(
            "search", tr("Search transactions"), window.focus_search, ("Ctrl+F", "/"), "search"
        ),
        Command("ask", tr("Ask about this page"), window.ask_about, ("Ctrl+Shift+A",), "message"),
        Command("undo", tr("Undo the last change"), window.undo, ("Ctrl+Z",), "undo"),
        Command(
            "redo", tr("Redo the last undo"), window.redo, ("Ctrl+Shift+Z", "Ctrl+Y"), "repeat"
        ),
        Command("hide", tr("Hide or show amounts"), window.toggle_hidden, (HIDE_KEYS,), "eye-off"),
        Command("history", tr("Sync history"), window.show_history, (), "history"),
        *([setup] if has_setup else []),
        *_themes(window),
        Command("shortcuts", tr("Keyboard shortcuts"), window.show_shortcuts, ("?",), "info"),
        Command("lock", tr("Lock the vault"), lock, ("Ctrl+L",), "lock"),
        Command("quit", tr("Quit"), quit_program, ("Ctrl+Q",), "x"),
        Command(
            "palette", tr("Command palette"), window.open_palette, ("Ctrl+K",), is_listed=False
        ),
    ]


def _pages(window: Commanded) -> list[Command]:
    return [
        Command(
            f"page:{name.value}",
            tr(title),
            partial(window.show_page, name),
            (f"Ctrl+{index}",),
            icon,
        )
        for index, (name, title, icon) in enumerate(PAGE_ENTRIES, start=1)
    ]


def _themes(window: Commanded) -> list[Command]:
    template = tr("Theme: {name}")
    return [
        Command(
            f"theme:{mode.value}",
            template.format(name=tr(name)),
            partial(window.set_theme, mode),
            icon="settings",
        )
        for mode, name in MODE_NAMES
    ]
