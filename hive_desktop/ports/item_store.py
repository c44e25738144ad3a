"""The connections to banks as services see them: items, their accounts, links and syncs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from hive_desktop.domain.days import Span
    from hive_desktop.domain.health import Health
    from hive_desktop.domain.ledger import (
        Account,
        Item,
        ItemId,
        StoredRow,
    )
    from hive_desktop.domain.reconcile import Plan
    from hive_desktop.ports.bank import AccessToken, BankAccount, RefusedRow, RenewedToken
    from hive_desktop.ports.sync_store import (
        Applied,
    )


@dataclass(frozen=True, slots=True)
class SyncableItem:
    """What a sync needs to know of an item."""

    id: ItemId
    plaid_item_id: str
    institution_id: str | None
    institution: str
    token: AccessToken
    cursor: str
    health: Health


@dataclass(frozen=True, slots=True)
class LinkJournal:
    """One journalled exchange: written before it is called, so that no item bills on unknown."""

    id: bytes
    link_token: str
    public_token: str | None
    institution_id: str | None
    institution: str | None
    state: str  # begun, exchanging, done, abandoned, lost
    created_at: datetime


class ItemReads(Protocol):
    """What is asked of items, of their accounts, and of rows by the bank's ids."""

    def items(self) -> list[Item]:
        """Return every connected bank."""
        ...

    def known_items(self) -> list[SyncableItem]:
        """Return every item, closed ones too, oldest first."""
        ...

    def linked_items(self) -> list[SyncableItem]:
        """Return every item that has a connection at the bank, oldest first."""
        ...

    def accounts(self) -> list[Account]:
        """Return every account, by institution, the person's own order, and name."""
        ...

    def open_journals(self) -> list[LinkJournal]:
        """Return exchanges that were begun and neither done, abandoned nor lost."""
        ...

    def stored_rows(self, item_id: ItemId, plaid_ids: Iterable[str]) -> list[StoredRow]:
        """Return the item's stored rows that carry one of the ids, in the ledger or shelved."""
        ...

    def past_rows(self, item_id: ItemId, plaid_ids: Iterable[str]) -> dict[str, StoredRow]:
        """Return the item's rows by one of these ids, which they had before."""
        ...

    def stored_pendings(self, item_id: ItemId, amounts: Iterable[int]) -> list[StoredRow]:
        """Return the item's pending rows of these amounts (minor units)."""
        ...

    def unconfirmed_rows(self, item_id: ItemId) -> list[StoredRow]:
        """Return the item's rows that an undone sync had brought and none has since."""
        ...

    def all_rows(self, item_id: ItemId) -> list[StoredRow]:
        """Return every row of the item that carries a bank's id, in the ledger or shelved."""
        ...

    def accounts_of(self, item_id: ItemId) -> list[BankAccount]:
        """Return the item's accounts as the bank last had them."""
        ...


class ItemWrites(Protocol):
    """What linking and syncing write. Each is part of the writer's transaction."""

    def add_item(
        self, plaid_item_id: str, token: AccessToken, institution_id: str | None, institution: str
    ) -> ItemId:
        """Add a connection; an item known by its Plaid id is returned as it is."""
        ...

    def set_health(self, item_id: ItemId, health: Health, *, synced: bool = False) -> None:
        """Store how an item stands; `synced` notes that it has just been synced."""
        ...

    def save_cursor(self, item_id: ItemId, cursor: str) -> None:
        """Store where the next sync goes on."""
        ...

    def close_item(self, item_id: ItemId) -> None:
        """Keep an item's accounts and rows without a connection; its token is forgotten."""
        ...

    def remove_item(self, item_id: ItemId) -> None:
        """Forget an item with its accounts and rows."""
        ...

    def rename_accounts(
        self, renamed: Mapping[str, str], item_id: ItemId, named: Collection[str] = ()
    ) -> None:
        """Let accounts go on under other bank's ids, and as this item's.

        Args:
            renamed: old id to new id.
            item_id: the item.
            named: old ids of those that the person gave a name, which stays theirs.
        """
        ...

    def end_old_link(self, old_id: ItemId, new_id: ItemId) -> None:
        """Move what is left of an old item to the one that took its place, and forget it."""
        ...

    def put_accounts(self, item_id: ItemId, accounts: Sequence[BankAccount]) -> None:
        """Insert or update bank columns of accounts, and today's row of `balances`."""
        ...

    def apply_plan(self, item_id: ItemId, plan: Plan, run_id: bytes) -> Applied:
        """Write a reconciled update: bank columns only, images of what changed into sync_events."""
        ...

    def put_rate(self, base: str, quote: str, day: date, rate: Decimal | None) -> None:
        """Store the person's exchange rate of a day (1 base = rate quote); None removes it."""
        ...

    def open_journal(self, link_token: str) -> bytes:
        """Note that a Link session begins; returns the entry's id."""
        ...

    def update_journal(
        self,
        journal_id: bytes,
        state: str,
        *,
        public_token: str | None = None,
        institution_id: str | None = None,
        institution: str | None = None,
    ) -> None:
        """Note how a Link session or exchange stands."""
        ...

    def begin_run(self, item_id: ItemId, reason: str, span: Span | None = None) -> bytes:
        """Note that a sync of an item begins; returns the run's id."""
        ...

    def end_run(self, run_id: bytes, applied: Applied, pages: int, error_code: str | None) -> None:
        """Note how a run ended."""
        ...

    def close_cut_off(self) -> None:
        """Note that no run is under way: those that a crash or a cancel left open are over."""
        ...

    def record_refused(self, run_id: bytes, refused: Sequence[RefusedRow]) -> None:
        """Keep rows that could not be read, with the reason."""
        ...

    def renew_tokens(self, renewed: Sequence[RenewedToken]) -> None:
        """Replace items' tokens; a token that no item has any more is no one's business."""
        ...
