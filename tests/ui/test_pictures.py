"""Pictures of all pages: there, sized, in both themes, not empty, and the same every time."""

import pytest
from PySide6.QtGui import QImage

from hive_desktop.ports.errors import EnvironmentFaultError
from hive_desktop.ui.kit import theme, tokens
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pictures import render_pages, render_screens
from hive_desktop.ui.resident_pictures import render_resident
from tests.ui.fakes import FakeLifecycle

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def _colors_in(path):
    image = QImage(str(path))
    return {
        image.pixelColor(x, y).name()
        for x in range(0, image.width(), 7)
        for y in range(0, image.height(), 7)
    }


async def test_each_page_in_each_theme(session, themes, tmp_path):
    saved = await render_pages(session, tmp_path)
    assert [path.name for path in saved] == [
        f"{page.value}-{mode}.png" for mode in ("light", "dark") for page in PageName
    ]
    for path in saved:
        image = QImage(str(path))
        assert (image.width(), image.height()) == (1280, 800)
        colors = tokens.DARK if "dark" in path.name else tokens.LIGHT
        found = _colors_in(path)
        assert colors.window.lower() in found
        assert len(found) > 12
    bars = _colors_in(tmp_path / "overview-light.png")
    assert tokens.LIGHT.bar_income.lower() in bars
    assert not theme.active().is_dark


async def test_pictures_repeat(session, themes, tmp_path):
    pages = (PageName.OVERVIEW, PageName.TRANSACTIONS)
    images = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        saved = await render_pages(session, tmp_path / name, themes=("light",), pages=pages)
        images.append([path.read_bytes() for path in saved])
    assert images[0] == images[1]


async def test_screens_before_the_vault(themes, tmp_path):
    saved = await render_screens(FakeLifecycle(has_vault=False), tmp_path, themes=("dark",))
    assert len(saved) == 7
    assert all(len(_colors_in(path)) > 8 for path in saved)


@pytest.mark.parametrize("size", [(1280, 800), pytest.param((980, 640), marks=pytest.mark.full)])
async def test_what_surrounds_the_window(session, themes, tmp_path, size):
    saved = await render_resident(session, tmp_path, themes=("light", "dark"), size=size)
    names = [path.stem.rpartition("-")[0].removeprefix("resident-") for path in saved]
    assert names[: len(names) // 2] == names[len(names) // 2 :]
    assert set(names) == {
        "settings-appearance", "settings-appearance-end", "settings-notifications",
        "settings-notifications-refused", "settings-notifications-end", "settings-about",
        "settings-about-end", "crash-banner", "report-looking", "report", "quick-add",
        "settings-local-api", "new-client", "client-secret",
    }  # fmt: skip
    for path in saved:
        image = QImage(str(path))
        if "settings" in path.name or "banner" in path.name:
            assert (image.width(), image.height()) == size
        assert len(_colors_in(path)) > 5, path
    before, refused = (
        (tmp_path / f"resident-settings-notifications{what}-light.png").read_bytes()
        for what in ("", "-refused")
    )
    assert refused != before


async def test_a_folder_that_is_not_there_is_told(session, themes, tmp_path):
    with pytest.raises(EnvironmentFaultError) as caught:
        await render_pages(session, tmp_path / "none", pages=(PageName.SETTINGS,))
    assert "settings-light.png" in str(caught.value)
