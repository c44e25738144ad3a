"""An archive holds all that is the person's, makes the same ledger anew, and nothing half."""

import hashlib
import json
import zipfile
from contextlib import closing
from random import Random

import pytest

from hive_desktop.adapters.storage import archive_reading, archive_tables
from hive_desktop.adapters.storage.archive_writing import manifest_sum
from hive_desktop.adapters.storage.connect import Role, connect
from hive_desktop.domain.changes import Actor
from hive_desktop.domain.ledger import ItemState, TransactionQuery
from hive_desktop.ports.errors import (
    ArchiveDamagedError,
    ArchiveTooNewError,
    ArchiveUnreadableError,
    ExportStoppedError,
    UsageError,
    VaultExistsError,
)
from hive_desktop.services import settings
from tests.files.exporting.living import fill
from tests.unit.services.world import Vault

PASSPHRASE = "another horse battery"
DERIVED = {name for name, why in archive_tables.LEFT_OUT.items() if why.startswith("computed")}
STAYS = set(archive_tables.LEFT_OUT) - DERIVED
"""What a new vault has of its own; all others must be equal."""

PLANTED = {
    "bank.secret": "planted-bank-secret",
    "bank.client_id": "planted-client",
    "ai.key": "planted-ai-key",
    "ai.base_url": "https://planted.example",
    "relay.refresh_token": "planted-refresh",
    "relay.email": "planted@example.org",
    "backup.folder": "/home/planted",
}


def raw_of(vault):
    return closing(connect(vault.folder / "ledger.db", vault.keys.database, Role.READER))


def tables(vault):
    """Return every table's rows, sorted, with their columns by name."""
    with raw_of(vault) as raw:
        return {
            name: sorted(map(repr, raw.execute(f"SELECT * FROM {name}").fetchall()))  # noqa: S608
            for name in archive_tables.tables_in(raw)
            if name != "transactions_fts"
        }


def held(vault):
    """Return what leaves, as it leaves."""
    with raw_of(vault) as raw:
        return {
            one.name: raw.execute(*one.select()).fetchall()
            for one in archive_tables.held_tables(raw)
        }


def archive_of(vault, file):
    file.touch()
    vault.store.exports.write_archive(vault.folder, vault.keys, file)
    return file


def anew(vault, file, folder, monkeypatch):
    """Make a vault of an archive; returns it, with the same bank and clock."""
    keys, _, rows = vault.store.exports.create_from(file, folder, PASSPHRASE)
    made = object.__new__(Vault)
    made.__dict__.update(vault.__dict__, folder=folder, keys=keys)
    monkeypatch.setattr("hive_desktop.bootstrap.parts.plaid", lambda *_: made.bank)
    return made, rows


@pytest.fixture
def archive(lived, tmp_path):
    return archive_of(lived, tmp_path / "all.hivearchive")


def test_each_table_and_each_setting_is_in_or_is_named_as_left_out(lived):
    with raw_of(lived) as raw:
        every = set(archive_tables.tables_in(raw))
        assert every - archive_tables.HELD - set(archive_tables.LEFT_OUT) == set()
        assert archive_tables.HELD | set(archive_tables.LEFT_OUT) == every
        assert not archive_tables.HELD & set(archive_tables.LEFT_OUT)
        for one in archive_tables.held_tables(raw):
            assert one.keys, one.name
    names = {
        value
        for name, value in vars(settings).items()
        if name.isupper() and isinstance(value, str) and not name.startswith("_")
    }
    of_this_computer = {
        settings.SYNC_PAUSED_UNTIL,
        settings.SEALED_INBOX,
        settings.SEALED_ROWS,
        settings.TOLD_RUNNING,
        settings.BACKUP_LAST,
        settings.BACKUP_DRILL,
        settings.SETUP_STEP,
    }
    assert names - archive_tables.SETTINGS == of_this_computer


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.full),
                                  pytest.param(3, marks=pytest.mark.full),
                                  pytest.param(4, marks=pytest.mark.full)])  # fmt: skip
