"""A journal that hledger reads, and ledger too: nothing in it is of one of them alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hive_desktop.adapters.files.writing.journals import Chart, is_pending, openings_of, postings_of
from hive_desktop.domain.exporting import one_line, unique
from hive_desktop.domain.ledger import AccountId, CategoryId, CategoryKind
from hive_desktop.domain.money import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from hive_desktop.adapters.files.writing.journals import Posting
    from hive_desktop.domain.exporting import Book, Entry
    from hive_desktop.domain.ledger import Account
    from hive_desktop.ports.exports import Source

_NOT_IN_NAMES: Final = re.compile(r"[^\w \-.,&'+/]")
_PLAIN_COMMODITY: Final = re.compile(r"[A-Za-z]+", re.ASCII)
# In a comment these would be a date of the posting, or an expression to compute.
_SPOKEN: Final = re.compile(r"\b(date2?):", re.IGNORECASE)
_BRACKETS: Final = str.maketrans("[]{};", "()(),")
_LONGEST: Final = 120
_GROUPS: Final = {
    CategoryKind.EXPENSE: "expenses",
    CategoryKind.INCOME: "income",
    CategoryKind.TRANSFER: "equity:transfers",
}


def write(source: Source) -> Iterator[str]:
    """Yield one journal."""
    book = source.book
    chart = _chart(book)
    yield "; Written by Hive. What is pending is marked with ! and has accounts of its own.\n\n"
    for name in sorted({*chart.own.values(), *chart.pending.values(), *chart.categories.values()}):
        yield f"account {name}\n"
    for name in (chart.expense, chart.income, chart.transfers, chart.openings):
        yield f"account {name}\n"
    yield "\n"
    if book.has_balances:
        for postings in openings_of(book, chart):
            yield _text(book.first_on, "*", "Opening balances", (), postings)
    last = book.last_on
    for entry in source.entries(once=True):
        last = max(last, entry.row.posted_on)
        yield _entry(entry, chart, book)
    if book.has_balances:
        yield from _closings(book, chart, last)


def _chart(book: Book) -> Chart:
    groups = {one.id: "liabilities" if one.is_owed else "assets" for one in book.accounts.values()}
    names = {one.id: _account_name(one) for one in book.accounts.values()}
    marks = {one.id: _name(one.mask or "") for one in book.accounts.values()}
    own = unique(names, marks)
    kept = {
        AccountId(one.id): f"{_GROUPS[one.kind]}:{_name(one.name) or 'Category'}"
        for one in book.categories.values()
    }
    return Chart(
        {key: f"{groups[key]}:{name}" for key, name in own.items()},
        {key: f"{groups[key]}:pending:{name}" for key, name in own.items()},
        {CategoryId(key): name for key, name in unique(kept, {}).items()},
        "expenses:uncategorised",
        "income:uncategorised",
        "equity:transfers",
        "equity:opening balances",
    )


def _account_name(account: Account) -> str:
    return f"{_name(account.institution) or 'Bank'}:{_name(account.name) or 'Account'}"


def _name(text: str) -> str:
    """Return a text as a part of an account's name, as long as ledger takes one."""
    kept = _NOT_IN_NAMES.sub(" ", one_line(text)).replace("_", " ").split()
    return " ".join(kept)[:_LONGEST].rstrip()


def _closings(book: Book, chart: Chart, day: date) -> Iterator[str]:
    """Say what each account holds at the end, which both programs check."""
    if book.holdings:
        yield f"{day.isoformat()} * Balances as Hive has them\n"
        for one in book.holdings:
            nothing = _amount(0, one.currency)
            held = _amount(one.closing_minor, one.currency)
            yield f"    {chart.own[one.account.id]}  {nothing} = {held}\n"
        yield "\n"


def _entry(entry: Entry, chart: Chart, book: Book) -> str:
    notes = [f"id: {entry.id.hex()}"]
    row = entry.row
    if entry.other is not None and entry.other.posted_on != row.posted_on:
        notes.append(f"other day: {entry.other.posted_on:%Y/%m/%d}")
    if row.name != entry.title:
        notes.append(f"bank: {_comment(row.name)}")
    if entry.description:
        notes.append(f"description: {_comment(entry.description)}")
    for part in entry.rows:
        if part.note:
            notes.append(f"note: {_comment(part.note)}")
        if part.tags:
            notes.append(f"tags: {_comment(' '.join(part.tags))}")
    if row.is_hidden:
        notes.append("hidden: yes")
    sign = "!" if is_pending(entry) else "*"
    return _text(row.posted_on, sign, entry.title, notes, postings_of(entry, chart, book))


def _text(
    day: date, sign: str, title: str, notes: Iterable[str], postings: Iterable[Posting]
) -> str:
    lines = [f"{day.isoformat()} {sign} {_description(title)}"]
    lines += [f"    ; {note}" for note in notes]
    for one in postings:
        price = (
            "" if one.price_minor is None else f" @@ {_amount(one.price_minor, one.price_currency)}"
        )
        lines.append(f"    {one.account}  {_amount(one.amount_minor, one.currency)}{price}")
    return "\n".join([*lines, "\n"])


def _description(text: str) -> str:
    """Return a text that is one: no comment begins in it, and no code before it."""
    told = one_line(text).replace(";", ",").replace("|", "/").lstrip("*!=~% ")
    return (f"- {told}" if told.startswith("(") else told).strip() or "-"


def _comment(text: str) -> str:
    told = _SPOKEN.sub(r"\1 :", one_line(text).translate(_BRACKETS))
    return told.replace("::", ": :")


def _amount(minor: int, currency: str) -> str:
    commodity = currency if _PLAIN_COMMODITY.fullmatch(currency) else f'"{_quoted(currency)}"'
    return f"{plain(minor, currency)} {commodity}"


def _quoted(currency: str) -> str:
    return one_line(currency).replace('"', "").replace(";", "") or "?"
