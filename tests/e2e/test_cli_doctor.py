"""`hive doctor`: locked and unlocked, well and broken, and a report without anybody's data."""

import asyncio
import contextlib
import getpass
import logging
import platform
import re
import shutil
import socket
from pathlib import Path

import pytest

from hive_desktop import bootstrap, config
from hive_desktop.adapters.storage import restoring
from hive_desktop.adapters.storage.names import HEAD, KNOWN
from hive_desktop.cli import context
from hive_desktop.logs import crashes
from hive_desktop.ports.diagnostics import WindowLook
from tests.e2e.teller import PASSPHRASE, TODAY, Teller

GOLDEN = Path(__file__).parents[1] / "storage" / "golden"
FIRST, LAST = "Wilhelmine", "Quellwasser"
PLANTED = {
    "name": f"{FIRST} {LAST}",
    "email": "w.quellwasser@posteo.example",
    "merchant": "KETTLEWERK ZWIESEL GMBH",
    "account": "DE89370400440532013000",
    "card": "4929 1234 5678 9012",
    "mask": "9012",
    "amount": "8471.39",
    "note": "birthday present for Ottilie",
    "token": "access-production-5d2f7c1e-aaaa-bbbb-cccc-1234567890ab",
    "key": "sk-proj-Zz9yXw8vUt7sRq6p",
    "client": "5f3c9d2e8a7b6c4d1e0f9a8b",
    "secret": "b7d9f1e3c5a70246813579bdf02468",
    "relay": "https://relay.quellwasser.example",
    "chat": "how much did I lend to Ottilie",
    "rule": "Zwiesel every Thursday",
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where logs and reports of crashes go."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return config.AppConfig.default().logs


@pytest.fixture(autouse=True)
def _quick_window(monkeypatch):
    """The window's library is asked for in a test of its own."""
    monkeypatch.setattr(
        "hive_desktop.adapters.computer.ThisComputer.window",
        lambda _self: WindowLook("6.11.3", "offscreen", ("offscreen",), has_display=True),
    )


def by_name(document):
    return {one["check"]: one for one in document["checks"]}


def results(document):
    return {name: one["result"] for name, one in by_name(document).items()}


def test_without_a_vault_the_computer_is_looked_at(hive, tmp_path, folder, monkeypatch):
    said = hive("doctor", "--json", "--vault", tmp_path / "none", passphrase=None)
    assert said.code == 1
    assert said.err.startswith("No vault here. ")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    said = hive("doctor", "--json", passphrase=None)  # nobody has said that there is one
    assert (said.code, said.err) == (0, "")
    found = by_name(said.document)
    assert found["header"]["text"] == "There is no vault yet."
    assert found["versions"]["result"] == "ok"
    assert {"seal", "integrity", "files"}.isdisjoint(found)


def test_a_locked_vault_tells_what_needs_no_key(teller, folder):
    said = teller.hive("doctor", "--json", "--vault", teller.folder, passphrase=None)
    assert said.code == 0
    found = results(said.document)
    needs_key = {"seal", "integrity", "backup", "syncs"}
    assert {name for name in found if found[name] == "unknown"} == {*needs_key, "network"}
    assert found["header"] == found["files"] == found["owner"] == "ok"
    assert "HIVE_PASSPHRASE" in by_name(said.document)["seal"]["hint"]
    assert said.document["ledger"] == {}
    assert teller.calls("/") == 0


def test_an_unlocked_vault_is_looked_into_and_nothing_is_written(teller, folder):
    before = (teller.dump(), teller.asks("egress")["count"])
    for words in ((), ("--thorough",)):
        document = teller.asks("doctor", *words)
        found = results(document)
        good = ("header", "seal", "integrity", "schema", "derived", "syncs", "clock", "files")
        assert {found[name] for name in good} == {"ok"}
        assert found["backup"] == "warning"
        assert found["slots"] == "warning"  # the test's passphrase is sealed cheaply
    assert document["ledger"]["transactions"] == "about 60"
    assert (teller.dump(), teller.asks("egress")["count"]) == before
    text = teller.say("doctor").out
    assert re.search(r"^ok +integrity +Every page of the ledger", text, re.MULTILINE)


def test_a_wrong_passphrase_is_said_and_is_no_finding(teller, folder):
    said = teller.hive("doctor", "--vault", teller.folder, passphrase="wrong")
    assert said.code == 3
    assert said.out == ""


def test_a_terminal_is_asked_only_where_that_is_wanted(teller, folder, monkeypatch):
    asked = []
    monkeypatch.setattr(context, "has_terminal", lambda: True)
    monkeypatch.setattr(context, "_asked", lambda prompt: asked.append(prompt) or PASSPHRASE)
    assert teller.hive("doctor", "--vault", teller.folder, passphrase=None).code == 0
    assert asked == []
    said = teller.hive("doctor", "--json", "--unlock", "--vault", teller.folder, passphrase=None)
    assert asked == ["Passphrase"]
    assert results(said.document)["seal"] == "ok"


def spoiled(file, offset, data):
    with file.open("r+b") as stream:
        stream.seek(offset)
        stream.write(data)


def test_a_broken_header_is_a_problem(teller, folder):
    header = teller.folder / "vault.json"
    whole = header.read_bytes()
    header.write_bytes(whole[:-20])
    said = teller.hive("doctor", "--json", "--vault", teller.folder)
    assert said.code == 1
    assert results(said.document)["header"] == "problem"
    assert said.document["result"] == "problem"
    assert by_name(said.document)["header"]["hint"]


def test_a_page_that_is_not_as_it_was_sealed_is_a_problem(teller, folder):
    ledger = teller.folder / "ledger.db"
    spoiled(ledger, ledger.stat().st_size - 3 * 4096 + 100, b"\x00" * 200)
    for words in ((), ("--thorough",)):
        document = teller.asks("doctor", *words, code=1)
        assert results(document)["integrity"] == "problem"


def test_a_ledger_that_no_key_opens_or_ends_early_is_a_problem(teller, folder):
    ledger = teller.folder / "ledger.db"
    whole = ledger.read_bytes()
    spoiled(ledger, 0, b"\x01" * 4096)
    assert results(teller.asks("doctor", code=1))["integrity"] == "problem"
    ledger.write_bytes(whole[:-100])
    assert results(teller.asks("doctor", code=1))["files"] == "problem"


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("DELETE FROM amounts WHERE seq = (SELECT min(seq) FROM amounts)", "amounts"),
        ("UPDATE spend_daily SET out_minor = out_minor + 1", "spend_daily"),
        ("UPDATE account_daily SET n = n + 1", "account_daily"),
        ("UPDATE spend_monthly SET n = n + 1", "spend_monthly"),
        ("INSERT INTO transactions_fts (rowid, body) VALUES (5, 'kettle')", "transactions_fts"),
    ],
)  # fmt: skip
def test_sums_that_do_not_match_the_rows_are_a_problem(teller, folder, statement, table):
    teller.sql(statement)
    found = by_name(teller.asks("doctor", code=1))["derived"]
    assert found["result"] == "problem"
    assert table in found["text"]


