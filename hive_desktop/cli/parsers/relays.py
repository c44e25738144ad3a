"""`hive relay`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.cli import relays as run_relays
from hive_desktop.cli.parsers import options

if TYPE_CHECKING:
    import argparse


def add_commands(commands: options.Commands) -> None:
    """Add `hive relay`."""
    group = options.add(commands, "relay", "Sign in at a relay, which holds Plaid's keys for you.")
    actions = group.add_subparsers(title="actions", required=True, metavar="ACTION")
    parser = options.add(actions, "login", "Sign in; new banks are connected through the relay.")
    parser.add_argument("url", metavar="URL", help="the relay, such as https://relay.example.org")
    parser.add_argument("--email", required=True, metavar="E-MAIL")
    parser.add_argument(
        "--register",
        action="store_true",
        help="make an account first; the invite code is read from HIVE_RELAY_INVITE",
    )
    _password(parser)
    options.vault_options(parser)
    parser.set_defaults(run=run_relays.login)

    parser = options.add(actions, "logout", "Sign out of the relay.")
    parser.add_argument("--everywhere", action="store_true", help="on every device of yours")
    options.vault_options(parser)
    parser.set_defaults(run=run_relays.logout)

    for name, run, words in (
        (
            "status",
            run_relays.status,
            "Show where this vault is signed in, and whether it answers.",
        ),
        ("data", run_relays.data, "Show all that the relay keeps of you."),
    ):
        parser = options.add(actions, name, words)
        options.vault_options(parser)
        parser.set_defaults(run=run)

    parser = options.add(
        actions, "devices", "List your devices that are signed in, or sign one out."
    )
    parser.add_argument("--revoke", metavar="ID", help="sign this one out")
    options.vault_options(parser)
    parser.set_defaults(run=run_relays.devices)

    parser = options.add(actions, "password", "Change your password at the relay.")
    _password(parser)
    parser.add_argument(
        "--new-password-fd",
        type=int,
        metavar="N",
        help="read the new one from here (else from HIVE_NEW_RELAY_PASSWORD, else by a prompt)",
    )
    options.vault_options(parser)
    parser.set_defaults(run=run_relays.password)

    parser = options.add(
        actions, "delete-account", "End the relay's banks at Plaid, then your account."
    )
    parser.add_argument(
        "--abandon", action="store_true", help="even where a bank cannot be ended, which stays"
    )
    _password(parser)
    options.yes_option(parser)
    options.vault_options(parser)
    parser.set_defaults(run=run_relays.delete_account)

    parser = options.add(actions, "use", "Choose how new banks are connected.")
    parser.add_argument("way", choices=("relay", "keys"))
    options.vault_options(parser)
    parser.set_defaults(run=run_relays.use)


def _password(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--password-fd",
        type=int,
        metavar="N",
        help="read the password from here (else from HIVE_RELAY_PASSWORD, else by a prompt)",
    )
