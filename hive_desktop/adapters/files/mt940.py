"""MT940 and MT942: SWIFT's statements and reports of the day, in the dialects of banks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from hive_desktop.adapters.files import reasons
from hive_desktop.adapters.files.decimals import Decimals
from hive_desktop.adapters.files.mt940_lines import (
    account_of,
    balance_of,
    booking_day,
    day_of,
    entry_of,
    tags_of,
    total_of,
)
from hive_desktop.adapters.files.mt940_words import of_starmoney, words_of
from hive_desktop.adapters.files.pace import Steps
from hive_desktop.adapters.files.parts import (
    MOST_ROWS,
    TooManyError,
    amount_reason,
    joined,
    named,
    own_id,
    refuse,
    remark,
    tidy,
)
from hive_desktop.domain.money import KNOWN_CURRENCIES
from hive_desktop.domain.statements import (
    FileAccount,
    FileBalance,
    FileKind,
    FileRow,
    ReadFile,
    Statement,
)

if TYPE_CHECKING:
    from hive_desktop.adapters.files.mt940_lines import Balance, Entry, Tag
    from hive_desktop.adapters.files.mt940_words import Words
    from hive_desktop.domain.statements import Refused

_OF_THE_DAY: Final = frozenset({"13", "13D", "34F", "90C", "90D"})
_HAS_DIGIT: Final = re.compile(r"[0-9]")
_CODE_BEHIND: Final = re.compile(r"/(?=[A-Z]{4}/)")
_PARTY_BEHIND: Final = re.compile(r"(\S{6,16})\s{2,}(?=.*[^\W\d_]{2})(.+)")
_NAMES_OF_REFERENCES: Final = frozenset({"EREF", "KREF", "KREF+", "MARF", "MREF", "PREF"})
_SIGNS_FOR_LINES: Final = "@@"  # so some banks end lines in answers to FinTS


@dataclass(slots=True)
class _Open:
    """A message as far as it is read: from one `:20:` to the next."""

    account: Tag | None = None
    opening: Balance | None = None
    closing: Balance | None = None
    entries: list[tuple[Tag, list[str], list[str]]] = field(default_factory=list)
    totals: dict[bool, tuple[int, str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    currency: str = ""
    is_in_entry: bool = False


def read_mt940(text: str, *, today: int, currency: str = "") -> ReadFile | str:
    """Return what an MT940 or MT942 file tells, or the reason why it is no statement."""
    if text.lstrip().startswith(f"{_SIGNS_FOR_LINES}:"):
        text = text.replace(_SIGNS_FOR_LINES, "\n")
    try:
        return _Mt940(text, today, currency).read()
    except TooManyError:
        return reasons.TOO_LARGE


class _Mt940:
    """One reading of a file."""

    def __init__(self, text: str, today: int, currency: str) -> None:
        self._today = today
        self._currency = currency
        self._remarks: list[str] = []
        self._found = _messages(text)
        entries = (entry_of(tag.lines)[0] for one in self._found for tag, _, _ in one.entries)
        self._decimals = Decimals((one.amount for one in entries if one is not None), native=",")

    def read(self) -> ReadFile | str:
        if not self._found:
            return reasons.NO_STATEMENT
        steps = Steps(sum(len(one.entries) for one in self._found))
        made = [self._statement(one, steps) for one in self._found]
        self._hold_neighbours(made)
        if self._decimals.was_rounded:
            remark(self._remarks, reasons.ROUNDED)
        return ReadFile(FileKind.MT940, joined(made, self._remarks), tuple(self._remarks))

    def _statement(self, found: _Open, steps: Steps) -> Statement:
        account = self._account(found)
        made = Statement(account)
        is_pending = bool(found.names & _OF_THE_DAY) and not found.opening and not found.closing
        for tag, details, starmoney in steps.over(found.entries):
            one = self._row(tag, details, starmoney, account.currency)
            if isinstance(one, FileRow):
                made.rows.append(one._replace(is_pending=True) if is_pending else one)
            else:
                made.refused.append(one)
        if is_pending and made.rows:
            remark(self._remarks, reasons.PENDING)
        self._hold(found, made)
        told = self._held(found.closing, account.currency)
        if told is not None:
            made.balances.append(told)
        elif not made.rows and found.opening is not None:
            opened = self._held(found.opening, account.currency)
            made.balances.extend([opened] if opened is not None else [])
        if not found.totals:
            return made
        self._hold_totals(found, made)
        return _expecting(made, sum(count for count, _ in found.totals.values()))

    def _account(self, found: _Open) -> FileAccount:
        bank, number, currency = "", "", ""
        if found.account is not None:
            bank, number, currency = account_of(found.account.lines[0], KNOWN_CURRENCIES)
        for balance in (found.opening, found.closing):
            currency = (balance.currency if balance else "") or currency
        currency = currency or found.currency
        return FileAccount(
            number=tidy(number), bank=tidy(bank), currency=currency or self._currency
        )

    def _row(
        self, tag: Tag, details: list[str], starmoney: list[str], currency: str
    ) -> FileRow | Refused:
        quote = " ".join([*tag.lines, *details])
        entry, more = entry_of(tag.lines)
        if entry is None:
            return refuse(tag.line, quote, reasons.BAD_LINE)
        day = self._day(entry)
        if day is None:
            return refuse(tag.line, quote, reasons.BAD_DAY)
        try:
            minor = self._decimals.minor(entry.amount, currency)
        except ValueError as exc:
            return refuse(tag.line, quote, amount_reason(exc, entry.amount))
        minor = minor if entry.is_out else -minor
        own, _, bank = entry.references.partition("//")
        supplement = " ".join(more).strip()
        if own.strip() and not bank and supplement.startswith("//"):
            bank, supplement = supplement[2:], ""
        own, party = _padded(own)
        if bank.strip() and " " in own.strip() and not _HAS_DIGIT.search(own + bank):
            # Words that went on behind the 16 letters of a reference.
            own, bank = f"{own} {bank}", ""
        bank = _CODE_BEHIND.split(bank, maxsplit=1)[0]
        words = of_starmoney(starmoney) if starmoney else words_of(details, supplement)
        name, memo = named(minor, _said(words, party, supplement, own))
        return FileRow(tag.line, day, minor, currency, name, memo, own_id(bank), code=entry.kind)

    def _day(self, entry: Entry) -> int | None:
        value, is_clamped = day_of(entry.value_day, today=self._today)
        if value is None:
            return None
        booked = booking_day(entry.entry_day, value)
        if booked is None and is_clamped:
            remark(self._remarks, reasons.DAY_CLAMPED)
        return value if booked is None else booked

    def _minor(self, balance: Balance | None, currency: str) -> int | None:
        """Return what a balance says that the account holds."""
        if balance is None:
            return None
        try:
            minor = self._decimals.minor(balance.amount, balance.currency or currency)
        except ValueError:
            return None
        return -minor if balance.is_debit else minor

    def _held(self, balance: Balance | None, currency: str) -> FileBalance | None:
        minor = self._minor(balance, currency)
        if balance is None or minor is None:
            return None
        day, _ = day_of(balance.day, today=self._today)
        if day is None:
            return None
        return FileBalance(day, minor, balance.currency or currency)

    def _hold(self, found: _Open, made: Statement) -> None:
        """Say so where rows do not lead from the first balance to the last."""
        first = self._minor(found.opening, made.account.currency)
        last = self._minor(found.closing, made.account.currency)
        if first is None or last is None:
            return
        moved = sum(row.amount_minor for row in made.rows)
        if first - moved != last:
            remark(self._remarks, reasons.BALANCES_DISAGREE)

    def _hold_totals(self, found: _Open, made: Statement) -> None:
        """Say so where rows do not add up to the sums of both directions."""
        for is_debit, (_, told) in found.totals.items():
            try:
                total = self._decimals.minor(told, made.account.currency)
            except ValueError:
                continue
            amounts = (row.amount_minor for row in made.rows)
            if sum(abs(one) for one in amounts if (one > 0) is is_debit) != total:
                remark(self._remarks, reasons.SUMS_DISAGREE)

    def _hold_neighbours(self, made: list[Statement]) -> None:
        """Say so where a message does not begin with what the one before left."""
        left: dict[FileAccount, int] = {}
        for one, statement in zip(self._found, made, strict=True):
            account = statement.account
            first = self._minor(one.opening, account.currency)
            if first is not None and left.get(account, first) != first:
                remark(self._remarks, reasons.GAP_BETWEEN)
            last = self._minor(one.closing, account.currency)
            if last is not None:
                left[account] = last


def _messages(text: str) -> list[_Open]:
    """Return a file's messages; what stands before the first `:20:` is one too.

    Raises:
        TooManyError: there are more fields than a statement has.
    """
    found: list[_Open] = []
    now: _Open | None = None
    for i, tag in enumerate(tags_of(text)):
        if i > 4 * MOST_ROWS:
            raise TooManyError
        if tag.name == "20" or now is None or (tag.name[:2] == "60" and now.closing):
            now = _Open(account=now.account if now and tag.name != "20" else None)
            found.append(now)
        now.names.add(tag.name)
        is_late = tag.name == "25" and now.is_in_entry and now.account is not None
        name = "86" if is_late else tag.name  # some write an entry's details as its account
        _take(now, name[:2], tag)
        if name not in {"86", "NS"}:  # behind balances and sums, `:86:` is of the whole message
            now.is_in_entry = name == "61"
    return [one for one in found if one.account or one.opening or one.closing or one.entries]


def _add_words(told: list[str], tag: Tag) -> None:
    """Add lines to those of an entry; some files have them twice."""
    if tag.text.strip() != " ".join(told).strip():
        told.extend(tag.lines)


def _take(now: _Open, kind: str, tag: Tag) -> None:
    if kind == "25":
        now.account = tag
    elif kind == "60":
        now.opening = now.opening or balance_of(tag.lines[0])
    elif kind == "62":
        now.closing = balance_of(tag.lines[0]) or now.closing
    elif kind == "61":
        now.entries.append((tag, [], []))
    elif kind == "86" and now.is_in_entry:
        _add_words(now.entries[-1][1], tag)
    elif kind == "NS" and now.entries:
        now.entries[-1][2].extend(tag.lines)
    elif kind == "34" and tag.text[:3] in KNOWN_CURRENCIES:
        now.currency = tag.text[:3]
    elif kind == "90":
        total = total_of(tag.lines[0])
        if total is not None:
            now.totals[tag.name == "90D"] = total


def _expecting(made: Statement, expected: int) -> Statement:
    return Statement(made.account, made.rows, made.balances, made.refused, expected)


def _padded(reference: str) -> tuple[str, str]:
    """Return a reference, and who is on the other side where that follows far behind it."""
    found = _PARTY_BEHIND.fullmatch(reference.strip())
    return (found[1], found[2]) if found is not None else (reference, "")


def _said(words: Words, party: str, supplement: str, reference: str) -> list[str]:
    is_one = len(reference.strip()) > 1 and reference.strip() not in _NAMES_OF_REFERENCES
    reference = own_id(reference) if is_one else ""
    return [words.name, party, words.purpose, *words.rest, supplement, reference]
