"""The gallery's second half: dates, popups, lists, charts, and what a page says of itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from hive_desktop.domain.days import Period, Span
from hive_desktop.ports.errors import BankOfflineError
from hive_desktop.ui.gallery.basics import nothing
from hive_desktop.ui.kit import money
from hive_desktop.ui.kit.command_list import CommandList, Entry
from hive_desktop.ui.kit.completion import Completion
from hive_desktop.ui.kit.day_range import DayRange
from hive_desktop.ui.kit.direction import is_right_to_left
from hive_desktop.ui.kit.donut import Donut, Share
from hive_desktop.ui.kit.lines import Line, LineButton
from hive_desktop.ui.kit.period_picker import PeriodPicker
from hive_desktop.ui.kit.picker import Option, Picker
from hive_desktop.ui.kit.progress import Progress
from hive_desktop.ui.kit.range_picker import RangePicker
from hive_desktop.ui.kit.search_field import SearchField
from hive_desktop.ui.kit.skeleton import Skeleton
from hive_desktop.ui.kit.spinner import Spinner
from hive_desktop.ui.kit.states import EmptyState, ErrorBanner
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.toasts import Toast
from hive_desktop.ui.kit.widgets import column, frame, label, paragraph, row

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QLayout

    from hive_desktop.ui.kit.popup import Popup

_TODAY = date(2026, 11, 23)
_CATEGORIES = (
    ("Food & Dining", "#FF6B6B", "utensils", 68_240),
    ("Bills & Utilities", "#FFEAA7", "file-text", 54_100),
    ("Shopping", "#45B7D1", "shopping-bag", 32_980),
    ("Travel", "#98D8C8", "plane", 18_000),
)


class Stage(QWidget):
    """Gives a popup or a toast, which floats otherwise, a place in the gallery."""

    def __init__(self, height: int) -> None:
        super().__init__()
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._standing: list[QWidget] = []

    def stand(self, popup: Popup) -> None:
        """Let a popup stand here, beside those that do already."""
        popup.setParent(self)
        popup.setWindowFlags(Qt.WindowType.Widget)
        popup.show()
        self._standing.append(popup)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put everything side by side."""
        super().resizeEvent(event)
        left = 0
        for each in self._standing:
            each.adjustSize()
            each.move(self.width() - left - each.width() if is_right_to_left() else left, 0)
            left += each.width() + Space.XL


def days() -> QLayout:
    """Return what chooses a period or days."""
    line = row(gap=Space.XL)
    line.addWidget(PeriodPicker(_TODAY, nothing))
    picked = DayRange(is_wide=True)
    picked.show_days(_TODAY.replace(day=1), _TODAY)
    line.addWidget(picked)
    line.addStretch(1)
    return line


def popups() -> QLayout:
    """Return the popups as they stand over a page."""
    month = Span.of(Period.MONTH, _TODAY)
    presets = [
        ("All time", None),
        ("This month", month),
        ("Last 30 days", Span(_TODAY - timedelta(days=29), _TODAY)),
        ("This year", Span.of(Period.YEAR, _TODAY)),
    ]
    stage = Stage(264)
    ranges = RangePicker(stage, presets, nothing)
    ranges.show_range(month, _TODAY)
    one = Picker(stage, "Choose a category")
    options = [Option(name, name, icon, color) for name, color, icon, _ in _CATEGORIES]
    one.choose_one(options, "Shopping", nothing)
    one.fit()
    stage.stand(ranges)
    stage.stand(one)
    layout = column()
    layout.addWidget(stage)
    return layout


