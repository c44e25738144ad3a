"""Tables of the command line: whole where they fit, cut where a line has no room."""

import ast
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hive_desktop.cli import output, words
from hive_desktop.ports.errors import UnreadableFileError
from hive_desktop.ports.events import SyncProgress

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


def test_a_wait_for_a_bank_that_was_asked_too_often_is_said():
    told = words.progress(SyncProgress(0, 2, 49, 4900, "First Platypus Bank", wait_s=60.2))
    assert told == (
        "First Platypus Bank: asked often enough for now; goes on in 61 s, 4,900 rows so far"
    )


def headings_of_the_command_line():
    """By file, the literal headings of every table."""
    for file in sorted(Path(output.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.List) and node.elts:
                texts = [one.value for one in node.elts if isinstance(one, ast.Constant)]
                words = [one for one in texts if isinstance(one, str)]
                if len(words) > 1 and any(words) and all(one == one.upper() for one in words):
                    yield file.name, words


def test_the_same_thing_has_the_same_heading_in_every_table():
    found = list(headings_of_the_command_line())
    assert len(found) > 15
    for name, headings in found:
        assert all(headings), name
        assert "ID" not in headings[:-1], (name, headings)
        assert not {"BYTES", "COUNT", "TIMESTAMP", "FILENAME"} & set(headings), (name, headings)
        assert len(set(headings)) == len(headings), (name, headings)


def test_sizes_and_instants_are_written_in_one_way():
    assert [words.size(one) for one in (1, 312, 4_100, 5_300_000, 7_000_000_000)] == [
        "1 byte", "312 bytes", "4.1 kB", "5.3 MB", "7.0 GB",
    ]  # fmt: skip
    at = datetime(2026, 11, 28, 9, 5, tzinfo=UTC)
    assert output.moment(at) == f"{at.astimezone():%Y-%m-%d %H:%M}"
    assert output.day_of(at) == f"{at.astimezone():%Y-%m-%d}"


def test_what_others_named_moves_no_cursor_in_an_error(capsys):
    output.say_error(UnreadableFileError(file="a\x1b[31m\u202eb.csv", reason="x"), banks=["B\x07"])
    said = capsys.readouterr()
    assert not set("\x1b\u202e\x07") & set(said.out + said.err)
    assert "[31m" in said.out + said.err
    assert len((said.out + said.err).splitlines()) > 1
