"""What is asked, as calls of tools: from a reading of which every word has been understood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, auto
from typing import TYPE_CHECKING, Any, NamedTuple

from hive_desktop.domain.days import Period, Span

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from hive_desktop.domain.questions.amounts import Bounds


class Ask(StrEnum):
    """What is asked of the results of an intent's calls."""

    TOTAL = auto()
    INCOME = auto()
    NET = auto()
    COUNT = auto()
    ROWS_TOTAL = auto()
    ROW_AVERAGE = auto()
    EXTREME = auto()
    WHEN = auto()
    LIST = auto()
    AVERAGE = auto()
    TOP_CATEGORY = auto()
    TOP_MERCHANT = auto()
    TOP_BOTH = auto()
    TOP_MONTH = auto()
    LOW_MONTH = auto()
    MONTHS = auto()
    COMPARE = auto()
    COMPARE_INCOME = auto()
    SHARE = auto()
    PRICE = auto()
    RECURRING = auto()
    BALANCE = auto()
    OWED = auto()
    NET_WORTH = auto()
    COVERAGE = auto()
    ACCOUNTS = auto()
    BANKS = auto()


class Call(NamedTuple):
    """One call of a tool."""

    tool: str
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Scope:
    """Which rows: the days, and the names that they are of. `span` None is all time."""

    span: Span | None = None
    categories: tuple[str, ...] = ()
    merchants: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()

    @property
    def period(self) -> str:
        """Return the days as tools read them."""
        return "all time" if self.span is None else f"{self.span.start}..{self.span.end}"

    @property
    def filters(self) -> dict[str, Any]:
        """Return the arguments that tools for spending share."""
        return {
            "period": self.period,
            "categories": list(self.categories),
            "merchants": list(self.merchants),
        }

    def spending(self, group_by: str = "none") -> Call:
        """Return the call for what was spent."""
        return Call(
            "spending_summary",
            {**self.filters, "accounts": list(self.accounts), "group_by": group_by},
        )

    def income(self) -> Call:
        """Return the call for what was earned."""
        return Call("income_summary", {"period": self.period, "group_by": "none"})

    def trend(self, by: str) -> Call:
        """Return the call for the course of spending."""
        return Call("spending_trend", {**self.filters, "by": by})

    def rows(self, **told: Any) -> Call:
        """Return the call for single rows; what is not told is open."""
        return Call(
            "find_transactions",
            {
                **self.filters,
                "accounts": list(self.accounts),
                "text": None,
                "min_amount": None,
                "max_amount": None,
                "direction": None,
                "kind": None,
                "pending": None,
                "sort": "newest",
                "limit": 1,
                **told,
            },
        )


@dataclass(frozen=True, slots=True)
class Intent:
    """A question understood.

    Attributes:
        scopes: one, or the two sides of a comparison.
        unit: of an average over time: day, week or month.
        detail: what else the answer's words turn on, such as `out`, `newest` or `pending`.
        is_reversed: the second side is what the change is counted to.
        currency: where one was named, the only one that is told.
    """

    ask: Ask
    calls: tuple[Call, ...]
    language: str
    scopes: tuple[Scope, ...] = (Scope(),)
    unit: str = ""
    detail: str = ""
    is_reversed: bool = False
    currency: str | None = None
    bounds: Bounds | None = None
    limit: int | None = None

    @property
    def scope(self) -> Scope:
        """Return the first scope."""
        return self.scopes[0]


def amount_arguments(bounds: Bounds | None, step: Decimal) -> dict[str, str | None]:
    """Return bounds as tools take them, which are within; `step` is the least amount there is."""
    if bounds is None:
        return {}
    least, most = bounds.least, bounds.most
    if least is not None and bounds.is_above:
        least += step
    if most is not None and bounds.is_below:
        most -= step
    return {
        "min_amount": None if least is None else str(least),
        "max_amount": None if most is None else str(most),
    }


def whole_units(span: Span, unit: str, today: date) -> int:
    """Return how many whole days, weeks or months a span is; 0 where it is not of whole ones.

    Weeks are seven days each. What is not over yet is not whole.
    """
    days = (span.end - span.start).days + 1
    if span.end > today or (unit != "day" and span.end == today):
        return 0
    if unit == "day":
        return days
    if unit == "week":
        return days // 7 if days % 7 == 0 else 0
    is_whole = span.start.day == 1 and span.end == Period.MONTH.end_of(span.end)
    months = (span.end.year - span.start.year) * 12 + span.end.month - span.start.month + 1
    return months if is_whole else 0


def units_over(span: Span, unit: str, today: date) -> Span | None:
    """Return a span of whole days, weeks or months that are over; None where there are none.

    One that lasts until today or longer is cut to those of its first days that are.
    """
    if whole_units(span, unit, today):
        return span
    if span.end < today or span.start > today:
        return None
    if unit == "month":
        end = today.replace(day=1) - timedelta(days=1)
    else:
        days = (today - span.start).days
        end = span.start + timedelta(days=(days // 7 * 7 if unit == "week" else days + 1) - 1)
    if end < span.start:
        return None
    cut = Span(span.start, end)
    return cut if whole_units(cut, unit, today) else None
