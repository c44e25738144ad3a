"""A small bank, vaults that are half way, a process to kill, and what must be true afterwards."""

import json
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from hive_desktop import bootstrap
from hive_desktop.adapters.storage import derived
from hive_desktop.adapters.storage.connect import Role, connect
from hive_desktop.adapters.storage.engine import engine_for
from hive_desktop.demo import DemoPerson
from hive_desktop.domain.days import to_day
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.ports.vault import VaultKeys
from hive_desktop.sandbox.bank import BankOptions, bulk_bank
from hive_desktop.sandbox.server import SandboxServer
from hive_desktop.services.bank_access import BankKeys

TODAY = date(2026, 11, 23)
PASSPHRASE = "correct horse battery staple"
ITEMS, ROWS, PAGE_ROWS = 2, 60, 25
CHILD = Path(__file__).with_name("child.py")
STRACE = shutil.which("strace")

FIGURES = """
    SELECT posted_on, account_id, coalesce(category_id, x''), currency, pending,
        sum(CASE WHEN amount_minor > 0 THEN amount_minor ELSE 0 END),
        sum(CASE WHEN amount_minor < 0 THEN -amount_minor ELSE 0 END),
        count(*), count(CASE WHEN amount_minor < 0 THEN 1 END)
    FROM transactions WHERE NOT hidden GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
"""
ROLLED_UP = """
    SELECT day, account_id, category_id, currency, pending, out_minor, in_minor, n, in_n
    FROM spend_daily ORDER BY 1, 2, 3, 4, 5
"""
STORED = """
    SELECT t.plaid_id, a.plaid_account_id, t.posted_on, t.amount_minor, t.currency, t.pending
    FROM transactions AS t JOIN accounts AS a ON a.id = t.account_id
"""


def truth(bank):
    """Every row that the bank shows, as the ledger must hold it."""
    rows = [row for row in bank.rows() if row["published"] and not row["removed"]]
    assert rows
    return sorted(
        (
            row["transaction_id"],
            row["account_id"],
            to_day(row["date"]),
            int(Decimal(row["amount"]) * 100),
            row["currency"],
            int(row["pending"]),
        )
        for row in rows
    )


@dataclass
class Stage:
    """A bank that serves, a vault in front of it, and how the next sync must end."""

    bank: object
    url: str
    keys: VaultKeys
    vault: Path
    edited: dict  # plaid id after the sync -> (transaction id, category id) that a person chose
    images: Counter | None = None  # what an undisturbed sync leaves in sync_events

    def copy(self, to):
        if to.exists():
            shutil.rmtree(to)
        shutil.copytree(self.vault, to)
        return to

    def run(self, folder, work, **choices):
        """Open a session on the vault in this process and run `work(session)` in it."""

        async def inside():
            clock = bootstrap.clock_of(TODAY)
            store = bootstrap.vault_store(clock)
            session = await bootstrap.open_session(
                folder, self.keys, clock=clock, store=store, poll_s=0.05, **choices
            )
            try:
                return await work(session)
            finally:
                await session.close()

        return bootstrap.run_async(inside())

    def sync(self, folder):
        results = self.run(folder, lambda session: session.sync.sync())
        assert [result.error for result in results] == [None] * len(results)

    def check(self, folder):
        """Assert that the vault holds the bank's rows and nothing else, whole in every part."""
        raw = connect(folder / "ledger.db", self.keys.database, Role.TOOL)
        try:
            assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert sorted(raw.execute(STORED).fetchall()) == truth(self.bank)
            rolled_up = raw.execute(ROLLED_UP).fetchall()
            assert rolled_up == raw.execute(FIGURES).fetchall()
            assert rolled_up
            chosen = raw.execute(
                "SELECT plaid_id, id, category_id FROM transactions WHERE category_source = 'user'"
            )
            assert {plaid_id: (row, category) for plaid_id, row, category in chosen} == self.edited
            if self.images is not None:
                assert images(raw) == self.images
        finally:
            raw.close()
        assert found_words(folder, self.keys) == found_words(folder, self.keys, rebuilt=True)

    def close(self):
        self.server.stop()


def images(raw):
    kinds = raw.execute("SELECT transaction_id, kind, before FROM sync_events").fetchall()
    return Counter(kinds)


def found_words(folder, key, *, rebuilt=False):
    """Every word of the search index with the row it stands in, of the index or of a fresh one."""
    engine = engine_for(folder / "ledger.db", key.database, Role.TOOL)
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN")
        if rebuilt:
            derived.rebuild(connection)
        connection.exec_driver_sql(
            "CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, transactions_fts, instance)"
        )
        words = connection.exec_driver_sql(
            "SELECT doc, term, count(*) FROM temp.words GROUP BY 1, 2 ORDER BY 1, 2"
        ).fetchall()
        connection.rollback()
    engine.dispose()
    assert words
    return [tuple(word) for word in words]


def vault_with_bank(folder, items, rows):
    """Start a bank, and make a vault that has its keys and no connection."""
    bank = bulk_bank(items, rows, today=TODAY, options=BankOptions(rate_limits=False))
    server = SandboxServer(bank)
    server.start()
    vault = folder / "vault"
    keys, _ = bootstrap.vault_store(bootstrap.clock_of(TODAY)).create(vault, PASSPHRASE)
    stage = Stage(bank, server.url, keys, vault, {})
    stage.server = server
    access = BankKeys(server.url, bank.options.client_id, bank.options.secret)
    stage.run(vault, lambda session: session.bank.configure(access))
    return stage


