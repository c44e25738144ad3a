"""`hive mcp` in a process of its own: what it says, what it keeps, and how it ends."""

import asyncio
import json
import signal
import subprocess
import threading

import pytest
from mcp_types import PARSE_ERROR

from hive_desktop.domain.conversations import ProposalState
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.domain.sendable import LEFT_OUT
from tests.api.mcp.calls import CALLS, FIND, RENAME
from tests.api.mcp.conftest import HOSTILE, ROOT
from tests.e2e import test_beside_window

WAIT_S = 180


def begin(number, method, **params):
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}


SHAKE = begin(
    1, "initialize", protocolVersion="2025-06-18", capabilities={},
    clientInfo={"name": "Probe", "version": "1"},
)  # fmt: skip
READY = {"jsonrpc": "2.0", "method": "notifications/initialized"}


def started(home, *words, passphrase=None):
    return subprocess.Popen(
        home.command(*words), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, cwd=ROOT, env=home.environment(passphrase),
    )  # fmt: skip


def said(*messages):
    return "".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in messages)


def test_an_assistant_asks_and_what_it_is_told_is_on_record(home):
    before = home.ledger()

    async def work():
        async with home.assistant() as client:
            tools = {one.name: one for one in (await client.list_tools()).tools}
            assert set(tools) == set(CALLS)
            for one in tools.values():
                assert one.annotations.read_only_hint
                assert not one.annotations.open_world_hint
                assert one.input_schema["additionalProperties"] is False
                assert one.output_schema["type"] == "object"
            found = await client.call_tool("find_transactions", FIND)
            assert LEFT_OUT in found.content[0].text
            assert HOSTILE not in found.content[0].text + json.dumps(found.structured_content)
            wrong = await client.call_tool("find_transactions", FIND | {"period": "never ever"})
            assert wrong.is_error
            assert "hint" in wrong.content[0].text
            assert (await client.call_tool("propose_changes", RENAME)).is_error
        return found

    found = asyncio.run(work())
    lines = home.lines()
    assert [(host, path) for host, path, _ in lines] == [
        ("mcp://claude", "/find_transactions?rows=3"),
        ("mcp://claude", "/find_transactions?rows=0"),
        ("mcp://claude", "/propose_changes?rows=0"),
    ]
    told = json.loads(lines[0][2])
    assert told == {
        "content": found.content[0].text, "structuredContent": found.structured_content,
    }  # fmt: skip
    assert home.ledger() == before


def test_nothing_but_the_protocol_is_written_and_the_end_of_input_ends_it(home):
    process = started(home)
    call = begin(3, "tools/call", name="balances", arguments={"accounts": []})
    last = begin(4, "tools/list")
    words = said(SHAKE, READY, "no JSON", "", "x" * 2_000_000, begin(2, "no/such"), call, last)
    answers, refused = {}, []
    feed = threading.Thread(target=lambda: (process.stdin.write(words), process.stdin.flush()))
    feed.start()
    while not {1, 2, 3, 4} <= set(answers):  # the input stays open until each is answered
        message = json.loads(process.stdout.readline())
        answers[message["id"]] = message
        refused += [message["error"]["code"]] if message["id"] is None else []
    feed.join()
    assert refused == [PARSE_ERROR] * 2
    out, err = process.communicate(timeout=WAIT_S)
    for line in out.splitlines():
        assert json.loads(line)["jsonrpc"] == "2.0"
    assert (process.returncode, err) == (0, "")
    assert answers[1]["result"]["serverInfo"]["name"] == "hive"
    assert "error" in answers[2]
    assert answers[3]["result"]["isError"] is False


@pytest.mark.full
def test_ctrl_c_ends_it_while_it_waits(home):
    process = started(home)
    process.stdin.write(said(SHAKE))
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["id"] == 1
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=WAIT_S)
    assert (process.returncode, out, err) == (130, "", "")


@pytest.mark.full
def test_a_client_that_has_gone_ends_it(home):
    process = started(home)
    process.stdin.write(said(SHAKE))
    process.stdin.flush()
    process.stdout.readline()
    process.stdout.close()
    process.stdin.write(said(READY, begin(2, "tools/list"), begin(3, "tools/list")))
    process.stdin.close()
    with process.stderr as errors:
        assert (process.wait(WAIT_S), errors.read()) == (0, "")


