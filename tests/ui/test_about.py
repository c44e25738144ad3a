"""About: updates, the report that is shown before it is saved, and reports of crashes."""

import json
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QWidget

from hive_desktop import i18n
from hive_desktop.config import UpdateSource
from hive_desktop.domain.releases import Release
from hive_desktop.logs.crashes import CrashStore
from hive_desktop.ports.diagnostics import Finding, Result
from hive_desktop.ports.errors import UpdateError, VaultDamagedError, WrongKeyError
from hive_desktop.ports.events import UpdateFound
from hive_desktop.services.diagnostics import Checkup
from hive_desktop.services.updates import KNOWN, ON, Update
from hive_desktop.ui.desktop import Desktop
from hive_desktop.ui.kit.confirm import ConfirmDialog
from hive_desktop.ui.kit.widgets import Button
from hive_desktop.ui.language import LanguageManager
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.settings.page import Place
from hive_desktop.ui.report_dialog import ReportDialog
from tests.ui import doctoring
from tests.ui.fakes import FakeClock, make_session
from tests.ui.helpers import Heard, opened, until, window_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
PAGE = PageName.SETTINGS
SOURCE = UpdateSource("https://updates.hive.example/release.json", {"hive-1": "x"})
RELEASE = Release(
    version="0.2.0", released="2026-11-26", notes="Quicker.", page="https://hive.example/0.2.0",
    minimum={}, issued=datetime(2026, 11, 26, tzinfo=UTC), expires=datetime(2027, 1, 1, tzinfo=UTC),
    key="hive-1",
)  # fmt: skip


def with_(session, **parts):
    for name, part in parts.items():
        object.__setattr__(session, name, part)
    return session


def with_crashes(session, folder, count=1, *, untold=False):
    store = CrashStore(folder)
    names = [
        store.keep("Python error", [f"  at elsewhere:{n}"], "window", untold=untold)
        for n in range(count)
    ]
    with_(session, diagnostics=doctoring.diagnostics(session.database, FakeClock(), folder))
    return names


async def about_of(window):
    page = window.current_page()
    page.show_place(Place.ABOUT)
    await page.settled()
    return page.about


async def test_the_report_is_shown_whole_copied_and_saved_as_it_is_shown(session, themes, tmp_path):
    async with window_of(session, themes, page=PAGE) as window:
        about = await about_of(window)
        about.diagnostics.click()
        dialog = await opened(window.current_page(), ReportDialog)
        await until(dialog.save.isEnabled)
        report = dialog.view.toPlainText()
        assert "transactions: about 10,000" in report
        assert "ok: integrity: Every page of the ledger can be read" in report
        assert "Qt 6.11.3 shows windows by xcb." in report
        assert str(session.folder) not in report
        assert "mira" not in report
        assert dialog.found.text().startswith("Connections: 3; that wait for you: 1;")
        dialog.copy.click()
        assert QGuiApplication.clipboard().text() == report
        dialog.save_to(tmp_path / "report.txt")
        assert (tmp_path / "report.txt").read_text(encoding="utf-8") == report
        assert (tmp_path / "report.txt").stat().st_mode & 0o077 == 0
        dialog.save_to(tmp_path / "nowhere" / "report.txt")
        assert not dialog.error.isHidden()
        dialog.reject()
        await until(lambda: window.current_page().findChild(ReportDialog) is None)


async def test_what_needs_the_person_stands_above_the_report(session, themes, monkeypatch):
    broken = Finding("seal", Result.PROBLEM, "Another program has changed the vault's header.",
                     "Take a backup back, from before this began.")  # fmt: skip

    async def examine():
        return Checkup([broken], {})

    monkeypatch.setattr(session.diagnostics, "examine", examine)
    async with window_of(session, themes, page=PAGE) as window:
        about = await about_of(window)
        about.diagnostics.click()
        dialog = await opened(window.current_page(), ReportDialog)
        await until(dialog.save.isEnabled)
        assert dialog.found.text() == " ".join(broken.in_english())
        dialog.reject()


async def test_nothing_can_be_saved_before_it_is_seen_and_closing_ends_the_look(
    session, themes, monkeypatch
):
    async with window_of(session, themes, page=PAGE) as window:
        about = await about_of(window)
        session.database.gate.clear()

        async def never():
            await session.database.gate.wait()

        monkeypatch.setattr(session.diagnostics, "examine", never)
        about.diagnostics.click()
        dialog = await opened(window.current_page(), ReportDialog)
        assert not dialog.save.isEnabled()
        assert not dialog.copy.isEnabled()
        assert dialog.note.text().startswith("Looking whether all is well")
        dialog.reject()
        await until(lambda: "doctor" not in window._scope.names())


async def test_a_look_that_fails_is_told_in_the_dialog(session, themes, monkeypatch):
    async def fails():
        raise VaultDamagedError

    monkeypatch.setattr(session.diagnostics, "examine", fails)
    async with window_of(session, themes, page=PAGE) as window:
        about = await about_of(window)
        about.diagnostics.click()
        dialog = await opened(window.current_page(), ReportDialog)
        await until(lambda: not dialog.error.isHidden())
        assert not dialog.save.isEnabled()
        dialog.reject()


