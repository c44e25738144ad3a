"""Beats on a window's loop, and how late each of them comes."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

BEAT_MS = 5
IDLE_S = 6.0


@dataclass(frozen=True, slots=True)
class Beats:
    """How late beats came, in milliseconds."""

    p99: float
    worst: float
    count: int

    @classmethod
    def of(cls, late: list[float]) -> Beats:
        ranked = sorted(late)
        return cls(ranked[len(ranked) * 99 // 100], ranked[-1], len(ranked))


class Heart:
    """Beats on the loop and notes how late each beat comes."""

    def __init__(self) -> None:
        self.late: list[float] = []
        self.at: list[float] = []
        self._loop = asyncio.get_running_loop()
        self._began = self._last = time.perf_counter()
        self._next = self._loop.call_later(BEAT_MS / 1000, self._beat)

    def stop(self) -> None:
        self._next.cancel()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.late.append(max(0.0, (now - self._last) * 1000 - BEAT_MS))
        self.at.append(now - self._began)
        self._last = now
        self._next = self._loop.call_later(BEAT_MS / 1000, self._beat)


async def beats_while_idle() -> list[float]:
    heart = Heart()
    await asyncio.sleep(IDLE_S)
    heart.stop()
    return heart.late
