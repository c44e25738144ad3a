"""What left the machine: shown, summed up, exported, and forgotten on the person's word.

Requests are written down with the work that they were made for. What is not written yet is written
once a second, so that a program that dies takes at most the requests of its last second with it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Final, TypeVar

from hive_desktop.domain.changes import Actor
from hive_desktop.ports.egress import EVERYTHING
from hive_desktop.ports.errors import HiveError, VaultError
from hive_desktop.services.egress_files import EgressFile

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime
    from pathlib import Path

    from hive_desktop.ports.egress import Egress, EgressFilter, EgressLine, EgressSum, Forgotten
    from hive_desktop.ports.storage import Database, Reads
    from hive_desktop.ports.system import Clock
    from hive_desktop.services.tasks import TaskScope

T = TypeVar("T")
_EVERY_S: Final = 1.0
_PART: Final = 500


class EgressService:
    """Reads and keeps the record.

    Args:
        database: holds it.
        record_banks: writes down what went to Plaid and relays and is not in it yet.
        clock: tells which month it is.
        digest: makes the hash of a body that is recorded, keyed by the vault.
    """

    def __init__(
        self,
        database: Database,
        record_banks: Callable[[], Awaitable[None]],
        clock: Clock,
        digest: Callable[[bytes], bytes],
    ) -> None:
        self.digest = digest
        self._database = database
        self._record_banks = record_banks
        self._clock = clock
        self._noted: deque[Egress] = deque()
        self._writing: list[Egress] = []
        self._in_turn = asyncio.Lock()
        self._keeping: asyncio.Task[None] | None = None

    def note(self, entry: Egress) -> None:
        """Take the record of a request, from any thread; it is written down soon."""
        self._noted.append(entry)

    async def write(self, entry: Egress) -> None:
        """Write down what is about to leave, and return once it stands in the ledger.

        Raises:
            VaultError: the vault cannot be written: it must not leave.
        """
        await self._database.write(
            lambda writes: writes.egress.record([entry]), actor=Actor.PROGRAM
        )

    async def record(self) -> None:
        """Write down what is not in the ledger yet, and wait for what is being written.

        Raises:
            VaultError: the vault cannot be written; the entries are kept for the next time.
        """
        async with self._in_turn:  # whoever reads next must find what another writes
            await self._record_noted()

    async def _record_noted(self) -> None:
        await self._record_banks()
        entries = [self._noted.popleft() for _ in range(len(self._noted))]
        if not entries:
            return
        self._writing += entries
        try:
            await self._database.write(
                lambda writes: writes.egress.record(entries), actor=Actor.PROGRAM
            )
        except Exception:
            self._noted.extendleft(reversed(entries))
            raise
        finally:
            known = set(map(id, entries))
            self._writing = [one for one in self._writing if id(one) not in known]

    def keep(self, scope: TaskScope) -> None:
        """Write down what comes, once a second, until the scope ends."""
        if self._keeping is None:
            self._keeping = scope.spawn(self._keep(), name="egress")

    async def page(
        self, wanted: EgressFilter = EVERYTHING, *, limit: int = 200, offset: int = 0
    ) -> list[EgressLine]:
        """Return entries, newest first."""
        return await self._read(lambda reads: reads.egress.page(wanted, limit=limit, offset=offset))

    async def one(self, line_id: int) -> EgressLine | None:
        """Return one entry, or None."""
        return await self._read(lambda reads: reads.egress.one(line_id))

    async def count(self, wanted: EgressFilter = EVERYTHING) -> int:
        """Return how many entries there are."""
        return await self._read(lambda reads: reads.egress.count(wanted))

    async def summary(self, wanted: EgressFilter = EVERYTHING) -> list[EgressSum]:
        """Return totals by host and purpose, those with most requests first."""
        return await self._read(lambda reads: reads.egress.summary(wanted))

    async def cost_this_month(self) -> int:
        """Return what this month's requests have cost, in millionths; months are this computer's.

        What was noted and is not written down yet counts; what is being written may count twice
        for that moment, and never not at all.
        """
        start = self._month()
        unwritten = (*self._noted, *self._writing)
        noted = sum(one.cost_micros or 0 for one in unwritten if one.at >= start)
        return noted + await self._database.read(lambda reads: reads.egress.cost_since(start))

    async def export(
        self,
        file: Path,
        wanted: EgressFilter = EVERYTHING,
        on_progress: Callable[[int, int], None] = lambda _done, _total: None,
    ) -> int:
        """Write entries to a file, oldest first; its name ends in .csv or .jsonl.

        Args:
            file: takes the place of one that is there, once it is whole.
            wanted: which entries.
            on_progress: hears how many of how many are written.

        Returns:
            How many.

        Raises:
            UsageError: the name ends otherwise, or the file cannot be written.
        """
        total = await self.count(wanted)
        loop = asyncio.get_running_loop()
        with EgressFile(file) as out:
            done, last_id = 0, 0
            while lines := await self._database.read(
                lambda reads: reads.egress.after(wanted, last_id, _PART)  # noqa: B023 - read at once
            ):
                await loop.run_in_executor(None, out.add, lines)
                done, last_id = done + len(lines), lines[-1].id
                on_progress(done, max(total, done))
            await loop.run_in_executor(None, out.finish)
        return done

    async def forget(self, before: datetime) -> Forgotten:
        """Delete entries older than an instant, for the person.

        What has cost something this month stays until the next: a budget is counted from it.

        Raises:
            VaultError: the vault cannot be written.
        """
        await self.record()
        month = self._month()
        forgotten, _ = await self._database.write(
            lambda writes: writes.egress.forget(before, costs_since=month), actor=Actor.PERSON
        )
        return forgotten

    async def close(self) -> None:
        """Write down what was noted last."""
        with suppress(VaultError):  # read only, or the disk refuses
            await self.record()

    def _month(self) -> datetime:
        now = self._clock.now().astimezone()
        return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)

    async def _read(self, work: Callable[[Reads], T]) -> T:
        with suppress(VaultError):  # read only: what is there is shown
            await self.record()
        return await self._database.read(work)

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(_EVERY_S)
            with suppress(HiveError):
                await self.record()
