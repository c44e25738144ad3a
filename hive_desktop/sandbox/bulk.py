"""Large, plausible data made quickly: for benchmarks only."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from hive_desktop.sandbox.institutions import Institution
from hive_desktop.sandbox.merchants import Merchant
from hive_desktop.sandbox.script import AccountSpec, Entry, FixedScript

if TYPE_CHECKING:
    from datetime import date

_DAYS = 720
# Name, category, website, channel, least and greatest amount in cents, weight.
_MERCHANTS = (
    ("Safeway", "FOOD_AND_DRINK_GROCERIES", "safeway.com", "in store", 900, 16_000, 14),
    ("Trader Joe's", "FOOD_AND_DRINK_GROCERIES", "traderjoes.com", "in store", 800, 9_000, 9),
    ("Starbucks", "FOOD_AND_DRINK_COFFEE", "starbucks.com", "in store", 350, 1_400, 12),
    ("Chipotle Mexican Grill", "FOOD_AND_DRINK_FAST_FOOD", "chipotle.com", "in store", 900, 3_200,
     8),
    ("DoorDash", "FOOD_AND_DRINK_RESTAURANT", "doordash.com", "online", 1_500, 7_500, 6),
    ("Amazon", "GENERAL_MERCHANDISE_ONLINE_MARKETPLACES", "amazon.com", "online", 500, 18_000, 13),
    ("Target", "GENERAL_MERCHANDISE_SUPERSTORES", "target.com", "in store", 700, 15_000, 7),
    ("Shell", "TRANSPORTATION_GAS", "shell.com", "in store", 2_000, 7_500, 7),
    ("Uber", "TRANSPORTATION_TAXIS_AND_RIDE_SHARES", "uber.com", "online", 700, 6_000, 6),
    ("Netflix", "ENTERTAINMENT_TV_AND_MOVIES", "netflix.com", "online", 1_549, 1_799, 2),
    ("Spotify", "ENTERTAINMENT_MUSIC_AND_AUDIO", "spotify.com", "online", 1_099, 1_199, 2),
    ("CVS", "MEDICAL_PHARMACIES_AND_SUPPLEMENTS", "cvs.com", "in store", 500, 8_000, 4),
    ("Planet Fitness", "PERSONAL_CARE_GYMS_AND_FITNESS_CENTERS", "planetfitness.com", "in store",
     1_000, 2_500, 1),
    ("PG&E", "RENT_AND_UTILITIES_GAS_AND_ELECTRICITY", "pge.com", "online", 6_000, 19_000, 1),
    ("United Airlines", "TRAVEL_FLIGHTS", "united.com", "online", 12_000, 90_000, 1),
    ("Northgate Payroll", "INCOME_SALARY", None, "other", -320_000, -180_000, 2),
)  # fmt: skip
_CITIES = ("Oakland, CA, US", "Berkeley, CA, US", "San Jose, CA, US", "Portland, OR, US", None)


def bulk_institutions(
    items: int, rows_per_item: int, *, seed: int, today: date
) -> tuple[Institution, ...]:
    """Institutions with exactly ``rows_per_item`` posted rows each, spread over two years."""
    return tuple(
        Institution(
            f"ins_{920_001 + place}",
            f"Bulk Bank {place + 1}",
            _script(rows_per_item, random.Random(f"{seed}/bulk/{place}"), today),  # noqa: S311
        )
        for place in range(items)
    )


def _script(rows: int, dice: random.Random, today: date) -> FixedScript:
    accounts = (
        _account("checking", "Everyday Checking", "depository", "checking"),
        _account("savings", "Rainy Day Savings", "depository", "savings"),
        _account("card", "Rewards Card", "credit", "credit card"),
    )
    keys = ("checking", "card", "card", "checking", "savings")
    chosen = dice.choices(_MERCHANTS, weights=[row[6] for row in _MERCHANTS], k=rows)
    known = {row[0]: Merchant(row[0], row[1], row[2], row[3]) for row in _MERCHANTS}
    entries = []
    for number, (name, category, _, channel, low, high, _) in enumerate(chosen):
        posted = today - timedelta(days=_DAYS - 1 - number * _DAYS // rows)
        wait = dice.randrange(3)
        shop = dice.randrange(100, 9_999)
        entries.append(
            Entry(
                key=str(number),
                account=keys[number % len(keys)],
                transacted_on=posted - timedelta(days=wait),
                posted_on=posted,
                amount=Decimal(dice.randint(low, high)).scaleb(-2),
                currency="USD",
                name=f"{name.upper()} #{shop:04}",
                original=f"POS PURCHASE {name.upper()} #{shop:04} {number:07}",
                merchant=known[name],
                category=category,
                channel=channel,
                city=dice.choice(_CITIES),
            )
        )
    return FixedScript(accounts, tuple(entries))


def _account(key: str, name: str, kind: str, subtype: str) -> AccountSpec:
    mask = f"{sum(key.encode()) % 10_000:04}"
    return AccountSpec(key, name, None, mask, kind, subtype, current=Decimal(2_500))
