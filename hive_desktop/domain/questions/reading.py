"""Reads a question word by word: each is a name, a period, an amount, or says something known.

What is left is `unknown`, and a question with anything unknown is not answered.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

from hive_desktop.domain.questions import amounts, english, german, said_periods
from hive_desktop.domain.questions.folding import blanked, spellings, words_in
from hive_desktop.domain.questions.names import Sort, is_everyday
from hive_desktop.domain.questions.tags import Tag

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from hive_desktop.domain.days import Span
    from hive_desktop.domain.questions.amounts import Bounds
    from hive_desktop.domain.questions.folding import Word
    from hive_desktop.domain.questions.names import Key, Named, Names

LANGUAGES: Final = ("en", "de")
LONGEST: Final = 400
"""Characters of a question that are read; a longer one is not understood."""
_LONGEST_PHRASE = 7
_MOST_LINES = 20


@dataclass(slots=True)
class Reading:
    """What a question says.

    Attributes:
        spans: periods, from left to right.
        named: names, from left to right, each once.
        unsure: what names more than one thing: the words, and what they may name.
        unknown: words that nobody knows.
        order: what stands where, for sentences that turn on it.
        is_from_to: the two periods are told as "from A to B" or "between A and B".
    """

    language: str
    tags: set[Tag] = field(default_factory=set)
    spans: list[Span] = field(default_factory=list)
    named: list[Named] = field(default_factory=list)
    bounds: Bounds | None = None
    limit: int | None = None
    currency: str | None = None
    unsure: list[tuple[str, list[str]]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    period_error: str | None = None
    is_from_to: bool = False
    is_with: bool = False
    """It says "with" or the like: what was paid with a card is not what was paid to it."""
    is_price: bool = False
    """It asks what something costs, not what it did cost."""
    is_sum: bool = False
    """It asks for one sum, in so many words."""
    is_from_name: bool = False
    """The first name stands behind "from" or the like."""

    def of(self, sort: Sort) -> list[str]:
        """Return the names of a sort."""
        return [one.name for one in self.named if one.sort is sort]

    @property
    def misses(self) -> int:
        """Return how much of it is not understood."""
        return len(self.unknown) + len(self.unsure) + (self.period_error is not None)


def read(text: str, names: Names, today: date, *, week_start: int, spoken: str) -> Reading:
    """Return the reading in the language that understands most; `spoken` decides where both do."""
    languages = sorted(LANGUAGES, key=lambda one: one != spoken)
    readings = [_Reader(text, names, today, week_start, one).read() for one in languages]
    return min(readings, key=lambda one: one.misses)


@cache
def phrases(language: str) -> Mapping[Key, Tag]:
    """Return the phrases of a language as folded words."""
    table = (german if language == "de" else english).PHRASES
    return {
        key: tag
        for tag, listed in table.items()
        for phrase in listed.split("|")
        for key in spellings(phrase)
    }


@cache
def spelled(language: str) -> frozenset[str]:
    """Return the phrases of a language as they are spelled."""
    table = (german if language == "de" else english).PHRASES
    return frozenset(phrase for listed in table.values() for phrase in listed.split("|"))


_ON: Final = ("on", "for", "fur", "fuer", "category", "kategorie")
_AT: Final = ("at", "bei", "beim", "merchant")
# "What did I spend my money on last month?"
_ENDS_ON = re.compile(r"^\W*what\b.*\bon\W*$")
_COSTS = re.compile(r"\b(?:do|does)\b.*\bcosts?\b|\bkoste[tn]\b")
# "Geld habe ich" is no phrase: what was done with it may stand behind.
_HOLDS = re.compile(r"^\W*wie ?viel geld (?:habe?n?) (?:ich|wir)\W*$")
_SECOND = re.compile(
    r"\?\s*((?:and|or|how|what|which|when|where|und|oder|wie|was|wann|wo|welche\w*)\b.*)"
)
_LARGE = ("largest", "biggest", "highest", "smallest", "cheapest", "latest", "last", "most", "top")


class _Reader:
    def __init__(
        self, text: str, names: Names, today: date, week_start: int, language: str
    ) -> None:
        self._text = text
        self._names = names
        self._today = today
        self._week_start = week_start
        self._found = Reading(language)
        self._places: list[tuple[int, Named]] = []

    def read(self) -> Reading:
        found = self._found
        if len(self._text) > LONGEST:
            found.unknown.append(self._text[:40])
            return found
        plain = unicodedata.normalize("NFC", self._text)
        self._text = "".join(low if len(low := sign.lower()) == 1 else sign for sign in plain)
        text = said_periods.without_verbs(self._text)
        second = _SECOND.search(text)
        if second is not None:
            found.unknown.append(text[second.start(1) :])
        text = self._names_with_numbers(text)
        text = self._read_bounds(text)
        text = self._read_currency(text)
        text = self._read_periods(text)
        if _ENDS_ON.search(text):
            found.tags.add(Tag.DIVIDE)
        if _HOLDS.search(text):
            found.tags.add(Tag.HOLD)
        words = words_in(text)
        taken = [False] * len(words)
        self._read_limit(words, taken)
        self._read_exact(words, taken)
        self._read_rest(words, taken)
        self._check_places(words)
        self._places.sort(key=lambda one: one[0])
        found.named = list(dict.fromkeys(one for _, one in self._places))
        found.tags.discard(Tag.FILLER)
        found.is_with = _WITH.search(self._text) is not None
        found.is_price = _COSTS.search(self._text) is not None
        found.is_sum = _SUM.search(self._text) is not None
        return found

    def _names_with_numbers(self, text: str) -> str:
        """Take names that hold digits first, before a number in them is read as a day."""
        words = words_in(text)
        for key, named in self._names.whole.items():
            if len(named) == 1 and len(key) > 1 and any(word.isdigit() for word in key):
                for at in range(len(words) - len(key) + 1):
                    part = words[at : at + len(key)]
                    if tuple(word.text for word in part) == key:
                        self._places.append((part[0].start, named[0]))
                        text = blanked(text, part[0].start, part[-1].end)
        return text

    def _read_bounds(self, text: str) -> str:
        found = amounts.bounds_in(text, self._found.language)
        if found is None:
            return text
        if found.currency not in (None, self._names.currency):
            self._found.unknown.append(str(found.currency))
        self._found.bounds = found.bounds
        return blanked(text, found.start, found.end)

    def _read_currency(self, text: str) -> str:
        found = amounts.currency_in(text)
        if found is None:
            return text
        self._found.currency = found[0]
        return blanked(text, found[1], found[2])

    def _read_periods(self, text: str) -> str:
        found = self._found
        told = said_periods.read(
            text,
            self._today,
            week_start=self._week_start,
            language=found.language,
            earliest=self._names.first_day,
        )
        found.spans, found.is_from_to = list(told.spans), told.is_from_to
        found.period_error = told.error
        if told.asks_on_what:
            found.tags.add(Tag.DIVIDE)
        return told.rest

    def _read_limit(self, words: list[Word], taken: list[bool]) -> None:
        for at, word in enumerate(words):
            if not word.text.isdigit() or not 1 <= int(word.text) <= _MOST_LINES:
                continue
            known = phrases(self._found.language)
            near = {words[near].text for near in (at - 1, at + 1) if 0 <= near < len(words)}
            tags = {known.get((one,)) for one in near}
            if tags & {Tag.LARGEST, Tag.SMALLEST, Tag.NEWEST, Tag.OLDEST} or near & set(_LARGE):
                self._found.limit = int(word.text)
                taken[at] = True

    def _read_exact(self, words: list[Word], taken: list[bool]) -> None:
        """Take whole names, and words and phrases that are known, the longest first."""
        names, known = self._names, phrases(self._found.language)
        kinds = names.kinds(self._found.language)
        for length in range(_LONGEST_PHRASE, 0, -1):
            for at in range(len(words) - length + 1):
                if any(taken[at : at + length]):
                    continue
                key = tuple(word.text for word in words[at : at + length])
                named = names.whole.get(key) or (
                    names.joined.get("".join(key)) if length > 1 else None
                )
                if length == 1 and named is None and key not in known:
                    named = names.joined.get(key[0])
                if named is None and length > 1 and key not in known:
                    named = names.beginning(key) or None
                is_word = length == 1 and (key in known or is_everyday(key[0]))
                if named is not None and is_word:
                    # An everyday word is a name only where it must be one.
                    named = named if self._is_name(words, at, named) else None
                if named is not None:
                    self._take_name(words, taken, at, length, named)
                elif key in known:
                    self._found.tags.add(known[key])
                    taken[at : at + length] = [True] * length
                elif key in kinds:
                    self._take_kind(words, taken, at, length, kinds[key])

    def _is_name(self, words: list[Word], at: int, named: list[Named]) -> bool:
        """Tell whether a word that is an everyday one too is meant as a name."""
        before = words[at - 1].text if at else ""
        if all(one.sort is Sort.CATEGORY for one in named):
            is_known = (words[at].text,) in phrases(self._found.language)
            return before in _ON or not is_known
        if before in _AT:
            return True
        said = self._text[words[at].start : words[at].end]
        # Uber is no "über".
        return said not in spelled(self._found.language) and not is_everyday(words[at].text)

    def _take_name(
        self, words: list[Word], taken: list[bool], at: int, length: int, named: list[Named]
    ) -> None:
        taken[at : at + length] = [True] * length
        before = words[at - 1].text if at else ""
        behind = [word.text for word in words[at + length :]]
        is_deed = not _DEEDS.isdisjoint(behind[:1] if self._found.language == "en" else behind)
        is_to_me = any(word.text in _TO_ME for word in words)
        if before in _DID and is_deed and not is_to_me:
            self._found.unknown.append(" ".join(word.text for word in words[at : at + length]))
        self._found.is_from_name |= before in _FROM_WORDS
        sorts = {one.sort for one in named}
        if len(named) > 1 and sorts == {Sort.ACCOUNT}:
            # All accounts of one bank.
            self._places += [(words[at].start, one) for one in named]
        elif len(named) > 1:
            said = " ".join(word.text for word in words[at : at + length])
            self._found.unsure.append((said, [one.name for one in named]))
        else:
            self._places.append((words[at].start, named[0]))

    def _check_places(self, words: list[Word]) -> None:
        """Make unknown what stands behind "at" or "on" and is no name: it was meant as one."""
        known = phrases(self._found.language)
        starts = {place: named.sort for place, named in self._places}
        for at, word in enumerate(words[:-1]):
            behind = [one for one in words[at + 1 :] if one.text not in _ARTICLES_BEHIND]
            if starts.get(word.start) is Sort.CATEGORY and words[at + 1].text == "shop":
                self._found.unknown.append("shop")  # a health shop is not health
            if not behind or word.text not in _NO_NAME_BEHIND:
                continue
            is_near = behind[0].start - word.end <= _NEXT and behind[0].start not in starts
            tag = known.get((behind[0].text,))
            if is_near and tag in _NO_NAME_BEHIND[word.text] and behind[0].text not in _ASKING:
                self._found.unknown.append(behind[0].text)

    def _take_kind(
        self, words: list[Word], taken: list[bool], at: int, length: int, named: list[Named]
    ) -> None:
        taken[at : at + length] = [True] * length
        known = {one for _, one in self._places}
        # "Home Mortgage loan", "Wayfarer card": the kind of what is named beside it.
        beside = any(
            abs(place - words[at].start) < _NEAR for place, one in self._places if one in named
        )
        is_one = len(named) > 1 and words[at + length - 1].text not in _KINDS_OF_SEVERAL
        if known & set(named) and beside:
            return
        if is_one:
            said = " ".join(word.text for word in words[at : at + length])
            self._found.unsure.append((said, [one.name for one in named]))
        else:
            self._places += [(words[at].start, one) for one in named]

    def _read_rest(self, words: list[Word], taken: list[bool]) -> None:
        """Take beginnings of names and mistyped names; what is left then is unknown."""
        for length in (4, 3, 2, 1):
            for at in range(len(words) - length + 1):
                if any(taken[at : at + length]):
                    continue
                key = tuple(word.text for word in words[at : at + length])
                named = self._names.beginning(key) or self._mistyped(key)
                if named:
                    self._take_name(words, taken, at, length, named)
                elif near := self._names.might_be(key):
                    taken[at : at + length] = [True] * length
                    self._found.unsure.append((" ".join(key), [one.name for one in near]))
        self._found.unknown += [
            self._text[word.start : word.end] or word.text
            for word, is_taken in zip(words, taken, strict=True)
            if not is_taken
        ]

    def _mistyped(self, key: Key) -> list[Named]:
        said = "".join(key)
        if said.isdigit() or (said.endswith("s") and said[:-1] in self._names.joined):
            return []  # "apples" are no Apple
        return self._names.mistyped(said)


_NEAR = 40
_NEXT = 5  # what is further away stands behind a period
_ARTICLES_BEHIND: Final = ("the", "my", "all", "any", "der", "die", "das", "dem", "den", "meinem")
_ASKING: Final = ("which", "what", "welchem", "welchen", "welcher", "wem")
_NO_PLACES: Final = (Tag.FILLER, Tag.SPEND, Tag.PAY, Tag.BUY, Tag.EXPENSE, Tag.HOW_MUCH)
_NO_THINGS: Final = (Tag.SPEND, Tag.PAY, Tag.BUY, Tag.EARN, Tag.DIVIDE, Tag.PURCHASE)
_NO_NAME_BEHIND: Final = {
    **dict.fromkeys(("at", "bei", "beim"), _NO_PLACES),
    **dict.fromkeys(("on", "fur", "fuer"), _NO_THINGS),
}
_KINDS_OF_SEVERAL: Final = frozenset(
    (
        *("savings", "accounts", "cards", "loans", "investments", "debt"),
        *("sparkonten", "ersparnisse", "kreditkarten", "kredite", "darlehen"),
    )
)
_SUM = re.compile(r"\b(?:sum|total|together|altogether|summe|zusammen|insgesamt|gesamt)\b")
_FROM_WORDS: Final = ("from", "at", "by", "von", "vom", "bei", "beim")
# Of whom such a word stands before, and such a verb behind, it is told what *they* did.
_DID: Final = ("did", "does", "do", "has", "have", "will", "hat", "hatte", "haben")
_DEEDS: Final = frozenset(
    (
        *("spend", "spent", "pay", "paid", "buy", "bought", "earn", "earned", "make", "made"),
        *("save", "saved", "receive", "received", "get", "got", "order", "ordered"),
        *("ausgegeben", "bezahlt", "gezahlt", "verdient", "bekommen", "erhalten"),
        *("eingenommen", "gekauft", "gespart"),
    )
)
_TO_ME: Final = ("me", "us", "mir", "uns", "back")
_WITH = re.compile(r"\b(?:with|using|via|mit)\b")
