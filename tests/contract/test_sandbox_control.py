"""The control API, armed faults, the request log, and the server's own start and stop."""

from __future__ import annotations

import errno
import gc
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from hive_desktop.sandbox.bank import Login, household_bank
from hive_desktop.sandbox.server import SandboxServer
from tests.e2e.teller import small_bank
from tests.ports import free_port

KEYS = {"PLAID-CLIENT-ID": "sandbox-client", "PLAID-SECRET": "sandbox-secret"}
CARDS = "ins_900102"


class TestControl:
    def test_it_asks_for_its_header_and_a_local_name(self, household):
        caller = household()
        assert caller.http.get("/control/state").status_code == 403
        assert caller.http.post("/control/advance", json={"days": 1}).status_code == 403
        wrong = {"X-Sandbox-Control": "0"}
        assert caller.http.get("/control/state", headers=wrong).status_code == 403
        right = {"X-Sandbox-Control": "1", "host": "evil.example"}
        assert caller.http.get("/control/state", headers=right).status_code == 421
        answer = caller.http.get("/control/state", headers={"X-Sandbox-Control": "1"})
        assert not any(name.startswith("access-control") for name in answer.headers)

    def test_state_is_the_banks_truth(self, household):
        caller = household()
        token = caller.link(CARDS)
        new = caller.control("add_transaction", amount="12.34", description="KIOSK", pending=True)[
            "transaction_id"
        ]
        gone = caller.control("add_transaction", amount=1, description="KIOSK", on="2026-11-20")[
            "transaction_id"
        ]
        caller.control("modify", transaction_id=new, amount="13.00", merchant_name="Kiosk")
        caller.control("remove", transaction_id=gone)
        told = caller.state()
        assert told["today"] == "2026-11-23"
        assert told["institution_ids"] == ["ins_900101", "ins_900102", "ins_900103"]
        item = told["items"][0]
        assert (item["access_token"], item["institution_id"], item["error_code"]) == (
            token,
            CARDS,
            None,
        )
        rows = {row["transaction_id"]: row for row in told["rows"]}
        assert (rows[new]["amount"], rows[new]["pending"], rows[new]["removed"]) == (
            13.0,
            True,
            False,
        )
        assert (rows[gone]["date"], rows[gone]["removed"]) == ("2026-11-20", True)
        assert all(row["published"] for row in told["rows"])

    @pytest.mark.parametrize(
        ("name", "body", "status"),
        [
            ("remove", {"transaction_id": "none"}, 404),
            ("modify", {"transaction_id": "none", "amount": 1}, 404),
            ("modify", {"amount": 1}, 400),
            ("break_item", {"item_id": "none"}, 404),
            ("break_item", {"error_code": "NO_SUCH"}, 400),
            ("advance", {"days": 0}, 400),
            ("advance", {"days": "3"}, 400),
            ("set_phase", {"phase": "SOON"}, 400),
            ("fail", {"path": "/item/get", "kind": "explode"}, 400),
            ("fail", {"path": "/item/get", "kind": "error", "code": "NO_SUCH"}, 400),
            ("fail", {"path": "/item/get", "nth": 0}, 400),
            ("mutate_during_pagination", {"page": 0}, 400),
            ("link", {"institution_id": "ins_0"}, 400),
            ("link", {"password": "wrong"}, 400),
            ("complete_link", {"link_token": "link-sandbox-no"}, 400),
            ("add_transaction", {"amount": "much", "description": "KIOSK"}, 400),
            ("add_transaction", {"amount": 1, "description": "KIOSK", "colour": "red"}, 400),
            ("fire_webhook", {"webhook_code": "DEFAULT_UPDATE"}, 400),
        ],
    )
    def test_mistakes_are_named(self, household, name, body, status):
        caller = household()
        caller.link(CARDS)
        answer = caller.http.post(f"/control/{name}", json=body, headers={"X-Sandbox-Control": "1"})
        assert answer.status_code == status
        assert answer.json()["error"]

    def test_two_items_must_be_told_apart(self, household):
        caller = household()
        first = caller.link(CARDS)
        caller.link("ins_900103")
        with pytest.raises(LookupError, match="exactly one"):
            caller.bank.break_item()
        caller.bank.break_item(first)
        assert [item["error_code"] for item in caller.state()["items"]] == [
            "ITEM_LOGIN_REQUIRED",
            None,
        ]

    def test_methods_may_be_called_from_many_threads(self, household):
        caller = household()
        token = caller.link("ins_900103")
        before = len(caller.sync(token)[0])

        def work():
            for _ in range(20):
                caller.bank.add_transaction("1.00", "KIOSK")

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(caller.sync(token)[0]) == before + 80

    def test_the_log_of_requests_holds_no_secret(self, household):
        caller = household()
        token = caller.link(CARDS)
        caller.pages(token, count=500)
        caller.refused("/item/get", access_token="access-sandbox-nobody")
        log = caller.bank.requests()
        paths = [entry["path"] for entry in log]
        assert paths[0] == "/item/public_token/exchange"
        assert paths.count("/transactions/sync") == 5
        assert [entry["has_cursor"] for entry in log if "sync" in entry["path"]] == [False] + [
            True
        ] * 4
        assert (log[-1]["status"], log[-1]["error_code"]) == (400, "INVALID_ACCESS_TOKEN")
        assert token not in str(log)
        assert "sandbox-secret" not in str(log)


