"""How often may be asked: buckets of tokens, one for each client and one for those without."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hive_desktop.api.refusals import too_many

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

_MOST_KEYS: Final = 256


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests a second in the long run, and so many at once."""

    per_second: float
    burst: int


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of the server.

    Attributes:
        client: for each client, over all that it asks.
        stranger: for all requests without a valid token together.
        chats: web-sockets of one client at a time.
        body_bytes: of one request.
        body_s: seconds within which a body must be there.
    """

    client: Rate = Rate(20.0, 100)
    stranger: Rate = Rate(5.0, 40)
    chats: int = 4
    body_bytes: int = 64 * 1024
    body_s: float = 10.0


class Buckets:
    """Counts, for one loop.

    Args:
        rate: of each key.
        seconds: a clock that only grows.
    """

    def __init__(self, rate: Rate, seconds: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._seconds = seconds
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, key: str) -> None:
        """Count one request of a key.

        Raises:
            RefusalError: there were too many.
        """
        now = self._seconds()
        left, at = self._left.pop(key, (float(self._rate.burst), now))
        left = min(self._rate.burst, left + (now - at) * self._rate.per_second)
        if len(self._left) >= _MOST_KEYS:
            del self._left[next(iter(self._left))]  # asked longest ago
        self._left[key] = (left - 1 if left >= 1 else left, now)
        if left < 1:
            raise too_many((1 - left) / self._rate.per_second)


class Places:
    """Counts what lasts: so many for each key at a time."""

    def __init__(self) -> None:
        self._taken: Counter[str] = Counter()

    def take(self, key: str, most: int) -> AbstractContextManager[None]:
        """Take a place, which is given back by leaving what is returned.

        Raises:
            RefusalError: none is left.
        """
        if self._taken[key] >= most:
            raise too_many(1.0)
        self._taken[key] += 1
        return self._held(key)

    @contextmanager
    def _held(self, key: str) -> Iterator[None]:
        try:
            yield
        finally:
            self._taken[key] -= 1
