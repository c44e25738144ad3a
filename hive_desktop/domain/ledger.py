"""The ledger's nouns: frozen values that services pass about and pages show.

Ids are UUIDv7 as 16 bytes (they sort by time of creation); Plaid's ids are case-sensitive text.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, NamedTuple, NewType

if TYPE_CHECKING:
    from datetime import date, datetime

ItemId = NewType("ItemId", bytes)
AccountId = NewType("AccountId", bytes)
CategoryId = NewType("CategoryId", bytes)
TransactionId = NewType("TransactionId", bytes)
BatchId = NewType("BatchId", bytes)


class CategoryKind(StrEnum):
    """What a category's rows mean for the figures; transfers never count."""

    EXPENSE = "expense"
    INCOME = "income"
    TRANSFER = "transfer"


class CategorySource(StrEnum):
    """Who chose a row's category, strongest first."""

    USER = "user"
    RULE = "rule"
    MERCHANT = "merchant"
    BANK = "bank"
    AI = "ai"
    OFFLINE = "offline"

    @property
    def strength(self) -> int:
        """Return a rank; a source may overwrite only sources of equal or lower rank."""
        return _STRENGTH[self]


_STRENGTH = {source: rank for rank, source in enumerate(reversed(CategorySource))}


class ItemState(StrEnum):
    """How one connection to a bank stands; `domain.health` says how it moves between these.

    `SYNCING` is shown while a sync of the item runs; the health under it is kept meanwhile.
    `AWAITING` is a new connection to a bank that is known already: the person has not yet said
    whether it takes the old one's place. `CLOSED` was disconnected, and its history was kept.
    `MANUAL` is no connection: the person keeps its accounts by hand.
    """

    HEALTHY = "healthy"
    SYNCING = "syncing"
    EXPIRING = "expiring"
    NEEDS_RELINK = "needs_relink"
    DEGRADED = "degraded"
    RATE_LIMITED = "rate_limited"
    REVOKED = "revoked"
    MISCONFIGURED = "misconfigured"
    AWAITING = "awaiting"
    CLOSED = "closed"
    MANUAL = "manual"


class BankTransaction(NamedTuple):
    """One row as the bank has it: the ledger's bank columns, in the bank's sign.

    A tuple and not a dataclass, because a first sync makes a hundred thousand of them. Days are day
    numbers (`domain.days`), amounts minor units, positive = money out.
    """

    plaid_id: str
    plaid_account_id: str
    posted_on: int
    authorized_on: int | None
    amount_minor: int
    currency: str
    name: str
    merchant_name: str | None
    merchant_entity_id: str | None
    description: str | None
    pending: bool
    pending_plaid_id: str | None
    bank_category: str | None
    bank_confidence: str | None
    payment_channel: str | None
    check_number: str | None


class Place(Enum):
    """Where a stored row stands: in the ledger, or on the shelf and why."""

    LEDGER = "ledger"
    DELETED = "deleted"
    """The person deleted it; it stays so."""
    UNDONE = "undone"
    """A sync that brought it was undone; the next one brings it back."""
    MERGED = "merged"
    """The person merged it into another row."""
    SPLIT = "split"
    """The whole of a row that the person divided: its parts stand in its place."""
    PART = "part"
    """A part that does not stand: its whole does, or has left."""


class StoredRow(NamedTuple):
    """A row of the ledger as the bank last had it; `is_edited` when a person wrote on it."""

    id: TransactionId
    seq: int
    bank: BankTransaction
    place: Place = Place.LEDGER
    is_edited: bool = False


