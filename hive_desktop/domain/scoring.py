"""How good automatic categories are, against labels that a person gave.

Macro F1 is the mean over the labelled classes of the harmonic mean of precision and recall. The
expected calibration error is Guo et al., "On Calibration of Modern Neural Networks" (2017), over
ten equal bins of confidence.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hive_desktop.domain.categories import REVIEW_THRESHOLD

if TYPE_CHECKING:
    from collections.abc import Sequence

_BINS = 10


@dataclass(frozen=True, slots=True)
class Guess:
    """One row's true label, the category that was guessed (None: abstained), and how surely."""

    truth: str
    guess: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class ClassScore:
    """One category's precision and recall; 0 where nothing was guessed or labelled."""

    category: str
    precision: float
    recall: float
    support: int


@dataclass(frozen=True, slots=True)
class Score:
    """All rows' figures, each from 0 to 1.

    `coverage` is the part guessed at or above the review threshold, `precision_at_threshold` how
    much of that part is right.
    """

    rows: int
    accuracy: float
    macro_f1: float
    coverage: float
    precision_at_threshold: float
    ece: float
    classes: tuple[ClassScore, ...]


def score(guesses: Sequence[Guess], threshold: float = REVIEW_THRESHOLD) -> Score:
    """Return the figures of a labelled set; an empty set scores 0 throughout."""
    right = sum(one.guess == one.truth for one in guesses)
    sure = [one for one in guesses if one.guess is not None and one.confidence >= threshold]
    classes = _classes(guesses)
    return Score(
        len(guesses),
        _part(right, len(guesses)),
        _part(
            sum(_f1(one) for one in classes if one.support), sum(1 for c in classes if c.support)
        ),
        _part(len(sure), len(guesses)),
        _part(sum(one.guess == one.truth for one in sure), len(sure)),
        calibration_error(guesses),
        classes,
    )


def calibration_error(guesses: Sequence[Guess]) -> float:
    """Return the mean gap between confidence and accuracy over bins, weighted by their rows."""
    bins: list[list[Guess]] = [[] for _ in range(_BINS)]
    told = [one for one in guesses if one.guess is not None]
    for one in told:
        bins[min(int(one.confidence * _BINS), _BINS - 1)].append(one)
    gap = 0.0
    for rows in filter(None, bins):
        accuracy = sum(one.guess == one.truth for one in rows) / len(rows)
        confidence = sum(one.confidence for one in rows) / len(rows)
        gap += len(rows) * abs(accuracy - confidence)
    return _part(gap, len(told))


def _classes(guesses: Sequence[Guess]) -> tuple[ClassScore, ...]:
    support = Counter(one.truth for one in guesses)
    guessed = Counter(one.guess for one in guesses if one.guess is not None)
    right = Counter(one.truth for one in guesses if one.guess == one.truth)
    return tuple(
        ClassScore(
            name,
            _part(right[name], guessed[name]),
            _part(right[name], support[name]),
            support[name],
        )
        for name in sorted(support.keys() | guessed.keys())
    )


def _f1(one: ClassScore) -> float:
    return _part(2 * one.precision * one.recall, one.precision + one.recall)


def _part(amount: float, whole: float) -> float:
    return amount / whole if whole else 0.0
