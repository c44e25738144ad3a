"""Reads the tables and the trained model from the program's resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.adapters.ai.offline import artefact
from hive_desktop.adapters.ai.offline.model import LinearModel
from hive_desktop.domain import vocabulary
from hive_desktop.ports.errors import EnvironmentFaultError

if TYPE_CHECKING:
    from pathlib import Path

    from hive_desktop.domain.vocabulary import Vocabulary

ARTEFACT = "model.bin"


def read_vocabulary(folder: Path) -> Vocabulary:
    """Return the vocabulary of a folder of tables.

    Raises:
        EnvironmentFaultError: a table is missing or damaged.
    """
    try:
        tables = {
            path.stem: _lines(path)
            for sort in ("merchants", "words")
            for path in sorted(folder.glob(f"{sort}_*.tsv"))
        }
        return vocabulary.read(_lines(folder / "kinds.tsv"), tables, _lines(folder / "mcc.tsv"))
    except (OSError, ValueError) as exc:
        raise EnvironmentFaultError(
            "The word list in {folder} is missing or damaged.",
            hint="Install Hive again.",
            folder=folder.name,
        ) from exc


def load_model(folder: Path) -> LinearModel:
    """Return the embedded model of a folder: its tables and `model.bin`.

    Raises:
        EnvironmentFaultError: a file is missing or damaged.
    """
    stored = artefact.load(folder / ARTEFACT)
    return LinearModel(read_vocabulary(folder), stored.header, stored.weights)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()
