"""The server lives from unlock to lock, and beside it nothing waits."""

import asyncio
import json
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from hive_desktop.api import bridge, usage
from hive_desktop.api.bridge import Bridge
from hive_desktop.api.server import ApiServer
from hive_desktop.domain.api_clients import Scope
from hive_desktop.ports.errors import EnvironmentFaultError, UsageError, VaultLockedError
from hive_desktop.ports.events import LocalApiChanged
from hive_desktop.services import local_api
from hive_desktop.services.tasks import TaskScope
from tests.api.world import run, served
from tests.ports import free_port
from tests.unit.services.world import until

API = "/api/v1"


def threads():
    return [one for one in threading.enumerate() if one.name == "hive-api"]


def test_it_is_off_until_the_person_wants_it_and_ends_with_the_session(vault):
    async def first(world):
        api, told = world.session.local_api, world.hear(LocalApiChanged)
        await api.begin()
        assert (api.port, await api.is_wanted()) == (None, False)
        port = await api.start(free_port())  # nobody else has it once the server has stopped
        assert await api.start(0) == port
        assert len(told) == 1
        client, secret = await world.session.api_clients.create("Script", [Scope.READ])
        async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
            given = {"client_id": client.client_id, "client_secret": secret}
            at = f"http://127.0.0.1:{port}{API}"
            answer = await http.post(f"{at}/auth/login", json=given)
            token = answer.json()["access_token"]
            bearer = {"Authorization": f"Bearer {token}"}
            assert (await http.get(f"{at}/accounts", headers=bearer)).status_code == 200
            await api.stop()
            assert (api.port, len(told)) == (None, 2)
            with pytest.raises(httpx.ConnectError):
                await http.get(f"{at}/accounts", headers=bearer)
            await api.start(port)
            assert (await http.get(f"{at}/accounts", headers=bearer)).status_code == 401
            with pytest.raises(UsageError):
                await api.choose(is_on=True, port=80)
            await api.choose(is_on=True, port=port)
            assert (await api.is_wanted(), await api.wanted_port()) == (True, port)
        return port

    async def again(world):
        api = world.session.local_api
        await api.begin()
        assert api.port == port
        await api.choose(is_on=False)
        assert (api.port, await api.is_wanted()) == (None, False)
        (client,) = await world.session.api_clients.list()
        assert client.last_used is not None
        purposes = {line.entry.purpose for line in await world.session.egress.page()}
        assert usage.PURPOSE in purposes

    port = vault.run(first)
    assert threads() == []
    vault.run(again)
    assert threads() == []


def test_a_server_that_is_stopped_at_once_is_over(vault):
    async def work(world):
        api = world.session.local_api
        await api.start(0)
        await api.stop()
        assert (api.port, threads()) == (None, [])

    vault.run(work)


@pytest.mark.parametrize("turns", [0, 1, 2, 5, 20])
def test_a_lock_while_it_starts_leaves_no_server(vault, turns):
    async def work(world):
        api = world.session.local_api
        async with asyncio.TaskGroup() as group:
            starting = group.create_task(_told(api.start(0)))
            for _ in range(turns):
                await asyncio.sleep(0.001)
            await world.session.scope.close()
        assert isinstance(starting.result(), int | VaultLockedError | RuntimeError)
        assert (api.port, threads()) == (None, [])

    vault.run(work)


async def _told(work):
    try:
        return await work
    except (VaultLockedError, RuntimeError) as error:
        return error


def test_the_last_choice_of_two_holds(vault):
    async def work(world):
        api = world.session.local_api
        await api.choose(is_on=True, port=free_port())
        await api.choose(is_on=False)
        await asyncio.gather(api.choose(is_on=True), api.choose(is_on=False))
        assert (api.port, await api.is_wanted(), threads()) == (None, False, [])

    vault.run(work)


def test_a_server_that_ends_by_a_fault_is_not_told_as_served(vault, monkeypatch):
    monkeypatch.setattr(local_api, "_RECORD_S", 0.01)
    made, start = [], ApiServer.start

    async def noted(self, port):
        made.append(self)
        return await start(self, port)

    monkeypatch.setattr(ApiServer, "start", noted)

    async def work(world):
        api = world.session.local_api
        port = await api.start(free_port())
        told = world.hear(LocalApiChanged)
        made[0]._server.should_exit = True  # as a fault on its thread would
        async with asyncio.timeout(30):
            await api.over()
        assert (api.port, len(told), threads()) == (None, 1, [])
        assert isinstance(api.error, EnvironmentFaultError)
        assert await api.start(port) == port
        assert api.error is None

    vault.run(work)


def test_a_port_that_is_taken_is_said_and_kept(vault):
    async def work(world):
        async with served(world) as other:
            api = world.session.local_api
            with pytest.raises(EnvironmentFaultError):
                await api.choose(is_on=True, port=other.port)
            assert api.port is None
            assert isinstance(api.error, EnvironmentFaultError)
            await api.begin()  # as the next unlock does: nothing is raised
            assert isinstance(api.error, EnvironmentFaultError)

    vault.run(work)


