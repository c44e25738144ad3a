"""A reply of the chat as it streams into a window over a vault, by a model in the same process.

`chat-first-token`: from the first token that the model gives to the pixels of it, against the time
that the model itself took. `chat-stall`: how late a heart of 5 ms beats on the window's loop while
500 tokens a second come for 30 s (words, tables of 60 rows and fences of 400 lines), against the
same window at rest before and after.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from tests.bench.bulk_vault import make_vault
from tests.bench.child import run_child
from tests.bench.result import Result
from tests.bench.shared_vault import TODAY
from tests.bench.sync_stall import Beats

ROWS = 2_000
ASKED = 40
RATE, SECONDS = 500, 30
FIRST_MARGIN_MS, STALL_MARGIN_MS = 20.0, 8.0


def first_token() -> list[Result]:
    told = _child("first")
    pixels, given = sorted(told["pixels"]), sorted(told["given"])
    place = len(pixels) * 95 // 100
    shown = sorted(one - other for one, other in zip(told["pixels"], told["given"], strict=True))
    note = (
        f"from the question to the first pixels, 95th percentile of {len(pixels)} replies; from "
        f"the token alone {shown[len(shown) // 2]:.1f} ms in the middle, {shown[-1]:.1f} at worst"
    )
    return [
        Result(
            "chat-first-token", pixels[place], "ms", given[place], None, note,
            margin=FIRST_MARGIN_MS,
        )
    ]  # fmt: skip


def stall() -> list[Result]:
    told = _child("stall")
    idle, busy = Beats.of(told["before"] + told["after"]), Beats.of(told["busy"])
    longest = sorted(zip(told["busy"], told["at"], strict=True), reverse=True)[:5]
    when = ", ".join(f"{late:.0f} ms at {at:.1f} s" for late, at in longest)
    note = (
        f"p99 {busy.p99:.1f} ms and worst {busy.worst:.1f} ms over {busy.count:,} beats while "
        f"{told['tokens']:,} tokens came in {told['seconds']:.1f} s; at rest p99 {idle.p99:.1f} ms "
        f"and worst {idle.worst:.1f} ms over {idle.count:,}; longest: {when}"
    )
    is_whole = told["tokens"] == RATE * SECONDS and all(told["shown"])
    return [
        Result(
            "chat-stall p99", busy.p99, "ms", idle.p99, None, note, is_whole,
            margin=STALL_MARGIN_MS,
        )
    ]  # fmt: skip


def _child(what: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        vault = Path(folder) / "vault"
        keys = make_vault(vault, ROWS, today=TODAY)
        secret = f"{keys.master.hex()} {keys.database.hex()} {keys.egress.hex()}"
        return run_child("tests.bench.chat_stream_window", what, str(vault), secret=secret)
