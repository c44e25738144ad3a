"""A price list, what requests cost by it, and amounts as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive_desktop.domain.prices import (
    DEFAULT_PRICES,
    Price,
    PriceError,
    Prices,
    amount,
    estimated_tokens,
    micros,
    prices_from,
)

TOKENS = st.integers(0, 2_000_000)
PRICES = st.builds(Price, *[st.integers(0, 10**9)] * 3)


def test_the_default_model_s_price_is_as_published():
    # 0.10 in, 0.01 cached, 0.50 out, for a million tokens
    price = DEFAULT_PRICES["gpt-6-luna"]
    assert price.cost(100_000, 0) == 10_000
    assert price.cost(0, 1_000_000) == 500_000
    assert price.cost(100_000, 0, 100_000) == 1_000
    assert price.cost(1, 0) == 1  # nothing is free that is not


def test_a_long_prompt_costs_more():
    price = Price(1_000_000, 0, 1_000_000)
    assert price.cost(272_000, 100) == 272_100
    assert price.cost(272_001, 100) == 2 * 272_001 + 150


@given(PRICES, TOKENS, TOKENS, TOKENS, TOKENS)
def test_more_tokens_never_cost_less(price, prompt, answer, more, cached):
    assert price.cost(prompt + more, answer) >= price.cost(prompt, answer) >= 0
    assert price.cost(prompt, answer + more) >= price.cost(prompt, answer)
    if price.cached <= price.prompt:
        assert price.cost(prompt, answer, cached) <= price.cost(prompt, answer)


@given(st.dictionaries(st.text(max_size=20), PRICES, max_size=5))
def test_a_list_is_stored_and_read(own):
    assert prices_from(Prices(own).text()).own == own


@pytest.mark.parametrize(
    "text", [None, "", "nonsense", "[]", "3", '{"m":[1,2]}', '{"m":[-1,0,0]}', '{"m":[1.5,0,0]}',
             '{"m":[true,0,0]}', '{"m":null}']
)  # fmt: skip
def test_what_cannot_be_read_is_left_out(text):
    assert prices_from(text).own == {}


def test_the_person_s_price_goes_before_the_program_s():
    prices = Prices().with_price("gpt-6-luna", Price(1, 1, 1)).with_price("mine", Price(2, 2, 2))
    assert prices.of("gpt-6-luna") == Price(1, 1, 1)
    assert prices.of("mine-2026-05-01") == Price(2, 2, 2)
    assert prices.of("mine-large") is None
    assert prices.with_price("gpt-6-luna", None).of("gpt-6-luna") == DEFAULT_PRICES["gpt-6-luna"]
    assert prices.free().of("llama3.2") == Price(0, 0, 0)
    assert prices.free().of("mine") == Price(2, 2, 2)


@given(st.integers(0, 10**12))
def test_an_amount_is_written_and_read(value):
    assert micros(amount(value).replace(",", "")) == value


@pytest.mark.parametrize(
    "text", ["", "x", "-1", "nan", "inf", "1e9", "0.0000001", "1,5", "1000001"]
)
def test_what_is_no_amount(text):
    with pytest.raises(PriceError):
        micros(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0.00"),
        (100_000, "0.10"),
        (10_000, "0.01"),
        (1, "0.000001"),
        (1_234_500_000, "1,234.50"),
    ],
)
def test_amounts_as_people_read_them(value, text):
    assert amount(value) == text


def test_tokens_are_estimated_by_size():
    assert estimated_tokens("a" * 40) == 10
    assert estimated_tokens("a" * 35, is_json=True) == 10
    assert estimated_tokens("é" * 20) == 10
    assert estimated_tokens("") == 0


@pytest.mark.parametrize(
    "text", ["1e3", "NaN", "-0", "+1", "1_000", "0.1000000", ".5", "5.", "٣", "1 0"]
)
def test_an_amount_is_written_in_plain_digits(text):
    with pytest.raises(PriceError):
        micros(text)


@pytest.mark.parametrize("free", [True, False])
@pytest.mark.parametrize(
    ("model", "price"),
    [("gpt-4o-mini-2024-07-18", 7), ("gpt-4o-mini-20240718", 7), ("gpt-4o-mini-large", None),
     ("gpt-4o-mini-1234567890", None), ("gpt-4o-mini-2024-07-18-x", None)],
)  # fmt: skip
def test_a_dated_model_has_the_price_of_its_name(free, model, price):
    prices = Prices({"gpt-4o-mini": Price(7, 7, 7)}, is_free=free)
    unknown = Price(0, 0, 0) if free else None
    assert prices.of(model) == (unknown if price is None else Price(7, 7, 7))
