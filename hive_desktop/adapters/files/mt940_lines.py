"""The fields of MT940 and MT942: tags cut out of a file, `:61:` and balances taken apart."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from hive_desktop.domain.days import from_day, to_day

if TYPE_CHECKING:
    from collections.abc import Iterator

_TAG: Final = re.compile(
    r"\A\s{0,3}:(?:(20|21|23|25P?|28C?|6[0245][A-Z]?|61|86|13D?|34F|90[CD]|NS):"
    r"|(6[02][FM])(?=[CD][0-9]{6}[A-Z]{3}))"
)
_REST_OF_TIME: Final = re.compile(r"\A:[0-5][0-9]:[0-5][0-9](?![0-9])")
_HOUR_AT_END: Final = re.compile(r"(?<![0-9])[0-2]?[0-9]\Z")
_BLOCK: Final = re.compile(r"\{[0-9]:(?:[^{}]|\{[^{}]*\})*\}?|\{4:|\A\s*-\}.*|\{")
_END: Final = re.compile(r"\A\s*-(?:\}.*)?\s*\Z")
_ENTRY: Final = re.compile(
    r"\s*([0-9]{6})\s*([0-9]{4})?\s*(R[CD]|E[CD]|[CD]R|[CD])([A-Z])?\s*"
    r"([0-9][0-9.,']*)\s*((?!NONREF)[A-Z][A-Z0-9 ]{3})?(.*)",
    re.DOTALL,
)
_BALANCE: Final = re.compile(r"\s*([CD])?\s*([0-9]{6})\s*([A-Z]{3})?\s*([0-9][0-9.,' ]*)\s*")
_SUM: Final = re.compile(r"\s*([0-9]{1,9})\s*([A-Z]{3})?\s*([0-9.,' ]*)\s*")
_ACCOUNT: Final = re.compile(r"(?:([A-Z0-9-]{3,34})/)?\s*([A-Z0-9 .-]{1,40}?)([A-Z]{3})?")
_LONGEST: Final = 300
_MOST_LINES: Final = 200
_DEBITS: Final = frozenset({"D", "DR", "RC", "ED"})


class Tag(NamedTuple):
    """A field: the line where it begins, its name ("60F"), and its lines."""

    line: int
    name: str
    lines: list[str]

    @property
    def text(self) -> str:
        """The field on one line."""
        return " ".join(self.lines)


class Entry(NamedTuple):
    """A `:61:`.

    Attributes:
        value_day: YYMMDD as written.
        entry_day: MMDD as written, or "".
        is_out: money left the account; what reverses a credit takes it away.
        is_reversal: it takes back an earlier entry.
        amount: as written.
        kind: the four characters that say what it is, or "".
        references: what follows: the customer's reference, `//` and the bank's.
    """

    value_day: str
    entry_day: str
    is_out: bool
    is_reversal: bool
    amount: str
    kind: str
    references: str


class Balance(NamedTuple):
    """A balance as it is written; `is_debit` says that the account owes."""

    is_debit: bool
    day: str
    currency: str
    amount: str


def tags_of(text: str) -> Iterator[Tag]:
    """Give the fields of a file. Frames of SWIFT's, banks' own lines and `-` end a field."""
    now: Tag | None = None
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.rstrip("\r").strip("\x01\x03\x00\x1a\ufeff")
        found = _TAG.match(line) if not _goes_on(now, line) else None
        if found is None and "{" in line and (now is None or line.startswith(("{", "-}"))):
            if now is not None:
                yield now
                now = None
            line = _BLOCK.sub("", line)
            found = _TAG.match(line)
        if found is not None:
            if now is not None:
                yield now
            now = Tag(number, found[1] or found[2], [line[found.end() :]])
        elif _END.match(line):
            if now is not None:
                yield now
            now = None
        elif now is not None and len(now.lines) < _MOST_LINES:
            now.lines.append(line)
    if now is not None:
        yield now


def _goes_on(now: Tag | None, line: str) -> bool:
    """Tell whether a line is the rest of a time that was broken behind its hour."""
    is_rest = now is not None and now.name == "86" and _REST_OF_TIME.match(line) is not None
    return is_rest and now is not None and _HOUR_AT_END.search(now.lines[-1]) is not None


def entry_of(lines: list[str]) -> tuple[Entry | None, list[str]]:
    """Return the parts of a `:61:`, or None where it is none, and the lines that supplement it."""
    found = _entry(lines[0])
    if found is None and len(lines) > 1:  # broken before its amount
        joined = _entry(lines[0].rstrip() + lines[1].lstrip())
        if joined is not None:
            return joined, lines[2:]
    return found, lines[1:]


def _entry(text: str) -> Entry | None:
    found = _ENTRY.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        return None
    value, entry, mark, funds, amount, kind, rest = found.groups()
    # "DR" before the amount is D and the last letter of EUR; "RD" takes back a debit.
    is_out = mark in _DEBITS if mark not in {"CR", "DR"} else mark == "DR"
    is_reversal = mark in {"RC", "RD"}
    del funds
    return Entry(value, entry or "", is_out, is_reversal, amount, (kind or "").strip(), rest or "")


def balance_of(text: str) -> Balance | None:
    """Return the parts of a `:60:`, `:62:` or `:64:`, or None where it is none."""
    found = _BALANCE.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        return None
    return Balance(found[1] == "D", found[2], found[3] or "", found[4].strip())


def total_of(text: str) -> tuple[int, str] | None:
    """Return how many entries a `:90:` says there are, and what they add up to, as written."""
    found = _SUM.fullmatch(text) if len(text) <= _LONGEST else None
    return (int(found[1]), found[3].strip()) if found is not None else None


def account_of(text: str, currencies: frozenset[str]) -> tuple[str, str, str]:
    """Return bank, number and currency of a `:25:`; what is not told is ""."""
    words = "".join(text[:_LONGEST].split())
    found = _ACCOUNT.fullmatch(words)
    if found is None:
        bank, *parts = [part for part in words.split("/") if part] or [""]
        currency = parts.pop() if len(parts) > 1 and parts[-1] in currencies else ""
        return (bank, "/".join(parts), currency) if parts else ("", bank, "")
    bank, number, currency = found[1] or "", found[2], found[3] or ""
    if currency and (currency not in currencies or not number[-1:].isdigit()):
        number, currency = number + currency, ""
    return bank, number, currency


def day_of(text: str, *, today: int) -> tuple[int | None, bool]:
    """Return a YYMMDD's day and whether it was none and was taken as its month's last."""
    if len(text) != 6:
        return None, False
    year, month, day = 2000 + int(text[:2]), int(text[2:4]), int(text[4:])
    if year > from_day(today).year + 1:
        year -= 100
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        return None, False
    last = monthrange(year, month)[1]
    return to_day(date(year, month, min(day, last))), day > last


def booking_day(entry: str, value_day: int) -> int | None:
    """Return an MMDD's day in the year that brings it nearest to the value's day."""
    if not entry:
        return None
    found = []
    for year in range(from_day(value_day).year - 1, from_day(value_day).year + 2):
        try:
            found.append(to_day(date(year, int(entry[:2]), int(entry[2:]))))
        except ValueError:
            continue
    near = min(found, key=lambda day: abs(day - value_day), default=None)
    return near if near is not None and abs(near - value_day) <= 100 else None
