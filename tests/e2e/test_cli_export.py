"""`hive export`: files for other programs, and a vault made of an archive."""

import asyncio
import json
import os
import signal
import stat
import sys
from pathlib import Path

import pytest

from hive_desktop import bootstrap
from hive_desktop.cli.main import main
from hive_desktop.services.exporting import ExportService
from tests.e2e.teller import PASSPHRASE, cheap_store


@pytest.fixture
def say(hive, tmp_path, monkeypatch):
    monkeypatch.setattr(bootstrap, "vault_store", cheap_store)
    folder = tmp_path / "vault"
    assert hive("vault", "create", "--vault", folder).code == 0

    def say(*words, code=0):
        said = hive(*words, "--vault", folder)
        assert said.code == code, (words, said.code, said.err, said.out)
        return said

    say("accounts", "add", "Wallet", "--currency", "EUR", "--type", "cash")
    (account,) = say("accounts", "--json").document["accounts"]
    for name in ("Bakery", "=cmd()", "Cinema"):
        say("transactions", "add", account["id"], name, "--out", "3.50")
    say.folder = folder
    return say


@pytest.mark.parametrize(
    ("form", "begins"),
    [
        ("csv", "\ufeffDate,"),
        ("jsonl", '{"id":'),
        ("ofx", "<?xml"),
        ("qif", "!Type:Cat"),
        ("hledger", "; Written by Hive"),
        ("beancount", ";; Written by Hive"),
    ],
)
def test_rows_in_each_format_go_to_a_file_or_to_standard_output(say, tmp_path, form, begins):
    file = tmp_path / "rows"
    document = say("export", form, file, "--json").document
    assert document == {"file": str(file), "rows": 3, "left_out": 0, "without_balance": []}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    text = file.read_bytes().decode()
    assert text.startswith(begins)
    said = say("export", form, "-")
    assert said.out.replace("\r\n", "\n") == text.replace("\r\n", "\n")
    assert said.err == ""


def test_filters_choose_rows(say, tmp_path):
    file = tmp_path / "rows.jsonl"
    say("export", "jsonl", file, "--filter", "bakery", "--account", "Wallet")
    assert [json.loads(line)["name"] for line in file.read_text().splitlines()] == ["Bakery"]
    said = say("export", "jsonl", file, "--until", "2020-01-01", "--force")
    assert said.err.startswith("0 rows written")
    say("export", "jsonl", file, "--since", "2020-02-01", "--until", "2020-01-01", code=2)
    say("export", "csv", tmp_path / "x.csv", "--account", "nothing", code=2)
    assert not (tmp_path / "x.csv").exists()


def test_the_schema_is_printed_without_a_vault(hive):
    said = hive("export", "--schema", passphrase=None)
    assert said.code == 0
    assert said.document["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_nothing_is_written_over_or_elsewhere_unasked(say, tmp_path):
    file = tmp_path / "rows.csv"
    file.write_text("mine")
    for words in (
        ("export", "csv", file),
        ("export", "csv"),
        ("export",),
        ("export", "csv", tmp_path),
        ("export", "csv", tmp_path / "nowhere" / "x.csv"),
        ("export", "archive", "-"),
        ("export", "sqlite", "-"),
        ("export", "csv", "-", "--json"),
        ("export", "archive", tmp_path / "a", "--filter", "x"),
        ("export", "csv", tmp_path / "a", "--filter", ">"),
        ("export", "sqlite", tmp_path / "a"),
        ("export", "pdf", tmp_path / "a"),
    ):
        said = say(*words, code=2)
        assert said.out == ""
        assert said.err
    assert file.read_text() == "mine"
    assert not (tmp_path / "a").exists()
    assert say("export", "csv", file, "--force").code == 0
    assert file.read_text("utf-8-sig").startswith("Date")


def test_a_plain_file_is_written_after_a_warning(say, tmp_path):
    said = say("export", "sqlite", tmp_path / "a.sqlite", code=2)
    assert "whoever gets it can read all of it" in said.err
    said = say("export", "sqlite", tmp_path / "a.sqlite", "--yes")
    assert "whoever gets it can read all of it" in said.err
    assert (tmp_path / "a.sqlite").read_bytes().startswith(b"SQLite format 3")


@pytest.mark.parametrize("name", ["all", "all.zip", "all.hivebackup"])
def test_an_archive_has_its_ending(say, tmp_path, name):
    said = say("export", "archive", tmp_path / name, code=2)
    assert said.err == (
        "Nothing was written. An archive is written as a .hivearchive.\n"
        "Give the file that ending.\n"
    )
    assert not (tmp_path / name).exists()
    assert say("export", "archive", tmp_path / "all.HiveArchive").code == 0


def test_a_vault_is_made_of_an_archive(say, hive, tmp_path):
    file, other = tmp_path / "all.hivearchive", tmp_path / "other"
    rows = say("export", "archive", file, "--json").document["rows"]
    assert rows["transactions"] == 3
    made = hive("vault", "create", "--from", file, "--vault", other, "--json")
    assert made.code == 0, made.err
    assert made.document["rows"] == rows
    assert made.document["recovery_kit"]
    here = say("transactions", "--json").document
    there = hive("transactions", "--json", "--vault", other).document
    assert here == there
    assert hive("vault", "create", "--from", file, "--vault", other).code == 1
    file.write_bytes(b"PK")
    said = hive("vault", "create", "--from", file, "--vault", tmp_path / "third")
    assert said.code == 1
    assert "cannot be read" in said.err
    assert not (tmp_path / "third").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_standard_output_is_told_in_words(say, capsys, monkeypatch):
    for words in (("export", "csv", "-"), ("transactions",), ("accounts", "--json")):
        with Path("/dev/full").open("w") as full, monkeypatch.context() as patched:
            patched.setenv("HIVE_PASSPHRASE", PASSPHRASE)
            patched.setattr(sys, "stdout", full)
            assert main([*words, "--vault", str(say.folder)]) == 2
        told = capsys.readouterr().err
        assert "\nNot all was written. Standard output cannot be written: " in f"\n{told}"
        assert "Traceback" not in told
        assert "fault" not in told


@pytest.mark.parametrize("is_late", [False, True])
def test_what_ctrl_c_leaves_is_said(say, tmp_path, monkeypatch, is_late):
    file, wrote = tmp_path / "rows.csv", ExportService.write

    async def write(self, *given, **more):
        done = await wrote(self, *given, **more) if is_late else None
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.sleep(30)
        return done

    monkeypatch.setattr(ExportService, "write", write)
    said = say("export", "csv", file, code=130)
    words = (
        f"It was too late to stop: {file} is written."
        if is_late
        else ("Stopped: nothing was written.")
    )
    assert words in said.err.splitlines()
    assert file.exists() is is_late
