"""Tasks with an owner: nothing runs on after the session that started it has ended."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, TypeVar

from hive_desktop.logs import crashes
from hive_desktop.ports.errors import HiveError

if TYPE_CHECKING:
    from collections.abc import Coroutine

T = TypeVar("T")
_log = logging.getLogger(__name__)


class TaskScope:
    """Owns the tasks that are spawned in it; closing cancels them and waits until they are gone."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._tasks: set[asyncio.Task[Any]] = set()
        self._is_closed = False

    def spawn(self, work: Coroutine[Any, Any, T], *, name: str) -> asyncio.Task[T]:
        """Start a task in this scope; an error that nobody awaits is logged.

        Raises:
            RuntimeError: the scope is closed, or no loop runs.
        """
        try:
            loop = self._loop()
        except RuntimeError:
            work.close()
            raise
        task = loop.create_task(work, name=f"{self._name}.{name}")
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    async def close(self) -> None:
        """Refuse new tasks, cancel the others and await them."""
        self._is_closed = True
        current = asyncio.current_task()
        waiting = [task for task in self._tasks if task is not current]
        for task in waiting:
            task.cancel()
        if waiting:
            await asyncio.gather(*waiting, return_exceptions=True)

    def __len__(self) -> int:
        return len(self._tasks)

    def _loop(self) -> asyncio.AbstractEventLoop:
        if self._is_closed:
            raise RuntimeError(f"the scope {self._name} is closed")
        return asyncio.get_running_loop()

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            level = logging.INFO if isinstance(error, HiveError) else logging.ERROR
            _log.log(level, "task %s ended with %s", task.get_name(), type(error).__name__)
            if level == logging.ERROR:
                crashes.note_error("Python error of a task", error)