def test_rows_that_name_others_which_are_gone_are_found_when_it_is_thorough(teller, folder):
    with teller.opened() as raw:
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("DELETE FROM plaid_items")
        raw.commit()
    assert results(teller.asks("doctor", "--thorough", code=1))["integrity"] == "problem"


def test_files_that_others_may_read_are_told(teller, folder):
    (teller.folder / "ledger.db").chmod(0o644)
    found = by_name(teller.asks("doctor"))["files"]
    assert (found["result"], found["text"]) == (
        "warning", "Files of the vault that others may open: 1.",
    )  # fmt: skip


def test_who_has_the_vault_open_is_told_and_the_ledger_read_beside_it(teller, folder):
    store = bootstrap.vault_store(bootstrap.clock_of(TODAY))
    keys = store.unlock(teller.folder, PASSPHRASE)

    async def beside(*words):
        database = store.open_database(teller.folder, keys)
        try:
            return await in_thread(lambda: teller.hive(
                "doctor", "--json", *words, "--vault", teller.folder
            ))  # fmt: skip
        finally:
            await database.close()

    said = run_on_a_loop(lambda: beside("--network"))
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("The vault is in use. ")
    said = run_on_a_loop(beside)
    assert said.code == 0
    found = by_name(said.document)
    assert found["owner"]["text"] == "This process has the vault open."
    assert found["integrity"]["result"] == "ok"
    assert found["network"]["result"] == "unknown"


def in_thread(work):
    return asyncio.get_running_loop().run_in_executor(None, work)


def run_on_a_loop(work):
    return asyncio.run(work())


def test_hosts_are_asked_only_on_request_and_on_record(teller, folder):
    teller.asks("doctor", "--thorough")
    assert teller.asks("egress", "--purpose", "see whether")["count"] == 0
    document = teller.asks("doctor", "--network")
    assert by_name(document)["network"]["text"] == "Answers came from: Plaid."
    (sent,) = teller.asks("egress", "--purpose", "see whether")["requests"]
    assert (sent["purpose"], sent["path"]) == ("See whether a host answers", "/")
    assert sent["host"] == teller.bank.url


