"""`hive accounts ...`: what the person says of accounts themselves."""

from __future__ import annotations

from hive_desktop.cli import accounts as run_accounts
from hive_desktop.cli.parsers import options

_WHICH = "an account's id, name or mask"


def add_actions(actions: options.Commands) -> None:
    """Add names, order, and what lists and net worth leave out."""
    parser = options.add_inner(actions, "rename", "Give an account a name of your own.")
    parser.add_argument("id", help=_WHICH)
    parser.add_argument("name", metavar="NAME", help="'' for the bank's name again")
    options.vault_options(parser)
    parser.set_defaults(run=run_accounts.rename)
    for name, is_hidden, words in (
        ("hide", True, "Leave an account out of lists and net worth; its rows still count."),
        ("show", False, "Show a hidden account again."),
    ):
        parser = options.add_inner(actions, name, words)
        parser.add_argument("id", help=_WHICH)
        options.vault_options(parser)
        parser.set_defaults(run=run_accounts.hide, hidden=is_hidden)
    parser = options.add_inner(actions, "order", "List accounts of a bank in this order.")
    parser.add_argument("id", nargs="+", help=_WHICH)
    options.vault_options(parser)
    parser.set_defaults(run=run_accounts.order)
    parser = options.add_inner(actions, "worth", "Count an account in net worth, or not.")
    parser.add_argument("id", help=_WHICH)
    parser.add_argument("counts", choices=["on", "off"])
    options.vault_options(parser)
    parser.set_defaults(run=run_accounts.worth)