async def test_this_build_has_no_address_for_updates_and_says_so(session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        about = await about_of(window)
        for control in (about.asks, about.check, about.page):
            assert not control.isVisibleTo(about), "nothing to press in vain"
        words = about.update_words.text()
        assert words.startswith("This build of Hive knows no address to ask.")


async def test_what_a_report_is_for_is_its_main_action(themes, qapp):
    parent = QWidget()
    dialog = ReportDialog(parent, "Report", "report.txt", "all of it")
    try:
        dialog.open()
        close, copy, save = dialog.findChildren(QPushButton, options=Qt.FindDirectChildrenOnly)
        assert [one.text() for one in (close, copy, save)] == ["Close", "Copy", "Save to a file"]
        looks = [one.property("look") for one in (close, copy, save)]
        assert looks == ["secondary", "secondary", "primary"]
        assert save.isDefault()
        assert dialog.focusWidget() is dialog.view
        order = [dialog.view]
        while (after := order[-1].nextInFocusChain()) is not dialog.view:
            order.append(after)
        assert [one for one in order if one in (close, copy, save)] == [close, copy, save]
        QTest.keyClick(dialog.view, Qt.Key.Key_Return)
        (files,) = dialog.findChildren(QFileDialog)
        files.reject()
        QTest.keyClick(dialog.view, Qt.Key.Key_Escape)
        assert not dialog.isVisible()
    finally:
        parent.deleteLater()


async def test_in_another_language_it_says_that_the_report_is_english(themes, qapp):
    languages = LanguageManager()
    said = {}
    try:
        for code in ("en", "de"):
            languages.apply(code)
            parent = QWidget()
            dialog = ReportDialog(parent, "Report", "report.txt", "all of it")
            words = [one.text() for one in dialog.findChildren(QLabel)]
            said[code] = i18n.tr("The report is in English, so that anybody can help you.") in words
            parent.deleteLater()
    finally:
        languages.apply("en")
    assert said == {"en": False, "de": True}


def with_updates(session, answer=None):
    web = doctoring.FakeWeb()
    made = doctoring.updates(session.settings, session.bus, FakeClock(), source=SOURCE, web=web)

    async def check():
        if isinstance(answer, Exception):
            raise answer
        return answer

    if answer is not None:
        made.check = check
    return with_(session, updates=made)


async def test_asking_each_day_is_off_until_it_is_wanted(session, themes):
    with_updates(session)
    async with window_of(session, themes, page=PAGE) as window:
        about = await about_of(window)
        assert not about.asks.isChecked()
        words = " ".join(each.text() for each in about.findChildren(type(about.update_words)))
        assert "one request goes to updates.hive.example" in words
        about.asks.click()
        await until(lambda: session.database.ledger.settings.get(ON) == "1")
        about.asks.click()
        await until(lambda: session.database.ledger.settings.get(ON) == "0")


async def test_a_newer_version_is_told_with_a_link_and_nothing_is_installed(
    session, themes, monkeypatch
):
    with_updates(session, Update(FakeClock().now(), RELEASE))
    seen = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: seen.append(url.toString()))
    async with window_of(session, themes, page=PAGE) as window:
        about = await about_of(window)
        assert about.page.isHidden()
        assert about.update_words.text() == "Not asked yet."
        about.check.click()
        await until(lambda: not about.page.isHidden())
        assert about.update_words.text() == "Hive 0.2.0 is out.\nQuicker."
        about.page.click()
        assert seen == [RELEASE.page]


async def test_one_that_needs_a_newer_system_says_so(session, themes):
    with_updates(session, Update(FakeClock().now(), RELEASE, is_fit=False))
    async with window_of(session, themes, page=PAGE) as window:
        about = await about_of(window)
        about.check.click()
        await until(lambda: "needs a newer system" in about.update_words.text())


async def test_what_was_said_last_is_shown_without_asking(session, themes):
    kept = {"asked_at": FakeClock().now().isoformat()}
    with_updates(session).database.ledger.settings[KNOWN] = json.dumps(kept)
    async with window_of(session, themes, page=PAGE) as window:
        about = await about_of(window)
        assert about.update_words.text() == "This is the newest."


async def test_a_check_that_fails_is_told_and_can_be_tried_again(session, themes):
    with_updates(session, UpdateError("The address for updates gave no usable answer ({code}).",
                                      code="UNREACHABLE"))  # fmt: skip
    async with window_of(session, themes, page=PAGE) as window:
        about = await about_of(window)
        about.check.click()
        await until(lambda: not about.error.isHidden())
        assert "UNREACHABLE" in about.error.words()[1]
        assert about.check.isEnabled()


async def test_the_window_hears_of_a_newer_version_wherever_it_is(session, themes):
    async with window_of(session, themes, page=PageName.OVERVIEW) as window:
        session.bus.publish(UpdateFound("0.2.0"))
        await until(lambda: window.toast.text() == "Hive 0.2.0 is out")


