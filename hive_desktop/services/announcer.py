"""Tells the person, once, of a bank that needs them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hive_desktop.domain.changes import Actor
from hive_desktop.domain.health import needs_telling, told
from hive_desktop.ports.events import ItemNeedsPerson

if TYPE_CHECKING:
    from hive_desktop.ports.events import EventSink
    from hive_desktop.ports.item_store import SyncableItem
    from hive_desktop.ports.storage import Database, Reads, Writes


class Announcer:
    """Publishes `ItemNeedsPerson` for what is not told yet.

    It is marked as told after it was published: a crash between the two has it told twice, and
    never not at all.

    Args:
        database: the ledger, which keeps what was told.
        bus: hears it.
    """

    def __init__(self, database: Database, bus: EventSink) -> None:
        self._database = database
        self._bus = bus
        self._turn = asyncio.Lock()

    async def announce(self) -> None:
        """Tell of every bank whose state the person should hear of and has not."""

        def find(reads: Reads) -> list[SyncableItem]:
            return [one for one in reads.linked_items() if needs_telling(one.health)]

        async with self._turn:
            untold = {one.id: one for one in await self._database.read(find)}
            for item in untold.values():
                self._bus.publish(ItemNeedsPerson(item.id, item.institution, item.health.state))

            def mark(writes: Writes) -> None:
                for item in find(writes):
                    if item.id in untold and item.health.state is untold[item.id].health.state:
                        writes.set_health(item.id, told(item.health))

            if untold:
                await self._database.write(mark, actor=Actor.PROGRAM)
