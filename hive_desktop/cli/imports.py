"""`hive import`: what files would bring, and then the same as one change to undo."""

from __future__ import annotations

import asyncio
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from hive_desktop.cli import context, imported, output, shapes, words
from hive_desktop.cli.accounts import account_meant
from hive_desktop.domain.days import from_day
from hive_desktop.domain.importing import Verdict
from hive_desktop.domain.money import NO_CURRENCY
from hive_desktop.ports.errors import UsageError
from hive_desktop.ports.errors.files import UnreadableFileError
from hive_desktop.services.importing_ending import Ending

if TYPE_CHECKING:
    import argparse
    from pathlib import Path
    from typing import Any, TypeAlias

    from hive_desktop.domain.csv_layouts import CsvLayout
    from hive_desktop.services.importing_preview import Imported, Preview, Section
    from hive_desktop.services.importing_source import Source
    from hive_desktop.services.importing_targets import Target
    from hive_desktop.services.session import VaultSession

    Unread: TypeAlias = tuple[str, UnreadableFileError]

_NEW = "new"
_SHOWN = 20
_REFUSED = 1
_WORDS = {
    Verdict.NEW: "new",
    Verdict.MATCHED: "already there",
    Verdict.DOUBTFUL: "doubtful",
    Verdict.REFUSED: "refused",
}


def take(options: argparse.Namespace) -> int:
    """Import files, or only show what that would do; or look at what was imported."""
    _check(options)
    if options.list:
        return imported.listing(options)
    if options.undo is not None:
        return imported.undo(options)
    if options.redo is not None:
        return imported.redo(options)

    ending = Ending()

    async def work() -> int:
        try:
            return await _take(options, ending)
        except asyncio.CancelledError:
            if ending.is_over:
                output.say(f"It was too late to stop: all of it is imported. {words.UNDO}")
            else:
                output.say("Stopped: nothing was imported.")
            raise

    return context.run(work)


async def _take(options: argparse.Namespace, ending: Ending) -> int:
    async with context.session_of(options) as session:
        sources, unread = await _opened(session, options)
        targets = await _targets(session, options, sources)
        preview = await session.importing.preview(sources, targets)
        if not options.json:
            for _, error in unread:
                output.say_error(error)
            if sources:
                _show(preview, sources, is_same=options.same)
        if options.dry_run or not sources or _is_refused_whole(preview):
            return _end(options, preview, None, unread)
        counts = preview.counts
        coming = counts.new if options.same else counts.new + counts.doubtful
        question = f"Add {words.counted(coming, 'row')}?"
        if coming and not await context.agreed_inside(options, question):
            raise context.not_agreed(options, "Nothing was imported")
        answers = _answers(options, preview)
        done = await session.importing.commit(preview, answers, ending)
    return _end(options, preview, done, unread)


def _check(options: argparse.Namespace) -> None:
    """Refuse options that say nothing together."""
    looks_back = options.list or options.undo is not None or options.redo is not None
    if looks_back and options.files:
        raise UsageError(
            "A file is imported, or an earlier import is looked at: not both.",
            hint="Leave out the files, or --list, --undo and --redo.",
        )
    if not looks_back and not options.files:
        raise UsageError(
            "No file is named.",
            hint="hive import FILE imports one; hive import --list shows what was imported.",
        )


async def _opened(
    session: VaultSession, options: argparse.Namespace
) -> tuple[list[Source], list[Unread]]:
    """Return the files as they are read, and those that cannot be read.

    Raises:
        UnreadableFileError: there is one file, and it cannot be read.
    """
    sources: list[Source] = []
    unread: list[Unread] = []
    places: list[tuple[Path, str]] = []
    for path in options.files:
        try:
            places += [(path, member) for member in await session.importing.members(path)]
        except UnreadableFileError as error:
            unread.append((path.name, error))
    for path, member in places:
        try:
            sources.append(await _read(session, options, path, member))
        except UnreadableFileError as error:
            unread.append((PurePosixPath(member).name or path.name, error))
    if len(unread) == 1 and not sources:
        raise unread[0][1]
    return sources, unread


