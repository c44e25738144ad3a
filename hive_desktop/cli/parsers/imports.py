"""Files of banks and other programs, and what was imported."""

from __future__ import annotations

import argparse
from pathlib import Path

from hive_desktop.cli import imports
from hive_desktop.cli.parsers import options
from hive_desktop.domain.csv_layouts import DateOrder, Role
from hive_desktop.domain.manual import ManualKind

_NOTHING = ("", "-", "none")


def add_commands(commands: options.Commands) -> None:
    """Add `hive import`."""
    parser = options.add(
        commands,
        "import",
        "Import statements: OFX, QFX, QIF, CSV, CAMT.052/053/054, MT940. "
        "Shows first what would be added, and asks.",
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    back = parser.add_mutually_exclusive_group()
    back.add_argument("--list", action="store_true", help="list what was imported instead")
    back.add_argument("--undo", metavar="ID", help="take an import of the list back")
    back.add_argument("--redo", metavar="ID", help="do an import again that was undone")
    parser.add_argument(
        "--account",
        metavar="NAME",
        help="the account that the rows go into: its id, name or mask, or 'new'; "
        "without, as the last time, or by what the file says",
    )
    parser.add_argument("--name", metavar="NAME", help="what a new account is called")
    kinds = [one.value for one in ManualKind if not one.is_of_a_thing]
    parser.add_argument("--type", choices=kinds, help="what a new account is")
    parser.add_argument("--dry-run", action="store_true", help="only show what would be added")
    parser.add_argument(
        "--columns",
        type=roles,
        metavar="ROLES",
        help="what the columns of a table are, from the first, like none,date,name,amount; "
        f"{', '.join(one.value.replace(' ', '-') for one in Role)}; none for what is not used",
    )
    parser.add_argument(
        "--dates",
        type=options.one_of(DateOrder),
        metavar="|".join(DateOrder),
        help="in which order day, month and year stand",
    )
    parser.add_argument(
        "--decimal", choices=[".", ","], help="what stands before the decimals of amounts"
    )
    parser.add_argument(
        "--positive",
        choices=["in", "out"],
        help="whether amounts without a minus are money in or money out",
    )
    parser.add_argument("--currency", metavar="CODE", help="of a file that names none, like EUR")
    parser.add_argument(
        "--same",
        action="store_true",
        help="take doubtful rows for those that are there; without, they come and are asked about",
    )
    options.yes_option(parser)
    options.vault_options(parser)
    parser.set_defaults(run=imports.take)


def roles(text: str) -> list[Role | None]:
    """Return the roles that a text names, one for each column."""
    found: list[Role | None] = []
    for one in text.split(","):
        word = one.strip().lower().replace("-", " ").strip()
        if word in _NOTHING or one.strip() in _NOTHING:
            found.append(None)
            continue
        try:
            found.append(Role(word))
        except ValueError:
            raise argparse.ArgumentTypeError(f"{one!r} is nothing that a column can be") from None
    return found
