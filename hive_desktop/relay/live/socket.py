"""The web-socket by which desktops learn at once that an item has news.

A desktop signs in by the Authorization header or by its first message, never by a query parameter,
which would stand in logs on the way. Messages are JSON objects with a `type`:

- from the desktop: `auth {token}` (the first message, and again to renew), `ping`, and
  `ack {item_id, seq}` when it has acted on an item's news;
- from the relay: `hello {expires_at}`, `pong`, `item_update {item_id, seq, kind?, code?}`,
  `session_expiring {expires_at}` a minute before, and `error {code, title, message, hint}`.

It is closed with 4400 (not understood), 4401 (the session is over), 1008 (too much), 1012 (the
relay restarts: connect again) or 1013 (connect again later); what was missed is told after
connecting.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias
from urllib.parse import parse_qsl

import msgspec
from starlette.datastructures import Headers
from starlette.routing import WebSocketRoute

from hive_desktop.relay.auth.guard import bearer_of
from hive_desktop.relay.errors import RelayError, forbidden, too_many, unauthorized
from hive_desktop.relay.http.faults import UNAVAILABLE
from hive_desktop.relay.http.limits import Rule
from hive_desktop.relay.live.hub import SIGNED_OUT, TRY_LATER, Socket, error_message, stamp
from hive_desktop.relay.store.store import StoreUnavailableError

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from hive_desktop.relay.auth.caller import Caller
    from hive_desktop.relay.relay import Relay

NOT_UNDERSTOOD: Final = 4400
TOO_MUCH: Final = 1008
TOO_LARGE: Final = 1009

AUTH_S: Final = 10.0
MESSAGE_BYTES: Final = 4_096
MESSAGES_A_MINUTE: Final = 60
_CONNECTS: Final = Rule("sockets", 60, 60)
_MINUTE_S: Final = 60.0
_IN_QUERY: Final = frozenset({"token", "access_token"})
_MOST_SEQ: Final = 2**31 - 1


class _Message(msgspec.Struct, tag_field="type", forbid_unknown_fields=True, frozen=True):
    """What a desktop may say."""


class _Auth(_Message, tag="auth", frozen=True):
    token: str


class _Ping(_Message, tag="ping", frozen=True):
    pass


class _Ack(_Message, tag="ack", frozen=True):
    item_id: Annotated[str, msgspec.Meta(max_length=128, pattern=r"^[!-~]+\Z")]
    seq: Annotated[int, msgspec.Meta(ge=1, le=_MOST_SEQ)]


_Said: TypeAlias = _Auth | _Ping | _Ack
_DECODER: Final[msgspec.json.Decoder[_Said]] = msgspec.json.Decoder(_Said)


class _GoneError(Exception):
    """The desktop went away."""


def route(relay: Relay, path: str) -> WebSocketRoute:
    """Return the route of the web-socket."""
    return WebSocketRoute(path, _Endpoint(relay), name="socket")


class _Endpoint:
    """Serves each connection, as an ASGI application: an idle one holds as little as may be."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        await receive()  # websocket.connect
        if refusal := self._refusal(scope):
            await _deny(scope, send, refusal)
            return
        await send({"type": "websocket.accept"})
        try:
            caller = await self._sign_in(scope, receive)
        except _GoneError:
            return
        except RelayError as exc:
            await _close(send, exc, _CODES.get(exc.status, TRY_LATER))
            return
        socket = Socket(send, caller, self._relay.now)
        try:
            await self._serve(socket, receive)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if not socket.is_stuck or task is None or task.uncancel():
                raise

    def _refusal(self, scope: Scope) -> RelayError | None:
        allowed = self._relay.settings.cors_origins
        if any(origin not in allowed for origin in Headers(scope=scope).getlist("origin")):
            return forbidden(
                "origin_refused",
                "Web pages of that origin may not connect.",
                "Whoever runs the relay can allow it (HIVE_RELAY_CORS_ORIGINS).",
            )
        return UNAVAILABLE if self._relay.hub.is_draining else None

    async def _sign_in(self, scope: Scope, receive: Receive) -> Caller:
        if _IN_QUERY & {name for name, _ in parse_qsl(scope["query_string"].decode("latin-1"))}:
            raise _malformed("A token in the address would stand in logs.")
        if Headers(scope=scope).get("authorization") is not None:
            token = bearer_of(scope)
        else:
            token = await _first_token(receive)
        caller = await self._caller(token)
        await self._relay.limits.hit(_CONNECTS, caller.user_id)
        if not self._relay.hub.has_room(caller.user_id):
            raise too_many(_MINUTE_S, "There are too many connections of this person.")
        return caller

    async def _caller(self, token: str) -> Caller:
        caller = self._relay.signer.read(token)
        try:
            is_live = await self._relay.sessions.is_live(caller.device_id)
        except StoreUnavailableError:
            raise UNAVAILABLE from None
        if not is_live:
            raise unauthorized()
        return caller

    async def _serve(self, socket: Socket, receive: Receive) -> None:
        hub = self._relay.hub
        hub.add(socket)
        try:
            _greet(socket)
            # Whatever was told between the look-up and `add` is looked up once more.
            try:
                if not await self._relay.sessions.is_live(socket.caller.device_id):
                    socket.sign_out()
                await hub.catch_up(socket)
            except StoreUnavailableError:
                socket.push_error(UNAVAILABLE)
                socket.end(TRY_LATER)
            await self._listen(socket, receive)
        except _GoneError:
            pass
        finally:
            hub.remove(socket)

    async def _listen(self, socket: Socket, receive: Receive) -> None:
        clock = asyncio.get_running_loop().time
        since, count = clock(), 0
        while True:
            text = await _text(receive)
            if clock() - since >= _MINUTE_S:
                since, count = clock(), 0
            count += 1
            if count > MESSAGES_A_MINUTE:
                socket.push_error(too_many(_MINUTE_S, "Too many messages in a short time."))
                socket.end(TOO_MUCH)
            if socket.is_ending:
                continue  # what it still says before it is closed is not heard
            try:
                await self._hear(socket, _said(text))
            except RelayError as exc:
                socket.push_error(exc)
            except StoreUnavailableError:
                socket.push_error(UNAVAILABLE)

    async def _hear(self, socket: Socket, said: _Said) -> None:
        match said:
            case _Ping():
                socket.push("pong", {"type": "pong"})
            case _Ack():
                await self._relay.hub.heard(socket, said.item_id, said.seq)
            case _Auth():
                caller = await self._caller(said.token)
                if (caller.user_id, caller.device_id) != (
                    socket.caller.user_id,
                    socket.caller.device_id,
                ):
                    raise unauthorized()
                socket.renew(caller)
                _greet(socket)


