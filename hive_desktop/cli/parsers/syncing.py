"""`hive sync`."""

from __future__ import annotations

from hive_desktop.cli import syncing as run_syncing
from hive_desktop.cli.parsers import options


def add_commands(commands: options.Commands) -> None:
    """Add `hive sync`."""
    parser = options.add(commands, "sync", "Fetch what is new from the banks.")
    options.vault_options(parser)
    parser.add_argument("--item", metavar="ID", help="this connection only")
    options.span_options(parser)
    back = parser.add_mutually_exclusive_group()
    back.add_argument("--history", action="store_true", help="list what syncs did instead")
    back.add_argument("--undo", action="store_true", help="take the newest sync of a bank back")
    parser.add_argument(
        "--run", dest="run_id", metavar="ID", help="with --history: what this sync did, by row"
    )
    parser.add_argument(
        "--limit", type=options.count, metavar="N", help="with --history: at most so many"
    )
    options.yes_option(parser)
    parser.set_defaults(run=run_syncing.sync)
