"""A row in parts, in the window: the dialog by keys, the mark, the way to the whole and back."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from hive_desktop import bootstrap
from hive_desktop.config import AppConfig
from hive_desktop.demo import WindowDemo
from hive_desktop.domain.ledger import TransactionQuery, TransactionRow
from hive_desktop.domain.reviews import Review, ReviewKind, ReviewRow, ReviewState
from hive_desktop.domain.row_edits import RowEdit
from hive_desktop.domain.sentences import SPLIT_CHANGED
from hive_desktop.domain.splits import MOST_PARTS, Part, Split
from hive_desktop.ui.desktop import Desktop
from hive_desktop.ui.kit import money
from hive_desktop.ui.kit.amount_field import AmountField, typed, written
from hive_desktop.ui.kit.picker import Option
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.review import words
from hive_desktop.ui.pages.review.cards import QuestionCard
from hive_desktop.ui.pages.transactions import presenter
from hive_desktop.ui.pages.transactions.split_box import SplitBox
from hive_desktop.ui.pages.transactions.split_dialog import SplitDialog
from tests.bench.bulk_vault import make_vault
from tests.ui.helpers import opened, until

TODAY = date(2026, 11, 23)
CONTROL = Qt.KeyboardModifier.ControlModifier
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12.50", "USD", 1250),
        ("12,5", "EUR", 1250),
        ("1,234.50", "USD", 123450),
        ("1.234,50 €", "EUR", 123450),
        ("1,234", "USD", 123400),
        ("1.234", "KWD", 1234),
        ("1 234,5", "EUR", 123450),
        ("\N{MINUS SIGN}7", "USD", -700),
        ("$ 5.", "USD", 500),
        (".5", "USD", 50),
        ("500", "JPY", 500),
        ("5.5", "JPY", None),
        ("1.2345", "USD", None),
        ("5+5", "USD", None),
        ("", "USD", None),
        ("9" * 22, "USD", None),
        ("EUR 12,50", "EUR", 1250),
        ("12,50 eur", "EUR", 1250),
        ("-€3", "EUR", -300),
        ("1'234.50", "CHF", 123450),
        ("1,23,456", "INR", 12345600),
        ("5.", "JPY", 5),
        ("1,000", "JPY", 1000),
        ("0.125", "USD", None),
        ("0,125", "EUR", None),
        ("1e5", "USD", None),
        ("2x3", "USD", None),
        ("12k", "USD", None),
        ("1.2.3", "USD", None),
        ("1,000,00", "USD", None),
        ("1 2", "USD", None),
        ("12 USD", "EUR", None),
        ("٣", "USD", 300),
    ],
)
def test_an_amount_is_read_as_people_write_it(text, currency, minor):
    assert typed(text, currency) == minor


@pytest.mark.parametrize(
    ("locale", "text", "currency", "minor"),
    [
        ("en_US", "12.345", "USD", None),
        ("en_US", "12,345", "USD", 1_234_500),
        ("en_US", "12.345,00", "USD", 1_234_500),
        ("en_US", "12.345.678", "USD", 1_234_567_800),
        ("en_US", "12.345", "JPY", None),
        ("en_US", "1,234", "KWD", 1_234_000),
        ("en_US", "12.345", "KWD", 12_345),
        ("de_DE", "12.345", "EUR", 1_234_500),
        ("de_DE", "12,345", "EUR", None),
        ("de_DE", "12.50", "EUR", 1_250),
        ("de_DE", "1,234", "KWD", 1_234),
        ("de_CH", "12,345", "CHF", None),
        ("de_CH", "12'345", "CHF", 1_234_500),
        ("fr_FR", "12.345", "EUR", None),
        ("fr_FR", "12,345", "EUR", None),
        ("fr_FR", "12 345,6", "EUR", 1_234_560),
        ("en_US", "1,23,45", "USD", None),
        ("en_US", "0,123", "USD", None),
        ("en_US", "1,2345", "USD", None),
    ],
)
def test_what_could_be_read_both_ways_is_read_by_the_locale(qapp, locale, text, currency, minor):
    before = QLocale()
    QLocale.setDefault(QLocale(locale))
    try:
        assert typed(text, currency) == minor
    finally:
        QLocale.setDefault(before)


def test_another_currency_keeps_the_number(qapp):
    field = AmountField("USD", "Amount")
    field.set_minor(0)
    for currency, text, minor in (("JPY", "0", 0), ("USD", "0.00", 0), ("KWD", "0.000", 0)):
        field.set_currency(currency)
        assert (field.text(), field.minor()) == (text, minor)
    field.setText("12.5")
    field.set_currency("JPY")
    assert field.text() == "12"
    field.setText("x")
    field.set_currency("USD")
    assert (field.text(), field.minor()) == ("x", None)


@pytest.mark.parametrize(("minor", "currency"), [(123450, "USD"), (-5, "EUR"), (7, "JPY")])
def test_a_written_amount_is_read_as_the_same(qapp, minor, currency):
    assert typed(written(minor, currency), currency) == minor


def test_a_field_shows_no_amount_while_they_are_hidden(qapp):
    field = AmountField("USD", "Amount")
    field.set_minor(500)
    field.show()
    try:
        money.hide(hidden=True)
        assert field.displayText() != field.text()
    finally:
        money.hide(hidden=False)
    assert field.displayText() == "5.00"
    field.deleteLater()


def row_of(minor, **fields):
    return TransactionRow(
        1, b"w" * 16, b"a" * 16, TODAY, None, minor, "USD", "CORNER MARKET", "Corner Market", None,
        b"f" * 16, "Food", None, None, False, None, False, **fields,
    )  # fmt: skip


OPTIONS = [Option(b"f" * 16, "Food", "utensils"), Option(b"h" * 16, "Home"), Option(None, "None")]


@pytest.fixture
def dialog_of(themes, qapp):
    parent = QWidget()

    def make(minor=6000, split=None):
        made = SplitDialog(parent, row_of(minor), split, OPTIONS)
        made.show()
        return made

    yield make
    parent.deleteLater()


def type_in(field, text):
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)


def test_the_last_part_takes_what_is_left_until_it_is_written(dialog_of):
    dialog = dialog_of()
    first, last = dialog.lines
    assert not dialog.save.isEnabled()
    assert dialog.left.text() == "$60.00 left to share out"
    type_in(first.amount, "20")
    assert last.amount.text() == "40.00"
    assert (dialog.left.text(), dialog.save.isEnabled()) == ("It adds up", True)
    type_in(last.amount, "45")
    assert (dialog.left.text(), dialog.save.isEnabled()) == ("$5.00 too much", False)
    type_in(first.amount, "15")
    assert last.amount.text() == "45"
    assert dialog.parts() == [Part(1500, b"f" * 16), Part(4500, b"f" * 16)]
    type_in(first.amount, "x")
    assert not dialog.save.isEnabled()


def test_a_part_may_go_back_and_money_in_counts_as_it_is(dialog_of):
    dialog = dialog_of(-6000)
    type_in(dialog.lines[0].amount, "-5")
    assert dialog.lines[1].amount.text() == "65.00"
    assert [one.amount_minor for one in dialog.parts()] == [500, -6500]


def test_parts_are_added_evened_and_taken_away_by_keys(dialog_of):
    dialog = dialog_of(10_00)
    first, last = dialog.lines
    assert not first.cross.isVisible()
    type_in(first.amount, "2")
    type_in(last.amount, "3")
    QTest.keyClick(last.amount, Qt.Key.Key_Return)
    assert len(dialog.lines) == 3
    assert dialog.lines[2].amount.text() == "5.00"
    QTest.keyClick(dialog.lines[2].amount, Qt.Key.Key_Up)
    assert dialog.focusWidget() is last.amount
    dialog.even.click()
    assert [one.amount_minor for one in dialog.parts()] == [334, 333, 333]
    first.cross.click()
    assert [one.amount_minor for one in dialog.parts()] == [333, 333]
    for _ in range(MOST_PARTS):
        dialog.add_part()
    assert len(dialog.lines) == MOST_PARTS
    assert not dialog.more.isEnabled()


def test_enter_walks_and_accepts_only_what_adds_up(dialog_of):
    dialog = dialog_of()
    first, last = dialog.lines
    QTest.keyClick(first.amount, Qt.Key.Key_Return)
    assert dialog.focusWidget() is last.amount
    QTest.keyClick(dialog, Qt.Key.Key_Return, CONTROL)
    assert dialog.isVisible()
    type_in(first.amount, "10")
    QTest.keyClick(last.note, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert dialog.result() == SplitDialog.DialogCode.Accepted


def test_parts_that_there_are_can_be_changed_or_joined(dialog_of):
    whole = row_of(6000)
    dialog = dialog_of(6000, Split(whole, (row_of(1000, tags=("a",)), row_of(5000)), 0))
    assert dialog.save.isEnabled()
    assert [(one.amount_minor, one.tags) for one in dialog.parts()] == [(1000, ("a",)), (5000, ())]
    dialog._join.click()
    assert dialog.wants_join


def test_parts_that_there_are_go_on(dialog_of):
    parts = [
        row_of(minor)._replace(id=bytes([number]) * 16) for number, minor in enumerate((1000, 5000))
    ]
    split = Split(row_of(6000), tuple(parts), 0, frozenset([parts[1].id]))
    dialog = dialog_of(6000, split)
    assert [one.deleted.isVisible() for one in dialog.lines] == [False, True]
    assert "stays deleted" in dialog.lines[1].deleted.toolTip()
    assert split.is_told(dialog.parts())
    dialog.add_part()
    type_in(dialog.lines[0].amount, "9")
    assert [one.of for one in dialog.parts()] == [*(one.id for one in parts), None]


@pytest.mark.parametrize(("is_own", "who"), [(False, "The bank"), (True, "You")])
def test_a_part_that_a_change_left_without_amount_is_named(dialog_of, is_own, who):
    split = Split(row_of(1000), (row_of(1000), row_of(0)), -5000, is_own=is_own)
    dialog = dialog_of(1000, split)
    assert not dialog.save.isEnabled()
    assert dialog.left.text() == "Part 2 has no amount"
    words = [one.text() for one in dialog.findChildren(QLabel)]
    assert f"{who} changed the amount by +$50.00 since; the last part has it." in words
    box = SplitBox()
    box.show_split(split)
    assert box._told.toolTip().startswith(f"{who} changed it") or who in box._told.text()
    box.deleteLater()


@pytest.fixture(scope="module")
def vault(tmp_path_factory):
    folder = tmp_path_factory.mktemp("split") / "vault"
    with ThreadPoolExecutor(1) as pool:
        return folder, pool.submit(make_vault, folder, 300, today=TODAY).result()


@pytest.fixture
def desktop(qloop, themes, vault):
    clock = bootstrap.clock_of(TODAY)
    life = bootstrap.lifecycle(AppConfig.default(vault[0]), clock, WindowDemo(clock))
    made = Desktop(life, themes, mark=lambda _moment: None)
    yield made
    qloop.run_until_complete(made.close())


async def on_a_row(window, ledger):
    """Show a row of the vault, with its details."""
    rows = await ledger.page(TransactionQuery(), limit=300)
    fits = lambda one: one.amount_minor > 1000 and not one.pending and not one.is_part  # noqa: E731
    chosen = next(filter(fits, rows))
    window.show_page(PageName.TRANSACTIONS)
    page = window.current_page()
    page.show_query(TransactionQuery(start=chosen.posted_on, end=chosen.posted_on))
    await page.settled()
    await until(lambda: page.table.isVisible() and page.model.rowCount())
    place = next(n for n, one in page.model.loaded_rows().items() if one.id == chosen.id)
    page.table.select_only(place)
    page.show_details()
    return chosen


async def test_a_row_is_split_shown_joined_and_undone(desktop, vault):
    await desktop.lifecycle.unlock_with(vault[1])
    desktop.show()
    window, ledger = desktop.session_window, desktop.lifecycle.session.ledger
    chosen = await on_a_row(window, ledger)
    page = window.current_page()
    QTest.keyClick(page.table, Qt.Key.Key_S)
    dialog = await opened(page, SplitDialog)
    type_in(dialog.lines[0].amount, "3")
    dialog.lines[1].category.click()
    await until(dialog.picker.isVisible)
    QTest.keyClicks(dialog.picker._search, "Travel")
    QTest.keyClick(dialog.picker._search, Qt.Key.Key_Return)
    assert dialog.lines[1].category.accessibleName() == "Category: Travel"
    QTest.keyClick(dialog, Qt.Key.Key_Return, CONTROL)
    await until(lambda: "Split into 2 parts" in window.toast.text())
    split = await ledger.splits.of(chosen.id)
    assert [one.category for one in split.parts][1] == "Travel"
    await until(lambda: page.details.row is not None and page.details.row.is_part)
    await page.settled()
    assert page.details.split_box.isVisible()
    assert "One of 2 parts of" in page.details.split_box._title.text()
    assert any("You split it into 2 parts" in one.text for one in page.details.shown)
    assert presenter.subtitle(page.details.row).startswith("Part")
    page.details.split_box.whole.click()
    await until(lambda: len(page.filters.query.ids) == 2)
    await page.settled()
    assert page.model.rowCount() == 2
    page.details.split_box.join.click()
    await until(lambda: "one transaction again" in window.toast.text())
    await until(lambda: page.details.row is not None and page.details.row.id == chosen.id)
    assert "is in its earlier parts again" in (await ledger.undo()).sentence


async def test_a_split_that_is_refused_is_there_again_as_it_was_typed(desktop, vault):
    await desktop.lifecycle.unlock_with(vault[1])
    desktop.show()
    window, ledger = desktop.session_window, desktop.lifecycle.session.ledger
    chosen = await on_a_row(window, ledger)
    page = window.current_page()
    QTest.keyClick(page.table, Qt.Key.Key_S)
    dialog = await opened(page, SplitDialog)
    type_in(dialog.lines[0].amount, "3")
    await ledger.delete([chosen.id])
    dialog.save.click()
    await until(dialog.error.isVisible)
    assert "has left the ledger" in " ".join(dialog.error.words())
    assert (dialog.isVisible(), dialog.lines[0].amount.text()) == (True, "3")
    await ledger.undo()
    dialog.save.click()
    await until(lambda: "Split into 2 parts" in window.toast.text())
    await page.settled()
    await ledger.splits.join(chosen.id)


async def test_parts_that_are_kept_as_they_are_change_nothing(desktop, vault):
    await desktop.lifecycle.unlock_with(vault[1])
    desktop.show()
    window, ledger = desktop.session_window, desktop.lifecycle.session.ledger
    chosen = await on_a_row(window, ledger)
    page = window.current_page()
    await ledger.splits.divide(chosen.id, [Part(300), Part(chosen.amount_minor - 300)])
    first, second = (await ledger.splits.of(chosen.id)).parts
    await ledger.edit([second.id], RowEdit(name="Gift shop"))
    await ledger.delete([first.id])
    last = await ledger.last_change()
    page.splitting.split(second.id)
    dialog = await opened(page, SplitDialog)
    dialog.save.click()
    await until(lambda: "Nothing had to change" in window.toast.text())
    assert await ledger.last_change() == last
    split = await ledger.splits.of(chosen.id)
    assert [one.display_name for one in split.parts] == [None, "Gift shop"]
    assert split.deleted == {first.id}


def test_a_question_about_parts_is_no_guess(themes, qapp):
    side = ReviewRow(
        b"w" * 16, "First Bank", "Checking", TODAY, 6600, "USD", "Corner Market", None,
        pending=False, is_edited=True, is_gone=False,
    )  # fmt: skip
    last = dataclasses.replace(side, id=b"p" * 16, amount_minor=2600, category="Shopping")
    asked = Review(
        b"r" * 16, ReviewKind.SPLIT, ReviewState.OPEN, 1.0, (SPLIT_CHANGED,), side, last,
        datetime(2026, 11, 23, tzinfo=UTC), None, can_take_back=False,
    )  # fmt: skip
    answers = []
    card = QuestionCard(asked, lambda _review, accepted: answers.append(accepted))
    assert "likely" not in card.accessibleName().casefold()
    assert (card.accept.text().strip(), card.refuse.text()) == ("Keep the parts", "Join again")
    card.refuse.click()
    assert answers == [False]
    kept = dataclasses.replace(asked, state=ReviewState.KEPT)
    assert words.answered(kept, asked.created_at)[1].startswith("The parts stay as they are")
    card.deleteLater()
