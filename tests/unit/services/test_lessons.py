"""What the person taught: followed at once, kept over syncs, runs and restarts, and taken back."""

import itertools

import pytest

from hive_desktop.domain.categories import REVIEW_THRESHOLD
from hive_desktop.domain.ledger import CategorySource, TransactionQuery
from hive_desktop.ports.category_store import UNASKED_BY, Again, MerchantAnswer
from tests.unit.services.world import page, row

EVERYTHING = TransactionQuery()


def rows_of(names, *, start=0, amount=1_000, **fields):
    return [
        row(f"p{start + at}", name=name, amount=amount, account="a-checking", **fields)
        for at, name in enumerate(names)
    ]


async def loaded(world, rows, cursor="one"):
    """Link a bank whose first sync brings rows."""
    items = await world.link("a")
    _, script = items["a"]
    script.pages[""] = page(rows, cursor=cursor)
    await world.session.sync.sync()
    return script


async def labels(world):
    found = await world.session.ledger.page(EVERYTHING)
    return {one.name: (one.category, one.category_source) for one in found}


async def choose(world, name, category):
    found = await world.session.ledger.page(EVERYTHING)
    categories = {one.name: one.id for one in await world.session.ledger.categories()}
    chosen = [one.id for one in found if one.name == name]
    return (await world.session.ledger.set_category(chosen, categories[category])).batch


NAMES = ["ZORBLAX 001 SEATTLE WA", "ZORBLAX 002 PORTLAND OR", "SQ *ZORBLAX", "QUUXLI 4"]


def test_a_correction_is_followed_by_the_merchants_other_rows_and_undo_takes_both_back(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        before = await labels(world)
        batch = await choose(world, NAMES[0], "Education")
        after = await labels(world)
        assert after[NAMES[0]] == ("Education", CategorySource.USER)
        assert after[NAMES[1]] == after[NAMES[2]] == ("Education", CategorySource.MERCHANT)
        assert after[NAMES[3]][1] is not CategorySource.MERCHANT
        found = await world.session.ledger.page(EVERYTHING)
        (told,) = [one.id for one in found if one.name == NAMES[1]]
        reason = await world.session.ledger.category_reason(told)
        assert reason == "You put 1 of 1 Zorblax here"
        await world.session.ledger.undo(batch)
        assert await labels(world) == before

    vault.run(work)


def test_what_is_taught_holds_over_a_sync_a_run_and_a_restart(vault):
    sure = {"bank_category": "TRAVEL_FLIGHTS", "bank_confidence": "VERY_HIGH"}

    async def first(world):
        script = await loaded(world, rows_of(NAMES[:2], **sure))
        assert set((await labels(world)).values()) == {("Travel", CategorySource.BANK)}
        await choose(world, NAMES[0], "Education")
        script.pages["one"] = page(rows_of([NAMES[2]], start=9, **sure), cursor="two")
        await world.session.sync.sync()
        assert (await labels(world))[NAMES[2]] == ("Education", CategorySource.MERCHANT)
        assert await world.session.categorize.run() == 0
        return await labels(world)

    async def again(world):
        assert await world.session.categorize.run() == 0
        return await labels(world)

    assert vault.run(first) == vault.run(again)


def test_a_stopped_run_goes_on_and_one_that_is_done_changes_nothing(vault, monkeypatch):
    monkeypatch.setattr("hive_desktop.services.categorize._ROWS_A_TURN", 2)

    class StoppedError(Exception):
        pass

    async def work(world):
        await loaded(world, rows_of(["APOTHEKE NORD", "GYM 24", "TESCO 1", "SHELL 2", "HILTON"]))

        def forget(writes):
            return writes.label((one.id, None) for one in writes.transactions(EVERYTHING))

        whole = await labels(world)
        assert await world.write(forget) > 0
        seen = []

        def stop(done):
            seen.append(done)
            raise StoppedError

        with pytest.raises(StoppedError):
            await world.session.categorize.run(stop)
        part = await labels(world)
        assert part != whole
        await world.session.categorize.run()
        assert await labels(world) == whole
        assert await world.session.categorize.run() == 0

    vault.run(work)


def test_an_answer_of_a_model_is_kept_for_the_merchant_and_yields_to_the_person(vault):
    async def work(world):
        script = await loaded(world, rows_of(NAMES))
        (asked, *_) = [
            one
            for one in await world.session.database.read(
                lambda reads: reads.categorization.open_merchants(9)
            )
            if one.key == "zorblax"
        ]
        assert (asked.direction, asked.rows) == ("out", 3)
        answer = MerchantAnswer("zorblax", "out", "Shopping", 0.9, "The model says: Shopping", "m")
        assert await world.session.categorize.answer([answer]) == 3
        assert await world.session.categorize.answer([answer]) == 0
        script.pages["one"] = page(rows_of(["ZORBLAX 77"], start=20), cursor="two")
        await world.session.sync.sync()
        assert (await labels(world))["ZORBLAX 77"] == ("Shopping", CategorySource.AI)
        await choose(world, NAMES[0], "Travel")
        assert (await labels(world))["ZORBLAX 77"] == ("Travel", CategorySource.MERCHANT)
        still = await world.session.database.read(
            lambda reads: reads.categorization.open_merchants(9)
        )
        assert "zorblax" not in {one.key for one in still}

    vault.run(work)


def test_what_nobody_is_sure_of_is_grouped_by_merchant_and_judged(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))

        def read(reads):
            return reads.categorization.review_groups(9), reads.categorization.guess_records()

        groups, records = await world.session.database.read(read)
        by_key = {one.key: one for one in groups}
        assert by_key["zorblax"].rows == 3
        assert by_key["zorblax"].total_minor == 3_000
        assert records == []
        for one in await world.session.ledger.page(EVERYTHING):
            assert one.needs_review == (one.confidence is None or one.confidence < REVIEW_THRESHOLD)
        await choose(world, NAMES[0], "Education")
        groups, _ = await world.session.database.read(read)
        assert "zorblax" not in {one.key for one in groups}

    vault.run(work)


