"""The tokens keep their promises: contrast, one source, no colour left out."""

import re
from dataclasses import asdict, fields
from pathlib import Path
from types import SimpleNamespace
from typing import get_args

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontDatabase, QFontInfo

from hive_desktop.config import resources_dir
from hive_desktop.ports.errors import EnvironmentFaultError
from hive_desktop.ui.kit import theme, tokens
from hive_desktop.ui.kit.pill import pill_colors
from hive_desktop.ui.kit.theme import TEXT_ON, THEMES, Mode, Scheme, Type, contrast
from hive_desktop.ui.kit.tokens import CONTRAST_DARK, CONTRAST_LIGHT, DARK, LIGHT
from hive_desktop.ui.kit.widgets import Tone
from tests.ui.household import household

_THEMES = list(THEMES.values())
_NAMES = [scheme.value for scheme in THEMES]
_UI = Path(theme.__file__).resolve().parents[1]
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_TEXT = re.compile(r"(?:^|[;\s])(?:placeholder-text-)?color:\s*@(\w+)")
_GROUND = re.compile(r"(?:^|[;\s])background:\s*@(\w+)")
_CHOSEN_TEXT = re.compile(r"selection-color:\s*@(\w+)")
_CHOSEN_GROUND = re.compile(r"selection-background-color:\s*@(\w+)")
# Not text: what areas and edges are painted with.
_AREAS = {"border", "border_strong", "grid", "bar_spent", "bar_income", "accent"}


def _rules():
    """Yield selector, text roles and ground roles of each rule of the style sheet."""
    sheet = (resources_dir() / "qss" / "hive.qss").read_text(encoding="utf-8")
    for selectors, body in _RULE.findall(re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)):
        for text, ground in ((_TEXT, _GROUND), (_CHOSEN_TEXT, _CHOSEN_GROUND)):
            yield selectors.strip(), set(text.findall(body)), set(ground.findall(body))


@pytest.mark.parametrize("look", _THEMES, ids=_NAMES)
def test_text_has_contrast_on_every_ground(look):
    colors = asdict(look.colors)
    weak = {
        (text, ground): round(contrast(colors[text], colors[ground]), 2)
        for text, grounds in TEXT_ON.items()
        for ground in grounds
        if contrast(colors[text], colors[ground]) < look.text_ratio
    }
    assert not weak


def test_high_contrast_asks_for_more():
    asked = {scheme: look.text_ratio for scheme, look in THEMES.items()}
    assert asked == {
        Scheme.LIGHT: 4.5,
        Scheme.DARK: 4.5,
        Scheme.CONTRAST_LIGHT: 7.0,
        Scheme.CONTRAST_DARK: 7.0,
    }


@pytest.mark.parametrize("look", _THEMES, ids=_NAMES)
def test_what_is_chosen_and_pressed_stands_out(look):
    """Edges of controls and the ring of the focus, where a theme asks for more than text does."""
    colors = look.colors
    for edge in (colors.border_strong, colors.accent_text):
        least = 3.0 if look.text_ratio > 4.5 or edge is colors.accent_text else 1.3
        assert contrast(edge, colors.surface) >= least
        assert contrast(edge, colors.window) >= least


def test_the_style_sheet_pairs_only_what_is_promised():
    rules = list(_rules())
    assert len(rules) > 60
    for selectors, texts, grounds in rules:
        for text in texts:
            assert text in TEXT_ON, (selectors, text)
            assert grounds <= set(TEXT_ON[text]), (selectors, text, grounds)


def test_painters_name_only_roles_that_are_promised():
    known = set(TEXT_ON) | {ground for each in TEXT_ON.values() for ground in each} | _AREAS
    assert known == {field.name for field in fields(tokens.Colors)}
    named = set()
    for path in _UI.rglob("*.py"):
        named |= set(re.findall(r"\bcolors\.([a-z_]+)", path.read_text(encoding="utf-8")))
    assert {"text_muted", "accent_text"} < named
    assert named - {"surface"} <= known


@pytest.mark.parametrize("tone", get_args(Tone))
@pytest.mark.parametrize("scheme", list(THEMES))
def test_pills_are_legible(themes, scheme, tone):
    themes.show_scheme(scheme)
    ground, words = pill_colors(tone)
    assert contrast(ground, words) >= theme.active().text_ratio


