"""`hive rules`: tried on history, kept, applied as one change, and undone."""

import pytest


@pytest.fixture
def shopped(teller):
    bank = teller.bank
    for amount, name in (("20.00", "ZORBLAX 001"), ("55.00", "ZORBLAX 002"), ("9.00", "QUUXLI")):
        bank.add_transaction(amount, name)
    teller.sync()
    return teller


def of(teller, name):
    return {
        one["name"]: (one["category"], one["category_source"])
        for one in teller.asks("transactions", "--search", name)["transactions"]
    }


def test_a_rule_is_tried_kept_applied_and_undone(shopped):
    before = of(shopped, "zorblax")
    conditions = ("name contains zorblax and amount between 10 and 30", "--category", "Education")
    tried = shopped.asks("rules", "test", *conditions)
    assert (tried["hits"], tried["would_change"], tried["precision"]) == (1, 1, None)
    assert [one["transaction"]["name"] for one in tried["changes"]] == ["ZORBLAX 001"]
    assert shopped.asks("rules", "list")["rules"] == []
    made = shopped.asks("rules", "add", *conditions, "--rename", "Zorb", "--tag", "toys")
    (rule,) = shopped.asks("rules", "list")["rules"]
    assert rule == made["rule"]
    assert (rule["category"], rule["rename"], rule["tags"]) == ("Education", "Zorb", ["toys"])
    assert of(shopped, "zorblax") == before
    shown = shopped.say("rules", "test", rule["id"][-12:]).out
    assert "ZORBLAX 001" in shown
    assert "Education" in shown
    assert shopped.asks("rules", "test", rule["id"])["would_change"] == 1
    assert shopped.asks("rules", "apply", rule["id"][-12:])["changed"] == 1
    assert of(shopped, "zorblax")["ZORBLAX 001"] == ("Education", "rule")
    assert "Undo" not in shopped.say("rules", "apply", rule["id"]).err, "nothing was changed"
    assert "what a rule did" in shopped.say("transactions", "undo").err
    assert of(shopped, "zorblax") == before
    assert "Zorb" in shopped.say("rules", "list").out
    assert not shopped.asks("rules", "off", rule["id"])["is_enabled"]
    shopped.asks("rules", "remove", rule["id"])
    assert shopped.asks("rules", "list")["rules"] == []


def test_always_is_a_rule_for_the_merchant(shopped):
    (row,) = shopped.asks("transactions", "--search", "quuxli")["transactions"]
    made = shopped.asks("rules", "always", row["id"], "Travel")
    assert made["would_change"] == 1
    shopped.bank.add_transaction("11.00", "QUUXLI 88")
    shopped.sync()
    assert of(shopped, "quuxli")["QUUXLI 88"] == ("Travel", "rule")


@pytest.mark.parametrize(
    "words",
    [
        ("add", "name contains zorblax"),
        ("add", "name resembles zorblax", "--category", "Travel"),
        ("add", "name regex '('", "--category", "Travel"),
        ("add", "name contains zorblax", "--category", "Nowhere"),
        ("add", "account equals 00ff", "--hide"),
        ("apply", "123456789abc"),
        ("test", "123456789abc"),
        ("remove", "nothing"),
    ],
)
def test_what_is_no_rule_is_refused_in_words(shopped, words):
    told = shopped.refuses("rules", *words)
    assert "Traceback" not in told
    assert len(told.strip().splitlines()) >= 2, "a sentence and a hint"


def test_an_account_is_named_by_the_end_of_its_id_wherever_else_its_letters_stand(shopped):
    (account, *_) = shopped.asks("accounts")["accounts"]
    short = account["id"].replace("-", "")[-6:]
    text = f"name contains '{short} account equals x' and account equals '{short.upper()}'"
    made = shopped.asks("rules", "add", text, "--category", "Education")["rule"]
    assert [one["value"] for one in made["conditions"]] == [
        f"{short} account equals x",
        account["id"].replace("-", ""),
    ]
