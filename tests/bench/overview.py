"""The Overview at a million rows: another period's figures, and a click to the painted page.

`overview-1m` is what the readers answer when another period is chosen, in the order in which the
page asks: its figures, then its charts and merchants. What must hold is the time a frame has.
`overview-click` is the person's: from the click until figures, ring and charts are painted and the
lists are there; the floor is the same in a thousand rows. `start-1m` is the start to the right
figures, likewise.
"""

from __future__ import annotations

import asyncio
import compileall
import statistics
import time
from typing import TYPE_CHECKING

from hive_desktop import bootstrap
from hive_desktop.domain.days import Period, Span
from hive_desktop.services.reports import course_of, cut_buckets
from hive_desktop.ui.pages.overview import trend
from tests.bench.bank import ROOT
from tests.bench.child import run_child
from tests.bench.result import Result
from tests.bench.shared_vault import TODAY, vault_of
from tests.bench.start import moments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hive_desktop.ports.vault import VaultKeys
    from hive_desktop.services.session import VaultSession

FEW, MANY = 1_000, 1_000_000
FRAME_S = 0.016
TURNS, START_TURNS = 8, 7
BOUND = 1.2


def data() -> list[Result]:
    floor, seconds = bootstrap.run_async(_switches())
    note = (
        f"95th percentile of {len(seconds)} switches over weeks, months and years, {MANY:,} rows "
        f"against {FEW:,}; median {statistics.median(seconds) * 1000:.1f} ms, slowest "
        f"{max(seconds) * 1000:.1f} ms"
    )
    return [
        Result(
            "overview-1m", _p95(seconds) * 1000, "ms", _p95(floor) * 1000, None, note,
            enough=FRAME_S * 1000, extra=_p95(seconds) <= FRAME_S,
        )
    ]  # fmt: skip


def clicks() -> list[Result]:
    floor: list[float] = []
    million: list[float] = []
    for turn in range(TURNS // 2):
        for rows, seconds in ((FEW, floor), (MANY, million)):
            folder, keys = vault_of(rows)
            told = run_child(
                "tests.bench.overview_window", str(folder), TODAY.isoformat(), secret=_secret(keys)
            )
            if turn:  # the first turn warms the disk cache
                seconds.extend(told["seconds"])
    note = (
        f"median of {len(million)} clicks from the click until all is painted, {MANY:,} rows "
        f"against {FEW:,}; 95th percentile {_p95(million) * 1000:.0f} against "
        f"{_p95(floor) * 1000:.0f} ms"
    )
    value, least = statistics.median(million) * 1000, statistics.median(floor) * 1000
    return [Result("overview-click", value, "ms", least, BOUND, note)]


def start() -> list[Result]:
    compileall.compile_dir(ROOT / "hive_desktop", quiet=1)
    seconds: dict[int, list[float]] = {FEW: [], MANY: []}
    for turn in range(START_TURNS + 1):
        for rows, found in seconds.items():
            folder, keys = vault_of(rows)
            told = moments(
                ["tests.bench.start_hive", str(folder), TODAY.isoformat()], _secret(keys)
            )
            if turn:
                found.append(told["cards"])
    note = f"to the cards; median of {START_TURNS} turns, {MANY:,} rows against {FEW:,}, key given"
    value, floor = statistics.median(seconds[MANY]), statistics.median(seconds[FEW])
    return [Result("start-1m", value, "s", floor, BOUND, note)]


async def _switches() -> tuple[list[float], list[float]]:
    """Return the seconds of each switch with few rows and with many; both take turns."""
    clock = bootstrap.clock_of(TODAY)
    store = bootstrap.vault_store(clock)
    sessions: list[VaultSession] = []
    taken: tuple[list[float], list[float]] = ([], [])
    try:
        for rows in (FEW, MANY):
            opened = bootstrap.open_session(
                *vault_of(rows), clock=clock, store=store, read_only=True
            )
            sessions.append(await opened)
        for turn in range(TURNS + 1):
            for period in Period:
                for session, seconds in zip(sessions, taken, strict=True):
                    started = time.perf_counter()
                    await _switch(session, _back(period, turn), period)
                    if turn:
                        seconds.append(time.perf_counter() - started)
    finally:
        for session in sessions:
            await session.close()
    return taken


async def _switch(session: VaultSession, span: Span, period: Period) -> None:
    reports = session.reports
    course = [one.end for one in course_of(span, TODAY)]
    overview, _ = await asyncio.gather(reports.overview(span, TODAY), reports.worth(course))
    currency = overview.main_currency
    whole = trend.trend_span(span, period, is_custom=False)
    ends = [one.end for one in cut_buckets(whole, period)]
    await asyncio.gather(
        reports.course(whole, period),
        reports.worth(ends, currency, is_cut=True),
        reports.top_merchants(span, currency),
    )


def _back(period: Period, turn: int) -> Span:
    start = period.start_of(TODAY)
    for _ in range(turn % 2 if period is Period.YEAR else turn):
        start = period.previous_start(start)
    return Span.of(period, start)


def _secret(keys: VaultKeys) -> str:
    return f"{keys.master.hex()} {keys.database.hex()} {keys.egress.hex()}"


def _p95(seconds: Sequence[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]
