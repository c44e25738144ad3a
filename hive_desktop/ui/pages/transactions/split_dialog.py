"""Divides a row into parts: a line for each, and what is left to share out.

Amounts count in the row's own direction: a part of a purchase that was given back is negative. The
last part takes what is left until the person writes in it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLineEdit, QScrollArea, QWidget

from hive_desktop import i18n
from hive_desktop.domain.row_edits import LONGEST_NOTE
from hive_desktop.domain.splits import LEAST_PARTS, MOST_PARTS, Part, evenly, remainder
from hive_desktop.i18n import mark, tr
from hive_desktop.ui.kit import dates, money, theme
from hive_desktop.ui.kit.amount import Amount
from hive_desktop.ui.kit.amount_field import AmountField
from hive_desktop.ui.kit.dialog import Dialog
from hive_desktop.ui.kit.direction import below
from hive_desktop.ui.kit.picker import Picker
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import (
    Button,
    announce,
    column,
    frame,
    label,
    on_click,
    plain,
    row,
    set_tone,
)
from hive_desktop.ui.pages.transactions import presenter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QObject
    from PySide6.QtGui import QKeyEvent, QShowEvent

    from hive_desktop.domain.ledger import CategoryId, TransactionId, TransactionRow
    from hive_desktop.domain.splits import Split
    from hive_desktop.ui.kit.picker import Option

_WIDTH, _AMOUNT_WIDTH, _CATEGORY_WIDTH, _LINE, _LINES_SHOWN = 680, 128, 196, 32, 6
_DELETED = mark("You deleted this part, and it stays deleted")
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PartLine(QWidget):
    """One part: amount, category, note, and a cross.

    Args:
        currency: of the row.
        category_id: what is chosen at first.
    """

    def __init__(self, currency: str, category_id: CategoryId | None) -> None:
        super().__init__()
        self.category_id = category_id
        self.tags: tuple[str, ...] = ()
        self.of: TransactionId | None = None
        self.is_typed = False
        self.amount = AmountField(currency, tr("Amount"))
        self.amount.setFixedWidth(_AMOUNT_WIDTH)
        self.category = Button("", "secondary", "tag")
        self.category.setFixedWidth(_CATEGORY_WIDTH)
        self.category.setStyleSheet("QPushButton { text-align: left; padding: 0 10px; }")
        self.note = QLineEdit()
        self.note.setAccessibleName(tr("Note"))
        self.note.setPlaceholderText(tr("Note"))
        self.note.setMaxLength(LONGEST_NOTE)
        self.note.setFont(theme.font(Type.BODY))
        self.cross = Button("", "plain", "x", name=tr("Take this part away"))
        line = row(self, gap=Space.S)
        line.addWidget(self.amount)
        line.addWidget(self.category)
        line.addWidget(self.note, 1)
        self.deleted = label(tr("Deleted"), Type.SMALL, "muted")
        self.deleted.setAccessibleName(tr(_DELETED))
        self.deleted.setToolTip(tr(_DELETED))
        self.deleted.hide()
        line.addWidget(self.deleted)
        line.addWidget(self.cross)
        self.setFixedHeight(_LINE)

    def show_category(self, option: Option | None, category_id: CategoryId | None) -> None:
        """Show what was chosen."""
        self.category_id = category_id
        words = tr(presenter.UNCATEGORIZED) if option is None else option.text
        metrics = self.category.fontMetrics()
        room = _CATEGORY_WIDTH - 48
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
        self.category.setText(f" {plain(shown)}")
        self.category.setToolTip(words if shown != words else "")
        self.category.setAccessibleName(tr("Category: {category}", category=words))
        self.category.set_icon(option.icon if option is not None and option.icon else "tag")


class SplitDialog(Dialog):
    """Asks for the parts of a row; accepted only where they add up to it.

    Args:
        parent: the page.
        whole: the row as the bank has it.
        split: the parts that it has already, or None.
        options: the categories, and none.
    """

    def __init__(
        self,
        parent: QWidget,
        whole: TransactionRow,
        split: Split | None,
        options: Sequence[Option],
    ) -> None:
        name = presenter.title(whole)
        title = tr("Split {name}", name=name) if split is None else tr("Parts of {name}", name=name)
        super().__init__(parent, title, _changed_words(split), width=_WIDTH)
        self._whole = whole
        self._sign = -1 if whole.amount_minor < 0 else 1
        self._options = {option.key: option for option in options}
        self.lines: list[PartLine] = []
        self.wants_join = False
        self.picker = Picker(self, tr("Choose a category"))
        self.picker.installEventFilter(self)
        self._build()
        self._fill(split)
        if split is not None:
            self._join = Button(tr("Join again"), "secondary", "merge")
            on_click(self._join, self._wish_join)
            self.buttons.insertWidget(0, self._join)
        self.add_button(tr("Cancel"), "secondary", self.reject)
        words = tr("Split") if split is None else tr("Keep the parts")
        self.save = self.add_button(words, "primary", self.accept)
        self._reckon()
        self.lines[0].amount.setFocus()
        self.lines[0].amount.selectAll()

    def parts(self) -> list[Part]:
        """Return what is written; an amount that cannot be read counts as 0."""
        return [
            Part(
                self._sign * (one.amount.minor() or 0),
                one.category_id,
                one.note.text(),
                one.tags,
                one.of,
            )
            for one in self.lines
        ]

    def left_minor(self) -> int:
        """Return what is left to share out, in the row's own direction."""
        total = self._sign * self._whole.amount_minor
        return remainder(total, (one.amount.minor() or 0 for one in self.lines))

    def add_part(self) -> None:
        """Add a line with what is left, and put the cursor there."""
        if len(self.lines) >= MOST_PARTS:
            return
        left = self.left_minor()
        line = self._add_line(self._whole.category_id)
        if left:
            line.amount.set_minor(left)
        self._arrange()
        line.amount.setFocus()
        line.amount.selectAll()

    def remove_part(self, line: PartLine) -> None:
        """Take a line away; there are always two."""
        if len(self.lines) <= LEAST_PARTS:
            return
        place = self.lines.index(line)
        self.lines.remove(line)
        line.hide()
        line.deleteLater()
        self._arrange()
        self.lines[min(place, len(self.lines) - 1)].amount.setFocus()

    def even_parts(self) -> None:
        """Give every part the same, to the last minor unit."""
        total = self._sign * self._whole.amount_minor
        for line, amount in zip(self.lines, evenly(total, len(self.lines)), strict=True):
            line.is_typed = False
            line.amount.set_minor(amount)
        self._reckon()

    def showEvent(self, event: QShowEvent) -> None:
        """Be about the parts each time it opens."""
        super().showEvent(event)
        self.wants_join = False

    def accept(self) -> None:
        """Close, where the parts are right."""
        if self.save.isEnabled():
            super().accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Walk over the lines with Enter and the arrow keys."""
        if event.type() == QEvent.Type.KeyPress:
            key_event: QKeyEvent = event  # type: ignore[assignment]
            if self._walked(watched, key_event):
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Accept with Ctrl+Enter from anywhere; Enter alone closes nothing."""
        if event.key() in _ENTER:
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.accept()
            return
        super().keyPressEvent(event)

    def _build(self) -> None:
        head = row(gap=Space.S)
        amount = Amount(role=Type.TITLE)
        amount.show_amount(self._whole.amount_minor, self._whole.currency)
        head.addWidget(amount)
        head.addStretch(1)
        day = dates.day(self._whole.posted_on, with_year=True)
        head.addWidget(label(day, Type.SMALL, "muted"))
        self.body.addLayout(head)
        inside = QWidget()
        inside.setObjectName("scrolled")
        self._list = column(inside, gap=Space.S)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setAccessibleName(tr("Parts"))
        self._scroll.setWidget(inside)
        self.body.addWidget(self._scroll)
        foot = row(gap=Space.S)
        self.more = Button(tr("Add a part"), "secondary", "plus")
        on_click(self.more, self.add_part)
        self.even = Button(tr("Even parts"), "secondary", "equal")
        on_click(self.even, self.even_parts)
        self.left = label("", Type.STRONG, tabular=True)
        foot.addWidget(self.more)
        foot.addWidget(self.even)
        foot.addStretch(1)
        foot.addWidget(self.left)
        self.body.addLayout(foot)
        self.body.addWidget(frame("line"))

    def _fill(self, split: Split | None) -> None:
        if split is None:
            for _ in range(LEAST_PARTS):
                self._add_line(self._whole.category_id)
        for part in split.parts if split is not None else ():
            line = self._add_line(part.category_id)
            line.is_typed = True
            line.tags, line.of = part.tags, part.id
            line.deleted.setVisible(split is not None and part.id in split.deleted)
            line.amount.set_minor(self._sign * part.amount_minor)
            line.note.setText(part.note or "")
        self._arrange()

    def _add_line(self, category_id: CategoryId | None) -> PartLine:
        line = PartLine(self._whole.currency, category_id)
        line.show_category(self._options.get(category_id), category_id)
        line.amount.textEdited.connect(partial(self._typed, line))
        line.amount.textChanged.connect(self._reckon)
        on_click(line.category, partial(self._choose, line))
        on_click(line.cross, partial(self.remove_part, line))
        for field in (line.amount, line.note):
            field.installEventFilter(self)
        self.lines.append(line)
        return line

    def _arrange(self) -> None:
        """Put the lines below each other, each told apart by its number."""
        while self._list.count():
            self._list.takeAt(0)
        for number, line in enumerate(self.lines, 1):
            self._list.addWidget(line)
            line.setAccessibleName(tr("Part {number}", number=number))
            line.amount.setAccessibleName(tr("Amount of part {number}", number=number))
            line.note.setAccessibleName(tr("Note of part {number}", number=number))
            line.cross.setVisible(len(self.lines) > LEAST_PARTS)
            line.show()
        shown = min(len(self.lines), _LINES_SHOWN)
        self._scroll.setFixedHeight(shown * _LINE + (shown - 1) * Space.S + 2)
        self._reckon()

    def _typed(self, line: PartLine, _text: str) -> None:
        line.is_typed = True
        last = self.lines[-1]
        if line is not last and not last.is_typed:
            over = self.left_minor() + (last.amount.minor() or 0)
            last.amount.set_minor(over) if over else last.amount.clear()

    def _reckon(self) -> None:
        if not hasattr(self, "save"):
            return
        left = self.left_minor()
        amounts = [one.amount.minor() for one in self.lines]
        is_right = not left and all(amounts)
        self.save.setEnabled(is_right)
        self.more.setEnabled(len(self.lines) < MOST_PARTS)
        self.left.setText(self._left_words(left, amounts))
        set_tone(self.left, "income" if is_right else "warning")
        announce(self.left, self.left.text())

    def _left_words(self, left: int, amounts: Sequence[int | None]) -> str:
        currency = self._whole.currency
        if left > 0:
            return tr("{amount} left to share out", amount=money.plain(left, currency))
        if left < 0:
            return tr("{amount} too much", amount=money.plain(-left, currency))
        if all(amounts):
            return tr("It adds up")
        without = next(place for place, one in enumerate(amounts, 1) if not one)
        return tr("Part {number} has no amount", number=without)

    def _choose(self, line: PartLine) -> None:
        options = list(self._options.values())

        def chosen(key: object) -> None:
            line.show_category(self._options.get(key), key)  # type: ignore[arg-type]
            line.note.setFocus()

        self.picker.choose_one(options, line.category_id, chosen)
        self.picker.open_at(below(line.category, Space.XS))

    def _walked(self, watched: QObject, event: QKeyEvent) -> bool:
        fields = [(one.amount, one.note) for one in self.lines]
        place = next((n for n, pair in enumerate(fields) if watched in pair), None)
        if place is None:
            return False
        key = Qt.Key(event.key())
        if key in _ENTER and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if place + 1 < len(fields):
                self._enter(fields[place + 1][0])
            elif self.save.isEnabled():
                self.accept()
            elif self.left_minor() > 0:
                self.add_part()
            return True
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(key)
        if step is None:
            return False
        at = min(max(place + step, 0), len(fields) - 1)
        self._enter(fields[at][fields[place].index(watched)])
        return True

    def _enter(self, field: QLineEdit) -> None:
        field.setFocus()
        field.selectAll()
        self._scroll.ensureWidgetVisible(field, 0, Space.S)

    def _wish_join(self) -> None:
        self.wants_join = True
        super().accept()


def _changed_words(split: Split | None) -> str:
    """Return in words that the amount is another one since; nothing where it is not."""
    if split is None or not split.difference_minor:
        return ""
    changed = money.net(-split.difference_minor, split.whole.currency)
    if split.is_own:
        words = mark("You changed the amount by {amount} since; the last part has it.")
    else:
        words = mark("The bank changed the amount by {amount} since; the last part has it.")
    return i18n.tr(words, amount=changed)
