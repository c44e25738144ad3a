"""Settings take effect at once and are kept."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPdfWriter
from PySide6.QtTest import QTest

from hive_desktop.ports.errors import VaultDamagedError, WrongKeyError
from hive_desktop.services.schedule import Pause
from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.passphrase import NewPassphrase
from hive_desktop.ui.kit.theme import Mode
from hive_desktop.ui.page import PageName
from hive_desktop.ui.recovery import RecoveryKitView, breakable
from tests.ui.fakes import FakeBank, make_session
from tests.ui.helpers import until, window_of

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
        assert window.current_page().theme.value() is Mode.DARK


async def test_idle_lock_is_kept(lifecycle, themes):
    session = await _open(lifecycle)
    async with window_of(session, themes, lifecycle=lifecycle, page=PAGE) as window:
        window.set_autolock(30)
        assert 29 * 60_000 < window.autolock.remaining_ms() < 31 * 60_000
        window.set_autolock(0)
        assert window.autolock.remaining_ms() == -1
        await until(lambda: session.database.ledger.settings.get("autolock_minutes") == "0")


async def test_passphrase_is_changed(lifecycle, themes):
    session = await _open(lifecycle)
    async with window_of(session, themes, lifecycle=lifecycle, page=PAGE) as window:
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


async def test_plaid_keys_are_kept_and_leave_the_screen(lifecycle, themes):
    session = await _open(lifecycle)
    object.__setattr__(session, "bank", _Bank())
    async with window_of(session, themes, lifecycle=lifecycle, page=PAGE) as window:
        bank = window.current_page().bank
        assert bank.state.text() == "Not set up"
        bank.client_id.setText("id-1")
        bank.secret.setText("secret-1")
        bank.host.select("sandbox")
        bank.save.click()
        await until(lambda: bank.state.text() == "Sandbox")
        assert (bank.client_id.text(), bank.secret.text()) == ("", "")


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


def test_a_kit_can_wrap_and_stays_the_same_text():
    kit = "HIVE-AAAA-BBBB"
    assert breakable(kit).replace("\N{ZERO WIDTH SPACE}", "") == kit
