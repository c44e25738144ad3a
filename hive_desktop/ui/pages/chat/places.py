"""Where a figure leads: to the rows that make it or its parts, or to the accounts that hold it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from hive_desktop.domain import periods, recipes
from hive_desktop.domain.days import Span
from hive_desktop.domain.figures import FigureError, written
from hive_desktop.domain.pieces import Standing
from hive_desktop.domain.receipts import CellKind
from hive_desktop.domain.references import cited
from hive_desktop.i18n import language, tr, tr_n
from hive_desktop.ui.kit import money
from hive_desktop.ui.kit.markdown_chunks import Mark
from hive_desktop.ui.kit.wording import number
from hive_desktop.ui.pages.chat import words
from hive_desktop.ui.pages.chat.words import FigureWriter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hive_desktop.domain.figures import Figure
    from hive_desktop.domain.ledger import TransactionQuery
    from hive_desktop.domain.pieces import Checked, Piece
    from hive_desktop.domain.receipts import Receipt
    from hive_desktop.domain.recipes import Part
    from hive_desktop.services.chat_today import Changed

_PREFIX: Final = "figure:"
_LINK: Final = "link:"
_MOST: Final = 40
_LONGEST: Final = 160
_SPACED: Final = re.compile(r"[ \u00a0]+$")
_DIGITS: Final = re.compile(r"[0-9]")


class Way(NamedTuple):
    """One place behind a figure; no query means the accounts."""

    name: str
    query: TransactionQuery | None


class Behind(NamedTuple):
    """What stands behind a figure.

    Attributes:
        how: what was computed, such as `$1,204.50 / 31 days`; empty where rows make the figure.
        ways: where its parts lead, each to exactly its rows; none where nothing can be opened.
    """

    how: str
    ways: list[Way]


def behind(figure: Figure, receipts: Mapping[str, Receipt]) -> Behind:
    """Return what a figure was made of, as places to go to."""
    steps = recipes.steps_of(figure, receipts)
    found = [Way(_name(one), one.query) for one in recipes.parts_of(steps) if one.leads][:_MOST]
    if len(steps) == 1 or not found:
        return Behind("", found)
    how = recipes.in_words(steps, FigureWriter(), words.quantity)
    return Behind(how if len(how) <= _LONGEST else f"{how[: _LONGEST - 1]}…", found)


def of_href(href: str, receipts: Mapping[str, Receipt]) -> Behind:
    """Return what stands behind a mark that was chosen."""
    try:
        figure = cited(href.removeprefix(_PREFIX), receipts).figure
    except FigureError:
        figure = None
    return Behind("", []) if figure is None else behind(figure, receipts)


def is_figure(href: str) -> bool:
    """Tell whether an address is a figure's and not a link's."""
    return href.startswith(_PREFIX)


def link_of(href: str) -> str:
    """Return the address of a web page that was chosen; empty where it is something else."""
    return href.removeprefix(_LINK) if href.startswith(_LINK) else ""


def parts(
    shown: Checked, receipts: Mapping[str, Receipt], changed: Mapping[str, Changed] | None = None
) -> list[str | Mark]:
    """Return a reply as Markdown and marks.

    Args:
        shown: the reply.
        receipts: of the session.
        changed: figures, by formula, that their rows do not have any more.
    """
    changed = changed or {}
    found: list[str | Mark] = []
    for piece in shown.pieces:
        if piece.is_flaw:
            found.append(Mark(_seen(piece), "", _flaw_words(piece), is_flaw=True))
        elif piece.standing is Standing.LINK:
            tip = tr("Opens in your browser, after a question")
            found.append(Mark(piece.text, _LINK + piece.text, tip))
        elif piece.figure is not None:
            aged = changed.get(piece.figure.formula)
            found.append(_mark(piece, piece.figure, receipts, aged))
        elif piece.receipts:  # a citation shows nothing, nor the space before it
            if found and isinstance(found[-1], str):
                found[-1] = _SPACED.sub("", found[-1])
        else:
            found.append(piece.text)
    return found


def _mark(
    piece: Piece, figure: Figure, receipts: Mapping[str, Receipt], aged: Changed | None
) -> Mark:
    how, led = behind(figure, receipts)
    if not led:
        return Mark(_seen(piece))
    tip = tr("Show the transactions behind this figure")
    if how:
        tip = tr("Show what this figure is made of")
    elif led[0].query is None:
        tip = tr("Show the accounts behind this figure")
    href = _PREFIX + figure.formula
    if aged is None:
        return Mark(_seen(piece), href, tip)
    why = tr("The transactions behind this figure have changed since. They are shown as they are.")
    return Mark(_seen(piece), href, tip, note=words.aged(aged), note_tip=why)


def _seen(piece: Piece) -> str:
    """Return a piece's words; an amount is dots while amounts are hidden."""
    if not money.are_hidden():
        return piece.text
    is_money = piece.figure is not None and piece.figure.kind is CellKind.MONEY
    if is_money or (piece.is_flaw and _DIGITS.search(piece.text)):
        return money.HIDDEN
    return piece.text


def _flaw_words(piece: Piece) -> str:
    if _DIGITS.search(piece.text):
        return tr("The model wrote this figure itself, and nothing that it looked up has it.")
    return tr("The model named a figure that does not exist.")


def _name(part: Part) -> str:
    query = part.query
    told = written(part.figure, FigureWriter())
    if part.is_sum and part.figure.kind is CellKind.COUNT:
        count = part.figure.number
        told = tr_n(
            "{count_text} transaction",
            "{count_text} transactions",
            count,
            count_text=number(count),
        )
    if query is None or query.start is None or query.end is None:
        return told
    return f"{told} · {periods.in_words(Span(query.start, query.end), language=language())}"
