"""Descriptors made from the vocabulary, as banks of many countries would print them.

The same seed makes the same samples. Only what a bank does to a name is imitated; no bank's data
stands behind it.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from hive_desktop.adapters.ai.offline.surroundings import (
    AFTER,
    BEFORE,
    COMPANY_FORMS,
    GIVEN_NAMES,
    PLACE_WORDS,
    SURNAMES,
)
from hive_desktop.domain.given_names import GIVEN
from hive_desktop.domain.recurring import Rhythm
from hive_desktop.ports.offline_model import Sample

if TYPE_CHECKING:
    from hive_desktop.domain.vocabulary import Fact, Kind, Vocabulary

_CURRENCIES = ("USD", "USD", "CAD", "GBP", "EUR", "EUR", "EUR", "AUD", "NZD", "ZAR")
_UNITS = {"ZAR": 18.0, "SEK": 10.0, "NOK": 10.0, "DKK": 7.0, "PLN": 4.0}
_WEEKS = (Rhythm.WEEKLY, Rhythm.FORTNIGHTLY, Rhythm.FOUR_WEEKLY)
_MONTHS = (Rhythm.MONTHLY, Rhythm.MONTHLY, Rhythm.MONTHLY)
_TERMS = (Rhythm.QUARTERLY, Rhythm.YEARLY)
# How payments of a kind come again; such rows stand on a current account mostly.
_RHYTHMS: dict[str, tuple[Rhythm, ...]] = {
    "telecom": _MONTHS, "streaming": (*_MONTHS, Rhythm.YEARLY), "loan": (*_MONTHS, *_WEEKS),
    "energy": (*_MONTHS, Rhythm.QUARTERLY), "water": (*_MONTHS, *_TERMS),
    "insurance": (*_MONTHS, *_MONTHS, *_TERMS), "rent": (*_MONTHS, *_WEEKS),
    "mortgage": (*_MONTHS, Rhythm.FORTNIGHTLY), "gym": (*_MONTHS, Rhythm.FORTNIGHTLY),
    "salary": (*_MONTHS, *_WEEKS, Rhythm.FORTNIGHTLY), "pension": (*_MONTHS, Rhythm.FOUR_WEEKLY),
    "benefit": (*_MONTHS, *_WEEKS), "council": (*_MONTHS, *_TERMS),
    "tv_licence": (Rhythm.MONTHLY, *_TERMS), "savings": (*_MONTHS, Rhythm.WEEKLY),
    "childcare": (*_MONTHS, *_WEEKS), "software": (*_MONTHS, Rhythm.YEARLY, Rhythm.YEARLY),
    "news": (*_MONTHS, *_TERMS), "home_service": (*_MONTHS, *_WEEKS),
    "waste": (Rhythm.MONTHLY, *_TERMS), "motoring": (Rhythm.YEARLY, Rhythm.YEARLY),
    "school": (Rhythm.MONTHLY, Rhythm.QUARTERLY), "charity": (*_MONTHS, Rhythm.YEARLY),
    "dividend": (Rhythm.QUARTERLY, Rhythm.QUARTERLY, Rhythm.YEARLY, Rhythm.MONTHLY),
    "interest": (Rhythm.MONTHLY, *_TERMS), "bank_fee": (*_MONTHS, *_TERMS),
    "tax": _TERMS, "broker": _MONTHS, "card_payment": _MONTHS, "university": _TERMS,
}  # fmt: skip
_ALL_RHYTHMS = tuple(Rhythm)
_RHYTHMIC = 0.35  # rows of such a kind whose series is known
_ODD = 0.02
_WITH_TILLS = frozenset(("restaurant", "fast_food", "coffee", "bar", "bakery"))
_TILLS = 0.08
_REFUNDED = 0.05
_NOTED = 0.6  # payments between people with a name, and those of them that say what for
_OF_PERSONS = 3
_NOTED_FOR = frozenset(("Food & Dining", "Entertainment", "Transportation", "Travel", "Shopping"))
_LEADING = frozenset(("to", "from", "an", "von", "de", "a", "para", "naar", "van", "na", "da"))
_ANY_GIVEN = sorted(GIVEN)
_CODED = 0.08
_BY_CATEGORY = {
    "Food & Dining": 1.6, "Transportation": 1.1, "Shopping": 1.2, "Income": 1.2, "Transfer": 1.3,
    "Other": 0.9,
}  # fmt: skip


class Made(NamedTuple):
    """A made row: its category, its part in the loss, and how much of the vocabulary it may use.

    `known` is 2 for all of it, 1 for words alone, 0 for nothing.
    """

    row: Sample
    category: str
    importance: float
    known: int


@dataclass(frozen=True, slots=True)
class Augmenter:
    """Makes rows of a vocabulary.

    Args:
        vocabulary: the facts.
        seed: of every choice.
        per_merchant: rows made of each business.
        per_word: rows made of each generic word.
    """

    vocabulary: Vocabulary
    seed: int
    per_merchant: int = 4
    per_word: int = 14
    _codes: dict[str, list[str]] = field(init=False, default_factory=dict)
    _notes: list[str] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        for fact in self.vocabulary.facts:
            if not fact.is_merchant and fact.kind.category in _NOTED_FOR:
                self._notes.append(fact.phrase)
        for code, kind in self.vocabulary.mcc.items():
            self._codes.setdefault(kind.name, []).append(code)

    def rows(self) -> list[Made]:
        """Return all rows, in an order that depends on the vocabulary alone."""
        chance = random.Random(self.seed)  # noqa: S311 - made data
        made: list[Made] = []
        for fact in self.vocabulary.facts:
            count = self.per_merchant if fact.is_merchant else self.per_word
            if _is_for_a_person(fact):
                count = self.per_word * _OF_PERSONS
            made.extend(self._row(fact, chance) for _ in range(count))
        made.extend(self._nobody(chance) for _ in range(len(self.vocabulary.facts) // 8))
        return made

    def _row(self, fact: Fact, chance: random.Random) -> Made:
        known = chance.choices((2, 1, 0), (0.55, 0.1, 0.35))[0]
        if not fact.is_merchant:
            known = chance.choices((2, 0), (0.7, 0.3))[0]
        text = self._phrase(fact, chance)
        if chance.random() < 0.12:
            text = _worn(text, chance)
        currency = _currency(fact, chance)
        is_in = _is_in(fact, chance)
        if _is_for_a_person(fact) and chance.random() < _NOTED:
            text = self._noted(text, chance)
        text = _surrounded(text, fact.kind, chance, is_in=is_in)
        row = Sample(
            (None, text, None),
            _amount(fact.kind, currency, chance, is_in=is_in),
            currency,
            _account(fact.kind, chance),
            _period(fact.kind, chance),
            self._code(fact.kind, chance),
        )
        importance = _BY_CATEGORY.get(fact.kind.category, 1.0)
        return Made(row, fact.kind.category, importance, known)

    def _noted(self, text: str, chance: random.Random) -> str:
        """Return words for a payment between people with a name and what it was for."""
        note = chance.choice(self._notes).strip("*") if chance.random() < _NOTED else ""
        name = f"{chance.choice(_ANY_GIVEN)} {chance.choice(SURNAMES)}"
        first, second = (name, note) if chance.random() < 0.7 else (note, name)
        return f"{text} {first} {second}"

    def _code(self, kind: Kind, chance: random.Random) -> str | None:
        """Return a code of a kind for some rows."""
        codes = self._codes.get(kind.name)
        return chance.choice(codes) if codes and chance.random() < _CODED else None

    def _phrase(self, fact: Fact, chance: random.Random) -> str:
        """Return a business's name: of its own, or made around a word or a part of one."""
        phrase = fact.phrase
        if phrase.startswith("*"):
            phrase = chance.choice(SURNAMES) + phrase[1:]
        elif phrase.endswith("*"):
            phrase = phrase[:-1] + chance.choice(SURNAMES)[:5]
        if fact.is_merchant or fact.kind.category in ("Income", "Transfer", "Other"):
            return phrase
        return chance.choice(_NAMES).format(
            word=phrase,
            name=chance.choice(SURNAMES),
            given=chance.choice(GIVEN_NAMES),
            place=chance.choice(PLACE_WORDS),
        )

    def _nobody(self, chance: random.Random) -> Made:
        """Return a row of a person or company that no word explains."""
        person = f"{chance.choice(_ANY_GIVEN)} {chance.choice(SURNAMES)}"
        company = f"{chance.choice(SURNAMES)} {chance.choice(PLACE_WORDS)}"
        company += f" {chance.choice(COMPANY_FORMS)}"
        text, kind, is_in = chance.choice(
            (
                (person, "person", False),
                (person, "person", False),
                (person, "person", False),
                (person, "person", True),
                (company, "salary", True),
                (company, "restaurant", False),
                (company, "online_store", False),
                (company, "service", False),
                (company, "service", False),
            )
        )
        of = self.vocabulary.kinds[kind]
        currency = chance.choice(_CURRENCIES)
        row = Sample(
            (None, _surrounded(text, of, chance, is_in=is_in), None),
            _amount(of, currency, chance, is_in=is_in),
            currency,
            _account(of, chance),
            _period(of, chance),
        )
        return Made(row, of.category, 0.5, 2)


