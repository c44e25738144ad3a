"""Holds figures that were looked up earlier against what their rows come to by now."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from hive_desktop.domain import recipes
from hive_desktop.domain.receipts import CellKind
from hive_desktop.domain.recipes import Number
from hive_desktop.ports.query_sums import Grouping, QuerySum

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from hive_desktop.domain.conversations import Conversation
    from hive_desktop.domain.figures import Figure
    from hive_desktop.domain.ledger import TransactionQuery
    from hive_desktop.domain.receipts import Receipt
    from hive_desktop.domain.recipes import Part, Step
    from hive_desktop.ports.storage import Database, Reads

LIMIT_S: Final = 1.0
"""The longest that the rows of one figure are waited for; then it is not compared."""
_TOGETHER_S: Final = 3.0
_MOST_QUERIES: Final = 60


@dataclass(frozen=True, slots=True)
class Changed:
    """A figure whose rows do not have it any more.

    Attributes:
        since: the day that it was looked up on; None where that is not known.
        now: what it comes to; None where only a part of that is known, as of a mean of days.
    """

    since: date | None
    now: Figure | None


class Today:
    """Compares figures with the ledger, query by query, each bounded in time.

    Args:
        database: the ledger.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._slow: set[TransactionQuery] = set()

    async def outdated(
        self, conversation: Conversation, figures: Iterable[Figure]
    ) -> dict[str, Changed]:
        """Return the figures that are other ones by now, by their formulas.

        The session's receipts are read by the heirs of merged categories first, so that what is
        opened is what was compared. What takes too long is left out, now and later.
        """
        wanted = {one.formula: one for one in figures}
        places = [place for one in wanted.values() for place in one.places]
        names = recipes.receipts_behind(places, conversation.receipts)
        kept = await self._database.read(lambda reads: reads.chats.receipts(conversation.id, names))
        conversation.renew(kept)
        now = conversation.receipts
        receipts = {key: now[key] for key in names if key in now}  # a reply may have gone
        made = {key: recipes.steps_of(one, receipts) for key, one in wanted.items()}
        sums = await self._sums(
            [part for steps in made.values() for part in recipes.parts_of(steps) if part.is_sum]
        )
        parts = {one.place: one for steps in made.values() for one in recipes.parts_of(steps)}
        known = {
            place: value
            for place, one in parts.items()
            if (value := _value(one, receipts, sums)) is not None
        }
        values = {key: value for key, value in known.items() if value != parts[key].figure.value}
        again = recipes.renewed(receipts, values) if values else {}
        found: dict[str, Changed] = {}
        for key, figure in wanted.items():
            own = recipes.parts_of(made[key])
            if not any(one.place in values for one in own):
                continue
            is_known = all(one.place in known for one in own)
            other = _now(figure, made[key], again) if is_known else None
            if other is None or other.value != figure.value:
                found[key] = Changed(_looked_up(conversation, own), other)
        return found

    async def _sums(self, parts: Sequence[Part]) -> dict[TransactionQuery, list[QuerySum]]:
        asked: dict[TransactionQuery, bool] = {}
        for one in parts:
            if one.query is not None:
                is_money = one.figure.kind is CellKind.MONEY
                asked[one.query] = asked.get(one.query, False) or is_money
        found: dict[TransactionQuery, list[QuerySum]] = {}
        end = time.monotonic() + _TOGETHER_S
        for query in [one for one in asked if one not in self._slow][:_MOST_QUERIES]:
            if time.monotonic() > end:
                break
            try:
                async with asyncio.timeout(LIMIT_S):
                    work = partial(_summed, query=query, is_money=asked[query])
                    found[query] = await self._database.read(work)
            except TimeoutError:
                self._slow.add(query)
        return found


def _summed(reads: Reads, query: TransactionQuery, *, is_money: bool) -> list[QuerySum]:
    if is_money:
        return reads.sums.grouped(query, Grouping.NONE)
    return [QuerySum(None, "", 0, reads.count(query), 0, 0)]  # faster where any row is meant


def _value(
    part: Part, receipts: Mapping[str, Receipt], sums: Mapping[TransactionQuery, list[QuerySum]]
) -> int | None:
    """Return what a part's rows come to, or None where that is not known."""
    if part.query is None or not part.is_sum or part.query not in sums:
        return None
    found = sums[part.query]
    if part.figure.kind is CellKind.COUNT:
        return sum(one.rows for one in found)
    minor = sum(one.amount_minor for one in found if one.currency == part.figure.currency)
    cell = receipts[part.place.receipt].cell(part.place.cell)
    sign = cell.sign if cell is not None else 0
    if sign == 0:
        sign = 1 if minor * part.figure.number >= 0 else -1
    return sign * minor


def _now(figure: Figure, steps: Sequence[Step], again: Mapping[str, Receipt]) -> Figure | None:
    # Days that have passed since would divide it, too.
    if any(isinstance(one, Number) and one.unit for one in steps):
        return None
    return recipes.figure_again(figure, again)


def _looked_up(conversation: Conversation, parts: Iterable[Part]) -> date | None:
    """Return the day that the oldest of some parts was looked up on."""
    wanted = {one.place.receipt for one in parts}
    at = None
    days = []
    for one in conversation.messages:
        at = one.at or at
        if one.receipt in wanted and at is not None:
            days.append(at.astimezone().date())
    return min(days, default=None)
