"""Real vaults on real disks; only clock and keychain are ours, and Argon2id is made cheap."""

from __future__ import annotations

import asyncio
import faulthandler
import os
import signal
import threading
import time
import traceback
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from hive_desktop.adapters.storage.slots import KdfParameters
from hive_desktop.adapters.storage.store import FileVaultStore
from hive_desktop.domain.changes import Actor
from hive_desktop.domain.days import to_day
from hive_desktop.domain.ledger import BankTransaction
from hive_desktop.domain.reconcile import Change, Plan
from hive_desktop.ports.bank import AccessToken, BankAccount

PASSPHRASE = "correct horse battery"
CHEAP = KdfParameters(memory_kib=8, passes=1, lanes=1)


class FixedClock:
    """A clock that moves when it is told to."""

    def __init__(self):
        self.instant = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)

    def now(self):
        return self.instant

    def today(self):
        return self.instant.date()

    def advance(self, **by):
        self.instant += timedelta(**by)


class MemoryKeychain:
    """A keychain in memory."""

    def __init__(self):
        self.entries = {}

    def is_available(self):
        return True

    def store(self, name, secret):
        self.entries[name] = secret

    def fetch(self, name):
        return self.entries.get(name)

    def forget(self, name):
        self.entries.pop(name, None)


class Ledger:
    """An open database for tests that are not about asyncio."""

    def __init__(self, store, folder, keys, **options):
        self.published = []
        self._runner = asyncio.Runner()
        options.setdefault("publish", self.published.append)
        try:
            self.database = self.run(self._open(store, folder, keys, options))
        except BaseException:
            self._runner.close()
            raise

    async def _open(self, store, folder, keys, options):
        return store.open_database(folder, keys, **options)

    def run(self, coroutine):
        return self._runner.run(coroutine)

    def read(self, work):
        return self.run(self.database.read(work))

    def write(self, work, actor=Actor.SYNC):
        return self.run(self.database.write(work, actor=actor))[0]

    def close(self):
        self.run(self.database.close())
        self._runner.close()

    def sql(self, statement, *values):
        """Run raw SQL on the writer; for looking behind the port."""

        def work(writes):
            result = writes._handle.core.exec_driver_sql(statement, values or None)
            return [tuple(row) for row in result] if result.returns_rows else []

        return self.write(work)

    def with_bank(self, *accounts, item="item-1", currency="USD"):
        """Add an item with accounts; returns the item's id."""

        def work(writes):
            item_id = writes.add_item(item, AccessToken("access-token-1"), "ins_1", "First Bank")
            writes.put_accounts(item_id, [bank_account(one, currency) for one in accounts])
            return item_id

        return self.write(work)

    def apply(self, item_id, inserts=(), changes=(), removals=(), labeller=None):
        """Apply one plan as a sync does; returns what was applied."""

        def work(writes):
            run_id = writes.begin_run(item_id, "test")
            plan = Plan(list(inserts), [Change(*one) for one in changes], list(removals))
            applied = writes.apply_plan(item_id, plan, run_id)
            if labeller is not None:
                writes.label_new(lambda rows: [labeller(row) for row in rows])
            writes.end_run(run_id, applied, 1, None)
            return applied

        return self.write(work)

    def stored(self, item_id, *plaid_ids):
        """Return stored rows by the bank's id."""
        found = self.read(lambda reads: reads.stored_rows(item_id, plaid_ids))
        return {row.bank.plaid_id: row for row in found}


def bank_account(plaid_id, currency="USD"):
    return BankAccount(
        plaid_id, None, f"Account {plaid_id}", None, "0001", "depository", "checking", currency,
        100_00, 90_00, None,
    )  # fmt: skip


def bank_row(plaid_id, account="checking", day=date(2026, 3, 1), amount=1234, **fields):
    """Return a bank row; a day may be a date or a day number."""
    values = {
        "plaid_id": plaid_id,
        "plaid_account_id": account,
        "posted_on": day if isinstance(day, int) else to_day(day),
        "authorized_on": None,
        "amount_minor": amount,
        "currency": "USD",
        "name": f"ROW {plaid_id}",
        "merchant_name": None,
        "merchant_entity_id": None,
        "description": None,
        "pending": False,
        "pending_plaid_id": None,
        "bank_category": None,
        "bank_confidence": None,
        "payment_channel": "in store",
        "check_number": None,
    }
    return BankTransaction(**{**values, **fields})


MOST_LOOKS = 800


def in_child(work):
    """Run `work` in a forked child; returns its exit code, negative for a signal.

    A joined thread may still be inside OpenSSL's clean-up, and a child forked at that moment keeps
    its lock for ever: hence the wait until the kernel has no thread that Python does not know. It
    is bounded, because a library's own threads (numpy's) stay for good; in looks and not in time,
    which passes while the machine stands still and that thread with it.
    """
    for _ in range(MOST_LOOKS):
        if len(list(Path("/proc/self/task").iterdir())) <= threading.active_count():
            break
        time.sleep(0.001)
    child = os.fork()
    if child == 0:
        code = 99
        try:
            faulthandler.dump_traceback_later(40)
            code = work() or 0
        except BaseException:  # noqa: BLE001 - the edge of a process: its parent only sees the code
            traceback.print_exc()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def die():
    """End this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture
def clock():
    return FixedClock()


@pytest.fixture
def keychain():
    return MemoryKeychain()


@pytest.fixture
def store(clock, keychain):
    return FileVaultStore(clock=clock, keychain=keychain, kdf=CHEAP)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "vault"


@pytest.fixture
def keys(store, folder):
    return store.create(folder, PASSPHRASE)[0]


@pytest.fixture
def ledger(store, folder, keys):
    opened = Ledger(store, folder, keys)
    yield opened
    opened.close()


@pytest.fixture
def kit():
    """The helpers of this module, for tests that need more than the fixtures."""
    return Kit


class Kit:
    """What test modules would import from here; under importlib mode a conftest has no name."""

    PASSPHRASE = PASSPHRASE
    CHEAP = CHEAP
    Ledger = Ledger
    FixedClock = FixedClock
    MemoryKeychain = MemoryKeychain
    bank_row = staticmethod(bank_row)
    bank_account = staticmethod(bank_account)
    in_child = staticmethod(in_child)
    die = staticmethod(die)
