"""Hive on a vault, with its window put away; ends when it is asked to."""

from __future__ import annotations

import asyncio
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from hive_desktop import logs
from hive_desktop.__main__ import start
from hive_desktop.config import AppConfig
from hive_desktop.ports.vault import VaultKeys
from hive_desktop.services.residence import Residence

if TYPE_CHECKING:
    from hive_desktop.services.lifecycle import AppLifecycle

FIRST_S = 4.0


def main() -> int:
    vault, today = Path(sys.argv[1]), date.fromisoformat(sys.argv[2])
    keys = VaultKeys(*(bytes.fromhex(part) for part in sys.stdin.readline().split()))
    logs.set_up(None)

    async def opened(life: AppLifecycle) -> None:
        await life.unlock_with(keys)
        asyncio.get_running_loop().call_later(FIRST_S, _close)

    return start(AppConfig.default(vault), today=today, opener=opened, residence=Residence())


def _close() -> None:
    """Close the window, as a person does."""
    from PySide6.QtWidgets import QApplication

    for window in QApplication.topLevelWidgets():
        if window.isVisible():
            window.close()
    sys.stdout.write("away\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
