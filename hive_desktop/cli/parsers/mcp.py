"""`hive mcp`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from hive_desktop.cli.parsers import options

if TYPE_CHECKING:
    from hive_desktop.cli.parsers.options import Commands


def add_commands(commands: Commands) -> None:
    """Add `hive mcp`."""
    parser = options.add(
        commands,
        "mcp",
        "Let an assistant on this computer ask the ledger, by the Model Context Protocol over "
        "standard input and output.",
    )
    parser.add_argument(
        "--allow-proposals",
        action="store_true",
        help="let it also propose changes, which you decide on in the window's chat",
    )
    # Said by one Hive to another: what is to be written before an answer goes.
    parser.add_argument("--keep", metavar="JSON", help=argparse.SUPPRESS)
    options.vault_options(parser, has_json=False)
    parser.set_defaults(run=_run)


def _run(given: argparse.Namespace) -> int:
    from hive_desktop.cli import mcp  # noqa: PLC0415 - the protocol's package is slow to import

    return mcp.run(given)
