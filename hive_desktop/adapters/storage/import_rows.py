"""Inserts rows of files, with their labels where these are decided already.

Of a long file, search index and roll-ups take in what is inserted while it is decided over the next
rows: the first is the database's work and the second the interpreter's.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hive_desktop.adapters.storage import derived
from hive_desktop.adapters.storage.bulk import inserts, slices
from hive_desktop.adapters.storage.ids import new_id
from hive_desktop.adapters.storage.labels import LabelColumns
from hive_desktop.adapters.storage.names import BANK_COLUMNS
from hive_desktop.adapters.storage.seqs import Seqs
from hive_desktop.domain.changes import Kind
from hive_desktop.domain.ledger import TransactionId
from hive_desktop.domain.merchants import merchant_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hive_desktop.adapters.storage.bulk import Filled
    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.ledger import AccountId
    from hive_desktop.domain.merchants import Merchant
    from hive_desktop.ports.category_store import Labeller
    from hive_desktop.ports.import_store import NewRow

ROWS_A_STEP: Final = 4_096
"""Rows that search index and roll-ups take in at once."""

_TURN_S = 0.0002


class _Decided(NamedTuple):
    """A few rows, and all of them that needs no look into the ledger.

    `statements` insert them; None where they name a merchant that has no number yet.
    """

    ids: list[TransactionId]
    places: list[int]
    merchants: list[Merchant]
    columns: dict[str, Sequence[Any]]
    statements: list[Filled] | None


def insert(
    work: Work, account_id: AccountId, told: Sequence[NewRow], labeller: Labeller | None
) -> list[TransactionId]:
    """Insert rows; returns their ids in order.

    Args:
        work: the transaction.
        account_id: whose they are.
        told: the rows, the oldest first.
        labeller: labels them, and reads nothing; without, they are labelled with what else the
            transaction brings.
    """
    seqs = Seqs(work.connection, {one.row.posted_on for one in told})
    labels = None if labeller is None else LabelColumns(work, labeller)
    ids: list[TransactionId] = []
    with _settling(work, beside=len(told) > ROWS_A_STEP and labels is not None) as settle:
        for step in slices(told, ROWS_A_STEP):
            # A few rows at a time: see `bulk` on what holds the interpreter's lock.
            decided = [_decided(work, some, account_id, seqs, labels) for some in slices(step)]
            with settle():
                for one in decided:
                    _insert(work, one)
            ids += [row_id for one in decided for row_id in one.ids]
    return ids


def _decided(
    work: Work,
    told: Sequence[NewRow],
    account_id: AccountId,
    seqs: Seqs,
    labels: LabelColumns | None,
) -> _Decided:
    bank = [one.row for one in told]
    ids = [TransactionId(new_id()) for _ in bank]
    places = [seqs.take(row.posted_on) for row in bank]
    columns: dict[str, Sequence[Any]] = dict(
        zip(BANK_COLUMNS, zip(*bank, strict=True), strict=True)
    )
    columns |= {"account_id": [account_id] * len(bank), "seq": places, "id": ids}
    if any(one.note or one.tags for one in told):
        columns["note"] = [one.note for one in told]
        columns["tags"] = [
            json.dumps(one.tags, ensure_ascii=False) if one.tags else None for one in told
        ]
    if labels is not None:
        columns |= labels.of(bank)
        work.labelled.update(ids)
    work.touched.update(zip(places, zip(ids, bank, strict=True), strict=True))
    work.arrived.update(places)
    work.note(Kind.TRANSACTIONS, ids)
    merchants = [merchant_of(row.merchant_name, row.name, row.description) for row in bank]
    numbers = work.merchants.known(merchants)
    statements = None if numbers is None else _statements(columns, numbers)
    return _Decided(ids, places, merchants, columns, statements)


def _insert(work: Work, some: _Decided) -> None:
    statements = some.statements
    if statements is None:
        statements = _statements(some.columns, work.merchants.numbers(some.merchants))
    for statement, values in statements:
        work.connection.exec_driver_sql(statement, values)
    work.dirty.arrive(some.places)


def _statements(columns: dict[str, Sequence[Any]], merchants: list[int | None]) -> list[Filled]:
    return inserts("transactions", columns | {"merchant_id": merchants})


@contextmanager
def _in_turn() -> Iterator[None]:
    """Let two threads take short turns: each statement waits for the end of one."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(min(before, _TURN_S))
    try:
        yield
    finally:
        sys.setswitchinterval(before)


@contextmanager
def _settling(work: Work, *, beside: bool) -> Iterator[Callable[[], Any]]:
    """Give what each step is inserted in.

    Args:
        work: the transaction; nothing else touches it while a step is taken in.
        beside: take a step in while the next one is decided over; without, all is taken in with
            what else the transaction brings.
    """
    if not beside:

        @contextmanager
        def at_the_end() -> Iterator[None]:
            yield

        yield at_the_end
        return
    work.is_long = True
    with _in_turn(), ThreadPoolExecutor(1, thread_name_prefix="hive-settle") as pool:
        running = pool.submit(lambda: None)

        @contextmanager
        def one_by_one() -> Iterator[None]:
            nonlocal running
            running.result()
            yield
            running = pool.submit(derived.refresh, work.connection, work.dirty)

        yield one_by_one
        running.result()
