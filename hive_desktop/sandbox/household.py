"""The demo household: its recipe read from a file, and its banks as scripts.

The recipe is data; how a month of it comes to life is in ``household_life``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hive_desktop
from hive_desktop.sandbox.household_life import Life, Stock
from hive_desktop.sandbox.institutions import Institution
from hive_desktop.sandbox.merchants import Merchant
from hive_desktop.sandbox.script import AccountSpec

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from hive_desktop.sandbox.script import Entry


class RecipeError(ValueError):
    """A household's file that cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """A household's file, read.

    Attributes:
        accounts: Account specs by their bank's key, in the file's order.
        plans: The sections that say what happens (pay, bills, habits, ...), as they are.
    """

    name: str
    people: tuple[str, ...]
    institutions: tuple[dict[str, Any], ...]
    accounts: dict[str, tuple[AccountSpec, ...]]
    merchants: dict[str, Stock]
    plans: dict[str, Any]


def default_recipe_path() -> Path:
    """Where the default household lies."""
    return Path(hive_desktop.__file__).resolve().parent.parent / "resources/demo/household.json"


def load_recipe(path: Path) -> Recipe:
    """Read a household's file.

    Raises:
        RecipeError: Not JSON, or a part is missing.
        OSError: The file cannot be read.
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        return Recipe(
            name=raw["name"],
            people=tuple(raw["people"]),
            institutions=tuple(raw["institutions"]),
            accounts={
                bank["key"]: tuple(
                    _account(one) for one in raw["accounts"] if one["institution"] == bank["key"]
                )
                for bank in raw["institutions"]
            },
            merchants={key: _stock(one) for key, one in raw["merchants"].items()},
            plans=raw,
        )
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        msg = f"{path.name} is no household: {error}"
        raise RecipeError(msg) from error


def _account(raw: dict[str, Any]) -> AccountSpec:
    return AccountSpec(
        key=raw["key"],
        name=raw["name"],
        official_name=raw["official_name"],
        mask=raw["mask"],
        type=raw["type"],
        subtype=raw["subtype"],
        currency=raw.get("currency", "USD"),
        limit=Decimal(raw["limit"]) if "limit" in raw else None,
        opening=Decimal(raw["opening"]),
        has_persistent_id=raw.get("has_persistent_id", False),
    )


def _stock(raw: dict[str, Any]) -> Stock:
    merchant = Merchant(
        name=raw["name"],
        detailed=raw["category"],
        website=raw.get("website"),
        channel=raw["channel"],
        kind=raw.get("kind", "merchant"),
        terminal=raw.get("terminal"),
        confidence=raw.get("confidence", "VERY_HIGH"),
    )
    return Stock(merchant, raw["line"], raw.get("city"))


@dataclass(frozen=True, slots=True)
class HouseholdScript:
    """The household's life as one of its banks sees it."""

    accounts: tuple[AccountSpec, ...]
    life: Life

    @property
    def epoch(self) -> date:
        """The recipe's first day."""
        return self.life.epoch

    def fixed(self) -> Iterable[Entry]:
        """Nothing is given once: everything follows from the day."""
        return ()

    def entries(self, first: date, last: date) -> Iterable[Entry]:
        """This bank's entries transacted between two days, oldest first."""
        mine = {account.key for account in self.accounts}
        # What one month starts (a refund, a later leg) may end in the next.
        month = (first.replace(day=1) - timedelta(days=1)).replace(day=1)
        found: list[Entry] = []
        while month <= last:
            found += (
                entry
                for entry in self.life.month(month.year, month.month)
                if entry.account in mine and first <= entry.transacted_on <= last
            )
            month = (month + timedelta(days=32)).replace(day=1)
        return sorted(found, key=lambda entry: (entry.transacted_on, entry.key))


def household_institutions(recipe: Recipe, seed: int) -> tuple[Institution, ...]:
    """The household's banks, sharing one life."""
    currencies = {spec.key: spec.currency for group in recipe.accounts.values() for spec in group}
    life = Life(recipe.plans, recipe.merchants, currencies, seed)
    return tuple(
        Institution(
            institution_id=raw["institution_id"],
            name=raw["name"],
            script=HouseholdScript(recipe.accounts[raw["key"]], life),
            oauth=raw.get("oauth", False),
            color=raw["color"],
            url=raw["url"],
            routing_numbers=tuple(raw["routing_numbers"]),
        )
        for raw in recipe.institutions
    )
