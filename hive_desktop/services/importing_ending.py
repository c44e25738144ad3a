"""Stopping an import between its steps, for which its transaction ends with nothing written."""

from __future__ import annotations

import threading

from hive_desktop.ports.errors.files import ImportStoppedError


class Ending:
    """Which came first: the last step of an import, or the wish to stop it.

    The import asks on the writer's thread, the wish comes on the loop's.

    Attributes:
        is_over: the last step is done; nothing stops the import any more.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_stopped = self.is_over = False

    def go_on(self, *, is_last: bool = False) -> None:
        """Go to the next step, or end the last one.

        Raises:
            ImportStoppedError: it is to stop.
        """
        with self._lock:
            if self._is_stopped:
                raise ImportStoppedError
            self.is_over = is_last

    def stop(self) -> None:
        """Stop the import, unless its last step is done."""
        with self._lock:
            self._is_stopped = not self.is_over
