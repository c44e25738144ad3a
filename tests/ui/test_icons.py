"""Every icon that is named has a drawing, and takes the colour it is given."""

import ast
import importlib.util
import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

import hive_desktop.ui
from hive_desktop.services.licences import parts
from hive_desktop.ui.kit import icons
from hive_desktop.ui.kit.widgets import Button
from hive_desktop.ui.pages.categories.words import DRAWINGS
from tests.ui.household import household

_UI = Path(hive_desktop.ui.__file__).parent
# All that vaults made by an earlier version can name.
_STORED = (
    "alert",
    "arrow-down-left",
    "arrow-right",
    "arrow-up-right",
    "bank",
    "book",
    "calendar",
    "car",
    "card",
    "check",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "circle",
    "clock",
    "copy",
    "dollar-sign",
    "dot",
    "download",
    "eye-off",
    "eye",
    "file-text",
    "film",
    "folder",
    "heart",
    "history",
    "hive",
    "house",
    "inbox",
    "info",
    "key",
    "layout",
    "link",
    "list",
    "lock",
    "merge",
    "message",
    "more",
    "pause",
    "piggy",
    "plane",
    "play",
    "plus",
    "refresh",
    "repeat",
    "search",
    "settings",
    "shopping-bag",
    "spark",
    "tag",
    "trash",
    "trend",
    "undo",
    "user",
    "utensils",
    "wifi-off",
    "x",
)


@pytest.fixture
def right_to_left(qapp):
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_each_category_can_be_drawn():
    offered = [name for name, _ in DRAWINGS]
    assert len(offered) == len(set(offered)) == 50
    wanted = [*(each.icon for each in household().categories), *offered, *_STORED]
    assert [name for name in wanted if not icons.exists(name)] == []
    assert not icons.exists("nothing-here")


def test_drawings_that_are_offered_differ(qapp):
    # An image is kept while its bits are read: they are no one's without it.
    images = [icons.pixmap(name, "#000000", 24, 1.0).toImage() for name, _ in DRAWINGS]
    assert len({image.constBits().tobytes() for image in images}) == len(DRAWINGS)


def test_no_name_that_is_ours_hides_a_drawing_of_the_same_name():
    unneeded = [ours for ours, lucide in icons._DRAWINGS.items() if ours == lucide]
    assert unneeded == []
    assert [one for one in icons._DRAWINGS.values() if icons._drawn(one) is None] == []


def test_icons_named_in_the_code_exist():
    looks = "primary|secondary|danger|plain|link|chip"
    pattern = re.compile(
        rf'(?:Icon|EmptyState|icons\.pixmap|icons\.icon|set_icon)\(\s*"([a-z0-9-]+)"'
        rf'|Button\([^)]*?"(?:{looks})",\s*"([a-z0-9-]+)"'
    )
    named = set()
    for path in _UI.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for found in pattern.findall(text):
            named |= {name for name in found if name}
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.keyword) and node.arg == "icon":
                strings = [each for each in ast.walk(node.value) if isinstance(each, ast.Constant)]
                named |= {each.value for each in strings if isinstance(each.value, str)}
    assert len(named - {""}) > 25
    assert {name for name in named - {""} if not icons.exists(name)} == set()


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_icons_take_their_colour_and_scale(qapp, ratio):
    picture = icons.pixmap("plus", "#FF0000", 16, ratio)
    assert picture.width() == 16 * ratio
    image = picture.toImage()
    middle = image.pixelColor(image.width() // 2, image.height() // 2)
    assert (middle.red(), middle.green(), middle.blue()) == (255, 0, 0)
    assert image.pixelColor(0, 0).alpha() == 0


@pytest.mark.parametrize("name", ["nothing-here", "../../etc/passwd", "", "'; DROP TABLE icons --"])
def test_an_unknown_icon_is_a_circle(qapp, name):
    expected = icons.pixmap("circle", "#00FF00", 16, 1.0).toImage()
    assert icons.pixmap(name, "#00FF00", 16, 1.0).toImage() == expected


_CACHES = (icons._library, icons._source, icons._painted, icons._tell_missing)


@pytest.fixture
def anew():
    for cache in _CACHES:
        cache.cache_clear()
    yield
    for cache in _CACHES:
        cache.cache_clear()


def _are_circles(caplog):
    drawn = icons.pixmap("plus", "#00FF00", 16, 1.0).toImage()
    assert drawn == icons.pixmap("minus", "#00FF00", 16, 1.0).toImage()
    assert drawn.pixelColor(8, 1).alpha() > 100
    told = [each.getMessage() for each in caplog.records]
    assert len(told) == 1
    assert "icons are missing" in told[0]
    caplog.clear()


def test_without_the_package_icons_are_circles_and_it_is_told_once(
    qapp, monkeypatch, caplog, anew, tmp_path
):
    package = importlib.util.find_spec("lucide")
    shutil.copytree(Path(package.origin).parent / "data", tmp_path / "data")
    monkeypatch.chdir(tmp_path)  # what lies there is nobody's package
    monkeypatch.setattr(icons.importlib.util, "find_spec", lambda _name: None)
    _are_circles(caplog)


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100, None])
def test_damaged_drawings_are_circles_and_it_is_told_once(
    qapp, monkeypatch, caplog, anew, tmp_path, content
):
    (tmp_path / "data").mkdir()
    if content is not None:
        (tmp_path / "data" / "lucide-icons.db").write_bytes(content)
    spec = SimpleNamespace(origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(icons.importlib.util, "find_spec", lambda _name: spec)
    _are_circles(caplog)


def _shown(name) -> QImage:
    return icons.pixmap(name, "#000000", 32, 1.0).toImage()


def test_arrows_along_the_line_are_mirrored(qapp, right_to_left):
    mirrored = {name: _shown(name) for name in ("chevron-left", "chevron-right", "search", "undo")}
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    across = Qt.Orientation.Horizontal
    for name, image in mirrored.items():
        as_ever = _shown(name)
        assert (image == as_ever) == (name == "search"), name
        if name != "search":
            assert _near(image.flipped(across), as_ever), name
    assert _near(mirrored["chevron-left"], _shown("chevron-right"))


def test_a_button_follows_the_direction(qapp, themes):
    button = Button("", "plain", "chevron-left", name="Back")
    before = button.icon().pixmap(16, 16).toImage()
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        assert button.icon().pixmap(16, 16).toImage() != before
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert button.icon().pixmap(16, 16).toImage() == before


def test_the_licences_name_the_drawings():
    told = {part.name: part.licence for part in parts()}
    assert told["python-lucide"] == "MIT"
    assert told["Lucide icons"].startswith("ISC")


def _near(one: QImage, other: QImage) -> bool:
    """Tell whether two pictures are the same but for the edges' smoothing."""
    return all(
        abs(one.pixelColor(x, y).alpha() - other.pixelColor(x, y).alpha()) < 48
        for x in range(one.width())
        for y in range(one.height())
    )
