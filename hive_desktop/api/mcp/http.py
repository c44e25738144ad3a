"""Serves assistants over streamable HTTP, behind the local API's guard and with its tokens.

Each request signs in anew and stands for itself: there is no session that could be taken over, and
nothing that stays open when the vault is locked. What a client was told before is known by its id,
so that it can name earlier results. A call ends with its request: where the client lets go of the
answer, where it says so by `notifications/cancelled`, and after a minute.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, TypeVar

import msgspec
from mcp.server.streamable_http import REQUEST_CANCELLED
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.responses import Response

from hive_desktop.api.mcp.server import make
from hive_desktop.api.refusals import RefusalError, refusal, refusal_of
from hive_desktop.domain.api_clients import Scope
from hive_desktop.ports.errors import ApiScopeError, ApiTokenError, HiveError
from hive_desktop.services.assistants import assistant

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

    from mcp.server.context import ServerRequestContext
    from starlette.types import Message, Receive, Send
    from starlette.types import Scope as Request

    from hive_desktop.domain.api_clients import ApiClient
    from hive_desktop.services.assistants import Assistant, Told
    from hive_desktop.services.session import VaultSession

T = TypeVar("T")
_CLIENT: Final = "hive.client"
_CALL_S: Final = 60.0
_CALLED: Final = "tools/call"
_CANCELLED: Final = "notifications/cancelled"


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
        assistants, clients = self._session.assistants, self._session.api_clients
        client_id = next(key for key, known in self._known.items() if known is one)

        async def work() -> Told:
            told = await assistants.answer(one, name, arguments)
            if not clients.has_access(client_id):  # it was revoked meanwhile
                raise ApiTokenError
            await assistants.keep(told.kept)
            return told

        try:
            async with asyncio.timeout(_CALL_S):
                return await self._run(work)
        except TimeoutError as exc:
            raise HiveError(
                "It took too long.", title="Nothing was told", hint="Ask for a shorter period."
            ) from exc


class _Params(msgspec.Struct):
    requestId: str | int | None = None  # noqa: N815 - as the protocol has it


class _Message(msgspec.Struct):
    """What of a message tells whether it is a call, or ends one."""

    method: str = ""
    id: str | int | None = None
    params: _Params = msgspec.field(default_factory=_Params)


class _CallKey(NamedTuple):
    """A call that is under way: whose, and its client's own name for it."""

    client_id: str
    id: str | int


class McpApp:
    """An ASGI application for one address, whose `lifespan` runs around it.

    Args:
        session: the vault's.
        let_in: returns the client whose request has such a scope; raises what the guard answers.
        run: runs what asks the session.
    """

    def __init__(
        self, session: VaultSession, let_in: Callable[[Request], ApiClient], run: Run
    ) -> None:
        self._let_in = let_in
        self._manager = StreamableHTTPSessionManager(
            make(HttpHost(session, run)), json_response=True, stateless=True
        )
        self._calls: defaultdict[_CallKey, set[asyncio.Task[None]]] = defaultdict(set)

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Run what requests are answered in."""
        async with self._manager.run():
            yield

    async def __call__(self, scope: Request, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            client = self._admitted(scope)
            body = await _whole(receive)
        except RefusalError as refused:
            await refused.answer()(scope, receive, send)
            return
        except HiveError as error:
            await refusal_of(error).answer()(scope, receive, send)
            return
        if body is None:
            return  # it has gone
        scope[_CLIENT] = client
        message = _message(body)
        if message.method == _CANCELLED:
            self._cancel(client, message.params.requestId)
        key = None
        if message.method == _CALLED and message.id is not None:
            key = _CallKey(client.client_id, message.id)
        await self._answer(scope, _Exchange(body, receive, send), key)

    def _admitted(self, scope: Request) -> ApiClient:
        client = self._let_in(scope)
        if not client.may(Scope.READ):
            raise ApiScopeError("This needs the scope “{scope}”.", scope=Scope.READ.value)
        if scope["method"] != "POST":
            made = refusal(405, "not_allowed", "This address takes POST alone.")
            made.headers["Allow"] = "POST"
            raise made
        return client

    async def _answer(self, scope: Request, exchange: _Exchange, key: _CallKey | None) -> None:
        """Answer until it is answered, its client has gone, or says that it is not wanted."""
        loop = asyncio.get_running_loop()
        work = loop.create_task(
            self._manager.handle_request(scope, exchange.receive, exchange.send)
        )
        gone = loop.create_task(exchange.wait_gone())
        if key is not None:
            self._calls[key].add(work)
        try:
            await asyncio.wait((work, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            if key is not None:
                self._calls[key].discard(work)
                if not self._calls[key]:
                    del self._calls[key]
            gone.cancel()
            work.cancel()
            await asyncio.wait((work, gone))
        if not work.cancelled():
            work.result()
        elif key is not None and not exchange.is_gone:
            await exchange.send_cancelled(scope, key.id)

    def _cancel(self, client: ApiClient, request_id: str | int | None) -> None:
        """End a client's call; of two that it calls the same, neither."""
        if request_id is None:
            return
        tasks = self._calls.get(_CallKey(client.client_id, request_id), ())
        if len(tasks) == 1:
            next(iter(tasks)).cancel()


class _Exchange:
    """A request whose body is there, and where its answer goes."""

    def __init__(self, body: bytes, receive: Receive, send: Send) -> None:
        self._body: bytes | None = body
        self._receive = receive
        self._gone = asyncio.Event()
        self._has_begun = False
        self.send: Send = self._sent(send)

    @property
    def is_gone(self) -> bool:
        """Tell whether the client has let go of the answer."""
        return self._gone.is_set()

    async def receive(self) -> Message:
        """Return the body, then that the client has gone, once it has."""
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def wait_gone(self) -> None:
        """Return once the client has gone."""
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._gone.set()

    async def send_cancelled(self, scope: Request, request_id: str | int) -> None:
        """Say that a call was ended, unless it was answered meanwhile."""
        if self._has_begun:
            return
        error = {"code": REQUEST_CANCELLED, "message": "Request cancelled"}
        body = msgspec.json.encode({"jsonrpc": "2.0", "id": request_id, "error": error})
        await Response(body, media_type="application/json")(scope, self.receive, self.send)

    def _sent(self, send: Send) -> Send:
        async def sent(message: Message) -> None:
            self._has_begun = True
            await send(message)

        return sent


async def _whole(receive: Receive) -> bytes | None:
    """Return a request's body, which the guard bounds; None where its client has gone."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body)


def _message(body: bytes) -> _Message:
    """Return what is known of a message; of one that is none, nothing."""
    try:
        return msgspec.json.decode(body, type=_Message)
    except (msgspec.DecodeError, RecursionError):
        return _Message()
