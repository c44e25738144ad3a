"""Every icon that is named has a drawing, and takes the colour it is given."""

import re
from pathlib import Path

import pytest

import hive_desktop.ui
from hive_desktop.config import resources_dir
from hive_desktop.ui.kit import icons
from tests.ui.household import household

_FOLDER = resources_dir() / "icons"
_UI = Path(hive_desktop.ui.__file__).parent


def test_each_default_category_has_a_drawing():
    missing = [c.icon for c in household().categories if not (_FOLDER / f"{c.icon}.svg").is_file()]
    assert not missing


def test_icons_named_in_the_code_exist():
    looks = "primary|secondary|danger|plain|link|chip"
    pattern = re.compile(
        rf'(?:Icon|EmptyState)\(\s*"([a-z-]+)"|Button\([^)]*?"(?:{looks})",\s*"([a-z-]+)"'
    )
    named = set()
    for path in _UI.rglob("*.py"):
        for found in pattern.findall(path.read_text(encoding="utf-8")):
            named |= {name for name in found if name}
    assert len(named) > 10
    assert not {name for name in named if not (_FOLDER / f"{name}.svg").is_file()}


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_icons_take_their_colour_and_scale(qapp, ratio):
    picture = icons.pixmap("plus", "#FF0000", 16, ratio)
    assert picture.width() == 16 * ratio
    image = picture.toImage()
    middle = image.pixelColor(image.width() // 2, image.height() // 2)
    assert (middle.red(), middle.green(), middle.blue()) == (255, 0, 0)
    assert image.pixelColor(0, 0).alpha() == 0


@pytest.mark.parametrize("name", ["nothing-here", "../../etc/passwd", ""])
def test_an_unknown_icon_is_a_circle(qapp, name):
    expected = icons.pixmap("circle", "#00FF00", 16, 1.0).toImage()
    assert icons.pixmap(name, "#00FF00", 16, 1.0).toImage() == expected
