"""Rules: from now on by themselves, on the past only when the person says so, and undoable."""

from dataclasses import replace

import pytest

from hive_desktop.domain.ledger import CategorySource, TransactionQuery
from hive_desktop.domain.rules import Actions
from hive_desktop.ports.errors import UsageError
from hive_desktop.services.rules import always_among
from tests.unit.services.test_lessons import choose, labels, loaded, rows_of
from tests.unit.services.world import page
from tests.unit.services.world import row as row_of

EVERYTHING = TransactionQuery()
NAMES = ["ZORBLAX 001", "ZORBLAX 002", "QUUXLI 4"]


async def category(world, name):
    return next(one.id for one in await world.session.ledger.categories() if one.name == name)


async def drafted(world, text="name contains zorblax", **actions):
    chosen = Actions(await category(world, "Education"), **actions)
    return world.session.rules.draft(text, chosen)


def test_a_rule_acts_on_what_comes_and_leaves_the_past_alone(vault):
    async def work(world):
        script = await loaded(world, rows_of(NAMES))
        before = await labels(world)
        rule = await drafted(world, rename="Zorb", tags=("toys",))
        await world.session.rules.put(rule)
        assert await world.session.rules.rules() == [rule]
        await world.session.categorize.run()
        assert await labels(world) == before
        script.pages["one"] = page(rows_of(["ZORBLAX 003"], start=9), cursor="two")
        await world.session.sync.sync()
        fresh = next(
            one for one in await world.session.ledger.page(EVERYTHING) if one.name == "ZORBLAX 003"
        )
        assert (fresh.category, fresh.category_source) == ("Education", CategorySource.RULE)
        assert fresh.merchant == "Zorb"
        # What a rule did beside a sync is not what the person did last.
        assert (await world.session.ledger.undo()).changes == 0
        await choose(world, "ZORBLAX 003", "Travel")
        await world.session.categorize.run()
        assert (await labels(world))["ZORBLAX 003"] == ("Travel", CategorySource.USER)

    vault.run(work)


