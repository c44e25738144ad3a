"""Questions to the person: which rows are one payment, and which are two sides of a transfer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.domain.changes import Actor

if TYPE_CHECKING:
    from hive_desktop.domain.ledger import TransactionId
    from hive_desktop.domain.reviews import Review
    from hive_desktop.ports.storage import Database


class ReviewService:
    """Lists what is open and takes the answers. Each answer can be taken back."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def waiting(self) -> list[Review]:
        """Return the open questions, most probable first."""
        return await self._database.read(lambda reads: reads.reviews.waiting())

    async def count(self) -> int:
        """Return how many questions are open."""
        return await self._database.read(lambda reads: reads.reviews.count())

    async def decided(self, *, limit: int = 50) -> list[Review]:
        """Return answered questions, latest answer first."""
        return await self._database.read(lambda reads: reads.reviews.decided(limit=limit))

    async def one(self, review_id: bytes) -> Review | None:
        """Return a question, open or answered, or None."""
        return await self._database.read(lambda reads: reads.reviews.one(review_id))

    async def ending(self, suffix: bytes) -> list[bytes]:
        """Return the questions whose ids end so."""
        return await self._database.read(lambda reads: reads.reviews.ending(suffix))

    async def accept(self, review_id: bytes) -> None:
        """Merge the two rows, or pair them as a transfer.

        Raises:
            UsageError: the question is not open any more.
        """
        await self._database.write(
            lambda writes: writes.reviews.accept(review_id), actor=Actor.PERSON
        )

    async def refuse(self, review_id: bytes) -> None:
        """Keep both rows, or remember that they are no transfer. It is not asked again.

        Raises:
            UsageError: the question is not open any more.
        """
        await self._database.write(
            lambda writes: writes.reviews.refuse(review_id), actor=Actor.PERSON
        )

    async def take_back(self, review_id: bytes) -> None:
        """Undo an answer: unmerge, unpair, or ask again.

        Raises:
            UsageError: the answer stands for good, because the bank has moved on.
        """
        await self._database.write(
            lambda writes: writes.reviews.take_back(review_id), actor=Actor.PERSON
        )

    async def partner(self, transaction_id: TransactionId) -> Review | None:
        """Return the transfer that a row is a side of, as an answered question; None if none."""
        return await self._database.read(lambda reads: reads.reviews.partner(transaction_id))

    async def unpair(self, transaction_id: TransactionId) -> bool:
        """Say that a row is no transfer; the pairing is not made again. False when it was none."""
        done, _ = await self._database.write(
            lambda writes: writes.reviews.unpair(transaction_id), actor=Actor.PERSON
        )
        return done
