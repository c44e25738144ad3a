"""What a model proposes to change: looked at row by row, and done as one batch when applied."""

from __future__ import annotations

import contextlib
import uuid
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from hive_desktop.domain.categories import category_title, title_of
from hive_desktop.domain.conversations import ChangeKind
from hive_desktop.domain.ledger import BatchId, CategoryKind, CategorySource, TransactionQuery
from hive_desktop.domain.merchants import merchant_of
from hive_desktop.domain.row_edits import RowEdit
from hive_desktop.i18n import tr, tr_n
from hive_desktop.ports.errors import HiveError, UsageError
from hive_desktop.ports.query_sums import Grouping
from hive_desktop.services import limits
from hive_desktop.services.row_slices import ROWS_A_STEP
from hive_desktop.services.rules import always_among

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hive_desktop.domain.conversations import Proposal, ProposedChange
    from hive_desktop.domain.ledger import Category, TransactionId, TransactionRow
    from hive_desktop.domain.rules import Rule
    from hive_desktop.ports.storage import Database, Reads
    from hive_desktop.services.ledger import LedgerService
    from hive_desktop.services.rules import RuleService

MOST_SHOWN: Final = 20
_LOOKED_AT: Final = 500
_EXACT: Final = 10_000
"""The most rows of a change that are told apart one by one."""
# What says a category comes first: undoing a batch goes by what it changed first.
_ORDER: Final = (
    ChangeKind.RECATEGORIZE,
    ChangeKind.MARK_TRANSFER,
    ChangeKind.MAKE_RULE,
    ChangeKind.RENAME,
    ChangeKind.TAG,
)


@dataclass(frozen=True, slots=True)
class RowPreview:
    """A row that would change: what of it is one thing before and another after, for people."""

    row: TransactionRow
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Meant:
    """Which rows a change is about, in short: how many, and what their ids make in any order."""

    rows: int = 0
    ids: int = 0

    def and_of(self, ids: Iterable[TransactionId]) -> Meant:
        """Return it with more rows, each told once."""
        rows, total = self.rows, self.ids
        for one in ids:
            rows += 1
            total ^= int.from_bytes(one)
        return Meant(rows, total)


@dataclass(frozen=True, slots=True)
class ChangePreview:
    """One change of a proposal.

    Attributes:
        change: as proposed.
        title: what it does, in one sentence for people.
        rows: the first that would change, at most 20.
        meant: all rows that are meant.
    """

    change: ProposedChange
    title: str
    rows: tuple[RowPreview, ...]
    meant: Meant

    @property
    def total(self) -> int:
        """Return how many rows are meant."""
        return self.meant.rows


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal as a card shows it.

    Attributes:
        trouble: why it cannot be applied (any more), in a sentence; empty where it can.
    """

    proposal: Proposal
    changes: tuple[ChangePreview, ...]
    trouble: str = ""

    @property
    def total(self) -> int:
        """Return how many rows are meant, all changes together."""
        return sum(one.total for one in self.changes)

    @property
    def meant(self) -> tuple[Meant, ...]:
        """Return which rows each change is about."""
        return tuple(one.meant for one in self.changes)


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of a proposal; `batch` undoes all of it (`LedgerService.undo`)."""

    batch: BatchId
    rows: int
    rules: int = 0

    @property
    def told(self) -> str:
        """Return it in a sentence for people."""
        if not self.rows and not self.rules:
            return tr("Nothing had to change")
        if not self.rules:
            return tr_n("{count} change made", "{count} changes made", self.rows)
        if not self.rows:
            return tr_n("{count} rule made", "{count} rules made", self.rules)
        return tr_n(
            "A rule made, and {count} change by it and beside it",
            "A rule made, and {count} changes by it and beside it",
            self.rows,
        )


@dataclass(frozen=True, slots=True)
class _Part:
    """A change made ready: which rows, and what is written on them."""

    change: ProposedChange
    ids: tuple[TransactionId, ...]
    told: RowEdit | None = None
    rule: Rule | None = None


