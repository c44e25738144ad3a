"""What the readers of all formats share: words, ids, and statements of one account as one."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from hive_desktop.adapters.files import reasons
from hive_desktop.adapters.files.decimals import UnclearAmountError
from hive_desktop.domain.statements import Refused, Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hive_desktop.domain.statements import FileAccount, FileBalance, FileRow

LONGEST_NAME: Final = 200
LONGEST_MEMO: Final = 2_000
LONGEST_ID: Final = 255
LONGEST_QUOTE: Final = 200
MOST_ROWS: Final = 1_000_000
"""Rows, statements and what else may be many in one file; more of them are no statement."""
TRANSFER: Final = "Transfer"
"""The category of a part that moves money to another account, as `file_categories` knows it."""
_NO_IDS: Final = frozenset({"", "NONREF", "NOTPROVIDED", "NONE", "NULL", "N/A", "NA", "UNKNOWN"})

_ENOUGH_CUT: Final = 2
_SHORTEST_WORD: Final = 3
_ENTITY: Final = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_WRITTEN_TWICE: Final = re.compile(r"&(?:amp|lt|gt|quot|apos|#[0-9]{1,5});", re.IGNORECASE)


class TooManyError(Exception):
    """A file has more of something than `MOST_ROWS`."""


def tidy(text: str, most: int = LONGEST_NAME) -> str:
    """Return words on one line, without what cannot be printed, cut at `most` characters."""
    words = " ".join(text.split())
    if not words.isprintable():
        words = " ".join("".join(filter(str.isprintable, words)).split())
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def unwrapped(lines: Sequence[str], full: frozenset[int]) -> str:
    """Return lines as one: a space parts them, but where a program cut them at a width.

    That is so where all but the last are full, there are two or more of these, and none begins or
    ends with a word that the lines have elsewhere too.

    Args:
        lines: as they are written.
        full: how many characters a line has that goes on in the next, within words too.
    """
    cut = lines[:-1]
    if len(cut) < _ENOUGH_CUT or not all(len(line) in full for line in cut) or _at_words(lines):
        return " ".join(line.strip() for line in lines)
    return "".join(lines).strip()


def _at_words(lines: Sequence[str]) -> bool:
    """Tell whether a line begins or ends with a word that stands within lines too."""
    words = [line.split() for line in lines]
    within = {word for line in words for word in line[1:-1]}
    return any(
        edge in within
        for before, after in pairwise(words)
        for edge in (*before[-1:], *after[:1])
        if len(edge) >= _SHORTEST_WORD
    )


def resolved(text: str) -> str:
    """Return words without entities (those of HTML), also where they were written as such twice."""
    return resolved_again(_ENTITY.sub(_one, text)) if "&" in text else text


def resolved_again(text: str) -> str:
    """Return words whose entities were resolved, also without those that were written as such."""
    return _ENTITY.sub(_one, text) if _WRITTEN_TWICE.search(text) is not None else text


def _one(entity: re.Match[str]) -> str:
    return unescape(entity[0])


def named(amount_minor: int, candidates: Iterable[str]) -> tuple[str, str]:
    """Return a row's name and memo: the first words that there are, and all others.

    What a name repeats is not said again. A row without any words is named by its direction.
    """
    said: list[str] = []
    for candidate in candidates:
        words = tidy(candidate, LONGEST_MEMO)
        if words and not any(_has(other, words) for other in said):
            said.append(words)
    if not said:
        return ("Unnamed payment" if amount_minor >= 0 else "Unnamed receipt"), ""
    name, rest = said[0], said[1:]
    if len(name) > LONGEST_NAME:
        rest.insert(0, name)
        name = tidy(name)
    return name, tidy("; ".join(rest), LONGEST_MEMO)


def _has(said: str, words: str) -> bool:
    return words.casefold() in said.casefold()


def currency_code(text: str) -> str:
    """Return the three letters of a currency as ISO 4217 writes them, or "" where it is none."""
    code = text.strip().upper()
    return code if len(code) == 3 and code.isascii() and code.isalpha() else ""


def own_id(text: str) -> str:
    """Return an id of the bank's, or "" for the words that stand where there is none."""
    found = text.strip()
    if found.upper() in _NO_IDS or not found.strip("0-"):
        return ""
    return found if len(found) <= LONGEST_ID else ""


