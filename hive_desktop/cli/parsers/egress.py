"""`hive egress`."""

from __future__ import annotations

from pathlib import Path

from hive_desktop.cli import egress as run_egress
from hive_desktop.cli.parsers import options


def add_commands(commands: options.Commands) -> None:
    """Add `hive egress`."""
    parser = options.add(commands, "egress", "List what left this computer, newest first.")
    options.vault_options(parser)
    parser.add_argument("--since", type=options.day, metavar="DATE", help="first day")
    parser.add_argument("--host", metavar="H", help="only this host, or hosts of this domain")
    parser.add_argument("--purpose", metavar="P", help="only purposes that contain this")
    parser.add_argument(
        "--limit", type=options.count, metavar="N", help="at most so many (default: 50)"
    )
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument(
        "--export", type=Path, metavar="FILE", help="write all to a .csv or .jsonl file instead"
    )
    instead.add_argument(
        "--forget-before",
        type=options.day,
        metavar="DATE",
        help="delete what is older than this day",
    )
    options.yes_option(parser)
    parser.set_defaults(run=run_egress.listing)
    actions = parser.add_subparsers(title="actions", metavar="ACTION")
    show = options.add_inner(
        actions, "show", "Show one request as it was sent, with secrets masked."
    )
    show.add_argument("id", type=options.count)
    options.vault_options(show)
    show.set_defaults(run=run_egress.show)
