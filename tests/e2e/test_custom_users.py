"""Real input: what Hive shows of a household equals its file, whichever way it is read."""

import json
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.e2e.conftest import DATA, SHARED_USERS
from tests.e2e.teller import TODAY

OWN = [DATA / "household.custom.json"]
PUBLISHED = sorted(SHARED_USERS.glob("*.json"))
HISTORY_DAYS = 730


def expected(path):
    """Sum the file by itself: rows posted within the history, or pending, per account's place."""
    accounts = json.loads(path.read_text(), parse_float=Decimal)["override_accounts"]
    sums, counts = Counter(), Counter()
    for place, account in enumerate(accounts):
        for row in account.get("transactions") or []:
            if row["date_posted"] is None or row["amount"] is None:
                continue
            if date.fromisoformat(row["date_posted"]) < TODAY - timedelta(days=HISTORY_DAYS):
                continue
            key = (place, row["currency"])
            sums[key] += int(Decimal(row["amount"]) * 100)
            counts[key] += 1
    return len(accounts), sums, counts


def inflow_free(document, path):
    """Leave out what an inflow model asks for on top: rows whose name it gives."""
    accounts = json.loads(path.read_text())["override_accounts"]
    models = [account.get("inflow_model") or {} for account in accounts]
    names = {model.get("transaction_name") for model in models} - {None}
    return [row for row in document["transactions"] if row["name"] not in names]


@pytest.mark.full
@pytest.mark.parametrize("path", [*OWN, *PUBLISHED], ids=lambda path: path.stem)
def test_the_ledger_equals_the_file(path, hive, tmp_path):
    demo = hive(
        "demo", "--headless", "--json", "--out", tmp_path, "--today", TODAY, "--custom-user", path
    )
    assert demo.code == 0, demo.err
    vault = demo.document["vault"]
    accounts = hive("accounts", "--json", "--vault", vault).document["accounts"]
    listed = hive("transactions", "--json", "--vault", vault).document
    number, sums, counts = expected(path)
    assert demo.document["accounts"] == len(accounts) == number
    assert listed["total"] == len(listed["transactions"]) == demo.document["transactions"]

    rows = inflow_free(listed, path)
    read_sums, read_counts = Counter(), Counter()
    for row in rows:
        read_sums[row["account_id"], row["currency"]] += row["amount_minor"]
        read_counts[row["account_id"], row["currency"]] += 1
    assert sorted(read_sums.values()) == sorted(sums.values())
    assert sorted(read_counts.values()) == sorted(counts.values())

    assert_figures_agree(hive, vault, listed["transactions"])
    dates = [row["date"] for row in listed["transactions"]]
    assert dates == sorted(dates, reverse=True)


def assert_figures_agree(hive, vault, rows):
    summary = hive("spending", "summary", "--json", "--vault", vault).document
    by_category, counted = Counter(), Counter()
    for row in rows:
        key = (row["category"] or "Uncategorized", row["currency"])
        by_category[key] += row["amount_minor"]
        counted[key] += 1
    told, told_counts = Counter(), Counter()
    for one in summary["categories"]:
        told[one["category"], one["currency"]] += one["amount_minor"]
        told_counts[one["category"], one["currency"]] += one["count"]
    assert told == by_category
    assert told_counts == counted

    kinds = {one["category"]: one["kind"] for one in summary["categories"]}
    trends = hive("spending", "trends", "--json", "--vault", vault).document["points"]
    spent, income = Counter(), Counter()
    for row in rows:
        key = (row["date"][:7], row["currency"])
        if row["category"] is None:
            (spent if row["amount_minor"] > 0 else income)[key] += abs(row["amount_minor"])
        elif kinds[row["category"]] == "expense":
            spent[key] += row["amount_minor"]
        elif kinds[row["category"]] == "income":
            income[key] -= row["amount_minor"]
    for point in trends:
        key = (point["start"][:7], point["currency"])
        assert (point["spent_minor"], point["income_minor"]) == (spent[key], income[key])
    assert sum(p["spent_minor"] for p in trends) == sum(spent.values())


@pytest.mark.full
def test_twins_pendings_currencies_and_refused_rows(hive, tmp_path):
    demo = hive(
        "demo", "--headless", "--json", "--out", tmp_path, "--today", TODAY, "--custom-user", OWN[0]
    )
    assert "NO DATE" in demo.err or "row 6" in demo.err
    vault = demo.document["vault"]
    rows = hive("transactions", "--json", "--vault", vault).document["transactions"]
    twins = [r for r in rows if r["date"] == "2026-11-03"]
    assert len(twins) == 2
    assert twins[0]["id"] != twins[1]["id"]
    (pending,) = [r for r in rows if r["pending"]]
    assert (pending["name"], pending["date"]) == ("AIRLINE HOLD", "2026-11-20")
    assert {r["name"] for r in rows} >= {"JUST IN TIME", "HOTEL ROMA"}
    assert "TOO OLD" not in {r["name"] for r in rows}
    only = hive("transactions", "--json", "--vault", vault, "--pending").document
    assert only["total"] == demo.document["pending"] == 1
    found = hive("transactions", "--json", "--vault", vault, "--search", "hotel ro").document
    assert [r["amount_minor"] for r in found["transactions"]] == [8020]
    account = hive("transactions", "--json", "--vault", vault, "--account", "Card").document
    assert account["total"] == 2
    page = hive("transactions", "--json", "--vault", vault, "--limit", 3, "--offset", 2).document
    assert page["transactions"] == rows[2:5]


def test_a_second_demo_does_not_touch_the_first_one_s_vault(hive, tmp_path):
    (tmp_path / "vault").mkdir()
    (tmp_path / "vault" / "vault.json").write_text("{}")
    said = hive("demo", "--headless", "--json", "--out", tmp_path, "--today", TODAY)
    assert (said.code, said.out) == (2, "")
    assert "another folder with --out" in said.err
    assert (tmp_path / "vault" / "vault.json").read_text() == "{}"
