"""Reads everything that one item has to say, before anything of it is written."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar

from hive_desktop.domain.reconcile import Update, is_believable
from hive_desktop.ports.errors import (
    BankRateLimitError,
    BankRetryError,
    CursorLostError,
    PaginationMutatedError,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from datetime import datetime

    from hive_desktop.domain.days import Span
    from hive_desktop.domain.ledger import StoredRow
    from hive_desktop.ports.bank import (
        AccessToken,
        BankAccount,
        BankConnector,
        ItemInfo,
        RefusedRow,
        SyncPage,
    )

T = TypeVar("T")

_PAGINATION_TRIES = 6
_RATE_LIMIT_TRIES = 3
_LONG_LOAD_PAGES = 2
_RATE_WINDOW_S = 60.0


class Source(Protocol):
    """Where an item's pages come from: its bank, or what was kept of it while the vault was locked.

    Methods raise as those of `ports.bank.BankConnector`, which is one.
    """

    async def sync_page(self, token: AccessToken, cursor: str) -> SyncPage:
        """Return the page of changes after a cursor."""
        ...

    async def accounts(self, token: AccessToken) -> list[BankAccount]:
        """Return accounts with the bank's cached balances."""
        ...

    async def item(self, token: AccessToken) -> ItemInfo:
        """Return the item's own state."""
        ...


@dataclass(slots=True)
class Download:
    """Everything that one item's pages brought.

    Attributes:
        cursor: where the next sync goes on; empty where there is no progress to keep.
        is_history_complete: the bank has delivered all that it has.
        is_everything: read from an empty cursor although rows are stored, and complete.
        info: what the bank says of the item itself.
        is_kept: read while the vault was locked; how the item stands was told apart from it.
    """

    update: Update = field(default_factory=Update)
    accounts: dict[str, BankAccount] = field(default_factory=dict)
    listed: frozenset[str] = frozenset()
    refused: list[RefusedRow] = field(default_factory=list)
    cursor: str = ""
    pages: int = 0
    rows: int = 0
    is_history_complete: bool = True
    is_everything: bool = False
    info: ItemInfo | None = None
    is_kept: bool = False

    def drop_rows(self) -> None:
        """Let go of the rows one by one, on a worker.

        A hundred thousand let go of at once, by whoever held them last, are one step for which the
        window stands still.
        """
        while self.update.incoming:
            self.update.incoming.popitem()

    def keep_accounts(self, accounts: Iterable[BankAccount]) -> None:
        """Add accounts; the latest word on each stands. /accounts/get leaves closed ones out."""
        self.accounts.update((one.plaid_account_id, one) for one in accounts)

    def balance_times(self) -> dict[str, datetime | None]:
        """Return when each account's balance was true, by the bank's id; None: it does not say."""
        renewed = None if self.info is None else self.info.updated_at
        return {
            key: account.balance_at or renewed
            for key, account in self.accounts.items()
            if key in self.listed
        }

    def miss(self, unconfirmed: Iterable[StoredRow]) -> list[StoredRow]:
        """Let rows of an undone sync go that the bank did not tell of again.

        It tells everything since the cursor of before, but for what came and left meanwhile. Where
        more may still come the rows are returned: they stay, and may go on under another id.
        """
        refused = {row.plaid_id for row in self.refused}
        told = refused | self.update.incoming.keys()
        missing = [row for row in unconfirmed if row.bank.plaid_id not in told]
        if not self.is_history_complete or None in refused:
            return missing
        self.update.removed.update(row.bank.plaid_id for row in missing)
        return []

    def sort_out(self, stored: Iterable[StoredRow]) -> list[StoredRow]:
        """Decide what is gone after everything was read; returns rows that lost their id and stay.

        No page says what was removed meanwhile. A pending row that is not there any more is gone,
        and so is a posted one that lies within what the bank has just delivered of its account. An
        older one stays: the bank may simply not reach back that far, and not equally far for each
        account. A row that could not be read is still there.
        """
        refused = {row.plaid_id for row in self.refused}
        continued = {row.pending_plaid_id: row for row in self.update.incoming.values()}
        reach: dict[str, int] = {}
        for told in self.update.incoming.values() if None not in refused else ():
            account, day = told.plaid_account_id, told.posted_on
            reach[account] = min(day, reach.get(account, day))
        vacant: list[StoredRow] = []
        for row in stored:
            plaid_id, bank = row.bank.plaid_id, row.bank
            if plaid_id in self.update.incoming or plaid_id in refused:
                continue
            posted = continued.get(plaid_id)
            if posted is not None and is_believable(bank, posted):
                continue
            first = reach.get(bank.plaid_account_id)
            if bank.pending or (first is not None and bank.posted_on >= first):
                self.update.removed.add(plaid_id)
            else:
                vacant.append(row)
        return vacant


def unheard(_wait_s: float) -> None:
    """Tell nobody of a wait."""


