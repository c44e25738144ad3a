"""The tokens keep their promises: contrast, one source, no colour left out."""

import re
from dataclasses import asdict

import pytest
from PySide6.QtGui import QFont, QFontDatabase, QFontInfo

from hive_desktop.ports.errors import EnvironmentFaultError
from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.theme import DARK, LIGHT, Mode, Type, contrast
from tests.ui.household import household

_GROUNDS = ("window", "sidebar", "surface", "hover")
_TEXTS = ("text", "text_muted", "text_faint", "accent_text", "income", "danger", "warning")
_PAIRS = (
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("text", "selection"),
    ("text_muted", "selection"),
    ("income", "selection"),
    ("text_muted", "pressed"),
    ("text_faint", "pressed"),
    ("accent_text", "accent_soft"),
    ("income", "income_soft"),
    ("danger", "danger_soft"),
    ("text_muted", "danger_soft"),
    ("warning", "warning_soft"),
    ("text", "accent_soft"),
    ("on_toast", "toast"),
    ("toast_action", "toast"),
)


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_text_has_contrast_on_every_ground(colors):
    pairs = [(text, ground) for text in _TEXTS for ground in _GROUNDS] + list(_PAIRS)
    weak = {
        (text, ground): round(contrast(getattr(colors, text), getattr(colors, ground)), 2)
        for text, ground in pairs
        if contrast(getattr(colors, text), getattr(colors, ground)) < 4.5
    }
    assert not weak


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_bars_stand_out_from_the_card(colors):
    assert contrast(colors.bar_income, colors.surface) > 1.8
    assert contrast(colors.bar_spent, colors.surface) > 1.8


def test_contrast_follows_wcag():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
def test_categories_stay_readable(themes, mode):
    themes.apply(mode)
    colors = theme.active().colors
    for category in household().categories:
        pill = theme.tint(category.color)
        assert contrast(colors.text, pill) >= 4.5, category.name
        assert contrast(theme.glyph_color(category.color, pill), pill) >= 4.5, category.name
        assert contrast(theme.mark_color(category.color), colors.surface) >= 1.6, category.name


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_style_sheet_names_only_tokens(colors):
    sheet = theme.style_sheet(colors)
    assert "@" not in sheet.split("*/", 1)[1]
    known = {value.lower() for value in asdict(colors).values()}
    used = {found.lower() for found in re.findall(r"#[0-9A-Fa-f]{6}\b", sheet)}
    assert used <= known


def test_switching_is_live(themes, qapp):
    themes.apply(Mode.DARK)
    assert theme.active().is_dark
    assert qapp.palette().window().color().name().upper() == DARK.window
    themes.apply(Mode.LIGHT)
    assert not theme.active().is_dark
    assert LIGHT.surface in qapp.styleSheet()


def test_money_digits_are_tabular():
    tagged = theme.font(Type.FIGURE, tabular=True)
    assert tagged.featureTags() == [QFont.Tag("tnum")]
    assert theme.font(Type.FIGURE).featureTags() == []


def test_a_font_is_found(qapp):
    theme.check_fonts()
    assert QFontInfo(theme.font(Type.BODY)).family()


def test_no_font_is_an_error_with_a_hint(monkeypatch, qapp):
    monkeypatch.setattr(QFontDatabase, "families", list)
    with pytest.raises(EnvironmentFaultError) as caught:
        theme.check_fonts()
    _, _, hint = caught.value.rendered()
    assert "fonts-inter" in hint
    assert "fonts-dejavu" in hint