class Proposals:
    """Looks at proposals and applies them.

    Args:
        database: the ledger.
        ledger: writes on rows.
        rules: makes rules.
    """

    def __init__(self, database: Database, ledger: LedgerService, rules: RuleService) -> None:
        self._database = database
        self._ledger = ledger
        self._rules = rules

    async def look(self, proposal: Proposal) -> ProposalView:
        """Return the rows of a proposal before and after, or why it cannot be applied."""
        meant = [await self._meant(one) for one in proposal.changes]
        return await self._database.read(lambda reads: self._view(reads, proposal, meant))

    async def apply(self, proposal: Proposal, shown: Sequence[Meant] | None = None) -> Applied:
        """Do what a proposal says as one batch of edits; where a part fails, none of it stays.

        Which rows are meant is found before the first of them changes.

        Args:
            proposal: what is done.
            shown: the rows that the person was shown to be meant (`ProposalView.meant`).

        Raises:
            UsageError: its rows, its category or its merchant are gone, or other rows are meant by
                now than were shown.
        """
        rows: list[dict[TransactionId, None]] = [{} for _ in proposal.changes]
        meant = [
            await self._meant(one, ids) for one, ids in zip(proposal.changes, rows, strict=True)
        ]
        if shown is not None and meant != list(shown):
            raise UsageError(
                "The transactions of this proposal have changed since it was shown.",
                hint="Look at it again, and apply it then.",
            )
        ready = zip(proposal.changes, rows, strict=True)
        parts = [await self._ready(change, tuple(ids)) for change, ids in ready]
        batch = BatchId(uuid.uuid4().bytes)
        try:
            return await self._applied(parts, batch)
        except BaseException:
            with contextlib.suppress(HiveError):
                await self._ledger.undo(batch, for_good=True)
            raise

    async def _applied(self, parts: Sequence[_Part], batch: BatchId) -> Applied:
        rows = rules = 0
        for part in sorted(parts, key=lambda one: _ORDER.index(one.change.kind)):
            if part.rule is not None:
                rows += await self._rules.make(part.rule, part.ids, batch)
                rules += 1
            elif part.told is not None:
                rows += (await self._ledger.edit(part.ids, part.told, batch=batch)).changed
        return Applied(batch, rows, rules)

    async def _ready(self, change: ProposedChange, ids: tuple[TransactionId, ...]) -> _Part:
        return await self._database.read(lambda reads: self._part(reads, change, ids))

    async def _meant(
        self, change: ProposedChange, rows: dict[TransactionId, None] | None = None
    ) -> Meant:
        """Return which rows a change is about; `rows` gets each of them, once.

        Of very many, by how many they are, their sums and the newest of them.
        """
        known = {} if rows is None else rows
        is_kept = rows is not None or len(change.queries) > 1
        found = Meant()
        for query in change.queries:
            before, is_first = query.before, True
            while is_first or before is not None:
                if rows is None and found.rows > _EXACT:
                    break
                step = partial(_step, query=query, before=before)
                some, before = await self._database.read(step)
                new = [one for one in some if one not in known]
                found = found.and_of(new)
                if is_kept:
                    known |= dict.fromkeys(new)
                is_first = False
        if found.rows > _EXACT:
            return await self._database.read(lambda reads: _of_many(reads, change.queries))
        return found

    def _part(self, reads: Reads, change: ProposedChange, ids: tuple[TransactionId, ...]) -> _Part:
        """Return a change made ready.

        Raises:
            UsageError: its rows, its category or its merchant are gone.
        """
        if not ids:
            raise UsageError("The transactions of this proposal are gone.", hint="Ask once more.")
        if change.kind is ChangeKind.RENAME:
            return _Part(change, ids, _told(RowEdit(name=change.value)))
        if change.kind is ChangeKind.TAG:
            return _Part(change, ids, _told(RowEdit(add_tags=(change.value,))))
        category = _category(reads, change)
        if change.kind is not ChangeKind.MAKE_RULE:
            return _Part(change, ids, RowEdit(category.id, has_category=True))
        return _Part(change, ids, rule=self._rule(reads, change, category, ids))

    def _rule(
        self,
        reads: Reads,
        change: ProposedChange,
        category: Category,
        ids: Sequence[TransactionId],
    ) -> Rule:
        merchant = merchant_of(None, change.merchant, None)
        newest = reads.transactions(TransactionQuery(ids=tuple(ids[:1])))
        is_in = bool(newest) and newest[0].amount_minor < 0
        drafted = self._rules.always_draft(merchant, category.id, is_in=is_in)
        return always_among(reads.categorization.rules(), drafted)

    def _view(self, reads: Reads, proposal: Proposal, meant: Sequence[Meant]) -> ProposalView:
        changes, trouble = [], ""
        for change, own in zip(proposal.changes, meant, strict=True):
            rows = _first_rows(reads, change.queries)
            shown: Iterable[RowPreview] = ()
            try:
                part = self._part(reads, change, tuple(one.id for one in rows))
                shown = self._previews(reads, part, rows)
            except UsageError as exc:
                trouble = trouble or exc.rendered()[1]
            different = tuple(one for one in shown if one.before != one.after)
            title = _title(change)
            changes.append(ChangePreview(change, title, different[:MOST_SHOWN], own))
        return ProposalView(proposal, tuple(changes), trouble)

    def _previews(
        self, reads: Reads, part: _Part, rows: Sequence[TransactionRow]
    ) -> list[RowPreview]:
        change = part.change
        if change.kind is ChangeKind.RENAME:
            return [RowPreview(one, one.merchant or one.name, change.value) for one in rows]
        if change.kind is ChangeKind.TAG:
            return [_tagged(one, RowEdit(add_tags=(change.value,)).tidied()) for one in rows]
        titles = {one.id: category_title(one) for one in reads.categories()}
        none = tr("no category")

        def named(row: TransactionRow) -> str:
            if row.category_id is None:
                return none
            return titles.get(row.category_id) or title_of(row.category or "") or none

        after = category_title(_category(reads, change))
        if part.rule is None:
            return [RowPreview(one, named(one), after) for one in rows]
        outcomes = dict(self._rules.outcomes(reads, part.rule, part.ids))
        return [
            RowPreview(one, named(one), after)
            for one in rows
            if one.category_source is not CategorySource.USER
            and (outcome := outcomes.get(one.id)) is not None
            and outcome.category is not None
        ]


