"""The chat over the web-socket: questions, pings, and everything that may be wrong."""

import asyncio
import json
import uuid

import pytest
from websockets.exceptions import InvalidStatus

from hive_desktop.api import websocket
from hive_desktop.api.limits import Limits
from hive_desktop.domain.api_clients import Scope
from hive_desktop.domain.conversations import Ended, Message, Role
from hive_desktop.ports.chat import Began, Correcting, Over, Verified, Wrote
from hive_desktop.ports.errors import VaultUnwritableError
from tests.api.world import FREE, run
from tests.unit.services.test_chat_desk import Model, desk_with
from tests.unit.services.world import until


async def told(socket):
    async with asyncio.timeout(30):
        return json.loads(await socket.recv())


async def chat(socket, message, **more):
    """Ask; returns the tokens, and the last message."""
    payload = {"message": message, "offline": True, **more}
    await socket.send(json.dumps({"type": "chat", "payload": payload}))
    tokens = []
    while (heard := await told(socket))["type"] == "chat_token":
        tokens.append(heard["payload"])
    return tokens, heard


def test_a_question_is_answered_in_tokens_and_kept(vault):
    async def work(served):
        *_, token = await served.client(Scope.CHAT, name="Talker")
        async with served.socket(token) as socket:
            await socket.send(json.dumps({"type": "ping"}))
            assert await told(socket) == {"type": "pong", "payload": {}}
            tokens, over = await chat(socket, "How much did I spend in March 2026?")
            assert over["type"] == "chat_complete", over
            reply = over["payload"]
            assert "68.34" in reply["text"]
            assert (reply["ended"], reply["model"], reply["unverified"]) == ("done", "offline", [])
            assert tokens
            assert {one["session_id"] for one in tokens} == {reply["session_id"]}
            assert "".join(one["token"] for one in tokens).strip() == reply["text"].strip()
            _, more = await chat(socket, "And in February?", session_id=reply["session_id"])
            assert more["payload"]["session_id"] == reply["session_id"]
        talk = await served.session.chat_desk.open(uuid.UUID(reply["session_id"]).hex)
        assert len(talk.messages) >= 4
        (entry,) = served.server.drain()
        assert '"WS /ws"' in entry.body
        assert "68.34" not in entry.body

    run(vault, work)


def test_what_is_no_question_is_refused_and_the_line_goes_on(vault):
    async def work(served):
        *_, token = await served.client(Scope.CHAT)
        async with served.socket(token) as socket:
            for wrong, code in (
                ("{", "not_readable"),
                ("[]", "not_usable"),
                ('{"type": "shout"}', "not_usable"),
                ('{"type": "chat"}', "not_usable"),
                ('{"type": "chat", "payload": {"message": ""}}', "not_usable"),
                ('{"type": "chat", "payload": {"message": "  ", "offline": true}}', "not_usable"),
                (
                    '{"type": "chat", "payload": {"message": "x", "session_id": "1"}}',
                    "not_usable",
                ),
            ):
                await socket.send(wrong)
                heard = await told(socket)
                assert heard["type"] == "error", wrong
                assert heard["payload"]["code"] == code, wrong
                assert set(heard["payload"]) == {"error", "code", "hint"}
            nobody = str(uuid.UUID(int=9))
            _, over = await chat(socket, "hello", session_id=nobody)
            assert (over["payload"]["code"], over["payload"]["session_id"]) == ("not_found", nobody)
            await socket.send(json.dumps({"type": "ping", "payload": None}))
            assert (await told(socket))["type"] == "pong"

    run(vault, work)


def test_bytes_and_long_messages_end_the_line(vault):
    async def work(served):
        *_, token = await served.client(Scope.CHAT)
        async with served.socket(token) as socket:
            await socket.send(b'{"type": "ping"}')
            await socket.wait_closed()
            assert socket.close_code == 1003
        async with served.socket(token) as socket:
            await socket.send("x" * 40_000)
            await socket.wait_closed()
            assert socket.close_code == 1009

    run(vault, work)


def test_no_page_and_nobody_without_the_scope_opens_a_line(vault):
    async def work(served):
        *_, token = await served.client(Scope.CHAT, name="a")
        *_, reader = await served.client(Scope.READ, Scope.WRITE, name="b")

        async def refused(given, **options):
            with pytest.raises(InvalidStatus) as caught:
                async with served.socket(given, **options):
                    pass
            answer = caught.value.response
            assert answer.headers["Cache-Control"] == "no-store"
            return answer.status_code, json.loads(answer.body)["error"]["code"]

        page = (403, "origin_not_allowed")
        assert await refused(None) == (401, "token_missing")
        assert await refused("x") == (401, "token_not_valid")
        assert await refused(reader) == (403, "scope_missing")
        assert await refused(token, origin="https://evil.example") == page
        assert await refused(token, headers={"Sec-Fetch-Site": "cross-site"}) == page
        assert await refused(None, headers={"Cookie": f"token={token}"}) == (401, "token_missing")
        async with served.http(token) as http:
            plain = await http.get("/api/v1/ws")
        assert (plain.status_code, plain.headers["upgrade"]) == (426, "websocket")
        async with served.socket(token, origin=served.url):
            pass

    run(vault, work, FREE)