def test_a_clock_that_is_off_is_told(teller, folder):
    teller.asks("sync")
    teller.sql("UPDATE plaid_items SET last_synced_at = last_synced_at + 5 * 86400 * 1000000")
    assert results(teller.asks("doctor"))["clock"] == "warning"
    said = teller.hive(
        "doctor", "--json", "--vault", teller.folder, "--today", "1999-01-01", passphrase=None
    )
    assert (said.code, results(said.document)["clock"]) == (1, "problem")
    document = teller.asks("doctor", "--network")  # its own day is long over by the bank's clock
    assert "clock" in results(document)


def test_connections_that_need_the_person_are_counted_and_not_named(teller, folder):
    teller.sql("UPDATE plaid_items SET state = 'needs_relink'")
    found = by_name(teller.asks("doctor"))["syncs"]
    assert found["result"] == "warning"
    assert "that wait for you: 1;" in found["text"]


def test_what_failed_lately_is_told(teller, folder):
    teller.asks("doctor")
    crashes.CrashStore(folder).keep("Python error", ["  at elsewhere:1"], "window")
    found = by_name(teller.asks("doctor"))["errors"]
    assert found["text"] == "Reports of crashes: 1; errors in the log: 0."
    assert "--save FILE" in found["hint"]
    said = teller.say("doctor", "--delete-crashes", code=2)
    assert said.err.startswith("Nothing was deleted. ")
    assert by_name(teller.asks("doctor"))["errors"]["result"] == "warning"
    said = teller.say("doctor", "--delete-crashes", "--yes")
    assert said.err == "1 report of crashes deleted.\n"
    assert "no reports" in teller.say("doctor", "--delete-crashes").err
    assert by_name(teller.asks("doctor"))["errors"]["result"] == "ok"


def test_the_report_is_shown_and_saved_only_where_that_is_agreed(
    teller, folder, tmp_path, monkeypatch
):
    file = tmp_path / "report.txt"
    said = teller.say("doctor", "--save", file, code=2)
    assert not file.exists()
    assert said.err.startswith("Nothing was saved. ")
    assert said.out.startswith("Hive report, made ")
    monkeypatch.setattr(context, "has_terminal", lambda: True)
    monkeypatch.setattr("sys.stdin.readline", lambda: "y\n", raising=False)
    said = teller.say("doctor", "--yes", "--save", file)
    assert file.read_text(encoding="utf-8") == said.out
    assert file.stat().st_mode & 0o077 == 0
    said = teller.say("doctor", "--yes", "--save", file, code=2)
    assert "--force" in said.err
    document = teller.asks("doctor", "--yes", "--force", "--save", file)
    assert document["saved"]
    teller.refuses("doctor", "--save", tmp_path)
    said = teller.hive("doctor", "--yes", "--save", "/proc/none/x", "--vault", teller.folder)
    assert said.code == 2


def plant_in_ledger(teller):
    """Put something personal into every column of every table that takes a text."""
    words = list(PLANTED.values())
    with teller.opened() as raw:
        raw.execute("PRAGMA foreign_keys = OFF")
        tables = [
            name
            for (name,) in raw.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%_fts%' "
                "AND name NOT IN ('alembic_version', 'sqlite_sequence')"
            )
        ]
        taken = 0
        for table in tables:
            for _, column, kind, *_ in raw.execute(f"PRAGMA table_info({table})").fetchall():
                keeps = {"state", "currency", "kind", "key", "type", "entity", "action"}
                if kind != "TEXT" or column in keeps:
                    continue
                value = words[taken % len(words)]
                taken += 1
                with contextlib.suppress(Exception):  # a column that is checked keeps its value
                    raw.execute(f"UPDATE {table} SET {column} = ?", (value,))  # noqa: S608
        for at, value in enumerate(words):
            raw.execute("INSERT INTO settings VALUES (?, ?)", (f"{value} {at}", value))
        raw.execute("UPDATE transactions SET note = ? WHERE 1", (PLANTED["note"],))
        raw.commit()
        assert taken > 30
        marks = ",".join("?" * len(words))
        count = f"SELECT count(*) FROM transactions WHERE name IN ({marks})"  # noqa: S608
        (names,) = raw.execute(count, words).fetchone()
        assert names > 0


