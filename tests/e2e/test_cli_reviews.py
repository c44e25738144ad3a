"""`hive review`, and transfers: asked, answered, and every answer taken back."""

import pytest


@pytest.fixture
def asked(teller):
    """A posted row beside its pending one, which the bank does not name: one question."""
    bank = teller.bank
    teller.pending = bank.add_transaction("20.00", "TST* TRATTORIA", pending=True)
    teller.sync()
    teller.first = teller.row("trattoria")["id"]
    teller.say("transactions", "set-category", teller.first, "Travel")
    bank.add_transaction("20.00", "TST* TRATTORIA")
    teller.sync()
    (teller.question,) = teller.asks("review", "list")["reviews"]
    return teller


def in_order(rows):
    """Rows by id: one that comes back stands last on its day."""
    return sorted(rows, key=lambda row: row["id"])


def pair(teller):
    return teller.asks("transactions", "--search", "trattoria")["transactions"]


def test_a_merge_keeps_one_row_with_the_edits_and_can_be_taken_back(asked):
    question = asked.question
    assert (question["kind"], question["state"]) == ("duplicate", "open")
    assert 0.5 < question["score"] < 1
    assert len(question["reasons"]) >= 3
    assert question["first"]["id"] == asked.first
    before = asked.rows()
    assert len(pair(asked)) == 2
    assert "TRATTORIA" in asked.say("review", "list").out

    assert asked.asks("review", "accept", question["id"]) == {"id": question["id"], "open": 0}
    (merged,) = pair(asked)
    assert (merged["id"], merged["category"]) == (question["second"]["id"], "Travel")
    (answer,) = asked.asks("review", "list", "--answered")["reviews"]
    assert (answer["id"], answer["state"], answer["can_take_back"]) == (
        question["id"], "merged", True,
    )  # fmt: skip
    asked.bank.remove(asked.pending)
    asked.sync()
    assert len(pair(asked)) == 1
    asked.refuses("review", "accept", question["id"])
    asked.refuses("review", "take-back", question["id"])
    (kept,) = pair(asked)
    assert (kept["id"], kept["category"]) == (question["second"]["id"], "Travel")
    assert len(before) == len(asked.rows()) + 1, "the bank has removed the pending one"


def test_an_unmerge_while_the_bank_has_both(asked):
    before = asked.rows()
    asked.asks("review", "accept", asked.question["id"])
    asked.sync()
    assert asked.asks("review", "take-back", asked.question["id"])["open"] == 1
    assert in_order(asked.rows()) == in_order(before)
    assert asked.asks("review", "list")["reviews"] == [asked.question]
    asked.asks("review", "accept", asked.question["id"])
    assert asked.asks("transactions", "undo")["restored"] >= 1
    assert in_order(asked.rows()) == in_order(before)


def test_keeping_both_is_remembered(asked):
    before = asked.rows()
    assert asked.asks("review", "refuse", asked.question["id"])["open"] == 0
    asked.sync()
    asked.sync("--from", "2026-11-01")
    assert asked.asks("review", "list")["reviews"] == []
    assert in_order(asked.rows()) == in_order(before)
    asked.refuses("review", "refuse", asked.question["id"])
    assert asked.asks("review", "take-back", asked.question["id"])["open"] == 1


@pytest.mark.parametrize("action", ["accept", "refuse", "take-back"])
def test_a_question_that_is_none_is_a_sentence(teller, action):
    for wrong in ("nonsense", "00000000-0000-0000-0000-000000000000"):
        assert "no " in teller.refuses("review", action, wrong)


def short(row):
    return row["id"].rsplit("-", 1)[1]


