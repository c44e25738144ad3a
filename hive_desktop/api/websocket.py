"""The web-socket of the chat: questions come in, replies go out as they grow.

    client  {"type": "chat", "payload": {"message": "...", "session_id": "UUID", "offline": false}}
            {"type": "ping"}
    server  {"type": "chat_token", "payload": {"token": "...", "session_id": "UUID"}}
            {"type": "chat_complete", "payload": {"session_id": "UUID", "text": "...", ...}}
            {"type": "error", "payload": {"error": "...", "code": "...", "hint": "..."}}
            {"type": "pong", "payload": {}}

The tokens of a reply are text that follows what came before. `chat_complete` has the whole reply
and takes their place: where figures of a first reply were wrong, the tokens are that one's, and the
text is the corrected one's. One question at a time: another one is refused, while pings are
answered and a client that goes stops its reply. An error of a question names its session, where the
question did. The line ends (1008) with the sign-in that it was opened with: whoever renews its
tokens in time keeps it.
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
from hive_desktop.ports.errors import ApiScopeError, HiveError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response
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
_TOLD: Final = 40
"""Messages of a session that are loaded for a model, if there are as many."""


class Payload(msgspec.Struct):
    """A question; without a session a new one is begun."""

    message: Annotated[str, msgspec.Meta(min_length=1, max_length=8_000)] | None = None
    session_id: uuid.UUID | None = None
    offline: bool = False


class ClientMessage(msgspec.Struct):
    """What a client sends."""

    type: str
    payload: Payload | None = None


class Completed(msgspec.Struct):
    """A reply that is over; `ended` is `done` for a whole one, `model` is who wrote it."""

    session_id: uuid.UUID
    text: str
    ended: str
    model: str | None
    unverified: list[str]


class _SignInEndedError(Exception):
    """The client may not ask any more."""


async def serve(desk: Desk, socket: WebSocket) -> None:
    """Let a client in, and answer it until it goes, its sign-in ends, or the vault is locked."""
    try:
        client, token = desk.let_in(socket.scope)
        if not client.may(Scope.CHAT):
            raise ApiScopeError("This needs the scope “{scope}”.", scope=Scope.CHAT.value)
        sign_in = desk.session.api_clients.sign_in_of(token)
        place = desk.chats.take(client.client_id, desk.limits.chats)
    except RefusalError as said:
        await socket.send_denial_response(said.answer())
        return
    except HiveError as error:
        await socket.send_denial_response(refusal_of(error).answer())
        return
    with place:
        await socket.accept()
        line = _Line(desk, socket, client, sign_in)
        try:
            await line.run()
        except (WebSocketDisconnect, TimeoutError):
            return  # it went, or takes nothing of what is sent
        except _SignInEndedError:
            await _close(socket, _REFUSED)
        except (HiveError, BrokenError):  # nothing can be written down, and so nothing is said
            await _close(socket, _FAULT)


async def _close(socket: WebSocket, code: int) -> None:
    """End a line, unless its client has gone meanwhile."""
    with suppress(WebSocketDisconnect):
        await socket.close(code)


async def answer_plainly(_request: Request) -> Response:
    """Say to who asks by plain HTTP that this is a web-socket."""
    made = refusal(
        426, "upgrade_required", "This is a web-socket.", "Connect by a client of web-sockets."
    )
    made.headers |= {"Upgrade": "websocket", "Connection": "Upgrade"}
    return made.answer()


class _Line:
    """One client that is connected."""

    def __init__(self, desk: Desk, socket: WebSocket, client: ApiClient, sign_in: str) -> None:
        self._desk = desk
        self._socket = socket
        self._client = client
        self._sign_in = sign_in
        self._reply: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Answer until the client goes or may not ask any more.

        It is heard while a reply grows, too: pings are answered, and a client that goes is noticed.
        """
        loop = asyncio.get_running_loop()
        receiving = loop.create_task(self._socket.receive())
        try:
            while True:
                under_way = [receiving] if self._reply is None else [receiving, self._reply]
                await asyncio.wait(under_way, timeout=_LOOK_S, return_when=asyncio.FIRST_COMPLETED)
                self._stop_if_gone()
                if self._reply is not None and self._reply.done():
                    over, self._reply = self._reply, None
                    over.result()
                if not receiving.done():
                    continue
                message = receiving.result()
                if message["type"] == "websocket.disconnect":
                    return
                if message.get("text") is None:
                    await self._socket.close(_NO_TEXT)
                    return
                receiving = loop.create_task(self._socket.receive())
                await self._hear(message["text"])
        finally:
            _let_go(receiving)
            if self._reply is not None:
                _let_go(self._reply)

    def _stop_if_gone(self) -> None:
        if not self._desk.session.api_clients.lasts(self._sign_in):
            raise _SignInEndedError

    async def _hear(self, text: str) -> None:
        """Answer a ping at once; a question is answered beside this."""
        try:
            self._desk.clients.take(self._client.client_id)
            message = msgspec.json.decode(text.encode("utf-8", "replace"), type=ClientMessage)
            asked = message.payload or Payload()
            if message.type == "ping":
                await self._send("pong", {})
            elif message.type == "chat" and asked.message is not None:
                if self._reply is not None:
                    await self._send_error(_under_way(), asked)
                    return
                self._reply = asyncio.get_running_loop().create_task(
                    self._answer(asked.message, asked)
                )
            else:
                raise refusal(
                    422,
                    "not_usable",
                    "This is neither a question nor a ping.",
                    'A question is {"type": "chat", "payload": {"message": "..."}}.',
                )
        except msgspec.ValidationError as exc:
            await self._send_error(refusal(422, "not_usable", f"{exc}."))
        except (msgspec.DecodeError, RecursionError):
            await self._send_error(refusal(400, "not_readable", "The message cannot be read."))
        except RefusalError as said:
            await self._send_error(said)

    async def _answer(self, question: str, asked: Payload) -> None:
        """Answer a question, or say why not; raises what ends the line."""
        try:
            await self._sent_as_it_grows(question, asked)
        except RefusalError as said:
            await self._send_error(said, asked)
        except HiveError as error:
            await self._send_error(refusal_of(error), asked)
        except BrokenError:
            await self._send_error(fault(), asked)

    async def _sent_as_it_grows(self, question: str, asked: Payload) -> None:
        """Ask on the session's loop, and send here what comes."""
        parts: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def tell(part: dict[str, Any]) -> None:
            with suppress(RuntimeError):  # the server's loop is over, and nobody listens
                loop.call_soon_threadsafe(parts.put_nowait, part)

        work = loop.create_task(
            self._desk.bridge.run(
                lambda: _ask(self._desk, question, asked, tell), author=self._client.name
            )
        )
        work.add_done_callback(lambda _: parts.put_nowait(None))
        try:
            while (part := await parts.get()) is not None:
                self._stop_if_gone()
                await self._send("chat_token", part)
            self._stop_if_gone()
            await self._send("chat_complete", msgspec.to_builtins(work.result()))
        finally:
            _let_go(work)

    async def _send(self, kind: str, payload: dict[str, Any]) -> None:
        text = msgspec.json.encode({"type": kind, "payload": payload}).decode()
        await self._desk.usage.note(self._client.name, WHAT, len(text))
        async with asyncio.timeout(_SEND_S):
            await self._socket.send_text(text)

    async def _send_error(self, said: RefusalError, asked: Payload | None = None) -> None:
        detail = said.detail
        told = {"error": f"{detail.title}: {detail.message}", "code": detail.code}
        told["hint"] = detail.hint
        if asked is not None and asked.session_id is not None:
            told["session_id"] = str(asked.session_id)
        await self._send("error", told)


def _under_way() -> RefusalError:
    return refusal(
        409,
        "still_answering",
        "The answer to another question is still under way.",
        "Ask after its chat_complete, or over another web-socket.",
    )


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
        if len(talk.messages) < _TOLD:
            await chat.older(talk)
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
