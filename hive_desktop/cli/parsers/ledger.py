"""What is read of the ledger, and the changes of single rows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hive_desktop.cli import editing, holdings, manual, reading, rewriting, splitting
from hive_desktop.cli.parsers import accounts, options
from hive_desktop.domain.days import Period

if TYPE_CHECKING:
    import argparse


def add_commands(commands: options.Commands) -> None:
    """Add the commands on accounts and transactions."""
    parser = options.add(commands, "items", "List the connected banks.")
    options.vault_options(parser)
    parser.set_defaults(run=holdings.items)

    parser = options.add(commands, "accounts", "List the accounts with their balances.")
    options.vault_options(parser)
    parser.set_defaults(run=holdings.accounts)
    actions = parser.add_subparsers(title="actions", metavar="ACTION")
    accept = options.add_inner(
        actions, "accept-balance", "Take a balance that disagrees with its rows as right."
    )
    accept.add_argument("id", help="an account's id, name or mask")
    options.vault_options(accept)
    accept.set_defaults(run=editing.accept_balance)
    accounts.add_actions(actions)

    parser = options.add(commands, "transactions", "List transactions, newest first.")
    options.vault_options(parser)
    options.span_options(parser)
    parser.add_argument("--account", metavar="ID", help="an account's id, name or mask")
    parser.add_argument("--category", metavar="NAME", help="a category; 'none' for rows without")
    parser.add_argument("--search", metavar="TEXT", help="words in names and notes")
    parser.add_argument("--pending", action="store_const", const=True, help="only pending ones")
    parser.add_argument(
        "--needs-review",
        action="store_const",
        const=True,
        help="only those whose category nobody is sure of",
    )
    parser.add_argument(
        "--hidden", action="store_const", const=True, help="only those that count in no figure"
    )
    parser.add_argument("--limit", type=options.count, metavar="N", help="at most so many")
    parser.add_argument("--offset", type=options.count, metavar="N", help="leave out so many")
    parser.add_argument(
        "--csv", type=Path, metavar="FILE", help="write all of them into a file for spreadsheets"
    )
    parser.add_argument("--force", action="store_true", help="let --csv write over a file")
    parser.set_defaults(run=reading.transactions)
    _editing(parser.add_subparsers(title="actions", metavar="ACTION"))
    spending = options.add(commands, "spending", "Figures by category and over time.")
    kinds = spending.add_subparsers(title="reports", required=True, metavar="REPORT")
    parser = options.add(kinds, "summary", "Totals by category; all history without dates.")
    options.vault_options(parser)
    options.span_options(parser)
    parser.set_defaults(run=reading.summary)
    parser = options.add(
        kinds, "trends", "Spending and income over time; all history without dates."
    )
    options.vault_options(parser)
    options.span_options(parser)
    parser.add_argument(
        "--period",
        type=options.one_of(Period),
        metavar="|".join(Period),
        default=Period.MONTH,
        help="how long each span is",
    )
    parser.set_defaults(run=reading.trends)


def _editing(actions: options.Commands) -> None:
    show = options.add_inner(actions, "show", "Show one transaction with what was changed on it.")
    show.add_argument("id")
    options.vault_options(show)
    show.set_defaults(run=reading.unfiltered(reading.show))
    choose = options.add_inner(actions, "set-category", "Put a transaction into a category.")
    choose.add_argument("id")
    choose.add_argument("name")
    options.vault_options(choose)
    choose.set_defaults(run=reading.unfiltered(editing.set_category))
    for name, run, words in (
        ("delete", editing.delete, "Take transactions out; the bank does not bring them back."),
        ("restore", editing.restore, "Bring deleted transactions back."),
        ("unpair", editing.unpair, "Say that a transaction is no transfer."),
    ):
        parser = options.add_inner(actions, name, words)
        parser.add_argument("ids", nargs="+", metavar="ID")
        options.vault_options(parser)
        parser.set_defaults(run=reading.unfiltered(run))
    _splitting(actions)
    _by_hand(actions)
    deleted = options.add_inner(actions, "deleted", "List what was deleted, the latest first.")
    options.vault_options(deleted)
    deleted.set_defaults(run=reading.unfiltered(editing.deleted))
    _rewriting(actions)
    undo = options.add_inner(actions, "undo", "Undo the newest change of a person.")
    options.vault_options(undo)
    undo.set_defaults(run=reading.unfiltered(editing.undo))
    redo = options.add_inner(actions, "redo", "Do again what was undone last.")
    options.vault_options(redo)
    redo.set_defaults(run=reading.unfiltered(editing.redo))


def _splitting(actions: options.Commands) -> None:
    parser = options.add_inner(
        actions, "split", "Divide a transaction into parts that add up to it; or divide it anew."
    )
    parser.add_argument("id", metavar="ID")
    parser.add_argument(
        "--part",
        dest="parts",
        metavar="AMOUNT:CATEGORY[:NOTE]",
        action="append",
        default=[],
        help="a part; amounts count in the transaction's own direction, one that goes back is "
        "written --part=-5:CATEGORY, and one part may have 'rest'",
    )
    options.vault_options(parser)
    parser.set_defaults(run=reading.unfiltered(splitting.split))
    joined = options.add_inner(actions, "join", "Make a transaction in parts one again.")
    joined.add_argument("id", metavar="ID", help="its id, or that of a part")
    options.vault_options(joined)
    joined.set_defaults(run=reading.unfiltered(splitting.join))


def _by_hand(actions: options.Commands) -> None:
    parser = options.add_inner(actions, "add", "Add a transaction to an account of your own.")
    parser.add_argument("into_account", metavar="ACCOUNT", help="its id, name or mask")
    parser.add_argument("name", metavar="NAME", help="who was paid, or who paid")
    _facts(parser)
    parser.add_argument(
        "--category",
        dest="new_category",
        metavar="NAME",
        default=None,
        help="decided like that of any other row unless given; 'none' for none",
    )
    parser.add_argument("--note", metavar="TEXT", default="", help="a note")
    options.vault_options(parser)
    parser.set_defaults(run=reading.unfiltered(manual.add_row))
    parser = options.add_inner(
        actions, "change", "Change day, amount or name of a transaction that you added."
    )
    parser.add_argument("id", metavar="ID")
    _facts(parser)
    parser.add_argument("--rename", metavar="TEXT", default=None, help="another name")
    options.vault_options(parser)
    parser.set_defaults(run=reading.unfiltered(manual.change_row))


def _facts(parser: argparse.ArgumentParser) -> None:
    either = parser.add_mutually_exclusive_group()
    either.add_argument("--out", metavar="AMOUNT", default=None, help="money out")
    either.add_argument("--in", dest="into", metavar="AMOUNT", default=None, help="money in")
    parser.add_argument(
        "--on", type=options.day, metavar="DATE", default=None, help="the day; today unless given"
    )


def _rewriting(actions: options.Commands) -> None:
    parser = options.add_inner(
        actions, "edit", "Change transactions: name, note, tags, category, hidden, reviewed."
    )
    parser.add_argument("ids", nargs="*", metavar="ID", default=[])
    parser.add_argument(
        "--where",
        action="store_true",
        default=False,
        help="all that the filters before 'edit' choose, instead of ids",
    )
    parser.add_argument("--rename", metavar="TEXT", default=None, help="a name; '' for the bank's")
    parser.add_argument("--note", metavar="TEXT", default=None, help="a note; '' takes it away")
    parser.add_argument("--tag", metavar="TAG", action="append", default=[], help="add a tag")
    parser.add_argument("--untag", metavar="TAG", action="append", default=[], help="take one away")
    parser.add_argument(
        "--category",
        dest="new_category",
        metavar="NAME",
        default=None,
        help="put them into a category; 'none' for none",
    )
    for name, (yes, no), (words_yes, words_no) in (
        ("is_hidden", ("--hide", "--show"), ("count them in no figure", "count them again")),
        (
            "is_reviewed",
            ("--reviewed", "--unreviewed"),
            ("say that they are right", "let them want a look again"),
        ),
    ):
        either = parser.add_mutually_exclusive_group()
        either.add_argument(
            yes, dest=name, action="store_const", const=True, default=None, help=words_yes
        )
        either.add_argument(
            no, dest=name, action="store_const", const=False, default=None, help=words_no
        )
    options.yes_option(parser)
    parser.set_defaults(yes=False)
    options.vault_options(parser)
    parser.set_defaults(run=rewriting.edit)
