"""The commands of `hive` and their options, a file for each group of commands."""

from __future__ import annotations

import argparse

from hive_desktop import __version__
from hive_desktop.cli.parsers import (
    backups,
    banks,
    categories,
    chat,
    doctor,
    egress,
    exports,
    imports,
    ledger,
    mcp,
    models,
    notices,
    relays,
    reviews,
    rules,
    serve,
    simulations,
    syncing,
    vaults,
)

# As `hive --help` lists them.
_GROUPS = (
    simulations,
    vaults,
    backups,
    banks,
    relays,
    models,
    syncing,
    ledger,
    imports,
    chat,
    mcp,
    categories,
    reviews,
    rules,
    exports,
    serve,
    egress,
    notices,
    doctor,
)


def build_parser() -> argparse.ArgumentParser:
    """Return the whole command line."""
    parser = argparse.ArgumentParser(
        prog="hive",
        description="Personal finance in an encrypted vault on this computer.",
        epilog="Exit codes: 0 done, 1 failed, 2 wrong usage, 3 vault locked or wrong passphrase, "
        "4 the bank or the model needs attention, 5 offline.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"hive {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for group in _GROUPS:
        group.add_commands(commands)
    return parser