def linked_vault(folder):
    """Make a vault with a connection to each institution of a bank, not yet synced."""
    stage = vault_with_bank(folder, ITEMS, ROWS)

    async def link(session):
        for _ in stage.bank.institution_ids:
            await session.linking.connect()

    stage.run(stage.vault, link, browser=DemoPerson(stage.bank))
    return stage


def live_on(stage):
    """Sync, let a person sort some rows, and let the bank add, change, remove and post rows."""
    bank = stage.bank
    tokens = [item["item_id"] for item in bank.state()["items"]]
    pending = [
        bank.add_transaction("41.50", "Corner Bistro", item=tokens[0], pending=True),
        bank.add_transaction("12.00", "Night Bus", item=tokens[1], pending=True),
        bank.add_transaction("7.77", "Never Posted", item=tokens[1], pending=True),
    ]
    stage.sync(stage.vault)
    old = [row["transaction_id"] for row in bank.rows() if not row["pending"]]
    modified, sorted_by_hand, removed = old[3:9], [old[3], old[20], pending[0]], old[30:34]
    stage.edited = stage.run(stage.vault, lambda session: choose(session, stage, sorted_by_hand))

    for place in range(30):
        bank.add_transaction(
            Decimal(place + 1) / 4, f"New Row {place}", item=tokens[place % 2], pending=place > 26
        )
    for place, one in enumerate(modified):
        bank.modify(
            one, **({"amount": f"{place}.99"} if place % 2 else {"name": f"Renamed {place}"})
        )
    bank.modify(modified[0], date="2026-11-20")
    for one in [*removed, pending[2]]:
        bank.remove(one)
    posted = bank.post_pending(pending[0], amount="49.80")
    bank.post_pending(pending[1])
    stage.edited[posted] = stage.edited.pop(pending[0])
    reference = stage.copy(stage.vault.with_name("undisturbed"))
    stage.sync(reference)
    raw = connect(reference / "ledger.db", stage.keys.database, Role.TOOL)
    stage.images = images(raw)
    raw.close()
    assert len(stage.images) > 8
    stage.check(reference)


async def choose(session, stage, plaid_ids):
    """Sort rows by hand; returns them as `Stage.edited`."""
    raw = connect(session.folder / "ledger.db", stage.keys.database, Role.READER)
    ids = dict(raw.execute("SELECT plaid_id, id FROM transactions").fetchall())
    raw.close()
    category = (await session.ledger.categories())[2]
    rows = await session.ledger.page(TransactionQuery(), limit=1000)
    chosen = [row.id for row in rows if row.id in {ids[one] for one in plaid_ids}]
    assert len(chosen) == len(plaid_ids)
    await session.ledger.set_category(chosen, category.id)
    return {one: (ids[one], category.id) for one in plaid_ids}


@pytest.fixture(scope="module", params=["first", "incremental"])
def stage(request, tmp_path_factory):
    """A vault before its first sync, or before one that brings changes of every kind."""
    made = linked_vault(tmp_path_factory.mktemp("stage"))
    if request.param == "incremental":
        live_on(made)
    yield made
    made.close()


class Nursery:
    """Forks syncs from one warm process; see child.py."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, str(CHILD), str(PAGE_ROWS)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        )  # fmt: skip

    def sync(self, stage, folder, kind="none", at=0):
        """Sync in a fork; returns its exit code and the points that it passed."""
        self._ask(stage, folder, [kind, at])
        return self._end()

    def fold(self, stage, folder, kind="none", at=0):
        """Take an inbox in, in a fork; returns as `sync` does."""
        self._ask(stage, folder, [kind, at], fold=True)
        return self._end()

    def traced(self, stage, folder, inject, log, **more):
        """Sync in a fork that strace watches from before the vault is opened."""
        self._ask(stage, folder, ["none", 0], wait=True, **more)
        pid = self._hear()["pid"]
        calls = "trace=pwrite64,fdatasync,fsync"
        tampering = ["-e", f"inject={inject}"] if inject else []
        with subprocess.Popen(
            [STRACE, "-f", "-y", "-o", str(log), "-e", calls, *tampering, "-p", str(pid)],
            stderr=subprocess.PIPE, text=True,
        ) as strace:  # fmt: skip
            line = strace.stderr.readline()
            assert "attached" in line, line
            self.process.stdin.write("go\n")
            end = self._end()
            strace.communicate(timeout=60)
        return end

    def link(self, stage, folder, point):
        """Begin to link a bank in a fork; `proceed` lets it exchange, where it comes to that."""
        self._ask(stage, folder, ["none", 0], link=point, bank=stage.url)
        said = self._hear()
        return said.get("ended")

    def proceed(self):
        """Let the fork go on to its exchange; returns its exit code."""
        self.process.stdin.write("go\n")
        return self._end()[0]

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(60)

    def _ask(self, stage, folder, kill, **more):
        keys = [getattr(stage.keys, one.name).hex() for one in fields(stage.keys)]
        request = {"folder": str(folder), "keys": keys, "today": TODAY.isoformat(), "kill": kill}
        self.process.stdin.write(json.dumps(request | more) + "\n")

    def _hear(self):
        return json.loads(self.process.stdout.readline())

    def _end(self):
        seen = {}
        while "ended" not in (said := self._hear()):
            seen |= said.get("seen", {})
        return said["ended"], seen


@pytest.fixture(scope="module")
def nursery():
    made = Nursery()
    yield made
    made.close()
