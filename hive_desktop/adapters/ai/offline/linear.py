"""Multinomial logistic regression over sparse rows, in numpy and in double precision."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_RATE, _EPSILON = 0.35, 1e-8


class Rows(NamedTuple):
    """Sparse rows: row `n` has the features from `starts[n]` to `starts[n + 1]`; none is empty."""

    indices: Ints
    weights: Floats
    starts: Ints

    @classmethod
    def of(cls, indices: Sequence[int], weights: Sequence[float], starts: Sequence[int]) -> Rows:
        """Return rows of lists; `starts` has one more entry than there are rows."""
        return cls(
            np.array(indices, dtype=np.int64),
            np.array(weights, dtype=np.float64),
            np.array(starts, dtype=np.int64),
        )

    def take(self, chosen: Ints) -> Rows:
        """Return some of the rows, in the order asked for."""
        lengths = (self.starts[1:] - self.starts[:-1])[chosen]
        starts = np.concatenate(([0], np.cumsum(lengths)))
        flat = np.arange(starts[-1]) + np.repeat(self.starts[:-1][chosen] - starts[:-1], lengths)
        return Rows(self.indices[flat], self.weights[flat], starts)


def scores(table: NDArray[np.float32] | Floats, rows: Rows) -> Floats:
    """Return each row's score of each class."""
    parts = table[rows.indices] * rows.weights[:, None].astype(table.dtype)
    return np.add.reduceat(parts, rows.starts[:-1], axis=0).astype(np.float64)


def softmax(values: Floats) -> Floats:
    """Return probabilities of scores."""
    powers = np.exp(values - values.max(axis=1, keepdims=True))
    whole: Floats = powers / powers.sum(axis=1, keepdims=True)
    return whole


def train(  # noqa: PLR0913 - what a training is made of
    rows: Rows,
    targets: Ints,
    importance: Floats,
    *,
    buckets: int,
    classes: int,
    epochs: int,
    batch: int,
    decay: float,
    seed: int,
) -> Floats:
    """Return weights of shape (buckets, classes), by AdaGrad (Duchi et al., 2011).

    Args:
        rows: the features.
        targets: each row's class.
        importance: each row's part in the loss.
        buckets: how many features there can be.
        classes: how many classes there are.
        epochs: how often every row is seen.
        batch: rows a step.
        decay: L2 penalty, taken on the weights that a step touches.
        seed: of the order of rows.
    """
    order = np.random.Generator(np.random.PCG64(seed))
    table = np.zeros((buckets, classes))
    squares = np.full((buckets, classes), 1e-3)
    for _ in range(epochs):
        shuffled = order.permutation(len(targets))
        for at in range(0, len(targets), batch):
            chosen = shuffled[at : at + batch]
            part = rows.take(chosen)
            error = softmax(scores(table, part))
            error[np.arange(len(chosen)), targets[chosen]] -= 1.0
            error *= importance[chosen, None]
            touched, gradient = _gradient(part, error, classes)
            gradient = gradient / len(chosen) + decay * table[touched]
            squares[touched] += gradient * gradient
            table[touched] -= _RATE * gradient / (np.sqrt(squares[touched]) + _EPSILON)
    return table


def _gradient(rows: Rows, error: Floats, classes: int) -> tuple[Ints, Floats]:
    """Return the features of some rows and the loss's slope in each class's weight."""
    touched, places = np.unique(rows.indices, return_inverse=True)
    of_row = np.repeat(np.arange(len(rows.starts) - 1), np.diff(rows.starts))
    slopes = np.empty((len(touched), classes))
    for one in range(classes):
        slopes[:, one] = np.bincount(
            places, weights=error[of_row, one] * rows.weights, minlength=len(touched)
        )
    return touched, slopes