class TestFaults:
    def test_the_nth_call_fails_and_the_next_works(self, household):
        caller = household()
        token = caller.link(CARDS)
        caller.control(
            "fail", path="/item/get", nth=2, kind="error", code="INTERNAL_SERVER_ERROR", times=2
        )
        body = {"access_token": token}
        statuses = [caller.raw("/item/get", body).status_code for _ in range(4)]
        assert statuses == [200, 500, 500, 200]
        assert caller.state()["faults"] == []

    @pytest.mark.parametrize(
        ("kind", "code", "status", "start"),
        [("html", 502, 502, b"<html>"), ("empty", 0, 200, b""), ("status", 503, 503, b"")],
    )
    def test_answers_that_are_no_json(self, household, kind, code, status, start):
        caller = household()
        caller.bank.fail("*", kind=kind, code=code)
        answer = caller.raw("/item/get", {"access_token": "x"})
        assert answer.status_code == status
        assert answer.content[:6] == start

    def test_a_fault_does_not_run_the_request(self, household):
        caller = household()
        public = caller.bank.link(CARDS)
        caller.bank.fail("/item/public_token/exchange", kind="status")
        assert (
            caller.raw("/item/public_token/exchange", {"public_token": public}).status_code == 500
        )
        assert caller.post("/item/public_token/exchange", public_token=public)["access_token"]

    def test_half_a_body_breaks_off(self):
        bank = household_bank()
        with (
            SandboxServer(bank) as server,
            httpx.Client(base_url=server.url, headers=KEYS, timeout=30) as client,
        ):
            bank.fail("/item/get", kind="half")
            with pytest.raises(httpx.RemoteProtocolError):
                client.post("/item/get", json={"access_token": "x"})
            assert client.post("/item/get", json={"access_token": "x"}).status_code == 400

    def test_no_answer_in_time_and_a_stop_that_does_not_wait_for_it(self):
        bank = household_bank()
        with (
            SandboxServer(bank) as server,
            httpx.Client(base_url=server.url, headers=KEYS, timeout=30) as client,
        ):
            bank.fail("/item/get", kind="timeout")
            with pytest.raises(httpx.ReadTimeout):
                client.post("/item/get", json={"access_token": "x"}, timeout=0.2)
            assert client.post("/item/get", json={"access_token": "x"}).status_code == 400
            waiting = threading.Thread(target=_hang, args=(server.url, bank))
            waiting.start()
            time.sleep(0.3)
            begun = time.monotonic()
        assert time.monotonic() - begun < 15
        waiting.join()


def _hang(url, bank):
    bank.fail("/item/get", kind="timeout")
    with httpx.Client(base_url=url, headers=KEYS) as client:
        try:
            client.post("/item/get", json={"access_token": "x"}, timeout=20)
        except httpx.HTTPError:
            return


class TestServer:
    def test_starting_and_stopping_leaves_nothing(self):
        def once():
            bank = household_bank()
            with SandboxServer(bank) as server:
                public = bank.link(CARDS, Login(webhook="http://127.0.0.1:9/hook"))
                body = {"public_token": public}
                assert (
                    httpx.post(
                        server.url + "/item/public_token/exchange",
                        json=body,
                        headers=KEYS,
                        timeout=60,
                    ).status_code
                    == 200
                )

        once()
        gc.collect()
        threads, descriptors = threading.active_count(), _descriptors()
        for _ in range(5):
            once()
        gc.collect()
        assert threading.active_count() <= threads  # one of a test before may have ended
        assert _descriptors() <= descriptors

    def test_a_busy_port_says_so_and_stop_is_idempotent(self):
        bank = household_bank()
        with SandboxServer(bank, port=(port := free_port())) as server:
            second = SandboxServer(household_bank(), port=port)
            with pytest.raises(OSError, match="in use") as caught:
                second.start()
            assert caught.value.errno == errno.EADDRINUSE
            second.stop()
            server.start()
        server.stop()
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0

    def test_it_can_start_again(self):
        server = SandboxServer(household_bank(), port=free_port())
        urls = []
        for _ in range(2):
            with server:
                urls.append(server.url)
                assert httpx.post(server.url + "/nowhere", timeout=30).status_code == 404
        assert urls[0] == urls[1]

    @pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
    @pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
    def test_as_a_process_it_ends_on_a_signal(self, name):
        code = (
            "from hive_desktop.sandbox.bank import household_bank\n"
            "from hive_desktop.sandbox.server import SandboxServer\n"
            "server = SandboxServer(household_bank())\n"
            "server.bind()\n"
            "print(server.url, flush=True)\n"
            "server.serve_forever()\n"
            "print('ended', flush=True)\n"
        )
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        child = subprocess.Popen([sys.executable, "-c", code], **pipes)
        with child:
            url = child.stdout.readline().strip()
            assert httpx.post(url + "/nowhere", timeout=30).status_code == 404
            child.send_signal(signal.Signals[name])
            rest = child.communicate(timeout=60)
        assert (child.returncode, *rest) == (0, "ended\n", "")


def _descriptors():
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.is_dir() else 0


def test_small_pieces_of_an_answer_go_at_once():
    """asyncio sees to it on what is accepted from a listener that names its protocol."""
    server = SandboxServer(small_bank())
    try:
        server.bind()
        assert server._socket.proto == socket.IPPROTO_TCP
    finally:
        server.stop()
