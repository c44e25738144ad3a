"""A journal that Beancount's `bean-check` accepts, with assertions of each balance."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from hive_desktop.adapters.files.writing.journals import Chart, is_pending, openings_of, postings_of
from hive_desktop.domain.exporting import one_line, unique
from hive_desktop.domain.ledger import AccountId, CategoryId, CategoryKind
from hive_desktop.domain.money import minor_digits, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hive_desktop.adapters.files.writing.journals import Posting
    from hive_desktop.domain.exporting import Book, Entry
    from hive_desktop.ports.exports import Source

_GROUPS: Final = {
    CategoryKind.EXPENSE: "Expenses",
    CategoryKind.INCOME: "Income",
    CategoryKind.TRANSFER: "Equity:Transfers",
}
_CURRENCY: Final = re.compile(r"[A-Z][A-Z0-9'._-]{0,22}[A-Z0-9]", re.ASCII)
_NOT_IN_TAGS: Final = re.compile(r"[^A-Za-z0-9\-_/.]+", re.ASCII)
_LONGEST: Final = 23
_WHOLE_UNITS: Final = "0.001"


def write(source: Source) -> Iterator[str]:
    """Yield one journal."""
    book = source.book
    chart = _chart(book)
    yield ";; Written by Hive. What is pending is marked with ! and has accounts of its own.\n"
    yield 'option "title" "Hive"\n'
    currencies = {_currency(one.currency): one.currency for one in book.holdings}
    for code in currencies:
        yield f'option "operating_currency" "{code}"\n'
    for code, currency in currencies.items():
        if not minor_digits(currency):
            # A price of whole units is divided, and what is left is no imbalance.
            yield f'option "inferred_tolerance_default" "{code}:{_WHOLE_UNITS}"\n'
    yield "\n"
    names = {*chart.own.values(), *chart.pending.values(), *chart.categories.values()}
    names |= {chart.expense, chart.income, chart.transfers, chart.openings}
    for name in sorted(names):
        yield f"{min(book.first_on, date(1970, 1, 1)).isoformat()} open {name}\n"
    yield "\n"
    if book.has_balances:
        for postings in openings_of(book, chart):
            yield _text(book.first_on, "*", "Opening balances", (), postings)
    last = book.last_on
    for entry in source.entries(once=True):
        last = max(last, entry.row.posted_on)
        yield _entry(entry, chart, book)
    if book.has_balances:
        for one in book.holdings:
            day = (last + timedelta(days=1)).isoformat()
            held = _amount(one.closing_minor, one.currency)
            yield f"{day} balance {chart.own[one.account.id]}  {held}\n"


def _chart(book: Book) -> Chart:
    groups = {one.id: "Liabilities" if one.is_owed else "Assets" for one in book.accounts.values()}
    names = {
        one.id: f"{_bank(one.institution)}:{_part(one.name)}" for one in book.accounts.values()
    }
    marks = {one.id: _part(one.mask) if one.mask else "" for one in book.accounts.values()}
    own = unique(names, marks, "-")
    kept = {
        AccountId(one.id): f"{_GROUPS[one.kind]}:{_part(one.name)}"
        for one in book.categories.values()
    }
    return Chart(
        {key: f"{groups[key]}:{name}" for key, name in own.items()},
        {key: f"{groups[key]}:Pending:{name}" for key, name in own.items()},
        {CategoryId(key): name for key, name in unique(kept, {}, "-").items()},
        "Expenses:Uncategorised",
        "Income:Uncategorised",
        "Equity:Transfers",
        "Equity:Opening-Balances",
    )


def _bank(text: str | None) -> str:
    """Return a bank's part: never the one of what is pending, whose balances would be counted."""
    found = _part(text)
    return f"{found}-Bank" if found == "Pending" else found


def _part(text: str | None) -> str:
    """Return a text as a part of an account's name: letters, digits and dashes."""
    letters = [
        one if unicodedata.category(one)[0] == "L" or unicodedata.category(one) == "Nd" else "-"
        for one in unicodedata.normalize("NFC", one_line(text or ""))
    ]
    found = re.sub("-+", "-", "".join(letters)).strip("-")
    if not found:
        return "X"
    upper = found[0].upper()
    first = upper if len(upper) == 1 else found[0]
    can_begin = unicodedata.category(first) in ("Lu", "Nd")
    return f"{first}{found[1:]}" if can_begin else f"X{found}"


def _entry(entry: Entry, chart: Chart, book: Book) -> str:
    row = entry.row
    notes = [f'id: "{entry.id.hex()}"']
    if row.name != entry.title:
        notes.append(f"bank: {_string(row.name)}")
    if entry.description:
        notes.append(f"description: {_string(entry.description)}")
    if entry.other is not None and entry.other.posted_on != row.posted_on:
        notes.append(f"other-day: {entry.other.posted_on.isoformat()}")
    said = [part.note for part in entry.rows if part.note]
    if said:
        notes.append(f"note: {_string(chr(10).join(said))}")
    if row.is_hidden:
        notes.append("hidden: TRUE")
    tags = dict.fromkeys(_tag(tag) for part in entry.rows for tag in part.tags)
    sign = "!" if is_pending(entry) else "*"
    return _text(
        row.posted_on,
        sign,
        entry.title,
        notes,
        postings_of(entry, chart, book),
        "".join(f" #{one}" for one in tags if one),
    )


def _text(
    day: date,
    sign: str,
    title: str,
    notes: Iterable[str],
    postings: Iterable[Posting],
    tags: str = "",
) -> str:
    lines = [f"{day.isoformat()} {sign} {_string(one_line(title))}{tags}"]
    lines += [f"  {note}" for note in notes]
    for one in postings:
        price = (
            "" if one.price_minor is None else f" @@ {_amount(one.price_minor, one.price_currency)}"
        )
        lines.append(f"  {one.account}  {_amount(one.amount_minor, one.currency)}{price}")
    return "\n".join([*lines, "\n"])


def _string(text: str) -> str:
    told = text.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "").replace("\n", "\\n")
    return f'"{"".join(one if one.isprintable() else " " for one in told)}"'


def _tag(text: str) -> str:
    return _NOT_IN_TAGS.sub("-", text).strip("-")


def _currency(code: str) -> str:
    """Return a currency as Beancount writes one; what a bank calls so otherwise is spelt out."""
    if _CURRENCY.fullmatch(code):
        return code
    spelt = re.sub(r"[^A-Z0-9]", "", code.upper())
    return f"C{spelt}X"[:_LONGEST]


def _amount(minor: int, currency: str) -> str:
    return f"{plain(minor, currency)} {_currency(currency)}"
