"""An item's state: kept, told once, cleared by itself when the bank is well."""

import asyncio
from datetime import timedelta

import pytest

from hive_desktop.domain.health import Health, Notice, Trouble
from hive_desktop.domain.ledger import ItemState
from hive_desktop.ports import errors
from hive_desktop.ports.events import ItemChanged, ItemNeedsPerson
from hive_desktop.services.announcer import Announcer
from tests.unit.services.test_sync import Gate
from tests.unit.services.world import page, until

RELINK = errors.BankRelinkError(code="ITEM_LOGIN_REQUIRED")
LOUD = {"needs_relink", "revoked", "misconfigured"}


@pytest.mark.parametrize(
    ("kind", "state", "shortest", "longest"),
    [
        (errors.BankRetryError, "degraded", 60, 90),
        (errors.BankRateLimitError, "rate_limited", 61, 90),
        (errors.BankPermanentError, "degraded", 86400, 86400),
        (errors.BankRelinkError, "needs_relink", None, None),
        (errors.BankGoneError, "revoked", None, None),
        (errors.BankConfigError, "misconfigured", None, None),
    ],
)
def test_a_trouble_survives_reopening_is_told_once_and_clears(
    vault, kind, state, shortest, longest
):
    ids = []

    async def trouble(world):
        items = await world.link("a")
        item_id, script = items["a"]
        ids.append(item_id)
        told = world.hear(ItemNeedsPerson)
        script.error = kind(code="THE_CODE", wait_s=61.0)
        await world.session.sync.sync()
        assert [one.state.value for one in told] == ([state] if state in LOUD else [])

    async def reopened(world):
        told = world.hear(ItemNeedsPerson)
        (item,) = await world.session.ledger.items()
        assert (item.state.value, item.error_code) == (state, "THE_CODE")
        waits = None if item.until is None else (item.until - world.clock.now()).total_seconds()
        if shortest is None:
            assert waits is None
        else:
            assert shortest <= waits <= longest
        health = await world.health(ids[0])
        assert health.failures == 1
        world.clock.advance(days=1, seconds=1)
        await world.session.sync.sync()
        assert (await world.health(ids[0])).failures == 2
        assert told == []
        world.clock.advance(days=1, seconds=1)
        script = world.bank.scripts["token-a"]
        script.error = None
        await world.session.sync.sync()
        health = await world.health(ids[0])
        assert (health.state, health.until, health.error_code, health.failures) == (
            ItemState.HEALTHY, None, None, 0,
        )  # fmt: skip
        script.error = kind(code="AGAIN", wait_s=61.0)
        await world.session.sync.sync()
        assert [one.state.value for one in told] == ([state] if state in LOUD else [])

    vault.run(trouble)
    vault.run(reopened)


def test_being_offline_is_no_state_of_the_bank(vault):
    async def work(world):
        items = await world.link("a")
        item_id, script = items["a"]
        await world.set_health(item_id, state=ItemState.NEEDS_RELINK, error_code="X", failures=1)
        script.error = errors.BankOfflineError(code="NO_ANSWER")
        (result,) = await world.session.sync.sync()
        assert result.state is ItemState.NEEDS_RELINK
        assert (await world.health(item_id)).failures == 1

    vault.run(work)


def test_a_bank_that_fails_three_times_is_told_once(vault):
    async def work(world):
        items = await world.link("a")
        items["a"][1].error = errors.BankRetryError(code="INSTITUTION_DOWN")
        told = world.hear(ItemNeedsPerson)
        waits = []
        for _ in range(5):
            await world.session.sync.sync()
            (item,) = await world.session.ledger.items()
            waits.append(item.until - world.clock.now())
        assert [one.state for one in told] == [ItemState.DEGRADED]
        assert waits == sorted(waits)

    vault.run(work)


def test_troubles_that_alternate_are_told_once_each_also_over_a_restart(vault):
    async def some_syncs(world):
        told = world.hear(ItemNeedsPerson)
        down = errors.BankRetryError(code="INSTITUTION_DOWN")
        for error in (RELINK, down, RELINK, down, RELINK, down):
            world.bank.scripts["token-a"].error = error
            await world.session.sync.sync()
        return [one.state for one in told]

    async def first(world):
        await world.link("a")
        assert await some_syncs(world) == [ItemState.NEEDS_RELINK, ItemState.DEGRADED]

    async def reopened(world):
        assert await some_syncs(world) == []
        world.bank.scripts["token-a"].error = None
        await world.session.sync.sync()
        assert await some_syncs(world) == [ItemState.NEEDS_RELINK, ItemState.DEGRADED]

    vault.run(first)
    vault.run(reopened)


