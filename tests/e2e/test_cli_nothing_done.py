"""A command that did not do what it was asked for ends with another code than 0, and says why.

The table names every command whose work may be left undone, or is a reason why it needs no line.
"""

import argparse

import pytest

from hive_desktop.cli.parsers import build_parser

GONE = "deadbeef0000"
AN_ITEM = "{item}"
UNTOUCHED = "Nothing was changed"
# By command: what is said, the exit code, and the title.
UNDONE = [
    # Nobody can be asked, and nobody agreed.
    (("sync", "--undo"), 2, UNTOUCHED),
    (("disconnect", AN_ITEM, "--keep-history"), 2, UNTOUCHED),
    (("relay", "delete-account"), 2, UNTOUCHED),
    (("backup", "restore"), 2, UNTOUCHED),
    (("transactions", "edit", "--where", "--hide"), 2, UNTOUCHED),
    (("egress", "--forget-before", "2999-01-01"), 2, "Nothing was deleted"),
    (("doctor", "--save", "{new}"), 2, "Nothing was saved"),
    (("doctor", "--yes", "--save", "{file}"), 2, "Nothing was saved"),
    (("transactions", "--csv", "{file}"), 2, "Nothing was written"),
    # There is nothing of the kind.
    (("transactions", "redo"), 2, "Nothing to redo"),
    (("sync", "--run", GONE, "--history"), 2, None),
    (("relay", "data"), 4, None),
    (("relay", "devices"), 4, None),
    (("relay", "use", "relay"), 2, "That way is not set up"),
    (("ai", "test"), 4, None),
    (("ai", "pause"), 4, None),
    (("ai", "resume"), 4, None),
    (("ai", "models"), 4, None),
    (("vault", "keychain", "off"), 1, None),
    (("categories", "merge", "Shopping", "Transfer"), 2, None),
    (("review", "sort", "Nobody At All", "Shopping"), 2, None),
    (("egress", "show", "999999"), 2, None),
    # There is none of that name.
    *(
        ((*words, GONE, *more), 2, None)
        for words, more in {
            ("adopt",): (),
            ("reconnect",): (),
            ("accounts", "accept-balance"): (),
            ("accounts", "rename"): ("x",),
            ("accounts", "hide"): (),
            ("accounts", "show"): (),
            ("accounts", "order"): (),
            ("accounts", "worth"): ("off",),
            ("accounts", "delete"): (),
            ("accounts", "balance"): ("1",),
            ("transactions", "show"): (),
            ("transactions", "set-category"): ("Shopping",),
            ("transactions", "delete"): (),
            ("transactions", "restore"): (),
            ("transactions", "unpair"): (),
            ("transactions", "split"): ("--part", "1:Shopping", "--part", "rest:Other"),
            ("transactions", "join"): (),
            ("transactions", "add"): ("Name", "--out", "1"),
            ("transactions", "change"): ("--rename", "x"),
            ("chats", "rename"): ("x",),
            ("chats", "delete"): (),
            ("categories", "rename"): ("x",),
            ("categories", "colour"): ("#112233",),
            ("categories", "icon"): ("car",),
            ("categories", "archive"): (),
            ("review", "accept"): (),
            ("review", "refuse"): (),
            ("review", "take-back"): (),
            ("rules", "test"): (),
            ("rules", "apply"): (),
            ("rules", "on"): (),
            ("rules", "off"): (),
            ("rules", "remove"): (),
            ("rules", "always"): ("Shopping",),
            ("api", "clients", "revoke"): (),
        }.items()
    ),
]
WITHOUT_A_VAULT = [
    ("vault", "info"), ("vault", "recovery-kit"), ("vault", "recover"),
    ("vault", "change-passphrase"), ("backup", "now"), ("backup", "list"), ("backup", "verify"),
    ("backup", "folder"), ("bank", "set", "--environment", "sandbox", "--client-id", "x"),
    ("link",), ("items",), ("accounts",), ("transactions",), ("spending", "summary"),
    ("spending", "trends"), ("categories",), ("categorize",), ("rules", "list"), ("review", "list"),
    ("chats", "list"), ("chat", "How many transactions are there?"), ("notices",), ("egress",),
    ("egress", "--forget-before", "2026-01-01"), ("sync",), ("sync", "--history"), ("ai", "status"),
    ("ai", "budget", "5"), ("relay", "status"), ("relay", "logout"), ("relay", "password"),
    ("relay", "delete-account"), ("relay", "login", "http://127.0.0.1:1", "--email", "a@b.example"),
    ("rate", "EUR", "USD", "1.1"), ("doctor",), ("doctor", "--network"),
    ("mcp",),
]  # fmt: skip
# What a command without an id or a question leaves undone is an error of what it calls, or no
# error at all: an empty list, a state that is so already, a setting.
NEEDS_NONE = {
    "demo", "sandbox", "vault create", "link", "eval categorize", "eval chat", "ai forget",
    "ai set", "ai prices", "accounts add", "transactions deleted", "transactions edit",
    "transactions undo", "chats search", "categories list", "categories add", "rules add",
    "api clients add", "api clients list",
}  # fmt: skip


def leaves(parser, path=()):
    inner = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    if not inner:
        yield " ".join(path)
    for one in inner:
        for name, child in one.choices.items():
            yield from leaves(child, (*path, name))


def test_every_command_is_thought_of():
    said = [" ".join(map(str, words)) for words, *_ in UNDONE]
    said += [" ".join(words) for words in WITHOUT_A_VAULT]
    others = {"import", "export", "import-archive", "serve"}  # they have tests of their own
    missing = [
        name
        for name in leaves(build_parser())
        if name not in NEEDS_NONE
        and name.partition(" ")[0] not in others
        and not any(one == name or one.startswith(f"{name} ") for one in said)
    ]
    assert missing == []


@pytest.mark.full
def test_what_was_not_done_is_no_success(teller, tmp_path):
    teller.say("backup", "now")
    file = tmp_path / "there.csv"
    file.write_text("mine")
    names = {"item": teller.items()[0]["id"], "file": file, "new": tmp_path / "new.txt"}
    before = teller.dump("edits")
    for words, code, title in UNDONE:
        said = teller.hive(
            *(one.format(**names) for one in words), "--vault", teller.folder,
            HIVE_RELAY_PASSWORD="not asked for",
        )  # fmt: skip
        assert said.code == code, (words, said)
        *_, line, hint = said.err.strip().splitlines()
        assert (". " in line, bool(hint)) == (True, True), (words, said.err)
        if title is not None:
            assert line.startswith(f"{title}. "), (words, said.err)
    assert teller.dump("edits") == before
    assert file.read_text() == "mine"
    assert not names["new"].exists()


@pytest.mark.parametrize("words", WITHOUT_A_VAULT, ids=" ".join)
def test_without_a_vault_no_command_succeeds(hive, tmp_path, words):
    said = hive(
        *words, "--vault", tmp_path / "none", HIVE_PLAID_SECRET="x", HIVE_RELAY_PASSWORD="x"
    )
    assert said.code != 0
    assert "No vault here. There is no vault in " in said.err
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("words", [(), ("--yes",)])
def test_hosts_that_were_not_asked_are_no_success(teller, words):
    said = teller.hive("doctor", "--network", *words, "--vault", teller.folder, passphrase=None)
    assert said.code == 3
    assert said.out  # the checks themselves are told
    assert said.err.startswith("The vault is locked. The hosts stand in the vault")
