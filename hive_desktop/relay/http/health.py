"""What watches the relay: does it live, may it be sent requests, what does it count."""

from __future__ import annotations

import asyncio
import hmac
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final, Literal

from fastapi import APIRouter, Request, Response  # noqa: TC002 - FastAPI reads annotations
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from pydantic import BaseModel

from hive_desktop.relay.errors import RelayError, not_found, unauthorized
from hive_desktop.relay.store import migrate

if TYPE_CHECKING:
    from hive_desktop.relay.relay import Relay

_FRESH_S: Final = 1.0
_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


class Alive(BaseModel):
    """The process answers."""

    status: Literal["alive"] = "alive"


class Ready(BaseModel):
    """Requests are welcome."""

    status: Literal["ready"] = "ready"
    is_joined: bool


def router(relay: Relay) -> APIRouter:
    """Return the routes of /healthz, /readyz and /metrics."""
    routes = APIRouter(tags=["operation"])
    readiness = Readiness(relay)
    live = CollectorRegistry()
    joined = Gauge("hive_relay_joined", "Words of other relays are heard", registry=live)
    joined.set_function(lambda: float(relay.bus.is_joined))

    @routes.get("/healthz", summary="Does the process live?")
    async def healthz() -> Alive:
        return Alive()

    @routes.get("/readyz", summary="May the relay be sent requests?")
    async def readyz() -> Ready:
        if lack := await readiness.lack():
            raise _not_ready(lack)
        return Ready(is_joined=relay.bus.is_joined)

    @routes.get(
        "/metrics",
        summary="Counters, for Prometheus",
        response_class=Response,
        responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
    )
    async def metrics(request: Request) -> Response:
        _may_read(relay, request)
        text = relay.metrics.text() + generate_latest(live)
        return Response(text, headers={"content-type": CONTENT_TYPE_LATEST})

    return routes


class Readiness:
    """Whether the relay may be sent requests. The database is asked once a second at most."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._lock = asyncio.Lock()
        self._is_current = False
        self._asked_at: float | None = None

    async def lack(self) -> str | None:
        """Return what is missing, or None.

        A relay that has never joined the others is not ready. One that lost them is: it counts by
        itself, believes no cached session, and looks for news in the database. Were it not ready,
        the loss of Redis would end all relays at once.
        """
        if self._relay.hub.is_draining:
            return "it is about to end"
        if not self._relay.bus.has_joined:
            return "it has not joined the other relays"
        return None if await self._database() else "its database is not ready"

    async def _database(self) -> bool:
        clock = asyncio.get_running_loop().time
        async with self._lock:
            if self._asked_at is None or clock() - self._asked_at >= _FRESH_S:
                self._is_current = await migrate.is_ready(self._relay.store)
                self._asked_at = clock()
            return self._is_current


def _not_ready(lack: str) -> RelayError:
    return RelayError(
        503,
        "not_ready",
        "The relay is not ready",
        f"It takes no requests: {lack}.",
        "Ask another relay, or try again soon.",
        headers={"Retry-After": "5"},
    )


def _may_read(relay: Relay, request: Request) -> None:
    """Let through who bears the token; where none is set, a program on this very computer.

    Raises:
        RelayError: 401 or 404.
    """
    token = relay.settings.metrics_token
    if token is not None:
        sent = request.headers.getlist("authorization")
        right = f"Bearer {token.get_secret_value()}".encode()
        if len(sent) != 1 or not hmac.compare_digest(sent[0].encode(), right):
            raise unauthorized()
        return
    is_forwarded = any(name in request.headers for name in _FORWARDED)
    if is_forwarded or not _is_loopback(request.scope["state"]["peer"]):
        raise not_found()


def _is_loopback(peer: str | None) -> bool:
    try:
        address = ip_address(peer or "")
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)
