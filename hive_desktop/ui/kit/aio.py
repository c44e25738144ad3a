"""Coroutines and Qt together: tasks with an owner, dialogs and paint as things to await.

No `exec()` and no task without a scope: whoever locks the vault must be able to cancel what runs.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar

from PySide6.QtCore import QEvent, QObject, QTimer
from shiboken6 import isValid

from hive_desktop.logs import crashes
from hive_desktop.ports.errors import HiveError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QDialog, QWidget

T = TypeVar("T")
Work: TypeAlias = Coroutine[Any, Any, None]
_log = logging.getLogger(__name__)
_PAINT_LIMIT_S = 5.0


class Scope(Protocol):
    """Whoever owns tasks; `services.tasks.TaskScope` is one."""

    def spawn(self, work: Coroutine[Any, Any, T], /, *, name: str) -> asyncio.Task[T]:
        """Start the work as a task that ends with the scope."""
        ...


def spawn(
    scope: Scope,
    work: Work,
    *,
    on_error: Callable[[HiveError], None],
    name: str,
) -> asyncio.Task[None]:
    """Start work in the scope; what goes wrong is shown through `on_error`, never lost.

    Work that was cancelled when it went wrong has nobody any more to show it to.
    """
    try:
        task = scope.spawn(_guarded(work, on_error), name=name)
    except RuntimeError:
        work.close()
        raise
    # A task that is cancelled before it began never reaches its work.
    task.add_done_callback(lambda _task: work.close())
    return task


class ChildScope:
    """The tasks of one window inside a longer-lived scope, so that they can end before it.

    Args:
        parent: who owns the tasks.
    """

    def __init__(self, parent: Scope) -> None:
        self._parent = parent
        self._tasks: dict[asyncio.Task[Any], str] = {}

    def spawn(self, work: Coroutine[Any, Any, T], /, *, name: str) -> asyncio.Task[T]:
        """Start the work as a task that ends with this scope or its parent."""
        task = self._parent.spawn(work, name=name)
        self._tasks[task] = name
        task.add_done_callback(lambda done: self._tasks.pop(done, None))
        return task

    def names(self) -> set[str]:
        """Return the names of what runs."""
        return set(self._tasks.values())

    def cancel(self) -> None:
        """Cancel what runs; the parent awaits it."""
        for task in tuple(self._tasks):
            task.cancel()


async def _guarded(work: Work, on_error: Callable[[HiveError], None]) -> None:
    """Await the work and turn its errors into words. This is a task edge."""
    try:
        await work
    except HiveError as error:
        _tell(error, on_error)
    except Exception as fault:  # noqa: BLE001 - a task edge: a bug must not end the window
        _log.exception("a task of the window failed")
        crashes.note_error("Python error of a task", fault)
        _tell(HiveError(), on_error)


def _tell(error: HiveError, on_error: Callable[[HiveError], None]) -> None:
    task = asyncio.current_task()
    if task is None or not task.cancelling():  # its widgets may be gone
        on_error(error)


class Latest:
    """Runs one coroutine at a time for one purpose; a newer one cancels the older.

    Args:
        scope: who owns the tasks.
        on_error: called with what went wrong.
        name: the tasks' name in logs.
    """

    def __init__(self, scope: Scope, on_error: Callable[[HiveError], None], name: str) -> None:
        self._scope = scope
        self._on_error = on_error
        self._name = name
        self._task: asyncio.Task[None] | None = None

    def run(self, work: Work) -> None:
        """Start the work in the place of what runs."""
        self.cancel()
        self._task = spawn(self._scope, work, on_error=self._on_error, name=self._name)

    def cancel(self) -> None:
        """Stop what runs."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def settled(self) -> None:
        """Wait until nothing runs, also when it is replaced meanwhile."""
        while (task := self._task) is not None:
            await asyncio.gather(task, return_exceptions=True)
            if self._task is task:
                self._task = None


class Debounce:
    """Calls back once, after calls have been quiet for a while."""

    def __init__(self, owner: QObject, callback: Callable[[], None], milliseconds: int) -> None:
        self._callback = callback
        self._timer = QTimer(owner)
        self._timer.setSingleShot(True)
        self._timer.setInterval(milliseconds)
        self._timer.timeout.connect(callback)

    def poke(self) -> None:
        """Begin the quiet time anew."""
        self._timer.start()

    def flush(self) -> None:
        """Call back now if a call is waiting."""
        if self._timer.isActive():
            self._timer.stop()
            self._callback()

    def stop(self) -> None:
        """Forget a call that is waiting."""
        self._timer.stop()

    def is_waiting(self) -> bool:
        """Tell whether a call is due."""
        return self._timer.isActive()


async def finished(dialog: QDialog) -> int:
    """Open a dialog over its window and wait for its result, without a nested event loop."""
    with kept(dialog):
        return await result_of(dialog)


@contextmanager
def kept(dialog: QDialog) -> Iterator[None]:
    """Keep a dialog, open or not, until this is left."""
    try:
        yield
    finally:
        if isValid(dialog):
            dialog.close()
            dialog.deleteLater()


async def result_of(dialog: QDialog) -> int:
    """Open a dialog as `finished` does, and leave it as it is once it is closed."""
    done: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def conclude(result: int) -> None:
        if not done.done():
            done.set_result(result)

    listening = dialog.finished.connect(conclude)
    dialog.open()
    try:
        return await done
    finally:
        if isValid(dialog):
            dialog.finished.disconnect(listening)


class _PaintWatch(QObject):
    """Resolves a future when the widget it filters was painted."""

    def __init__(self, widget: QWidget, seen: asyncio.Future[None]) -> None:
        super().__init__(widget)
        self._seen = seen
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Note a paint; the zero timer fires when the whole window has been flushed."""
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, self, self._resolve)
        return False

    def _resolve(self) -> None:
        if not self._seen.done():
            self._seen.set_result(None)


async def painted(*widgets: QWidget) -> None:
    """Wait until each widget has painted what it holds now.

    Those that are hidden, or lie outside of what is scrolled into sight, are not waited for.
    """
    loop = asyncio.get_running_loop()
    watches: list[tuple[QWidget, _PaintWatch, asyncio.Future[None]]] = []
    for widget in widgets:
        if not isValid(widget) or not widget.isVisible() or widget.visibleRegion().isEmpty():
            continue
        seen: asyncio.Future[None] = loop.create_future()
        watches.append((widget, _PaintWatch(widget, seen), seen))
        widget.update()  # all of them before the first is waited for: they are painted together
    try:
        async with asyncio.timeout(_PAINT_LIMIT_S):
            for _, _, seen in watches:
                await seen
    except TimeoutError:
        _log.warning("a widget was not painted in time")
    finally:
        for widget, watch, _ in watches:
            if isValid(widget):
                widget.removeEventFilter(watch)
                watch.deleteLater()
