"""One thing that can be asked: from HTTP to a service and back, the same way for all of them."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from hive_desktop.api.bridge import BrokenError
from hive_desktop.api.refusals import RefusalError, fault, not_found, refusal, refusal_of
from hive_desktop.ports.errors import ApiScopeError, HiveError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from starlette.requests import Request
    from starlette.types import Receive

    from hive_desktop.api.desk import Desk
    from hive_desktop.domain.api_clients import ApiClient, Scope
    from hive_desktop.services.session import VaultSession

T = TypeVar("T")
QUICK_S: Final = 60.0
SLOW_S: Final = 600.0
_SHAPES: Final = "/api/v1/docs says what this takes; days are like 2026-01-31."


@dataclass(frozen=True, slots=True)
class Call:
    """A request that may be answered; handlers run on the session's loop.

    Attributes:
        session: the open vault's.
        client: who asks; None where nobody has to sign in.
        token: that it asks with.
        host: whom it asks, by the name and port that it used.
        ids: from the address.
    """

    session: VaultSession
    client: ApiClient | None = None
    token: str = ""
    host: str = ""
    ids: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A route.

    Attributes:
        method: of HTTP.
        path: below `/api/v1`; `{name_id}` is a UUID.
        summary: a sentence for the page.
        handler: answers; is given the call, and what was asked where there is any.
        answer: what it returns; None for an answer without a body.
        scope: what the client must have been given; None for any client.
        asked: what it takes, of the query for GET and DELETE and of the body else.
        who: nobody has to sign in; returns, on the server's thread and at once, what the request is
            counted under, such as the client whose secret stands in it; None for all strangers.
        seconds: after which it is given up.
    """

    method: str
    path: str
    summary: str
    handler: Callable[..., Awaitable[Any]]
    answer: Any = None
    scope: Scope | None = None
    asked: type[msgspec.Struct] | None = None
    who: Callable[..., str | None] | None = None
    status: int = 200
    seconds: float = QUICK_S

    @property
    def is_open(self) -> bool:
        """Tell whether it is asked without a token."""
        return self.who is not None

    @property
    def takes_body(self) -> bool:
        """Tell whether what is asked stands in the body."""
        return self.method in ("POST", "PATCH") and self.asked is not None

    async def serve(self, desk: Desk, request: Request) -> Response:
        """Answer a request."""
        try:
            return await self._served(desk, request)
        except RefusalError as said:
            return said.answer()
        except HiveError as error:
            return refusal_of(error).answer()
        except TimeoutError:
            return refusal(503, "took_too_long", "This took too long.", "Try again.").answer()
        except BrokenError:
            return fault().answer()

    async def _served(self, desk: Desk, request: Request) -> Response:
        client, token = None, ""
        if self.who is None:
            client, token = desk.let_in(request.scope)
            if self.scope is not None and not client.may(self.scope):
                raise ApiScopeError("This needs the scope “{scope}”.", scope=self.scope.value)
            asked = await self._asked(request)
        else:
            asked = await self._asked_openly(desk, request, self.who)
        call = Call(desk.session, client, token, request.headers["host"], _ids(request))
        work = desk.bridge.run(
            lambda: self.handler(call, *asked), author="" if client is None else client.name
        )
        if self.method == "GET":  # what writes is done, whoever waits for its answer
            work = _while_wanted(work, request)
        async with asyncio.timeout(self.seconds):
            result = await work
            body = b"" if self.answer is None else msgspec.json.encode(result)
            if client is not None and body:
                desk.check_still(client)
                await desk.usage.note(client.name, f"{self.method} {self.path}", len(body))
        media = None if self.answer is None else "application/json"
        return Response(body, self.status, media_type=media)

    async def _asked_openly(
        self, desk: Desk, request: Request, who: Callable[..., str | None]
    ) -> tuple[msgspec.Struct, ...]:
        """Return what is asked without a token, once it is counted.

        Who has a secret is kept out by nobody who has none.
        """
        try:
            asked = await self._asked(request)
        except RefusalError:
            desk.strangers.take(self.path)
            raise
        key = who(desk.session.api_clients, *asked)
        if key is None:
            desk.strangers.take(self.path)
        else:
            desk.clients.take(key)
        return asked

    async def _asked(self, request: Request) -> tuple[msgspec.Struct, ...]:
        kind = self.asked
        if kind is None:
            return ()
        try:
            if not self.takes_body:
                pairs = parse_qsl(request.url.query, keep_blank_values=True, max_num_fields=50)
                if len(dict(pairs)) != len(pairs):
                    raise refusal(422, "not_usable", "A parameter is there twice.")
                return (msgspec.convert(dict(pairs), kind, strict=False),)
            body = await request.body()
            media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            if body and media != "application/json":
                raise refusal(
                    415,
                    "not_json",
                    "The body must be application/json.",
                    "Send the header “Content-Type: application/json” with it.",
                )
            return (msgspec.json.decode(body or b"{}", type=kind),)
        except msgspec.ValidationError as exc:
            raise refusal(422, "not_usable", f"{exc}.", _SHAPES) from exc
        except (msgspec.DecodeError, ValueError, RecursionError) as exc:
            raise refusal(400, "not_readable", "The request cannot be read.") from exc


def _ids(request: Request) -> dict[str, bytes]:
    try:
        return {name: uuid.UUID(text).bytes for name, text in request.path_params.items()}
    except ValueError as exc:
        raise not_found("id") from exc


async def _while_wanted(work: Coroutine[Any, Any, T], request: Request) -> T:
    """Await work that ends where its client goes.

    Raises:
        ClientDisconnect: it has gone.
    """
    loop = asyncio.get_running_loop()
    working, gone = loop.create_task(work), loop.create_task(_gone(request.receive))
    try:
        await asyncio.wait((working, gone), return_when=asyncio.FIRST_COMPLETED)
        if not working.done() and gone.result():
            raise ClientDisconnect
        return await working
    finally:
        working.cancel()
        gone.cancel()
        await asyncio.wait((working, gone))
        for one in (working, gone):
            _ = one.cancelled() or one.exception()  # nobody else asks what became of it


async def _gone(receive: Receive) -> bool:
    """Return once the client has gone; False where that cannot be known any more."""
    try:
        while (await receive())["type"] != "http.disconnect":
            pass
    except RefusalError:  # of a body that nobody asked for
        return False
    return True
