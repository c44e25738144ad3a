"""What the command line refuses with its limit, says in whole, and does not write over."""

import pytest


@pytest.fixture
def wallet(teller):
    told = ("Wallet", "--currency", "usd", "--balance", "100", "--on", "2026-11-01")
    return teller.asks("accounts", "add", *told)["account"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("transactions", "edit", "{row}", "--note", "n" * 2001), "2001 characters, and 2000"),
        (("transactions", "edit", "{row}", "--rename", "n" * 201), "201 characters, and 200"),
        (("transactions", "edit", "{row}", "--tag", "n" * 41), "41 characters, and 40"),
        (("transactions", "add", "Wallet", "n" * 201, "--out", "5"), "201 characters, and 200"),
        (
            ("transactions", "add", "Wallet", "x", "--out", "5", "--note", "n" * 2001),
            "2001 characters, and 2000",
        ),
        (("accounts", "add", "n" * 61, "--currency", "USD"), "61 characters, and 60"),
        (("accounts", "rename", "Wallet", "n" * 61), "61 characters, and 60"),
        (("categories", "add", "n" * 41), "41 characters, and 40"),
        (("rules", "add", "name contains x", "--rename", "n" * 201), "201 characters, and 200"),
        (("transactions", "split", "{row}", "--part", f"1:Travel:{'n' * 2001}", "--part", "rest"),
         "2001 characters, and 2000"),
        (("transactions", "add", "Wallet", "x", "--out", "100000000000.01"), "100,000,000,000 USD"),
        (("transactions", "change", "{own}", "--in", "100000000000.01"), "100,000,000,000 USD"),
        (("accounts", "balance", "Wallet", "100000000000.01"), "100,000,000,000 USD"),
        (
            ("accounts", "add", "X", "--currency", "JPY", "--balance", "10000000000001"),
            "10,000,000,000,000 JPY",
        ),
        (("accounts", "add", "X", "--currency", "ABC"), "“ABC” is not a currency"),
        (("accounts", "add", "X", "--currency", " "), "A currency is missing"),
        (("accounts", "add", " wallet ", "--currency", "USD"), "already"),
        (("accounts", "rename", "{bank}", "wallet"), "already"),
        (("accounts", "balance", "Wallet", " "), "An amount is missing"),
        (("accounts", "balance", " ", "5"), "The account is missing"),
        (("rate", " ", "EUR", "1.1"), "A currency is missing"),
        (("transactions", "set-category", "{row}", " "), "The category is missing"),
        (("categories", "add", "None"), "has no category"),
    ],
)  # fmt: skip
def test_what_is_too_much_or_missing_is_said(teller, wallet, words, said):
    own = teller.asks("transactions", "add", "Wallet", "Corner", "--out", "5")["transaction"]
    row = next(one for one in teller.rows() if one["id"] != own["id"])
    bank = next(one["id"] for one in teller.asks("accounts")["accounts"] if one["mask"])
    names = {"row": row["id"], "own": own["id"], "bank": bank}
    assert said in teller.refuses(*(one.format_map(names) for one in words))


def test_names_are_on_one_line(teller, wallet):
    told = ("transactions", "add", "Wallet", "Corner\n\tShop", "--out", "5")
    said = teller.say(*told).err
    assert said.startswith("Corner Shop is added to Wallet")
    row = teller.row("corner shop")
    done = teller.asks("rules", "add", "name contains corner", "--rename", "One\n\ttwo")
    teller.say("rules", "apply", done["rule"]["id"])
    assert teller.asks("transactions", "show", row["id"])["merchant"] == "One two"


def test_the_largest_amount_is_kept(teller, wallet):
    told = ("transactions", "add", "Wallet", "House", "--out", "100000000000")
    assert teller.asks(*told)["transaction"]["amount_minor"] == 10**13


def test_an_account_is_named_by_its_short_id(teller, wallet):
    (line,) = [one for one in teller.say("accounts").out.splitlines() if "Wallet" in one]
    assert "held" in teller.say("accounts", "balance", line.split()[-1], "7").err


def test_what_can_be_undone_says_how(teller, wallet):
    for words in (
        ("accounts", "rename", "Wallet", "Purse"),
        ("accounts", "hide", "Purse"),
        ("categories", "add", "Pets"),
        ("categories", "rename", "Pets", "Animals"),
        ("categories", "merge", "Animals", "Other"),
    ):
        assert "Undo: hive transactions undo" in teller.say(*words).err
    assert "Undo" not in teller.say("accounts", "rename", "Purse", "Purse").err


def test_an_added_category_is_archived_by_undo_and_not_offered(teller):
    teller.say("categories", "add", "Pets")
    said = teller.say("transactions", "undo").err
    assert said == "Undone: “Pets” is archived again.\n"
    row = teller.rows()[0]["id"]
    refused = teller.refuses("transactions", "set-category", row, "Pets")
    assert "archived" in refused
    assert "--back Pets" in refused
    assert "Pets" not in teller.refuses("transactions", "set-category", row, "Nowhere")
    assert "is archived" in teller.refuses("transactions", "edit", row, "--category", "Pets")
    assert "is offered again" in teller.say("transactions", "redo").err
    teller.say("transactions", "set-category", row, "Pets")
    teller.say("categories", "archive", "Pets")
    assert "is offered again" in teller.say("transactions", "undo").err


def test_a_first_split_that_is_redone_has_no_earlier_parts(teller):
    row = teller.rows()[0]
    teller.say("transactions", "split", row["id"], "--part", "0.01:Travel", "--part", "rest")
    teller.say("transactions", "undo")
    assert "is split again" in teller.say("transactions", "redo").err


def test_an_addition_that_was_undone_is_not_listed_as_deleted(teller, wallet):
    teller.say("transactions", "add", "Wallet", "Corner", "--out", "5")
    teller.say("transactions", "undo")
    assert teller.asks("transactions", "deleted")["transactions"] == []
    assert "Corner is added again" in teller.say("transactions", "redo").err
    teller.say("transactions", "delete", teller.row("corner")["id"])
    (gone,) = teller.asks("transactions", "deleted")["transactions"]
    assert gone["name"] == "Corner"


def test_an_edit_of_many_says_how_many(teller):
    words = ("transactions", "--from", "2000-01-01", "edit", "--where", "--note", "x")
    assert "to change 60 transactions" in teller.refuses(*words)


def test_a_search_says_what_it_did_not_understand(teller):
    said = teller.say("transactions", "--search", "> abc").err
    assert "Not understood in the search: >\n" in said
    assert "Not understood" not in teller.say("transactions", "--search", ">5 abc-def").err


def test_an_offset_beyond_the_rows_says_so(teller):
    said = teller.say("transactions", "--offset", "999").err
    assert said == "There are 60 transactions: --offset is beyond them.\n"


def test_a_guess_is_marked_where_a_row_is_added(teller, wallet):
    said = teller.say("transactions", "add", "Wallet", "Kestrel Partners", "--out", "5").err
    row = teller.row("kestrel partners")
    assert row["needs_review"], "nobody is sure of it"
    assert f" in {row['category']} ?. " in said


def test_a_file_is_written_over_only_when_that_is_meant(teller, tmp_path):
    file = tmp_path / "rows.csv"
    file.write_text("mine")
    assert "--force" in teller.refuses("transactions", "--csv", file)
    assert file.read_text() == "mine"
    assert teller.asks("transactions", "--csv", file, "--force")["rows"] == 60
