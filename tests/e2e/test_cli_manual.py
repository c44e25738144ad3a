"""`hive accounts add|balance|delete` and `hive transactions add|change`: what no bank tells."""

import asyncio
from types import SimpleNamespace

import pytest

from hive_desktop.cli import manual
from hive_desktop.ports.errors import UsageError


@pytest.fixture
def wallet(teller):
    done = teller.asks(
        "accounts", "add", "Wallet", "--currency", "usd", "--balance", "100", "--on", "2026-11-01"
    )
    return done["account"]


def held(teller, name):
    found = teller.asks("accounts")["accounts"]
    return next((one["balance_current_minor"] for one in found if one["name"] == name), None)


def test_an_account_of_ones_own_is_added_moved_and_deleted(teller, wallet):
    assert (wallet["state"], wallet["subtype"], wallet["currency"]) == ("manual", "cash", "USD")
    before = teller.asks("transactions")["total"]
    told = ("transactions", "add", "wallet", "Corner Bakery", "--out", "12.50")
    row = teller.asks(*told, "--on", "2026-11-05", "--note", "for two")["transaction"]
    assert (row["amount_minor"], row["date"], row["note"]) == (1250, "2026-11-05", "for two")
    assert row["category"] == "Food & Dining", "labelled like any other"
    teller.say("transactions", "add", "Wallet", "Gift", "--in", "20", "--category", "Income")
    assert held(teller, "Wallet") == 10_750
    assert "kept" not in teller.say("items").out
    said = teller.say("transactions", "change", row["id"], "--out", "13", "--rename", "Baker").err
    assert said == "Baker is changed. Undo: hive transactions undo\n"
    assert held(teller, "Wallet") == 10_700
    assert "what you changed on Baker" in teller.say("transactions", "undo").err
    assert held(teller, "Wallet") == 10_750
    said = teller.say("accounts", "balance", "Wallet", "90", "--on", "2026-11-20").err
    assert "held 90.00 USD at the end of 2026-11-20" in said
    assert held(teller, "Wallet") == 11_000
    assert "earlier balance" in teller.say("transactions", "undo").err
    teller.say("transactions", "delete", row["id"])
    assert held(teller, "Wallet") == 12_000
    assert "is deleted with its" in teller.say("accounts", "delete", "Wallet").err
    assert held(teller, "Wallet") is None
    assert teller.asks("transactions")["total"] == before
    assert "“Wallet” is back with its transactions" in teller.say("transactions", "undo").err
    assert held(teller, "Wallet") == 12_000
    teller.sync()
    assert held(teller, "Wallet") == 12_000


def test_a_house_is_what_is_said_of_it(teller):
    teller.say("accounts", "add", "House", "--type", "property", "--currency", "USD")
    teller.say("transactions", "add", "House", "Roof", "--out", "900")
    assert held(teller, "House") == 0
    teller.say("accounts", "balance", "House", "300000")
    assert held(teller, "House") == 30_000_000
    assert "already" in teller.say("accounts", "balance", "House", "300000").err


def test_a_row_that_was_added_is_taken_out_and_back(teller, wallet):
    teller.say("transactions", "add", "Wallet", "Corner Bakery", "--out", "5")
    assert "is taken out again" in teller.say("transactions", "undo").err
    assert held(teller, "Wallet") == 10_000
    assert "is added again" in teller.say("transactions", "redo").err
    assert held(teller, "Wallet") == 9_500


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("accounts", "add", "X", "--currency", "nope"), "like EUR"),
        (("accounts", "add", " ", "--currency", "USD"), "Type one"),
        (("accounts", "add", "X", "--currency", "USD", "--balance", "x"), "12.50"),
        (("accounts", "add", "X", "--currency", "USD", "--on", "1900-01-01"), "1970"),
        (("transactions", "add", "Wallet", "Shop", "--out", "5", "--on", "2199-01-01"), "today"),
        (("transactions", "add", "Wallet", "Shop"), "--out"),
        (("transactions", "add", "Wallet", "Shop", "--out", "-5"), "money in"),
        (("transactions", "add", "Wallet", "Shop", "--out", "1.005"), "Round it"),
        (("transactions", "add", "{bank}", "Shop", "--out", "5"), "by hand"),
        (("accounts", "delete", "{bank}"), "by hand"),
        (("accounts", "balance", "{bank}", "5"), "by hand"),
        (("transactions", "change", "{row}", "--out", "5"), "what the bank says"),
        (("transactions", "change", "{row}"), "--rename"),
    ],
)
def test_what_means_nothing_is_refused(teller, wallet, words, hint):
    row = teller.rows()[0]
    bank = next(one["id"] for one in teller.asks("accounts")["accounts"] if one["mask"])
    said = teller.refuses(*(one.format(bank=bank, row=row["id"]) for one in words))
    assert hint in said


def test_an_account_that_left_meanwhile_is_told_of():
    async def accounts():
        return []

    session = SimpleNamespace(ledger=SimpleNamespace(accounts=accounts))
    with pytest.raises(UsageError, match="has left"):
        asyncio.run(manual._one(session, b"a" * 16))
