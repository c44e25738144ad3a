"""`hive review`: questions about rows that may be one payment, or two sides of a transfer."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from hive_desktop.cli import context, output, sync_shapes
from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Awaitable, Callable

    from hive_desktop.domain.reviews import Review, ReviewRow
    from hive_desktop.services.session import VaultSession


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
        output.print_table(
            ["QUESTION", "SCORE", "FIRST", "SECOND", "WHY", "ID"],
            [_line(one) for one in found],
            right="SCORE",
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


def _answer(
    options: argparse.Namespace, say: Callable[[VaultSession, bytes], Awaitable[None]]
) -> int:
    try:
        review_id = uuid.UUID(options.id).bytes
    except ValueError as exc:
        raise UsageError(
            "There is no question {id}.", hint="hive review list has ids.", id=options.id
        ) from exc

    async def work() -> int:
        async with context.session_of(options) as session:
            await say(session, review_id)
            left = await session.reviews.count()
        if options.json:
            output.print_json({"id": options.id, "open": left})
        else:
            output.say(f"Done. {left} questions are open.")
        return 0

    return context.run(work)


def _line(one: Review) -> list[str]:
    question = f"{one.kind} ({one.state})"
    reasons = "; ".join(one.reasons)
    return [question, f"{one.score:.2f}", _side(one.first), _side(one.second), reasons,
            output.id_text(one.id)]  # fmt: skip


def _side(row: ReviewRow) -> str:
    amount = output.money(row.amount_minor, row.currency)
    return f"{row.posted_on.isoformat()} {row.name} {amount}"
