"""Long tables and fences that grow: only their end is laid out again, and they look like whole."""

import pytest
from PySide6.QtGui import QTextCursor, QTextTable

from hive_desktop.ui.kit import markdown_parts
from hive_desktop.ui.kit import prose as prose_module
from hive_desktop.ui.kit.markdown_chunks import Mark, chunked
from hive_desktop.ui.kit.markdown_grid import spread
from hive_desktop.ui.kit.markdown_parts import grows_by_lines, parts
from hive_desktop.ui.kit.prose import Prose

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def table(rows):
    head = "| Name | Spent | Count |\n|---|--:|:-:|\n"
    return head + "".join(f"| Merchant {n} | £{n * 37}.50 | {n} |\n" for n in range(rows))


def fence(lines):
    return "```python\n" + "".join(f"line {n}\n\n" for n in range(lines)) + "```\n"


TEXTS = {
    "table": table(20),
    "table behind words": f"Here it is:\n{table(20)}\nAnd more.\n",
    "table before words": f"{table(7)}Total 12\n\nMore.\n",
    "fence": fence(60),
    "fence behind words": f"Here it is:\n{fence(60)}After it.\n\nMore.\n",
    "open fence": fence(60).removesuffix("```\n"),
    "tildes": fence(60).replace("```python", "~~~~").replace("```", "~~~~"),
    "no table": table(9).replace("|---|--:|:-:|", "|---|--:|"),
    "bars in a head": table(9).replace("| Name |", r"| Na\|me |"),
    "two": f"{table(9)}\n{fence(30)}\n{table(9)}\n{fence(30)}",
}


@pytest.fixture
def make(themes, qtbot):
    def made(width=480):
        one = Prose("Answer")
        qtbot.addWidget(one)
        one.resize(width, 40)
        one.show()
        return one

    return made


def tables(prose):
    frames = prose.document().rootFrame().childFrames()
    return [one for one in frames if isinstance(one, QTextTable)]


def widths(grid):
    return [one.rawValue() for one in grid.format().columnWidthConstraints()]


@pytest.mark.parametrize("name", TEXTS)
def test_what_grew_is_what_it_is_at_once(make, name):
    text = TEXTS[name]
    whole, grown = make(), make()
    whole.show_chunks(chunked([text]))
    for end in range(1, len(text), 7):
        grown.show_chunks(chunked([text[:end]]))
    grown.show_chunks(chunked([text]))
    assert grown.words() == whole.words()
    assert grown.height() == whole.height()
    assert [one.rows() for one in tables(grown)] == [one.rows() for one in tables(whole)]
    assert [widths(one) for one in tables(grown)] == [widths(one) for one in tables(whole)]


@pytest.mark.parametrize("name", TEXTS)
def test_the_words_are_those_of_the_text(make, name, monkeypatch):
    parted = make()
    parted.show_chunks(chunked([TEXTS[name]]))
    monkeypatch.setattr(markdown_parts, "ROWS", 10_000)
    monkeypatch.setattr(markdown_parts, "LINES", 10_000)
    whole = make()
    whole.show_chunks(chunked([TEXTS[name]]))
    assert parted.words() == whole.words()
    rows = sum(one.rows() for one in tables(parted))
    assert rows == sum(one.rows() for one in tables(whole))


def test_only_the_end_of_a_table_is_painted_again(make, monkeypatch):
    painted = []
    paint = prose_module.paint

    def watched(document, chunk, *rest):
        painted.append(chunk.text.count("\n"))
        return paint(document, chunk, *rest)

    monkeypatch.setattr(prose_module, "paint", watched)
    for text, most in ((table(60), markdown_parts.ROWS + 2), (fence(200), 22)):
        prose = make()
        painted.clear()
        for end in range(60, len(text) + 40, 40):
            prose.show_chunks(chunked([text[:end]]))
        assert max(painted) <= most
        assert len(painted) <= 2 * len(text) / 40


def test_all_of_it_is_laid_out_once(make):
    prose, sizes = make(), []
    prose.document().documentLayout().documentSizeChanged.connect(sizes.append)
    prose.show_chunks(chunked([table(30)]))
    assert len(sizes) <= 2, "not for each of its cells"


def test_columns_are_as_wide_in_all_parts(make):
    prose = make(640)
    rows = [f"| {'wide ' * n} | {n} |\n" for n in (1, 2, 1, 9, 1, 1, 1)]
    text = "| a | b |\n|---|---|\n" + "".join(rows)
    for end in range(1, len(text) + 5, 5):
        prose.show_chunks(chunked([text[:end]]))
    first, *others = tables(prose)
    assert others
    assert {tuple(widths(one)) for one in others} == {tuple(widths(first))}
    assert sum(widths(first)) <= prose.viewport().width()


def test_a_table_is_no_wider_than_the_text_when_the_window_shrinks(make):
    prose = make(900)
    long = (
        "| a | b | c |\n|---|---|---|\n"
        + "| one two three four five six | £1.00 | many words |\n" * 9
    )
    prose.show_chunks(chunked([long]))
    before = widths(tables(prose)[0])
    prose.resize(300, prose.height())
    assert all(sum(widths(one)) <= 300 for one in tables(prose))
    prose.resize(900, prose.height())
    assert widths(tables(prose)[-1]) == before


def test_marks_stand_in_the_part_that_they_are_of(make):
    made = []
    for n in range(20):
        made += [f"| Merchant {n} | ", Mark(f"£{n}.00", f"figure:r1.{n}", "Show"), " |\n"]
    prose = make()
    prose.show_chunks(
        chunked(["| Name | ", Mark("Spent", "figure:r1.head"), " |\n|---|--:|\n", *made])
    )
    for n in (0, 9, 19):
        assert prose.document().find(f"£{n}.00").charFormat().anchorHref() == f"figure:r1.{n}"
    heads = prose.words().count("Spent")
    assert heads == 1


def test_a_part_that_changes_takes_what_follows_along(make):
    prose = make()
    prose.show_chunks(chunked([fence(60), "\nAfter."]))
    prose.show_chunks(chunked([fence(60).replace("line 30", "other"), "\nAfter."]))
    assert "other" in prose.words()
    assert "line 30" not in prose.words()
    assert prose.words().endswith("After.")
    assert len(prose.document().rootFrame().childFrames()) == 1
    prose.show_chunks(chunked(["Nothing."]))
    assert prose.words() == "Nothing."


def test_code_that_looks_like_a_table_stays_code(make):
    text = f"```\n{table(12)}```\n"
    prose = make()
    prose.show_chunks(chunked([text]))
    assert tables(prose) == []
    assert prose.words().count("|---|") == 1


def test_where_a_text_is_parted():
    assert [one.is_next for one in parts(table(7))] == [False, True, True]
    assert [one.text for one in parts("Words | with | bars\nand more")] == [
        "Words | with | bars\nand more"
    ]
    assert grows_by_lines("| a |\n|---|\n")
    assert grows_by_lines("Here:\n```\nx")
    assert not grows_by_lines("| a |\nb")
    assert not grows_by_lines("    | a |\n    |---|\n")


def test_narrow_columns_keep_what_they_need():
    assert spread([100, 50], 200) == [100, 50]
    assert spread([100, 50], 0) == [100, 50]
    assert spread([400, 50, 300], 300) == [125, 50, 125]


def test_a_selection_over_parts_is_copied_whole(make):
    prose = make()
    prose.show_chunks(chunked([table(9)]))
    prose.selectAll()
    cursor = QTextCursor(prose.textCursor())
    assert cursor.selectedText().count("Merchant") == 9
