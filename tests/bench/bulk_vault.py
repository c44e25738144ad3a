"""A vault with a great many rows, made without a bank: for benchmarks that read."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from hive_desktop import bootstrap
from hive_desktop.domain.changes import Actor
from hive_desktop.domain.days import to_day
from hive_desktop.domain.ledger import BankTransaction, BatchId, TransactionQuery
from hive_desktop.domain.pipeline import Evidence
from hive_desktop.domain.reconcile import Plan
from hive_desktop.domain.row_edits import RowEdit
from hive_desktop.ports.bank import AccessToken, BankAccount
from hive_desktop.ports.sync_store import Applied

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from hive_desktop.ports.storage import Writes
    from hive_desktop.ports.vault import VaultKeys

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
TAGS = ("trip", "shared")
TAGGED = "books"
ACCOUNTS = 8
DAYS = 730
PENDINGS = 6
_A_SLICE = 5_000


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


def make_vault(
    folder: Path, rows: int, *, today: date, item: BulkItem = NO_BANK, is_tagged: bool = False
) -> VaultKeys:
    """Make the vault; returns its keys.

    Args:
        folder: where.
        rows: how many, spread over two years; at most a handful is pending.
        today: the last day.
        item: a connection of a bank that is really there, so that syncs go on from these rows.
        is_tagged: the rows of one merchant, an eighth of all, have two tags.
    """
    clock = bootstrap.clock_of(today)
    store = bootstrap.vault_store(clock)
    keys, _kit = store.create(folder, "a bench passphrase")
    sample = Evidence(model=lambda rows: [None] * len(rows), threshold=lambda: 1.0)

    async def fill() -> None:
        database = store.open_database(folder, keys)

        def work(writes: Writes) -> None:
            token = AccessToken(item.token)
            known = writes.add_item(
                item.plaid_item_id, token, item.institution_id, item.institution
            )
            accounts = [_account(n, key) for n, key in enumerate(item.account_ids)]
            writes.put_accounts(known, accounts)
            run = writes.begin_run(known, "bench")
            plan = Plan(inserts=_rows(rows, today, item.account_ids))
            applied = writes.apply_plan(known, plan, run)
            assert applied == Applied(rows, 0, 0)
            writes.label_new(sample.labels)
            writes.end_run(run, applied, 1, None)

        def tag(writes: Writes, before: int | None) -> int | None:
            ids, last = writes.rows_of(TransactionQuery(text=TAGGED), before, _A_SLICE)
            writes.edit(ids, RowEdit(add_tags=TAGS), BatchId(b"tagged for bench"))
            return last

        await database.write(work, actor=Actor.PROGRAM)
        last: int | None = None
        while is_tagged:
            last, _ = await database.write(partial(tag, before=last), actor=Actor.PERSON)
            if last is None:
                break
        await database.close()

    bootstrap.run_async(fill())
    return keys


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
