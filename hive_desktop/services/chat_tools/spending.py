"""What was spent or came in: in all, in groups, over time, and one period beside another."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hive_desktop.domain.days import Span, to_day
from hive_desktop.domain.ledger import AccountId, CategoryId, CategoryKind
from hive_desktop.domain.periods import unit_of
from hive_desktop.ports.query_sums import Grouping
from hive_desktop.services.chat_tools.look import limited
from hive_desktop.services.chat_tools.sheet import chart

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hive_desktop.domain.ledger import TransactionQuery
    from hive_desktop.domain.receipts import Receipt
    from hive_desktop.ports.query_sums import QuerySum
    from hive_desktop.services.chat_tools.look import Look
    from hive_desktop.services.chat_tools.sheet import Sheet

_MOST_GROUPS = 12
_MOST_STEPS = 62
_LONGER = {"day": "week", "week": "month", "month": "year"}
_SIGN = {CategoryKind.EXPENSE: 1, CategoryKind.INCOME: -1, CategoryKind.TRANSFER: 1}
_WHAT = {
    CategoryKind.EXPENSE: "spent",
    CategoryKind.INCOME: "income",
    CategoryKind.TRANSFER: "moved",
}


@dataclass(frozen=True, slots=True)
class Side:
    """Rows of one kind: which sign makes them sizes, and what they are called."""

    kind: CategoryKind

    @property
    def sign(self) -> int:
        """Return what a sum is multiplied by, so that people see a size."""
        return _SIGN[self.kind]

    @property
    def word(self) -> str:
        """Return what a sum of such rows is."""
        return _WHAT[self.kind]


def spending_summary(look: Look, given: Mapping[str, Any]) -> Receipt:
    """Return what was spent in a period."""
    return _summary(look, given, "spending_summary", Side(CategoryKind.EXPENSE))


def income_summary(look: Look, given: Mapping[str, Any]) -> Receipt:
    """Return what came in as income in a period."""
    return _summary(look, given, "income_summary", Side(CategoryKind.INCOME))


def _summary(look: Look, given: Mapping[str, Any], tool: str, side: Side) -> Receipt:
    asked = look.query(side.kind, look.span(given["period"]), given)
    by = Grouping(given["group_by"])
    sheet = look.sheet()
    totals = look.in_order(look.reads.sums.grouped(asked.query, Grouping.NONE))
    groups = [] if by is Grouping.NONE else look.reads.sums.grouped(asked.query, by)
    for total in totals:
        own = asked.of(total.currency)
        add_total(sheet.of(total.currency), total, own, side)
        add_averages(look, sheet, asked.span, total, side)
        if by is not Grouping.NONE:
            of_own = [one for one in groups if one.currency == total.currency]
            add_groups(look, sheet, of_own, own, (by, side, total, _MOST_GROUPS))
    look.begin(sheet.of(look.main), asked)
    known = look.elapsed(asked.span)
    sheet.count("days", (known.end - known.start).days + 1 if known else 0, "days so far")
    divided = "" if by is Grouping.NONE else f" by {by.value}"
    title = f"{'Spending' if side.sign > 0 else 'Income'}{divided}, {asked.words}"
    return sheet.receipt(tool, given, title, asked.query)


def top_merchants(look: Look, given: Mapping[str, Any]) -> Receipt:
    """Return where most was spent in a period."""
    side = Side(CategoryKind.EXPENSE)
    asked = look.query(side.kind, look.span(given["period"]), given)
    sheet = look.sheet()
    groups = look.reads.sums.grouped(asked.query, Grouping.MERCHANT)
    for total in look.in_order(look.reads.sums.grouped(asked.query, Grouping.NONE)):
        own = asked.of(total.currency)
        add_total(sheet.of(total.currency), total, own, side)
        of_own = [
            one
            for one in groups
            if one.currency == total.currency and (one.amount_minor > 0 or one.key is None)
        ]
        most = limited(given["limit"])
        add_groups(look, sheet, of_own, own, (Grouping.MERCHANT, side, total, most))
    look.begin(sheet.of(look.main), asked)
    return sheet.receipt("top_merchants", given, f"Top merchants, {asked.words}", asked.query)


def spending_trend(look: Look, given: Mapping[str, Any]) -> Receipt:
    """Return how spending went over a period."""
    side = Side(CategoryKind.EXPENSE)
    asked = look.query(side.kind, look.span(given["period"]), given)
    sheet = look.sheet()
    unit, steps = steps_of(look, sheet, asked.span, given["by"])
    by_day = look.reads.sums.grouped(asked.query, grain_of(unit))
    totals = look.in_order(look.reads.sums.grouped(asked.query, Grouping.NONE))
    series = None
    for total in totals:
        own = asked.of(total.currency)
        add_total(sheet.of(total.currency), total, own, side)
        if not steps:
            continue
        whole = ("total", total.amount_minor)
        sheet.mean("average", whole, (unit, len(steps)), f"{side.word}, mean of a {unit}")
        sums = stepped(by_day, steps, total.currency)
        order = sorted((-amount, at) for at, (amount, _) in enumerate(sums))
        for name, (_, at) in (("highest", order[0]), ("lowest", order[-1])):
            rows = within(own, steps[at])
            title = step_name(unit, steps[at])
            sheet.text(f"{name}.name", title, f"{unit} with the {name} sum", rows)
            sheet.day(f"{name}.from", steps[at].start, "its first day")
            sheet.money(f"{name}.total", sums[at][0], side.word, rows)
        cells = add_steps(sheet, unit, steps, sums, (own, 1))
        if total.currency == look.main:
            places = [step_name(unit, one) for one in steps]
            series = chart(f"Spending by {unit}", places, cells)
    look.begin(sheet.of(look.main), asked)
    sheet.count("steps", len(steps), f"{unit}s")
    title = f"Spending by {unit}, {asked.words}"
    return sheet.receipt("spending_trend", given, title, asked.query, series)


def steps_of(look: Look, sheet: Sheet, span: Span, unit: str) -> tuple[str, list[Span]]:
    """Return the steps of a span, and of what length: longer where they are many.

    They go from the ledger's first day to today, or to its last day where that is later.
    """
    known = look.covered(span)
    if known is None:
        return unit, []
    steps = _units(unit, known, look.week_start)
    while len(steps) > _MOST_STEPS and unit in _LONGER:
        sheet.note(f"There are too many steps of a {unit}: they are longer here.")
        unit = _LONGER[unit]
        steps = _units(unit, known, look.week_start)
    return unit, steps


def _units(unit: str, span: Span, week_start: int) -> list[Span]:
    found = []
    start = span.start
    while start <= span.end:
        whole = unit_of(unit, start, week_start)
        found.append(Span(start, min(whole.end, span.end)))
        start = whole.end + timedelta(days=1)
    return found


def grain_of(unit: str) -> Grouping:
    """Return by what to sum for steps of a length."""
    return Grouping.MONTH if unit in ("month", "year") else Grouping.DAY


def stepped(
    sums: Iterable[QuerySum], steps: Sequence[Span], currency: str, sign: int = 1
) -> list[tuple[int, int]]:
    """Return amount and rows of each step; steps cover all rows that were summed."""
    found = [[0, 0] for _ in steps]
    firsts = [to_day(one.start) for one in steps]
    for one in sums:
        if steps and isinstance(one.key, int) and one.currency == currency:
            # A whole month may begin before the ledger does.
            at = max(bisect_right(firsts, one.key) - 1, 0)
            found[at][0] += sign * one.amount_minor
            found[at][1] += one.rows
    return [(amount, rows) for amount, rows in found]


def step_name(unit: str, step: Span) -> str:
    """Return a step's name: `2026-10-05` for a day or week, `2026-10`, `2026`."""
    return step.start.isoformat()[: {"month": 7, "year": 4}.get(unit, 10)]