class Label(NamedTuple):
    """An automatic category: its name, who says so, how sure (0 to 1), and why in one sentence."""

    category: str
    source: CategorySource
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class Category:
    """A category that rows can carry. `color` is `#RRGGBB`, `icon` an icon's name.

    `key` is what banks and models call it, whatever its name is by now; None for one of the
    person's own.
    """

    id: CategoryId
    name: str
    kind: CategoryKind
    color: str
    icon: str
    is_archived: bool = False
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One connection to one bank. The access token never leaves the storage and sync layers.

    `until` is when it is tried again, `ends_at` when access ends, as far as anybody said.
    """

    id: ItemId
    plaid_item_id: str
    institution_id: str | None
    institution: str
    state: ItemState
    error_code: str | None
    created_at: datetime
    last_synced_at: datetime | None
    until: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """One account of an item. Balances are in the bank's sense: a card's is what is owed.

    `name` is the person's own name for it, or else `bank_name`. A hidden account is left out of
    lists and of net worth; its rows count all the same.
    """

    id: AccountId
    item_id: ItemId
    plaid_account_id: str
    institution: str
    name: str
    official_name: str | None
    mask: str | None
    type: str
    subtype: str | None
    currency: str
    balance_current_minor: int | None
    balance_available_minor: int | None
    balance_limit_minor: int | None
    balance_at: datetime | None
    state: ItemState
    bank_name: str = ""
    is_hidden: bool = False
    in_net_worth: bool = True

    @property
    def counts(self) -> bool:
        """Tell whether the account is a part of net worth."""
        return self.in_net_worth and not self.is_hidden

    @property
    def title(self) -> str:
        """Return the name with the last digits, where they are known."""
        return titled(self.name, self.mask)

    @property
    def digits(self) -> str:
        """Return the last digits as they stand beside the name; "" where the name has them."""
        return "" if self.title == self.name else self.mask or ""

    @property
    def is_owed(self) -> bool:
        """Tell whether the balance is a debt."""
        return self.type in ("credit", "loan")

    @property
    def worth_minor(self) -> int | None:
        """Return the balance in the person's sense, what is owed as negative; None if unknown."""
        if self.balance_current_minor is None:
            return None
        return -self.balance_current_minor if self.is_owed else self.balance_current_minor


def titled(name: str, mask: str | None) -> str:
    """Return an account's name with the last digits of its number, but for one that has them."""
    if not mask or name.endswith(mask) or f"··{mask}" in name:
        return name
    return f"{name} ··{mask}"


class TransactionRow(NamedTuple):
    """One row as lists show it; `seq` is the display order (newest rows have the largest).

    `merchant` is the person's own name for the row, which is also `display_name`, or the bank's.
    `is_part` tells that the person divided a row of the bank, and this is one of its parts.
    """

    seq: int
    id: TransactionId
    account_id: AccountId
    posted_on: date
    authorized_on: date | None
    amount_minor: int
    currency: str
    name: str
    merchant: str | None
    description: str | None
    category_id: CategoryId | None
    category: str | None
    category_source: CategorySource | None
    confidence: float | None
    pending: bool
    note: str | None
    needs_review: bool
    tags: tuple[str, ...] = ()
    is_hidden: bool = False
    is_reviewed: bool = False
    display_name: str | None = None
    is_part: bool = False


class Order(StrEnum):
    """In which order rows are listed; rows alike in it come newest first.

    By amount, without its sign, or by name only the newest `SORTED_MOST` rows of a query are
    sorted: to put more in order takes longer than a person waits. Without any filter all are
    sorted by amount.
    """

    NEWEST = "newest"
    OLDEST = "oldest"
    LARGEST = "largest"
    SMALLEST = "smallest"
    NAME = "name"
    NAME_BACK = "name-back"

    @property
    def is_by_day(self) -> bool:
        """Tell whether any number of rows is in this order."""
        return self in (Order.NEWEST, Order.OLDEST)


SORTED_MOST = 20_000
"""How many rows are sorted by name, or by amount among filters."""


@dataclass(frozen=True, slots=True)
class TransactionQuery:
    """Which rows: the one filter object that the table, the command line and the charts share.

    All given conditions hold together; an empty tuple means no condition. `text` matches the
    beginnings of words in names, descriptions and notes. `uncategorized` adds rows without a
    category to those of `categories`. `counts_as` keeps the rows that a figure of spending or
    income is made of: those of such categories, and those without one by their direction.
    `merchants` are keys, each shared by the rows of one merchant, of which a row has one.
    `is_in` keeps money that came in, or what did not. `ids` names rows one by one. `before` keeps
    the rows that follow a row of this `seq` in the list.
    """

    start: date | None = None
    end: date | None = None
    accounts: tuple[AccountId, ...] = ()
    categories: tuple[CategoryId, ...] = ()
    uncategorized: bool = False
    text: str = ""
    pending: bool | None = None
    needs_review: bool | None = None
    currency: str | None = None
    counted_only: bool = False
    counts_as: CategoryKind | None = None
    ids: tuple[TransactionId, ...] = ()
    hidden: bool | None = None
    before: int | None = None
    merchants: tuple[str, ...] = ()
    is_in: bool | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """One field that a person changed, as the log has it.

    `by` is the name of the client of the local API that did it; empty for the person.
    """

    entity: str
    entity_id: bytes
    field: str
    before: str | None
    after: str | None
    at: datetime
    batch: BatchId
    by: str = ""
