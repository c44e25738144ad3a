"""What the offline analyst says of the receipts of an intent: which figures, in which sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hive_desktop.domain.days import Period, Span
from hive_desktop.domain.periods import in_words
from hive_desktop.domain.questions import Ask
from hive_desktop.i18n import mark, mark_n
from hive_desktop.services import analyst_holdings as holdings
from hive_desktop.services.analyst_sheet import CannotTell, Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hive_desktop.domain.questions import Intent, Names
    from hive_desktop.domain.receipts import Receipt
    from hive_desktop.services.analyst_sheet import Answer

_MOST_GROUPS = 5


def answered(intent: Intent, names: Names, receipts: Mapping[str, Receipt]) -> Answer:
    """Return the answer to an intent from the receipts of its calls.

    Raises:
        CannotTell: what was found does not answer it.
        FigureError: a figure that it needs is not there.
    """
    sheet = Sheet(intent, names, tuple(receipts.values()))
    _HANDLERS[intent.ask](sheet)
    return sheet.answer(receipts)


def _total(sheet: Sheet) -> None:
    found = sheet.first
    check = sheet.receipts[-1]
    count = sum(sheet.number(found, f"{one}count") for one in sheet.prefixes(found, "total"))
    told = (*sheet.intent.scope.merchants, *sheet.intent.scope.accounts)
    if told and not count and sheet.number(check, "rows"):
        raise CannotTell("not_spending", *told)
    sheet.say(mark("You spent {amount}."), amount=sheet.money(found, "total"))
    if sheet.intent.detail == "bought" and sheet.number(sheet.receipts[1], "rows"):
        back, out = sheet.receipts[1], sheet.receipts[2]
        sheet.say(
            mark("That is {paid} paid less {refunded} refunded."),
            paid=sheet.money(out, "total"),
            refunded=sheet.money(back, "total"),
        )
    sheet.paragraphs.append(sheet.scope())


def _income(sheet: Sheet) -> None:
    sheet.say(mark("You had an income of {amount}."), amount=sheet.money(sheet.first, "total"))
    sheet.paragraphs.append(sheet.scope())


_NETS: Final = (
    mark("{net} was left: {income} of income less {spent} spent."),
    mark("You spent more than you earned: {net} is what {income} less {spent} makes."),
)
_NETS_IN: Final = (
    mark("In {currency}, {net} was left: {income} of income less {spent} spent."),
    mark(
        "In {currency}, you spent more than you earned: {net} is what {income} less {spent} makes."
    ),
)


def _net(sheet: Sheet) -> None:
    found = sheet.first
    write = sheet.cite if sheet.intent.detail == "both" else sheet.aside
    prefixes = sheet.prefixes(found, "net.total")
    templates = _NETS_IN if len(prefixes) > 1 else _NETS
    for one in prefixes:
        is_less = sheet.number(found, f"{one}net.total") < 0
        sheet.say(
            templates[is_less],
            currency=sheet.currency(found, f"{one}net.total"),
            net=sheet.cite(found, f"{one}net.total"),
            income=write(found, f"{one}income.total"),
            spent=write(found, f"{one}spent.total"),
        )
        if sheet.intent.detail == "share" and sheet.has(found, f"{one}net_share"):
            share = sheet.cite(found, f"{one}net_share")
            sheet.say(mark("That is {percent} of the income."), percent=share)
    sheet.paragraphs.append(sheet.scope())


_COUNTED: Final = {
    "rows": mark_n("There is {number} transaction.", "There are {number} transactions."),
    "out": mark_n("There is {number} payment.", "There are {number} payments."),
    "in": mark_n("Money came in {number} time.", "Money came in {number} times."),
    "refund": mark_n("There is {number} refund.", "There are {number} refunds."),
    "pending": mark_n("{number} transaction is pending.", "{number} transactions are pending."),
    "transfer": mark_n(
        "There is {number} transaction of a transfer.",
        "There are {number} transactions of transfers.",
    ),
}


def _count(sheet: Sheet) -> None:
    forms = _COUNTED[sheet.intent.detail]
    count = sheet.number(sheet.first, "rows")
    sheet.say_n(forms, count, number=sheet.cite(sheet.first, "rows"))
    sheet.paragraphs.append(sheet.scope())


_SUMMED: Final = {
    "in": mark_n(
        "You received {amount} in {number} payment.", "You received {amount} in {number} payments."
    ),
    "out": mark_n(
        "You paid {amount} in {number} payment.", "You paid {amount} in {number} payments."
    ),
    "refund": mark_n(
        "You got {amount} back in {number} refund.", "You got {amount} back in {number} refunds."
    ),
}


def _rows_total(sheet: Sheet) -> None:
    sheet.say_n(
        _SUMMED[sheet.intent.detail],
        sheet.number(sheet.first, "rows"),
        amount=sheet.money(sheet.first, "total"),
        number=sheet.aside(sheet.first, "rows"),
    )
    sheet.paragraphs.append(sheet.scope())


def _row_average(sheet: Sheet) -> None:
    if not sheet.number(sheet.first, "rows"):
        raise CannotTell("nothing")
    sheet.say_n(
        mark_n(
            "On average it was {amount}, over {number} payment.",
            "On average it was {amount}, over {number} payments.",
        ),
        sheet.number(sheet.first, "rows"),
        amount=sheet.money(sheet.first, "average"),
        number=sheet.aside(sheet.first, "rows"),
    )
    sheet.paragraphs.append(sheet.scope())


_EXTREMES: Final = {
    "largest": mark("The largest was {amount}: {name} on {day}."),
    "smallest": mark("The smallest was {amount}: {name} on {day}."),
}
_EXTREMES_IN: Final = {
    "largest": mark("In {currency}, the largest was {amount}: {name} on {day}."),
    "smallest": mark("In {currency}, the smallest was {amount}: {name} on {day}."),
}
_LAST: Final = {
    "newest": mark("The last was on {day}: {name}, {amount}."),
    "oldest": mark("The first was on {day}: {name}, {amount}."),
    "refund": mark("The last refund was on {day}: {name}, {amount}."),
}


def _row(sheet: Sheet) -> None:
    found = sheet.first
    if not sheet.number(found, "rows"):
        raise CannotTell("nothing")
    prefixes = sheet.prefixes(found, "1.amount")
    extremes = _EXTREMES_IN if len(prefixes) > 1 else _EXTREMES
    templates = extremes if sheet.intent.ask is Ask.EXTREME else _LAST
    for one in prefixes:
        sheet.say(
            templates[sheet.intent.detail],
            currency=sheet.currency(found, f"{one}1.amount"),
            amount=sheet.cite(found, f"{one}1.amount"),
            name=sheet.cite(found, f"{one}1.name"),
            day=sheet.cite(found, f"{one}1.day"),
        )
    sheet.paragraphs.append(sheet.scope())


def _list(sheet: Sheet) -> None:
    found = sheet.first
    if not sheet.number(found, "rows"):
        raise CannotTell("nothing")
    forms = _COUNTED.get(sheet.intent.detail, _COUNTED["rows"])
    sheet.say_n(forms, sheet.number(found, "rows"), number=sheet.cite(found, "rows"))
    lines = []
    for line in found.rows:
        told = {cell.rpartition(".")[2]: cell for cell in line}
        parts = (sheet.cite(found, told[part]) for part in ("day", "name", "amount"))
        lines.append("- " + " · ".join(parts))
    sheet.paragraphs.append("\n".join(lines))
    sheet.paragraphs.append(sheet.scope())


_AVERAGES: Final = {
    "day": mark("On average it was {amount} a day."),
    "week": mark("On average it was {amount} a week."),
    "month": mark("On average it was {amount} a month."),
}


def _average(sheet: Sheet) -> None:
    unit = sheet.intent.unit
    sheet.say(_AVERAGES[unit], amount=sheet.money(sheet.first, f"per_{unit}"))
    sheet.paragraphs.append(sheet.scope())


def _groups(sheet: Sheet, receipt: Receipt, template: str) -> None:
    if not sheet.has(receipt, "g1.total") or sheet.number(receipt, "g1.total") <= 0:
        raise CannotTell("nothing")
    sheet.say(template, name=sheet.cite(receipt, "g1.name"), amount=sheet.cite(receipt, "g1.total"))
    lines = []
    for place in range(1, max(_MOST_GROUPS, sheet.intent.limit or 0) + 1):
        if sheet.has(receipt, f"g{place}.total"):
            name, amount = (sheet.aside(receipt, f"g{place}.{part}") for part in ("name", "total"))
            lines.append(f"- {name}: {amount}")
    sheet.paragraphs.append("\n".join(lines))


_TO_CATEGORY: Final = mark("Most went to {name}: {amount}.")
_TO_MERCHANT: Final = mark("Of all merchants, {name} got most: {amount}.")


def _top(sheet: Sheet) -> None:
    template = _TO_CATEGORY if sheet.intent.ask is Ask.TOP_CATEGORY else _TO_MERCHANT
    _groups(sheet, sheet.first, template)
    sheet.paragraphs.append(sheet.scope())


def _top_both(sheet: Sheet) -> None:
    _groups(sheet, sheet.receipts[0], _TO_CATEGORY)
    _groups(sheet, sheet.receipts[1], _TO_MERCHANT)
    sheet.paragraphs.append(sheet.scope())


def _months(sheet: Sheet) -> None:
    found = sheet.first
    if not sheet.has(found, "highest.total"):
        raise CannotTell("nothing")
    is_low = sheet.intent.ask is Ask.LOW_MONTH
    for which in ("lowest",) if is_low else ("highest",):
        template = (
            mark("The month with the least was {month}: {amount}.")
            if is_low
            else mark("The month with the most was {month}: {amount}.")
        )
        sheet.say(template, month=_month(sheet, which), amount=sheet.cite(found, f"{which}.total"))
    if sheet.intent.ask is Ask.MONTHS:
        sheet.say(
            mark("On average it was {amount} a month, {total} in all."),
            amount=sheet.cite(found, "average"),
            total=sheet.cite(found, "total"),
        )
        sheet.paragraphs.append("\n".join(_lines_of(sheet)))
    sheet.paragraphs.append(sheet.scope())


def _lines_of(sheet: Sheet) -> Iterator[str]:
    found = sheet.first
    for place in range(1, sheet.number(found, "steps") + 1):
        amount = sheet.aside(found, f"{place}.total")
        yield f"- {_month(sheet, str(place))}: {amount}"


def _month(sheet: Sheet, which: str) -> str:
    """Return a step's month in words; its first day is among the figures that answer."""
    cell = sheet.first.cell(f"{which}.from")
    if which.isalpha():
        sheet.cite(sheet.first, f"{which}.name")
    if cell is None or isinstance(cell.value, int | str):
        return sheet.aside(sheet.first, f"{which}.name")
    return in_words(Span.of(Period.MONTH, cell.value), language=sheet.intent.language)


