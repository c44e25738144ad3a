"""`hive export overview`: the Overview as a PDF or a picture, painted without a display."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop import bootstrap
from hive_desktop.cli import context, output, served
from hive_desktop.domain.days import Span
from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    import argparse

ENDINGS = (".pdf", ".png")


def write(options: argparse.Namespace) -> int:
    """Write the Overview: of the days that are told, else of this month or the last with rows.

    Raises:
        UsageError: the file's name says neither, or only one day is told.
    """
    if options.file.suffix.lower() not in ENDINGS:
        raise UsageError(
            "The overview is written as a .pdf or as a .png.",
            title="Nothing was written",
            hint="Give the file one of these endings.",
        )
    if (options.start is None) != (options.end is None):
        raise UsageError(
            "The overview needs both days, or none.",
            title="Nothing was written",
            hint="Give --since and --until, or leave both out.",
        )
    span = None if options.start is None else Span(options.start, options.end)

    async def work() -> int:
        async with context.session_of(options, may_read_only=True) as session:
            await bootstrap.write_overview(session, options.file, span)
        if options.json:
            output.print_json({"file": str(options.file)})
        else:
            output.say(f"Written to {options.file}.")
        return 0

    if served.current() is not None:
        return context.run(work)
    return bootstrap.run_offscreen(work)
