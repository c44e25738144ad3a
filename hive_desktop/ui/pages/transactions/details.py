"""The pane beside the table: all that is known of one row, and what the person writes on it."""

from __future__ import annotations

import asyncio
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QPlainTextEdit, QScrollArea, QWidget

from hive_desktop.domain.categories import category_title
from hive_desktop.domain.ledger import CategorySource
from hive_desktop.domain.reviews import ReviewKind
from hive_desktop.domain.row_edits import RowEdit
from hive_desktop.domain.told import told
from hive_desktop.i18n import mark, tr
from hive_desktop.ports.errors import UsageError
from hive_desktop.services import limits
from hive_desktop.ui import why_words
from hive_desktop.ui.kit import aio, dates, money, theme
from hive_desktop.ui.kit.amount import Amount
from hive_desktop.ui.kit.direction import start
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
    plain,
    plain_tip,
    row,
)
from hive_desktop.ui.kit.wording import breakable
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.transactions import edit_words, presenter
from hive_desktop.ui.pages.transactions.split_box import SplitBox
from hive_desktop.ui.why import entry_widget

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QObject, SignalInstance
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QHBoxLayout

    from hive_desktop.domain.ledger import TransactionId, TransactionRow
    from hive_desktop.domain.reviews import Review
    from hive_desktop.domain.splits import Split
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ui.page import PageContext
    from hive_desktop.ui.why_words import Entry

WIDTH = 336
_NOTE_HEIGHT, _FACT_WIDTH, _TAGS_WIDTH = 84, 88, WIDTH - 2 * Space.XL
_BUTTON_EDGES = 64
_CHOSEN = mark("You chose it")
_QUESTIONS = {
    ReviewKind.DUPLICATE: ("copy", mark("Maybe a duplicate")),
    ReviewKind.TRANSFER: ("repeat", mark("Maybe a transfer")),
    ReviewKind.SPLIT: ("split", mark("The bank changed the amount")),
}


