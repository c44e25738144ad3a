"""`hive categorize` says what the model did, why it stopped, and asks again when told to."""

import io
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.aiserver.server import KEY, refusal, saying, serving
from tests.e2e.teller import PASSPHRASE, TODAY
from tests.ports import free_port

NAMES = ["QUUXLI 4", "CINEMA ZORB", "ZZYX PLONK"]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def server():
    with serving() as made:
        yield made


@pytest.fixture
def asker(teller, server, monkeypatch):
    """The teller with rows that nobody is sure of, and a model to ask."""
    for name in NAMES:
        teller.bank.add_transaction("20.00", name)
    teller.sync()
    monkeypatch.setenv("HIVE_AI_KEY", KEY)
    teller.asks("ai", "set", "--profile", "openai", "--url", server.url)
    return teller


def model(teller, *words, code=0):
    return teller.asks("categorize", *words, code=code)["model"]


def answering(**more):
    """Answer each merchant alike, but for the fields that are given."""

    def content(asked):
        items = [{"id": i, "category": "Travel", "confidence": 0.9} | more for i in asked.ids]
        return json.dumps({"items": items})

    return saying(content)


def test_the_document_tells_what_the_model_did(asker, server):
    told = asker.asks("categorize")
    said = told["model"]
    assert said["merchants"] == said["asked"] == said["answered"] > 0
    assert sum(said["left"].values()) == said["skipped"] == said["not_reached"] == 0
    assert (said["name"], said["stopped"], told["not_asked"]) == ("gpt-6-luna", None, None)
    assert told["categorized"] == told["on_this_computer"] + said["transactions"]
    assert model(asker)["merchants"] == 0
    assert len(server.chats) == 1


def test_a_person_is_told_too(asker):
    said = asker.say("categorize")
    assert "labelled on this computer" in said.err
    assert "gpt-6-luna was asked about" in said.err
    assert said.out == ""
    assert "there is no merchant to ask about" in asker.say("categorize").err


def test_offline_asks_no_model(asker, server):
    told = asker.asks("categorize", "--offline")
    assert (told["model"], told["not_asked"]) == (None, "offline")
    assert not server.asked


@pytest.mark.parametrize(
    ("fault", "code", "title"),
    [
        (refusal(401, "invalid_api_key"), 4, "does not accept the key"),
        (refusal(404, "model_not_found"), 4, "no such model"),
        (refusal(429, "insufficient_quota", kind="insufficient_quota"), 4, "used up"),
        (refusal(500, retry_after="600"), 1, "having trouble"),
    ],
)
def test_what_stopped_it_is_told_after_the_offline_part(asker, server, fault, code, title):
    server.manner = fault
    said = asker.say("categorize", code=code)
    lines = said.err.splitlines()
    assert "labelled on this computer" in lines[0]
    assert title in lines[-2]
    assert "Settings" not in said.err
    told = model(asker, code=code)
    assert title in told["stopped"]["title"]
    assert told["stopped"]["hint"] == lines[-1]
    assert (told["asked"], told["not_reached"]) == (0, told["merchants"])


def test_a_dead_server_and_a_budget_have_their_codes(asker):
    asker.asks("ai", "prices", "--model", "gpt-6-luna", "1", "1", "1")
    asker.asks("ai", "budget", "0")
    assert model(asker, code=4)["stopped"]["code"] == "BUDGET"
    url = f"http://127.0.0.1:{free_port()}/v1"
    asker.asks("ai", "set", "--profile", "other", "--model", "m", "--url", url)
    assert model(asker, code=5)["stopped"]["code"] == "UNREACHABLE"


@pytest.mark.parametrize("wrong", [{"confidence": 1e9}, {"category": "Nonsense"}])
def test_what_is_left_is_told_and_asked_again_on_demand(asker, server, wrong):
    server.manner = answering(**wrong)
    said = model(asker)
    assert said["left"]["unusable"] == said["asked"] > 0
    assert asker.asks("ai", "status")["left_merchants"] == said["asked"]
    assert "--ask-again" in asker.say("ai", "status").err
    later = model(asker)
    assert (later["merchants"], later["left_merchants"]) == (0, said["asked"])
    assert "Without an answer since before" in asker.say("categorize").err
    server.manner = answering()
    again = model(asker, "--ask-again")
    assert again["answered"] == said["asked"]
    assert asker.asks("ai", "status")["left_merchants"] == 0
    assert {asker.row(name)["category"] for name in ("QUUXLI", "PLONK")} == {"Travel"}


def test_what_was_answered_is_asked_again_and_outlives_silence(asker, server):
    server.manner = answering()
    first = model(asker)
    assert model(asker, "--ask-again")["merchants"] == 0
    server.manner = answering(confidence=7)
    assert model(asker, "--ask-again", "all")["left"]["unusable"] == first["asked"]
    assert asker.row("QUUXLI")["category"] == "Travel"
    server.manner = answering(category="Shopping")
    assert model(asker, "--ask-again", "all")["answered"] == first["asked"]
    assert asker.row("QUUXLI")["category"] == "Shopping"


def test_another_model_is_asked_about_what_the_first_was_not_sure_of(asker, server):
    server.manner = answering(confidence=0.3)
    first = model(asker)["asked"]
    assert model(asker)["merchants"] == 0
    asker.asks("ai", "set", "--model", "gpt-5.4-mini")
    server.manner = answering()
    assert model(asker)["answered"] == first


def test_asking_again_wants_a_model(teller):
    said = teller.say("categorize", "--ask-again", code=4)
    assert "hive ai set" in said.err


class Terminal(io.StringIO):
    """Where somebody types."""

    def isatty(self):
        return True


@pytest.mark.parametrize(("typed", "code", "requests"), [("y\n", 0, 1), ("\n", 1, 0), ("", 1, 0)])
def test_sorting_asks_before_it_sends(asker, server, monkeypatch, typed, code, requests):
    asker.asks("ai", "set", "--ask", "on")
    monkeypatch.setattr("sys.stdin", Terminal(typed * 9))
    said = asker.say("categorize", code=code)
    assert "Send this?" in said.err
    assert (len(server.asked) > 0) is bool(requests)


PROGRAM = """
from hive_desktop import bootstrap
from hive_desktop.cli.main import entry
from tests.e2e.teller import cheap_store
bootstrap.vault_store = cheap_store
entry()
"""


@pytest.mark.parametrize("words", [["categorize"], ["ai", "test"]])
def test_ctrl_c_ends_it_with_one_line(asker, words):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(180)
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        asker.asks("ai", "set", "--url", url, "--profile", "other", "--model", "m")
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *words, "--vault", asker.folder, "--today", str(TODAY)],
            env={**os.environ, "HIVE_PASSPHRASE": PASSPHRASE},
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            connection, _ = silent.accept()
            with connection:
                connection.recv(9)
                process.send_signal(signal.SIGINT)
                _, err = process.communicate(timeout=180)
        finally:
            process.kill()
    assert process.returncode == 130
    assert err.splitlines()[-1].startswith("Stopped. ")
    assert "Traceback" not in err
    (sent,) = asker.asks("egress", "--host", url[7:-3])["requests"]
    assert (sent["result"], sent["status"]) == ("cancelled", None)


def test_progress_is_for_a_terminal_and_none_is_in_json(asker, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    said = asker.say("categorize", "--ask-again", "all")
    assert "Deciding over every transaction" in said.err
    assert "AI: 0 of" in said.err
    assert asker.say("categorize", "--ask-again", "all", "--json").err == ""
