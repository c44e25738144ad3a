"""What the person does: a table of small functions, each one act.

Each takes the world and returns a few words for the log, or None when there was nothing to do. What
the program may not do by half is told to the oracle first (`Said`).
"""

from __future__ import annotations

import datetime as dt

from hive_desktop.domain.days import Span
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.domain.reviews import ReviewKind
from tests.simulation.oracle import Said

_NAMES = ("Shopping", "Travel", "Entertainment", "Healthcare")


async def _rows(world):
    return await world.session.ledger.page(TransactionQuery(), limit=500)


async def _say(world, said, act):
    """Tell the oracle, then the program; the write begins before anything else can."""
    world.oracle.said = said
    try:
        result = await act
    finally:
        world.oracle.said = None
    return result


async def sort_rows(world):
    rows = await _rows(world)
    if not rows:
        return None
    chosen = world.dice.sample(rows, min(len(rows), world.dice.randint(1, 3)))
    categories = {one.name: one for one in await world.session.ledger.categories()}
    name = world.dice.choice(_NAMES)
    said = Said("category", frozenset(row.id for row in chosen), name)
    made = await _say(
        world,
        said,
        world.session.ledger.set_category([row.id for row in chosen], categories[name].id),
    )
    world.batches.append((made.batch, said))
    return f"{len(chosen)} into {name}"


async def delete(world):
    rows = await _rows(world)
    if not rows:
        return None
    row = world.dice.choice(rows)
    said = Said("delete", frozenset((row.id,)))
    batch = (await _say(world, said, world.session.ledger.delete([row.id]))).batch
    world.batches.append((batch, said))
    return row.name


async def restore(world):
    deleted = await world.session.ledger.deleted()
    if not deleted:
        return None
    row = world.dice.choice(deleted).row
    said = Said("restore", frozenset((row.id,)))
    batch = await _say(world, said, world.session.ledger.restore([row.id]))
    world.batches.append((batch, said))
    return row.name


async def undo(world):
    if not world.batches:
        return None
    newest = world.dice.random() < 0.6
    place = -1 if newest else world.dice.randrange(len(world.batches))
    batch, said = world.batches.pop(place)
    await take_back_batch(world, batch, said)
    return said.kind


async def take_back_batch(world, batch, said):
    """Undo one batch of edits."""
    await _say(world, Said("undo", takes_back=said), world.session.ledger.undo(batch))


async def undo_sync(world):
    item = world.dice.choice(await world.session.ledger.items())
    preview = await world.session.journal.undo_preview(item.id)
    if preview is None:
        return None
    await _say(world, Said("undo sync"), world.session.journal.undo(item.id, preview.run.id))
    return f"{preview.leave} leave, {preview.go_back} go back, {preview.come_back} come back"


async def answer(world):
    waiting = await world.session.reviews.waiting()
    if not waiting:
        return None
    review = world.dice.choice(waiting)
    # Rows that become one, or a transfer, have what the person said there; no wish is held to that.
    said = Said("let go", frozenset((review.first.id, review.second.id)))
    if world.dice.random() < 0.5:
        await _say(world, said, world.session.reviews.accept(review.id))
        word = "accepted"
    else:
        await world.session.reviews.refuse(review.id)
        word = "refused"
    return f"{word} {ReviewKind(review.kind).value}"


async def take_back(world):
    decided = [one for one in await world.session.reviews.decided() if one.can_take_back]
    if not decided:
        return None
    review = world.dice.choice(decided)
    said = Said("let go", frozenset((review.first.id, review.second.id)))
    await _say(world, said, world.session.reviews.take_back(review.id))
    return review.state.value


async def unpair(world):
    rows = [row for row in await _rows(world) if row.category == "Transfer"]
    if not rows:
        return None
    row = world.dice.choice(rows)
    done = await world.session.reviews.unpair(row.id)
    return f"{row.name}: {'no transfer' if done else 'it was none'}"


async def ask_sync(world):
    world.start_sync(by_person=True)
    return "all"


async def ask_one(world):
    item = world.dice.choice(await world.session.ledger.items())
    world.start_sync(items=[item.id])
    return item.institution


async def ask_twice(world):
    world.start_sync()
    world.start_sync(joins=world.dice.random() < 0.5)
    return "two at once"


async def ask_window(world):
    today = world.session.clock.today()
    first = today - dt.timedelta(days=world.dice.randint(1, 60))
    last = min(today, first + dt.timedelta(days=world.dice.randint(0, 40)))
    world.start_sync(span=Span(first, last))
    return f"{first} to {last}"


async def stop_sync(world):
    if not world.session.sync.is_running:
        return None
    world.session.sync.cancel()
    return "cancelled"


ACTS = (
    (sort_rows, 8), (delete, 2), (restore, 1), (undo, 2), (undo_sync, 2), (answer, 3),
    (take_back, 1), (unpair, 1), (ask_sync, 10), (ask_one, 3), (ask_twice, 3), (ask_window, 3),
    (stop_sync, 1),
)  # fmt: skip
"""What the person can do, each with how often."""
