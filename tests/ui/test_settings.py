"""Settings take effect at once and are kept."""

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPdfWriter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from hive_desktop.ports.errors import VaultDamagedError, WrongKeyError
from hive_desktop.services.licences import parts
from hive_desktop.services.schedule import Pause
from hive_desktop.services.settings import HIDE_AT_START
from hive_desktop.ui.kit import money, theme
from hive_desktop.ui.kit.passphrase import NewPassphrase
from hive_desktop.ui.kit.theme import Mode, active
from hive_desktop.ui.kit.tokens import CONTRAST_DARK, CONTRAST_LIGHT, DARK
from hive_desktop.ui.kit.widgets import Button
from hive_desktop.ui.kit.wording import foldable, size_words
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.settings.licences_dialog import LicencesDialog
from hive_desktop.ui.pages.settings.page import Place
from hive_desktop.ui.recovery import RecoveryKitView, in_lines
from tests.ui.conftest import flush_deletes
from tests.ui.fakes import FakeBank, make_session
from tests.ui.helpers import Heard, opened, until, window_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
PAGE = PageName.SETTINGS
NEW = "eleven brass kettles"


class _Bank(FakeBank):
    async def configure(self, keys):
        self.keys_host, self.keys = keys.host, keys


async def _open(lifecycle):
    await lifecycle.unlock("correct horse")
    return lifecycle.session


async def test_theme_is_shown_and_kept(lifecycle, themes):
    session = await _open(lifecycle)
    async with window_of(session, themes, lifecycle=lifecycle, page=PAGE) as window:
        window.set_theme(Mode.DARK)
        assert theme.active().is_dark
        await until(lambda: session.database.ledger.settings.get("theme") == "dark")
    themes.apply(Mode.LIGHT)
    again = make_session()
    again.database.ledger.settings["theme"] = "dark"
    await again.settings.load()
    async with window_of(again, themes, lifecycle=lifecycle, page=PAGE) as window:
        assert theme.active().is_dark
        assert window.current_page().appearance.theme.value() is Mode.DARK


async def test_high_contrast_is_switched_live_in_settings_and_by_a_command(lifecycle, themes):
    session = await _open(lifecycle)
    async with window_of(session, themes, lifecycle=lifecycle, page=PAGE) as window:
        chosen = window.current_page().appearance.theme
        contrast = next(one for one in chosen.findChildren(Button) if "contrast" in one.text())
        contrast.click()
        assert theme.active().colors in (CONTRAST_LIGHT, CONTRAST_DARK)
        ground = window.grab().toImage().pixelColor(400, 300).name().upper()
        assert ground == theme.active().colors.window
        commands = {each.key: each for each in window.commands}
        commands["theme:dark"].run()
        assert theme.active().colors is DARK
        commands["theme:contrast"].run()
        assert theme.active().text_ratio == 7.0
        await until(lambda: session.database.ledger.settings.get("theme") == "contrast")
    themes.apply(Mode.LIGHT)


async def test_idle_lock_is_kept(lifecycle, themes):
    session = await _open(lifecycle)
    async with window_of(session, themes, lifecycle=lifecycle, page=PAGE) as window:
        window.set_autolock(30)
        assert 29 * 60_000 < window.autolock.remaining_ms() < 31 * 60_000
        window.set_autolock(0)
        assert window.autolock.remaining_ms() == -1
        await until(lambda: session.database.ledger.settings.get("autolock_minutes") == "0")


async def test_all_of_the_passphrase_form_is_seen_in_a_small_window(lifecycle, themes):
    session = await _open(lifecycle)
    async with window_of(session, themes, lifecycle=lifecycle, page=PAGE) as window:
        window.resize(980, 640)
        window.current_page().show_place(Place.SECURITY)
        form = window.current_page().security.form
        form.open()
        await window.current_page().settled()
        assert form.new.height() >= form.new.sizeHint().height()


async def test_passphrase_is_changed(lifecycle, themes):
    session = await _open(lifecycle)
    async with window_of(session, themes, lifecycle=lifecycle, page=PAGE) as window:
        window.current_page().show_place(Place.SECURITY)
        security = window.current_page().security
        form = security.form
        form.open()
        form.current.setText("wrong")
        form.new.first.setText(NEW)
        assert not form.save.isEnabled()
        form.new.second.setText(NEW)
        form.save.click()
        await until(security.error.isVisible)
        assert security.error.words() == WrongKeyError().rendered()
        assert form.current.text() == ""
        form.current.setText("correct horse")
        form.new.first.setText(NEW)
        form.new.second.setText(NEW)
        form.rekey.setChecked(True)
        form.save.click()
        await until(lambda: lifecycle.passphrase == NEW)
        assert lifecycle.rekeyed
        await until(lambda: not form.isVisible())


