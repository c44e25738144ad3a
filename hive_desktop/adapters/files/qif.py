"""QIF: Quicken's old format, which many programs and some banks still write."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hive_desktop.adapters.files import qif_investments as investments
from hive_desktop.adapters.files import reasons
from hive_desktop.adapters.files.balances import NoTransactions
from hive_desktop.adapters.files.decimals import Decimals
from hive_desktop.adapters.files.pace import Steps
from hive_desktop.adapters.files.parts import (
    TRANSFER,
    TooManyError,
    amount_reason,
    joined,
    named,
    refuse,
    remark,
    resolved,
    tidy,
)
from hive_desktop.adapters.files.qif_dates import QifDates
from hive_desktop.adapters.files.qif_records import INVESTMENT, MOST_PARTS, sections_of
from hive_desktop.domain.csv_layouts import DateOrder
from hive_desktop.domain.days import from_day
from hive_desktop.domain.statements import (
    FileAccount,
    FileBalance,
    FileKind,
    FilePart,
    FileRow,
    ReadFile,
    Statement,
)

if TYPE_CHECKING:
    from hive_desktop.adapters.files.qif_records import Record, Section
    from hive_desktop.domain.statements import Refused

_OPENING: Final = frozenset(
    {
        *("opening balance", "beginning balance", "starting balance", "initial balance"),
        *("solde initial", "solde d'ouverture", "anfangsbestand", "anfangssaldo"),
        *("eröffnungssaldo", "saldo iniziale", "saldo inicial", "saldo apertura", "openingssaldo"),
        *("beginsaldo", "ingående saldo", "saldo początkowe", "saldo otwarcia"),
    }
)
_OWED: Final = frozenset({"credit card", "loan"})
_OPEN_ORDER: Final = 0.5
_LETTERS_OF_AMOUNTS: Final = "TU$"
_A_DAY: Final = re.compile(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}|[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_qif(
    text: str, *, today: int, currency: str = "", order: DateOrder | None = None
) -> ReadFile | str:
    """Return what a QIF file tells, or the reason why it is no statement."""
    try:
        return _Qif(text, today, currency, order).read()
    except TooManyError:
        return reasons.TOO_LARGE


class _Qif:
    """One reading of a file."""

    def __init__(self, text: str, today: int, currency: str, order: DateOrder | None) -> None:
        self._sections = sections_of(text)
        self._currency = currency
        self._is_told = order is not None
        self._remarks: list[str] = []
        self._no_rows = NoTransactions()
        records = [one for section in self._sections.found for one in section.records]
        _take_days_from_memos(records)
        amounts = [
            *(one.fields.get(letter, "") for one in records for letter in _LETTERS_OF_AMOUNTS),
            *(part.amount for one in records for part in one.parts),
        ]
        self._decimals = Decimals(amounts, native="")
        self._dates = QifDates(
            (one.fields.get("D", "") for one in records if "D" in one.fields),
            today=today,
            order=order,
            written=self._sections.order,
            has_commas=self._decimals.has_commas,
        )

    def read(self) -> ReadFile | str:
        found = self._sections.found
        if not found:
            has_lists = self._sections.has_lists or self._sections.has_accounts
            return reasons.LISTS_ONLY if has_lists else reasons.NO_STATEMENT
        steps = Steps(sum(len(one.records) for one in found))
        made = [self._statement(one, steps) for one in found]
        self._tell(made)
        confidence = 1.0 if self._dates.found.is_sure else _OPEN_ORDER
        statements = joined(made, self._remarks)
        is_open = not self._dates.found.is_sure or self._is_told
        return ReadFile(
            FileKind.QIF,
            statements,
            tuple(self._remarks),
            confidence,
            date_order=self._dates.found.order if is_open else None,
        )

    def _tell(self, made: list[Statement]) -> None:
        """Say what was decided over the whole file."""
        if any(one.rows for one in made):
            is_dmy = self._dates.found.order is DateOrder.DMY
            if not self._dates.found.is_sure:
                remark(self._remarks, reasons.DAY_FIRST if is_dmy else reasons.MONTH_FIRST)
                remark(self._remarks, reasons.ORDER_UNSURE)
            elif is_dmy:
                remark(self._remarks, reasons.DAY_FIRST)
        for is_so, sentence in (
            (self._dates.found.is_mixed, reasons.ORDER_MIXED),
            (not self._sections.has_header, reasons.NO_HEADER),
            (self._sections.has_lists, reasons.LISTS_LEFT_OUT),
            (self._decimals.has_commas, reasons.COMMA_DECIMALS),
            (self._decimals.was_rounded, reasons.ROUNDED),
            (any(one.account.kind == INVESTMENT for one in made), reasons.SECURITIES_LEFT_OUT),
        ):
            if is_so:
                remark(self._remarks, sentence)

    def _statement(self, section: Section, steps: Steps) -> Statement:
        name = section.name or _own_name(section)
        account = FileAccount(name=tidy(name), kind=section.kind, currency=self._currency)
        made = Statement(account)
        days = (self._dates.day(one.fields.get("D", "")) for one in section.records)
        first = min((one for one in days if one is not None), default=0)
        for i, record in enumerate(steps.over(section.records)):
            one = self._row(record, section.kind)
            if isinstance(one, FileRow):
                told = self._told(one)
                if told == reasons.OPENING_BALANCE and (made.balances or one.day > first):
                    told = ""  # an account opens once; some files begin with the newest row
                if _is_opening(record, name, is_first=i == 0) or told == reasons.OPENING_BALANCE:
                    self._open(made, one)
                elif told:
                    made.refused.append(refuse(one.line, one.name, told))
                elif one.transfer_to and one.transfer_to == account.name:
                    made.rows.append(one._replace(transfer_to=""))  # an adjusted balance
                else:
                    made.rows.append(one)
            else:
                made.refused.append(one)
        last = section.records[-1] if section.records else None
        if last is not None and not last.is_ended and not ({"T", "U"} & last.fields.keys()):
            remark(self._remarks, reasons.NOT_ENDED)
        return made

    def _told(self, row: FileRow) -> str:
        """Return why a row that says nothing but its name is no transaction, or ""."""
        if row.memo or row.category or row.parts or row.transfer_to:
            return ""
        return self._no_rows[row.name]

    def _open(self, made: Statement, row: FileRow) -> None:
        """Take an opening balance as what the account held the day before."""
        owed = made.account.kind in _OWED
        held = row.amount_minor if owed else -row.amount_minor
        made.balances.append(FileBalance(row.day - 1, held, row.currency))
        made.refused.append(refuse(row.line, row.name, reasons.OPENING_BALANCE))

    def _row(self, record: Record, kind: str) -> FileRow | Refused:
        fields = record.fields
        is_move = kind == INVESTMENT
        reason = investments.reason_of(fields.get("N", "")) if is_move else ""
        day = self._dates.day(fields.get("D", ""))
        if not reason and day is None:
            reason = reasons.BAD_DAY if fields.get("D") else reasons.NO_DAY
        if reason or day is None:
            return refuse(record.line, record.quote(), reason)
        amount = next((fields[one] for one in _LETTERS_OF_AMOUNTS if fields.get(one)), "")
        try:
            written = self._written(record, amount)
        except ValueError as exc:
            return refuse(record.line, record.quote(), amount_reason(exc, amount))
        number = fields.get("N", "")
        if len(number) == 8 and number == from_day(day).strftime("%Y%m%d"):
            fields["N"] = number = ""  # some banks write the day as the number
        minor = investments.signed(number, written) if is_move else -written
        category, tags, other = _category(fields.get("L", ""))
        if is_move and not investments.names_other_account(number):
            other = ""
        parts = () if is_move else self._parts(record, minor)
        if parts:
            other = ""  # of the whole row only where that is not divided
        if not category and len(record.parts) == 1:
            category, tags, other = _category(record.parts[0].category)
        name, memo = named(minor, _words(record, category or other, amount, is_move=is_move))
        return FileRow(
            record.line, day, minor, self._currency, name, memo,
            code=tidy(number, 40), category=category, tags=tags, parts=parts,
            transfer_to=name if is_move and investments.is_trade(number) else other,
        )  # fmt: skip

    def _written(self, record: Record, amount: str) -> int:
        """Return a row's amount, which some programs leave for its parts to say.

        Raises:
            ValueError: it cannot be read.
        """
        if amount or not (record.parts and record.is_ended):
            return self._decimals.minor(amount, self._currency)
        return sum(self._decimals.minor(part.amount, self._currency) for part in record.parts)

    def _parts(self, record: Record, minor: int) -> tuple[FilePart, ...]:
        """Return the splits, or none where they do not add up to the row."""
        if len(record.parts) < 2:
            return ()
        if len(record.parts) > MOST_PARTS:
            remark(self._remarks, reasons.PARTS_DISAGREE)
            return ()
        made: list[FilePart] = []
        for part in record.parts:
            category, _, other = _category(part.category)
            if other:
                category = TRANSFER  # as of a whole row that moves money: none of it is spent
            memo = tidy(" ".join(filter(None, (other and f"[{other}]", part.memo))))
            try:
                amount = -self._decimals.minor(part.amount, self._currency)
            except ValueError:
                remark(self._remarks, reasons.PARTS_DISAGREE)
                return ()
            if amount:  # a line left empty between others is no part
                made.append(FilePart(amount, category, memo))
        if sum(part.amount_minor for part in made) != minor:
            remark(self._remarks, reasons.PARTS_DISAGREE)
            return ()
        return tuple(made) if len(made) > 1 else ()


def _take_days_from_memos(records: list[Record]) -> None:
    """Make dates of the memos of a file that has no other dates: a bank mixes up the letters."""
    if all(_A_DAY.fullmatch(one.fields.get("M", "")) and "D" not in one.fields for one in records):
        for one in records:
            one.fields["D"] = one.fields.pop("M")


def _is_opening(record: Record, account: str, *, is_first: bool) -> bool:
    """Tell whether a row opens the account: a later one that only moves to itself adjusts it."""
    payee = record.fields.get("P", "").strip(" .").casefold()
    _, _, other = _category(record.fields.get("L", ""))
    is_own = bool(account) and other == tidy(account)
    if is_first:
        return payee in _OPENING or (is_own and not record.parts)
    return payee in _OPENING and is_own


def _own_name(section: Section) -> str:
    """Return the account's name as an opening balance tells it, which is moved to itself."""
    first = section.records[0] if section.records else None
    if first is None or first.fields.get("P", "").strip(" .").casefold() not in _OPENING:
        return ""
    return _category(first.fields.get("L", ""))[2]