@pytest.mark.parametrize("look", _THEMES, ids=_NAMES)
def test_bars_stand_out_from_the_card(look):
    for bar in (look.colors.bar_income, look.colors.bar_spent):
        assert contrast(bar, look.colors.surface) > max(1.8, look.mark_ratio)


def test_contrast_follows_wcag():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", list(THEMES))
def test_categories_stay_readable(themes, scheme):
    themes.show_scheme(scheme)
    look = theme.active()
    colors = look.colors
    for category in household().categories:
        pill = theme.tint(category.color)
        assert contrast(colors.text, pill) >= look.text_ratio, category.name
        assert contrast(theme.glyph_color(category.color, pill), pill) >= look.text_ratio, (
            category.name
        )
        assert contrast(theme.mark_color(category.color), colors.surface) >= look.mark_ratio, (
            category.name
        )


@pytest.mark.parametrize("look", _THEMES, ids=_NAMES)
def test_style_sheet_names_only_tokens(look):
    colors = look.colors
    sheet = theme.style_sheet(colors)
    assert "@" not in sheet.split("*/", 1)[1]
    known = {value.lower() for value in asdict(colors).values()}
    used = {found.lower() for found in re.findall(r"#[0-9A-Fa-f]{6}\b", sheet)}
    assert used <= known


@pytest.mark.parametrize("look", _THEMES, ids=_NAMES)
def test_the_tick_of_a_box_stands_out_from_it(look):
    path = re.search(r'url\("(.+?)"\)', theme.style_sheet(look.colors))[1]
    stroke = re.search(r'stroke="(#\w{6})"', Path(path).read_text(encoding="utf-8"))[1]
    assert contrast(stroke, look.colors.accent) >= look.text_ratio


def test_switching_is_live(themes, qapp):
    themes.apply(Mode.DARK)
    assert theme.active().is_dark
    assert qapp.palette().window().color().name().upper() == DARK.window
    themes.apply(Mode.LIGHT)
    assert not theme.active().is_dark
    assert LIGHT.surface in qapp.styleSheet()


def test_the_system_says_dark_or_high_contrast(themes, monkeypatch):
    said = SimpleNamespace(
        scheme=Qt.ColorScheme.Light, preference=Qt.ContrastPreference.NoPreference
    )
    hints = SimpleNamespace(
        colorScheme=lambda: said.scheme,
        accessibility=lambda: SimpleNamespace(contrastPreference=lambda: said.preference),
    )
    monkeypatch.setattr(themes._app, "styleHints", lambda: hints, raising=False)
    themes.apply(Mode.SYSTEM)
    assert theme.active().colors is LIGHT
    said.scheme = Qt.ColorScheme.Dark
    themes._follow(said.scheme)
    assert theme.active().colors is DARK
    said.preference = Qt.ContrastPreference.HighContrast
    themes._follow(said.preference)
    assert theme.active().colors is CONTRAST_DARK
    said.scheme = Qt.ColorScheme.Light
    themes._follow(said.scheme)
    assert theme.active().colors is CONTRAST_LIGHT
    themes.apply(Mode.LIGHT)
    themes._follow(said.preference)
    assert theme.active().colors is LIGHT


@pytest.mark.parametrize(
    ("scheme", "colors"),
    [
        (Qt.ColorScheme.Light, CONTRAST_LIGHT),
        (Qt.ColorScheme.Unknown, CONTRAST_LIGHT),
        (Qt.ColorScheme.Dark, CONTRAST_DARK),
    ],
)
def test_high_contrast_is_light_or_dark_as_the_system_is(themes, qapp, monkeypatch, scheme, colors):
    said = SimpleNamespace(scheme=Qt.ColorScheme.Light)
    hints = SimpleNamespace(
        colorScheme=lambda: said.scheme,
        accessibility=lambda: SimpleNamespace(
            contrastPreference=lambda: Qt.ContrastPreference.NoPreference
        ),
    )
    monkeypatch.setattr(themes._app, "styleHints", lambda: hints, raising=False)
    themes.apply(Mode.CONTRAST)
    said.scheme = scheme
    themes._follow(scheme)
    assert theme.active().colors is colors
    assert qapp.palette().window().color().name().upper() == colors.window
    assert colors.border in qapp.styleSheet()


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
