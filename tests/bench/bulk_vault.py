"""A vault with a great many rows, made without a bank: for benchmarks that read."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from hive_desktop import bootstrap
from hive_desktop.domain.changes import Actor
from hive_desktop.domain.days import to_day
from hive_desktop.domain.ledger import BankTransaction
from hive_desktop.domain.lexicon import first_label
from hive_desktop.domain.reconcile import Plan
from hive_desktop.ports.bank import AccessToken, BankAccount
from hive_desktop.ports.sync_store import Applied

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from hive_desktop.domain.ledger import ItemId
    from hive_desktop.ports.storage import Database, VaultKeys, Writes

MERCHANTS = (
    ("Blue Door Coffee", "FOOD_AND_DRINK_COFFEE", 350, 900),
    ("Corner Market", "FOOD_AND_DRINK_GROCERIES", 1200, 14_000),
    ("City Transit", "TRANSPORTATION_PUBLIC_TRANSIT", 250, 600),
    ("Northside Rent", "RENT_AND_UTILITIES_RENT", 150_000, 160_000),
    ("Grand Cinema", "ENTERTAINMENT_TV_AND_MOVIES", 1100, 4000),
    ("Main Street Books", "GENERAL_MERCHANDISE_BOOKSTORES_AND_NEWSSTANDS", 900, 6000),
    ("Old Mill Pharmacy", "MEDICAL_PHARMACIES_AND_SUPPLEMENTS", 500, 7000),
    ("Acme Payroll", "INCOME_WAGES", -300_000, -250_000),
)
ACCOUNTS = 8
DAYS = 730
PENDINGS = 6


@dataclass(frozen=True, slots=True)
class BulkItem:
    """Whose the rows are.

    Args:
        account_ids: the bank's ids of the accounts that the rows stand in.
    """

    plaid_item_id: str = "item"
    token: str = "none"
    institution_id: str = "ins_1"
    institution: str = "Bulk Bank"
    account_ids: Sequence[str] = tuple(f"a{n}" for n in range(ACCOUNTS))


NO_BANK = BulkItem()


_ROWS_AT_ONCE = 100_000


def make_vault(folder: Path, rows: int, *, today: date) -> VaultKeys:
    """Make a vault with a connection that never was; returns its keys."""
    store = bootstrap.vault_store(bootstrap.clock_of(today))
    keys, _kit = store.create(folder, "a bench passphrase")

    async def make() -> None:
        database = store.open_database(folder, keys)
        item, _ = await database.write(add_connection, actor=Actor.PROGRAM)
        await fill(database, item, rows, today=today)
        await database.close()

    bootstrap.run_async(make())
    return keys


def add_connection(writes: Writes) -> ItemId:
    """Add a connection that never was, with its accounts."""
    item = writes.add_item("item", AccessToken("none"), "ins_1", "Bulk Bank")
    writes.put_accounts(item, [_account(n) for n in range(ACCOUNTS)])
    return item


async def fill(database: Database, item: ItemId, rows: int, *, today: date) -> None:
    """Add rows to the accounts that an item has, spread over two years, as a sync would."""
    words = bootstrap.lexicon()
    accounts = await database.read(
        lambda reads: [one.plaid_account_id for one in reads.accounts_of(item)]
    )
    made = _rows(rows, accounts, today)
    for start in range(0, rows, _ROWS_AT_ONCE):
        some = made[start : start + _ROWS_AT_ONCE]

        def work(writes: Writes, some: list[BankTransaction] = some) -> None:
            run = writes.begin_run(item, "bench")
            applied = writes.apply_plan(item, Plan(inserts=some), run)
            assert applied == Applied(len(some), 0, 0)
            writes.label_new(lambda row: first_label(row, words))
            writes.end_run(run, applied, 1, None)

        await database.write(work, actor=Actor.PROGRAM)


def _rows(count: int, today: date, account_ids: Sequence[str]) -> list[BankTransaction]:
    dice = random.Random(7)
    made, pendings = [], 0
    for n in range(count):
        name, category, low, high = MERCHANTS[dice.randrange(len(MERCHANTS))]
        day = to_day(today - timedelta(days=dice.randrange(DAYS)))
        is_pending = day == to_day(today) and pendings < PENDINGS
        pendings += is_pending
        made.append(
            BankTransaction(
                f"t{n}", account_ids[n % len(account_ids)], day, day, dice.randrange(low, high),
                "USD", f"{name.upper()} {n % 977}", name, None, f"{name.upper()} {n % 977}",
                is_pending, None, category, "HIGH", "in store", None,
            )
        )  # fmt: skip
    return made


def _account(n: int, key: str) -> BankAccount:
    return BankAccount(
        key, None, f"Account {n}", None, f"000{n}", "depository", "checking", "USD",
        100_000, 100_000, None,
    )  # fmt: skip
