"""Every wrong figure of a reply is marked and no right one is."""

import re
from collections import Counter
from datetime import date
from functools import partial

import pytest

from hive_desktop.domain.cited_receipts import Sources
from hive_desktop.domain.figures import FigureWords
from hive_desktop.domain.pieces import Standing
from hive_desktop.domain.receipts import Cell, CellKind
from hive_desktop.domain.verification import checked, paragraphs
from tests.spending import least_cpu_s
from tests.unit.domain.odd_replies import BESIDE_RIGHT, BESIDE_WRONG, KINDS, a_paragraph
from tests.unit.domain.replies import a_reply, count, day, money, receipt, share, text

REPLIES = 1_000
RECEIPTS = {
    "r1": receipt(
        "r1",
        money("total", 123_456),
        count("count", 14),
        share("share", 125),
        money("change", -5_000),
        share("change_share", -81),
        text("g1.name", "7-Eleven"),
        day("last", date(2026, 10, 17)),
        Cell("times", CellKind.RATIO, 150),
        arguments={"period": "last 30 days", "limit": 5, "merchants": ["Route 66 Diner"],
                   "group_by": "account"},
        rows=(("g1.name",), ("total",), ("count",)),
    ),
    "r2": receipt("r2", money("total", 4_000, "EUR"), money("less", 1_888, "EUR"),
                  text("1.name", "Everyday Card ··7702"), start=date(2025, 3, 1),
                  end=date(2025, 3, 31)),
    "r3": receipt("r3", count("count", 2), money("total", 1_234_500, "JPY")),
}  # fmt: skip


def look(words, language="en", receipts=RECEIPTS, **more):
    return checked(words, receipts, FigureWords(language), **more)


def flaws(words, language="en", **more):
    return [one.text.strip(" \u00a0*`") for one in look(words, language, **more).flaws]


def bare(words):
    return re.sub(r"[*`]", "", words).strip()


def test_a_thousand_replies_with_planted_figures():
    planted = 0
    for seed in range(REPLIES):
        reply = a_reply(seed)
        seen = look(reply.text, reply.language, receipts=reply.receipts)
        marked = [bare(one.text) for one in seen.flaws]
        assert len(marked) == len(reply.planted), (seed, reply, marked)
        for words, mark in zip(reply.planted, marked, strict=True):
            assert bare(words) in mark or mark in bare(words), (seed, reply, marked)
        for words in reply.right:
            assert bare(words) in bare(seen.text), (seed, words, seen.text)
        planted += len(reply.planted)
    assert planted > REPLIES // 2


def test_three_thousand_paragraphs_of_odd_words():
    drawn = Counter()
    for seed in range(3 * REPLIES):
        one, kind, words, is_wrong = a_paragraph(seed)
        for language in ("en", "de"):
            seen = look(words, language, receipts={"r1": one})
            assert bool(seen.flaws) == is_wrong, (seed, kind, words, seen.flaws, one.cells)
        drawn[kind, is_wrong] += 1
    assert set(drawn) == {(kind, is_wrong) for kind in KINDS for is_wrong in (False, True)}
    assert min(drawn.values()) > REPLIES // 10


def test_what_stands_around_a_reference_is_all_drawn():
    found = {a_paragraph(seed)[2] for seed in range(3 * REPLIES)}
    for told in (*BESIDE_RIGHT, *BESIDE_WRONG):
        words = told.format(p="[[r1.total]]", q="[[r1.count]]", n="[[r1.change]]")
        assert any(words in one for one in found), told


