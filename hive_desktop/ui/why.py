"""Why is this row here: a dialog over any page that has rows. What happened, and how to object."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget

from hive_desktop.i18n import tr
from hive_desktop.ui import why_words
from hive_desktop.ui.kit import aio, dates, journal_words, money
from hive_desktop.ui.kit.dialog import Dialog
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import (
    Button,
    Elided,
    Icon,
    clear,
    column,
    frame,
    label,
    on_click,
    paragraph,
    row,
)
from hive_desktop.ui.kit.wording import breakable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from PySide6.QtWidgets import QFrame

    from hive_desktop.domain.ledger import TransactionId
    from hive_desktop.domain.reviews import Review
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.session import VaultSession
    from hive_desktop.ui.page import Notices
    from hive_desktop.ui.why_words import Entry

_WIDTH, _HEIGHT = 580, 560
_FIELD_WIDTH = 72


class WhyDialog(Dialog):
    """The row, its partner when it is a transfer, and what happened to it, newest first.

    Args:
        parent: the window.
        session: the open vault's services.
        scope: owns the reading.
        notices: where an answer is confirmed.
        transaction_id: the row.
    """

    def __init__(
        self,
        parent: QWidget,
        session: VaultSession,
        scope: aio.Scope,
        notices: Notices,
        transaction_id: TransactionId,
    ) -> None:
        super().__init__(parent, tr("Why is this here?"), width=_WIDTH, height=_HEIGHT)
        self._session = session
        self._notices = notices
        self._id = transaction_id
        self.shown: list[Entry] = []
        self._latest = aio.Latest(scope, self._failed, "why")
        self._head = column(gap=Space.M)
        self.body.addLayout(self._head)
        content = QWidget()
        content.setObjectName("scrolled")
        outer = column(content, gap=0)
        self._list = column(gap=Space.L)
        outer.addLayout(self._list)
        outer.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName(tr("What happened, newest first"))
        scroll.setWidget(content)
        self.body.addWidget(scroll, 1)
        self.unpair_button: Button | None = None
        self.close_button = self.add_button(tr("Close"), "secondary", self.accept)
        self.close_button.setDefault(True)
        self.close_button.setFocus()
        self._latest.run(self._load())

    async def settled(self) -> None:
        """Wait until everything is shown."""
        await self._latest.settled()

    async def _load(self) -> None:
        session = self._session
        found, changes, edits, accounts, partner, origin = await asyncio.gather(
            session.ledger.transaction(self._id),
            session.journal.why(self._id),
            session.ledger.edits_of(self._id),
            session.ledger.accounts(),
            session.reviews.partner(self._id),
            session.importing.past.origin_of(self._id),
        )
        clear(self._head)
        self._head.addWidget(_subject(why_words.subject(found, changes, accounts)))
        if partner is not None and why_words.is_paired(partner):
            self._head.addWidget(self._partner(partner))
        self.shown = why_words.entries(changes, edits, origin)
        self._show_entries(self.shown)

    def _show_entries(self, entries: Sequence[Entry]) -> None:
        clear(self._list)
        if not entries:
            words = tr("Nothing was recorded for this row: it came before Hive kept a journal.")
            self._list.addWidget(paragraph(words))
        now = self._session.clock.now()
        for entry in entries:
            self._list.addWidget(entry_widget(entry, now))

    def _partner(self, review: Review) -> QFrame:
        other = why_words.partner_of(review, self._id)
        box = frame("notice")
        line = row(box, gap=Space.M, margin=Space.M)
        line.addWidget(Icon("repeat", "accent_text", 18), 0, Qt.AlignmentFlag.AlignTop)
        words = column(gap=2)
        words.addWidget(label(tr("One side of a transfer"), Type.STRONG))
        amount = money.flow(other.amount_minor, other.currency)
        day = dates.day(other.posted_on, with_year=True)
        words.addWidget(Elided(f"{other.name} · {amount} · {day}", Type.SMALL, "muted"))
        words.addWidget(Elided(f"{other.institution} · {other.account}", Type.SMALL, "muted"))
        line.addLayout(words, 1)
        self.unpair_button = Button(tr("Not a transfer"))
        on_click(self.unpair_button, lambda: self._latest.run(self._unpair()))
        line.addWidget(self.unpair_button, 0, Qt.AlignmentFlag.AlignVCenter)
        return box

    async def _unpair(self) -> None:
        if await self._session.reviews.unpair(self._id):
            self._notices.show_message(tr("Not a transfer any more; both rows count again"))
        await self._load()

    def _failed(self, error: HiveError) -> None:
        self.error.show_error(error)


async def show_why(
    parent: QWidget,
    session: VaultSession,
    scope: aio.Scope,
    notices: Notices,
    transaction_id: TransactionId,
) -> None:
    """Show the dialog until it is closed; see `WhyDialog` for the arguments."""
    await aio.finished(WhyDialog(parent, session, scope, notices, transaction_id))


def _subject(subject: why_words.Subject) -> QFrame:
    box = frame("inset")
    words = column(box, gap=2, margin=Space.M)
    line = row(gap=Space.M)
    line.addWidget(Elided(subject.name, Type.STRONG), 1)
    line.addWidget(label(subject.amount, Type.STRONG, tabular=True))
    words.addLayout(line)
    words.addWidget(Elided(subject.detail, Type.SMALL, "muted"))
    return box


def entry_widget(entry: Entry, now: datetime) -> QWidget:
    """Return what happened to a row, with when and by whom."""
    result = QWidget()
    result.setAccessibleName(entry.text)
    line = row(result, gap=Space.M)
    line.addWidget(Icon(entry.icon, _role(entry), 18), 0, Qt.AlignmentFlag.AlignTop)
    words = column(gap=Space.XS)
    words.addWidget(paragraph(breakable(entry.text), Type.BODY, "text"))
    if entry.fields:
        words.addLayout(_fields(entry))
    when = f"{dates.moment(entry.at, now)} · {entry.detail}"
    words.addWidget(label(when[0].upper() + when[1:], Type.SMALL, "muted", tabular=True))
    line.addLayout(words, 1)
    return result


def _fields(entry: Entry) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(Space.L)
    grid.setVerticalSpacing(2)
    grid.setColumnStretch(1, 1)
    grid.setColumnMinimumWidth(0, _FIELD_WIDTH)
    for index, (name, before, after) in enumerate(entry.fields):
        grid.addWidget(label(name, Type.SMALL, "muted"), index, 0, Qt.AlignmentFlag.AlignTop)
        change = breakable(f"{before}  {journal_words.ARROW}  {after}")
        grid.addWidget(paragraph(change, Type.SMALL, "text"), index, 1)
    return grid


def _role(entry: Entry) -> str:
    return {"muted": "text_muted", "accent": "accent_text"}.get(entry.tone, entry.tone)