def _category(text: str) -> tuple[str, tuple[str, ...], str]:
    """Return category, tags (QIF's classes) and the other account of what `L` or `S` says."""
    if text.startswith("["):
        other, _, rest = text[1:].partition("]")
        return "", _tags(rest.removeprefix("/")), tidy(other)
    category, _, classes = text.partition("/")
    if category.strip("- ").casefold() == "split":
        category = ""
    return tidy(category), _tags(classes), ""


def _tags(classes: str) -> tuple[str, ...]:
    return tuple(filter(None, (tidy(one, 40) for one in classes.split("/"))))


def _words(record: Record, category: str, amount: str, *, is_move: bool) -> list[str]:
    fields = record.fields
    number = fields.get("N", "")
    words = [_without(fields.get("P", ""), amount), fields.get("M", "")]
    if is_move:
        price = fields.get("I", "")
        deal = " ".join(filter(None, (number, fields.get("Q", ""), price and f"@ {price}")))
        words = [fields.get("P", ""), fields.get("Y", ""), fields.get("M", ""), deal]
    words += record.address
    if not is_move and number.isdigit() and number.strip("0"):
        words.append(f"Check {number}")
    if not any(words):
        words = [category, number]
    return [resolved(one) for one in words]


def _without(payee: str, amount: str) -> str:
    """Return a payee without the row's own amount, which some banks write behind it."""
    words, _, last = payee.rpartition(",")
    return words if words.strip() and last.strip() == amount.lstrip("+- ") else payee
