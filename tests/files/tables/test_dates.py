"""Dates are read in one order, with names of months in many languages, and else are none."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive_desktop.adapters.files import dates
from hive_desktop.adapters.files.dates import Dates, looks_like_date, orders_of, read_day
from hive_desktop.domain.csv_layouts import DateOrder
from hive_desktop.domain.days import to_day

DMY, MDY, YMD = DateOrder.DMY, DateOrder.MDY, DateOrder.YMD


@pytest.mark.parametrize(
    ("text", "order", "iso"),
    [
        ("10/02/2018", DMY, "2018-02-10"), ("10/02/2018", MDY, "2018-10-02"),
        ("22.02.18", DMY, "2018-02-22"), ("5.1.2020", DMY, "2020-01-05"),
        ("5. 1. 2020", DMY, "2020-01-05"), ("8/9/69", MDY, "2069-08-09"),
        ("8/9/71", MDY, "1971-08-09"), ("18-02-22", YMD, "2018-02-22"),
        ("2018/3/22", DMY, "2018-03-22"), ("20190311", DMY, "2019-03-11"),
        ("11032019", DMY, "2019-03-11"), ("03112019", MDY, "2019-03-11"),
        ("250118", DMY, "2018-01-25"), ("20091224120000[0:GMT]", YMD, "2009-12-24"),
        ("09/16/2020 as of 09/15/2020", MDY, "2020-09-16"),
        ("2017-04-25T03:15:53", YMD, "2017-04-25"), ("2018-12-06T11:22:33.123Z", DMY, "2018-12-06"),
        ("2018-12-06T11:22:33+01:00", DMY, "2018-12-06"),
        ("31/12/2020 10:00 PM", DMY, "2020-12-31"),
        ("2021-12-05 10:11:12 UTC", DMY, "2021-12-05"), ("25.01.2024, 14:03", DMY, "2024-01-25"),
        ("27 Feb 2018", DMY, "2018-02-27"), ("12-Dec-2019", YMD, "2019-12-12"),
        ("1. März 2020", DMY, "2020-03-01"), ("03 déc. 2020", DMY, "2020-12-03"),
        ("6 de enero de 2020", DMY, "2020-01-06"), ("Jan 5, 2021", MDY, "2021-01-05"),
        ("January 5th, 2021", MDY, "2021-01-05"), ("5 stycznia 2021", DMY, "2021-01-05"),
        ("5 maj 2021", DMY, "2021-05-05"), ("5 mrt 2021", DMY, "2021-03-05"),
        ("5 giugno 2021", DMY, "2021-06-05"), ("5 de março de 2021", DMY, "2021-03-05"),
        ("5 okt. 2021", DMY, "2021-10-05"), ("Mon 03 Jan 2022", DMY, "2022-01-03"),
        ("Mo, 03.01.2022", DMY, "2022-01-03"), ("2022-Jan-03", YMD, "2022-01-03"),
    ],
)  # fmt: skip
def test_reads_a_date(text, order, iso):
    assert read_day(text, order) == to_day(date.fromisoformat(iso))


@pytest.mark.parametrize(
    ("text", "order", "reason"),
    [
        ("", DMY, dates.NO_DAY), ("Pending", DMY, dates.NO_DATE), ("43210", DMY, dates.SERIAL),
        ("44927.5", YMD, dates.SERIAL), ("2020-02-30", YMD, dates.NO_SUCH_DAY),
        ("13/13/2020", DMY, dates.NO_SUCH_DAY), ("1111/11/11", YMD, dates.ODD_YEAR),
        ("25/01/2024", YMD, dates.NO_DATE), ("10/02-2018", DMY, dates.NO_DATE),
        ("5 foo 2021", DMY, dates.NO_DATE), ("12.50", DMY, dates.NO_DATE),
    ],
)  # fmt: skip
def test_tells_why_a_text_is_none(text, order, reason):
    assert read_day(text, order) is None
    assert Dates(order).why_not(text) == reason


def test_a_date_of_another_order_is_none():
    assert Dates(MDY)["25/01/2024"] is None
    assert Dates(DMY)["01/25/2024"] is None


@given(
    st.dates(date(1970, 1, 1), date(2069, 12, 31)),
    st.sampled_from(["%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y-%m-%d", "%Y%m%d", "%d.%m.%y"]),
)
def test_what_is_written_in_an_order_is_read_so(day, form):
    order = {"%d": DMY, "%m": MDY, "%Y": YMD}[form[:2]]
    text = day.strftime(form)

    assert read_day(text, order) == to_day(day)
    assert order in orders_of(text)
    assert looks_like_date(text)


@given(st.text(max_size=80))
def test_any_text_is_a_date_or_none(text):
    for order in DateOrder:
        assert Dates(order)[text] == read_day(text, order)
        assert isinstance(Dates(order).why_not(text), str)


@pytest.mark.parametrize("text", ["12.50", "1234", "123456", "1,234.56", "99999999", "1-2"])
def test_a_number_is_no_date(text):
    assert not looks_like_date(text)
