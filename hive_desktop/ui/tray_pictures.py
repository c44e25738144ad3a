"""Pictures of the tray: its icons on panels of both kinds, and its menu in each state."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QPainter, QPixmap

from hive_desktop.domain.ledger import ItemState
from hive_desktop.ports.events import BackgroundChanged, SyncFinished
from hive_desktop.services.schedule import Pause
from hive_desktop.ui import pictures
from hive_desktop.ui.kit.theme import Scheme
from hive_desktop.ui.kit.tokens import DARK, LIGHT
from hive_desktop.ui.tray import drawing
from hive_desktop.ui.tray.status import Facts, TrayState, told, told_locked
from hive_desktop.ui.tray.tray import TrayMenu

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hive_desktop.domain.ledger import ItemId
    from hive_desktop.services.session import VaultSession
    from hive_desktop.ui.tray.status import Told

_PANELS: Final = (LIGHT.surface, LIGHT.pressed, DARK.surface, DARK.window)
_GAP: Final = 12


async def render_tray(
    session: VaultSession, out: Path, *, themes: Sequence[str], name: str = "tray-{part}-{theme}"
) -> list[Path]:
    """Save a picture of all icons, and one of the menu in each state and theme.

    Args:
        session: whose banks the menu names.
        out: the folder.
        themes: names of schemes.
        name: of the files, with `{part}` and `{theme}` in it.

    Raises:
        EnvironmentFaultError: a picture cannot be saved.
    """
    states = await _states(session)
    manager = pictures.theme_manager()
    before = manager.mode
    saved = [pictures.written(_icons(), out / f"{name.format(part='icons', theme='panels')}.png")]
    try:
        for theme in themes:
            manager.show_scheme(Scheme(theme))
            for state, what in states.items():
                menu = TrayMenu(_Nobody())
                menu.show_told(what)
                menu.resize(menu.sizeHint())
                file = f"{name.format(part=f'menu-{state.value}', theme=theme)}.png"
                saved.append(pictures.written(menu.grab(), out / file))
                menu.deleteLater()
    finally:
        manager.apply(before)
    return saved


async def _states(session: VaultSession) -> dict[TrayState, Told]:
    now, items = session.clock.now(), await session.ledger.items()
    status = replace(session.schedule.status, pause=None)
    well = Facts([replace(one, state=ItemState.HEALTHY) for one in items], status, now)
    until = now + timedelta(hours=1)
    paused = replace(status, pause=Pause.PERSON, next_at=None, paused_until=until)
    needing = [replace(one, state=ItemState.NEEDS_RELINK) for one in well.items[:1]]
    background = BackgroundChanged(is_on=True, last_at=now - timedelta(minutes=25))
    return {
        TrayState.IDLE: told(replace(well, last=SyncFinished(3, 1, 0, ()))),
        TrayState.SYNCING: told(replace(well, is_syncing=True)),
        TrayState.NEEDS_YOU: told(replace(well, items=[*needing, *well.items[1:]])),
        TrayState.OFFLINE: told(replace(well, is_offline=True)),
        TrayState.PAUSED: told(replace(well, schedule=paused)),
        TrayState.LOCKED: told_locked(background, now),
    }


def _icons() -> QPixmap:
    """Return all icons in all sizes, on a light and a dark panel of two shades each."""
    wide = sum(drawing.SIZES) + _GAP * (len(drawing.SIZES) + 1)
    high = (max(drawing.SIZES) + _GAP) * len(TrayState)
    result = QPixmap(wide * len(_PANELS), high)
    with QPainter(result) as painter:
        for column, panel in enumerate(_PANELS):
            painter.fillRect(column * wide, 0, wide, high, QColor(panel))
            for row, state in enumerate(TrayState):
                x, y = column * wide + _GAP, row * (max(drawing.SIZES) + _GAP) + _GAP // 2
                for size in drawing.SIZES:
                    middle = (max(drawing.SIZES) - size) // 2
                    painter.drawPixmap(QPoint(x, y + middle), drawing.pixmap(state, size))
                    x += size + _GAP
    return result


class _Nobody:
    """A picture's menu is chosen from by nobody."""

    def open(self) -> None:
        """Do nothing."""

    def sync(self, item_id: ItemId | None = None) -> None:
        """Do nothing."""

    def pause(self) -> None:
        """Do nothing."""

    def resume(self) -> None:
        """Do nothing."""

    def add_row(self) -> None:
        """Do nothing."""

    def lock(self) -> None:
        """Do nothing."""

    def quit(self) -> None:
        """Do nothing."""
