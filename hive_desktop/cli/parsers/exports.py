"""`hive export`."""

from __future__ import annotations

from pathlib import Path

from hive_desktop.cli import exports as run_exports
from hive_desktop.cli.parsers import options


def add_commands(commands: options.Commands) -> None:
    """Add `hive export`."""
    parser = options.add(
        commands,
        "export",
        "Write the ledger for other programs: rows in a format, everything as an archive or as a "
        "plain SQLite file, or the overview as a picture.",
    )
    parser.add_argument(
        "format", nargs="?", choices=run_exports.KINDS, metavar="FORMAT",
        help=f"one of {', '.join(run_exports.KINDS)}",
    )  # fmt: skip
    parser.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="where to; - for standard output"
    )
    parser.add_argument("--filter", metavar="WORDS", help="what a search for them finds")
    parser.add_argument("--account", metavar="ID", help="an account's id, name or mask")
    parser.add_argument("--category", metavar="NAME", help="a category; 'none' for rows without")
    parser.add_argument("--since", dest="start", type=options.day, metavar="DATE", help="first day")
    parser.add_argument("--until", dest="end", type=options.day, metavar="DATE", help="last day")
    parser.add_argument("--force", action="store_true", help="write over a file that is there")
    parser.add_argument(
        "--schema", action="store_true", help="print the JSON Schema of jsonl's lines instead"
    )
    options.yes_option(parser)
    options.vault_options(parser)
    parser.set_defaults(run=run_exports.export)
