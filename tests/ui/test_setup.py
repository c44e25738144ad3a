"""The questions of the first run: what is chosen, done, skipped, remembered and asked again."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from hive_desktop.domain.ledger import ItemState
from hive_desktop.ports.errors import AiKeyError, BankConfigError, RelaySignInError
from hive_desktop.services.settings import SETUP_STEP, SettingsService, SetupStep
from hive_desktop.ui.desktop import Desktop
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.setup.done import model_words, source_words
from hive_desktop.ui.pages.setup.model import Helper
from hive_desktop.ui.pages.setup.source import Source
from hive_desktop.ui.session_window import SessionWindow
from tests.ui.fakes import FakeBank, FakeLifecycle
from tests.ui.helpers import Heard, until, window_of
from tests.ui.test_relay_settings import GRANT, Bank, fill

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
PASSPHRASE = "eleven brass kettles"
KEY = "sk-a-key-that-nobody-sees"


class Keys(FakeBank):
    """Takes keys, or refuses them."""

    error = None

    async def configure(self, keys):
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error
        self.keys_host = keys.host


@asynccontextmanager
async def setup_of(session, themes, bank=None):
    if bank is not None:
        object.__setattr__(session, "bank", bank)
    async with window_of(session, themes, page=PageName.SETUP) as window:
        yield window, window.current_page()


def stored(session):
    return session.database.ledger.settings.get(SETUP_STEP)


async def at_step(page, step):
    await until(lambda: page.step is step)
    await page.settled()


async def test_a_new_vault_opens_on_the_setup_and_keeps_its_place(qloop, themes):
    lifecycle = FakeLifecycle(has_vault=False)
    desktop = Desktop(lifecycle, themes, mark=Heard())
    desktop.show()
    unlock = desktop.unlock_window
    unlock._create(PASSPHRASE)
    await unlock.settled()
    lifecycle.settings = lifecycle.session.database.ledger.settings
    lifecycle.session.database.ledger.house.items.clear()
    lifecycle.house = lifecycle.session.database.ledger.house
    unlock.kit.proof.setText(unlock.kit._wanted)
    unlock.kit.go_on.click()
    page = desktop.session_window.current_page()
    assert page is desktop.session_window.page(PageName.SETUP)
    assert page.progress.text() == "1 of 3"
    page.skip()
    await at_step(page, SetupStep.MODEL)
    await until(lambda: lifecycle.settings[SETUP_STEP] == "model")
    await lifecycle.lock()
    await lifecycle.unlock(PASSPHRASE)
    page = desktop.session_window.current_page()
    assert page.step is SetupStep.MODEL
    page.skip()
    page._go_on.click()
    overview = desktop.session_window.page(PageName.OVERVIEW)
    await until(lambda: desktop.session_window.current_page() is overview)
    await until(lambda: lifecycle.settings[SETUP_STEP] == "")
    await lifecycle.lock()
    await lifecycle.unlock(PASSPHRASE)
    window = desktop.session_window
    assert window.current_page() is window.page(PageName.OVERVIEW)
    await window.current_page().settled()
    await desktop.close()


async def test_a_vault_with_banks_and_the_demo_are_not_asked(session):
    settings = session.database.ledger.settings
    settings[SETUP_STEP] = "source"
    service = SettingsService(session.database)
    await service.load()
    assert service.seen(SETUP_STEP, "") == ""
    settings[SETUP_STEP] = "model"
    await service.load()
    assert service.seen(SETUP_STEP, "") == "model"
    session.database.ledger.house.items.clear()
    settings[SETUP_STEP] = "source"
    await service.load()
    assert service.seen(SETUP_STEP, "") == "source"


async def test_keys_are_kept_and_a_bank_is_connected_at_once(session, themes):
    async with setup_of(session, themes, Keys()) as (_, page):
        source = page.source
        assert source.keys.isVisible()
        assert not source.relay.isVisible()
        assert not page._go_on.isEnabled()
        source.keys.client_id.setText("id-1")
        source.keys.secret.setText("secret-1")
        source.keys.save.click()
        way = source.keys_way
        await until(way.connect_button.isVisible)
        assert page._go_on.isEnabled()
        assert not source.keys.isVisible()
        way.connect_button.click()
        await until(lambda: source.link.waiting.isVisible() and session.linking.outcome)
        assert not way.connect_button.isEnabled()
        session.linking.outcome.set_result([session.database.ledger.house.items[0].id])
        await at_step(page, SetupStep.MODEL)
        assert page.progress.text() == "2 of 3"
        await until(lambda: len(session.sync.asked) == 1)


async def test_refused_keys_are_told_in_place(session, themes):
    bank = Keys()
    bank.error = BankConfigError()
    async with setup_of(session, themes, bank) as (_, page):
        form = page.source.keys
        form.client_id.setText("id-1")
        form.secret.setText("secret-1")
        QTest.keyClick(form.secret, Qt.Key.Key_Return)
        await until(page.source.error.isVisible)
        assert page.source.error.words() == bank.error.rendered()
        assert form.client_id.text() == "id-1"
        page.source.choices.select(Source.FILES)
        assert not page.source.error.isVisible()
        assert page._go_on.isEnabled()


async def test_signing_in_at_a_relay_and_what_goes_wrong(session, themes):
    bank = Bank()
    bank.error = RelaySignInError("There is no account with this password.", code="NO")
    async with setup_of(session, themes, bank) as (_, page):
        page.source.choices.select(Source.RELAY)
        form = page.source.relay
        fill(form)
        form.go_on.click()
        await until(page.source.error.isVisible)
        assert page.source.error.words() == bank.error.rendered()
        bank.error = None
        form.go_on.click()
        await until(page.source.relay_way.connect_button.isVisible)
        assert not page.source.error.isVisible()
        assert page._go_on.isEnabled()


async def test_the_chosen_way_is_the_one_a_bank_is_connected_through(session, themes):
    bank = Bank(GRANT)
    bank.keys_host = "production"
    async with setup_of(session, themes, bank) as (_, page):
        assert page.source.choices.value() is Source.RELAY  # what is in force
        page.source.choices.select(Source.KEYS)
        page.source.keys_way.connect_button.click()
        await until(lambda: session.linking.outcome is not None)
        assert not bank.prefers_relay
        page.skip()  # nobody finishes at the bank's page any more
        await until(session.linking.outcome.cancelled)


async def test_the_demo_takes_the_vaults_place(qloop, themes):
    lifecycle = FakeLifecycle()
    lifecycle.settings[SETUP_STEP] = "source"
    desktop = Desktop(lifecycle, themes, mark=Heard())
    desktop.show()
    await lifecycle.unlock("correct horse")
    window = desktop.session_window
    window.show_page(PageName.SETUP)
    page = window.current_page()
    page.source.choices.select(Source.DEMO)
    assert page._go_on.text() == "Open the demo"
    page._go_on.click()
    await until(lambda: lifecycle.session is not None and lifecycle.session.is_demo)
    await until(lambda: desktop.session_window is not None)
    window = desktop.session_window
    assert window.current_page() is window.page(PageName.OVERVIEW)
    await window.current_page().settled()
    await desktop.close()


async def test_where_no_demo_can_be_opened_its_card_leads_nowhere(session, themes):
    async with setup_of(session, themes) as (window, page):
        page.source.choices.select(Source.DEMO)
        assert not page._go_on.isEnabled()
        window.open_demo()
        assert window.current_page() is page


async def test_offline_is_the_first_and_needs_nothing(session, themes):
    async with setup_of(session, themes) as (window, page):
        page.skip()
        await at_step(page, SetupStep.MODEL)
        assert page.model.choices.value() is Helper.NONE
        page._go_on.click()
        await at_step(page, SetupStep.DONE)
        assert not session.ai.is_set_up
        assert page.done.facts[0].text() == "3 banks are connected."
        assert page.done.facts[1].text() == "Hive sorts by itself, on this computer."
        page._settings.click()
        assert window.current_page() is window.page(PageName.SETTINGS)
        await window.current_page().settled()


async def test_a_model_is_set_up_tested_changed_and_let_rest(session, themes):
    async with setup_of(session, themes) as (_, page):
        page.skip()
        await at_step(page, SetupStep.MODEL)
        model = page.model
        model.choices.select(Helper.KEY)
        await model.settled()
        form = model.forms[Helper.KEY]
        assert not form.cancel.isVisible()
        assert not page._go_on.isEnabled()
        form.key.setText(KEY)
        form.save.click()
        await until(model.connection.result.isVisible)
        assert "answered" in model.connection.result.text()
        assert not form.isVisible()
        assert page._go_on.isEnabled()
        model.change.click()
        await until(form.isVisible)
        assert not page._go_on.isEnabled()
        session.ai._maker.error = AiKeyError()
        form.model.setText("gpt-5.4-mini")
        form.save.click()
        await until(model.error.isVisible)
        assert model.error.words() == AiKeyError().rendered()
        session.ai._maker.error = None
        await model.settled()
        model.choices.select(Helper.NONE)
        await model.settled()
        assert "will be paused" in model.state.text()
        page._go_on.click()
        await at_step(page, SetupStep.DONE)
        assert session.ai.is_paused
        assert "is paused" in page.done.facts[1].text()


async def test_a_local_model_names_its_own_server(session, themes):
    async with setup_of(session, themes) as (_, page):
        page.skip()
        page.model.choices.select(Helper.LOCAL)
        await page.settled()
        assert "localhost" in page.model.forms[Helper.LOCAL].address.text() or (
            "127.0.0.1" in page.model.forms[Helper.LOCAL].address.text()
        )


async def test_a_key_that_was_not_kept_is_forgotten(session, themes):
    async with setup_of(session, themes) as (_, page):
        page.skip()
        page.model.choices.select(Helper.KEY)
        page.model.forms[Helper.KEY].key.setText(KEY)
        page.go_back()
        assert page.step is SetupStep.SOURCE
        assert page.model.forms[Helper.KEY].key.text() == ""


async def test_keys_walk_through_it(session, themes):
    async with setup_of(session, themes) as (window, page):
        window.activateWindow()
        await until(window.isActiveWindow)
        button = page.source.choices._group.checkedButton()
        assert window.focusWidget() is button
        QTest.keyClick(button, Qt.Key.Key_Down)
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Down)
        assert page.source.choices.value() is Source.FILES
        QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        await at_step(page, SetupStep.MODEL)
        assert window.focusWidget() is page.model.choices._group.checkedButton()
        QTest.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        await at_step(page, SetupStep.SOURCE)
        assert not page._back.isVisible()


async def test_two_clicks_at_once_are_one_step(session, themes):
    async with setup_of(session, themes) as (_, page):
        page.source.choices.select(Source.FILES)
        page._go_on.click()
        page._go_on.click()
        await page.settled()
        assert page.step is SetupStep.MODEL


async def test_an_error_comes_into_sight(session, themes):
    async with setup_of(session, themes, Keys()) as (window, page):
        window.resize(980, 640)
        page.source.choices.select(Source.RELAY)
        await page.settled()
        bar = page._scroll.verticalScrollBar()
        bar.setValue(bar.maximum())
        assert bar.value() > 0
        page.source.error.show_error(BankConfigError())
        await until(lambda: not page.source.error.visibleRegion().isEmpty())


async def test_settings_run_it_again(session, themes):
    session.database.ledger.settings[SETUP_STEP] = ""
    async with window_of(session, themes, page=PageName.SETTINGS) as window:
        window.current_page().about.setup.click()
        page = window.current_page()
        assert page is window.page(PageName.SETUP)
        assert page.step is SetupStep.SOURCE
        await until(lambda: stored(session) == "source")
        assert isinstance(window, SessionWindow)
        await page.settled()


def test_the_words_of_the_end(house):
    bank = FakeBank()
    open_one = [house.items[0]]
    assert source_words(open_one, bank) == f"{house.items[0].institution} is connected."
    assert source_words([], bank).startswith("No bank is connected")
    bank.keys_host = "sandbox"
    assert source_words([], bank).startswith("Your Plaid keys are kept")
    bank.grant = GRANT
    assert source_words([], bank).startswith("You are signed in")
    assert ItemState.CLOSED not in {one.state for one in open_one}


def test_the_words_of_a_model():
    class Status:
        profile, model, is_paused = "openai", "gpt-6-luna", False

    assert (
        model_words(Status()) == "Hive sorts by itself, and asks gpt-6-luna where it is not sure."
    )


async def test_enter_goes_on_from_the_first_choice_of_each_step(session, themes):
    async with setup_of(session, themes, Keys()) as (window, page):
        window.activateWindow()
        await until(window.isActiveWindow)
        first = page.source.choices._group.button(0)
        assert window.focusWidget() is first
        QTest.keyClick(first, Qt.Key.Key_Return)
        assert page.step is SetupStep.SOURCE, "its form is not filled in yet"
        assert page.source.keys.isAncestorOf(window.focusWidget())
        page.source.choices.select(Source.FILES)
        page.source.choices.focus()
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Enter)
        await at_step(page, SetupStep.MODEL)
        assert window.focusWidget() is page.model.choices._group.button(0)
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
        await at_step(page, SetupStep.DONE)
        assert window.focusWidget() is page._go_on
