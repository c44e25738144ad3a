"""`hive review`: questions about two rows, and merchants whose rows nobody is sure of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.cli import context, ids, output, shapes, streams, sync_shapes, words
from hive_desktop.cli.reading import category_offered
from hive_desktop.domain.merchants import normalise
from hive_desktop.domain.reviews import ReviewState
from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from hive_desktop.domain.ledger import CategoryId
    from hive_desktop.ports.category_store import ReviewGroup
    from hive_desktop.services.inbox import InboxService
    from hive_desktop.services.session import VaultSession


_NOTHING_WAITS = "Nothing waits for your answer."


def listing(options: argparse.Namespace) -> int:
    """List the open questions and the rows that nobody is sure of, or the answered questions."""

    async def work() -> int:
        async with context.session_of(options, may_read_only=True) as session:
            found = await (
                session.reviews.decided() if options.answered else session.reviews.waiting()
            )
            groups = [] if options.answered else await session.inbox.groups()
            names = {one.id: one.name for one in await session.ledger.categories()}
        if options.json:
            document = {"reviews": [sync_shapes.review(one) for one in found]}
            unsure = [shapes.review_group(one, names) for one in groups]
            output.print_json(document if options.answered else document | {"unsure": unsure})
            return 0
        if found:
            streams.out.write("\n".join(words.review(one) for one in found))
        if groups:
            streams.out.write("\n" if found else "")
            _print_groups(groups[: options.limit], names)
            left = len(groups) - options.limit
            if left > 0:
                output.say(
                    f"{words.counted(left, 'merchant')} more; --limit says how many to list."
                )
            output.say("Sort them: hive review sort ID CATEGORY")
        if not found and not groups:
            output.say("Nothing was answered." if options.answered else _NOTHING_WAITS)
        return 0

    return context.run(work)


def sort(options: argparse.Namespace) -> int:
    """Put the rows of a merchant, of one direction, into a category, as one change to undo."""

    async def work() -> int:
        async with context.session_of(options) as session:
            category = await category_offered(session.ledger, options.category)
            if category is None:
                raise UsageError(
                    "Rows are sorted into a category.", hint="hive categories lists them."
                )
            group = await _group_named(options.merchant, session.inbox)
            batch, moved = await session.inbox.decide(group, category.id)
        if options.json:
            document = {"merchant": group.name, "moved": moved, "category": category.name}
            output.print_json(document | {"batch": output.id_text(batch)})
            return 0
        verb = "is" if moved == 1 else "are"
        output.say(
            f"{words.counted(moved, 'row')} of {group.name} {verb} now in {category.name}. "
            f"{words.UNDO}"
        )
        return 0

    return context.run(work)


def accept(options: argparse.Namespace) -> int:
    """Merge the two rows, or pair them as a transfer."""
    return _answer(options, lambda session, review_id: session.reviews.accept(review_id))


def refuse(options: argparse.Namespace) -> int:
    """Keep both rows, or say that they are no transfer."""
    return _answer(options, lambda session, review_id: session.reviews.refuse(review_id))


def take_back(options: argparse.Namespace) -> int:
    """Undo an answer: unmerge, unpair, or ask again."""
    return _answer(options, lambda session, review_id: session.reviews.take_back(review_id))


def _print_groups(groups: Sequence[ReviewGroup], names: Mapping[CategoryId, str]) -> None:
    output.print_table(
        ["MERCHANT", "MONEY", "ROWS", "TOTAL", "GUESS", "NEWEST", "ID"],
        [
            [
                one.name,
                one.direction,
                f"{one.rows:,}",
                output.money(one.total_minor, one.currency),
                (names.get(one.guess) if one.guess else None) or "-",
                one.newest.posted_on.isoformat(),
                ids.short(one.newest.id),
            ]
            for one in groups
        ],
        right="ROWS TOTAL",
    )


async def _group_named(text: str, inbox: InboxService) -> ReviewGroup:
    """Return the rows that a merchant's name or an id of the list stands for; raises UsageError."""
    asked = text.replace("-", "").casefold()
    key = normalise(text).key
    found = await inbox.find(
        lambda one: asked in (ids.short(one.newest.id), one.newest.id.hex())
    ) or await inbox.find(
        lambda one: one.name.casefold() == text.casefold() or (bool(key) and one.key == key)
    )
    if not found:
        raise UsageError(
            "No rows of {text} wait to be sorted.",
            hint="hive review list has merchants and ids.",
            text=text,
        )
    if len(found) > 1:
        raise UsageError(
            "{text} stands for more than one line of the list.",
            hint="Give the id of one: {ids}.",
            text=text,
            ids=", ".join(ids.short(one.newest.id) for one in found),
        )
    return found[0]


def _answer(
    options: argparse.Namespace, say: Callable[[VaultSession, bytes], Awaitable[None]]
) -> int:
    async def work() -> int:
        async with context.session_of(options) as session:
            review_id = await ids.meant(options.id, session.reviews.ending)
            if review_id is None:
                raise UsageError(
                    "There is no question {id}.", hint="hive review list has ids.", id=options.id
                )
            await say(session, review_id)
            answer = await session.reviews.one(review_id)
            left = await session.reviews.count()
        if options.json:
            output.print_json({"id": output.id_text(review_id), "open": left})
            return 0
        if answer is not None:
            output.say(words.answered(answer))
            if answer.state is not ReviewState.OPEN and answer.can_take_back:
                output.say(f"Undo: hive review take-back {ids.short(review_id)}")
        verb = "is" if left == 1 else "are"
        output.say(f"{words.counted(left, 'question')} {verb} open." if left else _NOTHING_WAITS)
        return 0

    return context.run(work)
