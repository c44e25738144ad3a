"""The program with a window: its life over a vault, its loop and its pictures."""

from __future__ import annotations

import asyncio
import importlib
import logging
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from hive_desktop.bootstrap import parts
from hive_desktop.bootstrap.later import later
from hive_desktop.bootstrap.running import tune_interpreter
from hive_desktop.bootstrap.session import open_session
from hive_desktop.i18n import tr
from hive_desktop.ports.errors import ConnectionLostError, EnvironmentFaultError, HiveError
from hive_desktop.ports.events import VaultUpdating
from hive_desktop.services.lifecycle import AppLifecycle
from hive_desktop.services.settings import PUT_OFF

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from pathlib import Path

    from hive_desktop.config import AppConfig
    from hive_desktop.domain.days import Span
    from hive_desktop.domain.ledger import ItemId
    from hive_desktop.ports.backups import Phase
    from hive_desktop.ports.system import Clock, Network
    from hive_desktop.ports.vault import VaultKeys
    from hive_desktop.services.diagnostics import DiagnosticsService
    from hive_desktop.services.lifecycle import DemoHost
    from hive_desktop.services.session import VaultSession

T = TypeVar("T")
_log = logging.getLogger(__name__)
_RECOVER_S = 300.0
_UPDATES_AFTER_S = 60.0


def lifecycle(settings: AppConfig, clock: Clock, demo: DemoHost) -> AppLifecycle:
    """Return the program's life over the vault of `settings`; the window's loop is there."""
    chain = parts.keychain()
    store = parts.vault_store(clock, chain)
    network: Network = _ui_module("network").QtNetwork()

    async def build(folder: Path, keys: VaultKeys) -> VaultSession:
        def updating(phase: Phase, done: int, total: int) -> bool:
            made.bus.publish(VaultUpdating(phase, done, total))
            return True

        session = await open_session(
            folder, keys, clock=clock, store=store, network=network, heard=updating
        )
        for one in () if made.background is None else made.background.drain_unwritten():
            session.egress.note(parts.hashed(one, keys.egress))
        session.egress.keep(session.scope)
        session.backups.keep(session.scope)
        session.ai_categorize.keep(session.scope, session.bus)
        session.scope.spawn(_ask_for_updates(session), name="updates")
        session.scope.spawn(take_up(session), name="recover")
        session.scope.spawn(session.local_api.begin(), name="begin-api")
        session.scope.spawn(_keep_up(session), name="keep-up")
        return session

    made = AppLifecycle(store, chain, settings.vault, build, demo)
    made.background = parts.background(network, clock, made.bus)
    made.diagnostics = later(lambda: _diagnostics(settings.vault, clock))
    return made


def _diagnostics(folder: Path, clock: Clock) -> DiagnosticsService:
    from hive_desktop.bootstrap import diagnosing  # noqa: PLC0415 - see `later`

    return diagnosing.diagnostics(folder, clock)


def run_window(
    make_lifecycle: Callable[[], AppLifecycle], *, opens_demo: bool = False, **options: Any
) -> int:
    """Show the program's window until the person quits; returns the exit code.

    Args:
        make_lifecycle: called once the window's loop is there.
        opens_demo: open the demo at once.
        **options: more of `ui.app.UiOptions`.

    Raises:
        EnvironmentFaultError: Qt or a font cannot be loaded here.
    """
    tune_interpreter(has_window=True)
    app = _ui_module("app")
    if opens_demo:
        options["opener"] = AppLifecycle.open_demo
    code: int = app.run(make_lifecycle, app.UiOptions(**options))
    return code


def run_gallery() -> int:
    """Show every component of the window; returns the exit code.

    Raises:
        EnvironmentFaultError: Qt or a font cannot be loaded here.
    """
    code: int = _ui_module("app").show_gallery()
    return code


def run_offscreen(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine on a Qt loop without a display, so that it can paint pictures.

    Raises:
        EnvironmentFaultError: Qt cannot be loaded here.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    tune_interpreter(has_window=True)
    app = _ui_module("app")
    events = app.EventLoop(app.application())
    with events:
        result: T = events.run(work())
        return result


async def render_pages(session: VaultSession, out: Path) -> list[Path]:
    """Save a picture of each page in both themes. Runs inside `run_offscreen`."""
    pictures: list[Path] = await _ui_module("pictures").render_pages(session, out)
    return pictures


async def write_overview(session: VaultSession, file: Path, span: Span | None) -> None:
    """Write the Overview as a PDF or a picture. Runs inside `run_offscreen`."""
    await _ui_module("pictures").write_overview(session, file, span)


def _ui_module(name: str) -> Any:
    """Import a module of the window; a library that Qt misses is named for the person."""
    try:
        return importlib.import_module(f"hive_desktop.ui.{name}")
    except ImportError as exc:
        if not (exc.name or "").startswith("PySide6") and ".so" not in str(exc):
            raise
        raise EnvironmentFaultError(
            "The window's library cannot be loaded: {reason}.",
            hint="On Debian or Ubuntu: apt-get install libegl1 libgl1 libfontconfig1 libdbus-1-3 "
            "libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0",
            reason=exc,
        ) from exc


async def take_up(session: VaultSession) -> None:
    """Finish what a crash left half linked, begin to sync, and fetch all that new banks have.

    Whatever goes wrong with the links, syncs come; the links are taken up again soon.
    """
    with suppress(HiveError):
        if await session.settings.get(PUT_OFF, ""):
            await session.categorize.catch_up()
    if session.folding is not None:
        try:
            await session.folding.fold()
        except HiveError as error:
            _log.info("what came while locked stays there: %s", type(error).__name__)
        except Exception:  # noqa: BLE001 - it is a cache: whatever is odd in it, syncs come
            _log.exception("a fault of the program itself with what came while locked")
    finished = await _recover(session)
    with suppress(HiveError):
        await session.sync.announce()
    await session.schedule.start()
    session.news.start()
    if finished:
        await session.sync.settle(finished)


async def _ask_for_updates(session: VaultSession) -> None:
    """Begin to ask for a newer Hive, where the person wants that; the start waits for nothing."""
    await asyncio.sleep(_UPDATES_AFTER_S)
    session.updates.keep(session.scope)


async def _keep_up(session: VaultSession) -> None:
    """Take up links again now and then: a relay keeps what it got for half an hour only."""
    while True:
        await asyncio.sleep(_RECOVER_S)
        with suppress(HiveError):
            if finished := await _recover(session):
                await session.sync.settle(finished)


async def _recover(session: VaultSession) -> Sequence[ItemId]:
    if session.bank.host is None:
        return ()
    try:
        found = await session.linking.recover()
    except HiveError:
        return ()
    for institution in found.lost:
        session.bus.publish(ConnectionLostError(institution=institution or tr("A bank")))
    return found.finished
