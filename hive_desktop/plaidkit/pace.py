"""Plaid's limits per minute, kept before Plaid has to refuse.

A refused call is a minute lost, and a desktop program that syncs several banks on several threads
runs into the limits of one item easily. So every call takes its turn here first, and learns how
many seconds away that turn is.

Why no library (looked at 2026-11): `limits` 5.8 reads the wall clock and runs a timer thread every
10 ms; `pyrate-limiter` 4.5 cleans its buckets by a thread, counts in one bucket at a time, and says
no instead of when. What is needed is small: a sliding minute per item and per path, both entered at
once or not at all, on a monotonic clock that a test can turn.
"""

from __future__ import annotations

import hashlib
import time
from bisect import bisect_right, insort
from math import inf
from threading import Lock
from typing import TYPE_CHECKING, Final, NamedTuple

from hive_desktop.plaidkit.errors import RATE_WINDOW_S, Advice, PlaidError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Limit(NamedTuple):
    """Calls per minute on one path: for each item, where items count apart, and for all of them."""

    item: int | None
    client: int


# https://plaid.com/docs/errors/rate-limit-exceeded/, the paths that Hive calls.
PRODUCTION: Final = {
    "/accounts/balance/get": Limit(5, 1_200),
    "/accounts/get": Limit(15, 15_000),
    "/institutions/get_by_id": Limit(None, 400),
    "/item/get": Limit(15, 5_000),
    "/item/remove": Limit(30, 2_000),
    "/transactions/get": Limit(30, 20_000),
    "/transactions/refresh": Limit(2, 100),
    "/transactions/sync": Limit(50, 2_500),
}
SANDBOX: Final = {
    "/accounts/balance/get": Limit(25, 100),
    "/accounts/get": Limit(100, 5_000),
    "/institutions/get_by_id": Limit(None, 400),
    "/item/get": Limit(40, 5_000),
    "/item/remove": Limit(100, 500),
    "/transactions/get": Limit(80, 1_000),
    "/transactions/refresh": Limit(2, 100),
    "/transactions/sync": Limit(50, 1_000),
}

CLIENT_CODES: Final = frozenset({"ACCOUNTS_BALANCE_GET_LIMIT", "INSTITUTIONS_GET_BY_ID_LIMIT"})
"""Refusals by these codes are about all items; by any other code they may be about one."""

# A call arrives later than it leaves, and not always by the same time: a minute between departures
# may be less between arrivals.
WINDOW_S: Final = RATE_WINDOW_S + 1.0

# One call stays free for what else uses the same keys, but of two a minute none can be spared.
_MARGIN: Final = 1
_SPARES_FROM: Final = 5

_Key = tuple[str, str | None]


def item_key(token: str) -> str:
    """Return a name for an item that does not give its token away."""
    return hashlib.blake2b(token.encode(), digest_size=16, person=b"hive-pace").hexdigest()


class Pace:
    """Gives out turns; one for all threads that use the same keys.

    It remembers the calls of the last minute only, so that its size is bounded by the limits.

    Args:
        limits: PRODUCTION or SANDBOX; a path that is not listed is not limited.
        now: seconds on a monotonic clock.
    """

    def __init__(
        self, limits: dict[str, Limit], *, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._limits = limits
        self._now = now
        self._lock = Lock()
        # Per key the instants of calls, sorted; those that wait for their turn lie ahead.
        self._calls: dict[_Key, list[float]] = {}
        self._shut_until: dict[_Key, float] = {}
        self._next_sweep = -inf

    def reserve(self, path: str, item_key: str | None, *, longest_s: float = inf) -> float:
        """Return in how many seconds a call may leave, and keep that place for it.

        Args:
            path: Plaid's path.
            item_key: whose item the call is about, by `item_key`; None when about none.
            longest_s: a longer wait is returned without keeping a place.
        """
        with self._lock:
            now = self._now()
            self._sweep(now)
            at = self._turn(path, item_key, now)
            if at - now <= longest_s:
                for key, _ in self._rules(path, item_key):
                    insort(self._calls.setdefault(key, []), at)
            return at - now

    def take(
        self,
        path: str,
        item_key: str | None,
        *,
        longest_s: float,
        sleep: Callable[[float], None],
    ) -> None:
        """Wait until a call may leave.

        Raises:
            PlaidError: that is further away than `longest_s`.
        """
        wait_s = self.reserve(path, item_key, longest_s=longest_s)
        if wait_s > longest_s:
            raise PlaidError("PACED", Advice.RATE_LIMIT, wait_s=wait_s)
        if wait_s > 0:
            sleep(wait_s)

    def refused(self, path: str, item_key: str | None) -> None:
        """Leave a path alone for a minute, for one item or for all (None): Plaid said 429."""
        with self._lock:
            self._shut_until[path, item_key] = self._now() + WINDOW_S

    def _rules(self, path: str, item_key: str | None) -> Iterator[tuple[_Key, int]]:
        """Return what a call counts against, and how many calls that allows."""
        limit = self._limits.get(path)
        if limit is None:
            return
        yield (path, None), _usable(limit.client)
        if limit.item is not None and item_key is not None:
            yield (path, item_key), _usable(limit.item)

    def _turn(self, path: str, item_key: str | None, now: float) -> float:
        """Return the first instant that suits all rules at once."""
        shut = (self._shut_until.get((path, key), now) for key in (None, item_key))
        at = max(now, *shut)
        while True:
            earliest = at
            for key, most in self._rules(path, item_key):
                at = _free_at(self._calls.get(key, []), most, at)
            if at == earliest:
                return at

    def _sweep(self, now: float) -> None:
        """Forget, once in a while, what is over."""
        if now < self._next_sweep:
            return
        self._next_sweep = now + 1.0
        for key, calls in list(self._calls.items()):
            del calls[: bisect_right(calls, now - WINDOW_S)]
            if not calls:
                del self._calls[key]
        for key, until in list(self._shut_until.items()):
            if until <= now:
                del self._shut_until[key]


def _usable(calls: int) -> int:
    return calls - _MARGIN if calls >= _SPARES_FROM else calls


def _free_at(calls: list[float], most: int, at: float) -> float:
    """Return the first instant from `at` on where one more call leaves no window overfull."""
    while len(calls) >= most:
        place = bisect_right(calls, at)
        # As many calls as are allowed, next to the new one on either side or around it.
        for first in range(max(0, place - most), min(place, len(calls) - most) + 1):
            # Not as a difference: rounded, one could forbid the very instant that was chosen.
            if max(at, calls[first + most - 1]) < min(at, calls[first]) + WINDOW_S:
                at = calls[first] + WINDOW_S
                break
        else:
            break
    return at
