"""What a figure is made of, and what it comes to when its parts are others."""

from datetime import date
from fractions import Fraction

import pytest

from hive_desktop.domain import calculation, recipes
from hive_desktop.domain.conversations import Conversation
from hive_desktop.domain.figures import CellPlace, FigureWords
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.domain.receipts import Cell, CellKind, How, Made, Receipt
from hive_desktop.domain.recipes import Number, Part
from hive_desktop.domain.references import cited

NOW = TransactionQuery(start=date(2026, 10, 1), end=date(2026, 10, 31))
BEFORE = TransactionQuery(start=date(2026, 9, 1), end=date(2026, 9, 30))


def money(name, minor, query=None, made=None):
    return Cell(name, CellKind.MONEY, minor, "USD", query, made=made)


@pytest.fixture
def talk():
    made = Conversation("a")
    pair = ("now.total", "before.total")
    cells = (
        money("now.total", 120_450, NOW),
        Cell("now.count", CellKind.COUNT, 30, None, NOW),
        money("before.total", 98_000, BEFORE),
        money("change", 22_450, made=Made(How.DIFFERENCE, pair)),
        Cell("change_share", CellKind.SHARE, 229, made=Made(How.GROWTH, pair)),
        Cell("share", CellKind.SHARE, 1229, made=Made(How.SHARE, pair)),
        money("average", 4_015, made=Made(How.MEAN, ("now.total", "now.count"))),
        money("per_day", 3_885, made=Made(How.MEAN, ("now.total",), Fraction(31), "day")),
        Cell("1.name", CellKind.TEXT, "Shop", None, NOW),
        Cell("days", CellKind.COUNT, 31),
    )
    made.keep(Receipt("", "compare_periods", {}, "Two months", cells, query=NOW))
    return made


def steps(talk, inner):
    return recipes.steps_of(cited(inner, talk.receipts).figure, talk.receipts)


def words(talk, inner):
    def number(one):
        return f"{one.size} {one.unit}".strip()

    return recipes.in_words(steps(talk, inner), FigureWords(), number)


def calculate(talk, expression, kind="amount"):
    figure = calculation.calculated(expression, kind, talk.receipts)
    return talk.keep(calculation.receipt_of(figure, kind)).id


@pytest.mark.parametrize(
    ("inner", "wanted"),
    [
        ("r1.change", "$1,204.50 - $980.00"),
        ("r1.change_share", "($1,204.50 - $980.00) / $980.00"),
        ("r1.share", "$1,204.50 / $980.00"),
        ("r1.average", "$1,204.50 / 30"),
        ("r1.per_day", "$1,204.50 / 31 day"),
        ("diff r1.now.total r1.before.total", "$1,204.50 - $980.00"),
        ("sum r1.now.total r1.before.total r1.now.total", "$1,204.50 + $980.00 + $1,204.50"),
        ("growth r1.now.total r1.before.total", "($1,204.50 - $980.00) / $980.00"),
        ("average r1.now.total r1.now.count", "$1,204.50 / 30"),
        ("ratio r1.change r1.before.total", "($1,204.50 - $980.00) / $980.00"),
    ],
)
def test_a_computed_figure_is_written_out_and_its_parts_have_their_own_rows(talk, inner, wanted):
    assert words(talk, inner) == wanted
    for part in recipes.parts_of(steps(talk, inner)):
        assert part.is_sum
        assert part.query == (BEFORE if part.place.cell.startswith("before") else NOW)


def test_a_growth_from_less_than_nothing_says_that_its_size_divides(talk):
    talk.keep(
        Receipt("", "cash_flow", {}, "", (money("net", 500, NOW), money("was", -200, BEFORE)))
    )
    assert words(talk, "growth r2.net r2.was") == "($5.00 - -$2.00) / |-$2.00|"


def test_a_cell_of_rows_is_one_part_and_what_has_no_rows_leads_nowhere(talk):
    (total,) = steps(talk, "r1.now.total")
    assert (total.query, total.is_sum, total.leads) == (NOW, True, True)
    (name,) = steps(talk, "r1.1.name")
    assert (name.query, name.is_sum, name.leads) == (NOW, False, True)
    (days,) = steps(talk, "r1.days")
    assert (days.query, days.leads) == (None, False)


