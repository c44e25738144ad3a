"""Pictures of every page in every state, theme and size: what `hive-desktop --pictures` saves.

The demo's household is shown on a day that stands still, so the same program saves the same
pictures. Loading and error are states of the vault: its readers never answer, or all fail.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from hive_desktop import bootstrap, demo
from hive_desktop.config import AppConfig
from hive_desktop.ports.backups import heard_by_nobody
from hive_desktop.ports.errors import VaultDamagedError, VaultUnwritableError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from hive_desktop.domain.changes import Actor, ChangeSet
    from hive_desktop.ports.backups import BackupStore, Heard
    from hive_desktop.ports.diagnostics import LedgerLook
    from hive_desktop.ports.storage import Database, Reads, Writes
    from hive_desktop.ports.system import Clock
    from hive_desktop.ports.upkeep import LedgerFacts, Sizes
    from hive_desktop.ports.vault import VaultKeys, VaultStore
    from hive_desktop.services.session import VaultSession
    from hive_desktop.ui.session_window import SessionWindow

T = TypeVar("T")
THEMES = ("light", "dark", "contrast-light", "contrast-dark")
_DAY = date(2026, 11, 23)
_SIZES = {1: ((1280, 800), (980, 640)), 2: ((1280, 800),)}
_MIRRORED = ("overview", "transactions", "review", "accounts", "chat", "settings")
# Longer than a page waits before it shows that it loads.
_LOADING_S = 0.3
_FOLDER = Path("/home/mira/.local/share/hive-desktop/vault")
_SCALE = "QT_SCALE_FACTOR"


class State(StrEnum):
    """What a page can be seen in."""

    FULL = "full"
    OFFLINE = "offline"
    EMPTY = "empty"
    LOADING = "loading"
    ERROR = "error"


def write(out: Path, *, scale: int | None = None) -> int:
    """Save all pictures into a folder, or those of one scale; returns the exit code.

    Raises:
        EnvironmentFaultError: Qt or a font cannot be loaded here, or a picture not be saved.
        VaultUnwritableError: the folder cannot be made.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise VaultUnwritableError(folder=out, reason=exc.strerror or "refused") from exc
    if scale is None:
        return write(out, scale=1) or _write_apart(out, 2)
    bootstrap.run_offscreen(lambda: _write(out, scale))
    return 0


def _write_apart(out: Path, scale: int) -> int:
    """Save the pictures of a scale in a process of its own."""
    program = [sys.executable] if getattr(sys, "frozen", False) else _AS_MODULE
    options = ["--pictures", str(out), "--scale", str(scale)]
    environment = {**os.environ, _SCALE: str(scale)}
    return subprocess.run([*program, *options], env=environment, check=False).returncode  # noqa: S603 - itself


_AS_MODULE = [sys.executable, "-m", "hive_desktop"]


async def _write(out: Path, scale: int) -> None:
    from hive_desktop.ui import pictures  # noqa: PLC0415 - Qt, which `run_offscreen` has checked

    clock = bootstrap.clock_of(_DAY)
    suffix = f"@{scale}x" if scale > 1 else ""

    async def pages(
        session: VaultSession, state: State, ready: Callable[[SessionWindow], Awaitable[None]]
    ) -> None:
        for width, height in _SIZES[scale]:
            saved = await pictures.render_pages(
                replace(session, folder=_FOLDER),
                out,
                themes=THEMES,
                size=(width, height),
                name=f"{{page}}-{state.value}-{{theme}}-{width}x{height}{suffix}",
                ready=ready,
            )
            _tell(f"{state.value}, {width}x{height}{suffix}", len(saved))

    saved = await pictures.render_gallery(out, themes=THEMES, name=f"gallery-{{theme}}{suffix}")
    _tell(f"gallery{suffix}", len(saved))
    await _screens(out, clock, suffix)
    network = _Network()
    host = demo.WindowDemo(
        clock,
        lambda: demo.household(today=_DAY, answers_at_once=True),
        network=network,
        repeats=True,
    )
    session = await host.open(lambda _step: None)
    try:
        await pages(session, State.FULL, pictures.filled)
        await _mirrored(session, out, scale, suffix)
        await _tray(session, out, suffix)
        await _resident(session, out, scale, suffix)
        network.go_offline()
        await pages(session, State.OFFLINE, pictures.filled)
        await _imports(session, out, scale, suffix)
    finally:
        await session.close()
        await host.close()
    async with _new_vault(clock) as (session, stage):
        await _backups(session, out, scale, suffix)
        await pages(session, State.EMPTY, pictures.settled)
        stage.state = State.LOADING
        await pages(session, State.LOADING, _loading)
        stage.state = State.ERROR
        await pages(session, State.ERROR, _failed)
        stage.state = State.EMPTY


