"""`hive serve` and `hive api clients`, alone and beside an open window."""

import json
import os
import signal
import subprocess

import httpx

from hive_desktop.api import usage
from tests.e2e.teller import PASSPHRASE, ROWS
from tests.e2e.test_beside_window import private, window  # noqa: F401 - a fixture
from tests.e2e.test_interrupts import HIVE, ROOT

SOON_S = 180


def test_clients_are_made_listed_and_revoked(teller, hive):
    at = ("--vault", teller.folder)
    said = hive("api", "clients", "list", *at)
    assert (said.code, said.out) == (0, "")
    scopes = ("--scope", "read", "--scope", "chat")
    made = hive("api", "clients", "add", "Budget", *scopes, *at, "--json")
    assert made.code == 0, made.err
    client = made.document
    assert (client["name"], client["scopes"]) == ("Budget", ["read", "chat"])
    listed = hive("api", "clients", "list", *at, "--json").document["clients"]
    assert listed == [{key: client[key] for key in client if key != "client_secret"}]
    shown = hive("api", "clients", "list", *at)
    assert "Budget" in shown.out
    assert client["client_secret"] not in shown.out + shown.err
    assert hive("api", "clients", "add", "budget", *at).code == 2
    assert hive("api", "clients", "revoke", "Nobody", *at).code == 2
    assert hive("api", "clients", "revoke", "Budget", *at).code == 0
    assert hive("api", "clients", "revoke", client["client_id"], *at).code == 2
    (gone,) = hive("api", "clients", "list", *at, "--json").document["clients"]
    assert gone["revoked_at"] is not None


def serving(teller):
    """Start `hive serve`; returns the process and the address that it printed."""
    process = subprocess.Popen(
        [*HIVE, "serve", "--port", "0", "--json", "--vault", teller.folder],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
        env={**os.environ, "HIVE_PASSPHRASE": PASSPHRASE},
    )  # fmt: skip
    printed = ""
    while not printed.rstrip().endswith("}"):
        line = process.stdout.readline()
        assert line, process.communicate()
        printed += line
    return process, json.loads(printed)["address"]


def total(address, client):
    given = {name: client[name] for name in ("client_id", "client_secret")}
    with httpx.Client(base_url=f"{address}/api/v1", trust_env=False, timeout=60) as http:
        token = http.post("/auth/login", json=given).json()["access_token"]
        listed = http.get("/transactions", headers={"Authorization": f"Bearer {token}"})
        return listed.json()["total"]


def end(process):
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=SOON_S)
    assert (process.returncode, "Traceback" in err) == (130, False), err


def test_it_is_served_until_it_is_stopped_and_written_down(teller, hive):
    at = ("--vault", teller.folder)
    client = hive("api", "clients", "add", "Budget", *at, "--json").document
    process, address = serving(teller)
    try:
        assert total(address, client) == ROWS
        end(process)
    finally:
        process.kill()
    (seen,) = hive("api", "clients", "list", *at, "--json").document["clients"]
    assert seen["last_used_at"] is not None
    left = hive("egress", "--purpose", usage.PURPOSE, *at, "--json")
    assert "Budget" in left.out


def test_beside_a_window_it_is_the_window_that_serves(private, teller, hive):  # noqa: F811
    at = ("--vault", teller.folder)
    with window(teller.folder):
        client = hive("api", "clients", "add", "Budget", *at, "--json").document
        process, address = serving(teller)
        try:
            assert total(address, client) == ROWS
            again = hive("serve", *at)
            assert (again.code, address in again.err) == (0, True), again.err
            end(process)
        finally:
            process.kill()
        assert hive("api", "clients", "revoke", "Budget", *at).code == 0