def commands() -> QLayout:
    """Return the command list, and a search field with completions."""
    stage = Stage(396)
    palette = CommandList(stage, "Search for anything", nothing)
    entries = [
        Entry("sync", "Sync all banks", "", nothing, "refresh", keys="F5"),
        Entry("page", "Transactions", "", nothing, "list", keys="Ctrl+2"),
        Entry("account", "Everyday Checking 0000", "First Platypus Bank", nothing, "bank"),
        *(
            Entry(name, name, "Category", nothing, icon, color)
            for name, color, icon, _ in _CATEGORIES
        ),
    ]
    palette.fill(entries)
    stage.stand(palette)
    field = SearchField(
        "Search transactions",
        nothing,
        lambda _text, _cursor: [
            Completion(0, "#food", name, icon, color) for name, color, icon, _ in _CATEGORIES
        ],
    )
    beside = QWidget()
    beside.setFixedSize(QSize(280, 396))
    inside = column(beside)
    inside.addWidget(field)
    inside.addStretch(1)
    field.setText("#fo")
    field.suggest_in(beside)
    line = row(gap=Space.XL)
    line.addWidget(stage, 1)
    line.addWidget(beside)
    return line


def lists() -> QLayout:
    """Return rows that can be chosen, and the ring."""
    line = row(gap=Space.XL)
    ring = Donut("Spent by category")
    total = sum(amount for *_, amount in _CATEGORIES)
    ring.show_shares(
        [
            Share(name, money.plain(amount, "USD"), amount, color)
            for name, color, _, amount in _CATEGORIES
        ],
        "Spent",
        money.plain(total, "USD"),
    )
    line.addWidget(ring)
    legend = column(gap=0)
    for name, color, _, amount in _CATEGORIES:
        share = f"{amount * 100 // total}%"
        words = Line(name, money.plain(amount, "USD"), color, note=share)
        legend.addWidget(LineButton(words, 28))
    legend.addStretch(1)
    line.addLayout(legend, 1)
    rows = column(gap=0)
    for n, (name, color, icon, amount) in enumerate(_CATEGORIES[:3]):
        signed = amount if n else -amount
        words = Line(
            f"Merchant of {name}",
            money.flow(signed, "USD"),
            color,
            icon,
            "Nov 23 · Everyday Checking",
            name,
            is_income=not n,
            is_dimmed=n == 2,
        )
        rows.addWidget(LineButton(words, 46))
    rows.addStretch(1)
    line.addLayout(rows, 2)
    return line


def feedback() -> QLayout:
    """Return errors, notices, progress and toasts."""
    layout = column(gap=Space.M)
    error = ErrorBanner(nothing)
    error.show_error(BankOfflineError())
    layout.addWidget(error)
    notice = frame("notice")
    column(notice, margin=Space.M).addWidget(
        paragraph("A bank asks you to sign in again before December 1.", Type.BODY, "text")
    )
    layout.addWidget(notice)
    line = row(gap=Space.XL)
    far = Progress("Applying the rule", "{done} of {total} rows")
    far.show_far(1_240, 3_000)
    busy = Progress("Encrypting")
    busy.show_busy("Encrypting\N{HORIZONTAL ELLIPSIS}")
    line.addWidget(far)
    line.addWidget(busy)
    line.addWidget(Spinner("Searching", 20))
    layout.addLayout(line)
    stage = Stage(72)
    toast = Toast(stage)
    toast.stay("Moved 3 rows to Food & Dining", "Undo", nothing, also=("Always", nothing))
    layout.addWidget(stage)
    return layout


def states() -> QLayout:
    """Return what stands in a page's place."""
    layout = column(gap=Space.L)
    line = row(gap=Space.L)
    for shape in ("rows", "cards", "figures"):
        bones = Skeleton(shape, f"Loading {shape}")
        bones.keep_drawn()
        part = column(gap=Space.XS)
        part.addWidget(label(f"Loading: {shape}", Type.SMALL, "muted"))
        part.addWidget(bones)
        part.addStretch(1)
        line.addLayout(part, 2 if shape == "figures" else 1)
    layout.addLayout(line)
    layout.addWidget(
        EmptyState(
            "bank",
            "No transactions yet",
            "Connect a bank, and its transactions appear here after the first sync.",
            "Connect a bank",
            nothing,
        )
    )
    return layout
