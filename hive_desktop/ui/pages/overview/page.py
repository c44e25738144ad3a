"""The Overview page: asks the reports, fills the cards, and lets every mark lead to its rows."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from hive_desktop.domain.changes import Kind
from hive_desktop.domain.days import Span
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.ui.kit import aio, money
from hive_desktop.ui.kit.chart_host import ChartHost, load_charts
from hive_desktop.ui.kit.period_picker import PeriodPicker
from hive_desktop.ui.kit.states import EmptyState, ErrorBanner, Stack
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Icon, column, frame, label, row
from hive_desktop.ui.page import Page, PageName
from hive_desktop.ui.pages.overview import presenter
from hive_desktop.ui.pages.overview.cards import CategoryCard, FigureCard, RecentCard

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from PySide6.QtWidgets import QFrame

    from hive_desktop.domain.days import Period
    from hive_desktop.domain.ledger import TransactionRow
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.reports import Overview, TrendPoint
    from hive_desktop.ui.page import PageContext
    from hive_desktop.ui.pages.overview.presenter import SliceView

_RECENT = 7
_CHART_HEIGHT = 272


class OverviewPage(Page):
    """Cards, bars, ring and recent rows of one period."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, "Overview")
        self.picker = PeriodPicker(context.session.clock.today(), self.reload)
        self._figures = aio.Latest(context.scope, self._failed, "overview")
        self._trends: tuple[Period, list[date]] = (self.picker.period, [])
        self._currency = "USD"
        self._recent: list[TransactionRow] = []
        self._has_looked_back = False
        self.chart = ChartHost("Spent and income over time", self._axis_text, self._bucket_chosen)
        self._build()
        self.bridge.on_changes(
            self.reload, Kind.TRANSACTIONS, Kind.CATEGORIES, Kind.ACCOUNTS, Kind.ITEMS
        )
        self.reload()

    def tools(self) -> list[QWidget]:
        """Return the period selector."""
        return [self.picker]

    def reload(self) -> None:
        """Load everything of the chosen period again."""
        self._figures.run(self._load())

    async def settled(self) -> None:
        """Wait for figures and charts."""
        await self._figures.settled()

    def _build(self) -> None:
        self.cards = tuple(FigureCard(title) for title in ("Spent", "Income", "Net"))
        self.category_card = CategoryCard(self._slice_chosen)
        self.recent_card = RecentCard(self._show_all, self._recent_chosen)
        self._others = label("", Type.SMALL, "muted", tabular=True)
        self._others.hide()
        self.error = ErrorBanner(self.reload)
        content = QWidget()
        content.setObjectName("scrolled")
        layout = column(content, gap=Space.L, margin=Space.XL)
        layout.setContentsMargins(Space.XL, Space.L + 4, Space.XL, Space.XL)
        layout.addWidget(self.error)
        cards = row(gap=Space.L)
        for card in self.cards:
            cards.addWidget(card, 1)
        layout.addLayout(cards)
        layout.addWidget(self._others)
        charts = row(gap=Space.L)
        charts.addWidget(self._bars_card(), 1)
        charts.addWidget(self.category_card, 1)
        layout.addLayout(charts)
        layout.addWidget(self.recent_card)
        layout.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(content)
        self.stack = Stack(content=scroll)
        column(self, gap=0).addWidget(self.stack)

    def _bars_card(self) -> QFrame:
        card = frame("card")
        layout = column(card, gap=Space.S)
        layout.setContentsMargins(Space.L, Space.M + 2, Space.L, Space.M)
        head = row(gap=Space.XS)
        head.addWidget(label("Spent and income", Type.TITLE))
        head.addStretch(1)
        for name, color in (("Spent", "bar_spent"), ("Income", "bar_income")):
            head.addWidget(Icon("dot", color, 10))
            head.addWidget(label(name, Type.SMALL, "muted"))
            head.addSpacing(Space.S)
        layout.addLayout(head)
        self.chart.setFixedHeight(_CHART_HEIGHT - 48)
        layout.addWidget(self.chart)
        return card

    async def _load(self) -> None:
        ledger, reports = self.context.session.ledger, self.context.session.reports
        period, span, trend_span = self.picker.period, self.picker.span(), self.picker.trend_span()
        overview = await reports.overview(span)
        if await self._looked_back(overview, span):
            return
        self._show_figures(overview, period)
        await aio.painted(*(card.value for card in self.cards), self.category_card.donut)
        self.context.mark("cards")
        # The listing of rows brings SQLAlchemy with its first use: the chart's library goes first.
        points, _ = await asyncio.gather(reports.trends(trend_span, period), load_charts())
        await self._show_trends(points, period)
        rows, categories, accounts = await asyncio.gather(
            ledger.page(TransactionQuery(), offset=0, limit=_RECENT),
            ledger.categories(),
            ledger.accounts(),
        )
        self._recent = rows
        known = {each.id: each for each in categories}
        owners = {each.id: each for each in accounts}
        self.recent_card.show_lines([presenter.recent_line(each, known, owners) for each in rows])

    async def _looked_back(self, overview: Overview, span: Span) -> bool:
        """On the first load of a ledger that ends before this period, look at where it ends."""
        if self._has_looked_back or any(figure.count for figure in overview.figures):
            self._has_looked_back = True
            self.stack.show_one("content")
            return False
        history = await self.context.session.ledger.history_span()
        if history is None:
            self._show_empty()
            return True
        self._has_looked_back = True
        self.stack.show_one("content")
        if history.end < span.start:
            self.picker.look_at(history.end)
            return True
        return False

    def _show_empty(self) -> None:
        if self.stack.shown() != "empty":
            self.stack.add(
                "empty",
                EmptyState(
                    "bank",
                    "No transactions yet",
                    "Connect a bank, and your spending appears here.",
                    "Connect a bank",
                    lambda: self.context.go.show_page(PageName.ACCOUNTS),
                ),
            )
        self.stack.show_one("empty")
        self.context.mark("cards")
        self.context.mark("charts")

    def _show_figures(self, overview: Overview, period: Period) -> None:
        self.error.hide()
        self._currency = overview.main_currency
        before = presenter.before_name(period, overview.span.start)
        views = presenter.card_views(overview, before)
        for card, view in zip(self.cards, views, strict=True):
            card.show_view(view)
        others = presenter.other_currencies(overview)
        self._others.setText("\n".join(others))
        self._others.setVisible(bool(others))
        slices = presenter.slice_views(overview)
        self.category_card.show_views(slices, presenter.spent_text(overview))

    async def _show_trends(self, points: Sequence[TrendPoint], period: Period) -> None:
        mine = [point for point in points if point.currency == self._currency]
        self._trends = (period, [point.start for point in mine])
        chart = await self.chart.show_buckets(presenter.bucket_views(mine, self._currency, period))
        await aio.painted(chart.canvas())
        self.context.mark("charts")

    def _failed(self, error: HiveError) -> None:
        self.stack.show_one("content")
        self.error.show_error(error)

    def _axis_text(self, amount_minor: int) -> str:
        return money.compact(amount_minor, self._currency)

    def _bucket_chosen(self, index: int) -> None:
        period, starts = self._trends
        span = Span.of(period, starts[index])
        self.context.go.show_transactions(
            TransactionQuery(
                start=span.start, end=span.end, currency=self._currency, counted_only=True
            )
        )

    def _slice_chosen(self, view: SliceView) -> None:
        self.context.go.show_transactions(view.query)

    def _recent_chosen(self, index: int) -> None:
        chosen = self._recent[index]
        self.context.go.show_transactions(TransactionQuery(text=chosen.merchant or chosen.name))

    def _show_all(self) -> None:
        self.context.go.show_transactions(TransactionQuery())
