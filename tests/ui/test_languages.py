"""What the kit does so that other languages than English have their words, forms and room."""

from datetime import timedelta

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtGui import QFontMetrics

from hive_desktop import i18n
from hive_desktop.domain.guessing import guesses
from hive_desktop.domain.journal import FieldChange
from hive_desktop.services.schedule import ScheduleStatus
from hive_desktop.ui import sync_words
from hive_desktop.ui.kit import dates, journal_words, money, passphrase, theme
from hive_desktop.ui.kit.buckets import Bucket, ChartView, Series
from hive_desktop.ui.kit.chart_host import ChartHost
from hive_desktop.ui.kit.chip import Chip
from hive_desktop.ui.kit.search_field import SearchField
from hive_desktop.ui.kit.shortcuts import spoken
from hive_desktop.ui.kit.theme import Type
from hive_desktop.ui.kit.wording import all_of, either, inside
from hive_desktop.ui.pages.overview.chart_cards import TrendCard
from tests.ui.household import NOW

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def german():
    before = QLocale()
    i18n.use("de")
    QLocale.setDefault(QLocale("de_DE"))
    dates.forget_locale()
    yield
    i18n.use(i18n.SOURCE_LANGUAGE)
    QLocale.setDefault(before)
    dates.forget_locale()


def _nothing(*_: object) -> None:
    """Do nothing."""


def test_a_label_within_a_sentence_is_small():
    assert inside("Category") == "category"


def test_german_nouns_keep_their_capital_letter(german):
    assert inside("Kategorie") == "Kategorie"


def test_a_chip_is_read_out_with_its_noun(german, themes):
    chip = Chip("Kategorie", "tag", _nothing)
    assert chip.accessibleName().endswith("Kategorie")
    chip.deleteLater()


def test_alternatives_and_lists():
    assert either(["F5"]) == "F5"
    assert either(["F5", "Ctrl+R", "/"]) == "F5 or Ctrl+R or /"
    assert all_of(["name", "amount"]) == "name and amount"


def test_keys_are_written_as_the_platform_does(qapp):
    assert spoken("Ctrl+Shift+H") == "Ctrl+Shift+H"


def test_a_narrow_search_field_says_one_word_in_any_order_of_words(themes):
    field = SearchField("Umsätze suchen", _nothing)
    field.resize(90, 32)
    field.show()
    assert field.placeholderText() == "Search"
    field.resize(400, 32)
    assert field.placeholderText() == "Umsätze suchen"
    field.close()
    field.deleteLater()


@pytest.mark.parametrize(
    "text",
    ["qwertyuiop", "asdfasdfasdf", "aaaaaaaa", "abcdefgh", "2019", "password", "michael", "turtle"],
)
def test_what_is_said_against_a_passphrase_is_in_the_catalogue(text):
    warning = guesses(text).warning
    assert warning
    assert warning in passphrase._WARNINGS


def test_fields_of_the_journal_are_in_the_catalogue():
    name, before, after = journal_words.field_change(FieldChange("state", "pending", "posted"))
    assert (name, before, after) == ("State", "pending", "posted")
    assert {name, "Authorized date", "Check number"} <= set(journal_words._FIELDS)
    assert {before, after} == set(journal_words._STATES)


def test_times_in_german_words(german):
    assert dates.ago(NOW - timedelta(minutes=1), NOW) == "vor 1 Minute"
    assert dates.ago(NOW - timedelta(hours=5), NOW) == "vor 5 Stunden"
    assert dates.ago(NOW - timedelta(days=3), NOW) == "vor 3 Tagen"
    assert dates.moment(NOW + timedelta(days=1), NOW) == f"morgen {NOW.astimezone():%H:%M}"


def test_the_next_sync_in_german_words(german):
    tomorrow = ScheduleStatus(240, NOW + timedelta(days=1), None, on_metered=True)
    assert sync_words.next_sync(tomorrow, NOW) == (
        f"Nächster Abruf: morgen {NOW.astimezone():%H:%M}"
    )


async def test_the_axis_is_as_wide_as_its_words(qloop, themes, german):
    host = ChartHost("Verlauf", lambda minor: money.compact(minor, "EUR"), _nothing, _nothing)
    host.resize(600, 240)
    million = Bucket("Nov", "November 2026", (-1_234_500_000_00,), ("",))
    chart = await host.show_view(ChartView((Series("Saldo", "bar_spent"),), (million,)))
    words = money.compact(-1_500_000_000_00, "EUR")
    assert words == "\N{MINUS SIGN}1,5\N{NO-BREAK SPACE}Mrd.\N{NO-BREAK SPACE}€"
    needed = QFontMetrics(theme.font(Type.CAPTION)).horizontalAdvance(words)
    assert needed < chart.axis_width < 2 * needed
    host.close()
    host.deleteLater()


@pytest.mark.parametrize("width", [420, 900])
def test_switches_that_have_no_room_on_one_line_take_two(themes, width):
    host = ChartHost("Spending over time", str, _nothing, _nothing)
    card = TrendCard(host, _nothing, _nothing)
    card.resize(width, 400)
    card.show()
    card.layout().activate()
    for switch in (card.shown, card.every, card.look):
        assert switch.width() >= switch.sizeHint().width()
    assert (card.every.y() > card.shown.y()) is (width == 420)
    assert card.every.y() == card.look.y()
    card.close()
    card.deleteLater()
