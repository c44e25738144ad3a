"""Markdown that a model wrote: shown as it is meant, and unable to do anything."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QTextCursor, QTextTable
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea

from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.markdown_chunks import Chunk, Mark, chunked
from hive_desktop.ui.kit.mini_bars import MiniBar, MiniBars
from hive_desktop.ui.kit.prose import Prose
from hive_desktop.ui.kit.theme import Scheme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
FIGURE = Mark("$1.20", "figure:r1.total", "Show the rows")


@pytest.fixture
def prose(themes, qtbot):
    made = Prose("Answer")
    qtbot.addWidget(made)
    made.resize(480, 40)
    made.show()
    return made


def shown(prose, *parts):
    prose.show_chunks(chunked(parts))
    return prose.words()


def format_of(prose, words):
    cursor = prose.document().find(words)
    assert not cursor.isNull(), words
    return cursor.charFormat()


def block_of(prose, words):
    return prose.document().find(words).block()


def test_bold_headings_lists_and_code(prose):
    text = "# Title\n\nSome **bold** and *slanted* `code`.\n\n- one\n- two\n\n```\nx = 1\n```\n"
    assert shown(prose, text) == "Title\nSome bold and slanted code.\none\ntwo\nx = 1"
    assert format_of(prose, "bold").fontWeight() > format_of(prose, "Some").fontWeight()
    assert format_of(prose, "slanted").fontItalic()
    assert block_of(prose, "one").textList() is not None
    assert block_of(prose, "one").textList() is block_of(prose, "two").textList()
    assert block_of(prose, "Some").textList() is None
    assert format_of(prose, "x = 1").fontFamilies() != format_of(prose, "Some").fontFamilies()


def test_what_follows_a_list_is_no_item_of_it(prose):
    shown(prose, "- one\n- two\n\nAfter it.")
    assert block_of(prose, "After").textList() is None
    assert block_of(prose, "After").blockFormat().indent() == 0


def test_a_list_goes_on_where_a_paragraph_parted_it(prose):
    shown(prose, "1. first\n\n2. second\n")
    numbers = [block_of(prose, word).textList().itemText(block_of(prose, word)) for word in
               ("first", "second")]  # fmt: skip
    assert numbers == ["1.", "2."]


def test_tables_have_their_figures_at_the_right(prose):
    shown(prose, "| Name | Spent |\n|---|--:|\n| Rent | ", FIGURE, " |\n")
    table = QTextCursor(prose.document().find("Rent")).currentTable()
    assert isinstance(table, QTextTable)
    assert (table.rows(), table.columns()) == (2, 2)
    cell = table.cellAt(1, 1).firstCursorPosition()
    assert cell.blockFormat().alignment() & Qt.AlignmentFlag.AlignRight
    assert format_of(prose, "$1.20").anchorHref() == "figure:r1.total"


@pytest.mark.parametrize(
    "text",
    [
        "<b>bold</b> <script>alert(1)</script>",
        "<img src='https://evil.example/x.png'>",
        "![a picture](https://evil.example/x.png)",
        "[run](javascript:alert(1)) [file](file:///etc/passwd)",
        "<a href='https://evil.example'>here</a>",
        "[x]: https://evil.example\n\n[x]",
        "[x](https://evil.example) [mail](mailto:a@evil.example) <https://evil.example>",
        "[x](\nhttps&colon;//evil.example/?q=1)",
        "[x](\nhttps:\\\\//evil.example/?q=1)",
        "[x](\nhttps:\\//evil.example/?q=1)",
    ],
)
def test_nothing_of_it_can_act(prose, text):
    shown(prose, text)
    block = prose.document().begin()
    while block.isValid():
        fragment = block.begin()
        while not fragment.atEnd():
            told = fragment.fragment().charFormat()
            assert not told.isImageFormat()
            assert not told.anchorHref()
            fragment += 1
        block = block.next()
    assert "\ufffc" not in prose.document().toPlainText()


def test_html_is_shown_as_letters(prose):
    assert shown(prose, "<b>bold</b>") == "<b>bold</b>"


def test_a_link_is_the_words_that_it_holds(prose):
    assert shown(prose, "Look [here **now**](https://example.com/a)") == "Look here now"
    assert not prose.openLinks()


def test_a_figure_is_chosen_by_mouse_and_by_keys(prose, qtbot):
    shown(prose, FIGURE, " was spent.")
    prose.activateWindow()
    qtbot.waitUntil(prose.isActiveWindow, timeout=30_000)
    prose.setFocus()
    QTest.keyClick(prose, Qt.Key.Key_Tab)
    with qtbot.waitSignal(prose.chosen) as heard:
        QTest.keyClick(prose, Qt.Key.Key_Return)
    assert heard.args == ["figure:r1.total"]
    place = prose.cursorRect(prose.document().find("$1.2")).center() - QPoint(4, 0)
    with qtbot.waitSignal(prose.chosen) as heard:
        QTest.mouseClick(prose.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert heard.args == ["figure:r1.total"]


def test_what_is_noted_of_words_stands_beside_them_and_says_why(prose):
    noted = Mark("$99", "figure:r1.total", "Show", note="now $98", note_tip="Its rows changed.")
    assert shown(prose, "About ", noted, ".") == "About $99 (now $98)."
    assert format_of(prose, "$99").isAnchor()
    told = format_of(prose, "now $98")
    assert (told.toolTip(), told.isAnchor()) == ("Its rows changed.", False)


def test_what_is_not_verified_says_so_without_colour(prose):
    assert shown(prose, "About ", Mark("$99", is_flaw=True), ".") == "About $99 (not verified)."
    told = format_of(prose, "$99")
    assert told.underlineStyle() == told.UnderlineStyle.WaveUnderline
    assert not told.isAnchor()


def test_a_name_with_signs_of_markdown_stays_as_it_is(prose):
    assert shown(prose, "At ", Mark("**Joe** <i> | `x`"), ".") == "At **Joe** <i> | `x`."


def test_a_text_cannot_pretend_to_hold_a_figure(prose):
    assert shown(prose, "It was \ue0000\ue001 ", FIGURE) == "It was 0 $1.20"


def test_what_was_there_is_not_painted_again(prose, monkeypatch):
    painted = []
    from hive_desktop.ui.kit import prose as module

    real = module.paint

    def watched(document, chunk, *rest):
        painted.append(chunk.text)
        return real(document, chunk, *rest)

    monkeypatch.setattr(module, "paint", watched)
    first, second = Chunk("One.\n\n"), Chunk("Tw")
    prose.show_chunks([first, second])
    prose.show_chunks([first, Chunk("Two.")])
    prose.show_chunks([first, Chunk("Two.")])
    assert painted == ["One.\n\n", "Tw", "Two."]
    assert prose.words() == "One.\nTwo."


@pytest.mark.parametrize(
    "texts",
    [
        ("| a | b |\n|---|---|\n| 1 | 2 |\n\n", "After.\n\n", "- x\n- y"),
        ("```\ncode\n```\n\n", "```\nmore\n```\n\n", "End."),
        ("- x\n\n", "Text.\n\n", "> quoted"),
    ],
)
def test_a_text_that_grew_reads_as_one_that_was_there_at_once(themes, qtbot, texts):
    whole, grown = Prose("Answer"), Prose("Answer")
    for one in (whole, grown):
        qtbot.addWidget(one)
        one.resize(400, 40)
        one.show()
    chunks = [Chunk(text) for text in texts]
    whole.show_chunks(chunks)
    for end in range(1, len(chunks) + 1):
        for cut in range(1, len(texts[end - 1])):
            grown.show_chunks([*chunks[: end - 1], Chunk(texts[end - 1][:cut])])
        grown.show_chunks(chunks[:end])
    assert grown.words() == whole.words()
    assert grown.height() == whole.height()
    assert grown.document().blockCount() == whole.document().blockCount()


def test_it_is_as_tall_as_its_text_and_leaves_the_wheel(themes, qtbot):
    area = QScrollArea()
    qtbot.addWidget(area)
    area.setWidgetResizable(True)
    prose = Prose("Answer")
    area.setWidget(prose)
    area.resize(300, 200)
    area.show()
    shown(prose, "Words and words. " * 200)
    tall = prose.height()
    assert tall > 400
    area.resize(600, 200)
    qtbot.waitUntil(lambda: prose.height() < tall, timeout=30_000)


def test_the_colours_follow_the_theme(prose, themes):
    shown(prose, "Words, ", FIGURE)
    themes.show_scheme(Scheme.DARK)
    try:
        wanted = QColor(theme.active().colors.text)
        assert format_of(prose, "Words").foreground().color() == wanted
        assert prose.words() == "Words, $1.20"
    finally:
        themes.show_scheme(Scheme.LIGHT)


def test_bars_are_chosen_and_told(themes, qtbot):
    bars = MiniBars("Spending", [MiniBar("Aug", 10, "$10"), MiniBar("Sep", -5, "$-5")])
    qtbot.addWidget(bars)
    bars.resize(300, 130)
    bars.show()
    assert bars.accessibleName() == "Chart, Spending: Aug $10, Sep $-5"
    with qtbot.waitSignal(bars.chosen) as heard:
        QTest.mouseClick(bars, Qt.MouseButton.LeftButton, pos=QPoint(220, 60))
    assert heard.args == [1]
    bars.setFocus()
    QTest.keyClick(bars, Qt.Key.Key_Left)
    assert bars.at() == 0 or bars.accessibleName().endswith("Sep $-5")
