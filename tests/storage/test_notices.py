"""What a vault keeps of notices, and what it reads of the newest syncs, also among many rows."""

from datetime import date, timedelta

import pytest

from hive_desktop.adapters.storage import notices
from hive_desktop.domain.days import to_day
from hive_desktop.domain.health import Health
from hive_desktop.domain.ledger import BatchId, ItemState
from hive_desktop.domain.notice_choices import NoticeKind
from hive_desktop.domain.noticing import Happening
from hive_desktop.domain.reconcile import Plan
from hive_desktop.services.events import EventBus
from hive_desktop.services.notices import NoticeService
from hive_desktop.services.settings import SettingsService
from hive_desktop.services.tasks import TaskScope
from tests.noticing import Teller

TODAY = date(2026, 3, 14)


@pytest.fixture
def item(ledger):
    return ledger.with_bank("checking", "savings")


def read(ledger, name, *values):
    return ledger.read(lambda reads: getattr(reads.notices, name)(*values))


def write(ledger, name, *values, **named):
    return ledger.write(lambda writes: getattr(writes.notices, name)(*values, **named))


def run_with(ledger, item_id, rows, *, reason="schedule", changes=(), error=None):
    def work(writes):
        run_id = writes.begin_run(item_id, reason)
        applied = writes.apply_plan(item_id, Plan(list(rows), list(changes)), run_id)
        writes.end_run(run_id, applied, 1, error)
        return run_id

    return ledger.write(work)


def test_what_is_kept_is_told_once_and_forgotten_by_its_key(ledger, clock):
    one = Happening(NoticeKind.LARGE_CHARGE, "charge:1", ("charge:p",), "Café", 5, currency="USD")
    two = Happening(NoticeKind.LOW_BALANCE, "low:1")
    write(ledger, "keep", [one, two])
    clock.advance(minutes=1)
    write(ledger, "keep", [one])
    assert [each.key for each in read(ledger, "untold")] == ["charge:1", "low:1"]
    assert read(ledger, "untold")[0].name == "Café"
    assert read(ledger, "known", ["charge:1", "charge:p", "x"]) == {"charge:1", "charge:p"}
    write(ledger, "tell", ["charge:1"])
    assert [each.key for each in read(ledger, "untold")] == ["low:1"]
    latest = {each.happening.key: each for each in read(ledger, "latest", 10)}
    assert set(latest) == {"charge:1", "low:1"}
    assert latest["charge:1"].told_at == clock.now()
    assert latest["charge:1"].at == clock.now() - timedelta(minutes=1)
    assert latest["low:1"].told_at is None
    write(ledger, "end", ["low:1"])
    assert read(ledger, "untold") == []
    clock.advance(seconds=1)
    write(ledger, "prune", clock.now())
    assert read(ledger, "known", ["charge:1", "charge:p"]) == set()
    assert read(ledger, "latest", 10) == []


def test_what_is_over_is_history_and_can_come_again(ledger, clock):
    low = Happening(NoticeKind.LOW_BALANCE, "low:1", ("low:other",), "Everyday", 5, currency="USD")
    for is_told in (True, False):
        write(ledger, "keep", [low])
        if is_told:
            write(ledger, "tell", ["low:1"])
        clock.advance(hours=1)
        write(ledger, "end", ["low:1", "low:other", "low:unknown"])
        assert read(ledger, "known", ["low:1", "low:other"]) == set()
        assert read(ledger, "untold") == []
    new, old = read(ledger, "latest", 10)
    assert (old.happening.name, old.happening.amount_minor) == ("Everyday", 5)
    assert old.told_at == old.at
    assert old.over_at == old.at + timedelta(hours=1) == new.at
    assert (new.told_at, new.over_at) == (None, clock.now())
    write(ledger, "keep", [low])
    assert [one.key for one in read(ledger, "untold")] == ["low:1"]
    assert [one.over_at is None for one in read(ledger, "latest", 10)] == [True, False, False]
    clock.advance(days=1)
    write(ledger, "prune", clock.now())
    assert [one.happening.key for one in read(ledger, "latest", 10)] == ["low:1"]


