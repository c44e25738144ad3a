"""What tools there are: name, words for the model, and the strict schema of their arguments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_LINES: Final = 20
"""Lines of rows or groups in one receipt."""


class ToolInputError(UsageError):
    """Arguments that a tool cannot use; the hint says what it could, for one corrected try."""

    default_title = "That cannot be looked up"


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """One tool, as a model is told of it.

    Attributes:
        description: what it finds and when to ask it, English.
        parameters: a JSON schema in the strict form: every property is required, none else is
            allowed, and what may be left open is null.
    """

    name: str
    description: str
    parameters: Mapping[str, Any]


def _text(description: str) -> dict[str, Any]:
    return {"type": "string", "description": description}


def _or_null(kind: str, description: str) -> dict[str, Any]:
    return {"type": [kind, "null"], "description": description}


def _one_of(*values: str | None, description: str) -> dict[str, Any]:
    types = ["string", "null"] if None in values else "string"
    return {"type": types, "enum": list(values), "description": description}


def _names(description: str) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string"}, "description": description}


_PERIOD_WORDS = (
    'Days in plain words: "last month", "this year", "since June", "Q3 2025", "2026-10", '
    '"2026-10-01..2026-10-15", "last 30 days", "all time"; German words work too.'
)
_PERIOD = _text(_PERIOD_WORDS)
_CATEGORIES = _names("Names of categories, such as Food & Dining; empty for all.")
_MERCHANTS = _names("Names of merchants or shops; empty for all.")
_ACCOUNTS = _names("Names of accounts, or of their banks; empty for all.")
_GROUPS = _one_of(
    *("none", "category", "merchant", "account"), description="What to divide the sum by."
)
_BUCKETS = _one_of("day", "week", "month", "year", description="The length of each step.")
_LIMIT = {"type": "integer", "description": f"How many lines, 1 to {MOST_LINES}."}


def _spec(name: str, description: str, **properties: dict[str, Any]) -> ToolSpec:
    return ToolSpec(
        name,
        description,
        {
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        },
    )


SPECS: Final[tuple[ToolSpec, ...]] = (
    _spec(
        "spending_summary",
        "How much was spent in a period, refunds taken off, transfers left out; in all or by"
        " category, merchant or account. Also averages for each row, day, week and month.",
        period=_PERIOD,
        categories=_CATEGORIES,
        merchants=_MERCHANTS,
        accounts=_ACCOUNTS,
        group_by=_GROUPS,
    ),
    _spec(
        "spending_trend",
        "How spending went over a period, step by step, with the highest and lowest step.",
        period=_PERIOD,
        by=_BUCKETS,
        categories=_CATEGORIES,
        merchants=_MERCHANTS,
    ),
    _spec(
        "compare_periods",
        "Spending of two periods side by side, with the change in money and in percent.",
        period=_PERIOD,
        with_period=_or_null(
            "string",
            "The period to compare with, in the same words; null for the one before, as many days"
            " of it as have passed of this one.",
        ),
        categories=_CATEGORIES,
        merchants=_MERCHANTS,
        group_by=_GROUPS,
    ),
    _spec(
        "find_transactions",
        "Single transactions that meet all conditions, with total and count over all of them, not"
        " only those listed. For the biggest purchase: kind spending, sort largest, limit 1.",
        period=_or_null("string", f"{_PERIOD_WORDS} Null for all time."),
        text=_or_null("string", "Words in names, descriptions or notes; null for any."),
        categories=_CATEGORIES,
        merchants=_MERCHANTS,
        accounts=_ACCOUNTS,
        min_amount=_or_null("string", 'Smallest amount without sign, such as "12.50"; or null.'),
        max_amount=_or_null("string", 'Largest amount without sign, such as "100"; or null.'),
        direction=_one_of("out", "in", None, description="Money out, money in, or null for both."),
        kind=_one_of(
            *("spending", "income", "transfer", None),
            description="Rows that count as spending, income or transfers; null for all rows.",
        ),
        pending=_or_null("boolean", "True: only pending rows; false: only posted; null: both."),
        sort=_one_of("newest", "oldest", "largest", "smallest", description="Order of the lines."),
        limit=_LIMIT,
    ),
    _spec(
        "top_merchants",
        "Where most was spent in a period, the largest first.",
        period=_PERIOD,
        limit=_LIMIT,
        categories=_CATEGORIES,
    ),
    _spec(
        "income_summary",
        "How much came in as income in a period; in all or by category, merchant or account.",
        period=_PERIOD,
        group_by=_GROUPS,
    ),
    _spec(
        "balances",
        "What accounts hold now, what is owed, and when the bank last said so.",
        accounts=_ACCOUNTS,
    ),
    _spec(
        "net_worth",
        "What all accounts are worth together on a day, debts taken off.",
        day=_or_null("string", 'A day such as "2026-10-03" or "yesterday"; null for today.'),
    ),
    _spec(
        "cash_flow",
        "Income, spending and what is left of a period, step by step.",
        period=_PERIOD,
        by=_BUCKETS,
    ),
    _spec(
        "recurring",
        "Payments that come again: subscriptions and bills, or income, with what each costs a month"
        " and when the next is expected.",
        kind=_one_of(
            *("all", "subscriptions", "income"),
            description="subscriptions: steady payments that are no bill, fee or gift, or bills and"
            " others where there are none; all: those too, and income.",
        ),
    ),
    _spec(
        "category_detail",
        "One category in a period: sum, count, compared with the span before, its merchants, and"
        " its course by month.",
        category=_text("The category's name."),
        period=_PERIOD,
    ),
    _spec(
        "transfers",
        "Money moved between own accounts in a period: card payments, savings, loans. It counts as"
        " neither spending nor income.",
        period=_PERIOD,
    ),
    _spec(
        "data_coverage",
        "What is known and what is not: first and last day, accounts, pending rows, rows without a"
        " category, and when each bank was last synced.",
    ),
)