def _compare(sheet: Sheet) -> None:
    one, other = sheet.receipts
    lines = []
    for receipt, scope in zip(sheet.receipts, sheet.intent.scopes, strict=True):
        lines.append(f"- {sheet.scope(scope)}: {sheet.money(receipt, 'total')}")
    sheet.paragraphs.append("\n".join(lines))
    now, before = (other, one) if sheet.intent.is_reversed else (one, other)
    cell = _same_cell(sheet, now, before)
    if cell is None:
        return
    values = sheet.number(now, cell), sheet.number(before, cell)
    if values[0] == values[1]:
        sheet.say(mark("That is the same."))
        return
    more, less = (now, before) if values[0] > values[1] else (before, now)
    difference = sheet.compute(f"diff {more.id}.{cell} {less.id}.{cell}")
    which = sheet.intent.scopes[sheet.receipts.index(now)]
    template = mark("{name} is {amount} more.") if more is now else mark("{name} is {amount} less.")
    sheet.say(template, name=sheet.scope(which), amount=difference)
    if values[1] > 0:
        growth = sheet.compute(f"growth {now.id}.{cell} {before.id}.{cell}")
        sheet.say(mark("The change is {percent}."), percent=growth)


def _same_cell(sheet: Sheet, now: Receipt, before: Receipt) -> str | None:
    """Return the cell that both sides are compared by: of the main currency where it has any."""
    prefixes = [*sheet.prefixes(now, "total"), *sheet.prefixes(before, "total")]
    prefix = "" if "" in prefixes else prefixes[0]
    cell = f"{prefix}total"
    return cell if sheet.has(now, cell) and sheet.has(before, cell) else None