def test_a_sync_after_signing_in_again_is_not_answered_by_a_run_from_before(vault):
    async def work(world):
        items = await world.link("a", "b")
        item_id, script = items["a"]
        gate = Gate()

        async def refuse_once(cursor):
            script.before_page = None
            await gate.wait(cursor)
            raise RELINK

        script.before_page = refuse_once
        sync = world.session.sync
        await world.set_health(item_id, state=ItemState.NEEDS_RELINK, error_code=RELINK.code)
        await sync.announce()
        told = world.hear(ItemNeedsPerson)
        before = asyncio.ensure_future(sync.sync())  # noqa: TID251 - a caller's own task
        await until(lambda: gate.reached == 1)
        await world.set_health(item_id, state=ItemState.HEALTHY)  # as `reconnect` ends
        after = asyncio.ensure_future(  # noqa: TID251
            sync.sync(items=[item_id], reason="link", joins=False)
        )
        await asyncio.sleep(0.01)
        gate.opened.set()  # the request from before the repair is answered
        await before
        assert (await world.health(item_id)).state is ItemState.HEALTHY
        assert told == []
        (result,) = await after
        assert (result.error, result.state) == (None, ItemState.HEALTHY)
        assert await world.health(item_id) == Health()
        *first, last = await world.runs()  # two banks' first lines come in either order
        assert sorted(first) == [("a", "button"), ("b", "button")]
        assert last == ("a", "link")

    vault.run(work)


def test_a_warning_that_comes_during_a_sync_hides_no_lost_sign_in(vault):
    async def work(world):
        items = await world.link("a")
        item_id, script = items["a"]

        async def warned(_cursor):
            await world.set_health(item_id, state=ItemState.EXPIRING)
            raise RELINK

        script.before_page = warned
        await world.session.sync.sync()
        assert (await world.health(item_id)).state is ItemState.NEEDS_RELINK

    vault.run(work)


def test_a_bank_that_gives_what_it_has_cached_and_asks_for_the_person(vault):
    async def work(world):
        items = await world.link("a")
        item_id, script = items["a"]
        told = world.hear(ItemNeedsPerson)
        script.stands = ("ITEM_LOGIN_REQUIRED", Trouble.RELINK)
        (result,) = await world.session.sync.sync()
        assert (result.error, result.state) == (None, ItemState.NEEDS_RELINK)
        await world.session.sync.sync()
        assert len(told) == 1
        script.stands = None
        await world.session.sync.sync()
        assert (await world.health(item_id)).state is ItemState.HEALTHY

    vault.run(work)


@pytest.mark.parametrize(("days", "state"), [(6, "expiring"), (8, "healthy")])
def test_a_consent_that_ends_within_a_week_is_told(vault, days, state):
    async def work(world):
        items = await world.link("a")
        _, script = items["a"]
        script.consent_ends_at = world.clock.now() + timedelta(days=days)
        told = world.hear(ItemNeedsPerson)
        await world.session.sync.sync()
        (item,) = await world.session.ledger.items()
        is_soon = state == "expiring"
        assert item.state.value == state
        assert (item.until, item.ends_at) == (None, script.consent_ends_at)
        assert [one.state for one in told] == ([ItemState.EXPIRING] if is_soon else [])
        script.consent_ends_at = world.clock.now() + timedelta(days=180)
        await world.session.sync.sync()
        assert await world.states() == {"a": "healthy"}

    vault.run(work)


def test_a_rate_limit_is_kept_even_against_the_person(vault):
    async def work(world):
        items = await world.link("a")
        item_id, script = items["a"]
        script.error = errors.BankRateLimitError(code="TRANSACTIONS_SYNC_LIMIT", wait_s=300.0)
        await world.session.sync.sync()
        script.error = None
        world.clock.advance(seconds=120)
        (result,) = await world.session.sync.sync()
        assert isinstance(result.error, errors.BankRateLimitError)
        assert (result.error.code, result.error.wait_s) == ("TRANSACTIONS_SYNC_LIMIT", 180.0)
        assert await world.session.sync.sync(by_person=False) == []
        assert len(script.calls) == 1
        world.clock.advance(seconds=181)
        (result,) = await world.session.sync.sync()
        assert result.error is None
        await world.set_health(
            item_id, state=ItemState.RATE_LIMITED, until=world.clock.now() + timedelta(days=900)
        )
        (result,) = await world.session.sync.sync()
        assert result.error is None, "written before the clock was put back"

    vault.run(work)


def test_a_notice_is_kept_told_once_and_asks_for_a_sync_when_there_is_news(vault):
    async def work(world):
        items = await world.link("a")
        item_id, script = items["a"]
        hear = world.session.sync.hear
        told, changed = world.hear(ItemNeedsPerson), world.hear(ItemChanged)
        broken = Notice("ITEM", "ERROR", "ITEM_LOGIN_REQUIRED", Trouble.RELINK)
        for _ in range(3):
            assert await hear("item-a", broken) is None
        health = await world.health(item_id)
        assert (health.state, health.error_code) == (ItemState.NEEDS_RELINK, "ITEM_LOGIN_REQUIRED")
        assert (health.failures, len(told), len(changed)) == (0, 1, 1)
        script.error = RELINK
        await world.session.sync.sync()
        assert len(told) == 1, "the sync only confirms it"
        script.error = None
        assert await hear("item-a", Notice("ITEM", "LOGIN_REPAIRED")) == item_id
        assert (await world.health(item_id)).state is ItemState.HEALTHY
        await hear("item-a", broken)
        assert len(told) == 2
        await world.session.sync.sync()
        assert (await world.health(item_id)).state is ItemState.HEALTHY
        assert await hear("item-a", Notice("ITEM", "SOMETHING_NEW")) is None
        assert await hear("item-b", broken) is None
        assert await hear("item-a", Notice("TRANSACTIONS", "SYNC_UPDATES_AVAILABLE")) == item_id

    vault.run(work)


