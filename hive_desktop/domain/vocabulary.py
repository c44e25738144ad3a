"""Facts about merchants and words: which kind of business a phrase of a descriptor names.

`kinds.tsv` has a kind's name, category, the usual range of amounts and words for people. The other
tables have `phrase<TAB>kind`, `phrase<TAB>kind<TAB>in|out` or `phrase<TAB>kind<TAB>any<TAB>alone`.
What is marked `alone`, as "next" is, counts only where no other word names a business; so does "the
range", of which words leave "range". A phrase
`*apotheke` stands for words that end so, `tankstell*` for words that begin so. A table's name says
what it has: `merchants_` or `words_`, then the countries. `mcc.tsv` has the card networks' codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from hive_desktop.domain.merchants import naming, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

COUNTRY_CURRENCIES = {
    "us": "USD", "ca": "CAD", "uk": "GBP", "ie": "EUR", "de": "EUR", "fr": "EUR", "es": "EUR",
    "nl": "EUR", "au": "AUD", "nz": "NZD", "za": "ZAR", "ch": "CHF", "at": "EUR", "be": "EUR",
    "it": "EUR", "pt": "EUR", "se": "SEK", "no": "NOK", "dk": "DKK", "pl": "PLN",
}  # fmt: skip

_LONGEST = 5
# Beside a name these do not make another of it.
_SAY_NOTHING = frozenset(
    (
        *("store", "stores", "online", "shop", "retail", "outlet", "bill", "payment", "payments"),
        *(
            "uk",
            "ireland",
            "mobile",
            "card",
            "com",
            "superstore",
            "supermarket",
            "direct",
            "autopay",
        ),
        *(
            "bill",
            "pymt",
            "pmt",
            "web",
            "internet",
            "app",
            "filiale",
            "magasin",
            "tienda",
            "winkel",
        ),
    )
)
_DISTINCT = 7  # letters from which a phrase means the same in every country
_STEM_FROM, _STEM_TO = 4, 14


class VocabularyError(ValueError):
    """A line of a table that cannot be read."""


class Kind(NamedTuple):
    """A kind of business or payment; amounts are in units of US dollars."""

    name: str
    category: str
    least: float
    most: float
    title: str


class Fact(NamedTuple):
    """A phrase and the kind that it stands for; no currencies: everywhere.

    `is_alone`: only where no other word names a business.
    """

    phrase: str
    kind: Kind
    direction: str  # "in", "out" or "any"
    is_merchant: bool
    currencies: frozenset[str]
    is_alone: bool = False


class Hit(NamedTuple):
    """A fact that was found in a text, with the words that it covers."""

    fact: Fact
    begin: int
    end: int
    is_stem: bool = False

    @property
    def rank(self) -> float:
        """Return how much it says: businesses before words, long phrases before short ones."""
        length = min(len(self.fact.phrase), 12) / 6
        name = 1.5 if self.fact.is_merchant else 0.0
        front = 0.4 if self.begin == 0 else 0.0
        return 2 * (self.end - self.begin) + length + name + front - self.is_stem


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All tables, read and indexed; made by `read`."""

    kinds: Mapping[str, Kind]
    facts: tuple[Fact, ...]
    mcc: Mapping[str, Kind]
    _phrases: Mapping[str, tuple[Fact, ...]]
    _beginnings: frozenset[str]
    _prefixes: Mapping[str, Fact]
    _suffixes: Mapping[str, Fact]

    def hits(self, words: Sequence[str], currency: str, *, is_in: bool) -> list[Hit]:
        """Return what is known about a text's words, the most telling first.

        Args:
            words: as `domain.merchants.words_of` gives them.
            currency: of the row; it says which countries' facts hold.
            is_in: whether money came in.
        """
        found: list[Hit] = []
        place, count = 0, len(words)
        while place < count:
            word = words[place]
            step = 1
            for length in range(min(_LONGEST, count - place), 0, -1):
                if length > 1 and word not in self._beginnings:
                    continue
                phrase = word if length == 1 else " ".join(words[place : place + length])
                facts = self._phrases.get(phrase)
                fact = _fitting(facts, currency, is_in=is_in) if facts else None
                if fact is not None and not (fact.is_alone and self._is_among(words, fact.phrase)):
                    found.append(Hit(fact, place, place + length))
                    step = length
                    break
            else:
                stem = self._stem(word, currency) if len(word) > _STEM_FROM else None
                if stem is not None:
                    found.append(Hit(stem, place, place + 1, is_stem=True))
            place += step
        if len(found) > 1:
            found.sort(key=lambda hit: (-hit.rank, hit.begin))
        return found

    def split(self, every: int) -> tuple[Vocabulary, Vocabulary]:
        """Return a vocabulary without every so manieth fact, and one of those facts."""
        kept = [fact for place, fact in enumerate(self.facts) if place % every]
        hidden = [fact for place, fact in enumerate(self.facts) if not place % every]
        return _indexed(self.kinds, self.mcc, kept), _indexed(self.kinds, self.mcc, hidden)

    def _is_among(self, words: Sequence[str], phrase: str) -> bool:
        """Tell whether a name stands among words that name somebody else.

        It must be the first; a single word that nobody knows may be a town.
        """
        rest = [word for word in naming(list(words)) if word not in _SAY_NOTHING]
        name = phrase.split()
        others = rest[len(name) :]
        is_first = rest[: len(name)] == name
        return not is_first or len(others) > 1 or any(one in self._phrases for one in others)

    def _stem(self, word: str, currency: str) -> Fact | None:
        for size in range(min(len(word) - 1, _STEM_TO), _STEM_FROM - 1, -1):
            fact = self._suffixes.get(word[-size:]) or self._prefixes.get(word[:size])
            if fact is not None and currency in fact.currencies:
                return fact
        return None


