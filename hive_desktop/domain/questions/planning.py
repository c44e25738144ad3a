"""From a reading to an intent: which kinds of question there are, and in which order they look.

Each kind says which tags it may hold. A word that a kind has no use for keeps the question from
being that kind, so that nothing that was said is left out of the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.domain.questions import kinds_of_holdings as holdings
from hive_desktop.domain.questions import kinds_of_rows as rows
from hive_desktop.domain.questions import kinds_of_sums as sums
from hive_desktop.domain.questions.planner import Planner, Unanswerable

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from hive_desktop.domain.questions.intents import Intent
    from hive_desktop.domain.questions.names import Names
    from hive_desktop.domain.questions.reading import Reading

__all__ = ["Unanswerable", "plan"]

_KINDS: tuple[Callable[[Planner], Intent | None], ...] = (
    *(holdings.coverage, holdings.connections, holdings.net_worth),
    *(holdings.price, holdings.recurring),
    *(rows.pending, rows.refunds),
    *(holdings.owed, holdings.balances),
    *(rows.received, sums.net, sums.income, rows.sent, rows.transfers),
    *(sums.comparison, sums.share, sums.months),
    *(rows.average, sums.average, rows.count),
    *(sums.top, rows.single, rows.listing, sums.total),
)


def plan(reading: Reading, names: Names, today: date) -> Intent | None:
    """Return what a reading asks for, or None where no kind of question has all of its words.

    Raises:
        Unanswerable: it is of a kind that has no one answer as it is put.
    """
    planner = Planner(reading, names, today)
    return next((found for kind in _KINDS if (found := kind(planner)) is not None), None)
