"""What a window looked like: place, size, page and columns. Kept in the vault, like all else.

It is read with the vault and applied before the window is first shown, and written when nothing
has changed for a moment.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QObject

from hive_desktop.services.settings import WINDOW
from hive_desktop.ui.kit import aio
from hive_desktop.ui.page import PageName

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QHeaderView, QMainWindow

    from hive_desktop.services.settings import SettingsService

_QUIET_MS = 400
_NARROWEST, _WIDEST = 40, 2000


class WindowState(QObject):
    """Remembers one window.

    Args:
        window: the window.
        settings: of the open vault.
        keep: starts the work that stores it.
    """

    def __init__(
        self,
        window: QMainWindow,
        settings: SettingsService,
        keep: Callable[[aio.Work, str], object],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        self._keep = keep
        self._stored = _read(settings.seen(WINDOW, "{}"))
        self._first_place = ""
        self._soon = aio.Debounce(self, self._write, _QUIET_MS)

    @property
    def page(self) -> PageName | None:
        """Return the page that was shown last."""
        name = self._stored.get("page")
        return PageName(name) if name in set(PageName) else None

    def restore(self) -> None:
        """Give the window its place and size again, on a screen that is there."""
        text = self._stored.get("geometry")
        if isinstance(text, str):
            try:
                raw = base64.b64decode(text, validate=True)
            except ValueError:
                return
            self._window.restoreGeometry(QByteArray(raw))

    def note_geometry(self) -> None:
        """Remember where the window is, once it has been moved from where it first stood."""
        raw = self._window.saveGeometry().data()
        place = base64.b64encode(bytes(raw)).decode()
        if not self._first_place:
            self._first_place = place
        elif place != self._first_place or "geometry" in self._stored:
            self._note("geometry", place)

    def note_page(self, page: PageName) -> None:
        """Remember the page that is shown."""
        if page is not (self.page or PageName.OVERVIEW):
            self._note("page", page.value)

    def follow_columns(self, name: str, header: QHeaderView) -> None:
        """Give a table's columns their widths again, and remember each change of a person's."""
        widths = self._stored.get("columns", {}).get(name, {})
        for column, width in widths.items() if isinstance(widths, dict) else ():
            known = str(column).isdigit() and int(column) < header.count()
            if known and isinstance(width, int) and _NARROWEST <= width <= _WIDEST:
                header.resizeSection(int(column), width)

        def resized(column: int, old: int, width: int) -> None:
            if old:  # else it was hidden
                self._note_column(name, header, column, width)

        header.sectionResized.connect(resized)

    def stop(self) -> None:
        """Forget a change that waits to be stored."""
        self._soon.stop()

    def _note_column(self, name: str, header: QHeaderView, column: int, width: int) -> None:
        is_dragged = header.sectionResizeMode(column) is header.ResizeMode.Interactive
        if is_dragged and width >= _NARROWEST and header.isVisible():
            columns = self._stored.setdefault("columns", {})
            columns.setdefault(name, {})[str(column)] = width
            self._soon.poke()

    def _note(self, key: str, value: str) -> None:
        if self._stored.get(key) != value:
            self._stored[key] = value
            self._soon.poke()

    def _write(self) -> None:
        self._keep(self._settings.put(WINDOW, json.dumps(self._stored)), "keep-window")


def _read(stored: str) -> dict[str, Any]:
    try:
        found = json.loads(stored)
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    if not isinstance(found.get("columns", {}), dict):
        found.pop("columns")
    return found
