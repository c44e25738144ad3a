"""`hive rules`: tried on history, kept, applied as one change, and undone."""

import os
import signal

import pytest

from hive_desktop.services.rules import RuleService


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
    (row,) = [r for r in shopped.asks("transactions")["transactions"] if r["name"] == "ZORBLAX 001"]
    assert "a rule or a merge changed it" in shopped.say("transactions", "show", row["id"]).out
    assert "what rules did" in shopped.say("transactions", "undo").err
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


@pytest.mark.parametrize("part", ["name", "mask"])
def test_an_account_is_named_as_the_list_shows_it(shopped, part):
    (account, *_) = shopped.asks("accounts")["accounts"]
    text = f"account equals '{account[part]}'"
    made = shopped.asks("rules", "add", text, "--category", "Education")["rule"]
    assert [one["value"] for one in made["conditions"]] == [account["id"].replace("-", "")]


def test_long_names_leave_the_table_readable(shopped):
    shopped.bank.add_transaction("20.00", "ZORBLAX " + "X" * 3_000)
    shopped.sync()
    shown = shopped.say("rules", "test", "name contains zorblax", "--category", "Education").out
    assert max(map(len, shown.splitlines())) < 200
    assert "XXX..." in shown


def test_a_second_rule_alike_is_refused(shopped):
    words = ("rules", "add", "name contains zorblax", "--category", "Education")
    shopped.asks(*words)
    assert "same rows" in shopped.refuses(*words)


def test_a_rule_that_an_earlier_one_overrules_says_so(shopped):
    shopped.asks("rules", "add", "name contains zorblax", "--category", "Education")
    added = shopped.say("rules", "add", "name contains 002", "--category", "Travel")
    assert "hive rules remove" in added.err
    later = shopped.asks("rules", "add", "name contains 001", "--category", "Travel")["rule"]
    assert shopped.asks("rules", "test", later["id"])["overruled"] == 1
    said = shopped.say("rules", "test", later["id"]).err
    assert "An earlier rule decides about 1 row" in said
    assert shopped.asks("rules", "apply", later["id"])["changed"] == 0


def test_ctrl_c_stops_between_two_steps_and_says_what_was_done(shopped, monkeypatch):
    monkeypatch.setattr("hive_desktop.services.rules._ROWS_A_STEP", 20)
    real = RuleService.apply

    async def stopped(self, rule, heard):
        def stop(state):
            os.kill(os.getpid(), signal.SIGINT)
            return heard(state)

        return await real(self, rule, stop)

    monkeypatch.setattr(RuleService, "apply", stopped)
    rule = shopped.asks("rules", "add", "amount between 0 100000", "--tag", "seen")["rule"]
    said = shopped.say("rules", "apply", rule["id"], code=130)
    assert said.err == "Stopped. 20 rows changed. Undo: hive transactions undo\n"
    assert shopped.asks("rules", "test", rule["id"])["would_change"] == len(shopped.rows()) - 20
    undone = shopped.asks("transactions", "undo")
    assert undone["text"] == "Undone: what rules did to 20 rows is taken back."
