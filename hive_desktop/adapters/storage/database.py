"""One writer thread, two reader threads, and a close that drains and then refuses.

A connection belongs to its thread. Whoever awaits a write may be cancelled; the write itself goes
on to its commit or its rollback, and its ChangeSet is published all the same. A read that nobody
awaits any more is cut short, so that the next one need not wait for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from hive_desktop.adapters.storage import inspection, upkeep
from hive_desktop.adapters.storage.connect import Role, connect, role_for_reading
from hive_desktop.adapters.storage.faults import translated
from hive_desktop.adapters.storage.handle import Handle
from hive_desktop.adapters.storage.queries import LedgerReads
from hive_desktop.adapters.storage.stop import Stop
from hive_desktop.i18n import mark
from hive_desktop.ports.authors import author
from hive_desktop.ports.errors import VaultLockedError, VaultUnwritableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Executor, Future
    from pathlib import Path

    from hive_desktop.adapters.storage.connect import RawConnection
    from hive_desktop.adapters.storage.lock import OwnerLock
    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.changes import Actor, ChangeSet
    from hive_desktop.ports.diagnostics import LedgerLook
    from hive_desktop.ports.storage import Reads, Writes
    from hive_desktop.ports.system import Clock
    from hive_desktop.ports.upkeep import LedgerFacts, Sizes

T = TypeVar("T")

_READERS = 2
_LOOK_S = 0.2
_AGAIN_S = 0.01


class SqlDatabase:
    """Implements `ports.storage.Database` over one SQLCipher file.

    Args:
        file: the ledger.
        key: its 32-byte key; dropped by `close`.
        clock: the source of time for whatever is written.
        lock: the vault's lock, held, and released by `close`; None opens for reading only.
        publish: called on the loop's thread with what each committed write changed.
        make_pool: makes the pool that a role's work runs on; threads by default. The writer's must
            run one piece of work after another, in their order.
    """

    def __init__(
        self,
        file: Path,
        key: bytes,
        *,
        clock: Clock,
        lock: OwnerLock | None,
        publish: Callable[[ChangeSet], None] | None = None,
        make_pool: Callable[[Role], Executor] | None = None,
    ) -> None:
        self._file = file
        self._key = key
        self._clock = clock
        self._lock = lock
        self._publish = publish
        self._is_open = True
        self._local = threading.local()
        self._guard = threading.Lock()
        self._handles: list[Handle] = []
        self._writing: Handle | None = None
        self._running: set[Future[Any]] = set()
        make_pool = make_pool or _threads
        self._writer = make_pool(Role.WRITER)
        self._readers = make_pool(Role.READER)

    async def read(self, work: Callable[[Reads], T]) -> T:
        """Run `work` on a reader; everything it reads is of one instant."""
        return await self._reading(lambda handle: work(LedgerReads(handle)))

    async def write(self, work: Callable[[Writes], T], *, actor: Actor) -> tuple[T, ChangeSet]:
        """Run `work` on the writer in one transaction; see the port."""
        self._refuse_to_read_only()
        by = author()  # of this context, which the writer's thread has not
        writing = self._submit(self._writer, lambda: self._write(work, actor, by))
        running = asyncio.wrap_future(writing)
        running.add_done_callback(self._publish_result)
        return await asyncio.shield(running)

    async def sizes(self) -> Sizes:
        """Return what the vault takes on disk."""
        return await self._look(lambda raw: upkeep.sizes(raw, self._file))

    async def facts(self) -> LedgerFacts:
        """Return what the ledger is made of."""
        return await self._look(upkeep.facts)

    async def examine(self, *, thorough: bool) -> LedgerLook:
        """Return what the ledger tells of its own state; see the port."""
        return await self._look(lambda raw: inspection.examine(raw, thorough=thorough))

    async def compact(self, heard: Callable[[int, int], None]) -> None:
        """Write the ledger anew without what is free in it; see the port."""
        self._refuse_to_read_only()
        total = await self._look(upkeep.used_bytes)
        before = upkeep.log_bytes(self._file)
        running = asyncio.wrap_future(self._submit(self._writer, self._compact))
        running.add_done_callback(_retrieved)
        while not running.done():
            done = max(upkeep.log_bytes(self._file) - before, 0)
            heard(min(done, total), total)
            await asyncio.wait([running], timeout=_LOOK_S)
        running.result()

    async def close(self) -> None:
        """Refuse new work, drain, checkpoint and dispose. Idempotent."""
        if not self._is_open:
            return
        self._is_open = False
        try:
            while running := list(self._running):
                drained = [asyncio.wrap_future(one) for one in running]
                for one in drained:
                    one.add_done_callback(_retrieved)
                await asyncio.wait(drained)
            await asyncio.wrap_future(self._writer.submit(self._checkpoint))
        finally:
            self._dispose()

    def _refuse_to_read_only(self) -> None:
        if self._lock is None:
            raise VaultUnwritableError(
                folder=self._file.parent, reason=mark("it was opened to be read")
            )

    async def _look(self, work: Callable[[RawConnection], T]) -> T:
        """Run `work` on a reader's connection, in a transaction."""
        return await self._reading(lambda handle: work(handle.raw))

    async def _reading(self, work: Callable[[Handle], T]) -> T:
        """Run `work` on a reader in a transaction; it is cut short if nobody awaits it any more."""
        stop = Stop()

        def read() -> T:
            with (
                translated(self._file.parent),
                self._begun(Role.READER, "BEGIN") as handle,
                stop.over(handle.raw),
            ):
                return work(handle)

        running = self._submit(self._readers, read)
        try:
            return await asyncio.wrap_future(running)
        except asyncio.CancelledError:
            _cut_short(running, stop)
            raise

    def _compact(self) -> None:
        with translated(self._file.parent):
            upkeep.compact(self._file, self._key, lambda: self._is_open)

    def _submit(self, pool: Executor, work: Callable[[], T]) -> Future[T]:
        if not self._is_open:
            raise VaultLockedError("The vault was locked.", hint="Unlock it and try again.")
        future = pool.submit(work)
        self._running.add(future)
        future.add_done_callback(self._running.discard)
        return future

    def _dispose(self) -> None:
        self._writer.shutdown()
        self._readers.shutdown()
        # The writer's connection closes last and takes the write-ahead log with it.
        for handle in sorted(self._handles, key=lambda one: one is self._writing):
            handle.close()
        self._handles.clear()
        self._writing = None
        self._key = b""
        if self._lock is not None:
            self._lock.release()

    def _publish_result(self, done: asyncio.Future[tuple[T, ChangeSet]]) -> None:
        if done.cancelled() or done.exception() is not None:
            return
        _, change_set = done.result()
        if self._publish is not None and change_set.changed:
            self._publish(change_set)

    def _write(self, work: Callable[[Writes], T], actor: Actor, by: str) -> tuple[T, ChangeSet]:
        # Writing needs SQLAlchemy, and the program shows figures before it first writes.
        from hive_desktop.adapters.storage.uow import LedgerWrites  # noqa: PLC0415 - as said
        from hive_desktop.adapters.storage.work import Work  # noqa: PLC0415 - as said

        with (
            translated(self._file.parent),
            self._begun(Role.WRITER, "BEGIN IMMEDIATE") as handle,
        ):
            unit = Work(handle, self._clock, author=by)
            writes = LedgerWrites(unit)
            result = work(writes)
            writes.settle()
            with handle.not_copying() if unit.is_long else contextlib.nullcontext():
                handle.commit()
        if unit.is_long:
            with contextlib.suppress(VaultLockedError):  # closing copies it
                self._submit(self._writer, partial(self._tidy, [unit]))
        return result, unit.change_set(actor)

    @contextlib.contextmanager
    def _begun(self, role: Role, begin: str) -> Iterator[Handle]:
        """Yield this thread's connection for a role in a transaction, rolled back at its end."""
        handle = self._handle(role)
        handle.begin(begin)
        try:
            yield handle
        finally:
            try:
                handle.end()
            except BaseException:
                if role is Role.READER:  # the next read would be of the same instant
                    self._forget_reader(handle)
                raise

    def _handle(self, role: Role) -> Handle:
        known: Handle | None = getattr(self._local, role.name, None)
        if known is None:
            own = role_for_reading(self._file) if self._lock is None else role
            known = Handle(connect(self._file, self._key, own))
            setattr(self._local, role.name, known)
            with self._guard:
                self._handles.append(known)
                if role is Role.WRITER:
                    self._writing = known
        return known

    def _forget_reader(self, handle: Handle) -> None:
        """Close this thread's connection for reading; the next read opens another."""
        setattr(self._local, Role.READER.name, None)
        with self._guard:
            self._handles.remove(handle)
        handle.close()

    def _tidy(self, ended: list[Work]) -> None:
        """After a long unit, and when nobody waits for it: let go of its rows, and copy the log."""
        ended.clear()
        self._checkpoint("PASSIVE")

    def _checkpoint(self, mode: str = "TRUNCATE") -> None:
        if self._lock is None or self._writing is None:
            return
        with translated(self._file.parent):
            self._writing.raw.execute(f"PRAGMA wal_checkpoint({mode})").fetchall()


def _cut_short(running: Future[Any], stop: Stop) -> None:
    """Interrupt what a read does, and what it begins meanwhile, until it is over."""
    if not running.done():
        stop.now()
        asyncio.get_running_loop().call_later(_AGAIN_S, _cut_short, running, stop)


def _retrieved(done: asyncio.Future[Any]) -> None:
    """Take note of an error that nobody waits for any more."""
    if not done.cancelled():
        done.exception()


def _threads(role: Role) -> Executor:
    """Return one thread for writing, a few for reading."""
    if role is Role.WRITER:
        return ThreadPoolExecutor(1, thread_name_prefix="hive-db-w")
    return ThreadPoolExecutor(_READERS, thread_name_prefix="hive-db-r")
