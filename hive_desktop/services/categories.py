"""What a person says of their categories: names, colours, icons, order, archived and merged ones.

What banks and models call a category is its key, which no change touches: what they say finds it
whatever its name. Each change is one batch of the edit log.
"""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from hive_desktop.domain.categories import NO_CATEGORY, category_title
from hive_desktop.domain.changes import Actor
from hive_desktop.domain.ledger import BatchId, CategoryId, TransactionQuery
from hive_desktop.ports.account_store import CategoryChange
from hive_desktop.ports.errors import UsageError
from hive_desktop.services import limits
from hive_desktop.services.one_batch import as_batch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hive_desktop.domain.ledger import Category, CategoryKind
    from hive_desktop.ports.storage import Database, Reads, Writes

_ROWS_A_STEP = 1_000
_TRANSFER = "Transfer"


class Tally(NamedTuple):
    """A category, and how many rows are in it that are not hidden."""

    category: Category
    rows: int


class Added(NamedTuple):
    """A category that was added, and the batch that undoes it."""

    category_id: CategoryId
    batch: BatchId


@dataclass(frozen=True, slots=True)
class Merging:
    """How far a merge is: `done` of `total` rows moved.

    Attributes:
        batch: what undoes all of it.
        is_over: the one category is closed, and stands for the other.
    """

    batch: BatchId
    done: int
    total: int
    is_over: bool = False


