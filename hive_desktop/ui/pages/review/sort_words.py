"""What the Review page says of merchants that want a category, and of how guesses did. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.ui.kit import dates, money
from hive_desktop.ui.kit.money import locale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hive_desktop.ports.category_store import GuessRecord, ReviewGroup

KEYS = "1234567890QWERTYIOPDFGHJLZXCVBS"
"""Keys of categories in their order; A, K, M, N and U do something else."""

DIRECTIONS = {"out": "Money out", "in": "Money in"}
_SOURCES = {
    "bank": "The bank's category",
    "merchant": "What you taught about the merchant",
    "offline": "Hive's own model",
    "ai": "The AI model",
    "rule": "Your rules",
}
_FEW = 10


def rows_of(group: ReviewGroup) -> str:
    """Return how many rows a group has and what they come to."""
    total = money.flow(group.total_minor, group.currency)
    if group.rows == 1:
        return f"1 row · {dates.day(group.newest.posted_on, with_year=True)}"
    return f"{counted(group.rows, 'row')} · {total} in all"


def also_moves(group: ReviewGroup, moves: int) -> str:
    """Return what a decision would move beyond the group's own rows; "" where nothing."""
    if not group.key and group.rows > 1:
        return "Nothing in these rows names a merchant, so they are sorted one by one."
    if moves > group.rows:
        rest = counted(moves - group.rows, "more row")
        return f"Your choice also moves {rest} of this merchant that Hive sorted by itself."
    return ""


def sureness(confidence: float | None) -> str:
    """Return how sure a guess is."""
    return "" if confidence is None else f"{percent(confidence)} sure"


def percent(share: float) -> str:
    """Return a share (0 to 1) in whole per cent, and never 100% for less than all."""
    whole = int(share * 100) if share < 1 else 100
    return f"{locale().toString(whole)}%"


def counted(count: int, noun: str) -> str:
    """Return a count with its noun."""
    return f"{locale().toString(count)} {noun if count == 1 else f'{noun}s'}"


def spoken(group: ReviewGroup, guess: str, place: str) -> str:
    """Return the group as a screen reader says it."""
    says = f"Hive's guess is {guess}" if guess else "Hive has no guess"
    return f"{group.name}, {DIRECTIONS[group.direction]}, {rows_of(group)}. {says}. {place}"


def source(record: GuessRecord) -> str:
    """Return in words who made the guesses of a record."""
    return _SOURCES.get(record.source, record.source)


def kept(record: GuessRecord) -> str:
    """Return how often guesses were kept; a share only where there are enough to speak of one."""
    total = record.kept + record.changed
    words = f"{locale().toString(record.kept)} of {locale().toString(total)}"
    return words if total < _FEW else f"{words} · {percent(record.kept / total)}"


def kept_summary(records: Sequence[GuessRecord]) -> str:
    """Return all records in one sentence, with what they do not say."""
    total = sum(each.kept + each.changed for each in records)
    right = sum(each.kept for each in records)
    rows = counted(total, "row")
    return (
        f"You have judged {rows} and kept Hive's category on {locale().toString(right)}. "
        "Rows that you never looked at do not count here."
    )