def test_a_notice_during_a_sync_is_not_overwritten_by_its_end(vault):
    async def work(world):
        items = await world.link("a")
        item_id, script = items["a"]
        ends_at = world.clock.now() + timedelta(days=5)

        async def tell(_cursor):
            notice = Notice("ITEM", "PENDING_EXPIRATION", ends_at=ends_at)
            await world.session.sync.hear("item-a", notice)

        script.before_page = tell
        told = world.hear(ItemNeedsPerson)
        await world.session.sync.sync()
        health = await world.health(item_id)
        assert (health.state, health.ends_at) == (ItemState.EXPIRING, ends_at)
        assert len(told) == 1

    vault.run(work)


@pytest.mark.parametrize("state", [ItemState.AWAITING, ItemState.CLOSED])
def test_no_notice_moves_what_only_the_person_moves(vault, state):
    async def work(world):
        items = await world.link("a")
        item_id = items["a"][0]
        if state is ItemState.CLOSED:
            await world.session.linking.disconnect(item_id, keep_history=True)
        else:
            await world.set_health(item_id, state=state)
        for code in ("LOGIN_REPAIRED", "USER_PERMISSION_REVOKED", "PENDING_EXPIRATION"):
            assert await world.session.sync.hear("item-a", Notice("ITEM", code)) is None
        assert (await world.health(item_id)).state is state

    vault.run(work)


def test_notices_in_any_order_end_in_what_the_next_sync_finds(vault):
    async def work(world):
        items = await world.link("a")
        item_id, script = items["a"]
        script.pages[""] = page(cursor="c1")
        notices = [
            Notice("ITEM", "USER_PERMISSION_REVOKED"),
            Notice("ITEM", "LOGIN_REPAIRED"),
            Notice("ITEM", "ERROR", "INSTITUTION_DOWN", Trouble.RETRY),
            Notice("ITEM", "ERROR", "ITEM_LOGIN_REQUIRED", Trouble.RELINK),
        ]
        for order in (notices, notices[::-1], notices * 2):
            for one in order:
                await world.session.sync.hear("item-a", one)
            await world.session.sync.sync()
            assert (await world.health(item_id)).state is ItemState.HEALTHY

    vault.run(work)


@pytest.mark.parametrize("state", [ItemState.AWAITING, ItemState.CLOSED])
def test_signing_in_again_does_not_open_what_is_closed_or_undecided(vault, state):
    async def work(world):
        items = await world.link("a")
        item_id = items["a"][0]
        await world.set_health(item_id, state=state)
        with pytest.raises(errors.UsageError):
            await world.session.linking.reconnect(item_id)
        assert (await world.health(item_id)).state is state

    vault.run(work)


@pytest.mark.parametrize("state", [ItemState.CLOSED, ItemState.NEEDS_RELINK, ItemState.HEALTHY])
def test_only_what_waits_can_be_adopted_or_declined(vault, state):
    async def work(world):
        items = await world.link("a")
        item_id = items["a"][0]
        await world.set_health(item_id, state=state)
        adoption = world.session.adoption
        for decide in (adoption.preview, adoption.adopt, adoption.decline):
            with pytest.raises(errors.UsageError, match="does not wait"):
                await decide(item_id)
        assert (await world.health(item_id)).state is state

    vault.run(work)


def test_what_was_not_told_before_a_crash_is_told_at_the_next_start(vault):
    async def crashed(world):
        items = await world.link("a", "b")
        await world.set_health(items["a"][0], state=ItemState.REVOKED, error_code="X", failures=1)

    async def reopened(world):
        told = world.hear(ItemNeedsPerson)
        await world.session.sync.announce()
        assert [(one.institution, one.state) for one in told] == [("a", ItemState.REVOKED)]
        await world.session.sync.announce()
        assert len(told) == 1

    vault.run(crashed)
    vault.run(reopened)


class _DiesBeforeWriting:
    """A ledger whose program is killed before the next write."""

    def __init__(self, database):
        self.read = database.read

    async def write(self, _work, **_options):
        raise asyncio.CancelledError


def test_a_trouble_is_told_again_when_a_crash_kept_it_from_being_marked(vault):
    async def work(world):
        items = await world.link("a")
        told = world.hear(ItemNeedsPerson)
        await world.set_health(items["a"][0], state=ItemState.REVOKED, error_code="X", failures=1)
        dying = Announcer(_DiesBeforeWriting(world.session.database), world.session.bus)
        with pytest.raises(asyncio.CancelledError):
            await dying.announce()
        assert len(told) == 1
        await world.session.sync.announce()
        assert len(told) == 2

    vault.run(work)
