"""A small bank for one seed: two institutions, a few accounts, a month of payments."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hive_desktop.sandbox.bank import Bank, BankOptions
from hive_desktop.sandbox.clock import Clock
from hive_desktop.sandbox.institutions import Institution
from hive_desktop.sandbox.script import AccountSpec, Entry, FixedScript

START = dt.datetime(2026, 3, 14, 12, 0, tzinfo=dt.UTC)
MERCHANTS = (
    "Blue Lantern Books", "Corner Market", "Harbor Coffee", "City Transit", "Old Mill Pharmacy",
    "Grand Cinema", "Juniper Hardware", "Westend Bakery", "Nightjar Records", "Alder Florist",
)  # fmt: skip
_ACCOUNTS = (
    ("checking", "Everyday Checking", "depository", "checking"),
    ("card", "Rewards Card", "credit", "credit card"),
)


def small_bank(seed, dice, time):
    """Make the bank; its day moves by `advance` only, its seconds with the virtual time."""
    clock = Clock(
        START.date(),
        monotonic=time.monotonic,
        wall=lambda: START.timestamp() + time.seconds,
    )
    options = BankOptions(
        rate_limits=dice.random() < 0.5,
        history_after=dice.choice((0.0, 0.0, 20.0, 200.0)),
    )
    institutions = tuple(
        Institution(f"ins_{930_001 + place}", f"Small Bank {place + 1}", _script(place, dice))
        for place in range(2)
    )
    return Bank(institutions, seed=seed, clock=clock, options=options)


def _script(place, dice):
    specs = _ACCOUNTS if place == 0 else _ACCOUNTS[: dice.randint(1, 2)]
    accounts = tuple(
        AccountSpec(
            key=key,
            name=f"{name} {place + 1}",
            official_name=None,
            mask=f"{place + 1}{number}{place}7",
            type=kind,
            subtype=subtype,
            current=Decimal(2_500),
            has_persistent_id=place == 0,
        )
        for number, (key, name, kind, subtype) in enumerate(specs)
    )
    rows = tuple(_entry(number, dice, accounts) for number in range(dice.randint(5, 16)))
    return FixedScript(accounts, rows)


def _entry(number, dice, accounts):
    account = dice.choice(accounts)
    day = START.date() - dt.timedelta(days=dice.randrange(45))
    return Entry(
        key=str(number),
        account=account.key,
        transacted_on=day,
        posted_on=day,
        amount=draw_amount(dice),
        currency=account.currency,
        name=dice.choice(MERCHANTS),
    )


def draw_amount(dice):
    """Draw an amount: often small money out, now and then money in, or an even sum that recurs."""
    if dice.random() < 0.15:
        return Decimal(dice.choice((10, 20, 50, -50)))
    cents = dice.randint(150, 20_000)
    return Decimal(-cents if dice.random() < 0.1 else cents).scaleb(-2)
