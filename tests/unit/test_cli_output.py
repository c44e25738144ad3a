"""Tables of the command line: whole where they fit, cut where a line has no room."""

import os

import pytest

from hive_desktop.cli import output

LONG = "A very long name of a shop that goes on and on " * 80


def lines_of(capsys, rows, **options):
    output.print_table(["NAME", "CATEGORY", "AMOUNT", "ID"], rows, right="AMOUNT", **options)
    return capsys.readouterr().out.splitlines()


def test_a_cell_has_at_most_sixty_characters_where_there_is_no_terminal(capsys):
    _, line = lines_of(capsys, [[LONG, "Travel", "-1,234.00 USD", "0123456789ab"]])
    assert line.startswith(LONG[:57] + "...")
    assert line.endswith("0123456789ab")


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_a_line_fits_a_terminal_and_numbers_and_ids_stay_whole(capsys, monkeypatch, columns):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((columns, 24)))
    row = [LONG, "Food & Dining, and more", "-1,234.00 USD", "0123456789ab"]
    for line in lines_of(capsys, [row]):
        assert len(line) <= columns
    assert "-1,234.00 USD" in line
    assert line.endswith("0123456789ab")


def test_what_fits_is_not_cut(capsys):
    assert lines_of(capsys, [["Shell", "Travel", "1.00 USD", "ab"]])[1] == (
        "Shell  Travel    1.00 USD  ab"
    )


def test_wide_characters_count_for_two(capsys):
    _, line = lines_of(capsys, [["\u5bff" * 50, "Travel", "1.00 USD", "ab"]])
    assert line.startswith("\u5bff" * 28 + "...")
