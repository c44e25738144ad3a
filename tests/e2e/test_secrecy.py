"""Nothing of a person's money, and no key, is readable in any file that Hive leaves."""

import contextlib
import json
import logging
import os
import sys
import tempfile
from decimal import Decimal

import pytest

from hive_desktop import bootstrap, demo, logs
from hive_desktop.adapters.storage.connect import Role, connect
from hive_desktop.domain.ledger import TransactionQuery
from tests.e2e.crash.conftest import PASSPHRASE as OTHER_PASSPHRASE
from tests.e2e.crash.conftest import Nursery, linked_vault

PASSPHRASE = "a passphrase of nobody else"
NEW_PASSPHRASE = "another one that came later"
SHORTEST = 6  # bytes; shorter ones turn up by chance in megabytes of ciphertext
MOST = 150  # of one kind; every merchant and account is among them


def ledger_words(folder, keys):
    """Texts of worth that the ledger holds, and its amounts as people and programs write them."""
    raw = connect(folder / "ledger.db", keys.database, Role.READER)
    words = set()
    for table, columns in (
        ("transactions", ("name", "merchant_name", "description", "plaid_id", "note")),
        ("accounts", ("name", "official_name", "plaid_account_id", "persistent_id")),
        ("plaid_items", ("institution", "plaid_item_id", "access_token", "cursor")),
        ("settings", ("value",)),
        ("egress", ("body",)),
        ("sync_events", ("before",)),
    ):
        for column in columns:
            rows = raw.execute(
                f"SELECT DISTINCT {column} FROM {table}"  # noqa: S608 - names from above
                f" WHERE {column} IS NOT NULL LIMIT {MOST}"
            )
            words |= {text for (text,) in rows}
    balances = raw.execute("SELECT balance_current_minor FROM accounts").fetchall()
    spent = raw.execute("SELECT DISTINCT abs(amount_minor) FROM transactions ORDER BY 1 DESC")
    for (minor,) in [*balances, *spent.fetchmany(MOST)]:
        if minor is not None:
            amount = Decimal(minor) / 100
            words |= {f"{amount:.2f}", f"{amount:,.2f}", f'"amount_minor":{minor}'}
    raw.close()
    return words


def needles(words, keys):
    """The same as the bytes that would betray them."""
    found = {key for key in (keys.master, keys.database, keys.egress) if key}
    words = words | {key.hex() for key in found}
    for word in words:
        found |= {word.encode(), word.lower().encode(), word.encode("utf-16-le")}
    return {one for one in found if len(one) >= SHORTEST}


def files_in(*folders):
    return [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]


def betrayed(paths, wanted):
    """(file, bytes) for everything readable."""
    return [
        (path.name, needle)
        for path in paths
        for content in [path.read_bytes()]
        for needle in wanted
        if needle in content
    ]


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    folder = tmp_path / "temporary"
    folder.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


@contextlib.contextmanager
def logging_all(folder):
    level = logging.getLogger().level
    logs.set_up(folder, level=logging.DEBUG)
    yield
    logs.tear_down()
    logging.getLogger().setLevel(level)


async def live(session, bank, url):
    """The main job and what a person does after it."""
    populated = await demo.populate(session, bank, url)
    assert populated.errors == ()
    rows = await session.ledger.page(TransactionQuery(), limit=60)
    categories = await session.ledger.categories()
    await session.ledger.set_category([row.id for row in rows[:40]], categories[4].id)
    await session.ledger.undo()
    await session.ledger.set_category([rows[0].id], categories[5].id)
    found = await session.ledger.page(TransactionQuery(text=rows[0].name), limit=5)
    assert found
    bank.advance(3)
    for result in await session.sync.sync():
        assert result.error is None


@pytest.mark.full
def test_after_the_main_job_nothing_is_readable(tmp_path, temporary):
    bank = demo.household(today=None)
    clock = bootstrap.clock_of(None)
    store = bootstrap.vault_store(clock)
    folder = tmp_path / "vault"
    keys, kit = store.create(folder, PASSPHRASE)

    async def run():
        server = await demo.start_server(bank)
        session = await bootstrap.open_session(
            folder, keys, clock=clock, store=store, browser=demo.DemoPerson(bank),
            is_demo=True, poll_s=demo.POLL_S,
        )  # fmt: skip
        try:
            await live(session, bank, server.url)
            words = ledger_words(folder, keys)
            during = {path: path.read_bytes() for path in files_in(folder)}
        finally:
            await session.close()
            server.stop()
        return words, during

    log_folder = tmp_path / "logs"
    with logging_all(log_folder):
        words, during = bootstrap.run_async(run())
    store.backups.make(folder, keys, store.backups.own_place(folder), clock.now())
    store.change_passphrase(folder, keys, NEW_PASSPHRASE)
    during |= {path: path.read_bytes() for path in files_in(folder / "backups")}
    later = store.rekey(folder, keys)
    words |= {
        PASSPHRASE,
        NEW_PASSPHRASE,
        kit,
        *kit.split(),
        bank.options.secret,
        later.database.hex(),
    }
    wanted = needles(words, keys)
    assert sum(word.startswith("access-") for word in words) == len(bank.institution_ids)
    assert len(wanted) > 1_000

    assert {"vault.json", "ledger.db-wal"} <= {
        path.name for path, content in during.items() if content
    }
    assert any("backups" in path.parts for path in during)
    for path, content in during.items():
        assert [needle for needle in wanted if needle in content] == [], path.name
    left = files_in(folder, temporary, log_folder)
    assert (log_folder / "hive.log").stat().st_size > 0
    assert betrayed(left, wanted) == []
    if os.name != "nt":
        assert [path.name for path in files_in(folder) if path.stat().st_mode & 0o077] == []
        assert folder.stat().st_mode & 0o077 == 0

    plain = tmp_path / "control.json"
    plain.write_text(json.dumps(sorted(words), ensure_ascii=False), encoding="utf-8")
    assert len(betrayed([plain], wanted)) > 300


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
def test_a_vault_killed_mid_sync_is_not_readable(tmp_path, temporary):
    nursery, stage = Nursery(), linked_vault(tmp_path)
    try:
        whole = stage.copy(tmp_path / "whole")
        stage.sync(whole)
        words = ledger_words(whole, stage.keys) | {OTHER_PASSPHRASE, stage.bank.options.secret}
        wanted = needles(words, stage.keys)
        for kind, at in (("commit", 1), ("committed", 2)):
            folder = stage.copy(tmp_path / f"{kind}-{at}")
            code, _ = nursery.sync(stage, folder, kind, at)
            assert code == -9
            assert (folder / "ledger.db-wal").stat().st_size > 100_000 * (kind == "committed")
            assert betrayed(files_in(folder, temporary), wanted) == []
    finally:
        stage.close()
        nursery.close()
