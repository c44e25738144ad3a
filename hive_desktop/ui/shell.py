"""The frame around the pages: sidebar, top bar and the place where pages stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QLabel,
    QStackedWidget,
    QWidget,
)

from hive_desktop.i18n import mark, tr
from hive_desktop.ui.kit import icons
from hive_desktop.ui.kit.direction import is_right_to_left, set_margins
from hive_desktop.ui.kit.pill import Pill
from hive_desktop.ui.kit.search_field import SearchField
from hive_desktop.ui.kit.shortcuts import spoken
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, column, label, on_click, row
from hive_desktop.ui.kit.wording import either
from hive_desktop.ui.page import PageName

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import (
        QHBoxLayout,
    )

    from hive_desktop.ui.kit.completion import Completion
    from hive_desktop.ui.page import Page

_SIDEBAR_WIDTH = 212
_TOPBAR_HEIGHT = 60
_SEARCH_WIDTH = 220
_SEARCH_NARROWEST = 90
_COUNT_MOST = 100
HIDE_KEYS = "Ctrl+Shift+H"
_ENTRIES = (
    (PageName.OVERVIEW, mark("Overview"), "layout"),
    (PageName.TRANSACTIONS, mark("Transactions"), "list"),
    (PageName.REVIEW, mark("Review"), "inbox"),
    (PageName.RULES, mark("Rules"), "tag"),
    (PageName.CATEGORIES, mark("Categories"), "folder"),
    (PageName.ACCOUNTS, mark("Accounts"), "bank"),
    (PageName.CHAT, mark("Chat"), "message"),
    (PageName.SETTINGS, mark("Settings"), "settings"),
)
PAGE_ENTRIES = (
    *_ENTRIES,
    (PageName.EGRESS, mark("What left this computer"), "arrow-up-right"),
)
"""Each page's name, its words (to be translated) and drawing, in the order of their shortcuts."""
# Pages without an entry of their own, by the page from which they are reached.
_WITHIN = {PageName.EGRESS: PageName.SETTINGS, PageName.SETUP: PageName.SETTINGS}


class Sidebar(QWidget):
    """Navigation above; what goes on by itself, and the lock, at the foot."""

    def __init__(
        self,
        *foot: QWidget,
        is_demo: bool,
        chosen: Callable[[PageName], None],
        lock: Callable[[], None],
    ) -> None:
        super().__init__()
        self.setObjectName("sidebar")
        self.setProperty("mirrored", is_right_to_left())
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(_SIDEBAR_WIDTH)
        self._buttons: dict[PageName, _Entry] = {}
        group = QButtonGroup(self)
        layout = column(self, gap=2)
        layout.setContentsMargins(Space.M, Space.L, Space.M, Space.M)
        layout.addLayout(_brand(is_demo=is_demo))
        layout.addSpacing(Space.L)
        for index, (name, words, icon) in enumerate(_ENTRIES, start=1):
            text = tr(words)
            button = _Entry(text, icon)
            button.setToolTip(f"{text} ({spoken(f'Ctrl+{index}')})")
            on_click(button, lambda name=name: chosen(name))  # type: ignore[misc]
            group.addButton(button)
            self._buttons[name] = button
            layout.addWidget(button)
        layout.addStretch(1)
        for panel in foot:
            layout.addWidget(panel)
        layout.addSpacing(Space.S)
        leave = tr("Leave the demo") if is_demo else tr("Lock")
        lock_button = Button(f"  {leave}", "nav", "lock")
        lock_button.setIconSize(QSize(18, 18))
        lock_button.setToolTip(tr("Lock the vault ({keys})", keys=spoken("Ctrl+L")))
        lock_button.setAccessibleName(tr("Lock the vault"))
        on_click(lock_button, lock)
        layout.addWidget(lock_button)

    def show_current(self, name: PageName) -> None:
        """Mark the page that is shown."""
        self._buttons[_WITHIN.get(name, name)].setChecked(True)

    def show_count(self, name: PageName, count: int) -> None:
        """Show beside a page's name how much waits there; nothing for none."""
        self._buttons[name].show_count(count)


class _Entry(Button):
    """One page in the sidebar, with a count at its right end."""

    def __init__(self, text: str, icon: str) -> None:
        super().__init__(f"  {text}", "nav", icon)
        self._text = text
        self.setIconSize(QSize(18, 18))
        self.setCheckable(True)
        self._count = Pill("", "accent")
        line = row(self)
        set_margins(line, 0, 0, Space.S, 0)
        line.addStretch(1)
        line.addWidget(self._count)
        self._count.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.show_count(0)

    def show_count(self, count: int) -> None:
        """Show how much waits."""
        self._count.setText(f"{count}" if count < _COUNT_MOST else f"{_COUNT_MOST - 1}+")
        self._count.setVisible(count > 0)
        waiting = tr("{page}, {count} open", page=self._text, count=count)
        self.setAccessibleName(waiting if count else self._text)