def _told(edit: RowEdit) -> RowEdit:
    """Return an edit as it is kept; raises UsageError where it says nothing, or too much."""
    told = limits.tidied(edit)
    if not (told.name or told.add_tags):
        raise UsageError("Nothing would change.", hint="Ask once more.")
    return told


def _step(
    reads: Reads, query: TransactionQuery, before: int | None
) -> tuple[list[TransactionId], int | None]:
    return reads.rows_of(query, before, ROWS_A_STEP)


def _category(reads: Reads, change: ProposedChange) -> Category:
    every = reads.categories()
    if change.kind is ChangeKind.MARK_TRANSFER:
        kinds = [one for one in every if one.kind is CategoryKind.TRANSFER]
        found = min(kinds, key=lambda one: one.key != "Transfer", default=None)
    else:
        wanted = change.value.casefold()
        named = (
            one for one in every if wanted in (one.name.casefold(), category_title(one).casefold())
        )
        found = next(named, None)
    if found is None:
        raise UsageError(
            "There is no category “{name}” any more.", hint="Ask once more.", name=change.value
        )
    return found


def _first_rows(reads: Reads, queries: Iterable[TransactionQuery]) -> list[TransactionRow]:
    """Return the first rows of some queries, each once, newest first."""
    found: dict[TransactionId, TransactionRow] = {}
    for query in queries:
        found |= {one.id: one for one in reads.transactions(query, limit=_LOOKED_AT)}
    return sorted(found.values(), key=lambda one: -one.seq)[:_LOOKED_AT]


def _of_many(reads: Reads, queries: Sequence[TransactionQuery]) -> Meant:
    """Return which rows some queries have that are very many; of several, all together."""
    sums = [sorted(reads.sums.grouped(one, Grouping.NONE)) for one in queries]
    newest = Meant().and_of(one.id for one in _first_rows(reads, queries))
    told = int.from_bytes(blake2b(repr(sums).encode(), digest_size=16).digest())
    return Meant(sum(one.rows for some in sums for one in some), newest.ids ^ told)


def _tagged(row: TransactionRow, told: RowEdit) -> RowPreview:
    return RowPreview(row, ", ".join(row.tags), ", ".join(told.tags_after(row.tags)))


def _title(change: ProposedChange) -> str:
    value = title_of(change.value)
    if change.kind is ChangeKind.RECATEGORIZE:
        return tr("Move to {category}", category=value)
    if change.kind is ChangeKind.MAKE_RULE:
        merchant = merchant_of(None, change.merchant, None).name or change.merchant
        return tr("Always put {merchant} into {category}", merchant=merchant, category=value)
    if change.kind is ChangeKind.RENAME:
        return tr("Call it “{name}”", name=change.value)
    if change.kind is ChangeKind.TAG:
        return tr("Tag with “{tag}”", tag=change.value)
    return tr("Mark as a transfer")