def plant_around(folder, monkeypatch):
    """Put it into logs, reports of crashes and the environment, by the program and around it."""
    watch = crashes.CrashWatch(crashes.CrashStore(folder), "window")
    log = logging.getLogger("hive_desktop.services.sync")
    for at, value in enumerate(PLANTED.values()):
        monkeypatch.setenv(f"HIVE_PLANTED_{at}", value)
        try:
            raise ValueError(f"the statement of {value} failed")  # noqa: TRY301 - as it comes
        except ValueError as error:
            log.exception("a task of %s failed over %s", value, "the window")
            watch.note(f"Python error of {value}", error)
            crashes.CrashStore(folder).keep(value, [f"  raised ValueError: {value}"], value)
    with (folder / "hive.log").open("a", encoding="utf-8") as stream:
        for value in PLANTED.values():
            stream.write(f"2026-11-27T10:00:00Z ERROR {value}: {value}\n{value}\n  at {value}\n")
            stream.write(f"  raised {value}\nPython: {value}\n\x1b[31m{value}\n")
    store = crashes.CrashStore(folder)
    for number, value in enumerate(PLANTED.values()):
        file = store.folder / f"crash-20990101T000000Z-{number:02}.txt"
        text = f"When: {value}\nKind: {value}\n{value}: {value}\n\n{value}\n  at {value}:1\n"
        file.write_text(text, encoding="utf-8")
        (store.folder / f"fault-99999{number}.txt").write_text(
            f'Fatal Python error: {value}\n\n  File "/home/{value}/x.py", line 3 in {value}\n',
            encoding="utf-8",
        )


def needles():
    """Return what must not be found: the whole of it, its parts, and who runs this where."""
    found = set(PLANTED.values()) | {PASSPHRASE, FIRST, LAST, "Ottilie", "Zwiesel", "kettlewerk"}
    found |= {"DE89", "37040044", "4929", "8471", "8.471", "posteo", "5f3c9d2e", "b7d9f1e3"}
    found |= {"sandbox-client", "sandbox-secret", "quellwasser.example", "quellhost", "wquell"}
    here = {str(Path.home()), platform.node(), socket.gethostname(), str(Path.cwd())}
    found |= {one for one in here if len(one) > 3}
    with contextlib.suppress(KeyError, OSError):
        found |= {one for one in [getpass.getuser()] if one != "root"}
    return found


def betrayed(raw):
    """Return what of it stands in some bytes, in whatever writing."""
    found = []
    for one in needles():
        for way in (one, one.lower(), one.upper(), one.title()):
            forms = {way.encode(), way.encode("utf-16-le"), way.encode().hex().encode()}
            if any(form in raw for form in forms):
                found.append(one)
    return sorted(set(found))