def read(
    kinds: Iterable[str], tables: Mapping[str, Iterable[str]], mcc: Iterable[str]
) -> Vocabulary:
    """Return the vocabulary of tables by name.

    Raises:
        VocabularyError: a line has another form, or names an unknown kind or direction.
    """
    by_name: dict[str, Kind] = {}
    for _, (name, category, least, most, title) in _lines("kinds", kinds, 5, 5):
        by_name[name] = Kind(name, category, float(least), float(most), title)
    phrases: dict[str, list[Fact]] = {}
    prefixes: dict[str, Fact] = {}
    suffixes: dict[str, Fact] = {}
    for table in sorted(tables):
        for fact in _facts(table, tables[table], by_name):
            bare = fact.phrase.strip("*")
            if fact.phrase.startswith("*"):
                suffixes.setdefault(bare, fact)
            elif fact.phrase.endswith("*"):
                prefixes.setdefault(bare, fact)
            else:
                _add(phrases, fact)
    codes = {code: by_name[kind] for _, (code, kind) in _lines("mcc", mcc, 2, 2)}
    whole = [fact for facts in phrases.values() for fact in facts]
    return _indexed(by_name, codes, [*whole, *prefixes.values(), *suffixes.values()])


def _indexed(
    kinds: Mapping[str, Kind], codes: Mapping[str, Kind], facts: Sequence[Fact]
) -> Vocabulary:
    """Return a vocabulary of facts; longer phrases are also found without their blanks."""
    phrases: dict[str, list[Fact]] = {}
    prefixes: dict[str, Fact] = {}
    suffixes: dict[str, Fact] = {}
    for fact in facts:
        if fact.phrase.startswith("*"):
            suffixes[fact.phrase[1:]] = fact
        elif fact.phrase.endswith("*"):
            prefixes[fact.phrase[:-1]] = fact
        else:
            phrases.setdefault(fact.phrase, []).append(fact)
    for fact in facts:
        joined = fact.phrase.replace(" ", "")
        if joined != fact.phrase and len(joined) >= _DISTINCT:
            phrases.setdefault(joined, [fact])
    return Vocabulary(
        kinds,
        tuple(facts),
        codes,
        {phrase: tuple(known) for phrase, known in phrases.items()},
        frozenset(phrase.split()[0] for phrase in phrases if " " in phrase),
        prefixes,
        suffixes,
    )


def _facts(table: str, lines: Iterable[str], kinds: Mapping[str, Kind]) -> Iterable[Fact]:
    sort, _, places = table.partition("_")
    currencies = frozenset(
        COUNTRY_CURRENCIES[place] for place in places.split("_") if place in COUNTRY_CURRENCIES
    )
    for number, parts in _lines(table, lines, 2, 4):
        phrase, kind = parts[0], kinds.get(parts[1])
        direction = parts[2] if len(parts) > 2 else "any"
        if (
            kind is None
            or direction not in ("in", "out", "any")
            or parts[3:] not in ([], ["alone"])
        ):
            raise VocabularyError(f"line {number} of {table} names an unknown kind or direction")
        stem = phrase.strip("*")
        bare = " ".join(words_of(stem))
        if bare:
            marked = phrase.replace(stem, bare)
            is_alone = len(parts) > 3 or (stem.startswith("the ") and " " not in bare)
            yield Fact(marked, kind, direction, sort == "merchants", currencies, is_alone)


def _lines(
    table: str, lines: Iterable[str], least: int, most: int
) -> Iterable[tuple[int, list[str]]]:
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.startswith("#"):
            parts = [part.strip() for part in line.rstrip("\n").split("\t")]
            if not least <= len(parts) <= most or not all(parts):
                raise VocabularyError(f"line {number} of {table} has another form")
            yield number, parts


def _add(phrases: dict[str, list[Fact]], fact: Fact) -> None:
    """Keep a phrase's first fact for the same direction and countries."""
    known = phrases.setdefault(fact.phrase, [])
    if not any(
        one.direction == fact.direction and one.currencies == fact.currencies for one in known
    ):
        known.append(fact)


def _fitting(facts: tuple[Fact, ...], currency: str, *, is_in: bool) -> Fact | None:
    """Return the fact that holds for a row: of its own direction and country, if there are any."""
    wanted = "in" if is_in else "out"
    best: Fact | None = None
    best_rank = -1
    for fact in facts:
        is_near = not fact.currencies or currency in fact.currencies
        if not is_near and len(fact.phrase) < _DISTINCT:
            continue
        if fact.direction not in ("any", wanted):
            continue
        rank = 4 * is_near + 2 * (fact.direction == wanted) + bool(fact.currencies)
        if rank > best_rank:
            best, best_rank = fact, rank
    return best
