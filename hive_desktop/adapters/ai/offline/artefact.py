"""The trained model as a file: a line of JSON, then the weights as bytes.

Weights are one signed byte each, of shape (buckets, classes), times their class's scale.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from hive_desktop.ports.errors import EnvironmentFaultError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

FORMAT = 1
_STEPS = 127


@dataclass(frozen=True, slots=True)
class Header:
    """What stands before the weights.

    `temperatures` and `doubts` are per group of `features.Read.group`: scores are divided by the
    first, and the second is the probability that goes to all classes alike. `vocabulary` is a hash
    of the tables that the model was trained with.
    """

    format: int
    version: str
    classes: list[str]
    buckets: int
    scales: list[float]
    temperatures: list[float]
    doubts: list[float]
    threshold: float
    vocabulary: str


@dataclass(frozen=True, slots=True)
class Artefact:
    """A header with its weights, as stored."""

    header: Header
    steps: NDArray[np.int8]

    @property
    def weights(self) -> NDArray[np.float32]:
        """Return the weights themselves."""
        scales = np.array(self.header.scales, dtype=np.float32)
        return self.steps.astype(np.float32) * scales

    def to_bytes(self) -> bytes:
        """Return the file's content."""
        line = json.dumps(asdict(self.header), sort_keys=True, ensure_ascii=True)
        return line.encode() + b"\n" + self.steps.tobytes()


def quantised(
    table: NDArray[np.float64],
) -> tuple[NDArray[np.int8], list[float]]:
    """Return weights in steps of a byte, and how much a step is for each class."""
    largest = np.maximum(np.abs(table).max(axis=0), 1e-9)
    scales = [float(f"{one:.6e}") for one in largest / _STEPS]
    steps = np.clip(np.rint(table / np.array(scales)), -_STEPS, _STEPS)
    return steps.astype(np.int8), scales


def load(path: Path) -> Artefact:
    """Return a stored model.

    Raises:
        EnvironmentFaultError: the file is missing, cut, or of another format.
    """
    try:
        line, _, rest = path.read_bytes().partition(b"\n")
        header = Header(**json.loads(line))
        steps = np.frombuffer(rest, dtype=np.int8).reshape(header.buckets, len(header.classes))
    except (OSError, ValueError, TypeError) as exc:
        raise EnvironmentFaultError(
            "The offline model {file} is missing or damaged.",
            hint="Install Hive again; in a source checkout run: python3 packaging/dev.py train",
            file=path.name,
        ) from exc
    if header.format != FORMAT:
        raise EnvironmentFaultError(
            "The offline model {file} is of another version of Hive.",
            hint="Install Hive again; in a source checkout run: python3 packaging/dev.py train",
            file=path.name,
        )
    return Artefact(header, steps)
