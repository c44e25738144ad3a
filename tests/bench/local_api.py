"""Answers of the local API over loopback, from a vault of 100,000 rows.

One connection is kept, and asks warm: each answer passes the guard, the sign-in, the bridge to the
session's loop, the vault and the record of what was handed out. The floor is the same bytes from a
bare application behind the same server, in the same process, asked in turns. What must hold is
that a script waits for its answers no longer than a person sees: 20 ms at the median.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

from tests.bench.bank import ROOT
from tests.bench.result import Result
from tests.bench.shared_vault import secret_of, vault_of

if TYPE_CHECKING:
    from collections.abc import Iterator

ROWS = 100_000
CALLS, WARM_UP = 300, 30
ENOUGH_MS = 20.0
BOUND = 25.0
PATHS = {
    "api-accounts": "/api/v1/accounts",
    "api-transactions": "/api/v1/transactions?limit=50",
    "api-summary": "/api/v1/spending/summary",
}


def measure() -> list[Result]:
    with _server() as (told, put):
        real = HTTPConnection("127.0.0.1", told["port"])
        bare = HTTPConnection("127.0.0.1", told["bare"])
        signed = {"Authorization": f"Bearer {told['token']}"}
        try:
            results = []
            for name, path in PATHS.items():
                body = _asked(real, path, signed)[1]
                put(path, body)
                results.append(_measured(name, path, (real, bare), signed, body))
        finally:
            real.close()
            bare.close()
    return results


def _measured(
    name: str,
    path: str,
    lines: tuple[HTTPConnection, HTTPConnection],
    signed: dict[str, str],
    body: bytes,
) -> Result:
    real, bare = lines
    taken: tuple[list[float], list[float]] = ([], [])
    for turn in range(WARM_UP + CALLS):
        for line, found in zip((real, bare), taken, strict=True):
            seconds, answer = _asked(line, path, signed)
            assert answer == body
            if turn >= WARM_UP:
                found.append(seconds * 1000)
    value = statistics.median(taken[0])
    note = (
        f"GET {path}, {len(body):,} bytes, median of {CALLS} calls of a kept connection, "
        f"{ROWS:,} rows; 95th percentile {_p95(taken[0]):.1f} ms, of the floor "
        f"{_p95(taken[1]):.1f} ms"
    )
    floor = statistics.median(taken[1])
    return Result(name, value, "ms", floor, BOUND, note, enough=ENOUGH_MS)


def _asked(line: HTTPConnection, path: str, headers: dict[str, str]) -> tuple[float, bytes]:
    began = time.perf_counter()
    line.request("GET", path, headers=headers)
    answer = line.getresponse()
    body = answer.read()
    seconds = time.perf_counter() - began
    assert answer.status == 200, body
    return seconds, body


def _p95(found: list[float]) -> float:
    return statistics.quantiles(found, n=20)[-1]


@contextmanager
def _server() -> Iterator[tuple[dict[str, Any], Any]]:
    """Serve a vault in a process of its own; gives where, and what lets the floor answer."""
    folder, keys = vault_of(ROWS)
    with subprocess.Popen(
        [sys.executable, "-m", "tests.bench.local_api_served", str(folder)],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        stdin, stdout = process.stdin, process.stdout

        def say(words: str) -> Any:
            stdin.write(f"{words}\n")
            stdin.flush()
            return json.loads(stdout.readline())

        try:
            yield (
                say(secret_of(keys)),
                lambda path, body: say(json.dumps([path, body.decode()])),
            )
        finally:
            stdin.write("\n")
            stdin.close()
            process.wait(30)
