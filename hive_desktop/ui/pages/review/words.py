"""What the Review page says of questions and answers. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hive_desktop.domain.reviews import ReviewKind, ReviewState
from hive_desktop.ui.kit import dates, money

if TYPE_CHECKING:
    from datetime import datetime

    from hive_desktop.domain.reviews import Review, ReviewRow
    from hive_desktop.ui.kit.widgets import Tone

NO_CATEGORY = "Uncategorized"
_VERY_LIKELY, _LIKELY = 0.85, 0.65


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of the comparison."""

    field: str
    first: str
    second: str
    is_different: bool


@dataclass(frozen=True, slots=True)
class Wording:
    """A kind of question: what is asked, the sides' names, and the words of its answers."""

    question: str
    icon: str
    first: str
    second: str
    accept: str
    refuse: str
    accepted: str
    refused: str


WORDING = {
    ReviewKind.DUPLICATE: Wording(
        "Is this one payment?",
        "merge",
        "The row you have",
        "The new row",
        "Merge",
        "Keep both",
        "Merged into one row",
        "Both rows are kept",
    ),
    ReviewKind.TRANSFER: Wording(
        "Is this a transfer between your accounts?",
        "repeat",
        "Money leaves",
        "Money arrives",
        "It is a transfer",
        "Not a transfer",
        "Paired as a transfer; neither row counts as spending",
        "Not a transfer; both rows count",
    ),
}
_ANSWERS = {
    ReviewState.MERGED: "Merged",
    ReviewState.KEPT: "Both kept",
    ReviewState.PAIRED: "A transfer",
    ReviewState.REFUSED: "Not a transfer",
    ReviewState.MOOT: "Not asked any more",
    ReviewState.OPEN: "Open",
}


def likelihood(score: float) -> tuple[str, Tone]:
    """Return how probable it is in words, and the pill's colour role."""
    if score >= _VERY_LIKELY:
        return "Very likely", "income"
    return ("Likely", "accent") if score >= _LIKELY else ("Possible", "muted")


def comparison(review: Review) -> list[Difference]:
    """Return both rows line by line. The accounts of a transfer differ by nature."""
    first, second = _lines(review.first), _lines(review.second)
    by_nature = {"Account", "Name", "Category"} if review.kind is ReviewKind.TRANSFER else set()
    found = [
        Difference(field, first[field], second[field], _differs(review, field) or (
            field not in by_nature and field != "Amount" and first[field] != second[field]
        ))
        for field in first
    ]  # fmt: skip
    return [each for each in found if each.first or each.second]


def reasons(review: Review) -> str:
    """Return what the question is made of, in one paragraph."""
    return " ".join(reason if reason.endswith(".") else f"{reason}." for reason in review.reasons)


def answered(review: Review, now: datetime) -> tuple[str, str]:
    """Return what was answered, and to what, when."""
    when = dates.moment(review.decided_at, now) if review.decided_at else ""
    first, second = review.first, review.second
    names = first.name if first.name == second.name else f"{first.name} and {second.name}"
    amount = money.plain(abs(first.amount_minor), first.currency)
    parts = (_ANSWERS[review.state], dates.day(first.posted_on), when and f"answered {when}")
    return f"{names} · {amount}", " · ".join(part for part in parts if part)


def spoken(review: Review) -> str:
    """Return the question as a screen reader says it."""
    wording = WORDING[review.kind]
    rows = " and ".join(
        f"{row.name}, {money.flow(row.amount_minor, row.currency)}, {dates.day(row.posted_on)}, "
        f"{row.institution} {row.account}"
        for row in (review.first, review.second)
    )
    return f"{wording.question} {likelihood(review.score)[0]}. {rows}"


def _differs(review: Review, field: str) -> bool:
    if field != "Amount":
        return False
    first, second = review.first, review.second
    same_size = abs(first.amount_minor) == abs(second.amount_minor)
    is_same = same_size if review.kind is ReviewKind.TRANSFER else (
        first.amount_minor == second.amount_minor
    )  # fmt: skip
    return not is_same or first.currency != second.currency


def _lines(row: ReviewRow) -> dict[str, str]:
    marks = (
        (row.pending, "pending"),
        (row.is_gone, "removed by the bank"),
        (row.is_edited, "carries your edits"),
    )
    return {
        "Name": row.name,
        "Amount": money.flow(row.amount_minor, row.currency),
        "Date": dates.day(row.posted_on, with_year=True),
        "Account": f"{row.institution} · {row.account}",
        "Category": row.category or NO_CATEGORY,
        "State": ", ".join(word for holds, word in marks if holds).capitalize(),
    }
