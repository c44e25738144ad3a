"""No other computer, no web page, nobody without the right token, nothing too large or slow."""

import asyncio
import errno
import json
import socket

import pytest
from starlette.websockets import WebSocketDisconnect
from uvicorn.protocols.utils import ClientDisconnected

from hive_desktop.api import docs, guard, server, websocket
from hive_desktop.api.limits import Buckets, Limits, Rate
from hive_desktop.api.refusals import RefusalError
from hive_desktop.api.server import listen
from hive_desktop.api.surface import API, ENDPOINTS
from hive_desktop.domain.api_clients import Scope
from hive_desktop.ports.errors import EnvironmentFaultError
from hive_desktop.services.api_clients import ACCESS_S
from tests.api.world import FREE, run

NOBODY = "00000000-0000-0000-0000-000000000007"


def asked(method, path, *headers):
    lines = [f"{method} {path} HTTP/1.1", *headers, "Connection: close", "", ""]
    return "\r\n".join(lines).encode()


async def status(served, method, path, *headers):
    answer = await served.raw(asked(method, path, *headers))
    return int(answer.split(b" ", 2)[1]), answer


def test_only_names_of_loopback_are_served(vault):
    """DNS rebinding makes a page's own name mean 127.0.0.1: the Host header tells."""

    async def work(served):
        *_, token = await served.client()
        bearer, port = f"Authorization: Bearer {token}", served.port
        for good in (
            f"127.0.0.1:{port}",
            f"localhost:{port}",
            f"[::1]:{port}",
            f"LOCALHOST:{port}",
        ):
            code, _ = await status(served, "GET", f"{API}/accounts", f"Host: {good}", bearer)
            assert code == 200, good
        for bad in (
            "evil.example",
            f"evil.example:{port}",
            f"127.0.0.1.evil.example:{port}",
            f"localhost.:{port}",
            "127.0.0.1",
            f"127.0.0.1:{port + 1}",
            f"0.0.0.0:{port}",
            f"127.1:{port}",
            "",
        ):
            code, answer = await status(served, "GET", f"{API}/accounts", f"Host: {bad}", bearer)
            assert code == 421, bad
            assert b"Account" not in answer
        code, _ = await status(
            served, "GET", f"{API}/docs", f"Host: 127.0.0.1:{port}", f"Host: evil.example:{port}"
        )
        assert code in (400, 421)  # which of both is uvicorn's business
        for page in ("/docs", "/openapi.json"):
            code, _ = await status(served, "GET", API + page, "Host: evil.example")
            assert code == 421

    run(vault, work)


def test_web_pages_are_refused_whatever_they_send(vault):
    async def work(served):
        *_, token = await served.client()
        host, bearer = f"Host: 127.0.0.1:{served.port}", f"Authorization: Bearer {token}"
        for bad in (
            "Origin: https://evil.example",
            "Origin: null",
            f"Origin: http://127.0.0.1:{served.port + 1}",
            f"Origin: http://localhost:{served.port}",  # another origin than the Host says
            f"Origin: https://127.0.0.1:{served.port}",
            "Sec-Fetch-Site: cross-site",
            "Sec-Fetch-Site: same-site",
        ):
            for method, path in (("GET", "/accounts"), ("POST", "/auth/login"), ("GET", "/docs")):
                code, answer = await status(served, method, API + path, host, bearer, bad)
                assert code == 403, (bad, method)
                assert b"access-control" not in answer.lower()
        for good in (
            f"Origin: http://127.0.0.1:{served.port}",
            "Sec-Fetch-Site: same-origin",
            "Sec-Fetch-Site: none",
        ):
            code, _ = await status(served, "GET", f"{API}/accounts", host, bearer, good)
            assert code == 200, good
        code, answer = await status(
            served, "OPTIONS", f"{API}/accounts", host, "Access-Control-Request-Method: GET"
        )
        assert code == 405
        assert b"access-control" not in answer.lower()

    run(vault, work)


def test_only_a_bearer_token_in_the_header_lets_in(vault):
    async def work(served):
        *_, token = await served.client()
        async with served.http() as http:
            for headers in (
                {},
                {"Cookie": f"token={token}; access_token={token}"},
                {"Authorization": token},
                {"Authorization": f"Basic {token}"},
                {"Authorization": "Bearer"},
                {"Authorization": "Bearer \xff".encode("latin-1")},
            ):
                answer = await http.get(f"{API}/accounts", headers=headers)
                assert answer.status_code == 401, headers
                assert "set-cookie" not in answer.headers
            for query in (f"token={token}", f"access_token={token}"):
                assert (await http.get(f"{API}/accounts?{query}")).status_code == 401
            twice = [("Authorization", f"Bearer {token}"), ("Authorization", "Bearer x")]
            assert (await http.get(f"{API}/accounts", headers=twice)).status_code == 401
            good = await http.get(f"{API}/accounts", headers={"Authorization": f"bearer {token}"})
            assert good.status_code == 200
            assert good.headers["cache-control"] == "no-store"
            assert good.headers["x-content-type-options"] == "nosniff"
            assert good.headers["content-security-policy"].startswith("default-src 'none'")

    run(vault, work, FREE)


