"""Plaid's limits per minute, for each item and for the client (its sandbox column)."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hive_desktop.sandbox.errors import PlaidError

if TYPE_CHECKING:
    from hive_desktop.sandbox.clock import Clock

WINDOW_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Limit:
    """Calls per minute on one path, and the codes that say that they are used up."""

    item: int | None
    client: int
    item_code: str = "RATE_LIMIT"
    client_code: str = "RATE_LIMIT"


LIMITS = {
    "/accounts/balance/get": Limit(25, 100, "BALANCE_LIMIT", "ACCOUNTS_BALANCE_GET_LIMIT"),
    "/accounts/get": Limit(100, 5_000, "ACCOUNTS_LIMIT", "ACCOUNTS_LIMIT"),
    "/institutions/get": Limit(None, 10, client_code="INSTITUTIONS_GET_LIMIT"),
    "/institutions/get_by_id": Limit(None, 400, client_code="INSTITUTIONS_GET_BY_ID_LIMIT"),
    "/item/get": Limit(40, 5_000, "ITEM_GET_LIMIT", "ITEM_GET_LIMIT"),
    "/item/remove": Limit(100, 500),
    "/transactions/get": Limit(80, 1_000, "TRANSACTIONS_LIMIT", "TRANSACTIONS_LIMIT"),
    "/transactions/recurring/get": Limit(20, 1_000),
    "/transactions/refresh": Limit(
        2, 100, "TRANSACTIONS_REFRESH_LIMIT", "TRANSACTIONS_REFRESH_LIMIT"
    ),
    "/transactions/sync": Limit(50, 1_000, "TRANSACTIONS_SYNC_LIMIT", "TRANSACTIONS_SYNC_LIMIT"),
    "/sandbox/transactions/create": Limit(2, 50),
}


class RateLimits:
    """Counts calls in a sliding minute."""

    def __init__(self, clock: Clock, *, enabled: bool) -> None:
        self._clock = clock
        self._enabled = enabled
        self._calls: dict[tuple[str, str], deque[float]] = {}

    def check(self, path: str, access_token: str | None) -> None:
        """Count one call.

        Raises:
            PlaidError: 429 with the path's code; a refused call is not counted.
        """
        limit = LIMITS.get(path)
        if limit is None or not self._enabled:
            return
        now = self._clock.seconds()
        client = self._window((path, ""), now)
        if len(client) >= limit.client:
            raise PlaidError(limit.client_code)
        if limit.item is not None and access_token is not None:
            item = self._window((path, access_token), now)
            if len(item) >= limit.item:
                raise PlaidError(limit.item_code)
            item.append(now)
        client.append(now)

    def _window(self, key: tuple[str, str], now: float) -> deque[float]:
        calls = self._calls.setdefault(key, deque())
        while calls and calls[0] <= now - WINDOW_SECONDS:
            calls.popleft()
        return calls