def test_questions_are_blocks_that_fit_a_terminal(asked):
    question = asked.question
    head, first, second, *reasons = asked.say("review", "list").out.splitlines()
    assert head == f"{short(question)}  one payment?  {question['score']:.0%}"
    assert first.endswith("TST* TRATTORIA (pending)")
    assert second.endswith("TST* TRATTORIA")
    assert first.index("TST*") == second.index("TST*")
    for line, side in ((first, question["first"]), (second, question["second"])):
        assert f"  {side['date']}  -20.00 USD  {side['account']}  " in line
        assert len(line) < 100
    assert reasons == [f"  - {reason}" for reason in question["reasons"]]
    asked.say("review", "refuse", question["id"])
    answered = asked.say("review", "list", "--answered").out
    assert answered.startswith(f"{head}  (kept apart)\n")


def test_an_answer_says_what_it_did_and_how_to_take_it_back(asked):
    wanted = short(asked.question)
    back = f"Undo: hive review take-back {wanted}\nNothing waits for your answer.\n"
    merged = asked.say("review", "accept", wanted).err
    assert merged.startswith("Merged: TST* TRATTORIA -20.00 USD of ")
    assert merged.endswith(back)
    again = asked.say("review", "take-back", wanted).err
    assert again.startswith("Asked again: ")
    assert again.endswith("\n1 question is open.\n")
    kept = asked.say("review", "refuse", wanted).err
    assert kept.startswith("Kept apart: ")
    assert kept.endswith(back)
    assert asked.asks("review", "take-back", wanted) == {"id": asked.question["id"], "open": 1}


def test_taking_back_a_question_that_is_open_says_that_it_is(asked):
    wanted = asked.question["id"]
    assert "is open" in asked.refuses("review", "take-back", wanted)
    asked.asks("review", "accept", wanted)
    asked.asks("transactions", "undo")
    assert "is open" in asked.refuses("review", "take-back", wanted)


def accounts(teller):
    found = teller.bank.state()["items"][0]["accounts"]
    return [one["account_id"] for one in found]


def moved(teller, *, twice=False):
    """Money from one own account to another; `twice` makes it ambiguous."""
    out, into, third = accounts(teller)
    teller.bank.add_transaction("731.17", "TRANSFER OUT", account_id=out)
    teller.bank.add_transaction("-731.17", "TRANSFER IN", account_id=into)
    if twice:
        teller.bank.add_transaction("-731.17", "TRANSFER ALSO", account_id=third)
    teller.sync()


def spent(teller):
    return teller.asks("spending", "summary")["categories"]


def test_a_transfer_is_paired_counts_nowhere_and_can_be_unpaired(teller):
    figures = [one for one in spent(teller) if one["kind"] != "transfer"]
    moved(teller)
    out, into = teller.row("transfer out"), teller.row("transfer in")
    assert out["category"] == into["category"] == "Transfer"
    assert out["category_source"] == "rule"
    assert [one for one in spent(teller) if one["kind"] != "transfer"] == figures
    shown = teller.asks("transactions", "show", out["id"])["transfer"]
    assert {shown["first"]["id"], shown["second"]["id"]} == {out["id"], into["id"]}
    told = teller.say("transactions", "show", out["id"]).out
    assert f"A transfer with TRANSFER IN 731.17 USD of {into['date']} (" in told
    assert f"hive transactions unpair {short(out)}" in told
    assert teller.asks("transactions", "unpair", into["id"]) == {"unpaired": 1}
    assert teller.asks("transactions", "show", out["id"])["transfer"] is None
    teller.sync("--from", "2026-11-01")
    assert teller.asks("transactions", "show", out["id"])["transfer"] is None, "remembered"
    assert teller.asks("transactions", "unpair", into["id"]) == {"unpaired": 0}
    assert teller.asks("transactions", "undo")["restored"] == 1
    assert teller.asks("transactions", "show", out["id"])["transfer"] is not None
    teller.say("transactions", "set-category", into["id"], "Travel")
    undone = teller.asks("transactions", "undo")["text"]
    assert undone.startswith("Undone: TRANSFER IN is in Transfer again")
    said = teller.say("transactions", "unpair", out["id"], into["id"]).err
    assert said == "1 pairing ended. Undo: hive transactions undo\n"


