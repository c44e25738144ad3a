"""A layout is kept as JSON and comes back the same; what is none is refused."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive_desktop.domain.csv_layouts import CsvLayout, DateOrder, Role, Sign

LAYOUTS = st.builds(
    CsvLayout,
    columns=st.lists(
        st.tuples(st.sampled_from(Role), st.integers(0, 499)), max_size=20
    ).map(tuple),
    encoding=st.text(max_size=10),
    delimiter=st.sampled_from(",;\t|"),
    quote=st.sampled_from(['"', "'", ""]),
    header=st.integers(0, 100),
    headings=st.lists(st.text(max_size=10), max_size=5).map(tuple),
    skip=st.integers(0, 100),
    date_order=st.sampled_from(DateOrder),
    decimal_mark=st.sampled_from(".,"),
    sign=st.sampled_from(Sign),
    out_words=st.lists(st.text(max_size=5), max_size=3).map(tuple),
    out_is_negative=st.booleans(),
    in_is_negative=st.booleans(),
    fee_is_extra=st.booleans(),
    fee_is_negative=st.booleans(),
    currency=st.sampled_from(["", "EUR"]),
    account=st.text(max_size=10),
    account_kind=st.sampled_from(["", "checking"]),
    preset=st.text(max_size=10),
)  # fmt: skip


@given(LAYOUTS)
def test_comes_back_from_json(layout):
    assert CsvLayout.from_json(json.loads(json.dumps(layout.as_json()))) == layout


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2}, {"columns": None}, {"columns": [["date"]]}, {"columns": [["date", -1]]},
        {"columns": [["date", True]]}, {"columns": [["nothing", 1]]}, {"columns": [["date", 500]]},
        {"delimiter": ""}, {"delimiter": "ab"}, {"quote": "ab"}, {"decimal_mark": "x"},
        {"sign": "x"}, {"date_order": 3}, {"header": -1}, {"header": "1"}, {"headings": "abc"},
        {"out_words": [1]}, {"encoding": None},
    ],
)  # fmt: skip
def test_what_is_none_is_refused(change):
    kept = CsvLayout(columns=((Role.DATE, 0),)).as_json()

    with pytest.raises(ValueError, match=r"layout|column|text|count|list|valid"):
        CsvLayout.from_json({**kept, **change})


def test_tells_which_columns_have_a_role():
    layout = CsvLayout(columns=((Role.TEXT, 3), (Role.DATE, 0), (Role.TEXT, 1)))

    assert layout.of(Role.TEXT) == (3, 1)
    assert (layout.first(Role.DATE), layout.first(Role.ID)) == (0, None)
    assert replace(layout, columns=()).first(Role.DATE) is None
