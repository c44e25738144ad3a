"""Turns report values into what the Overview shows. Pure: no widget, no service call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hive_desktop.domain.ledger import CategoryKind, TransactionQuery
from hive_desktop.ui.kit import dates, money
from hive_desktop.ui.kit.buckets import Bucket
from hive_desktop.ui.kit.donut import Share
from hive_desktop.ui.kit.lines import Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from hive_desktop.domain.days import Period, Span
    from hive_desktop.domain.ledger import Account, AccountId, Category, CategoryId, TransactionRow
    from hive_desktop.services.reports import CategorySlice, Figure, Overview, TrendPoint
    from hive_desktop.ui.kit.widgets import Tone

SHARES_SHOWN = 6
NEUTRAL_COLOR = "#9AA1AD"


@dataclass(frozen=True, slots=True)
class CardView:
    """One figure as its card shows it; `change` compares with the period before."""

    title: str
    value: str
    change: str
    change_tone: Tone


@dataclass(frozen=True, slots=True)
class SliceView:
    """One part of the ring, with the rows that it stands for."""

    share: Share
    line: Line
    query: TransactionQuery


def card_views(overview: Overview, before_name: str) -> tuple[CardView, CardView, CardView]:
    """Return the cards of the main currency: spent, income, net."""
    currency = overview.main_currency
    now, before = _of(overview.figures, currency), _of(overview.previous, currency)
    spent = _change(now.spent, before.spent, before_name, more_is_good=False)
    income = _change(now.income, before.income, before_name, more_is_good=True)
    net = now.income - now.spent
    return (
        CardView("Spent", money.plain(now.spent, currency), *spent),
        CardView("Income", money.plain(now.income, currency), *income),
        CardView(
            "Net",
            money.net(net, currency),
            f"{money.net(before.income - before.spent, currency)} in {before_name}",
            "muted",
        ),
    )


def other_currencies(overview: Overview) -> list[str]:
    """Return a line for each currency beside the main one; currencies are never added."""
    return [
        f"{figure.currency}   {money.plain(figure.spent_minor, figure.currency)} spent"
        f"   ·   {money.plain(figure.income_minor, figure.currency)} income"
        f"   ·   {money.net(figure.net_minor, figure.currency)} net"
        for figure in overview.figures
        if figure.currency != overview.main_currency and figure.count
    ]


def slice_views(overview: Overview) -> list[SliceView]:
    """Return the spending categories of the main currency, the small ones folded into one."""
    spending = [
        each
        for each in overview.slices
        if each.currency == overview.main_currency
        and each.kind is CategoryKind.EXPENSE
        and each.amount_minor > 0
    ]
    total = sum(each.amount_minor for each in spending) or 1
    fold_from = SHARES_SHOWN if len(spending) > SHARES_SHOWN + 1 else len(spending)
    views = [_slice_view(overview, [each], each.name, total) for each in spending[:fold_from]]
    if rest := spending[fold_from:]:
        views.append(_slice_view(overview, rest, f"{len(rest)} more", total))
    return views


def spent_text(overview: Overview) -> str:
    """Return the ring's middle: what was spent in the main currency."""
    return money.plain(_of(overview.figures, overview.main_currency).spent, overview.main_currency)


def bucket_views(points: Iterable[TrendPoint], currency: str, period: Period) -> list[Bucket]:
    """Return the bars of one currency, oldest first."""
    return [
        Bucket(
            dates.bucket_tick(period, point.start),
            dates.period_title(period, point.start),
            max(point.spent_minor, 0),
            max(point.income_minor, 0),
            money.plain(point.spent_minor, currency),
            money.plain(point.income_minor, currency),
        )
        for point in points
        if point.currency == currency
    ]


def recent_line(
    row: TransactionRow,
    categories: dict[CategoryId, Category],
    accounts: dict[AccountId, Account],
) -> Line:
    """Return a row of the list of recent transactions."""
    category = categories.get(row.category_id) if row.category_id else None
    account = accounts.get(row.account_id)
    when = dates.day(row.posted_on)
    remark = f"{when} · {account.name}" if account else when
    return Line(
        title=row.merchant or row.name,
        amount=money.flow(row.amount_minor, row.currency),
        color=category.color if category else NEUTRAL_COLOR,
        icon=category.icon if category else "circle",
        remark=f"Pending · {remark}" if row.pending else remark,
        note=category.name if category else "Uncategorized",
        is_income=row.amount_minor < 0,
        is_dimmed=row.pending,
    )


def before_name(period: Period, start: date) -> str:
    """Return the name of the period before."""
    return dates.period_title(period, period.previous_start(start))


@dataclass(frozen=True, slots=True)
class _Pair:
    spent: int
    income: int


def _of(figures: Sequence[Figure], currency: str) -> _Pair:
    for figure in figures:
        if figure.currency == currency:
            return _Pair(figure.spent_minor, figure.income_minor)
    return _Pair(0, 0)


def _change(now: int, before: int, name: str, *, more_is_good: bool) -> tuple[str, Tone]:
    text = money.percent_change(now, before)
    if text is None:
        return f"Nothing in {name}", "muted"
    if now == before:
        return f"Same as {name}", "muted"
    tone: Tone = "income" if (now > before) == more_is_good else "warning"
    return f"{text} vs {name}", tone


def _slice_view(
    overview: Overview, slices: Sequence[CategorySlice], name: str, total: int
) -> SliceView:
    currency = overview.main_currency
    amount = sum(each.amount_minor for each in slices)
    text = money.plain(amount, currency)
    color = slices[0].color if len(slices) == 1 else NEUTRAL_COLOR
    share = (amount * 100 + total // 2) // total
    return SliceView(
        Share(name, text, amount, color),
        Line(title=name, amount=text, color=color, note=f"{share}%" if share else "<1%"),
        _rows_of(overview.span, currency, slices),
    )


def _rows_of(span: Span, currency: str, slices: Sequence[CategorySlice]) -> TransactionQuery:
    return TransactionQuery(
        start=span.start,
        end=span.end,
        categories=tuple(each.category_id for each in slices if each.category_id),
        uncategorized=any(each.category_id is None for each in slices),
        currency=currency,
        counted_only=True,
    )
