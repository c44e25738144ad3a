"""`hive-relay`'s commands, and the server as a process of its own."""

import base64
import json
import os
import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest

from hive_desktop.plaidkit.errors import BY_CODE, Advice, PlaidError
from hive_desktop.plaidkit.gateway import Gateway
from hive_desktop.relay.errors import ErrorBody
from hive_desktop.relay.main import fresh_key, main, warnings_of
from hive_desktop.sandbox.server import SandboxServer
from tests.e2e.teller import small_bank
from tests.ports import free_port
from tests.relay.live.world import settings_of


@pytest.fixture
def set_up(tmp_path, monkeypatch):
    """Set the variables of a relay with a database of its own."""
    for name in [name for name in os.environ if name.startswith("HIVE_RELAY_")]:
        monkeypatch.delenv(name)
    values = {
        "PLAID_CLIENT_ID": "client-id-of-tests",
        "PLAID_SECRET": "secret-of-tests",
        "PLAID_HOST": "sandbox",
        "JWT_KEYS": fresh_key("jwt"),
        "SEALING_KEYS": fresh_key("sealing"),
        "PUBLIC_URL": "https://relay.example.org",
        "DATABASE_URL": f"sqlite:///{tmp_path}/relay.db",
        "DRAIN_SECONDS": "2",
    }
    for name, value in values.items():
        monkeypatch.setenv(f"HIVE_RELAY_{name}", value)
    return values


def test_keys_are_fresh_strong_and_in_their_variables_form(tmp_path, capsys):
    printed = set()
    for kind in ["jwt", "sealing", "token"]:
        assert main(["key", kind]) == 0
        printed.add(capsys.readouterr().out.strip())
    assert main(["key"]) == 0
    printed.add(capsys.readouterr().out.strip())
    assert len(printed) == 4
    for _ in range(50):
        settings = settings_of(
            tmp_path,
            jwt_keys=f"{fresh_key('jwt')},{fresh_key('jwt')}",
            sealing_keys=fresh_key("sealing"),
            metrics_token=fresh_key("token"),
        )
        assert len(settings.jwt_keys) == 2
    secret = fresh_key("sealing").partition(":")[2]
    assert len(base64.urlsafe_b64decode(secret)) == 32


def test_what_is_missing_is_named_and_no_value_is_told(set_up, monkeypatch, capsys, tmp_path):
    assert main(["check"]) == 0
    said = capsys.readouterr().err
    assert "complete" in said
    assert "The database is not there yet" in said
    assert not list(tmp_path.iterdir())
    monkeypatch.setenv("HIVE_RELAY_JWT_KEYS", "k1:far-too-short")
    monkeypatch.delenv("HIVE_RELAY_PLAID_SECRET")
    for command in (["check"], ["serve"], ["migrate"], ["user", "list"], ["invite"]):
        assert main(command) == 2
        said = capsys.readouterr().err
        assert "HIVE_RELAY_JWT_KEYS is shorter than 32 bytes." in said
        assert "HIVE_RELAY_PLAID_SECRET is missing." in said
        assert "far-too-short" not in said


@pytest.mark.parametrize(
    ("name", "value"),
    [("DATABASE_URL", "mysql://me:pass-word-1@db/x"), ("REDIS_URL", "http://:pass-word-1@redis")],
)
def test_addresses_are_checked_and_their_passwords_not_told(
    set_up, monkeypatch, capsys, name, value
):
    monkeypatch.setenv(f"HIVE_RELAY_{name}", value)
    assert main(["check"]) == 2
    said = capsys.readouterr().err
    assert f"HIVE_RELAY_{name}" in said
    assert "pass-word-1" not in said


def test_what_may_not_be_meant_is_told(tmp_path):
    assert not warnings_of(settings_of(tmp_path))
    notes = warnings_of(
        settings_of(
            tmp_path,
            redis_url="redis://127.0.0.1/0",
            public_url="http://127.0.0.1:8700",
            host="0.0.0.0",  # noqa: S104
            registration="open",
        )
    )
    assert len(notes) == 4


def test_people_are_looked_after_without_a_server(set_up, capsys):
    assert main(["user", "list"]) == 1
    assert "hive-relay migrate" in capsys.readouterr().err
    assert main(["migrate"]) == 0
    assert main(["migrate"]) == 0
    assert main(["invite", "--note", "for Ann", "--days", "2"]) == 0
    assert capsys.readouterr().out.startswith("hi-")
    assert main(["invite", "--days", "0"]) == 1
    assert main(["user", "list"]) == 0
    assert capsys.readouterr().out == ""
    for command in ("reset", "delete"):
        assert main(["user", command, "ann@example.org"]) == 1
        assert "no account" in capsys.readouterr().err


def test_a_database_that_does_not_answer_is_told(set_up, monkeypatch, capsys):
    monkeypatch.setenv("HIVE_RELAY_DATABASE_URL", "postgresql://a:secret-word@127.0.0.1:1/x")
    for command in (["migrate"], ["serve"], ["user", "list"], ["check"]):
        assert main(command) == 1
        said = capsys.readouterr().err
        assert "database does not answer" in said
        assert "secret-word" not in said


