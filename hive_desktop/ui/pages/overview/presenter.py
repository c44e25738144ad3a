"""Turns report values into what the Overview shows. Pure: no widget, no service call."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

from hive_desktop.domain.categories import category_title
from hive_desktop.domain.days import Period, Span
from hive_desktop.domain.ledger import CategoryKind, TransactionQuery
from hive_desktop.i18n import mark, tr, tr_n
from hive_desktop.services.reports import figures
from hive_desktop.ui.kit import dates, money
from hive_desktop.ui.kit.donut import Share
from hive_desktop.ui.kit.lines import Line
from hive_desktop.ui.kit.wording import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hive_desktop.domain.ledger import Account, AccountId, Category, CategoryId, TransactionRow
    from hive_desktop.ports.report_store import MerchantSum
    from hive_desktop.services.net_worth import Worth
    from hive_desktop.services.reports import CategorySlice, Figure, Overview
    from hive_desktop.ui.kit.widgets import Tone

SHARES_SHOWN = 6
NEUTRAL_COLOR = "#9AA1AD"
NOTHING_BEFORE = mark("No whole period before it")


@dataclass(frozen=True, slots=True)
class CardView:
    """One figure as its card shows it.

    Attributes:
        change: by how much it changed, with its sign; empty where there is nothing to compare.
        against: what it is compared with, or that there is nothing.
        course: how it came about, oldest first, minor units.
        share: how much of the period has passed, 0 to 1.
        query: the rows that it is made of; None where it is not made of rows.
        figure: the sum of those rows, in the ledger's sense: positive = money out.
        short: stands for the value where that has no room.
    """

    title: str
    value: str
    change: str
    against: str
    change_tone: Tone
    is_up: bool | None
    course: tuple[int, ...] = ()
    share: float = 1.0
    query: TransactionQuery | None = None
    figure: int = 0
    short: str = ""


@dataclass(frozen=True, slots=True)
class SliceView:
    """One part of the ring, with the rows that it stands for."""

    share: Share
    line: Line
    query: TransactionQuery


def card_views(overview: Overview) -> tuple[CardView, CardView, CardView]:
    """Return the cards of the main currency: spent, income, net."""
    currency = overview.main_currency
    now, before = _of(overview.figures, currency), _of(overview.previous, currency)
    has_base = overview.is_comparable and before.count > 0
    against = against_text(overview) if has_base else tr(NOTHING_BEFORE)
    spent, income = _courses(overview)
    net = tuple(come - gone for come, gone in zip(income, spent, strict=True))
    share = passed(overview)
    span = overview.span
    cards = (
        (tr("Spent"), now.spent, before.spent, CategoryKind.EXPENSE, spent, now.spent),
        (tr("Income"), now.income, before.income, CategoryKind.INCOME, income, -now.income),
        (tr("Net"), now.net, before.net, None, net, -now.net),
    )
    return tuple(  # type: ignore[return-value]
        CardView(
            title,
            money.net(value, currency) if kind is None else money.plain(value, currency),
            *change_views(
                value, earlier, currency, against,
                has_base=has_base, more_is_good=kind is not CategoryKind.EXPENSE,
                with_percent=kind is not None,
            ),
            course,
            share,
            rows_of(span, currency, counts_as=kind),
            figure,
            money.compact(value, currency),
        )
        for title, value, earlier, kind, course, figure in cards
    )  # fmt: skip


def worth_card(worth: Worth, overview: Overview) -> CardView:
    """Return the card of the net worth; its first point is the last day before the period."""
    values = tuple(point.minor for point in worth.points)
    if not values:
        unknown = tr("No balance is known yet")
        return CardView(tr("Net worth"), "\N{EN DASH}", "", unknown, "muted", None)
    change = change_views(
        values[-1], values[0], worth.currency,
        tr("since {day}", day=dates.day(overview.span.start)),
        has_base=True, more_is_good=True, with_percent=True,
    )  # fmt: skip
    value = money.plain(values[-1], worth.currency)
    short = money.compact(values[-1], worth.currency)
    return CardView(tr("Net worth"), value, *change, values[1:], passed(overview), short=short)


def worth_notes(worth: Worth) -> list[str]:
    """Return in sentences what the net worth leaves out or takes for granted."""
    notes = []
    if worth.others:
        amounts = ", ".join(money.plain(minor, currency) for currency, minor in worth.others)
        notes.append(tr("Not in it: {amounts} in other currencies.", amounts=amounts))
    if worth.unknown:
        notes.append(tr("No balance is known of {accounts}.", accounts=_listed(worth.unknown)))
    if worth.closed:
        notes.append(
            tr_n(
                "One account of disconnected banks left out.",
                "{count} accounts of disconnected banks left out.",
                worth.closed,
            )
        )
    if worth.assumed:
        notes.append(
            tr(
                "Earlier balances of {accounts} are not known; the first stands in.",
                accounts=_listed(worth.assumed),
            )
        )
    return notes


def change_views(  # noqa: PLR0913 - two figures and how they are to be read
    now: int,
    before: int,
    currency: str,
    against: str,
    *,
    has_base: bool,
    more_is_good: bool,
    with_percent: bool,
) -> tuple[str, str, Tone, bool | None]:
    """Return by how much a figure changed, against what, its tone, and whether it rose."""
    if not has_base:
        return "", against, "muted", None
    if now == before:
        return tr("No change"), against, "muted", None
    text = money.net(now - before, currency)
    percent = money.percent_change(now, before) if with_percent else None
    tone: Tone = "income" if (now > before) == more_is_good else "warning"
    return f"{percent}  ({text})" if percent else text, against, tone, now > before


def against_text(overview: Overview) -> str:
    """Return what the figures are compared with: a whole period, or the same days of it."""
    compared = overview.compared
    for period in Period:
        if compared == Span.of(period, compared.start):
            return tr("vs {period}", period=dates.period_title(period, compared.start))
    return tr("vs {period}", period=dates.span(compared))


def passed(overview: Overview) -> float:
    """Return how much of the span the course covers, 0 to 1."""
    days = (overview.span.end - overview.span.start).days + 1
    shown = (overview.course[-1].span.end - overview.span.start).days + 1 if overview.course else 0
    return min(shown / days, 1.0)


def other_currencies(overview: Overview) -> list[tuple[str, TransactionQuery]]:
    """Return words and rows of each currency beside the main one; currencies are never added."""
    return [
        (
            tr(
                "Also in {currency}: {spent} spent, {income} income",
                currency=figure.currency,
                spent=money.plain(figure.spent_minor, figure.currency),
                income=money.plain(figure.income_minor, figure.currency),
            ),
            rows_of(overview.span, figure.currency),
        )
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
    views = [
        _slice_view(overview, [each], slice_name(each), total) for each in spending[:fold_from]
    ]
    if rest := spending[fold_from:]:
        views.append(_slice_view(overview, rest, more(len(rest)), total))
    return views


def slice_name(one: CategorySlice) -> str:
    """Return the name of a slice: the category's own, or that there is none."""
    return one.name if one.category_id is not None else tr("Uncategorized")


