"""What a bank's data is made from: accounts, entries, and the script that yields them.

A script knows nothing of Plaid's wire format, of tokens or of what a client has seen; it answers
one question: which payments happen between two days, purely from its seed and those days.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from decimal import Decimal

    from hive_desktop.sandbox.merchants import Merchant


@dataclass(frozen=True, slots=True)
class AccountSpec:
    """An account before it is linked.

    Attributes:
        key: Its name inside the script; entries refer to it.
        opening: Balance before the first entry (owed is positive for credit and loan), or None when
            ``current`` rules.
        current: Balance on the day of linking, or None when it follows from ``opening``.
        available: A fixed available balance, or None to derive it.
        has_persistent_id: The bank gives the account an id that outlives a link.
    """

    key: str
    name: str
    official_name: str | None
    mask: str
    type: str
    subtype: str
    currency: str = "USD"
    limit: Decimal | None = None
    opening: Decimal | None = None
    current: Decimal | None = None
    available: Decimal | None = None
    has_persistent_id: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One payment as life (or a file) has it. Amounts: positive = money leaves the account.

    Attributes:
        key: Identity inside the script; ids follow from it.
        pending_amount: What the authorization shows when it differs (a tip is added later).
        has_pending: False for what appears posted at once (payroll, transfers, fees).
        expires: The authorization is dropped and never posts.
        inflow: Generated for a custom user's ``inflow_model``.
        original: The bank's raw line; ``name`` when None.
    """

    key: str
    account: str
    transacted_on: date
    posted_on: date
    amount: Decimal
    currency: str
    name: str
    original: str | None = None
    merchant: Merchant | None = None
    category: str | None = None
    confidence: str = "VERY_HIGH"
    channel: str | None = None
    code: str | None = None
    city: str | None = None
    pending_amount: Decimal | None = None
    has_pending: bool = True
    expires: bool = False
    inflow: bool = False


class Script(Protocol):
    """The data behind one login at one bank."""

    @property
    def accounts(self) -> tuple[AccountSpec, ...]:
        """The accounts of the login, in the bank's order."""

    @property
    def epoch(self) -> date | None:
        """The day on which openings hold; None when only the history asked for counts."""

    def fixed(self) -> Iterable[Entry]:
        """Entries given once and for all, whatever the day (a custom user's own rows)."""

    def entries(self, first: date, last: date) -> Iterable[Entry]:
        """Entries transacted from ``first`` to ``last``, both included."""


@dataclass(frozen=True, slots=True)
class FixedScript:
    """Accounts with given entries and no life of their own."""

    accounts: tuple[AccountSpec, ...]
    rows: tuple[Entry, ...] = ()
    epoch: None = None

    def fixed(self) -> Iterable[Entry]:
        """The given entries."""
        return self.rows

    def entries(self, first: date, last: date) -> Iterable[Entry]:
        """Nothing happens here by itself."""
        del first, last
        return ()


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row of a custom user's file that cannot be a transaction.

    Attributes:
        label: The file (or login) that the row came from.
        account: The account's place in the file, from 0.
        index: The row's place in its account, from 0.
        reason: One sentence for a person.
    """

    label: str
    account: int
    index: int
    reason: str

    def as_dict(self) -> Mapping[str, object]:
        """For the control API."""
        return {
            "label": self.label,
            "account": self.account,
            "index": self.index,
            "reason": self.reason,
        }
