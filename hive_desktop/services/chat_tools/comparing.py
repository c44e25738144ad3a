"""One period beside another, and one category beside itself."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hive_desktop.domain.days import Span
from hive_desktop.domain.ledger import CategoryKind
from hive_desktop.domain.periods import unit_of
from hive_desktop.ports.query_sums import Grouping
from hive_desktop.services.chat_tools.look import is_whole_months
from hive_desktop.services.chat_tools.names import category_of
from hive_desktop.services.chat_tools.sheet import chart
from hive_desktop.services.chat_tools.spending import (
    Side,
    add_averages,
    add_groups,
    add_steps,
    add_total,
    grain_of,
    group_name,
    group_query,
    step_name,
    stepped,
    steps_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from hive_desktop.domain.receipts import Receipt
    from hive_desktop.services.chat_tools.look import Asked, Look
    from hive_desktop.services.chat_tools.sheet import Sheet

_MOST_GROUPS = 12
_MOST_MERCHANTS = 8


def compare_periods(look: Look, given: Mapping[str, Any]) -> Receipt:
    """Return spending of two periods side by side."""
    side = Side(CategoryKind.EXPENSE)
    span = look.span(given["period"])
    sheet = look.sheet()
    if given["with_period"] is None:
        other = span_before(span, look.today)
        if span.start <= look.today < span.end:
            sheet.note("This period is not over: it is compared with as many days of the other.")
    else:
        other = look.span(given["with_period"])
    now, before = (look.query(side.kind, one, given) for one in (span, other))
    by = Grouping(given["group_by"])
    _compared(look, sheet, (now, before), side)
    if by is not Grouping.NONE:
        _compared_groups(look, sheet, (now, before), by, side)
    look.begin(sheet.of(look.main), now)
    _both_spans(sheet, now, before)
    look.note_coverage(sheet, before.span)
    title = f"Spending, {now.words} and {before.words}"
    return sheet.receipt("compare_periods", given, title, now.query)


def category_detail(look: Look, given: Mapping[str, Any]) -> Receipt:
    """Return one category: its sum, the span before, merchants and months."""
    category = category_of(given["category"], look.categories)
    side = Side(category.kind)
    span = look.span(given["period"])
    chosen = {"categories": [given["category"]]}
    now = look.query(side.kind, span, chosen)
    before = look.query(side.kind, span_before(span, look.today), chosen)
    sheet = look.sheet()
    totals = look.in_order(look.reads.sums.grouped(now.query, Grouping.NONE))
    merchants = look.reads.sums.grouped(now.query, Grouping.MERCHANT)
    unit, steps = steps_of(look, sheet, span, "month")
    by_day = look.reads.sums.grouped(now.query, grain_of(unit))
    series = None
    for total in totals:
        own = now.of(total.currency)
        add_total(sheet.of(total.currency), total, own, side)
        add_averages(look, sheet, span, total, side)
        of_own = [one for one in merchants if one.currency == total.currency]
        add_groups(look, sheet, of_own, own, (Grouping.MERCHANT, side, total, _MOST_MERCHANTS))
        sums = stepped(by_day, steps, total.currency, side.sign)
        cells = add_steps(sheet, unit, steps, sums, (own, side.sign))
        if total.currency == look.main:
            places = [step_name(unit, one) for one in steps]
            series = chart(f"By {unit}", places, cells)
    _compared(look, sheet, (now, before), side, is_main_total=True)
    sheet.of(look.main).text("name", look.category_name(category.id), "category")
    look.begin(sheet, now)
    _both_spans(sheet, None, before)
    title = f"{category.name}, {now.words}"
    return sheet.receipt("category_detail", given, title, now.query, series)


def span_before(span: Span, today: date) -> Span:
    """Return what a period is compared with: the one before, cut where it is not over yet.

    Of whole months, quarters or years, as many months before; of a month, quarter or year up to
    today, the same days of the one before; else as many days before.
    """
    whole = _calendar(span, today)
    if whole is None:
        days = (span.end - span.start).days + 1
        return Span(span.start - timedelta(days=days), span.start - timedelta(days=1))
    months = (whole.end.year - whole.start.year) * 12 + whole.end.month - whole.start.month + 1
    end = whole.start - timedelta(days=1)
    number = end.year * 12 + end.month - months
    start = end.replace(year=number // 12, month=number % 12 + 1, day=1)
    if span.start <= today < whole.end:
        end = min(end, start + (min(today, span.end) - span.start))
    return Span(start, end)


def _calendar(span: Span, today: date) -> Span | None:
    if is_whole_months(span):
        return span
    if span.end == today:
        for unit in ("month", "quarter", "year"):
            one = unit_of(unit, today)
            if one.start == span.start:
                return one
    return None


def _compared(
    look: Look,
    sheet: Sheet,
    asked: tuple[Asked, Asked],
    side: Side,
    *,
    is_main_total: bool = False,
) -> None:
    """Write both sums and the change, for each currency that either has.

    `is_main_total` says that `total` is what there is now, and was written where there is some.
    """
    now, before = asked
    sums = [
        {one.currency: one for one in look.reads.sums.grouped(each.query, Grouping.NONE)}
        for each in asked
    ]
    others = sorted({*sums[0], *sums[1]} - {look.main})
    for currency in (look.main, *others):
        sheet.of(currency)
        amounts = []
        first = "" if is_main_total else "now."
        for name, each, known in ((first, now, sums[0]), ("before.", before, sums[1])):
            one = known.get(currency)
            amounts.append(side.sign * one.amount_minor if one else 0)
            if not name and (one or currency == look.main):
                continue  # it is there already
            query = each.of(currency)
            sheet.money(f"{name}total", amounts[-1], side.word, query, sign=side.sign)
            sheet.count(f"{name}count", one.rows if one else 0, "transactions", query)
        _change(sheet, "", (f"{first}total", amounts[0]), ("before.total", amounts[1]))


def _change(
    sheet: Sheet, prefix: str, now: tuple[str, int], before: tuple[str, int]
) -> tuple[str, str | None]:
    money = sheet.difference(f"{prefix}change", now, before, "change from before to now")
    share = sheet.growth(f"{prefix}change_share", now, before, "change in percent")
    return money, share


def _compared_groups(
    look: Look, sheet: Sheet, asked: tuple[Asked, Asked], by: Grouping, side: Side
) -> None:
    sums = [
        {(one.currency, one.key): one for one in look.reads.sums.grouped(each.query, by)}
        for each in asked
    ]
    keys = {*sums[0], *sums[1]}
    for currency in (look.main, *sorted({one for one, _ in keys} - {look.main})):
        sheet.of(currency)
        lines = []
        for _, key in (one for one in keys if one[0] == currency):
            if key is None and by is not Grouping.CATEGORY:
                continue
            pair = [known.get((currency, key)) for known in sums]
            amounts = [side.sign * one.amount_minor if one else 0 for one in pair]
            rows = [one.rows if one else 0 for one in pair]
            lines.append((-abs(amounts[0] - amounts[1]), str(key), key, amounts, rows))
        lines.sort(key=lambda line: line[:2])
        for place, (_, _, key, amounts, rows) in enumerate(lines[:_MOST_GROUPS], start=1):
            cells = [sheet.text(f"g{place}.name", group_name(look, by, key), by.value)]
            for name, each, amount, number in zip(
                ("now", "before"), asked, amounts, rows, strict=True
            ):
                query = group_query(each.of(currency), by, key)
                total = f"g{place}.{name}.total"
                cells.append(sheet.money(total, amount, side.word, query, sign=side.sign))
                sheet.count(f"g{place}.{name}.count", number, "transactions", query)
            totals = [
                (f"g{place}.{name}.total", amount)
                for name, amount in zip(("now", "before"), amounts, strict=True)
            ]
            sheet.line(*cells, *_change(sheet, f"g{place}.", *totals))
        if len(lines) > _MOST_GROUPS:
            sheet.note("Only the groups that changed most are listed.")


def _both_spans(sheet: Sheet, now: Asked | None, before: Asked) -> None:
    for name, each in (("now", now), ("before", before)):
        if each is not None:
            sheet.day(f"{name}.from", each.span.start, "first day")
            sheet.day(f"{name}.to", each.span.end, "last day")
