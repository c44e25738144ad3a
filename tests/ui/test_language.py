"""The window in another language: texts, formats, Qt's own menus, live and from the start."""

import asyncio

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, Qt
from PySide6.QtWidgets import QApplication

from hive_desktop import i18n
from hive_desktop.services.settings import LANGUAGE
from hive_desktop.services.upkeep import Compacted
from hive_desktop.ui import language
from hive_desktop.ui.desktop import Desktop
from hive_desktop.ui.language import SYSTEM, LanguageManager, locale_of, name_of
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.settings.page import Place
from tests.ui.conftest import flush_deletes
from tests.ui.helpers import Heard, until


@pytest.fixture
def languages(qapp, monkeypatch):
    monkeypatch.setattr(QLocale, "system", staticmethod(lambda: QLocale("en_US")))
    before = QLocale()
    made = LanguageManager()
    yield made
    made.apply("en")
    QLocale.setDefault(before)


@pytest.fixture
def desktop(qloop, lifecycle, themes, languages):
    made = Desktop(lifecycle, themes, mark=Heard())
    yield made
    qloop.run_until_complete(made.close())
    flush_deletes()


def test_german_speaks_german_writes_german_and_so_do_qts_menus(languages):
    languages.apply("de")
    assert i18n.language() == "de"
    assert i18n.tr("Settings") == "Einstellungen"
    assert QLocale().language() == QLocale.Language.German
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Abbrechen"
    assert QApplication.layoutDirection() == Qt.LayoutDirection.LeftToRight
    languages.apply("en")
    assert i18n.tr("Settings") == "Settings"
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"


def test_what_is_not_spoken_is_the_systems_choice(languages):
    languages.apply("tlh")
    assert languages.choice == SYSTEM


@pytest.mark.parametrize(
    ("system", "code", "expected"),
    [
        ("de_AT", "de", "de_AT"),
        ("en_GB", "en", "en_GB"),
        ("de_DE", "en", "en_DE"),
        ("en_US", "de", "de_DE"),
        ("C", "de", "de_DE"),
    ],
)
def test_the_locale_is_the_systems_where_it_can_be(monkeypatch, system, code, expected):
    class Fixed(QLocale):
        @staticmethod
        def system():
            return QLocale(system)

    monkeypatch.setattr(language, "QLocale", Fixed)
    assert locale_of(code).name() == expected


def test_languages_are_named_in_themselves():
    assert {name_of(code) for code in i18n.languages()} == {"English", "Deutsch"}


async def test_the_window_changes_its_language_at_once_on_the_same_page(desktop):
    await desktop.lifecycle.unlock("correct horse")
    first = desktop.session_window
    first.show_page(PageName.SETTINGS)
    await first.current_page().settled()
    first.current_page().show_place(Place.APPEARANCE)
    first.current_page().appearance.language.choose("de")
    await until(lambda: desktop.session_window not in (None, first))
    window = desktop.session_window
    assert window.current_name is PageName.SETTINGS
    assert window.current_page().title == "Einstellungen"
    await window.current_page().settled()
    appearance = window.current_page().appearance
    assert appearance.language.value() == "de"
    assert window.current_page().places.value() is Place.APPEARANCE
    assert window.current_page().stack.shown() == "appearance"
    assert window.focusWidget() is appearance.language
    assert await window._session.settings.get(LANGUAGE, "") == "de"
    await desktop.lifecycle.lock()
    await until(lambda: desktop.unlock_window is not None)
    assert i18n.language() == "en", "a folder that keeps no look has the system's language"
    await desktop.lifecycle.unlock("correct horse")
    await until(lambda: desktop.session_window is not None)
    assert i18n.language() == "de"
    await desktop.lifecycle.lock()


async def test_a_running_sync_is_not_ended_by_another_language(desktop, monkeypatch):
    await desktop.lifecycle.unlock("correct horse")
    window = desktop.session_window
    monkeypatch.setattr(window.sync_panel, "is_running", lambda: True)
    window.set_language("de")
    await until(lambda: "opened again" in window.toast.text())
    assert desktop.session_window is window
    await desktop.lifecycle.lock()


async def test_a_wait_at_a_banks_page_is_not_ended_by_another_language(desktop):
    await desktop.lifecycle.unlock("correct horse")
    window = desktop.session_window
    window.connect_bank()
    link = window.current_page().link
    await until(lambda: window._session.linking.outcome is not None)
    window.set_language("de")
    await until(lambda: "opened again" in window.toast.text())
    assert desktop.session_window is window
    assert link.is_waiting()
    link.cancel()
    await until(lambda: not link.is_waiting())
    window.set_language("en")
    await until(lambda: desktop.session_window not in (None, window))
    await desktop.lifecycle.lock()


async def test_compacting_and_exports_are_not_ended_by_another_language(desktop, monkeypatch):
    await desktop.lifecycle.unlock("correct horse")
    window = desktop.session_window
    begun, go = asyncio.Event(), asyncio.Event()

    async def waits(*_args):
        begun.set()
        await go.wait()
        return Compacted(2, 1)

    monkeypatch.setattr(type(window._session.upkeep), "compact", waits)
    window.show_page(PageName.SETTINGS)
    await window.current_page().settled()
    window.current_page().data._begin()
    await begun.wait()
    window.set_language("de")
    await until(lambda: "opened again" in window.toast.text())
    assert desktop.session_window is window
    go.set()
    await until(lambda: not window._scope.names() & {"compact"})
    await window.current_page().settled()
    await desktop.lifecycle.lock()
