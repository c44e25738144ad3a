"""Gives rows of the ledger other bank columns, and nothing else of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hive_desktop.adapters.storage import shelf
from hive_desktop.adapters.storage.merchants import bank_values
from hive_desktop.adapters.storage.names import SYNC_COLUMNS
from hive_desktop.domain.changes import Kind
from hive_desktop.domain.ledger import TransactionId

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hive_desktop.adapters.storage.seqs import Seqs
    from hive_desktop.adapters.storage.shelf import Located
    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.ledger import BankTransaction

# Without the IN the planner, which knows no sizes of temporary tables, may scan the whole ledger.
_UPDATE_BANK_COLUMNS = f"""
    UPDATE transactions
    SET seq = n.seq, {", ".join(f"{name} = n.{name}" for name in SYNC_COLUMNS)}
    FROM temp.bank_news AS n
    WHERE transactions.id = n.id AND transactions.id IN (SELECT id FROM temp.bank_news)
"""  # noqa: S608 - column names of this package's schema only


def put_bank_columns(
    work: Work,
    located: list[Located],
    rows: Mapping[TransactionId, tuple[bytes, BankTransaction]],
    seqs: Seqs,
) -> None:
    """Give rows of the ledger other bank columns; they move when their date does.

    Args:
        work: the unit of work.
        located: where the rows stand now.
        rows: by id, the account's id and the row as it shall be.
        seqs: positions on the days of `rows`.
    """
    news: list[tuple[Any, ...]] = []
    work.take_out(seq for _, seq, _, _ in located)
    merchants = work.merchants.of([rows[TransactionId(row_id)][1] for row_id, _, _, _ in located])
    for (row_id, seq, _, day), merchant in zip(located, merchants, strict=True):
        account, row = rows[TransactionId(row_id)]
        place = seq if row.posted_on == day else seqs.take(row.posted_on)
        news.append((row_id, place, *bank_values(row, account, merchant)))
        work.dirty.leave([seq])
        work.dirty.arrive([place])
        work.touched.pop(seq, None)
        work.touched[place] = (row_id, row)
    shelf.fill_news(work, news)
    work.connection.exec_driver_sql(_UPDATE_BANK_COLUMNS)
    work.moved.update(row_id for row_id, _, _, _ in located)
    work.note(Kind.TRANSACTIONS, (row_id for row_id, _, _, _ in located))