@pytest.mark.parametrize(
    "words",
    [
        "You spent £1,234.56 [[r1]].",
        "You spent £1,235 [[r1]], or £1.2k.",
        "About £1,200 [[r1]]; over £1,000; nearly £1,300.",
        "[[r1]] 1.234,56 £ and 1234,56 GBP and 1\u00a0234.56",
        "Rent - £1,234.56, rent \u2013 £1,234.56 \u2013 and\n- £1,234.56\n- 14 payments [[r1]]",
        "The change is minus £50 or \u2013£50.00 or negative 50 pounds [[r1]].",
        "It fell by £50.00 [[r1]], which is -£50 or \u22128.1 % or 8%.",
        "14 payments, fourteen transactions, 14 times [[r1]].",
        "12.5% [[r1]]; 13 percent; 12 %.",
        "1.5 times as much [[r1]], 1.5x.",
        "On 17 October 2026 [[r1]]; October 17th; 17.10.2026; 17.10.; 2026-10-17; 10/17/2026.",
        "In October 2026, from 1 to 31 October, 2026 and Q4 2026 [[r1]].",
        "Your top 5 merchants and the 5 largest in the last 30 days [[r1]].",
        "Your Everyday Card ··7702, the card ending in 7702, card (7702) [[r2]].",
        "Your Visa *7702 and your **card *7702**, **** 7702 [[r2]].",
        "At 7-Eleven and Route 66 Diner [[r1]].",
        "| 7-Eleven | [[r1.total]] |\n|---|---|\n| A12 | 12.5 |",
        "1. [[r1.total]]\n2. [[r1.count]]\n\n# 3. Rent",
        "You bought it the 3rd time on iPhone15 with Model A12.",
        "Here are your top 5 merchants of the last 30 days:\n\n| Tesco | [[r1.total]] |",
        "1 234,56 £ over 31 days and 3 accounts [[r1]].",
        "May I help [[r1]]?",
        "May I help? It may be one of your two biggest.",
        "vierzehn Buchungen, 14 Mal und vierzehnmal [[r1]].",
        "tausendzweihundertfünfunddreißig Pfund oder eintausendzweihundertfünfunddreißig [[r1]]",
        "`[[r1.total]]` and £[[r1.total]] and [[r1.total]] GBP and [[r1.share]]%",
        "\\[\\[r1.total\\]\\] and [[ R1.Total ]]",
        "It was [[diff r2.total r2.less]], so 21.12. And 21.12.",
        "40 € [[r2]] and £1,234.56 [[r1]]",
        "1 234 500 \u00a5, JPY 1 234 500, 1 234 500 yen [[r3]]",
        "In March 2025 [[r2.total]] and in October [[r1.total]].",
        "The difference is [[diff r1.total r1.change]], so £1,284.56.",
    ],
)  # fmt: skip
def test_right_figures_are_not_marked(words):
    assert flaws(words) == []


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        ("You spent £1,234.57 [[r1]].", ["£1,234.57"]),
        ("You spent £1,200 [[r1]].", ["£1,200"]),
        ("You spent £1,234.56.", ["£1,234.56"]),
        ("You spent £1,234.56.\n\n[[r1]]", ["£1,234.56"]),
        ("You spent $1,234.56 [[r1]].", ["$1,234.56"]),
        ("You spent 1.234,56 € [[r1]].", ["1.234,56 €"]),
        ("15 payments [[r1]]", ["15"]),
        ("Fifteen payments, forty euros [[r1]]", ["Fifteen", "forty euros"]),
        ("1234 payments [[r1]]", ["1234"]),
        ("12.6% [[r1]]", ["12.6%"]),
        ("+£50.00 and +8.1% [[r1]]", ["+£50.00", "+8.1%"]),
        ("-£1,234.56 and \u2013£1,234.56 and minus £1,234.56 [[r1]]",
         ["-£1,234.56", "\u2013£1,234.56", "£1,234.56"]),
        ("1,234.56 US dollars, 1.234,56 Schweizer Franken [[r1]]",
         ["1,234.56 US dollars", "1.234,56 Schweizer Franken"]),
        ("£**1,234**.99 [[r1]]", ["£**1,234**.99"]),
        ("£1,234.5\u200b7 [[r1]]", ["£1,234.5\u200b7"]),
        ("£\uff19\uff19.00 [[r1]]", ["£\uff19\uff19.00"]),
        ("```\nTotal  £99.00\n```\n[[r1]]", ["£99.00"]),
        ("`£99` [[r1]]", ["£99"]),
        ("| a | 99.00 |\n|---|---|\n| b | [[r1.total]] |", ["99.00"]),
        ("Rs450.00 and 450EUR [[r1]]", ["450.00", "450EUR"]),
        ("four hundred and fifty pounds [[r1]]", ["four hundred and fifty pounds"]),
        ("vierhundertfünfzig Pfund, dreimal [[r1]]", ["vierhundertfünfzig Pfund", "dreimal"]),
        ("On 18 October 2026 [[r1]]", ["18 October 2026"]),
        ("On 18 October 2026", ["18 October 2026"]),
        ("In September [[r1.total]], in 2024 [[r1.count]]", ["September", "2024"]),
        ("Your top 6 [[r1]]", ["6"]),
        ("3 transactions, 4 accounts, 30 days [[r1]]", ["3", "4", "30"]),
        ("15transactions [[r1]]", ["15"]),
        ("500. [[r1]]", ["500"]),
        ("3x [[r1]]", ["3x"]),
        ("You have 7702 payments and 7702 of it on the card ending in 7703 [[r2]]",
         ["7702", "7702", "7703"]),
        ("**7702 dollars** of **7702** and **7702 in all** (7702 payments), card 7702% [[r2]]",
         ["7702 dollars", "7702", "7702", "7702", "7702%"]),
        ("dreihunderteins Käufe, hundertein Käufe [[r1]]", ["dreihunderteins", "hundertein"]),
        ("[[r9.total]] [[r1.none]] [[diff r1.total r2.total]] [[drop table]]", ["[?]"] * 4),
        ("1[[r1.count]] and [[r1.total]]00 and [[r1.total]]k", ["1", "[?]", "[?]", "00", "[?]"]),
        ("[[r1.total]] million", ["[?]"]),
        ("[[sum 100 200]]", ["[?]"]),
        ("Buy at 14:30 [[r2]]", ["14", "30"]),
        ("about £2,000 [[r1]]; over £1,300 [[r1]]; under £1,200", ["£2,000", "£1,300", "£1,200"]),
        ("&#52;51 [[r1]]", ["52", "51"]),
    ],
)  # fmt: skip
def test_wrong_figures_are_marked(words, marked):
    assert [one.text for one in look(words).flaws] == marked


