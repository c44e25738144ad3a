"""`hive rules`."""

from __future__ import annotations

from hive_desktop.cli import rules as run_rules
from hive_desktop.cli.parsers import options


def add_commands(commands: options.Commands) -> None:
    """Add `hive rules`."""
    group = options.add(commands, "rules", "Rules of your own that sort, name, tag and hide rows.")
    actions = group.add_subparsers(title="actions", required=True, metavar="ACTION")
    parser = options.add(actions, "list", "List rules in their order, and rules worth making.")
    options.vault_options(parser)
    parser.set_defaults(run=run_rules.listing)

    for name, run, told, what in (
        ("add", run_rules.add, "Add a rule for rows that come from now on.", "CONDITIONS"),
        ("test", run_rules.test, "Show the rows that a rule would change.", "CONDITIONS|ID"),
    ):
        parser = options.add(actions, name, told)
        parser.add_argument(
            "conditions",
            metavar=what,
            help="such as 'name contains shell and amount between 10 60'; subjects: name, "
            "merchant, description, amount, account, day, sign; tests: contains, equals, regex, "
            "between",
        )
        parser.add_argument("--category", metavar="NAME")
        parser.add_argument("--rename", metavar="NAME", help="show rows under this name")
        parser.add_argument("--tag", action="append", metavar="TAG", help="may be repeated")
        parser.add_argument("--hide", action="store_true", help="leave rows out of all figures")
        parser.add_argument("--transfer", action="store_true", help="mark rows as transfers")
        parser.add_argument(
            "--stop", action="store_true", help="later rules leave these rows alone"
        )
        parser.add_argument("--name", metavar="NAME", help="the rule's own name")
        parser.add_argument(
            "--show", type=options.count, default=20, metavar="N", help="rows to list"
        )
        if run is run_rules.add:
            parser.add_argument("--apply", action="store_true", help="also to rows that are here")
        options.vault_options(parser)
        parser.set_defaults(run=run)

    parser = options.add(actions, "apply", "Apply a rule, or all, to the past: one change to undo.")
    parser.add_argument("id", nargs="?", metavar="ID")
    options.vault_options(parser)
    parser.set_defaults(run=run_rules.apply)
    for name, is_on, told in (
        ("on", True, "Turn a rule on."),
        ("off", False, "Turn a rule off; what it did stays."),
    ):
        parser = options.add(actions, name, told)
        parser.add_argument("id", metavar="ID")
        options.vault_options(parser)
        parser.set_defaults(run=run_rules.switch, on=is_on)
    parser = options.add(actions, "remove", "Remove a rule; what it did stays.")
    parser.add_argument("id", metavar="ID")
    options.vault_options(parser)
    parser.set_defaults(run=run_rules.remove)
    parser = options.add(actions, "always", "Put a row's merchant into a category from now on.")
    parser.add_argument("id", metavar="TRANSACTION")
    parser.add_argument("name", metavar="CATEGORY")
    options.vault_options(parser)
    parser.set_defaults(run=run_rules.always)
