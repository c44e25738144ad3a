"""`hive ai`, `hive categorize` and `hive eval`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hive_desktop.cli import ai, categorizing, chat_evals, evals
from hive_desktop.cli.parsers import options

if TYPE_CHECKING:
    import argparse


def add_commands(commands: options.Commands) -> None:
    """Add `hive ai`, `hive categorize` and `hive eval`."""
    _ai(commands)
    _categorize(commands)
    _evals(commands)


def _ai(commands: options.Commands) -> None:
    group = options.add(commands, "ai", "Choose a model that is asked for categories.")
    actions = group.add_subparsers(title="actions", required=True, metavar="ACTION")
    for name, run, words in (
        ("status", ai.status, "Show how the model is set up, and what this month has cost."),
        ("test", ai.test, "Ask the model one made-up question."),
        ("pause", ai.pause, "Ask the model nothing until it is to go on."),
        ("resume", ai.resume, "Let the asking go on."),
        ("forget", ai.forget, "Forget the model and its key."),
    ):
        parser = options.add(actions, name, words)
        options.vault_options(parser)
        parser.set_defaults(run=run)

    parser = options.add(
        actions,
        "models",
        "List the models that a server offers, also before one is chosen.",
    )
    _server_options(parser)
    options.vault_options(parser)
    parser.set_defaults(run=ai.models)

    parser = options.add(
        actions,
        "set",
        "Choose a model, or change a part of how it is set up; the key is kept in the vault.",
    )
    _server_options(parser)
    parser.add_argument("--model", metavar="NAME")
    parser.add_argument(
        "--ask", choices=("on", "off"), help="show each request before it is sent, or not"
    )
    options.vault_options(parser)
    parser.set_defaults(run=ai.configure)

    parser = options.add(actions, "prices", "Show the price list, or enter the price of a model.")
    parser.add_argument("prices", nargs="*", metavar="AMOUNT", help="prompt, cached, answer")
    parser.add_argument("--model", metavar="NAME")
    parser.add_argument("--remove", action="store_true", help="go back to the program's own")
    options.vault_options(parser)
    parser.set_defaults(run=ai.prices)

    parser = options.add(actions, "budget", "Show or set what a month may cost at most.")
    parser.add_argument("amount", nargs="?", metavar="AMOUNT", help="such as 5.00, or 'none'")
    options.vault_options(parser)
    parser.set_defaults(run=ai.budget)


def _server_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--profile", metavar="NAME", help=f"one of {ai.PROFILES}")
    parser.add_argument("--url", metavar="URL", help="the server's address, up to and with /v1")
    parser.add_argument(
        "--key-fd", type=int, metavar="N", help="read the key from here (else from HIVE_AI_KEY)"
    )
    parser.add_argument("--ask-key", action="store_true", help="ask for the key by a prompt")


def _categorize(commands: options.Commands) -> None:
    parser = options.add(
        commands, "categorize", "Decide over every row again, and ask the model about the rest."
    )
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--offline", action="store_true", help="ask no model")
    instead.add_argument(
        "--ask-again",
        nargs="?",
        const="left",
        choices=("left", "all"),
        metavar="WHICH",
        help="ask also what the model left without an answer; with 'all', what it answered too",
    )
    options.vault_options(parser)
    parser.set_defaults(run=categorizing.categorize)


def _evals(commands: options.Commands) -> None:
    group = options.add(commands, "eval", "Measure Hive's answers against labelled data.")
    kinds = group.add_subparsers(title="what", required=True, metavar="WHAT")
    parser = options.add(kinds, "categorize", "Columns: description, amount, currency, label.")
    parser.add_argument(
        "file",
        type=Path,
        metavar="FILE.csv",
        help="one row a line; labels are names of Hive's own categories, such as Travel",
    )
    parser.add_argument(
        "--mistakes", action="store_true", help="also list the rows that are labelled otherwise"
    )
    options.json_option(parser)
    parser.set_defaults(run=evals.categorize)

    parser = options.add(kinds, "chat", "Questions with the figures that answer them.")
    parser.add_argument(
        "file",
        type=Path,
        metavar="FILE.jsonl",
        help="a line for each: question, today, expect, refuse",
    )
    parser.add_argument(
        "--mistakes", action="store_true", help="list only what is not answered right"
    )
    parser.add_argument("--seed", type=int, default=7, metavar="N", help="seed of the household")
    parser.add_argument(
        "--today", type=options.day, metavar="DATE", help="the day of lines that name none"
    )
    options.json_option(parser)
    parser.set_defaults(run=chat_evals.evaluate)
