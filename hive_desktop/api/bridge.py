"""From the server's thread to the loop on which the vault's session lives, and back."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING, Generic, TypeVar

from hive_desktop import i18n
from hive_desktop.api.refusals import RefusalError
from hive_desktop.logs import crashes
from hive_desktop.ports.authors import written_by
from hive_desktop.ports.errors import HiveError, VaultLockedError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hive_desktop.services.tasks import TaskScope

T = TypeVar("T")
_log = logging.getLogger(__name__)


class BrokenError(Exception):
    """A fault of the program itself, which is in its log already."""


class Bridge:
    """Runs work for the server where the services are.

    What a request does is a task of the session: a lock ends it.

    Args:
        scope: owns the tasks.
        loop: the session's.
    """

    def __init__(self, scope: TaskScope, loop: asyncio.AbstractEventLoop) -> None:
        self._scope = scope
        self._loop = loop

    async def run(self, work: Callable[[], Awaitable[T]], *, author: str = "") -> T:
        """Await work on the session's loop, in English; cancelling this cancels it there.

        Args:
            work: makes what is awaited, on that loop.
            author: the client by whom it is written what this writes; see `ports.authors`.

        Raises:
            HiveError: as the work does.
            RefusalError: as the work does.
            VaultLockedError: the vault was locked meanwhile.
            BrokenError: the work failed by a fault of the program.
        """
        errand = _Errand(work, author)
        try:
            self._loop.call_soon_threadsafe(errand.begin, self._scope)
        except RuntimeError as exc:  # the loop is over
            raise _locked() from exc
        try:
            return await asyncio.wrap_future(errand.done)
        except asyncio.CancelledError:
            with suppress(RuntimeError):  # the loop is over, and so is the errand
                self._loop.call_soon_threadsafe(errand.end)
            raise


class _Errand(Generic[T]):
    """One piece of work on the session's loop, and what came of it."""

    def __init__(self, work: Callable[[], Awaitable[T]], author: str) -> None:
        self._work = work
        self._author = author
        self._task: asyncio.Task[None] | None = None
        self._is_over = False
        self.done: Future[T] = Future()

    def begin(self, scope: TaskScope) -> None:
        """Start it, on the session's loop."""
        if self._is_over:
            return
        try:
            self._task = scope.spawn(self._run(), name="api")
        except RuntimeError:  # the scope is closed: the vault is being locked
            self._fail(_locked())
            return
        self._task.add_done_callback(lambda _: self._fail(_locked()))  # ended before it began

    def end(self) -> None:
        """Stop it: nobody waits for it any more."""
        self._is_over = True
        if self._task is not None:
            self._task.cancel()

    async def _run(self) -> None:
        try:
            with i18n.in_source_language(), written_by(self._author):
                result = await self._work()
        except asyncio.CancelledError:
            self._fail(_locked())
            raise
        except (HiveError, RefusalError) as error:
            self._fail(error)
        except Exception as error:  # noqa: BLE001 - a request's edge: the server goes on
            _log.exception("a fault of the program itself in a request of the local API")
            crashes.note_error("Python error of the local API", error)
            self._fail(BrokenError())
        else:
            if self.done.set_running_or_notify_cancel():
                self.done.set_result(result)

    def _fail(self, error: Exception) -> None:
        if not self.done.done() and self.done.set_running_or_notify_cancel():
            self.done.set_exception(error)


def _locked() -> VaultLockedError:
    return VaultLockedError("The vault was locked.", hint="Unlock it and try again.")
