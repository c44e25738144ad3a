"""The entry of `hive`: parse, run one command, and turn errors into words and exit codes.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 locked or wrong passphrase, 4 the bank or the model
needs attention, 5 offline, 130 interrupted. Standard output belongs to the result; everything else
goes to standard error.
"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

from hive_desktop import interrupts, logs
from hive_desktop.cli import given, output, streams
from hive_desktop.cli.context import OwnedElsewhereError
from hive_desktop.cli.parsers import build_parser
from hive_desktop.config import AppConfig
from hive_desktop.logs import crashes
from hive_desktop.ports.errors import HiveError

if TYPE_CHECKING:
    import argparse

_log = logging.getLogger(__name__)


def entry() -> None:
    """Run `hive` and leave with its exit code."""
    interrupts.end_at_once()
    interrupts.leave(main(sys.argv[1:]))


def main(arguments: list[str]) -> int:
    """Run one command; returns the exit code."""
    try:
        options = build_parser().parse_args(arguments)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 2
    folder = AppConfig.default().logs
    logs.set_up(folder)
    given.forget()
    with crashes.watching(folder, "command"):
        return _guarded(options, arguments)


def _guarded(options: argparse.Namespace, arguments: list[str]) -> int:
    """Run a command; whatever comes of it is an exit code."""
    try:
        with interrupts.raised():
            code = _run(options, arguments)
            streams.out.flush()
    except HiveError as error:
        output.say_error(error)
        return error.exit_code
    except KeyboardInterrupt:
        return interrupts.INTERRUPTED
    except BrokenPipeError:
        streams.drop_output()
        return 0
    except Exception as error:  # noqa: BLE001 - the process's edge: no traceback for people
        _log.exception("a fault of the program itself")
        crashes.note_error("Python error of a command", error)
        output.say_error(HiveError("This is a fault of the program itself; the details are above."))
        return 1
    return code


def _run(options: argparse.Namespace, arguments: list[str]) -> int:
    try:
        code: int = options.run(options)
    except OwnedElsewhereError as owned:
        from hive_desktop.cli import handover  # noqa: PLC0415 - beside an open window only

        return handover.run(arguments, owned)
    return code
