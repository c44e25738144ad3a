"""Makes probabilities of scores: a temperature and a doubt for each group of rows.

Temperature scaling is Guo et al., "On Calibration of Modern Neural Networks" (2017). The doubt, a
small probability that goes to all classes alike, keeps a sure mistake from costing everything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hive_desktop.adapters.ai.offline.linear import softmax

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

GROUPS = 3
PRECISION = 0.95
_TEMPERATURES = tuple(round(0.5 + 0.1 * step, 1) for step in range(46))
_DOUBTS = tuple(round(0.01 * step, 2) for step in range(1, 31))
_FEW = 20  # rows of a group from which its own numbers are fitted
_UNFITTED = (1.5, 0.05)


class Outcomes(NamedTuple):
    """Scores of labelled rows, their true classes, their groups, and how much each row counts."""

    scores: Floats
    truths: Ints
    groups: Ints
    counts: Floats

    @classmethod
    def none(cls, classes: int) -> Outcomes:
        """Return outcomes of no rows."""
        empty = np.zeros(0, dtype=np.int64)
        return cls(np.zeros((0, classes)), empty, empty, np.zeros(0))

    def counting(self, whole: float) -> Outcomes:
        """Return the same rows, which together count as `whole`."""
        return self._replace(counts=np.full(len(self.truths), whole / max(1, len(self.truths))))

    def joined(self, other: Outcomes) -> Outcomes:
        """Return the rows of both."""
        return Outcomes(*(np.concatenate(pair) for pair in zip(self, other, strict=True)))


def probabilities(
    values: Floats, groups: Ints, temperatures: Sequence[float], doubts: Sequence[float]
) -> Floats:
    """Return calibrated probabilities of scores."""
    heat = np.array(temperatures)[groups][:, None]
    doubt = np.array(doubts)[groups][:, None]
    even: Floats = softmax(values / heat) * (1.0 - doubt) + doubt / values.shape[1]
    return even


def calibrated(outcomes: Outcomes) -> tuple[list[float], list[float]]:
    """Return each group's temperature and doubt with the least log-loss."""
    temperatures, doubts = [], []
    for group in range(GROUPS):
        chosen = outcomes.groups == group
        temperature, doubt = _UNFITTED
        if chosen.sum() >= _FEW:
            temperature, doubt = _fitted(
                outcomes.scores[chosen], outcomes.truths[chosen], outcomes.counts[chosen]
            )
        temperatures.append(temperature)
        doubts.append(doubt)
    return temperatures, doubts


def threshold_of(
    outcomes: Outcomes, temperatures: Sequence[float], doubts: Sequence[float]
) -> float:
    """Return the least confidence from which `PRECISION` of the rows are right."""
    if not len(outcomes.truths):
        return PRECISION
    told = probabilities(outcomes.scores, outcomes.groups, temperatures, doubts)
    sure, right = told.max(axis=1), told.argmax(axis=1) == outcomes.truths
    order = np.argsort(-sure, kind="stable")
    counts = outcomes.counts[order]
    parts = np.cumsum(right[order] * counts) / np.cumsum(counts)
    good = np.flatnonzero(parts >= PRECISION)
    last = int(good[-1]) if len(good) else 0
    return round(float(sure[order][last]), 4)


def _fitted(values: Floats, truths: Ints, counts: Floats) -> tuple[float, float]:
    """Return the pair with the least loss; where losses are alike, the milder one."""
    best, least = _UNFITTED, float("inf")
    places = np.arange(len(truths))
    for temperature in _TEMPERATURES:
        chosen = softmax(values / temperature)[places, truths]
        for doubt in _DOUBTS:
            losses = -np.log(chosen * (1 - doubt) + doubt / values.shape[1])
            loss = float((losses * counts).sum() / counts.sum())
            if loss < least - 1e-9:
                best, least = (temperature, doubt), loss
    return best
