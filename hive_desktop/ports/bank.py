"""The bank as services see it: one port, three ways in (direct, relay, demo)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from hive_desktop.domain.health import Trouble
    from hive_desktop.domain.ledger import BankTransaction
    from hive_desktop.ports.egress import Egress


@dataclass(frozen=True, slots=True, repr=False)
class AccessToken:
    """A bank's access token. It has no text form, so that it cannot reach a log by accident."""

    value: str

    def __repr__(self) -> str:
        return "AccessToken(***)"


@dataclass(frozen=True, slots=True)
class RenewedToken:
    """A token and the one to use from now on for the same item."""

    old: AccessToken
    new: AccessToken


@dataclass(frozen=True, slots=True, repr=False)
class LinkStart:
    """A Hosted Link session: where the person goes, and the token to ask about it."""

    link_token: str
    url: str
    expires_at: datetime | None

    def __repr__(self) -> str:
        return "LinkStart(***)"


@dataclass(frozen=True, slots=True, repr=False)
class LinkedBank:
    """One bank that the person chose in a Link session, before the exchange."""

    public_token: str
    institution_id: str | None
    institution: str

    def __repr__(self) -> str:
        return f"LinkedBank({self.institution})"


@dataclass(frozen=True, slots=True)
class LinkOutcome:
    """How a Link session stands: still open, finished with banks, or left without one."""

    is_finished: bool
    banks: tuple[LinkedBank, ...] = ()
    exit_code: str | None = None


@dataclass(frozen=True, slots=True)
class ExchangedItem:
    """What an exchange gives: the item's id at Plaid and the token that opens it."""

    plaid_item_id: str
    token: AccessToken


@dataclass(frozen=True, slots=True)
class BankAccount:
    """One account as the bank has it; balances in minor units, None where the bank does not say.

    `balance_at` is when the balances were true, where the bank says so for this account.
    """

    plaid_account_id: str
    persistent_id: str | None
    name: str
    official_name: str | None
    mask: str | None
    type: str
    subtype: str | None
    currency: str
    current_minor: int | None
    available_minor: int | None
    limit_minor: int | None
    balance_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that could not be read; the rest of its page lands."""

    plaid_id: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class SyncPage:
    """One page of /transactions/sync. An empty `next_cursor` is never progress (NOT_READY)."""

    added: list[BankTransaction]
    modified: list[BankTransaction]
    removed: list[str]
    accounts: list[BankAccount]
    next_cursor: str
    has_more: bool
    is_ready: bool
    is_history_complete: bool
    refused: list[RefusedRow]


@dataclass(frozen=True, slots=True)
class WindowPage:
    """One page of /transactions/get, newest first; `total` counts the whole window."""

    rows: list[BankTransaction]
    accounts: list[BankAccount]
    total: int
    refused: list[RefusedRow]


@dataclass(frozen=True, slots=True)
class ItemInfo:
    """What the bank says of an item: its institution, an error that stands, and how fresh it is.

    Attributes:
        trouble: the error as what helps against it.
        updated_at: when the bank's data was last renewed.
    """

    plaid_item_id: str
    institution_id: str | None
    institution: str | None
    error_code: str | None
    consent_expires_at: datetime | None
    trouble: Trouble | None = None
    updated_at: datetime | None = None


class BankConnector(Protocol):
    """Everything Hive asks of a bank.

    Methods raise BankError subclasses, and LinkError for a link or public token that is used up.
    """

    async def begin_link(
        self, *, completion_url: str | None, relink: AccessToken | None = None
    ) -> LinkStart:
        """Open a Hosted Link session for a new bank, or in update mode for an item."""
        ...

    async def poll_link(self, link_token: str) -> LinkOutcome:
        """Ask how the session stands."""
        ...

    async def exchange(self, public_token: str, attempt: bytes) -> ExchangedItem:
        """Turn a public token (one use, 30 minutes) into an item.

        `attempt` names the exchange. Asked again with the same name, even after the program died in
        between, it gives the item that the first asking got. `forget_exchanges` ends that.
        """
        ...

    async def forget_exchanges(self, open_attempts: Collection[bytes]) -> None:
        """Delete what was kept of every exchange but these: the ledger has the items now."""
        ...

    async def item(self, token: AccessToken) -> ItemInfo:
        """Return the item's own state at the bank."""
        ...

    async def accounts(self, token: AccessToken) -> list[BankAccount]:
        """Return accounts with the bank's cached balances (free)."""
        ...

    async def balances(self, token: AccessToken) -> list[BankAccount]:
        """Return accounts with live balances (billed: on a labelled click only)."""
        ...

    async def sync_page(self, token: AccessToken, cursor: str) -> SyncPage:
        """Return the page of changes after `cursor`; an empty cursor asks for all history."""
        ...

    async def window_page(
        self, token: AccessToken, start: date, end: date, offset: int
    ) -> WindowPage:
        """Return rows posted between two dates, both included, from `offset` on."""
        ...

    async def refresh(self, token: AccessToken) -> None:
        """Ask the bank to look for new rows now (rationed: on a labelled click only)."""
        ...

    async def remove(self, token: AccessToken) -> None:
        """End the connection at the bank, so that it stops billing."""
        ...

    def drain_egress(self) -> list[Egress]:
        """Return the requests made since the last call, for the ledger's record."""
        ...

    def drain_renewed(self) -> list[RenewedToken]:
        """Return the tokens that were replaced since the last call; the old ones still open."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
