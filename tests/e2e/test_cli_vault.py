"""`hive vault`: every way in and out, with exit codes and words."""

import os
import re

import pytest

from hive_desktop.ports.errors import HiveError
from tests.e2e.teller import PASSPHRASE


@pytest.fixture
def vault(hive, tmp_path):
    folder = tmp_path / "vault"
    made = hive("vault", "create", "--vault", folder, "--json")
    assert made.code == 0, made.err
    return folder, made.document["recovery_kit"]


def fd_with(text):
    reader, writer = os.pipe()
    os.write(writer, text.encode())
    os.close(writer)
    return reader


def test_a_new_vault_opens_and_is_empty(hive, vault):
    folder, kit = vault
    assert len(kit.replace("-", "")) >= 26  # 128 bits and more in base 32
    told = hive("vault", "info", "--vault", folder, "--json", passphrase=None).document
    assert {slot["kind"] for slot in told["slots"]} == {"passphrase", "recovery"}
    assert hive("transactions", "--vault", folder, "--json").document == {
        "total": 0,
        "transactions": [],
    }
    assert hive("spending", "summary", "--vault", folder, "--json").document["categories"] == []


def test_a_wrong_passphrase_is_exit_3_and_one_sentence(hive, vault):
    said = hive("items", "--vault", vault[0], passphrase="not the right one")
    assert said.code == 3
    assert said.out == ""
    assert said.err.startswith("Wrong passphrase. This passphrase does not open the vault.\n")


def test_without_a_passphrase_nothing_hangs(hive, vault):
    said = hive("items", "--vault", vault[0], passphrase=None)
    assert said.code == 3
    assert "locked" in said.err


@pytest.mark.parametrize(
    ("words", "variable", "code"),
    [
        (["recover"], "HIVE_RECOVERY_KIT", 3),
        (["change-passphrase"], "HIVE_NEW_PASSPHRASE", 2),
    ],
)
def test_each_missing_secret_is_named(hive, vault, words, variable, code):
    said = hive("vault", *words, "--vault", vault[0])
    assert said.code == code
    assert variable in said.err


def test_a_vault_is_not_called_locked_before_it_is_made(hive, tmp_path):
    said = hive("vault", "create", "--vault", tmp_path / "v", passphrase=None)
    assert said.code == 2
    assert "HIVE_PASSPHRASE" in said.err
    assert "locked" not in said.err


@pytest.mark.parametrize("command", ["items", "accounts"])
def test_a_vault_without_banks_says_so(hive, vault, command):
    said = hive(command, "--vault", vault[0])
    assert (said.code, said.out) == (0, "")
    assert said.err == "No bank is connected yet: hive link.\n"
    said = hive(command, "--vault", vault[0], "--json")
    assert (said.document[command], said.err) == ([], "")


def errors_below(cls):
    for one in cls.__subclasses__():
        yield one
        yield from errors_below(one)


@pytest.mark.parametrize("cls", list(errors_below(HiveError)), ids=lambda cls: cls.__name__)
def test_no_hint_on_the_command_line_speaks_of_the_window(cls):
    error = cls(hint="Its own.")
    assert error.rendered(in_window=False)[2] == error.rendered()[2] == "Its own."
    hint = cls.command_hint or cls.default_hint
    assert not re.search(r"\b(choose \w+ a|settings|accounts|its window)\b", hint, re.IGNORECASE)


def test_the_passphrase_may_come_by_a_descriptor(hive, vault):
    fd = fd_with(PASSPHRASE + "\n")
    assert hive("items", "--vault", vault[0], "--passphrase-fd", fd, passphrase=None).code == 0
    said = hive("items", "--vault", vault[0], "--passphrase-fd", 999, passphrase=None)
    assert said.code == 2
    assert "descriptor 999" in said.err


def test_the_environment_is_emptied_as_soon_as_it_is_read(hive, vault):
    hive("items", "--vault", vault[0])
    assert "HIVE_PASSPHRASE" not in os.environ


def test_changing_the_passphrase_and_recovering(hive, vault):
    folder, kit = vault
    changed = hive(
        "vault", "change-passphrase", "--vault", folder, HIVE_NEW_PASSPHRASE="a second passphrase"
    )
    assert changed.code == 0
    assert "--rekey" in changed.err
    assert hive("items", "--vault", folder).code == 3
    assert hive("items", "--vault", folder, passphrase="a second passphrase").code == 0
    recovered = hive(
        "vault", "recover", "--rekey", "--vault", folder, "--json",
        HIVE_RECOVERY_KIT=kit.lower().replace("-", " "),
        HIVE_NEW_PASSPHRASE="a third passphrase",
    )  # fmt: skip
    assert recovered.document["rekeyed"] is True
    assert hive("items", "--vault", folder, passphrase="a third passphrase").code == 0
    assert hive("items", "--vault", folder, passphrase="a second passphrase").code == 3


def test_a_new_recovery_kit_ends_the_old_one(hive, vault):
    folder, old = vault
    new = hive("vault", "recovery-kit", "--vault", folder, "--json").document["recovery_kit"]
    assert new != old
    said = hive(
        "vault", "recover", "--vault", folder,
        HIVE_RECOVERY_KIT=old, HIVE_NEW_PASSPHRASE="a third passphrase",
    )  # fmt: skip
    assert said.code == 3
    assert "recovery" in said.err.lower()


def test_a_short_passphrase_is_refused(hive, tmp_path):
    said = hive("vault", "create", "--vault", tmp_path / "v", passphrase="short")
    assert said.code == 2
    assert not (tmp_path / "v" / "vault.json").exists()


def test_a_second_vault_in_one_folder_is_refused(hive, vault):
    said = hive("vault", "create", "--vault", vault[0])
    assert said.code == 1
    assert "already" in said.err


def test_without_a_keychain_the_slot_is_not_made(hive, vault):
    said = hive("vault", "keychain", "on", "--vault", vault[0])
    assert said.code == 1
    assert "keychain" in said.err.lower()


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        [],
        ["transactions", "--from", "yesterday"],
        ["transactions", "--limit", "-1"],
        ["sandbox", "--port", "70000"],
        ["spending"],
    ],
)
def test_wrong_usage_is_exit_2(hive, arguments):
    assert hive(*arguments).code == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["transactions", "--from", "2026-02-01", "--to", "2026-01-01"], "before it starts"),
        (["transactions", "--category", "Nonsense"], "no category Nonsense"),
        (["transactions", "--account", "Nonsense"], "no account Nonsense"),
        (["transactions", "show", "Nonsense"], "no transaction Nonsense"),
        (["sync", "--item", "Nonsense"], "no connection Nonsense"),
        (["sync", "--from", "2026-02-01", "--to", "2026-01-01"], "before it starts"),
    ],
)
def test_a_value_that_does_not_exist_is_named(hive, vault, arguments, words):
    said = hive(*arguments, "--vault", vault[0])
    assert said.code == 2
    assert words in said.err


def test_help_is_exit_0(hive):
    assert hive("--help").code == 0
    assert "0 done" in hive("--help").out
    assert hive("--version").out.startswith("hive ")
