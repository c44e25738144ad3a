"""`hive notices`."""

from __future__ import annotations

from hive_desktop.cli import notices as run_notices
from hive_desktop.cli.parsers import options


def add_commands(commands: options.Commands) -> None:
    """Add `hive notices`."""
    parser = options.add(commands, "notices", "List what was told outside of the window.")
    options.vault_options(parser)
    parser.add_argument(
        "--limit", type=options.count, metavar="N", help="at most so many (default: 50)"
    )
    parser.set_defaults(run=run_notices.listing)
