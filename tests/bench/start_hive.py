"""Hive's window on a vault whose key comes on standard input, until its last chart is painted."""

from __future__ import annotations

import sys
import time
from datetime import date
from pathlib import Path

from hive_desktop import bootstrap, demo
from hive_desktop.config import AppConfig
from hive_desktop.ports.storage import VaultKeys


def main() -> int:
    vault, today = Path(sys.argv[1]), date.fromisoformat(sys.argv[2])
    keys = VaultKeys(*(bytes.fromhex(part) for part in sys.stdin.read().split()))
    clock = bootstrap.clock_of(today)
    app = bootstrap.ui_module("app")

    def mark(moment: str) -> None:
        sys.stdout.write(f"{moment} {time.monotonic()}\n")
        sys.stdout.flush()
        if moment == "charts":
            app.QApplication.activeWindow()
            quit_soon()

    def quit_soon() -> None:
        for window in app.QApplication.topLevelWidgets():
            window.close()

    return app.run(
        lambda: bootstrap.lifecycle(AppConfig.default(vault), clock, demo.WindowDemo(clock)),
        app.UiOptions(opener=lambda life: life.unlock_with(keys), mark=mark, quit_after_s=20),
    )


if __name__ == "__main__":
    sys.exit(main())
