"""The page of what left this computer: totals, filter, one request whole, export, deletion."""

import dataclasses
import json
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from hive_desktop.domain.changes import Actor, ChangeSet, Kind
from hive_desktop.ports.egress import EgressSum
from hive_desktop.ports.errors import VaultDamagedError
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.egress import presenter
from hive_desktop.ui.pages.egress.forget import ForgetDialog
from tests.ui.ai_engine import sample_requests
from tests.ui.helpers import Heard, opened, until, window_of
from tests.ui.household import NOW

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
CHANGED = ChangeSet(Actor.PROGRAM, {Kind.EGRESS: frozenset()})


@asynccontextmanager
async def page_of(session, themes, count=60):
    session.database.ledger.egress.lines = sample_requests(count)
    async with window_of(session, themes, page=PageName.EGRESS) as window:
        yield window.current_page()


def cells(page, row):
    columns = page.model.columnCount()
    return [page.model.index(row, column).data() for column in range(columns)]


async def test_requests_are_listed_newest_first(session, themes):
    async with page_of(session, themes) as page:
        assert page.model.rowCount() == 60
        assert cells(page, 0)[1:] == [
            "production.plaid.com", "Fetch transactions", "POST /transactions/sync", "312 bytes",
            "", "", "200 OK",
        ]  # fmt: skip
        assert cells(page, 1)[5:] == ["1,800", "0.000336", "200 OK"]
        assert [cells(page, row)[-1] for row in (2, 3, 4)] == ["Timed out", "Sent", "429 refused"]
        assert page.count.text() == "60 requests"


async def test_cards_sum_up_by_host_and_show_one_alone(session, themes):
    async with page_of(session, themes) as page:
        card = next(one for one in page.cards.cards if one.total.host == "https://api.openai.com")
        assert card.total.requests == 24
        assert "0.0041 USD" in card.accessibleName()
        QTest.mouseClick(card, Qt.MouseButton.LeftButton)
        await page.settled()
        assert page.model.rowCount() == 24
        assert page.hosts.text() == "api.openai.com"
        card = next(one for one in page.cards.cards if one.total.host == "https://api.openai.com")
        assert card.property("chosen")
        QTest.keyClick(card, Qt.Key.Key_Space)
        await page.settled()
        assert page.model.rowCount() == 60
        assert not page.clear.isVisible()


async def test_filters_by_host_and_purpose(session, themes):
    async with page_of(session, themes) as page:
        page.hosts.click()
        await until(page._picker.isVisible)
        page._picker.choose_row(2)
        await page.settled()
        assert page.query.host == "https://production.plaid.com"
        page.purposes.click()
        await until(page._picker.isVisible)
        page._picker.choose_row(2)
        await page.settled()
        assert page.query.purpose == "Read balances that Plaid has"
        assert page.model.rowCount() == 12
        page.show_host("https://relay.example.org")  # which has no such purpose
        await page.settled()
        assert page.query.purpose is None
        page.clear.click()
        await page.settled()
        assert page.model.rowCount() == 60


async def test_one_request_is_shown_whole(session, themes):
    async with page_of(session, themes) as page:
        page.table.selectRow(1)
        entry = page.model.row_at(1).entry
        assert page.detail.isVisible()
        facts = page.detail.facts()
        assert facts["Request"] == "POST /v1/chat/completions"
        assert facts["Hash"] == entry.body_hash.hex()
        assert facts["Size"] == f"{entry.body_length} bytes as sent"
        assert facts["Tokens"] == "1,412 sent, 388 answered"
        assert facts["Cost"] == "0.000336 USD"
        assert "SQ *BLUE HERON BAKERY" in page.detail.body.toPlainText()
        page.detail.views._group.button(1).click()
        assert page.detail.body.toPlainText() == entry.body
        page.table.selectRow(2)
        assert page.detail.facts()["Result"].startswith("Timed out, after")
        assert "Tokens" not in page.detail.facts()
        page.detail._copy()
        assert QGuiApplication.clipboard().text() == page.model.row_at(2).entry.body


