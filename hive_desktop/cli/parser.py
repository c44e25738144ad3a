"""The commands of `hive` and their options."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from hive_desktop import __version__
from hive_desktop.cli import (
    ai,
    banks,
    demos,
    editing,
    egress,
    evals,
    holdings,
    reading,
    relays,
    reviews,
    rules,
    syncing,
    vaults,
)
from hive_desktop.domain.days import Period
from hive_desktop.plaidkit.errors import PlaidError
from hive_desktop.plaidkit.hosts import resolve_host

_MOST_DIGITS = 9


def build_parser() -> argparse.ArgumentParser:
    """Return the whole command line."""
    parser = argparse.ArgumentParser(
        prog="hive",
        description="Personal finance in an encrypted vault on this computer.",
        epilog="Exit codes: 0 done, 1 failed, 2 wrong usage, 3 vault locked or wrong passphrase, "
        "4 the bank needs attention, 5 offline.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"hive {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _demo(commands)
    _sandbox(commands)
    _vault(commands)
    _banks(commands)
    _relay(commands)
    _ai(commands)
    _sync(commands)
    _reading(commands)
    _reviews(commands)
    _rules(commands)
    _evals(commands)
    _egress(commands)
    return parser


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, words: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=words, description=words, allow_abbrev=False
    )
    return parser


def _add_inner(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, words: str
) -> argparse.ArgumentParser:
    """Add an action of a command that has the vault's options too: what stands before it holds."""
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=words,
        description=words,
        allow_abbrev=False,
        argument_default=argparse.SUPPRESS,
    )
    return parser


def _vault_options(parser: argparse.ArgumentParser, *, has_json: bool = True) -> None:
    parser.add_argument("--vault", type=Path, metavar="DIR", help="the vault's folder")
    parser.add_argument(
        "--passphrase-fd",
        type=int,
        metavar="N",
        help="read the passphrase from this open file descriptor",
    )
    parser.add_argument("--today", type=_date, metavar="DATE", help="stop the clock at this date")
    if has_json:
        _json(parser)


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def _span(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="start", type=_date, metavar="DATE", help="first day")
    parser.add_argument("--to", dest="end", type=_date, metavar="DATE", help="last day")


def _bank_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--custom-user",
        type=Path,
        metavar="FILE",
        action="append",
        default=[],
        help="a household in Plaid's user_custom format; these files and nothing else",
    )
    parser.add_argument("--seed", type=int, default=7, metavar="N", help="seed of the household")
    parser.add_argument("--today", type=_date, metavar="DATE", help="stop the clock at this date")


