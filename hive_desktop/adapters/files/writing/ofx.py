"""OFX 2.2: a statement for each currency of each account, the id of a row as its FITID.

The format has no pending rows: those are left out. Parts of a divided row are one again, so that
its id stays whatever the person does with it.

The specification wants a balance (LEDGERBAL) in each statement, and strict readers refuse one
without. Where none is known it is the sum of the rows, which a program that reads them comes to as
well; the person is told, and `HIVE.SUMOFROWS` tells Hive that nobody said it.

What the format has no place for stands in tags of Hive's own (`HIVE.ACCTNAME`, `HIVE.BANKNAME`,
`HIVE.ACCTTYPE`), as the specification lets programs add; others pass over them.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from hive_desktop.domain.exporting import one_line
from hive_desktop.domain.money import plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from hive_desktop.domain.exporting import Book, Entry, Holding
    from hive_desktop.domain.ledger import AccountId
    from hive_desktop.ports.exports import Source

_HEADER: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
    '<?OFX OFXHEADER="200" VERSION="220" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>\n'
)
_FINE: Final = "<STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS>"
_TYPES: Final = {
    "savings": "SAVINGS",
    "money market": "MONEYMRKT",
    "cd": "CD",
    "line of credit": "CREDITLINE",
}
_OWN_TYPES: Final = ("CASH", "INVESTMENT")
_BANK_ID, _NAME, _MEMO, _ACCOUNT_ID = 9, 32, 255, 22
_LONG_NAME: Final = 100
_FULL: Final = _NAME - 1  # readers may take a memo for the rest of a name that fills its room


def write(source: Source) -> Iterator[str]:
    """Yield one document."""
    book = source.book
    ids = _account_ids(book)
    yield f"{_HEADER}<OFX><SIGNONMSGSRSV1><SONRS>{_FINE}<DTSERVER>{_at(book.last_on)}</DTSERVER>"
    yield "<LANGUAGE>ENG</LANGUAGE></SONRS></SIGNONMSGSRSV1>\n"
    cards = [one for one in book.holdings if _is_card(one)]
    banks = [one for one in book.holdings if not _is_card(one)]
    for name, holdings in (("BANK", banks), ("CREDITCARD", cards)):
        if holdings:
            yield f"<{name}MSGSRSV1>\n"
            yield from chain.from_iterable(_statement(source, one, ids) for one in holdings)
            yield f"</{name}MSGSRSV1>\n"
    yield "</OFX>\n"


def _statement(source: Source, holding: Holding, ids: dict[AccountId, str]) -> Iterator[str]:
    book, is_card = source.book, _is_card(holding)
    prefix = "CC" if is_card else ""
    yield f"<{prefix}STMTTRNRS><TRNUID>0</TRNUID>{_FINE}<{prefix}STMTRS>"
    yield f"<CURDEF>{escape(holding.currency)}</CURDEF>{_from(holding, ids)}{_own(holding)}"
    yield f"<BANKTRANLIST><DTSTART>{_at(book.first_on)}</DTSTART>"
    yield f"<DTEND>{_at(book.last_on)}</DTEND>\n"
    for entry in source.entries(holding.account.id):
        if entry.row.currency == holding.currency and not entry.row.pending:
            yield _row(entry)
    yield "</BANKTRANLIST>"
    held = plain(holding.closing_minor, holding.currency)
    supposed = "" if holding.has_balance else "<HIVE.SUMOFROWS>Y</HIVE.SUMOFROWS>"
    yield f"<LEDGERBAL><BALAMT>{held}</BALAMT><DTASOF>{_at(book.last_on)}</DTASOF>{supposed}"
    yield "</LEDGERBAL>"
    yield f"</{prefix}STMTRS></{prefix}STMTTRNRS>\n"


def _from(holding: Holding, ids: dict[AccountId, str]) -> str:
    number = escape(ids[holding.account.id])
    if _is_card(holding):
        return f"<CCACCTFROM><ACCTID>{number}</ACCTID></CCACCTFROM>"
    kind = _TYPES.get(holding.account.subtype or "", "CHECKING")
    if holding.account.type == "loan":
        kind = "CREDITLINE"
    bank = escape(one_line(holding.account.institution)[:_BANK_ID].strip() or "HIVE")
    return (
        f"<BANKACCTFROM><BANKID>{bank}</BANKID><ACCTID>{number}</ACCTID>"
        f"<ACCTTYPE>{kind}</ACCTTYPE></BANKACCTFROM>"
    )


def _own(holding: Holding) -> str:
    """Return what Hive reads again: the account's name, its bank's, and a kind that OFX lacks."""
    account = holding.account
    name = one_line(account.name) or "Account"
    kind = "CASH" if account.subtype == "cash" else account.type.upper()
    told = {
        "ACCTNAME": name if holding.is_own else f"{name} ({holding.currency})",
        "BANKNAME": one_line(account.institution),
        "ACCTTYPE": kind if kind in _OWN_TYPES else "",
    }
    return "".join(f"<HIVE.{tag}>{escape(text)}</HIVE.{tag}>" for tag, text in told.items() if text)


def _row(entry: Entry) -> str:
    row, amount = entry.row, plain(-entry.amount_minor, entry.row.currency)
    kind = "CREDIT" if entry.amount_minor < 0 else "DEBIT"
    kind = kind if entry.other is None else "XFER"
    name = one_line(entry.title)
    parts = [
        f"<STMTTRN><TRNTYPE>{kind}</TRNTYPE><DTPOSTED>{_at(row.posted_on)}</DTPOSTED>",
        "" if row.authorized_on is None else f"<DTUSER>{_at(row.authorized_on)}</DTUSER>",
        f"<TRNAMT>{amount}</TRNAMT><FITID>{entry.id.hex()}</FITID>",
        f"<NAME>{escape(name[:_NAME].strip() or '-')}</NAME>",
        f"<EXTDNAME>{escape(name[:_LONG_NAME].strip())}</EXTDNAME>" if len(name) >= _FULL else "",
        _memo(entry, name),
        "</STMTTRN>\n",
    ]
    return "".join(parts)


def _memo(entry: Entry, name: str) -> str:
    # Programs that know no EXTDNAME have the whole name here.
    said = [name, *entry.said] if len(name) > _NAME else entry.said
    text = "; ".join(filter(None, map(one_line, said)))[:_MEMO].strip()
    return f"<MEMO>{escape(text)}</MEMO>" if text else ""


def _account_ids(book: Book) -> dict[AccountId, str]:
    """Return an id for each account, whichever are written: its last digits, or else its name.

    Letters before it tell it from others: readers take its last digits for the account's.
    """
    made: dict[AccountId, str] = {}
    taken: set[str] = set()
    for one in sorted(book.accounts.values(), key=lambda one: one.id):
        base = one_line(one.mask or one.name)[:_ACCOUNT_ID].strip() or "0"
        found, at = base, 0
        while found.casefold() in taken:
            at += 1
            found = f"{_letters(at)}-{base}"[:_ACCOUNT_ID].strip()
        taken.add(found.casefold())
        made[one.id] = found
    return made


def _letters(number: int) -> str:
    """Return A, B ... Z, AA ... for 1, 2 ..."""
    before, last = divmod(number - 1, 26)
    return f"{_letters(before) if before else ''}{chr(ord('A') + last)}"


def _is_card(holding: Holding) -> bool:
    return holding.account.type == "credit"


def _at(day: date) -> str:
    return f"{day:%Y%m%d}120000[0:GMT]"