_NAMES = (
    "{word}", "{word}", "{name} {word}", "{name}s {word}", "{word} {name}", "{place} {word}",
    "{word} {place}", "the {place} {word}", "{given} {word}", "{word} {given} {name}",
    "{place} {name} {word}",
)  # fmt: skip


def _is_for_a_person(fact: Fact) -> bool:
    """Tell whether a name of a person, and what for, may stand after a phrase."""
    if fact.kind.name == "person":
        return True
    return fact.kind.category == "Transfer" and fact.phrase.split()[-1] in _LEADING


def _surrounded(text: str, kind: Kind, chance: random.Random, *, is_in: bool) -> str:
    """Return a name with what a bank prints before and after it, cut as banks do."""
    sort = "in" if is_in else "out"
    if kind.category in ("Transfer", "Income", "Other") or kind.name in _RHYTHMS:
        sort += " account"
    before = chance.choice(BEFORE[sort]) if chance.random() < 0.6 else ""
    if kind.name in _WITH_TILLS and chance.random() < _TILLS:
        before = "tst*"
    after = chance.choice(AFTER) if chance.random() < 0.5 else ""
    place = f" {chance.choice(PLACE_WORDS)}" if chance.random() < 0.25 else ""
    whole = f"{before} {text}{place} {after}".strip()
    if chance.random() < 0.15:
        whole = whole[: max(chance.randint(18, 28), len(before) + 8)]
    return whole


