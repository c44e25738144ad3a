"""Cuts a piece of reading short from another thread: that piece, and no other on its connection."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hive_desktop.adapters.storage.connect import RawConnection


class Stop:
    """Interrupts the statement that one piece of work has under way."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._raw: RawConnection | None = None

    @contextlib.contextmanager
    def over(self, raw: RawConnection) -> Iterator[None]:
        """Name the connection that the work has inside, and at no other time."""
        with self._guard:
            self._raw = raw
        try:
            yield
        finally:
            with self._guard:
                self._raw = None

    def now(self) -> None:
        """End the statement that runs, if one does: the driver raises an error in its thread.

        SQLite forgets an interrupt that met no statement: the caller asks until the work is over.
        """
        with self._guard:
            if self._raw is not None:
                self._raw.interrupt()
