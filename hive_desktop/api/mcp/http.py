"""Serves assistants over streamable HTTP, behind the local API's guard and with its tokens.

Each request signs in anew and stands for itself: there is no session that could be taken over, and
nothing that stays open when the vault is locked. What a client was told before is known by its id,
so that it can name earlier results.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

from hive_desktop.api.mcp.server import make
from hive_desktop.api.refusals import RefusalError, refusal, refusal_of
from hive_desktop.domain.api_clients import Scope
from hive_desktop.ports.errors import ApiScopeError, HiveError
from hive_desktop.services.assistants import assistant

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping

    from mcp.server.context import ServerRequestContext
    from starlette.types import ASGIApp, Receive, Send
    from starlette.types import Scope as Request

    from hive_desktop.domain.api_clients import ApiClient
    from hive_desktop.services.assistants import Assistant, Told
    from hive_desktop.services.session import VaultSession

T = TypeVar("T")
_CLIENT: Final = "hive.client"
_MOST_BYTES: Final = 256 * 1024


class Run(Protocol):
    """Runs work on the loop on which the session lives."""

    async def __call__(self, work: Callable[[], Awaitable[T]]) -> T:
        """Return what the work returns, and raise what it raises."""
        ...


class HttpHost:
    """Answers clients of the local API in the open session.

    Args:
        session: the vault's.
        run: runs what asks it.
    """

    def __init__(self, session: VaultSession, run: Run) -> None:
        self._session = session
        self._run = run
        self._known: dict[str, Assistant] = {}

    def assistant(self, context: ServerRequestContext[Any, Any]) -> Assistant:
        """Return who asks: the client that this request's token is of."""
        request: Any = context.request
        client: ApiClient = request.scope[_CLIENT]
        one = self._known.get(client.client_id)
        if one is None:
            one = self._known[client.client_id] = assistant(client.name, may_propose=False)
        one.may_propose = client.may(Scope.WRITE)
        return one

    async def answer(self, one: Assistant, name: str, arguments: Mapping[str, Any]) -> Told:
        """Return what a call found, once that is written down; see `Host`."""
        assistants = self._session.assistants

        async def work() -> Told:
            told = await assistants.answer(one, name, arguments)
            await assistants.keep(told.kept)
            return told

        return await self._run(work)


class McpApp:
    """An ASGI application for one address, whose `lifespan` runs around it.

    Args:
        session: the vault's.
        let_in: returns the client whose request has such headers; raises what the guard answers.
        run: runs what asks the session.
    """

    def __init__(
        self,
        session: VaultSession,
        let_in: Callable[[Iterable[tuple[bytes, bytes]]], ApiClient],
        run: Run,
    ) -> None:
        self._let_in = let_in
        self._manager = StreamableHTTPSessionManager(
            make(HttpHost(session, run)),
            json_response=True,
            stateless=True,
            max_request_body_size=_MOST_BYTES,
        )

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Run what requests are answered in."""
        async with self._manager.run():
            yield

    async def __call__(self, scope: Request, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self._answer(scope)(scope, receive, send)

    def _answer(self, scope: Request) -> ASGIApp:
        try:
            client = self._let_in(scope["headers"])
            if not client.may(Scope.READ):
                raise ApiScopeError("This needs the scope “{scope}”.", scope=Scope.READ.value)
        except RefusalError as refused:
            return refused.answer()
        except HiveError as error:
            return refusal_of(error).answer()
        if scope["method"] != "POST":
            made = refusal(405, "not_allowed", "This address takes POST alone.")
            made.headers["Allow"] = "POST"
            return made.answer()
        scope[_CLIENT] = client
        return self._manager.asgi_app
