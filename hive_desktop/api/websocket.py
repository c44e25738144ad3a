"""The web-socket of the chat: questions come in, replies go out as they grow.

    client  {"type": "chat", "payload": {"message": "...", "session_id": "UUID", "offline": false}}
            {"type": "ping"}
    server  {"type": "chat_token", "payload": {"token": "...", "session_id": "UUID"}}
            {"type": "chat_complete", "payload": {"session_id": "UUID", "text": "...", ...}}
            {"type": "error", "payload": {"error": "...", "code": "...", "hint": "..."}}
            {"type": "pong", "payload": {}}

The tokens of a reply are text that follows what came before. `chat_complete` has the whole reply
and takes their place: where figures of a first reply were wrong, the tokens are that one's, and the
text is the corrected one's. One question at a time.
"""

from __future__ import annotations

import asyncio
import uuid
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Annotated, Any, Final

import msgspec
from starlette.websockets import WebSocketDisconnect

from hive_desktop.api.bridge import BrokenError
from hive_desktop.api.refusals import RefusalError, fault, refusal, refusal_of
from hive_desktop.api.routes.chats import opened
from hive_desktop.domain.api_clients import Scope
from hive_desktop.ports.chat import Over, Verified, Wrote
from hive_desktop.ports.errors import ApiTokenError, HiveError

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping

    from starlette.websockets import WebSocket

    from hive_desktop.api.desk import Desk
    from hive_desktop.domain.api_clients import ApiClient
    from hive_desktop.domain.conversations import Conversation, Message

MESSAGE_BYTES: Final = 32 * 1024
WHAT: Final = "WS /ws"
_REFUSED: Final = 1008
_NO_TEXT: Final = 1003
_FAULT: Final = 1011
_LOOK_S: Final = 5.0
_SEND_S: Final = 30.0


class Payload(msgspec.Struct):
    """A question; without a session a new one is begun."""

    message: Annotated[str, msgspec.Meta(min_length=1, max_length=8_000)] | None = None
    session_id: uuid.UUID | None = None
    offline: bool = False


class ClientMessage(msgspec.Struct):
    """What a client sends."""

    type: str
    payload: Payload = msgspec.field(default_factory=Payload)


class Completed(msgspec.Struct):
    """A reply that is over; `ended` is `done` for a whole one, `model` is who wrote it."""

    session_id: uuid.UUID
    text: str
    ended: str
    model: str | None
    unverified: list[str]


class _TokenEndedError(Exception):
    """The client may not ask any more."""


async def serve(desk: Desk, socket: WebSocket) -> None:
    """Let a client in, and answer it until it goes, its token ends, or the vault is locked."""
    try:
        client, token = desk.let_in(socket.scope)
        if not client.may(Scope.CHAT):
            raise refusal(403, "scope_missing", "This needs the scope “chat”.")
        place = desk.chats.take(client.client_id, desk.limits.chats)
    except (RefusalError, HiveError):
        await socket.close(_REFUSED)
        return
    with place:
        await socket.accept()
        line = _Line(desk, socket, client, token)
        try:
            await line.run()
        except (WebSocketDisconnect, TimeoutError):
            return  # it went, or takes nothing of what is sent
        except _TokenEndedError:
            await socket.close(_REFUSED)
        except (HiveError, BrokenError):  # nothing can be written down, and so nothing is said
            with suppress(WebSocketDisconnect):
                await socket.close(_FAULT)


