"""`hive categories`."""

from __future__ import annotations

import argparse
import re

from hive_desktop.cli import categories as run_categories
from hive_desktop.cli.parsers import options
from hive_desktop.domain.ledger import CategoryKind

_WHICH = "a category's name"


def add_commands(commands: options.Commands) -> None:
    """Add `hive categories`."""
    group = options.add(commands, "categories", "The categories that transactions are sorted into.")
    options.vault_options(group)
    group.set_defaults(run=run_categories.listing)
    actions = group.add_subparsers(title="actions", metavar="ACTION")
    parser = options.add_inner(actions, "list", "List categories in their order, with their rows.")
    options.vault_options(parser)
    parser.set_defaults(run=run_categories.listing)

    parser = options.add_inner(actions, "add", "Add a category of your own.")
    parser.add_argument("name", metavar="NAME")
    parser.add_argument(
        "--kind", choices=[one.value for one in CategoryKind], default=CategoryKind.EXPENSE.value
    )
    parser.add_argument("--colour", type=_colour, default="#8899AA", metavar="#RRGGBB")
    parser.add_argument("--icon", default="tag", metavar="NAME", help="a drawing of the window's")
    options.vault_options(parser)
    parser.set_defaults(run=run_categories.add)

    for name, words, what in (
        ("rename", "Call a category something else.", "new_name"),
        ("colour", "Give a category another colour.", "colour"),
        ("icon", "Give a category another drawing.", "icon"),
    ):
        parser = options.add_inner(actions, name, words)
        parser.add_argument("name", metavar="NAME", help=_WHICH)
        parser.add_argument(
            what,
            type=_colour if what == "colour" else str,
            metavar="#RRGGBB" if what == "colour" else "NEW",
        )
        options.vault_options(parser)
        parser.set_defaults(run=run_categories.change, what=what)

    parser = options.add_inner(actions, "archive", "Offer a category no longer; rows keep it.")
    parser.add_argument("name", metavar="NAME", help=_WHICH)
    parser.add_argument("--back", action="store_true", default=False, help="offer it again")
    options.vault_options(parser)
    parser.set_defaults(run=run_categories.archive)

    parser = options.add_inner(actions, "merge", "Move all of a category into another: one change.")
    parser.add_argument("name", metavar="NAME", help="the category that goes")
    parser.add_argument("into", metavar="INTO", help="the category that stays")
    options.vault_options(parser)
    parser.set_defaults(run=run_categories.merge)


def _colour(text: str) -> str:
    if re.fullmatch(r"#[0-9A-Fa-f]{6}", text) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a colour like #4ECDC4")
    return text.upper()
