"""One merchant that wants a category: its rows, Hive's guess, and a key for each category."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QSizePolicy

from hive_desktop.domain.categories import category_title
from hive_desktop.domain.told import told
from hive_desktop.i18n import tr, tr_n
from hive_desktop.ui.kit import dates, icons, money, theme
from hive_desktop.ui.kit.direction import end, set_margins
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
    plain,
    row,
)
from hive_desktop.ui.kit.wording import number
from hive_desktop.ui.pages.review import sort_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QKeyEvent, QResizeEvent
    from PySide6.QtWidgets import QHBoxLayout

    from hive_desktop.domain.ledger import AccountId, Category, TransactionRow
    from hive_desktop.ports.category_store import ReviewGroup
    from hive_desktop.services.inbox import Closer
    from hive_desktop.ui.kit.widgets import Tone

_COLUMNS = 4
_NARROWEST = 140
_BESIDE_NAME = 16 + 2 * Space.M + Space.S
_KEY_ROOM = 24 + Space.S
_AMOUNT_WIDTH = 104
_DATE_WIDTH = 96
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the card shows: a group looked at, the names around it, and where it stands."""

    group: ReviewGroup
    closer: Closer
    categories: Sequence[Category]
    accounts: Mapping[AccountId, str]
    place: int
    total: int

    @property
    def guess(self) -> Category | None:
        """Return Hive's guess, where there is one that can be taken."""
        return next((each for each in self.categories if each.id == self.group.guess), None)


