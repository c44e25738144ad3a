"""The record of what left the machine as a file for other programs: CSV, or JSON lines."""

from __future__ import annotations

import csv
import io
import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Self

from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from types import TracebackType
    from typing import IO

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
_PRIVATE: Final = 0o600
# A spreadsheet takes a cell that begins so for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


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
        writer.writerow([_cell(value) for value in as_document(line).values()])
    return text.getvalue()


def as_json_lines(lines: Iterable[EgressLine]) -> str:
    """Return entries as JSON documents, one a line."""
    return "".join(f"{json.dumps(as_document(line), ensure_ascii=False)}\n" for line in lines)


class EgressFile:
    """A file that is there once it is whole; only its owner may read it.

    Used as a context: leaving it before `finish` leaves nothing behind.

    Raises:
        UsageError: its name ends neither in .csv nor in .jsonl, or it cannot be written.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._format = {".csv": as_csv, ".jsonl": as_json_lines}.get(file.suffix.lower())
        if self._format is None:
            raise UsageError(
                "{file} is neither a .csv nor a .jsonl file.",
                hint="Give it a name that ends in one of them.",
                file=file.name,
            )
        self._draft = file.with_name(f".{file.name}.part")
        self._out: IO[str] | None = None

    def __enter__(self) -> Self:
        """Open it."""
        try:
            handle = os.open(self._draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, _PRIVATE)
            self._out = os.fdopen(handle, "w", encoding="utf-8", newline="")
            if self._format is as_csv:
                self._out.write(",".join(FIELDS) + "\r\n")
        except OSError as exc:
            raise self._refused(exc) from exc
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _exc: BaseException | None,
        _at: TracebackType | None,
    ) -> None:
        """Remove what is not whole."""
        if self._out is not None:
            with suppress(OSError):
                self._out.close()
            with suppress(OSError):
                self._draft.unlink(missing_ok=True)

    def write(self, lines: list[EgressLine]) -> None:
        """Add entries."""
        if self._format is None or self._out is None:
            raise ValueError("the file is not open")
        try:
            self._out.write(self._format(lines))
        except OSError as exc:
            raise self._refused(exc) from exc

    def finish(self) -> None:
        """Put it into its place."""
        if self._out is None:
            raise ValueError("the file is not open")
        try:
            self._out.close()
            self._draft.replace(self._file)
        except OSError as exc:
            raise self._refused(exc) from exc

    def _refused(self, exc: OSError) -> UsageError:
        return UsageError(
            "{file} cannot be written: {reason}.",
            hint="Choose another place.",
            file=self._file,
            reason=exc.strerror or "refused",
        )


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
