"""What commands that write rows into files have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.cli import context, output, words
from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from hive_desktop.domain.exporting import ExportFormat
    from hive_desktop.domain.ledger import TransactionQuery
    from hive_desktop.services.exporting import Exported, ExportService


def check_free(options: argparse.Namespace, file: Path) -> None:
    """Refuse to write over a file, unless that is meant.

    Raises:
        UsageError: it is there, and nobody agreed; or it is no place for a file.
    """
    if file.is_dir() or not file.absolute().parent.is_dir():
        reason = "is a folder" if file.is_dir() else "is in a folder that is not there"
        raise UsageError(
            "{file} {told}.",
            title="Nothing was written",
            hint="Name a file.",
            file=file,
            told=reason,
        )
    if not file.exists() or options.force:
        return
    question = f"{file} is there already. Write over it?"
    if options.json or not context.says_yes(question):
        raise UsageError(
            "{file} is there already.",
            title="Nothing was written",
            hint="Give another name, or --force to write over it.",
            file=file,
        )


async def write_rows(
    options: argparse.Namespace,
    exports: ExportService,
    form: ExportFormat,
    query: TransactionQuery,
    file: Path,
) -> int:
    """Write the rows of a query into a file, and say how many; returns the exit code."""
    with output.progress(is_quiet=options.json) as tell:

        def heard(done: int, total: int) -> bool:
            tell(f"{done:,} of {words.counted(total, 'row')} written")
            return True

        done = await exports.write(form, query, file, on_progress=heard)
    rows = 0 if done is None else done.rows
    if options.json:
        output.print_json(
            {
                "file": str(file),
                "rows": rows,
                "left_out": 0 if done is None else done.left_out,
                "without_balance": [] if done is None else list(done.without_balance),
            }
        )
        return 0
    output.say(f"{words.counted(rows, 'row')} written to {file}.")
    say_left_out(done)
    return 0


def say_left_out(done: Exported | None) -> None:
    """Say what a format has no place for, and what it wants that nobody knows."""
    if done is not None and done.left_out:
        rows = words.counted(done.left_out, "pending row")
        output.say(f"{rows} left out: this format has no place for them.")
    if done is not None and done.without_balance:
        names = ", ".join(map(output.printable, done.without_balance))
        output.say(
            f"No balance is known of {names}, so the sum of the rows is written, as the format "
            "wants one. hive accounts balance says what an account holds."
        )
