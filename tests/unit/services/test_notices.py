"""What is told once, whatever the order of syncs, restarts and crashes, and not in quiet hours."""

import asyncio
import copy
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hive_desktop.domain.days import to_day
from hive_desktop.domain.health import Health
from hive_desktop.domain.ledger import Account, AccountId, ItemId, ItemState
from hive_desktop.domain.notice_choices import Choices, NoticeKind
from hive_desktop.domain.noticing import NewRow
from hive_desktop.domain.recurring import Payment
from hive_desktop.ports.bank import AccessToken
from hive_desktop.ports.errors import VaultLockedError, VaultUnwritableError
from hive_desktop.ports.events import BackupFailed, ItemNeedsPerson, SyncFinished
from hive_desktop.ports.item_store import SyncableItem
from hive_desktop.ports.notices import RunNews
from hive_desktop.services.events import EventBus
from hive_desktop.services.notices import NoticeService
from hive_desktop.services.settings import BACKUP_LAST, SettingsService
from hive_desktop.services.tasks import TaskScope
from tests.examples import examples
from tests.noticing import MemoryNotices, Teller
from tests.unit.services.world import until

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
ACCOUNT = Account(
    AccountId(b"a" * 16), ItemId(b"i" * 16), "p", "First Bank", "Everyday", None, "0001",
    "depository", "checking", "USD", 50_000, None, None, None, ItemState.HEALTHY,
)  # fmt: skip
QUIET = (13 * 60, 15 * 60)
"""By the clock of the tests, which runs in UTC."""


class Crashed(BaseException):
    """The program was killed."""


class Payments:
    """The payments of a ledger."""

    def __init__(self):
        self.every = []

    def payments(self, keys, limit, newest):
        del limit, newest
        return [one for one in self.every if one.merchant in set(keys)]


class Ledger:
    """A vault in memory; a write that fails leaves it as it was."""

    def __init__(self):
        self.notices = MemoryNotices()
        self.categorization = Payments()
        self.kept = {}
        self.account = ACCOUNT
        self.state = ItemState.HEALTHY
        self.crash_in = None
        self.fails_with = None

    def accounts(self):
        return [self.account]

    def known_items(self):
        item_id = ItemId(b"i" * 16)
        token = AccessToken("")
        return [SyncableItem(item_id, "item", None, "First Bank", token, "", Health(self.state))]

    def setting(self, key):
        return self.kept.get(key)

    def put_setting(self, key, value):
        self.kept[key] = value

    async def read(self, work):
        self._may_crash()
        await asyncio.sleep(0)
        return work(self)

    async def write(self, work, *, actor):
        del actor
        self._may_crash()
        await asyncio.sleep(0)
        before = copy.deepcopy(self.notices)
        result = work(self)
        try:
            self._may_crash()
        except BaseException:
            self.notices = before
            raise
        self._may_crash()  # after the commit
        return result, None

    def sync(self, *rows, reason="schedule", added=None, is_over=True):
        """Store a run that brought rows."""
        seq = self.notices.newest_run() + 1
        run = RunNews(seq, b"run%d" % seq, reason, len(rows) if added is None else added, is_over)
        self.notices.runs.append(run)
        self.notices.rows[run.id] = list(rows)
        return run

    def _may_crash(self):
        if self.fails_with is not None:
            raise self.fails_with
        if self.crash_in is not None:
            self.crash_in -= 1
            if self.crash_in < 0:
                self.crash_in = None
                raise Crashed


class Clock:
    """Moves when it is told to."""

    def __init__(self):
        self.at = NOON

    def now(self):
        return self.at

    def today(self):
        return self.at.date()


def row(number, amount=60_000, **more):
    made = NewRow(
        b"%016d" % number, ACCOUNT.id, to_day(NOON.date()), amount, "USD", f"Shop {number}",
        f"shop{number}", True, False, f"p{number}", None,
    )  # fmt: skip
    return made._replace(**more)


