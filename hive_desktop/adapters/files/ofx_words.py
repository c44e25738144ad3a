"""What a row of OFX is called: its name and memo, which banks use in ways of their own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hive_desktop.adapters.files.parts import LONGEST_MEMO, named, tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_NAMELESS: Final = frozenset({"OTHER", "DEBIT", "CREDIT"})
_WIDTH: Final = 32  # of a name, as OFX has it
_ALIKE: Final = 8
_ENOUGH: Final = 2
_CHECK: Final = re.compile(r"che(?:ck|que)\b[\s#.:no]*[0-9]+\s*", re.IGNORECASE)
_WORD: Final = re.compile(r"[A-Z][a-z]")
_SHORT_NUMBER: Final = 4  # digits that a shop's name may have, as in 24/7


def join_names(rows: Iterable[dict[str, str]]) -> None:
    """Make whole the names of a statement whose memos only go on where names are full.

    So it is where names of full width alone have memos, and shorter ones never do. A memo that
    several names have says something of its own, and so does one that begins a word where the name
    ends without a space.
    """
    cut: list[dict[str, str]] = []
    names: dict[str, str] = {}  # by memo
    short = 0
    for fields in rows:
        name, memo = fields.get("NAME", ""), fields.get("MEMO", "")
        is_full = _WIDTH - 1 <= len(name) <= _WIDTH  # a space at its end is gone
        if not memo:
            short += bool(name) and not is_full
        elif (
            not is_full
            or memo.startswith(name[:_ALIKE])
            or "EXTDNAME" in fields
            or names.setdefault(memo, name) != name
            or (len(name) == _WIDTH and name[-1].isalnum() and _WORD.match(memo) is not None)
        ):
            return
        else:
            cut.append(fields)
    if min(len(names), short) < _ENOUGH:
        return
    for fields in cut:
        name = fields["NAME"]
        fields["NAME"] = f"{name:{_WIDTH}}{fields.pop('MEMO')}"


def restore_names(rows: Iterable[dict[str, str]]) -> None:
    """Make whole the names that `writing.ofx` cut, and take them out of the memos."""
    for fields in rows:
        name = fields.get("EXTDNAME", "")
        if name and name.startswith(fields.get("NAME", "")):
            fields["NAME"] = name
            if "MEMO" in fields:
                fields["MEMO"] = fields["MEMO"].removeprefix(f"{name}; ")


def words_of(fields: Mapping[str, str], minor: int) -> tuple[str, str]:
    """Return a row's name and memo; `minor` is its amount, positive = money out.

    A name that was cut within a word gets the rest of it from the memo, and a memo in words stands
    in for a name that is a long number.
    """
    name, memo = fields.get("NAME") or fields.get("PAYEE", ""), fields.get("MEMO", "")
    if name and "EXTDNAME" not in fields and len(name) < 100:
        name, memo = tidy(name), tidy(memo, LONGEST_MEMO)
        if name:
            if not memo or memo == name:
                return name, ""
            if not name[0].isalpha() and _is_number(name) and _has_letters(memo):
                return named(minor, [memo, name])
            return (_whole(name, memo) if memo.startswith(name) else name), memo
    number = (fields.get("CHECKNUM") or fields.get("CHKNUM", "")).lstrip("0")
    kind = fields.get("TRNTYPE", "")
    check = f"Check {number}" if number else ""
    words = [name, fields.get("EXTDNAME", ""), memo, fields.get("PAYEEID", "")]
    if not any(words):
        words = [check, "" if kind.upper() in _NAMELESS else kind]
    return named(minor, words)


def is_check(fields: Mapping[str, str]) -> bool:
    """Tell whether a row is a check by more than its kind: its number, or what it is called."""
    if fields.get("CHECKNUM") or fields.get("CHKNUM"):
        return True
    return _CHECK.fullmatch(fields.get("NAME") or fields.get("MEMO", "")) is not None


def category_of(text: str) -> str:
    """Return a category as a file names it, or "" for the words that stand where there is none."""
    return "" if text.casefold().startswith("uncategori") else tidy(text)


def quoted(fields: Mapping[str, str]) -> str:
    """Return all that a row says, on one line."""
    return " ".join(fields.values())


def _whole(name: str, memo: str) -> str:
    """Return a name to the end of its last word, as the memo that begins with it has that."""
    if not (name[-1].isalnum() and memo[len(name)].isalnum()):
        return name
    return tidy(name + memo[len(name) :].split(" ", 1)[0])


def _is_number(name: str) -> bool:
    """Tell whether a name has no letters, and no digits or more than a shop's name has."""
    digits = sum(map(str.isdigit, name))
    return not 0 < digits <= _SHORT_NUMBER and not _has_letters(name)


def _has_letters(text: str) -> bool:
    return any(map(str.isalpha, text))
