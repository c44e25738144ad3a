"""Theme and language of the screens before the vault: kept beside it, and nothing else."""

import json

import pytest
from PySide6.QtCore import QLocale

from hive_desktop import i18n
from hive_desktop.ui.desktop import Desktop
from hive_desktop.ui.kit.theme import Mode
from hive_desktop.ui.language import SYSTEM, LanguageManager
from hive_desktop.ui.look import FILE, Look, read_look, write_look
from tests.ui.conftest import flush_deletes
from tests.ui.helpers import Heard, until


@pytest.fixture
def english(qapp, monkeypatch):
    monkeypatch.setattr(QLocale, "system", staticmethod(lambda: QLocale("en_US")))
    before = QLocale()
    yield
    LanguageManager().apply("en")
    QLocale.setDefault(before)


@pytest.fixture
def desktop(qloop, lifecycle, themes, tmp_path, english):
    lifecycle.folder = tmp_path
    themes.apply(Mode.SYSTEM)
    made = Desktop(lifecycle, themes, mark=Heard())
    yield made
    qloop.run_until_complete(made.close())
    flush_deletes()
    themes.apply(Mode.LIGHT)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        '{"theme": "pink", "language": "tlh"}',
        '{"theme": ["dark"], "language": {"de": 1}}',
        "[" * 1000,
        '{"theme": "dark", "language": "de", "more": "' + "x" * 5000 + '"}',
        "\udcff",
    ],
)
def test_what_is_odd_is_the_systems_look(tmp_path, content):
    (tmp_path / FILE).write_bytes(content.encode("utf-8", "surrogateescape"))
    assert read_look(tmp_path) == Look(Mode.SYSTEM, SYSTEM)


def test_a_look_is_kept_and_nothing_else(tmp_path):
    assert read_look(tmp_path / "nowhere") == Look()
    write_look(tmp_path / "nowhere", Look(Mode.DARK))
    write_look(tmp_path, Look())
    assert list(tmp_path.iterdir()) == []
    write_look(tmp_path, Look(Mode.DARK, "de"))
    assert read_look(tmp_path) == Look(Mode.DARK, "de")
    assert json.loads((tmp_path / FILE).read_text()) == {"theme": "dark", "language": "de"}
    assert [one.name for one in tmp_path.iterdir()] == [FILE]
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


async def test_the_unlock_screen_looks_and_speaks_as_the_vault_does(desktop, themes):
    await desktop.lifecycle.unlock("correct horse")
    first = desktop.session_window
    first.set_theme(Mode.DARK)
    first.set_language("de")
    await until(lambda: desktop.session_window not in (None, first))
    await desktop.session_window.current_page().settled()
    assert read_look(desktop.lifecycle.folder) == Look(Mode.DARK, "de")
    themes.apply(Mode.LIGHT)
    LanguageManager().apply("en")
    await desktop.lifecycle.lock()
    await until(lambda: desktop.unlock_window is not None)
    assert (themes.mode, i18n.language()) == (Mode.DARK, "de")
    assert desktop.unlock_window.unlock_screen.go_on.text() == "Entsperren"
    assert read_look(desktop.lifecycle.folder) == Look(Mode.DARK, "de")


async def test_a_new_start_looks_as_the_folder_says_unless_a_theme_is_asked_for(desktop, themes):
    write_look(desktop.lifecycle.folder, Look(Mode.DARK, "de"))
    for asked, expected in ((Mode.SYSTEM, Mode.DARK), (Mode.CONTRAST, Mode.CONTRAST)):
        themes.apply(asked)
        again = Desktop(desktop.lifecycle, themes, mark=Heard())
        assert (themes.mode, i18n.language()) == (expected, "de")
        await again.close()


async def test_the_demo_keeps_no_look_in_the_vaults_folder(desktop):
    await desktop.lifecycle.open_demo()
    window = desktop.session_window
    window.set_theme(Mode.DARK)
    await window._session.settings.get("theme", "")
    await window.current_page().settled()
    assert list(desktop.lifecycle.folder.iterdir()) == []
    await desktop.lifecycle.lock()
