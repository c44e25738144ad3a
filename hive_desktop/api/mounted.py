"""What is served beside the routes, behind the same guard: each part at its own address."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from hive_desktop.api.app import Mounted

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from starlette.types import ASGIApp, Receive, Scope, Send

    from hive_desktop.api.desk import Desk
    from hive_desktop.domain.api_clients import ApiClient

MCP: Final = "/mcp"


def mounted(desk: Desk) -> Sequence[Mounted]:
    """Return the parts of a server.

    Each signs its clients in by `desk.let_in` and asks the session by `desk.bridge.run` alone. What
    assistants are told is on record answer by answer, before it goes, and so not in `desk.usage`.
    """
    assistants = _Assistants(desk)
    return (Mounted(MCP, assistants, assistants.lifespan),)


class _Assistants:
    """The MCP server, whose package is imported on the server's thread: that takes a while."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._app: ASGIApp | None = None

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Make it, and run what its requests are answered in."""
        from hive_desktop.api.mcp.http import McpApp  # noqa: PLC0415 - as said

        app = McpApp(self._desk.session, self._let_in, self._desk.bridge.run)
        async with app.lifespan():
            self._app = app
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if self._app is None:
            raise RuntimeError("the server has not begun")
        await self._app(scope, receive, send)

    def _let_in(self, scope: Scope) -> ApiClient:
        return self._desk.let_in(scope)[0]
