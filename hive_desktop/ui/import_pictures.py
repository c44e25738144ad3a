"""Pictures of the import of files: each step of its dialog, and the list of past imports."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from hive_desktop.domain.importing import Verdict
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.i18n import tr
from hive_desktop.ports.errors import VaultUnwritableError
from hive_desktop.ui import pictures
from hive_desktop.ui.importing.dialog import ImportDialog
from hive_desktop.ui.importing.past import PastImportsDialog
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.settings.page import Place

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from hive_desktop.domain.ledger import Account, TransactionRow
    from hive_desktop.services.session import VaultSession
    from hive_desktop.ui.kit.dialog import Dialog
    from hive_desktop.ui.pages.settings.page import SettingsPage
    from hive_desktop.ui.session_window import SessionWindow

_KNOWN: Final = 6
_ROWS: Final = 14
_HEADINGS: Final = "date;payee;amount"
_NAMES: Final = ("checking-november.csv", "old-card.csv", "holiday.jpg")


async def render_imports(
    session: VaultSession,
    out: Path,
    *,
    themes: Sequence[str],
    size: tuple[int, int] = (1280, 800),
    name: str = "imports-{what}-{theme}",
) -> list[Path]:
    """Save a picture of each step and of what was imported, in each theme.

    The files are made of rows of the ledger: some as they are, some a little otherwise.

    Args:
        session: whose window stands behind them; it has rows, and gets a few more.
        out: the folder.
        themes: names of schemes.
        size: of the window, in logical pixels.
        name: of the files, with `{what}` and `{theme}` in it.

    Raises:
        EnvironmentFaultError: a picture cannot be saved.
    """
    return await pictures.render_beside(
        session, out, states=_section, dialogs=_dialogs, themes=themes, size=size, name=name
    )


async def _section(window: SessionWindow) -> AsyncIterator[str]:
    window.show_page(PageName.SETTINGS)
    page = cast("SettingsPage", window.current_page())
    page.show_place(Place.DATA)
    await page.settled()
    yield "section"


async def _dialogs(
    window: SessionWindow, session: VaultSession
) -> AsyncIterator[tuple[str, Dialog]]:
    accounts = await session.ledger.accounts()
    account = next(one for one in accounts if one.institution)
    rows = await session.ledger.page(TransactionQuery(accounts=(account.id,)), limit=_ROWS)
    with tempfile.TemporaryDirectory(prefix="hive-pictures-") as folder:
        files = _files(Path(folder), rows)
        dialog = await _at_files(window, session, files, account)
        dialog.steps.show_one("busy")
        dialog.progress.show_share(2, 5, tr("Reading {file}", file=files[0].name))
        dialog.go_on.setEnabled(False)
        yield "reading", dialog
        dialog = await _at_files(window, session, files, account)
        yield "files", dialog
        dialog = await _at_files(window, session, files, account)
        dialog.go_on.click()
        await dialog.settled()
        yield "columns", dialog
        for verdict in Verdict:
            dialog = await _at_outcome(window, session, files, account)
            if dialog.outcome is not None:
                dialog.outcome.show_verdict(verdict)
            yield f"outcome-{verdict.value}", dialog
        failed = await _at_outcome(window, session, files, account)
        failed.error.show_error(VaultUnwritableError(folder=session.folder, reason="read-only"))
        yield "outcome-failed", failed
        done = await _at_outcome(window, session, files, account)
        done.go_on.click()
        await done.settled()
    past = PastImportsDialog(window, session, session.scope, window.toast, _nothing)
    await past.settled()
    yield "past", past
    none = PastImportsDialog(window, session, session.scope, window.toast, _nothing)
    await none.settled()
    none.stack.show_one("empty")
    yield "past-none", none


async def _at_files(
    window: SessionWindow, session: VaultSession, files: Sequence[Path], account: Account
) -> ImportDialog:
    """Return a dialog that has read the files; the first goes into an account that is here."""
    dialog = ImportDialog(window, session.importing, session.scope, files)
    await dialog.settled()
    field = dialog.account_fields()[0]
    for at in field.options():
        field.choose(at)
        if account.title in field.text():
            break
    return dialog


async def _at_outcome(
    window: SessionWindow, session: VaultSession, files: Sequence[Path], account: Account
) -> ImportDialog:
    """Return a dialog that shows what an import would do."""
    dialog = await _at_files(window, session, files, account)
    while dialog.steps.shown() != "outcome":
        dialog.go_on.click()
        await dialog.settled()
    return dialog


def _files(folder: Path, rows: Sequence[TransactionRow]) -> list[Path]:
    """Write a table of rows known, new, doubtful and refused, one of columns, and a picture."""
    known, others = rows[:_KNOWN], rows[_KNOWN:]
    lines = [_line(row, row.name, row.amount_minor) for row in known]
    lines += [_line(row, other.name, row.amount_minor) for row, other in _turned(others)]
    lines += [_line(row, row.name, row.amount_minor + 137) for row in known]
    lines.append(f"{known[0].posted_on:%Y-%m-%d};{known[0].name};?")
    card = [
        f"{at:02}/{at + 1:02}/2024;{row.name};{_amount(row.amount_minor)}"
        for at, row in enumerate(rows[:9], 1)
    ]
    table, old, image = (folder / name for name in _NAMES)
    table.write_text("\n".join([_HEADINGS, *lines]) + "\n", "utf-8")
    old.write_text("\n".join(card) + "\n", "utf-8")
    image.write_bytes(b"\xff\xd8\xff\xe0" + bytes(64))
    return [table, old, image]


def _turned(rows: Sequence[TransactionRow]) -> list[tuple[TransactionRow, TransactionRow]]:
    """Return each row with the next one, whose name it takes."""
    return list(zip(rows, [*rows[1:], *rows[:1]], strict=True))[:3]


def _line(row: TransactionRow, name: str, minor: int) -> str:
    return f"{row.posted_on:%Y-%m-%d};{name};{_amount(-minor)}"


def _amount(minor: int) -> str:
    return str(Decimal(minor).scaleb(-2))


def _nothing() -> None:
    """Do nothing: a picture has no program around it."""