def test_a_lock_ends_what_is_under_way_with_an_answer(vault):
    async def work(served):
        *_, token = await served.client()
        begun = asyncio.Event()

        async def hangs(_cursor):
            begun.set()
            await asyncio.Event().wait()

        served.world.bank.scripts["token-first"].before_page = hangs
        async with served.http(token) as http, served.socket(token) as socket:
            asking = served.session.scope.spawn(_status(http), name="asks")
            await begun.wait()
            await socket.send(json.dumps({"type": "ping"}))
            await socket.recv()
            scope = served.session.scope
            waiting = asyncio.shield(asking)
            scope._tasks.discard(asking)  # it is this test's, not the session's
            async with asyncio.timeout(20):
                await scope.close()
                assert await waiting == 503
            answer = await http.get(f"{API}/accounts")
            assert answer.status_code == 503
            assert answer.json()["error"]["code"] == "vault_not_available"

    async def _status(http):
        return (await http.post(f"{API}/transactions/sync")).status_code

    run(vault, work)


def test_reading_ends_where_its_client_goes_and_writing_does_not(vault, monkeypatch):
    async def work(served):
        *_, token = await served.client()
        begun, ended, release = asyncio.Event(), asyncio.Event(), asyncio.Event()

        async def held():
            begun.set()
            try:
                await release.wait()
            finally:
                ended.set()
            return []

        monkeypatch.setattr(served.session.ledger, "accounts", held)
        account = f"{API}/accounts/{uuid.UUID(int=7)}"
        for method, path in (("GET", f"{API}/accounts"), ("POST", f"{account}/sync")):
            begun.clear()
            ended.clear()
            _, writer = await asyncio.open_connection("127.0.0.1", served.port)
            head = (f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{served.port}")
            lines = (*head, f"Authorization: Bearer {token}", "", "")
            writer.write("\r\n".join(lines).encode())
            await begun.wait()
            writer.close()
            await writer.wait_closed()
            if method == "GET":
                async with asyncio.timeout(30):
                    await ended.wait()
        tasks = served.server._server.server_state
        await until(lambda: not tasks.connections)
        assert not ended.is_set(), "what may have begun to write goes on"
        release.set()
        async with asyncio.timeout(30):
            await ended.wait()
        async with served.http(token) as http:
            assert (await http.get(f"{API}/accounts")).json() == {"accounts": [], "total": 0}

    run(vault, work)


def test_requests_that_ask_nothing_are_answered_while_the_sessions_loop_is_busy(vault):
    """What peers send, slowly or in vain, is read on the server's own loop: no window waits."""

    async def work(served):
        def ask(path):
            return httpx.get(f"{served.url}{API}{path}", trust_env=False, timeout=60).status_code

        with ThreadPoolExecutor(2) as pool:
            asking = [pool.submit(ask, path) for path in ("/docs", "/accounts")]
            # This blocks the session's loop until both answers are there.
            assert [one.result(60) for one in asking] == [200, 401]

    run(vault, work)


def test_a_fault_of_the_program_is_an_answer_and_in_the_log(vault, monkeypatch, caplog):
    async def work(served):
        *_, token = await served.client()

        def broken(*_):
            raise RuntimeError("a secret in an exception")

        monkeypatch.setattr(served.session.ledger, "accounts", broken)
        async with served.http(token) as http:
            answer = await http.get(f"{API}/accounts")
            assert answer.status_code == 500
            assert "secret" not in answer.text
            assert answer.json()["error"]["code"] == "fault"
            assert (await http.get(f"{API}/auth/me")).status_code == 200

    run(vault, work)
    (record,) = [one for one in caplog.records if one.levelname == "ERROR"]
    assert record.name == bridge.__name__
    caplog.clear()


def test_the_bridge_brings_results_errors_and_ends_back():
    async def work():
        scope = TaskScope("test")
        across = Bridge(scope, asyncio.get_running_loop())

        async def fine():
            return 7

        async def wrong():
            raise UsageError("Not so.", hint="Otherwise.")

        async def for_ever():
            await asyncio.Event().wait()

        assert await across.run(fine) == 7
        with pytest.raises(UsageError):
            await across.run(wrong)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await across.run(for_ever)
        for _ in range(3000):
            if not len(scope):
                break
            await asyncio.sleep(0.01)
        assert not len(scope)
        waiting = scope.spawn(across.run(for_ever), name="waits")
        await asyncio.sleep(0.05)
        scope._tasks.discard(waiting)
        await scope.close()
        with pytest.raises(VaultLockedError):
            await waiting
        with pytest.raises(VaultLockedError):
            await across.run(fine)
        return across

    across = asyncio.run(work())

    async def later():
        await across.run(lambda: asyncio.sleep(0))

    with pytest.raises(VaultLockedError):
        asyncio.run(later())
