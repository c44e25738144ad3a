"""Makes `resources/lexicon/model.bin` again: `python -m hive_desktop.adapters.ai.offline.train`."""

from __future__ import annotations

import argparse
import csv
import sys
import time
from decimal import Decimal
from pathlib import Path

from hive_desktop.adapters.ai.offline.loading import ARTEFACT, read_vocabulary
from hive_desktop.adapters.ai.offline.training import Plan, make
from hive_desktop.config import resources_dir
from hive_desktop.domain.categories import DEFAULT_CATEGORIES
from hive_desktop.domain.money import to_minor
from hive_desktop.ports.offline_model import Sample


def main() -> int:
    """Train, calibrate on a labelled file, and write the artefact; returns the exit code."""
    parser = argparse.ArgumentParser(prog="dev.py train")
    parser.add_argument("--calibrate", type=Path, required=True, help="a labelled CSV file")
    parser.add_argument("--out", type=Path, default=resources_dir() / "lexicon" / ARTEFACT)
    options = parser.parse_args()
    started = time.perf_counter()
    words = read_vocabulary(resources_dir() / "lexicon")
    names = [name for name, *_ in DEFAULT_CATEGORIES]
    made = make(words, names, labelled(options.calibrate), Plan())
    options.out.write_bytes(made.to_bytes())
    sys.stdout.write(
        f"{options.out.name}: {len(words.facts)} facts, threshold {made.header.threshold}, "
        f"temperatures {made.header.temperatures}, doubts {made.header.doubts}, "
        f"{time.perf_counter() - started:.0f} s\n"
    )
    return 0


def labelled(path: Path) -> list[tuple[Sample, str]]:
    """Return the rows of a file with the columns description, amount, currency and label."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            (
                Sample(
                    (None, line["description"], None),
                    to_minor(Decimal(line["amount"]), line["currency"]),
                    line["currency"],
                ),
                line["label"],
            )
            for line in csv.DictReader(lines)
        ]


if __name__ == "__main__":
    sys.exit(main())
