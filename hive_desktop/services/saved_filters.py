"""The filters that a person keeps under a name: made, applied, renamed, removed."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

from hive_desktop.domain.changes import Actor
from hive_desktop.domain.saved_filters import LONGEST_NAME, FilterId, SavedFilter
from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    from hive_desktop.domain.ledger import TransactionQuery
    from hive_desktop.ports.storage import Database, Writes


class SavedFilters:
    """What pages and commands ask of saved filters."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> list[SavedFilter]:
        """Return them in the order in which they were made."""
        return await self._database.read(lambda reads: reads.saved_filters())

    async def save(self, name: str, query: TransactionQuery) -> SavedFilter:
        """Keep a filter; one of the same name is replaced.

        Raises:
            UsageError: the name is empty, or the filter names rows one by one.
        """
        if query.ids or query.before is not None:
            raise UsageError(
                "This list names its rows one by one.", hint="Filter by something else, and save."
            )
        named = SavedFilter(FilterId(uuid.uuid4().bytes), _checked(name), query)

        def work(writes: Writes) -> SavedFilter:
            known = _named(writes.saved_filters(), named.name)
            kept = named if known is None else replace(named, id=known.id)
            writes.put_saved_filter(kept)
            return kept

        kept, _ = await self._database.write(work, actor=Actor.PERSON)
        return kept

    async def rename(self, filter_id: FilterId, name: str) -> None:
        """Give a filter another name.

        Raises:
            UsageError: the name is empty, or another filter has it.
        """
        wanted = _checked(name)

        def work(writes: Writes) -> None:
            every = writes.saved_filters()
            other = _named(every, wanted)
            if other is not None and other.id != filter_id:
                raise UsageError(
                    "Another filter is called “{name}”.", hint="Choose another name.", name=wanted
                )
            for one in every:
                if one.id == filter_id:
                    writes.put_saved_filter(replace(one, name=wanted))

        await self._database.write(work, actor=Actor.PERSON)

    async def remove(self, filter_id: FilterId) -> bool:
        """Remove a filter; tells whether there was one."""
        removed, _ = await self._database.write(
            lambda writes: writes.remove_saved_filter(filter_id), actor=Actor.PERSON
        )
        return removed


def _checked(name: str) -> str:
    tidy = " ".join(name.split())[:LONGEST_NAME].strip()
    if not tidy:
        raise UsageError("A saved filter needs a name.", hint="Type one.")
    return tidy


def _named(every: list[SavedFilter], name: str) -> SavedFilter | None:
    return next((one for one in every if one.name.casefold() == name.casefold()), None)
