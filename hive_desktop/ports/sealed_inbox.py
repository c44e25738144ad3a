"""The sealed inbox as services see it: what came while the vault was locked, encrypted for it.

Whoever writes has the vault's public key and the key of this one inbox, and can read nothing back.
It is a cache: whatever is missing or odd is left out, and the bank is asked instead.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from hive_desktop.domain.health import Health
    from hive_desktop.ports.bank import RenewedToken
    from hive_desktop.ports.egress import Egress
    from hive_desktop.ports.relay import RelayGrant
    from hive_desktop.ports.vault import VaultKeys


@dataclass(frozen=True, slots=True, repr=False)
class Tidings:
    """What happened while the vault was locked, but for rows.

    Attributes:
        grant: the sign-in at the relay as it was renewed last; without who signed in.
        renewed: tokens that the relay sealed anew, oldest first.
        egress: every request, in the order in which they were kept.
        health: how items stood last, by Plaid's id.
        has_ended: the relay did not take the sign-in any more.
        failing: since when items fail, by Plaid's id; aware.
    """

    grant: RelayGrant | None = None
    renewed: Sequence[RenewedToken] = ()
    egress: Sequence[Egress] = ()
    health: Mapping[str, Health] = field(default_factory=dict)
    has_ended: bool = False
    failing: Mapping[str, datetime] = field(default_factory=dict)


class Chain(Protocol):
    """What an item's pages brought, whole from its first cursor to its last. Methods block.

    They raise BankRetryError for what cannot be read any more.
    """

    @property
    def starts_at(self) -> str:
        """Return the cursor before the first page."""
        ...

    def __len__(self) -> int:
        """Return the number of pages."""
        ...

    def page(self, place: int) -> bytes:
        """Return a page's body."""
        ...

    def accounts(self) -> bytes:
        """Return the body that told of the accounts last."""
        ...

    def item(self) -> bytes:
        """Return the body that told of the item last."""
        ...


class SealedInbox(Protocol):
    """What is written while the vault is locked. Methods block, and raise VaultUnwritableError."""

    @property
    def mark(self) -> str:
        """Return what tells this inbox from every other, for the vault to keep."""
        ...

    def take(self) -> None:
        """Become the one that may write into the vault's folder; raises VaultBusyError."""
        ...

    def keep_page(self, item: str, before: str, after: str, body: bytes) -> bool:
        """Keep a page between two cursors; False where there is no more room for this item."""
        ...

    def keep_end(self, item: str, accounts: bytes, state: bytes) -> bool:
        """Keep what ends a sync of an item: its accounts and how it stands; False as above."""
        ...

    def keep_health(self, item: str, health: Health, failing_since: datetime | None = None) -> None:
        """Keep how an item stands, and since when it fails."""
        ...

    def keep_grant(self, grant: RelayGrant) -> None:
        """Keep a renewed sign-in; it is on the disk when this returns."""
        ...

    def keep_renewed(self, renewed: Sequence[RenewedToken]) -> None:
        """Keep tokens that were sealed anew."""
        ...

    def keep_egress(self, entries: Sequence[Egress]) -> None:
        """Keep the record of requests."""
        ...

    def keep_ended(self) -> None:
        """Keep that the relay did not take the sign-in any more."""
        ...

    def close(self) -> None:
        """Let go of the vault's folder."""
        ...


class OpenedInbox(Protocol):
    """What is read when the vault is open. Methods block."""

    def tidings(self) -> Tidings:
        """Return what happened, but for rows."""
        ...

    def chains(self, items: Iterable[str]) -> Mapping[str, Chain]:
        """Return the whole chains of these items, by Plaid's id."""
        ...


class InboxStore(Protocol):
    """The inbox of a vault's folder. Methods block."""

    def begin(self, folder: Path, keys: VaultKeys) -> SealedInbox:
        """Put an empty inbox in place of what is there; raises VaultUnwritableError."""
        ...

    def open(self, folder: Path, keys: VaultKeys, mark: str) -> OpenedInbox | None:
        """Open the inbox that has this mark; None where it is not there."""
        ...

    def clear(self, folder: Path) -> None:
        """Delete what is there; what cannot be deleted stays, and opens nothing."""
        ...