def test_a_vault_made_of_an_archive_has_the_same_ledger(tmp_path, monkeypatch, seed):
    vault = Vault(tmp_path / "vault", monkeypatch)
    vault.run(lambda world: fill(world, Random(seed), steps=30))
    first = archive_of(vault, tmp_path / "first.hivearchive")
    made, rows = anew(vault, first, tmp_path / "new", monkeypatch)

    assert held(made) == held(vault)
    assert {name: len(found) for name, found in held(vault).items()} == rows
    before, after = tables(vault), tables(made)
    assert before.keys() == after.keys()
    unequal = {name for name in before if before[name] != after[name]}
    # Connections lose what signs them in, and what the old one's cursor was.
    assert unequal <= STAYS | {"settings", "plaid_items", "sync_runs"}
    assert min(rows[name] for name in ("edits", "transfers", "split_parts", "chat_receipts")) > 0

    second = archive_of(made, tmp_path / "second.hivearchive")
    assert second.read_bytes() == first.read_bytes()

    undone = [one.run(_undo_all) for one in (vault, made)]
    assert undone[0] == undone[1]
    assert len(undone[0][0]) > 3
    assert tables(vault)["transactions"] == tables(made)["transactions"]
    assert tables(vault)["spend_daily"] == tables(made)["spend_daily"]


async def _undo_all(world):
    said = []
    while await world.session.ledger.last_change() is not None and len(said) < 40:
        said.append((await world.session.ledger.undo()).sentence)
    said.append((await world.session.ledger.redo()).sentence)
    found = await world.session.ledger.page(TransactionQuery(text="netflix"))
    return said, [one.id for one in found]


def test_banks_arrive_signed_out_and_go_on_where_they_are_connected_anew(
    lived, archive, tmp_path, monkeypatch
):
    made, _ = anew(lived, archive, tmp_path / "new", monkeypatch)

    async def work(world):
        items = await world.session.ledger.items()
        assert {one.state for one in items} == {ItemState.REVOKED}
        known = await world.session.database.read(lambda reads: reads.known_items())
        assert {(one.token.value, one.cursor) for one in known} == {("", "")}
        removed = list(made.bank.removed)
        await world.session.linking.disconnect(items[0].id, keep_history=True)
        assert made.bank.removed == removed  # there is nothing to end at the bank
        assert (await world.session.ledger.items())[0].state is ItemState.CLOSED

    made.run(work)


def test_no_secret_leaves(tmp_path, monkeypatch):
    vault = Vault(tmp_path / "vault", monkeypatch)

    async def work(world):
        await fill(world, Random(5), rows=20, steps=3)

        def plant(writes):
            for key, value in PLANTED.items():
                writes.put_setting(key, value)
            writes.open_journal("planted-link-token")
            writes._handle.raw.execute(
                "UPDATE plaid_items SET access_token = 'planted-token-' || plaid_item_id, "
                "cursor = 'planted-cursor' WHERE state <> 'manual'"
            )
            writes._handle.raw.execute("UPDATE sync_runs SET cursor_before = 'planted-before'")
            writes._handle.raw.execute(
                "INSERT INTO egress (at, host, purpose, path, body, body_hash, body_length, "
                "seconds, method) VALUES (0, 'h', 'p', '/planted-path', 'planted-body', x'00', "
                "1, 0.1, 'POST')"
            )

        await world.session.database.write(plant, actor=Actor.PERSON)

    vault.run(work)
    whole = archive_of(vault, tmp_path / "all.hivearchive")
    plain = tmp_path / "plain.sqlite"
    plain.touch()
    vault.store.exports.write_plain(vault.folder, vault.keys, plain)
    with zipfile.ZipFile(whole) as archive:
        texts = [archive.read(name) for name in archive.namelist()]
    for text in (*texts, plain.read_bytes()):
        assert b"planted" not in text
        assert vault.keys.database not in text
        assert vault.keys.database.hex().encode() not in text


