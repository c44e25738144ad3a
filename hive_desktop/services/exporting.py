"""Writing the ledger for other programs: rows in a format, a plain copy, an archive of everything.

Each is of one instant, on a connection of its own, off the loop's thread: pages and writes go on
beside it. A file is there once it is whole; what is stopped leaves nothing.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from hive_desktop.domain.exporting import ExportFormat
from hive_desktop.domain.ledger import SORTED_MOST, Order, TransactionQuery
from hive_desktop.ports.backups import Phase
from hive_desktop.ports.errors import ExportStoppedError
from hive_desktop.services.export_source import LedgerSource
from hive_desktop.services.stoppable import stoppable
from hive_desktop.services.whole_file import WholeFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from hive_desktop.domain.exporting import Book
    from hive_desktop.ports.backups import Heard
    from hive_desktop.ports.exports import ExportStore, Snapshot, Writer
    from hive_desktop.ports.system import Clock
    from hive_desktop.ports.vault_keys import VaultKeys
    from hive_desktop.services.stoppable import Teller

_WITHOUT_PENDING: Final = (ExportFormat.OFX,)
_WITH_BALANCES: Final = (ExportFormat.OFX,)
_CHUNK: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Attributes:
        rows: how many.
        left_out: how many pending ones the format has no place for.
        without_balance: what the accounts are called whose balances the format wants, and nobody
            knows.
    """

    rows: int
    left_out: int = 0
    without_balance: tuple[str, ...] = ()


class ExportService:
    """Writes files of one open vault.

    Args:
        store: reads the vault and writes whole copies.
        folder: the vault's.
        keys: the vault's.
        writers: makes those that write rows, when they are first wanted.
        clock: says which day balances are of.
    """

    def __init__(
        self,
        store: ExportStore,
        folder: Path,
        keys: VaultKeys,
        writers: Callable[[], Mapping[ExportFormat, Writer]],
        clock: Clock,
    ) -> None:
        self._store = store
        self._folder = folder
        self._keys = keys
        self._writers = writers
        self._clock = clock

    async def write(
        self,
        form: ExportFormat,
        query: TransactionQuery,
        file: Path,
        *,
        order: Order = Order.NEWEST,
        on_progress: Callable[[int, int], bool] = lambda _done, _total: True,
    ) -> Exported | None:
        """Write the rows of a query into a file, which is replaced once all is written.

        Args:
            form: the format.
            query: which rows.
            file: where to.
            order: of CSV and JSON lines; the others are by day. `Order` says how many are sorted.
            on_progress: told on the loop's thread how many rows of how many are written, at last
                before the file takes its place; False stops, and None is returned.

        Raises:
            UsageError: the file cannot be written.
        """

        def work(told: Teller) -> Exported:
            with WholeFile(file) as out:
                done = self._rows(form, query, order, out.write, told)
                if not told.ask(Phase.COPYING, done.rows, done.rows):
                    raise ExportStoppedError
                out.finish()
            return done

        return await self._run(work, on_progress)

    async def send(
        self,
        form: ExportFormat,
        query: TransactionQuery,
        take: Callable[[str], object],
        *,
        order: Order = Order.NEWEST,
    ) -> Exported | None:
        """Give the text of the rows of a query, some at a time, to `take` on the loop's thread.

        Raises:
            OSError: `take` did.
        """
        loop = asyncio.get_running_loop()
        refused: list[OSError] = []

        async def give(text: str) -> None:
            try:
                take(text)
            except OSError as exc:
                # Inside it would be taken for a fault of the vault's disk.
                refused.append(exc)
                raise ExportStoppedError from exc

        def work(told: Heard) -> Exported:
            def write(text: str) -> None:
                asyncio.run_coroutine_threadsafe(give(text), loop).result()

            return self._rows(form, query, order, write, told)

        done = await self._run(work, lambda _done, _total: True)
        if refused:
            raise refused[0]
        return done

    async def write_archive(self, file: Path, heard: Heard | None = None) -> Mapping[str, int]:
        """Write everything that is the person's as an archive; returns rows by table.

        `heard` is told rows, on the loop's thread, at last before the file takes its place.

        Raises:
            ExportStoppedError: `heard` said no.
            UsageError, VaultUnwritableError: the file cannot be written.
        """
        return await self._whole(self._store.write_archive, file, heard)

    async def write_plain(self, file: Path, heard: Heard | None = None) -> Mapping[str, int]:
        """Write the ledger as a plain SQLite file; as `write_archive`."""
        return await self._whole(self._store.write_plain, file, heard)

    async def _whole(
        self,
        write: Callable[[Path, VaultKeys, Path, Heard], Mapping[str, int]],
        file: Path,
        heard: Heard | None,
    ) -> Mapping[str, int]:
        def work(told: Teller) -> Mapping[str, int]:
            with WholeFile(file) as out:
                counts = write(self._folder, self._keys, out.draft, told)
                rows = sum(counts.values())
                if not told.ask(Phase.COPYING, rows, rows):
                    raise ExportStoppedError
                out.finish()
            return counts

        return await stoppable(work, heard)

    async def _run(
        self, work: Callable[[Teller], Exported], on_progress: Callable[[int, int], bool]
    ) -> Exported | None:
        try:
            return await stoppable(work, lambda _phase, done, total: on_progress(done, total))
        except ExportStoppedError:
            return None

    def _rows(
        self,
        form: ExportFormat,
        query: TransactionQuery,
        order: Order,
        write: Callable[[str], None],
        told: Heard,
    ) -> Exported:
        with self._store.snapshot(self._folder, self._keys) as snapshot:
            total, left_out = self._counts(snapshot, form, query, order)
            source = LedgerSource(snapshot, query, order, self._clock.today())
            for text in _chunks(self._writers()[form](source)):
                write(text)
                if not told(Phase.COPYING, min(source.read, total), total):
                    raise ExportStoppedError
            lacking = () if form not in _WITH_BALANCES else _without_balance(source.book)
        return Exported(total, left_out, lacking)

    @staticmethod
    def _counts(
        snapshot: Snapshot, form: ExportFormat, query: TransactionQuery, order: Order
    ) -> tuple[int, int]:
        total, left_out = snapshot.reads.count(query), 0
        if form in (ExportFormat.CSV, ExportFormat.JSONL):
            if not order.is_by_day and query != TransactionQuery():
                total = min(total, SORTED_MOST)
        elif form in _WITHOUT_PENDING:
            left_out = (
                0 if query.pending is False else snapshot.reads.count(replace(query, pending=True))
            )
        return total - left_out, left_out


def _without_balance(book: Book) -> tuple[str, ...]:
    return tuple(one.title for one in book.holdings if not one.has_balance)


def _chunks(texts: Iterator[str]) -> Iterator[str]:
    """Yield texts that are worth a step each."""
    held: list[str] = []
    length = 0
    for text in texts:
        held.append(text)
        length += len(text)
        if length >= _CHUNK:
            yield "".join(held)
            held, length = [], 0
    yield "".join(held)
