"""`hive ai` before a model's server: set up, tested, paid, on record, and forgotten."""

import os

import pytest

from tests.aiserver.server import KEY, raw, refusal, serving


@pytest.fixture
def server():
    with serving() as made:
        yield made


@pytest.fixture
def vault(hive, tmp_path):
    folder = tmp_path / "vault"
    assert hive("vault", "create", "--vault", folder).code == 0
    return folder


def set_up(hive, vault, server, *more, key=KEY):
    reading, writing = os.pipe()
    os.write(writing, f"{key}\n".encode())
    os.close(writing)
    words = ("ai", "set", "--vault", vault, "--profile", "openai", "--url", server.url)
    return hive(*words, "--key-fd", str(reading), "--json", *more)


def test_a_model_is_set_up_tested_and_forgotten(hive, vault, server):
    said = set_up(hive, vault, server)
    assert said.code == 0
    assert said.document["profile"] == "openai"
    assert said.document["model"] == "gpt-6-luna"
    assert said.document["has_key"] is True
    assert KEY not in said.out + said.err
    said = hive("ai", "test", "--vault", vault, "--json")
    assert (said.code, said.document["keeps_form"]) == (0, True)
    said = hive("ai", "models", "--vault", vault, "--json")
    assert said.document["models"] == sorted(server.models)
    assert {one.headers["authorization"] for one in server.asked} == {f"Bearer {KEY}"}
    said = hive("egress", "--vault", vault, "--json")
    assert said.code == 0
    assert KEY not in said.out
    assert "Test the connection to a model" in said.out
    assert hive("ai", "forget", "--vault", vault, "--json").document == {"forgotten": True}
    said = hive("ai", "test", "--vault", vault, "--json")
    assert (said.code, said.out) == (4, "")
    assert len(server.asked) == 2


def test_a_wrong_key_and_a_used_up_account_are_told(hive, vault, server):
    set_up(hive, vault, server, key="sk-wrong-0123456789")
    said = hive("ai", "test", "--vault", vault)
    assert said.code == 4
    assert "does not accept the key" in said.err
    assert "sk-wrong" not in said.err
    set_up(hive, vault, server)
    server.script.append(refusal(429, "insufficient_quota", kind="insufficient_quota"))
    said = hive("ai", "test", "--vault", vault)
    assert said.code == 4
    assert "used up" in said.err
    assert len(server.chats) == 2


def test_nothing_is_sent_that_nobody_agreed_to(hive, vault, server):
    set_up(hive, vault, server, "--ask", "on")
    said = hive("ai", "test", "--vault", vault)
    assert said.code == 1
    assert "SHOP EXAMPLE" in said.err  # it was shown
    assert "Nothing left this computer" in said.err
    assert not server.asked


def test_prices_and_the_budget(hive, vault):
    words = ("ai", "prices", "--vault", vault, "--json")
    said = hive(*words, "--model", "mine", "1", "0.5", "2.25")
    (mine,) = [one for one in said.document["prices"] if one["model"] == "mine"]
    assert mine == {
        "model": "mine", "prompt_micros": 1_000_000, "cached_micros": 500_000,
        "answer_micros": 2_250_000, "is_own": True,
    }  # fmt: skip
    said = hive(*words, "--model", "mine", "--remove")
    assert "mine" not in said.out
    for wrong in (["--model", "m"], ["1", "2", "3"], ["--model", "m", "1"]):
        assert hive(*words, *wrong).code == 2
    for wrong in ("x", "-1", "NaN", "1e3", "0.1234567", "1000001", "1,5", "1_0", "٣"):
        assert hive(*words, "--model", "m", "1", wrong, "1").code == 2
        assert hive("ai", "budget", "--vault", vault, wrong).code == 2
    words = ("ai", "budget", "--vault", vault, "--json")
    assert hive(*words, "5.00").document["budget_micros"] == 5_000_000
    assert hive(*words).document["budget_micros"] == 5_000_000
    assert hive(*words, "none").document["budget_micros"] is None
    assert hive(*words, "much").code == 2


def changed(hive, vault, *words, code=0):
    said = hive("ai", "set", "--vault", vault, *words, "--json")
    assert said.code == code, said.err
    return said.document if code == 0 else said.err


def test_what_is_not_given_stays(hive, vault, server):
    set_up(hive, vault, server)
    known = changed(hive, vault, "--model", "gpt-5.4-mini")
    assert (known["base_url"], known["model"]) == (server.url, "gpt-5.4-mini")
    assert (known["has_key"], known["key_forgotten"]) == (True, False)
    assert changed(hive, vault, "--ask", "on") == known | {"asks_before_sending": True}
    changed(hive, vault, "--profile", "openai", "--ask", "off")
    assert changed(hive, vault, "--url", f"{server.url}/") | {"base_url": server.url} == known
    assert hive("ai", "test", "--vault", vault).code == 0
    assert server.chats[-1].body["model"] == "gpt-5.4-mini"


