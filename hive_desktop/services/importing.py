"""Takes files of banks and other programs into the ledger: looked at first, then one batch to undo.

A file is read on a worker (`open`), its accounts are given a place (`suggested`), and what would
become of each row is shown (`preview`). What is written (`commit`) is decided once more in the
transaction that writes it, because a sync may have come in between.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from hive_desktop.domain.changes import Actor
from hive_desktop.domain.csv_layouts import CsvLayout
from hive_desktop.domain.days import to_day
from hive_desktop.domain.importing import UNKNOWN_CURRENCY, Judged, Verdict, judge
from hive_desktop.domain.ledger import BatchId, ItemState
from hive_desktop.domain.money import minor_digits
from hive_desktop.ports.backups import Phase
from hive_desktop.ports.errors import UsageError
from hive_desktop.ports.import_store import ImportState
from hive_desktop.services.importing_commit import Commit
from hive_desktop.services.importing_ending import Ending
from hive_desktop.services.importing_past import PastImports
from hive_desktop.services.importing_preview import Planned, Preview, Section, ledger_of
from hive_desktop.services.importing_rows import usable_balances
from hive_desktop.services.importing_source import opened
from hive_desktop.services.importing_targets import (
    check_names,
    checked,
    home_currency,
    is_empty,
    is_strange,
    new_account,
    suggestions,
)
from hive_desktop.services.stoppable import stoppable
from hive_desktop.services.uncollected import uncollected

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from hive_desktop.domain.importing import Ledger
    from hive_desktop.domain.ledger import Account
    from hive_desktop.domain.manual import ManualAccount
    from hive_desktop.domain.statements import Statement
    from hive_desktop.ports.backups import Heard
    from hive_desktop.ports.files import FileReader
    from hive_desktop.ports.import_store import ImportRecord
    from hive_desktop.ports.storage import Database, Reads, Writes
    from hive_desktop.ports.system import Clock
    from hive_desktop.services.categorize import Categorizer
    from hive_desktop.services.importing_preview import Answers, Imported
    from hive_desktop.services.importing_source import Source
    from hive_desktop.services.importing_targets import Target

_USUAL_DIGITS = 2


class Importing:
    """What pages and commands ask of files.

    Attributes:
        past: what was imported, and taking it back.
    """

    def __init__(
        self, database: Database, reader: FileReader, categorizer: Categorizer, clock: Clock
    ) -> None:
        self._database = database
        self._reader = reader
        self._categorizer = categorizer
        self._clock = clock
        self.past = PastImports(database, categorizer)

    async def members(self, path: Path) -> list[str]:
        """Return the names of the files in an archive of several; [""] of any other file.

        Raises:
            UnreadableFileError: it cannot be opened, or holds too many.
        """
        return await asyncio.to_thread(self._reader.members, path)

    async def open(
        self,
        path: Path,
        *,
        member: str = "",
        layout: CsvLayout | None = None,
        currency: str = "",
        heard: Callable[[int, int], bool] = lambda _done, _total: True,
    ) -> Source:
        """Read a file; whoever cancels this waits until the file is let go.

        Args:
            path: the file.
            member: which of an archive's files, as `members` names it.
            layout: how a table is to be read; without, as it was the last time, or as it seems.
            currency: of a file that names none.
            heard: told now and then how many parts of how many are read; False stops.

        Raises:
            UnreadableFileError: it is no statement.
            ImportStoppedError: `heard` said so.
        """
        kept = await self._database.read(lambda reads: reads.imports.layouts())
        remembered = _layouts(kept)
        today = self._today()

        @uncollected()
        def work(told: Heard) -> Source:
            def parts(done: int, total: int) -> bool:
                return told(Phase.CHECKING, done, total)

            return opened(self._reader, path, member, layout, remembered, currency, today, parts)

        return await stoppable(work, lambda _phase, done, total: heard(done, total))

    async def suggested(
        self, sources: Sequence[Source], *, is_new: bool = False
    ) -> list[list[Target]]:
        """Return for each file where the rows of each of its accounts would go.

        Args:
            sources: the files.
            is_new: an account is to be made, whatever is known.
        """
        return await self._database.read(lambda reads: suggestions(reads, sources, is_new=is_new))

    def new_account(
        self, source: Source, statement: Statement, accounts: Sequence[Account]
    ) -> ManualAccount:
        """Return the account that would be made for a part of a file."""
        taken = {one.name.casefold() for one in accounts}
        return new_account(source, statement, home_currency(accounts), taken)

    def named(self, new: ManualAccount, name: str | None, currency: str | None) -> ManualAccount:
        """Return a new account under another name, or in another currency."""
        return replace(
            new, name=name or new.name, currency=(currency or new.currency).strip().upper()
        )

    async def accounts(self) -> list[Account]:
        """Return the accounts that rows can go into."""
        return await self._database.read(
            lambda reads: [one for one in reads.accounts() if one.state is not ItemState.AWAITING]
        )

    async def preview(
        self, sources: Sequence[Source], targets: Sequence[Sequence[Target | None]]
    ) -> Preview:
        """Return what would become of each row; nothing is written.

        Args:
            sources: the files, in the order in which they are taken.
            targets: for each account of each file where its rows go; None leaves it out.

        Raises:
            UsageError: an account is not there, or a new one cannot be made so.
        """
        settled = [
            await self._with_currency(source, wanted)
            for source, wanted in zip(sources, targets, strict=True)
        ]
        return await self._database.read(lambda reads: self._looked_at(reads, settled, targets))

    async def _with_currency(self, source: Source, targets: Sequence[Target | None]) -> Source:
        """Read a file again that names no currency, where its accounts' has other decimals."""
        if all(row.currency for one in source.read.statements for row in one.rows):
            return source
        known = {one.id: one.currency for one in await self.accounts()}
        meant = {
            one.new.currency
            if one.new is not None
            else known.get(one.account_id, "")
            if one.account_id
            else ""
            for one in targets
            if one is not None
        }
        odd = {one for one in meant if one and minor_digits(one) != _USUAL_DIGITS}
        if not odd:
            return source
        if len(meant) > 1:
            raise UsageError(
                "The file names no currency, and its accounts have different ones.",
                hint="Choose accounts of one currency.",
            )
        return await self.open(
            source.path, member=source.member, layout=source.layout, currency=odd.pop()
        )

    def _looked_at(
        self, reads: Reads, sources: Sequence[Source], targets: Sequence[Sequence[Target | None]]
    ) -> Preview:
        planned = Planned()
        sections: list[Section] = []
        left = sum(target is not None for wanted in targets for target in wanted)
        check_names(target.new for wanted in targets for target in wanted if target is not None)
        for source, wanted in zip(sources, targets, strict=True):
            for statement, target in zip(source.read.statements, wanted, strict=True):
                if target is None:
                    continue
                left -= 1
                if target.new is not None and is_empty(statement):
                    continue  # no account is made for nothing
                if is_strange(statement, target):
                    sections.append(_refused(source, statement, target))
                    continue
                account = checked(reads, target)
                section = Section(source, statement, target, (), account)
                key = account.id if account is not None else section.name.casefold()
                ledger = ledger_of(reads, section)
                judged = self._judged(section, planned.over(ledger, key, source.origin))
                # No account is made for rows that cannot be taken.
                is_lost = (
                    target.new is not None
                    and not usable_balances(statement.balances, section.currency, self._today())
                    and all(one.verdict is Verdict.REFUSED for one in judged)
                )
                sections.append(replace(section, judged=judged, is_strange=is_lost))
                if left:  # nothing comes after the last one that would meet its rows
                    planned.keep(key, source.origin, judged, section.currency)
        return Preview(sections, _before(reads, sources))

    def _today(self) -> int:
        return to_day(self._clock.today())

    def _judged(self, section: Section, ledger: Ledger) -> list[Judged]:
        account = section.account
        return judge(
            section.statement.rows,
            ledger,
            account_key="" if account is None else account.plaid_account_id,
            currency=section.currency,
            today=self._today(),
        )

    async def commit(
        self,
        preview: Preview,
        answers: Answers | None = None,
        ending: Ending | None = None,
        heard: Callable[[int, int], None] = lambda _done, _total: None,
    ) -> Imported:
        """Write what is new, as one batch; nothing comes where this is cancelled.

        A doubtful row without an answer comes, and is asked about.

        Args:
            preview: what is to come.
            answers: of doubtful rows.
            ending: knows after a cancellation whether that came too late.
            heard: told on the loop now and then how many rows of how many are written.

        Raises:
            UsageError: an account has left meanwhile.
        """
        batch = BatchId(uuid.uuid4().bytes)
        said, end = answers or {}, ending or Ending()
        loop, counts, written = asyncio.get_running_loop(), preview.counts, 0
        total = counts.new + counts.doubtful - sum(said.values())

        def step(count: int) -> None:
            nonlocal written
            end.go_on()
            written += count
            with suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(heard, min(written, total), total)

        @uncollected()
        def work(writes: Writes) -> Imported:
            end.go_on()
            labels = partial(self._categorizer.newcomers, writes, step=step)
            commit = Commit(writes, batch, self._judged, labels, self._today())
            done = commit.run(preview, said)
            end.go_on()
            if done.batch is not None:
                asked = self._categorizer.conclude(writes, step)
                done = replace(done, asked=done.asked + asked)
            step(total - written)  # parts of a divided row have their labels from the file
            end.go_on(is_last=True)
            return done

        try:
            done, _ = await self._database.write(work, actor=Actor.PERSON)
        except asyncio.CancelledError:
            end.stop()
            raise
        return done


def _refused(source: Source, statement: Statement, target: Target) -> Section:
    """Return a part of a file of which nothing can be taken."""
    judged = [Judged(row, Verdict.REFUSED, None, (UNKNOWN_CURRENCY,)) for row in statement.rows]
    return Section(source, statement, target, judged, is_strange=True)


def _before(reads: Reads, sources: Sequence[Source]) -> list[ImportRecord]:
    """Return what was imported of the same files and is here still."""
    found: list[ImportRecord] = []
    for source in sources:
        for batch in dict.fromkeys(one.batch for one in reads.imports.of_file(source.digest)):
            past = reads.imports.of_batch(batch)
            if past is not None and past.state is not ImportState.UNDONE:
                found += [
                    file.record
                    for file in past.files
                    if file.record.file_hash == source.digest and not file.is_gone
                ]
    return found


def _layouts(kept: Mapping[str, str]) -> dict[str, CsvLayout]:
    """Return kept layouts; one that a later Hive wrote is none."""
    found = {}
    for signature, text in kept.items():
        try:
            found[signature] = CsvLayout.from_json(json.loads(text))
        except (ValueError, TypeError, AttributeError):
            continue
    return found