def test_what_an_archive_brings_that_it_must_not_is_taken_out(
    lived, archive, tmp_path, monkeypatch
):
    def change(name, rows):
        if name == "settings":
            rows.append(["ai.base_url", "https://evil.example"])
        if name == "plaid_items":
            for one in rows:
                one[4] = "access-production-evil"
        return rows

    forged = rewritten(archive, tmp_path / "forged.hivearchive", change)
    made, _ = anew(lived, forged, tmp_path / "new", monkeypatch)
    with raw_of(made) as raw:
        assert raw.execute("SELECT * FROM settings WHERE key LIKE 'ai.%'").fetchall() == []
        tokens = raw.execute("SELECT DISTINCT access_token FROM plaid_items").fetchall()
        assert tokens == [("",)]


def rewritten(archive, target, change, **said):
    """Write an archive with other rows, and with sums that agree with them."""
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        manifest = json.loads(old.read("manifest.json"))
        for name, one in manifest["tables"].items():
            member = f"tables/{name}.jsonl"
            rows = [json.loads(line) for line in old.read(member).splitlines()]
            rows = change(name, rows)
            text = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
            one["rows"], one["sha256"] = len(rows), hashlib.sha256(text).hexdigest()
            new.writestr(member, text)
        manifest |= said
        manifest["sha256"] = manifest_sum(manifest)
        new.writestr("manifest.json", json.dumps(manifest))
    return target


def refused(lived, file, folder, error):
    with pytest.raises(error) as caught:
        lived.store.exports.create_from(file, folder, PASSPHRASE)
    assert not folder.exists()
    title, message, hint = caught.value.rendered()
    assert title
    assert message
    assert hint
    return caught.value


def same(_name, rows):
    return rows


def test_a_newer_archive_is_refused(lived, archive, tmp_path):
    for at, said in enumerate(({"version": 2}, {"schema": "0999"})):
        newer = rewritten(archive, tmp_path / f"{at}.hivearchive", same, **said)
        refused(lived, newer, tmp_path / "new", ArchiveTooNewError)


def test_what_is_no_archive_is_refused(lived, tmp_path):
    nothing = tmp_path / "nothing.hivearchive"
    refused(lived, nothing, tmp_path / "new", ArchiveUnreadableError)
    nothing.write_bytes(b"no zip at all")
    refused(lived, nothing, tmp_path / "new", ArchiveUnreadableError)
    with zipfile.ZipFile(nothing, "w") as other:
        other.writestr("letter.txt", "x")
    refused(lived, nothing, tmp_path / "new", ArchiveUnreadableError)
    with zipfile.ZipFile(nothing, "w") as other:
        other.writestr("manifest.json", '{"format": "another"}')
    refused(lived, nothing, tmp_path / "new", ArchiveUnreadableError)


