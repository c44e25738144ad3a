"""The relay does not start with what is missing or weak; it says which, and repeats no value."""

import logging
import os

import pytest

from hive_desktop.relay import settings
from hive_desktop.relay.main import fresh_key, main
from hive_desktop.relay.settings import PREFIX, SettingsError

GOOD = {
    "PLAID_CLIENT_ID": "client-of-the-operator",
    "PLAID_SECRET": "secret-of-the-operator",
    "PLAID_HOST": "sandbox",
    "JWT_KEYS": fresh_key("jwt"),
    "SEALING_KEYS": fresh_key("sealing"),
    "PUBLIC_URL": "https://relay.example.org",
}


@pytest.fixture(autouse=True)
def _root_log():
    """`serve` sends the log of the whole process to a stream that ends with the test."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def load(monkeypatch):
    """Load settings from these variables and no others; None leaves one out."""
    for name in [one for one in os.environ if one.startswith(PREFIX)]:
        monkeypatch.delenv(name)

    def run(**given):
        for name, value in (GOOD | given).items():
            if value is not None:
                monkeypatch.setenv(PREFIX + name, value)
        return settings.load()

    return run


def test_what_is_complete_is_taken(load):
    found = load(TRUSTED_PROXIES="10.0.0.0/8, 192.0.2.1", CORS_ORIGINS="https://a.example/")
    assert found.environment == "https://sandbox.plaid.com"
    assert [str(one) for one in found.trusted_proxies] == ["10.0.0.0/8", "192.0.2.1/32"]
    assert found.cors_origins == ["https://a.example"]
    assert found.registration == "closed"
    assert found.database_url.get_secret_value().startswith("sqlite:")
    shown = repr(found)
    for name in ("PLAID_SECRET", "JWT_KEYS", "SEALING_KEYS"):
        assert GOOD[name].rpartition(":")[2] not in shown


@pytest.mark.parametrize(
    "name", ["PLAID_CLIENT_ID", "PLAID_SECRET", "JWT_KEYS", "SEALING_KEYS", "PUBLIC_URL"]
)
def test_what_is_missing_is_named(load, name):
    for absent in (None, ""):
        with pytest.raises(SettingsError) as caught:
            load(**{name: absent})
        assert caught.value.problems == [f"{PREFIX}{name} is missing."]


WEAK = [
    ("JWT_KEYS", "k1:short", "shorter than 32 bytes"),
    ("JWT_KEYS", "k1:" + "ab" * 20, "can be guessed"),
    ("JWT_KEYS", "k1:please-changeme-before-you-start-this", "can be guessed"),
    ("JWT_KEYS", "no-id-in-front-but-a-long-secret-9f8e7d6c5b4a", "form id:secret"),
    ("JWT_KEYS", ",".join(f"k{n}:{n}9f8e7d6c5b4a3210ZYXWVUTSRQPONMLK" for n in "abc"), "3 keys"),
    (
        "JWT_KEYS",
        "k1:9f8e7d6c5b4a3210ZYXWVUTSRQPONMLK,k1:1f8e7d6c5b4a3210ZYXWVUTSRQPONMLK",
        "twice",
    ),
    ("SEALING_KEYS", "k1:dG9vIHNob3J0", "32 bytes"),
    ("SEALING_KEYS", "k1:" + "A" * 43, "can be guessed"),
    ("SEALING_KEYS", "k1:not/base64!!", "base64"),
    ("METRICS_TOKEN", "guess", "shorter than 32 bytes"),
    ("PUBLIC_URL", "http://relay.example.org", "https"),
    ("PUBLIC_URL", "relay.example.org", "origin"),
    ("CORS_ORIGINS", "https://a.example/path", "origin"),
    ("OPENAI_BASE_URL", "http://models.example.org/v1", "https"),
    ("PLAID_HOST", "https://plaid.example.org", "cannot be used"),
    ("PORT", "no-number", ""),
    ("TRUSTED_PROXIES", "somewhere", "networks"),
    ("REGISTRATION", "ajar", ""),
]


@pytest.mark.parametrize(("name", "value", "words"), WEAK)
def test_what_is_weak_or_wrong_is_named_and_not_repeated(load, name, value, words):
    with pytest.raises(SettingsError) as caught:
        load(**{name: value})
    (problem,) = caught.value.problems
    assert problem.startswith(PREFIX + name)
    assert words in problem
    assert value not in problem


def test_secrets_may_lie_in_files(load, tmp_path, monkeypatch):
    for name in ("JWT_KEYS", "PLAID_SECRET"):
        (tmp_path / f"{PREFIX}{name}".lower()).write_text(GOOD[name] + "\n", encoding="utf-8")
    monkeypatch.setenv(f"{PREFIX}SECRETS_DIR", str(tmp_path))
    found = load(JWT_KEYS="", PLAID_SECRET=None)
    assert found.plaid_secret.get_secret_value() == GOOD["PLAID_SECRET"]
    assert len(found.jwt_keys) == 1
    monkeypatch.setenv(f"{PREFIX}SECRETS_DIR", str(tmp_path / "nowhere"))
    with pytest.raises(SettingsError):
        load()


def test_the_command_says_it_in_words(load, monkeypatch, capsys):
    with pytest.raises(SettingsError):
        load(SEALING_KEYS=None)
    assert main(["check"]) == 2
    said = capsys.readouterr()
    assert f"{PREFIX}SEALING_KEYS is missing." in said.err
    assert "Traceback" not in said.err
    assert main(["serve"]) == 2


@pytest.mark.parametrize("command", [["user", "list"], ["invite"], ["migrate"], ["serve"]])
def test_a_file_that_is_no_database_is_told_in_words(load, tmp_path, capsys, command):
    odd = tmp_path / "odd.db"
    odd.write_bytes(b"this is no database" * 400)
    load(DATABASE_URL=f"sqlite:///{odd}")
    assert main(command) == 1
    said = capsys.readouterr()
    assert "database" in said.err
    assert "Traceback" not in said.err