class CategoryService:
    """What pages and commands ask of categories and say of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def tallies(self) -> list[Tally]:
        """Return the categories, archived ones too, in display order, with their rows."""

        def work(reads: Reads) -> list[Tally]:
            span = reads.history_span()
            totals = reads.category_totals(span) if span is not None else []
            rows = Counter[CategoryId | None]()
            for one in totals:
                rows[one.category_id] += one.count
            return [Tally(one, rows[one.id]) for one in reads.categories()]

        return await self._database.read(work)

    async def add(self, name: str, kind: CategoryKind, color: str, icon: str) -> Added:
        """Add a category at the end.

        Raises:
            UsageError: the name is empty or taken.
        """
        change = CategoryChange(name=name, kind=kind, color=color, icon=icon, is_archived=False)
        batch = BatchId(uuid.uuid4().bytes)

        def work(writes: Writes) -> CategoryId:
            named = replace(change, name=_free_name(writes, name, None))
            return writes.choices.add_category(named, batch)

        added, _ = await self._database.write(work, actor=Actor.PERSON)
        return Added(added, batch)

    async def change(self, category_id: CategoryId, change: CategoryChange) -> BatchId | None:
        """Change a category; returns the batch that undoes it, None where nothing changed.

        Raises:
            UsageError: the name is empty or taken, the category is gone, its kind cannot change
                (a default one, or one with rows), or it is Transfer and would be archived.
        """

        def work(writes: Writes, batch: BatchId) -> bool:
            known = _known(writes, category_id)
            told = change
            if change.name is not None:
                told = replace(change, name=_free_name(writes, change.name, known))
            if change.kind not in (None, known.kind):
                _check_kind(writes, known)
            if change.is_archived and known.key == _TRANSFER:
                raise _needed(known)
            return writes.choices.change_category(category_id, told, batch)

        return await as_batch(self._database, work)

    async def has_rows(self, category_id: CategoryId) -> bool:
        """Tell whether rows are in a category: its kind cannot change then."""
        return await self._database.read(lambda reads: _rows(reads, category_id) > 0)

    async def order(self, category_ids: Sequence[CategoryId]) -> BatchId | None:
        """Show categories in this order; those not named come after."""
        return await as_batch(
            self._database,
            lambda writes, batch: writes.choices.order_categories(category_ids, batch),
        )

    async def merge(
        self,
        gone: CategoryId,
        into: CategoryId,
        on_progress: Callable[[Merging], bool] = lambda _: True,
    ) -> Merging:
        """Move all rows of a category into another, and let it stand for that from then on.

        Rules, what the person taught, answers of models and the bank's own words follow. Rows go
        in slices, each a transaction of its own; the last one closes the category. What is stopped,
        or where the task is cancelled, leaves both, with the rows that moved by then.

        Args:
            gone: the category that goes.
            into: the one that stays.
            on_progress: told after each slice how far it is; False stops there.

        Raises:
            UsageError: they are one, of two kinds, one is gone, or Transfer would go.
        """
        state = await self._database.read(lambda reads: _begun(reads, gone, into))

        def work(writes: Writes) -> tuple[int, bool]:
            _check_merge(writes, gone, into)
            joined = writes.choices.join(gone, into, state.batch, _ROWS_A_STEP)
            return joined.rows, joined.is_whole

        goes_on = True
        while goes_on:
            (rows, is_whole), _ = await self._database.write(work, actor=Actor.PERSON)
            done = state.done + rows
            state = replace(state, done=done, total=max(state.total, done), is_over=is_whole)
            goes_on = on_progress(state) and not is_whole
        return state


def _begun(reads: Reads, gone: CategoryId, into: CategoryId) -> Merging:
    _check_merge(reads, gone, into)
    return Merging(BatchId(uuid.uuid4().bytes), 0, _rows(reads, gone))


def _rows(reads: Reads, category_id: CategoryId) -> int:
    return reads.count(TransactionQuery(categories=(category_id,)))


def _known(reads: Reads, category_id: CategoryId) -> Category:
    found = next((one for one in reads.categories() if one.id == category_id), None)
    if found is None:
        raise UsageError(
            "This category is gone: it was merged into another.", hint="Choose another one."
        )
    return found


def _free_name(reads: Reads, name: str, own: Category | None) -> str:
    tidy = limits.named(name, limits.LONGEST_CATEGORY)
    if not tidy:
        raise UsageError("A category needs a name.", hint="Type one.")
    if tidy.casefold() == NO_CATEGORY:
        raise UsageError(
            "“{name}” means that a row has no category.",
            title="That name would be mistaken",
            hint="Choose another name.",
            name=tidy,
        )
    taken = reads.category_called(tidy) or _shown_as(reads, tidy)
    if taken is None or (own is not None and taken.id == own.id):
        return tidy
    names = (taken.name.casefold(), category_title(taken).casefold())
    if taken.key is not None and tidy.casefold() not in names:
        raise UsageError(
            "“{name}” is what banks call the category “{other}”.",
            title="That name would be mistaken",
            hint="Choose another name.",
            name=tidy,
            other=category_title(taken),
        )
    raise UsageError(
        "There is, or was, a category “{name}”.",
        title="That name is taken",
        hint="Choose another name, or use that category.",
        name=category_title(taken),
    )


def _shown_as(reads: Reads, name: str) -> Category | None:
    """Return the category that the window shows by a name, in the language in use."""
    wanted = name.casefold()
    shown = (one for one in reads.categories() if category_title(one).casefold() == wanted)
    return next(shown, None)


def _check_kind(writes: Writes, known: Category) -> None:
    if known.key is not None or writes.choices.has_rows(known.id):
        raise UsageError(
            "“{name}” has transactions, or came with the program, so its kind stays.",
            title="The kind cannot change",
            hint="Add a category of the other kind, and put the transactions there.",
            name=category_title(known),
        )


def _check_merge(reads: Reads, gone: CategoryId, into: CategoryId) -> None:
    one, other = _known(reads, gone), _known(reads, into)
    if one.id == other.id:
        raise UsageError(
            "A category cannot be merged into itself.", hint="Choose another category."
        )
    if one.key == _TRANSFER:
        raise _needed(one)
    if one.kind is not other.kind:
        raise UsageError(
            "“{one}” and “{other}” are of two kinds: what counts as spending in one would not "
            "in the other.",
            title="These cannot be merged",
            hint="Choose a category of the same kind.",
            one=category_title(one),
            other=category_title(other),
        )
    if other.is_archived:
        raise UsageError(
            "“{name}” is archived.",
            hint="Take it out of the archive, or choose another category.",
            name=category_title(other),
        )


def _needed(transfer: Category) -> UsageError:
    return UsageError(
        "Transfers between your accounts are kept in “{name}”.",
        title="This category is needed",
        hint="You can give it another name, colour or icon.",
        name=category_title(transfer),
    )
