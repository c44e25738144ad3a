"""What the linear model sees of a row: hashed n-grams, hits of the vocabulary, amount and account.

Every feature is a bucket and a weight. Letters count together as much as one word, however long
the text is.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from hive_desktop.domain.given_names import GIVEN
from hive_desktop.domain.merchants import MOST, fold, tokens_of, words_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hive_desktop.domain.vocabulary import Hit, Kind, Vocabulary
    from hive_desktop.ports.offline_model import Sample

BUCKETS = 1 << 16
_MASK = BUCKETS - 1
_SHORTEST, _LONGEST = 3, 5
_LETTERS_OF = 16  # letters of a word that n-grams are taken from
_OTHER_HITS = 3
_SIZES = 10
_CACHED_WORDS = 50_000

# Toast's tills stand in restaurants only.
_RESTAURANT_TILL = re.compile(r"\btst ?[*-]", re.IGNORECASE)
_MCC = re.compile(r"\bmcc[ :#-]*(\d{4})\b")

# How many units of a currency are about one dollar: only the size of an amount is looked at.
_UNITS = {
    "ZAR": 18.0,
    "PLN": 4.0,
    "CZK": 23.0,
    "HUF": 360.0,
    "JPY": 150.0,
    "SEK": 10.0,
    "NOK": 10.0,
    "DKK": 7.0,
    "INR": 85.0,
    "MXN": 18.0,
}
_NO_MINOR = frozenset(("JPY", "KRW", "CLP", "ISK"))


class Read(NamedTuple):
    """A row's words and what the vocabulary knows about them, the most telling first."""

    words: list[str]
    hits: list[Hit]
    mcc: Kind | None

    @property
    def group(self) -> int:
        """Return what calibration goes by: 0 nothing known, 1 words, 2 a business or a code."""
        if self.mcc is not None:
            return 2
        if not self.hits:
            return 0
        return 2 if self.hits[0].fact.is_merchant else 1


@dataclass(slots=True)
class Extractor:
    """Turns rows into features; keeps the buckets of the words that it has met."""

    vocabulary: Vocabulary
    _letters: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def read(self, row: Sample) -> Read:
        """Return a row's words and hits; a name that stands in the others is not read twice."""
        text = _text(row.text)
        words = words_of(text)
        hits = self.vocabulary.hits(words, row.currency, is_in=row.amount_minor < 0)
        return Read(words, hits, self._code(row, text))

    def gist(self, row: Sample) -> tuple[tuple[str, ...], Kind | None, bool]:
        """Return all of a row's text that its features depend on: tokens, code, and way of payment.

        Of the tokens it is only `words_among` them that count.
        """
        text = _text(row.text)
        is_till = _RESTAURANT_TILL.search(row.text[1]) is not None
        return tokens_of(text), self._code(row, text), is_till

    def buckets(self, row: Sample, read: Read, indices: list[int], weights: list[float]) -> None:
        """Append a row's features to two lists of equal length."""
        letters: list[int] = []
        before = "^"
        for word in read.words:
            letters += self.letters(word)
            indices.append(crc32(f"b {before} {word}".encode()) & _MASK)
            before = word
        count = len(letters)
        weights += [0.7] * (len(indices) - len(weights))
        indices += letters
        weights += [2.0 / math.sqrt(count)] * count if count else []
        for name in self.names(row, read):
            indices.append(crc32(name.encode()) & _MASK)
            weights.append(1.0)

    def names(self, row: Sample, read: Read) -> list[str]:
        """Return the named features: of the sign, the amount, the account and the hits."""
        sign = "in" if row.amount_minor < 0 else "out"
        names = [
            "bias",
            f"sign {sign}",
            f"size {sign} {size_of(row.amount_minor, row.currency)}",
            f"currency {row.currency}",
            f"account {row.account_type} {sign}",
            f"period {row.period} {sign}",
        ]
        if read.mcc is not None:
            names += [f"mcc {read.mcc.name}", f"mcc {read.mcc.category} {sign}"]
        if _RESTAURANT_TILL.search(row.text[1]):
            names.append("restaurant till")
        if any(word in GIVEN for word in read.words):
            names.append(f"given name {sign} {len(read.hits) > 0}")
        if not read.hits:
            names += [f"unknown {sign}", f"unknown {sign} {min(len(read.words), 4)}"]
            return names
        best = read.hits[0].fact
        sort = "name" if best.is_merchant else "word"
        names += [
            f"kind {best.kind.name} {sort}",
            f"kind {best.kind.name} {sign}",
            f"category {best.kind.category} {sort}",
            f"phrase {best.phrase}",
        ]
        for hit in read.hits[1 : 1 + _OTHER_HITS]:
            fact = hit.fact
            names += [
                f"also {fact.kind.name} {fact.is_merchant}",
                f"also {best.kind.category} {fact.kind.category}",
            ]
        return names

    def letters(self, word: str) -> tuple[int, ...]:
        """Return the buckets of one word and of its letters."""
        known = self._letters.get(word)
        if known is None:
            if len(self._letters) >= _CACHED_WORDS:
                self._letters.clear()
            known = self._letters[word] = _ngrams(word)
        return known

    def _code(self, row: Sample, text: str) -> Kind | None:
        codes: Mapping[str, Kind] = self.vocabulary.mcc
        if row.mcc is not None:
            return codes.get(row.mcc)
        if "mcc" in text or "MCC" in text:
            found = _MCC.search(fold(text))
            if found is not None:
                return codes.get(found[1])
        return None


def _text(parts: tuple[str | None, str, str | None]) -> str:
    merchant, name, description = parts
    text = name
    for more in (merchant, description):
        if more and more.lower() not in text.lower():
            text = f"{more[: MOST // 2]} | {text}" if more is merchant else f"{text} | {more}"
    return text


def _ngrams(word: str) -> tuple[int, ...]:
    """Return the buckets of a word and of its letters in threes to fives."""
    marked = f"^{word[:_LETTERS_OF]}$".encode()
    found = [crc32(b"w " + marked) & _MASK]
    for size in range(_SHORTEST, _LONGEST + 1):
        found += [
            crc32(marked[at : at + size]) & _MASK for at in range(max(0, len(marked) - size + 1))
        ]
    return tuple(found)


@lru_cache(maxsize=32_768)
def size_of(amount_minor: int, currency: str) -> int:
    """Return an amount's size in powers of two of about a dollar."""
    minor = abs(amount_minor) / (1.0 if currency in _NO_MINOR else 100.0)
    dollars = minor / _UNITS.get(currency, 1.0)
    size = int(math.log2(dollars)) if dollars > 0 else -1
    if size > _SIZES:
        return _SIZES
    return max(size, -1)
