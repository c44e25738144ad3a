"""What says that a table is a credit card's: its file's name, the lines above it, its columns.

An account lists what was paid by a card too: only what names the statement itself counts.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from hive_desktop.adapters.files.tables_words import is_card_payment, plain
from hive_desktop.domain.csv_layouts import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hive_desktop.adapters.files.tables_columns import Column
    from hive_desktop.adapters.files.tables_roles import Chosen

CREDIT_CARD: Final = "credit card"
_LONGEST: Final = 200
_MOST_FILLED: Final = 0.9
_PARTS: Final = re.compile(r"[:;,|(]| [-\u2013\u2014] ")
_NO_LETTERS: Final = re.compile(r"[\W\d_]+")
_REST: Final = (
    r"(?: ?(?:account|statement|activity|transactions?|numbers?|no|nr|numero|n|ending|details"
    r"|konto|nummer|umsaetze|abrechnung|inhaber|typ|transaktionen"
    r"|gold|visa|mastercard|platinum|business)\b.*)?"
)
_CARD: Final = re.compile(
    r"(?!in[ck]l|e[xk]|with|ohne|mit |pay|zahl)(?:\w+ ){0,3}"
    rf"(?:credit ?card|kreditkarten?|carte de credit){_REST}"
)
"""A part of a line that is the name of a card's statement."""
_FURTHER: Final = (
    r"(?:cartao de credito|tarjeta de credito|carta di credito|kredit+kort|luottokortti"
    r"|karta kredytowa|karty kredytowej|kreditni kart[ay]|kredi karti)"
)
_FURTHER_CARD: Final = re.compile(
    r"(?:(?:extracto|extrato|fatura|movimientos|estratto conto|numero) (?:de |da |do |della )?)?"
    rf"{_FURTHER}{_REST}"
)
_OF_CREDIT: Final = rf"(?:credit ?card|kreditkarte|carte ?de ?credit|cartaodecredito|{_FURTHER})"
_FILE_OF_CARD: Final = re.compile(
    rf"{_OF_CREDIT}|(?=.*\bfaturas?\b).*\b(?:cartao|cartoes|nubank)\b"
)
_FILE_OF_BRAND: Final = re.compile(
    r"\b(?:master ?card|amex|american express|barclay ?card)\b|.\bvisa\b|\bvisa\b."
)
"""Visa alone is on cards of all kinds."""
_FILE_OF_ACCOUNT: Final = re.compile(
    r"\b(?:accounts?|checking|chequing|current|savings?|konto|konten|comptes?|cuentas?|contas?"
    r"|conto|cartes?|releves?|tagesgeld|depot)\b"
)
_FILE_OF_OTHERS: Final = re.compile(
    r"payment|zahl|pagament|pagos?\b|paiement|paid|removed|antrag|application|fees?\b"
    r"|\b(?:all|alle|and|und|et|y|with|without|no|non|not|ohne|mit|sans|sem|sin|senza|utan|ex|excl"
    r"|incl)\b"
)
_OF_ACCOUNT: Final = re.compile(
    r"debi|giro|prepaid|prepag|vorauszahl|maestro|electron|\bec\b|\beckart|sparkassen ?card"
    r"|bank ?(?:card|kart|kort)|bancaire|bleue|gift|travel"
    r"|\b(?:cb|wise|revolut|monzo|starling|n ?26|iban|checking|chequing|savings?)\b"
    r"|current account|(?:conta|conto|compte|cuenta)s? (?:corrente|courant|corriente)"
)
"""Words of accounts, and of cards that are not paid later."""
_IBAN: Final = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3}")
_OF_BILL: Final = re.compile(r"(?:\w+ )?card ?member|umsatz getaetigt von|ご?利用店名 商品名")
"""Of these a bill alone has columns, however few its rows are."""
_COLUMN: Final = re.compile(
    rf"(?:numero (?:de |do |da |della )?)?{_OF_CREDIT}n? ?(?:no|nr|num|number|nummer|ending)?"
)
_HAS_NUMBER: Final = re.compile(r"[0-9]{2}")
_FEW: Final = 3
_NUMBERS: Final = frozenset({Role.NUMBER, Role.ACCOUNT})


def is_file_of_card(name: str) -> bool:
    """Return whether a file is called after a credit card, such as "Kreditkarte 05.csv"."""
    words = _NO_LETTERS.sub(" ", plain(PurePath(name).stem)).strip()
    if _FILE_OF_OTHERS.search(words):
        return False
    if _FILE_OF_CARD.search(words):
        return True
    return _FILE_OF_BRAND.search(words) is not None and _FILE_OF_ACCOUNT.search(words) is None


def names_card(cell: str) -> bool:
    """Return whether a cell calls the account a credit card, not only something that one pays."""
    if "ar" not in cell.lower() or len(cell) > _LONGEST:
        return False
    return any(_CARD.fullmatch(one) is not None for one in _names_in(cell))


def is_card_by_words(name: str, above: Iterable[str], headings: Iterable[str]) -> bool:
    """Return whether a file's name or lines say that it is a card's, and nothing that it is not.

    Args:
        name: of the file.
        above: the cells that stand above the table.
        headings: of its columns.
    """
    cells = list(above)
    if not is_file_of_card(name) and not any(
        _FURTHER_CARD.fullmatch(one)
        for cell in cells
        if len(cell) <= _LONGEST
        for one in _names_in(cell)
    ):
        return False
    return not tells_account(name, cells, headings)


def tells_account(name: str, above: Iterable[str], headings: Iterable[str]) -> bool:
    """Return whether an account or a card of another kind is told of in a file."""
    stem = PurePath(name).stem
    return any(
        _IBAN.search(one) or _OF_ACCOUNT.search(plain(one)) for one in (stem, *above, *headings)
    )


def _names_in(cell: str) -> Iterator[str]:
    """Give the words of each part of a cell, without numbers."""
    for part in _PARTS.split(cell):
        yield " ".join(one for one in plain(part).split() if one.isalpha() and one.strip("x"))


def is_card_by_columns(columns: Sequence[Column], chosen: Chosen, rows: int) -> bool:
    """Return whether all rows name the credit card that they are of, and none another account."""
    of_card = [
        i
        for i, one in enumerate(columns)
        if rows
        and one.filled >= _MOST_FILLED * rows
        and (_OF_BILL.fullmatch(one.name) or (rows >= _FEW and _has_numbers(one)))
    ]
    others = {i for role, i in chosen.columns if role in _NUMBERS and columns[i].filled}
    return bool(of_card) and others <= set(of_card)


def _has_numbers(column: Column) -> bool:
    """Return whether a column has the numbers of credit cards and nothing else."""
    if _COLUMN.fullmatch(column.name) is None:
        return False
    return all(_HAS_NUMBER.search(one) for one in column.cells if one.strip())


def is_card_by_payments(rows: Iterable[tuple[int | None, str]]) -> bool:
    """Return whether a row is the payment of a card's bill; amounts are positive = money out."""
    return any(amount and amount < 0 and is_card_payment(text) for amount, text in rows)
