"""`hive transactions edit`, `redo` and `--csv`: what a person writes on rows, and takes away."""

import csv

import pytest


@pytest.fixture
def ids(teller):
    return [row["id"] for row in teller.rows()]


def test_all_of_a_row_is_one_change_that_is_shown_undone_and_redone(teller, ids):
    told = ("--rename", "Corner", "--note", "for two", "--tag", "#trip", "--hide", "--reviewed")
    done = teller.asks("transactions", "edit", *ids[:2], *told, "--category", "Travel")
    assert done["changed"] == 2
    row = teller.asks("transactions", "show", ids[0])
    assert (row["merchant"], row["display_name"], row["note"]) == ("Corner", "Corner", "for two")
    assert (row["tags"], row["hidden"], row["reviewed"]) == (["trip"], True, True)
    assert (row["category"], row["category_source"]) == ("Travel", "user")
    assert {one["field"] for one in row["edits"]} == {
        "category", "name", "note", "tags", "hidden", "reviewed",
    }  # fmt: skip
    said = teller.say("transactions", "show", ids[0]).out
    assert "Tags" in said
    assert "trip" in said
    assert teller.asks("transactions", "--hidden")["total"] == 2
    undone = teller.say("transactions", "undo").err
    assert undone == "Undone: what you changed on 2 rows is taken back.\n"
    assert teller.asks("transactions", "--search", "corner")["total"] == 0
    redone = teller.asks("transactions", "redo")
    assert (redone["rows"], redone["text"]) == (2, "Redone: 2 rows are changed again.")
    assert teller.asks("transactions", "--search", "corner")["total"] == 2
    assert teller.refuses("transactions", "redo").startswith("Nothing to redo. ")


@pytest.mark.parametrize(
    ("told", "undone", "redone"),
    [
        (("--note", "x"), "has no note again", "is changed again"),
        (("--rename", "Shop"), "has the bank's name again", "is changed again"),
        (("--tag", "a"), "has no tags again", "is changed again"),
        (("--hide",), "is no longer hidden", "is hidden again"),
        (("--reviewed",), "is no longer reviewed", "is reviewed again"),
        (("--category", "Travel"), "again", "is in Travel again"),
        (("--note", "x", "--hide"), "is taken back", "is changed again"),
    ],
)
def test_each_change_has_its_own_words(teller, ids, told, undone, redone):
    teller.say("transactions", "edit", ids[0], *told)
    assert undone in teller.say("transactions", "undo").err
    assert redone in teller.say("transactions", "redo").err


def test_a_filter_changes_all_that_it_chooses_and_only_when_agreed(teller, ids):
    chosen = ("transactions", "--from", "2000-01-01", "edit", "--where", "--tag", "all")
    assert "--yes" in teller.refuses(*chosen)
    assert teller.asks(*chosen, "--yes")["changed"] == len(ids)
    assert teller.asks("transactions", "--search", "#all")["total"] == len(ids)
    assert teller.asks(*chosen, "--yes") == {"changed": 0, "followed": 0, "batch": None}


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("transactions", "edit", "--note", "x"), "filters before 'edit'"),
        (("transactions", "--pending", "edit", "--note", "x"), "--where"),
        (("transactions", "--limit", "3", "edit", "--where", "--note", "x", "--yes"), "--limit"),
        (("transactions", "edit", "{id}"), "Say a category"),
        (("transactions", "edit", "nothing", "--note", "x"), "has ids"),
        (("transactions", "--csv", "x.csv", "--limit", "3"), "--limit"),
    ],
)
def test_what_means_nothing_is_refused(teller, ids, words, hint):
    assert hint in teller.refuses(*(one.format(id=ids[0]) for one in words))


def test_a_file_for_spreadsheets_has_all_rows_and_no_formula(teller, ids, tmp_path):
    teller.say("transactions", "edit", ids[0], "--note", "=1+1", "--rename", "@home")
    file = tmp_path / "rows.csv"
    told = teller.asks("transactions", "--csv", file)
    assert told == {"file": str(file), "rows": len(ids), "left_out": 0, "without_balance": []}
    text = file.read_bytes().decode()
    assert text.startswith("\ufeffDate,Name,")
    rows = list(csv.DictReader(text.removeprefix("\ufeff").splitlines()))
    shown = teller.rows()
    assert [row["Id"] for row in rows] == [row["id"].replace("-", "") for row in shown]
    assert (rows[0]["Note"], rows[0]["Name"]) == ("'=1+1", "'@home")
    assert rows[1]["Amount"] == f"{-shown[1]['amount_minor'] / 100:.2f}"
    assert file.stat().st_mode & 0o777 == 0o600
    assert "in a folder that is not there" in teller.refuses(
        "transactions", "--csv", tmp_path / "no" / "x"
    )