@pytest.mark.parametrize("code", ["INTERNAL_SERVER_ERROR", "PLANNED_MAINTENANCE", "RATE_LIMIT"])
def test_a_fault_of_plaids_says_nothing_of_the_keys(set_up, monkeypatch, capsys, code):
    def fails(_gateway, _path, _body):
        raise PlaidError(code, BY_CODE.get(code, Advice.RETRY), status=500)

    monkeypatch.setattr(Gateway, "send", fails)
    assert main(["migrate"]) == 0
    capsys.readouterr()
    assert main(["check", "--plaid"]) == 1
    said = capsys.readouterr().err
    assert f"Plaid answers, but not whether it knows the keys ({code})." in said
    assert "and knows the keys" not in said


def test_a_check_asks_what_is_set_and_plaid_only_when_it_shall(set_up, monkeypatch, capsys):
    assert main(["migrate"]) == 0
    monkeypatch.setenv("HIVE_RELAY_REDIS_URL", f"redis://:secret-word@127.0.0.1:{free_port()}/0")
    capsys.readouterr()
    assert main(["check", "--json"]) == 1
    said = capsys.readouterr()
    document = json.loads(said.out)
    assert {one["part"]: one["is_right"] for one in document["parts"]} == {
        "database": True, "redis": False,
    }  # fmt: skip
    assert (document["is_right"], len(document["notes"])) == (False, 1)
    assert "secret-word" not in said.out + said.err
    monkeypatch.delenv("HIVE_RELAY_REDIS_URL")
    assert main(["check"]) == 0
    assert "The database answers.\n" in capsys.readouterr().err
    with SandboxServer(made := small_bank()) as server:
        monkeypatch.setenv("HIVE_RELAY_PLAID_HOST", server.url)
        assert main(["check"]) == 0
        assert made.requests() == []
        assert main(["check", "--plaid"]) == 1
        assert "does not take the keys (INVALID_API_KEYS)" in capsys.readouterr().err
        monkeypatch.setenv("HIVE_RELAY_PLAID_CLIENT_ID", made.options.client_id)
        monkeypatch.setenv("HIVE_RELAY_PLAID_SECRET", made.options.secret)
        assert main(["check", "--plaid"]) == 0
        assert "Plaid answers, and knows the keys.\n" in capsys.readouterr().err
    assert main(["check", "--plaid"]) == 1
    assert "Plaid does not answer" in capsys.readouterr().err


def test_invites_are_listed_and_their_codes_are_not(set_up, capsys):
    assert main(["migrate"]) == 0
    assert main(["invite", "--note", "for Ann", "--json"]) == 0
    code = json.loads(capsys.readouterr().out)["invite"]
    assert main(["invites"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("open ")
    assert said.endswith("\tfor Ann\n")
    assert main(["invites", "--json"]) == 0
    said = capsys.readouterr().out
    (one,) = json.loads(said)["invites"]
    assert (one["state"], one["note"]) == ("open", "for Ann")
    assert code not in said


@pytest.mark.parametrize(
    ("command", "code", "status"),
    [
        (["user", "list"], "not_ready", 1),
        (["user", "reset", "ann@example.org"], "refused", 1),
        (["invite", "--days", "0"], "refused", 1),
        (["check"], "not_set_up", 2),
        (["migrate"], "unavailable", 1),
    ],
)
def test_a_refusal_as_json_has_the_relays_own_shape(
    set_up, monkeypatch, capsys, command, code, status
):
    if code == "refused":
        assert main(["migrate"]) == 0
    if code == "not_set_up":
        monkeypatch.delenv("HIVE_RELAY_PLAID_SECRET")
    if code == "unavailable":
        monkeypatch.setenv("HIVE_RELAY_DATABASE_URL", "postgresql://a:b@127.0.0.1:1/x")
    capsys.readouterr()
    assert main([*command, "--json"]) == status
    said = capsys.readouterr()
    assert said.out == ""
    body = ErrorBody.model_validate_json(said.err)
    assert (body.error.code, bool(body.error.message)) == (code, True)


@pytest.mark.parametrize("arguments", [[], ["dance"], ["user"], ["key", "door"]])
def test_what_is_not_understood_exits_with_two(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    capsys.readouterr()


def test_a_port_that_is_taken_is_told(set_up, monkeypatch, capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("HIVE_RELAY_PORT", str(taken.getsockname()[1]))
        assert main(["serve"]) == 1
    assert "Cannot listen on 127.0.0.1" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")
@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_served_relay_ends_with_zero(set_up, sign):
    environment = {**os.environ, "HIVE_RELAY_PORT": "0"}
    command = [sys.executable, "-m", "hive_desktop.relay", "serve"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as relay:
        lines = [json.loads(relay.stderr.readline())]
        while not lines[-1]["message"].startswith("listening"):
            lines.append(json.loads(relay.stderr.readline()))
        port = int(lines[-1]["message"].rpartition(" ")[2])
        with httpx.Client(
            trust_env=False, base_url=f"http://127.0.0.1:{port}", timeout=30
        ) as client:
            assert client.get("/healthz").status_code == 200
            assert client.get("/readyz").status_code == 200
        started = time.monotonic()
        relay.send_signal(sign)
        rest = relay.stderr.read()
        assert relay.wait(60) == 0
        assert time.monotonic() - started < 20
    assert '"ended"' in rest
    assert "Traceback" not in rest
    for line in rest.splitlines():
        json.loads(line)
