"""`hive backup`."""

from __future__ import annotations

import argparse
from pathlib import Path

from hive_desktop.cli import backups as run_backups
from hive_desktop.cli.parsers import options


def add_commands(commands: options.Commands) -> None:
    """Add `hive backup`."""
    group = options.add(commands, "backup", "Make, prove and restore backups of the vault.")
    actions = group.add_subparsers(title="actions", required=True, metavar="ACTION")
    now = options.add(actions, "now", "Make a backup, open it, and count what it holds.")
    now.set_defaults(run=run_backups.now)
    listing = options.add(actions, "list", "List backups, newest first.")
    listing.set_defaults(run=run_backups.listing)
    verify = options.add(actions, "verify", "Read, open and count backups again; by default all.")
    verify.add_argument(
        "backup", nargs="*", type=Path, metavar="BACKUP", help="a file, or its name"
    )
    verify.set_defaults(run=run_backups.verify)
    restore = options.add(
        actions,
        "restore",
        "Put a backup into the place of the vault, which is kept aside; by default the newest in "
        "its folder.",
    )
    restore.add_argument(
        "backup", nargs="?", type=Path, metavar="BACKUP", help="a file, or its name"
    )
    restore.add_argument(
        "--with-kit",
        action="store_true",
        help="open it with the recovery kit of its day instead of the passphrase",
    )
    restore.add_argument(
        "--another-vault",
        action="store_true",
        help="also where the backup is of another vault than the one that is there",
    )
    options.yes_option(restore)
    restore.set_defaults(run=run_backups.restore)
    place = options.add(actions, "folder", "Choose where backups go, or show it.")
    choice = place.add_mutually_exclusive_group()
    choice.add_argument(
        "folder", nargs="?", type=_folder, metavar="DIR", help="a folder that exists"
    )
    choice.add_argument("--own", action="store_true", help="the vault's own folder again")
    place.set_defaults(run=run_backups.place)
    for parser in (now, listing, verify, restore, place):
        options.vault_options(parser)
    for parser in (listing, verify, restore):
        parser.add_argument(
            "--in", dest="place", type=Path, metavar="DIR", help="look in this folder instead"
        )


def _folder(told: str) -> Path:
    """Return a folder that was named; nothing, as an unset variable gives it, is no folder."""
    if not told.strip():
        raise argparse.ArgumentTypeError("no folder was named: name one, or use --own")
    return Path(told)
