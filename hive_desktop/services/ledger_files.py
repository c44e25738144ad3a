"""Rows of the ledger as a file for spreadsheets: CSV (RFC 4180), UTF-8 with a byte-order mark."""

from __future__ import annotations

import asyncio
import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from hive_desktop.domain.ledger import SORTED_MOST, Order, TransactionQuery
from hive_desktop.domain.money import from_minor
from hive_desktop.services.whole_file import WholeFile, safe_cell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from hive_desktop.domain.ledger import Account, AccountId, TransactionRow
    from hive_desktop.ports.storage import Database, Reads

_HEADINGS: Final = (
    "Date",
    "Name",
    "Bank's name",
    "Amount",
    "Currency",
    "Category",
    "Account",
    "Bank",
    "State",
    "Note",
    "Tags",
    "Hidden",
    "Id",
)
_MARK: Final = "\ufeff"  # by which a spreadsheet knows that it is UTF-8
_ROWS_A_STEP: Final = 2_000


async def write_csv(
    database: Database,
    query: TransactionQuery,
    file: Path,
    *,
    order: Order = Order.NEWEST,
    on_progress: Callable[[int, int], bool] = lambda _done, _total: True,
) -> int | None:
    """Write the rows of a query into a file; returns how many, or None where it was stopped.

    Amounts are whole units with a point, money out is negative.

    Args:
        database: the ledger.
        query: which rows.
        file: is replaced once all is written.
        order: of the rows; see `Order` for how many are sorted.
        on_progress: told after some rows how many of how many are written; False stops.

    Raises:
        UsageError: the file cannot be written.
    """
    total, accounts = await database.read(
        lambda reads: (reads.count(query), {one.id: one for one in reads.accounts()})
    )
    if not order.is_by_day and query != TransactionQuery():
        total = min(total, SORTED_MOST)
    with WholeFile(file) as out:
        out.write(f"{_MARK}{','.join(_HEADINGS)}\r\n")
        done, before, is_over = 0, query.before, False
        while not is_over:

            def read(
                reads: Reads, done: int = done, before: int | None = before
            ) -> tuple[str, int, int | None]:
                # Newest first, each step goes on from the last row: nothing is skipped by counting.
                is_newest = order is Order.NEWEST
                asked = replace(query, before=before) if is_newest else query
                rows = reads.transactions(
                    asked, limit=_ROWS_A_STEP, offset=0 if is_newest else done, order=order
                )
                return _lines(rows, accounts), len(rows), rows[-1].seq if rows else None

            text, count, before = await database.read(read)
            await asyncio.get_running_loop().run_in_executor(None, out.write, text)
            done += count
            is_over = count < _ROWS_A_STEP
            if not on_progress(done, max(total, done)) and not is_over:
                return None
        out.finish()
    return done


def _lines(rows: Iterable[TransactionRow], accounts: Mapping[AccountId, Account]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([safe_cell(value) for value in _values(row, accounts)] for row in rows)
    return text.getvalue()


def _values(row: TransactionRow, accounts: Mapping[AccountId, Account]) -> list[str]:
    account = accounts.get(row.account_id)
    return [
        row.posted_on.isoformat(),
        row.merchant or row.name,
        row.name,
        f"{from_minor(-row.amount_minor, row.currency):f}",
        row.currency,
        row.category or "",
        "" if account is None else account.title,
        "" if account is None else account.institution,
        "pending" if row.pending else "posted",
        row.note or "",
        ", ".join(row.tags),
        "yes" if row.is_hidden else "",
        row.id.hex(),
    ]
