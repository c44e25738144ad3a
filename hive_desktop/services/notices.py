"""Tells the person outside of the window what they want to hear of, once.

What is worth telling is `domain.noticing`'s. It is kept before it is told and marked after it was
shown: a crash between the two tells it twice, and never not at all.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from hive_desktop.domain import notice_choices, noticing
from hive_desktop.domain.changes import Actor
from hive_desktop.domain.days import to_day
from hive_desktop.domain.notice_choices import NoticeKind
from hive_desktop.domain.noticing import Bank, Found, Happening
from hive_desktop.ports.errors import HiveError
from hive_desktop.ports.events import BackupFailed, ItemNeedsPerson, SyncFinished
from hive_desktop.services.reports import main_currency
from hive_desktop.services.settings import BACKUP_LAST, NOTICES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hive_desktop.domain.notice_choices import Choices
    from hive_desktop.ports.events import EventSource
    from hive_desktop.ports.notices import RunNews, Teller, ToldNotice
    from hive_desktop.ports.storage import Database, Reads, Writes
    from hive_desktop.ports.system import Clock
    from hive_desktop.services.settings import SettingsService
    from hive_desktop.services.tasks import TaskScope

_log = logging.getLogger(__name__)

_EVERY_S: Final = 3600.0
_HELD_S: Final = 60.0
_FORGET_AFTER: Final = timedelta(days=800)
# The past of a bank that was just connected is no news.
_HISTORY: Final = frozenset(("link", "adoption"))
# What the window tells by itself while the person has it before them.
_SAID_INSIDE: Final = frozenset((NoticeKind.NEW_ROWS, NoticeKind.NEEDS_YOU))
_MOST_ADDED, _MOST_ROWS = 5_000, 2_000
_MOST_MERCHANTS, _MOST_PAYMENTS, _NEWEST_PAYMENTS = 100, 5_000, 60


class _Look(NamedTuple):
    """What one look at the ledger found."""

    new: Sequence[Happening]
    over: Sequence[str]
    mark: int | None
    is_first: bool
    has_untold: bool


class NoticeService:
    """Looks at what syncs, banks and backups did, and has it told.

    Args:
        database: the ledger, which keeps what was told.
        settings: has what the person wants to be told.
        bus: says when to look.
        clock: the wall clock, for quiet hours.
        scope: owns the looking.
    """

    def __init__(
        self,
        database: Database,
        settings: SettingsService,
        bus: EventSource,
        clock: Clock,
        scope: TaskScope,
    ) -> None:
        self._database = database
        self._settings = settings
        self._bus = bus
        self._clock = clock
        self._scope = scope
        self._teller: Teller | None = None
        self._turn = asyncio.Lock()
        self._poked = asyncio.Event()
        self._backup_failed = False
        self._has_looked = False
        self._is_held = False
        """Something waits for the end of the quiet hours."""
        self._is_unshown = False
        """Something could be shown nowhere."""
        self._is_gathered = False
        """That came after quiet hours, and is told together still."""

    @property
    def choices(self) -> Choices:
        """Return what the person wants to be told."""
        return notice_choices.choices_of(self._settings.seen(NOTICES, ""))

    async def choose(self, choices: Choices) -> None:
        """Keep what the person wants to be told."""
        await self._settings.put(NOTICES, notice_choices.choices_text(choices))
        self._poked.set()

    def start(self, teller: Teller, *, looks: bool = True) -> None:
        """Tell from now on, for as long as the scope lasts.

        Args:
            teller: shows what is told.
            looks: find what is worth telling, too, and not only tell what is asked for.
        """
        is_first, self._teller = self._teller is None, teller
        if is_first and looks:
            self._bus.subscribe(SyncFinished, lambda _event: self._poked.set())
            self._bus.subscribe(ItemNeedsPerson, lambda _event: self._poked.set())
            self._bus.subscribe(BackupFailed, self._backup_has_failed)
            self._scope.spawn(self._live(), name="notices")

    async def look(self) -> None:
        """Find what is new, and tell it now unless the person wants quiet."""
        async with self._turn:
            await self._find()
            await self._tell()

    def try_again(self) -> None:
        """Tell what could be shown nowhere before."""
        if self._is_unshown:
            self._poked.set()

    def show_test(self) -> bool:
        """Show what a notification looks like, whatever the hour; False where nothing shows it."""
        if self._teller is None:
            return False
        test = Happening(NoticeKind.TEST, "test")
        return self._teller.tell([test], hides_details=self.choices.hides_details)

    async def latest(self, limit: int) -> list[ToldNotice]:
        """Return what was met last, newest first."""
        return await self._database.read(lambda reads: reads.notices.latest(limit))

    async def _live(self) -> None:
        while True:
            self._poked.clear()
            try:
                await self.look()
            except HiveError as error:
                _log.info("notices have to wait: %s", type(error).__name__)
            with suppress(TimeoutError):
                async with asyncio.timeout(_HELD_S if self._is_held else _EVERY_S):
                    await self._poked.wait()

    def _backup_has_failed(self, _event: BackupFailed) -> None:
        self._backup_failed = True
        self._poked.set()

    async def _find(self) -> None:
        choices, has_failed = self.choices, self._backup_failed
        look = await self._database.read(lambda reads: self._look(reads, choices, has_failed))
        self._is_held = self._is_held or (look.has_untold and not self._has_looked)
        self._has_looked = True

        def keep(writes: Writes) -> None:
            notices = writes.notices
            notices.end(look.over)
            notices.keep(look.new, told=look.is_first)
            notices.prune(self._clock.now() - _FORGET_AFTER)
            if look.mark is not None:
                notices.advance(look.mark)

        if look.new or look.over or look.mark is not None:
            await self._database.write(keep, actor=Actor.PROGRAM)
        if has_failed:
            self._backup_failed = False

    def _look(self, reads: Reads, choices: Choices, has_failed: bool) -> _Look:  # noqa: FBT001 - a flag of this object
        before = reads.notices.mark()
        found = list(self._found(reads, choices, has_failed))
        mark: int | None = None
        if before is None:
            mark = reads.notices.newest_run()
        elif runs := _ended(reads.notices.runs_after(before)):
            mark = runs[-1].seq
            found += self._found_in(reads, choices, runs)
        keys = {key for one in found for key in one.over}
        keys |= {key for one in found for said in one.happenings for key in (said.key, *said.also)}
        new, over = noticing.fresh(found, reads.notices.known(keys), choices)
        return _Look(new, over, mark, before is None, bool(reads.notices.untold()))

    def _found(self, reads: Reads, choices: Choices, has_failed: bool) -> Iterator[Found]:  # noqa: FBT001 - as above
        """Return how things stand: balances, banks and backups."""
        accounts = reads.accounts()
        main = main_currency((), [one.currency for one in accounts])
        yield noticing.low_balances(accounts, choices, main)
        failing = reads.notices.failing_since()
        every = [
            Bank(one.id, one.institution, one.health.state, one.health.ends_at, failing.get(one.id))
            for one in reads.known_items()
        ]
        yield noticing.banks(every, self._clock.now())
        if has_failed:
            # One that failed is told again once a backup after it was good.
            key = f"backup:{reads.setting(BACKUP_LAST) or ''}"
            yield Found([Happening(NoticeKind.BACKUP_FAILED, key)])

    def _found_in(self, reads: Reads, choices: Choices, runs: Sequence[RunNews]) -> Iterator[Found]:
        """Return what is to be said of the rows that runs brought."""
        runs = [one for one in runs if one.reason not in _HISTORY]
        if not runs:
            return
        ids = [one.id for one in runs]
        added = sum(one.added for one in runs)
        if added:
            accounts = reads.notices.accounts_of(ids, _MOST_ADDED)
            yield noticing.new_rows(added, accounts, runs[-1].seq)
        today = to_day(self._clock.today())
        rows = reads.notices.rows_of(ids, noticing.news_from(today), _MOST_ROWS)
        main = main_currency((), [one.currency for one in reads.accounts()])
        yield noticing.large_charges(rows, choices, main, today)
        names = {
            one.merchant: one.name
            for one in reversed(rows)
            if one.merchant and one.counts and one.amount_minor > 0 and not one.pending
        }
        some = dict(list(names.items())[-_MOST_MERCHANTS:])
        if some and choices.has(NoticeKind.PRICE_RISE):
            payments = reads.categorization.payments(some, _MOST_PAYMENTS, _NEWEST_PAYMENTS)
            yield noticing.price_rises(payments, some, choices, today)

    async def _tell(self) -> None:
        teller, choices = self._teller, self.choices
        untold = await self._database.read(lambda reads: reads.notices.untold())
        if teller is None or not untold:
            self._is_held = False
            return
        if notice_choices.is_quiet(self._clock.now().astimezone(), choices.quiet):
            self._is_held = True
            return
        inside = [one for one in untold if teller.is_in_sight and one.kind in _SAID_INSIDE]
        wanted = [one for one in untold if choices.has(one.kind)]
        outside = [one for one in wanted if one not in inside]
        was_quiet = self._is_held or self._is_gathered
        self._is_held = self._is_unshown = self._is_gathered = False
        await self._mark([one for one in untold if one not in outside])
        for group in noticing.gathered(outside, after_quiet=was_quiet):
            if not teller.tell(group, hides_details=choices.hides_details):
                self._is_unshown, self._is_gathered = True, was_quiet
                return
            await self._mark(group)

    async def _mark(self, told: Sequence[Happening]) -> None:
        keys = [one.key for one in told]
        if keys:
            await self._database.write(
                lambda writes: writes.notices.tell(keys), actor=Actor.PROGRAM
            )


def _ended(runs: Sequence[RunNews]) -> list[RunNews]:
    """Return the runs before the first that is still under way."""
    ended: list[RunNews] = []
    for one in runs:
        if not one.is_over:
            break
        ended.append(one)
    return ended
