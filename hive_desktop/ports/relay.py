"""A relay as services see it: where a person signs in, and what it sends by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from hive_desktop.ports.bank import BankConnector

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
    from datetime import datetime

    from hive_desktop.ports.bank import AccessToken, BankAccount, ItemInfo, SyncPage
    from hive_desktop.ports.egress import Egress


OF_RELAY: Final = ("hs1.", "hl1.")
"""How a relay's words begin: its sealed tokens, and its links with their banks."""


def is_of_relay(word: str) -> bool:
    """Tell whether a relay made a token or a link."""
    return word.startswith(OF_RELAY)


@dataclass(frozen=True, slots=True)
class RelayGrant:
    """A sign-in at a relay as the vault keeps it; no text form shows the token.

    Attributes:
        url: the relay's address, without a final slash.
        email: who signed in.
        device_id: the relay's name for this sign-in.
        refresh_token: renews the sign-in, once; the relay gives another with each use.
        expires_at: when the refresh token ends unless it is used before.
    """

    url: str
    email: str
    device_id: str
    refresh_token: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """What a person signs in or up with."""

    email: str
    password: str
    invite: str | None = None

    def __repr__(self) -> str:
        return "Credentials(***)"


@dataclass(frozen=True, slots=True)
class ItemNews:
    """What the relay says of an item: that it has news, and what the bank's notice was.

    `kind` and `code` are None for news that was kept while the desktop was away.
    """

    plaid_item_id: str
    seq: int
    kind: str | None = None
    code: str | None = None


class NewsStream(Protocol):
    """An open line to the relay."""

    def __aiter__(self) -> AsyncIterator[ItemNews]:
        """Return news as it comes, until the line breaks (BankOfflineError)."""
        ...

    async def acknowledge(self, news: ItemNews) -> None:
        """Tell the relay that this much of an item's news is known here."""
        ...

    async def close(self) -> None:
        """Hang up."""
        ...


class RelayLink(BankConnector, Protocol):
    """A relay that the person is signed in at: banks through it, and what only a relay has.

    Methods raise BankError subclasses; BankConfigError with code RELAY_SIGNED_OUT where the person
    must sign in again.
    """

    async def bearer(self, *, stale: str | None = None) -> str:
        """Return an access token; `stale` is one that the relay has just refused."""
        ...

    async def known_data(self) -> Mapping[str, object]:
        """Return all that the relay keeps of the person."""
        ...

    async def revoke_device(self, device_id: str) -> None:
        """Sign another of the person's devices out."""
        ...

    async def change_password(self, old: str, new: str) -> None:
        """Change the person's password; their other devices are signed out."""
        ...

    async def delete_account(
        self, password: str, tokens: Collection[AccessToken], *, abandon: bool
    ) -> None:
        """End items at Plaid, then the account; `abandon` leaves those that cannot be ended."""
        ...

    async def sign_out(self, *, everywhere: bool) -> None:
        """End this sign-in at the relay, or every sign-in of the person."""
        ...

    async def listen(self) -> NewsStream:
        """Open a line for news."""
        ...


class RawBank(Protocol):
    """Asks a relay for what is not read yet: each answer comes with what a sync goes on by.

    Methods raise as `RelayLink`'s do. Accounts are known by their ids alone.
    """

    async def sync_page(self, token: AccessToken, cursor: str) -> tuple[bytes, SyncPage, int]:
        """Return the page of changes after a cursor, the page without rows, and their number."""
        ...

    async def accounts(self, token: AccessToken) -> tuple[bytes, list[BankAccount]]:
        """Return the accounts."""
        ...

    async def item(self, token: AccessToken) -> tuple[bytes, ItemInfo]:
        """Return how the item stands, without the bank's name."""
        ...


class BodyReader(Protocol):
    """Reads such answers later. Methods block and raise BankError subclasses."""

    def sync_page(self, body: bytes) -> SyncPage:
        """Return a page of changes."""
        ...

    def accounts(self, body: bytes) -> list[BankAccount]:
        """Return the accounts."""
        ...

    def item(self, body: bytes) -> ItemInfo:
        """Return how the item stands."""
        ...


class RelayDoor(Protocol):
    """How one gets into relays."""

    async def sign_in(self, url: str, credentials: Credentials) -> RelayGrant:
        """Sign in at a relay; raises BankError subclasses, or UsageError for what was given."""
        ...

    async def sign_up(self, url: str, credentials: Credentials) -> RelayGrant:
        """Make an account at a relay and sign in; raises as `sign_in`."""
        ...

    def enter(self, grant: RelayGrant, keep: Callable[[RelayGrant], Awaitable[None]]) -> RelayLink:
        """Take up a sign-in; `keep` stores it again each time that it is renewed."""
        ...

    def drain_egress(self) -> list[Egress]:
        """Return the requests of `sign_in` and `sign_up` since the last call."""
        ...
