"""A page of cards under each other: the arrow keys walk over them, and an error stands above."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea

from hive_desktop.i18n import tr
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.shortcuts import bind
from hive_desktop.ui.kit.skeleton import Skeleton
from hive_desktop.ui.kit.states import ErrorBanner, Stack
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import centred, column, label, row
from hive_desktop.ui.kit.wording import inside
from hive_desktop.ui.page import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PySide6.QtWidgets import QHBoxLayout, QWidget

    from hive_desktop.domain.changes import Kind
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ui.kit.states import EmptyState
    from hive_desktop.ui.page import PageContext

_WIDEST = 1120
UP, DOWN = "\N{UPWARDS ARROW}", "\N{DOWNWARDS ARROW}"


@dataclass(frozen=True, slots=True)
class Cards:
    """What is different from page to page.

    Args:
        load: loads and shows what there is.
        stops: gives the cards that the arrow keys walk over, from top to bottom.
        empty: what stands there while there is no card.
        keys: what the keys beside the arrows do.
        hint: the keys in words, shown while there are cards.
    """

    load: Callable[[], aio.Work]
    stops: Callable[[], Sequence[QWidget]]
    empty: EmptyState
    keys: Mapping[str, Callable[[], None]]
    hint: str


class CardPage(Page):
    """What pages of cards share."""

    def __init__(self, context: PageContext, title: str, cards: Cards) -> None:
        super().__init__(context, title)
        self._load_cards = cards.load
        self._stops = cards.stops
        self._latest = aio.Latest(context.scope, self._failed, title.lower())
        self.error = ErrorBanner(self.reload)
        content, self._cards_layout = centred(_WIDEST)
        self._count = label("", Type.STRONG)
        self._keys = label(cards.hint, Type.SMALL, "muted")
        self._cards_layout.addWidget(self.error)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(content)
        self.stack = Stack(
            wait=Skeleton("cards", tr("Loading {what}", what=inside(title))),
            cards=self._scroll,
            empty=cards.empty,
        )
        column(self, gap=0).addWidget(self.stack)
        walks = {"Down": lambda: self._walk(1), "Up": lambda: self._walk(-1)}
        bind(self, {**cards.keys, **walks}, within=True)

    def reload(self) -> None:
        """Load what is shown again."""
        self._latest.run(self._load_cards())

    def activate(self) -> None:
        """Put the focus on the first card."""
        super().activate()
        self._focus(0)

    async def settled(self) -> None:
        """Wait for what is shown."""
        await self._latest.settled()
        await aio.painted(self)

    def _begin(self, *kinds: Kind) -> None:
        """Load for the first time, and again whenever something of these kinds changes."""
        self.bridge.on_changes(self.reload, *kinds)
        self.reload()

    def _head(self) -> QHBoxLayout:
        """Return the line above the cards: how many there are, and the keys."""
        head = row(gap=Space.M)
        head.addWidget(self._count)
        head.addStretch(1)
        head.addWidget(self._keys)
        self._show_count("", has_any=False)
        return head

    def _show_count(self, words: str, *, has_any: bool) -> None:
        self._count.setText(words)
        for each in (self._count, self._keys):
            each.setVisible(has_any)

    def _current(self) -> int:
        """Return the place of the card that has the focus, itself or a button of it, or -1."""
        focus = self.window().focusWidget()
        for place, card in enumerate(self._stops()):
            if card is focus or card.isAncestorOf(focus):
                return place
        return -1

    def _focus(self, place: int) -> None:
        stops = self._stops()
        if stops and self.isVisible():
            card = stops[max(0, min(place, len(stops) - 1))]
            card.show()  # one that has just come takes no focus before it is shown
            card.setFocus()
            self._scroll.ensureWidgetVisible(card, 0, Space.L)

    def _walk(self, step: int) -> None:
        current = self._current()
        self._focus(current + step if current >= 0 else 0)

    def _failed(self, error: HiveError) -> None:
        self.stack.show_one("cards")
        self.error.show_error(error)

    def _spawn(self, work: aio.Work, name: str) -> None:
        aio.spawn(self.context.scope, work, on_error=self._failed, name=name)
