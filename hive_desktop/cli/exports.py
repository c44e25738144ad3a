"""`hive export`: the ledger for other programs."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from hive_desktop import config
from hive_desktop.cli import context, output, reading, streams, words
from hive_desktop.cli.exporting import check_free, say_left_out, write_rows
from hive_desktop.domain.exporting import ARCHIVE_SUFFIX, ExportFormat
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.domain.search import unread
from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping

    from hive_desktop.services.exporting import ExportService
    from hive_desktop.services.session import VaultSession

ARCHIVE, PLAIN, OVERVIEW = "archive", "sqlite", "overview"
KINDS = (*(one.value for one in ExportFormat), ARCHIVE, PLAIN, OVERVIEW)

_STANDARD_OUTPUT = Path("-")
_FILTERS = {
    "filter": "--filter",
    "account": "--account",
    "category": "--category",
    "start": "--since",
    "end": "--until",
}
_UNPROTECTED = (
    "A plain SQLite file has no passphrase: whoever gets it can read all of it. "
    "Hive's own sign-ins and keys are not in it."
)


def export(options: argparse.Namespace) -> int:
    """Write the ledger in a format, or print the schema of JSON lines."""
    if options.schema:
        file = config.resources_dir() / "schemas" / "transaction.schema.json"
        streams.out.write(file.read_text(encoding="utf-8"))
        return 0
    if options.format is None or options.file is None:
        raise UsageError(
            "A format and a file are needed.",
            title="Nothing was written",
            hint="For example: hive export csv rows.csv, or - for standard output.",
        )
    whole = options.format in (ARCHIVE, PLAIN, OVERVIEW)
    if whole:
        _check_filters(options)
    is_sent = options.file == _STANDARD_OUTPUT
    if is_sent and (whole or options.json):
        raise UsageError(
            "This cannot be written to standard output.",
            title="Nothing was written",
            hint="Name a file.",
        )
    if not is_sent:
        _check_ending(options)
        check_free(options, options.file)
    if options.format == OVERVIEW:
        return _overview(options)
    if options.format == PLAIN:
        _agree(options)

    async def work() -> int:
        async with context.session_of(options, may_read_only=True) as session:
            with _stopped_in_words(options.file):
                if whole:
                    return await _whole(options, session.exports)
                return await _rows(options, session)

    return context.run(work)


@contextmanager
def _stopped_in_words(file: Path) -> Iterator[None]:
    """Say what became of a file whose writing was stopped."""
    before = _mark(file)
    try:
        yield
    except asyncio.CancelledError:
        if _mark(file) != before:
            output.say(f"It was too late to stop: {file} is written.")
        elif file != _STANDARD_OUTPUT:
            output.say("Stopped: nothing was written.")
        raise


def _mark(file: Path) -> tuple[int, int] | None:
    """Return what tells a file from one that took its place."""
    try:
        told = file.stat()
    except OSError:
        return None
    return told.st_ino, told.st_mtime_ns


async def _rows(options: argparse.Namespace, session: VaultSession) -> int:
    ledger = session.ledger
    reading.checked_span(options.start, options.end)
    chosen = await reading.category_named(ledger, options.category) if options.category else None
    query = TransactionQuery(
        start=options.start,
        end=options.end,
        accounts=await reading.accounts_named(ledger, options.account) if options.account else (),
        categories=(chosen.id,) if chosen else (),
        uncategorized=bool(options.category) and chosen is None,
        text=options.filter or "",
    )
    if ignored := unread(query.text):
        raise UsageError(
            "Not understood in --filter: {words}",
            title="Nothing was written",
            hint="Put in quotes what is searched for as it stands, or leave it out.",
            words=", ".join(ignored),
        )
    form = ExportFormat(options.format)
    if options.file != _STANDARD_OUTPUT:
        return await write_rows(options, session.exports, form, query, options.file)
    done = await session.exports.send(form, query, streams.out.write)
    say_left_out(done)
    return 0


async def _whole(options: argparse.Namespace, exports: ExportService) -> int:
    write = exports.write_archive if options.format == ARCHIVE else exports.write_plain
    with output.progress(is_quiet=options.json) as tell:
        rows: Mapping[str, int] = await write(options.file, words.rows_far(tell, "Writing"))
    if options.json:
        output.print_json({"file": str(options.file), "rows": dict(rows)})
        return 0
    held = words.counted(rows.get("transactions", 0), "transaction")
    output.say(f"{held} and all that belongs to them written to {options.file}.")
    if options.format == ARCHIVE:
        output.say("It is not encrypted. Make a vault of it by: hive vault create --from FILE")
    else:
        output.say(_UNPROTECTED)
    return 0


def _overview(options: argparse.Namespace) -> int:
    from hive_desktop.cli.overview_files import write  # noqa: PLC0415 - the window's library

    return write(options)


def _agree(options: argparse.Namespace) -> None:
    if not options.yes:
        output.say(_UNPROTECTED)
    if not context.agreed(options, "Write it all the same?"):
        raise UsageError(
            "A file that nothing protects is written only where that is agreed to.",
            title="Nothing was written",
            hint="Add --yes, or write an encrypted backup: hive backup now",
        )


def _check_ending(options: argparse.Namespace) -> None:
    if options.format == ARCHIVE and options.file.suffix.lower() != ARCHIVE_SUFFIX:
        raise UsageError(
            "An archive is written as a {ending}.",
            title="Nothing was written",
            hint="Give the file that ending.",
            ending=ARCHIVE_SUFFIX,
        )


def _check_filters(options: argparse.Namespace) -> None:
    days = ("start", "end") if options.format == OVERVIEW else ()
    given = [
        flag
        for name, flag in _FILTERS.items()
        if name not in days and getattr(options, name) is not None
    ]
    if given:
        raise UsageError(
            "{flags} choose rows, and this has all of them.",
            title="Nothing was written",
            hint="Leave them out.",
            flags=", ".join(given),
        )
