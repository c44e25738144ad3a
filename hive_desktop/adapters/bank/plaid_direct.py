"""The bank by the person's own Plaid keys: `plaidkit` behind `ports.bank.BankConnector`.

Calls block, so each runs on the loop's default executor, decoding included. A task that stops
waiting leaves its call to end by itself on the worker; the connection then returns to its pool.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from hive_desktop.adapters.bank import translate
from hive_desktop.adapters.bank.advice import to_hive
from hive_desktop.adapters.bank.guarded_exchange import GuardedExchange
from hive_desktop.adapters.sent import entry_of
from hive_desktop.plaidkit.access import Access, LinkOptions
from hive_desktop.plaidkit.client import PlaidClient
from hive_desktop.plaidkit.egress import Recorder
from hive_desktop.plaidkit.errors import PlaidError
from hive_desktop.plaidkit.wire import parse_instant
from hive_desktop.ports.bank import AccessToken, ExchangedItem, LinkStart
from hive_desktop.ports.errors import BankConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import date
    from pathlib import Path

    from hive_desktop.plaidkit.egress import SentRequest
    from hive_desktop.ports.bank import (
        BankAccount,
        ItemInfo,
        LinkOutcome,
        RenewedToken,
        SyncPage,
        WindowPage,
    )
    from hive_desktop.ports.egress import Egress
    from hive_desktop.ports.system import Clock

_P = ParamSpec("_P")
_T = TypeVar("_T")


class PlaidDirect:
    """Plaid without a relay.

    Args:
        host: `production`, `sandbox`, or the address of a simulated bank on this computer.
        client_id: the person's Plaid client id.
        secret: the secret that belongs to it and to the environment.
        egress_key: 32 bytes of the vault's; keys the hashes of request bodies.
        clock: dates the records of requests.
        folder: the vault's; sealed answers to exchanges wait there until they are in the ledger.
        country_codes: where the banks are that Link offers.

    Raises:
        BankConfigError: the host or the keys cannot be used.
    """

    def __init__(  # noqa: PLR0913 - whose keys, where, and what a vault lends it
        self,
        host: str,
        client_id: str,
        secret: str,
        *,
        egress_key: bytes,
        clock: Clock,
        folder: Path,
        country_codes: tuple[str, ...] = ("US",),
    ) -> None:
        self._sent: deque[SentRequest] = deque()
        self._country_codes = country_codes
        self._user_id = hashlib.blake2b(
            b"client_user_id", key=egress_key, digest_size=16
        ).hexdigest()
        recorder = Recorder(egress_key, clock.now, self._sent.append)
        try:
            access = Access(host, client_id, secret)
        except PlaidError as exc:
            raise to_hive(exc) from exc
        self._client = PlaidClient(access, recorder)
        self._exchange = GuardedExchange(access, egress_key, folder, clock.now, self._sent.append)

    def __repr__(self) -> str:
        return f"PlaidDirect({self._client!r})"

    async def begin_link(
        self, *, completion_url: str | None, relink: AccessToken | None = None
    ) -> LinkStart:
        """Open a Hosted Link page for a new bank, or in update mode for an item."""
        options = LinkOptions(
            user_id=self._user_id,
            completion_url=completion_url,
            relink_token=relink.value if relink else None,
            country_codes=self._country_codes,
        )
        made = await self._call(self._client.link_token_create, options)
        if not made.hosted_link_url:
            raise BankConfigError(
                "Plaid did not offer a page to sign in at the bank ({code}).",
                code="NO_HOSTED_LINK",
                hint="Ask Plaid to enable Hosted Link for these keys.",
            )
        return LinkStart(made.link_token, made.hosted_link_url, parse_instant(made.expiration))

    async def poll_link(self, link_token: str) -> LinkOutcome:
        """Ask how the page stands."""
        return translate.link_outcome(await self._call(self._client.link_token_get, link_token))

    async def exchange(self, public_token: str, attempt: bytes) -> ExchangedItem:
        """Turn a public token into an item, in a process that outlives this one; see the port."""
        got = await self._call(self._exchange.exchange, public_token, attempt)
        return ExchangedItem(got.item_id, AccessToken(got.access_token))

    async def forget_exchanges(self, open_attempts: Collection[bytes]) -> None:
        """Delete what was kept of all exchanges but these."""
        await self._call(self._exchange.forget, open_attempts)

    async def item(self, token: AccessToken) -> ItemInfo:
        """Read the item's own state."""
        return translate.item_info(await self._call(self._client.item_get, token.value))

    async def accounts(self, token: AccessToken) -> list[BankAccount]:
        """Read accounts with cached balances (free)."""
        return translate.accounts(await self._call(self._client.accounts_get, token.value))

    async def balances(self, token: AccessToken) -> list[BankAccount]:
        """Read accounts with live balances (billed)."""
        return translate.accounts(await self._call(self._client.balance_get, token.value))

    async def sync_page(self, token: AccessToken, cursor: str) -> SyncPage:
        """Read the page of changes after a cursor."""
        page = await self._call(self._client.transactions_sync, token.value, cursor)
        return translate.sync_page(page)

    async def window_page(
        self, token: AccessToken, start: date, end: date, offset: int
    ) -> WindowPage:
        """Read a page of the rows posted between two dates, both included."""
        call = partial(self._client.transactions_get, token.value, start, end, offset)
        return translate.window_page(await self._call(call))

    async def refresh(self, token: AccessToken) -> None:
        """Ask the bank to look for new rows (rationed)."""
        await self._call(self._client.refresh, token.value)

    async def remove(self, token: AccessToken) -> None:
        """End the connection at the bank."""
        await self._call(self._client.item_remove, token.value)

    async def close(self) -> None:
        """Break calls under way and let go of connections; later calls find the bank offline."""
        self._exchange.close()
        self._client.close()

    def drain_egress(self) -> list[Egress]:
        """Take the records of requests made since the last call, oldest first."""
        return [entry_of(self._sent.popleft()) for _ in range(len(self._sent))]

    def drain_renewed(self) -> list[RenewedToken]:
        """Return nothing: Plaid's tokens stay as they are."""
        return []

    @staticmethod
    async def _call(blocking: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(None, partial(blocking, *args, **kwargs))
        except PlaidError as exc:
            raise to_hive(exc) from exc
