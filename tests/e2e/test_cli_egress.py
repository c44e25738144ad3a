"""`hive egress`: listed, filtered, shown whole, exported, and forgotten on the person's word."""

import csv
import json
from datetime import timedelta

import pytest

from tests.e2e.teller import TODAY

TOMORROW = TODAY + timedelta(days=1)


def test_requests_are_listed_newest_first_with_their_sums(teller):
    document = teller.asks("egress")
    assert document["count"] == len(document["requests"]) == len(teller.bank.requests())
    times = [one["at"] for one in document["requests"]]
    assert times == sorted(times, reverse=True)
    assert sum(one["requests"] for one in document["summary"]) == document["count"]
    assert {one["host"] for one in document["summary"]} == {teller.bank.url}
    text = teller.say("egress", "--limit", "3")
    assert len([line for line in text.out.splitlines() if "POST /" in line]) == 3
    assert "Read new transactions" in text.out
    assert f"{document['count']} requests; 3 shown." in text.err


def test_filters(teller):
    everything = teller.asks("egress")["count"]

    def count(*words):
        return teller.asks("egress", *words)["count"]

    assert count("--host", "127.0.0.1") == everything
    assert count("--host", teller.bank.url) == count("--host", teller.bank.url[7:]) == everything
    assert count("--host", "0.0.1:1") == count("--host", "plaid.com") == 0
    assert count("--since", TODAY) == everything
    assert count("--since", TOMORROW) == 0
    linking = teller.asks("egress", "--purpose", "FINISH connecting")
    assert [one["path"] for one in linking["requests"]] == ["/item/public_token/exchange"]
    assert "No request is like that" in teller.say("egress", "--host", "plaid.com").err


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_days_too(teller, day):
    count = teller.asks("egress")["count"]
    assert teller.asks("egress", "--since", day)["count"] == (count if day < "2000" else 0)


def test_one_is_shown_as_it_was_sent(teller):
    (sent,) = teller.asks("egress", "--purpose", "finish connecting")["requests"]
    assert sent["body"] == '{"public_token":"***"}'
    assert (sent["status"], sent["result"], sent["method"]) == (200, None, "POST")
    assert len(bytes.fromhex(sent["body_hash"])) == 32
    assert teller.asks("egress", "show", sent["id"]) == sent
    said = teller.say("egress", "show", sent["id"]).out
    assert '{"public_token":"***"}' in said
    assert sent["body_hash"] in said
    facts = dict(line.split("  ", 1) for line in said.splitlines() if "  " in line)
    facts = {name: value.strip() for name, value in facts.items()}
    assert facts["To"] == teller.bank.url
    assert facts["Request"] == "POST /item/public_token/exchange"
    assert (facts["Result"], facts["Size"]) == ("200", f"{sent['body_length']} bytes as sent")
    assert "Cost" not in facts
    assert "_" not in "".join(facts)
    teller.refuses("egress", "show", "999999")


def test_an_export(teller, tmp_path):
    known = teller.asks("egress")
    for name in ("sent.jsonl", "sent.csv"):
        file = tmp_path / name
        done = teller.asks("egress", "--export", file)
        assert done == {"file": str(file), "exported": known["count"]}
    lines = (tmp_path / "sent.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == known["requests"][::-1]
    with (tmp_path / "sent.csv").open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    assert [int(row["id"]) for row in rows] == [one["id"] for one in known["requests"]][::-1]
    assert "access-" not in (tmp_path / "sent.csv").read_text(encoding="utf-8")
    part = teller.asks("egress", "--purpose", "accounts", "--export", tmp_path / "part.csv")
    assert 0 < part["exported"] < known["count"]
    teller.refuses("egress", "--export", tmp_path / "sent.txt")
    teller.refuses("egress", "--export", tmp_path / "nowhere" / "sent.csv")


def test_nothing_is_forgotten_without_a_word(teller):
    count = teller.asks("egress")["count"]
    assert "--yes" in teller.refuses("egress", "--forget-before", TOMORROW)
    assert teller.asks("egress")["count"] == count
    agreed = ("egress", "--yes", "--forget-before")
    assert teller.asks(*agreed, TODAY - timedelta(days=1)) == {"forgotten": 0, "kept": 0}
    assert teller.asks(*agreed, TOMORROW) == {"forgotten": count, "kept": 0}
    assert teller.asks("egress") == {"requests": [], "count": 0, "summary": []}
    teller.refuses("egress", "show", "1")
