"""Pairing of transfers: the rule by example, against an oracle, and under any order of rows."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive_desktop.domain.looks import Looks, looks_of
from hive_desktop.domain.rates import Rate, RateBook, RateSource, printed_rate
from hive_desktop.domain.transfers import MAX_DAYS, Leg, pair, still_holds
from tests.spending import least_cpu_s

NO_RATES = RateBook()
T, P, U = Looks.TRANSFER, Looks.PURCHASE, Looks.UNKNOWN


def leg(name, account, amount, day=100, *, cur="USD", text="", looks=T, spoken=False):
    return Leg(name.encode(), account.encode(), day, amount, cur, text, looks, spoken)


def run(*legs, refused=(), rates=NO_RATES):
    return pair(legs, refused=set(refused), rates=rates)


def ids(found):
    return [(one.out_id.decode(), one.in_id.decode()) for one in found]


def test_opposite_equal_amounts_of_two_accounts_are_one_transfer():
    found = run(leg("a", "checking", 50_000), leg("b", "savings", -50_000, 101))
    (made,) = found.pairs
    assert (made.out_id, made.in_id, made.rate, made.source) == (b"a", b"b", None, None)
    assert made.reason == "The same amount on both sides, 1 day apart"
    assert found.doubts == ()


@pytest.mark.parametrize("days", range(-6, 7))
def test_four_days_in_either_direction_and_no_more(days):
    found = run(leg("a", "x", 100), leg("b", "y", -100, 100 + days))
    assert len(found.pairs) == (abs(days) <= MAX_DAYS)
    assert not found.doubts


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (leg("a", "x", 100), leg("b", "x", -100)),
        (leg("a", "x", 100), leg("b", "y", -101)),
        (leg("a", "x", 100), leg("b", "y", 100)),
        (leg("a", "x", 0), leg("b", "y", 0)),
        (leg("a", "x", 100), leg("b", "y", -100, cur="EUR")),
        (leg("a", "x", 100, looks=P), leg("b", "y", -100, looks=P)),
    ],
)
def test_what_is_no_transfer_is_not_even_asked_about(first, second):
    found = run(first, second)
    assert (found.pairs, found.doubts) == ((), ())


@pytest.mark.parametrize(("one", "other"), [(T, T), (T, U), (U, T), (U, U)])
def test_looks_that_allow_a_pair(one, other):
    assert ids(run(leg("a", "x", 9, looks=one), leg("b", "y", -9, looks=other)).pairs) == [
        ("a", "b")
    ]


@pytest.mark.parametrize(("one", "other"), [(P, U), (U, P), (P, T), (T, P)])
def test_a_purchase_on_one_side_is_asked_about(one, other):
    found = run(leg("a", "x", 9, looks=one), leg("b", "y", -9, looks=other))
    assert found.pairs == ()
    (doubt,) = found.doubts
    assert doubt.reasons == (
        "The same amount on both sides, on the same day",
        "One of them looks like a purchase",
    )


@pytest.mark.parametrize("spoken", [(True, False), (False, True), (True, True)])
def test_what_the_person_gave_a_category_is_never_paired_by_itself(spoken):
    found = run(leg("a", "x", 9, spoken=spoken[0]), leg("b", "y", -9, spoken=spoken[1]))
    assert found.pairs == ()
    assert "category" in found.doubts[0].reasons[1]


def test_a_second_partner_makes_both_doubtful_even_if_one_is_nearer():
    found = run(leg("a", "x", 9), leg("b", "y", -9), leg("c", "z", -9, 103, looks=U))
    assert found.pairs == ()
    assert ids(found.doubts) == [("a", "b"), ("a", "c")]
    assert found.doubts[0].score > found.doubts[1].score


def test_an_ambiguity_reaches_no_further_than_its_rows():
    found = run(
        leg("a", "x", 9), leg("b", "y", -9), leg("c", "z", -9), leg("d", "x", 7), leg("e", "y", -7)
    )
    assert ids(found.pairs) == [("d", "e")]


def test_a_refusal_is_remembered_and_frees_the_other_partner():
    legs = (leg("a", "x", 9), leg("b", "y", -9), leg("c", "z", -9))
    found = run(*legs, refused=[(b"a", b"b")])
    assert ids(found.pairs) == [("a", "c")]
    assert found.doubts == ()
    assert run(*legs[:2], refused=[(b"a", b"b")]) == run()


def test_no_row_is_asked_about_more_than_three_times():
    found = run(leg("a", "x", 9), *(leg(f"i{n}", f"y{n}", -9, 100 + n % 4) for n in range(9)))
    assert len(found.doubts) == 3
    assert [doubt.in_id for doubt in found.doubts] == [b"i0", b"i4", b"i8"]


def test_a_crowd_of_equal_rows_is_ambiguous_and_costs_little():
    legs = [leg(f"o{n:05}", "x", 500, n % 3) for n in range(3000)]
    legs += [leg(f"i{n:05}", "y", -500, n % 3) for n in range(3000)]
    # A row of the crowd whose only listed partner is elsewhere must not slip through.
    legs.append(leg("z", "w", 500, 6))
    found = run(*legs)
    assert least_cpu_s(lambda: run(*legs), tries=2) < 5
    assert found.pairs == ()
    assert found.doubts


def test_fifty_thousand_rows_take_less_than_a_second():
    legs = []
    for n in range(25_000):
        cur = "USD" if n % 5 else "EUR"
        legs.append(leg(f"o{n}", "x", 100_000 + n, n % 730, cur=cur))
        legs.append(leg(f"i{n}", "y", -(100_000 + n), n % 730 + 1, cur=cur))
    assert len(run(*legs).pairs) == 25_000
    assert least_cpu_s(lambda: run(*legs), tries=3) < 1  # 0.3 s when alone


EUR_IN = leg("b", "y", -9_217, 101, cur="EUR")
BOOK = RateBook(entered=[Rate(103, "USD", "EUR", Decimal("0.92"))])


@pytest.mark.parametrize(
    ("out_text", "in_text", "rate"),
    [
        ("FX RATE 0.9217", "", "0.9217"),
        ("", "EXCHANGE RATE: 0.9217", "0.9217"),
        ("TRANSFER USD/EUR 0.9217", "", "0.9217"),
        ("", "1 USD = 0,9217 EUR", "0.9217"),
    ],
)
def test_a_printed_rate_pairs_two_currencies(out_text, in_text, rate):
    found = run(leg("a", "x", 10_000, text=out_text), EUR_IN._replace(text=in_text))
    (made,) = found.pairs
    assert (made.rate, made.source) == (Decimal(rate), RateSource.PRINTED)
    assert made.reason == "Converted at 0.9217, printed in the description, 1 day apart"


def test_a_printed_rate_may_be_the_other_way_about():
    found = run(leg("a", "x", 10_000, text="FX RATE 1.0850"), EUR_IN)
    (made,) = found.pairs
    assert made.rate.quantize(Decimal("0.0001")) == Decimal("0.9217")


@pytest.mark.parametrize(("in_minor", "made"), [(9_217, 1), (9_226, 1), (9_228, 0), (9_206, 0)])
def test_a_printed_rate_leaves_room_for_rounding_only(in_minor, made):
    into = EUR_IN._replace(amount_minor=-in_minor)
    assert len(run(leg("a", "x", 10_000, text="FX RATE 0.9217"), into).pairs) == made


@pytest.mark.parametrize(("in_minor", "made"), [(9_246, 1), (9_247, 0), (9_154, 1), (9_153, 0)])
def test_an_entered_rate_leaves_half_a_percent(in_minor, made):
    found = run(leg("a", "x", 10_000), EUR_IN._replace(amount_minor=-in_minor), rates=BOOK)
    assert len(found.pairs) == made
    for one in found.pairs:
        assert one.source is RateSource.ENTERED
        assert one.reason == "Converted at 0.92, the rate that you entered, 1 day apart"


@pytest.mark.parametrize(("in_minor", "made"), [(9_292, 1), (9_293, 0), (9_108, 1), (9_107, 0)])
def test_a_median_leaves_one_percent(in_minor, made):
    rates = [Rate(90 + n, "USD", "EUR", Decimal(r)) for n, r in enumerate(("0.9", "0.92", "0.99"))]
    found = run(
        leg("a", "x", 10_000),
        EUR_IN._replace(amount_minor=-in_minor),
        rates=RateBook(confirmed=rates),
    )
    assert [one.source for one in found.pairs] == [RateSource.MEDIAN] * made


def test_no_rate_no_transfer():
    few = RateBook(confirmed=[Rate(100, "USD", "EUR", Decimal("0.9217"))] * 2)
    assert run(leg("a", "x", 10_000), EUR_IN, rates=few) == run()


def test_minor_units_of_both_currencies_count():
    out = leg("a", "x", 10_000, text="1 USD = 149.32 JPY")
    assert ids(run(out, leg("b", "y", -14_932, cur="JPY")).pairs) == [("a", "b")]
    out = leg("a", "x", 14_932, cur="JPY", text="1 USD = 149.32 JPY")
    assert ids(run(out, leg("b", "y", -30_750, cur="KWD", text="JPY/KWD 0.0020593")).pairs)


def test_a_printed_rate_that_contradicts_makes_it_a_question():
    found = run(leg("a", "x", 10_000, text="FX RATE 0.8000"), EUR_IN, rates=BOOK)
    assert found.pairs == ()
    assert "The description prints another rate" in found.doubts[0].reasons


def test_a_partner_in_another_currency_makes_it_ambiguous_too():
    found = run(leg("a", "x", 10_000), leg("u", "z", -10_000), EUR_IN, rates=BOOK)
    assert found.pairs == ()
    assert ids(found.doubts) == [("a", "u"), ("a", "b")]


@pytest.mark.parametrize(
    ("out", "into", "holds"),
    [
        (leg("a", "x", 100), leg("b", "y", -100, 104), True),
        (leg("a", "x", 100), leg("b", "y", -100, 105), False),
        (leg("a", "x", 100), leg("b", "y", -101), False),
        (leg("a", "x", 100), leg("b", "x", -100), False),
        (leg("a", "x", -100), leg("b", "y", 100), False),
        (leg("a", "x", 100), leg("b", "y", 100), False),
        (leg("a", "x", 100), leg("b", "y", -100, looks=P, spoken=True), True),
        (leg("a", "x", 10_000), EUR_IN, False),
    ],
)
def test_whether_a_pair_still_holds(out, into, holds):
    assert still_holds(out, into, NO_RATES, None) is holds


def test_a_pair_of_two_currencies_holds_by_its_rate_or_a_rate_of_now():
    out = leg("a", "x", 10_000)
    assert still_holds(out, EUR_IN, NO_RATES, Decimal("0.9217"))
    assert still_holds(out, EUR_IN, NO_RATES, Decimal("0.9130"))
    assert not still_holds(out, EUR_IN, NO_RATES, Decimal("0.9"))
    assert still_holds(out, EUR_IN, BOOK, Decimal("0.9"))
    assert still_holds(out._replace(text="FX RATE 0.9217"), EUR_IN, NO_RATES, None)


legs_of_any_kind = st.lists(
    st.builds(
        Leg,
        id=st.just(b""),
        account_id=st.sampled_from([b"x", b"y", b"z"]),
        day=st.integers(100, 108),
        amount_minor=st.sampled_from([-200, -184, -100, -92, 0, 92, 100, 184, 200]),
        currency=st.sampled_from(["USD", "EUR"]),
        text=st.sampled_from(["", "FX RATE 0.9200", "1 EUR = 1.087 USD"]),
        looks=st.sampled_from(Looks),
        is_spoken_for=st.booleans(),
    ),
    max_size=14,
).map(lambda legs: [one._replace(id=bytes([n])) for n, one in enumerate(legs)])
refusals = st.sets(st.tuples(*[st.integers(0, 13).map(lambda n: bytes([n]))] * 2), max_size=5)


@given(legs_of_any_kind, refusals, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(legs, refused, random):
    shuffled = random.sample(legs, len(legs))
    assert pair(legs, refused=refused, rates=BOOK) == pair(shuffled, refused=refused, rates=BOOK)


@given(legs_of_any_kind, refusals)
def test_pairs_are_sound_and_no_row_is_in_two(legs, refused):
    found = pair(legs, refused=refused, rates=BOOK)
    by_id = {one.id: one for one in legs}
    ends = [end for one in found.pairs for end in (one.out_id, one.in_id)]
    assert len(ends) == len(set(ends))
    for one in found.pairs:
        out, into = by_id[one.out_id], by_id[one.in_id]
        assert still_holds(out, into, BOOK, one.rate)
        assert not any(end.is_spoken_for for end in (out, into))
    for one in (*found.pairs, *found.doubts):
        assert (one.out_id, one.in_id) not in refused
    for one in found.doubts:
        assert not {one.out_id, one.in_id} & set(ends)
        assert 0 < one.score < 1
        assert len(one.reasons) >= 2
        assert still_holds(by_id[one.out_id], by_id[one.in_id], BOOK, None)


@given(legs_of_any_kind, refusals)
def test_the_pairs_are_those_of_the_rule_read_literally(legs, refused):
    """Look at every two rows, with no index at all."""
    edges = [
        (out, into)
        for out, into in product(legs, legs)
        if out.amount_minor > 0 > into.amount_minor
        and still_holds(out, into, BOOK, None)
        and not (out.looks is P and into.looks is P)
        and (out.id, into.id) not in refused
    ]
    expected = {
        (out.id, into.id)
        for out, into in edges
        if sum(out in edge or into in edge for edge in edges) == 1
        and not (out.is_spoken_for or into.is_spoken_for or P in (out.looks, into.looks))
    }
    found = pair(legs, refused=refused, rates=BOOK)
    made = {(one.out_id, one.in_id) for one in found.pairs}
    assert made <= expected
    # The rest of them print a rate that contradicts the one by which they agree.
    asked = {(one.out_id, one.in_id): one.reasons for one in found.doubts}
    for edge in expected - made:
        assert "The description prints another rate" in asked[edge]


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("FX RATE 1.0845", "1.0845"),
        ("fx rate: 1,0845", "1.0845"),
        ("EXCHANGE RATE: 0.9217", "0.9217"),
        ("WIRE EUR 100.00 EXCH RATE 1.0845 FEE 3.00", "1.0845"),
        ("conversion rate of 1.0845", "1.0845"),
        ("Wechselkurs 1,0845", "1.0845"),
        ("@ 1.25", "1.25"),
        ("EUR 100.00 @ 1.25", "1.25"),
        ("1 EUR = 1.08 USD", "1.08"),
        ("1.00 EUR=1.08USD", "1.08"),
        ("1 EUR = 2 USD", "2"),
        ("EUR/USD 1.08", "1.08"),
        ("USD/EUR 0.80", "1.25"),
        ("1 USD = 0.8 EUR", "1.25"),
        ("FX RATE 1.08 / FX RATE 1.08", "1.08"),
        ("FX RATE 1.08 FX RATE 1.09", None),
        ("1 GBP = 1.25 USD", None),
        ("11 EUR = 1.08 USD", None),
        ("100.00", None),
        ("TRANSFER 1.0845", None),
        ("INTEREST RATE 4.25", None),
        ("EXCHANGE RATE MARGIN 2.75", None),
        ("FX RATE 2.75%", None),
        ("FX RATE 2.75 %", None),
        ("FX RATE 12.05.2024", None),
        ("FX RATE 2024.05.01", None),
        ("FX RATE 1.234,56", None),
        ("FX RATE 0.00", None),
        ("FX RATE 12", None),
        ("2 @ 4.50", None),
        ("@ 4.50 EUR", None),
        ("@ $4.50", None),
        ("@ 4.50 each", None),
        ("MEET @ 12.30pm", None),
        ("03/05 1.25", None),
        ("1 = 1.08", None),
        ("", None),
    ],
)
def test_rates_as_banks_print_them(text, rate):
    assert printed_rate(text, "EUR", "USD") == (None if rate is None else Decimal(rate))


def test_one_currency_has_no_rate():
    assert printed_rate("1 EUR = 1.08 EUR", "EUR", "EUR") is None


@given(st.text("0123456789.,@=/ EURUSDratefx", max_size=30))
def test_any_text_has_a_positive_rate_or_none(text):
    rate = printed_rate(text, "EUR", "USD")
    assert rate is None or rate > 0


def test_the_nearest_entered_rate_goes_before_the_median_and_serves_both_ways():
    entered = [Rate(day, "EUR", "USD", Decimal(rate)) for day, rate in ((95, "1.1"), (101, "1.25"))]
    confirmed = [Rate(100, "USD", "EUR", Decimal("0.5"))] * 3
    book = RateBook(entered, confirmed)
    assert book.find("EUR", "USD", 100) == (Decimal("1.25"), RateSource.ENTERED)
    assert book.find("USD", "EUR", 100) == (Decimal("0.8"), RateSource.ENTERED)
    assert book.find("EUR", "USD", 90) == (Decimal("1.1"), RateSource.ENTERED)
    assert book.find("EUR", "USD", 109) == (Decimal(2), RateSource.MEDIAN)
    assert book.find("EUR", "USD", 131) is None
    assert book.find("EUR", "GBP", 100) is None


def test_a_rate_of_a_currency_to_itself_is_left_out():
    assert RateBook([Rate(1, "EUR", "EUR", Decimal(2))]).find("EUR", "EUR", 1) is None


def test_of_two_rates_of_one_day_the_last_given_counts():
    book = RateBook([Rate(1, "EUR", "USD", Decimal(1)), Rate(1, "EUR", "USD", Decimal(2))])
    assert book.find("EUR", "USD", 1) == (Decimal(2), RateSource.ENTERED)


@pytest.mark.parametrize("rate", ["0", "-1", "NaN", "Infinity"])
def test_a_rate_is_a_positive_number(rate):
    with pytest.raises(ValueError, match="positive"):
        Rate(1, "EUR", "USD", Decimal(rate))


@pytest.mark.parametrize(
    ("category", "confidence", "text", "merchant", "looks"),
    [
        ("TRANSFER_OUT_ACCOUNT_TRANSFER", "LOW", "x", True, T),
        ("TRANSFER_IN", None, "", False, T),
        ("LOAN_PAYMENTS_CREDIT_CARD_PAYMENT", "HIGH", "", False, T),
        ("LOAN_PAYMENTS_MORTGAGE_PAYMENT", "HIGH", "", False, T),
        ("LOAN_DISBURSEMENTS_AUTO", "HIGH", "", False, T),
        ("FOOD_AND_DRINK_COFFEE", "VERY_HIGH", "Cafe", False, P),
        ("FOOD_AND_DRINK_COFFEE", "LOW", "Cafe", False, U),
        ("FOOD_AND_DRINK_COFFEE", None, "Cafe", True, P),
        ("OTHER_OTHER", "HIGH", "Something", False, U),
        (None, None, "Something", False, U),
        (None, None, "Online Transfer to SAV ...123", False, T),
        (None, None, "ONLINE XFER", False, T),
        (None, None, "PAYMENT THANK YOU", False, T),
        (None, None, "PAYMENT - THANK YOU", False, T),
        (None, None, "CHASE CREDIT CRD AUTOPAY", False, T),
        (None, None, "Zelle to own account", False, T),
        (None, None, "ACH from checking", False, T),
        (None, None, "to my savings", False, T),
        (None, None, "Zelle payment to John", False, U),
        (None, None, "TRANSFERWISE", False, U),
        (None, None, "Trip to Savingston", False, U),
        ("ENTERTAINMENT_TV_AND_MOVIES", "HIGH", "NETFLIX AUTOPAY", True, P),
        (None, None, "MOVERS TRANSFER", True, T),
    ],
)
def test_what_a_row_looks_like(category, confidence, text, merchant, looks):
    assert (
        looks_of(
            category,
            confidence,
            text,
            has_merchant=merchant,
            account_type="depository",
            amount_minor=100,
        )
        is looks
    )


def test_money_into_a_loan_pays_it_off_and_its_interest_does_not():
    def looks(amount):
        return looks_of(
            "BANK_FEES_INTEREST_CHARGE", "HIGH", "INTEREST",
            has_merchant=False, account_type="loan", amount_minor=amount,
        )  # fmt: skip

    assert looks(-100) is T
    assert looks(100) is P
