"""The Overview: right figures, and every mark leads to exactly its rows."""

from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from hive_desktop.domain.days import Period, Span
from hive_desktop.domain.ledger import CategoryKind
from hive_desktop.ports.errors import VaultDamagedError
from hive_desktop.ui.kit import money
from hive_desktop.ui.page import PageName
from tests.ui.fakes import make_session
from tests.ui.helpers import until, window_of
from tests.ui.household import TODAY, empty, household


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
        assert ("€" in page._others.text()) == any(euros)


async def test_bars_and_ring_carry_the_same_figures(session, themes, house):
    async with window_of(session, themes) as window:
        page = window.current_page()
        spent, income = _sums(house, Span.of(Period.MONTH, TODAY), "USD")
        last = page.chart.chart.buckets()[-1]
        assert (last.spent, last.income) == (spent, income)
        assert sum(share.value for share in page.category_card.donut.shares()) == spent
        assert len(page.chart.chart.buckets()) == 12


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
        window.current_page().chart.chart.chosen.emit(10)
        page = window.current_page()
        await page.settled()
        assert page.filters.query.start == date(2026, 10, 1)
        assert page.filters.query.end == date(2026, 10, 31)


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
        assert page.context.mark.calls == [("cards",), ("charts",)]


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


async def test_bars_read_by_hover_and_keys_and_export(session, themes, tmp_path):
    async with window_of(session, themes) as window:
        chart = window.current_page().chart.chart
        QTest.keyClick(chart, Qt.Key.Key_Left)
        assert chart._bubble.isVisible()
        assert "Spent" in chart._bubble.text()
        box = chart._plot.getViewBox().sceneBoundingRect()
        assert chart._at(box.center()) in (5, 6)
        assert chart._at(box.topLeft() - box.bottomRight()) == -1
        chosen = []
        chart.chosen.disconnect()
        chart.chosen.connect(chosen.append)
        QTest.keyClick(chart, Qt.Key.Key_Return)
        assert chosen == [11]
        QTest.keyClick(chart, Qt.Key.Key_Escape)
        assert not chart._bubble.isVisible()
        assert chart.export_png(tmp_path / "bars.png")
        assert (tmp_path / "bars.png").read_bytes().startswith(b"\x89PNG")


async def _until_changed(page, before):

    await until(lambda: page.cards[0].value.text() != before)


async def _until_text(page, text):

    await until(lambda: page.cards[0].value.text() == text)