def test_a_key_is_sent_to_no_other_address_and_that_is_said(hive, vault, server):
    set_up(hive, vault, server)
    said = changed(hive, vault, "--url", "https://elsewhere.example/v1", code=2)
    assert f"was given for {server.url} and is sent to no other address" in said
    assert "--ask-key" in said
    assert hive("ai", "test", "--vault", vault).code == 0
    said = hive("ai", "set", "--vault", vault, "--profile", "ollama", "--model", "m")
    assert said.code == 0
    assert "it was given for another address" in said.err
    known = changed(hive, vault, "--model", "n")
    assert (known["has_key"], known["key_forgotten"]) == (False, False)
    assert known["has_price"]  # none on this computer
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ([], "--profile"),
        (["--model", "m"], "--profile"),
        (["--profile", "other"], "--url"),
        (["--profile", "ollama"], "--model"),
        (["--profile", "openai"], "--ask-key"),
        (["--profile", "nobody"], "ollama"),
        (["--profile", "other", "--url", "http://10.0.0.1/v1", "--model", "m"], "https://"),
    ],
)
def test_what_is_missing_is_named_by_its_option(hive, vault, words, hint):
    said = changed(hive, vault, *words, code=2)
    assert hint in said.splitlines()[-1]
    for word in ("Settings", "page"):
        assert word not in said


@pytest.mark.parametrize("key", ["sk-clé-0123456789", "sk-\u200b0123", "a\x07b"])
def test_a_key_that_none_can_be_is_refused_in_words(hive, vault, server, key):
    said = set_up(hive, vault, server, key=key)
    assert said.code == 2
    assert "only plain letters, digits and signs" in said.err
    assert key not in said.err


def test_models_are_listed_before_one_is_chosen(hive, vault, server):
    server.key = None
    words = ("ai", "models", "--vault", vault, "--json")
    said = hive(*words, "--profile", "ollama", "--url", server.url)
    assert said.document["models"] == sorted(server.models)
    assert hive("ai", "status", "--vault", vault, "--json").document["profile"] is None
    server.key = KEY
    said = hive(*words, "--profile", "openai", "--url", server.url, HIVE_AI_KEY=KEY)
    assert said.document["models"] == sorted(server.models)
    for wrong in (["--url", server.url], ["--profile", "openai"], ["--profile", "other"]):
        assert hive(*words, *wrong).code == 2


def test_the_relay_without_a_sign_in_names_the_command(hive, vault):
    said = hive("ai", "set", "--vault", vault, "--profile", "relay")
    assert said.code == 4
    assert "hive relay login" in said.err


def test_an_answer_without_end_is_no_dead_server(hive, vault, server):
    set_up(hive, vault, server)
    hive("ai", "prices", "--vault", vault, "--model", "gpt-6-luna", "1", "1", "1")
    server.manner = raw(200, b" " * 9_000_000)
    said = hive("ai", "test", "--vault", vault)
    assert said.code == 1
    assert "The model's answer is too long" in said.err
    assert len(server.asked) == 1
    (sent,) = hive("egress", "--vault", vault, "--json").document["requests"]
    assert (sent["status"], sent["result"], sent["is_at_most"]) == (200, "too_long", True)
    for words in (["egress"], ["egress", "show", sent["id"]]):
        assert "at most 0.00" in hive(*words, "--vault", vault).out


def test_pausing_and_going_on(hive, vault, server):
    assert hive("ai", "pause", "--vault", vault).code == 4
    set_up(hive, vault, server)
    assert hive("ai", "pause", "--vault", vault, "--json").document["paused"] is True
    said = hive("categorize", "--vault", vault, "--ask-again")
    assert (said.code, "hive ai resume" in said.err) == (4, True)
    assert hive("ai", "resume", "--vault", vault, "--json").document["paused"] is False


@pytest.mark.parametrize(
    "url", ["http://example.org/v1", "ftp://127.0.0.1/v1", "https://", "https://u:p@example.org/v1",
            "https://example.org/v1?x=1", "nonsense", "http://127.0.0.1.example.org/v1"]
)  # fmt: skip
def test_an_address_that_would_give_the_key_away_is_not_taken(hive, vault, url):
    said = hive("ai", "set", "--vault", vault, "--profile", "other", "--model", "m", "--url", url)
    assert said.code == 2
    assert "cannot be used" in said.err
    assert hive("ai", "status", "--vault", vault, "--json").document["profile"] is None
