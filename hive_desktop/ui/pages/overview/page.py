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
from hive_desktop.i18n import mark, tr
from hive_desktop.services.reports import course_of, cut_buckets
from hive_desktop.ui.exporting.files import ask_sheet
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
    from hive_desktop.services.chat_about import PageContext as About
    from hive_desktop.services.net_worth import Worth
    from hive_desktop.services.reports import Bucket, Overview
    from hive_desktop.ui.kit.charts import TimeChart
    from hive_desktop.ui.page import PageContext
    from hive_desktop.ui.pages.overview.needs import Need
    from hive_desktop.ui.pages.overview.presenter import SliceView
    from hive_desktop.ui.pages.overview.trend import TrendView

_RECENT, _MERCHANTS = 6, 7
_FIGURES = (
    (mark("Spent"), "bar_spent"),
    (mark("Income"), "bar_income"),
    (mark("Net"), "text_faint"),
)


class OverviewPage(Page):
    """Figures, charts and lists of one period."""

    keys = (("Alt+Left", mark("Previous period")), ("Alt+Right", mark("Next period")))

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, tr("Overview"))
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
        # No word on it: beside the period there is room for none in a narrow window.
        self._save = Button(
            "", "plain", "download", name=tr("Save the overview as a PDF or a picture")
        )
        on_click(self._save, self._ask_file)
        self._build()
        self.bridge.on_changes(
            self.reload,
            *(Kind.TRANSACTIONS, Kind.CATEGORIES, Kind.ACCOUNTS, Kind.ITEMS, Kind.REVIEWS),
        )
        self.reload()

    def tools(self) -> list[QWidget]:
        """Return the button that saves the page, and the period selector."""
        return [self._save, self.picker]

    def ask_export(self) -> None:
        """Ask where the page is written."""
        self._ask_file()

    def save_to(self, file: Path) -> None:
        """Write the page, of the days that it shows, as a PDF or a picture."""
        aio.spawn(self.context.scope, self._saving(file), on_error=self._failed, name="save-page")

    async def write(self, file: Path, span: Span | None = None) -> None:
        """Write the page in light colours; of the days that it shows by itself, or of a span.

        Raises:
            UsageError: the file cannot be written.
        """
        from hive_desktop.ui.pages.overview.saving import (  # noqa: PLC0415 - the start needs it not
            Sheet,
            save_overview,
        )

        def make(context: PageContext) -> Sheet:
            page = type(self)(context)
            if span is not None and span != page.picker.span():
                page.picker.look_at_span(span)
            return Sheet(page, page.picker, page.board, page.become_paper)

        await save_overview(make, self.context, file)

    def become_paper(self) -> None:
        """Take away what can only be clicked."""
        for one in (self.trend_card.shown, self.trend_card.every):
            one.show_chosen()
        for each in (self.trend_card.look, self._view_all):
            each.hide()

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
        self.cards = tuple(
            FigureCard(tr(title), role, self._card_chosen) for title, role in _FIGURES
        )
        self.worth_card = FigureCard(tr("Net worth"), "accent_text", self._worth_chosen)
        self.category_card = CategoryCard(self._slice_chosen)
        self.chart = self._host(tr("Spending over time"), self._mark_chosen)
        self.trend_card = TrendCard(self.chart, self._recourse, self._redraw)
        self.worth_chart = self._host(tr("Net worth over time"), self._point_chosen)
        self.worth = WorthCard(self.worth_chart)
        self.recent_card = LinesCard(
            tr("Recent transactions"), tr("Nothing yet"), self._recent_chosen
        )
        self.pending = self.recent_card.add_way(tr("Pending"), self._show_pending)
        self.pending.hide()
        self._view_all = self.recent_card.add_way(tr("View all"), self._show_all)
        self.merchant_card = LinesCard(
            tr("Top merchants"), tr("No spending in this period"), self._merchant_chosen
        )
        self.needs_card = LinesCard(
            tr("What needs you"), tr("Nothing needs you right now"), self._need_chosen
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
        self.board = board
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(board)
        wait = Skeleton("figures", tr("Loading the overview"))
        self.stack = Stack(wait=wait, content=scroll)
        column(self, gap=0).addWidget(self.stack)

    def _host(self, name: str, chosen: object) -> ChartHost:
        return ChartHost(name, self._axis_text, chosen, self._saved)  # type: ignore[arg-type]

    async def _load(self) -> None:
        span, before = self.picker.span(), self.overview
        # At the start nothing runs beside the figures; later all is read at once, so that the page
        # is painted once and not again for what came a little after the figures. The listing of
        # rows brings SQLAlchemy with its first use: charts go first.
        if before is None or self.chart.chart is None:
            overview, worth = await self._read_figures(span)
            if await self._looked_back(overview, span):
                return
            self._follow()
            self._put_figures(overview, worth)
            await self._painted()
            self.context.mark("cards")
            rest, _ = await asyncio.gather(
                self._read_rest(span, overview.main_currency), load_charts()
            )
        else:
            self._follow()
            (overview, worth), rest = await asyncio.gather(
                self._read_figures(span), self._read_rest(span, before.main_currency)
            )
            if await self._looked_back(overview, span):
                return
            if overview.main_currency != before.main_currency:
                rest = await self._read_rest(span, overview.main_currency)
            self._put_figures(overview, worth)
        self._course, worth, merchants = rest
        charts = [*await self._put_trend(), await self._put_worth(worth)]
        self._show_merchants(merchants, overview)
        await self._painted(*(chart.canvas() for chart in charts))
        self.context.mark("charts")
        if not self._has_lists:
            await self._show_lists(overview.main_currency)
            self._has_lists = True

    async def _read_figures(self, span: Span) -> tuple[Overview, Worth]:
        reports = self.context.session.reports
        ends = [one.end for one in course_of(span, self._today)]
        return await asyncio.gather(
            reports.overview(span, self._today),
            reports.worth([span.start - timedelta(days=1), *ends]),
        )

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
                    tr("No transactions yet"),
                    tr("Connect a bank or add accounts by hand, and your spending appears here."),
                    tr("Connect a bank"),
                    lambda: self.context.go.show_page(PageName.ACCOUNTS),
                    also=(tr("Add by hand"), self._add_by_hand),
                ),
            )
        self.stack.show_one("empty")
        self.context.mark("cards")
        self.context.mark("charts")

    def _ask_file(self) -> None:
        ask_sheet(self, tr("Save the overview"), "hive-overview", self.save_to)

    async def _saving(self, file: Path) -> None:
        await self.write(file, self.picker.span())
        self.context.notices.show_message(tr("Wrote the overview to {file}", file=file.name))

    def _add_by_hand(self) -> None:
        self.context.go.by_hand.add_row()

    def _put_figures(self, overview: Overview, worth: Worth) -> None:
        self.error.hide()
        self.overview = overview
        for card, view in zip(self.cards, presenter.card_views(overview), strict=True):
            card.show_view(view)
        self.worth_card.show_view(presenter.worth_card(worth, overview))
        self._show_others(presenter.other_currencies(overview))
        slices = presenter.slice_views(overview)
        total, short = presenter.spent_text(overview), presenter.spent_short(overview)
        self.category_card.show_views(slices, total, short)

    async def _painted(self, *canvases: QWidget) -> None:
        values = (card.value for card in self.cards)
        await aio.painted(*values, self.category_card.donut, *canvases)

    def _show_others(self, found: list[tuple[str, TransactionQuery]]) -> None:
        clear(self._other_lines)
        for words, query in found:
            link = Button(words, "link")
            on_click(link, lambda query=query: self.context.go.show_transactions(query))  # type: ignore[misc]
            self._other_lines.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        self._others.setVisible(bool(found))

    def asked_about(self) -> About:
        """Return the period that is shown."""
        from hive_desktop.services.chat_about import (  # noqa: PLC0415 - the start needs it not
            PageContext as Shown,
        )

        return Shown(self.picker.span())

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

    async def _show_trend(self) -> None:
        await aio.painted(*(chart.canvas() for chart in await self._put_trend()))

    async def _put_trend(self) -> list[TimeChart]:
        if self.overview is None:
            return []
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
        return [await self.chart.show_view(self.trend.chart)]

    async def _read_rest(
        self, span: Span, currency: str
    ) -> tuple[tuple[tuple[Bucket, ...], Period], Worth, list[MerchantSum]]:
        reports = self.context.session.reports
        return await asyncio.gather(
            self._read_course(),
            self._read_worth(currency),
            reports.top_merchants(span, currency, limit=_MERCHANTS),
        )

    async def _read_worth(self, currency: str) -> Worth:
        spans = cut_buckets(self._trend_span(), self.trend_card.every.value())
        days = [min(one.end, self._today) for one in spans if one.start <= self._today]
        reports = self.context.session.reports
        return await reports.worth(days, currency, is_cut=True)

    async def _put_worth(self, worth: Worth) -> TimeChart:
        self.worth.show_notes(presenter.worth_notes(worth))
        view = trend.worth_view(worth, self.trend_card.every.value())
        return await self.worth_chart.show_view(view)

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
            self._course, worth = await asyncio.gather(
                self._read_course(), self._read_worth(self.overview.main_currency)
            )
            charts = [*await self._put_trend(), await self._put_worth(worth)]
            await aio.painted(*(chart.canvas() for chart in charts))

    def _redraw(self) -> None:
        self._charting.run(self._show_trend())

    def _saved(self, path: Path, is_written: bool) -> None:  # noqa: FBT001 - a callback's value
        words = (
            tr("Saved {file}", file=path.name)
            if is_written
            else tr("{file} could not be written", file=path.name)
        )
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