class Program:
    """One start of the program after the other over one vault."""

    def __init__(self):
        self.ledger = Ledger()
        self.clock = Clock()
        self.teller = Teller()
        self.start()

    def start(self):
        """Start anew, as after a crash."""
        self.bus, self.scope = EventBus(), TaskScope("session")
        self.settings = SettingsService(self.ledger)
        for key, value in self.ledger.kept.items():
            self.settings._seen[key] = value
        self.service = NoticeService(self.ledger, self.settings, self.bus, self.clock, self.scope)
        self.service._teller = self.teller

    def look(self):
        asyncio.run(self.service.look())
        return self.told()

    def choose(self, **changes):
        asyncio.run(self.service.choose(replace(self.service.choices, **changes)))

    def told(self):
        """Return what was told since the last look at it, by kind."""
        found = [[one.kind.value for one in group] for group, _ in self.teller.told]
        self.teller.told.clear()
        return found


@pytest.fixture(autouse=True)
def in_utc(monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def program():
    made = Program()
    assert made.look() == []
    return made


def test_what_is_so_at_the_first_look_is_no_news():
    program = Program()
    program.ledger.sync(row(1))
    program.ledger.account = replace(ACCOUNT, balance_current_minor=1)
    program.ledger.state = ItemState.NEEDS_RELINK
    assert program.look() == []
    program.ledger.sync(row(2))
    assert program.look() == [["new_rows"], ["large_charge"]]


def test_a_sync_is_one_summary_however_many_banks_and_rows_it_has(program):
    program.ledger.sync(*[row(at, amount=100) for at in range(9)])
    program.ledger.sync(*[row(at, amount=100) for at in range(20, 23)])
    program.ledger.sync()
    asyncio.run(program.service.look())
    ((group, _),) = program.teller.told
    (only,) = group
    assert (only.kind, only.count, only.ids) == (NoticeKind.NEW_ROWS, 12, (ACCOUNT.id.hex(),))
    program.told()
    assert program.look() == []


def test_the_past_of_a_bank_that_was_just_connected_is_no_news(program):
    program.ledger.sync(row(1), reason="link", added=4_000)
    program.ledger.sync(row(2), reason="adoption")
    assert program.look() == []


def test_a_run_that_is_under_way_is_told_when_it_is_over(program):
    program.ledger.sync(row(1), is_over=False)
    program.ledger.sync(row(2))
    assert program.look() == []
    program.ledger.notices.runs[-2] = program.ledger.notices.runs[-2]._replace(is_over=True)
    assert program.look() == [["new_rows"], ["large_charge"], ["large_charge"]]


def test_what_the_window_says_itself_is_not_said_beside_it(program):
    program.teller.is_in_sight = True
    program.ledger.sync(row(1))
    program.ledger.state = ItemState.NEEDS_RELINK
    assert program.look() == [["large_charge"]]
    program.teller.is_in_sight = False
    assert program.look() == []


def test_what_comes_in_quiet_hours_is_told_once_after_them_and_together(program):
    program.choose(quiet=QUIET)
    program.clock.at = NOON + timedelta(hours=1)
    for number in range(3):
        program.ledger.sync(row(number))
        assert program.look() == []
        assert program.service._is_held
    program.clock.at = NOON + timedelta(hours=3)
    asyncio.run(program.service.look())
    ((group, _),) = program.teller.told
    assert Counter(one.kind for one in group) == {
        NoticeKind.NEW_ROWS: 3,
        NoticeKind.LARGE_CHARGE: 3,
    }
    program.told()
    assert program.look() == []
    assert not program.service._is_held


def test_what_comes_after_quiet_hours_is_together_also_where_nothing_showed_it_first(program):
    program.choose(quiet=QUIET)
    program.clock.at = NOON + timedelta(hours=1)
    program.ledger.sync(row(1))
    assert program.look() == []
    program.clock.at = NOON + timedelta(hours=3)
    program.teller.is_gone = True
    assert program.look() == program.look() == []
    program.teller.is_gone = False
    assert program.look() == [["new_rows", "large_charge"]]
    program.ledger.sync(row(2))
    assert program.look() == [["new_rows"], ["large_charge"]]


def test_what_was_held_back_is_told_after_a_restart(program):
    program.choose(quiet=QUIET)
    program.clock.at = NOON + timedelta(hours=1)
    program.ledger.sync(row(1))
    assert program.look() == []
    program.start()
    program.clock.at = NOON + timedelta(hours=4)
    assert program.look() == [["new_rows", "large_charge"]]


def test_a_kind_that_is_switched_off_meanwhile_is_not_told(program):
    program.choose(quiet=QUIET)
    program.clock.at = NOON + timedelta(hours=1)
    program.ledger.sync(row(1))
    program.look()
    program.choose(off=frozenset([NoticeKind.LARGE_CHARGE]))
    program.clock.at = NOON + timedelta(hours=4)
    assert program.look() == [["new_rows"]]
    program.choose(off=frozenset())
    assert program.look() == []


def test_details_are_hidden_where_that_is_chosen(program):
    program.choose(hides_details=True)
    program.ledger.sync(row(1))
    asyncio.run(program.service.look())
    assert [hides for _, hides in program.teller.told] == [True, True]


def test_a_price_that_rose_is_told_with_the_row_that_says_so(program):
    day = to_day(NOON.date())
    program.ledger.categorization.every = [
        Payment("shop7", "p", "USD", day - round(30.44 * at), 999 if at else 1_299)
        for at in range(5)
    ]
    program.ledger.sync(row(8, amount=1))
    assert program.look() == [["new_rows"]]
    program.ledger.sync(row(7, amount=1_299))
    assert program.look() == [["new_rows"], ["price_rise"]]
    program.ledger.sync(row(7, amount=1_299))
    assert program.look() == [["new_rows"]]


def test_a_backup_that_fails_is_told_until_one_is_proven(program):
    async def fail(times):
        service = program.service
        service.start(program.teller)
        await until(lambda: service._has_looked)
        for _ in range(times):
            program.bus.publish(BackupFailed(VaultUnwritableError(folder="/v", reason="full")))
            await until(lambda: not (service._backup_failed or service._turn.locked()))
        await program.scope.close()

    program.service._teller = None
    asyncio.run(fail(3))
    assert program.told() == [["backup_failed"]]
    program.start()
    program.ledger.kept[BACKUP_LAST] = '{"made_at": "2026-03-15"}'
    program.service._teller = None
    asyncio.run(fail(2))
    assert program.told() == [["backup_failed"]]


@pytest.mark.parametrize(
    "event",
    [
        SyncFinished(1, 0, 0, ()),
        ItemNeedsPerson(ItemId(b"i" * 16), "First Bank", ItemState.NEEDS_RELINK),
    ],
)
def test_it_looks_when_something_happens_and_goes_on_after_a_fault(program, event):
    async def go():
        program.service._teller = None
        program.ledger.fails_with = VaultLockedError()
        program.service.start(program.teller)
        program.service.start(program.teller)  # a window that is made anew
        await asyncio.sleep(0.01)
        program.ledger.fails_with = None
        program.ledger.sync(row(1))
        program.bus.publish(event)
        await until(lambda: len(program.teller.told) == 2)
        await program.scope.close()

    asyncio.run(go())
    assert program.told() == [["new_rows"], ["large_charge"]]


def test_a_demo_tells_only_what_is_asked_for(program):
    async def go():
        program.service._teller = None
        program.service.start(program.teller, looks=False)
        program.ledger.sync(row(1))
        program.bus.publish(SyncFinished(1, 0, 0, ()))
        await asyncio.sleep(0.02)
        assert len(program.scope) == 0
        program.service.show_test()

    asyncio.run(go())
    assert program.told() == [["test"]]


def test_what_a_vault_that_is_being_locked_cannot_tell_is_told_later(program):
    program.ledger.sync(row(1))
    program.teller.is_gone = True
    assert program.look() == []
    program.teller.is_gone = False
    assert program.look() == [["new_rows"], ["large_charge"]]


def test_what_was_told_can_be_read(program):
    program.ledger.sync(row(1))
    program.look()
    latest = asyncio.run(program.service.latest(10))
    assert {one.happening.kind.value for one in latest} == {"new_rows", "large_charge"}
    assert all(one.told_at is not None for one in latest)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("sync"), st.integers(0, 5)),
        st.tuples(st.just("post"), st.integers(0, 5)),
        st.tuples(st.just("again"), st.integers(0, 5)),
        st.tuples(st.just("balance"), st.sampled_from([1, 50_000])),
        st.tuples(st.just("look"), st.none()),
        st.tuples(st.just("crash"), st.integers(0, 14)),
        st.tuples(st.just("restart"), st.none()),
        st.tuples(st.just("quiet"), st.booleans()),
    ),
    max_size=40,
)