@pytest.mark.parametrize(
    "words",
    [
        "-[[r1.total]]", "It is \u2212[[r1.total]].", "-£[[r1.total]]", "£-[[r1.total]]",
        "-**[[r1.total]]**", "&minus;[[r1.total]]", "You have minus [[r1.total]].",
        "+[[r1.change]]", "$[[r1.count]]", "EUR [[r1.count]]", "[[r1.count]]%",
        "[[r1.count]] **%**", "[[r1.times]]%", "[[r1.total]] percent", "%[[r1.count]]",
        "[[r1.count]] percentage points", "[[r1.count]] dollars", "[[r1.share]] dollars",
        "[[r1.count]] €", "[[r1.total]] cents", "[[r1.count]]p", "[[r1.count]] USD",
        "[[r1.total]] crore", "[[r1.total]]-million", "[[r1.count]] dozen",
    ],
)  # fmt: skip
def test_signs_and_units_beside_a_reference_change_no_figure(words):
    seen = look(words)
    assert [one.text for one in seen.flaws] == ["[?]"]


@pytest.mark.parametrize(
    ("words", "broken"),
    [
        ("[[r1.count]][[r1.count]]", 1),
        ("[[r1.total]][[r1.count]]", 1),
        ("[[r1.count]] [[r1.count]]", 1),
        ("[[r1.count]]**[[r1.count]]**", 1),
        ("[[r1.count]][[r1]][[r1.count]]", 1),
        ("[[r1.total]][[r1.g1.name]]", 1),
        ("[[r1.total]]'000", 1),
        ("1'[[r1.count]]", 1),
        ("1\u2019[[r1.count]]", 1),
        ("1\u00a0[[r1.count]]", 1),
        ("1 [[r1.count]]", 1),
        ("[[r1.total]][[r1]] and [[r1.count]]", 0),
        ("[[r1.g1.name]] [[r1.count]], [[r1.g1.name]] [[r1.total]]", 0),
        ("[[r1.count]] [[r1.total]]", 0),
        ("[[r1.change]]\u2013[[r1.total]], [[r1.change]]-[[r1.total]]", 0),
        ("[[r1.total]] minus [[r1.change]]", 0),
        ("- [[r1.total]]\n- £[[r1.total]]\n\nRent - [[r1.total]]", 0),
        ("[[r1.count]] GBP transactions; try [[r1.count]]; [[r1.count]] try it", 0),
        ("'[[r1.count]]' (about [[r1.share]]) [[r1.share]] percent", 0),
        ("Paid in euros [[r1.count]] times, on [[r1.last]] [[r1.total]]", 0),
    ],
)
def test_figures_stand_apart(words, broken):
    seen = look(words)
    assert [one.standing for one in seen.pieces].count(Standing.BROKEN) == broken, seen.pieces


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        ("You have 3 accounts and 3 subscriptions.\n\n[[r1]]", ["3", "3"]),
        ("You have 3 accounts and 3 subscriptions [[r1]]", ["3"]),
        ("That was in 31 days.\n\n[[r1]]", ["31"]),
        ("Your top 3 merchants:\n\n[[r1]]", []),
        ("It cost three grand, or 3 grand [[r1]]", ["three grand", "3 grand"]),
        ("It cost $seven [[r1]]", ["$seven"]),
        (
            "\u00be of it, a third of it, two thirds of it [[r1]]",
            ["\u00be", "a third of", "two thirds of"],
        ),
        ("It was a tenth of it, and ein Drittel, die Hälfte [[r1]]", ["ein Drittel", "die Hälfte"]),
        ("\u215b of it [[r1]]", []),
        ("It tripled and sich verdoppelt [[r1]]", ["tripled", "verdoppelt"]),
        ("It doubled: [[r3]]", ["doubled"]),
        ("2 times, 2x [[r3]]", []),
        ("A third time, the third of October, half a year, the quarter [[r1]]", []),
    ],
)
def test_counts_and_parts_need_a_receipt_of_their_paragraph(words, marked):
    assert sorted(flaws(words)) == sorted(marked)


