"""Runs a command that another process handed over, in the session that is open here.

Only what knows no other session than the given one is run: a command that makes a vault, a bank or
a window of its own has nothing to do in somebody else's. It speaks English, as in the terminal that
it came from, and what it writes goes there.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from hive_desktop import i18n
from hive_desktop.cli import output, streams
from hive_desktop.cli.parsers import build_parser
from hive_desktop.cli.served import Served, serving
from hive_desktop.ports.errors import HiveError, UsageError

if TYPE_CHECKING:
    import argparse

    from hive_desktop.ports.handover import Command
    from hive_desktop.services.front_door import LoopWork
    from hive_desktop.services.session import VaultSession

_log = logging.getLogger(__name__)
_INTERRUPTED = 130
_WRONG_USAGE = 2
# They make something of their own, or set how the session's chat speaks.
_ELSEWHERE = frozenset(("demo", "sandbox", "vault", "eval", "chat"))


def run(command: Command, session: VaultSession, loop: LoopWork) -> int:
    """Run a command; returns its exit code. Blocks: called on a thread of its own."""
    here = Served(command, session, loop)
    with serving(here), i18n.in_source_language(), streams.sent(command):
        return _run(command)


def _run(command: Command) -> int:
    try:
        options = build_parser().parse_args(list(command.arguments))
        _check(command.arguments[0])
        _place(options, command.folder)
        code: int = options.run(options)
    except SystemExit:  # whoever called has understood the words
        output.say_error(
            UsageError(
                "The Hive that has the vault open does not know this command.",
                title="Another version of Hive is running",
                hint="Quit it, start it again, and run the command again.",
            )
        )
        return _WRONG_USAGE
    except HiveError as error:
        output.say_error(error)
        return error.exit_code
    except (KeyboardInterrupt, asyncio.CancelledError):
        return _INTERRUPTED
    except Exception:  # noqa: BLE001 - the command's edge: the window goes on
        _log.exception("a command that was handed over failed")
        output.say_error(HiveError("This is a fault of the program itself; its log has more."))
        return 1
    return code


def _check(name: str) -> None:
    if name in _ELSEWHERE:
        raise UsageError(
            "hive {name} cannot run inside the Hive that has the vault open.",
            title="The vault is in use",
            hint="Lock the vault there, or quit that Hive, and run it again.",
            name=name,
        )


def _place(options: argparse.Namespace, folder: Path) -> None:
    """Let paths start where the command was called."""
    for name, value in vars(options).items():
        if isinstance(value, Path):
            setattr(options, name, folder / value)
        elif isinstance(value, list):
            placed = [folder / one if isinstance(one, Path) else one for one in value]
            setattr(options, name, placed)