def test_what_lasts_is_not_pruned(ledger, clock):
    write(ledger, "keep", [Happening(NoticeKind.LOW_BALANCE, "low:1")], told=True)
    write(ledger, "keep", [Happening(NoticeKind.LARGE_CHARGE, "charge:1")])
    clock.advance(days=900)
    write(ledger, "prune", clock.now())
    assert read(ledger, "known", ["low:1", "charge:1"]) == {"low:1", "charge:1"}


def test_what_lasted_long_is_history_for_as_long_as_all_else_after_its_end(ledger, clock):
    write(ledger, "keep", [Happening(NoticeKind.LOW_BALANCE, "low:1")], told=True)
    clock.advance(days=900)
    write(ledger, "end", ["low:1"])
    for days, kept in ((0, 1), (799, 1), (2, 0)):
        clock.advance(days=days)
        write(ledger, "prune", clock.now() - timedelta(days=800))
        assert len(read(ledger, "latest", 10)) == kept, days


def test_runs_are_read_after_the_mark(ledger, item, kit):
    assert (read(ledger, "mark"), read(ledger, "newest_run")) == (None, 0)
    run_id = run_with(ledger, item, [kit.bank_row("p1")])
    assert read(ledger, "newest_run") == 1
    (run,) = read(ledger, "runs_after", 0)
    assert (run.id, run.reason, run.added, bool(run.is_over)) == (run_id, "schedule", 1, True)
    write(ledger, "advance", 1)
    write(ledger, "advance", 1)
    assert read(ledger, "mark") == 1
    begun = ledger.write(lambda writes: writes.begin_run(item, "schedule"))
    (run,) = read(ledger, "runs_after", 1)
    assert (run.id, bool(run.is_over)) == (begun, False)
    ledger.write(lambda writes: writes.close_cut_off())
    assert bool(read(ledger, "runs_after", 1)[0].is_over)


def test_rows_are_read_with_what_makes_them_count(ledger, item, kit):
    old = kit.bank_row("old", day=date(2026, 3, 1))
    rows = [
        kit.bank_row("p1", day=TODAY, merchant_name="Sofa House"),
        kit.bank_row("p2", "savings", day=TODAY - timedelta(days=1), pending=True),
        kit.bank_row("p3", day=TODAY, pending_plaid_id="pend"),
    ]
    run_id = run_with(ledger, item, [old, *rows])
    stored = ledger.stored(item, "p1", "p2", "p3")
    ledger.write(
        lambda writes: writes.set_category(
            [stored["p3"].id], writes.category_called("Transfer").id, BatchId(b"b" * 16)
        )
    )
    found = {one.plaid_id: one for one in read(ledger, "rows_of", [run_id], to_day(TODAY) - 6, 10)}
    assert set(found) == {"p1", "p2", "p3"}
    assert (found["p1"].name, found["p1"].merchant) == ("Sofa House", "sofa house")
    assert [bool(found[one].counts) for one in ("p1", "p2", "p3")] == [True, True, False]
    assert found["p3"].pending_plaid_id == "pend"
    assert bool(found["p2"].pending)
    assert len(read(ledger, "rows_of", [run_id], to_day(TODAY) - 6, 2)) == 2
    assert len(read(ledger, "accounts_of", [run_id], 100)) == 2
    assert len(read(ledger, "accounts_of", [run_id], 1)) == 1


def test_a_row_that_a_sync_changed_is_looked_at_again(ledger, item, kit):
    run_with(ledger, item, [kit.bank_row("p1", day=TODAY, pending=True, amount=100)])
    stored = ledger.stored(item, "p1")["p1"]
    ledger.apply(item, changes=[(stored, kit.bank_row("p1", day=TODAY, amount=70_000))])
    run = read(ledger, "runs_after", 1)[0]
    (row,) = read(ledger, "rows_of", [run.id], to_day(TODAY) - 6, 10)
    assert (row.id, row.amount_minor) == (stored.id, 70_000)


