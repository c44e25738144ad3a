"""What lines before a table say of its account: its number, its name, whether it is a card."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING, Final, NamedTuple

from hive_desktop.adapters.files.amounts import currency_beside, marks_of
from hive_desktop.adapters.files.dates import MONTHS, looks_like_date
from hive_desktop.adapters.files.parts import tidy
from hive_desktop.adapters.files.tables_cards import names_card
from hive_desktop.adapters.files.tables_headings import currency_of
from hive_desktop.adapters.files.tables_words import DONE, PENDING, plain, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hive_desktop.adapters.files.tables_cells import Record

LOOKED_AT: Final = 60
"""Lines above a table that are looked at."""
_DIGITS: Final = re.compile(r"[0-9 ]+")
_OF_PART: Final = frozenset(words_of(",".join(MONTHS))) | frozenset(
    words_of(
        """page, seite, pagina, strona, sida, side, continued, cont, continuation, fortsetzung,
        suite, continua, continuacion, vervolg, cd, ciag dalszy, deposits, withdrawals, payments,
        purchases, credits, debits, charges, fees, refunds, einzahlungen, auszahlungen, eingaenge,
        ausgaenge, zahlungen, gutschriften, lastschriften, belastungen, einnahmen, ausgaben,
        depots, retraits, versements, paiements, achats, depositos, retiros, abonos, cargos, pagos,
        prelievi, versamenti, pagamenti, stortingen, opnames, betalingen, checks, cheques, interest,
        transfers, and, und, et, summary, details, detail, period, week, woche, semaine, quartal,
        trimestre, folgeseite"""
    )
)
"""Words by which parts of one account's rows differ: months, pages, and kinds of rows."""
_LONGEST_TITLE: Final = 60
_IBAN: Final = re.compile(r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")
_LABEL: Final = re.compile(
    r"\b(account|acc|konto\w*|card|mastercard|visa|(?:kredit)?karten?\w*|rekening\w*|compte|cuenta"
    r"|conto|conta|ucet|uctu|rachunku|rachunek|hesap|szamla\w*|счета|счет|חשבון)\b"
)
_NUMBER: Final = re.compile(r"[xX*.#•-]*[0-9][0-9Xx*•-]{2,33}")
_PARTED: Final = re.compile(
    r"(?:[0-9]{1,6}-)?[0-9]{5,10}/(?!(?:19|20(?!10|60|70))[0-9]{2}\Z)[0-9]{2,4}"
    r"|(?!(?:19|20)[0-9]{2}\.)[0-9]{2,6}(?:\.[0-9]{1,6})+-[0-9]{1,4}"
    r"|(?=.{12})[0-9]{1,4}(?:\.[0-9]{1,4}){4,}"
)
"""Numbers in parts, as Czech and Swiss banks write them; years and addresses of hosts are none."""
_GROUP: Final = re.compile(r"[0-9xX*•]{2,8}")
_POLISH: Final = re.compile(r"[0-9]{2}(?: ?[0-9]{4}){6}")
_OF_LINE: Final = re.compile(r"[0-9]{10,23}")
_PERIOD: Final = re.compile(r"(?:19|20)[0-9]{2}(?:-?(?:0[1-9]|1[0-2])(?:-?[0-3][0-9])?)?")
_SORT_CODE: Final = re.compile(r"[0-9]{2}-[0-9]{2}-[0-9]{2}")
_BRANCH_NUMBER: Final = re.compile(r"[0-9xX*•]{6,10}")
_SUM: Final = re.compile(
    r"limits?\b|balance|saldo|solde|stand\b|\b(?:total|amount|betrag|summe|available|verfuegbar)"
)
_CUSTOMER: Final = re.compile(
    r"\b(?:kunden? ?n(?:r|um)\w*|klantn\w+|customer (?:no|nr|num\w*|id)\b)"
)
_STATEMENT: Final = re.compile(r"statement|auszug|umsa|extracto|releve")
_LEAST_BESIDE_STATEMENT: Final = 5
_LONGEST_SUM: Final = 6
_NEAR: Final = 8  # words
_LONGEST_NUMBER: Final = 34
_KIND: Final = re.compile(
    r"konto|karte|card|account|visa|mastercard|savings|checking|current|tagesgeld|rekening|compte"
    r"|cuenta|tarjeta|conto|depot|livret|spar"
)


_NO_TITLE: Final = re.compile(
    r"saldo|balance|kontostand|solde|\b(?:number|nummer|no|nr|iban|bic|total|summe|disclaimer)\b"
)


_OF_ROWS: Final = (PENDING | DONE) | frozenset(
    words_of(
        """transactions, transaction, umsaetze, transaktionen, buchungen, activity, history,
        recent, mouvements, operations, movimientos, movimenti, mutaties, transacties"""
    )
)


class Above(NamedTuple):
    """What stands above a table: its account's number and name, and whether it is a card's."""

    number: str = ""
    title: str = ""
    is_card: bool = False


def above(before: Sequence[Record], earlier: Above | None) -> Above:
    """Return what lines before a table say; where they name no account it is the earlier table's.

    Pending and posted rows are often tables of their own.
    """
    is_card = any(names_card(cell) for one in before[:LOOKED_AT] for cell in one.cells)
    found = Above(number_in(before), _title_in(before), is_card)
    return earlier if earlier is not None and not found.number and not found.title else found


def is_another(found: Above, earlier: Above) -> bool:
    """Return whether what stands above headings that come again names another account.

    Pages, months and kinds of rows of one account may stand in its title.
    """
    if found.number or earlier.number:
        return bool(found.number) and found.number != earlier.number
    titles = [
        [word for word in _DIGITS.sub(" ", plain(one.title)).split() if word not in _OF_PART]
        for one in (found, earlier)
    ]
    shorter, longer = sorted(titles, key=len)
    return bool(shorter) and longer[: len(shorter)] != shorter


def _title_in(before: Sequence[Record]) -> str:
    """Return what lines before a table call its account, or ""."""
    for one in before[:LOOKED_AT]:
        label = ""
        for cell in one.cells:
            title = _without_state(tidy(cell, _LONGEST_TITLE))
            if not title or marks_of(title) or looks_like_date(title):
                continue
            words = plain(title)
            is_title = _KIND.search(words) and not _NO_TITLE.search(words)
            if label or (is_title and not title.endswith(("…", ":"))):
                return title
            if not is_title or title.endswith("…"):
                break  # the first words of a line say what it is about
            label = title  # what it names stands behind it
        if label:
            return label
    return ""


def _without_state(title: str) -> str:
    """Return a title without what it says of the rows: pending and posted ones are one account's.

    "Pending card transactions" is as "Card".
    """
    words = title.split()
    kept = [one for one in words if plain(one) not in _OF_ROWS]
    kept = [one for one in kept if any(map(str.isalnum, one))] if len(kept) < len(words) else kept
    return f"{kept[0][:1].upper()}{kept[0][1:]} {' '.join(kept[1:])}".strip() if kept else ""


def number_in(before: Sequence[Record]) -> str:
    """Return the number of the account that lines before a table name, or ""."""
    for one in before[:LOOKED_AT]:
        line = " ".join(one.cells)
        found = _IBAN.search(line)
        if found:
            return found[0].replace(" ", "")
    for cells in _with_next([one.cells for one in before[:LOOKED_AT]]):
        words = [one.strip("\"'") for one in " ".join(cells).split()]
        label = next((i for i, word in enumerate(words) if _LABEL.search(plain(word))), -1)
        number = _number_among(words[label : label + 1 + _NEAR]) if label >= 0 else ""
        if number:
            return number
    return next((line[0] for line in map(line_of_account, before[:LOOKED_AT]) if line), "")


def line_of_account(record: Record) -> list[str]:
    """Return the cells of a line without labels, as Société Générale's: account to balance, or [].

    It has the account's number, the first day and the last, how many rows there are, and the day
    and the amount of the balance.
    """
    cells = [one.strip() for one in record.cells if one.strip()]
    if len(cells) != 6 or not cells[3].isdigit() or _OF_LINE.fullmatch(cells[0]) is None:
        return []
    days = (cells[1], cells[2], cells[4])
    return cells if all(map(looks_like_date, days)) and currency_beside(cells[5]) else []


def _with_next(lines: list[list[str]]) -> Iterator[list[str]]:
    """Give lines; behind a label alone stands the Polish number that the next one has alone."""
    for n, cells in enumerate(lines):
        filled = [one for one in cells if one.strip()]
        behind = [one for one in lines[n + 1] if one.strip()] if n + 1 < len(lines) else []
        is_label = len(filled) == len(behind) == 1 and not any(map(str.isdigit, filled[0]))
        if is_label and _POLISH.fullmatch(behind[0].strip()):
            yield [filled[0], behind[0].replace(" ", "")]
        else:
            yield cells


def _number_among(words: list[str]) -> str:
    """Return the account's number among a label and the words behind it, or "".

    Years, days, sums of money and the numbers of a statement itself are none.
    """
    least = 3
    for i, word in enumerate(words):
        said = plain(word)
        if _SUM.search(said) or _CUSTOMER.search(plain(" ".join(words[max(0, i - 1) : i + 1]))):
            return ""
        if _STATEMENT.search(said):
            least = _LEAST_BESIDE_STATEMENT
        after = words[i + 1 : i + 2]
        if (
            i
            and least < _LEAST_BESIDE_STATEMENT
            and _PARTED.fullmatch(word)
            and not looks_like_date(word)
        ):
            return word
        if not i or _NUMBER.fullmatch(word) is None or _PERIOD.fullmatch(word):
            continue
        if _SORT_CODE.fullmatch(word):
            if after and _BRANCH_NUMBER.fullmatch(after[0]):
                return f"{word} {after[0]}"
            continue
        digits = sum(map(str.isdigit, word))
        is_plain = word.isdigit()
        if digits < 3 or (not is_plain and looks_like_date(word)):
            continue
        groups = takewhile(_is_group, words[i + 1 :]) if is_plain else ()
        number = "".join((word, *groups))[:_LONGEST_NUMBER]
        is_sum = len(number) <= _LONGEST_SUM and bool(after) and bool(currency_of(after[0]))
        if is_plain and (len(number) < least or is_sum):
            continue
        return number
    return ""


def _is_group(word: str) -> bool:
    return _GROUP.fullmatch(word) is not None and _PERIOD.fullmatch(word) is None
