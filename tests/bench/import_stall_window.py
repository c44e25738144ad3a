"""The window of `import_stall`: a file is dropped, imported, undone and redone; tells the beats."""

from __future__ import annotations

import asyncio
import sys
import time
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from hive_desktop import bootstrap
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.ui.importing.past import PastImportsDialog
from hive_desktop.ui.kit.confirm import ConfirmDialog
from hive_desktop.ui.page import PageName
from tests.bench.child import tell
from tests.bench.heart import Heart, beats_while_idle
from tests.bench.import_stall import ROWS_BEFORE
from tests.bench.importing import ROWS
from tests.bench.windows import keys_given, opened

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from hive_desktop.services.session import VaultSession
    from hive_desktop.ui.session_window import SessionWindow

SETTLE_S = 0.5
_COPY = Qt.DropAction.CopyAction


async def _walked(vault: Path, today: date, file: Path) -> dict[str, Any]:
    told: dict[str, Any] = {}
    page = PageName.TRANSACTIONS
    async with opened(vault, today, keys_given(), page, read_only=False) as (window, session):
        await window.current_page().settled()
        told["idle"] = await beats_while_idle()
        await _import(window, session, file, told)
        await _undo_and_redo(window, session, told)
    return told


async def _import(
    window: SessionWindow, session: VaultSession, file: Path, told: dict[str, Any]
) -> None:
    async with _measured("read", told):
        _drop(window, file)
        await _until(lambda: window.imports.dialog is not None)
        dialog = window.imports.dialog
        assert dialog is not None
        await _until(lambda: dialog.steps.shown() == "files")
    async with _measured("compare", told):
        dialog.go_on.click()
        await _until(lambda: dialog.steps.shown() == "outcome")
    async with _measured("import", told):
        dialog.go_on.click()
        await _until(lambda: window.imports.dialog is None)
        await _shown(window, session, ROWS_BEFORE + ROWS)


async def _undo_and_redo(
    window: SessionWindow, session: VaultSession, told: dict[str, Any]
) -> None:
    window.imports.show_past()
    await _until(lambda: window.imports.past is not None)
    past = window.imports.past
    assert isinstance(past, PastImportsDialog)
    await past.settled()
    (batch,) = past.ways
    async with _measured("undo", told):
        past.ways[batch].click()
        await _until(lambda: bool(past.findChildren(ConfirmDialog)))
        past.findChildren(ConfirmDialog)[0].confirm.click()
        await _until(lambda: batch in past.ways and past.ways[batch].text() == "Redo")
        await _shown(window, session, ROWS_BEFORE)
    async with _measured("redo", told):
        past.ways[batch].click()
        await _until(lambda: batch in past.ways and past.ways[batch].text() == "Undo")
        await _shown(window, session, ROWS_BEFORE + ROWS)
    past.close_button.click()
    await _until(lambda: window.imports.past is None)


@asynccontextmanager
async def _measured(name: str, told: dict[str, Any]) -> AsyncIterator[None]:
    heart, started = Heart(), time.perf_counter()
    yield
    seconds = time.perf_counter() - started
    await asyncio.sleep(SETTLE_S)  # what comes after the last rows belongs to it
    heart.stop()
    told[name] = {"seconds": seconds, "late": heart.late, "at": heart.at}


async def _shown(window: SessionWindow, session: VaultSession, count: int) -> None:
    """Wait until the list of rows has so many."""
    page = window.current_page()
    await _until(lambda: page.model.rowCount() == count)  # type: ignore[attr-defined]
    await page.settled()
    assert await session.ledger.count(TransactionQuery()) == count


def _drop(window: SessionWindow, file: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    button, keys, action = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, _COPY
    enter = QDragEnterEvent(QPoint(300, 300), action, data, button, keys)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(300, 300), action, data, button, keys))


async def _until(is_so: Callable[[], bool]) -> None:
    while not is_so():  # noqa: ASYNC110 - any state of a window
        await asyncio.sleep(0.01)


def main() -> int:
    vault, today, file = Path(sys.argv[1]), date.fromisoformat(sys.argv[2]), Path(sys.argv[3])
    tell(bootstrap.run_offscreen(lambda: _walked(vault, today, file)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