# A household that sorts by its own mind: kind of shop -> its category, merchants of that kind.
KINDS = {
    "Education": ["KEYBOARD WORLD", "PIANO HOUSE", "GUITAR BARN", "VIOLIN STUDIO", "DRUM CELLAR"],
    "Healthcare": ["SAUNA NORDIC", "SAUNA PALACE", "SAUNA LOFT", "SAUNA KELO", "SAUNA RIVER"],
    "Entertainment": ["YARN CORNER", "YARN BARN", "YARN ATTIC", "YARN & CO", "YARN HOUSE"],
    "Travel": ["BIKE DEPOT", "BIKE CELLAR", "BIKE GARDEN", "BIKE ISLAND", "BIKE WORKS"],
    "Personal Care": ["TEA GARDEN", "TEA PALACE", "TEA EMPIRE", "TEA DRAGON", "TEA CLOUD"],
    "Transportation": ["DOG DEPOT", "DOG PALACE", "DOG MANOR", "DOG HAVEN", "DOG CORNER"],
}
UNSEEN = {
    "Education": ["PIANO CELLAR", "GUITAR PALACE"],
    "Healthcare": ["SAUNA HILL", "SAUNA BOTANICA"],
    "Entertainment": ["YARN EMPIRE", "YARN RIVER"],
    "Travel": ["BIKE MANOR", "BIKE HAVEN"],
    "Personal Care": ["TEA RIVER", "TEA HILL"],
    "Transportation": ["DOG HILL", "DOG LOFT"],
}


def test_thirty_corrections_teach_their_merchants_and_others_of_the_kind(vault):
    taught = [(name, kind) for kind, names in KINDS.items() for name in names]
    unseen = [(name, kind) for kind, names in UNSEEN.items() for name in names]
    assert len(taught) == 30
    printed = list(
        itertools.chain.from_iterable(
            [f"{name} {n:04d}", f"SQ *{name}", f"POS PURCHASE {name} #{n}"]
            for n, (name, _) in enumerate([*taught, *unseen], start=11)
        )
    )
    truth = {
        text: kind
        for (name, kind) in [*taught, *unseen]
        for text in printed
        if f" {name} " in f" {text.removeprefix('SQ *')} "
    }

    def right(found, names):
        texts = [
            text
            for text, kind in truth.items()
            for n, k in names
            if f" {n} " in f" {text.removeprefix('SQ *')} " and k == kind
        ]
        return sum(found[text][0] == truth[text] for text in texts) / len(texts)

    async def work(world):
        await loaded(world, rows_of(printed))
        before = await labels(world)
        for n, (name, kind) in enumerate(taught, start=11):
            await choose(world, f"{name} {n:04d}", kind)
        await world.session.categorize.run()
        after = await labels(world)
        assert right(after, taught) == 1.0
        assert right(before, unseen) < 0.4
        assert right(after, unseen) >= right(before, unseen) + 0.3

    vault.run(work)


