"""Forgets once a minute what is over: sealed tokens nobody fetched, links, old tokens and webhooks.

Several relays over one database do it each for itself; who meets another tries again.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from hive_desktop.relay.store import audit, devices, invites, links, news
from hive_desktop.relay.store.instants import to_ms
from hive_desktop.relay.store.store import StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Connection

    from hive_desktop.relay.store.store import Store

_log = logging.getLogger(__name__)

EVERY_S: Final = 60.0
_SWEEPS: Final[tuple[Callable[[Connection, int], None], ...]] = (
    links.sweep,
    news.sweep,
    devices.sweep,
    invites.sweep,
    audit.sweep,
)


class Housekeeper:
    """Sweeps from `start` to `close`.

    Args:
        store: what is swept.
        now: tells the time.
    """

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Sweep at once and every minute."""
        self._task = asyncio.get_running_loop().create_task(self._live())

    async def close(self) -> None:
        """Stop."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def sweep(self) -> None:
        """Forget what is over now.

        Raises:
            StoreUnavailableError: the database does not answer.
        """
        at = to_ms(self._now())
        for sweep in _SWEEPS:  # each in a transaction of its own, so that none holds up much
            await self._store.run(sweep, at)
        await self._store.scrub()

    async def _live(self) -> None:
        while True:
            try:
                await self.sweep()
            except StoreUnavailableError:
                _log.warning("the database does not answer; nothing was swept")
            await asyncio.sleep(EVERY_S)