async def _read(
    session: VaultSession, options: argparse.Namespace, path: Path, member: str
) -> Source:
    currency = (options.currency or "").upper()
    name = output.printable(PurePosixPath(member).name or path.name)
    with output.progress(is_quiet=options.json) as tell:

        def heard(done: int, total: int) -> bool:
            tell(f"Reading {name}... {100 * done // total} %")
            return True

        tell(f"Reading {name}...")
        source = await session.importing.open(path, member=member, currency=currency, heard=heard)
        layout = _layout(options, source)
        if layout is None:
            return source
        return await session.importing.open(
            path, member=member, layout=layout, currency=currency, heard=heard
        )


def _layout(options: argparse.Namespace, source: Source) -> CsvLayout | None:
    """Return how the person says that a file is read, or None where they say nothing."""
    from hive_desktop.domain.csv_layouts import Sign  # noqa: PLC0415 - of an import only
    from hive_desktop.services.importing_layouts import corrected  # noqa: PLC0415 - as said

    told = (options.columns, options.dates, options.decimal, options.positive)
    if all(one is None for one in told):
        return None
    signs = {"in": Sign.IN_POSITIVE, "out": Sign.OUT_POSITIVE}
    return corrected(
        source.guess.layout if source.guess is not None else None,
        roles=options.columns,
        date_order=options.dates,
        decimal_mark=options.decimal,
        sign=None if options.positive is None else signs[options.positive],
    )


async def _targets(
    session: VaultSession, options: argparse.Namespace, sources: list[Source]
) -> list[list[Target]]:
    from hive_desktop.services.importing_targets import Target  # noqa: PLC0415 - as said

    targets = await session.importing.suggested(sources, is_new=options.account == _NEW)
    if options.account not in (None, _NEW):
        chosen = Target(await account_meant(session, options.account))
        return [[chosen] * len(some) for some in targets]
    named = [
        [
            one._replace(new=session.importing.named(one.new, options.name, options.currency))
            if one.new is not None
            else one
            for one in some
        ]
        for some in targets
    ]
    if any(one.new is not None and not one.new.currency for some in named for one in some):
        raise UsageError(
            "The file does not say in which currency its amounts are.",
            hint="Add --currency with its three letters, like --currency EUR.",
        )
    if options.name and sum(one.new is not None for some in named for one in some) == 0:
        raise UsageError(
            "No new account would be made.", hint="Add --account new, or leave --name out."
        )
    return named


def _answers(options: argparse.Namespace, preview: Preview) -> dict[tuple[int, int], bool]:
    """Return what --same says of doubtful rows."""
    if not options.same:
        return {}
    return {
        (place, at): True
        for place, section in enumerate(preview.sections)
        for at, one in enumerate(section.judged)
        if one.verdict is Verdict.DOUBTFUL
    }


def _is_refused_whole(preview: Preview) -> bool:
    counts = preview.counts
    return counts.refused > 0 and not (counts.new or counts.matched or counts.doubtful)


def _end(
    options: argparse.Namespace, preview: Preview, done: Imported | None, unread: list[Unread]
) -> int:
    is_refused = _is_refused_whole(preview) or not preview.sections
    code = _REFUSED if is_refused or unread else 0
    if options.json:
        output.print_json(_document(preview, done, unread))
        return code
    counts = preview.counts
    if is_refused:
        output.say("Nothing was imported: no row of it can be taken.")
    elif options.dry_run:
        output.say("Nothing was changed: this was a dry run.")
    elif done is None or done.batch is None:
        output.say("There is nothing to add: all of it is there already.")
    else:
        came = done.counts.new + done.counts.doubtful
        output.say(
            f"{words.counted(came, 'row')} {'is' if came == 1 else 'are'} added. {words.UNDO}"
        )
        if done.asked:
            output.say(f"{words.counted(done.asked, 'question')}: hive review list shows them.")
    if counts.refused and not is_refused:
        output.say(f"{words.counted(counts.refused, 'row')} refused; see above.")
    if unread:
        output.say(f"{words.counted(len(unread), 'file')} could not be read; see above.")
    return code


def _show(preview: Preview, sources: list[Source], *, is_same: bool) -> None:
    for source in sources:
        for text in _remarks(source):
            output.say(f"{output.printable(source.name)}: {text}")
        if source.read.confidence < _SURE or (source.guess and source.guess.confidence < _SURE):
            output.say(
                f"{output.printable(source.name)}: how it is to be read was guessed; "
                "look at days, signs and amounts."
            )
    for record in preview.before:
        day = output.day_of(record.at) if record.at else ""
        output.say(f"{output.printable(record.file_name)} was imported on {day} already.")
    # A doubtful row comes too, unless the person says that it is there.
    coming = (Verdict.NEW,) if is_same else (Verdict.NEW, Verdict.DOUBTFUL)
    headings = ("File", "Account", "New", "There", "Doubtful", "Refused", "Out", "In")
    output.print_table(
        headings,
        [_line(section, coming) for section in preview.sections],
        right="New There Doubtful Refused Out In",
    )
    for section in preview.sections:
        _show_odd(section)


