from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
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


@given(st.dates(), st.sampled_from(Period))
@example(date.min, Period.WEEK)
@example(date.min, Period.YEAR)
@example(date.max, Period.WEEK)
@example(date.max, Period.MONTH)
@example(date.max, Period.YEAR)
def test_the_calendar_s_ends_have_buckets_too(value, period):
    span = Span.of(period, value)
    assert span.start <= value <= span.end
    assert span.buckets(period) == [span.start]
    assert period.next_start(span.start) == from_day(min(to_day(span.end) + 1, to_day(date.max)))
    assert period.previous_start(span.start) <= span.start
    assert Span(value, date.max).buckets(Period.YEAR)[-1] == date(9999, 1, 1)
    assert Span(date.min, value).buckets(Period.YEAR)[0] == date.min


@pytest.mark.parametrize("period", Period)
def test_the_whole_calendar_falls_into_buckets(period):
    buckets = Span(date.min, date.max).buckets(period)
    assert buckets[0] == date.min
    assert period.end_of(buckets[-1]) == date.max
    assert period.next_start(buckets[-1]) == date.max
    assert period.previous_start(buckets[0]) == date.min
    assert all(period.next_start(a) == b for a, b in pairwise(buckets))


@given(st.dates(), st.dates(), st.dates(), st.dates())
def test_an_overlap_has_the_days_of_both(a, b, c, d):
    one, other = Span(min(a, b), max(a, b)), Span(min(c, d), max(c, d))
    both = one.overlap(other)
    assert both == other.overlap(one)
    for day in (a, b, c, d):
        in_both = one.start <= day <= one.end and other.start <= day <= other.end
        assert in_both == (both is not None and both.start <= day <= both.end)


def test_a_span_does_not_run_backwards():
    with pytest.raises(ValueError, match="starts"):
        Span(date(2026, 1, 2), date(2026, 1, 1))
