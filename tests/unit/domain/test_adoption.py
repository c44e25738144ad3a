"""Old accounts and new ones: what is evidence, what is ambiguous, and no order that matters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive_desktop.domain.adoption import CERTAIN, THRESHOLD, AccountTraits, match_accounts

CHECKING = AccountTraits("o1", None, "1234", "depository", "checking", "Everyday", None, "USD")
SAVINGS = AccountTraits("o2", None, "5678", "depository", "savings", "Rainy day", None, "USD")
CARD = AccountTraits("o3", None, "9012", "credit", "credit card", "Card", "Gold Card", "USD")
OLD = (CHECKING, SAVINGS, CARD)


def renewed(account, **changes):
    return account._replace(key=account.key.replace("o", "n"), **changes)


def keys(found):
    return sorted((match.old_key, match.new_key) for match in found)


def test_the_same_accounts_are_found_whatever_their_order():
    found = match_accounts(OLD, [renewed(account) for account in reversed(OLD)])
    assert keys(found) == [("o1", "n1"), ("o2", "n2"), ("o3", "n3")]
    assert found[0].reasons == (
        "The last digits are the same",
        "The kind of account is the same",
        "The name is the same",
    )


def test_a_lasting_id_is_certain_whatever_else_differs():
    before = CHECKING._replace(persistent_id="p")
    after = renewed(CHECKING, persistent_id="p", mask="0000", subtype="savings", name="X")
    # A look-alike without an id does not make it less certain.
    (found,) = match_accounts([before], [after, renewed(SAVINGS, mask="1234", name="Everyday")])
    assert (found.new_key, found.score) == ("n1", CERTAIN)
    assert found.reasons == ("The bank's lasting id is the same",)


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "credit"},
        {"currency": "EUR"},
        {"persistent_id": "q"},
        {"persistent_id": "p", "currency": "EUR"},
        {"persistent_id": "p", "type": "loan"},
    ],
)
def test_what_can_never_be_one_account(changes):
    before = CHECKING._replace(persistent_id="p")
    shared = {("o1", "n1"): 50}
    after = renewed(before, **changes)
    assert match_accounts([before], [after], shared=shared, sizes={("o1", "n1"): 50}) == []


@pytest.mark.parametrize(
    ("changes", "rows", "is_found"),
    [
        ({}, None, True),
        ({"name": "Renamed"}, None, True),
        ({"name": "  EVERYDAY "}, None, True),
        ({"name": "x", "official_name": "everyday"}, None, True),
        ({"subtype": None, "name": "x"}, None, False),
        ({"mask": None}, None, False),
        ({"mask": "9999"}, None, False),
        ({"mask": "9999"}, (20, 20), True),
        ({"mask": None, "name": "x", "subtype": None}, (20, 20), True),
        ({"mask": None, "name": "x", "subtype": None}, (2, 2), False),
        ({"mask": None}, (3, 4), True),
        ({}, (0, 30), False),
        ({}, (0, 4), True),
        ({}, (15, 30), True),
        ({"subtype": "savings", "name": "x"}, None, False),
    ],
)
def test_evidence_is_weighed(changes, rows, is_found):
    shared, sizes = ({("o1", "n1"): rows[0]}, {("o1", "n1"): rows[1]}) if rows else ({}, {})
    found = match_accounts([CHECKING], [renewed(CHECKING, **changes)], shared=shared, sizes=sizes)
    assert bool(found) is is_found
    if rows and rows[0]:
        for match in found:
            assert f"{rows[0]} of {rows[1]} rows are the same" in match.reasons


def test_two_that_look_alike_are_left_to_the_person():
    twin = CHECKING._replace(key="o4")
    assert match_accounts([CHECKING, twin], [renewed(CHECKING)]) == []
    assert match_accounts([CHECKING], [renewed(CHECKING), renewed(twin)]) == []
    assert match_accounts([CHECKING, twin], [renewed(CHECKING), renewed(twin)]) == []


def test_rows_tell_two_apart_that_look_alike():
    twin = CHECKING._replace(key="o4")
    shared = {("o1", "n4"): 18, ("o4", "n1"): 17, ("o1", "n1"): 1}
    found = match_accounts(
        [CHECKING, twin],
        [renewed(CHECKING), renewed(twin)],
        shared=shared,
        sizes={(old, new): 20 for old in ("o1", "o4") for new in ("n1", "n4")},
    )
    assert keys(found) == [("o1", "n4"), ("o4", "n1")]


def test_rows_beyond_an_old_account_contradict_it_no_more_than_another_s():
    # The checking account was linked for years, the savings account for a month.
    shared = {("o1", "n1"): 700, ("o2", "n2"): 30}
    sizes = {("o1", "n1"): 730, ("o2", "n2"): 30, ("o1", "n2"): 234, ("o2", "n1"): 90}
    found = match_accounts(
        [CHECKING, SAVINGS], [renewed(CHECKING), renewed(SAVINGS)], shared=shared, sizes=sizes
    )
    assert keys(found) == [("o1", "n1"), ("o2", "n2")]
    assert all("Most rows differ" not in match.reasons for match in found)


def test_an_ambiguity_leaves_the_other_accounts_alone():
    twin = CHECKING._replace(key="o4")
    found = match_accounts([CHECKING, twin, CARD], [renewed(CHECKING), renewed(CARD)])
    assert keys(found) == [("o3", "n3")]


def test_two_with_the_same_lasting_id_are_ambiguous():
    before = [CHECKING._replace(persistent_id="p"), SAVINGS._replace(persistent_id="p")]
    assert match_accounts(before, [renewed(before[0])]) == []


def test_a_blank_name_is_no_name_and_equal_keys_are_two_accounts():
    blank = CHECKING._replace(name=" ", mask=None)
    rows = {("o1", "o1"): 2}
    assert match_accounts([blank], [blank], shared=rows, sizes={("o1", "o1"): 2}) == []
    assert keys(match_accounts([CHECKING], [CHECKING])) == [("o1", "o1")]


def test_nothing_matches_nothing():
    assert match_accounts([], []) == []
    assert match_accounts(OLD, []) == []


def traits(prefix):
    return st.lists(
        st.builds(
            AccountTraits,
            key=st.just(""),
            persistent_id=st.sampled_from([None, None, "p", "q"]),
            mask=st.sampled_from([None, "1", "2"]),
            type=st.sampled_from(["depository", "credit"]),
            subtype=st.sampled_from([None, "a", "b"]),
            name=st.sampled_from(["", "One", "Two"]),
            official_name=st.sampled_from([None, "one"]),
            currency=st.sampled_from(["USD", "USD", "EUR"]),
        ),
        max_size=5,
    ).map(lambda found: [one._replace(key=f"{prefix}{n}") for n, one in enumerate(found)])


counts = st.dictionaries(
    st.tuples(*(st.sampled_from([f"{p}{n}" for n in range(5)]) for p in "on")), st.integers(0, 9)
)


@given(traits("o"), traits("n"), counts, counts, st.randoms(use_true_random=False))
def test_no_order_matters_and_every_match_is_sound(old, new, shared, sizes, random):
    found = match_accounts(old, new, shared=shared, sizes=sizes)
    again = match_accounts(
        random.sample(old, len(old)), random.sample(new, len(new)), shared=shared, sizes=sizes
    )
    assert found == again
    assert len({match.old_key for match in found}) == len(found)
    assert len({match.new_key for match in found}) == len(found)
    for match in found:
        before = next(one for one in old if one.key == match.old_key)
        after = next(one for one in new if one.key == match.new_key)
        assert (before.type, before.currency) == (after.type, after.currency)
        assert THRESHOLD <= match.score <= CERTAIN
        if before.persistent_id and after.persistent_id:
            assert before.persistent_id == after.persistent_id
        assert match.reasons


@given(traits("o"), traits("n"))
def test_a_twin_of_either_side_takes_every_match_of_it_away(old, new):
    for match in match_accounts(old, new):
        twin = next(one for one in new if one.key == match.new_key)._replace(key="twin")
        found = match_accounts(old, [*new, twin])
        assert match.new_key not in {one.new_key for one in found}