def _worn(text: str, chance: random.Random) -> str:
    """Return a name cut, run together or mistyped."""
    way = chance.random()
    if way < 0.4:
        return text[: max(6, chance.randint(8, 16))]
    if way < 0.7:
        return text.replace(" ", "")
    if len(text) > 5:
        at = chance.randrange(1, len(text) - 2)
        return text[:at] + text[at + 1 :]
    return text


def _currency(fact: Fact, chance: random.Random) -> str:
    if fact.currencies and chance.random() < 0.92:
        return chance.choice(sorted(fact.currencies))
    return chance.choice(_CURRENCIES)


def _is_in(fact: Fact, chance: random.Random) -> bool:
    if fact.direction != "any":
        return fact.direction == "in"
    if fact.kind.category == "Income":
        return True
    if fact.kind.category == "Transfer":
        return chance.random() < 0.35
    return chance.random() < _REFUNDED


def _amount(kind: Kind, currency: str, chance: random.Random, *, is_in: bool) -> int:
    low, high = math.log(kind.least), math.log(kind.most)
    middle, spread = (low + high) / 2, (high - low) / 3
    units = math.exp(chance.gauss(middle, spread)) * _UNITS.get(currency, 1.0)
    minor = max(1, round(units * 100))
    return -minor if is_in else minor


def _account(kind: Kind, chance: random.Random) -> str | None:
    if chance.random() < 0.6:
        return None
    if kind.category in ("Transfer", "Income"):
        return chance.choices(("depository", "credit"), (0.9, 0.1))[0]
    return chance.choice(("depository", "credit"))


def _period(kind: Kind, chance: random.Random) -> str | None:
    """Return the rhythm of some rows of a kind, by how such payments come; rarely another."""
    usual = _RHYTHMS.get(kind.name)
    if usual is not None and chance.random() < _RHYTHMIC:
        return chance.choice(usual)
    return chance.choice(_ALL_RHYTHMS) if chance.random() < _ODD else None
