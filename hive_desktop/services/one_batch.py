"""Changes of a person that are one batch of the edit log in one transaction."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from hive_desktop.domain.changes import Actor
from hive_desktop.domain.ledger import BatchId

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.ports.storage import Database, Writes


async def as_batch(database: Database, work: Callable[[Writes, BatchId], bool]) -> BatchId | None:
    """Write, and return the batch that undoes it; None where `work` says that nothing changed."""
    batch = BatchId(uuid.uuid4().bytes)
    has_changed, _ = await database.write(lambda writes: work(writes, batch), actor=Actor.PERSON)
    return batch if has_changed else None