async def test_a_cost_that_nobody_counted_is_the_most_that_it_can_be(session, themes):
    async with page_of(session, themes, 5) as page:
        lines = page.context.session.database.ledger.egress.lines
        bound = dataclasses.replace(
            lines[1].entry, prompt_tokens=None, completion_tokens=None, result="cancelled"
        )
        lines[1] = lines[1]._replace(entry=bound)
        page.refresh()
        await page.settled()
        assert cells(page, 1)[6] == "\N{LESS-THAN OR EQUAL TO} 0.000336"
        page.table.selectRow(1)
        assert page.detail.facts()["Cost"] == "at most 0.000336 USD"
        card = next(one for one in page.cards.cards if one.total.host == "https://api.openai.com")
        assert "at most 0.0004 USD" in card.accessibleName()


@pytest.mark.parametrize(("width", "kinds"), [(1280, 5), (980, 5), (1280, 1), (980, 1)])
async def test_a_purpose_has_room_for_its_words(session, themes, width, kinds):
    async with page_of(session, themes) as page:
        ledger = page.context.session.database.ledger.egress
        if kinds == 1:
            ledger.lines = [one for one in ledger.lines if one.entry.cost_micros is None]
            ledger.lines = [one for one in ledger.lines if one.entry.model is None]
        page.window().resize(width, 800 if width == 1280 else 640)
        page.refresh()
        await page.settled()
        table = page.table
        assert table.columnWidth(presenter.PURPOSE) >= 232
        for column in (presenter.TOKENS, presenter.COST):
            assert kinds == 5 or table.isColumnHidden(column)
        shown = [c for c in range(8) if not table.isColumnHidden(c)]
        assert sum(map(table.columnWidth, shown)) <= table.viewport().width()


async def test_escape_leads_back_step_by_step(session, themes):
    async with window_of(session, themes, page=PageName.EGRESS) as window:
        page = window.current_page()
        session.database.ledger.egress.lines = sample_requests(5)
        page.refresh()
        await page.settled()
        page.show_host("https://api.openai.com")
        await page.settled()
        page.table.selectRow(0)
        page._escape()
        assert not page.detail.isVisible()
        page._escape()
        await page.settled()
        assert page.query.host is None
        page._escape()
        assert window.current_page() is window.page(PageName.SETTINGS)
        await window.current_page().settled()


async def test_a_hundred_thousand_are_fetched_by_the_page(session, themes):
    async with page_of(session, themes, 100_000) as page:
        assert page.model.rowCount() == 100_000
        assert len(page.model.loaded_rows()) <= 400
        page.table.scrollToBottom()
        await page.settled()
        assert page.model.row_at(99_999).id == 1
        assert len(page.model.loaded_rows()) < 2_000


async def test_what_leaves_while_it_is_shown_appears_in_place(session, themes):
    async with page_of(session, themes) as page:
        page.table.selectRow(1)
        shown = page.detail.line().id
        fresh = sample_requests(1)[0].entry
        session.database.ledger.egress.record([fresh])
        session.bus.publish(CHANGED)
        await until(lambda: page.model.rowCount() == 61)
        await page.settled()
        assert page.detail.line().id == shown
        assert page.table.currentIndex().row() == 2
        assert page.count.text() == "61 requests"


async def test_other_changes_fetch_nothing_and_a_hidden_page_waits(session, themes, monkeypatch):
    record = session.database.ledger.egress
    sums = Heard()
    summary = record.summary
    monkeypatch.setattr(record, "summary", lambda *args: (sums(), summary(*args))[1])
    async with window_of(session, themes, page=PageName.EGRESS) as window:
        page = window.current_page()
        assert len(sums) == 1
        session.bus.publish(ChangeSet(Actor.SYNC, {Kind.SETTINGS: frozenset()}))
        session.bus.publish(CHANGED)
        await until(lambda: len(sums) == 2)
        await page.settled()
        window.show_page(PageName.SETTINGS)
        await window.current_page().settled()
        record.lines = sample_requests(3)
        session.bus.publish(CHANGED)
        await until(lambda: page._is_stale)
        assert len(sums) == 2
        window.show_page(PageName.EGRESS)
        await page.settled()
        assert page.model.rowCount() == 3
        assert len(sums) == 3


