"""Where a figure of an answer leads, and how the window writes it."""

import subprocess
import sys
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from PySide6.QtCore import QLocale

from hive_desktop.domain import calculation
from hive_desktop.domain.conversations import Conversation
from hive_desktop.domain.figures import Figure, FigureWords
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.domain.receipts import Cell, CellKind, How, Made, Receipt
from hive_desktop.domain.references import cited
from hive_desktop.domain.verification import checked
from hive_desktop.services.chat_today import Changed
from hive_desktop.ui.kit import dates, money
from hive_desktop.ui.kit.markdown_chunks import Mark
from hive_desktop.ui.pages.chat import places, series, words
from tests.ui.chatting import spending
from tests.ui.household import TODAY


@pytest.fixture
def talk():
    made = Conversation("a")
    made.keep(spending())
    return made


@pytest.fixture(params=["en_US", "de_DE"])
def place(request):
    before = QLocale()
    QLocale.setDefault(QLocale(request.param))
    dates.forget_locale()
    yield request.param
    QLocale.setDefault(before)
    dates.forget_locale()


def ways(talk, inner):
    return places.of_href(f"figure:{inner}", talk.receipts).ways


def how(talk, inner):
    return places.of_href(f"figure:{inner}", talk.receipts).how


def parts(talk, text):
    shown = checked(text, talk.receipts, words.FigureWriter(), today=TODAY)
    return places.parts(shown, talk.receipts)


def test_a_cell_leads_to_its_rows(talk):
    (way,) = ways(talk, "r1.2.total")
    assert way.query == TransactionQuery(start=date(2026, 9, 1), end=date(2026, 9, 28))
    assert how(talk, "r1.2.total") == ""


def test_every_part_of_a_long_sum_can_be_opened(talk):
    queries = [TransactionQuery(text=f"shop{n}") for n in range(40)]
    cells = [Cell(f"{n}", CellKind.MONEY, n, "USD", query) for n, query in enumerate(queries)]
    talk.keep(Receipt("", "find_transactions", {}, "", tuple(cells)))
    found = ways(talk, f"sum {' '.join(f'r2.{n}' for n in range(40))}")
    assert [way.query for way in found] == queries


def test_a_calculation_leads_to_the_rows_of_what_it_was_made_of(talk):
    figure = calculation.calculated("(r1.2.total - r1.1.total) / 2", "amount", talk.receipts)
    talk.keep(calculation.receipt_of(figure, "amount"))
    found = ways(talk, "r2.result")
    assert [way.query.start.month for way in found] == [9, 8]
    assert [way.name.split(" · ")[0] for way in found] == ["$20.00", "$10.00"]
    assert how(talk, "r2.result") == "($20.00 - $10.00) / 2"


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (Made(How.DIFFERENCE, ("2.total", "1.total")), "$20.00 - $10.00"),
        (Made(How.SHARE, ("2.total", "total")), "$20.00 / $123.45"),
        (Made(How.MEAN, ("total", "count")), "$123.45 / 7"),
        (Made(How.MEAN, ("total",), Fraction(31), "day"), "$123.45 / 31 days"),
        (Made(How.MEAN, ("total",), Fraction(31, 7), "week"), "$123.45 / 4.43 weeks"),
        (Made(How.MEAN, ("total",), Fraction(1), "month"), "$123.45 / 1 month"),
    ],
)
def test_a_computed_cell_says_how_and_leads_to_its_parts(talk, made, told):
    receipt = talk.receipts["r1"]
    cell = Cell("own", CellKind.MONEY, 1, "USD", made=made)
    talk.receipts["r1"] = replace(receipt, cells=(*receipt.cells, cell))
    assert how(talk, "r1.own") == told
    queries = [way.query for way in ways(talk, "r1.own")]
    assert queries == [receipt.cell(one).query for one in made.cells]
    (mark,) = parts(talk, "[[r1.own]]")
    assert mark.tip == "Show what this figure is made of"
    if "count" in made.cells:
        assert ways(talk, "r1.own")[1].name.startswith("7 transactions · ")


def test_a_cell_without_rows_of_its_own_does_not_open_those_of_its_receipt(talk):
    receipt = talk.receipts["r1"]
    cells = (
        Cell("steps", CellKind.COUNT, 3),
        Cell("yearly", CellKind.MONEY, 1200, "USD"),
        Cell("monthly", CellKind.MONEY, 100, "USD",
             made=Made(How.MEAN, ("yearly",), Fraction(12), "month")),
        Cell("name", CellKind.TEXT, "October"),
    )  # fmt: skip
    talk.receipts["r1"] = replace(receipt, cells=(*receipt.cells, *cells))
    for cell in cells:
        assert ways(talk, f"r1.{cell.name}") == [], cell.name
        (mark,) = parts(talk, f"[[r1.{cell.name}]]")
        assert mark.href == ""


def test_a_long_formula_is_cut(talk):
    inner = "sum " + " ".join(["r1.1.total", "r1.2.total"] * 20)
    assert len(how(talk, inner)) == 160
    assert how(talk, inner).endswith("…")
    assert len(ways(talk, inner)) == 2


