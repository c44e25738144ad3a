"""One choice of a few that need a sentence each: cards with a radio button."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.direction import set_margins
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import column, frame, paragraph, restyle

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QObject
    from PySide6.QtWidgets import QFrame

V = TypeVar("V")


class Choices(QWidget, Generic[V]):
    """Shows options one below the other; the first is chosen.

    Args:
        options: value, words and what it means, of each.
        name: the accessible name.
        changed: called when a person chose another.

    Attributes:
        entered: called when a person presses Enter on an option.
    """

    def __init__(
        self,
        options: Sequence[tuple[V, str, str]],
        name: str,
        changed: Callable[[], None] | None = None,
    ) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._values = [value for value, _, _ in options]
        self.entered: Callable[[], None] | None = None
        self._group = QButtonGroup(self)
        self._cards: list[QFrame] = []
        self._bodies: dict[int, QWidget] = {}
        layout = column(self, gap=Space.S)
        for index, (_, title, text) in enumerate(options):
            layout.addWidget(self._card(index, title, text))
        self._group.button(0).setChecked(True)
        self._group.idToggled.connect(self._mark)
        if changed is not None:
            self._group.idClicked.connect(lambda _index: changed())
        self._mark()

    def value(self) -> V:
        """Return the chosen value."""
        return self._values[self._group.checkedId()]

    def select(self, value: V) -> None:
        """Choose, as a click does."""
        self._group.button(self._values.index(value)).click()

    def add_body(self, value: V, body: QWidget) -> None:
        """Show a widget on the card of a value while that is chosen."""
        index = self._values.index(value)
        self._bodies[index] = body
        layout = self._cards[index].layout()
        if layout is not None:
            layout.addWidget(body)
        self._mark()

    def focus(self) -> None:
        """Give the keyboard to the chosen option."""
        self._group.button(self._group.checkedId()).setFocus()

    def focus_body(self) -> None:
        """Give the keyboard to the first field on the card of the chosen option."""
        body = self._bodies.get(self._group.checkedId())
        for widget in body.findChildren(QWidget) if body is not None else []:
            takes = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            if takes and widget.isVisible() and widget.isEnabled():
                widget.setFocus()
                return

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click anywhere on a card chooses it; Enter on one goes on from there."""
        if event.type() == QEvent.Type.KeyPress and isinstance(watched, QRadioButton):
            key = event.key()  # type: ignore[attr-defined]
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.entered is not None:
                watched.click()
                self.entered()
                return True
        if event.type() == QEvent.Type.MouseButtonRelease and watched in self._cards:
            button = self._group.button(self._cards.index(watched))
            button.setFocus()
            button.click()
            return True
        return super().eventFilter(watched, event)

    def _card(self, index: int, title: str, text: str) -> QFrame:
        card = frame("choice")
        card.setCursor(Qt.CursorShape.PointingHandCursor)
        card.installEventFilter(self)
        button = QRadioButton(title)
        button.setFont(theme.font(Type.STRONG))
        button.setAccessibleName(f"{title}. {text}")
        button.installEventFilter(self)
        self._group.addButton(button, index)
        words = paragraph(text, Type.SMALL)
        set_margins(words, 24, 0, 0, 0)
        inside = column(card, gap=2, margin=Space.M)
        inside.addWidget(button)
        inside.addWidget(words)
        self._cards.append(card)
        return card

    def _mark(self, *_args: object) -> None:
        for index, card in enumerate(self._cards):
            card.setProperty("chosen", index == self._group.checkedId())
            restyle(card)
        for index, body in self._bodies.items():
            body.setVisible(index == self._group.checkedId())
