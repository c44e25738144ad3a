"""What a person's corrections add to the model: small weights on a row's marks.

A mark is a word, a pair of words, or the kind of business that the vocabulary knows, so that a
correction of one coffee shop speaks for others. The weights are fitted on top of the model's own
scores, with a penalty that keeps few examples from saying much; they depend on nothing but the
examples.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hive_desktop.adapters.ai.offline.linear import softmax

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from hive_desktop.adapters.ai.offline.features import Read
    from hive_desktop.ports.offline_model import Sample

    Floats = NDArray[np.float64]

_VERSION = 1
_STEPS = 40
_DECAY = 0.05  # of the L2 penalty, in examples
_UNKNOWN_LEVEL = -2.0  # a new category's score before anything was taught
_KINDS_COUNT = 3  # how much more a kind says than a word
_HEARD = 0.5  # weight from which a mark is named as the reason
_DIGITS = 5


@dataclass(frozen=True)
class Lessons:
    """Weights of marks for each category, known ones first and then those of the person's making.

    Args:
        examples: how many examples they are drawn from.
        classes: the model's categories.
        new_categories: the person's own categories among the examples.
        weights: for each mark one weight a category.
    """

    examples: int
    classes: tuple[str, ...]
    new_categories: tuple[str, ...]
    weights: Mapping[str, tuple[float, ...]]

    def to_bytes(self) -> bytes:
        """Return the same bytes for the same lessons."""
        document = {
            "version": _VERSION,
            "examples": self.examples,
            "classes": self.classes,
            "new_categories": self.new_categories,
            "weights": self.weights,
        }
        return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Lessons:
        """Return lessons from `to_bytes`; raises ValueError where the bytes are none."""
        try:
            told = json.loads(data)
            if told["version"] != _VERSION:
                raise ValueError("lessons of another version")
            count = len(told["classes"]) + len(told["new_categories"])
            weights = {
                str(mark): tuple(float(one) for one in line)
                for mark, line in told["weights"].items()
            }
            if any(len(line) != count for line in weights.values()):
                raise ValueError("lessons of another shape")
            return cls(
                int(told["examples"]),
                tuple(map(str, told["classes"])),
                tuple(map(str, told["new_categories"])),
                weights,
            )
        except (KeyError, TypeError, AttributeError, UnicodeDecodeError) as exc:
            raise ValueError("these bytes are no lessons") from exc

    def added(self, values: Floats, rows: Iterable[Sequence[str]]) -> Floats:
        """Return scores of the model's and the new categories with the lessons added."""
        whole = _widened(values, len(self.new_categories))
        for line, names in enumerate(rows):
            for name in names:
                weights = self.weights.get(name)
                if weights is not None:
                    whole[line] += weights
        return whole

    def strongest(self, names: Sequence[str], category: str) -> str:
        """Return the mark that speaks most for a category, in words, or ""."""
        place = (*self.classes, *self.new_categories).index(category)
        best, most = "", _HEARD
        for name in names:
            weights = self.weights.get(name)
            if weights is not None and weights[place] > most:
                best, most = name.partition(" ")[2], weights[place]
        return best


NO_LESSONS = Lessons(0, (), (), {})


def marks(row: Sample, read: Read) -> list[str]:
    """Return what a correction of this row may speak about."""
    names = [f"word {word}" for word in read.words[:8]]
    names += [f"words {one} {two}" for one, two in zip(read.words, read.words[1:8], strict=False)]
    kinds = {hit.fact.kind.name for hit in read.hits[:2]}
    if read.mcc is not None:
        kinds.add(read.mcc.name)
    side = "coming in" if row.amount_minor < 0 else "paid"
    told = [f"kind {kind.replace('_', ' ')} {side}" for kind in sorted(kinds)]
    return names + told * _KINDS_COUNT


def learned_from(
    rows: Sequence[Sequence[str]],
    categories: Sequence[str],
    values: Floats,
    classes: Sequence[str],
) -> Lessons:
    """Return lessons of corrected rows.

    Args:
        rows: each row's marks.
        categories: what the person chose for each row.
        values: the model's own scores of each row, of shape (rows, classes).
        classes: the model's categories.
    """
    if not rows:
        return Lessons(0, tuple(classes), (), {})
    new = tuple(sorted(set(categories) - set(classes)))
    numbers = {name: place for place, name in enumerate((*classes, *new))}
    targets = np.array([numbers[name] for name in categories])
    places: dict[str, int] = {}
    flat: list[int] = []
    for names in rows:
        flat += [places.setdefault(name, len(places)) for name in names]
    lengths = [len(names) for names in rows]
    weights = _fit(np.array(flat), np.array(lengths), targets, _widened(values, len(new)))
    kept = {
        name: tuple(round(float(one), _DIGITS) for one in weights[place])
        for name, place in sorted(places.items())
    }
    return Lessons(len(rows), tuple(classes), new, kept)


def _fit(
    flat: NDArray[np.int64], lengths: NDArray[np.int64], targets: NDArray[np.int64], base: Floats
) -> Floats:
    """Return weights of marks by descent on the penalised log-loss of all rows together."""
    marks_count, classes = int(flat.max()) + 1, base.shape[1]
    of_row = np.repeat(np.arange(len(lengths)), lengths)
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    order = np.argsort(flat, kind="stable")
    firsts = np.concatenate(([0], np.flatnonzero(np.diff(flat[order])) + 1))
    rows_by_mark = of_row[order]
    often = np.bincount(flat, minlength=marks_count)[:, None]
    weights = np.zeros((marks_count, classes))
    # A step fits the curvature of each mark's own loss, shared by the marks of a row; between
    # steps the weights run on (Nesterov, 1983).
    pace = 1.0 / (0.5 * often * float(lengths.max()) + _DECAY)
    ahead = weights
    for step in range(_STEPS):
        error = softmax(base + np.add.reduceat(ahead[flat], starts, axis=0))
        error[np.arange(len(targets)), targets] -= 1.0
        slopes = np.add.reduceat(error[rows_by_mark], firsts, axis=0)
        before, weights = weights, ahead - pace * (slopes + _DECAY * ahead)
        ahead = weights + step / (step + 3.0) * (weights - before)
    return weights


def _widened(values: Floats, more: int) -> Floats:
    """Return scores with room for the person's own categories."""
    if not more:
        return values.copy()
    return np.hstack((values, np.full((len(values), more), _UNKNOWN_LEVEL)))
