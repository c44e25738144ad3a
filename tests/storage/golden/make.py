"""Makes the golden vault and archive of the present schema: run once before it is released."""

from __future__ import annotations

import asyncio
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

from hive_desktop.adapters.secrets import SystemKeychain
from hive_desktop.adapters.storage.names import HEAD
from hive_desktop.adapters.storage.store import FileVaultStore
from hive_desktop.domain.changes import Actor
from hive_desktop.domain.days import to_day
from hive_desktop.domain.ledger import (
    BankTransaction,
    BatchId,
    CategorySource,
    Label,
    TransactionQuery,
)
from hive_desktop.domain.reconcile import Plan
from hive_desktop.ports.bank import AccessToken, BankAccount

PASSPHRASE = "golden vault passphrase"


class Clock:
    """The day on which every golden vault was made."""

    def now(self):
        return datetime(2026, 1, 15, 12, tzinfo=UTC)

    def today(self):
        return date(2026, 1, 15)


def row(plaid_id, amount, name):
    day = to_day(date(2026, 1, 10)) - amount // 1000
    rest = (None, None, None, False, None, None, None, None, None)
    return BankTransaction(plaid_id, "a1", day, None, amount, "USD", name, *rest)


def fill(writes):
    item_id = writes.add_item("item", AccessToken("token"), "ins_1", "Golden Bank")
    account = BankAccount(
        "a1", None, "Checking", None, "0001", "depository", "checking", "USD", 1, 1, None
    )
    writes.put_accounts(item_id, [account])
    run_id = writes.begin_run(item_id, "made")
    rows = [row("p1", 1_234, "Golden Bakery"), row("p2", -250_000, "Golden Pay")]
    applied = writes.apply_plan(item_id, Plan(inserts=rows), run_id)
    label = Label("Income", CategorySource.BANK, 0.9, "made")
    writes.label_new(lambda rows: [label] * len(rows))
    writes.end_run(run_id, applied, 1, None)
    food = next(one for one in writes.categories() if one.name == "Food & Dining")
    chosen = [one.id for one in writes.transactions(TransactionQuery(text="bakery"))]
    writes.set_category(chosen, food.id, BatchId(b"g" * 16))


async def make(folder):
    store = FileVaultStore(clock=Clock(), keychain=SystemKeychain())
    keys, kit = store.create(folder, PASSPHRASE)
    (folder / "kit.txt").write_text(kit)
    database = store.open_database(folder, keys)
    await database.write(fill, actor=Actor.PROGRAM)
    await database.close()
    return store, keys


if __name__ == "__main__":
    target = Path(__file__).parent / f"schema_{HEAD}"
    shutil.rmtree(target, ignore_errors=True)
    store, keys = asyncio.run(make(target))
    file = target.with_name(f"archive_{HEAD}.hivearchive")
    store.exports.write_archive(target, keys, file)
    (target / "backups").rmdir()
    for leftover in ("owner.lock", "owner.txt", "header.lock"):
        (target / leftover).unlink(missing_ok=True)
