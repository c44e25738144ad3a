"""What rows of files become in the ledger beside their columns: splits, tags, balances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.domain.days import to_day
from hive_desktop.domain.file_categories import category_meant
from hive_desktop.domain.ledger import ItemState
from hive_desktop.domain.manual import FIRST_DAY
from hive_desktop.domain.money import MOST_BY_HAND
from hive_desktop.domain.row_edits import LONGEST_NOTE, LONGEST_TAG, tidy_tags
from hive_desktop.domain.splits import LEAST_PARTS, MOST_PARTS, Part
from hive_desktop.services.importing_targets import is_told_owed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hive_desktop.domain.ledger import Account, BatchId, CategoryId, TransactionId
    from hive_desktop.domain.statements import FileBalance, FileRow, Statement
    from hive_desktop.ports.storage import Reads, Writes


def tags_of(row: FileRow) -> tuple[str, ...]:
    """Return the tags of a row as the ledger keeps them."""
    return tidy_tags(one[:LONGEST_TAG] for one in row.tags) if row.tags else ()


def put_splits(
    writes: Writes,
    rows: Sequence[FileRow],
    placed: Mapping[int, TransactionId],
    batch: BatchId,
) -> None:
    """Divide rows as their file does; `placed` has the ids by the rows' places."""
    divided = [at for at in placed if LEAST_PARTS <= len(rows[at].parts) <= MOST_PARTS]
    if not divided:
        return
    categories = _categories(writes)
    meant: dict[str, CategoryId | None] = {}
    for at in divided:
        parts = rows[at].parts
        if sum(one.amount_minor for one in parts) != rows[at].amount_minor:
            continue
        if not all(one.amount_minor for one in parts):
            continue
        for one in parts:
            if one.category not in meant:
                name = category_meant(one.category, categories)
                meant[one.category] = None if name is None else categories[name]
        told = [
            Part(one.amount_minor, meant[one.category], one.memo.strip()[:LONGEST_NOTE], ())
            for one in parts
        ]
        writes.splits.divide(placed[at], told, batch)


def put_balances(
    writes: Writes,
    account: Account,
    statement: Statement,
    today: int,
    batch: BatchId,
) -> int:
    """Keep what a file says that an account of the person's held, where nobody said so before.

    Returns how many days have a balance now. A bank's own balances are the bank's to say. A file
    of a card tells what is owed: into an account that is none they go turned, and the other way.
    """
    usable = usable_balances(statement.balances, account.currency, today)
    if account.state is not ItemState.MANUAL or not usable:
        return 0
    known = writes.imports.balance_days(account.id)
    is_turned = is_told_owed(statement.account) is (not account.is_owed)
    written = 0
    for one in usable:
        if one.day not in known:
            known.add(one.day)
            minor = -one.amount_minor if is_turned else one.amount_minor
            written += writes.manual.put_balance(account.id, one.day, minor, batch)
    return written


def usable_balances(
    balances: Sequence[FileBalance], currency: str, today: int
) -> list[FileBalance]:
    """Return those that an account of a currency can keep."""
    return [
        one
        for one in balances
        if one.currency in ("", currency)
        and to_day(FIRST_DAY) <= one.day <= today
        and abs(one.amount_minor) <= MOST_BY_HAND
    ]


def _categories(reads: Reads) -> dict[str, CategoryId]:
    """Return categories by their present names, and by their default ones."""
    found = reads.categories()
    return {one.key: one.id for one in found if one.key} | {one.name: one.id for one in found}
