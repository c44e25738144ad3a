"""The gallery's part of the chat: a text with figures, a small chart, a question's field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from hive_desktop.ui.gallery.basics import nothing
from hive_desktop.ui.kit import money
from hive_desktop.ui.kit.ask_field import AskField
from hive_desktop.ui.kit.markdown_chunks import Mark, chunked
from hive_desktop.ui.kit.mini_bars import MiniBar, MiniBars
from hive_desktop.ui.kit.prose import Prose
from hive_desktop.ui.kit.theme import Space
from hive_desktop.ui.kit.widgets import column, row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLayout

_BEFORE = "You spent "
_AFTER = """ on food in October, *less* than in `2025-10`:

| Merchant | Spent |
|---|--:|
| Greenleaf Market | """
_END = """ |

1. The market is the largest part.
   - It is as in **every** month.

> Refunds are taken off.

```
total = market + coffee
```
"""
_BARS = (("Aug", 41_200), ("Sep", 38_650), ("Oct", 52_480), ("Nov", -2_100))


def talk() -> QLayout:
    """Return a reply, a chart of a course, and the field that asks."""
    prose = Prose("Answer")
    shown = Mark(money.plain(52_480, "USD"), "figure:r1.total", "Show the transactions")
    flaw = Mark(money.plain(51_000, "USD"), tip="Nothing that was looked up has it.", is_flaw=True)
    one = Mark(
        money.plain(31_900, "USD"),
        "figure:r1.g1.total",
        "Show the transactions",
        note=f"now {money.plain(31_500, 'USD')}",
    )
    parts: list[str | Mark] = [_BEFORE, shown, ", about ", flaw, ",", _AFTER, one, _END]
    prose.show_chunks(chunked(parts))
    prose.chosen.connect(nothing)
    bars = [MiniBar(place, size, money.plain(size, "USD")) for place, size in _BARS]
    chart = MiniBars("Spending", bars)
    field = AskField("Ask about your money", 400)
    beside = column(gap=Space.L)
    beside.addWidget(chart)
    beside.addWidget(field)
    beside.addStretch(1)
    line = row(gap=Space.XL)
    line.addWidget(prose, 1, Qt.AlignmentFlag.AlignTop)
    line.addLayout(beside, 1)
    return line
