"""A session of the chat opened in the window, to its pixels: 2,000 messages against 20.

Each opening is from the vault: the desk knows nothing of the session any more. It brings the newest
messages, the receipts that they name, and each reply in pieces. The two take turns in one window,
and medians are compared.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from tests.bench.bulk_vault import make_vault
from tests.bench.child import run_child
from tests.bench.result import Result
from tests.bench.shared_vault import TODAY, secret_of

FEW, MANY = 20, 2_000
ROWS = 2_000
TURNS = 30
BOUND = 1.3


def measure() -> list[Result]:
    with tempfile.TemporaryDirectory() as folder:
        vault = Path(folder) / "vault"
        keys = make_vault(vault, ROWS, today=TODAY)
        told = run_child("tests.bench.chat_open_window", str(vault), secret=secret_of(keys))
    painted, floor = statistics.median(told["many"]), statistics.median(told["few"])
    read, least = statistics.median(told["many_read"]), statistics.median(told["few_read"])
    note = (
        f"to the pixels, median of {TURNS} turns, {MANY:,} messages against {FEW}; read alone "
        f"{read:.1f} ms against {least:.1f}"
    )
    return [Result("chat-open", painted, "ms", floor, BOUND, note)]
