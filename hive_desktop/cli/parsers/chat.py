"""`hive chat`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.cli import chat_model, chats
from hive_desktop.cli.parsers import options

if TYPE_CHECKING:
    import argparse


def add_commands(commands: options.Commands) -> None:
    """Add `hive chat` and `hive chats`."""
    parser = options.add(commands, "chat", "Ask a question about your money, in English or German.")
    parser.add_argument("question", metavar="QUESTION")
    parser.add_argument(
        "--model", action="store_true", help="ask the model that is set up (hive ai set)"
    )
    parser.add_argument(
        "--session",
        metavar="ID",
        help=f"ask within a session that is kept: one of hive chats list, or {chats.NEW!r}",
    )
    options.vault_options(parser)
    parser.set_defaults(run=_run)

    group = options.add(commands, "chats", "Sessions of the chat that are kept.")
    actions = group.add_subparsers(title="actions", required=True, metavar="ACTION")
    parser = options.add(actions, "list", "List sessions, the one changed last first.")
    options.vault_options(parser)
    parser.set_defaults(run=chats.listing, text=None)
    parser = options.add(actions, "search", "List sessions that have a text in them.")
    parser.add_argument("text", nargs="+", metavar="TEXT")
    options.vault_options(parser)
    parser.set_defaults(run=chats.listing)
    parser = options.add(actions, "rename", "Give a session a title.")
    parser.add_argument("id", metavar="ID")
    parser.add_argument("title", metavar="TITLE")
    options.vault_options(parser)
    parser.set_defaults(run=chats.rename)
    parser = options.add(actions, "delete", "Delete a session for good.")
    parser.add_argument("id", metavar="ID")
    options.vault_options(parser)
    parser.set_defaults(run=chats.delete)


def _run(given: argparse.Namespace) -> int:
    return chats.ask(given) if given.session else chat_model.run(given)
