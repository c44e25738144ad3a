"""An item's pages that came while the vault was locked, read as if the bank told them now."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from hive_desktop.ports.errors import BankRetryError

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.ports.bank import AccessToken, BankAccount, ItemInfo, SyncPage
    from hive_desktop.ports.relay import BodyReader
    from hive_desktop.ports.sealed_inbox import Chain

T = TypeVar("T")


class KeptPages:
    """Implements `services.download.Source`: all syncs of a chain are one.

    Args:
        chain: the pages.
        reader: makes values of them.
    """

    def __init__(self, chain: Chain, reader: BodyReader) -> None:
        self._chain = chain
        self._reader = reader
        self._place = 0
        self._cursor = chain.starts_at

    @property
    def starts_at(self) -> str:
        """Return the cursor before the first page."""
        return self._chain.starts_at

    async def sync_page(self, _token: AccessToken, cursor: str) -> SyncPage:
        """Return the next page; read to the end, it begins again.

        Raises:
            BankRetryError: these pages do not go on from this cursor.
        """
        place = self._place
        if place == len(self._chain):
            place, self._cursor = 0, self.starts_at
        if cursor != self._cursor:
            raise BankRetryError(code="INBOX_PASSED")
        page = await self._read(lambda: self._reader.sync_page(self._chain.page(place)))
        self._place, self._cursor = place + 1, page.next_cursor
        return replace(page, has_more=self._place < len(self._chain))

    async def accounts(self, _token: AccessToken) -> list[BankAccount]:
        """Return the accounts as the last sync had them."""
        return await self._read(lambda: self._reader.accounts(self._chain.accounts()))

    async def item(self, _token: AccessToken) -> ItemInfo:
        """Return how the item stood at the last sync."""
        return await self._read(lambda: self._reader.item(self._chain.item()))

    async def _read(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(None, work)
