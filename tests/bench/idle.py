"""What the program costs while nobody looks: in the tray, with its window closed.

A process of its own opens a vault, puts its window away and is left alone; this one reads of the
kernel what it does meanwhile. Under Xvfb with a tray where those programs are there, else without
a screen.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.bank import ROOT
from tests.bench.result import Result
from tests.bench.shared_vault import TODAY, secret_of, vault_of

if TYPE_CHECKING:
    from collections.abc import Iterator

ROWS = 1_000
SECONDS = float(os.environ.get("HIVE_BENCH_IDLE_S", "600"))
SETTLE_S = 15.0
SAMPLES = 30
MOST_CPU_PERCENT = 0.2
MOST_WAKE_UPS = 5.0
MOST_GROWTH_KB_PER_MINUTE = 64.0
_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def measure() -> list[Result]:
    folder, keys = vault_of(ROWS)
    with ExitStack() as stack:
        variables = stack.enter_context(_screen())
        process = stack.enter_context(_program(folder, secret_of(keys), variables))
        time.sleep(SETTLE_S)
        began, cpu, first = time.monotonic(), _cpu_s(process.pid), _wake_ups(process.pid)
        last = dict(first)
        memory = []
        for index in range(1, SAMPLES + 1):
            time.sleep(max(0.0, began + SECONDS * index / SAMPLES - time.monotonic()))
            assert process.poll() is None, "the program has ended"
            last |= _wake_ups(process.pid)
            memory.append(((time.monotonic() - began) / 60, _resident_kb(process.pid)))
        took = time.monotonic() - began
        cpu = _cpu_s(process.pid) - cpu
        wakes = {one: count - first.get(one, 0) for one, count in last.items()}
    slope = statistics.linear_regression(*zip(*memory, strict=True)).slope
    per_s, percent = sum(wakes.values()) / took, 100 * cpu / took
    where = "in a tray under Xvfb" if "DISPLAY" in variables else "without a screen"
    note = (
        f"{took:.0f} s {where}; {per_s:.2f} wake-ups a second over all threads (bound "
        f"{MOST_WAKE_UPS:g}); memory {memory[-1][1] / 1000:.1f} MB, {slope:+.1f} kB a minute "
        f"(bound {MOST_GROWTH_KB_PER_MINUTE:g} over ten minutes)"
    )
    # Within a short turn pages that come once weigh like a leak.
    is_steady = took < 300 or slope <= MOST_GROWTH_KB_PER_MINUTE
    return [
        Result(
            "idle", percent, "% of a core", MOST_CPU_PERCENT, 1.0, note,
            extra=per_s <= MOST_WAKE_UPS and is_steady,
        )
    ]  # fmt: skip


@contextmanager
def _program(
    folder: Path, secret: str, variables: dict[str, str]
) -> Iterator[subprocess.Popen[str]]:
    """Run the program on a vault until this is left."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.idle_window", str(folder), TODAY.isoformat()],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"} | variables,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(f"{secret}\n")
        process.stdin.flush()
        assert process.stdout.readline() == "away\n"
        yield process
        process.terminate()
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.communicate()


@contextmanager
def _screen() -> Iterator[dict[str, str]]:
    """Show a screen with a tray, where there are programs for that."""
    if not (shutil.which("Xvfb") and shutil.which("trayer")):
        yield {}
        return
    from tests.e2e import x_screen

    server, name = x_screen.start()
    tray = x_screen.start_tray(name)
    try:
        yield {"DISPLAY": name, "QT_QPA_PLATFORM": "xcb"}
    finally:
        for one in (tray, server):
            one.terminate()
            one.wait()


def _cpu_s(pid: int) -> float:
    """Return the processor time of a process, proc(5)."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * _TICK_S


def _wake_ups(pid: int) -> dict[str, int]:
    """Return how often each of its threads went to sleep by itself, and so woke."""
    found = {}
    for status in Path(f"/proc/{pid}/task").glob("*/status"):
        with suppress(OSError):  # a thread that has just ended
            for line in status.read_text("ascii", errors="replace").splitlines():
                if line.startswith("voluntary_ctxt_switches"):
                    found[status.parent.name] = int(line.split()[1])
    return found


def _resident_kb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 1000