class Watched(Teller):
    """Also knows what was shown just before a crash."""

    def __init__(self):
        super().__init__()
        self.times = Counter()
        self.last = ()

    def tell(self, happenings, *, hides_details):
        del hides_details
        self.last = tuple(one.key for one in happenings)
        self.times.update(self.last)
        return True


class Story:
    """What happens to a program, step by step, and what it should have told of it."""

    def __init__(self):
        self.program = Program()
        self.program.teller = self.teller = Watched()
        self.program.start()
        self.brought = set()
        self.again_told = Counter()
        self.look()
        asyncio.run(self.program.service.choose(Choices(quiet=QUIET)))

    @property
    def ledger(self):
        return self.program.ledger

    def sync(self, value):
        self.brought.add(value)
        self.ledger.sync(row(value, pending=True, plaid_id=f"pend{value}"))

    def post(self, value):
        """The bank posts it as a row of its own."""
        if value in self.brought:
            posted = {"plaid_id": f"post{value}", "pending_plaid_id": f"pend{value}"}
            self.ledger.sync(row(100 + value, **posted))

    def again(self, value):
        """The bank posts it, and it stays the row that it was."""
        if value in self.brought:
            self.ledger.sync(row(value, pending=False, plaid_id=f"post{value}"))

    def balance(self, value):
        self.ledger.account = replace(ACCOUNT, balance_current_minor=value)

    def look(self, _value=None):
        self.crash(None)

    def crash(self, after):
        """Look, and be killed after so many steps of it."""
        self.ledger.crash_in, self.teller.last = after, ()
        try:
            asyncio.run(self.program.service.look())
        except Crashed:
            # It was shown, and the mark is lost: told once more, and never not at all.
            untold = {one.key for one in self.ledger.notices.untold()}
            self.again_told.update(key for key in self.teller.last if key in untold)
            self.program.start()
        self.ledger.crash_in = None

    def restart(self, _value):
        self.program.start()

    def quiet(self, value):
        self.program.clock.at = NOON + timedelta(hours=1 if value else 0)

    def told(self):
        """Return how often each was told beyond what a crash excuses."""
        return {key: times - self.again_told[key] for key, times in self.teller.times.items()}


