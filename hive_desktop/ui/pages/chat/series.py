"""The small chart of a receipt that has a course."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hive_desktop.domain.days import Period, Span
from hive_desktop.domain.receipts import CellKind
from hive_desktop.i18n import mark, tr
from hive_desktop.ui.kit import dates, money
from hive_desktop.ui.kit.mini_bars import MiniBar, MiniBars

if TYPE_CHECKING:
    from hive_desktop.domain.ledger import TransactionQuery
    from hive_desktop.domain.receipts import Cell, Receipt

_NET: Final = mark("Income less spending")
_SPENT: Final = mark("Spending")
_WEEK: Final = 7


def chart_of(receipt: Receipt) -> tuple[MiniBars, list[TransactionQuery | None]] | None:
    """Return bars and the queries behind them; None where there is no course to be shown."""
    series = receipt.series
    if series is None or money.are_hidden():
        return None
    cells = [receipt.cell(name) for name in series.cells]
    bars = [
        MiniBar(_tick(cell, place), cell.value, money.plain(cell.value, cell.currency or ""))
        for place, cell in zip(series.places, cells, strict=True)
        if cell is not None and cell.kind is CellKind.MONEY and isinstance(cell.value, int)
    ]
    if len(bars) < 2 or len(bars) != len(cells):
        return None
    title = tr(_NET if receipt.tool == "cash_flow" else _SPENT)
    return MiniBars(title, bars), [None if cell is None else cell.query for cell in cells]


def _tick(cell: Cell, place: str) -> str:
    """Return a step's days in the person's language; its English name where it has no rows."""
    query = cell.query
    if query is None or query.start is None or query.end is None:
        return place
    days = (query.end - query.start).days + 1
    if Span.of(Period.YEAR, query.start) == Span(query.start, query.end):
        return dates.bucket_tick(Period.YEAR, query.start)
    if days <= _WEEK:
        return dates.day(query.start)
    return dates.bucket_tick(Period.MONTH, query.start)