async def test_reports_of_crashes_are_counted_shown_and_deleted(session, themes, tmp_path):
    with_crashes(session, tmp_path, 2)
    async with window_of(session, themes, page=PAGE) as window:
        about = await about_of(window)
        assert about.crash_words.text().startswith("2 are kept on this computer.")
        about.crashes.click()
        dialog = await opened(window.current_page(), ReportDialog)
        assert dialog.view.toPlainText().count("Kind: Python error") == 2
        dialog.reject()
        about.delete_crashes.click()
        (await opened(window.current_page(), ConfirmDialog)).cancel.click()
        await until(lambda: window.current_page().findChild(ConfirmDialog) is None)
        assert CrashStore(tmp_path).count() == 2
        assert about.crash_words.text().startswith("2 are kept on this computer.")
        about.delete_crashes.click()
        (await opened(window.current_page(), ConfirmDialog)).confirm.click()
        await until(lambda: not about.crashes.isEnabled())
        assert CrashStore(tmp_path).count() == 0
        assert about.crash_words.text() == "There are none."
        assert not about.crashes.isEnabled()


async def test_an_unexpected_end_is_told_once_with_its_report(session, themes, tmp_path):
    names = with_crashes(session, tmp_path, untold=True)
    assert CrashStore(tmp_path).untold() == names
    known = []
    async with window_of(session, themes) as window:
        assert window.crash_banner is None
        window.tell_ended(names, lambda: known.append(True))
        banner = window.crash_banner
        assert banner.isVisible()
        assert banner.words()[0] == "Hive ended unexpectedly last time"
        assert "Nothing was sent" in banner.words()[1]
        banner.again.click()
        dialog = await opened(window, ReportDialog)
        assert "Kind: Python error" in dialog.view.toPlainText()
        assert banner.isVisible()
        dialog.reject()
        await until(lambda: not banner.isVisible())
        assert known == [True]
        assert CrashStore(tmp_path).count() == 1  # it stays until it is deleted
        assert CrashStore(tmp_path).untold() == []


async def test_the_report_of_an_unexpected_end_can_be_deleted_unseen(session, themes, tmp_path):
    names = with_crashes(session, tmp_path, 2)
    known = []
    async with window_of(session, themes) as window:
        window.tell_ended(names[:1], lambda: known.append(True))
        window.crash_banner.other.click()
        (await opened(window.crash_banner, ConfirmDialog)).cancel.click()
        await until(lambda: window.crash_banner.findChild(ConfirmDialog) is None)
        assert window.crash_banner.isVisible()
        assert CrashStore(tmp_path).count() == 2
        window.crash_banner.other.click()
        (await opened(window.crash_banner, ConfirmDialog)).confirm.click()
        await until(lambda: not window.crash_banner.isVisible())
        assert known == [True]
        assert [one.name for one in CrashStore(tmp_path).all()] == names[1:]


async def test_the_first_window_tells_it_and_the_one_after_a_lock_does_not(
    lifecycle, themes, tmp_path
):
    desktop = Desktop(lifecycle, themes, mark=Heard())
    try:
        desktop.ended = ["crash-20261127T100000Z-00.txt"]
        await lifecycle.unlock("correct horse")
        banner = desktop.session_window.crash_banner
        await desktop.session_window.current_page().settled()
        assert banner.isVisible()
        await lifecycle.lock()
        await lifecycle.unlock("correct horse")  # it was not dealt with yet
        await desktop.session_window.current_page().settled()
        close = [each for each in desktop.session_window.crash_banner.findChildren(Button)
                 if each.accessibleName() == "Dismiss"]  # fmt: skip
        close[0].click()
        await lifecycle.lock()
        await lifecycle.unlock("correct horse")
        await desktop.session_window.current_page().settled()
        assert desktop.session_window.crash_banner is None
    finally:
        await desktop.close()


@pytest.mark.parametrize(
    ("error", "offered"), [(VaultDamagedError(), True), (WrongKeyError(), False)]
)
async def test_a_vault_that_does_not_open_offers_the_report(
    lifecycle, themes, monkeypatch, error, offered
):
    async def fails(_passphrase):
        raise error

    clock = FakeClock()
    lifecycle.diagnostics = doctoring.diagnostics(make_session().database, clock)
    monkeypatch.setattr(lifecycle, "unlock", fails)
    desktop = Desktop(lifecycle, themes, mark=Heard())
    try:
        desktop.show()
        window = desktop.unlock_window
        window.unlock_screen.passphrase.setText("correct horse")
        window.unlock_screen.go_on.click()
        await until(lambda: not window.error.isHidden())
        assert window.error.again.isVisible() is offered
        if offered:
            window.error.again.click()
            dialog = await opened(window, ReportDialog)
            await until(dialog.save.isEnabled)
            assert dialog.view.toPlainText().startswith("Hive report, made ")
            dialog.reject()
            await until(lambda: window.findChild(ReportDialog) is None)
    finally:
        await desktop.close()
