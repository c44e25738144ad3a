"""Pictures of pages, of the screens before them and of the gallery, painted off screen."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QProgressBar, QScrollArea

from hive_desktop.ports.errors import EnvironmentFaultError, WrongKeyError
from hive_desktop.services.tasks import TaskScope
from hive_desktop.ui.app import application
from hive_desktop.ui.gallery.window import GalleryWindow
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.spinner import Spinner
from hive_desktop.ui.kit.theme import Scheme, ThemeManager, check_fonts
from hive_desktop.ui.page import PageName
from hive_desktop.ui.session_window import SessionWindow
from hive_desktop.ui.unlock import UnlockWindow

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
    from pathlib import Path

    from PySide6.QtGui import QPixmap
    from PySide6.QtWidgets import QWidget

    from hive_desktop.domain.days import Span
    from hive_desktop.services.lifecycle import AppLifecycle
    from hive_desktop.services.session import VaultSession
    from hive_desktop.ui.kit.dialog import Dialog
    from hive_desktop.ui.pages.overview.page import OverviewPage

_WINDOW = (1280, 800)
_SCREENS = ("welcome", "create", "kit", "unlock", "recovery", "busy")
_REFUSED = "refused"
_SAMPLE_KIT = "HIVE-SAMPLE-KIT-THAT-OPENS-NOTHING"


async def settled(window: SessionWindow) -> None:
    """Wait until the page that is shown has its data and charts."""
    await window.sync_panel.settled()
    await window.current_page().settled()


async def filled(window: SessionWindow) -> None:
    """Wait as `settled` does; the chat shows the answer to a question that it suggests."""
    await settled(window)
    if window.current_name is PageName.CHAT:
        await window.current_page().show_example()  # type: ignore[attr-defined]
        await settled(window)


async def render_pages(  # noqa: PLR0913 - what differs between sets of pictures, each by its name
    session: VaultSession,
    out: Path,
    *,
    themes: Sequence[str] = ("light", "dark"),
    size: tuple[int, int] = _WINDOW,
    pages: Sequence[PageName] = tuple(PageName),
    name: str = "{page}-{theme}",
    ready: Callable[[SessionWindow], Awaitable[None]] = settled,
) -> list[Path]:
    """Save a picture of each page in each theme, named `overview-light.png` and so on.

    Must run on a qasync loop.

    Args:
        session: what is shown.
        out: the folder.
        themes: names of schemes.
        size: of the window, in logical pixels.
        pages: which of them.
        name: of the files, with `{page}` and `{theme}` in it.
        ready: waits until a page can be painted.

    Raises:
        EnvironmentFaultError: no font, or the folder cannot be written.
    """
    check_fonts()
    manager = theme_manager()
    before = manager.mode
    saved: list[Path] = []
    try:
        for mode in themes:
            manager.show_scheme(Scheme(mode))
            window = SessionWindow(
                session, None, manager, lock=_nothing, quit_program=_nothing, mark=_ignore
            )
            window.resize(*size)
            window.show()
            try:
                for page in pages:
                    window.show_page(page)
                    await ready(window)
                    file = name.format(page=page.value, theme=mode)
                    saved.append(await save(window, out / f"{file}.png"))
            finally:
                window.shut()
                delete_now()
    finally:
        manager.apply(before)
    return saved


async def render_beside(  # noqa: PLR0913 - what differs between sets of pictures, each by its name
    session: VaultSession,
    out: Path,
    *,
    states: Callable[[SessionWindow], AsyncIterator[str]],
    dialogs: Callable[[SessionWindow, VaultSession], AsyncIterator[tuple[str, Dialog]]],
    themes: Sequence[str],
    size: tuple[int, int],
    name: str,
) -> list[Path]:
    """Save pictures of a window brought from state to state, and of dialogs over it.

    Args:
        session: whose window it is.
        out: the folder.
        states: brings the window into each state, and names it.
        dialogs: makes each dialog, and names it.
        themes: names of schemes.
        size: of the window, in logical pixels.
        name: of the files, with `{what}` and `{theme}` in it.

    Raises:
        EnvironmentFaultError: a picture cannot be saved.
    """
    manager = theme_manager()
    before = manager.mode
    saved: list[Path] = []
    try:
        for theme in themes:
            manager.show_scheme(Scheme(theme))
            window = SessionWindow(
                replace(session, is_demo=False),
                None,
                manager,
                lock=_nothing,
                quit_program=_nothing,
                mark=_ignore,
            )
            window.resize(*size)
            window.show()
            try:
                async for what in states(window):
                    file = out / f"{name.format(what=what, theme=theme)}.png"
                    saved.append(await save(window, file))
                async for what, dialog in dialogs(window, session):
                    dialog.show()
                    await aio.painted(dialog)
                    file = out / f"{name.format(what=what, theme=theme)}.png"
                    saved.append(await save(dialog, file))
                    dialog.done(0)
                    dialog.deleteLater()
            finally:
                window.shut()
                delete_now()
    finally:
        manager.apply(before)
    return saved


def scroll_down(widget: QWidget) -> None:
    """Show the end of what a widget is scrolled in."""
    above = widget.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    if above is not None:
        bar = above.verticalScrollBar()
        bar.setValue(bar.maximum())


async def write_overview(session: VaultSession, file: Path, span: Span | None) -> None:
    """Write the Overview in light colours as a PDF or, by the file's ending, as a PNG.

    Must run on a qasync loop.

    Raises:
        EnvironmentFaultError: no font.
        UsageError: the file cannot be written.
    """
    check_fonts()
    manager = theme_manager()
    manager.show_scheme(Scheme.LIGHT)
    window = SessionWindow(
        session, None, manager, lock=_nothing, quit_program=_nothing, mark=_ignore
    )
    try:
        window.show_page(PageName.OVERVIEW)
        page = cast("OverviewPage", window.current_page())
        await page.write(file, span)
    finally:
        window.shut()
        delete_now()
        manager.apply(manager.mode)


async def render_gallery(
    out: Path, *, themes: Sequence[str], name: str = "gallery-{theme}"
) -> list[Path]:
    """Save a picture of all components in each theme."""
    check_fonts()
    manager = theme_manager()
    before = manager.mode
    saved: list[Path] = []
    try:
        for mode in themes:
            manager.show_scheme(Scheme(mode))
            window = GalleryWindow(manager, _nothing)
            window.show()
            try:
                await aio.painted(window.content)
                path = out / f"{name.format(theme=mode)}.png"
                saved.append(await save(window.content, path))
            finally:
                window.close()
                window.deleteLater()
                delete_now()
    finally:
        manager.apply(before)
    return saved


async def render_screens(
    lifecycle: AppLifecycle,
    out: Path,
    *,
    themes: Sequence[str] = ("light", "dark"),
    name: str = "screen-{screen}-{theme}",
) -> list[Path]:
    """Save a picture of each screen that comes before an open vault, in each theme."""
    check_fonts()
    manager = theme_manager()
    before = manager.mode
    scope = TaskScope("pictures")
    saved: list[Path] = []
    try:
        for mode in themes:
            manager.show_scheme(Scheme(mode))
            window = UnlockWindow(lifecycle, scope, entered=_nothing, quit_program=_nothing)
            window.kit.show_kit(_SAMPLE_KIT, asks=1)
            window.show()
            try:
                for screen in _SCREENS:
                    window.show_screen(screen)
                    file = name.format(screen=screen, theme=mode)
                    saved.append(await save(window, out / f"{file}.png"))
                window.show_screen("unlock")
                window.show_error(WrongKeyError())
                file = name.format(screen=_REFUSED, theme=mode)
                saved.append(await save(window, out / f"{file}.png"))
            finally:
                window.shut()
                delete_now()
    finally:
        manager.apply(before)
        await scope.close()
    return saved


@contextmanager
def right_to_left() -> Iterator[None]:
    """Let windows that are made meanwhile be read from right to left."""
    before = QGuiApplication.layoutDirection()
    QGuiApplication.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        yield
    finally:
        QGuiApplication.setLayoutDirection(before)


async def save(widget: QWidget, path: Path) -> Path:
    """Save a widget as it stands, without a cursor or focus in it, and with nothing moving."""
    if (focus := widget.focusWidget()) is not None:
        focus.clearFocus()
    _still(widget)
    await aio.painted(widget)
    return written(widget.grab(), path)


def written(picture: QPixmap, path: Path) -> Path:
    """Save a picture; returns its file.

    Raises:
        EnvironmentFaultError: it cannot be written.
    """
    if not picture.save(str(path), "PNG"):
        raise EnvironmentFaultError(
            "The picture {path} could not be written.",
            title="A picture could not be saved",
            hint="Check that the folder exists and that there is free space.",
            path=path,
        )
    return path


def _still(widget: QWidget) -> None:
    """Let what turns and what goes to and fro stand where it always stands in a picture."""
    for spinner in widget.findChildren(Spinner):
        spinner.stand_still()
    for bar in widget.findChildren(QProgressBar):
        if bar.minimum() == bar.maximum():
            bar.setRange(0, 3)
            bar.setValue(1)


def theme_manager() -> ThemeManager:
    """Return the application's theme manager, made when there is none."""
    app = application()
    found = app.findChild(ThemeManager)
    return found if isinstance(found, ThemeManager) else ThemeManager(app)


def delete_now() -> None:
    """Delete the windows that are done with, before others are made."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _nothing() -> None:
    """Do nothing: a picture has no program around it."""


def _ignore(_moment: str) -> None:
    """Hear nothing."""
