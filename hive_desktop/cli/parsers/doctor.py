"""`hive doctor`."""

from __future__ import annotations

from pathlib import Path

from hive_desktop.cli import doctor as run_doctor
from hive_desktop.cli.parsers import options


def add_commands(commands: options.Commands) -> None:
    """Add `hive doctor`."""
    parser = options.add(
        commands, "doctor", "See whether the vault, the program and the computer are well."
    )
    options.vault_options(parser)
    options.yes_option(parser)
    parser.add_argument(
        "--unlock", action="store_true", help="ask for the passphrase where none was given"
    )
    parser.add_argument(
        "--thorough",
        action="store_true",
        help="also look at every index and every seal of the ledger; takes longer",
    )
    parser.add_argument(
        "--network", action="store_true", help="ask each host that is set up once, on record"
    )
    parser.add_argument(
        "--save",
        type=Path,
        metavar="FILE",
        help="save a report for whoever helps, after showing all of it; no personal data is in it",
    )
    parser.add_argument(
        "--force", action="store_true", help="with --save, write over a file that is there"
    )
    parser.add_argument(
        "--delete-crashes",
        action="store_true",
        help="delete the reports of crashes that are kept on this computer, after all else",
    )
    parser.set_defaults(run=run_doctor.run)