def within(query: TransactionQuery, span: Span) -> TransactionQuery:
    """Return the rows of a query in other days."""
    return replace(query, start=span.start, end=span.end)


def add_steps(
    sheet: Sheet,
    unit: str,
    steps: Sequence[Span],
    sums: Sequence[tuple[int, int]],
    of: tuple[TransactionQuery, int],
) -> list[str]:
    """Write the steps of a trend as lines; returns the names of their sums.

    `of` are the rows of all steps, and the sign of the sums.
    """
    own, sign = of
    cells = []
    for place, (step, (amount, rows)) in enumerate(zip(steps, sums, strict=True), start=1):
        query = within(own, step)
        name = sheet.text(f"{place}.name", step_name(unit, step), unit, query)
        sheet.day(f"{place}.from", step.start, f"first day of the {unit}")
        total = sheet.money(f"{place}.total", amount, "sum", query, sign=sign)
        count = sheet.count(f"{place}.count", rows, "transactions", query)
        sheet.line(name, total, count)
        cells.append(total)
    return cells


def add_total(sheet: Sheet, total: QuerySum, own: TransactionQuery, side: Side) -> None:
    """Write sum and count."""
    sheet.money("total", side.sign * total.amount_minor, side.word, own, sign=side.sign)
    sheet.count("count", total.rows, "transactions", own)


