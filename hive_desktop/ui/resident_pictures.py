"""Pictures of what surrounds the window: its settings, reports, the banner after a crash."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, cast

from hive_desktop.domain.api_clients import ApiClient, Scope
from hive_desktop.i18n import mark
from hive_desktop.ports.diagnostics import Finding, Result
from hive_desktop.ui import pictures
from hive_desktop.ui.forms.own_account import AccountDialog
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.settings.client_dialog import ClientDialog, SecretDialog
from hive_desktop.ui.pages.settings.page import Place
from hive_desktop.ui.report_dialog import report_dialog

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from hive_desktop.services.session import VaultSession
    from hive_desktop.ui.kit.dialog import Dialog
    from hive_desktop.ui.pages.settings.page import SettingsPage
    from hive_desktop.ui.session_window import SessionWindow

_PLACES: Final = (Place.APPEARANCE, Place.NOTIFICATIONS, Place.ABOUT)
_NOW: Final = datetime(2026, 11, 23, 9, tzinfo=UTC)
_CLIENTS: Final = (
    ApiClient("4f0c2a9b61d87e35", "budget.py", frozenset({Scope.READ}), _NOW, _NOW),
    ApiClient("9be1704dc8a2f653", "dashboard", frozenset(Scope), _NOW),
)
_NO_SECRET: Final = "a" * 43
_CRASH: Final = "crash-20261123T073000Z-00.txt"
_FOUND: Final = (
    Finding("integrity", Result.OK, mark("Every page of the ledger can be read.")),
    Finding(
        "keyslots",
        Result.WARNING,
        mark("The vault has no passphrase or no recovery kit."),
        mark("Make a recovery kit, and keep it apart from this computer."),
    ),
)


async def render_resident(
    session: VaultSession,
    out: Path,
    *,
    themes: Sequence[str],
    size: tuple[int, int] = (1280, 800),
    name: str = "resident-{what}-{theme}",
) -> list[Path]:
    """Save a picture of each of these in each theme.

    Args:
        session: whose window it is.
        out: the folder.
        themes: names of schemes.
        size: of the window, in logical pixels.
        name: of the files, with `{what}` and `{theme}` in it.

    Raises:
        EnvironmentFaultError: a picture cannot be saved.
    """
    return await pictures.render_beside(
        session, out, states=_windows, dialogs=_dialogs, themes=themes, size=size, name=name
    )


async def _windows(window: SessionWindow) -> AsyncIterator[str]:
    window.show_page(PageName.SETTINGS)
    page = cast("SettingsPage", window.current_page())
    for place in _PLACES:
        page.show_place(place)
        await page.settled()
        page.about.show_crash_count(2)  # whatever this computer has kept
        yield f"settings-{place.value}"
        if place is Place.NOTIFICATIONS:
            _go_wrong(page)
            yield f"settings-{place.value}-refused"
            pictures.scroll_down(page.quiet)
            yield f"settings-{place.value}-end"
        if place is not Place.NOTIFICATIONS:
            pictures.scroll_down(page.staying if place is Place.APPEARANCE else page.about)
            yield f"settings-{place.value}-end"
    page.show_place(Place.DATA)
    await page.settled()
    page.local_api.show_clients(_CLIENTS)
    await pictures.settled(window)
    pictures.scroll_down(page.local_api)
    yield "settings-local-api"
    window.show_page(PageName.ACCOUNTS)
    await pictures.settled(window)
    window.tell_ended([_CRASH], _nothing)
    yield "crash-banner"


def _go_wrong(page: SettingsPage) -> None:
    """Write limits that are none."""
    section = page.notifications
    for field, text in ((section.charge, "12.345,678"), (section.low, "abc")):
        field.setText(text)
        field.editingFinished.emit()


async def _dialogs(window: QWidget, session: VaultSession) -> AsyncIterator[tuple[str, Dialog]]:
    looking = report_dialog(window)
    yield "report-looking", looking
    report = report_dialog(window)
    lines = [f"{one.result}: {one.check}: {one.in_english()[0]}" for one in _FOUND]
    report.show_report("\n".join(lines), " ".join(_FOUND[-1].rendered()))
    yield "report", report
    yield "new-client", ClientDialog(window)
    yield "client-secret", SecretDialog(window, _CLIENTS[0], _NO_SECRET)
    yield "quick-add", AccountDialog(window, "USD", session.clock.today(), for_row=True)


def _nothing() -> None:
    """Do nothing: a picture has no program around it."""