def more(count: int) -> str:
    """Return the name of what stands for several categories."""
    return tr_n("{count} more", "{count} more", count)


def spent_text(overview: Overview) -> str:
    """Return the ring's middle: what was spent in the main currency."""
    return money.plain(_spent(overview), overview.main_currency)


def spent_short(overview: Overview) -> str:
    """Return the same, rounded."""
    return money.compact(_spent(overview), overview.main_currency)


def _spent(overview: Overview) -> int:
    return _of(overview.figures, overview.main_currency).spent


def merchant_views(
    merchants: Sequence[MerchantSum], overview: Overview
) -> list[tuple[Line, TransactionQuery, int]]:
    """Return the merchants where most was spent: line, rows, and their sum."""
    currency = overview.main_currency
    spent = _of(overview.figures, currency).spent
    query = rows_of(overview.span, currency, counts_as=CategoryKind.EXPENSE)
    return [
        (
            Line(
                title=one.name,
                amount=_brief(one.spent_minor, currency),
                color=NEUTRAL_COLOR,
                icon="shopping-bag",
                remark=_merchant_remark(one, spent),
            ),
            replace(query, merchants=(one.key,)),
            one.spent_minor,
        )
        for one in merchants
    ]


def pending_view(figure: Figure) -> tuple[str, TransactionQuery]:
    """Return in words what is pending as spending, and its rows; no words for none."""
    query = TransactionQuery(
        pending=True,
        currency=figure.currency,
        counted_only=True,
        counts_as=CategoryKind.EXPENSE,
    )
    if not figure.spent_minor:
        return "", query
    amount = _brief(figure.spent_minor, figure.currency)
    return tr("{amount} pending", amount=amount), query


