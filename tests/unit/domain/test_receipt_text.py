"""Receipts and proposals come back from their text as they were."""

import json
from dataclasses import fields, replace
from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from hive_desktop.domain.conversations import ChangeKind, Proposal, ProposalState, ProposedChange
from hive_desktop.domain.ledger import (
    AccountId,
    CategoryId,
    CategoryKind,
    TransactionId,
    TransactionQuery,
)
from hive_desktop.domain.receipt_text import (
    proposal_from_text,
    proposal_to_text,
    receipt_from_text,
    receipt_to_text,
)
from hive_desktop.domain.receipts import Cell, CellKind, How, Made, Receipt, Series

words = st.text(max_size=12)
names = st.from_regex(r"[a-z0-9_.]{1,12}", fullmatch=True)
days = st.dates()
ids = st.binary(min_size=16, max_size=16)
flags = st.none() | st.booleans()
queries = st.builds(
    TransactionQuery,
    start=st.none() | days,
    end=st.none() | days,
    accounts=st.lists(ids.map(AccountId), max_size=2).map(tuple),
    categories=st.lists(ids.map(CategoryId), max_size=3).map(tuple),
    uncategorized=st.booleans(),
    text=words,
    pending=flags,
    needs_review=flags,
    currency=st.none() | st.sampled_from(["USD", "EUR"]),
    counted_only=st.booleans(),
    counts_as=st.none() | st.sampled_from(CategoryKind),
    ids=st.lists(ids.map(TransactionId), max_size=3).map(tuple),
    hidden=flags,
    before=st.none() | st.integers(0, 2**60),
    merchants=st.lists(words, max_size=3).map(tuple),
    is_in=flags,
)
VALUES = {
    CellKind.DAY: days,
    CellKind.TEXT: words,
    **dict.fromkeys(
        (CellKind.MONEY, CellKind.COUNT, CellKind.SHARE, CellKind.RATIO),
        st.integers(-(2**62), 2**62),
    ),
}


recipes = st.builds(
    Made,
    how=st.sampled_from(How),
    cells=st.lists(names, min_size=1, max_size=2).map(tuple),
    by=st.none() | st.fractions(min_value=Fraction(1, 7)),
    unit=st.sampled_from(["", "day", "month"]),
)


@st.composite
def cells(draw):
    kind = draw(st.sampled_from(CellKind))
    currency = draw(st.sampled_from(["USD", "EUR"])) if kind is CellKind.MONEY else None
    query = draw(st.none() | queries)
    value, sign = draw(VALUES[kind]), draw(st.sampled_from([-1, 0, 1]))
    made = draw(st.none() | recipes)
    return Cell(draw(names), kind, value, currency, query, draw(words), sign, made)


lines = st.lists(names, max_size=3).map(tuple)
receipts = st.builds(
    Receipt,
    id=st.from_regex(r"r[0-9]{1,3}", fullmatch=True),
    tool=names,
    arguments=st.dictionaries(
        names, st.none() | words | st.integers() | st.lists(words), max_size=3
    ),
    title=words,
    cells=st.lists(cells(), max_size=5).map(tuple),
    rows=st.lists(lines, max_size=3).map(tuple),
    query=st.none() | queries,
    series=st.none() | st.builds(Series, title=words, places=lines, cells=lines),
    notes=lines,
)
proposals = st.builds(
    Proposal,
    id=st.just("p1"),
    changes=st.lists(
        st.builds(
            ProposedChange,
            kind=st.sampled_from(ChangeKind),
            queries=st.lists(queries, max_size=3).map(tuple),
            value=words,
            merchant=words,
        ),
        max_size=3,
    ).map(tuple),
    reason=words,
    state=st.sampled_from(ProposalState),
)


@given(receipts)
def test_a_receipt_comes_back_as_it_was(receipt):
    assert receipt_from_text(receipt_to_text(receipt), {}) == receipt


@given(proposals)
def test_a_proposal_comes_back_as_it_was(proposal):
    found = proposal_from_text(proposal.id, proposal.state, proposal_to_text(proposal), {})
    for one in fields(Proposal):
        assert getattr(found, one.name) == getattr(proposal, one.name)


def test_every_part_of_a_query_is_written():
    strategy = queries.wrapped_strategy if hasattr(queries, "wrapped_strategy") else queries
    assert {one.name for one in fields(TransactionQuery)} == set(strategy.kwargs)


def test_a_query_that_cells_share_is_written_once():
    query = TransactionQuery(start=date(2026, 1, 1))
    cell = Cell("total", CellKind.MONEY, 1, "USD", query)
    receipt = Receipt("r1", "t", {}, "x", (cell, replace(cell, name="count")), query=query)
    assert len(json.loads(receipt_to_text(receipt))["queries"]) == 1


def test_a_cell_of_an_older_program_says_no_sign():
    receipt = Receipt("r1", "t", {}, "x", (Cell("total", CellKind.MONEY, 1, "USD"),))
    told = json.loads(receipt_to_text(receipt))
    told["cells"] = [one[:6] for one in told["cells"]]
    (cell,) = receipt_from_text(json.dumps(told), {}).cells
    assert (cell.value, cell.sign, cell.made) == (1, 0, None)


def test_merged_categories_are_those_that_have_their_rows():
    gone, heir, other = (CategoryId(bytes([one]) * 16) for one in range(3))
    query = TransactionQuery(categories=(gone, heir, other))
    receipt = Receipt("r1", "t", {}, "x", (), query=query)
    found = receipt_from_text(receipt_to_text(receipt), {gone: heir})
    assert found.query.categories == (heir, other)
