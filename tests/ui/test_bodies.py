"""Bodies of requests laid out for reading: nothing is lost, and what is no JSON stays."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive_desktop.ui.kit.bodies import BodyView, readable

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=12,
)


def _joined(text):
    return re.sub(r"\s", "", text)


@given(VALUES)
def test_nothing_is_lost(value):
    body = json.dumps(value, ensure_ascii=False)
    kept = [one for one in _words(value) if not _is_nested(one)]
    shown = _joined(readable(body))
    for word in kept:
        assert _joined(word) in shown


def _words(value):
    if isinstance(value, str):
        yield from (json.dumps(part, ensure_ascii=False)[1:-1] for part in value.split("\n"))
    elif isinstance(value, list):
        for one in value:
            yield from _words(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            yield json.dumps(name, ensure_ascii=False)
            yield from _words(one)
    else:
        yield json.dumps(value)


def _is_nested(word):
    return word[:1] in ("{", "[")


def test_json_within_a_text_and_lines_are_laid_out():
    body = json.dumps({"content": json.dumps({"items": ["a"]}), "say": "one\ntwo"})
    assert readable(body) == '{\n  "content": {"items": ["a"]},\n  "say": "one\n    two"\n}'


@pytest.mark.parametrize("body", ["", "grant_type=refresh_token&token=•••", "{", "[" * 5000])
def test_what_is_no_json_stays(body):
    assert readable(body) == body


def test_members_of_one_name_and_numbers_stay_as_they_were():
    assert readable('{"a": 1.10, "a": 1e400}') == '{"a": 1.10, "a": 1e400}'


def test_the_view_cannot_be_typed_into(qapp):
    view = BodyView("The request")
    assert view.isReadOnly()
    assert view.tabChangesFocus()
    assert view.accessibleName() == "The request"
    view.deleteLater()
