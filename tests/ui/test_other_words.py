"""Pages in a language whose words stand in another order, and are longer, than the English ones."""

import gettext

import pytest
from PySide6.QtCore import QItemSelection
from PySide6.QtWidgets import QLabel

from hive_desktop import i18n
from hive_desktop.domain.reviews import ReviewKind
from hive_desktop.domain.rules import Actions
from hive_desktop.ui import rule_words
from hive_desktop.ui.kit import wording
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.review import words
from hive_desktop.ui.pages.rules.dialog import RuleDialog
from hive_desktop.ui.pages.transactions import edit_words
from tests.ui.engine import sample_reviews
from tests.ui.helpers import opened, until, window_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class _Words(gettext.NullTranslations):
    """Knows a few texts, by their context and English."""

    def __init__(self, known):
        super().__init__()
        self.known = known

    def gettext(self, message):
        return self.known.get(message, message)

    def pgettext(self, context, message):
        return self.known.get((context, message), message)

    def ngettext(self, one, many, count):
        return self.known.get(one, (one, many))[count != 1]


@pytest.fixture
def speak(monkeypatch):
    def use(known):
        monkeypatch.setattr(i18n._chosen, "catalogue", _Words(known))

    return use


def test_a_condition_has_the_word_order_of_its_language(session, speak):
    rule = session.rules.draft(
        "merchant contains Shell and amount between 10 60 and sign equals out", Actions(hides=True)
    )
    assert rule_words.conditions(rule, {}) == (
        "When merchant contains “Shell” and amount is between 10 and 60 and money goes out"
    )
    speak(
        {
            "When {conditions}": "Wenn {conditions}",
            "{one} and {other}": "{one} und {other}",
            "{subject} contains “{value}”": "{subject} „{value}“ enthält",
            "{subject} is between {value} and {upper}": "{subject} von {value} bis {upper} ist",
            "money goes out": "Geld abgeht",
            ("in a condition", "merchant"): "der Händler",
            ("in a condition", "amount"): "der Betrag",
        }
    )
    assert rule_words.conditions(rule, {}) == (
        "Wenn der Händler „Shell“ enthält und der Betrag von 10 bis 60 ist und Geld abgeht"
    )


def test_an_edit_is_told_as_one_sentence(speak):
    assert edit_words.untagged(1, "home") == "1 transaction without the tag home now"
    assert edit_words.hidden(12_000) == "12,000 transactions hidden"
    one, many = "Ausgeblendet: {count_text} Umsatz", "Ausgeblendet: {count_text} Umsätze"
    speak({"{count_text} transaction hidden": (one, many)})
    assert edit_words.hidden(12_000) == "Ausgeblendet: 12,000 Umsätze"


def test_what_differs_does_not_depend_on_the_language(house, speak):
    review = next(each for each in sample_reviews(house).every if each.kind is ReviewKind.TRANSFER)
    before = [each.is_different for each in words.comparison(review)]
    speak({"Amount": "Betrag", "Account": "Konto", "Name": "Bezeichnung", "Category": "Kategorie"})
    assert [each.is_different for each in words.comparison(review)] == before


def test_lists_and_first_letters_in_sentences():
    assert wording.all_of([]) == ""
    assert wording.all_of(["a", "b", "c"]) == "a and b and c"
    assert wording.opened("vom Ende der Bank") == "Vom Ende der Bank"


async def test_the_bar_drops_words_that_have_no_room(session, themes, speak):
    speak({"Category": "Die Kategorie von allen diesen Umsätzen", "Delete": "Alle diese löschen"})
    async with window_of(session, themes, page=PageName.TRANSACTIONS) as window:
        window.resize(1100, 700)
        page = window.current_page()
        await page.settled()
        model, chosen = page.model, page.table.selectionModel()
        flags = chosen.SelectionFlag.ClearAndSelect | chosen.SelectionFlag.Rows
        chosen.select(QItemSelection(model.index(0, 0), model.index(3, 4)), flags)
        bar = page.row_actions.bar
        await until(lambda: bar.isVisible() and not page.row_actions._worded[0].isVisible())
        assert page.row_actions._icons[0].isVisible()
        assert window.width() == 1100
        window.resize(1900, 700)
        await until(page.row_actions._worded[0].isVisible)


async def test_names_of_a_rules_fields_are_shown_whole(session, themes, speak):
    speak({"Tags": "Alle Schlagwörter der Umsätze"})
    async with window_of(session, themes, page=PageName.RULES) as window:
        window.current_page().add()
        dialog = await opened(window, RuleDialog)
        await dialog.settled()
        shown = {each.text(): each for each in dialog.form.findChildren(QLabel)}
        names = [shown[each] for each in ("Category", "Show as", "Alle Schlagwörter der Umsätze")]
        assert all(each.width() >= each.sizeHint().width() for each in names)
        dialog.reject()
        await until(lambda: window.findChild(RuleDialog) is None)
