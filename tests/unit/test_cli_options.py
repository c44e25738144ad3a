"""What options of commands take is said in the words of whoever types them."""

import argparse

import pytest

from hive_desktop.cli.parsers import imports, ledger
from hive_desktop.domain.csv_layouts import DateOrder
from hive_desktop.domain.days import Period


@pytest.fixture
def parser():
    made = argparse.ArgumentParser(prog="hive")
    commands = made.add_subparsers()
    imports.add_commands(commands)
    ledger.add_commands(commands)
    return made


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("import a.csv --dates xyz", "--dates: 'xyz' is none of dmy, mdy, ymd"),
        ("import a.csv --type boat", "invalid choice: 'boat'"),
        ("import a.csv --decimal x", "invalid choice: 'x'"),
        ("import a.csv --positive up", "invalid choice: 'up'"),
        ("import a.csv --columns x", "'x' is nothing that a column can be"),
        ("import a.csv --passphrase-fd x", "'x' is not a whole number"),
        ("import a.csv --today x", "'x' is not a date"),
        ("spending trends --period x", "--period: 'x' is none of week, month, year"),
    ],
)
def test_a_wrong_value_is_refused_with_those_that_there_are(parser, capsys, words, said):
    with pytest.raises(SystemExit):
        parser.parse_args(words.split())

    told = capsys.readouterr().err
    assert said in told
    assert "DateOrder" not in told
    assert "Period" not in told


def test_values_of_an_enumeration_are_its_members(parser):
    assert parser.parse_args(["import", "a.csv", "--dates", "mdy"]).dates is DateOrder.MDY
    assert parser.parse_args(["spending", "trends"]).period is Period.MONTH