def refuse(line: int, text: str, reason: str) -> Refused:
    """Return a row that is not taken, quoted as far as there is room."""
    return Refused(line, tidy(text, LONGEST_QUOTE), reason)


def amount_reason(error: ValueError, text: str) -> str:
    """Return why an amount is not taken."""
    if not text.strip():
        return reasons.NO_AMOUNT
    unclear = isinstance(error, UnclearAmountError)
    return reasons.UNCLEAR_AMOUNT if unclear else reasons.BAD_AMOUNT


def joined(statements: Iterable[Statement], remarks: list[str]) -> list[Statement]:
    """Return one statement for each account, in the order in which accounts come first.

    A row that an earlier statement of the account has under the same id is told once, and so are
    the rows of a statement that is an earlier one's copy. Ids that several rows of an account have
    are ids of none of them.
    """
    found: dict[FileAccount, _Whole] = {}
    for one in statements:
        if one.expected is not None and one.expected != len(one.rows) + len(one.refused):
            remark(remarks, reasons.ROWS_MISSING)
        found.setdefault(one.account, _Whole()).take(with_distinct_ids(one, remarks))
    return [
        with_distinct_ids(whole.statement(account), remarks) for account, whole in found.items()
    ]


class _Whole:
    """Statements of one account, as one."""

    def __init__(self) -> None:
        self._rows: list[FileRow] = []
        self._balances: dict[FileBalance, None] = {}
        self._refused: list[Refused] = []
        self._expected: int | None = 0
        self._known: set[tuple[str, int, int]] = set()
        self._taken: dict[tuple[object, ...], list[FileRow]] = {}

    def take(self, one: Statement) -> None:
        told: list[tuple[str, int, int]] = []
        is_copy = self._is_copy(one)
        for row in one.rows:
            key = row.external_id, row.day, row.amount_minor
            if is_copy or (row.external_id and key in self._known):
                words = f"{row.name} {row.memo}"
                self._refused.append(refuse(row.line, words, reasons.TOLD_BEFORE))
                continue
            told.append(key)
            self._rows.append(row)
        self._known.update(told)
        self._balances.update(dict.fromkeys(one.balances))
        self._refused.extend(one.refused)
        if self._expected is not None:
            self._expected = None if one.expected is None else self._expected + one.expected

    def _is_copy(self, one: Statement) -> bool:
        """Tell whether an earlier statement has the same rows and led to the same balance."""
        if not one.rows or not one.balances:
            return False
        key = (*one.balances, len(one.rows), *one.rows[0][1:])
        before = self._taken.setdefault(key, one.rows)
        return before is not one.rows and all(
            row[1:] == other[1:] for row, other in zip(one.rows, before, strict=True)
        )

    def statement(self, account: FileAccount) -> Statement:
        return Statement(account, self._rows, [*self._balances], self._refused, self._expected)


def with_distinct_ids(statement: Statement, remarks: list[str]) -> Statement:
    """Return the statement with ids that are each one row's."""
    ids = [row.external_id for row in statement.rows if row.external_id]
    if len(ids) == len(set(ids)):
        return statement
    remark(remarks, reasons.IDS_REPEATED)
    repeated = {one for one, times in Counter(ids).items() if times > 1}
    rows = [
        row._replace(external_id="") if row.external_id in repeated else row
        for row in statement.rows
    ]
    return Statement(
        statement.account, rows, statement.balances, statement.refused, statement.expected
    )


def remark(remarks: list[str], sentence: str) -> None:
    """Add a sentence to what is said of the whole file, once."""
    if sentence not in remarks:
        remarks.append(sentence)