def test_wherever_an_archive_is_cut_or_changed_nothing_is_made_of_it(lived, archive, tmp_path):
    whole, file = archive.read_bytes(), tmp_path / "broken.hivearchive"
    dice = Random(3)
    for at in range(0, len(whole), len(whole) // 12 + 1):
        file.write_bytes(whole[:at])
        refused(lived, file, tmp_path / "new", (ArchiveDamagedError, ArchiveUnreadableError))
    changed = 0
    for _ in range(25):
        at = dice.randrange(len(whole))
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        try:
            lived.store.exports.create_from(file, tmp_path / f"made{changed}", PASSPHRASE)
        except (ArchiveDamagedError, ArchiveUnreadableError, ArchiveTooNewError):
            continue
        changed += 1  # a byte that says nothing: a date, a mode
    assert changed <= 5


_CHANGES = {
    "rows": lambda rows: rows.append(rows[0]),
    "types": lambda rows: rows[0].__setitem__(0, "seven"),
    "columns": lambda rows: rows[0].pop(),
    "foreign": lambda rows: rows[0].__setitem__(3, ["00" * 16]),
    "bytes": lambda rows: rows[0].__setitem__(1, ["no hex"]),
    "empty": lambda rows: rows[0].__setitem__(1, []),
}


@pytest.mark.parametrize("what", [*_CHANGES, "sum", "tables"])
def test_an_archive_that_contradicts_itself_is_refused(lived, archive, tmp_path, what):
    def change(name, rows):
        if name == "transactions":
            _CHANGES[what](rows)
        return rows

    broken = tmp_path / "broken.hivearchive"
    if what == "sum":
        with zipfile.ZipFile(archive) as old, zipfile.ZipFile(broken, "w") as new:
            for name in old.namelist():
                text = old.read(name)
                new.writestr(name, text[:-2] + b"\n" if name.endswith("accounts.jsonl") else text)
    elif what == "tables":
        with zipfile.ZipFile(archive) as old, zipfile.ZipFile(broken, "w") as new:
            for name in old.namelist():
                new.writestr(name, old.read(name))
            new.writestr("tables/../../evil", b"x")
    else:
        rewritten(archive, broken, change)
    refused(lived, broken, tmp_path / "new", ArchiveDamagedError)


def test_bombs_are_refused_before_they_are_unpacked(lived, archive, tmp_path, monkeypatch):
    bomb = tmp_path / "bomb.hivearchive"
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = b"0" * (archive_reading._SMALL + 1) if name.endswith("edits.jsonl") else b""
            new.writestr(name, text or old.read(name))
    refused(lived, bomb, tmp_path / "new", ArchiveDamagedError)
    monkeypatch.setattr(archive_reading, "_MOST_RATIO", 10**9)
    monkeypatch.setattr(archive_reading, "_MOST_LINE", 1 << 16)
    refused(lived, bomb, tmp_path / "new", ArchiveDamagedError)


def test_long_lines_are_not_gathered(archive, monkeypatch):
    monkeypatch.setattr(archive_reading, "_BYTES_A_STEP", 1 << 12)
    with closing(archive_reading.Archive(archive)) as opened:
        listed = opened.manifest.tables["transactions"]
        table = archive_tables.HeldTable("transactions", tuple(listed.columns), ())
        steps = [len(some) for some in opened._steps("transactions", table)]
    assert sum(steps) == listed.rows
    assert 2 < max(steps) < 20


def test_a_vault_that_is_there_stays_and_so_does_what_lies_in_a_folder(lived, archive, tmp_path):
    with pytest.raises(VaultExistsError):
        lived.store.exports.create_from(archive, lived.folder, PASSPHRASE)
    assert lived.store.unlock(lived.folder, "correct horse battery") == lived.keys
    with pytest.raises(UsageError):
        lived.store.exports.create_from(archive, tmp_path / "new", "short")
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "letter.txt").write_text("mine")
    archive.write_bytes(archive.read_bytes()[:-100])
    with pytest.raises((ArchiveDamagedError, ArchiveUnreadableError)):
        lived.store.exports.create_from(archive, folder, PASSPHRASE)
    assert (folder / "letter.txt").read_text() == "mine"
    assert not (folder / "ledger.db").exists()


def test_reading_and_writing_are_stopped_and_leave_nothing(lived, archive, tmp_path):
    def no(_phase, _done, _total):
        return False

    with pytest.raises(ExportStoppedError):
        lived.store.exports.create_from(archive, tmp_path / "new", PASSPHRASE, no)
    assert not (tmp_path / "new").exists()

    async def work(world):
        for write, name in (
            (world.session.exports.write_archive, "a.hivearchive"),
            (world.session.exports.write_plain, "a.sqlite"),
        ):
            with pytest.raises(ExportStoppedError):
                await write(tmp_path / name, no)

    lived.run(work)
    assert [one.name for one in tmp_path.iterdir()] == [archive.name]
