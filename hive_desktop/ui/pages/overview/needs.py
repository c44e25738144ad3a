"""What the Overview says needs the person: questions, rows that nobody is sure of, and banks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hive_desktop.domain.ledger import ItemState
from hive_desktop.i18n import mark, tr, tr_n
from hive_desktop.ui.kit.lines import Line
from hive_desktop.ui.page import PageName

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hive_desktop.domain.ledger import Item

_BANKS = {
    ItemState.EXPIRING: mark("Its consent ends soon"),
    ItemState.NEEDS_RELINK: mark("Wants you to sign in again"),
    ItemState.REVOKED: mark("The connection was ended at the bank"),
    ItemState.MISCONFIGURED: mark("Plaid or the relay refused access"),
    ItemState.DEGRADED: mark("Has not answered several times in a row"),
    ItemState.AWAITING: mark("Is known already: say what becomes of the old one"),
}
_QUESTION_COLOR, _UNSURE_COLOR, _BANK_COLOR = "#4E8FE0", "#E0A33A", "#D9594C"


@dataclass(frozen=True, slots=True)
class Need:
    """A line, and the page that helps."""

    line: Line
    page: PageName


def needs(questions: int, unsure: int, items: Iterable[Item]) -> list[Need]:
    """Return what needs the person, banks first.

    Args:
        questions: open questions about duplicates and transfers.
        unsure: merchants whose rows nobody is sure of.
        items: every connection.
    """
    found = [
        Need(
            Line(item.institution, "", _BANK_COLOR, "bank", tr(_BANKS[item.state])),
            PageName.ACCOUNTS,
        )
        for item in items
        if item.state in _BANKS
    ]
    if questions:
        title = tr_n("{count} question", "{count} questions", questions)
        found.append(
            Need(
                Line(title, "", _QUESTION_COLOR, "merge", tr("About duplicates and transfers")),
                PageName.REVIEW,
            )
        )
    if unsure:
        title = tr_n("{count} merchant to sort", "{count} merchants to sort", unsure)
        found.append(
            Need(
                Line(title, "", _UNSURE_COLOR, "inbox", tr("Nobody is sure of their category")),
                PageName.REVIEW,
            )
        )
    return found
