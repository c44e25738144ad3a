"""A card of changes that the model proposes: rows before and after; the person applies them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from hive_desktop.domain.conversations import ProposalState
from hive_desktop.i18n import tr, tr_n
from hive_desktop.ui.kit import dates, money
from hive_desktop.ui.kit.direction import end
from hive_desktop.ui.kit.pill import Pill
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
from hive_desktop.ui.kit.wording import number

if TYPE_CHECKING:
    from hive_desktop.domain.conversations import Proposal
    from hive_desktop.services.chat_proposals import ChangePreview, ProposalView, RowPreview

_SHOWN: Final = 5
_DAY_WIDTH: Final = 92
_AMOUNT_WIDTH: Final = 80


class ProposalCard(QFrame):
    """Shows one proposal.

    Attributes:
        apply_wanted: the changes are to be made.
        dismiss_wanted: the card is to be put aside.
        opened: emitted with a query whose rows are wanted.
    """

    apply_wanted = Signal()
    dismiss_wanted = Signal()
    opened = Signal(object)

    def __init__(self, proposal: Proposal) -> None:
        super().__init__()
        self.setObjectName("card")
        self.proposal = proposal
        self.view: ProposalView | None = None
        self.setAccessibleName(tr("Proposed changes"))
        layout = column(self, gap=Space.S, margin=Space.L)
        head = row(gap=Space.S)
        head.addWidget(Icon("spark", "accent_text", 16))
        head.addWidget(label(tr("Proposed changes"), Type.STRONG))
        head.addStretch(1)
        self.state = Pill("", "muted")
        head.addWidget(self.state)
        layout.addLayout(head)
        self.reason = paragraph(proposal.reason)
        self.reason.setVisible(bool(proposal.reason))
        layout.addWidget(self.reason)
        self._changes = column(gap=Space.S)
        layout.addLayout(self._changes)
        self.trouble = paragraph("", Type.BODY, "warning")
        layout.addWidget(self.trouble)
        self.note = paragraph(
            tr("Nothing has changed yet. What you apply can be undone."), Type.SMALL
        )
        layout.addWidget(self.note)
        foot = row(gap=Space.S)
        foot.addStretch(1)
        self.dismiss = Button(tr("Dismiss"), "secondary")
        self.apply = Button(tr("Apply"), "primary", "check")
        on_click(self.dismiss, self.dismiss_wanted.emit)
        on_click(self.apply, self.apply_wanted.emit)
        foot.addWidget(self.dismiss)
        foot.addWidget(self.apply)
        layout.addLayout(foot)
        self.apply.setEnabled(False)
        self.trouble.hide()
        self._show_state()

    def show_view(self, view: ProposalView) -> None:
        """Show the rows before and after, or why nothing can be done any more."""
        self.view = view
        clear(self._changes)
        for change in view.changes:
            self._changes.addWidget(self._change(change))
        self.trouble.setText(view.trouble)
        self._show_state()

    def show_busy(self, *, is_busy: bool) -> None:
        """Let nothing be pressed while the changes are made."""
        self.apply.setEnabled(not is_busy and self._can_apply())
        self.dismiss.setEnabled(not is_busy)

    def _can_apply(self) -> bool:
        view = self.view
        return view is not None and not view.trouble and bool(view.changes)

    def _show_state(self) -> None:
        state = self.proposal.state
        is_open = state is ProposalState.OPEN
        told = {ProposalState.APPLIED: tr("Applied"), ProposalState.DISMISSED: tr("Dismissed")}
        tone = "income" if state is ProposalState.APPLIED else "muted"
        self.state.show_state(told.get(state, ""), tone)  # type: ignore[arg-type]
        self.state.setVisible(not is_open)
        self.trouble.setVisible(is_open and bool(self.trouble.text()))
        for one in (self.apply, self.dismiss, self.note):
            one.setVisible(is_open)
        self.apply.setEnabled(is_open and self._can_apply())

    def _change(self, change: ChangePreview) -> QWidget:
        made = frame("inset")
        layout = column(made, gap=Space.XS, margin=Space.M)
        layout.addWidget(paragraph(change.title, Type.STRONG, "text"))
        for one in change.rows[:_SHOWN]:
            layout.addWidget(_Row(one))
        rest = change.total - min(len(change.rows), _SHOWN)
        if rest > 0:
            told = tr_n(
                "and {count_text} more row",
                "and {count_text} more rows",
                rest,
                count_text=number(rest),
            )
            layout.addWidget(label(told, Type.SMALL, "muted"))
        for query in change.change.queries[:1]:
            link = Button(tr("Show rows"), "link")
            on_click(link, lambda query=query: self.opened.emit(query))  # type: ignore[misc]
            layout.addWidget(link)
        return made


class _Row(QWidget):
    """A row with what of it would change."""

    def __init__(self, preview: RowPreview) -> None:
        super().__init__()
        one = preview.row
        layout = row(self, gap=Space.S)
        day = label(dates.day(one.posted_on, with_year=True), Type.SMALL, "muted")
        day.setFixedWidth(_DAY_WIDTH)
        layout.addWidget(day)
        layout.addWidget(Elided(one.merchant or one.name), 4)
        amount = label(money.flow(one.amount_minor, one.currency), tabular=True)
        amount.setMinimumWidth(_AMOUNT_WIDTH)
        amount.setAlignment(end())
        layout.addWidget(amount)
        before = preview.before or tr("nothing")
        change = tr("{before} → {after}", before=before, after=preview.after)
        layout.addWidget(Elided(change, Type.SMALL), 5)
