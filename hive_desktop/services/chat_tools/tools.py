"""Runs a tool by its name, in one read of the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hive_desktop.services.chat_tools.comparing import category_detail, compare_periods
from hive_desktop.services.chat_tools.holdings import (
    balances,
    cash_flow,
    data_coverage,
    net_worth,
)
from hive_desktop.services.chat_tools.look import Look, checked
from hive_desktop.services.chat_tools.regular import recurring
from hive_desktop.services.chat_tools.rows import find_transactions, transfers
from hive_desktop.services.chat_tools.specs import SPECS
from hive_desktop.services.chat_tools.spending import (
    income_summary,
    spending_summary,
    spending_trend,
    top_merchants,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hive_desktop.domain.receipts import Receipt
    from hive_desktop.ports.storage import Database, Reads
    from hive_desktop.ports.system import Clock
    from hive_desktop.services.chat_tools.specs import ToolSpec

    Tool = Callable[[Look, Mapping[str, Any]], Receipt]

_TOOLS: dict[str, Tool] = {
    one.__name__: one
    for one in (
        spending_summary,
        spending_trend,
        compare_periods,
        find_transactions,
        top_merchants,
        income_summary,
        balances,
        net_worth,
        cash_flow,
        recurring,
        category_detail,
        transfers,
        data_coverage,
    )
}


class ChatTools:
    """Answers questions about the ledger with receipts; every tool is a pure read.

    Args:
        database: the ledger.
        clock: what relative words such as "last month" count from.
        week_start: the first day of a week, 0 for Monday to 6 for Sunday.
    """

    specs: tuple[ToolSpec, ...] = SPECS

    def __init__(self, database: Database, clock: Clock, *, week_start: int = 0) -> None:
        self._database = database
        self._clock = clock
        self._week_start = week_start

    async def run(self, name: str, arguments: Mapping[str, Any]) -> Receipt:
        """Return what a tool found; the receipt has no id yet.

        Raises:
            ToolInputError: there is no such tool, or it cannot use the arguments.
        """
        given = checked(name, arguments)
        today = self._clock.today()

        def work(reads: Reads) -> Receipt:
            return _TOOLS[name](Look(reads, today, self._week_start), given)

        return await self._database.read(work)
