"""The chat over the web-socket: questions, pings, and everything that may be wrong."""

import asyncio
import json
import uuid

import pytest
from websockets.exceptions import InvalidStatus

from hive_desktop.api.limits import Limits
from hive_desktop.domain.api_clients import Scope
from tests.api.world import FREE, run


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
                ("[]", "not_readable"),
                ('{"type": "shout"}', "not_usable"),
                ('{"type": "chat"}', "not_usable"),
                ('{"type": "chat", "payload": {"message": ""}}', "not_readable"),
                ('{"type": "chat", "payload": {"message": "  ", "offline": true}}', "not_usable"),
                (
                    '{"type": "chat", "payload": {"message": "x", "session_id": "1"}}',
                    "not_readable",
                ),
            ):
                await socket.send(wrong)
                heard = await told(socket)
                assert heard["type"] == "error", wrong
                assert heard["payload"]["code"] == code, wrong
                assert set(heard["payload"]) == {"error", "code", "hint"}
            _, over = await chat(socket, "hello", session_id=str(uuid.UUID(int=9)))
            assert over["payload"]["code"] == "not_found"
            await socket.send(json.dumps({"type": "ping"}))
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
            return caught.value.response.status_code

        assert await refused(None) == 403
        assert await refused("x") == 403
        assert await refused(reader) == 403
        assert await refused(token, origin="https://evil.example") == 403
        assert await refused(token, headers={"Sec-Fetch-Site": "cross-site"}) == 403
        assert await refused(None, headers={"Cookie": f"token={token}"}) == 403
        async with served.socket(token, origin=served.url):
            pass

    run(vault, work, FREE)


def test_a_client_has_few_lines_at_a_time(vault):
    async def work(served):
        *_, token = await served.client(Scope.CHAT)
        async with served.socket(token):
            with pytest.raises(InvalidStatus):
                async with served.socket(token):
                    pass
        for _ in range(600):  # the place is given back once the server has noticed
            try:
                async with served.socket(token):
                    return
            except InvalidStatus:
                await asyncio.sleep(0.05)
        raise AssertionError("the place is not given back")

    run(vault, work, Limits(chats=1))
