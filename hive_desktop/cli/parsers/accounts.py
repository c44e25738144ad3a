"""`hive accounts ...`: what the person says of accounts themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.cli import accounts as run_accounts
from hive_desktop.cli import manual
from hive_desktop.cli.parsers import options
from hive_desktop.domain.manual import ManualKind

if TYPE_CHECKING:
    import argparse

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
    _by_hand(actions)


def _by_hand(actions: options.Commands) -> None:
    parser = options.add_inner(actions, "add", "Add an account that no bank tells of.")
    parser.add_argument("name", metavar="NAME")
    parser.add_argument(
        "--type", choices=[one.value for one in ManualKind], default=ManualKind.CASH.value
    )
    parser.add_argument("--currency", metavar="CODE", required=True, help="like EUR")
    parser.add_argument(
        "--balance",
        metavar="AMOUNT",
        default="0",
        help="what it held when the day began; of a card or a loan, what is owed",
    )
    _day(parser)
    parser.add_argument(
        "--institution", metavar="TEXT", default="", help="where it is, if anywhere"
    )
    options.vault_options(parser)
    parser.set_defaults(run=manual.add_account)
    parser = options.add_inner(actions, "delete", "Delete an account of your own with its rows.")
    parser.add_argument("id", help=_WHICH)
    options.vault_options(parser)
    parser.set_defaults(run=manual.delete_account)
    parser = options.add_inner(
        actions, "balance", "Say what an account of your own holds at the end of a day."
    )
    parser.add_argument("id", help=_WHICH)
    parser.add_argument("amount", metavar="AMOUNT", help="of a card or a loan, what is owed")
    _day(parser)
    options.vault_options(parser)
    parser.set_defaults(run=manual.balance)


def _day(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--on", type=options.day, metavar="DATE", default=None, help="today unless given"
    )
