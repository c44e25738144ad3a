"""The relay as an ASGI application."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from fastapi import FastAPI

from hive_desktop import __version__
from hive_desktop.relay.ai import routes as ai
from hive_desktop.relay.auth import routes as auth
from hive_desktop.relay.bank import removal, webhooks
from hive_desktop.relay.bank import routes as bank
from hive_desktop.relay.errors import ERROR_RESPONSES
from hive_desktop.relay.http import faults, health
from hive_desktop.relay.http.cross_origin import CrossOrigin
from hive_desktop.relay.http.express import Express
from hive_desktop.relay.http.middleware import Edge
from hive_desktop.relay.live import socket

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import ASGIApp

    from hive_desktop.relay.relay import Relay

API: Final = "/api/v1"


def create_app(relay: Relay) -> ASGIApp:
    """Return the application of a relay, which it starts and closes with its lifespan."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await relay.start()
        try:
            yield
        finally:
            await relay.close()

    app = FastAPI(
        title="Hive relay",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # to an address that is made of the Host header
        responses=ERROR_RESPONSES,
    )
    faults.install(app)
    banks = bank.router(relay)
    app.include_router(banks, prefix=API)
    app.include_router(auth.router(relay, remove_items=removal.remove_all), prefix=API)
    app.include_router(webhooks.router(relay))
    if relay.settings.openai_key is not None:
        app.include_router(ai.router(relay))
    app.include_router(health.router(relay))
    app.router.routes.append(socket.route(relay, f"{API}/ws"))
    served: ASGIApp = Express(app, banks.routes, prefix=API)
    if relay.settings.cors_origins:
        served = CrossOrigin(served, relay.settings.cors_origins)
    return Edge(served, proxies=relay.settings.trusted_proxies, metrics=relay.metrics)
