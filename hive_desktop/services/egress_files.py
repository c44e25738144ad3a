"""The record of what left the machine as a file for other programs: CSV, or JSON lines."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, Final, Self

from hive_desktop.domain.csv_cells import safe_cell
from hive_desktop.ports.errors import UsageError
from hive_desktop.services.whole_file import WholeFile

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from hive_desktop.ports.egress import EgressLine

FIELDS: Final = (
    "id",
    "at",
    "host",
    "method",
    "path",
    "purpose",
    "status",
    "result",
    "seconds",
    "body",
    "body_length",
    "body_hash",
    "model",
    "prompt_tokens",
    "completion_tokens",
    "cost_micros",
    "is_at_most",
)


def as_document(line: EgressLine) -> dict[str, Any]:
    """Return an entry as JSON has it: the instant in UTC, the hash as hexadecimal text.

    `is_at_most` tells that the cost is the most that it can be.
    """
    entry = line.entry
    known = {"id": line.id, "at": entry.at.isoformat(), "body_hash": entry.body_hash.hex()}
    return {name: known[name] if name in known else getattr(entry, name) for name in FIELDS}


def as_csv(lines: Iterable[EgressLine]) -> str:
    """Return entries as lines of CSV (RFC 4180), without headings."""
    text = io.StringIO()
    writer = csv.writer(text)
    for line in lines:
        writer.writerow([safe_cell(value) for value in as_document(line).values()])
    return text.getvalue()


def as_json_lines(lines: Iterable[EgressLine]) -> str:
    """Return entries as JSON documents, one a line."""
    return "".join(f"{json.dumps(as_document(line), ensure_ascii=False)}\n" for line in lines)


class EgressFile(WholeFile):
    """The record as a file, CSV or JSON lines by its name; see `WholeFile`.

    Raises:
        UsageError: its name ends neither in .csv nor in .jsonl, or it cannot be written.
    """

    def __init__(self, file: Path) -> None:
        super().__init__(file)
        known = {".csv": as_csv, ".jsonl": as_json_lines}.get(file.suffix.lower())
        if known is None:
            raise UsageError(
                "{file} is neither a .csv nor a .jsonl file.",
                hint="Give it a name that ends in one of them.",
                file=file.name,
            )
        self._as_text = known

    def __enter__(self) -> Self:
        """Open it, with headings where it is CSV."""
        super().__enter__()
        if self._as_text is as_csv:
            self.write(",".join(FIELDS) + "\r\n")
        return self

    def add(self, lines: list[EgressLine]) -> None:
        """Add entries."""
        self.write(self._as_text(lines))