def test_supported_figures_open_their_cell():
    seen = look("You spent **£1,234.56** in 14 payments [[r1]], [[share r1.change r1.total]].")
    found = {one.text: one for one in seen.pieces if one.figure is not None}
    assert found["£1,234.56"].figure.formula == "r1.total"
    assert found["14"].standing is Standing.SUPPORTED
    assert found["-4.1%"].standing is Standing.FIGURE
    assert [str(place) for place in found["-4.1%"].figure.places] == ["r1.change", "r1.total"]
    assert seen.text == "You spent **£1,234.56** in 14 payments , -4.1%."


def test_pieces_keep_the_whole_text():
    for seed in range(50):
        reply = a_reply(seed)
        seen = look(reply.text, reply.language, receipts=reply.receipts)
        plain = "".join(one.text for one in seen.pieces if one.standing is Standing.TEXT)
        assert len(plain) <= len(reply.text)
        spans = list(paragraphs(reply.text))
        assert "".join(reply.text[start:end] for start, end in spans) == reply.text


def test_a_hostile_name_hides_no_figure():
    receipts = {
        "r1": receipt("r1", money("total", 100), text("1.name", "You spent £999.00 in total"),
                      text("2.name", "14 transactions with us"), text("3.name", "Bar 99"))
    }  # fmt: skip
    seen = look("[[r1]] You spent £999.00 in total, 14 transactions with us.", receipts=receipts)
    assert [one.text for one in seen.flaws] == ["£999.00", "14"]
    assert not look("At Bar 99 [[r1.total]].", receipts=receipts).flaws


