"""Pictures of the pages, painted off screen, for a demo without a display."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QSize

from hive_desktop.ports.errors import EnvironmentFaultError
from hive_desktop.services.tasks import TaskScope
from hive_desktop.ui.app import application
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.theme import Mode, ThemeManager, check_fonts
from hive_desktop.ui.page import PageName
from hive_desktop.ui.session_window import SessionWindow
from hive_desktop.ui.unlock import UnlockWindow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from hive_desktop.services.lifecycle import AppLifecycle
    from hive_desktop.services.session import VaultSession

_WINDOW = QSize(1280, 800)
_SCREENS = ("welcome", "create", "kit", "unlock", "recovery", "busy")
_SAMPLE_KIT = "HIVE-SAMPLE-KIT-THAT-OPENS-NOTHING"


async def render_pages(
    session: VaultSession,
    out: Path,
    *,
    themes: Sequence[str] = ("light", "dark"),
    size: tuple[int, int] | None = None,
    pages: Sequence[PageName] = tuple(PageName),
) -> list[Path]:
    """Save a picture of each page in each theme, named `overview-light.png` and so on.

    Must run on a qasync loop. Waits until data and charts are painted.

    Raises:
        EnvironmentFaultError: no font, or the folder cannot be written.
    """
    check_fonts()
    manager = theme_manager()
    before = manager.mode
    saved: list[Path] = []
    try:
        for mode in themes:
            manager.apply(Mode(mode))
            window = SessionWindow(
                session, None, manager, lock=_nothing, quit_program=_nothing, mark=_ignore
            )
            window.resize(QSize(*size) if size else _WINDOW)
            window.show()
            await window.sync_panel.settled()
            try:
                for name in pages:
                    window.show_page(name)
                    await window.current_page().settled()
                    saved.append(await save(window, out / f"{name.value}-{mode}.png"))
            finally:
                window.shut()
                _delete_now()
    finally:
        manager.apply(before)
    return saved


async def render_screens(
    lifecycle: AppLifecycle, out: Path, *, themes: Sequence[str] = ("light", "dark")
) -> list[Path]:
    """Save a picture of each screen that comes before an open vault, in each theme."""
    check_fonts()
    manager = theme_manager()
    before = manager.mode
    scope = TaskScope("pictures")
    saved: list[Path] = []
    try:
        for mode in themes:
            manager.apply(Mode(mode))
            window = UnlockWindow(lifecycle, scope, entered=_nothing, quit_program=_nothing)
            window.kit.show_kit(_SAMPLE_KIT)
            window.show()
            try:
                for name in _SCREENS:
                    window.show_screen(name)
                    saved.append(await save(window, out / f"screen-{name}-{mode}.png"))
            finally:
                window.shut()
                _delete_now()
    finally:
        manager.apply(before)
        await scope.close()
    return saved


async def save(widget: QWidget, path: Path) -> Path:
    """Save a widget as it stands, without a cursor or focus in it."""
    if (focus := widget.focusWidget()) is not None:
        focus.clearFocus()
    await aio.painted(widget)
    if not widget.grab().save(str(path), "PNG"):
        raise EnvironmentFaultError(
            "The picture {path} could not be written.",
            title="A picture could not be saved",
            hint="Check that the folder exists and that there is free space.",
            path=path,
        )
    return path


def theme_manager() -> ThemeManager:
    """Return the application's theme manager, made when there is none."""
    app = application()
    found = app.findChild(ThemeManager)
    return found if isinstance(found, ThemeManager) else ThemeManager(app)


def _delete_now() -> None:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _nothing() -> None:
    """Do nothing: a picture has no program around it."""


def _ignore(_moment: str) -> None:
    """Hear nothing."""
