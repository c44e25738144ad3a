"""What the Review page says of questions and answers. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hive_desktop.domain.categories import title_of
from hive_desktop.domain.reviews import ReviewKind, ReviewState
from hive_desktop.domain.told import told
from hive_desktop.i18n import mark, tr
from hive_desktop.ui.kit import dates, money, wording

if TYPE_CHECKING:
    from datetime import datetime

    from hive_desktop.domain.reviews import Review, ReviewRow
    from hive_desktop.ui.kit.widgets import Tone

NAME = mark("Name")
_AMOUNT, _CATEGORY, _DATE = mark("Amount"), mark("Category"), mark("Date")
_ACCOUNT, _STATE = mark("Account"), mark("State")
NO_CATEGORY = mark("Uncategorized")
_VERY_LIKELY, _LIKELY = 0.85, 0.65


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of the comparison; the field's name is marked, not translated."""

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
        mark("Is this one payment?"),
        "merge",
        mark("The row you have"),
        mark("The new row"),
        mark("Merge"),
        mark("Keep both"),
        mark("Merged into one row"),
        mark("Both rows are kept"),
    ),
    ReviewKind.TRANSFER: Wording(
        mark("Is this a transfer between your accounts?"),
        "repeat",
        mark("Money leaves"),
        mark("Money arrives"),
        mark("It is a transfer"),
        mark("Not a transfer"),
        mark("Paired as a transfer; neither row counts as spending"),
        mark("Not a transfer; both rows count"),
    ),
    ReviewKind.SPLIT: Wording(
        mark("Are the parts of this row still right?"),
        "split",
        mark("The whole row"),
        mark("Its last part"),
        mark("Keep the parts"),
        mark("Join again"),
        mark("The parts stay as they are"),
        mark("The parts are one transaction again"),
    ),
}
_ANSWERS = {
    ReviewState.MERGED: mark("Merged"),
    ReviewState.KEPT: mark("Both kept"),
    ReviewState.PAIRED: mark("A transfer"),
    ReviewState.REFUSED: mark("Not a transfer"),
    ReviewState.JOINED: mark("Joined again"),
    ReviewState.MOOT: mark("Not asked any more"),
    ReviewState.OPEN: mark("Open"),
}


def likelihood(score: float) -> tuple[str, Tone]:
    """Return how probable it is in words, and the pill's colour role."""
    if score >= _VERY_LIKELY:
        return tr("Very likely"), "income"
    return (tr("Likely"), "accent") if score >= _LIKELY else (tr("Possible"), "muted")


def comparison(review: Review) -> list[Difference]:
    """Return both rows line by line. The accounts of a transfer differ by nature."""
    first, second = _lines(review.first), _lines(review.second)
    by_nature = {_ACCOUNT, NAME, _CATEGORY} if review.kind is ReviewKind.TRANSFER else set()
    found = [
        Difference(field, first[field], second[field], _differs(review, field) or (
            field not in by_nature and field != _AMOUNT and first[field] != second[field]
        ))
        for field in first
    ]  # fmt: skip
    return [each for each in found if each.first or each.second]


def reasons(review: Review) -> str:
    """Return what the question is made of, in one paragraph."""
    said = map(told, review.reasons)
    return " ".join(reason if reason.endswith(".") else f"{reason}." for reason in said)


def answered(review: Review, now: datetime) -> tuple[str, str]:
    """Return what was answered, and to what, when."""
    when = dates.moment(review.decided_at, now) if review.decided_at else ""
    first, second = review.first, review.second
    names = wording.all_of(list(dict.fromkeys((first.name, second.name))))
    amount = money.plain(abs(first.amount_minor), first.currency)
    told = tr("answered {when}", when=when) if when else ""
    parts = (_answer(review), dates.day(first.posted_on), told)
    return f"{names} · {amount}", " · ".join(part for part in parts if part)


def _answer(review: Review) -> str:
    if review.kind is ReviewKind.SPLIT and review.state is ReviewState.KEPT:
        return tr("The parts stay as they are")
    return tr(_ANSWERS[review.state])


def spoken(review: Review) -> str:
    """Return the question as a screen reader says it."""
    question = tr(WORDING[review.kind].question)
    rows = [
        f"{row.name}, {money.flow(row.amount_minor, row.currency)}, {dates.day(row.posted_on)}, "
        f"{row.institution} {row.account}"
        for row in (review.first, review.second)
    ]
    if review.kind is ReviewKind.SPLIT:  # nothing of it is only likely
        return f"{question} {wording.all_of(rows)}"
    return f"{question} {likelihood(review.score)[0]}. {wording.all_of(rows)}"


def _differs(review: Review, field: str) -> bool:
    if field != _AMOUNT:
        return False
    first, second = review.first, review.second
    same_size = abs(first.amount_minor) == abs(second.amount_minor)
    is_same = same_size if review.kind is ReviewKind.TRANSFER else (
        first.amount_minor == second.amount_minor
    )  # fmt: skip
    return not is_same or first.currency != second.currency


def _lines(row: ReviewRow) -> dict[str, str]:
    marks = (
        (row.pending, tr("pending")),
        (row.is_gone, tr("removed by the bank")),
        (row.is_edited, tr("carries your edits")),
    )
    return {
        NAME: row.name,
        _AMOUNT: money.flow(row.amount_minor, row.currency),
        _DATE: dates.day(row.posted_on, with_year=True),
        _ACCOUNT: f"{row.institution} · {row.account}",
        _CATEGORY: title_of(row.category or "") or tr(NO_CATEGORY),
        _STATE: wording.opened(", ".join(word for holds, word in marks if holds)),
    }