_CODES: Final = {
    400: NOT_UNDERSTOOD,
    401: SIGNED_OUT,
    413: TOO_LARGE,
    422: NOT_UNDERSTOOD,
    429: TOO_MUCH,
}


def _greet(socket: Socket) -> None:
    socket.push("hello", {"type": "hello", "expires_at": stamp(socket.caller.expires_at)})


async def _first_token(receive: Receive) -> str:
    try:
        async with asyncio.timeout(AUTH_S):
            said = _said(await _text(receive))
    except TimeoutError:
        raise unauthorized() from None
    if not isinstance(said, _Auth):
        raise unauthorized()
    return said.token


async def _text(receive: Receive) -> str | None:
    """Return the next message's text; None when it is too long, or bytes."""
    message = await receive()
    if message["type"] == "websocket.disconnect":
        raise _GoneError
    text: str | None = message.get("text")
    return (
        text if text is not None and len(text.encode("utf-8", "replace")) <= MESSAGE_BYTES else None
    )


def _said(text: str | None) -> _Said:
    if text is None:
        raise _malformed("It is too long, or not text.")
    try:
        return _DECODER.decode(text)
    except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError):
        raise _malformed("The message is not understood.") from None


def _malformed(message: str) -> RelayError:
    return RelayError(
        400,
        "invalid_message",
        "The message is not valid",
        message,
        "Send auth, ping or ack as the relay's description says.",
    )


async def _close(send: Send, refusal: RelayError, code: int) -> None:
    await send({"type": "websocket.send", "text": json.dumps(error_message(refusal))})
    await send({"type": "websocket.close", "code": code})


async def _deny(scope: Scope, send: Send, refusal: RelayError) -> None:
    """Refuse before the hand-shake, with an answer of HTTP where the server can send one."""
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": TOO_MUCH})
        return
    body = refusal.body(scope["state"]["request_id"]).model_dump_json().encode()
    headers = {"content-type": "application/json", **refusal.headers}
    await send(
        {
            "type": "websocket.http.response.start",
            "status": refusal.status,
            "headers": [(k.lower().encode(), v.encode()) for k, v in headers.items()],
        }
    )
    await send({"type": "websocket.http.response.body", "body": body})
