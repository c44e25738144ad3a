"""`hive import --list`, `--undo` and `--redo`: what was imported, and one of it taken back."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING

from hive_desktop.cli import context, ids, output, words
from hive_desktop.domain.ledger import BatchId
from hive_desktop.ports.errors import UsageError
from hive_desktop.ports.import_store import ImportState

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from typing import Any

    from hive_desktop.ports.import_store import ImportEffects, PastFile, PastImport
    from hive_desktop.services.session import VaultSession


def listing(options: argparse.Namespace) -> int:
    """List what was imported, the latest first."""

    async def work() -> int:
        async with context.session_of(options, may_read_only=True) as session:
            found = await session.importing.past.newest()
        if options.json:
            output.print_json({"imports": [_import(one) for one in found]})
        elif not found:
            output.say("Nothing was imported yet.")
        else:
            output.print_table(
                ("Imported", "File", "Account", "Rows", "State", "ID"),
                [_line(one, file) for one in found for file in one.files],
                right="Rows",
            )
        return 0

    return context.run(work)


def undo(options: argparse.Namespace) -> int:
    """Take an import back, after saying what that does."""

    async def work() -> int:
        async with context.session_of(options) as session:
            past = session.importing.past
            batch = await _meant(session, options.undo)
            effects = await past.effects(batch)
            if not options.json:
                for sentence in _effects(effects):
                    output.say(sentence)
            if not await context.agreed_inside(options, "Take it back?"):
                raise context.not_agreed(options)
            with output.progress(is_quiet=options.json) as tell:

                def heard(done: int, total: int) -> bool:
                    tell(f"{done:,} of {words.counted(total, 'row')} taken back")
                    return True

                with _telling_of_a_stop("--undo", batch):
                    undone = await past.undo(batch, heard)
        if options.json:
            output.print_json(
                {
                    "batch": output.id_text(batch),
                    "rows": undone.rows,
                    "undone": True,
                    "kept": effects.staying,
                    "accounts_gone": [
                        {"name": name, "later_rows": others} for name, others in effects.accounts
                    ],
                }
            )
        else:
            output.say(f"{undone.sentence} Redo: hive import --redo {ids.short(batch)}")
        return 0

    return context.run(work)


def redo(options: argparse.Namespace) -> int:
    """Do an import again that was undone."""

    async def work() -> int:
        async with context.session_of(options) as session:
            batch = await _meant(session, options.redo)
            with output.progress(is_quiet=options.json) as tell:

                def heard(done: int, total: int) -> bool:
                    tell(f"{done:,} of {words.counted(total, 'row')} done again")
                    return True

                with _telling_of_a_stop("--redo", batch):
                    redone = await session.importing.past.redo(batch, heard)
        if options.json:
            output.print_json(
                {"batch": output.id_text(batch), "rows": redone.rows, "undone": False}
            )
        else:
            output.say(redone.sentence)
        return 0

    return context.run(work)


@contextmanager
def _telling_of_a_stop(flag: str, batch: BatchId) -> Iterator[None]:
    """Say how to go on with what is stopped between two of its steps."""
    try:
        yield
    except asyncio.CancelledError:
        output.say(f"Stopped between two steps. Go on: hive import {flag} {ids.short(batch)}")
        raise


async def _meant(session: VaultSession, text: str) -> BatchId:
    found = await ids.meant(text, session.importing.past.ending)
    if found is None:
        raise UsageError(
            "No import has the id {text}.", hint="hive import --list has the ids.", text=text
        )
    return BatchId(found)


def _effects(effects: ImportEffects) -> list[str]:
    """Return in sentences what undoing would do."""
    leaving = words.counted(effects.leaving, "row")
    said = [f"{leaving} {'leaves' if effects.leaving == 1 else 'leave'} the ledger."]
    if effects.staying:
        said.append(f"{words.counted(effects.staying, 'row')} that a bank has told since: kept.")
    for name, others in effects.accounts:
        gone = f"The account “{output.printable(name)}” was made by this import and leaves too"
        more = f", with {words.counted(others, 'row')} that came into it later" if others else ""
        said.append(f"{gone}{more}.")
    return said


def _line(one: PastImport, file: PastFile) -> tuple[str, ...]:
    record = file.record
    return (
        output.moment(record.at) if record.at else "",
        record.file_name,
        file.account,
        f"{record.added:,}",
        _state(one, file),
        ids.short(one.batch),
    )


def _state(one: PastImport, file: PastFile) -> str:
    is_away = file.is_gone and one.state is ImportState.STANDS
    return "account deleted" if is_away else one.state.value


def _import(one: PastImport) -> dict[str, Any]:
    return {
        "batch": output.id_text(one.batch),
        "at": one.at.isoformat() if one.at else None,
        "state": one.state.value,
        "added": one.added,
        "files": [
            {
                "file": file.record.file_name,
                "format": file.record.kind,
                "sha256": file.record.file_hash.hex(),
                "account": file.account,
                "account_id": output.id_text(file.record.account_id),
                "is_account_deleted": file.is_gone,
                "added": file.record.added,
                "matched": file.record.matched,
                "doubtful": file.record.doubtful,
                "refused": file.record.refused,
            }
            for file in one.files
        ],
    }
