"""One relay, put together: every part that the routes and the commands use."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from hive_desktop.plaidkit.gateway import THREADS, Gateway
from hive_desktop.relay.ai.upstream import Upstream
from hive_desktop.relay.auth.sessions import Sessions
from hive_desktop.relay.auth.tokens import TokenSigner
from hive_desktop.relay.bank.sealing import Sealer
from hive_desktop.relay.bus import open_bus
from hive_desktop.relay.housekeeping import Housekeeper
from hive_desktop.relay.http.limits import Limits
from hive_desktop.relay.live.hub import Hub
from hive_desktop.relay.metrics import Metrics
from hive_desktop.relay.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.relay.bus import Bus
    from hive_desktop.relay.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")


def utc_now() -> datetime:
    """Return the instant, aware."""
    return datetime.now(UTC)  # noqa: TID251 - the relay's one clock; tests hand in another


@dataclass(slots=True)
class Relay:
    """The parts of one relay. Nothing in it has a text form that shows a secret."""

    settings: Settings
    store: Store
    bus: Bus
    limits: Limits
    signer: TokenSigner
    sessions: Sessions
    sealer: Sealer
    plaid: Gateway
    hub: Hub
    metrics: Metrics
    ai: Upstream
    housekeeper: Housekeeper
    now: Callable[[], datetime]
    plaid_threads: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(THREADS, thread_name_prefix="relay-plaid")
    )

    async def call_plaid(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a blocking call on a thread for Plaid."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.plaid_threads, lambda: work(*args, **kwargs))

    async def start(self) -> None:
        """Join the other relays. Called on the loop that serves."""
        await self.bus.start()
        self.housekeeper.start()

    async def close(self) -> None:
        """Let go of everything; calls to Plaid under way are broken."""
        await self.housekeeper.close()
        await self.hub.close()
        await self.bus.close()
        await self.limits.close()
        await self.ai.close()
        self.plaid.close()
        self.plaid_threads.shutdown(wait=False, cancel_futures=True)
        await asyncio.get_running_loop().run_in_executor(None, self.store.close)


def build(settings: Settings, *, now: Callable[[], datetime] = utc_now) -> Relay:
    """Put a relay together. Nothing is connected yet.

    Raises:
        SettingsError: a part cannot be made from the settings.
    """
    redis_url = settings.redis_url.get_secret_value() if settings.redis_url else None
    store = Store(settings.database_url.get_secret_value())
    bus = open_bus(redis_url)
    metrics = Metrics()
    return Relay(
        settings=settings,
        store=store,
        bus=bus,
        limits=Limits(redis_url),
        signer=TokenSigner(settings.jwt_keys, issuer=settings.issuer, now=now),
        sessions=Sessions(store, bus, now=now),
        sealer=Sealer(settings.sealing_keys, settings.environment),
        plaid=Gateway(settings.plaid),
        hub=Hub(store, bus, metrics),
        metrics=metrics,
        ai=Upstream(settings),
        housekeeper=Housekeeper(store, now),
        now=now,
    )