def _hiding(*, hidden: bool) -> str:
    keys = spoken(HIDE_KEYS)
    if hidden:
        return tr("Show amounts ({keys})", keys=keys)
    return tr("Hide amounts ({keys})", keys=keys)


def _brand(*, is_demo: bool) -> QHBoxLayout:
    line = row(gap=Space.S)
    set_margins(line, Space.S, 0, 0, 0)
    picture = QLabel()
    picture.setPixmap(icons.pixmap("hive", "#000000", 24))
    line.addWidget(picture)
    line.addWidget(label("Hive", Type.TITLE))
    if is_demo:
        line.addSpacing(Space.XS)
        line.addWidget(Pill(tr("Demo"), "accent"), 0, Qt.AlignmentFlag.AlignVCenter)
    line.addStretch(1)
    return line


class TopBar(QFrame):
    """The page's title and tools, search, what hides amounts, and sync."""

    def __init__(
        self,
        searched: Callable[[str], None],
        sync: Callable[[], None],
        hide: Callable[[], None],
        complete: Callable[[str, int], Sequence[Completion]],
    ) -> None:
        super().__init__()
        self.setObjectName("topbar")
        self.setFixedHeight(_TOPBAR_HEIGHT)
        self._title = label("", Type.HEADING)
        self._tools = row(gap=0)
        self._known: dict[Page, QWidget] = {}
        self.search = SearchField(tr("Search transactions"), searched, complete)
        self.search.setMinimumWidth(_SEARCH_NARROWEST)
        self.search.setMaximumWidth(_SEARCH_WIDTH)
        self.search.setToolTip(
            tr("Search transactions ({keys})", keys=either([spoken("Ctrl+F"), "/"]))
        )
        self.search.returnPressed.connect(lambda: searched(self.search.text()))
        self.hide_button = Button("", "secondary", "eye", name=_hiding(hidden=False))
        self.hide_button.setCheckable(True)
        on_click(self.hide_button, hide)
        self._sync = Button(
            "", "secondary", "refresh", name=tr("Sync all banks ({keys})", keys=spoken("F5"))
        )
        on_click(self._sync, sync)
        self._line = layout = row(self, gap=Space.M)
        layout.setContentsMargins(Space.XL, 0, Space.XL, 0)
        layout.addWidget(self._title)
        layout.addStretch(1)
        layout.addLayout(self._tools)
        layout.addWidget(self.search, 1000)
        layout.addWidget(self.hide_button)
        layout.addWidget(self._sync)

    def event(self, event: QEvent) -> bool:
        """Let the search go where the page's own tools need its room; Ctrl+F has its own page."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        others = (self._title, *self._known.values(), self.hide_button, self._sync)
        shown = [one.sizeHint().width() for one in others if not one.isHidden()]
        gaps = self._line.spacing() * len(shown) + 2 * Space.XL
        self.search.setVisible(self.width() - sum(shown) - gaps >= _SEARCH_NARROWEST)

    def show_hidden(self, *, hidden: bool) -> None:
        """Show whether amounts are hidden."""
        words = _hiding(hidden=hidden)
        self.hide_button.setChecked(hidden)
        self.hide_button.set_icon("eye-off" if hidden else "eye")
        self.hide_button.setAccessibleName(words)
        self.hide_button.setToolTip(words)

    def show_page(self, page: Page) -> None:
        """Show a page's title and tools."""
        self._title.setText(page.title)
        tools = self._known.get(page)
        if tools is None:
            tools = QWidget()
            line = row(tools, gap=Space.S)
            for tool in page.tools():
                line.addWidget(tool)
            self._known[page] = tools
            self._tools.addWidget(tools)
        for each in self._known.values():
            each.setVisible(each is tools)
        self._fit()

    def show_search(self, text: str) -> None:
        """Show the text that the transactions are filtered by."""
        if self.search.text() != text:
            self.search.setText(text)


class Shell(QWidget):
    """Sidebar beside top bar over pages."""

    def __init__(self, sidebar: Sidebar, topbar: TopBar) -> None:
        super().__init__()
        self.sidebar = sidebar
        self.topbar = topbar
        self.pages = QStackedWidget()
        right = column(gap=0)
        self._above = column(gap=0)
        right.addWidget(topbar)
        right.addLayout(self._above)
        right.addWidget(self.pages, 1)
        layout = row(self, gap=0)
        layout.addWidget(sidebar)
        layout.addLayout(right, 1)

    def show_above(self, banner: QWidget) -> None:
        """Show a message between the top bar and the pages, as wide as they are."""
        line = row(gap=0)
        set_margins(line, Space.XL, Space.M, Space.XL, 0)
        line.addWidget(banner)
        self._above.addLayout(line)

    def show_page(self, name: PageName, page: Page) -> None:
        """Show a page, adding it when it is new."""
        if self.pages.indexOf(page) < 0:
            self.pages.addWidget(page)
        self.pages.setCurrentWidget(page)
        self.sidebar.show_current(name)
        self.topbar.show_page(page)