def test_what_is_shown_before_is_what_applying_changes_and_undo_takes_it_back_whole(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        await choose(world, "ZORBLAX 002", "Travel")
        rows = {one.id: one for one in await world.session.ledger.page(EVERYTHING)}
        rule = await drafted(world, rename="Zorb", hides=False)
        tried = await world.session.rules.back_test(rule)
        assert (tried.hits, tried.agrees, tried.conflicts) == (2, 0, 1)
        assert tried.precision == 0
        assert [one.name for one in tried.conflicting] == ["ZORBLAX 002"]
        shown = {one.row.id: (one.category_id, one.rename) for one in tried.changes}
        assert {one.row.id: one.row for one in tried.changes} == {i: rows[i] for i in shown}
        applied = await world.session.rules.apply(rule)
        batch, changed = applied.batch, applied.changed
        after = {one.id: one for one in await world.session.ledger.page(EVERYTHING)}
        differ = {i for i in rows if rows[i] != after[i]}
        assert differ == set(shown)
        assert changed == tried.would_change == len(shown) == 2
        for row_id, (category_id, rename) in shown.items():
            assert category_id in (None, after[row_id].category_id)
            assert rename == after[row_id].merchant
        assert (await world.session.rules.back_test(rule)).would_change == 0
        assert (await world.session.rules.apply(rule)).changed == 0
        await world.session.ledger.undo(batch)
        assert {one.id: one for one in await world.session.ledger.page(EVERYTHING)} == rows

    vault.run(work)


def test_hidden_rows_leave_the_figures_and_come_back_with_undo(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        rule = world.session.rules.draft("name contains zorblax", Actions(hides=True))
        query = replace(EVERYTHING, counted_only=True)
        before = await world.session.ledger.count(query)
        applied = await world.session.rules.apply(rule)
        batch, changed = applied.batch, applied.changed
        assert changed == 2
        assert await world.session.ledger.count(query) == before - 2
        await world.session.ledger.undo(batch)
        assert await world.session.ledger.count(query) == before

    vault.run(work)


def test_always_makes_one_rule_for_a_merchant_and_one_direction(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES) + rows_of(["ZORBLAX 9"], start=5, amount=-700))
        (row,) = [r for r in await world.session.ledger.page(EVERYTHING) if r.name == NAMES[0]]
        travel, food = await category(world, "Travel"), await category(world, "Food & Dining")
        await world.session.rules.always(row, travel)
        rule = await world.session.rules.always(row, food)
        assert await world.session.rules.rules() == [rule]
        tried = await world.session.rules.back_test(rule)
        assert {one.row.name for one in tried.changes} == set(NAMES[:2])

    vault.run(work)


def test_repeated_corrections_suggest_a_rule_until_there_is_one(vault):
    async def work(world):
        await loaded(world, rows_of([*NAMES, "ZORBLAX 003"]))
        for name in ("ZORBLAX 001", "ZORBLAX 002"):
            await choose(world, name, "Travel")
        assert await world.session.rules.suggestions() == []
        await choose(world, "ZORBLAX 003", "Travel")
        (idea,) = await world.session.rules.suggestions()
        assert (idea.merchant, idea.category, idea.n) == ("Zorblax", "Travel", 3)
        rule = await drafted(world, "merchant equals 'ZORBLAX 77'")
        await world.session.rules.put(rule)
        assert await world.session.rules.suggestions() == []

    vault.run(work)


def test_order_decides_and_a_removed_rule_is_gone(vault):
    async def work(world):
        script = await loaded(world, rows_of(["OTHER 1"]))
        first = await drafted(world)
        travel = Actions(await category(world, "Travel"))
        second = world.session.rules.draft("name contains zorblax", travel)
        for rule in (first, second):
            await world.session.rules.put(rule)
        await world.session.rules.order([second.id])
        assert [one.id for one in await world.session.rules.rules()] == [second.id, first.id]
        script.pages["one"] = page(rows_of(["ZORBLAX 1"], start=5), cursor="two")
        await world.session.sync.sync()
        assert (await labels(world))["ZORBLAX 1"][0] == "Travel"
        assert await world.session.rules.remove(second.id)
        assert not await world.session.rules.remove(second.id)
        assert [one.id for one in await world.session.rules.rules()] == [first.id]

    vault.run(work)


@pytest.mark.parametrize(
    ("text", "actions"), [("name contains", Actions(rename="x")), ("name contains x", Actions())]
)
def test_what_is_no_rule_is_refused_in_words(vault, text, actions):
    async def work(world):
        with pytest.raises(UsageError) as caught:
            world.session.rules.draft(text, actions)
        assert caught.value.hint

    vault.run(work)


def test_a_row_of_before_stays_when_the_bank_tells_it_again(vault):
    async def work(world):
        script = await loaded(world, rows_of(NAMES))
        before = await labels(world)
        await world.session.rules.put(await drafted(world, rename="Zorb", tags=("toys",)))
        script.pages["one"] = page(
            cursor="two", modified=rows_of(["ZORBLAX 001"], amount=1_001), added=()
        )
        await world.session.sync.sync()
        (row,) = [one for one in await world.session.ledger.page(EVERYTHING) if "001" in one.name]
        assert row.amount_minor == 1_001
        assert row.merchant != "Zorb"
        assert (await labels(world))["ZORBLAX 001"] == before["ZORBLAX 001"]

    vault.run(work)


def test_a_rule_sees_a_row_again_when_the_bank_posts_it_under_its_whole_name(vault):
    async def work(world):
        script = await loaded(world, rows_of(["CARD AUTHORISATION"], pending=True))
        await world.session.rules.put(await drafted(world, rename="Zorb"))
        posted = row_of("q1", name="ZORBLAX 009", account="a-checking", pending_plaid_id="p0")
        script.pages["one"] = page([posted], cursor="two", removed=["p0"])
        await world.session.sync.sync()
        (row,) = await world.session.ledger.page(EVERYTHING)
        assert (row.name, row.merchant) == ("ZORBLAX 009", "Zorb")
        assert (row.category, row.category_source) == ("Education", CategorySource.RULE)

    vault.run(work)


def test_undo_of_a_rule_leaves_whole_what_the_person_has_said_since(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        batch = (await world.session.rules.apply(await drafted(world, rename="Zorb"))).batch
        await choose(world, "ZORBLAX 001", "Education")
        await world.session.ledger.undo(batch)
        told = await labels(world)
        assert told["ZORBLAX 001"] == ("Education", CategorySource.USER)
        assert told["ZORBLAX 002"] == ("Education", CategorySource.MERCHANT)

    vault.run(work)


def test_a_rule_that_is_off_is_applied_when_it_is_named(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        rule = replace(await drafted(world), is_enabled=False)
        await world.session.rules.put(rule)
        tried = await world.session.rules.back_test(rule)
        assert (await world.session.rules.apply()).changed == 0
        assert (await world.session.rules.apply(rule)).changed == tried.would_change == 2

    vault.run(work)


def test_a_rule_gives_one_category_and_no_empty_names(vault):
    async def work(world):
        with pytest.raises(UsageError, match="one category"):
            await drafted(world, is_transfer=True)
        rule = await drafted(world, rename="  ", tags=("", " a ", "a"))
        assert (rule.actions.rename, rule.actions.tags) == (None, ("a",))
        with pytest.raises(UsageError, match="nothing"):
            world.session.rules.draft("name contains x", Actions(rename=" ", tags=(" ",)))

    vault.run(work)


@pytest.mark.parametrize("text", ["name contains zorblax", "amount between 9 11"])
def test_a_posted_row_that_does_not_fit_loses_what_the_rule_did(vault, text):
    async def work(world):
        script = await loaded(world, rows_of(["OTHER 1"]))
        rule = await drafted(world, text, rename="Zorb", tags=("toys",), hides=True)
        await world.session.rules.put(rule)
        script.pages["one"] = page(rows_of(["ZORBLAX 7"], start=5, pending=True), cursor="two")
        await world.session.sync.sync()
        assert (await labels(world))["ZORBLAX 7"] == ("Education", CategorySource.RULE)
        posted = row_of(
            "q1", name="QUUXLI 9", amount=2_000, account="a-checking", pending_plaid_id="p5"
        )
        script.pages["two"] = page([posted], cursor="three", removed=["p5"])
        await world.session.sync.sync()
        (row,) = [
            one for one in await world.session.ledger.page(EVERYTHING) if "QUUXLI" in one.name
        ]
        assert row.category_source is not CategorySource.RULE
        assert row.merchant != "Zorb"
        query = replace(EVERYTHING, counted_only=True)
        assert await world.session.ledger.count(query) == 2, "it is not hidden any more"
        tried = await world.session.rules.back_test(
            world.session.rules.draft("name contains quuxli", Actions(tags=("toys",)))
        )
        assert tried.would_change == 1, "the tag is gone"

    vault.run(work)


def test_what_the_person_chose_on_a_pending_row_stays_when_it_posts(vault):
    async def work(world):
        script = await loaded(world, rows_of(["OTHER 1"]))
        await world.session.rules.put(await drafted(world))
        script.pages["one"] = page(rows_of(["ZORBLAX 7"], start=5, pending=True), cursor="two")
        await world.session.sync.sync()
        await choose(world, "ZORBLAX 7", "Travel")
        posted = row_of("q1", name="QUUXLI 9", account="a-checking", pending_plaid_id="p5")
        script.pages["two"] = page([posted], cursor="three", removed=["p5"])
        await world.session.sync.sync()
        assert (await labels(world))["QUUXLI 9"] == ("Travel", CategorySource.USER)

    vault.run(work)


def test_a_second_rule_alike_is_refused_and_a_second_name_gets_a_number(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        rules = world.session.rules
        text = "name contains zorblax and amount between 1 20"
        first = await rules.put(await drafted(world, text))
        with pytest.raises(UsageError, match="same to the same rows"):
            await rules.put(await drafted(world, "amount between 1 20 and name contains zorblax"))
        assert await rules.put(replace(first, is_enabled=False)) == replace(first, is_enabled=False)
        named = [
            await rules.put(rules.draft(f"name contains {n}", Actions(hides=True), name="Toys"))
            for n in range(3)
        ]
        assert [one.name for one in named] == ["Toys", "Toys 2", "Toys 3"]
        assert (await rules.put(replace(named[1], stops=True))).name == "Toys 2"

    vault.run(work)


def test_a_rule_sees_a_posted_row_that_is_known_by_its_likeness_alone(vault):
    async def work(world):
        script = await loaded(world, rows_of(["QUUXLI CARD 12"], pending=True))
        await world.session.rules.put(await drafted(world, "name contains whole"))
        posted = row_of("q1", name="QUUXLI CARD 12 WHOLE", account="a-checking")
        script.pages["one"] = page([posted], cursor="two", removed=["p0"])
        await world.session.sync.sync()
        (row,) = await world.session.ledger.page(EVERYTHING)
        assert (row.name, row.category) == ("QUUXLI CARD 12 WHOLE", "Education")
        (event, *_) = await world.session.journal.why(row.id)
        assert event.kind == "rematched"

    vault.run(work)


def test_always_a_second_time_is_tried_in_the_place_of_the_first(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        (row,) = [r for r in await world.session.ledger.page(EVERYTHING) if r.name == NAMES[0]]
        rules = world.session.rules
        first = await rules.always(row, await category(world, "Travel"))
        await rules.put(await drafted(world))
        again = rules.draft(first.words, Actions(await category(world, "Shopping")))
        shown = always_among(await rules.rules(), again)
        assert (shown.id, shown.name) == (first.id, first.name)
        tried = await rules.back_test(shown)
        assert (tried.would_change, tried.overruled) == (2, 0)
        assert await rules.always(row, again.actions.category_id) == shown

    vault.run(work)
