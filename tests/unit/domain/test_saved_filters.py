"""A filter is read as it was written, and one of a newer program as far as it is known."""

import json
from datetime import date

import pytest

from hive_desktop.domain.ledger import AccountId, CategoryId, CategoryKind, TransactionQuery
from hive_desktop.domain.row_edits import RowEdit, tidy_tags
from hive_desktop.domain.saved_filters import from_text, to_text


@pytest.mark.parametrize(
    "query",
    [
        TransactionQuery(),
        TransactionQuery(text='coffee > 5 "a b"', pending=False, hidden=False, needs_review=True),
        TransactionQuery(start=date(2026, 1, 2), end=date(2026, 3, 4), uncategorized=True),
        TransactionQuery(
            accounts=(AccountId(b"a" * 16),),
            categories=(CategoryId(b"c" * 16), CategoryId(b"d" * 16)),
            counted_only=True,
            counts_as=CategoryKind.INCOME,
            currency="EUR",
            merchants=("corner",),
        ),
        TransactionQuery(merchants=("corner", "blue bottle"), is_in=False),
        TransactionQuery(is_in=True),
    ],
)
def test_a_filter_comes_back(query):
    text = to_text(query)
    assert from_text(text) == query
    assert from_text(json.dumps(json.loads(text) | {"newer": 1})) == query


def test_one_merchant_of_an_older_program_is_read():
    query = from_text('{"merchant": "corner", "is_in": true}')
    assert query == TransactionQuery(merchants=("corner",), is_in=True)


def test_what_is_not_asked_is_not_written():
    assert to_text(TransactionQuery()) == "{}"


def test_tags_are_tidied():
    assert tidy_tags(["#Trip", " trip ", "two  words", "", "#", 'a"b']) == (
        "Trip", "two words", "ab",
    )  # fmt: skip


def test_an_edit_that_says_nothing_is_none():
    assert not RowEdit()
    assert not RowEdit(add_tags=(" ",)).tidied()
    assert RowEdit(note="").tidied()
    assert RowEdit(has_category=True)