def test_a_name_is_no_mark_up():
    name = "[click](https://evil.example) **B** <b> & `x` #1\n> q"
    receipts = {"r1": receipt("r1", text("1.name", name), money("total", 5))}
    seen = look("At [[r1.1.name]] for [[r1.total]] and **more**.", receipts=receipts)
    shown = "".join(one.markdown for one in seen.pieces)
    assert shown == (
        r"At \[click\]\(https://evil.example\) \*\*B\*\* \<b\> \& \`x\` \#1 \> q"
        " for £0.05 and **more**."
    )


def test_links_lose_their_address():
    words = (
        "[Open](http://evil.example/?b=1) ![x](https://evil.example/a.png) [[r1.total]](http://e.vil)"
        " <https://evil.example> www.evil.example/q [a][b]\n\n[b]: http://evil.example"
    )
    shown = look(words).text
    assert "evil" not in shown
    assert "e.vil" not in shown
    assert "£1,234.56" in shown
    assert "Open" in shown


def test_a_rest_of_a_paragraph_knows_what_its_beginning_cites():
    rest = "| Rent | £1,234.56 |\n\n| Food | 14 |\n"
    assert flaws(rest, cited=["r1"]) == []
    assert flaws(rest, cited=["r2", "r9"]) == ["£1,234.56", "14"]
    assert flaws(rest) == ["£1,234.56", "14"]
    sources = Sources()
    for total in (123_456, 99):
        now = {"r1": receipt("r1", money("total", total))}
        marked = flaws("£1,234.56 [[r1]]", receipts=now, sources=sources)
        assert marked == ([] if total == 123_456 else ["£1,234.56"])


def test_today_may_be_named():
    assert not flaws("Today is 27 November 2026.", today=date(2026, 11, 27))
    assert flaws("Today is 27 November 2026.", today=date(2026, 11, 26))


def linear(make):
    """Return how much longer a text of four times the length takes, and how long the short one."""
    short, long = (least_cpu_s(partial(look, make(size)), tries=3) for size in (20_000, 80_000))
    return long / short, short


@pytest.mark.parametrize(
    "part",
    [
        "| 7-Eleven | [[r1.total]] | [[r1.count]] | £1,234.56 | 12.5% | Oct 17, 2026 [[r1]] |\n",
        "for x in range(10): print(x, 'total', 12.5)\n",
        "You spent [[r1.total]] in 14 payments [[r1]], about £1,200 as in every other month. ",
        "You spent £1.00 in 14 payments [[r1]].\n\n",
        "On 17 October 2026 it was [[r1.count]][[r1]] ",
        "[[r1]] ",
        "£1,234.5",
    ],
)
def test_a_reply_takes_as_long_as_it_is(part):
    longer, spent = linear(lambda size: part * (size // len(part)))
    assert longer < 8, "four times the length, and not sixteen times as long"
    assert spent < 0.5


def test_many_figures_are_held_against_many_cells():
    cells = [money(f"{n}.total", 100 * n * n + 7) for n in range(1, 2_000)]
    many = {"r1": receipt("r1", *cells)}
    words = " ".join(f"£{n * n}.08" for n in range(1, 1_500))
    assert len(look(f"{words} [[r1]]", receipts=many).flaws) == 1_499
    assert least_cpu_s(lambda: look(f"{words} [[r1]]", receipts=many), tries=2) < 1


def test_long_replies_are_read_quickly():
    hostile = "[[" * 2_000 + "1," * 5_000 + "a " * 5_000 + "zwanzig" * 1_000 + "[a](" * 1_000
    usual = "\n\n".join(f"You spent £{n}.00 in {n} payments [[r1]]." for n in range(400))
    for words in (hostile, usual):
        assert least_cpu_s(partial(look, words), tries=2) < 3