def test_a_share_that_an_older_program_gave_rows_has_none(talk):
    old = Cell("g1.share", CellKind.SHARE, 10, None, NOW)
    talk.keep(Receipt("", "spending_summary", {}, "", (old,), query=NOW))
    (part,) = steps(talk, "r2.g1.share")
    assert (part.query, part.leads) == (None, False)


def test_balances_lead_to_accounts(talk):
    talk.keep(Receipt("", "balances", {}, "", (money("total", 5), Cell("n", CellKind.TEXT, "x"))))
    assert [steps(talk, f"r2.{one}")[0].is_of_accounts for one in ("total", "n")] == [True, False]


def test_calculations_of_calculations_are_written_out_by_what_came_before(talk):
    first = calculate(talk, "(r1.now.total - r1.before.total) / 2")
    second = calculate(talk, f"-{first}.result * 1.5 + r1.change")
    assert words(talk, f"{second}.result") == (
        "- (($1,204.50 - $980.00) / 2) * 3/2 + ($1,204.50 - $980.00)"
    )
    assert [one.place for one in recipes.parts_of(steps(talk, f"{second}.result"))] == [
        CellPlace("r1", "now.total"),
        CellPlace("r1", "before.total"),
    ]


def test_what_doubles_with_every_calculation_is_bounded(talk):
    last = "r1.now.total"
    for _ in range(40):
        last = f"{calculate(talk, f'({last} + {last} + {last} + {last}) / 4')}.result"
    found = steps(talk, last)
    assert 60 < len(found) < 600
    assert {one for one in found if isinstance(one, Number)} == {Number(Fraction(4))}


def test_receipts_that_are_gone_make_nothing(talk):
    figure = cited("r1.change", talk.receipts).figure
    assert recipes.steps_of(figure, {}) == ()
    assert recipes.figure_again(figure, {}) is None


def test_other_parts_make_other_figures(talk):
    half = calculate(talk, "r1.change / 2")
    places = {CellPlace("r1", "now.total"): 100_000, CellPlace("r1", "now.count"): 40}
    again = recipes.renewed(talk.receipts, places)
    wanted = {
        "r1.now.total": 100_000,
        "r1.before.total": 98_000,
        "r1.change": 2_000,
        "r1.change_share": 20,
        "r1.share": 1020,
        "r1.average": 2_500,
        "r1.per_day": 3_226,
        f"{half}.result": 1_000,
        "diff r1.now.total r1.before.total": 2_000,
    }
    for inner, value in wanted.items():
        figure = cited(inner, talk.receipts).figure
        assert recipes.figure_again(figure, again).value == value, inner


def test_what_cannot_be_computed_any_more_stays_away(talk):
    half = calculate(talk, "r1.now.total / r1.now.count")
    again = recipes.renewed(talk.receipts, {CellPlace("r1", "now.count"): 0})
    for inner in ("r1.average", f"{half}.result"):
        assert recipes.figure_again(cited(inner, talk.receipts).figure, again) is None
    assert again["r1"].cell("per_day").value == 3_885


@pytest.mark.parametrize("before", [0, -98_000])
def test_no_share_is_made_of_less_than_nothing_as_no_tool_makes_one(talk, before):
    again = recipes.renewed(talk.receipts, {CellPlace("r1", "before.total"): before})
    for inner in ("r1.change_share", "r1.share"):
        assert recipes.figure_again(cited(inner, talk.receipts).figure, again) is None
    assert again["r1"].cell("change").value == 120_450 - before


def test_every_cell_of_the_fixture_is_what_its_parts_make(talk):
    receipt = talk.receipts["r1"]
    for cell in receipt.cells:
        if cell.made is not None:
            assert recipes.value_made(receipt, cell) == cell.value
            assert all(
                isinstance(one, Part | Number | str) for one in steps(talk, f"r1.{cell.name}")
            )
