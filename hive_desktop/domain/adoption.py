"""Which accounts of a new link to a bank are the ones that an old link had.

Plaid gives the accounts of a new link new ids. Whoever links a bank again wants the old history to
go on, not a second copy of each account; but history joined to a wrong account is worse than a
question. So a match needs evidence, and where two would do, neither is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from hive_desktop.i18n import tr, tr_n

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

THRESHOLD: Final = 0.5
"""The least score of a match: the same last digits and kind, or all the same rows; a name and a
kind alone do not do, because half of all accounts are called "Checking"."""

MARGIN: Final = 0.1
"""A candidate this near to the best one is as good."""

CERTAIN: Final = 1.0
_BEST_GUESS: Final = 0.99

_SAME_MASK: Final = 0.4
_OTHER_MASK: Final = -0.2  # a replaced card is the same account under other digits
_SAME_KIND: Final = 0.1
_OTHER_KIND: Final = -0.2
_SAME_NAME: Final = 0.25
_SAME_ROWS: Final = 0.5
_OTHER_ROWS: Final = -0.5

# So few rows may be alike by chance, and a lower share of many rows contradicts a match.
_TELLING_ROWS: Final = 3
_MANY_ROWS: Final = 5
_LOW_SHARE: Final = 0.2


class AccountTraits(NamedTuple):
    """What is known about an account besides its id.

    Args:
        key: the caller's name for it, unique on its side.
        persistent_id: Plaid's `persistent_account_id`, which few banks have.
        mask: the last digits of its number.
        type: Plaid's type.
        subtype: Plaid's subtype.
        name: as the bank shows it.
        official_name: as the bank's papers have it.
        currency: of its balances.
    """

    key: str
    persistent_id: str | None
    mask: str | None
    type: str
    subtype: str | None
    name: str
    official_name: str | None
    currency: str


@dataclass(frozen=True, slots=True)
class AccountMatch:
    """An old account and the new one that goes on with it; `score` is 1.0 when it is certain."""

    old_key: str
    new_key: str
    score: float
    reasons: tuple[str, ...]


def match_accounts(
    old: Sequence[AccountTraits],
    new: Sequence[AccountTraits],
    *,
    shared: Mapping[tuple[str, str], int] | None = None,
    sizes: Mapping[tuple[str, str], int] | None = None,
) -> list[AccountMatch]:
    """Return which accounts of two links to one institution are the same, the surest first.

    Each account is in one match at most, and no order of the accounts changes the outcome. An
    account that has two candidates about as good is in none, and keeps its candidates from others.

    Args:
        old: the accounts that are there already.
        new: the accounts of the new link to the same institution.
        shared: by (old key, new key), how many rows both have: the same day and amount.
        sizes: by (old key, new key), how many rows the new account has in the span that these two
            cover: what is older or younger than all rows of the old one contradicts nothing.
    """
    candidates = sorted(
        (
            match
            for before in old
            for after in new
            if (match := _compare(before, after, shared or {}, sizes or {})) is not None
        ),
        key=lambda match: (-match.score, match.old_key, match.new_key),
    )
    found: list[AccountMatch] = []
    # An old and a new account may have the same key, so the side is part of what is remembered.
    settled: set[tuple[str, str]] = set()
    for match in candidates:
        if match.score < THRESHOLD or not settled.isdisjoint(_ends(match)):
            continue
        rivals = [other for other in candidates if _is_rival(other, match, settled)]
        if not rivals:
            found.append(match)
        settled.update(_ends(match), *(_ends(other) for other in rivals))
    return found


def _ends(match: AccountMatch) -> set[tuple[str, str]]:
    return {("old", match.old_key), ("new", match.new_key)}


def _is_rival(other: AccountMatch, match: AccountMatch, settled: set[tuple[str, str]]) -> bool:
    """Tell whether another match is about as good and cannot hold beside this one."""
    if other is match or _ends(other).isdisjoint(_ends(match)):
        return False
    if not settled.isdisjoint(_ends(other)):
        return False
    is_surer = match.score == CERTAIN and other.score < CERTAIN
    return not is_surer and other.score > match.score - MARGIN


def _compare(
    before: AccountTraits,
    after: AccountTraits,
    shared: Mapping[tuple[str, str], int],
    sizes: Mapping[tuple[str, str], int],
) -> AccountMatch | None:
    """Weigh all evidence about two accounts; None when they cannot be one."""
    if before.type != after.type or before.currency != after.currency:
        return None
    if before.persistent_id and after.persistent_id:
        if before.persistent_id != after.persistent_id:
            return None
        reason = tr("The bank's lasting id is the same")
        return AccountMatch(before.key, after.key, CERTAIN, (reason,))
    pair = before.key, after.key
    count = shared.get(pair, 0)
    evidence = [
        *_by_traits(before, after),
        *_by_rows(count, max(count, sizes.get(pair, 0))),
    ]
    score = sum(weight for weight, _ in evidence)
    return AccountMatch(
        before.key,
        after.key,
        round(min(max(score, 0.0), _BEST_GUESS), 4),
        tuple(reason for _, reason in evidence),
    )


def _by_traits(before: AccountTraits, after: AccountTraits) -> Iterable[tuple[float, str]]:
    if before.mask and after.mask:
        if _plain(before.mask) == _plain(after.mask):
            yield _SAME_MASK, tr("The last digits are the same")
        else:
            yield _OTHER_MASK, tr("The last digits differ")
    if before.subtype and after.subtype:
        if _plain(before.subtype) == _plain(after.subtype):
            yield _SAME_KIND, tr("The kind of account is the same")
        else:
            yield _OTHER_KIND, tr("The kind of account differs")
    if _names(before) & _names(after):
        yield _SAME_NAME, tr("The name is the same")


def _by_rows(count: int, size: int) -> Iterable[tuple[float, str]]:
    """Weigh the rows that both have; three alike ones are needed for their full weight."""
    if size == 0:
        return
    share = count / size
    if count:
        weight = _SAME_ROWS * share * min(1.0, count / _TELLING_ROWS)
        words = tr_n(
            "{count} of {size} rows is the same",
            "{count} of {size} rows are the same",
            count,
            size=size,
        )
        yield weight, words
    if size >= _MANY_ROWS and share < _LOW_SHARE:
        yield _OTHER_ROWS, tr("Most rows differ")


def _names(account: AccountTraits) -> set[str]:
    return {_plain(name) for name in (account.name, account.official_name) if name and name.strip()}


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
