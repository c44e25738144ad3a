"""A short way for the calls that are made most: from the path straight to the handler.

What FastAPI does around a handler costs more than the handler where that takes nothing but the
request and gives a whole answer. Such routes stay part of the application, by which they are
documented, and are found here by their exact path first.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from hive_desktop.relay.http import faults

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp, Receive, Scope, Send


class Express:
    """Serves routes whose path has no parts that vary; all else goes to the application.

    Args:
        app: the application.
        routes: of which those are taken that need no more than the request.
        prefix: before each route's path.
    """

    def __init__(self, app: ASGIApp, routes: Iterable[BaseRoute], *, prefix: str) -> None:
        self._app = app
        self._routes = {
            (method, prefix + route.path): route
            for route in routes
            if isinstance(route, APIRoute) and is_plain(route)
            for method in route.methods or ()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        route = None
        if scope["type"] == "http":
            route = self._routes.get((scope["method"], scope["path"]))
        if route is None:
            await self._app(scope, receive, send)
            return
        scope["route"] = route
        scope["state"]["route"] = scope["path"]  # its pattern: such a path has no part that varies
        try:
            answer: Response = await route.endpoint(Request(scope, receive))
        except Exception as exc:  # noqa: BLE001 - a request's edge: every fault has one shape
            answer = faults.answer_to(exc, scope["state"]["request_id"])
        await answer(scope, receive, send)


def is_plain(route: APIRoute) -> bool:
    """Tell whether a route's handler takes the request alone, and makes its whole answer."""
    takes = list(inspect.signature(route.endpoint).parameters)
    return route.response_class is Response and takes == ["request"] and "{" not in route.path