class DetailsPane(QFrame):
    """Shows one row; writes its name, note and tags.

    Args:
        context: the page's own.
        lookup: names of categories and accounts.
        on_error: hears what goes wrong.
    """

    category_wanted = Signal(object)
    """The widget under which the choice of a category is to open."""
    tags_wanted = Signal(object)
    """The same for tags."""
    split_wanted = Signal(object)
    """The row of this id shall be split, or its parts changed."""
    join_wanted = Signal(object)
    """The parts that the row of this id is one of shall be one again."""
    whole_wanted = Signal(object)
    """All of these parts shall be listed."""
    put_away = Signal()
    """The pane shall go."""

    def __init__(
        self,
        context: PageContext,
        lookup: presenter.Lookup,
        on_error: Callable[[HiveError], None],
    ) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName(tr("Details"))
        self.row: TransactionRow | None = None
        self.shown: list[Entry] = []
        self.is_row_key: Callable[[QKeyEvent], bool] = lambda _event: False
        self._context = context
        self._lookup = lookup
        self._on_error = on_error
        self._latest = aio.Latest(context.scope, on_error, "details")
        self._title = Elided("", Type.TITLE)
        self._amount = Amount(role=Type.TITLE)
        self._amount.setAlignment(start())
        self._close = Button("", "plain", "x", name=tr("Close the details"))
        on_click(self._close, self._leave)
        self.name = QLineEdit()
        self.name.setAccessibleName(tr("Name"))
        self.name.editingFinished.connect(self._write_name)
        self.note = QPlainTextEdit()
        self.note.setAccessibleName(tr("Note"))
        self.note.setPlaceholderText(tr("Write a note"))
        self.note.setFont(theme.font(Type.BODY))
        self.note.setFixedHeight(_NOTE_HEIGHT)
        self.note.setTabChangesFocus(True)
        for each in (self.note, self.name):
            each.installEventFilter(self)
        self._category = Button(tr("Category"), "secondary", "tag")
        on_click(self._category, self._want_category)
        self._make_row_buttons()
        self._reason = paragraph("", Type.SMALL)
        self._tags = column(gap=Space.XS)
        self._add_tag = Button(tr("Tags"), "chip", "plus", name=tr("Add or take away tags"))
        self._add_tag.setParent(self)  # an orphan would keep the pane
        self._add_tag.hide()
        on_click(self._add_tag, self._want_tags)
        self._facts = column(gap=Space.S)
        self._doubles = column(gap=Space.S)
        self._history = column(gap=Space.L)
        self._build()

    def show_row(self, shown: TransactionRow) -> None:
        """Show a row; what is not known of it yet follows."""
        if self.row is not None and shown.id != self.row.id:
            self.write()
        is_other = self.row is None or self.row.id != shown.id
        self.row = shown
        self._title.set_full(presenter.title(shown))
        self._amount.show_amount(shown.amount_minor, shown.currency)
        if is_other or not self.name.hasFocus():
            self.name.setText(shown.display_name or "")
            self.name.setPlaceholderText(presenter.bank_title(shown))
        if is_other or not self.note.hasFocus():
            self.note.setPlainText(shown.note or "")
        category = self._lookup.category_of(shown)
        words = category_title(category) if category else presenter.category_words(shown)
        room = _TAGS_WIDTH - self.split.width() - self.change.width() - _BUTTON_EDGES
        self._category.setText(f" {plain(_cut(self._category, words, room))}")
        self._category.setAccessibleName(tr("Category: {category}", category=words))
        self._category.set_icon(category.icon if category else "tag")
        self._show_tags(shown)
        self._show_facts(shown)
        if is_other:
            self._reason.setText("")
            self.split_box.hide()
            self.change.hide()
            clear(self._doubles)
            clear(self._history)
        self._latest.run(self._load(shown))

    def write(self) -> None:
        """Keep what is typed."""
        self._write_name()
        self._write_note()

    def forget(self) -> None:
        """Keep what is typed, and show nothing."""
        self.write()
        self.row = None
        self._latest.cancel()

    def edit_note(self) -> None:
        """Put the cursor into the note."""
        self.note.setFocus()
        self.note.moveCursor(self.note.textCursor().MoveOperation.End)

    async def heir_of(self, gone: TransactionId) -> TransactionRow | None:
        """Return what stands in the place of the row shown that is gone: a part, or the whole."""
        ledger = self._context.session.ledger
        known = [gone, *([self._known_split.whole.id] if self._known_split else [])]
        for row_id in known:
            split = await ledger.splits.of(row_id)
            found = await ledger.transaction(split.parts[0].id if split else row_id)
            if found is not None:
                return found
        return None

    async def settled(self) -> None:
        """Wait until everything is shown."""
        await self._latest.settled()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep a note that is left, and with Ctrl+Enter; Escape leaves a field."""
        if event.type() == QEvent.Type.FocusOut and watched is self.note:
            self._write_note()
        if event.type() == QEvent.Type.KeyPress:
            key_event: QKeyEvent = event  # type: ignore[assignment]
            is_enter = key_event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            is_held = key_event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if key_event.key() == Qt.Key.Key_Escape or (is_enter and is_held):
                self.put_away_field()
                return True
        return super().eventFilter(watched, event)

    def put_away_field(self) -> None:
        """Keep what is typed and leave the field."""
        self.write()
        self._close.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go with Escape; keys of the rows go to them."""
        if event.key() == Qt.Key.Key_Escape:
            self.put_away.emit()
        elif not self.is_row_key(event):
            super().keyPressEvent(event)

    def take_focus(self) -> None:
        """Take the keyboard, unless it is here already."""
        if not any(each.hasFocus() for each in self.findChildren(QWidget)):
            self._close.setFocus()

    def want(self, name: str) -> None:
        """Ask for the choice of a "category" or a "tag", under its button."""
        self._want_category() if name == "category" else self._want_tags()

    def _leave(self) -> None:
        self.put_away.emit()

    def _make_row_buttons(self) -> None:
        self.split = Button("", "secondary", "split", name=tr("Split\N{HORIZONTAL ELLIPSIS}"))
        self.change = Button("", "secondary", "pencil", name=tr("Change day, amount or name"))
        on_click(self.change, self._change)
        self.change.setVisible(False)
        self.split_box = SplitBox()
        self._known_split: Split | None = None
        for button, wanted in (
            (self.split, self.split_wanted),
            (self.split_box.join, self.join_wanted),
            (self.split_box.whole, self.whole_wanted),
        ):
            on_click(button, partial(self._want, wanted))

    def _want(self, wanted: SignalInstance) -> None:
        if self.row is not None:
            wanted.emit(self.row.id)

    def _change(self) -> None:
        if self.row is not None:
            self._context.go.by_hand.change_row(self.row.id)

    def _want_category(self) -> None:
        self.category_wanted.emit(self._category)

    def _want_tags(self) -> None:
        self.tags_wanted.emit(self._add_tag)

    def _build(self) -> None:
        content = QWidget()
        content.setObjectName("bare")
        inside = column(content, gap=Space.M)
        inside.setContentsMargins(Space.L, Space.M, Space.L, Space.L)
        head = row(gap=Space.S)
        head.addWidget(self._title, 1)
        head.addWidget(self._close)
        category = column(gap=Space.XS)
        chosen = row(gap=Space.S)
        chosen.addWidget(self._category)
        chosen.addWidget(self.split)
        chosen.addWidget(self.change)
        chosen.addStretch(1)
        category.addLayout(chosen)
        category.addWidget(self._reason)
        inside.addLayout(head)
        inside.addWidget(self._amount)
        inside.addWidget(self.split_box)
        inside.addLayout(category)
        for words, field in ((tr("Name"), self.name), (tr("Note"), self.note)):
            named = column(gap=Space.XS)
            named.addWidget(label(words, Type.SMALL, "muted"))
            named.addWidget(field)
            inside.addLayout(named)
        inside.addLayout(self._tags)
        inside.addLayout(self._doubles)
        inside.addSpacing(Space.XS)
        inside.addLayout(self._facts)
        inside.addSpacing(Space.XS)
        inside.addWidget(label(tr("What happened"), Type.STRONG))
        inside.addLayout(self._history)
        inside.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName(tr("Details"))
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(content)
        scroll.setObjectName("bare")
        column(self, gap=0, margin=2).addWidget(scroll)
        self._order_focus()

    def _order_focus(self) -> None:
        parts = (self.split_box.whole, self.split_box.join)
        chosen_by = (self._category, self.split, self.change)
        for one, after in pairwise((self._close, *parts, *chosen_by, self.name, self.note)):
            QWidget.setTabOrder(one, after)

    def _show_tags(self, shown: TransactionRow) -> None:
        self._add_tag.setParent(self)
        clear(self._tags)
        chips: list[QWidget] = []
        for tag in shown.tags:
            chip = Button(tag, "chip", "x", name=tr("Take away the tag {tag}", tag=tag))
            chip.setText(f" {plain(_cut(chip, tag, _TAGS_WIDTH - _BUTTON_EDGES))}")
            chip.setToolTip(plain_tip(tag))
            on_click(chip, partial(self._untag, tag))
            chips.append(chip)
        line, room = row(gap=Space.XS), _TAGS_WIDTH
        for each in (*chips, self._add_tag):
            wide = each.sizeHint().width() + Space.XS
            if wide > room and line.count():
                self._end_line(line)
                line, room = row(gap=Space.XS), _TAGS_WIDTH
            line.addWidget(each)
            room -= wide
        self._end_line(line)
        self._add_tag.show()
        for one, after in pairwise((self.note, *chips, self._add_tag)):
            QWidget.setTabOrder(one, after)

    def _end_line(self, line: QHBoxLayout) -> None:
        line.addStretch(1)
        self._tags.addLayout(line)

    def _show_facts(self, shown: TransactionRow) -> None:
        clear(self._facts)
        for name, words in presenter.facts(shown, self._lookup):
            line = row(gap=Space.M)
            title = label(name, Type.SMALL, "muted")
            title.setFixedWidth(_FACT_WIDTH)
            line.addWidget(title, 0, Qt.AlignmentFlag.AlignTop)
            value = paragraph(breakable(words), Type.SMALL, "text")
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            line.addWidget(value, 1)
            self._facts.addLayout(line)

    async def _load(self, shown: TransactionRow) -> None:
        session = self._context.session
        split = await session.ledger.splits.of(shown.id) if shown.is_part else None
        self._known_split = split
        self.split_box.show_split(split)
        facts = await session.ledger.manual.facts_of(shown.id)
        self.change.setVisible(facts is not None)
        reason, changes, edits, waiting, origin = await asyncio.gather(
            session.ledger.category_reason(shown.id),
            session.journal.why(shown.id if split is None else split.whole.id),
            session.ledger.edits_of(shown.id),
            session.reviews.waiting(),
            session.importing.past.origin_of(shown.id),
        )
        if split is not None:
            edits = [*edits, *await session.ledger.edits_of(split.whole.id)]
        if shown.category_source is CategorySource.USER:
            reason = tr(_CHOSEN)
        self._reason.setText(breakable(told(reason or "")))
        self._reason.setVisible(bool(reason))
        clear(self._doubles)
        for review in waiting:
            if shown.id in (review.first.id, review.second.id):
                self._doubles.addWidget(self._double(review, shown))
        clear(self._history)
        self.shown = why_words.entries(changes, edits, origin)
        now = session.clock.now()
        for entry in self.shown:
            self._history.addWidget(entry_widget(entry, now))
        if not self.shown:
            self._history.addWidget(paragraph(tr("Nothing was recorded for this row."), Type.SMALL))

    def _double(self, review: Review, shown: TransactionRow) -> QFrame:
        other = why_words.partner_of(review, shown.id)
        box = frame("notice")
        line = row(box, gap=Space.S, margin=Space.S)
        icon, title = _QUESTIONS[review.kind]
        line.addWidget(Icon(icon, "accent_text", 18), 0, Qt.AlignmentFlag.AlignTop)
        words = column(gap=2)
        words.addWidget(label(tr(title), Type.STRONG))
        amount = money.flow(other.amount_minor, other.currency)
        day = dates.day(other.posted_on, with_year=True)
        words.addWidget(Elided(f"{other.name} · {amount} · {day}", Type.SMALL, "muted"))
        line.addLayout(words, 1)
        look = Button(tr("Review"), "secondary")
        on_click(look, lambda: self._context.go.show_page(PageName.REVIEW))
        line.addWidget(look)
        return box

    def _untag(self, tag: str) -> None:
        self._edit(RowEdit(remove_tags=(tag,)), partial(edit_words.untagged, tag=tag))

    def _write_name(self) -> None:
        name = self._checked(limits.named, self.name.text())
        if name is not None and self.row is not None and name != (self.row.display_name or ""):
            self._edit(RowEdit(name=name), edit_words.renamed)

    def _write_note(self) -> None:
        note = self._checked(limits.noted, self.note.toPlainText())
        if note is not None and self.row is not None and note != (self.row.note or ""):
            self._edit(RowEdit(note=note), edit_words.noted)

    def _checked(self, tidy: Callable[[str], str], text: str) -> str | None:
        """Return a text as it is kept; None where it is too long, which is told."""
        if self.row is None:
            return None
        try:
            return tidy(text)
        except UsageError as error:
            self._on_error(error)
            return None

    def _edit(self, told: RowEdit, words: Callable[[int], str]) -> None:
        if self.row is None:
            return
        ids: Sequence[object] = [self.row.id]
        self.row = presenter.edited(self.row, told)
        self._context.edits.edit(ids, told, words)  # type: ignore[arg-type]


def _cut(button: Button, words: str, room: int) -> str:
    """Return words as they fit on a button."""
    return button.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)
