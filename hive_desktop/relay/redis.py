"""Connections to Redis, as every part of the relay that uses it makes them."""

from __future__ import annotations

from typing import Final

from redis.asyncio import BlockingConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from hive_desktop.relay.settings import PREFIX, SettingsError

ANSWER_S: Final = 1.0
"""How long Redis may take to answer, or to be connected to, before it counts as lost."""


def open_pool(url: str, *, connections: int, tries: int) -> BlockingConnectionPool:
    """Return a pool that connects when it is first used; who finds it empty waits.

    Args:
        url: `redis://`, `rediss://` (TLS) or `unix://`.
        connections: how many there may be at once.
        tries: how often a broken connection is made again before a command fails.

    Raises:
        SettingsError: the address is none of Redis.
    """
    try:
        return BlockingConnectionPool.from_url(
            url,
            max_connections=connections,
            timeout=ANSWER_S,
            socket_timeout=ANSWER_S,
            socket_connect_timeout=ANSWER_S,
            retry=Retry(NoBackoff(), tries),
        )
    except ValueError:
        raise SettingsError(
            [f"{PREFIX}REDIS_URL is neither redis://... nor rediss://... nor unix://..."]
        ) from None
