"""What one transaction on the writer carries along: connection, clock, and what it has changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hive_desktop.adapters.storage import derived
from hive_desktop.adapters.storage.instants import to_micros
from hive_desktop.adapters.storage.merchants import Merchants
from hive_desktop.domain.changes import ChangeSet

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from hive_desktop.adapters.storage.handle import Handle
    from hive_desktop.domain.changes import Actor, Kind
    from hive_desktop.domain.ledger import BankTransaction
    from hive_desktop.ports.system import Clock

# Above this a page fetches its visible part anyway, so the single ids only cost memory.
_MANY = 1_000


@dataclass(slots=True)
class Work:
    """One unit of work.

    Attributes:
        touched: rows inserted, or with changed bank columns, by their seq and with their id:
            what `label_new` labels.
        arrived: seqs of those that were inserted as new, or that the bank has just posted.
        posted: seqs of these alone that were pending before.
        labelled: ids of rows that were inserted with their label.
        accounts: ids of accounts of which the person has said something.
        moved: ids of rows that were changed, or left or came back: pairs that they are a side of
            may not hold any more.
        author: the client of the local API that writes; empty for the person.
        is_long: so much is written that whoever waits for the commit does not wait until the log is
            copied into the file, too.
    """

    handle: Handle
    clock: Clock
    dirty: derived.Dirty = field(default_factory=derived.Dirty)
    touched: dict[int, tuple[bytes, BankTransaction]] = field(default_factory=dict)
    arrived: set[int] = field(default_factory=set)
    posted: set[int] = field(default_factory=set)
    labelled: set[bytes] = field(default_factory=set)
    accounts: set[bytes] = field(default_factory=set)
    moved: set[bytes] = field(default_factory=set)
    author: str = ""
    is_long: bool = False
    changed: dict[Kind, set[bytes] | None] = field(default_factory=dict)
    _merchants: Merchants | None = None

    @property
    def merchants(self) -> Merchants:
        """Return the numbers of merchants, as this transaction knows them."""
        if self._merchants is None:
            self._merchants = Merchants(self.connection)
        return self._merchants

    @property
    def connection(self) -> Connection:
        """Return the writer's connection in the open transaction."""
        return self.handle.core

    def take_out(self, seqs: Iterable[int]) -> None:
        """Stop counting rows in the roll-ups, before they change, move or leave."""
        derived.take_out(self.connection, self.dirty, seqs)

    def note(self, kind: Kind, ids: Iterable[bytes]) -> None:
        """Remember ids of a kind as changed; too many become "many"."""
        known = self.changed.setdefault(kind, set())
        if known is None:
            return
        known.update(ids)
        if len(known) > _MANY:
            self.changed[kind] = None

    def note_many(self, kind: Kind) -> None:
        """Remember that many of a kind changed."""
        self.changed[kind] = None

    def change_set(self, actor: Actor) -> ChangeSet:
        """Return what changed; a kind with no id left out, "many" as an empty set."""
        return ChangeSet(
            actor,
            {
                kind: frozenset(ids or ())
                for kind, ids in self.changed.items()
                if ids is None or ids
            },
        )

    def now(self) -> int:
        """Return the instant in microseconds."""
        return to_micros(self.clock.now())