def test_nothing_planted_anywhere_is_in_the_report(
    teller, folder, tmp_path, monkeypatch, caplog, capsys
):
    for name, value in {"USER": "wquell", "LOGNAME": "wquell", "HOSTNAME": "quellhost"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("platform.node", lambda: "quellhost")
    monkeypatch.setattr("platform.release", lambda: f"6.1.0-{LAST}-quellhost")
    teller.asks("doctor")  # makes the log
    plant_in_ledger(teller)
    plant_around(folder, monkeypatch)
    for crash in crashes.CrashStore(folder).all():  # the report shows some of them
        assert betrayed(crash.text.encode()) == [], crash.name
    caplog.clear()
    capsys.readouterr()
    file = tmp_path / "report.txt"
    for words in ((), ("--network",)):
        said = teller.hive(
            "doctor", "--thorough", *words, "--yes", "--force", "--save", file, "--vault",
            teller.folder,
        )  # fmt: skip
        assert said.code in (0, 1, 4)
        raw = file.read_bytes()
        assert betrayed(raw) == []
        text = raw.decode()
        for part in ("Versions", "Ledger", "Checks", "Log", "Crash"):
            assert f"\n{part}\n" in text
        assert "raised ValueError: the statement of *** failed" in text
        assert "Linux 6.1.0, " in text
    said = teller.hive("doctor", "--json", "--vault", teller.folder)
    assert betrayed(said.out.encode()) == []
    caplog.clear()


def test_no_path_with_the_name_of_who_runs_it_is_in_a_report(
    hive, bank, tmp_path, monkeypatch, caplog
):
    """The vault, its logs, its backups and the program itself may lie in a person's own folder."""
    home = tmp_path / "home" / "wquell"
    for name in ("HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home))
    teller = Teller(hive, bank, bank.url, home / "vault", monkeypatch)
    teller.link()
    place = home / "usb of wquell"
    place.mkdir()
    teller.say("backup", "folder", place)
    teller.say("backup", "now")
    logs = config.AppConfig.default().logs
    watch = crashes.CrashWatch(crashes.CrashStore(logs), "window")
    try:
        (place / "gone").read_text(encoding="utf-8")
    except OSError as error:
        logging.getLogger("hive_desktop.services.backups").exception("backup to %s failed", place)
        watch.note(f"Python error in {place}", error)
    file = tmp_path / "report.txt"

    def reported():
        for words in (("--json",), ("--yes", "--force", "--save", file), ()):
            said = teller.hive("doctor", "--thorough", *words, "--vault", teller.folder)
            assert said.code == 0, said.err
            yield said.out.lower()
        yield file.read_text(encoding="utf-8").lower()

    assert not [one for one in reported() if "wquell" in one or str(tmp_path) in one]
    shutil.rmtree(place)
    texts = list(reported())
    assert not [one for one in texts if "wquell" in one or str(tmp_path) in one]
    assert "the folder of backups is not there" in texts[0]
    caplog.clear()


def test_the_search_itself_would_find_it():
    for one in needles():
        assert one in betrayed(f"x{one.upper()}x".encode()), one
    assert betrayed(LAST.encode("utf-16-le")) == [LAST]


@pytest.mark.parametrize("version", [one for one in KNOWN if one != HEAD])
def test_a_vault_of_an_older_hive_is_looked_into_and_not_brought_up_to_date(
    hive, tmp_path, folder, version
):
    vault = tmp_path / "vault"
    shutil.copytree(GOLDEN / f"schema_{version}", vault)
    before = (vault / "ledger.db").read_bytes()
    said = hive("doctor", "--json", "--vault", vault, passphrase="golden vault passphrase")
    assert said.code == 0, said.out
    found = by_name(said.document)
    assert found["schema"]["text"] == f"The ledger has schema {version}; this Hive writes {HEAD}."
    assert found["integrity"]["result"] == found["derived"]["result"] == "ok"
    for name in ("syncs", "backup"):  # the passphrase was given, and is not asked for again
        one = found[name]
        assert "passphrase" not in one["hint"].lower(), one
        assert one["result"] != "unknown" or "once it is brought up to date" in one["hint"], one
    assert (vault / "ledger.db").read_bytes() == before


@pytest.mark.parametrize("words", [("transactions",), ("doctor", "--network")])
def test_an_update_says_what_it_does(hive, tmp_path, folder, words):
    vault = tmp_path / "vault"
    shutil.copytree(GOLDEN / f"schema_{KNOWN[0]}", vault)
    at = ("--json", "--vault", vault)
    said = hive(*words, *at, passphrase="golden vault passphrase")
    assert said.document
    assert said.err.splitlines()[:4] == [
        "The vault is of an older Hive. Before it is updated, a backup of it is made.",
        "The backup is opened and counted.",
        "The vault is brought up to date.",
        f"The vault is up to date. The backup from before lies in {vault / 'backups'}.",
    ]
    assert [one.suffix for one in (vault / "backups").iterdir()] == [".hivebackup"]
    again = hive("transactions", *at, passphrase="golden vault passphrase")
    assert (again.code, again.err) == (0, "")


def test_a_vault_of_a_newer_hive_is_a_problem_with_words(teller, folder):
    with teller.opened() as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
        raw.commit()
    found = by_name(teller.asks("doctor", code=1))
    assert found["schema"]["text"] == "A newer Hive has written the ledger."


def test_backups_that_were_proven_are_told(teller, folder):
    said = teller.hive("backup", "now", "--vault", teller.folder)
    assert said.code == 0, said.err
    document = teller.hive("doctor", "--json", "--vault", teller.folder).document
    assert results(document)["backup"] == "ok"


def test_a_restore_that_was_cut_off_is_settled_or_told(teller, folder, monkeypatch):
    assert "restore" not in by_name(teller.asks("doctor"))
    journal = teller.folder.with_name(f"{teller.folder.name}.restore.json")
    teller.folder.rename(teller.folder.with_name(f"{teller.folder.name}-replaced-20260314T120000Z"))
    journal.write_text(f'{{"aside": "{teller.folder.name}-replaced-20260314T120000Z"}}')
    found = by_name(teller.asks("doctor"))
    assert found["integrity"]["result"] == "ok"
    assert "restore" not in found
    assert not journal.exists()

    teller.folder.with_name(f"{teller.folder.name}.restoring").mkdir()
    monkeypatch.setattr(restoring, "settle", lambda _folder: None)  # another process does it
    found = by_name(teller.asks("doctor"))
    assert found["restore"]["result"] == "warning"
    assert found["integrity"]["result"] == "ok"
