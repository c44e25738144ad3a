"""OFX 2.2: a statement for each currency of each account, the id of a row as its FITID.

The format has no pending rows: those are left out. Parts of a divided row are one again, so that
its id stays whatever the person does with it.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from hive_desktop.domain.exporting import one_line, unique
from hive_desktop.domain.money import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
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
_BANK_ID, _NAME, _MEMO, _ACCOUNT_ID = 9, 32, 255, 22


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
    yield f"<CURDEF>{escape(holding.currency)}</CURDEF>{_from(holding, ids)}"
    yield f"<BANKTRANLIST><DTSTART>{_at(book.first_on)}</DTSTART>"
    yield f"<DTEND>{_at(book.last_on)}</DTEND>\n"
    for entry in source.entries(holding.account.id):
        if entry.row.currency == holding.currency and not entry.row.pending:
            yield _row(entry)
    held = plain(holding.closing_minor, holding.currency)
    yield f"</BANKTRANLIST><LEDGERBAL><BALAMT>{held}</BALAMT>"
    yield f"<DTASOF>{_at(book.last_on)}</DTASOF></LEDGERBAL>"
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
        _memo(entry, name),
        "</STMTTRN>\n",
    ]
    return "".join(parts)


def _memo(entry: Entry, name: str) -> str:
    row = entry.row
    said: Iterable[str | None] = (
        name if len(name) > _NAME else None,
        row.name if row.name != entry.title else None,
        row.note,
    )
    text = "; ".join(one_line(one) for one in said if one)[:_MEMO].strip()
    return f"<MEMO>{escape(text)}</MEMO>" if text else ""


def _account_ids(book: Book) -> dict[AccountId, str]:
    names = {
        one.account.id: one_line(one.account.mask or one.account.name)[:_ACCOUNT_ID].strip() or "0"
        for one in book.holdings
    }
    made = unique(names, {})
    return {
        account: name if len(name) <= _ACCOUNT_ID else account.hex()[:_ACCOUNT_ID]
        for account, name in made.items()
    }


def _is_card(holding: Holding) -> bool:
    return holding.account.type == "credit"


def _at(day: date) -> str:
    return f"{day:%Y%m%d}120000[0:GMT]"