def _demo(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _add(commands, "demo", "Start the sandbox bank, link it, sync it, and show it.")
    parser.add_argument("--headless", action="store_true", help="no window: write pictures")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where vault and pictures go")
    _bank_options(parser)
    _json(parser)
    parser.set_defaults(run=demos.demo)


def _sandbox(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _add(commands, "sandbox", "Run the simulated bank alone, until interrupted.")
    parser.add_argument("--port", type=_port, default=0, metavar="P", help="0: any free one")
    _bank_options(parser)
    parser.set_defaults(run=demos.sandbox)


def _vault(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    group = _add(commands, "vault", "Make a vault and look after its keys.")
    actions = group.add_subparsers(title="actions", required=True, metavar="ACTION")
    for name, run, words in (
        ("create", vaults.create, "Make a vault; prints the recovery kit once."),
        ("info", vaults.info, "Show what the header tells without a key."),
        ("change-passphrase", vaults.change_passphrase, "Change the passphrase."),
        ("recovery-kit", vaults.recovery_kit, "Make a new recovery kit; the old one ends."),
        ("recover", vaults.recover, "Set a new passphrase with the recovery kit."),
        ("keychain", vaults.keychain, "Let this computer's keychain open the vault, or not."),
    ):
        parser = _add(actions, name, words)
        _vault_options(parser)
        parser.set_defaults(run=run)
        if name in ("change-passphrase", "recover"):
            parser.add_argument(
                "--new-passphrase-fd", type=int, metavar="N", help="read the new one from here"
            )
            parser.add_argument(
                "--rekey",
                action="store_true",
                help="encrypt the ledger anew, so that old copies of the header open nothing",
            )
        if name == "keychain":
            parser.add_argument("switch", choices=("on", "off"))


def _banks(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    bank = _add(commands, "bank", "Set up the access to Plaid.")
    actions = bank.add_subparsers(title="actions", required=True, metavar="ACTION")
    parser = _add(actions, "set", "Store your Plaid keys in the vault.")
    _vault_options(parser)
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
    parser.set_defaults(run=banks.configure)

    parser = _add(commands, "link", "Connect a bank on its own page in the browser.")
    _vault_options(parser)
    _adoption_options(parser)
    parser.set_defaults(run=banks.link)

    parser = _add(commands, "adopt", "Let a new connection continue an old one's history.")
    parser.add_argument("id", help="the new connection")
    _vault_options(parser)
    _adoption_options(parser)
    parser.set_defaults(run=banks.adopt)

    parser = _add(commands, "reconnect", "Sign in at a bank again; the connection stays the same.")
    parser.add_argument("id", help="the connection")
    _vault_options(parser)
    parser.set_defaults(run=banks.reconnect)

    parser = _add(commands, "disconnect", "End a connection at the bank, and then here.")
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
    _yes(parser)
    _vault_options(parser)
    parser.set_defaults(run=banks.disconnect)


def _relay(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    group = _add(commands, "relay", "Sign in at a relay, which holds Plaid's keys for you.")
    actions = group.add_subparsers(title="actions", required=True, metavar="ACTION")
    parser = _add(actions, "login", "Sign in; new banks are connected through the relay.")
    parser.add_argument("url", metavar="URL", help="the relay, such as https://relay.example.org")
    parser.add_argument("--email", required=True, metavar="E-MAIL")
    parser.add_argument(
        "--register",
        action="store_true",
        help="make an account first; the invite code is read from HIVE_RELAY_INVITE",
    )
    _password(parser)
    _vault_options(parser)
    parser.set_defaults(run=relays.login)

    parser = _add(actions, "logout", "Sign out of the relay.")
    parser.add_argument("--everywhere", action="store_true", help="on every device of yours")
    _vault_options(parser)
    parser.set_defaults(run=relays.logout)

    for name, run, words in (
        ("status", relays.status, "Show where this vault is signed in, and whether it answers."),
        ("data", relays.data, "Show all that the relay keeps of you."),
    ):
        parser = _add(actions, name, words)
        _vault_options(parser)
        parser.set_defaults(run=run)

    parser = _add(actions, "devices", "List your devices that are signed in, or sign one out.")
    parser.add_argument("--revoke", metavar="ID", help="sign this one out")
    _vault_options(parser)
    parser.set_defaults(run=relays.devices)

    parser = _add(actions, "password", "Change your password at the relay.")
    _password(parser)
    parser.add_argument(
        "--new-password-fd",
        type=int,
        metavar="N",
        help="read the new one from here (else from HIVE_NEW_RELAY_PASSWORD, else by a prompt)",
    )
    _vault_options(parser)
    parser.set_defaults(run=relays.password)

    parser = _add(actions, "delete-account", "End the relay's banks at Plaid, then your account.")
    parser.add_argument(
        "--abandon", action="store_true", help="even where a bank cannot be ended, which stays"
    )
    _password(parser)
    _yes(parser)
    _vault_options(parser)
    parser.set_defaults(run=relays.delete_account)

    parser = _add(actions, "use", "Choose how new banks are connected.")
    parser.add_argument("way", choices=("relay", "keys"))
    _vault_options(parser)
    parser.set_defaults(run=relays.use)


def _password(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--password-fd",
        type=int,
        metavar="N",
        help="read the password from here (else from HIVE_RELAY_PASSWORD, else by a prompt)",
    )


def _ai(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    group = _add(commands, "ai", "Choose a model that is asked for categories.")
    actions = group.add_subparsers(title="actions", required=True, metavar="ACTION")
    for name, run, words in (
        ("status", ai.status, "Show how the model is set up, and what this month has cost."),
        ("test", ai.test, "Ask the model one made-up question."),
        ("models", ai.models, "List the models that the server offers."),
        ("forget", ai.forget, "Forget the model and its key."),
    ):
        parser = _add(actions, name, words)
        _vault_options(parser)
        parser.set_defaults(run=run)

    parser = _add(actions, "set", "Choose a model; its key is kept in the vault.")
    parser.add_argument("--profile", required=True, metavar="NAME", help=f"one of {ai.PROFILES}")
    parser.add_argument("--url", metavar="URL", help="the server's address, up to and with /v1")
    parser.add_argument("--model", metavar="NAME")
    parser.add_argument(
        "--key-fd", type=int, metavar="N", help="read the key from here (else from HIVE_AI_KEY)"
    )
    parser.add_argument("--ask-key", action="store_true", help="ask for the key by a prompt")
    parser.add_argument(
        "--ask", choices=("on", "off"), help="show each request before it is sent, or not"
    )
    _vault_options(parser)
    parser.set_defaults(run=ai.configure)

    parser = _add(actions, "prices", "Show the price list, or enter the price of a model.")
    parser.add_argument("prices", nargs="*", metavar="AMOUNT", help="prompt, cached, answer")
    parser.add_argument("--model", metavar="NAME")
    parser.add_argument("--remove", action="store_true", help="go back to the program's own")
    _vault_options(parser)
    parser.set_defaults(run=ai.prices)

    parser = _add(actions, "budget", "Show or set what a month may cost at most.")
    parser.add_argument("amount", nargs="?", metavar="AMOUNT", help="such as 5.00, or 'none'")
    _vault_options(parser)
    parser.set_defaults(run=ai.budget)


def _sync(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _add(commands, "sync", "Fetch what is new from the banks.")
    _vault_options(parser)
    parser.add_argument("--item", metavar="ID", help="this connection only")
    _span(parser)
    back = parser.add_mutually_exclusive_group()
    back.add_argument("--history", action="store_true", help="list what syncs did instead")
    back.add_argument("--undo", action="store_true", help="take the newest sync of a bank back")
    parser.add_argument(
        "--run", dest="run_id", metavar="ID", help="with --history: what this sync did, by row"
    )
    parser.add_argument("--limit", type=_count, metavar="N", help="with --history: at most so many")
    _yes(parser)
    parser.set_defaults(run=syncing.sync)

    parser = _add(
        commands, "categorize", "Decide over every row again, and ask the model about the rest."
    )
    _vault_options(parser)
    parser.set_defaults(run=banks.categorize)


def _adoption_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--separate", action="store_true", help="a bank that is known already is one more bank"
    )
    _yes(parser)


def _yes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="agree without being asked")


def _reviews(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    group = _add(commands, "review", "Answer what Hive is not sure of.")
    actions = group.add_subparsers(title="actions", required=True, metavar="ACTION")
    parser = _add(actions, "list", "List the open questions, most probable first.")
    parser.add_argument("--answered", action="store_true", help="the answered ones instead")
    _vault_options(parser)
    parser.set_defaults(run=reviews.listing)
    for name, run, words in (
        ("accept", reviews.accept, "Merge the two rows, or pair them as a transfer."),
        ("refuse", reviews.refuse, "Keep both rows, or say that they are no transfer."),
        ("take-back", reviews.take_back, "Undo an answer: unmerge, unpair, or ask again."),
    ):
        parser = _add(actions, name, words)
        parser.add_argument("id")
        _vault_options(parser)
        parser.set_defaults(run=run)

    rate = _add(commands, "rate", "Enter an exchange rate, so that transfers are recognised.")
    rate.add_argument("base", metavar="BASE", help="the currency of which one unit is worth RATE")
    rate.add_argument("quote", metavar="QUOTE", help="the currency of the rate")
    rate.add_argument("rate", metavar="RATE", help="a number, or 'none' to remove it")
    rate.add_argument("--on", type=_date, metavar="DATE", help="its day (default: today)")
    _vault_options(rate)
    rate.set_defaults(run=editing.put_rate)


def _rules(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    group = _add(commands, "rules", "Rules of your own that sort, name, tag and hide rows.")
    actions = group.add_subparsers(title="actions", required=True, metavar="ACTION")
    parser = _add(actions, "list", "List rules in their order, and rules worth making.")
    _vault_options(parser)
    parser.set_defaults(run=rules.listing)

    for name, run, told, what in (
        ("add", rules.add, "Add a rule for rows that come from now on.", "CONDITIONS"),
        ("test", rules.test, "Show the rows that a rule would change.", "CONDITIONS|ID"),
    ):
        parser = _add(actions, name, told)
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
        parser.add_argument("--show", type=_count, default=20, metavar="N", help="rows to list")
        if run is rules.add:
            parser.add_argument("--apply", action="store_true", help="also to rows that are here")
        _vault_options(parser)
        parser.set_defaults(run=run)

    parser = _add(actions, "apply", "Apply a rule, or all, to the past: one change to undo.")
    parser.add_argument("id", nargs="?", metavar="ID")
    _vault_options(parser)
    parser.set_defaults(run=rules.apply)
    for name, is_on, told in (
        ("on", True, "Turn a rule on."),
        ("off", False, "Turn a rule off; what it did stays."),
    ):
        parser = _add(actions, name, told)
        parser.add_argument("id", metavar="ID")
        _vault_options(parser)
        parser.set_defaults(run=rules.switch, on=is_on)
    parser = _add(actions, "remove", "Remove a rule; what it did stays.")
    parser.add_argument("id", metavar="ID")
    _vault_options(parser)
    parser.set_defaults(run=rules.remove)
    parser = _add(actions, "always", "Put a row's merchant into a category from now on.")
    parser.add_argument("id", metavar="TRANSACTION")
    parser.add_argument("name", metavar="CATEGORY")
    _vault_options(parser)
    parser.set_defaults(run=rules.always)


def _reading(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _add(commands, "items", "List the connected banks.")
    _vault_options(parser)
    parser.set_defaults(run=holdings.items)

    parser = _add(commands, "accounts", "List the accounts with their balances.")
    _vault_options(parser)
    parser.set_defaults(run=holdings.accounts)
    actions = parser.add_subparsers(title="actions", metavar="ACTION")
    accept = _add_inner(
        actions, "accept-balance", "Take a balance that disagrees with its rows as right."
    )
    accept.add_argument("id", help="an account's id, name or mask")
    _vault_options(accept)
    accept.set_defaults(run=editing.accept_balance)

    parser = _add(commands, "transactions", "List transactions, newest first.")
    _vault_options(parser)
    _span(parser)
    parser.add_argument("--account", metavar="ID", help="an account's id, name or mask")
    parser.add_argument("--category", metavar="NAME", help="a category; 'none' for rows without")
    parser.add_argument("--search", metavar="TEXT", help="words in names and notes")
    parser.add_argument("--pending", action="store_const", const=True, help="only pending ones")
    parser.add_argument("--limit", type=_count, metavar="N", help="at most so many")
    parser.add_argument("--offset", type=_count, metavar="N", help="leave out so many")
    parser.set_defaults(run=reading.transactions)
    _editing(parser.add_subparsers(title="actions", metavar="ACTION"))
    spending = _add(commands, "spending", "Figures by category and over time.")
    kinds = spending.add_subparsers(title="reports", required=True, metavar="REPORT")
    parser = _add(kinds, "summary", "Totals by category; all history without dates.")
    _vault_options(parser)
    _span(parser)
    parser.set_defaults(run=reading.summary)
    parser = _add(kinds, "trends", "Spending and income over time; all history without dates.")
    _vault_options(parser)
    _span(parser)
    parser.add_argument("--period", type=Period, choices=list(Period), default=Period.MONTH)
    parser.set_defaults(run=reading.trends)


def _editing(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    show = _add_inner(actions, "show", "Show one transaction with what was changed on it.")
    show.add_argument("id")
    _vault_options(show)
    show.set_defaults(run=reading.unfiltered(reading.show))
    choose = _add_inner(actions, "set-category", "Put a transaction into a category.")
    choose.add_argument("id")
    choose.add_argument("name")
    _vault_options(choose)
    choose.set_defaults(run=reading.unfiltered(editing.set_category))
    for name, run, words in (
        ("delete", editing.delete, "Take transactions out; the bank does not bring them back."),
        ("restore", editing.restore, "Bring deleted transactions back."),
        ("unpair", editing.unpair, "Say that a transaction is no transfer."),
    ):
        parser = _add_inner(actions, name, words)
        parser.add_argument("ids", nargs="+", metavar="ID")
        _vault_options(parser)
        parser.set_defaults(run=reading.unfiltered(run))
    deleted = _add_inner(actions, "deleted", "List what was deleted, the latest first.")
    _vault_options(deleted)
    deleted.set_defaults(run=reading.unfiltered(editing.deleted))
    undo = _add_inner(actions, "undo", "Undo the newest change of a person.")
    _vault_options(undo)
    undo.set_defaults(run=reading.unfiltered(editing.undo))


def _egress(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _add(commands, "egress", "List what left this computer, newest first.")
    _vault_options(parser)
    parser.add_argument("--since", type=_date, metavar="DATE", help="first day")
    parser.add_argument("--host", metavar="H", help="only hosts whose address contains this")
    parser.add_argument("--purpose", metavar="P", help="only purposes that contain this")
    parser.add_argument("--limit", type=_count, metavar="N", help="at most so many (default: 50)")
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument(
        "--export", type=Path, metavar="FILE", help="write all to a .csv or .jsonl file instead"
    )
    instead.add_argument(
        "--forget-before", type=_date, metavar="DATE", help="delete what is older than this day"
    )
    _yes(parser)
    parser.set_defaults(run=egress.listing)
    actions = parser.add_subparsers(title="actions", metavar="ACTION")
    show = _add_inner(actions, "show", "Show one request as it was sent, with secrets masked.")
    show.add_argument("id", type=_count)
    _vault_options(show)
    show.set_defaults(run=egress.show)


def _evals(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    group = _add(commands, "eval", "Measure Hive's answers against labelled data.")
    kinds = group.add_subparsers(title="what", required=True, metavar="WHAT")
    parser = _add(kinds, "categorize", "Columns: description, amount, currency, label.")
    parser.add_argument("file", type=Path, metavar="FILE.csv")
    _json(parser)
    parser.set_defaults(run=evals.categorize)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as exc:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date like 2026-01-31") from exc


def _count(text: str) -> int:
    if not text.isdecimal() or len(text) > _MOST_DIGITS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to 999,999,999")
    return int(text)


def _environment(text: str) -> str:
    try:
        resolve_host(text)
    except PlaidError as exc:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not production, sandbox, or an address on this computer"
        ) from exc
    return text


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 0 to 65535")
    return int(text)
