"""The embedded model at work: vocabulary, linear model and the person's lessons, in one word."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from hive_desktop.adapters.ai.offline.calibration import probabilities
from hive_desktop.adapters.ai.offline.features import Extractor, size_of
from hive_desktop.adapters.ai.offline.lessons import NO_LESSONS, Lessons, learned_from, marks
from hive_desktop.adapters.ai.offline.linear import scores
from hive_desktop.adapters.ai.offline.training import rows_of
from hive_desktop.domain import sentences
from hive_desktop.domain.ledger import CategorySource, Label
from hive_desktop.domain.merchants import words_among
from hive_desktop.domain.orders import is_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from hive_desktop.adapters.ai.offline.artefact import Header
    from hive_desktop.adapters.ai.offline.features import Read
    from hive_desktop.domain.vocabulary import Vocabulary
    from hive_desktop.ports.offline_model import Learned, Sample

_CHUNK = 2048
_SHORT = 2
_REMEMBERED = 20_000


@dataclass(frozen=True)
class LinearModel:
    """Labels rows by the vocabulary, letters and amounts. See `ports.offline_model`.

    Args:
        vocabulary: the facts that the artefact was trained with.
        header: the artefact's.
        weights: the artefact's, of shape (buckets, classes).
        lessons: what the person taught.
    """

    vocabulary: Vocabulary
    header: Header
    weights: NDArray[np.float32]
    lessons: Lessons = NO_LESSONS
    _extractor: Extractor = field(init=False)
    _told: dict[tuple[object, ...], Label | None] = field(
        init=False, default_factory=dict, repr=False, compare=False
    )
    _gists: dict[tuple[object, ...], int] = field(
        init=False, default_factory=dict, repr=False, compare=False
    )
    _tokens: dict[tuple[object, ...], int] = field(
        init=False, default_factory=dict, repr=False, compare=False
    )
    _words: dict[tuple[object, ...], int] = field(
        init=False, default_factory=dict, repr=False, compare=False
    )
    _next: Iterator[int] = field(init=False, default_factory=count, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_extractor", Extractor(self.vocabulary))

    @property
    def threshold(self) -> float:
        """Return the probability from which 95 of 100 labels were right when it was built."""
        return self.header.threshold

    @property
    def name(self) -> str:
        """Return the back-end's name with the artefact's version."""
        return f"offline {self.header.version}"

    def label(self, rows: Sequence[Sample]) -> list[Label | None]:
        """Return the likeliest category of each row; None where its text says nothing.

        Rows that look alike to the model are looked at once.
        """
        keys = [self._look(row) for row in rows]
        told = self._told
        with contextlib.suppress(KeyError):
            return [told[key] for key in keys]  # most often none is new
        fresh = {key: row for key, row in zip(keys, rows, strict=True) if key not in told}
        known = {key: told[key] for key in keys if key not in fresh}
        known |= zip(fresh, self._label(list(fresh.values())), strict=True)
        if len(self._told) + len(fresh) > _REMEMBERED:
            self._told.clear()
        if len(fresh) <= _REMEMBERED:
            self._told.update((key, known[key]) for key in fresh)
        return [known[key] for key in keys]

    def _look(self, row: Sample) -> tuple[object, ...]:
        """Return all of a row that its label depends on; numbers in its text are none of it."""
        text, minor, currency, account_type, period, mcc = row
        said = (text, mcc)
        gist = self._gists.get(said)
        if gist is None:
            if len(self._gists) >= _REMEMBERED:
                self._gists.clear()
                self._tokens.clear()
                self._words.clear()
            gist = self._gists[said] = self._number(row)
        return gist, minor < 0, size_of(minor, currency), currency, account_type, period

    def _number(self, row: Sample) -> int:
        """Return the number of a row's text; one that was given never means another text."""
        tokens, *others = self._extractor.gist(row)
        said = (tokens, *others, any(is_order(part) for part in row.text if part))
        number = self._tokens.get(said)
        if number is None:
            gist = (tuple(words_among(tokens)), *said[1:])
            number = self._words.get(gist)
            if number is None:
                number = self._words[gist] = next(self._next)
            self._tokens[said] = number
        return number

    def _label(self, rows: Sequence[Sample]) -> list[Label | None]:
        told: list[Label | None] = [None] * len(rows)
        for at in range(0, len(rows), _CHUNK):
            part = rows[at : at + _CHUNK]
            reads = [self._extractor.read(row) for row in part]
            values, kept = self._scores(part, reads)
            if not kept:
                continue
            groups = np.array([reads[place].group for place in kept], dtype=np.int64)
            chances = self._probabilities(values, groups)
            best = chances.argmax(axis=1)
            names = self._names()
            for line, place in enumerate(kept):
                category = names[best[line]]
                sure = float(chances[line, best[line]])
                if any(is_order(text) for text in part[place].text if text):
                    sure, reason = min(sure, self.threshold / 2), sentences.AN_ORDER
                else:
                    reason = self._reason(part[place], reads[place], category, int(best[line]))
                told[at + place] = Label(category, CategorySource.OFFLINE, sure, reason)
        return told

    def learn(self, examples: Sequence[tuple[Sample, str]]) -> Lessons:
        """Return what corrections teach: a pure function of all of them."""
        rows = [row for row, _ in examples]
        reads = [self._extractor.read(row) for row in rows]
        features, kept = rows_of(self._extractor, rows, reads)
        values = scores(self.weights, features) if kept else np.zeros((0, 1))
        return learned_from(
            [marks(rows[place], reads[place]) for place in kept],
            [examples[place][1] for place in kept],
            values,
            self.header.classes,
        )

    def with_lessons(self, learned: Learned) -> LinearModel:
        """Return this model with lessons on top; they replace any that it had."""
        return replace(self, lessons=Lessons.from_bytes(learned.to_bytes()))

    def read_lessons(self, data: bytes) -> Lessons:
        """Return lessons from their bytes; raises ValueError where they are none."""
        return Lessons.from_bytes(data)

    def _names(self) -> Sequence[str]:
        return [*self.header.classes, *self.lessons.new_categories]

    def _scores(
        self, rows: Sequence[Sample], reads: Sequence[Read]
    ) -> tuple[NDArray[np.float64], list[int]]:
        features, kept = rows_of(self._extractor, rows, reads)
        if not kept:
            return np.zeros((0, len(self._names()))), kept
        values = scores(self.weights, features)
        if not self.lessons.examples:
            return values, kept
        return self.lessons.added(values, (marks(rows[at], reads[at]) for at in kept)), kept

    def _probabilities(
        self, values: NDArray[np.float64], groups: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        return probabilities(values, groups, self.header.temperatures, self.header.doubts)

    def _reason(self, row: Sample, read: Read, category: str, number: int) -> str:
        taught = self.lessons.strongest(marks(row, read), category) if self.lessons.examples else ""
        if taught:
            return sentences.CHOSEN_ALIKE(category=category, phrase=taught)
        if read.mcc is not None and read.mcc.category == category:
            return sentences.CARD_CODE(kind=read.mcc.title)
        for hit in read.hits:
            if hit.fact.kind.category == category:
                phrase = hit.fact.phrase.strip("*")
                if hit.fact.is_merchant:
                    return sentences.KNOWN(phrase=phrase, kind=hit.fact.kind.title)
                return sentences.TYPICAL(phrase=phrase, category=category, kind=hit.fact.kind.title)
        # The letters of a state or a country are no name.
        telling = [one for one in read.words if len(one) > _SHORT]
        if not telling:
            return sentences.ONLY_INCOME if row.amount_minor < 0 else sentences.ONLY_AMOUNT
        word = max(telling, key=lambda one: self._says(one, number))
        return sentences.NAMES_LIKE(phrase=word, category=category)

    def _says(self, word: str, number: int) -> float:
        if number >= len(self.header.classes):
            return 0.0
        return float(self.weights[list(self._extractor.letters(word)), number].sum())