@pytest.mark.parametrize("after", range(15))
def test_a_program_that_is_killed_at_any_step_has_told_it_after_the_next_start(after):
    story = Story()
    story.sync(1)
    story.crash(after)
    story.look()
    assert sorted(story.told().values()) == [1, 1]
    assert story.ledger.notices.untold() == []


@given(STEPS)
@settings(max_examples=examples(150))
def test_each_event_is_told_once_in_any_order_of_syncs_restarts_and_crashes(steps):
    story = Story()
    for step, value in steps:
        getattr(story, step)(value)
    story.quiet(value=False)
    story.look()
    story.look()
    assert story.ledger.notices.untold() == []
    charges = Counter()
    for key, times in story.told().items():
        assert times == 1 or key.startswith("low:")
        if key.startswith("charge:"):
            charges[int(bytes.fromhex(key.removeprefix("charge:"))) % 100] += times
    assert charges == dict.fromkeys(story.brought, 1)
    rows = [key for key in story.told() if key.startswith("rows:")]
    assert bool(rows) is bool(story.brought)


@given(st.lists(st.sampled_from([1, 9_999, 10_000, 50_000, None]), max_size=30), st.data())
@settings(max_examples=examples(60))
def test_a_low_balance_is_told_once_for_each_fall_whatever_is_restarted(balances, data):
    story = Story()
    expected, was_low = 0, False
    for balance in balances:
        story.ledger.account = replace(ACCOUNT, balance_current_minor=balance)
        asyncio.run(story.program.service.look())
        if data.draw(st.booleans()):
            story.restart(None)
        if balance is not None:
            expected += balance < 10_000 and not was_low
            was_low = balance < 10_000
    assert story.teller.times[f"low:{ACCOUNT.id.hex()}"] == expected
