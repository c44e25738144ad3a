"""The balance that a line above or below a table states, with the day that it is of.

A line counts where all of it is understood: what can be used up, what there was before, what is
owed, limits and points are no such balance.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from hive_desktop.adapters.files.amounts import Amounts, currency_beside, marks_of
from hive_desktop.adapters.files.dates import looks_like_date, orders_of, read_day
from hive_desktop.adapters.files.tables_accounts import line_of_account
from hive_desktop.adapters.files.tables_cards import CREDIT_CARD
from hive_desktop.adapters.files.tables_headings import currency_of
from hive_desktop.adapters.files.tables_words import plain, side_of_word
from hive_desktop.domain.csv_layouts import DateOrder, Sign
from hive_desktop.domain.statements import FileBalance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hive_desktop.adapters.files.tables_cells import Record
    from hive_desktop.domain.csv_layouts import CsvLayout
    from hive_desktop.domain.statements import FileAccount, Statement

_MOST: Final = 60
_LONGEST: Final = 120
_MOST_CELLS: Final = 6
_PIECES: Final = re.compile(r":(?=\s|\Z)|[|=\t]")
_DATE: Final = re.compile(
    r"(?<![\w./-])(?:(?:19|20)[0-9]{6}|[0-9]{4}([./-])[0-9]{1,2}\1[0-9]{1,2}"
    r"|[0-9]{1,2}[./-] ?[0-9]{1,2}[./-] ?(?:[0-9]{4}|[0-9]{2})"
    r"|[0-9]{1,2}\.? ?(?:de |of )?[^\W\d_]{3,10}\.?,? ?(?:de )?[0-9]{4}"
    r"|[^\W\d_]{3,10}\.? [0-9]{1,2},? [0-9]{4})(?![\w/-])"
)
_AS_OF: Final = (
    r"(?:as of|as at|at|on|vom|am|per|pr|zum|stand|au|al|del|a|em|op|na dzien|na|k|ke|den)"
)
_BEFORE_DAY: Final = re.compile(rf"(?:\A|(?<=\s)){_AS_OF}\.?\s*\Z", re.IGNORECASE)
_HAS_CENTS: Final = re.compile(r"[.,][0-9]{2}(?![0-9])")
_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}")
_IS_BALANCE: Final = re.compile(
    r"(?:(?:neue[rs]?|aktuelle[rs]?|letzte[rs]?|ihr|konto|end|schluss|current|closing|ending|ledger"
    r"|account|new|latest|your|book|final|actual|atual|contabile|nouveau|votre|dernier|nuovo|finale"
    r"|laatste|huidig|nieuw|eind|aktuellt|aktuel|utgaende|koncowe|konecny|koncovy|nuevo|ultimo"
    r"|balance) ?)*"
    r"(?:kontostand|kontosaldo|balance|saldo|solde|balans|zustatek|zostatok|egyenleg|bakiye"
    rf"|stan konta|stan rachunku|likutis|jaak|atlikums|stav uctu)(?: {_AS_OF})?"
)
_OF_CARD: Final = re.compile(r"(?=.*[xX*•])[0-9xX*•]{15,16}")


class _Stated(NamedTuple):
    """A balance that a line states: its day and amount as they stand there, and its currency."""

    day: str
    amount: str
    is_owed: bool
    currency: str


def with_stated(
    statements: list[Statement], records: Iterable[Record], layout: CsvLayout
) -> list[Statement]:
    """Return the statements of a table, the one of an account with the balances that lines state.

    A balance of a day before the last row is left out: rows of that day may come before or after.

    Args:
        statements: of one table.
        records: what stands above and below it.
        layout: how it was read.
    """
    if len(statements) != 1 or statements[0].balances:
        return statements
    (one,) = statements
    last = max((row.day for row in one.rows if not row.is_pending), default=None)
    if last is None:
        return statements
    found: dict[int, int | None] = {}
    for told in filter(None, map(_told, islice(records, _MOST))):
        day, held = _day(told.day, layout.date_order), _held(told, one.account, layout)
        if day is not None and held is not None and day >= last:
            found[day] = held if found.get(day, held) == held else None
    currency = one.account.currency
    balances = [FileBalance(day, held, currency) for day, held in found.items() if held is not None]
    return [replace(one, balances=balances)]


def _told(record: Record) -> _Stated | None:
    line = line_of_account(record)
    if line:
        return _Stated(
            line[4], line[5], is_owed=False, currency=currency_of(currency_beside(line[5]))
        )
    return _stated([cell for cell in record.cells if cell.strip()])


def _day(text: str, order: DateOrder) -> int | None:
    """Return a day in its file's order, or the only one that it can be with a whole year."""
    possible = orders_of(text)
    if order in possible and (order is not DateOrder.YMD or len(possible) == 3):
        return read_day(text, order)
    return read_day(text, *possible) if len(possible) == 1 and _YEAR.search(text) else None