class _Line:
    """One client that is connected."""

    def __init__(self, desk: Desk, socket: WebSocket, client: ApiClient, token: str) -> None:
        self._desk = desk
        self._socket = socket
        self._client = client
        self._token = token

    async def run(self) -> None:
        """Answer until the client goes or may not ask any more."""
        receiving: asyncio.Task[MutableMapping[str, Any]] | None = None
        loop = asyncio.get_running_loop()
        try:
            while True:
                if receiving is None:
                    receiving = loop.create_task(self._socket.receive())
                done, _ = await asyncio.wait((receiving,), timeout=_LOOK_S)
                self._stop_if_gone()
                if not done:
                    continue
                message, receiving = receiving.result(), None
                if message["type"] == "websocket.disconnect":
                    return
                if message.get("text") is None:
                    await self._socket.close(_NO_TEXT)
                    return
                await self._hear(message["text"])
        finally:
            if receiving is not None:
                _let_go(receiving)

    def _is_let_in(self) -> bool:
        try:
            self._desk.session.api_clients.authenticate(self._token)
        except ApiTokenError:
            return False
        return True

    async def _hear(self, text: str) -> None:
        try:
            self._desk.clients.take(self._client.client_id)
            message = msgspec.json.decode(text.encode("utf-8", "replace"), type=ClientMessage)
            if message.type == "ping":
                await self._send("pong", {})
            elif message.type == "chat" and message.payload.message is not None:
                await self._answer(message.payload.message, message.payload)
            else:
                raise refusal(422, "not_usable", "This is neither a question nor a ping.")
        except (msgspec.DecodeError, RecursionError):
            await self._send_error(refusal(400, "not_readable", "The message cannot be read."))
        except RefusalError as said:
            await self._send_error(said)
        except HiveError as error:
            await self._send_error(refusal_of(error))
        except BrokenError:
            await self._send_error(fault())

    async def _answer(self, question: str, asked: Payload) -> None:
        """Ask on the session's loop, and send here what comes."""
        parts: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        loop = asyncio.get_running_loop()
        work = loop.create_task(
            self._desk.bridge.run(
                lambda: _ask(
                    self._desk,
                    question,
                    asked,
                    lambda part: loop.call_soon_threadsafe(parts.put_nowait, part),
                ),
                author=self._client.name,
            )
        )
        work.add_done_callback(lambda _: parts.put_nowait(None))
        gone = loop.create_task(self._gone())
        gone.add_done_callback(lambda _: parts.put_nowait(None))
        try:
            while (part := await parts.get()) is not None:
                self._stop_if_gone()
                await self._send("chat_token", part)
            self._stop_if_gone()
            completed = work.result()
            await self._send("chat_complete", msgspec.to_builtins(completed))
        finally:
            _let_go(gone)
            _let_go(work)

    def _stop_if_gone(self) -> None:
        if not self._is_let_in():
            raise _TokenEndedError

    async def _gone(self) -> None:
        """Return once the client's token has ended: the reply is stopped then."""
        while self._is_let_in():  # noqa: ASYNC110 - a token ends without an event
            await asyncio.sleep(_LOOK_S)

    async def _send(self, kind: str, payload: dict[str, Any]) -> None:
        text = msgspec.json.encode({"type": kind, "payload": payload}).decode()
        await self._desk.usage.note(self._client.name, WHAT, len(text))
        async with asyncio.timeout(_SEND_S):
            await self._socket.send_text(text)

    async def _send_error(self, said: RefusalError) -> None:
        detail = said.detail
        told = {"error": f"{detail.title}: {detail.message}", "code": detail.code}
        await self._send("error", {**told, "hint": detail.hint})


def _let_go(task: asyncio.Task[Any]) -> None:
    """End what nobody waits for any more, and what became of it."""
    task.cancel()
    task.add_done_callback(lambda done: done.cancelled() or done.exception())


async def _ask(
    desk: Desk, question: str, asked: Payload, tell: Callable[[dict[str, Any]], object]
) -> Completed:
    """Ask in a session, on the session's loop; `tell` is given each part of the reply."""
    session, chat = desk.session, desk.session.chat_desk
    if asked.session_id is None:
        talk = await chat.create()
    else:
        talk = await opened(session, asked.session_id)
        await chat.older(talk)  # a model is told of it
    growing = _Growing(desk, talk)
    verified: Verified | None = None
    over: Over | None = None
    async with aclosing(chat.ask(talk, question, offline=asked.offline)) as events:
        async for event in events:
            if isinstance(event, Verified):
                verified = event
            elif isinstance(event, Over):
                over = event
            elif isinstance(event, Wrote) and (more := growing.more(event)):
                tell({"token": more, "session_id": str(uuid.UUID(hex=talk.id))})
    if over is not None and over.error is not None and verified is None:
        raise over.error
    message = talk.messages[-1]
    checked = verified.checked if verified is not None else await chat.shown(talk, message)
    return Completed(
        uuid.UUID(hex=talk.id),
        checked.text,
        over.why.value if over is not None else "stopped",
        message.model or None,
        list(dict.fromkeys(one.text.strip() for one in checked.flaws)),
    )


class _Growing:
    """What of the first reply is new; paragraphs that were shown are not looked at again."""

    def __init__(self, desk: Desk, talk: Conversation) -> None:
        self._chat = desk.session.chat_desk
        self._talk = talk
        self._message: Message | None = None
        self._start = 0
        self._sent = ""

    def more(self, event: Wrote) -> str:
        """Return the text that follows what was returned before; empty where none does yet."""
        if self._message is None:
            self._message = event.message
        if event.message is not self._message:
            return ""  # a correction: the whole reply comes at its end
        shown = self._chat.shown_now(self._talk, event.message, event.length, self._start).text
        if not shown.startswith(self._sent):
            return ""
        more, self._sent = shown[len(self._sent) :], shown
        whole = event.message.text.rfind("\n\n", self._start, event.length)
        if whole >= 0 and whole + 2 == event.length:
            self._start, self._sent = event.length, ""
        return more