def _share(sheet: Sheet) -> None:
    part, whole = sheet.receipts
    if sheet.number(whole, "total") <= 0:
        raise CannotTell("nothing")
    percent = sheet.compute(f"share {part.id}.total {whole.id}.total")
    sheet.say(
        mark("It is {percent} of what you spent: {part} of {whole}."),
        percent=percent,
        part=sheet.aside(part, "total"),
        whole=sheet.aside(whole, "total"),
    )
    sheet.paragraphs.append(sheet.scope())


def _price(sheet: Sheet) -> None:
    found = sheet.first
    if not sheet.number(found, "rows"):
        raise CannotTell("nothing")
    sheet.say(
        mark("The last payment was {amount} on {day}."),
        amount=sheet.cite(found, "1.amount"),
        day=sheet.cite(found, "1.day"),
    )
    sheet.paragraphs.append(sheet.scope())


_HANDLERS: Final[Mapping[Ask, Callable[[Sheet], None]]] = {
    Ask.TOTAL: _total,
    Ask.INCOME: _income,
    Ask.NET: _net,
    Ask.COUNT: _count,
    Ask.ROWS_TOTAL: _rows_total,
    Ask.ROW_AVERAGE: _row_average,
    Ask.EXTREME: _row,
    Ask.WHEN: _row,
    Ask.LIST: _list,
    Ask.AVERAGE: _average,
    Ask.TOP_CATEGORY: _top,
    Ask.TOP_MERCHANT: _top,
    Ask.TOP_BOTH: _top_both,
    Ask.TOP_MONTH: _months,
    Ask.LOW_MONTH: _months,
    Ask.MONTHS: _months,
    Ask.COMPARE: _compare,
    Ask.COMPARE_INCOME: _compare,
    Ask.SHARE: _share,
    Ask.PRICE: _price,
    Ask.RECURRING: holdings.recurring,
    Ask.BALANCE: holdings.balance,
    Ask.OWED: holdings.owed,
    Ask.NET_WORTH: holdings.net_worth,
    Ask.COVERAGE: holdings.coverage,
    Ask.ACCOUNTS: holdings.accounts,
    Ask.BANKS: holdings.banks,
}
