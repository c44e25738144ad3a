"""How often something may happen: exact moving windows, shared by all relays through Redis.

Without Redis, and while it is lost, each relay counts for itself.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from redis.asyncio import Redis
from redis.exceptions import RedisError

from hive_desktop.relay.errors import too_many
from hive_desktop.relay.redis import open_pool

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from limits.aio.storage import RedisStorage

T = TypeVar("T")

_log = logging.getLogger(__name__)

_PREFIX: Final = "hive-relay"
_CONNECTIONS: Final = 32
_APART_S: Final = 5.0
_LOG_EVERY_S: Final = 60.0
_FIRST_SWEEP: Final = 1_024

Clock = Callable[[], float]
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """At most `amount` in any `seconds` in a row.

    Args:
        name: what is counted; a rule of the same name and another amount is another rule.
    """

    name: str
    amount: int
    seconds: int


class Limits:
    """Counts what happens by rule and key, such as a person or an address.

    Args:
        redis_url: Redis's address, or None to count in this process alone.
        clock: seconds that never go back.

    Raises:
        SettingsError: the address is none of Redis.
    """

    def __init__(self, redis_url: str | None, *, clock: Clock = time.monotonic) -> None:
        self._own = Windows(clock)
        self._shared = None if redis_url is None else _Shared(redis_url, clock)

    async def hit(self, rule: Rule, *key: str) -> None:
        """Count one.

        Raises:
            RelayError: 429, there were too many; the one that is refused is not counted.
        """
        if self._shared is None:
            wait_s = self._own.hit(rule, key)
        else:
            wait_s = await self._hit_shared(self._shared, rule, key)
        if wait_s > 0:
            raise too_many(wait_s)

    async def wait_s(self, rule: Rule, *key: str) -> float:
        """Return seconds until one more is allowed; 0 when it is now. Counts nothing."""
        if self._shared is not None:
            shared = await self._shared.attempt(self._shared.wait_s, rule, key)
            if shared is not None:
                return shared
        return self._own.wait_s(rule, key)

    async def take_back(self, rule: Rule, *key: str) -> None:
        """Uncount the newest: what was counted turned out to be no such case."""
        self._own.take_back(rule, key)
        if self._shared is not None:
            await self._shared.attempt(self._shared.take_back, rule, key)

    async def clear(self, rule: Rule, *key: str) -> None:
        """Forget what was counted."""
        self._own.clear(rule, key)
        if self._shared is not None:
            await self._shared.attempt(self._shared.clear, rule, key)

    async def close(self) -> None:
        """Let go of Redis."""
        if self._shared is not None:
            await self._shared.close()

    async def _hit_shared(self, shared: _Shared, rule: Rule, key: Key) -> float:
        is_allowed = await shared.attempt(shared.hit, rule, key)
        if is_allowed is None:
            return self._own.hit(rule, key)
        if is_allowed:
            # Should Redis be lost, this relay goes on from what it has let through itself.
            self._own.note(rule, key)
            return 0
        wait_s = await shared.attempt(shared.wait_s, rule, key)
        # The oldest may have left the window since: it was refused all the same.
        return wait_s or 1


class Windows:
    """The instants of each key within its window, in this process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._hits: dict[tuple[Rule, Key], deque[float]] = {}
        self._sweep_at = _FIRST_SWEEP

    def hit(self, rule: Rule, key: Key) -> float:
        """Count one and return 0; or count nothing and return the seconds to wait."""
        now = self._clock()
        hits = self._window(rule, key, now)
        if len(hits) >= rule.amount:
            return hits[0] + rule.seconds - now
        hits.append(now)
        return 0

    def note(self, rule: Rule, key: Key) -> None:
        """Count one that is allowed already."""
        now = self._clock()
        hits = self._window(rule, key, now)
        if len(hits) >= rule.amount:
            hits.popleft()
        hits.append(now)

    def wait_s(self, rule: Rule, key: Key) -> float:
        """Return the seconds until one more is allowed, or 0."""
        hits = self._hits.get((rule, key))
        if hits is None:
            return 0
        now = self._clock()
        _age(hits, now - rule.seconds)
        return hits[0] + rule.seconds - now if len(hits) >= rule.amount else 0

    def take_back(self, rule: Rule, key: Key) -> None:
        """Uncount the newest."""
        if hits := self._hits.get((rule, key)):
            hits.pop()

    def clear(self, rule: Rule, key: Key) -> None:
        """Forget a key."""
        self._hits.pop((rule, key), None)

    def __len__(self) -> int:
        return len(self._hits)

    def _window(self, rule: Rule, key: Key, now: float) -> deque[float]:
        hits = self._hits.get((rule, key))
        if hits is None:
            if len(self._hits) >= self._sweep_at:
                self._sweep(now)
            hits = self._hits[rule, key] = deque()
        else:
            _age(hits, now - rule.seconds)
        return hits

    def _sweep(self, now: float) -> None:
        """Drop keys whose window is empty; the next sweep comes after as many again arrived."""
        for (rule, key), hits in list(self._hits.items()):
            if not hits or hits[-1] <= now - rule.seconds:
                del self._hits[rule, key]
        self._sweep_at = max(_FIRST_SWEEP, 2 * len(self._hits))


def _age(hits: deque[float], until: float) -> None:
    while hits and hits[0] <= until:
        hits.popleft()


class _Shared:
    """The same windows in Redis."""

    def __init__(self, url: str, clock: Clock) -> None:
        from limits.aio.storage import RedisStorage  # noqa: PLC0415 - only where Redis is set

        self._clock = clock
        self._pool = open_pool(url, connections=_CONNECTIONS, tries=1)
        self._redis = Redis(connection_pool=self._pool)
        self._storage: RedisStorage = RedisStorage(
            url,
            implementation="redispy",
            key_prefix=_PREFIX,
            connection_pool=self._pool,  # type: ignore[arg-type] # handed on as it is
        )
        self._apart_until = 0.0
        self._told_at: float | None = None

    async def attempt(
        self, work: Callable[[Rule, Key], Awaitable[T]], rule: Rule, key: Key
    ) -> T | None:
        """Return what Redis says, or None while it is lost: then nobody waits for it."""
        if self._clock() < self._apart_until:
            return None
        try:
            return await work(rule, key)
        except (RedisError, OSError) as exc:
            now = self._clock()
            self._apart_until = now + _APART_S
            if self._told_at is None or now - self._told_at >= _LOG_EVERY_S:
                self._told_at = now
                _log.warning("limits are counted by this relay alone: %s", type(exc).__name__)
            return None

    async def hit(self, rule: Rule, key: Key) -> bool:
        return await self._storage.acquire_entry(_name(rule, key), rule.amount, rule.seconds)

    async def wait_s(self, rule: Rule, key: Key) -> float:
        oldest, count = await self._storage.get_moving_window(
            _name(rule, key), rule.amount, rule.seconds
        )
        return max(0.0, oldest + rule.seconds - time.time()) if count >= rule.amount else 0.0

    async def take_back(self, rule: Rule, key: Key) -> bool:
        await self._redis.lpop(self._storage.bridge.prefixed_key(_name(rule, key)))
        return True

    async def clear(self, rule: Rule, key: Key) -> bool:
        await self._storage.clear(_name(rule, key))
        return True

    async def close(self) -> None:
        await self._pool.aclose()


def _name(rule: Rule, key: Key) -> str:
    """Return the name of a window: no address and no e-mail stands in Redis."""
    digest = hashlib.sha256()
    for part in key:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(4) + data)
    return f"{rule.name}:{rule.amount}:{rule.seconds}:{digest.hexdigest()[:40]}"