async def test_nothing_has_left(session, themes):
    async with page_of(session, themes, 0) as page:
        assert page.stack.shown() == "nothing"
        assert not page.export.isEnabled()
        assert not page.cards.isVisible()


async def test_when_the_last_is_gone_nothing_of_it_stays(session, themes):
    async with page_of(session, themes) as page:
        page.show_host("https://api.openai.com")
        await page.settled()
        page.table.selectRow(0)
        assert page.detail.isVisible()
        session.database.ledger.egress.lines = []
        session.bus.publish(CHANGED)
        await until(lambda: page.stack.shown() == "nothing")
        await page.settled()
        assert not page.detail.isVisible()
        assert not page.clear.isVisible()
        assert page.count.text() == ""


async def test_a_filter_without_requests_says_so(session, themes):
    async with page_of(session, themes) as page:
        page.show_host("nobody.example")
        await page.settled()
        assert page.stack.shown() == "empty"
        assert page.clear.isVisible()


@pytest.mark.parametrize("ending", [".csv", ".jsonl"])
async def test_the_filtered_requests_are_exported(session, themes, tmp_path, ending):
    async with page_of(session, themes) as page:
        page.show_host("https://api.openai.com")
        await page.settled()
        page.export.click()
        dialog = await opened(page, QFileDialog)
        file = tmp_path / f"out{ending}"
        dialog.fileSelected.emit(str(file))
        await until(file.exists)
        await until(lambda: page.context.notices.text() == f"Wrote 24 requests to out{ending}")
        dialog.reject()
        lines = file.read_text().splitlines()
        if ending == ".jsonl":
            assert {json.loads(line)["host"] for line in lines} == {"https://api.openai.com"}
        assert len(lines) == 24 + (ending == ".csv")
        assert page.export.isEnabled()


async def test_a_place_that_cannot_be_written_is_told(session, themes, tmp_path):
    async with page_of(session, themes) as page:
        page.export_to(tmp_path / "none" / "out.csv")
        await until(page.error.isVisible)
        assert "cannot be written" in page.error.words()[1]
        assert page.export.isEnabled()


async def test_old_entries_are_deleted_after_their_count_was_shown(session, themes):
    async with page_of(session, themes) as page:
        old = [
            line._replace(entry=_at(line.entry, NOW - timedelta(days=100)))
            for line in page.context.session.database.ledger.egress.lines[:7]
        ]
        session.database.ledger.egress.lines = sample_requests(60)[7:] + old
        page.delete.click()
        dialog = await opened(page, ForgetDialog)
        await dialog.settled()
        assert dialog.confirm.text() == "Delete 7"
        dialog.ages._group.button(3).click()
        await dialog.settled()
        assert dialog.words.text().startswith("There is none")
        assert not dialog.confirm.isEnabled()
        dialog.ages._group.button(1).click()
        await dialog.settled()
        dialog.confirm.click()
        await until(lambda: page.findChild(ForgetDialog) is None)
        await page.settled()
        assert page.model.rowCount() == 53
        assert page.context.notices.text() == "The record of 7 requests is deleted."


async def test_a_vault_that_cannot_be_read_is_told(session, themes):
    async with page_of(session, themes) as page:
        session.database.fail_with = VaultDamagedError()
        page.refresh()
        await until(page.error.isVisible)
        assert page.error.words() == VaultDamagedError().rendered()


def test_hosts_without_room_are_one():
    sums = [EgressSum(f"h{n}", "p", n + 1, 0, 10, 0, 0, 0) for n in range(6)]
    totals = presenter.by_host(sums, 3)
    assert [one.title for one in totals] == ["h5", "h4", "4 other hosts"]
    assert sum(one.requests for one in totals) == 21
    assert len(presenter.by_host(sums, 6)) == 6


def _at(entry, instant):
    return dataclasses.replace(entry, at=instant)
