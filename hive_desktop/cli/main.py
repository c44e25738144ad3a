"""The entry of `hive`: parse, run one command, and turn errors into words and exit codes.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 locked or wrong passphrase, 4 the bank or the model
needs attention, 5 offline, 130 interrupted. Standard output belongs to the result; everything else
goes to standard error.
"""

from __future__ import annotations

import logging
import os
import signal
import sys

from hive_desktop import logs
from hive_desktop.cli import output
from hive_desktop.cli.parsers import build_parser
from hive_desktop.ports.errors import HiveError

_log = logging.getLogger(__name__)
_INTERRUPTED = 130


def entry() -> None:
    """Run `hive` and leave with its exit code."""
    code = main(sys.argv[1:])
    if code == _INTERRUPTED:
        # A second Ctrl-C would end the interpreter, on its last steps, with another code.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(code)


def main(arguments: list[str]) -> int:
    """Run one command; returns the exit code."""
    try:
        options = build_parser().parse_args(arguments)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 2
    logs.set_up(None)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except HiveError as error:
        output.say_error(error)
        return error.exit_code
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception:  # noqa: BLE001 - the process's edge: no traceback for people
        _log.exception("a fault of the program itself")
        output.say_error(HiveError("This is a fault of the program itself; the details are above."))
        return 1
    return code
