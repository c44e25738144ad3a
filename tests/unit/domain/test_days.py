from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive_desktop.domain.days import Period, Span, from_day, parse_day, to_day

DATES = st.dates(date(1900, 1, 1), date(2200, 12, 31))


@given(DATES)
def test_day_numbers_are_exact(value):
    assert from_day(to_day(value)) == value
    assert parse_day(value.isoformat()) == to_day(value)


def test_day_zero_is_the_epoch():
    assert to_day(date(1970, 1, 1)) == 0
    assert to_day(date(1969, 12, 31)) == -1


@given(DATES, st.sampled_from(Period))
def test_each_date_lies_in_exactly_one_bucket(value, period):
    start = period.start_of(value)
    following = period.next_start(start)
    assert start <= value < following
    assert period.start_of(following) == following
    assert period.previous_start(following) == start
    assert Span.of(period, value) == Span(start, following - timedelta(days=1))


@given(DATES, st.integers(0, 800), st.sampled_from(Period))
def test_buckets_cover_a_span_without_gaps(start, length, period):
    span = Span(start, start + timedelta(days=length))
    buckets = span.buckets(period)
    assert buckets[0] <= span.start
    assert period.next_start(buckets[-1]) > span.end
    assert all(period.next_start(a) == b for a, b in pairwise(buckets))


def test_a_span_does_not_run_backwards():
    with pytest.raises(ValueError, match="starts"):
        Span(date(2026, 1, 2), date(2026, 1, 1))
