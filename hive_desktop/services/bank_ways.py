"""Both ways to banks as one connector: each call goes the way its token came.

A token and a link say by their first letters whether a relay made them. A new link goes the way
that the person prefers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.ports.errors import BankConfigError, RelaySignInError
from hive_desktop.ports.relay import is_of_relay

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from hive_desktop.ports.bank import (
        AccessToken,
        BankAccount,
        BankConnector,
        ExchangedItem,
        ItemInfo,
        LinkOutcome,
        LinkStart,
        RenewedToken,
        SyncPage,
        WindowPage,
    )
    from hive_desktop.ports.egress import Egress
    from hive_desktop.ports.relay import RelayLink


class BankWays:
    """Implements `ports.bank.BankConnector` over the ways that are set up.

    Args:
        keys: by the person's own Plaid keys.
        relay: by a relay.
        prefers_relay: which of two makes new links.
    """

    def __init__(
        self,
        keys: BankConnector | None = None,
        relay: RelayLink | None = None,
        *,
        prefers_relay: bool = False,
    ) -> None:
        self.keys = keys
        self.relay = relay
        self.prefers_relay = prefers_relay

    async def begin_link(
        self, *, completion_url: str | None, relink: AccessToken | None = None
    ) -> LinkStart:
        """Open a page: for a new bank the preferred way, for an item the one it came."""
        way = self._of(relink.value) if relink else self._preferred()
        return await way.begin_link(completion_url=completion_url, relink=relink)

    async def poll_link(self, link_token: str) -> LinkOutcome:
        """Ask how a page stands."""
        return await self._of(link_token).poll_link(link_token)

    async def exchange(self, public_token: str, attempt: bytes) -> ExchangedItem:
        """Turn a public token into an item."""
        return await self._of(public_token).exchange(public_token, attempt)

    async def forget_exchanges(self, open_attempts: Collection[bytes]) -> None:
        """Delete what was kept of every exchange but these."""
        for way in self._all():
            await way.forget_exchanges(open_attempts)

    async def item(self, token: AccessToken) -> ItemInfo:
        """Return the item's own state."""
        return await self._of(token.value).item(token)

    async def accounts(self, token: AccessToken) -> list[BankAccount]:
        """Return accounts with cached balances."""
        return await self._of(token.value).accounts(token)

    async def balances(self, token: AccessToken) -> list[BankAccount]:
        """Return accounts with live balances."""
        return await self._of(token.value).balances(token)

    async def sync_page(self, token: AccessToken, cursor: str) -> SyncPage:
        """Return the page of changes after a cursor."""
        return await self._of(token.value).sync_page(token, cursor)

    async def window_page(
        self, token: AccessToken, start: date, end: date, offset: int
    ) -> WindowPage:
        """Return rows posted between two dates."""
        return await self._of(token.value).window_page(token, start, end, offset)

    async def refresh(self, token: AccessToken) -> None:
        """Ask the bank to look for new rows."""
        await self._of(token.value).refresh(token)

    async def remove(self, token: AccessToken) -> None:
        """End the connection at the bank."""
        await self._of(token.value).remove(token)

    def drain_egress(self) -> list[Egress]:
        """Return the requests of both ways since the last call, oldest first."""
        entries = [entry for way in self._all() for entry in way.drain_egress()]
        return sorted(entries, key=lambda entry: entry.at)

    def drain_renewed(self) -> list[RenewedToken]:
        """Return the tokens that were replaced since the last call."""
        return [one for way in self._all() for one in way.drain_renewed()]

    async def close(self) -> None:
        """Let go of connections."""
        for way in self._all():
            await way.close()

    def _all(self) -> list[BankConnector]:
        return [way for way in (self.keys, self.relay) if way is not None]

    def _preferred(self) -> BankConnector:
        way = self.relay if self.prefers_relay and self.relay else self.keys or self.relay
        if way is None:
            raise BankConfigError("No bank access is set up in this vault.", code="NO_BANK_ACCESS")
        return way

    def _of(self, word: str) -> BankConnector:
        if is_of_relay(word):
            if self.relay is None:
                raise RelaySignInError(
                    "This bank was connected through a relay, and nobody is signed in at one.",
                    code="RELAY_SIGNED_OUT",
                )
            return self.relay
        if self.keys is None:
            raise BankConfigError(
                "This bank was connected by your own Plaid keys, which are not in the vault.",
                code="NO_KEYS",
            )
        return self.keys