_SURE = 0.9


def _remarks(source: Source) -> list[str]:
    """Return what was tolerated or guessed, each sentence once."""
    why = source.guess.why if source.guess else ()
    return list(dict.fromkeys((*source.read.dialect, *why)))


def _line(section: Section, coming: tuple[Verdict, ...]) -> tuple[str, ...]:
    counts = section.counts
    account = section.name if section.account is not None else f"{section.name} (new)"
    sums = section.sums(*coming)
    out = ", ".join(output.money(one[0], code, flip=False) for code, one in sums.items() if one[0])
    into = ", ".join(output.money(one[1], code, flip=False) for code, one in sums.items() if one[1])
    numbers = (f"{one:,}" for one in counts)
    return (section.source.name, account, *numbers, out, into)


def _show_odd(section: Section) -> None:
    """Tell the rows that a person should look at."""
    for verdict in (Verdict.DOUBTFUL, Verdict.REFUSED):
        found = [one for one in section.judged if one.verdict is verdict]
        lines = [
            (
                f"{one.row.line:,}",
                from_day(one.row.day).isoformat(),
                output.money(
                    one.row.amount_minor, one.row.currency or section.currency or NO_CURRENCY
                ),
                one.row.name,
                " ".join(one.why) if one.stored is None else _like(one.stored.bank.name),
            )
            for one in found[:_SHOWN]
        ]
        if verdict is Verdict.REFUSED:
            room = _SHOWN - len(lines)
            lines += [
                (f"{one.line:,}", "", "", one.text, one.reason) for one in section.unread[:room]
            ]
            total = len(found) + len(section.unread)
        else:
            total = len(found)
        if not lines:
            continue
        output.say(f"{output.printable(section.source.name)}: {_WORDS[verdict]}")
        output.print_table(("Line", "Date", "Amount", "Name", "Why"), lines, right="Line Amount")
        if total > len(lines):
            output.say(f"... and {total - len(lines):,} more; --json has all of them.")


def _like(name: str) -> str:
    return f"may be “{name}”, which is there"


def _document(preview: Preview, done: Imported | None, unread: list[Unread]) -> dict[str, Any]:
    return {
        "unread": [_unread(name, error) for name, error in unread],
        "sections": [_section(one) for one in preview.sections],
        "counts": preview.counts._asdict(),
        "batch": None if done is None else shapes.batch(done.batch),
        "added": 0 if done is None else done.counts.new + done.counts.doubtful,
        "asked": 0 if done is None else done.asked,
    }


def _unread(name: str, error: UnreadableFileError) -> dict[str, str]:
    _, message, hint = error.rendered(in_window=False)
    return {"file": name, "message": message, "hint": hint}


def _section(section: Section) -> dict[str, Any]:
    source = section.source
    return {
        "file": source.name,
        "format": source.read.kind.value,
        "confidence": source.guess.confidence if source.guess else source.read.confidence,
        "remarks": _remarks(source),
        "account": section.name,
        "account_id": None if section.account is None else output.id_text(section.account.id),
        "counts": section.counts._asdict(),
        "expected": section.statement.expected,
        "rows": [
            {
                "line": one.row.line,
                "date": from_day(one.row.day).isoformat(),
                "amount_minor": one.row.amount_minor,
                "currency": one.row.currency or section.currency,
                "name": one.row.name,
                "verdict": one.verdict.value,
                "why": list(one.why),
                "stored_id": _stored(one.stored.id) if one.stored is not None else None,
            }
            for one in section.judged
        ],
        "refused": [
            {"line": one.line, "text": one.text, "reason": one.reason} for one in section.unread
        ],
    }


_ID_BYTES = 16


def _stored(row_id: bytes) -> str | None:
    """Return a row's id; one that an earlier file of the same import brings has none yet."""
    return output.id_text(row_id) if len(row_id) == _ID_BYTES else None
