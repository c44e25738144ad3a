"""References and calculations: what they come to, what they refuse, and how figures are written."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive_desktop.domain.calculation import calculated, receipt_of
from hive_desktop.domain.figures import FigureError, FigureWords, written
from hive_desktop.domain.references import cited, found_in, settled_length
from tests.unit.domain.replies import count, day, money, receipt, share, text

EN, DE = FigureWords("en"), FigureWords("de")
RECEIPTS = {
    "r1": receipt("r1", money("total", 123_456), money("g1.total", 30_000), count("count", 14),
                  share("s", 125), text("name", "Tesco"), day("d", date(2026, 10, 17))),
    "r2": receipt("r2", money("total", 100_000), count("count", 10), money("eur.total", 5, "EUR"),
                  money("none", 0), day("d", date(2026, 10, 3)), money("below", -20_000)),
}  # fmt: skip
SIZES = st.integers(-(10**12), 10**12)


def said(inner, words=EN):
    return written(cited(inner, RECEIPTS).figure, words)


@pytest.mark.parametrize(
    ("inner", "english", "german"),
    [
        ("r1.total", "£1,234.56", "1.234,56\u00a0£"),
        ("diff r1.total r2.total", "£234.56", "234,56\u00a0£"),
        ("diff r2.total, r1.total", "-£234.56", "-234,56\u00a0£"),
        ("sum r1.total r2.total r1.g1.total", "£2,534.56", "2.534,56\u00a0£"),
        ("share r1.g1.total r1.total", "24.3%", "24,3\u00a0%"),
        ("ratio r1.total r2.total", "1.23", "1,23"),
        ("growth r1.total r2.total", "23.5%", "23,5\u00a0%"),
        ("growth r2.total r2.below", "600%", "600\u00a0%"),
        ("average r1.total r1.count", "£88.18", "88,18\u00a0£"),
        ("average r1.count r2.count", "1.4", "1,4"),
        ("diff r1.count r2.count", "4", "4"),
        ("diff r1.d r2.d", "14", "14"),
        ("r1.d", "17 October 2026", "17. Oktober 2026"),
        ("r1.s", "12.5%", "12,5\u00a0%"),
        ("R1.NAME", "Tesco", "Tesco"),
        ("r2.eur.total", "€0.05", "0,05\u00a0€"),
    ],
)  # fmt: skip
def test_references_come_to_figures(inner, english, german):
    assert said(inner) == english
    assert said(inner, DE) == german


@pytest.mark.parametrize(
    "inner",
    [
        "", "r9", "r9.total", "r1.other", "total", "r1.", "diff r1.total", "sum 100 200",
        "r1.total 5",
        "sum r1.total r2.eur.total", "sum r1.total r1.count", "share r1.total r2.none",
        "diff r1.name r2.total", "average r1.total r1.s", "share r1.total r1.count", "max r1.total",
        "diff r1.total r2.total r1.total", "sum " + "r1.total " * 41, "diff r1.d r1.total",
        "growth r1.total r2.none", "sum r1.count r1.s",
    ],
)  # fmt: skip
def test_what_cannot_be_computed_is_refused(inner):
    with pytest.raises(FigureError):
        cited(inner, RECEIPTS)


def test_a_receipt_may_be_named_alone():
    assert cited(" r1 ".strip(), RECEIPTS) == (None, ("r1",))


def test_references_are_found_and_never_parted():
    whole = "You spent [[r1.total]] and \\[\\[r1.count\\]\\] times [1] a[0]."
    assert [one.inner for one in found_in(whole)] == ["r1.total", "r1.count"]
    for length in range(len(whole) + 1):
        shown = whole[: settled_length(whole[:length])]
        assert whole.startswith(shown)
        assert not shown.rstrip().endswith("[[")
        assert shown.count("[[") == shown.count("]]")
        if not whole[:length].endswith(("[", "\\")) and "[[" not in whole[:length]:
            assert "[[" not in shown
    assert settled_length("plain [text] ends") == len("plain [text] ends")
    assert settled_length("[[" + "x" * 400) == 402


@pytest.mark.parametrize(
    ("expression", "kind", "said_as"),
    [
        ("(r1.total - r2.total) / 2", "amount", "£117.28"),
        ("r1.total / r1.count", "amount", "£88.18"),
        ("r1.total * 0.9", "amount", "£1,111.10"),
        ("r1.count + 3", "count", "17"),
        ("r1.g1.total / r1.total", "percent", "24.3%"),
        ("r1.total / r2.total", "times", "1.23"),
        ("-r1.total + r2.total", "amount", "-£234.56"),
        ("R1.TOTAL * r1.s", "amount", "£154.32"),
    ],
)
def test_calculations(expression, kind, said_as):
    figure = calculated(expression, kind, RECEIPTS)
    assert written(figure, EN) == said_as
    left = receipt_of(figure, kind)
    assert (left.tool, left.cell("result").value) == ("calculate", figure.value)


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("100 * 2", "amount"), ("100 * 2", "count"), ("r1.total + 5", "amount"),
        ("r1.total", "euro"),
        ("r1.total * r2.total", "amount"), ("r1.total / r2.none", "times"), ("(r1.total", "amount"),
        ("r1.total r2.total", "amount"), ("r1.total +", "amount"), ("", "count"),
        ("r1.name", "count"),
        ("r1.total - r2.eur.total", "amount"), ("r1.count / 3", "count"), ("r1.count", "amount"),
        ("__import__('os')", "count"), ("(" * 50 + "r1.total" + ")" * 50, "amount"),
        ("r1.total " * 40, "amount"), ("r1.total ** 9", "amount"), ("r9.total", "amount"),
        ("r1.total * 999999999 * 999999999", "amount"), ("5 / r1.total", "amount"),
    ],
)  # fmt: skip
def test_calculations_that_are_refused(expression, kind):
    with pytest.raises(FigureError):
        calculated(expression, kind, RECEIPTS)


@given(SIZES, SIZES, st.integers(1, 10_000))
def test_sums_are_exact(one, other, number):
    receipts = {"r1": receipt("r1", money("a", one), money("b", other), count("n", number))}
    assert cited("sum r1.a r1.b", receipts).figure.value == one + other
    assert cited("diff r1.a r1.b", receipts).figure.value == one - other
    assert calculated("r1.a * 3 - r1.b", "amount", receipts).value == one * 3 - other
    assert cited("average r1.a r1.n", receipts).figure.value == round(Fraction(one, number))
    if other:
        assert cited("share r1.a r1.b", receipts).figure.value == round(Fraction(one, other) * 1000)


@given(SIZES, st.sampled_from(("GBP", "JPY", "KWD", "XXX")))
def test_an_amount_is_written_with_every_digit(size, currency):
    for words in (EN, DE):
        shown = words.money(size, currency)
        digits = "".join(filter(str.isdigit, shown))
        assert int(digits) == abs(size)
        assert (shown[0] == "-") == (size < 0)
