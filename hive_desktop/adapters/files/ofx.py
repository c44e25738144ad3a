"""OFX 1 and 2, QFX: banks', cards' and brokers' downloads, as well-formed as they happen to be."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from hive_desktop.adapters.files import ofx_investments as investments
from hive_desktop.adapters.files import reasons
from hive_desktop.adapters.files.balances import NoTransactions
from hive_desktop.adapters.files.decimals import Decimals
from hive_desktop.adapters.files.ofx_corrections import corrected
from hive_desktop.adapters.files.ofx_days import OfxDays, no_day
from hive_desktop.adapters.files.ofx_text import fields_of, regular
from hive_desktop.adapters.files.ofx_transfers import taken_out
from hive_desktop.adapters.files.ofx_words import (
    category_of,
    is_check,
    join_names,
    quoted,
    restore_names,
    words_of,
)
from hive_desktop.adapters.files.pace import Steps
from hive_desktop.adapters.files.parts import (
    MOST_ROWS,
    TooManyError,
    amount_reason,
    currency_code,
    joined,
    named,
    own_id,
    refuse,
    remark,
    tidy,
)
from hive_desktop.adapters.files.tables_reasons import A_BALANCE, SIGN_UNSURE
from hive_desktop.domain.statements import (
    FileAccount,
    FileBalance,
    FileKind,
    FileRow,
    ReadFile,
    Statement,
    named_bank,
)

if TYPE_CHECKING:
    from hive_desktop.domain.statements import Refused

_KINDS: Final = {
    "CHECKING": "checking",
    "SAVINGS": "savings",
    "MONEYMRKT": "savings",
    "CD": "savings",
    "CREDITLINE": "loan",
    "CASH": "cash",  # these two in files that Hive wrote
    "INVESTMENT": "investment",
}
_KINDS_OF_STATEMENTS: Final = {
    "CCSTMTRS": "credit card",
    "INVSTMTRS": "investment",
    "LOANSTMTRS": "loan",
    "AMRTSTMTRS": "loan",
}
_OWED: Final = frozenset({"credit card", "loan"})
_ROWS: Final = ("STMTTRN", "STMTTRNP", "LOANSTMTTRN", *investments.KINDS)
_PLACES: Final = ("BANKACCTFROM", "CCACCTFROM", "INVACCTFROM", "LOANACCTFROM")
_OTHERS: Final = ("STMTRS", *_KINDS_OF_STATEMENTS, *_PLACES, "LEDGERBAL", "AVAILBAL", "INVBAL")
_LISTS: Final = ("BANKTRANLIST", "BANKTRANLISTP", "INVTRANLIST", "LOANTRANLIST", "INVPOSLIST")
_ENDS: Final = ("STATUS", "SECINFO", "SONRS", "ACCTINFO", "OFX", *_LISTS)
_MARK: Final = re.compile(rf"<(/?)({'|'.join((*_ROWS, *_OTHERS, *_ENDS))})>")
_AMOUNTS: Final = re.compile(r"<(?:TRNAMT|TOTAL|BALAMT)>([^<]*)")
_MINUS: Final = frozenset("-\u2212(")
_HELD: Final = frozenset({"HOLD", "Hold", "hold"})
_HEADER: Final = 4_000
_WALKED: Final = 0.4  # of the time of a reading
_OUT: Final = frozenset({"DEBIT", "CHECK", "ATM", "POS", "FEE", "SRVCHG", "DIRECTDEBIT", "CASH"})


@dataclass(slots=True)
class _Open:
    """A statement as far as it is read."""

    kind: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    rows: list[tuple[int, str, dict[str, str]]] = field(default_factory=list)
    balance: tuple[str, str] | None = None


def read_ofx(text: str, *, currency: str = "") -> ReadFile | str:
    """Return what an OFX file tells, or the reason why it is no statement."""
    try:
        return _Ofx(text, currency).read()
    except TooManyError:
        return reasons.TOO_LARGE


class _Ofx:
    """One reading: finds statements, then makes values of each."""

    def __init__(self, text: str, currency: str) -> None:
        self._remarks: list[str] = []
        self._text = regular(text, self._remarks)
        if "OFXHEADER" not in text[:_HEADER].upper():
            self._remarks.append(reasons.NO_HEADER)
        self._currency = currency
        self._found: list[_Open] = []
        self._now: _Open | None = None
        self._securities: dict[str, str] = {}
        self._bank = ""
        self._failed = self._seen = 0
        self._is_listing = False
        self._has_list = self._has_end = self._is_last_open = self._is_last_kept = False
        self._days = OfxDays()
        self._no_rows = NoTransactions()
        self._decimals = Decimals(_AMOUNTS.findall(self._text), native=".")

    def read(self) -> ReadFile | str:
        self._walk()
        if not self._found:
            return self._why_none()
        if self._failed:
            remark(self._remarks, reasons.ACCOUNT_FAILED)
        steps = Steps(sum(len(one.rows) for one in self._found), _WALKED)
        made = [self._statement(one, steps) for one in self._found]
        self._tell_of_end(made)
        if self._decimals.has_commas:
            remark(self._remarks, reasons.COMMA_DECIMALS)
        if self._decimals.was_rounded:
            remark(self._remarks, reasons.ROUNDED)
        if any(one.kind == "investment" for one in self._found):
            remark(self._remarks, reasons.SECURITIES_LEFT_OUT)
        return ReadFile(FileKind.OFX, joined(made, self._remarks), tuple(self._remarks))

    def _why_none(self) -> str:
        if self._failed:
            return reasons.BANK_ERROR
        return reasons.NO_ACCOUNT if "<OFX>" in self._text else reasons.NO_STATEMENT

    def _walk(self) -> None:
        """Go over the text once. Rows are cut out first, because there may be a million."""
        line = 1
        text, transfers = taken_out(self._text)
        for told in transfers:
            self._count()
            tag = "STMTTRN" if told.is_booked else "STMTTRNP"
            kind = "" if "ACCTTYPE" in told.account else "credit card"
            self._found.append(_Open(kind, told.account, [(told.line, tag, told.row)]))
        first, *others = text.split("<STMTTRN>")
        self._scan(first, line)
        line += first.count("\n")
        for part in Steps(len(others), 0.0, _WALKED).over(others):
            body, end, after = part.partition("</STMTTRN>")
            self._is_last_open = not end
            if not end:
                mark = _MARK.search(part)
                body, after = (part[: mark.start()], part[mark.start() :]) if mark else (part, "")
            self._row(line, "STMTTRN", body)
            if after and not after.isspace():
                self._scan(after, line + body.count("\n"))
            line += part.count("\n")
        self._has_end = "</OFX>" in others[-1] if others else "</OFX>" in first

    def _scan(self, text: str, line: int) -> None:
        """Take in all blocks of a text that are no ordinary rows."""
        at = 0
        mark = _MARK.search(text)
        while mark is not None:
            line += text.count("\n", at, mark.start())
            at = mark.start()
            closing, tag = mark.groups()
            following = _MARK.search(text, mark.end())
            end = following.start() if following is not None else len(text)
            self._block(line, f"{closing}{tag}", text[mark.end() : end])
            mark = following

    def _block(self, line: int, tag: str, body: str) -> None:
        self._count()
        if tag in _ROWS:
            self._row(line, tag, body)
        elif tag == "SECINFO":
            fields = fields_of(body)
            name = fields.get("SECNAME") or fields.get("TICKER", "")
            self._securities[fields.get("UNIQUEID", "")] = name
        elif tag == "STATUS":
            fields = fields_of(body)
            self._failed += fields.get("SEVERITY", "").upper() == "ERROR"
        elif tag == "STMTRS" or tag in _KINDS_OF_STATEMENTS:
            self._now = _Open(_KINDS_OF_STATEMENTS.get(tag, ""), fields_of(body))
            self._found.append(self._now)
        elif tag.endswith("ACCTINFO"):
            self._is_listing, self._now = tag == "ACCTINFO", None
        else:
            self._detail(tag, body)

    def _detail(self, tag: str, body: str) -> None:
        fields = fields_of(body)
        self._bank = self._bank or fields.get("ORG", "")
        self._has_list = self._has_list or tag in {f"/{one}" for one in _LISTS}
        if tag in _PLACES and self._now is None and not self._is_listing and "ACCTID" in fields:
            self._implied()
        if self._now is None:
            return
        if tag == "LEDGERBAL":
            if "BALAMT" in fields and "HIVE.SUMOFROWS" not in fields:  # as `writing.ofx` adds it
                self._now.balance = fields["BALAMT"], fields.get("DTASOF", "")
        elif tag not in {"AVAILBAL", "INVBAL"}:
            for name, value in fields.items():
                self._now.fields.setdefault(name, value)

    def _implied(self) -> _Open:
        """Return a statement for what stands in none: its beginning is missing."""
        self._now = _Open()
        self._found.append(self._now)
        return self._now

    def _count(self) -> None:
        self._seen += 1
        if self._seen > MOST_ROWS:
            raise TooManyError

    def _row(self, line: int, tag: str, body: str) -> None:
        self._count()
        fields = fields_of(body)
        if "CURSYM" in fields and "<ORIGCURRENCY>" in body:
            del fields["CURSYM"]  # what the amount was before; it is in the account's currency
        (self._now or self._implied()).rows.append((line, tag, fields))

    def _statement(self, found: _Open, steps: Steps) -> Statement:
        account = self._account(found)
        made = Statement(account)
        turned = self._signs_by_kind(found)
        join_names(fields for _, _, fields in found.rows)
        if "HIVE.ACCTNAME" in found.fields:
            restore_names(fields for _, _, fields in found.rows)
        told = corrected(found.rows)
        for (line, _, fields), reason in told.left_out:
            made.refused.append(refuse(line, quoted(fields), reason))
        if told.has_earlier:
            remark(self._remarks, reasons.CORRECTS_EARLIER)
        one: FileRow | Refused | None = None
        no_rows = self._no_rows
        for line, tag, fields in steps.over(told.rows):
            if tag in investments.KINDS:
                one = self._move(line, tag, fields, account.currency)
            else:
                one = self._plain(line, fields, account.currency, turned=turned)
                if isinstance(one, FileRow) and (tag == "STMTTRNP" or one.code in _HELD):
                    one = one._replace(is_pending=True)
                    remark(self._remarks, reasons.PENDING)
            if not isinstance(one, FileRow):
                made.refused.append(one)
            elif no_rows[one.name] and (not one.memo or no_rows[one.memo]):
                self._no_row(made, one)
            else:
                made.rows.append(one)
        self._is_last_kept = bool(made.rows) and made.rows[-1] is one
        self._balance(found, made)
        return made

    def _no_row(self, made: Statement, row: FileRow) -> None:
        """Refuse a row that tells a balance; the one that opens the account becomes its own."""
        reason = self._no_rows[row.name]
        made.refused.append(refuse(row.line, row.name, reason))
        if reason == reasons.OPENING_BALANCE:
            held = row.amount_minor if made.account.kind in _OWED else -row.amount_minor
            made.balances.append(FileBalance(row.day - 1, held, row.currency))

    def _account(self, found: _Open) -> FileAccount:
        fields = found.fields
        own = tidy(fields.get("HIVE.ACCTNAME", ""))  # as `writing.ofx` adds it
        told = (fields.get("HIVE.ACCTTYPE") or fields.get("ACCTTYPE", "")).upper()
        kind = "credit card" if told == "CREDITCARD" else found.kind or _KINDS.get(told, "")
        number = tidy(fields.get("ACCTID") or fields.get("LOANACCTID", ""))
        if own:
            number = "" if own.startswith(number) else number
            bank = tidy(fields.get("HIVE.BANKNAME", ""))
        else:
            name = tidy(fields.get("ORG") or self._bank)
            bank = tidy(fields.get("BROKERID", ""))
            bank = bank or named_bank(name, tidy(fields.get("BANKID", "")))
        return FileAccount(
            number=number,
            name=own or tidy(fields.get("ACCTNAME") or fields.get("NICKNAME", "")),
            bank=bank,
            kind=kind,
            currency=currency_code(fields.get("CURDEF", "")) or _of_rows(found) or self._currency,
        )

    def _balance(self, found: _Open, made: Statement) -> None:
        if found.balance is None or found.kind == "investment":
            return
        amount, day = found.balance[0], self._days.day(found.balance[1])
        if day is None:
            day = max((row.day for row in made.rows), default=None)
        if day is None:
            return
        try:
            minor = self._decimals.minor(amount, made.account.currency)
        except ValueError:
            return
        owed = made.account.kind in _OWED
        made.balances.append(FileBalance(day, -minor if owed else minor, made.account.currency))

    def _signs_by_kind(self, found: _Open) -> bool:
        """Tell whether amounts have no signs and their kinds alone say the direction."""
        rows = [fields for _, _, fields in found.rows if "TRNAMT" in fields]
        kinds = {fields.get("TRNTYPE", "").upper() for fields in rows}
        if not kinds & {"DEBIT", "CHECK"} or len(rows) < 2:
            return False
        if any(_is_minus(fields) for fields in rows):
            two = {"DEBIT", "CREDIT"}
            told = (one for one in rows if one.get("TRNTYPE", "").upper() in two)
            if two <= kinds and all(
                _is_minus(one) is (one["TRNTYPE"].upper() == "CREDIT") for one in told
            ):
                remark(self._remarks, SIGN_UNSURE)
            return False
        if kinds == {"CHECK"} and not all(map(is_check, rows)):
            remark(self._remarks, SIGN_UNSURE)  # some programs call all rows checks
            return False
        remark(self._remarks, reasons.SIGNS_BY_KIND)
        return True

    def _plain(
        self, line: int, fields: dict[str, str], currency: str, *, turned: bool
    ) -> FileRow | Refused:
        day, happened = self._days.of(fields)
        if day is None:
            return refuse(line, quoted(fields), no_day(fields))
        currency = currency_code(fields.get("CURSYM", "")) or currency
        amount = fields.get("TRNAMT", "")
        try:
            minor = -self._decimals.minor(amount, currency)
        except ValueError as exc:
            reason = self._no_rows[words_of(fields, 0)[0]] and A_BALANCE
            return refuse(line, quoted(fields), reason or amount_reason(exc, amount))
        kind = fields.get("TRNTYPE", "")
        if turned and kind.upper() in _OUT:
            minor = -minor
        name, memo = words_of(fields, minor)
        return FileRow(
            line, day, minor, currency, name, memo,
            own_id(fields.get("FITID", "")), happened, code=kind,
            category=category_of(fields["CATEGORY"]) if "CATEGORY" in fields else "",
            transfer_to=tidy(fields["ACCTID"]) if "ACCTID" in fields else "",
        )  # fmt: skip

    def _move(
        self, line: int, kind: str, fields: dict[str, str], currency: str
    ) -> FileRow | Refused:
        move = investments.move_of(kind, fields)
        if move.reason:
            return refuse(line, f"{kind} {quoted(fields)}", move.reason)
        day, happened = self._days.of(fields)
        if day is None:
            return refuse(line, f"{kind} {quoted(fields)}", no_day(fields))
        currency = currency_code(fields.get("CURSYM", "")) or currency
        try:
            minor = self._decimals.minor(move.amount, currency)
        except ValueError as exc:
            return refuse(line, f"{kind} {quoted(fields)}", amount_reason(exc, move.amount))
        minor = minor if move.turns else -minor
        name, memo = named(minor, investments.words_of(kind, fields, self._securities))
        return FileRow(
            line, day, minor, currency, name, memo,
            own_id(fields.get("FITID", "")), happened, code=kind,
            transfer_to=name if kind in investments.TRADES else "",
        )  # fmt: skip

    def _tell_of_end(self, made: list[Statement]) -> None:
        """Say so where the file was cut: in a row if it was cut among rows."""
        if self._has_end:
            return
        if self._has_list:
            remark(self._remarks, reasons.NOT_ENDED)
            return
        last = made[-1]
        if self._is_last_open and self._is_last_kept:  # its amount may be cut too
            row = last.rows.pop()
            last.refused.append(refuse(row.line, f"{row.name} {row.memo}", reasons.CUT_OFF))
        else:
            tail = self._text[-100:]
            last.refused.append(refuse(self._text.count("\n") + 1, tail, reasons.CUT_OFF))


def _is_minus(fields: dict[str, str]) -> bool:
    return not _MINUS.isdisjoint(fields["TRNAMT"])


def _of_rows(found: _Open) -> str:
    """Return the currency that all rows name, or ""."""
    named_ones = {currency_code(fields.get("CURSYM", "")) for _, _, fields in found.rows[:1_000]}
    return named_ones.pop() if len(named_ones) == 1 else ""
