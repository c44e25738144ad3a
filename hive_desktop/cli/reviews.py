"""`hive review`: questions about rows that may be one payment, or two sides of a transfer."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from hive_desktop.cli import context, ids, output, sync_shapes, words
from hive_desktop.domain.reviews import ReviewState
from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Awaitable, Callable

    from hive_desktop.services.session import VaultSession


_NOTHING_WAITS = "Nothing waits for your answer."


def listing(options: argparse.Namespace) -> int:
    """List the open questions, or the answered ones."""

    async def work() -> int:
        async with context.session_of(options, may_read_only=True) as session:
            found = await (
                session.reviews.decided() if options.answered else session.reviews.waiting()
            )
        if options.json:
            output.print_json({"reviews": [sync_shapes.review(one) for one in found]})
            return 0
        if found:
            sys.stdout.write("\n".join(words.review(one) for one in found))
        else:
            output.say("Nothing was answered." if options.answered else _NOTHING_WAITS)
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
