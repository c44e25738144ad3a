"""The Overview page: asks the reports, fills the cards, and lets every mark lead to its rows."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from hive_desktop.domain.changes import Kind
from hive_desktop.domain.days import Period
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.services.reports import course_of, cut_buckets
from hive_desktop.ui.kit import aio, money
from hive_desktop.ui.kit.chart_host import ChartHost, load_charts
from hive_desktop.ui.kit.period_picker import PeriodPicker
from hive_desktop.ui.kit.skeleton import Skeleton
from hive_desktop.ui.kit.states import EmptyState, ErrorBanner, Stack
from hive_desktop.ui.kit.widgets import Button, clear, column, on_click
from hive_desktop.ui.page import Page, PageName
from hive_desktop.ui.pages.overview import presenter, trend
from hive_desktop.ui.pages.overview.cards import CategoryCard, FigureCard
from hive_desktop.ui.pages.overview.chart_cards import TrendCard, WorthCard
from hive_desktop.ui.pages.overview.layout import Board
from hive_desktop.ui.pages.overview.lists import LinesCard
from hive_desktop.ui.pages.overview.needs import needs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hive_desktop.domain.days import Span
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ports.report_store import MerchantSum
    from hive_desktop.services.net_worth import Worth
    from hive_desktop.services.reports import Bucket, Overview
    from hive_desktop.ui.page import PageContext
    from hive_desktop.ui.pages.overview.needs import Need
    from hive_desktop.ui.pages.overview.presenter import SliceView
    from hive_desktop.ui.pages.overview.trend import TrendView

_RECENT, _MERCHANTS = 6, 7
_FIGURES = (("Spent", "bar_spent"), ("Income", "bar_income"), ("Net", "text_faint"))


class OverviewPage(Page):
    """Figures, charts and lists of one period."""

    keys = (("Alt+Left", "Previous period"), ("Alt+Right", "Next period"))

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, "Overview")
        self._today = context.session.clock.today()
        self.picker = PeriodPicker(self._today, self._switch)
        self._figures = aio.Latest(context.scope, self._failed, "overview")
        self._charting = aio.Latest(context.scope, self._failed, "overview-chart")
        self.overview: Overview | None = None
        self.trend: TrendView | None = None
        self._course: tuple[tuple[Bucket, ...], Period] = ((), Period.MONTH)
        self._followed: tuple[Period, Span | None] = (Period.MONTH, None)
        self._recent: list[TransactionQuery] = []
        self._merchants: list[TransactionQuery] = []
        self._needs: list[Need] = []
        self._pending = TransactionQuery(pending=True)
        self._has_looked_back = self._has_lists = False
        self._build()
        self.bridge.on_changes(
            self.reload,
            *(Kind.TRANSACTIONS, Kind.CATEGORIES, Kind.ACCOUNTS, Kind.ITEMS, Kind.REVIEWS),
        )
        self.reload()

    def tools(self) -> list[QWidget]:
        """Return the period selector."""
        return [self.picker]

    def reload(self) -> None:
        """Load everything again."""
        self._has_lists = False
        self._switch()

    def _switch(self) -> None:
        """Load the figures of the days that are chosen now; the lists are of all days."""
        self._figures.run(self._load())

    async def settled(self) -> None:
        """Wait for figures, charts and lists."""
        await self._figures.settled()
        await self._charting.settled()

    def _build(self) -> None:
        self.cards = tuple(FigureCard(*one, self._card_chosen) for one in _FIGURES)
        self.worth_card = FigureCard("Net worth", "bar_income", self._worth_chosen)
        self.category_card = CategoryCard(self._slice_chosen)
        self.chart = self._host("Spending over time", self._mark_chosen)
        self.trend_card = TrendCard(self.chart, self._recourse, self._redraw)
        self.worth_chart = self._host("Net worth over time", self._point_chosen)
        self.worth = WorthCard(self.worth_chart)
        self.recent_card = LinesCard("Recent transactions", "Nothing yet", self._recent_chosen)
        self.pending = self.recent_card.add_way("Pending", self._show_pending)
        self.pending.hide()
        self.recent_card.add_way("View all", self._show_all)
        self.merchant_card = LinesCard(
            "Top merchants", "No spending in this period", self._merchant_chosen
        )
        self.needs_card = LinesCard(
            "What needs you", "Nothing needs you right now", self._need_chosen
        )
        self._others = QWidget()
        self._other_lines = column(self._others, gap=0)
        self._others.hide()
        self.error = ErrorBanner(self.reload)
        charts, lists = (self.trend_card, self.worth), (self.recent_card, self.merchant_card)
        board = Board(
            above=self.error,
            figures=(*self.cards, self.worth_card),
            between=self._others,
            left=(charts[0], lists[0], charts[1]),
            right=(self.category_card, self.needs_card, lists[1]),
            single=(charts[0], self.category_card, self.needs_card, *lists, charts[1]),
        )
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(board)
        wait = Skeleton("figures", "Loading the overview")
        self.stack = Stack(wait=wait, content=scroll)
        column(self, gap=0).addWidget(self.stack)

    def _host(self, name: str, chosen: object) -> ChartHost:
        return ChartHost(name, self._axis_text, chosen, self._saved)  # type: ignore[arg-type]

    async def _load(self) -> None:
        reports, span = self.context.session.reports, self.picker.span()
        ends = [one.end for one in course_of(span, self._today)]
        overview, worth = await asyncio.gather(
            reports.overview(span, self._today),
            reports.worth([span.start - timedelta(days=1), *ends]),
        )
        if await self._looked_back(overview, span):
            return
        self._follow()
        # At the start nothing runs beside the figures; later the rest is read while they are
        # painted. The listing of rows brings SQLAlchemy with its first use: charts go first.
        if self.chart.chart is None:
            await self._show_figures(overview, worth)
            rest, _ = await asyncio.gather(self._read_rest(overview), load_charts())
        else:
            rest, _ = await asyncio.gather(
                self._read_rest(overview), self._show_figures(overview, worth)
            )
        course, worth, merchants = rest
        await self._show_course(*course)
        await self._show_worth(worth)
        self.context.mark("charts")
        self._show_merchants(merchants, overview)
        if not self._has_lists:
            await self._show_lists(overview.main_currency)
            self._has_lists = True

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

    async def _show_figures(self, overview: Overview, worth: Worth) -> None:
        self.error.hide()
        self.overview = overview
        for card, view in zip(self.cards, presenter.card_views(overview), strict=True):
            card.show_view(view)
        self.worth_card.show_view(presenter.worth_card(worth, overview))
        self._show_others(presenter.other_currencies(overview))
        slices = presenter.slice_views(overview)
        self.category_card.show_views(slices, presenter.spent_text(overview))
        await aio.painted(*(card.value for card in self.cards), self.category_card.donut)
        self.context.mark("cards")

    def _show_others(self, found: list[tuple[str, TransactionQuery]]) -> None:
        clear(self._other_lines)
        for words, query in found:
            link = Button(words, "link")
            on_click(link, lambda query=query: self.context.go.show_transactions(query))  # type: ignore[misc]
            self._other_lines.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        self._others.setVisible(bool(found))

    def _follow(self) -> None:
        """Let the chart's buckets follow another choice of the period."""
        chosen = (self.picker.period, self.picker.custom)
        if chosen != self._followed:
            self._followed = chosen
            period, custom = chosen
            self.trend_card.every.select(trend.fitting(custom) if custom else period)

    def _trend_span(self) -> Span:
        every, span = self.trend_card.every.value(), self.picker.span()
        return trend.trend_span(span, every, is_custom=self.picker.custom is not None)

    async def _read_course(self) -> tuple[tuple[Bucket, ...], Period]:
        every = self.trend_card.every.value()
        buckets = await self.context.session.reports.course(self._trend_span(), every)
        return trend.from_first_row(buckets), every

    async def _show_course(self, buckets: tuple[Bucket, ...], every: Period) -> None:
        self._course = (buckets, every)
        await self._show_trend()

    async def _show_trend(self) -> None:
        if self.overview is None:
            return
        buckets, every = self._course
        card = self.trend_card
        self.trend = trend.trend_view(
            buckets,
            self.overview.main_currency,
            every,
            card.shown.value(),
            is_line=card.is_line(),
            today=self._today,
        )
        card.show_legend(self.trend)
        chart = await self.chart.show_view(self.trend.chart)
        await aio.painted(chart.canvas())

    async def _read_rest(
        self, overview: Overview
    ) -> tuple[tuple[tuple[Bucket, ...], Period], Worth, list[MerchantSum]]:
        reports, currency = self.context.session.reports, overview.main_currency
        return await asyncio.gather(
            self._read_course(),
            self._read_worth(overview),
            reports.top_merchants(overview.span, currency, limit=_MERCHANTS),
        )

    async def _read_worth(self, overview: Overview) -> Worth:
        spans = cut_buckets(self._trend_span(), self.trend_card.every.value())
        days = [min(one.end, self._today) for one in spans if one.start <= self._today]
        reports = self.context.session.reports
        return await reports.worth(days, overview.main_currency, is_cut=True)

    async def _show_worth(self, worth: Worth) -> None:
        self.worth.show_notes(presenter.worth_notes(worth))
        view = trend.worth_view(worth, self.trend_card.every.value())
        chart = await self.worth_chart.show_view(view)
        await aio.painted(chart.canvas())

    def _show_merchants(self, merchants: Sequence[MerchantSum], overview: Overview) -> None:
        views = presenter.merchant_views(merchants, overview)
        self._merchants = [query for _, query, _ in views]
        self.merchant_card.show_lines([line for line, _, _ in views])

    async def _show_lists(self, currency: str) -> None:
        session = self.context.session
        questions, unsure, items = await asyncio.gather(
            session.reviews.count(),
            session.inbox.count(),
            session.ledger.items(),
        )
        self._needs = needs(questions, unsure, items)
        self.needs_card.show_lines([one.line for one in self._needs])
        rows, pending, categories, accounts = await asyncio.gather(
            session.ledger.page(TransactionQuery(), offset=0, limit=_RECENT),
            session.reports.pending(currency),
            session.ledger.categories(),
            session.ledger.accounts(),
        )
        known = {each.id: each for each in categories}
        owners = {each.id: each for each in accounts}
        self._recent = [TransactionQuery(ids=(one.id,)) for one in rows]
        self.recent_card.show_lines([presenter.recent_line(each, known, owners) for each in rows])
        words, self._pending = presenter.pending_view(pending)
        self.pending.setText(words)
        self.pending.setAccessibleName(words)
        self.pending.setVisible(bool(words))

    def _failed(self, error: HiveError) -> None:
        self.stack.show_one("content")
        self.error.show_error(error)

    def _axis_text(self, amount_minor: int) -> str:
        currency = self.overview.main_currency if self.overview else "USD"
        return money.compact(amount_minor, currency)

    def _recourse(self) -> None:
        self._charting.run(self._load_course())

    async def _load_course(self) -> None:
        if self.overview is not None:
            course, worth = await asyncio.gather(
                self._read_course(), self._read_worth(self.overview)
            )
            await self._show_course(*course)
            await self._show_worth(worth)

    def _redraw(self) -> None:
        self._charting.run(self._show_trend())

    def _saved(self, path: Path, is_written: bool) -> None:  # noqa: FBT001 - a callback's value
        words = f"Saved {path.name}" if is_written else f"{path.name} could not be written"
        self.context.notices.show_message(words)

    def _card_chosen(self, card: FigureCard) -> None:
        if card.view is not None and card.view.query is not None:
            self.context.go.show_transactions(card.view.query)

    def _worth_chosen(self, _card: FigureCard) -> None:
        self.context.go.show_page(PageName.ACCOUNTS)

    def _point_chosen(self, _bucket: int, _series: int) -> None:
        self.context.go.show_page(PageName.ACCOUNTS)

    def _mark_chosen(self, bucket: int, series: int) -> None:
        if self.trend is not None:
            self.context.go.show_transactions(self.trend.queries[bucket][series])

    def _slice_chosen(self, view: SliceView) -> None:
        self.context.go.show_transactions(view.query)

    def _merchant_chosen(self, place: int) -> None:
        self.context.go.show_transactions(self._merchants[place])

    def _recent_chosen(self, place: int) -> None:
        self.context.go.show_transactions(self._recent[place])

    def _need_chosen(self, place: int) -> None:
        self.context.go.show_page(self._needs[place].page)

    def _show_pending(self) -> None:
        self.context.go.show_transactions(self._pending)

    def _show_all(self) -> None:
        self.context.go.show_transactions(TransactionQuery())