async def _mirrored(session: VaultSession, out: Path, scale: int, suffix: str) -> None:
    """Save the main pages as they are where one reads from right to left."""
    from hive_desktop.ui import pictures  # noqa: PLC0415 - as above
    from hive_desktop.ui.page import PageName  # noqa: PLC0415 - as above

    width, height = _SIZES[scale][0]
    with pictures.right_to_left():
        saved = await pictures.render_pages(
            replace(session, folder=_FOLDER),
            out,
            themes=THEMES[:1],
            size=(width, height),
            pages=[PageName(page) for page in _MIRRORED],
            name=f"{{page}}-mirrored-{{theme}}-{width}x{height}{suffix}",
        )
        name = f"gallery-mirrored-{{theme}}{suffix}"
        saved += await pictures.render_gallery(out, themes=THEMES[:1], name=name)
    _tell(f"right to left{suffix}", len(saved))


async def _tray(session: VaultSession, out: Path, suffix: str) -> None:
    """Save the tray's icons and menus."""
    from hive_desktop.ui.tray_pictures import render_tray  # noqa: PLC0415 - as above

    saved = await render_tray(session, out, themes=THEMES, name=f"tray-{{part}}-{{theme}}{suffix}")
    _tell(f"tray{suffix}", len(saved))


async def _resident(session: VaultSession, out: Path, scale: int, suffix: str) -> None:
    """Save what surrounds the window: its settings, reports, the banner after a crash."""
    from hive_desktop.ui.resident_pictures import render_resident  # noqa: PLC0415 - as above

    for width, height in _SIZES[scale]:
        saved = await render_resident(
            replace(session, folder=_FOLDER),
            out,
            themes=THEMES,
            size=(width, height),
            name=f"resident-{{what}}-{{theme}}-{width}x{height}{suffix}",
        )
        _tell(f"beside the window, {width}x{height}{suffix}", len(saved))


async def _backups(session: VaultSession, out: Path, scale: int, suffix: str) -> None:
    """Save the section of backups and its dialogs."""
    from hive_desktop.ui.backup_pictures import render_backups  # noqa: PLC0415 - as above

    for width, height in _SIZES[scale]:
        saved = await render_backups(
            replace(session, folder=_FOLDER),
            out,
            themes=THEMES,
            size=(width, height),
            name=f"backups-{{what}}-{{theme}}-{width}x{height}{suffix}",
        )
        _tell(f"backups, {width}x{height}{suffix}", len(saved))


async def _imports(session: VaultSession, out: Path, scale: int, suffix: str) -> None:
    """Save the import of files; it leaves rows behind, and comes last."""
    from hive_desktop.ui.import_pictures import render_imports  # noqa: PLC0415 - as above

    for width, height in _SIZES[scale]:
        saved = await render_imports(
            replace(session, folder=_FOLDER),
            out,
            themes=THEMES,
            size=(width, height),
            name=f"imports-{{what}}-{{theme}}-{width}x{height}{suffix}",
        )
        _tell(f"imports, {width}x{height}{suffix}", len(saved))


async def _screens(out: Path, clock: Clock, suffix: str) -> None:
    from hive_desktop.ui import pictures  # noqa: PLC0415 - as above
    from hive_desktop.ui.backup_pictures import render_restore_card  # noqa: PLC0415 - as above

    with tempfile.TemporaryDirectory(prefix="hive-pictures-") as folder:
        nowhere = AppConfig(vault=Path(folder) / "vault", logs=Path(folder))
        life = bootstrap.lifecycle(nowhere, clock, demo.WindowDemo(clock))
        life.folder = _FOLDER
        name = f"screen-{{screen}}-{{theme}}{suffix}"
        saved = await pictures.render_screens(life, out, themes=THEMES, name=name)
        name = f"backups-{{what}}-{{theme}}{suffix}"
        saved += await render_restore_card(life, out, themes=THEMES, name=name)
        await life.shutdown()
    _tell(f"screens{suffix}", len(saved))


