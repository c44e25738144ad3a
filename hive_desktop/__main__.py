"""The window's entry: arguments, the fault handler, logs, and then the composition root."""

from __future__ import annotations

if __name__ == "__main__":
    from hive_desktop.interrupts import end_at_once

    end_at_once()

import argparse
import faulthandler
import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hive_desktop import __version__, interrupts, logs
from hive_desktop.config import AppConfig
from hive_desktop.logs import crashes
from hive_desktop.ports.errors import HiveError

if TYPE_CHECKING:
    from datetime import date

# A bundled program starts itself by this to exchange a token; adapters/bank/exchange_guard.py.
_GUARD_FLAG = "--exchange-guard"
# So it says, in a process of its own, what its window's library is; adapters/computer.py.
_PROBE_FLAG = "--probe-window"


def entry() -> None:
    """Run the window and leave with its exit code."""
    interrupts.end_at_once()
    interrupts.leave(main(sys.argv[1:]))


def main(arguments: list[str]) -> int:
    """Run the window; returns the exit code."""
    if arguments == [_GUARD_FLAG]:
        from hive_desktop.adapters.bank.exchange_guard import (  # noqa: PLC0415 - another program
            entry as guard,
        )

        guard()
        return 0
    if arguments == [_PROBE_FLAG]:
        from hive_desktop.ui import probe  # noqa: PLC0415 - as above

        return probe.run()
    if sys.stderr is not None:
        faulthandler.enable()
    options = build_parser().parse_args(arguments)
    settings = AppConfig.default(options.vault)
    logs.set_up(settings.logs)
    with crashes.watching(settings.logs, "window") as ended:
        try:
            return _run(options, settings, ended)
        except HiveError as error:
            title, message, hint = error.rendered()
            sys.stderr.write(f"{title}. {message}\n{hint}\n")
            return error.exit_code
        except KeyboardInterrupt:
            return interrupts.INTERRUPTED


def _run(options: argparse.Namespace, settings: AppConfig, ended: list[str]) -> int:
    """Do what was asked for; `ended` names the reports of starts that ended in a fault."""
    if options.gallery:
        from hive_desktop import bootstrap  # noqa: PLC0415 - --help and --version stay quick

        return bootstrap.run_gallery()
    if options.pictures is not None:
        from hive_desktop import album  # noqa: PLC0415 - as above

        return album.write(options.pictures.absolute(), scale=options.scale)
    return _start_once(settings, options, ended=ended)


def _start_once(settings: AppConfig, options: argparse.Namespace, **window: Any) -> int:
    """Start the one window of a vault, or call the one that is there."""
    from hive_desktop.bootstrap import instance  # noqa: PLC0415 - --help and --version stay quick
    from hive_desktop.cli import serving  # noqa: PLC0415 - as above
    from hive_desktop.ports.handover import Visit  # noqa: PLC0415 - as above

    files = tuple(str(one) for one in map(_local, options.files))
    visit = Visit(options.demo, options.hidden, instance.token_of_the_desktop(), files)
    place = instance.take_place(settings, visit, serving.run)
    if place is None:
        return 0
    try:
        return start(settings, opens_demo=options.demo, residence=place.residence, **window)
    finally:
        place.leave()


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


def _local(text: str) -> Path:
    """Return the file that a desktop or a person names, whole: some give addresses."""
    if text.casefold().startswith("file:"):
        from urllib.parse import urlsplit  # noqa: PLC0415 - from a desktop only
        from urllib.request import url2pathname  # noqa: PLC0415 - as above

        text = url2pathname(urlsplit(text).path)
    return Path(text).absolute()


def build_parser() -> argparse.ArgumentParser:
    """Return the window's command line."""
    parser = argparse.ArgumentParser(
        prog="hive-desktop", description="Hive: personal finance in an encrypted vault."
    )
    parser.add_argument("files", nargs="*", metavar="FILE", help="statements to import")
    parser.add_argument("--version", action="version", version=f"hive-desktop {__version__}")
    parser.add_argument("--vault", type=Path, metavar="DIR", help="the vault's folder")
    parser.add_argument("--demo", action="store_true", help="open the demo at once")
    parser.add_argument("--hidden", action="store_true", help="start in the tray, without a window")
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
