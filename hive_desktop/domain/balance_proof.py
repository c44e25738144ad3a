"""Proves the rows of an account against its balance, and looks for the rows that break the proof.

Between two balances the bank's figure moved by some amount, and so did the ledger's sum. When both
moved alike, no row is missing, doubled or wrong, whatever the balance was to begin with. When they
did not, the difference is often one or a few recent changes: those are named, and never undone
here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

MOST_ROWS: Final = 4
"""More changes than this explain any difference by chance, and so explain none."""

PROVED: Final = frozenset({"depository", "credit"})
"""Types of accounts whose balance moves by rows alone, so that rows can be proved against it.

An investment moves with the market. A loan's interest accrues in the balance, and few banks tell a
row for it (Plaid gives transactions of student loans only). What `other` is nobody says. A false
alarm at every sync is worse than silence there.
"""

_OWED: Final = "credit"
"""The type in which `current` is what is owed: it rises when money goes out."""


class Verdict(StrEnum):
    """What a balance says about the rows."""

    FIRST = "first"
    AGREES = "agrees"
    DISAGREES = "disagrees"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A balance of the bank's beside the ledger's sums at that time.

    Args:
        at: the balance's own time, aware; None when the bank does not say how old its figure is.
        current_minor: `balances.current`, without pending rows; in the bank's sense.
        available_minor: `balances.available`, with pending rows; in the bank's sense.
        posted_minor: the sum of the account's posted rows, positive = money out.
        pending_minor: the sum of its pending rows, positive = money out.
    """

    at: datetime | None
    current_minor: int | None
    available_minor: int | None
    posted_minor: int
    pending_minor: int


class Change(NamedTuple):
    """One row that a sync changed since the last agreement.

    `effect_minor` is by how much it moved the ledger's sum, positive = more money out: the amount
    of a row that was added, minus that of one that went, new less old of one that was modified.
    """

    transaction_id: bytes
    effect_minor: int


def movement_of_bank(account_type: str, before: Checkpoint, after: Checkpoint) -> int | None:
    """Return how much money went out between two balances as the bank has it, in minor units.

    None when its figures do not tell, or the type is none of `PROVED`. Where only `available` is
    known, that serves for a depository account: it is `current` less pending money out plus pending
    money in.
    """
    if account_type not in PROVED:
        return None
    if before.current_minor is not None and after.current_minor is not None:
        rise = after.current_minor - before.current_minor
        return rise if account_type == _OWED else -rise
    if not _goes_by_available(account_type, before, after):
        return None
    # Both are known here; the sums keep the checker from having to be told so.
    return (before.available_minor or 0) - (after.available_minor or 0)


def movement_of_ledger(account_type: str, before: Checkpoint, after: Checkpoint) -> int:
    """Return how much money went out between two balances by the rows, in minor units.

    Pending rows count where the bank's figure contains them too.
    """
    posted = after.posted_minor - before.posted_minor
    if _goes_by_available(account_type, before, after):
        return posted + after.pending_minor - before.pending_minor
    return posted


def _goes_by_available(account_type: str, before: Checkpoint, after: Checkpoint) -> bool:
    if before.current_minor is not None and after.current_minor is not None:
        return False
    is_known = before.available_minor is not None and after.available_minor is not None
    return is_known and account_type == "depository"


def prove(account_type: str, before: Checkpoint | None, after: Checkpoint) -> tuple[Verdict, int]:
    """Compare the two movements since the last balance that the rows agreed with.

    Args:
        account_type: Plaid's type: depository, credit, loan, investment or other.
        before: that last balance; None when there is none yet.
        after: the balance of now.

    Returns:
        The verdict and the difference in minor units: by how much more money went out by the
        ledger than by the bank; 0 unless they disagree.
    """
    has_figure = after.current_minor is not None or after.available_minor is not None
    if account_type not in PROVED or after.at is None or not has_figure:
        return Verdict.UNKNOWN, 0
    if before is None or before.at is None:
        return Verdict.FIRST, 0
    of_bank = movement_of_bank(account_type, before, after)
    if of_bank is None:
        return Verdict.UNKNOWN, 0
    difference = movement_of_ledger(account_type, before, after) - of_bank
    if difference == 0:
        return Verdict.AGREES, 0
    # A figure no younger than the last one cannot know of rows that came since.
    return (Verdict.DISAGREES, difference) if after.at > before.at else (Verdict.UNKNOWN, 0)


def explain(
    difference_minor: int, changes: Sequence[Change], *, is_over: Callable[[], bool]
) -> tuple[Change, ...] | None:
    """Return the fewest changes, four at most, whose effects add up to the difference.

    Of several sets as small, the one with the latest changes is returned: it compares the latest of
    each first, then the one before that, and so on. The changes come in their own order.

    Args:
        difference_minor: what `prove` found.
        changes: all changes since the last agreement, oldest first.
        is_over: turns true when there is no more time; asked at least once per change and size.

    Returns:
        The changes, or None when there are no such few or the time is over.
    """
    if difference_minor == 0:
        return ()
    # A change without effect is never in a smallest set.
    places = [place for place, change in enumerate(changes) if change.effect_minor]
    effects = [changes[place].effect_minor for place in places]
    for search in (_one, _two, _three, _four):
        found = search(difference_minor, effects, is_over)
        if is_over():
            return None
        if found is not None:
            return tuple(changes[places[place]] for place in reversed(found))
    return None


# Each search returns places, latest first, such that no other set of its size is later. They all go
# forward and look back into a table of what came before, in which a later entry replaces an earlier
# one of the same sum: so it is always the latest that is found.
_Found = tuple[int, ...] | None


def _one(wanted: int, effects: list[int], is_over: Callable[[], bool]) -> _Found:
    if is_over() or wanted not in effects:
        return None
    return (max(place for place, effect in enumerate(effects) if effect == wanted),)


def _two(wanted: int, effects: list[int], is_over: Callable[[], bool]) -> _Found:
    found: _Found = None
    earlier: dict[int, int] = {}
    for place, effect in enumerate(effects):
        if is_over():
            return None
        if (other := earlier.get(wanted - effect)) is not None:
            found = place, other
        earlier[effect] = place
    return found


def _three(wanted: int, effects: list[int], is_over: Callable[[], bool]) -> _Found:
    found: _Found = None
    earlier: dict[int, int] = {}
    for middle, effect in enumerate(effects):
        if is_over():
            return None
        rest = wanted - effect
        for last in range(len(effects) - 1, middle, -1):
            if (first := earlier.get(rest - effects[last])) is not None:
                found = max(found or (), (last, middle, first))
                break  # an earlier `last` with this middle is no later set
        earlier[effect] = middle
    return found


def _four(wanted: int, effects: list[int], is_over: Callable[[], bool]) -> _Found:
    """Meet in the middle: sums of two that lie before the third are met by the third and fourth."""
    found: _Found = None
    pairs: dict[int, tuple[int, int]] = {}
    for third, effect in enumerate(effects):
        if is_over():
            return None
        rest = wanted - effect
        for last in range(len(effects) - 1, third, -1):
            if (two := pairs.get(rest - effects[last])) is not None:
                found = max(found or (), (last, third, *two))
                break
        for other in range(third):
            pairs[effect + effects[other]] = third, other
    return found