async def test_a_new_recovery_kit_is_shown_once(lifecycle, themes, tmp_path):
    session = await _open(lifecycle)
    async with window_of(session, themes, lifecycle=lifecycle, page=PAGE) as window:
        window.current_page().show_place(Place.SECURITY)
        security = window.current_page().security
        security.new_kit.click()
        await until(security.kit.isVisible)
        view = security.kit.findChild(RecoveryKitView)
        view.save_to(tmp_path / "kit.txt")
        assert "HIVE-NEWK-2222" in (tmp_path / "kit.txt").read_text()
        assert (tmp_path / "kit.txt").stat().st_mode & 0o777 == 0o600
        assert not view.go_on.isEnabled()
        paper = QPdfWriter(str(tmp_path / "kit.pdf"))
        view.print_to(paper)
        del paper
        assert (tmp_path / "kit.pdf").read_bytes().startswith(b"%PDF")
        view.proof.setText("XXXX")
        assert not view.go_on.isEnabled()
        view.proof.setText(view._wanted)
        view.go_on.click()
        assert not security.kit.isVisible()
        assert view._text.text() == ""


async def test_keychain_goes_on_and_off(lifecycle, themes):
    session = await _open(lifecycle)
    async with window_of(session, themes, lifecycle=lifecycle, page=PAGE) as window:
        button = window.current_page().security.keychain
        button.click()
        await until(lambda: lifecycle.has_slot and button.text() == "Remove")
        button.click()
        await until(lambda: not lifecycle.has_slot and button.text() == "Allow")


async def test_a_computer_without_a_keychain_is_told_in_place(lifecycle, themes, monkeypatch):
    async def nowhere():
        return False

    monkeypatch.setattr(lifecycle, "keychain_available", nowhere)
    session = await _open(lifecycle)
    async with window_of(session, themes, lifecycle=lifecycle, page=PAGE) as window:
        security = window.current_page().security
        await until(lambda: "no keychain" in security._keychain_words.text())
        assert not security.keychain.isEnabled()


async def test_plaid_keys_are_kept_and_leave_the_screen(lifecycle, themes):
    session = await _open(lifecycle)
    object.__setattr__(session, "bank", _Bank())
    async with window_of(session, themes, lifecycle=lifecycle, page=PAGE) as window:
        bank = window.current_page().bank
        assert bank.state.text() == "Not set up"
        bank.form.client_id.setText("id-1")
        bank.form.secret.setText("secret-1")
        bank.form.host.select("sandbox")
        bank.form.save.click()
        await until(lambda: bank.state.text() == "Sandbox")
        assert (bank.form.client_id.text(), bank.form.secret.text()) == ("", "")


async def test_the_demo_has_no_keys_to_manage(qloop, themes):
    async with window_of(make_session(is_demo=True), themes, page=PAGE) as window:
        page = window.current_page()
        assert page.bank is None
        assert not hasattr(page.security, "change")


async def test_the_schedule_is_chosen_and_kept(session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        sync = window.current_page().sync
        assert sync.every.value() == 240
        buttons = sync.every._group.buttons()
        assert [button.text() for button in buttons] == [
            "15 min", "30 min", "1 h", "4 h", "12 h", "Day", "Off",
        ]  # fmt: skip
        buttons[0].click()
        await until(lambda: session.schedule.status.minutes == 15)
        buttons[-1].click()
        await until(lambda: session.schedule.status.pause is Pause.OFF)
        session.schedule.show(minutes=720)
        assert sync.every.value() == 720
        session.schedule.show(minutes=45)
        assert sync.other.text() == "Every 45 minutes now."


async def test_metered_connections_by_mouse_and_key(session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        switch = window.current_page().sync.metered
        assert switch.isChecked()
        switch.click()
        await until(lambda: not session.schedule.status.on_metered)
        QTest.keyClick(switch, Qt.Key.Key_Space)
        await until(lambda: session.schedule.status.on_metered)


async def test_a_schedule_that_cannot_be_kept_goes_back(session, themes):
    session.schedule.fail_with = VaultDamagedError()
    async with window_of(session, themes, page=PAGE) as window:
        sync = window.current_page().sync
        sync.every._group.button(0).click()
        await until(sync.error.isVisible)
        assert sync.every.value() == 240


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("short", "At least 10 characters"),
        ("aaaaaaaaaaaa", "Too easy to guess. Repeats"),
        ("password12345", "Too easy to guess"),
        ("correct horse battery staple", "Strong"),
    ],
)
async def test_the_meter_says_how_hard_a_passphrase_is_to_guess(qapp, text, words):
    field = NewPassphrase(lambda: None)
    field.first.setText(text)
    await until(lambda: field._hint.text().startswith(words))
    assert (field._bar.value() > 80) is (words == "Strong")
    assert field._bar.property("tone") == ("income" if words == "Strong" else "danger")