def test_a_vault_that_stays_locked_says_so_beside_the_protocol(home):
    process = started(home, passphrase="not the passphrase")
    out, err = process.communicate(timeout=WAIT_S)
    assert (process.returncode, out) == (3, "")
    assert len(err.strip().splitlines()) == 2


@pytest.mark.full
def test_a_proposal_waits_in_the_chat_until_the_person_applies_it(home):
    before = home.ledger()

    async def work():
        async with home.assistant("--allow-proposals") as client:
            tools = {one.name: one for one in (await client.list_tools()).tools}
            assert set(tools) == {*CALLS, "propose_changes"}
            assert tools["propose_changes"].annotations.read_only_hint is False
            await client.call_tool("find_transactions", FIND)
            told = await client.call_tool("propose_changes", RENAME)
            assert told.structured_content == {"state": "open", "changes": 1}
        after = home.ledger()
        changed = {one for one, rows in after.items() if rows != before[one]}
        assert changed == {"chat_sessions", "chat_messages", "chat_receipts", "chat_proposals"}
        async with home.session() as session:
            (line,) = await session.chat_desk.sessions()
            talk = await session.chat_desk.open(line.id)
            (proposal,) = talk.proposals
            assert proposal.state is ProposalState.OPEN
            view = await session.chat_desk.look(proposal)
            await session.chat_desk.apply(talk, proposal, view.meant)
            rows = await session.ledger.page(TransactionQuery())
        assert [one.merchant for one in rows] == ["Zorblax"] * 3

    asyncio.run(work())


def test_beside_a_window_it_reads_and_the_window_keeps(home, monkeypatch, private):
    monkeypatch.setattr(test_beside_window, "keys_of", lambda _folder: home.keys)

    async def work():
        async with home.assistant("--allow-proposals") as client:
            found = await client.call_tool("find_transactions", FIND)
            assert not found.is_error, found.content
            told = await client.call_tool("propose_changes", RENAME)
            assert told.structured_content == {"state": "open", "changes": 1}

    with test_beside_window.window(home.folder):
        asyncio.run(work())
    assert [path for _, path, _ in home.lines()] == [
        "/find_transactions?rows=3", "/propose_changes?rows=0",
    ]  # fmt: skip
    assert len(home.sql("SELECT id FROM chat_proposals")) == 1


@pytest.mark.full
def test_what_cannot_be_kept_is_not_told(home):
    """A process without a window owns the vault: nobody can write what is told."""

    async def work():
        async with home.session(), home.assistant() as client:
            refused = await client.call_tool("find_transactions", FIND)
        assert refused.is_error
        assert refused.structured_content is None
        assert "ZORBLAX" not in refused.content[0].text
        assert "hive serve: at /mcp" in refused.content[0].text

    asyncio.run(work())
    assert home.lines() == []


@pytest.mark.full
def test_a_vault_that_is_free_is_the_windows_at_any_moment(home):
    async def work():
        async with home.assistant() as client:
            for _ in range(5):
                await client.call_tool("balances", {"accounts": []})
                async with home.session():  # it owns the vault
                    await asyncio.sleep(0)

    asyncio.run(work())
    assert len(home.lines()) == 5


@pytest.mark.full
def test_a_call_that_is_cancelled_ends_and_the_next_is_answered(home):
    async def work():
        async with home.session(), home.assistant() as client:  # its record waits for the vault
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(1.0):
                    await client.call_tool("balances", {"accounts": []})
            assert (await client.list_tools()).tools
        assert home.lines() == []

    asyncio.run(work())


@pytest.mark.full
def test_every_tool_answers_on_the_demo_household_and_none_writes(household):
    before = household.ledger()

    async def work():
        async with household.assistant() as client:
            schemas = {one.name: one for one in (await client.list_tools()).tools}
            assert set(schemas) == set(CALLS)
            for name, arguments in CALLS.items():
                # The official client holds what is told against the tool's output schema.
                told = await client.call_tool(name, arguments)
                assert not told.is_error, (name, told.content)
                for cell in told.structured_content.get("cells", ()):
                    if cell["kind"] == "money":
                        assert cell["text"].endswith(cell["currency"])
                        assert isinstance(cell["amount_minor"], int)
                wrong = await client.call_tool(name, arguments | {"more": "words"})
                assert wrong.is_error, name
                assert "Traceback" not in wrong.content[0].text

    asyncio.run(work())
    assert len(household.lines()) == 2 * len(CALLS)
    assert household.ledger() == before