def rows_of(
    span: Span, currency: str, *, counts_as: CategoryKind | None = None
) -> TransactionQuery:
    """Return the rows of one currency that count in a span."""
    return TransactionQuery(
        start=span.start, end=span.end, currency=currency, counted_only=True, counts_as=counts_as
    )


def rows_in(
    span: Span, currency: str, kind: CategoryKind, categories: Iterable[CategoryId | None]
) -> TransactionQuery:
    """Return the rows of some categories that count as one kind; None: without a category."""
    keys = list(categories)
    return replace(
        rows_of(span, currency, counts_as=kind),
        categories=tuple(key for key in keys if key is not None),
        uncategorized=None in keys,
    )


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
        amount=money.brief(
            money.flow(row.amount_minor, row.currency), -row.amount_minor, row.currency
        ),
        color=category.color if category else NEUTRAL_COLOR,
        icon=category.icon if category else "circle",
        remark=tr("Pending · {remark}", remark=remark) if row.pending else remark,
        note=category_title(category) if category else tr("Uncategorized"),
        is_income=row.amount_minor < 0,
        is_dimmed=row.pending,
    )


@dataclass(frozen=True, slots=True)
class _Sums:
    spent: int
    income: int
    count: int

    @property
    def net(self) -> int:
        return self.income - self.spent


def _of(figures: Sequence[Figure], currency: str) -> _Sums:
    for figure in figures:
        if figure.currency == currency:
            return _Sums(figure.spent_minor, figure.income_minor, figure.count)
    return _Sums(0, 0, 0)


def _courses(overview: Overview) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return what was spent and earned up to each bucket of the course, minor units."""
    currency = overview.main_currency
    sums = [_of(figures(each.slices, currency), currency) for each in overview.course]
    return (
        tuple(accumulate(each.spent for each in sums)),
        tuple(accumulate(each.income for each in sums)),
    )


def _merchant_remark(merchant: MerchantSum, spent: int) -> str:
    count = tr_n(
        "{count_text} transaction",
        "{count_text} transactions",
        merchant.count,
        count_text=number(merchant.count),
    )
    share = money.percent_of(merchant.spent_minor, spent)
    if not share:
        return count
    return tr("{transactions} · {share} of what was spent", transactions=count, share=share)


def _brief(minor: int, currency: str) -> str:
    return money.brief(money.plain(minor, currency), minor, currency)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else tr_n("{count} account", "{count} accounts", len(names))


def _slice_view(
    overview: Overview, slices: Sequence[CategorySlice], name: str, total: int
) -> SliceView:
    currency = overview.main_currency
    amount = sum(each.amount_minor for each in slices)
    text = money.plain(amount, currency)
    color = slices[0].color if len(slices) == 1 else NEUTRAL_COLOR
    keys = [each.category_id for each in slices]
    return SliceView(
        Share(name, text, amount, color, money.compact(amount, currency)),
        Line(
            title=name,
            amount=_brief(amount, currency),
            color=color,
            note=money.percent_of(amount, total),
        ),
        rows_in(overview.span, currency, CategoryKind.EXPENSE, keys),
    )
