"""A small word list that labels rows for which the bank has no category.

Matching is by whole words, on the upper-cased text without punctuation; the first line that
matches wins, so the list has businesses first and words that say little last. It is exact and
explainable, and learns nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hive_desktop.domain.categories import LOAN_LABEL, REVIEW_THRESHOLD, label_from_bank
from hive_desktop.domain.ledger import CategorySource, Label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hive_desktop.domain.ledger import BankTransaction

_NOISE = re.compile(r"[^A-Z0-9&' ]+")
_CONFIDENCE = 0.8
_CACHE_LIMIT = 50_000


class LexiconError(ValueError):
    """A line of the word list that cannot be read."""


@dataclass(frozen=True, slots=True)
class _Entry:
    place: int
    phrase: str
    category: str
    direction: str  # "out", "in" or "any"


class Lexicon:
    """Phrases and the categories they stand for.

    Args:
        lines: `phrase<TAB>category` or `phrase<TAB>category<TAB>in|out`; blank lines and lines that
            begin with `#` are comments.
        categories: the names that may stand in the second column.

    Raises:
        LexiconError: a line has another form, or names an unknown category.
    """

    def __init__(self, lines: Iterable[str], categories: Iterable[str]) -> None:
        names = frozenset(categories)
        self._by_first_word: dict[str, list[_Entry]] = {}
        for number, line in enumerate(lines, start=1):
            if line.strip() and not line.startswith("#"):
                entry = _parse(line, number, names)
                self._by_first_word.setdefault(entry.phrase.split()[0], []).append(entry)
        self._cache: dict[tuple[str, bool], Label | None] = {}

    def label(self, row: BankTransaction) -> Label | None:
        """Return a label for a row by its merchant, name and description, or None."""
        text = f"{row.merchant_name or ''} | {row.name} | {row.description or ''}"
        key = (text, row.amount_minor < 0)
        if key not in self._cache:
            if len(self._cache) >= _CACHE_LIMIT:
                self._cache.clear()
            self._cache[key] = self._find(text, is_inflow=key[1])
        return self._cache[key]

    def _find(self, text: str, *, is_inflow: bool) -> Label | None:
        upper = f" {' '.join(_NOISE.sub(' ', text.upper()).split())} "
        wanted = ("any", "in" if is_inflow else "out")
        best: _Entry | None = None
        for word in set(upper.split()):
            for entry in self._by_first_word.get(word, ()):
                if entry.direction in wanted and f" {entry.phrase} " in upper:
                    best = entry if best is None or entry.place < best.place else best
        if best is None:
            return None
        reason = f"The word list has: {best.phrase.lower()}"
        return Label(best.category, CategorySource.OFFLINE, _CONFIDENCE, reason)


def first_label(row: BankTransaction, lexicon: Lexicon, *, is_loan: bool = False) -> Label | None:
    """Return a row's first category: the bank's when sure, else the word list's, else none.

    A bank's unsure word is kept where the list knows nothing: it stands as a guess below the review
    threshold. `is_loan` tells that the row's account is a loan.
    """
    if is_loan:
        return LOAN_LABEL
    bank = label_from_bank(row.bank_category, row.bank_confidence) if row.bank_category else None
    if bank is not None and bank.confidence >= REVIEW_THRESHOLD:
        return bank
    return lexicon.label(row) or bank


def _parse(line: str, number: int, names: frozenset[str]) -> _Entry:
    parts = [part.strip() for part in line.rstrip("\n").split("\t")]
    if len(parts) not in (2, 3) or not parts[0]:
        raise LexiconError(f"line {number} of the word list is not phrase, category, direction")
    direction = parts[2] if len(parts) == 3 else "any"
    if parts[1] not in names or direction not in ("in", "out", "any"):
        raise LexiconError(f"line {number} of the word list names an unknown category or direction")
    phrase = " ".join(_NOISE.sub(" ", parts[0].upper()).split())
    return _Entry(number, phrase, parts[1], direction)
