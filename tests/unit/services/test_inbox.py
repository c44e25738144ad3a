"""The review inbox over a real vault: what a decision moves, what stays, and what is counted."""

from hive_desktop.domain.ledger import CategorySource, TransactionQuery
from hive_desktop.domain.rules import Actions
from hive_desktop.services import inbox
from tests.unit.services.test_lessons import NAMES, labels, loaded, rows_of

EVERYTHING = TransactionQuery()


async def _group(world, key):
    return next(one for one in await world.session.inbox.groups() if one.key == key)


async def _category(world, name):
    return next(one.id for one in await world.session.ledger.categories() if one.name == name)


def test_a_decision_moves_the_merchants_rows_of_its_direction_and_undo_asks_again(vault):
    async def work(world):
        refund = rows_of(["ZORBLAX REFUND"], start=50, amount=-700)
        await loaded(world, [*rows_of(NAMES), *refund])
        inbox = world.session.inbox
        before, waiting = await labels(world), await inbox.groups()
        group = await _group(world, "zorblax")
        assert (group.rows, group.direction) == (3, "out")
        closer = await inbox.look(group, rows=2)
        assert closer.moves == 3
        assert len(closer.newest) == 2
        batch, _ = await inbox.decide(group, await _category(world, "Education"))
        after = await labels(world)
        assert {after[name] for name in NAMES[:3]} == {("Education", CategorySource.USER)}
        assert after[NAMES[3]] == before[NAMES[3]]
        assert after["ZORBLAX REFUND"][1] is not CategorySource.USER
        assert await inbox.count() == len(waiting) - 1
        await world.session.ledger.undo(batch)
        assert await labels(world) == before
        assert await inbox.groups() == waiting

    vault.run(work)


def test_what_a_rule_or_the_person_gave_stays(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        session = world.session
        rule = session.rules.draft(
            f"name equals '{NAMES[0]}'", Actions(await _category(world, "Travel"))
        )
        await session.rules.apply(rule)
        group = await _group(world, "zorblax")
        assert (await session.inbox.look(group)).moves == 2
        await session.inbox.decide(group, await _category(world, "Education"))
        after = await labels(world)
        assert after[NAMES[0]] == ("Travel", CategorySource.RULE)
        assert after[NAMES[1]] == after[NAMES[2]] == ("Education", CategorySource.USER)

    vault.run(work)


def test_what_is_skipped_waits_and_is_still_counted(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        inbox = world.session.inbox
        waiting = await inbox.groups()
        inbox.skip(waiting[0])
        assert await inbox.waiting() == (waiting[1:], waiting[:1])
        assert await inbox.count() == len(waiting)
        inbox.unskip()
        assert await inbox.groups() == waiting
        assert await inbox.groups(limit=1, offset=1) == waiting[1:2]

    vault.run(work)


def test_keeping_and_changing_a_guess_is_counted_by_its_source(vault):
    unsure = {"bank_category": "TRAVEL_FLIGHTS", "bank_confidence": "LOW"}

    async def work(world):
        await loaded(world, rows_of(NAMES, **unsure))
        inbox = world.session.inbox
        before = await labels(world)
        wanted = dict.fromkeys(NAMES[:3], "Travel") | {NAMES[3]: "Education"}
        await inbox.decide(await _group(world, "zorblax"), await _category(world, "Travel"))
        await inbox.decide(await _group(world, "quuxli"), await _category(world, "Education"))
        was_kept = [before[name][0] == category for name, category in wanted.items()]
        records = await inbox.records()
        assert sum(one.kept for one in records) == was_kept.count(True) > 0
        assert sum(one.changed for one in records) == was_kept.count(False) > 0
        assert {one.source for one in records} == {str(source) for _, source in before.values()}

    vault.run(work)


def test_a_guess_that_was_cleared_was_not_kept(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES, bank_category="TRAVEL_FLIGHTS", bank_confidence="LOW"))
        group = await _group(world, "zorblax")
        await world.session.ledger.set_category([group.newest.id], None)
        (record,) = await world.session.inbox.records()
        assert (record.kept, record.changed) == (0, 1)

    vault.run(work)


def test_a_group_is_found_behind_the_first_thousand(vault, monkeypatch):
    monkeypatch.setattr(inbox, "MOST_GROUPS", 1)

    async def work(world):
        await loaded(world, rows_of(NAMES))
        found = await world.session.inbox.find(bool)
        assert len(found) == len({one.key for one in found}) > 1
        (last,) = await world.session.inbox.find(lambda one: one.key == found[-1].key)
        assert last == found[-1]

    vault.run(work)
