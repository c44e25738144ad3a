"""Collects reference cycles on the window's thread, and only there.

Python collects on whichever thread happens to allocate. A Qt object in a cycle that dies on a
worker stops timers and frees pictures of the window's thread, which ends in a crash. So automatic
collection is switched off while the loop runs, and a timer does the same by the same thresholds.

A collection looks at every object that came since the last one and is still there: beside a worker
that makes a hundred thousand rows it would hold the window up for a tenth of a second, and find
nothing. So it waits for a calm moment; until then cycles are left lying, and all else goes at once.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_LOOK_MS = 1_000
# Calm is when for so many looks fewer containers came or went than this share of the threshold.
_CALM_LOOKS = 3
_CALM_SHARE = 0.25
# So many thresholds full, it is collected in whatever moment.
_MOST = 50


class GuiGarbage(QObject):
    """Takes over from the automatic collection between `start` and `stop`."""

    def __init__(self) -> None:
        super().__init__()
        self._seen = 0
        self._calm_looks = 0
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
        """Collect the oldest generation that has reached its threshold, once it is calm."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        is_calm = abs(counts[0] - self._seen) <= thresholds[0] * _CALM_SHARE
        self._seen = counts[0]
        self._calm_looks = self._calm_looks + 1 if is_calm else 0
        if self._calm_looks < _CALM_LOOKS and counts[0] <= thresholds[0] * _MOST:
            return
        for generation in (2, 1, 0):
            if counts[generation] > thresholds[generation]:
                gc.collect(generation)
                self._seen = 0
                return
