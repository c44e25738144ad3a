"""`hive ai` before a model's server: set up, tested, paid, on record, and forgotten."""

import io
import os

import pytest

from tests.aiserver.server import KEY, refusal, serving


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
    assert (said.code, said.out) == (1, "")
    assert len(server.asked) == 2


def test_a_wrong_key_and_a_used_up_account_are_told(hive, vault, server):
    set_up(hive, vault, server, key="sk-wrong-0123456789")
    said = hive("ai", "test", "--vault", vault)
    assert said.code == 1
    assert "does not accept the key" in said.err
    assert "sk-wrong" not in said.err
    set_up(hive, vault, server)
    server.script.append(refusal(429, "insufficient_quota", kind="insufficient_quota"))
    said = hive("ai", "test", "--vault", vault)
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
    for wrong in (
        ["--model", "m"],
        ["1", "2", "3"],
        ["--model", "m", "1"],
        ["--model", "m", "x", "1", "1"],
    ):
        assert hive(*words, *wrong).code == 2
    words = ("ai", "budget", "--vault", vault, "--json")
    assert hive(*words, "5.00").document["budget_micros"] == 5_000_000
    assert hive(*words).document["budget_micros"] == 5_000_000
    assert hive(*words, "none").document["budget_micros"] is None
    assert hive(*words, "much").code == 2


@pytest.mark.parametrize(
    "url", ["http://example.org/v1", "ftp://127.0.0.1/v1", "https://", "https://u:p@example.org/v1",
            "https://example.org/v1?x=1", "nonsense", "http://127.0.0.1.example.org/v1"]
)  # fmt: skip
def test_an_address_that_would_give_the_key_away_is_not_taken(hive, vault, url):
    said = hive("ai", "set", "--vault", vault, "--profile", "other", "--model", "m", "--url", url)
    assert said.code == 1
    assert "cannot be used" in said.err
    assert hive("ai", "status", "--vault", vault, "--json").document["profile"] is None


class Terminal(io.StringIO):
    """Where somebody types."""

    def isatty(self):
        return True


@pytest.mark.parametrize(("typed", "code", "requests"), [("y\n", 0, 1), ("\n", 1, 0), ("", 1, 0)])
def test_sorting_asks_before_it_sends(teller, server, monkeypatch, typed, code, requests):
    teller.bank.add_transaction("20.00", "QUUXLI 4")
    teller.sync()
    assert set_up(teller.hive, teller.folder, server, "--ask", "on").code == 0
    monkeypatch.setattr("sys.stdin", Terminal(typed * 9))
    said = teller.hive("categorize", "--vault", teller.folder)
    assert said.code == code
    assert "Send this?" in said.err
    assert (len(server.asked) > 0) is bool(requests)
