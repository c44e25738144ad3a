"""CAMT.052, .053 and .054 of ISO 20022, in all versions: elements are found by name alone."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from hive_desktop.adapters.files import reasons
from hive_desktop.adapters.files.camt_entries import (
    day_at,
    day_of,
    detail_of,
    entry_of,
    expected_of,
    words_of,
)
from hive_desktop.adapters.files.camt_signs import Minus, ways_of
from hive_desktop.adapters.files.camt_tree import RefusedXmlError, Walk, documents_of
from hive_desktop.adapters.files.decimals import Decimals
from hive_desktop.adapters.files.parts import (
    amount_reason,
    currency_code,
    joined,
    named,
    refuse,
    remark,
    tidy,
)
from hive_desktop.domain.statements import (
    FileAccount,
    FileBalance,
    FileKind,
    FileRow,
    ReadFile,
    Statement,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hive_desktop.adapters.files.camt_entries import Detail, Entry
    from hive_desktop.adapters.files.camt_tree import Node
    from hive_desktop.domain.statements import Refused

_AMOUNTS: Final = re.compile(r"<(?:\w+:)?Amt[ >][^<]{0,40}")
_SIGNED: Final = re.compile(r"[^0-9.,\s]")
_KINDS: Final = {
    "CACC": "checking",
    "TRAN": "checking",
    "SVGS": "savings",
    "CARD": "credit card",
    "LOAN": "loan",
    "CASH": "cash",
}
_CLOSING: Final = ("CLBD", "015", "ITBD")  # 015 and 010 are BAI2's closing and opening ledger
_OPENING: Final = ("OPBD", "010", "PRCD")
_NO_BOOKING: Final = "INFO"
_WAITING: Final = frozenset({"PDNG", "FUTR"})


@dataclass(slots=True)
class _Open:
    """A statement, report or notification as far as it is read."""

    account: FileAccount = field(default_factory=FileAccount)
    owner: str = ""
    rows: list[FileRow] = field(default_factory=list)
    turned: set[int] = field(default_factory=set)


def read_camt(text: str, *, currency: str = "") -> ReadFile | str:
    """Return what a CAMT file tells, or the reason why it is no statement."""
    return _Camt(text, currency).read()


class _Camt:
    """One reading of a file."""

    def __init__(self, text: str, currency: str) -> None:
        self._text = text
        self._currency = currency
        self._remarks: list[str] = []
        self._made: list[Statement] = []
        self._waiting: list[Entry] = []
        self._message_day: int | None = None
        self._minus = Minus.TURNS
        samples = (one.partition(">")[2] for one in _AMOUNTS.findall(text))
        self._decimals = Decimals(samples, native=".")

    def read(self) -> ReadFile | str:
        broken = 0
        walk = Walk(self._begin, self._end, detail_of, len(self._text))
        try:
            for line, document in documents_of(self._text, self._remarks):
                broken = walk.read(document, line) or broken
                if self._waiting:  # the document broke within a statement
                    self._finish(None)
        except RefusedXmlError as exc:
            return exc.reason
        if not self._made:
            return reasons.BROKEN if broken else reasons.NO_STATEMENT
        if broken:
            self._made[-1].refused.append(refuse(broken, "", reasons.CUT_OFF))
        if self._decimals.was_rounded:
            remark(self._remarks, reasons.ROUNDED)
        return ReadFile(FileKind.CAMT, joined(self._made, self._remarks), tuple(self._remarks))

    def _begin(self, tag: str) -> None:
        if tag != "GrpHdr":
            self._waiting = []

    def _end(self, node: Node) -> None:
        if node.tag == "Ntry":
            self._waiting.append(entry_of(node))
        elif node.tag == "GrpHdr":
            self._message_day = day_of(node.words("CreDtTm"))
            if node.words("MsgPgntn", "LastPgInd") in {"false", "0"}:
                remark(self._remarks, reasons.MORE_PAGES)
        else:
            self._finish(node)

    def _finish(self, node: Node | None) -> None:
        """Make a statement of what was gathered; without its element, as far as that goes."""
        entries, self._waiting = self._waiting, []
        account, owner = FileAccount(), ""
        if node is not None:
            account, owner = self._account(node, entries)
        ways = ways_of(self._written(entries, account.currency))
        self._minus = ways[0]
        found, refused = self._gathered(node, account, owner, entries)
        if len(ways) > 1 and not self._is_proved(node, found):
            self._minus = ways[1]
            other = self._gathered(node, account, owner, entries)
            if self._is_proved(node, other[0]):
                found, refused = other
            else:
                remark(self._remarks, reasons.MINUS_UNSURE)
        rows = self._held(node, found)
        if node is not None and not refused:
            self._hold_sums(node, rows, account.currency)
        expected = expected_of(node, len(entries), len(rows) + len(refused))
        balances = self._balances(node, found) if node is not None else []
        self._made.append(Statement(account, rows, balances, refused, expected))

    def _gathered(
        self, node: Node | None, account: FileAccount, owner: str, entries: list[Entry]
    ) -> tuple[_Open, list[Refused]]:
        """Return the rows of entries, and those that are refused."""
        found = _Open(account, owner)
        refused: list[Refused] = []
        day = day_of(node.words("CreDtTm")) if node is not None else None
        for entry in entries:
            self._entry(found, entry, refused, self._message_day if day is None else day)
        return found, refused

    def _written(self, entries: list[Entry], currency: str) -> Iterator[tuple[int, str]]:
        """Give amounts with the sign that is written, and their directions, if any has a sign."""
        if not any(_SIGNED.search(one.amount or "") for one in entries):
            return
        for one in entries:
            with contextlib.suppress(ValueError):
                yield (
                    self._decimals.minor(one.amount or "", one.currency or currency),
                    one.indicator,
                )

    def _account(self, node: Node, entries: list[Entry]) -> tuple[FileAccount, str]:
        told = node.at("Acct")
        currency = currency_code(told.words("Ccy")) if told is not None else ""
        if not currency:
            held = (one.at("Amt") for one in node.every("Bal"))
            places = [*(one.currency for one in entries), *(one.ccy for one in held if one)]
            currency = next(filter(None, map(currency_code, places)), self._currency)
        if told is None:
            return FileAccount(currency=currency), ""
        bank = told.at("Svcr", "FinInstnId")
        names = (("BICFI",), ("BIC",), ("Nm",), ("ClrSysMmbId", "MmbId"))
        account = FileAccount(
            number="".join(told.first(("Id", "IBAN"), ("Id", "Othr", "Id")).split()),
            name=tidy(told.words("Nm")),
            bank=tidy(bank.first(*names)) if bank is not None else "",
            kind=_KINDS.get(told.words("Tp", "Cd"), ""),
            currency=currency,
        )
        return account, told.first(("Ownr", "Nm"), ("Ownr", "Pty", "Nm"), ("Nm",))

    def _entry(
        self, found: _Open, entry: Entry, refused: list[Refused], message_day: int | None
    ) -> None:
        one = self._row(found, entry, message_day)
        if isinstance(one, str):
            refused.append(refuse(entry.line, entry.quote(), one))
            return
        rows = self._apart(found, entry, one)
        if entry.is_reversal:
            found.turned.update(range(len(found.rows), len(found.rows) + len(rows)))
        if one.is_pending:
            remark(self._remarks, reasons.PENDING)
        found.rows.extend(rows)

    def _row(self, found: _Open, entry: Entry, message_day: int | None) -> FileRow | str:
        """Return an entry as one row, or why it is none."""
        if entry.status == _NO_BOOKING:
            return reasons.ONLY_INFORMATION
        day = entry.day
        if day is None:
            day = message_day
            if entry.has_day or day is None:
                return reasons.BAD_DAY
            remark(self._remarks, reasons.DAY_OF_MESSAGE)
        currency = entry.currency or found.account.currency
        if currency != currency_code(currency):
            return reasons.NO_CURRENCY
        minor = self._signed(entry.amount, entry.indicator, currency)
        if isinstance(minor, str):
            return minor
        detail = entry.details[0] if len(entry.details) == 1 else None
        name, memo = self._words(found, entry, detail, minor)
        return FileRow(
            entry.line, day, minor, currency, name, memo,
            entry.own_id or (detail.own_id if detail else ""),
            _before(detail.happened if detail else None, day),
            entry.status in _WAITING, entry.code or (detail.code if detail else ""),
        )  # fmt: skip

    def _signed(self, amount: str | None, indicator: str, currency: str) -> int | str:
        """Return an amount in the ledger's sense, or why there is none.

        The indicator says which way the entry itself went, of a reversal too.
        """
        if amount is None:
            return reasons.NO_AMOUNT
        if indicator not in {"DBIT", "CRDT"}:
            return reasons.NO_SIGN
        try:
            minor = self._decimals.minor(amount, currency)
        except ValueError as exc:
            return amount_reason(exc, amount)
        return self._minus.out(minor, indicator)

    def _words(
        self, found: _Open, entry: Entry, detail: Detail | None, minor: int
    ) -> tuple[str, str]:
        details: list[Detail | None] = [detail]
        if detail is None:
            details = [*entry.details] or [None]
        said: list[str] = [entry.extra] if len(details) > 1 else []
        for one in details[:50]:
            said += words_of(
                one, entry.extra,
                is_out=(minor >= 0) != entry.is_reversal,
                owner=found.owner, account=found.account.number,
            )  # fmt: skip
        if not any(said):
            said = [entry.own_id, entry.code]
        return named(minor, said)

    def _apart(self, found: _Open, entry: Entry, whole: FileRow) -> list[FileRow]:
        """Return a row for each transaction where their amounts add up to the entry's."""
        details = entry.details
        if len(details) < 2:
            return [whole]
        rows: list[FileRow] = []
        for i, detail in enumerate(details, 1):
            minor = self._part(detail, whole)
            if minor is None:
                return [whole]
            name, memo = self._words(found, entry, detail, minor)
            ref = detail.own_id or (whole.external_id and f"{whole.external_id}/{i}")
            rows.append(
                whole._replace(
                    amount_minor=minor, name=name, memo=memo, external_id=ref,
                    happened=_before(detail.happened, whole.day), code=detail.code or whole.code,
                )
            )  # fmt: skip
        adds_up = sum(row.amount_minor for row in rows) == whole.amount_minor
        return rows if adds_up else [whole]

    def _part(self, detail: Detail, whole: FileRow) -> int | None:
        text = next((text for text, code in detail.amounts if code == whole.currency), "")
        try:
            minor = self._decimals.minor(text, whole.currency)
        except ValueError:
            return None
        own = "DBIT" if whole.amount_minor >= 0 else "CRDT"
        return self._minus.out(minor, detail.indicator or own)

    def _held(self, node: Node | None, found: _Open) -> list[FileRow]:
        """Hold rows against balances; turn reversals where the balances agree only so."""
        moved = self._moved(node, found)
        if moved is None or moved == _booked(found.rows):
            return found.rows
        turned = _turned(found)
        if _booked(turned) == moved:
            remark(self._remarks, reasons.REVERSALS_TURNED)
            return turned
        remark(self._remarks, reasons.BALANCES_DISAGREE)
        return found.rows

    def _is_proved(self, node: Node | None, found: _Open) -> bool:
        """Tell whether rows lead from the first balance to the last."""
        moved = self._moved(node, found)
        return moved is not None and moved in {_booked(found.rows), _booked(_turned(found))}

    def _moved(self, node: Node | None, found: _Open) -> int | None:
        """Return what left the account between two balances, or None where these do not say it."""
        first = _balance(node, _OPENING)
        last = _balance(node, _CLOSING)
        currency = found.account.currency
        if first is None or last is None or any(row.currency != currency for row in found.rows):
            return None
        begun, ended = self._balance(first), self._balance(last)
        if begun is None or ended is None or begun.currency != ended.currency:
            return None
        return begun.amount_minor - ended.amount_minor

    def _hold_sums(self, node: Node, rows: list[FileRow], currency: str) -> None:
        """Say so where rows do not add up to the sums of both directions."""
        if any(row.currency != currency for row in rows):
            return
        for tag, is_debit in (("TtlDbtNtries", True), ("TtlCdtNtries", False)):
            told = node.words("TxsSummry", tag, "Sum")
            try:
                total = self._decimals.minor(told, currency)
            except ValueError:
                continue
            amounts = (row.amount_minor for row in rows)
            if sum(abs(one) for one in amounts if (one > 0) is is_debit) != total:
                remark(self._remarks, reasons.SUMS_DISAGREE)

    def _balances(self, node: Node, found: _Open) -> list[FileBalance]:
        last = _balance(node, _CLOSING)
        if last is not None:
            told = self._balance(last)
            is_own = told is not None and told.currency == found.account.currency
            return [told] if told is not None and is_own else []
        first = None if found.rows else _balance(node, _OPENING)
        told = self._balance(first) if first is not None else None
        if told is None or first is None or told.currency != found.account.currency:
            return []
        is_start = _kind(first) != "PRCD"
        return [told._replace(day=told.day - 1) if is_start else told]

    def _balance(self, node: Node) -> FileBalance | None:
        amount, day = node.at("Amt"), day_at(node, "Dt")
        if amount is None or day is None or amount.ccy != currency_code(amount.ccy):
            return None
        indicator = node.words("CdtDbtInd")
        try:
            minor = self._decimals.minor(amount.text.strip(), amount.ccy)
        except ValueError:
            return None
        if indicator not in {"DBIT", "CRDT"}:
            return None
        is_owed = indicator == "DBIT" or minor < 0  # a minus says once more that it is owed
        return FileBalance(day, -abs(minor) if is_owed else minor, amount.ccy)


def _booked(rows: list[FileRow]) -> int:
    """Return what rows that are booked took out of the account."""
    return sum(row.amount_minor for row in rows if not row.is_pending)


def _turned(found: _Open) -> list[FileRow]:
    """Return rows of which the reversals go the other way."""
    return [
        row._replace(amount_minor=-row.amount_minor) if i in found.turned else row
        for i, row in enumerate(found.rows)
    ]


def _before(happened: int | None, day: int) -> int | None:
    """Return the day of a purchase where it says more than the day of booking."""
    return happened if happened is not None and happened < day else None


def _kind(balance: Node) -> str:
    """Return the code of a balance's kind, or ""."""
    return balance.first(("Tp", "CdOrPrtry", "Cd"), ("Tp", "CdOrPrtry", "Prtry"))


def _balance(node: Node | None, codes: tuple[str, ...]) -> Node | None:
    """Return the first balance of the kinds, in their order; of several, the last of its kind."""
    if node is None:
        return None
    for code in codes:
        found = [one for one in node.every("Bal") if _kind(one) == code]
        if found:
            return found[0] if codes is _OPENING else found[-1]
    return None
