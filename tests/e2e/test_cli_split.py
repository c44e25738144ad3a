"""`hive transactions split` and `join`: a row in parts, counted in its place, and whole again."""

import pytest


@pytest.fixture
def row(teller):
    return next(row for row in teller.rows() if row["amount_minor"] > 1000)


def parts_of(teller, row):
    return [one for one in teller.rows() if one["name"] == row["name"] and one["is_part"]]


def money(minor):
    return f"{minor // 100}.{minor % 100:02}"


def test_a_row_is_divided_counted_in_parts_and_made_one_again(teller, row):
    total = row["amount_minor"]
    before = teller.asks("transactions")["total"]
    said = teller.say(
        "transactions", "split", row["id"],
        "--part", "5:Travel:for Ann", "--part=-1.50:Shopping", "--part", "rest:none",
    )  # fmt: skip
    assert "is split into 3 parts. Undo: hive transactions undo" in said.err
    amounts = {one["category"]: one["amount_minor"] for one in parts_of(teller, row)}
    assert amounts == {"Travel": 500, "Shopping": -150, None: total - 350}
    assert teller.asks("transactions")["total"] == before + 2
    assert teller.asks("transactions", "--search", "Ann")["total"] == 1
    shown = teller.asks("transactions", "show", row["id"])["split"]
    assert (shown["whole"]["id"], len(shown["parts"])) == (row["id"], 3)
    (part,) = [one for one in shown["parts"] if one["category"] == "Travel"]
    told = teller.say("transactions", "show", part["id"]).out
    assert "A part of" in told
    assert "you split it into 3 parts" in told
    assert "The bank brought the row" in told
    assert "(part)" in teller.say("transactions").out
    joined = teller.say("transactions", "join", part["id"]).err
    assert "is one row again" in joined
    assert teller.asks("transactions")["total"] == before
    undone = teller.say("transactions", "undo").err
    assert undone.endswith("is in its earlier parts again.\n")
    assert teller.say("transactions", "undo").err.endswith("is no longer split.\n")
    assert teller.say("transactions", "redo").err.endswith("is split again.\n")
    assert len(parts_of(teller, row)) == 3


def test_a_row_in_parts_is_divided_anew_by_any_of_its_ids(teller, row):
    teller.asks("transactions", "split", row["id"], "--part", "5:Travel", "--part", "rest:none")
    one, two = parts_of(teller, row)
    halves = [f"--part={money(row['amount_minor'] - 100)}:Education", "--part=1:Travel"]
    done = teller.asks("transactions", "split", one["id"], *halves)
    assert done["id"] == row["id"]
    assert {part["amount_minor"] for part in done["split"]["parts"]} == {
        100,
        row["amount_minor"] - 100,
    }
    assert "has ids" in teller.refuses("transactions", "show", two["id"])


@pytest.mark.parametrize(
    ("told", "hint"),
    [
        (["--part", "5:Travel"], "Add parts"),
        (["--part", "5:Travel", "--part", "1:Travel"], "with what is left"),
        (["--part", "0:Travel", "--part", "rest:Travel"], "leave it out"),
        (["--part", "x:Travel", "--part", "rest:Travel"], "12.50:Travel"),
        (["--part", "1.005:Travel", "--part", "rest:Travel"], "Round it"),
        (["--part", "rest:Travel", "--part", "rest:none"], "an amount"),
        (["--part", "5:Nonsense", "--part", "rest:none"], "One of:"),
    ],
)
def test_parts_that_are_none_are_refused(teller, row, told, hint):
    assert hint in teller.refuses("transactions", "split", row["id"], *told)
    assert teller.rows() == teller.rows()
    assert not any(one["is_part"] for one in teller.rows())


def test_a_whole_is_no_row_to_change_while_its_parts_stand(teller, row):
    assert "nothing to join" in teller.refuses("transactions", "join", row["id"])
    teller.asks("transactions", "split", row["id"], "--part", "5:Travel", "--part", "rest:none")
    assert "join" in teller.refuses("transactions", "set-category", row["id"], "Travel")
    first = parts_of(teller, row)[0]
    teller.say("transactions", "delete", first["id"])
    assert len(parts_of(teller, row)) == 1
    teller.say("transactions", "restore", first["id"])
    assert len(parts_of(teller, row)) == 2