def test_an_ambiguous_transfer_is_asked_and_the_refusal_remembered(teller):
    moved(teller, twice=True)
    questions = teller.asks("review", "list")["reviews"]
    assert {one["kind"] for one in questions} == {"transfer"}
    assert len(questions) == 2
    assert all(row["category_source"] != "rule" for row in teller.rows())
    first, second = questions
    teller.asks("review", "refuse", first["id"])
    teller.sync("--from", "2026-11-01")
    known = {one["id"]: one for one in teller.asks("review", "list")["reviews"]}
    assert first["id"] not in known
    if second["id"] in known:
        said = teller.say("review", "accept", second["id"]).err
        assert said.startswith("Paired as a transfer: TRANSFER OUT -731.17 USD of ")
    out = teller.row("transfer out")
    partner = teller.asks("transactions", "show", out["id"])["transfer"]
    assert {partner["first"]["id"], partner["second"]["id"]} == {
        second["first"]["id"], second["second"]["id"],
    }  # fmt: skip
    assert teller.asks("review", "list")["reviews"] == []
    assert teller.asks("review", "list", "--answered")["reviews"]


def test_merchants_that_nobody_is_sure_of_are_listed_and_sorted_as_a_whole(teller):
    for amount, name in (("20.00", "ZORBLAX 001"), ("55.00", "ZORBLAX 002"), ("9.00", "QUUXLI 7")):
        teller.bank.add_transaction(amount, name)
    teller.sync()
    unsure = {one["merchant"]: one for one in teller.asks("review", "list")["unsure"]}
    zorblax = unsure["Zorblax"]
    assert (zorblax["rows"], zorblax["direction"], zorblax["total_minor"]) == (2, "out", 7_500)
    assert zorblax["id"] == zorblax["newest"]["id"]
    shown = teller.say("review", "list").out
    (line,) = [line for line in shown.splitlines() if line.startswith("Zorblax")]
    assert line.endswith(zorblax["id"][-12:])
    before = teller.asks("transactions", "--search", "zorblax")["transactions"]
    assert all(row["needs_review"] for row in before)
    waiting = teller.asks("transactions", "--needs-review")["transactions"]
    assert {row["id"] for row in before} <= {row["id"] for row in waiting}
    assert len(waiting) == sum(one["rows"] for one in unsure.values())
    done = teller.say("review", "sort", "zorblax", "Education").err
    assert done == "2 rows of Zorblax are now in Education. Undo: hive transactions undo\n"
    after = teller.asks("transactions", "--search", "zorblax")["transactions"]
    assert {(row["category"], row["needs_review"]) for row in after} == {("Education", False)}
    assert "Zorblax" not in {one["merchant"] for one in teller.asks("review", "list")["unsure"]}
    undone = teller.say("transactions", "undo").err
    assert undone == "Undone: 2 rows have their earlier category again.\n"
    assert teller.asks("transactions", "--search", "zorblax")["transactions"] == before
    assert teller.asks("review", "sort", zorblax["id"][-12:], "Travel")["moved"] == 2
    for words in (("zorblax", "Travel"), ("quuxli", "none"), ("quuxli", "Nowhere")):
        teller.refuses("review", "sort", *words)


def test_a_choice_says_how_many_rows_of_the_merchant_followed(teller):
    for amount, name in (("20.00", "ZORBLAX 001"), ("55.00", "ZORBLAX 002"), ("9.00", "ZORBLAX 3")):
        teller.bank.add_transaction(amount, name)
    teller.sync()
    rows = teller.asks("transactions", "--search", "zorblax")["transactions"]
    said = teller.say("transactions", "set-category", rows[0]["id"], "Travel").err
    assert ", and 2 other rows of " in said
    again = teller.asks("transactions", "set-category", rows[1]["id"], "Travel")
    assert again["followed"] == 0, "the third was there already"