def test_each_route_needs_its_scope_and_no_other_opens_it(vault):
    async def work(served):
        tokens = {scope: (await served.client(scope, name=scope))[2] for scope in Scope}
        needing = [one for one in ENDPOINTS if one.scope is not None]
        assert {one.scope for one in needing} == set(Scope)
        async with served.http() as http:
            for one in needing:
                path = API + one.path.replace("{", "").replace("}", "").replace("_id", "")
                for name in ("account", "transaction", "item", "session"):
                    path = path.replace(f"s/{name}", f"s/{NOBODY}")
                for scope, token in tokens.items():
                    if scope is one.scope:
                        continue
                    bearer = {"Authorization": f"Bearer {token}"}
                    answer = await http.request(one.method, path, headers=bearer)
                    assert answer.status_code == 403, (one.method, path, scope)
                    assert answer.json()["error"]["code"] == "scope_missing"
                answer = await http.request(one.method, path)
                assert answer.status_code == 401, (one.method, path)

    run(vault, work, FREE)


def test_revoking_ends_a_client_at_once(vault, monkeypatch):
    async def work(served):
        going, _, token = await served.client(name="Going")
        accounts = await served.session.ledger.accounts()

        async def revoked_meanwhile():
            await served.session.api_clients.revoke(going.client_id)
            return accounts

        with monkeypatch.context() as patched:
            patched.setattr(served.session.ledger, "accounts", revoked_meanwhile)
            async with served.http(token) as http:
                answer = await http.get(f"{API}/accounts")
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "token_not_valid")
        client, _, token = await served.client()
        async with served.http(token) as http, served.socket(token) as socket:
            assert (await http.get(f"{API}/accounts")).status_code == 200
            await served.session.api_clients.revoke(client.client_id)
            assert (await http.get(f"{API}/accounts")).status_code == 401
            await socket.send(json.dumps({"type": "ping"}))
            await socket.wait_closed()
            assert socket.close_code == 1008

    run(vault, work)


def test_bodies_are_bounded_and_must_be_json(vault):
    async def work(served):
        async with served.http() as http:
            large = {"client_id": "x", "client_secret": "y" * 70_000}
            assert (await http.post(f"{API}/auth/login", json=large)).status_code == 413

            async def parts():
                for _ in range(100):
                    yield b" " * 1024

            answer = await http.post(
                f"{API}/auth/login", content=parts(), headers={"Content-Type": "application/json"}
            )
            assert answer.status_code == 413
            form = await http.post(f"{API}/auth/login", data={"client_id": "x"})
            assert form.status_code == 415
            text = {"Content-Type": "text/plain"}
            answer = await http.post(f"{API}/auth/login", content=b"{}", headers=text)
            assert answer.status_code == 415
            kind = {"Content-Type": "application/json"}
            for broken in (b"{", b"\xff", b"[" * 20_000, b'{"client_id": NaN}'):
                answer = await http.post(f"{API}/auth/login", content=broken, headers=kind)
                assert answer.status_code in (400, 422), broken[:10]

    run(vault, work, FREE)


def test_a_slow_body_is_given_up(vault):
    async def work(served):
        head = asked("POST", f"{API}/auth/login", f"Host: 127.0.0.1:{served.port}")[:-2]
        answer = await served.raw(
            head + b"Content-Type: application/json\r\nContent-Length: 50\r\n\r\n{"
        )
        assert b" 408 " in answer.split(b"\r\n", 1)[0]

    run(vault, work, Limits(body_s=0.2))


def test_a_head_that_does_not_end_is_given_up(vault, monkeypatch):
    async def work(served):
        for begun in (b"", b"GET / HTTP/1.1\r\nHost: ", b"GET / HTTP/1.1\r\nX: " + b"a" * 40_000):
            async with asyncio.timeout(20):
                answer = await served.raw(begun)
            assert b"200" not in answer

    monkeypatch.setattr("hive_desktop.api.connections.HEAD_S", 0.2)
    run(vault, work)


def test_too_many_requests_are_told_to_wait(vault):
    async def work(served):
        *_, token = await served.client()
        async with served.http(token) as http:
            codes = [(await http.get(f"{API}/auth/me")).status_code for _ in range(4)]
            assert codes == [200, 200, 200, 429]
        async with served.http() as http:
            codes = [(await http.get(f"{API}/accounts")).status_code for _ in range(3)]
            assert codes == [401, 401, 429]

    slow = Rate(0.0001, 3)
    run(vault, work, Limits(client=slow, stranger=Rate(0.0001, 2)))


