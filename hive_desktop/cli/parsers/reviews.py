"""What Hive is not sure of: `hive review` and `hive rate`."""

from __future__ import annotations

from hive_desktop.cli import editing
from hive_desktop.cli import reviews as run_reviews
from hive_desktop.cli.parsers import options


def add_commands(commands: options.Commands) -> None:
    """Add `hive review` and `hive rate`."""
    group = options.add(commands, "review", "Answer what Hive is not sure of.")
    actions = group.add_subparsers(title="actions", required=True, metavar="ACTION")
    parser = options.add(actions, "list", "List what waits: questions, and rows to be sorted.")
    parser.add_argument("--answered", action="store_true", help="the answered questions instead")
    parser.add_argument(
        "--limit", type=options.count, default=50, metavar="N", help="merchants to list"
    )
    options.vault_options(parser)
    parser.set_defaults(run=run_reviews.listing)
    parser = options.add(actions, "sort", "Put the rows of a merchant into a category.")
    parser.add_argument("merchant", metavar="MERCHANT|ID", help="as `hive review list` has it")
    parser.add_argument("category", metavar="CATEGORY")
    options.vault_options(parser)
    parser.set_defaults(run=run_reviews.sort)
    for name, run, words in (
        ("accept", run_reviews.accept, "Merge the two rows, or pair them as a transfer."),
        ("refuse", run_reviews.refuse, "Keep both rows, or say that they are no transfer."),
        ("take-back", run_reviews.take_back, "Undo an answer: unmerge, unpair, or ask again."),
    ):
        parser = options.add(actions, name, words)
        parser.add_argument("id")
        options.vault_options(parser)
        parser.set_defaults(run=run)

    rate = options.add(
        commands, "rate", "Enter an exchange rate, so that transfers are recognised."
    )
    rate.add_argument("base", metavar="BASE", help="the currency of which one unit is worth RATE")
    rate.add_argument("quote", metavar="QUOTE", help="the currency of the rate")
    rate.add_argument("rate", metavar="RATE", help="a number, or 'none' to remove it")
    rate.add_argument("--on", type=options.day, metavar="DATE", help="its day (default: today)")
    options.vault_options(rate)
    rate.set_defaults(run=editing.put_rate)
