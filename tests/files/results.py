"""What becomes of each real file: `python -m tests.files.results [FOLDER]` prints a table."""

import csv
import sys
import time
from pathlib import Path

from hive_desktop.ports.errors import UnreadableFileError
from tests.files.reading import REAL, check, counts, read


def expected_of(folder):
    """Return the manifest: file to expected number of transactions, None where nobody knows."""
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as stream:
        return {
            one["file"]: int(one["expected_transactions"]) if one["expected_transactions"] else None
            for one in csv.DictReader(stream)
        }


def result_of(path):
    """Return rows read, rows refused, and a remark."""
    began = time.process_time()
    try:
        found = read(path)
    except UnreadableFileError as exc:
        return 0, 0, f"refused: {exc.arguments['reason']}"
    check(found)
    rows, refused = counts(found)
    said = list(found.dialect)
    why = sorted({one.reason for statement in found.statements for one in statement.refused})
    said += [f"refused rows: {one}" for one in why]
    if found.confidence < 1:
        said.insert(0, f"confidence {found.confidence:.2f}")
    if time.process_time() - began > 1:
        said.append("SLOW")
    return rows, refused, " ".join(said)


def main(folder):
    expected = expected_of(folder)
    lines = ["| file | expected | read | refused | remark |", "| --- | ---: | ---: | ---: | --- |"]
    for name, wanted in expected.items():
        rows, refused, said = result_of(folder / name)
        told = "" if wanted is None else wanted
        lines.append(f"| {name} | {told} | {rows} | {refused} | {said} |")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else REAL)
