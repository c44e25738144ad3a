"""Accounts and rows that the person keeps by hand: no bank tells of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

FIRST_DAY: Final = date(1970, 1, 2)
"""The first day that a row or a balance may be of. The last is today: no balance has more."""


class ManualKind(StrEnum):
    """What an account is. Only the first four are moved by their rows (`balance_proof.PROVED`)."""

    CASH = "cash"
    CHECKING = "checking"
    SAVINGS = "savings"
    CARD = "credit card"
    LOAN = "loan"
    INVESTMENT = "investment"
    PROPERTY = "property"
    VEHICLE = "vehicle"
    OTHER = "other"

    @property
    def type(self) -> str:
        """Return the account's type as banks have it."""
        return _TYPES.get(self, "other")

    @property
    def is_moved_by_rows(self) -> bool:
        """Tell whether rows move the balance; else it is what the person says."""
        return self.type in ("depository", "credit")

    @property
    def is_of_a_thing(self) -> bool:
        """Tell whether it is worth something and never has rows of a bank."""
        return self in (ManualKind.PROPERTY, ManualKind.VEHICLE)


_TYPES = {
    ManualKind.CASH: "depository",
    ManualKind.CHECKING: "depository",
    ManualKind.SAVINGS: "depository",
    ManualKind.CARD: "credit",
    ManualKind.LOAN: "loan",
    ManualKind.INVESTMENT: "investment",
}


@dataclass(frozen=True, slots=True)
class ManualAccount:
    """A new account.

    Attributes:
        institution: any text, "" for none.
        mask: the last digits of its number, or None.
    """

    name: str
    kind: ManualKind
    currency: str
    institution: str = ""
    mask: str | None = None


@dataclass(frozen=True, slots=True)
class RowFacts:
    """What a row says of itself: `day` since 1970, positive minor units for money out."""

    day: int
    amount_minor: int
    name: str


@dataclass(frozen=True, slots=True)
class FactsChange:
    """Other facts of a row; what is None stays."""

    day: date | None = None
    amount_minor: int | None = None
    name: str | None = None
