"""Which backups are kept: some of each day, week and month, and what an update might need.

Ages do not matter, only periods that have a backup: a program that was not opened for a year loses
none of them by that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence
    from datetime import date

DAILY: Final = 7
WEEKLY: Final = 4
MONTHLY: Final = 12
SCHEMAS: Final = 3
WHOLE_DAYS: Final = 2
EACH_OF_A_DAY: Final = 8
MOST_KEPT: Final = DAILY + WEEKLY + MONTHLY + SCHEMAS + WHOLE_DAYS * (EACH_OF_A_DAY - 1)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Kept:
    """What decides over one backup.

    Args:
        made_on: the day on which it was made.
        order: places it among those of its day; later is larger.
        schema: of its ledger, sortable: the newest of each is what a person goes back to when an
            update was a mistake.
    """

    made_on: date
    order: str
    schema: str


def to_remove(backups: Sequence[T], facts: Callable[[T], Kept]) -> list[T]:
    """Return the backups that go, oldest first.

    Kept are the newest of each of the last seven days that have any, of the last four ISO weeks,
    of the last twelve months, and of the three newest schemas. Of the last two days that have any
    the first and the seven newest stay: what was spoilt in the afternoon stood in the backup of
    the morning.
    """
    newest_first = sorted(
        backups, key=lambda one: (facts(one).made_on, facts(one).order), reverse=True
    )
    stays: set[int] = set()
    for period, most in (
        (_day, DAILY),
        (_week, WEEKLY),
        (_month, MONTHLY),
        (_schema, SCHEMAS),
    ):
        newest: dict[Hashable, int] = {}
        for at, one in enumerate(newest_first):
            newest.setdefault(period(facts(one)), at)
        names = list(newest) if period is not _schema else sorted(newest, key=str, reverse=True)
        stays.update(newest[name] for name in names[:most])
    stays.update(_of_whole_days([facts(one).made_on for one in newest_first]))
    return [one for at, one in enumerate(newest_first) if at not in stays][::-1]


def is_due(last_on: date | None, today: date) -> bool:
    """Tell whether a daily backup is due: the last one is of another day, be it before or after.

    A clock that was put back makes it due at once, and never keeps it waiting.
    """
    return last_on != today


def _of_whole_days(days: Sequence[date]) -> list[int]:
    """Return the places of what stays of the last days; `days` come newest first."""
    stays: list[int] = []
    for day in list(dict.fromkeys(days))[:WHOLE_DAYS]:
        mine = [at for at, one in enumerate(days) if one == day]
        stays += [*mine[: EACH_OF_A_DAY - 1], mine[-1]]
    return stays


def _day(one: Kept) -> Hashable:
    return one.made_on


def _week(one: Kept) -> Hashable:
    return one.made_on.isocalendar()[:2]


def _month(one: Kept) -> Hashable:
    return one.made_on.year, one.made_on.month


def _schema(one: Kept) -> Hashable:
    return one.schema
