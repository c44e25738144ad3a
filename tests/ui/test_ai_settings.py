"""A model is set up, tested, bounded, paused and forgotten from the settings."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from hive_desktop.domain.prices import Price
from hive_desktop.ports.ai import TestResult as Connection
from hive_desktop.ports.category_store import Again
from hive_desktop.ports.errors import AiKeyError, AiOfflineError, BudgetReachedError
from hive_desktop.ports.events import AiState
from hive_desktop.ui.kit.confirm import ConfirmDialog
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.settings.ai_prices import PricesDialog
from hive_desktop.ui.pages.settings.page import Place
from tests.ui.ai_engine import sample_requests
from tests.ui.helpers import opened, until, window_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
KEY = "sk-a-key-that-nobody-sees"


@asynccontextmanager
async def ai_of(session, themes):
    async with window_of(session, themes, page=PageName.SETTINGS) as window:
        window.current_page().show_place(Place.AI)
        yield window.current_page().ai


def server(session):
    return session.ai._maker


def texts_of(root):
    kinds = (QLabel, QLineEdit, QPushButton)
    return [
        (w.text(), w.toolTip(), w.accessibleName()) for k in kinds for w in root.findChildren(k)
    ]


async def set_up(section, *, profile="openai", key=KEY):
    section.setup.click()
    await section.settled()
    section.form.choose(profile)
    section.form.key.setText(key)
    if not section.form.model.text():
        section.form.model.setText("llama3.2")
    section.form.save.click()
    await until(section.test.isVisible)
    await section.settled()


async def test_it_is_off_and_says_what_would_leave(session, themes):
    async with ai_of(session, themes) as section:
        assert section.state.text() == "Off"
        assert "no balances" in section.leaves.text()
        assert section.setup.isVisible()
        assert not section.form.isVisible()
        assert not section.asks.isVisible()
        assert not session.ai.is_set_up


async def test_a_model_is_set_up_and_its_key_never_shown(session, themes):
    async with ai_of(session, themes) as section:
        section.setup.click()
        await section.settled()
        assert section.form.model.text() == "gpt-6-luna"
        assert not section.form.save.isEnabled()  # a key is needed
        section.form.key.setText(KEY)
        section.form.save.click()
        await until(lambda: section.state.text() == "gpt-6-luna")
        assert session.database.ledger.settings["ai.key"] == KEY
        assert section.detail.text() == "OpenAI, api.openai.com"
        assert session.ai_categorize.starts == 1
        section.change.click()
        await section.settled()
        assert section.form.isVisible()
        assert section.form.key.placeholderText() == "A key is stored; type another to replace it"
        assert not [texts for texts in texts_of(section) if any(KEY in text for text in texts)]
        section.form.model.setText("gpt-5.4-mini")
        section.form.save.click()
        await until(lambda: section.state.text() == "gpt-5.4-mini")
        assert session.database.ledger.settings["ai.key"] == KEY  # the same address keeps it


async def test_another_address_gets_no_stored_key(session, themes):
    async with ai_of(session, themes) as section:
        await set_up(section)
        section.change.click()
        await section.settled()
        section.form.address.setText("https://elsewhere.example/v1")
        assert not section.form.save.isEnabled()
        assert section.form.key.placeholderText() == "Key"
        section.form.cancel.click()
        await section.settled()
        assert not section.form.isVisible()
        assert section.state.text() == "gpt-6-luna"


async def test_the_relay_needs_neither_address_nor_key(session, themes):
    async with ai_of(session, themes) as section:
        section.setup.click()
        await section.settled()
        section.form.choose("relay")
        assert not section.form.address.isVisible()
        assert not section.form.key.isVisible()
        section.form.save.click()
        await until(lambda: section.detail.text() == "The relay you are signed in at")


async def test_models_are_listed_before_one_is_chosen(session, themes):
    async with ai_of(session, themes) as section:
        section.setup.click()
        await section.settled()
        form = section.form
        form.choose("ollama")
        assert not form.save.isEnabled()  # no model yet
        assert "list what it offers" in form.hint.text()
        form.listing.click()
        await until(form._models.isVisible)
        form._models.choose_row(0)
        assert form.model.text() == "gpt-5.4-mini"
        server(session).names = []
        form.listing.click()
        await until(section.error.isVisible)
        assert section.error.words()[0] == "The server offers no model"
        server(session).error = AiOfflineError(code="UNREACHABLE")
        form.listing.click()
        await until(lambda: section.error.words() == AiOfflineError(code="UNREACHABLE").rendered())
        assert form.listing.isEnabled()


async def test_an_address_that_cannot_be_used_is_told_in_place(session, themes):
    async with ai_of(session, themes) as section:
        section.setup.click()
        await section.settled()
        section.form.choose("other")
        section.form.address.setText("ftp://models.example/v1")
        section.form.model.setText("m")
        QTest.keyClick(section.form.model, Qt.Key.Key_Return)
        await until(section.error.isVisible)
        assert section.error.words()[1] == "That address cannot be used."
        assert section.form.isVisible()
        assert section.form.save.isEnabled()


@pytest.mark.parametrize("keeps_form", [True, False])
async def test_the_connection_is_tested_in_words(session, themes, keeps_form):
    async with ai_of(session, themes) as section:
        await set_up(section)
        server(session).result = Connection("gpt-6-luna-2026", 1.24, keeps_form)
        server(session).gate.clear()
        section.test.click()
        await until(lambda: not section.test.isEnabled())
        server(session).gate.set()
        await until(section.result.isVisible)
        assert section.result.text().startswith("gpt-6-luna-2026 answered in 1.2 s")
        assert ("does not keep to the form" in section.result.text()) is not keeps_form
        assert section.test.isEnabled()


async def test_a_test_that_fails_says_what_to_do(session, themes):
    async with ai_of(session, themes) as section:
        await set_up(section)
        server(session).error = AiKeyError(code="invalid_api_key")
        section.test.click()
        await until(section.error.isVisible)
        assert section.error.words() == AiKeyError(code="invalid_api_key").rendered()
        assert section.test.isEnabled()
        assert section.test.text() == "Test connection"


async def test_the_budget_is_kept_and_told_beside_what_was_spent(session, themes):
    session.database.ledger.egress.lines = sample_requests(10)
    async with ai_of(session, themes) as section:
        await set_up(section)
        assert section.spent.text() == "0.000672 USD spent this month."
        section.budget.setText("2.5")
        section.budget.editingFinished.emit()
        await until(lambda: session.ai._budget == 2_500_000)
        await until(lambda: "At the bound Hive stops" in section.spent.text())
        await section.settled()
        assert section.budget.text() == "2.50"
        for text in ("much", "-1", "1,5", "0.0000001", "1e99"):
            section.error.hide()
            section.budget.setText(text)
            section.budget.editingFinished.emit()
            assert section.error.isVisible()
            assert section.error.words()[1] == f"{text} is no amount."
        assert session.ai._budget == 2_500_000
        section.budget.setText("")
        section.budget.editingFinished.emit()
        await until(lambda: session.ai._budget is None)


async def test_without_a_price_the_person_is_told(session, themes):
    async with ai_of(session, themes) as section:
        await set_up(section)
        await session.ai.configure("openai", model="gpt-99")
        section.refresh()
        await section.settled()
        assert "No price is known for gpt-99" in section.spent.text()
        section.prices.click()
        dialog = await opened(section.window(), PricesDialog)
        line = dialog.lines[0]
        assert line.name() == "gpt-99"
        line.fields[0].setText("1")
        dialog.keep.click()
        assert dialog.error.isVisible()
        assert dialog.error.words()[1] == "A price of gpt-99 is no amount."
        line.fields[1].setText("0.1")
        line.fields[2].setText("4")
        dialog.keep.click()
        await until(lambda: section.window().findChild(PricesDialog) is None)
        assert session.ai.prices.own == {"gpt-99": Price(1_000_000, 100_000, 4_000_000)}
        await until(lambda: "No price" not in section.spent.text())


async def test_a_model_on_this_computer_costs_nothing_and_wants_no_price(session, themes):
    await session.ai.configure("ollama", model="llama3.2")
    await session.ai.put_budget(1)
    async with ai_of(session, themes) as section:
        await until(lambda: section.state.text() == "llama3.2")
        assert "No price" not in section.spent.text()
        assert section.detail.text() == "Ollama, http://localhost:11434"


async def test_prices_are_added_and_taken_back(session, themes):
    async with ai_of(session, themes) as section:
        await set_up(section)
        await session.ai.put_price("gpt-6-luna", Price(1, 2, 3))
        section.prices.click()
        dialog = await opened(section.window(), PricesDialog)
        line = next(one for one in dialog.lines if one.name() == "gpt-6-luna")
        assert line.fields[0].text() == "0.000001"
        reset = next(b for b in dialog.findChildren(QPushButton) if b.isVisible() and not b.text())
        reset.click()
        assert line.fields[0].text() == "0.10"
        new = dialog.lines[-1]
        new.title.setText("my-model")
        for field in new.fields:
            field.setText("0.25")
        dialog.keep.click()
        await until(lambda: section.window().findChild(PricesDialog) is None)
        assert session.ai.prices.own == {"my-model": Price(250_000, 250_000, 250_000)}


async def test_asking_pausing_and_forgetting(session, themes):
    async with ai_of(session, themes) as section:
        await set_up(section)
        section.asks.click()
        await until(lambda: session.database.ledger.settings.get("ai.asks") == "1")
        section.pause.click()
        await until(lambda: section.pause.text() == "Go on")
        assert session.ai.is_paused
        assert section.detail.text().endswith("Paused")
        section.pause.click()
        await until(lambda: section.pause.text() == "Pause")
        assert not session.ai.is_paused
        section.forget.click()
        dialog = await opened(section.window(), ConfirmDialog)
        dialog.cancel.click()
        await until(lambda: section.window().findChild(ConfirmDialog) is None)
        assert session.ai.is_set_up
        section.forget.click()
        dialog = await opened(section.window(), ConfirmDialog)
        dialog.confirm.click()
        await until(lambda: section.state.text() == "Off")
        assert "ai.key" not in session.database.ledger.settings


async def test_what_was_left_is_asked_again(session, themes):
    async with ai_of(session, themes) as section:
        await set_up(section)
        assert not section.again.isVisible()
        session.database.ledger.categorization.left = 12
        session.ai_categorize.tell(AiState.IDLE, 40, 40)
        await until(section.again.isVisible)
        assert "about 12 merchants and gave no answer" in section.left.text()
        starts = session.ai_categorize.starts
        section.again.click()
        assert session.ai_categorize.starts == starts + 1
        assert session.ai_categorize.again is Again.LEFT
        session.ai_categorize.tell(AiState.RUNNING, 0, 12)
        await until(lambda: not section.again.isEnabled())
        session.database.ledger.categorization.left = 0
        session.ai_categorize.tell(AiState.IDLE, 12, 12)
        await until(lambda: not section.again.isVisible())


async def test_progress_and_errors_of_a_run_are_shown(session, themes):
    async with ai_of(session, themes) as section:
        await set_up(section)
        session.ai_categorize.tell(AiState.RUNNING, 40, 120)
        await until(lambda: "40 of 120 merchants" in section.detail.text())
        session.ai_categorize.tell(AiState.STOPPED, 40, 120, BudgetReachedError(code="BUDGET"))
        await until(lambda: "The month's budget is reached" in section.detail.text())


async def test_what_left_is_reached_from_here(session, themes):
    async with window_of(session, themes, page=PageName.SETTINGS) as window:
        window.current_page().sent.click()
        assert window.current_page() is window.page(PageName.EGRESS)
        await window.current_page().settled()
        await asyncio.sleep(0)