def test_a_client_has_few_lines_at_a_time(vault):
    async def work(served):
        *_, token = await served.client(Scope.CHAT)
        async with served.socket(token):
            with pytest.raises(InvalidStatus) as caught:
                async with served.socket(token):
                    pass
            assert caught.value.response.status_code == 429
        for _ in range(600):  # the place is given back once the server has noticed
            try:
                async with served.socket(token):
                    return
            except InvalidStatus:
                await asyncio.sleep(0.05)
        raise AssertionError("the place is not given back")

    run(vault, work, Limits(chats=1))


class Speaker(Model):
    """A model of the test's, of whom the real chat shows what it says."""

    def __init__(self, session, says):
        super().__init__(says)
        self._chat = session.chat

    def __getattribute__(self, name):
        own = name in ("again", "says", "asked", "_chat", "__class__", "__dict__")
        return super().__getattribute__(name) if own else getattr(self._chat, name)


def spoken_by(served, speaker):
    desk, _ = desk_with(served.session, None, made=speaker)
    object.__setattr__(served.session, "chat_desk", desk)
    return desk


def test_a_reply_that_is_corrected_is_complete_as_it_was_corrected(vault):
    class Corrected(Speaker):
        async def again(self, talk):
            first = Message(Role.MODEL, "You spent $99.99.", model="m")
            talk.messages.append(first)
            yield Began(first)
            yield Wrote(first, len(first.text))
            yield Correcting(first, 1)
            talk.messages.remove(first)
            second = Message(Role.MODEL, "You spent nothing.", model="m", ended=Ended.DONE)
            talk.messages.append(second)
            yield Began(second)
            yield Wrote(second, len(second.text))
            checked = await self._chat.shown(talk, second)
            yield Verified(second, checked, is_corrected=True)
            yield Over(Ended.DONE, second)

    async def work(served):
        *_, token = await served.client(Scope.CHAT)
        spoken_by(served, Corrected(served.session, None))
        async with served.socket(token) as socket:
            tokens, over = await chat(socket, "How much?", offline=False)
        assert "".join(one["token"] for one in tokens) == "You spent $99.99."
        assert over["type"] == "chat_complete", over
        assert over["payload"]["text"] == "You spent nothing."

    run(vault, work)


def growing(ended):
    """Return what says a few words and no more, and tells when it is stopped."""

    async def says(_talk):
        yield "First words. "
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    return says


def test_a_client_that_is_revoked_during_a_reply_hears_no_more_of_it(vault, monkeypatch):
    monkeypatch.setattr(websocket, "_LOOK_S", 0.05)

    async def work(served):
        ended = asyncio.Event()
        client, secret, _ = await served.client(Scope.CHAT)
        clients = served.session.api_clients
        tokens = await clients.sign_in(client.client_id, secret)
        desk = spoken_by(served, Speaker(served.session, growing(ended)))
        async with served.socket(tokens.access) as socket:
            clients.refresh(tokens.refresh)  # the line is the sign-in's, not the token's
            ask = {"message": "How much?"}
            await socket.send(json.dumps({"type": "chat", "payload": ask}))
            heard = await told(socket)
            assert heard["payload"]["token"].startswith("First words.")
            await clients.revoke(client.client_id)
            async with asyncio.timeout(30):
                await socket.wait_closed()
                await ended.wait()
            assert socket.close_code == 1008
        talk = await desk.open(uuid.UUID(heard["payload"]["session_id"]).hex)
        await until(lambda: not desk.is_answering(talk))
        assert talk.messages[-1].ended is Ended.STOPPED

    run(vault, work)


def test_a_client_is_heard_while_a_reply_grows(vault):
    """Pings are answered, a second question is refused, and the reply of one that goes ends."""

    async def work(served):
        ended = asyncio.Event()
        *_, token = await served.client(Scope.CHAT)
        desk = spoken_by(served, Speaker(served.session, growing(ended)))
        async with served.socket(token) as socket:
            ask = json.dumps({"type": "chat", "payload": {"message": "How much?"}})
            await socket.send(ask)
            heard = await told(socket)
            assert heard["type"] == "chat_token"
            await socket.send(json.dumps({"type": "ping"}))
            assert (await told(socket))["type"] == "pong"
            await socket.send(ask)
            again = await told(socket)
            assert (again["type"], again["payload"]["code"]) == ("error", "still_answering")
            assert not ended.is_set()
        async with asyncio.timeout(30):
            await ended.wait()
        talk = await desk.open(uuid.UUID(heard["payload"]["session_id"]).hex)
        await until(lambda: not desk.is_answering(talk))
        assert talk.messages[-1].ended is Ended.STOPPED

    run(vault, work)


def test_nothing_is_said_that_cannot_be_written_down(vault, monkeypatch):
    async def work(served):
        *_, token = await served.client(Scope.CHAT, Scope.READ)

        async def refuses(_entry):
            raise VaultUnwritableError

        monkeypatch.setattr(served.session.egress, "write", refuses)
        async with served.http(token) as http:
            answer = await http.get("/api/v1/accounts")
            assert (answer.status_code, answer.json()["error"]["code"]) == (
                503,
                "vault_not_available",
            )
            assert "checking" not in answer.text
        async with served.socket(token) as socket:
            await socket.send(json.dumps({"type": "ping"}))
            await socket.wait_closed()
            assert socket.close_code == 1011

    run(vault, work)
