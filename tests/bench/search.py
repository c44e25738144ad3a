"""The first page of a search, at every key press of what a person types, in a million rows.

Pages are those of the window: as long, by the same source, while the rows of the text before are
being counted, which the next press cuts short. All is typed twice over: in all accounts, and in
one. The floor is the same typing in a thousand rows. What must hold is the time that a frame has:
16 ms at the 95th percentile of key presses.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from hive_desktop import bootstrap
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.services.tasks import TaskScope
from hive_desktop.ui.kit.paged_model import PAGE_ROWS
from hive_desktop.ui.pages.transactions.presenter import LedgerSource
from tests.bench.bulk_vault import TAGS
from tests.bench.result import Result
from tests.bench.shared_vault import TODAY, vault_of

if TYPE_CHECKING:
    from hive_desktop.domain.ledger import AccountId
    from hive_desktop.services.session import VaultSession

FEW, MANY = 1_000, 1_000_000
FRAME_S = 0.016
COUNTED_S = 0.01
TURNS = 3
TYPED = (
    *("market 12", "pharmacy", "coffee shop", "corner pay", "zzz nothing"),
    *("> 50", ">= 2900", "< 3.5", "10..20", "1000..", "=42.17", "+250", "-12.5"),
    *("> 5000", "42.17", "1234", "7", "#food", "#transport > 50", "@account", "@bench market"),
    *('"market 12"', "market > 20", "pay 12.00..15", "#shop market"),
    # Parts that go together often, seldom, and never.
    *("acme payroll", "grand cinema 977", "main street books", "rent 1500", "blue door > 5"),
    *("coffee > 50", "books < 9.99", "transit -3.5", "> 20 < 30", "#income > 2000", "#bills 15"),
    *("@account #food", "@3 cinema", "@7 > 1000", "#entertainment 12..13", "#medical old mill"),
    *("@bulk #health = 25", '"street books" 40', "old 900", "12 34", "+2,750.00"),
    *(f"#{TAGS[0]}", f"#{TAGS[1]} street", f"#{TAGS[0]} > 20", f"@2 #{TAGS[1]}"),
)


class Press(NamedTuple):
    """One key press: what stands in the field after it, and whether one account is chosen."""

    text: str
    in_account: bool


def measure() -> list[Result]:
    for rows in (FEW, MANY):
        vault_of(rows)  # made before the loop that reads them
    floor, taken = bootstrap.run_async(_typed())
    return [
        _result(name, in_account=in_account, floor=floor, taken=taken)
        for name, in_account in (("search-1m", False), ("search-1m-account", True))
    ]


def _result(
    name: str, *, in_account: bool, floor: dict[Press, float], taken: dict[Press, float]
) -> Result:
    presses = {press: took for press, took in taken.items() if press.in_account is in_account}
    seconds = list(presses.values())
    slowest = sorted(presses, key=lambda press: presses[press], reverse=True)[:3]
    longest, length_s = _slowest_length(presses)
    late = sum(took > FRAME_S for took in seconds)
    note = (
        f"95th percentile of {len(seconds):,} key presses ({len(TYPED)} searches, each press the "
        f"median of {TURNS}), {MANY:,} rows against {FEW:,}, {PAGE_ROWS} rows a page, a count "
        f"under way; median {_ms(statistics.median(seconds))}; {late} over a frame; after "
        f"{longest} signs {_ms(length_s)}; slowest "
        + ", ".join(f"{press.text!r} {_ms(presses[press])}" for press in slowest)
    )
    least = [took for press, took in floor.items() if press.in_account is in_account]
    return Result(
        name, _p95(seconds) * 1000, "ms", _p95(least) * 1000, None, note,
        enough=FRAME_S * 1000, extra=_p95(seconds) <= FRAME_S,
    )  # fmt: skip


def _slowest_length(presses: dict[Press, float]) -> tuple[int, float]:
    """Return how much was typed where the 95th percentile is highest, and that in seconds."""
    by_length: defaultdict[int, list[float]] = defaultdict(list)
    for press, took in presses.items():
        by_length[len(press.text)].append(took)
    worst = {length: _p95(seconds) for length, seconds in by_length.items() if len(seconds) > 1}
    length = max(worst, key=lambda one: worst[one])
    return length, worst[length]


async def _typed() -> tuple[dict[Press, float], dict[Press, float]]:
    """Return what each press took in the vault of few rows and in that of many, in seconds."""
    sessions = [await _open(rows) for rows in (FEW, MANY)]
    taken: list[defaultdict[Press, list[float]]] = [defaultdict(list), defaultdict(list)]
    scope = TaskScope("bench")
    try:
        for session, times in zip(sessions, taken, strict=True):
            account = (await session.ledger.accounts())[0].id
            await _source(session, Press("a > 1", in_account=False), account).page(0, PAGE_ROWS)
            for _ in range(TURNS):
                for in_account in (False, True):
                    for text in TYPED:
                        whole = Press(text, in_account=in_account)
                        await _type(session, scope, whole, account, times)
    finally:
        await scope.close()
        for session in sessions:
            await session.close()
    few, many = (
        {press: statistics.median(seconds) for press, seconds in times.items()} for times in taken
    )
    return few, many


async def _type(
    session: VaultSession,
    scope: TaskScope,
    whole: Press,
    account: AccountId,
    times: defaultdict[Press, list[float]],
) -> None:
    counting: asyncio.Task[int] | None = None
    text = whole.text
    for length in range(1, len(text) + 1):
        press = whole._replace(text=text[:length])
        source = _source(session, press, account)
        started = time.perf_counter()
        if counting is not None:
            counting.cancel()
        found = await source.page(0, PAGE_ROWS)
        times[press].append(time.perf_counter() - started)
        assert len(found) <= PAGE_ROWS
        counting = scope.spawn(source.count(), name="count")
        await asyncio.sleep(COUNTED_S)
    if counting is not None:
        counting.cancel()


def _source(session: VaultSession, press: Press, account: AccountId) -> LedgerSource:
    accounts = (account,) if press.in_account else ()
    return LedgerSource(session.ledger, TransactionQuery(text=press.text, accounts=accounts))


async def _open(rows: int) -> VaultSession:
    folder, keys = vault_of(rows)
    clock = bootstrap.clock_of(TODAY)
    store = bootstrap.vault_store(clock)
    return await bootstrap.open_session(folder, keys, clock=clock, store=store, read_only=True)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]
