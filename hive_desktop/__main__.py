"""The window's entry: arguments, the fault handler, logs, and then the composition root."""

from __future__ import annotations

import argparse
import faulthandler
import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hive_desktop import __version__, logs
from hive_desktop.config import AppConfig
from hive_desktop.ports.errors import HiveError

if TYPE_CHECKING:
    from datetime import date

# A bundled program starts itself by this to exchange a token; adapters/bank/exchange_guard.py.
_GUARD_FLAG = "--exchange-guard"


def entry() -> None:
    """Run the window and leave with its exit code."""
    sys.exit(main(sys.argv[1:]))


def main(arguments: list[str]) -> int:
    """Run the window; returns the exit code."""
    if arguments == [_GUARD_FLAG]:
        from hive_desktop.adapters.bank.exchange_guard import (  # noqa: PLC0415 - another program
            entry as guard,
        )

        guard()
        return 0
    if sys.stderr is not None:
        faulthandler.enable()
    options = _parser().parse_args(arguments)
    settings = AppConfig.default(options.vault)
    logs.set_up(settings.logs)
    try:
        if options.gallery:
            from hive_desktop import bootstrap  # noqa: PLC0415 - --help and --version stay quick

            return bootstrap.run_gallery()
        if options.pictures is not None:
            from hive_desktop import album  # noqa: PLC0415 - as above

            return album.write(options.pictures.absolute(), scale=options.scale)
        return start(settings, opens_demo=options.demo)
    except HiveError as error:
        title, message, hint = error.rendered()
        sys.stderr.write(f"{title}. {message}\n{hint}\n")
        return error.exit_code


def start(settings: AppConfig, *, today: date | None = None, **window: Any) -> int:
    """Start the window over a vault; `window` goes to `bootstrap.run_window`.

    While modules load and widgets are made nothing becomes garbage, so the collector rests; the
    window's loop takes over from it (`ui.kit.garbage`).
    """
    gc.disable()
    from hive_desktop import bootstrap, demo  # noqa: PLC0415 - --help and --version stay quick

    clock = bootstrap.clock_of(today)
    return bootstrap.run_window(
        lambda: bootstrap.lifecycle(settings, clock, demo.WindowDemo(clock)), **window
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hive-desktop", description="Hive: personal finance in an encrypted vault."
    )
    parser.add_argument("--version", action="version", version=f"hive-desktop {__version__}")
    parser.add_argument("--vault", type=Path, metavar="DIR", help="the vault's folder")
    parser.add_argument("--demo", action="store_true", help="open the demo at once")
    parser.add_argument(
        "--gallery", action="store_true", help="show every part that the window is made of"
    )
    parser.add_argument(
        "--pictures", type=Path, metavar="DIR", help="save pictures of every page in every state"
    )
    # A process has one scale: pictures at the other are made by a process of their own.
    parser.add_argument("--scale", type=int, choices=(1, 2), help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    entry()
