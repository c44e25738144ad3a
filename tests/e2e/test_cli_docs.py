"""README.md names every command and every state: words that nobody checks go stale."""

import argparse
import re
from pathlib import Path

from hive_desktop.cli.parsers import build_parser
from hive_desktop.domain.ledger import ItemState

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def actions(parser):
    """The commands below a parser: (words, parser)."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                yield (name,), below
                yield from (((name, *words), leaf) for words, leaf in actions(below))


def table():
    """By command, the words that stand in code beside it in the table's first column."""
    found = {}
    for line in README.splitlines():
        if line.startswith("| `hive "):
            codes = re.findall(r"`([^`]+)`", line.split("|")[1])
            group = codes[0].split()[1]
            words = {word for code in codes for word in code.removeprefix("hive ").split()}
            found.setdefault(group, set()).update(words)
            for code in codes:
                if code.startswith("hive "):
                    found.setdefault(code.split()[1], set())
    return found


def test_every_command_is_in_the_table():
    listed = table()
    known = [words for words, _ in actions(build_parser())]
    assert len(known) > 30
    for words in known:
        assert words[0] in listed, words
        assert set(words[1:]) <= listed[words[0]], words
    assert set(listed) == {words[0] for words in known}


def test_every_state_is_told():
    for state in set(ItemState) - {ItemState.SYNCING}:
        assert f"`{state.value}`" in README


def test_every_command_explains_itself():
    for words, parser in actions(build_parser()):
        assert parser.description, words
        assert parser.description.endswith("."), words
