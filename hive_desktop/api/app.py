"""The local API as one ASGI application."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Route, WebSocketRoute

from hive_desktop.api import docs, websocket
from hive_desktop.api.guard import Guard
from hive_desktop.api.refusals import fault, refusal
from hive_desktop.api.surface import API, ENDPOINTS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
    from contextlib import AbstractAsyncContextManager

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp

    from hive_desktop.api.desk import Desk
    from hive_desktop.api.endpoints import Endpoint


@dataclass(frozen=True, slots=True)
class Mounted:
    """Another application behind the same guard, which lets its clients in by `Desk.let_in`.

    Attributes:
        path: where, like `/mcp`.
        app: it.
        lifespan: what runs around it on the server's loop, if it needs any.
    """

    path: str
    app: ASGIApp
    lifespan: Callable[[], AbstractAsyncContextManager[Any]] | None = None


def create_app(desk: Desk, port: int, mounted: Sequence[Mounted] = ()) -> ASGIApp:
    """Return the application as it is served at a port of loopback."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for one in mounted:
                if one.lifespan is not None:
                    await stack.enter_async_context(one.lifespan())
            yield

    routes = [
        *(Route(f"{API}{path}", _answers(desk, of), methods=list(of)) for path, of in _by_path()),
        Route(f"{API}/openapi.json", docs.document, methods=["GET"]),
        Route(f"{API}/docs", docs.page, methods=["GET"]),
        WebSocketRoute(f"{API}/ws", partial(websocket.serve, desk)),
        Route(f"{API}/ws", websocket.answer_plainly, methods=["GET"]),
        *(Route(one.path, one.app) for one in mounted),
    ]
    app = Starlette(routes=routes, lifespan=lifespan, exception_handlers=_HANDLERS)
    app.router.redirect_slashes = False
    return Guard(app, port, desk.limits)


def _by_path() -> Iterable[tuple[str, dict[str, Endpoint]]]:
    paths: dict[str, dict[str, Endpoint]] = {}
    for one in ENDPOINTS:
        paths.setdefault(one.path, {})[one.method] = one
    return paths.items()


def _answers(desk: Desk, methods: dict[str, Endpoint]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        return await methods[method].serve(desk, request)

    return answer


async def _refused(_request: Request, error: Exception) -> Response:
    """Say in the one shape what the routes themselves do not know."""
    assert isinstance(error, HTTPException)  # noqa: S101 - as it is registered
    if error.status_code == 404:
        return refusal(404, "not_found", "There is nothing at this address.", _PAGE).answer()
    made = refusal(error.status_code, "not_allowed", "This address takes another method.", _PAGE)
    made.headers |= dict(error.headers or {})
    return made.answer()


async def _faulty(_request: Request, _error: Exception) -> Response:
    """Say in the one shape that the program has a fault; the guard writes it down."""
    return fault().answer()


_PAGE: Final = f"{API}/docs says what can be asked."
_HANDLERS: Final[dict[Any, Any]] = {HTTPException: _refused, Exception: _faulty}