def test_failures_count_from_the_first_after_the_last_success(ledger, item, clock, kit):
    run_with(ledger, item, [kit.bank_row("p1")])
    assert read(ledger, "failing_since") == {}
    begun = clock.now() + timedelta(hours=1)

    def failing(writes):
        writes.set_health(item, Health(ItemState.DEGRADED, failures=1))

    for _ in range(3):
        clock.advance(hours=1)
        run_with(ledger, item, [], error="INSTITUTION_DOWN")
        ledger.write(failing)
    assert read(ledger, "failing_since") == {item: begun}
    clock.advance(hours=1)
    run_with(ledger, item, [])
    assert read(ledger, "failing_since") == {}


def test_failures_while_locked_count_until_a_sync_works(ledger, item, clock, kit):
    run_with(ledger, item, [kit.bank_row("p1")])
    clock.advance(hours=2)
    since = clock.now()
    write(ledger, "keep_failing", {item: since})
    assert read(ledger, "failing_since") == {}, "it is well"
    ledger.write(lambda writes: writes.set_health(item, Health(ItemState.DEGRADED, failures=9)))
    assert read(ledger, "failing_since") == {item: since}
    clock.advance(hours=30)
    run_with(ledger, item, [kit.bank_row("p2")], reason="locked")  # what came before it failed
    run_with(ledger, item, [], error="INSTITUTION_DOWN")
    assert read(ledger, "failing_since") == {item: since}
    clock.advance(hours=1)
    run_with(ledger, item, [])
    clock.advance(hours=1)
    run_with(ledger, item, [], error="INSTITUTION_DOWN")
    assert read(ledger, "failing_since") == {item: clock.now()}


def test_the_service_tells_a_real_sync_once_over_restarts(ledger, item, clock, kit):
    teller = Teller()

    def look():
        service = NoticeService(
            ledger.database, SettingsService(ledger.database), EventBus(), clock, TaskScope("t")
        )
        service._teller = teller
        ledger.run(service.look())
        told = [[one.kind for one in group] for group, _ in teller.told]
        teller.told.clear()
        return told

    run_with(ledger, item, [kit.bank_row("p0", day=TODAY, amount=900_000)])
    assert look() == []  # what was there before is no news
    pending = kit.bank_row("p1", day=TODAY, amount=60_000, pending=True)
    run_with(ledger, item, [pending, kit.bank_row("p2", "savings", day=TODAY)])
    assert look() == [[NoticeKind.NEW_ROWS], [NoticeKind.LARGE_CHARGE]]
    assert look() == []
    stored = ledger.stored(item, "p1")["p1"]
    posted = kit.bank_row("p9", day=TODAY, amount=61_000, pending_plaid_id="p1")
    ledger.apply(item, changes=[(stored, posted)])
    assert look() == []


def test_a_look_among_many_rows_reads_only_the_newest_sync(ledger, item, clock, kit):
    for part in range(4):
        rows = [kit.bank_row(f"h{part}-{at}", day=date(2025, 1, 1)) for at in range(5_000)]
        run_with(ledger, item, rows, reason="link")
    write(ledger, "advance", read(ledger, "newest_run"))
    run_id = run_with(ledger, item, [kit.bank_row(f"n{at}", day=TODAY) for at in range(3)])

    def plans(reads):
        plan = "EXPLAIN QUERY PLAN "
        raw = reads._handle.raw
        return [
            row[3]
            for statement, values in (
                (notices._RUNS, (4,)),
                (notices._ROWS, (0, 10, f'["{run_id.hex()}"]')),
                (notices._UNTOLD, ()),
                (notices._ADDED, ("[]",)),
                (notices._CHANGED, ("[]",)),
            )
            for row in raw.execute(plan + statement, values)
        ]

    scans = [one for one in ledger.read(plans) if one.startswith("SCAN") and "VIRTUAL" not in one]
    assert [one for one in scans if "USING" not in one] == []
    assert len(read(ledger, "rows_of", [run_id], to_day(TODAY) - 6, 10)) == 3