def add_averages(look: Look, sheet: Sheet, span: Span, total: QuerySum, side: Side) -> None:
    """Write the means of a transaction, a day, a week and a month."""
    whole = ("total", side.sign * total.amount_minor)
    if total.rows:
        sheet.mean("average", whole, ("count", total.rows), f"{side.word}, mean of a transaction")
    known = look.elapsed(span)
    if known is None:
        return
    days = (known.end - known.start).days + 1
    sheet.mean("per_day", whole, ("day", days), f"{side.word}, mean of a day so far")
    weeks = Fraction(days, 7)
    sheet.mean("per_week", whole, ("week", weeks), f"{side.word}, mean of seven days so far")
    months = look.months(span)
    sheet.mean("per_month", whole, ("month", months), f"{side.word}, mean of a month so far")


def add_groups(
    look: Look,
    sheet: Sheet,
    sums: Sequence[QuerySum],
    own: TransactionQuery,
    told: tuple[Grouping, Side, QuerySum, int],
) -> None:
    """Write the largest groups; `told` is by what, of which side, of which sum, and how many."""
    by, side, total, most = told
    named = [one for one in sums if by is Grouping.CATEGORY or one.key is not None]
    ordered = sorted(named, key=lambda one: (-side.sign * one.amount_minor, str(one.key)))
    sheet.count("groups", len(ordered), _GROUPS[by])
    for place, one in enumerate(ordered[:most], start=1):
        query = group_query(own, by, one.key)
        own_sum = (f"g{place}.total", side.sign * one.amount_minor)
        whole = ("total", side.sign * total.amount_minor)
        sheet.line(
            sheet.text(f"g{place}.name", group_name(look, by, one.key), by.value, query),
            sheet.money(*own_sum, side.word, query, sign=side.sign),
            sheet.count(f"g{place}.count", one.rows, "transactions", query),
            sheet.share(f"g{place}.share", own_sum, whole, "share of the sum"),
        )
    if len(ordered) > most:
        sheet.note("Only the largest groups are listed.")
    if by is Grouping.MERCHANT and len(named) < len(sums):
        sheet.note("Some transactions name no merchant; they are in the sum and in no group.")


_GROUPS = {
    Grouping.CATEGORY: "categories",
    Grouping.ACCOUNT: "accounts",
    Grouping.MERCHANT: "merchants",
}


def group_query(own: TransactionQuery, by: Grouping, key: object) -> TransactionQuery:
    """Return the rows of one group."""
    if by is Grouping.MERCHANT:
        return replace(own, merchants=(str(key),))
    if by is Grouping.ACCOUNT and isinstance(key, bytes):
        return replace(own, accounts=(AccountId(key),))
    if isinstance(key, bytes):
        return replace(own, categories=(CategoryId(key),), uncategorized=False)
    return replace(own, categories=(), uncategorized=True)


def group_name(look: Look, by: Grouping, key: object) -> str:
    """Return a group's name."""
    if by is Grouping.MERCHANT:
        return look.merchant_name(key)
    return look.account_name(key) if by is Grouping.ACCOUNT else look.category_name(key)
