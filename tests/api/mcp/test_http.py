"""The MCP server beside the local API: its tokens, its scopes, its guard."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx2
import pytest
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client

from hive_desktop.api.mcp import http as mcp_http
from hive_desktop.domain.api_clients import Scope
from hive_desktop.domain.assistants import Kept
from hive_desktop.domain.conversations import Proposal
from hive_desktop.domain.receipt_text import proposal_to_text
from hive_desktop.ports.egress import EgressFilter
from hive_desktop.ports.errors import UsageError
from hive_desktop.services import assistants
from hive_desktop.services.assistants import PURPOSE
from tests.api.mcp.calls import FIND, RENAME
from tests.api.mcp.conftest import CLAUDE
from tests.api.world import run

PROPOSAL = proposal_to_text(Proposal("p1", (), "c1"))
PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
ACCEPT = {"Accept": "application/json, text/event-stream"}


@asynccontextmanager
async def assistant(served, token, mode="auto"):
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(headers=headers, trust_env=False, timeout=60) as http:
        streams = streamable_http_client(f"{served.url}/mcp", http_client=http)
        async with Client(streams, mode=mode, client_info=CLAUDE) as client:
            yield client


async def lines(served):
    return await served.session.egress.page(EgressFilter(purpose=PURPOSE))


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_client_with_read_asks_and_what_it_is_told_is_on_record(vault, mode):
    async def work(served):
        _, _, token = await served.client(Scope.READ, name="Desk helper")
        async with assistant(served, token, mode) as client:
            names = [one.name for one in (await client.list_tools()).tools]
            assert "find_transactions" in names
            assert "propose_changes" not in names
            found = await client.call_tool("find_transactions", FIND)
            assert not found.is_error
            assert found.structured_content["receipt"] == "r1"
            (line,) = await lines(served)
            # The person's own word for the client, whatever it calls itself.
            assert (line.entry.host, line.entry.path) == (
                "mcp://desk-helper", "/find_transactions?rows=4",
            )  # fmt: skip
            half = {"expression": "r1.total / 2", "result": "amount"}
            assert not (await client.call_tool("calculate", half)).is_error
            refused = await client.call_tool("propose_changes", RENAME)
            assert refused.is_error
        assert await served.session.chat_desk.sessions() == []

    run(vault, work)


def test_a_client_with_write_proposes_and_one_without_read_is_not_let_in(vault):
    async def work(served):
        _, _, token = await served.client(Scope.READ, Scope.WRITE, name="Helper")
        async with assistant(served, token) as client:
            await client.call_tool("find_transactions", FIND)
            told = await client.call_tool("propose_changes", RENAME)
            assert told.structured_content == {"state": "open", "changes": 1}
        (line,) = await served.session.chat_desk.sessions()
        assert line.title == "Helper: They are one shop."
        _, _, other = await served.client(Scope.WRITE, Scope.CHAT, name="Other")
        async with served.http(other, **ACCEPT) as http:
            answer = await http.post("/mcp", json=PING)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "scope_missing")

    run(vault, work)


def test_each_request_signs_in_anew(vault, monkeypatch):
    async def work(served):
        going, _, token = await served.client(Scope.READ, name="Going")
        answer = assistants.Assistants.answer

        async def revoked_meanwhile(*asked):
            await served.session.api_clients.revoke(going.client_id)
            return await answer(*asked)

        with monkeypatch.context() as patched:
            patched.setattr(assistants.Assistants, "answer", revoked_meanwhile)
            async with assistant(served, token, "legacy") as client:
                refused = await client.call_tool("find_transactions", FIND)
        assert refused.is_error
        assert "token" in refused.content[0].text
        one, _, token = await served.client(Scope.READ)
        async with assistant(served, token, "legacy") as client:
            await client.list_tools()
            await served.session.api_clients.revoke(one.client_id)
            with pytest.raises(Exception):  # noqa: B017, PT011 - the client's own, of any kind
                await client.call_tool("find_transactions", FIND)
        assert await lines(served) == []

    run(vault, work)


def test_what_is_not_let_in_learns_nothing(vault):
    async def work(served):
        _, _, token = await served.client(Scope.READ)
        async with served.http(**ACCEPT) as http:
            for given, status in ((None, 401), ("no token", 401), (token, 200)):
                headers = {} if given is None else {"Authorization": f"Bearer {given}"}
                answer = await http.post("/mcp", json=PING, headers=headers)
                assert answer.status_code == status, answer.text
            signed = {"Authorization": f"Bearer {token}"}
            for name, value, status in (
                ("Host", "evil.example", 421),
                ("Origin", "https://evil.example", 403),
                ("Sec-Fetch-Site", "cross-site", 403),
            ):
                answer = await http.post("/mcp", json=PING, headers=signed | {name: value})
                assert answer.status_code == status
                assert "access-control-allow-origin" not in answer.headers
            for method in ("GET", "DELETE", "PUT", "OPTIONS"):
                answer = await http.request(method, "/mcp", headers=signed)
                assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
            answer = await http.post("/mcp", content=b"x" * 100_000, headers=signed)
            assert answer.status_code == 413

            async def parts():  # of which no length is told before
                for _ in range(100):
                    yield b" " * 1024

            json = {"Content-Type": "application/json"}
            answer = await http.post("/mcp", content=parts(), headers=signed | json)
            assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")
            answer = await http.post(
                "/mcp", content=b"{", headers=signed | {"Content-Type": "application/json"}
            )
            assert answer.status_code == 400
            assert "Traceback" not in answer.text
        assert await lines(served) == []

    run(vault, work)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_call_that_its_client_lets_go_of_ends(vault, monkeypatch, mode):
    """The newer protocol closes the stream; the older says so in a message of its own."""

    async def work(served):
        *_, token = await served.client(Scope.READ)
        begun, ended = asyncio.Event(), asyncio.Event()

        async def hangs(*_):
            begun.set()
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()

        monkeypatch.setattr(assistants.Assistants, "answer", hangs)
        async with assistant(served, token, mode) as client:
            async with asyncio.timeout(30), asyncio.TaskGroup() as group:
                calling = group.create_task(client.call_tool("find_transactions", FIND))
                await begun.wait()
                calling.cancel()
                await ended.wait()
            assert (await client.list_tools()).tools
        assert await lines(served) == []

    run(vault, work)


def test_a_call_is_cancelled_by_its_own_client_alone_and_none_lasts_for_ever(vault, monkeypatch):
    async def work(served):
        *_, token = await served.client(Scope.READ, name="One")
        *_, other = await served.client(Scope.READ, name="Two")
        begun = asyncio.Event()

        async def hangs(*_):
            begun.set()
            await asyncio.Event().wait()

        monkeypatch.setattr(assistants.Assistants, "answer", hangs)
        call = {
            "jsonrpc": "2.0", "id": 7, "method": "tools/call",
            "params": {"name": "balances", "arguments": {"accounts": []}},
        }  # fmt: skip
        cancel = {
            "jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 7},
        }  # fmt: skip
        async with served.http(token, **ACCEPT) as mine, served.http(other, **ACCEPT) as theirs:
            async with asyncio.timeout(30), asyncio.TaskGroup() as group:
                calling = group.create_task(mine.post("/mcp", json=call))
                await begun.wait()
                assert (await theirs.post("/mcp", json=cancel)).status_code == 202
                assert not calling.done()
                assert (await mine.post("/mcp", json=cancel)).status_code == 202
            answer = calling.result().json()
            assert (answer["id"], answer["error"]["message"]) == (7, "Request cancelled")
            monkeypatch.setattr(mcp_http, "_CALL_S", 0.05)
            result = (await mine.post("/mcp", json=call)).json()["result"]
            assert result["isError"]
            assert "too long" in result["content"][0]["text"]

    run(vault, work)


def test_proposals_that_were_decided_make_room_for_others(vault, monkeypatch):
    monkeypatch.setattr(assistants, "MOST_PROPOSALS", 2)

    async def work(served):
        _, _, token = await served.client(Scope.READ, Scope.WRITE, name="Helper")
        desk = served.session.chat_desk
        async with assistant(served, token) as client:
            await client.call_tool("find_transactions", FIND)

            async def proposed():
                told = await client.call_tool("propose_changes", RENAME)
                return not told.is_error

            assert [await proposed() for _ in range(3)] == [True, True, False]
            known = await desk.sessions()
            talk = await desk.open(known[0].id)
            await desk.dismiss(talk, talk.proposals[0])
            assert [await proposed() for _ in range(2)] == [True, False]
            await desk.delete(known[1].id)
            assert [await proposed() for _ in range(2)] == [True, False]
            # What another Hive hands over never stands in a session that there is, nor above this.
            kept = Kept(
                "Another", "propose_changes", 0, "{}", proposal=PROPOSAL, session=known[0].id
            )
            with pytest.raises(UsageError, match="conversation of its own"):
                await served.session.assistants.keep(kept)
            with pytest.raises(UsageError, match="many proposals"):
                await served.session.assistants.keep(
                    replace(kept, client="Helper", session="0" * 32)
                )

    run(vault, work)
