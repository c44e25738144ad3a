"""Books and entries at the edges of what a ledger can hold, by dice, for what checks journals."""

from collections import Counter
from datetime import date, timedelta
from types import SimpleNamespace

from hive_desktop.domain.exporting import Book, Entry, Holding
from hive_desktop.domain.ledger import (
    Account,
    AccountId,
    Category,
    CategoryId,
    CategoryKind,
    ItemId,
    ItemState,
    TransactionId,
    TransactionRow,
)

NAMES = (
    "Bank: of; all", "a  b", "  two  spaces ", "tab\there", "line\nbreak", 'quo"ted', "pi|pe",
    "per%cent", "Pending", "pending", "(virtual)", "[balanced]", "{lot}", "<real>", "a:b:c",
    ";", "*", "!", "= 5", "@ 3", "1.000,00 EUR", "-5 USD", "2020-01-01", "Ελλάδα", "日本 銀行",
    "مصرف", "🐝", "é", "e\u0301", "\u200b", "\u202e", "", "_", "x" * 300, "P 2020-01-01 USD 3",
    "include /etc/passwd", "comment", "end comment", "~ monthly", "account x", "#tag ^link",
    "date:2020-01-01", "x  ; y", "' or \\", "ﬁ", "ǅ", "ß", "0", "9 lives", "type: A", "Assets",
    "Equity", "Opening balances", "a , b", "&amp;", "%d", "C:\\x", "note: [2020-01-01]",
    "{{x}}", "((1+1))", "value:: 1/0", "expr:: x", "$100", "`", "^", "~",
)  # fmt: skip
CURRENCIES = (
    "USD", "USD", "EUR", "JPY", "KWD", "CLF", "BTC", "usd coin", "X;Y", "1INCH", '"', "A" * 30,
)  # fmt: skip
FIRST = (
    date(1400, 1, 2),
    date(1582, 10, 4),
    date(1899, 12, 31),
    date(1969, 12, 30),
    date(2025, 1, 1),
)


def odd_source(dice, rows=60, currencies=CURRENCIES):
    """Return a source of a ledger whose names, currencies, days and amounts are odd."""
    accounts = [_account(dice, at, currencies) for at in range(dice.randrange(1, 9))]
    categories = [
        Category(
            CategoryId(_id(50 + at)),
            dice.choice(NAMES),
            dice.choice(list(CategoryKind)),
            "",
            "",
            False,
            "",
        )
        for at in range(12)
    ]
    first = dice.choice(FIRST)
    entries = []
    for at in range(rows):
        day = first + timedelta(days=1 + at * dice.randrange(0, 2))
        entries.append(_entry(dice, at, day, accounts, categories, currencies))
    entries.sort(key=lambda one: one.row.posted_on)
    last = max(one.row.posted_on for one in entries)
    sums, seen = Counter(), dict.fromkeys((one.id, one.currency) for one in accounts)
    for entry in entries:
        for one in (*entry.rows, *([entry.other] if entry.other else [])):
            seen[one.account_id, one.currency] = None
            if not one.pending:
                sums[one.account_id, one.currency] -= one.amount_minor
    known = {one.id: one for one in accounts}
    holdings = []
    for account in accounts:
        for key in [key for key in seen if key[0] == account.id]:
            opening = dice.choice((0, 0, 1, -1, dice.randrange(-(10**13), 10**13)))
            holdings.append(Holding(known[key[0]], key[1], opening, opening + sums[key]))
    book = Book(
        tuple(holdings), {one.id: one for one in categories}, known, first, last, has_balances=True
    )
    return SimpleNamespace(book=book, entries=lambda *_, **__: iter(entries))


def _id(number):
    return number.to_bytes(16, "big")


def _account(dice, at, currencies):
    kind = dice.choice(("depository", "credit", "loan", "investment"))
    return Account(
        AccountId(_id(at + 1)),
        ItemId(_id(90)),
        f"a{at}",
        dice.choice(NAMES),
        dice.choice(NAMES),
        None,
        dice.choice((None, "12", dice.choice(NAMES))),
        kind,
        None,
        dice.choice(currencies),
        None,
        None,
        None,
        None,
        ItemState.HEALTHY,
    )


def _amount(dice):
    small = dice.randrange(-100_000, 100_000)
    return dice.choice((0, 1, -1, small, small, small, 10**15, -(10**15)))


def _row(dice, number, day, account, category, currency):
    texts = [dice.choice(NAMES) for _ in range(6)]
    return TransactionRow(
        number,
        TransactionId(_id(1_000 + number)),
        account.id,
        day,
        None,
        _amount(dice),
        currency,
        texts[0] or "-",
        dice.choice((None, texts[1])),
        texts[2],
        None if category is None else category.id,
        None if category is None else category.name,
        None,
        None,
        dice.random() < 0.2,
        dice.choice((None, texts[3])),
        False,
        dice.choice(((), (texts[4],), (texts[4], texts[5]))),
        dice.random() < 0.1,
    )


def _entry(dice, at, day, accounts, categories, currencies):
    account, kind = dice.choice(accounts), dice.random()
    currency = account.currency if dice.random() < 0.8 else dice.choice(currencies)
    row = _row(dice, at * 10, day, account, dice.choice((None, *categories)), currency)
    if kind < 0.2:
        parts = [
            _row(dice, at * 10 + n, day, account, dice.choice(categories), currency)._replace(
                pending=row.pending
            )
            for n in range(dice.randrange(1, 5))
        ]
        return Entry(row.id, tuple(parts), whole=row.id)
    if kind < 0.45:
        to = dice.choice(accounts)
        later = day + timedelta(days=dice.randrange(-1, 3))
        other = _row(dice, at * 10 + 1, later, to, None, to.currency)
        if dice.random() < 0.7:
            other = other._replace(amount_minor=-row.amount_minor)
        return Entry(row.id, (row,), other, is_out=row.amount_minor >= 0)
    return Entry(row.id, (row,))
