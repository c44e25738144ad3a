"""What a row of OFX is called: its name and memo, which banks use in ways of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hive_desktop.adapters.files.parts import LONGEST_MEMO, named, tidy

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMELESS: Final = frozenset({"OTHER", "DEBIT", "CREDIT"})


def words_of(fields: Mapping[str, str], minor: int) -> tuple[str, str]:
    """Return a row's name and memo; `minor` is its amount, positive = money out.

    A name that was cut within a word gets the rest of it from the memo, and a memo in words stands
    in for a name without letters.
    """
    name, memo = fields.get("NAME") or fields.get("PAYEE", ""), fields.get("MEMO", "")
    if name and "EXTDNAME" not in fields and len(name) < 100:
        name, memo = tidy(name), tidy(memo, LONGEST_MEMO)
        if name:
            if not memo or memo == name:
                return name, ""
            if not name[0].isalpha() and not _has_letters(name) and _has_letters(memo):
                return named(minor, [memo, name])
            return (_whole(name, memo) if memo.startswith(name) else name), memo
    number = (fields.get("CHECKNUM") or fields.get("CHKNUM", "")).lstrip("0")
    kind = fields.get("TRNTYPE", "")
    check = f"Check {number}" if number else ""
    words = [name, fields.get("EXTDNAME", ""), memo, fields.get("PAYEEID", "")]
    if not any(words):
        words = [check, "" if kind.upper() in _NAMELESS else kind]
    return named(minor, words)


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


def _has_letters(text: str) -> bool:
    return any(map(str.isalpha, text))
