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
    from collections.abc import Iterable, Sequence

    from hive_desktop.adapters.files.tables_columns import Column
    from hive_desktop.adapters.files.tables_roles import Chosen

CREDIT_CARD: Final = "credit card"
_LONGEST: Final = 200
_MOST_FILLED: Final = 0.9
_PARTS: Final = re.compile(r"[:;,|(]| [-\u2013\u2014] ")
_NO_LETTERS: Final = re.compile(r"[\W\d_]+")
_MAY_NAME: Final = re.compile(r"ar|fatura|kort|visa|american", re.IGNORECASE)
_OF_CREDIT: Final = (
    r"(?:credit ?card|kreditkarten?|carte de credit|cartao de credito|tarjeta de credito"
    r"|carta di credito|kredit+kort|luottokortti|karta kredytowa|karty kredytowej"
    r"|kreditni kart[ay]|kredi karti)"
)
_CARD: Final = re.compile(
    r"(?!in[ck]l|e[xk]|with|ohne|mit |pa[yg]|zahl)(?:\w+ ){0,3}"
    rf"{_OF_CREDIT}"
    r"(?: ?(?:account|statement|activity|transactions?|numbers?|no|nr|numero|n|ending|details"
    r"|konto|nummer|umsaetze|abrechnung|inhaber|typ|transaktionen|final"
    r"|gold|visa|mastercard|platinum|business)\b.*)?"
    r"|(?:(?!pa[yg])\w+ )?fatura(?: .*)?|cartao(?: (?:final|numero|n|visa|mastercard|elo)\b.*)?"
    r"|(?:visa|master ?card|american express)(?: (?:card|karte|gold|platinum|classic|world|business"
    r"|infinite|signature|credit|transactions|statement|umsaetze|kort|carte|tarjeta|cartao))*"
)
"""A part of a line that is the name of a card's statement."""
_DEBIT: Final = re.compile(r"debi|giro|prepaid|prepago|vorauszahl|maestro")
_FILE_OF_CREDIT: Final = re.compile(rf"\bfaturas?\b|{_OF_CREDIT}|creditcards?\b|cartaodecredito")
_FILE_OF_CARD: Final = re.compile(
    r"\b(?:cards?|visa|master ?card|amex|american express|karten?|cartes?|tarjetas?|cartao"
    r"|cartoes)\b"
)
_FILE_OF_ACCOUNT: Final = re.compile(
    r"\b(?:accounts?|checking|chequing|current|savings?|konto|konten|compte|cuentas?|contas?"
    r"|conto)\b"
)
_COLUMN: Final = re.compile(
    r"(?:\w+ )?(?:card|kreditkarten?)(?: ?(?:no|nr|num|number|nummer|last 4 digits|last four"
    r"|ending|member))?"
    r"|karten ?(?:nr|nummer)|(?:numero (?:de|do|della) |final do )?(?:carte|tarjeta|carta|cartao)"
    r"|parcelas?|umsatz getaetigt von|ご?利用店名(?: 商品名)?"
)
_OF_BILL: Final = re.compile(
    r"(?:\w+ )?card ?member|parcelas?|umsatz getaetigt von|ご?利用店名(?: 商品名)?"
)
"""Of these a bill alone has columns, however few its rows are."""
_FEW: Final = 3
_NUMBERS: Final = frozenset({Role.NUMBER, Role.ACCOUNT})


def is_file_of_card(name: str) -> bool:
    """Return whether a file is called after a credit card, such as "Fatura2024-01.csv"."""
    words = _NO_LETTERS.sub(" ", plain(PurePath(name).stem))
    if _DEBIT.search(words):
        return False
    if _FILE_OF_CREDIT.search(words):
        return True
    return _FILE_OF_CARD.search(words) is not None and _FILE_OF_ACCOUNT.search(words) is None


def names_card(cell: str) -> bool:
    """Return whether a cell calls the account a credit card, not only something that one pays."""
    if len(cell) > _LONGEST or _MAY_NAME.search(cell) is None or _DEBIT.search(plain(cell)):
        return False
    parts = (plain(one).split() for one in _PARTS.split(cell))
    names = (" ".join(one for one in words if one.isalpha() and one.strip("x")) for words in parts)
    return any(_CARD.fullmatch(one) is not None for one in names)


def is_card_by_columns(columns: Sequence[Column], chosen: Chosen, rows: int) -> bool:
    """Return whether all rows name the card that they are of, and none another account.

    Accounts that were paid from by card too have rows without one, or a balance.
    """
    if not rows or chosen.of(Role.BALANCE):
        return False
    of_card = [
        i
        for i, one in enumerate(columns)
        if one.filled >= _MOST_FILLED * rows
        and (_OF_BILL if rows < _FEW else _COLUMN).fullmatch(one.name)
    ]
    others = {i for role, i in chosen.columns if role in _NUMBERS and columns[i].filled}
    return bool(of_card) and others <= set(of_card)


def is_card_by_payments(rows: Iterable[tuple[int | None, str]]) -> bool:
    """Return whether a row is the payment of a card's bill; amounts are positive = money out."""
    return any(amount and amount < 0 and is_card_payment(text) for amount, text in rows)