def _held(told: _Stated, account: FileAccount, layout: CsvLayout) -> int | None:
    """Return a balance in the bank's sense (of a card: what is owed), or None where it is open."""
    if account.currency and told.currency not in ("", account.currency):
        return None
    marks = layout.decimal_mark, "." if layout.decimal_mark == "," else ","
    read = (Amounts(account.currency, mark)[told.amount] for mark in marks)
    amount = next((one for one in read if one is not None), None)
    if amount is None:
        return None
    amount = -abs(amount) if told.is_owed else amount
    may_be_card = layout.sign is Sign.OUT_POSITIVE or _OF_CARD.fullmatch(account.number)
    if not account.kind and amount > 0 and may_be_card:
        return None  # of a card it may be owed
    if account.kind != CREDIT_CARD or amount <= 0:
        return -amount if account.kind == CREDIT_CARD else amount
    return amount if layout.sign is Sign.OUT_POSITIVE else None


def _stated(cells: list[str]) -> _Stated | None:
    """Return what a line states: a balance, its day and one amount, and nothing else."""
    if len(cells) > _MOST_CELLS or any(len(one) > _LONGEST for one in cells):
        return None
    pieces = [one.strip() for cell in cells for one in _PIECES.split(cell) if one.strip()]
    if not pieces:
        return None
    label, *rest = pieces
    day = ""
    found = _DATE.search(label)
    if found is not None:
        day, behind = found[0], label[found.end() :].strip()
        label, rest = label[: found.start()], [behind, *rest] if behind else rest
    if _IS_BALANCE.fullmatch(plain(label)) is None:
        return None
    if not day:
        day, rest = _without_day(rest)
    told = _amount_in(rest) if day else None
    return None if told is None else told._replace(day=day)


def _without_day(pieces: list[str]) -> tuple[str, list[str]]:
    """Return the first day among pieces, or "", and what else they say."""
    for n, piece in enumerate(pieces):
        found = _DATE.search(piece)
        if found is not None and looks_like_date(found[0]):
            before = _BEFORE_DAY.sub("", piece[: found.start()])
            left = f"{before} {piece[found.end() :]}".strip()
            return found[0], [*pieces[:n], *([left] if left else []), *pieces[n + 1 :]]
    return "", pieces


def _amount_in(pieces: list[str]) -> _Stated | None:
    """Return the amount that pieces are, with its currency, its side behind it, and no more."""
    if len(pieces) > 1 and len(pieces[0]) == 3 and currency_of(pieces[0]):
        pieces = [pieces[1], pieces[0], *pieces[2:]]
    amount, *others = pieces or [""]
    currency, side = currency_of(currency_beside(amount)), ""
    if not marks_of(amount) or looks_like_date(amount):
        return None
    for piece in others:
        if not currency and len(piece) == 3 and currency_of(piece):
            currency = currency_of(piece)
        elif not side and piece.isalpha() and side_of_word(piece):
            side = side_of_word(piece)
        else:
            return None
    if not (currency or _HAS_CENTS.search(amount)):
        return None
    return _Stated("", amount, side == "out", currency)
