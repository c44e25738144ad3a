"""`hive eval`: measure the offline model's categories against a labelled file."""

from __future__ import annotations

import csv
import sys
import time
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from hive_desktop import bootstrap
from hive_desktop.cli import output
from hive_desktop.domain.money import AmountError, to_minor
from hive_desktop.domain.scoring import Guess, score
from hive_desktop.ports.errors import UsageError
from hive_desktop.ports.offline_model import Sample

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

_COLUMNS = ("description", "amount", "currency", "label")


def categorize(options: argparse.Namespace) -> int:
    """Score the labels of `description,amount,currency,label` rows; a negative amount came in.

    `rows_per_second` is of a model that has met none of the rows before. `coverage` and
    `precision_at_threshold` go by the model's own threshold.
    """
    rows = _read(options.file)
    model = bootstrap.offline_model()
    started = time.perf_counter()
    labels = model.label([sample for sample, _ in rows])
    seconds = max(time.perf_counter() - started, 1e-9)
    guesses = [
        Guess(truth, label.category if label else None, label.confidence if label else 0.0)
        for (_, truth), label in zip(rows, labels, strict=True)
    ]
    told = score(guesses, model.threshold)
    document: dict[str, Any] = {
        "rows": told.rows,
        "accuracy": round(told.accuracy, 4),
        "macro_f1": round(told.macro_f1, 4),
        "coverage": round(told.coverage, 4),
        "precision_at_threshold": round(told.precision_at_threshold, 4),
        "threshold": model.threshold,
        "ece": round(told.ece, 4),
        "rows_per_second": round(len(rows) / seconds),
        "backend": model.name,
        "classes": [
            {
                "category": one.category,
                "precision": round(one.precision, 4),
                "recall": round(one.recall, 4),
                "support": one.support,
            }
            for one in told.classes
        ],
    }
    if options.json:
        output.print_json(document)
        return 0
    for key, value in document.items():
        if key != "classes":
            sys.stdout.write(f"{key:<24} {value}\n")
    output.print_table(
        ["CATEGORY", "PRECISION", "RECALL", "SUPPORT"],
        [
            [one.category, f"{one.precision:.2f}", f"{one.recall:.2f}", str(one.support)]
            for one in told.classes
        ],
        right="PRECISION RECALL SUPPORT",
    )
    return 0


def _read(path: Path) -> list[tuple[Sample, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            missing = [name for name in _COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise UsageError(
                    "{file} has no column {missing}.",
                    hint="The first line names description, amount, currency and label.",
                    file=path.name,
                    missing=", ".join(missing),
                )
            return [_row(line, number) for number, line in enumerate(reader, start=2)]
    except (OSError, UnicodeDecodeError, csv.Error) as exc:
        reason = getattr(exc, "strerror", None) or "it is not a text of comma-separated values"
        raise UsageError("{file} cannot be read: {reason}.", file=path, reason=reason) from exc


def _row(line: dict[str, str | None], number: int) -> tuple[Sample, str]:
    currency = (line["currency"] or "").strip().upper() or "USD"
    try:
        amount = to_minor(Decimal((line["amount"] or "").strip()), currency)
    except (InvalidOperation, AmountError) as exc:
        raise UsageError(
            "Line {number} has no usable amount.", hint="Give a number.", number=number
        ) from exc
    sample = Sample((None, line["description"] or "", None), amount, currency)
    return sample, (line["label"] or "").strip()