def test_a_figure_of_another_day_says_what_it_comes_to_now(talk):
    now = Figure(CellKind.MONEY, 118_020, "USD", (), "")
    day = date(2026, 3, 3)
    told = {
        Changed(day, now): "as of Mar 3, 2026; now $1,180.20",
        Changed(day, None): "as of Mar 3, 2026; has changed",
        Changed(None, now): "now $1,180.20",
        Changed(None, None): "has changed",
    }
    shown = checked("It was [[r1.total]].", talk.receipts, words.FigureWriter(), today=TODAY)
    for changed, note in told.items():
        _, mark, _ = places.parts(shown, talk.receipts, {"r1.total": changed})
        assert (mark.text, mark.href, mark.note) == ("$123.45", "figure:r1.total", note)
        assert mark.note_tip
    try:
        money.hide(hidden=True)
        assert words.aged(Changed(day, now)) == "as of Mar 3, 2026; now •••"
    finally:
        money.hide(hidden=False)


def test_one_query_is_offered_once(talk):
    assert len(ways(talk, "ratio r1.total r1.total")) == 1


def test_a_balance_leads_to_the_accounts_and_a_name_to_nothing(talk):
    cells = (
        Cell("total", CellKind.MONEY, 100, "USD"),
        Cell("1.name", CellKind.TEXT, "Checking"),
    )
    talk.keep(Receipt("", "balances", {}, "Balances", cells))
    talk.keep(Receipt("", "recurring", {}, "Regular", cells))
    assert [way.query for way in ways(talk, "r2.total")] == [None]
    assert ways(talk, "r3.total") == []
    assert ways(talk, "r9.total") == []
    first, second = (one for one in parts(talk, "[[r2.total]] [[r3.total]]") if one != " ")
    assert (first.href, first.tip) == ("figure:r2.total", "Show the accounts behind this figure")
    assert (second.text, second.href) == ("$1.00", "")


def test_what_the_model_wrote_itself_is_a_link_only_where_a_cell_has_it(talk):
    told = [one for one in parts(talk, "It was $123.45, not $99.00. [[r1]]") if type(one) is Mark]
    assert [(one.text, one.href, one.is_flaw) for one in told] == [
        ("$123.45", "figure:r1.total", False),
        ("$99.00", "", True),
    ]
    assert told[1].tip.startswith("The model wrote this figure itself")


def test_a_citation_leaves_no_space_behind(talk):
    assert parts(talk, "That is all [[r1]].") == ["That is all", "."]


def test_hidden_amounts_are_hidden_wherever_they_stand(talk):
    try:
        money.hide(hidden=True)
        told = parts(talk, "[[r1.total]] in [[r1.count]], $123.45 or $99.00.")
        assert [one.text for one in told if isinstance(one, Mark)] == ["•••", "7", "•••", "•••"]
        assert series.chart_of(talk.receipts["r1"]) is None
    finally:
        money.hide(hidden=False)


def test_figures_are_written_as_the_locale_has_them(place):
    writer = words.FigureWriter()
    told = (writer.share(125), writer.share(-40), writer.ratio(150), writer.count(1234))
    wanted = {
        "en_US": ("12.5%", "\u22124%", "1.5", "1,234"),
        "de_DE": ("12,5\u00a0%", "\u22124\u00a0%", "1,5", "1.234"),
    }
    assert told == wanted[place]
    # The words are English: days are as in the locale where that is English too.
    days = {"en_US": "Oct 3, 2026", "de_DE": "3 October 2026"}
    assert writer.day(date(2026, 10, 3)) == days[place]


def test_a_course_has_its_days_in_the_language(place, qtbot, themes):
    made = spending()
    bars, queries = series.chart_of(made)
    qtbot.addWidget(bars)
    months = {"en_US": ["Aug", "Sep", "Oct"], "de_DE": ["Aug", "Sep", "Okt"]}
    assert [bar.place.rstrip(".")[:3] for bar in bars.bars] == months[place]
    assert [query.start.month for query in queries] == [8, 9, 10]


def test_every_reference_of_an_address_is_read_again(talk):
    for text in ("[[r1.total]]", "[[diff r1.2.total r1.1.total]]"):
        (mark,) = (one for one in parts(talk, text) if isinstance(one, Mark))
        assert places.is_figure(mark.href)
        assert cited(mark.href.removeprefix("figure:"), talk.receipts).figure is not None


def test_the_first_pages_wait_for_nothing_of_the_chat():
    program = (
        "import sys, hive_desktop.ui.session_window, hive_desktop.ui.pages.overview.page, "
        "hive_desktop.ui.pages.transactions.page\n"
        "heavy = ('markdown_it', 'hive_desktop.domain.periods', 'hive_desktop.ui.pages.chat')\n"
        "sys.exit(', '.join(one for one in heavy if one in sys.modules) or None)"
    )
    called = [sys.executable, "-c", program]
    done = subprocess.run(called, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_an_answers_language_decides_words_and_figures():
    """An English answer in a German window has English figures; none mixes both."""
    day = date(2026, 11, 23)
    own = words.FigureWriter()
    assert own.day(day) == dates.day(day, with_year=True)
    theirs, german = words.FigureWriter("de"), FigureWords("de")
    assert theirs.money(-123_456, "EUR") == german.money(-123_456, "EUR")
    assert theirs.count(12_345) == "12.345"
    assert (theirs.share(125), theirs.ratio(250)) == (german.share(125), german.ratio(250))
    assert theirs.day(day) == "23. November 2026"
    assert own.money(-123_456, "EUR") == money.plain(-123_456, "EUR")
    money.hide(hidden=True)
    try:
        assert "1" not in theirs.money(-123_456, "EUR")
    finally:
        money.hide(hidden=False)
