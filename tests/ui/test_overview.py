"""The Overview: right figures, and every mark leads to exactly its rows."""

from datetime import date

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from hive_desktop.domain.days import Period, Span
from hive_desktop.domain.ledger import CategoryKind
from hive_desktop.ports.errors import VaultDamagedError
from hive_desktop.ui.kit import money
from hive_desktop.ui.kit.buckets import Mark
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.overview.trend import Shown
from tests.ui.engine import sample_reviews
from tests.ui.fakes import make_session
from tests.ui.helpers import until, window_of
from tests.ui.household import TODAY, empty, household
from tests.ui.mirrors import settled


def _sums(house, span, currency):
    kinds = {category.id: category.kind for category in house.categories}
    spent = income = 0
    for row in house.rows:
        if row.currency != currency or not span.start <= row.posted_on <= span.end:
            continue
        kind = kinds.get(row.category_id)
        if kind is CategoryKind.INCOME or (kind is None and row.amount_minor < 0):
            income -= row.amount_minor
        elif kind is not CategoryKind.TRANSFER:
            spent += row.amount_minor
    return spent, income


@pytest.mark.parametrize("period", list(Period))
async def test_cards_show_the_sums_of_the_rows(session, themes, house, period):
    async with window_of(session, themes) as window:
        page = window.current_page()
        page.picker.set_period(period)
        await page.settled()
        spent, income = _sums(house, Span.of(period, TODAY), "USD")
        shown = [card.value.text() for card in page.cards]
        assert shown == [
            money.plain(spent, "USD"),
            money.plain(income, "USD"),
            money.net(income - spent, "USD"),
        ]
        euros = _sums(house, Span.of(period, TODAY), "EUR")
        assert bool(page._other_lines.count()) == any(euros)
        assert page._others.isVisible() == any(euros)


async def test_bars_and_ring_carry_the_same_figures(session, themes, house):
    async with window_of(session, themes) as window:
        page = window.current_page()
        spent, income = _sums(house, Span.of(Period.MONTH, TODAY), "USD")
        view = page.chart.chart.view()
        assert view.buckets[-1].values == (spent, income)
        assert sum(share.value for share in page.category_card.donut.shares()) == spent
        assert len(view.buckets) == 12


async def test_a_slice_leads_to_its_rows(session, themes, house):
    async with window_of(session, themes) as window:
        overview = window.current_page()
        lines = overview.category_card._lines
        view = overview.category_card._views[0]
        lines[0].click()
        page = window.current_page()
        await page.settled()
        assert page is window.page(PageName.TRANSACTIONS)
        rows = page.model.loaded_rows().values()
        assert sum(row.amount_minor for row in rows) == view.share.value


async def test_the_folded_slice_leads_to_all_its_categories(session, themes):
    async with window_of(session, themes) as window:
        overview = window.current_page()
        overview.picker.set_period(Period.YEAR)
        await overview.settled()
        view = overview.category_card._views[-1]
        assert view.line.title.endswith("more")
        overview.category_card.donut.chosen.emit(len(overview.category_card._views) - 1)
        page = window.current_page()
        await page.settled()
        rows = page.model.loaded_rows().values()
        assert sum(row.amount_minor for row in rows) == view.share.value


async def test_a_bar_leads_to_its_month(session, themes):
    async with window_of(session, themes) as window:
        window.current_page().chart.chart.chosen.emit(10, 0)
        page = window.current_page()
        await page.settled()
        assert page.filters.query.start == date(2026, 10, 1)
        assert page.filters.query.end == date(2026, 10, 31)
        assert page.filters.counted.value() == "Spending in USD"
        page.filters.counted.click()
        assert page.filters.query.counts_as is None
        await page.settled()


async def test_periods_step_back_and_never_beyond_today(session, themes):
    async with window_of(session, themes) as window:
        picker = window.current_page().picker
        picker.go_forward()
        assert picker.span() == Span(date(2026, 11, 1), date(2026, 11, 30))
        picker.go_back()
        assert picker.span() == Span(date(2026, 10, 1), date(2026, 10, 31))
        picker.set_period(Period.WEEK)
        assert picker.span().start == date(2026, 10, 26)
        await window.current_page().settled()


async def test_an_edit_is_seen_at_once(session, themes, house):
    async with window_of(session, themes) as window:
        page = window.current_page()
        before = page.cards[0].value.text()
        biggest = max(
            (row for row in house.rows if row.posted_on >= date(2026, 11, 1)),
            key=lambda row: row.amount_minor * (row.category != "Transfer"),
        )
        transfer = next(c for c in house.categories if c.kind is CategoryKind.TRANSFER)
        await session.ledger.set_category([biggest.id], transfer.id)
        await _until_changed(page, before)
        await session.ledger.undo()
        await _until_text(page, before)


async def test_an_empty_ledger_offers_to_connect(qloop, themes):
    session = make_session(empty())
    async with window_of(session, themes) as window:
        page = window.current_page()
        assert page.stack.shown() == "empty"
        assert window._mark.calls == [("cards",), ("charts",)]


