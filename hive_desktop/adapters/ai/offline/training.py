"""Trains the embedded model from the vocabulary, and calibrates it on rows that it has not seen."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hive_desktop.adapters.ai.offline.artefact import FORMAT, Artefact, Header, quantised
from hive_desktop.adapters.ai.offline.augment import Augmenter
from hive_desktop.adapters.ai.offline.calibration import Outcomes, calibrated, threshold_of
from hive_desktop.adapters.ai.offline.features import BUCKETS, Extractor
from hive_desktop.adapters.ai.offline.linear import Rows, scores, train

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from hive_desktop.adapters.ai.offline.features import Read
    from hive_desktop.domain.vocabulary import Vocabulary
    from hive_desktop.ports.offline_model import Sample

_DECAY = 2e-6
_BATCH = 2048
_HIDDEN = 10  # every tenth fact is kept from the model that calibrates
# How many unknown businesses there are for one labelled row: more than in a person's rows, because
# the word lists were written by people who had seen the labelled ones.
_STRANGERS = 0.7


class Plan(NamedTuple):
    """How a model is made; the same plan over the same vocabulary makes the same bytes."""

    seed: int = 20
    epochs: int = 7
    per_merchant: int = 4
    per_word: int = 14


def make(
    vocabulary: Vocabulary,
    categories: Sequence[str],
    seen_by_no_training: Sequence[tuple[Sample, str]],
    plan: Plan = Plan(),  # noqa: B008 - a frozen value
) -> Artefact:
    """Return a trained, calibrated model.

    It is calibrated on labelled rows, and on rows made of facts that a first model of the rest was
    kept from: they stand for the businesses that no list has.

    Args:
        vocabulary: what it is trained from.
        categories: the classes.
        seen_by_no_training: labelled rows for calibration and for the threshold.
        plan: the numbers.
    """
    numbers = {name: place for place, name in enumerate(categories)}
    steps, scales = _trained(vocabulary, numbers, plan)
    outcomes = _outcomes(Extractor(vocabulary), (steps, scales), numbers, seen_by_no_training)
    kept, hidden = vocabulary.split(_HIDDEN)
    first = _trained(kept, numbers, plan)
    made = Augmenter(hidden, plan.seed + 1, 1, 1).rows()
    strangers = _outcomes(
        Extractor(kept), first, numbers, [(one.row, one.category) for one in made]
    )
    known = len(outcomes.truths) or len(strangers.truths)
    both = outcomes.counting(known).joined(strangers.counting(known * _STRANGERS))
    temperatures, doubts = calibrated(both)
    header = Header(
        FORMAT,
        f"{FORMAT}.{plan.seed}",
        list(categories),
        BUCKETS,
        scales,
        temperatures,
        doubts,
        threshold_of(both, temperatures, doubts),
        fingerprint(vocabulary),
    )
    return Artefact(header, steps)


def _trained(
    vocabulary: Vocabulary, numbers: Mapping[str, int], plan: Plan
) -> tuple[NDArray[np.int8], list[float]]:
    """Return the weights of a vocabulary, in steps and how much a step is."""
    extractor = Extractor(vocabulary)
    made = Augmenter(vocabulary, plan.seed, plan.per_merchant, plan.per_word).rows()
    reads = [_blinded(extractor.read(one.row), one.known) for one in made]
    rows, kept = rows_of(extractor, [one.row for one in made], reads)
    table = train(
        rows,
        np.array([numbers[made[place].category] for place in kept], dtype=np.int64),
        np.array([made[place].importance for place in kept]),
        buckets=BUCKETS,
        classes=len(numbers),
        epochs=plan.epochs,
        batch=_BATCH,
        decay=_DECAY,
        seed=plan.seed,
    )
    # A class's own level is free: what all classes share says nothing.
    return quantised(table - table.mean(axis=1, keepdims=True))


def rows_of(
    extractor: Extractor, samples: Sequence[Sample], reads: Sequence[Read]
) -> tuple[Rows, list[int]]:
    """Return the features of the rows that have any words, and which rows those are."""
    indices: list[int] = []
    weights: list[float] = []
    starts, kept = [0], []
    for place, (sample, read) in enumerate(zip(samples, reads, strict=True)):
        if read.words or read.mcc is not None:
            extractor.buckets(sample, read, indices, weights)
            starts.append(len(indices))
            kept.append(place)
    return Rows.of(indices, weights, starts), kept


def fingerprint(vocabulary: Vocabulary) -> str:
    """Return a hash of what a vocabulary says."""
    told = hashlib.sha256()
    for fact in vocabulary.facts:
        line = f"{fact.phrase}\t{fact.kind}\t{fact.direction}\t{sorted(fact.currencies)}\t"
        told.update(f"{line}{fact.is_alone}\n".encode())
    told.update(repr(sorted(vocabulary.mcc.items())).encode())
    return told.hexdigest()[:16]


def _blinded(read: Read, known: int) -> Read:
    """Return a reading as if the vocabulary knew less, so that letters are learned from as well."""
    if known == 2:
        return read
    kept = [] if known == 0 else [hit for hit in read.hits if not hit.fact.is_merchant]
    return read._replace(hits=kept)


def _outcomes(
    extractor: Extractor,
    table: tuple[NDArray[np.int8], list[float]],
    numbers: Mapping[str, int],
    labelled: Sequence[tuple[Sample, str]],
) -> Outcomes:
    samples = [sample for sample, _ in labelled]
    reads = [extractor.read(sample) for sample in samples]
    rows, kept = rows_of(extractor, samples, reads)
    if not kept:
        return Outcomes.none(len(numbers))
    steps, scales = table
    weights = steps.astype(np.float32) * np.array(scales, dtype=np.float32)
    return Outcomes(
        scores(weights, rows),
        np.array([numbers[labelled[place][1]] for place in kept], dtype=np.int64),
        np.array([reads[place].group for place in kept], dtype=np.int64),
        np.ones(len(kept)),
    )
