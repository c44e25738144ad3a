"""`hive notices`: what was told, and what waits."""

import json

DAY_MICROS = 86_400_000_000
KEPT = (
    ("rows:9", "new_rows", 3, 4, {"count": 12, "ids": ["aa"]}),
    (
        "charge:1",
        "large_charge",
        2,
        3,
        {"name": "Sofa House", "amount_minor": 61_250, "currency": "USD"},
    ),
    ("charge:p", "large_charge", 2, 2, None),
    ("over:0:low:1", "low_balance", 0, 0, {"name": "Everyday", "over_at": DAY_MICROS}),
    ("over:0:low:2", "low_balance", 0, None, {"name": "Savings", "over_at": 2 * DAY_MICROS}),
    (
        "rise:1",
        "price_rise",
        1,
        None,
        {"name": "Flix", "amount_minor": 1_399, "before_minor": 999, "currency": "USD"},
    ),
)


def keep(teller):
    for key, kind, at, told_at, body in KEPT:
        text = "" if body is None else json.dumps(body)
        told = None if told_at is None else told_at * DAY_MICROS
        teller.sql(
            "INSERT INTO notices VALUES (?, ?, ?, ?, ?)", key, kind, at * DAY_MICROS, told, text
        )


def test_notices_are_listed_newest_first(teller):
    said = teller.say("notices")
    assert "Nothing was told yet." in said.err + said.out
    assert teller.asks("notices")["notices"] == []
    keep(teller)
    lines = teller.say("notices").out.splitlines()
    assert len(lines) == 6
    assert lines[0].lower().split()[-2:] == ["told", "over"]
    assert "1970-01-02" in lines[4].split("Everyday")[1]
    savings = lines[5].split("Savings")[1].split()
    assert (savings[0], savings[1]) == ("no", "1970-01-03")
    assert "new transactions" in lines[1]
    assert "12" in lines[1]
    assert "Sofa House" in lines[2]
    assert "612.50" in lines[2]
    assert lines[3].endswith("waits")
    assert "9.99 USD to 13.99 USD" in lines[3]
    told = teller.asks("notices", "--limit", "2")["notices"]
    assert [(one["kind"], one["amount_minor"]) for one in told] == [
        ("new_rows", None),
        ("large_charge", 61_250),
    ]
    every = teller.asks("notices")["notices"]
    assert every[2]["told_at"] is None
    assert [one["over_at"] for one in every[:3]] == [None] * 3
    assert every[4]["over_at"].startswith("1970-01-03")
