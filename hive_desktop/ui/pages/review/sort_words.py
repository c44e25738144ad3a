"""What the Review page says of merchants that want a category, and of how guesses did. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.i18n import mark, tr, tr_n
from hive_desktop.ui.kit import dates, money
from hive_desktop.ui.kit.wording import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hive_desktop.ports.category_store import GuessRecord, ReviewGroup

KEYS = "1234567890QWERTYIOPDFGHJLZXCVBS"
"""Keys of categories in their order; A, K, M, N and U do something else."""

DIRECTIONS = {"out": mark("Money out"), "in": mark("Money in")}
_SOURCES = {
    "bank": mark("The bank's category"),
    "merchant": mark("What you taught about the merchant"),
    "offline": mark("Hive's own model"),
    "ai": mark("The AI model"),
    "rule": mark("Your rules"),
}
_FEW = 10


def rows_of(group: ReviewGroup) -> str:
    """Return how many rows a group has and what they come to."""
    total = money.flow(group.total_minor, group.currency)
    if group.rows == 1:
        return tr("1 row · {day}", day=dates.day(group.newest.posted_on, with_year=True))
    return tr_n(
        "{count_text} row · {total} in all",
        "{count_text} rows · {total} in all",
        group.rows,
        count_text=number(group.rows),
        total=total,
    )


def also_moves(group: ReviewGroup, moves: int) -> str:
    """Return what a decision would move beyond the group's own rows; "" where nothing."""
    if not group.key and group.rows > 1:
        return tr("Nothing in these rows names a merchant, so they are sorted one by one.")
    if moves > group.rows:
        rest = moves - group.rows
        return tr_n(
            "Your choice also moves {count_text} more row of this merchant that Hive sorted by "
            "itself.",
            "Your choice also moves {count_text} more rows of this merchant that Hive sorted by "
            "itself.",
            rest,
            count_text=number(rest),
        )
    return ""


def sureness(confidence: float | None) -> str:
    """Return how sure a guess is."""
    return "" if confidence is None else tr("{share} sure", share=percent(confidence))


def percent(share: float) -> str:
    """Return a share (0 to 1) in whole per cent, and never 100% for less than all."""
    whole = int(share * 100) if share < 1 else 100
    return money.percent(whole)


def spoken(group: ReviewGroup, guess: str, place: str) -> str:
    """Return the group as a screen reader says it."""
    says = tr("Hive's guess is {category}", category=guess) if guess else tr("Hive has no guess")
    way = tr(DIRECTIONS[group.direction])
    return f"{group.name}, {way}, {rows_of(group)}. {says}. {place}"


def source(record: GuessRecord) -> str:
    """Return in words who made the guesses of a record."""
    return tr(_SOURCES.get(record.source, record.source))


def kept(record: GuessRecord) -> str:
    """Return how often guesses were kept; a share only where there are enough to speak of one."""
    total = record.kept + record.changed
    words = tr("{part} of {total}", part=number(record.kept), total=number(total))
    return words if total < _FEW else f"{words} · {percent(record.kept / total)}"


def kept_summary(records: Sequence[GuessRecord]) -> str:
    """Return all records in one sentence, with what they do not say."""
    total = sum(each.kept + each.changed for each in records)
    right = sum(each.kept for each in records)
    return tr_n(
        "You have judged {count_text} row and kept Hive's category on {kept}. Rows that you never "
        "looked at do not count here.",
        "You have judged {count_text} rows and kept Hive's category on {kept}. Rows that you never "
        "looked at do not count here.",
        total,
        count_text=number(total),
        kept=number(right),
    )


def moved(count: int, merchant: str, category: str, *, from_now_on: bool) -> str:
    """Return what a decision did: rows now, and new ones where a rule was made of it."""
    figures = {"count_text": number(count), "merchant": merchant, "category": category}
    if from_now_on:
        return tr_n(
            "{count_text} row of {merchant} moved to {category}, now and from now on",
            "{count_text} rows of {merchant} moved to {category}, now and from now on",
            count,
            **figures,
        )
    return tr_n(
        "{count_text} row of {merchant} moved to {category}",
        "{count_text} rows of {merchant} moved to {category}",
        count,
        **figures,
    )
