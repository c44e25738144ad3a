"""Collects reference cycles on the window's thread, and only there.

Python collects on whichever thread happens to allocate. A Qt object in a cycle that dies on a
worker stops timers and frees pictures of the window's thread, which ends in a crash. So automatic
collection is switched off while the loop runs, and a timer does the same by the same thresholds.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_LOOK_MS = 1_000


class GuiGarbage(QObject):
    """Takes over from the automatic collection between `start` and `stop`."""

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        """Collect on this thread from now on."""
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Collect what is left, and give the work back to Python."""
        self._timer.stop()
        gc.collect()
        gc.enable()

    def _look(self) -> None:
        """Collect the oldest generation that has reached its threshold."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if counts[generation] > thresholds[generation]:
                gc.collect(generation)
                return