def test_what_was_taught_is_shown_by_a_row_and_not_by_a_merchant_s_name(vault):
    async def work(world):
        await loaded(world, rows_of(["SEPA UEBERWEISUNG HANS MUELLER", NAMES[0], NAMES[1]]))
        await choose(world, NAMES[0], "Education")
        await choose(world, NAMES[1], "Education")
        await choose(world, "SEPA UEBERWEISUNG HANS MUELLER", "Travel")
        found = await world.session.database.read(
            lambda reads: reads.categorization.taught_samples(9)
        )
        told = [(one.taught.n, one.taught.total, one.sample.name) for one in found]
        assert told == [(2, 2, NAMES[1]), (1, 1, "SEPA UEBERWEISUNG HANS MUELLER")]
        first = await world.session.database.read(
            lambda reads: reads.categorization.taught_samples(1)
        )
        assert first == found[:1]

    vault.run(work)


def test_what_was_answered_stays_where_a_second_asking_brings_nothing(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))

        async def open_for(again):
            found = await world.session.database.read(
                lambda reads: reads.categorization.open_merchants(9, "m", again)
            )
            return {one.key for one in found}

        async def left():
            return await world.session.database.read(
                lambda reads: reads.categorization.left_merchants()
            )

        silence = MerchantAnswer("quuxli", "out", None, 0.0, "No answer", "m")
        answer = MerchantAnswer("zorblax", "out", "Shopping", 0.9, "It says so", "m")
        await world.session.categorize.answer([silence, answer])
        assert await left() == 1
        assert await open_for(Again.NONE) == set()
        assert await open_for(Again.LEFT) == {"quuxli"}
        assert await open_for(Again.ALL) == {"quuxli", "zorblax"}
        await world.session.categorize.answer([answer._replace(category=None, confidence=0.0)])
        assert (await labels(world))[NAMES[0]] == ("Shopping", CategorySource.AI)
        assert await open_for(Again.LEFT) == {"quuxli"}
        await choose(world, NAMES[0], "Travel")
        await choose(world, NAMES[3], "Travel")
        assert await open_for(Again.ALL) == set()
        assert await left() == 0

    vault.run(work)


def test_what_one_model_could_not_say_another_is_asked(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))

        async def open_for(model):
            found = await world.session.database.read(
                lambda reads: reads.categorization.open_merchants(9, model)
            )
            return {one.key for one in found}

        silence = MerchantAnswer("zorblax", "out", None, 0.0, "No answer", "small")
        person = MerchantAnswer("quuxli", "out", None, 0.0, "Not asked", UNASKED_BY)
        await world.session.categorize.answer([silence, person])
        assert await open_for(None) == await open_for("small") == set()
        assert await open_for("large") == {"zorblax"}
        answer = MerchantAnswer("zorblax", "out", "Shopping", 0.3, "Perhaps", "large")
        await world.session.categorize.answer([answer])
        assert await open_for("large") == set()
        assert await open_for("small") == {"zorblax"}  # nobody is sure yet

    vault.run(work)


def test_what_was_chosen_on_a_row_teaches_only_while_the_row_is_there(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        before = await labels(world)
        await choose(world, NAMES[0], "Education")
        assert (await labels(world))[NAMES[1]] == ("Education", CategorySource.MERCHANT)
        found = await world.session.ledger.page(EVERYTHING)
        (chosen,) = [one.id for one in found if one.name == NAMES[0]]
        deletion = (await world.session.ledger.delete([chosen])).batch
        assert (await labels(world))[NAMES[1]] == before[NAMES[1]]
        restoring = await world.session.ledger.restore([chosen])
        assert (await labels(world))[NAMES[1]] == ("Education", CategorySource.MERCHANT)
        undone = await world.session.ledger.undo(restoring)
        assert undone.sentence == f"Undone: {NAMES[0]} is deleted again."
        assert (await labels(world))[NAMES[1]] == before[NAMES[1]]
        undone = await world.session.ledger.undo(deletion)
        assert undone.sentence == f"Undone: {NAMES[0]} is no longer deleted."
        assert (await labels(world))[NAMES[1]] == ("Education", CategorySource.MERCHANT)

    vault.run(work)