class SortCard(QFrame):
    """Takes the focus and hears the keys; buttons inside do the same by mouse."""

    decided = Signal(bytes)
    """A category was chosen; carries its id."""
    skipped = Signal()
    """The merchant shall wait."""
    undo_wanted = Signal()
    """The decision before this one shall be undone."""
    rows_wanted = Signal()
    """All rows of the merchant shall be shown."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("question")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.shown: Shown | None = None
        self.buttons: list[_CategoryButton] = []
        layout = column(self, gap=Space.M)
        layout.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        layout.addLayout(self._make_head())
        self._rows = frame("inset")
        self._rows_layout = column(self._rows, gap=Space.XS)
        self._rows_layout.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
        layout.addWidget(self._rows)
        layout.addWidget(self._make_guess())
        self._grid = QGridLayout()
        self._grid.setSpacing(Space.S)
        for place in range(_COLUMNS):
            self._grid.setColumnStretch(place, 1)
        layout.addLayout(self._grid)
        self._also = paragraph("", Type.SMALL)
        layout.addWidget(self._also)
        layout.addWidget(frame("line"))
        layout.addLayout(self._make_foot())

    def show_group(self, shown: Shown, *, can_undo: bool) -> None:
        """Show a merchant."""
        before, self.shown = self.shown, shown
        group = shown.group
        self._name.set_full(group.name)
        is_in = group.direction == "in"
        self._direction.show_state(
            tr(sort_words.DIRECTIONS[group.direction]), "income" if is_in else "muted"
        )
        place = tr("{place} of {total}", place=shown.place, total=shown.total)
        self._place.setText(place)
        self._sum.setText(sort_words.rows_of(group))
        self._show_rows(shown)
        self._show_guess(shown)
        if before is None or before.categories != shown.categories:
            self._make_buttons(shown.categories)
        for button in self.buttons:
            button.mark(is_guess=button.category.id == group.guess)
        also = sort_words.also_moves(group, shown.closer.moves)
        self._also.setText(also)
        self._also.setVisible(bool(also))
        if before is None or before.group.key != group.key:
            self.always.setChecked(False)
        self.always.setEnabled(bool(group.key))
        self.always.setText(plain(tr("Make it a rule for {merchant}", merchant=_short(group.name))))
        self.undo.setEnabled(can_undo)
        self.undo.setVisible(can_undo)
        guess = shown.guess
        name = category_title(guess) if guess else ""
        self.setAccessibleName(sort_words.spoken(group, name, place))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits and letters choose, Enter takes the guess, Space and N skip, U undoes."""
        key = Qt.Key(event.key())
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if _is_undo(event) and self.undo.isEnabled():
            self.undo.click()
        elif modifiers != Qt.KeyboardModifier.NoModifier or not self._press(key):
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Take Ctrl+Z before the window does, while there is a decision here to undo."""
        if event.type() == QEvent.Type.ShortcutOverride:
            key_event: QKeyEvent = event  # type: ignore[assignment]
            if _is_undo(key_event) and self.undo.isEnabled():
                event.accept()
                return True
        return super().event(event)

    def holds_focus(self) -> bool:
        """Tell whether the focus is on the card or in it."""
        focus = self.window().focusWidget()
        return focus is self or self.isAncestorOf(focus)

    def _press(self, key: Qt.Key) -> bool:
        """Do what a key says; tells whether it says anything."""
        focus = self.window().focusWidget()
        if key in _ENTER:
            if isinstance(focus, Button) and self.isAncestorOf(focus):
                focus.click()
            elif self.accept.isVisibleTo(self):
                self.accept.click()
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_N):
            self.skip.click()
        elif key == Qt.Key.Key_U:
            self.undo.click()
        elif key == Qt.Key.Key_A:
            self.always.click()
        else:
            found = next((each for each in self.buttons if each.key == key), None)
            if found is None:
                return False
            found.click()
        return True

    def _make_head(self) -> QHBoxLayout:
        head = row(gap=Space.S)
        self._name = Elided("", Type.HEADING)
        self._direction = Pill("", "muted")
        self._sum = label("", Type.BODY, "muted", tabular=True)
        self._place = label("", Type.STRONG, "muted", tabular=True)
        words = column(gap=2)
        words.addWidget(self._name)
        below = row(gap=Space.S)
        below.addWidget(self._direction)
        below.addWidget(self._sum)
        below.addStretch(1)
        words.addLayout(below)
        head.addLayout(words, 1)
        head.addWidget(self._place, 0, Qt.AlignmentFlag.AlignTop)
        return head

    def _make_guess(self) -> QFrame:
        box = frame("notice")
        line = row(box, gap=Space.M)
        line.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
        self._guess_icon = Icon("tag", "accent_text", 20)
        line.addWidget(self._guess_icon)
        words = column(gap=2)
        first = row(gap=Space.S)
        self._guess = label("", Type.STRONG)
        self._sure = Pill("", "muted")
        first.addWidget(self._guess)
        first.addWidget(self._sure)
        first.addStretch(1)
        words.addLayout(first)
        self._reason = Elided("", Type.SMALL, "muted")
        words.addWidget(self._reason)
        line.addLayout(words, 1)
        self.accept = Button(
            f"{tr('Accept')}  \N{RETURN SYMBOL}", "primary", name=tr("Accept the guess (Enter)")
        )
        on_click(self.accept, self._accept)
        line.addWidget(self.accept)
        return box

    def _make_foot(self) -> QHBoxLayout:
        foot = row(gap=Space.S)
        self.always = QCheckBox("")
        self.always.setFont(theme.font(Type.BODY))
        self.always.setToolTip(tr("New rows of this merchant go there too (A)"))
        foot.addWidget(self.always)
        foot.addWidget(Pill("A", "muted"))
        foot.addStretch(1)
        self.all_rows = Button(tr("Show all rows"), "plain", "list")
        on_click(self.all_rows, self.rows_wanted.emit)
        self.undo = Button(tr("Undo"), "plain", "undo", name=tr("Undo the last decision (U)"))
        on_click(self.undo, self.undo_wanted.emit)
        self.skip = Button(
            tr("Skip"), "secondary", name=tr("Skip to the next merchant (Space or N)")
        )
        on_click(self.skip, self.skipped.emit)
        for button in (self.all_rows, self.undo, self.skip):
            foot.addWidget(button)
        return foot

    def _make_buttons(self, categories: Sequence[Category]) -> None:
        for button in self.buttons:
            self._grid.removeWidget(button)
            button.hide()
            button.deleteLater()
        keys = [*sort_words.KEYS, *[""] * len(categories)]
        self.buttons = [
            _CategoryButton(each, key) for each, key in zip(categories, keys, strict=False)
        ]
        for place, button in enumerate(self.buttons):
            on_click(button, lambda each=button.category: self.decided.emit(each.id))  # type: ignore[misc]
            self._grid.addWidget(button, place // _COLUMNS, place % _COLUMNS)

    def _show_rows(self, shown: Shown) -> None:
        clear(self._rows_layout)
        for each in shown.closer.newest:
            self._rows_layout.addLayout(_row_line(each, shown.accounts))
        rest = shown.closer.moves - len(shown.closer.newest)
        self.all_rows.setVisible(rest > 0)
        words = tr_n(
            "Show all {count_text} row",
            "Show all {count_text} rows",
            shown.closer.moves,
            count_text=number(shown.closer.moves),
        )
        self.all_rows.setText(f" {words}")
        self.all_rows.setAccessibleName(words)
        self._rows.setVisible(bool(shown.closer.newest))

    def _show_guess(self, shown: Shown) -> None:
        guess = shown.guess
        self.accept.setVisible(guess is not None)
        sure = sort_words.sureness(shown.group.newest.confidence) if guess else ""
        self._sure.setText(sure)
        self._sure.setVisible(bool(sure))
        if guess is None:
            self._guess_icon.show_icon("tag", "text_muted")
            self._guess.setText(tr("Hive has no guess"))
            self._reason.set_full(tr("Choose a category below; Hive learns from it."))
            return
        soft = theme.active().colors.accent_soft
        self._guess_icon.show_icon(guess.icon, theme.glyph_color(guess.color, soft))
        self._guess.setText(tr("Hive's guess: {category}", category=category_title(guess)))
        self._reason.set_full(told(shown.closer.reason or "") or tr("Nobody said why."))

    def _accept(self) -> None:
        if self.shown is not None and self.shown.guess is not None:
            self.decided.emit(self.shown.guess.id)


class _CategoryButton(Button):
    """A category with its key at the right end; the guess stands out by weight and mark."""

    def __init__(self, category: Category, key: str) -> None:
        self.category = category
        name = category_title(category)
        super().__init__(plain(name), "secondary", category.icon)
        self._name = name
        self._has_key = bool(key)
        self.key = Qt.Key(ord(key)) if key else None
        self.setStyleSheet("text-align: left;")
        self.setToolTip(f"{name} ({key})" if key else name)
        self.setMinimumWidth(_NARROWEST)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        line = row(self, gap=Space.XS)
        set_margins(line, 0, 0, Space.S, 0)
        line.addStretch(1)
        if key:
            cap = Pill(key, "muted")
            cap.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            line.addWidget(cap)

    def mark(self, *, is_guess: bool) -> None:
        """Show whether this is Hive's guess."""
        self.setFont(theme.font(Type.STRONG if is_guess else Type.BODY))
        guess = tr("Hive's guess") if is_guess else ""
        key = tr("key {key}", key=chr(self.key)) if self.key else ""
        parts = (category_title(self.category), guess, key)
        self.setAccessibleName(", ".join(part for part in parts if part))
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten the name to the room before the key."""
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        room = self.width() - _BESIDE_NAME - (_KEY_ROOM if self._has_key else 0)
        name = self.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, room)
        self.setText(f" {plain(name)}")

    def _tint(self) -> None:
        surface = theme.active().colors.surface
        color = theme.glyph_color(self.category.color, surface)
        self.setIcon(icons.icon(self.category.icon, color))


def _row_line(each: TransactionRow, accounts: Mapping[AccountId, str]) -> QHBoxLayout:
    line = row(gap=Space.M)
    day = label(dates.day(each.posted_on, with_year=True), Type.SMALL, "muted", tabular=True)
    day.setFixedWidth(_DATE_WIDTH)
    line.addWidget(day)
    line.addWidget(Elided(each.description or each.name, Type.SMALL), 3)
    line.addWidget(Elided(accounts.get(each.account_id, ""), Type.SMALL, "muted"), 2)
    tone: Tone = "income" if each.amount_minor < 0 else "text"
    amount = label(money.flow(each.amount_minor, each.currency), Type.SMALL, tone, tabular=True)
    amount.setAlignment(end())
    amount.setMinimumWidth(_AMOUNT_WIDTH)
    line.addWidget(amount)
    return line


def _is_undo(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_Z and event.modifiers() == Qt.KeyboardModifier.ControlModifier


def _short(name: str, longest: int = 32) -> str:
    return name if len(name) <= longest else f"{name[: longest - 1]}\N{HORIZONTAL ELLIPSIS}"