async def test_a_ledger_that_ended_long_ago_is_shown_where_it_ends(qloop, themes):
    house = household()
    house.rows = [row for row in house.rows if row.posted_on < date(2026, 5, 1)]
    session = make_session(house)
    async with window_of(session, themes) as window:
        page = window.current_page()
        assert page.picker.span().start == date(2026, 4, 1)
        assert page.cards[0].value.text() != "$0.00"


async def test_an_error_shows_with_its_hint_and_can_be_tried_again(session, themes):
    session.database.fail_with = VaultDamagedError()
    async with window_of(session, themes) as window:
        page = window.current_page()
        assert page.error.isVisible()
        assert page.error.words() == VaultDamagedError().rendered()
        session.database.fail_with = None
        page.reload()
        await page.settled()
        assert not page.error.isVisible()


async def test_donut_reads_by_hover_and_keys(session, themes):
    async with window_of(session, themes) as window:
        donut = window.current_page().category_card.donut
        pointed = []
        donut.hovered.connect(pointed.append)
        donut.setFocus()
        QTest.keyClick(donut, Qt.Key.Key_Right)
        QTest.keyClick(donut, Qt.Key.Key_Right)
        QTest.keyClick(donut, Qt.Key.Key_Escape)
        assert pointed == [0, 1, -1]
        right_of_top = QPoint(donut.width() // 2 + 30, donut.width() // 16 + 6)
        assert donut._at(right_of_top.toPointF()) == 0
        assert donut._at(donut.rect().center().toPointF()) == -1
        chosen = []
        donut.chosen.connect(chosen.append)
        QTest.keyClick(donut, Qt.Key.Key_Left)
        QTest.keyClick(donut, Qt.Key.Key_Return)
        assert chosen == [len(donut.shares()) - 1]
        assert donut.accessibleDescription().startswith(donut.shares()[0].name)


async def test_the_chart_reads_by_hover_and_keys_and_is_saved(session, themes, tmp_path):
    async with window_of(session, themes) as window:
        page = window.current_page()
        chart = page.chart.chart
        QTest.keyClick(chart, Qt.Key.Key_Left)
        assert chart._bubble.isVisible()
        assert "\N{BULLET} Spent" in chart._bubble.text()
        QTest.keyClick(chart, Qt.Key.Key_Down)
        assert "\N{BULLET} Income" in chart._bubble.text()
        box = chart._plot.getViewBox().sceneBoundingRect()
        assert chart._at(box.center()).bucket in (5, 6)
        assert chart._at(box.topLeft() - box.bottomRight()) == Mark()
        chosen = []
        chart.chosen.disconnect()
        chart.chosen.connect(lambda *mark: chosen.append(mark))
        QTest.keyClick(chart, Qt.Key.Key_Return)
        assert chosen == [(11, 1)]
        QTest.keyClick(chart, Qt.Key.Key_Escape)
        assert not chart._bubble.isVisible()
        QTest.keyClick(chart, Qt.Key.Key_Return)
        assert len(chosen) == 1
        page.chart.save_to(tmp_path / "bars.png")
        assert (tmp_path / "bars.png").read_bytes().startswith(b"\x89PNG")
        page.chart.save_to(tmp_path / "nowhere" / "bars.png")
        assert [action.text() for action in page.chart.menu.actions()] == [
            "Save as picture\N{HORIZONTAL ELLIPSIS}"
        ]


@pytest.mark.parametrize("shown", list(Shown))
@pytest.mark.parametrize("is_line", [False, True])
async def test_each_mark_is_found_under_the_pointer(session, themes, shown, is_line):
    async with window_of(session, themes) as window:
        page = window.current_page()
        page.trend_card.shown.select(shown)
        page.trend_card.look.select(is_line)
        page._redraw()
        await page.settled()
        marks = page.chart.chart._marks
        view = page.trend.chart
        assert len(view.buckets) == 12
        found = set()
        for place, bucket in enumerate(view.buckets):
            for series, value in enumerate(bucket.values):
                if is_line:
                    at = marks.at(QPointF(place, value))
                    assert bucket.values[at.series] == value
                elif value:
                    box = dict(marks._boxes(place))[series]
                    at = marks.at(box.center())
                    assert at == Mark(place, series)
                else:
                    continue
                found.add(at)
        assert len(found) >= 12
        assert page.trend.average.endswith("on average") == (shown is Shown.SPENDING)


async def test_the_chart_follows_the_period_and_its_own_switch(session, themes):
    async with window_of(session, themes) as window:
        page = window.current_page()
        page.picker.set_period(Period.WEEK)
        await page.settled()
        assert page.trend_card.every.value() is Period.WEEK
        page.trend_card.every._move(1)
        await page.settled()
        assert page.chart.chart.view().buckets[-1].name == "November 2026"
        page.picker.look_at_span(Span(date(2026, 9, 10), date(2026, 10, 20)))
        await page.settled()
        assert page.trend_card.every.value() is Period.WEEK
        first = page.chart.chart.view().buckets[0]
        assert first.name.startswith("Sep 10")
        assert page.picker._title.text() == "Sep 10 \N{EN DASH} Oct 20, 2026"
        page.picker.go_back()
        assert page.picker.span() == Span(date(2026, 7, 31), date(2026, 9, 9))
        page.picker.go_forward()
        page.picker.go_forward()
        page.picker.go_forward()
        assert page.picker.span().start <= TODAY
        page.picker.look_at_span(Span(date(2026, 10, 1), date(2026, 10, 31)))
        assert page.picker.custom is None
        await page.settled()


@pytest.mark.qt_log_ignore("This plugin does not support")
async def test_days_are_chosen_from_the_title(session, themes):
    async with window_of(session, themes) as window:
        picker = window.current_page().picker
        picker._title.click()
        popup = picker._popup
        assert popup.isVisible()
        popup.buttons[2].click()
        assert picker.span() == Span(date(2026, 10, 25), TODAY)
        await window.current_page().settled()


async def test_a_month_that_is_not_over_is_compared_with_the_same_days(session, themes, house):
    async with window_of(session, themes) as window:
        page = window.current_page()
        spent, _ = _sums(house, Span(date(2026, 11, 1), date(2026, 11, 30)), "USD")
        before, _ = _sums(house, Span(date(2026, 10, 1), date(2026, 10, 23)), "USD")
        card = page.cards[0]
        assert money.net(spent - before, "USD") in card._change.full()
        assert card._against.full() == "vs Oct 1 \N{EN DASH} Oct 23, 2026"
        assert card.line.values()[-1] == spent
        assert len(card.line.values()) == TODAY.day
        page.picker.go_back()
        await page.settled()
        assert card._against.full() == "vs September 2026"
        assert len(card.line.values()) == 31


async def test_nothing_is_made_up_where_there_is_nothing_to_compare(qloop, themes):
    house = household()
    house.rows = [row for row in house.rows if row.posted_on >= date(2026, 11, 1)]
    house.accounts = []
    session = make_session(house)
    async with window_of(session, themes) as window:
        page = window.current_page()
        assert page.cards[0]._change.full() == ""
        assert page.cards[0]._against.full() == "No whole period before it"
        assert page.worth_card.value.text() == "\N{EN DASH}"
        assert page.worth_card.line._role == "accent_text", "no colour of a good or bad change"
        assert page.worth_card._against.full() == "No balance is known yet"


async def test_a_year_of_which_only_the_end_is_known_is_no_base(session, themes):
    async with window_of(session, themes) as window:
        page = window.current_page()
        page.picker.set_period(Period.YEAR)
        await page.settled()
        assert page.cards[0]._change.full() == ""
        assert page.cards[0]._against.full() == "No whole period before it"
        assert [one.name for one in page.chart.chart.view().buckets] == ["2024", "2025", "2026"]
        assert page.chart.chart.view().buckets[0].values == (0, 0)


async def test_the_chips_of_a_mark_are_wide_enough_for_their_words(session, themes):
    async with window_of(session, themes) as window:
        window.current_page().merchant_card.lines[0].click()
        page = window.current_page()
        await page.settled()
        for chip, words in ((page.filters.counted, "Spending in USD"), (page.filters.only, "")):
            assert chip.isVisible()
            assert words in chip.text()
            assert chip.width() >= chip.sizeHint().width()
        page.filters.only.click()
        assert page.filters.query.merchants == ()
        await page.settled()


async def test_what_needs_the_person_leads_to_its_page(session, themes, house):
    session.database.ledger.reviews = sample_reviews(house)
    async with window_of(session, themes) as window:
        page = window.current_page()
        said = [line.accessibleName() for line in page.needs_card.lines]
        questions = await session.reviews.count()
        assert said[0] == "Tartan Credit Union, Wants you to sign in again"
        assert f"{questions} question{'s' if questions != 1 else ''}, " in said[1]
        assert said[2].startswith("1 merchant to sort")
        page.needs_card.lines[0].click()
        assert window.current_page() is window.page(PageName.ACCOUNTS)
        window.show_page(PageName.OVERVIEW)
        page.needs_card.lines[1].click()
        assert window.current_page() is window.page(PageName.REVIEW)
        await window.current_page().settled()


async def test_a_narrow_window_keeps_every_card(session, themes):
    async with window_of(session, themes) as window:
        page = window.current_page()
        cards = (*page.cards, page.worth_card, page.trend_card, page.category_card, page.worth)
        for width in (980, 1280, 980):
            window.resize(width, 640)
            await settled(window)
            await until(lambda: _keep_clear(cards, page.trend_card.parentWidget()))
            assert len({card.width() for card in cards[:4]}) <= 2


def _keep_clear(cards, board):
    """Whether all stand on the board, none over another."""
    boxes = [card.geometry() for card in cards]
    return all(board.rect().contains(box) for box in boxes) and not any(
        one.intersects(other) for place, one in enumerate(boxes) for other in boxes[place + 1 :]
    )


async def _until_changed(page, before):

    await until(lambda: page.cards[0].value.text() != before)


async def _until_text(page, text):

    await until(lambda: page.cards[0].value.text() == text)
