"""A window on a vault, for benchmarks that have a process to themselves."""

from __future__ import annotations

import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from hive_desktop import bootstrap
from hive_desktop.ports.vault import VaultKeys
from hive_desktop.ui.pictures import theme_manager
from hive_desktop.ui.session_window import SessionWindow

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import date
    from pathlib import Path

    from hive_desktop.services.session import VaultSession
    from hive_desktop.ui.page import PageName


def keys_given() -> VaultKeys:
    """Return the keys that `run_child` gave as a secret."""
    return VaultKeys(*(bytes.fromhex(part) for part in sys.stdin.read().split()))


@asynccontextmanager
async def opened(
    vault: Path, today: date, keys: VaultKeys, page: PageName, *, read_only: bool = True
) -> AsyncIterator[tuple[SessionWindow, VaultSession]]:
    """Show a window on a page."""
    clock = bootstrap.clock_of(today)
    store = bootstrap.vault_store(clock)
    session = await bootstrap.open_session(
        vault, keys, clock=clock, store=store, read_only=read_only
    )
    window = SessionWindow(
        session, None, theme_manager(), lock=_nothing, quit_program=_nothing, mark=_ignore
    )
    window.resize(1280, 800)
    window.show_page(page)
    window.show()
    try:
        yield window, session
    finally:
        window.shut()
        await session.close()


def _nothing() -> None:
    """No program is around the window."""


def _ignore(_moment: str) -> None:
    """Nobody asks for moments here."""
