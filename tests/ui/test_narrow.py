"""The narrowest window, in German, whose words are long: nothing is squeezed or cut unsaid."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from hive_desktop.domain.days import Period
from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.markdown_chunks import Chunk
from hive_desktop.ui.kit.period_picker import PeriodPicker
from hive_desktop.ui.kit.prose import Prose
from hive_desktop.ui.kit.segmented import Segmented
from hive_desktop.ui.language import LanguageManager
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.chat.welcome import Welcome
from tests.ui.helpers import until, window_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
SIZE = (980, 640)


@pytest.fixture(params=["en", "de"])
def language(request, qapp):
    languages = LanguageManager()
    languages.apply(request.param)
    yield
    languages.apply("en")


async def test_switches_of_the_overview_have_their_room(session, themes, language):
    async with window_of(session, themes) as window:
        window.resize(*SIZE)
        picker, topbar = window.findChild(PeriodPicker), window.shell.topbar
        for period in (Period.MONTH, Period.YEAR, Period.WEEK):
            picker.set_period(period)
            await window.current_page().settled()
            await until(
                lambda: all(
                    one.width() >= one.sizeHint().width()
                    for one in window.findChildren(Segmented)
                    if one.isVisible()
                )
            )
            assert picker.width() >= picker.sizeHint().width(), period
        assert not topbar.search.isVisible(), "a week's words take its room"
        window.focus_search()
        assert topbar.search.isVisible()
        assert topbar.search.hasFocus() or not window.isActiveWindow()
        window.show_page(PageName.OVERVIEW)
        window.resize(1280, 800)
        await until(topbar.search.isVisible)
        await window.current_page().settled()


def test_a_question_that_is_too_long_says_so_and_is_told_whole(themes, qtbot):
    asked = []
    welcome = Welcome()
    qtbot.addWidget(welcome)
    welcome.chosen.connect(asked.append)
    long = "Wie viel habe ich im Oktober 2026 bei Little Acorns Preschool & Söhne ausgegeben?"
    welcome.resize(440, 600)
    welcome.show_questions([long, "Was war es?"], has_model=True)
    first, second = welcome.buttons
    assert first.text().endswith("…")
    assert first.sizeHint().width() <= welcome.width()
    assert "Preschool" in first.toolTip()
    assert second.text() == "Was war es?"
    assert second.toolTip() == ""
    assert long in first.accessibleName()
    first.click()
    assert asked == [long]
    welcome.show()
    welcome.resize(1200, 600)
    assert first.text() == long.replace("&", "&&")
    assert first.toolTip() == ""


def test_an_answer_with_the_keyboard_has_a_line_under_it_and_no_frame(themes, qtbot):
    prose = Prose("Answer")
    qtbot.addWidget(prose)
    prose.show_chunks([Chunk("One."), Chunk("Two.")])
    prose.resize(300, prose.sizeHint().height())
    prose.show()
    prose.activateWindow()
    prose.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(prose.hasFocus, timeout=30_000)
    image = prose.grab().toImage()
    accent = QColor(theme.active().colors.accent_text)
    middle, bottom = image.height() // 2, image.height() - 1
    assert image.pixelColor(image.width() // 2, bottom) == accent
    assert image.pixelColor(0, middle) != accent
    assert image.pixelColor(image.width() - 1, middle) != accent
