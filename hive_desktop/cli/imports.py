"""`hive import`: what files would bring, and then the same as one change to undo."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from hive_desktop.cli import context, imported, output, previews, words
from hive_desktop.cli.accounts import account_meant
from hive_desktop.domain.importing import Verdict
from hive_desktop.domain.manual import ManualKind
from hive_desktop.domain.money import KNOWN_CURRENCIES
from hive_desktop.domain.statements import FileKind
from hive_desktop.ports.errors import UsageError
from hive_desktop.ports.errors.files import UnreadableFileError
from hive_desktop.services.importing_ending import Ending
from hive_desktop.services.importing_source import name_of

if TYPE_CHECKING:
    import argparse
    from pathlib import Path
    from typing import TypeAlias

    from hive_desktop.domain.csv_layouts import CsvLayout
    from hive_desktop.domain.manual import ManualAccount
    from hive_desktop.domain.statements import Statement
    from hive_desktop.services.importing_preview import Imported, Preview
    from hive_desktop.services.importing_source import Source
    from hive_desktop.services.importing_targets import Target
    from hive_desktop.services.session import VaultSession

    Unread: TypeAlias = tuple[str, UnreadableFileError]

_NEW = "new"
_REFUSED = 1


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
        is_chosen = options.account is not None
        if not options.json:
            for _, error in unread:
                output.say_error(error)
            if sources:
                previews.show(preview, sources, is_same=options.same, is_chosen=is_chosen)
        if options.dry_run or not sources or previews.is_refused_whole(preview):
            return _end(options, preview, None, unread)
        counts = preview.counts
        coming = counts.new if options.same else counts.new + counts.doubtful
        question = f"Add {words.counted(coming, 'row')}?"
        if coming and not await context.agreed_inside(options, question):
            raise context.not_agreed(options, "Nothing was imported")
        answers = _answers(options, preview)
        with output.progress(is_quiet=options.json) as tell:

            def heard(done: int, total: int) -> None:
                tell(f"{done:,} of {words.counted(total, 'row')} written")

            if coming:
                heard(0, coming)
            done = await session.importing.commit(preview, answers, ending, heard)
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
    code = (options.currency or "").strip().upper()
    if code and code not in KNOWN_CURRENCIES:
        raise UsageError(
            "“{code}” is not a currency.", hint="Give its three letters, like EUR.", code=code
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
            unread.append((name_of(path), error))
    for path, member in places:
        try:
            sources.append(await _read(session, options, path, member))
        except UnreadableFileError as error:
            unread.append((name_of(path, member), error))
    if len(unread) == 1 and not sources:
        raise unread[0][1]
    return sources, unread


async def _read(
    session: VaultSession, options: argparse.Namespace, path: Path, member: str
) -> Source:
    currency = (options.currency or "").upper()
    name = output.printable(name_of(path, member))
    with output.progress(is_quiet=options.json) as tell:

        def heard(done: int, total: int) -> bool:
            tell(f"Reading {name}... {100 * done // total} %")
            return True

        tell(f"Reading {name}...")
        source = await session.importing.open(path, member=member, currency=currency, heard=heard)
        layout = _layout(options, source)
        if layout is None or not _heeds(options, source):
            return source
        return await session.importing.open(
            path, member=member, layout=layout, currency=currency, heard=heard
        )


def _heeds(options: argparse.Namespace, source: Source) -> bool:
    """Return whether what is said of tables counts for a file, and say where it does not."""
    if source.guess is not None:
        return True
    is_qif = source.read.kind is FileKind.QIF
    of_tables = (options.columns, options.decimal, options.positive)
    unheard = [*of_tables, None if is_qif else options.dates]
    if any(one is not None for one in unheard):
        name = output.printable(source.name)
        flags = "--columns, --decimal and --positive"
        flags = flags if is_qif else f"--dates, {flags}"
        output.say(f"{name}: it is no table, so {flags} say nothing of it.")
    return is_qif and options.dates is not None


def _layout(options: argparse.Namespace, source: Source) -> CsvLayout | None:
    """Return how the person says that a file is read, or None where they say nothing."""
    from hive_desktop.domain.csv_layouts import Sign  # noqa: PLC0415 - of an import only
    from hive_desktop.services.importing_layouts import corrected  # noqa: PLC0415 - as said

    told = (options.columns, options.dates, options.decimal, options.positive)
    if all(one is None for one in told):
        return None
    width = max((len(one) for one in source.guess.head), default=0) if source.guess else 0
    if options.columns and source.guess and len(options.columns) > width:
        raise UsageError(
            "{file} has {width} columns, and {count} are named.",
            hint="Name them from the first; those after the last that is named are not used.",
            file=output.printable(source.name),
            width=width,
            count=len(options.columns),
        )
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
            one if one.new is None else Target(new=_new(session, options, one.new, statement))
            for one, statement in zip(some, source.read.statements, strict=True)
        ]
        for some, source in zip(targets, sources, strict=True)
    ]
    if not options.currency and await _is_currency_open(session, sources, named):
        raise UsageError(
            "The file does not say in which currency its amounts are.",
            hint="Add --currency with its three letters, like --currency EUR.",
        )
    is_made = any(one.new is not None for some in named for one in some)
    if (options.name or options.type) and not is_made:
        raise UsageError(
            "No new account would be made.",
            hint="Add --account new, or leave out --name and --type.",
        )
    told = {
        statement.account
        for some, source in zip(named, sources, strict=True)
        for one, statement in zip(some, source.read.statements, strict=True)
        if one.new is not None and (statement.account.number or statement.account.name)
    }
    if options.name and len(told) > 1:
        raise UsageError(
            "There would be {count} new accounts, which cannot have one name.",
            hint="Leave --name out, or import into one account by --account.",
            count=len(told),
        )
    return named


async def _is_currency_open(
    session: VaultSession, sources: list[Source], targets: list[list[Target]]
) -> bool:
    """Tell whether a new account's currency is said nowhere, and the other accounts differ."""
    from hive_desktop.services.importing_targets import (  # noqa: PLC0415 - as said
        is_empty,
        names_currency,
    )

    assumed = [
        one.new.currency
        for some, source in zip(targets, sources, strict=True)
        for one, statement in zip(some, source.read.statements, strict=True)
        if one.new is not None and not is_empty(statement) and not names_currency(statement)
    ]
    known = {one.currency for one in await session.importing.accounts()}
    return "" in assumed or (bool(assumed) and len(known) > 1)


