"""QIF: an account after the other, with splits, categories and transfers.

Dates are written month first, as Quicken's are in the United States. The format knows no currency:
an account with several is one for each. What is pending is not marked as cleared. A transfer stands
in both its accounts, each naming the other, as Quicken has it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hive_desktop.domain.exporting import one_line, unique
from hive_desktop.domain.ledger import AccountId, CategoryId, CategoryKind
from hive_desktop.domain.money import plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from hive_desktop.domain.exporting import Book, Entry, Holding
    from hive_desktop.domain.ledger import TransactionRow
    from hive_desktop.ports.exports import Source

_UNSAFE: Final = re.compile(r"[\[\]:/^|]")
_OWED, _CARD, _CASH = "Oth L", "CCard", "Cash"


def write(source: Source) -> Iterator[str]:
    """Yield one file."""
    book = source.book
    names, categories = _names(book), _category_names(book)
    yield from _categories(book, categories)
    for holding in book.holdings:
        name, kind = names[holding.account.id, holding.currency], _kind(holding)
        yield f"!Account\nN{name}\nT{kind}\n^\n!Type:{kind}\n"
        if book.has_balances:
            opening = plain(holding.opening_minor, holding.currency)
            yield f"D{_day(book.first_on)}\nT{opening}\nC*\nPOpening Balance\nL[{name}]\n^\n"
        for entry in source.entries(holding.account.id):
            if entry.row.currency == holding.currency:
                yield _entry(entry, names, categories)


def _categories(book: Book, names: dict[CategoryId, str]) -> Iterator[str]:
    yield "!Type:Cat\n"
    for one in book.categories.values():
        if one.kind is not CategoryKind.TRANSFER:
            way = "I" if one.kind is CategoryKind.INCOME else "E"
            yield f"N{names[one.id]}\n{way}\n^\n"


def _entry(
    entry: Entry,
    names: dict[tuple[AccountId, str], str],
    categories: dict[CategoryId, str],
) -> str:
    row = entry.row
    lines = [
        f"D{_day(row.posted_on)}",
        f"T{plain(-entry.amount_minor, row.currency)}",
        "C" if row.pending else "C*",
        f"P{one_line(entry.title)}",
    ]
    memo = "; ".join(filter(None, map(one_line, (*entry.said, *row.tags))))
    if memo:
        lines.append(f"M{memo}")
    if entry.other is not None:
        other = names.get((entry.other.account_id, entry.other.currency))
        lines.append(f"L[{other}]" if other else "LTransfer")
    elif (category := _category(row, categories)) is not None:
        lines.append(f"L{category}")
    if len(entry.rows) > 1:
        for part in entry.rows:
            lines.append(f"S{_category(part, categories) or 'Uncategorised'}")
            if part.note:
                lines.append(f"E{one_line(part.note)}")
            lines.append(f"${plain(-part.amount_minor, part.currency)}")
    return "\n".join([*lines, "^\n"])


def _category(row: TransactionRow, names: dict[CategoryId, str]) -> str | None:
    return None if row.category_id is None else names.get(row.category_id)


def _category_names(book: Book) -> dict[CategoryId, str]:
    """Return what each category is called; no two alike."""
    told = {AccountId(one.id): _safe(one.name) or "Category" for one in book.categories.values()}
    return {CategoryId(key): name for key, name in unique(told, {}).items()}


def _kind(holding: Holding) -> str:
    account = holding.account
    if account.type == "credit":
        return _CARD
    if account.type == "loan":
        return _OWED
    return _CASH if account.subtype == "cash" else "Bank"


def _names(book: Book) -> dict[tuple[AccountId, str], str]:
    """Return what each holding is called; no two alike."""
    keys = {
        AccountId(one.account.id + one.currency.encode()): (one.account.id, one.currency)
        for one in book.holdings
    }
    names = {}
    for one in book.holdings:
        name = _safe(one.account.title) or "Account"
        key = AccountId(one.account.id + one.currency.encode())
        names[key] = name if one.is_own else f"{name} ({one.currency})"
    banks = {
        AccountId(one.account.id + one.currency.encode()): _safe(one.account.institution)
        for one in book.holdings
    }
    return {keys[key]: name for key, name in unique(names, banks).items()}


def _safe(text: str) -> str:
    return " ".join(_UNSAFE.sub(" ", one_line(text)).split())


def _day(day: date) -> str:
    return f"{day:%m/%d/%Y}"
