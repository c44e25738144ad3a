"""A window on a vault whose keys come on standard input; ends by SIGTERM. Tells its moments."""

import sys
from pathlib import Path

from hive_desktop import logs
from hive_desktop.__main__ import start
from hive_desktop.bootstrap import instance
from hive_desktop.cli import serving
from hive_desktop.config import AppConfig
from hive_desktop.ports.handover import Visit
from hive_desktop.ports.vault import VaultKeys


def tell(moment):
    sys.stdout.write(f"{moment}\n")
    sys.stdout.flush()


def main():
    logs.set_up(None)
    settings = AppConfig.default(Path(sys.argv[1]))
    keys = VaultKeys(*(bytes.fromhex(part) for part in sys.stdin.readline().split()))
    place = instance.take_place(settings, Visit(hidden="hidden" in sys.argv), serving.run)
    if place is None:
        tell("called")
        return 0
    opener = None if "locked" in sys.argv else (lambda life: life.unlock_with(keys))
    return start(
        settings,
        residence=place.residence,
        opener=opener,
        mark=tell,
        quit_after_s=900.0,
    )


if __name__ == "__main__":
    sys.exit(main())
