"""Single transactions, and money moved between own accounts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from hive_desktop.domain.categories import title_of
from hive_desktop.domain.ledger import CategoryKind, Order, TransactionQuery
from hive_desktop.domain.search import words_of
from hive_desktop.domain.sendable import OwnWords
from hive_desktop.ports.query_sums import Grouping
from hive_desktop.services.chat_tools.look import KINDS, limited
from hive_desktop.services.chat_tools.specs import MOST_LINES, ToolInputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hive_desktop.domain.ledger import TransactionRow
    from hive_desktop.domain.receipts import Receipt
    from hive_desktop.services.chat_tools.look import Asked, Look
    from hive_desktop.services.chat_tools.sheet import Sheet


_CENT = Decimal("0.01")


def find_transactions(look: Look, given: Mapping[str, Any]) -> Receipt:
    """Return single transactions, with total and count over all that match."""
    kind = KINDS.get(given["kind"] or "")
    span = look.span(given["period"])
    asked = look.query(kind, span, given)
    is_in = {"in": True, "out": False}.get(given["direction"] or "")
    query = replace(asked.query, text=_text(given), pending=given["pending"], is_in=is_in)
    asked = replace(asked, query=query)
    sheet = look.sheet()
    is_income = kind is CategoryKind.INCOME or is_in is True
    is_sized = kind in (CategoryKind.EXPENSE, CategoryKind.INCOME) or is_in is not None
    every = 0
    totals = look.in_order(look.reads.sums.grouped(query, Grouping.NONE))
    for total in totals:
        own = asked.of(total.currency)
        sheet.of(total.currency)
        sign = -1 if is_income else 1
        label = "money in less money out" if is_income else "money out less money in"
        whole = ("total", sign * total.amount_minor)
        sheet.money(*whole, label, own, sign=sign)
        sheet.count("count", total.rows, "transactions", own)
        if total.rows:
            sheet.mean("average", whole, ("count", total.rows), "mean of a transaction")
        if is_in is None and 0 < total.in_rows < total.rows:
            _both_ways(sheet, asked, total.currency, (total.out_minor, total.in_minor))
        every += total.rows
    sheet.of(look.main).count("rows", every, "transactions in all currencies", query)
    sizes = (1 if not is_income else -1) if is_sized else 0
    currencies = [total.currency for total in totals if total.rows]
    _listed(look, sheet, asked, (given, currencies), sizes)
    look.begin(sheet.of(look.main), asked)
    return sheet.receipt("find_transactions", given, f"Transactions, {asked.words}", query)


def transfers(look: Look, given: Mapping[str, Any]) -> Receipt:
    """Return money moved between own accounts in a period."""
    asked = look.query(CategoryKind.TRANSFER, look.span(given["period"]), given)
    sheet = look.sheet()
    every = 0
    for total in look.in_order(look.reads.sums.grouped(asked.query, Grouping.NONE)):
        own = asked.of(total.currency)
        sheet.of(total.currency).count("count", total.rows, "transactions", own)
        _both_ways(sheet, asked, total.currency, (total.out_minor, total.in_minor))
        counts = (total.rows - total.in_rows, total.in_rows)
        every += total.rows
        for name, number, is_in in zip(("out", "in"), counts, (False, True), strict=True):
            sheet.count(f"{name}.count", number, "transactions", replace(own, is_in=is_in))
    if every:
        newest = look.reads.transactions(asked.query, limit=MOST_LINES)
        _lines(look, sheet.of(look.main), newest, 0)
    look.begin(sheet.of(look.main), asked)
    sheet.note("Both sides of a transfer are listed where both accounts are connected.")
    return sheet.receipt("transfers", given, f"Transfers, {asked.words}", asked.query)


def _both_ways(sheet: Sheet, asked: Asked, currency: str, amounts: tuple[int, int]) -> None:
    own = asked.of(currency)
    sheet.money("out.total", amounts[0], "money out", replace(own, is_in=False))
    sheet.money("in.total", amounts[1], "money in", replace(own, is_in=True), sign=-1)


def _listed(
    look: Look,
    sheet: Sheet,
    asked: Asked,
    wanted: tuple[Mapping[str, Any], Sequence[str]],
    sign: int,
) -> None:
    """Write the lines: by day over all currencies, by amount for each on its own."""
    given, currencies = wanted
    limit, sort = limited(given["limit"]), given["sort"]
    if not currencies:
        return
    if sort in ("newest", "oldest"):
        found = look.reads.transactions(asked.query, limit=limit, order=Order(sort))
        _lines(look, sheet.of(look.main), found, sign)
        return
    for currency in currencies:
        own = asked.of(currency)
        rows = look.reads.sums.extremes(own, limit, is_largest=sort == "largest")
        _lines(look, sheet.of(currency), rows, sign)


def _lines(look: Look, sheet: Sheet, rows: Iterable[TransactionRow], sign: int) -> None:
    for place, row in enumerate(rows, start=1):
        only = TransactionQuery(ids=(row.id,))
        own = sign or (-1 if row.amount_minor < 0 else 1)
        label = "money in" if row.amount_minor < 0 else "money out"
        sheet.line(
            sheet.day(f"{place}.day", row.posted_on, "day", only),
            sheet.text(f"{place}.name", row.merchant or row.name, "transaction", only),
            sheet.amount(
                f"{place}.amount", own * row.amount_minor, row.currency, label, only, sign=own
            ),
            sheet.text(f"{place}.category", title_of(row.category), "category")
            if row.category
            else None,
            sheet.text(f"{place}.account", look.account_name(row.account_id), "account"),
            sheet.text(f"{place}.state", "pending", "not booked yet") if row.pending else None,
        )


def _text(given: Mapping[str, Any]) -> str:
    """Return words and bounds as a search has them; words never are anything else in it."""
    parts = []
    if given["text"] is not None:
        said = words_of(given["text"])
        if not said:
            raise ToolInputError(
                "“{text}” has no word to look for.",
                hint="Give words of a name or a note, or null.",
                text=given["text"],
            )
        parts += [f'"{word}"' for word in said]
    bounds = [_amount(name, given[name]) for name in ("min_amount", "max_amount")]
    if bounds[0] is not None and bounds[1] is not None and bounds[0] > bounds[1]:
        raise ToolInputError(
            "The smallest amount is larger than the largest.",
            hint="Give min_amount as the smaller of the two.",
        )
    for sign, bound in zip((">=", "<="), bounds, strict=True):
        if bound is not None:
            is_short = bound == bound.quantize(_CENT)
            parts.append(f"{sign} {bound:.{2 if is_short else 4}f}")  # three would be thousands
    return " ".join(parts)


def _amount(name: str, text: str | None) -> Decimal | None:
    if text is None:
        return None
    plain = text.strip().lstrip("$€£¥").strip()
    is_comma = plain.count(",") == 1 and len(plain) - plain.index(",") <= 3 and "." not in plain
    plain = plain.replace(",", "." if is_comma else "")
    try:
        amount = abs(Decimal(plain))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount >= Decimal(10) ** 12:
        raise ToolInputError(
            "“{text}” is no amount.",
            hint='{name} is a decimal number, such as "12.50", or null.',
            text=text,
            name=OwnWords(name),
        )
    return amount