def _new(
    session: VaultSession, options: argparse.Namespace, new: ManualAccount, statement: Statement
) -> ManualAccount:
    """Return a new account as the options say it."""
    from hive_desktop.services.importing_targets import (  # noqa: PLC0415 - as said
        kinds_of,
        names_currency,
    )

    kind = new.kind if options.type is None else ManualKind(options.type)
    if kind is not new.kind and kind not in kinds_of(new, statement):
        raise UsageError(
            "The file's account cannot be of kind “{kind}”: its balance is told as of “{known}”.",
            hint="Leave --type out.",
            kind=kind.value,
            known=new.kind.value,
        )
    currency = None if names_currency(statement) else options.currency
    named = session.importing.named(new, options.name, currency)
    return replace(named, kind=kind)


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


def _end(
    options: argparse.Namespace, preview: Preview, done: Imported | None, unread: list[Unread]
) -> int:
    is_refused = previews.is_refused_whole(preview) or not preview.sections
    code = _REFUSED if is_refused or unread else 0
    if options.json:
        output.print_json(
            previews.document(preview, done, unread, is_chosen=options.account is not None)
        )
        return code
    counts = preview.counts
    if unread and not preview.sections:
        output.say("Nothing was imported: no file of it can be read.")
    elif not any(counts) and (done is None or done.batch is None):
        output.say("Nothing was imported: there is no row in it.")
    elif is_refused:
        output.say("Nothing was imported: no row of it can be taken.")
    elif options.dry_run:
        output.say("Nothing was changed: this was a dry run.")
    elif done is None or done.batch is None:
        output.say("There is nothing to add: all of it is there already.")
    else:
        came = done.counts.new + done.counts.doubtful
        added = f"{words.counted(came, 'row')} {'is' if came == 1 else 'are'} added."
        output.say(f"{added if came else 'No row is new; balances are added.'} {words.UNDO}")
        if done.asked:
            them = "it" if done.asked == 1 else "them"
            output.say(f"{words.counted(done.asked, 'question')}: hive review list shows {them}.")
    if counts.refused and not is_refused:
        output.say(f"{words.counted(counts.refused, 'row')} refused; see above.")
    if unread:
        output.say(f"{words.counted(len(unread), 'file')} could not be read; see above.")
    return code
