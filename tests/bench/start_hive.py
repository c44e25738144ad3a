"""Hive's window on a vault whose key comes on standard input, until its last chart is painted."""

from __future__ import annotations

import sys
import time
from datetime import date
from pathlib import Path

from hive_desktop.__main__ import start
from hive_desktop.config import AppConfig
from hive_desktop.ports.vault import VaultKeys


def main() -> int:
    vault, today = Path(sys.argv[1]), date.fromisoformat(sys.argv[2])
    keys = VaultKeys(*(bytes.fromhex(part) for part in sys.stdin.read().split()))

    def mark(moment: str) -> None:
        sys.stdout.write(f"{moment} {time.monotonic()}\n")
        sys.stdout.flush()
        if moment == "charts":
            quit_program()

    def quit_program() -> None:
        from PySide6.QtWidgets import QApplication

        for window in QApplication.topLevelWidgets():
            window.close()

    return start(
        AppConfig.default(vault),
        today=today,
        opener=lambda life: life.unlock_with(keys),
        mark=mark,
        quit_after_s=20.0,
    )


if __name__ == "__main__":
    sys.exit(main())