async def test_the_meters_colour_follows_the_strength(qapp, themes):
    field = NewPassphrase(lambda: None)
    field.resize(400, 200)
    seen = {}
    for tone, text in (("danger", "aaaaaaaaaaaa"), ("income", "correct horse battery staple")):
        field.first.setText(text)
        await until(lambda tone=tone: field._bar.property("tone") == tone)
        field._bar.setValue(100)
        image = field._bar.grab().toImage()
        seen[tone] = image.pixelColor(image.width() // 2, image.height() // 2).name()
    colors = active().colors
    assert seen == {"danger": colors.danger.lower(), "income": colors.income.lower()}
    field.deleteLater()


def test_a_kit_stands_in_lines_of_three_groups_and_stays_the_same_text():
    kit = "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GGGG"
    assert in_lines(kit).splitlines() == ["AAAA-BBBB-CCCC-", "DDDD-EEEE-FFFF-", "GGGG"]
    assert in_lines(kit).replace("\n", "") == kit


def test_a_wrong_group_of_the_kit_says_so(qapp):
    done = Heard()
    view = RecoveryKitView(done)
    view.show_kit("AAAA-BBBB-CCCC-DDDD", asks=1)
    view.proof.setText("bb")
    assert view._wrong.isHidden()
    view._finish()
    assert view._wrong.text() == "That is not group 2. Compare it with what you kept."
    view.proof.setText("bbb")
    assert view._wrong.isHidden()
    view.proof.setText("dddd")
    assert not view._wrong.isHidden()
    assert view._wrong.text() == "That is group 4; group 2 is asked for."
    view.proof.setText("bbbb")
    assert view._wrong.isHidden()
    assert not done.calls
    view._finish()
    assert done.calls
    view.deleteLater()


async def test_the_list_walks_by_keys(session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        window.activateWindow()
        await until(window.isActiveWindow)
        line = page.places._group.button(0)
        assert window.focusWidget() is line
        seen = [page.stack.shown()]
        for _ in range(len(Place)):
            QTest.keyClick(window.focusWidget(), Qt.Key.Key_Down)
            seen.append(page.stack.shown())
        assert seen == [*Place, Place.ABOUT]  # the end is the end
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Up)
        assert page.stack.shown() == Place.SHORTCUTS
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Home)
        assert (page.stack.shown(), page.places.value()) == (Place.BANKS, Place.BANKS)


async def test_every_shortcut_of_the_window_is_listed(session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.show_place(Place.SHORTCUTS)
        words = {each.text() for each in page.stack.findChildren(QLabel) if each.isVisible()}
        assert {each.name for each in window.commands if each.keys} <= words


async def test_amounts_are_hidden_at_each_start_where_wanted(session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        assert not money.are_hidden()
        window.current_page().security.hides.click()
        await until(lambda: session.database.ledger.settings.get(HIDE_AT_START) == "1")
        assert not money.are_hidden()  # from the next start on
    again = make_session()
    again.database.ledger.settings.update({HIDE_AT_START: "1", "hide_amounts": "0"})
    await again.settings.load()
    async with window_of(again, themes, page=PAGE) as window:
        assert money.are_hidden()
        assert window.current_page().security.hides.isChecked()
        window.set_hidden(hidden=False)
        assert not money.are_hidden()


async def test_sizes_are_told_and_the_vault_made_compact(session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.show_place(Place.DATA)
        data = page.data
        assert data.total.text() == "60.7 MB"
        assert "48.3 MB" in data._parts.text()
        assert "9.1 MB" in data._free.text()
        session.database.gate.clear()
        data.compact.click()
        await until(data.progress.isVisible)
        assert not data.compact.isEnabled()
        assert data.progress.words().startswith("Gathering")
        session.database.gate.set()
        await until(lambda: not data.progress.isVisible())
        await data.settled()
        assert "would free nothing" in data._free.text()
        assert not data.compact.isEnabled(), "there is nothing to gain"


async def test_a_compaction_that_fails_is_told_in_place(session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.show_place(Place.DATA)
        session.database.gate.clear()
        page.data.compact.click()
        await until(page.data.progress.isVisible)
        session.database.fail_with = VaultDamagedError()
        session.database.gate.set()
        await until(page.data.error.isVisible)
        assert page.data.error.words() == VaultDamagedError().rendered()
        assert not page.data.progress.isVisible()
        assert page.data.compact.isEnabled()


async def test_the_licences_name_every_package(session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.show_place(Place.ABOUT)
        page.about.licences.click()
        dialog = await opened(page, LicencesDialog)
        words = {each.text() for each in dialog.findChildren(QLabel)}
        assert {"alembic", "PySide6_Essentials"} & words
        assert {each.name for each in parts()} <= words
        assert all(each.version and each.licence for each in parts())
        dialog.reject()
        await until(lambda: page.findChild(LicencesDialog) is None)


def test_sizes_and_paths_in_words():
    assert size_words(48_300_000) == "48.3 MB"
    assert foldable("/home/mira").replace("\N{ZERO WIDTH SPACE}", "") == "/home/mira"


async def test_locking_while_the_vault_is_compacted_is_clean(lifecycle, themes, monkeypatch):
    session = await _open(lifecycle)

    async def never(*_args):
        await asyncio.Event().wait()

    monkeypatch.setattr(type(session.upkeep), "compact", never)
    async with window_of(session, themes, lifecycle=lifecycle, page=PAGE) as window:
        data = window.current_page().data
        data._begin()
        await until(lambda: not data.progress.isHidden())
        window.shut()
        flush_deletes()  # the work is told of its end after its widgets are gone