async def _loading(_window: SessionWindow) -> None:
    await asyncio.sleep(_LOADING_S)


async def _failed(window: SessionWindow) -> None:
    from hive_desktop.ui.kit.states import ErrorBanner  # noqa: PLC0415 - as above

    await window.current_page().settled()
    banners = window.current_page().findChildren(ErrorBanner)
    if any(banner.isVisible() for banner in banners):
        window.toast.hide()


@asynccontextmanager
async def _new_vault(clock: Clock) -> AsyncIterator[tuple[VaultSession, _Stage]]:
    """Make a vault with nothing in it, whose readers do as they are told."""
    loop = asyncio.get_running_loop()
    folder = Path(tempfile.mkdtemp(prefix="hive-pictures-"))
    store = bootstrap.vault_store(clock)
    stage = _Stage()
    try:
        keys, _kit = await loop.run_in_executor(
            None, store.create, folder / "vault", secrets.token_urlsafe(24)
        )
        staged = cast("VaultStore", _StagedStore(store, stage))
        session = await bootstrap.open_session(folder / "vault", keys, clock=clock, store=staged)
        try:
            yield session, stage
        finally:
            await session.close()
    finally:
        await loop.run_in_executor(None, lambda: shutil.rmtree(folder, ignore_errors=True))


@dataclass
class _Stage:
    """What the readers of a vault do."""

    state: State = State.EMPTY


@dataclass(frozen=True, slots=True)
class _StagedStore:
    """Opens a vault's ledger with readers on a stage."""

    store: VaultStore
    stage: _Stage

    @property
    def backups(self) -> BackupStore:
        """Return the store's own."""
        return self.store.backups

    def open_database(
        self,
        folder: Path,
        keys: VaultKeys,
        *,
        read_only: bool = False,
        publish: Callable[[ChangeSet], None] | None = None,
        heard: Heard = heard_by_nobody,
    ) -> Database:
        """Open the ledger as the store does."""
        del heard
        inner = self.store.open_database(folder, keys, read_only=read_only, publish=publish)
        return _StagedDatabase(inner, self.stage)


class _StagedDatabase:
    """Implements `ports.storage.Database` over another one."""

    def __init__(self, inner: Database, stage: _Stage) -> None:
        self._inner = inner
        self._stage = stage

    async def read(self, work: Callable[[Reads], T]) -> T:
        """Read, or wait for ever, or fail."""
        if self._stage.state is State.LOADING:
            await asyncio.Event().wait()
        if self._stage.state is State.ERROR:
            raise VaultDamagedError
        return await self._inner.read(work)

    async def write(self, work: Callable[[Writes], T], *, actor: Actor) -> tuple[T, ChangeSet]:
        """Write."""
        return await self._inner.write(work, actor=actor)

    async def sizes(self) -> Sizes:
        """Look, or wait for ever, or fail."""
        await self.read(lambda _reads: None)
        return await self._inner.sizes()

    async def facts(self) -> LedgerFacts:
        """Look, or wait for ever, or fail."""
        await self.read(lambda _reads: None)
        return await self._inner.facts()

    async def examine(self, *, thorough: bool) -> LedgerLook:
        """Look."""
        return await self._inner.examine(thorough=thorough)

    async def compact(self, heard: Callable[[int, int], None]) -> None:
        """Write the ledger anew."""
        await self._inner.compact(heard)

    async def close(self) -> None:
        """Close."""
        await self._inner.close()


class _Network:
    """Implements `ports.system.Network`: there, and then gone."""

    def __init__(self) -> None:
        self.is_online: bool | None = True
        self.is_metered: bool | None = False
        self._callbacks: list[Callable[[], None]] = []

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call back when it goes."""
        self._callbacks.append(callback)
        return self._callbacks.clear

    def go_offline(self) -> None:
        """Be gone."""
        self.is_online = False
        for callback in tuple(self._callbacks):
            callback()


def _tell(what: str, count: int) -> None:
    sys.stderr.write(f"{what}: {count} pictures\n")
    sys.stderr.flush()
