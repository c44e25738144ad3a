"""Options that several commands have, and what makes a command."""

from __future__ import annotations

import argparse
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

E = TypeVar("E", bound=StrEnum)

_MOST_DIGITS = 9

# argparse gives what `add_subparsers` returns no public name.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001


def add(commands: Commands, name: str, words: str) -> argparse.ArgumentParser:
    """Add a command."""
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=words, description=words, allow_abbrev=False
    )
    return parser


def add_inner(commands: Commands, name: str, words: str) -> argparse.ArgumentParser:
    """Add an action of a command that has the vault's options too: what stands before it holds."""
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=words,
        description=words,
        allow_abbrev=False,
        argument_default=argparse.SUPPRESS,
    )
    return parser


def vault_options(parser: argparse.ArgumentParser, *, has_json: bool = True) -> None:
    """Add what every command on a vault takes."""
    parser.add_argument("--vault", type=Path, metavar="DIR", help="the vault's folder")
    parser.add_argument(
        "--passphrase-fd",
        type=count,
        metavar="N",
        help="read the passphrase from this open file descriptor",
    )
    parser.add_argument("--today", type=day, metavar="DATE", help="stop the clock at this date")
    if has_json:
        json_option(parser)


def json_option(parser: argparse.ArgumentParser) -> None:
    """Add `--json`."""
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def span_options(parser: argparse.ArgumentParser) -> None:
    """Add the first and the last day."""
    parser.add_argument("--from", dest="start", type=day, metavar="DATE", help="first day")
    parser.add_argument("--to", dest="end", type=day, metavar="DATE", help="last day")


def simulation_options(parser: argparse.ArgumentParser) -> None:
    """Add what a simulated bank is made of."""
    parser.add_argument(
        "--custom-user",
        type=Path,
        metavar="FILE",
        action="append",
        default=[],
        help="a household in Plaid's user_custom format; these files and nothing else",
    )
    parser.add_argument("--seed", type=int, default=7, metavar="N", help="seed of the household")
    parser.add_argument("--today", type=day, metavar="DATE", help="stop the clock at this date")


def yes_option(parser: argparse.ArgumentParser) -> None:
    """Add `--yes`."""
    parser.add_argument("--yes", action="store_true", help="agree without being asked")


def day(text: str) -> date:
    """Return the date that a text writes."""
    try:
        return date.fromisoformat(text)
    except ValueError as exc:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date like 2026-01-31") from exc


def one_of(kind: type[E]) -> Callable[[str], E]:
    """Return what reads a value of an enumeration from a text."""

    def read(text: str) -> E:
        try:
            return kind(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(kind)}") from None

    return read


def count(text: str) -> int:
    """Return the whole number that a text writes."""
    if not text.isdecimal() or len(text) > _MOST_DIGITS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to 999,999,999")
    return int(text)


def port(text: str) -> int:
    """Return the port that a text writes."""
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 0 to 65535")
    return int(text)
