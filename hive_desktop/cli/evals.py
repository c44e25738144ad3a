"""`hive eval`: measure the offline model's categories against a labelled file."""

from __future__ import annotations

import csv
import time
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, NamedTuple

from hive_desktop import bootstrap
from hive_desktop.cli import output, streams, words
from hive_desktop.domain.categories import DEFAULT_CATEGORIES
from hive_desktop.domain.money import AmountError, to_minor
from hive_desktop.domain.scoring import Guess, score
from hive_desktop.ports.errors import UsageError
from hive_desktop.ports.offline_model import Sample

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path

    from hive_desktop.domain.ledger import Label
    from hive_desktop.domain.scoring import Score

_COLUMNS = ("description", "amount", "currency", "label")
_FORM = "The first line names the columns description, amount, currency and label."
_AMOUNT = "Write it like 1234.50, with a point and without separators; what came in is negative."
_QUOTES = "Close every quotation mark, and double those inside of a text."
_UNSAID_CURRENCY = "USD"
_BY_NAME = {name.casefold(): name for name, *_ in DEFAULT_CATEGORIES}


class _Row(NamedTuple):
    """One labelled row and the line of the file that it ends on."""

    line: int
    description: str
    sample: Sample
    truth: str


class _Labelled(NamedTuple):
    """What a file has: rows to measure, and what is to be said of the others."""

    rows: list[_Row]
    unlabelled: int
    without_currency: int
    unknown_labels: list[str]


def categorize(options: argparse.Namespace) -> int:
    """Score the labels of `description,amount,currency,label` rows; a negative amount came in.

    `rows_per_second` is of a model that has met none of the rows before. `coverage` and
    `precision_at_threshold` go by the model's own threshold. A label that is no category of Hive's
    is a mistake in any case; rows without a label are left out.
    """
    read = _read(options.file)
    model = bootstrap.offline_model()
    started = time.perf_counter()
    labels = model.label([row.sample for row in read.rows])
    seconds = max(time.perf_counter() - started, 1e-9)
    guesses = [
        Guess(row.truth, label.category if label else None, label.confidence if label else 0.0)
        for row, label in zip(read.rows, labels, strict=True)
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
        "rows_per_second": round(len(read.rows) / seconds),
        "backend": model.name,
        "unlabelled_rows": read.unlabelled,
        "rows_without_currency": read.without_currency,
        "unknown_labels": read.unknown_labels,
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
    if options.mistakes:
        document["mistakes"] = _mistakes(read.rows, labels, model.threshold)
    if options.json:
        output.print_json(document)
    else:
        _say(document, told)
    _warn(read)
    return 0


def _mistakes(
    rows: Sequence[_Row], labels: Sequence[Label | None], threshold: float
) -> list[dict[str, Any]]:
    """Return the rows that are not labelled as the file says, the surest first."""
    wrong = [
        {
            "line": row.line,
            "description": row.description,
            "label": row.truth,
            "guess": label.category if label else None,
            "confidence": round(label.confidence, 4) if label else 0.0,
            "is_sure": label is not None and label.confidence >= threshold,
            "reason": label.reason if label else None,
        }
        for row, label in zip(rows, labels, strict=True)
        if label is None or label.category != row.truth
    ]
    return sorted(wrong, key=lambda one: -one["confidence"])


def _say(document: dict[str, Any], told: Score) -> None:
    for key, value in document.items():
        if not isinstance(value, list):
            streams.out.write(f"{key:<24} {value}\n")
    output.print_table(
        ["CATEGORY", "PRECISION", "RECALL", "SUPPORT"],
        [
            [one.category, f"{one.precision:.2f}", f"{one.recall:.2f}", str(one.support)]
            for one in told.classes
        ],
        right="PRECISION RECALL SUPPORT",
    )
    if "mistakes" in document:
        output.print_table(
            ["LINE", "DESCRIPTION", "LABEL", "GUESS", "CONFIDENCE", "SURE"],
            [
                [
                    str(one["line"]),
                    one["description"],
                    one["label"],
                    one["guess"] or "(none)",
                    f"{one['confidence']:.2f}",
                    "yes" if one["is_sure"] else "",
                ]
                for one in document["mistakes"]
            ],
            right="LINE CONFIDENCE",
        )


def _warn(read: _Labelled) -> None:
    """Say on standard error what of the file may not be meant so."""
    if read.unknown_labels:
        known = ", ".join(_BY_NAME.values())
        output.say(
            f"No category of Hive's: {', '.join(read.unknown_labels)}. Rows with such a label "
            f"count as mistakes. The categories are {known}."
        )
    if read.unlabelled:
        output.say(f"{words.counted(read.unlabelled, 'row')} without a label left out.")
    if read.without_currency:
        rows = words.counted(read.without_currency, "row")
        output.say(f"{rows} without a currency read as {_UNSAID_CURRENCY}.")


def _read(path: Path) -> _Labelled:
    """Return the file's rows.

    Raises:
        UsageError: it cannot be read, lacks a column or a row, or has an unusable amount.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return _rows(path.name, csv.DictReader(lines, strict=True))
    except OSError as exc:
        raise _unreadable(path.name, exc.strerror or "the system says no more", "") from exc
    except UnicodeDecodeError as exc:
        raise _unreadable(path.name, "it is not a text in UTF-8", "Save it as UTF-8.") from exc
    except csv.Error as exc:
        if "field larger" in str(exc):
            reason, hint = "a field is longer than 131,072 characters", _QUOTES
        else:
            reason, hint = "a quotation mark is not closed, or stands inside of a text", _QUOTES
        raise _unreadable(path.name, reason, hint) from exc


def _unreadable(name: str, reason: str, hint: str) -> UsageError:
    return UsageError("{file} cannot be read: {reason}.", hint=hint, file=name, reason=reason)


def _rows(name: str, reader: csv.DictReader[str]) -> _Labelled:
    missing = [one for one in _COLUMNS if one not in (reader.fieldnames or ())]
    if missing:
        is_otherwise = any(";" in one or "\t" in one for one in reader.fieldnames or ())
        raise UsageError(
            "{file} has no column {missing}.",
            hint=f"{_FORM} Commas separate them." if is_otherwise else _FORM,
            file=name,
            missing=", ".join(missing),
        )
    rows: list[_Row] = []
    unlabelled = without_currency = 0
    unknown: dict[str, None] = {}
    for fields in reader:
        line = reader.line_num
        if any(fields[one] is None for one in _COLUMNS):
            raise UsageError("Line {line} has too few columns.", hint=_FORM, line=line)
        said = fields["label"].strip()
        if not said:
            unlabelled += 1
            continue
        truth = _BY_NAME.get(said.casefold(), said)
        if truth not in _BY_NAME.values():
            unknown.setdefault(truth)
        currency = fields["currency"].strip().upper()
        without_currency += not currency
        amount = _amount(fields["amount"], currency or _UNSAID_CURRENCY, line)
        text = fields["description"]
        sample = Sample((None, text, None), amount, currency or _UNSAID_CURRENCY)
        rows.append(_Row(line, text, sample, truth))
    if not rows:
        raise UsageError("{file} has no labelled row.", hint=_FORM, file=name)
    return _Labelled(rows, unlabelled, without_currency, list(unknown))


def _amount(text: str, currency: str, line: int) -> int:
    try:
        return to_minor(Decimal(text.strip()), currency)
    except (InvalidOperation, AmountError) as exc:
        raise UsageError(
            "Line {line} has no usable amount: {text}.",
            hint=_AMOUNT,
            line=line,
            text=repr(text.strip()[:40]),
        ) from exc
