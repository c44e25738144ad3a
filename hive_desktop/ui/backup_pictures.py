"""Pictures of backups: the section, the list, restore, drill, and the card before the vault."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from hive_desktop.domain.days import from_day
from hive_desktop.ports.backups import Backup, Fault, FaultyBackup, Phase, Survey, Tally
from hive_desktop.ports.errors import (
    BackupFolderMissingError,
    BackupUnwritableError,
    VaultDamagedError,
    WrongBackupKeyError,
)
from hive_desktop.services.backup_status import BackupStatus, Drill, Noted
from hive_desktop.services.tasks import TaskScope
from hive_desktop.ui import pictures
from hive_desktop.ui.backups.drill import DrillDialog
from hive_desktop.ui.backups.listing import BackupsDialog
from hive_desktop.ui.backups.restore import RestoreDialog
from hive_desktop.ui.backups.restored import RestoredDialog
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.theme import Scheme
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.settings.page import Place
from hive_desktop.ui.unlock import UnlockWindow

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

    from PySide6.QtWidgets import QWidget

    from hive_desktop.services.lifecycle import AppLifecycle
    from hive_desktop.services.session import VaultSession
    from hive_desktop.ui.kit.dialog import Dialog
    from hive_desktop.ui.pages.settings.page import SettingsPage
    from hive_desktop.ui.session_window import SessionWindow

_VAULT: Final = Path("/home/mira/.local/share/hive-desktop/vault")
_DISK: Final = Path("/media/mira/household-backups")
_AT: Final = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
_HELD: Final = Tally({"transactions": 12_840, "accounts": 7}, {}, from_day(20_780), "")
# Words that wrap give their height to the card, and that gives its own to the window.
_PAINTS: Final = 3
_NAME: Final = "backups-{what}-{theme}"


def _backup(days: int, place: Path = _DISK) -> Backup:
    at = _AT - timedelta(days=days)
    return Backup(place / f"hive-{at:%Y%m%dT%H%M%SZ}.hivebackup", "0" * 32, at, 48_300_000, "0007")


_MINE: Final = tuple(_backup(days) for days in (0, 1, 2, 9, 40))
_THEIRS: Final = _backup(60, _VAULT / "backups")
_FOUND: Final = Survey(
    _MINE,
    (_THEIRS,),
    (FaultyBackup(_DISK / "hive-20260901T073000Z.hivebackup.refused", Fault.SET_ASIDE),),
)


async def render_backups(
    session: VaultSession,
    out: Path,
    *,
    themes: Sequence[str],
    size: tuple[int, int] = (1280, 800),
    name: str = _NAME,
) -> list[Path]:
    """Save a picture of the section in Settings, and of each dialog in each state and theme.

    Args:
        session: whose window stands behind them.
        out: the folder.
        themes: names of schemes.
        size: of the window, in logical pixels.
        name: of the files, with `{what}` and `{theme}` in it.

    Raises:
        EnvironmentFaultError: a picture cannot be saved.
    """
    return await pictures.render_beside(
        session, out, states=_sections, dialogs=_dialogs, themes=themes, size=size, name=name
    )


async def render_restore_card(
    lifecycle: AppLifecycle, out: Path, *, themes: Sequence[str], name: str = _NAME
) -> list[Path]:
    """Save pictures of what is offered where the vault is locked, damaged or lost."""
    manager = pictures.theme_manager()
    before = manager.mode
    scope = TaskScope("pictures")
    saved: list[Path] = []
    try:
        for theme in themes:
            manager.show_scheme(Scheme(theme))
            window = UnlockWindow(lifecycle, scope, entered=_nothing, quit_program=_nothing)
            window.show()
            try:
                for what in _cards(window):
                    for _ in range(_PAINTS):
                        await aio.painted(window)
                    file = out / f"{name.format(what=what, theme=theme)}.png"
                    saved.append(await pictures.save(window, file))
            finally:
                window.shut()
                pictures.delete_now()
    finally:
        manager.apply(before)
        await scope.close()
    return saved


async def _sections(window: SessionWindow) -> AsyncIterator[str]:
    """Show the section in Settings as it is, and as it is where something is wrong."""
    window.show_page(PageName.SETTINGS)
    page = cast("SettingsPage", window.current_page())
    page.show_place(Place.DATA)
    await page.settled()
    section = page.backups
    if section is None:
        return
    status = BackupStatus(
        is_on=True,
        place=_DISK,
        is_own_place=False,
        is_place_there=True,
        last=Noted(_AT, _DISK),
        backups=_MINE,
        drilled_on=_AT.date(),
        is_drill_due=False,
        error=None,
        others=(_THEIRS,),
        faulty=_FOUND.faulty,
    )
    section.show_status(status)
    pictures.scroll_down(section)
    yield "section"
    section.show_status(replace(status, is_place_there=False))
    section.error.show_error(BackupFolderMissingError(folder=_DISK))
    yield "section-away"


async def _dialogs(window: QWidget, session: VaultSession) -> AsyncIterator[tuple[str, Dialog]]:
    service, scope = session.backups, session.scope
    # Nothing is restored in a picture.
    nobody = cast("AppLifecycle", None)
    yield "list", BackupsDialog(window, service, _FOUND, scope, _ignore_both)
    checking = BackupsDialog(window, service, _FOUND, scope, _ignore_both)
    checking.show_busy(0)
    checking.show_far(Phase.CHECKING, 12_000_000, 48_300_000)
    yield "list-checking", checking
    yield "restore", RestoreDialog(window, nobody, _MINE[0], scope)
    refused = RestoreDialog(window, nobody, _THEIRS, scope, is_of_another=True)
    refused.error.show_error(WrongBackupKeyError())
    yield "restore-refused", refused
    yield "drill-ask", DrillDialog(window, service, _MINE, scope)
    works = DrillDialog(window, service, _MINE, scope)
    works.steps.show_one("work")
    works.show_far(Phase.COPYING, 12_000_000, 48_300_000)
    yield "drill-work", works
    done = DrillDialog(window, service, _MINE, scope)
    done.show_found(Drill(_MINE[0], _HELD))
    yield "drill-done", done
    aside = _VAULT.with_name("vault-replaced-20261123T120000Z")
    yield "restored", RestoredDialog(window, _AT, _HELD, folder=_VAULT, aside=aside)


def _cards(window: UnlockWindow) -> Iterator[str]:
    screen = window.restore_screen
    window.show_screen("restore")
    screen.offer([*_MINE, _THEIRS], others=[_THEIRS.file])
    yield "card"
    screen.offer([_THEIRS], others=[_THEIRS.file], away=_DISK)
    yield "card-away"
    screen.offer([])
    window.show_error(BackupUnwritableError(folder=_DISK, reason="no space left on device"))
    yield "card-none"
    window.show_screen("unlock")
    window.show_error(VaultDamagedError())
    yield "card-damaged"


def _nothing() -> None:
    """Do nothing: a picture has no program around it."""


def _ignore_both(_backup: Backup, _is_of_another: bool) -> None:  # noqa: FBT001 - a call-back
    """Restore nothing."""