def test_who_has_a_secret_gets_through_a_flood_of_those_who_have_none(vault, monkeypatch):
    async def work(served):
        client, secret, _ = await served.client()
        right = {"client_id": client.client_id, "client_secret": secret}
        tokens = await served.session.api_clients.sign_in(*right.values())
        async with served.http() as http:
            for path, wrong in (
                ("/auth/login", {"client_id": "x", "client_secret": "y"}),
                ("/auth/login", {"client_id": client.client_id, "client_secret": "y"}),
                ("/auth/login", {}),
                ("/auth/prove", {"client_id": "x", "nonce": "n" * 16}),
                ("/auth/refresh", {"refresh_token": "x"}),
                ("/accounts", None),
            ):
                method = "GET" if wrong is None else "POST"
                codes = [
                    (await http.request(method, API + path, json=wrong)).status_code
                    for _ in range(3)
                ]
                assert codes[-1] == 429, (path, codes)
            challenge = {"client_id": client.client_id, "nonce": "n" * 16}
            assert (await http.post(f"{API}/auth/prove", json=challenge)).status_code == 200
            clients = served.session.api_clients.authenticate.__self__
            late = clients._monotonic() + ACCESS_S
            with monkeypatch.context() as patched:
                patched.setattr(clients, "_monotonic", lambda: late)
                bearer = {"Authorization": f"Bearer {tokens.access}"}
                answer = await http.get(f"{API}/accounts", headers=bearer)
            assert answer.status_code == 401, "its token is over, and it is told so"
            answer = await http.post(f"{API}/auth/login", json=right)
            assert answer.status_code == 200
            answer = await http.post(f"{API}/auth/refresh", json={"refresh_token": tokens.refresh})
            assert answer.status_code == 200
            # One that is spent ends the sign-in, and is a stranger's by then.
            again = {"refresh_token": answer.json()["refresh_token"]}
            codes = [
                (await http.post(f"{API}/auth/refresh", json=again)).status_code for _ in range(2)
            ]
            assert codes == [200, 429]
            await served.session.api_clients.revoke(client.client_id)
            assert (await http.post(f"{API}/auth/login", json=right)).status_code == 429

    run(vault, work, Limits(stranger=Rate(0.0001, 2)))


def test_a_client_that_signs_in_all_the_time_is_told_to_wait(vault):
    async def work(served):
        client, secret, _ = await served.client()
        right = {"client_id": client.client_id, "client_secret": secret}
        async with served.http() as http:
            codes = [
                (await http.post(f"{API}/auth/login", json=right)).status_code for _ in range(3)
            ]
            assert codes == [200, 200, 429]

    run(vault, work, Limits(client=Rate(0.0001, 2)))


def test_a_fault_outside_of_the_routes_is_told_in_their_shape_and_is_in_the_log(
    vault, monkeypatch, caplog
):
    def broken(*_):
        raise RuntimeError("a secret in an exception")

    async def work(served):
        monkeypatch.setattr(docs, "_page", broken)
        async with served.http() as http:
            answer = await http.get(f"{API}/docs")
            assert (answer.status_code, answer.json()["error"]["code"]) == (500, "fault")
            assert answer.headers["cache-control"] == "no-store"
            # A client that goes in the midst of its body is none.
            _, writer = await asyncio.open_connection("127.0.0.1", served.port)
            head = asked("POST", f"{API}/auth/login", f"Host: 127.0.0.1:{served.port}")[:-2]
            writer.write(head + b"Content-Length: 50\r\n\r\n{")
            await writer.drain()
            writer.close()
            await writer.wait_closed()
            assert (await http.get(f"{API}/openapi.json")).status_code == 200

    run(vault, work)
    (record,) = [one for one in caplog.records if one.levelname == "ERROR"]
    assert record.name == guard.__name__
    caplog.clear()


def test_a_client_that_goes_before_it_is_let_in_or_sent_away_is_no_fault(caplog):
    class Gone:
        async def close(self, _code):
            raise WebSocketDisconnect

    async def gone(*_):
        raise ClientDisconnected

    scope = {"type": "websocket", "headers": [(b"host", b"127.0.0.1:1")]}
    asyncio.run(guard.Guard(gone, 1, Limits())(scope, None, None))
    asyncio.run(websocket._close(Gone(), 1008))
    assert not caplog.records


def test_a_bucket_fills_again_and_keeps_few_keys():
    now = [0.0]
    buckets = Buckets(Rate(2.0, 2), lambda: now[0])
    buckets.take("a")
    buckets.take("a")
    with pytest.raises(RefusalError) as caught:
        buckets.take("a")
    assert caught.value.headers["Retry-After"] == "1"
    now[0] = 0.5
    buckets.take("a")
    for at in range(1000):
        buckets.take(str(at))
    assert len(buckets._left) <= 256


def test_nobody_else_can_have_the_second_address_of_localhost(monkeypatch):
    real, taken = server._listening, []

    def taken_twice(family, address, port):
        if family == socket.AF_INET6 and len(taken) < 2:
            taken.append(port)
            raise OSError(errno.EADDRINUSE, "another program's")
        return real(family, address, port)

    with monkeypatch.context() as patched:
        patched.setattr(server, "_listening", taken_twice)
        first = listen(0)
    assert len(taken) == 2, "where any port will do, another one is taken"
    try:
        port = first[0].getsockname()[1]
        assert {one.getsockname()[0] for one in first} <= {"127.0.0.1", "::1"}
        with pytest.raises(EnvironmentFaultError):
            listen(port)
    finally:
        for one in first:
            one.close()
