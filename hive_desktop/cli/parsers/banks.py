"""Connections to banks: their keys, links and ends."""

from __future__ import annotations

import argparse

from hive_desktop.cli import banks as run_banks
from hive_desktop.cli.parsers import options
from hive_desktop.plaidkit.errors import PlaidError
from hive_desktop.plaidkit.hosts import resolve_host


def add_commands(commands: options.Commands) -> None:
    """Add the commands on connections."""
    bank = options.add(commands, "bank", "Set up the access to Plaid.")
    actions = bank.add_subparsers(title="actions", required=True, metavar="ACTION")
    parser = options.add(actions, "set", "Store your Plaid keys in the vault.")
    options.vault_options(parser)
    parser.add_argument(
        "--environment",
        required=True,
        type=_environment,
        metavar="ENV",
        help="production, sandbox, or the address of a sandbox bank on this computer",
    )
    parser.add_argument("--client-id", required=True, metavar="ID")
    parser.add_argument(
        "--secret-fd",
        type=int,
        metavar="N",
        help="read the secret from here (else from HIVE_PLAID_SECRET, else by a prompt)",
    )
    parser.set_defaults(run=run_banks.configure)

    parser = options.add(commands, "link", "Connect a bank on its own page in the browser.")
    options.vault_options(parser)
    _adoption_options(parser)
    parser.set_defaults(run=run_banks.link)

    parser = options.add(commands, "adopt", "Let a new connection continue an old one's history.")
    parser.add_argument("id", help="the new connection")
    options.vault_options(parser)
    _adoption_options(parser)
    parser.set_defaults(run=run_banks.adopt)

    parser = options.add(
        commands, "reconnect", "Sign in at a bank again; the connection stays the same."
    )
    parser.add_argument("id", help="the connection")
    options.vault_options(parser)
    parser.set_defaults(run=run_banks.reconnect)

    parser = options.add(commands, "disconnect", "End a connection at the bank, and then here.")
    parser.add_argument("id", help="the connection")
    history = parser.add_mutually_exclusive_group(required=True)
    history.add_argument(
        "--keep-history", action="store_true", help="accounts and rows stay, as closed ones"
    )
    history.add_argument(
        "--remove-history", action="store_true", help="accounts and rows leave the vault"
    )
    parser.add_argument(
        "--here-only",
        action="store_true",
        help="do not ask the bank; for a connection whose keys or relay are gone",
    )
    options.yes_option(parser)
    options.vault_options(parser)
    parser.set_defaults(run=run_banks.disconnect)


def _adoption_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--separate", action="store_true", help="a bank that is known already is one more bank"
    )
    options.yes_option(parser)


def _environment(text: str) -> str:
    try:
        resolve_host(text)
    except PlaidError as exc:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not production, sandbox, or an address on this computer"
        ) from exc
    return text
