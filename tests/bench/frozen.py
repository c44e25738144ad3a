"""The program without Python beside it: how large it is, and how soon it asks for the passphrase.

`frozen-size`: what its folder takes on a disk, against what it may. `frozen-start`: from the start
of the process to the unlock screen on an X screen, against the same source run by Python; both take
turns on one vault, and medians are compared. The program is built before, where `dist` has another.
"""

from __future__ import annotations

import compileall
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.bank import ROOT
from tests.bench.bulk_vault import make_vault
from tests.bench.result import Result
from tests.bench.start import TODAY
from tests.e2e import x_screen

MOST_MB = 220
PARTS = 10
TURNS = 7
START_BOUND = 1.5
_MB = 1_000_000
_BLOCK = 512
_LONGEST_S = 60
_POLL_S = 0.005


def size() -> list[Result]:
    program = built()
    parts: dict[str, int] = {}
    for file in program.rglob("*"):
        inside = file.relative_to(program).parts
        if not file.is_dir() or file.is_symlink():
            name = "/".join(inside[1:2] if len(inside) < 4 else inside[1:3]) or inside[0]
            parts[name] = parts.get(name, 0) + file.lstat().st_blocks * _BLOCK
    largest = sorted(parts.items(), key=lambda part: -part[1])[:PARTS]
    note = ", ".join(f"{name} {taken / _MB:.1f}" for name, taken in largest)
    return [
        Result("frozen-size", sum(parts.values()) / _MB, "MB", MOST_MB, 1.0, f"MB: {note}"),
    ]


def start() -> list[Result]:
    program = built() / "hive-desktop"
    compileall.compile_dir(ROOT / "hive_desktop", quiet=1)
    source, frozen = [], []
    with x_screen.shown() as display, tempfile.TemporaryDirectory() as folder:
        vault = Path(folder) / "vault"
        make_vault(vault, 1000, today=TODAY)
        for turn in range(TURNS + 1):
            by_python = until_asked([sys.executable, "-m", "hive_desktop"], display, vault)
            alone = until_asked([str(program)], display, vault)
            if turn:  # the first turn warms the disk cache
                source.append(by_python)
                frozen.append(alone)
    note = f"to the unlock screen, median of {TURNS} turns; the floor is the source's"
    return [
        Result(
            "frozen-start", statistics.median(frozen), "s", statistics.median(source), START_BOUND,
            note,
        ),
    ]  # fmt: skip


def built() -> Path:
    """Return the program's folder in `dist`, made where it is not what the source makes."""
    command = [sys.executable, ROOT / "packaging" / "build.py", "--program", "--if-needed"]
    subprocess.run(command, cwd=ROOT, stdout=2, check=True)
    return ROOT / "dist" / "hive-desktop"


def until_asked(command: list[str], display: str, vault: Path) -> float:
    """Return the seconds from a program's start to its window on the screen; ends it then."""
    folder = vault.parent
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("QT_", "WAYLAND"))}
    environment |= {
        "DISPLAY": display,
        "XDG_DATA_HOME": str(folder),
        "XDG_STATE_HOME": str(folder / "state"),
    }
    search = ["xdotool", "search", "--onlyvisible", "--name", "Hive"]
    begun = time.monotonic()
    program = subprocess.Popen(
        [*command, "--vault", str(vault)], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    try:
        while time.monotonic() < begun + _LONGEST_S:
            found = subprocess.run(search, env=environment, capture_output=True, check=False)
            if found.stdout.strip():
                return time.monotonic() - begun
            assert program.poll() is None, "the program ended before it had a window"
            time.sleep(_POLL_S)
        raise AssertionError("no window came")
    finally:
        program.terminate()
        program.wait()