class Downloader:
    """Reads pages.

    Args:
        source: where they come from.
        token: opens the item.
        on_page: called after each page with the number of rows in it.
        on_wait: called with seconds before the limit of a minute is waited for.
    """

    def __init__(
        self,
        source: Source,
        token: AccessToken,
        on_page: Callable[[int], None],
        on_wait: Callable[[float], None] = unheard,
    ) -> None:
        self._source = source
        self._token = token
        self._on_page = on_page
        self._on_wait = on_wait

    async def changes(self, cursor: str) -> Download:
        """Read every page after a cursor, then accounts and the item's own state.

        Plaid, /transactions/sync: when the data changes between pages, everything since the loop's
        first cursor is dropped and read again from there.

        Raises:
            BankError: the bank could not be read to the end.
        """
        return await self._with_accounts(partial(self._news, cursor))

    async def window(self, bank: BankConnector, span: Span, cursor: str) -> Download:
        """Read what is new, and then all rows that the bank posted in a span of dates.

        A row that only the window has told could leave or change its id unseen before the cursor
        gets there. So the window counts only where the cursor, asked again after it, has nothing
        new: then it is what the cursor knows.

        Raises:
            BankError: the bank could not be read to the end.
        """
        return await self._with_accounts(partial(self._news_and_window, bank, span, cursor))

    async def _news_and_window(self, bank: BankConnector, span: Span, cursor: str) -> Download:
        for _ in range(_PAGINATION_TRIES):
            load = await self._news(cursor)
            await self._read_window(bank, load, span)
            if not load.cursor or await self._is_still(load):
                return load
        raise PaginationMutatedError(code="WINDOW_CHANGED")

    async def _is_still(self, load: Download) -> bool:
        """Tell whether nothing has changed at the bank since the load's cursor."""
        try:
            page = await self._for(load, partial(self._source.sync_page, self._token, load.cursor))
        except (CursorLostError, PaginationMutatedError):
            return False
        return not (page.added or page.modified or page.removed or page.refused or page.has_more)

    async def _news(self, cursor: str) -> Download:
        first_cursor, is_lost = cursor, False
        for _ in range(_PAGINATION_TRIES):
            try:
                load = await self._pages(first_cursor)
            except PaginationMutatedError:
                continue
            except CursorLostError:
                if not first_cursor:
                    raise
                first_cursor = ""
                is_lost = True
            else:
                if is_lost and not load.is_history_complete:
                    # What left meanwhile is only told by the whole history: not this cursor, then.
                    load.cursor = ""
                load.is_everything = is_lost and bool(load.cursor)
                return load
        raise PaginationMutatedError(code="TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION")

    async def _read_window(self, bank: BankConnector, load: Download, span: Span) -> None:
        """Add the rows of a span; starts over when their total moves meanwhile."""
        told = set(load.update.incoming)
        for _ in range(_PAGINATION_TRIES):
            offset, total = 0, -1
            while True:
                ask = partial(bank.window_page, self._token, span.start, span.end, offset)
                page = await self._for(load, ask)
                if offset and page.total != total:
                    break
                total = page.total
                load.update.add_page(page.rows, (), ())
                load.refused += page.refused
                load.keep_accounts(page.accounts)
                load.pages += 1
                offset += len(page.rows) + len(page.refused)
                load.rows += len(page.rows) + len(page.refused)
                self._on_page(len(page.rows))
                if offset >= total or not (page.rows or page.refused):
                    load.update.fetched = load.update.incoming.keys() - told
                    return
        raise PaginationMutatedError(code="WINDOW_CHANGED")

    async def _pages(self, cursor: str) -> Download:
        load = Download()
        has_more = True
        while has_more:
            ask = partial(self._source.sync_page, self._token, cursor)
            page = await self._for(load, ask)
            if page.has_more and page.next_cursor in ("", cursor):
                raise BankRetryError(code="CURSOR_DID_NOT_MOVE")
            load.update.add_page(page.added, page.modified, page.removed)
            load.refused += page.refused
            load.keep_accounts(page.accounts)
            load.is_history_complete = page.is_history_complete
            load.cursor = page.next_cursor if page.is_ready else ""
            load.pages += 1
            rows = len(page.added) + len(page.modified) + len(page.removed)
            load.rows += rows
            self._on_page(rows)
            cursor, has_more = page.next_cursor, page.has_more
        return load

    async def _for(self, load: Download, ask: Callable[[], Awaitable[T]]) -> T:
        """Ask; where the limit of a minute is reached in a long load, wait and ask again.

        A long history has more pages than an item may ask for in a minute, and a load that began
        again from its first page would never end. A short one waits as every other sync does.
        """
        for _ in range(_RATE_LIMIT_TRIES if load.pages >= _LONG_LOAD_PAGES else 0):
            try:
                return await ask()
            except BankRateLimitError as error:
                wait_s = error.wait_s or _RATE_WINDOW_S
                self._on_wait(wait_s)
                await asyncio.sleep(wait_s)
        return await ask()

    async def _with_accounts(self, read: Callable[[], Awaitable[Download]]) -> Download:
        """Read rows, then the accounts; again where accounts took other ids in between.

        Rows under ids that the list has no more would come as rows of other accounts. An account
        that closes while another opens looks alike, so what was read last is taken in the end.
        """
        for _ in range(_PAGINATION_TRIES):
            load = await read()
            told = frozenset(load.accounts)
            accounts = await self._for(load, partial(self._source.accounts, self._token))
            load.keep_accounts(accounts)
            load.listed = frozenset(one.plaid_account_id for one in accounts)
            if not (told - load.listed and load.listed - told):
                break
        load.info = await self._for(load, partial(self._source.item, self._token))
        return load
