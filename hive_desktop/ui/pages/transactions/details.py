"""The pane beside the table: all that is known of one row, and what the person writes on it."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QPlainTextEdit, QScrollArea, QWidget

from hive_desktop.domain.ledger import CategorySource
from hive_desktop.domain.reviews import ReviewKind
from hive_desktop.domain.row_edits import LONGEST_NAME, RowEdit
from hive_desktop.ui import why_words
from hive_desktop.ui.kit import aio, dates, money, theme
from hive_desktop.ui.kit.amount import Amount
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
    row,
)
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.transactions import presenter
from hive_desktop.ui.why import entry_widget

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QObject
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QHBoxLayout

    from hive_desktop.domain.ledger import TransactionRow
    from hive_desktop.domain.reviews import Review
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ui.page import PageContext
    from hive_desktop.ui.why_words import Entry

WIDTH = 336
_NOTE_HEIGHT, _FACT_WIDTH, _TAGS_WIDTH = 84, 88, WIDTH - 2 * Space.XL
_CHOSEN = "You chose it"


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
        self.setAccessibleName("Details")
        self.row: TransactionRow | None = None
        self.shown: list[Entry] = []
        self._context = context
        self._lookup = lookup
        self._latest = aio.Latest(context.scope, on_error, "details")
        self._title = Elided("", Type.TITLE)
        self._amount = Amount(role=Type.TITLE)
        self._amount.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._close = Button("", "plain", "x", name="Close the details")
        on_click(self._close, self._leave)
        self.name = QLineEdit()
        self.name.setAccessibleName("Name")
        self.name.setMaxLength(LONGEST_NAME)
        self.name.editingFinished.connect(self._write_name)
        self.note = QPlainTextEdit()
        self.note.setAccessibleName("Note")
        self.note.setPlaceholderText("Write a note")
        self.note.setFont(theme.font(Type.BODY))
        self.note.setFixedHeight(_NOTE_HEIGHT)
        self.note.setTabChangesFocus(True)
        for each in (self.note, self.name):
            each.installEventFilter(self)
        self._category = Button("Category", "secondary", "tag")
        on_click(self._category, self._want_category)
        self._reason = paragraph("", Type.SMALL)
        self._tags = column(gap=Space.XS)
        self._add_tag = Button("Tags", "chip", "plus", name="Add or take away tags")
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
        words = category.name if category else shown.category or presenter.UNCATEGORIZED
        self._category.setText(f" {plain(words)}")
        self._category.setAccessibleName(f"Category: {words}")
        self._category.set_icon(category.icon if category else "tag")
        self._show_tags(shown)
        self._show_facts(shown)
        if is_other:
            self._reason.setText("")
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
        """Go with Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.put_away.emit()
        else:
            super().keyPressEvent(event)

    def _leave(self) -> None:
        self.put_away.emit()

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
        category.addWidget(self._category, 0, Qt.AlignmentFlag.AlignLeft)
        category.addWidget(self._reason)
        inside.addLayout(head)
        inside.addWidget(self._amount)
        inside.addLayout(category)
        for words, field in (("Name", self.name), ("Note", self.note)):
            named = column(gap=Space.XS)
            named.addWidget(label(words, Type.SMALL, "muted"))
            named.addWidget(field)
            inside.addLayout(named)
        inside.addLayout(self._tags)
        inside.addLayout(self._doubles)
        inside.addSpacing(Space.XS)
        inside.addLayout(self._facts)
        inside.addSpacing(Space.XS)
        inside.addWidget(label("What happened", Type.STRONG))
        inside.addLayout(self._history)
        inside.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName("Details")
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(content)
        scroll.setObjectName("bare")
        column(self, gap=0, margin=2).addWidget(scroll)

    def _show_tags(self, shown: TransactionRow) -> None:
        self._add_tag.setParent(self)
        clear(self._tags)
        chips: list[QWidget] = []
        for tag in shown.tags:
            chip = Button(tag, "chip", "x", name=f"Take away the tag {tag}")
            chip.setText(f" {plain(tag)}")
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
            value = paragraph(words, Type.SMALL, "text")
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            line.addWidget(value, 1)
            self._facts.addLayout(line)

    async def _load(self, shown: TransactionRow) -> None:
        session = self._context.session
        reason, changes, edits, waiting = await asyncio.gather(
            session.ledger.category_reason(shown.id),
            session.journal.why(shown.id),
            session.ledger.edits_of(shown.id),
            session.reviews.waiting(),
        )
        if shown.category_source is CategorySource.USER:
            reason = _CHOSEN
        self._reason.setText(reason or "")
        self._reason.setVisible(bool(reason))
        clear(self._doubles)
        for review in waiting:
            if shown.id in (review.first.id, review.second.id):
                self._doubles.addWidget(self._double(review, shown))
        clear(self._history)
        self.shown = why_words.entries(changes, edits)
        now = session.clock.now()
        for entry in self.shown:
            self._history.addWidget(entry_widget(entry, now))
        if not self.shown:
            self._history.addWidget(paragraph("Nothing was recorded for this row.", Type.SMALL))

    def _double(self, review: Review, shown: TransactionRow) -> QFrame:
        other = why_words.partner_of(review, shown.id)
        box = frame("notice")
        line = row(box, gap=Space.S, margin=Space.S)
        is_double = review.kind is ReviewKind.DUPLICATE
        icon = "copy" if is_double else "repeat"
        line.addWidget(Icon(icon, "accent_text", 18), 0, Qt.AlignmentFlag.AlignTop)
        words = column(gap=2)
        title = "Maybe a duplicate" if is_double else "Maybe a transfer"
        words.addWidget(label(title, Type.STRONG))
        amount = money.flow(other.amount_minor, other.currency)
        day = dates.day(other.posted_on, with_year=True)
        words.addWidget(Elided(f"{other.name} · {amount} · {day}", Type.SMALL, "muted"))
        line.addLayout(words, 1)
        look = Button("Review", "secondary")
        on_click(look, lambda: self._context.go.show_page(PageName.REVIEW))
        line.addWidget(look)
        return box

    def _untag(self, tag: str) -> None:
        self._edit(RowEdit(remove_tags=(tag,)), f"without the tag {tag} now")

    def _write_name(self) -> None:
        name = " ".join(self.name.text().split())
        if self.row is not None and name != (self.row.display_name or ""):
            self._edit(RowEdit(name=name), "renamed")

    def _write_note(self) -> None:
        note = self.note.toPlainText().strip()
        if self.row is not None and note != (self.row.note or ""):
            self._edit(RowEdit(note=note), "with another note now")

    def _edit(self, told: RowEdit, words: str) -> None:
        if self.row is None:
            return
        ids: Sequence[object] = [self.row.id]
        self.row = presenter.edited(self.row, told)
        self._context.edits.edit(ids, told, words)  # type: ignore[arg-type]
