"""What a schedule and a line to a relay need, in an open vault and beside a locked one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from hive_desktop.domain.health import Notice
    from hive_desktop.domain.ledger import ItemId
    from hive_desktop.ports.relay import RelayLink


class Syncs(Protocol):
    """Makes syncs; `services.sync` in an open vault."""

    async def sync(
        self,
        *,
        items: Sequence[ItemId] | None = None,
        reason: str = "button",
        by_person: bool = True,
        joins: bool = True,
    ) -> object:
        """Bring items up to date; all of them where none are named."""
        ...

    async def hear(self, plaid_item_id: str, notice: Notice) -> ItemId | None:
        """Take in a webhook; returns the item when a sync of it is wanted."""
        ...

    async def knows(self, plaid_item_id: str) -> bool:
        """Tell whether a connection is of this vault."""
        ...

    async def retries(self) -> list[tuple[datetime, ItemId]]:
        """Return the items that wait after a failure, with when each may be asked again."""
        ...


class Ways(Protocol):
    """Tells of the ways to banks; `services.bank_access` in an open vault."""

    @property
    def host(self) -> str | None:
        """Return by which banks are asked, or None."""
        ...

    @property
    def relay(self) -> RelayLink | None:
        """Return the relay, or None."""
        ...

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call back after a way has changed; returns the function that ends it."""
        ...

    async def record(self) -> None:
        """Write down what was sent and is not written yet."""
        ...


class Kept(Protocol):
    """Keeps how often; `services.settings` in an open vault."""

    async def get(self, key: str, default: str) -> str:
        """Return a setting, or the default where it was never set."""
        ...

    async def put(self, key: str, value: str) -> None:
        """Store a setting."""
        ...
