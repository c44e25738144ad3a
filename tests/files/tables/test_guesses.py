"""A table written in whatever way from known rows is guessed right, or told as unsure."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hive_desktop.adapters.files.tables import read_table
from tests.examples import examples
from tests.files.tables.writing import any_rows, any_way, written

SURE = 0.9
FEW, MANY = 150, 4_000


def held(seed):
    """Return whether a table is read as it was written, and how sure the guess is."""
    chance = random.Random(seed)
    rows, way = any_rows(chance), any_way(chance)
    found = read_table(written(rows, way, chance), today=20_000)
    got = sorted((row.day, row.amount_minor) for one in found.statements for row in one.rows)
    return got == sorted((day, amount) for day, amount, _ in rows), found.confidence


def judged(seeds):
    right = sure = 0
    for seed in seeds:
        is_right, confidence = held(seed)
        assert is_right or confidence <= SURE, f"seed {seed} is wrong and sure"
        right += is_right
        sure += confidence > SURE
    return right, sure


def test_no_guess_is_wrong_and_sure():
    right, sure = judged(range(FEW))

    assert right > 0.85 * FEW  # the rest is not to be known: three rows, all positive
    assert sure > 0.4 * FEW


@pytest.mark.every
@pytest.mark.timeout(600)
def test_no_guess_of_many_is_wrong_and_sure():
    right, sure = judged(range(10_000, 10_000 + MANY))

    assert right > 0.85 * MANY
    assert sure > 0.4 * MANY


@settings(max_examples=examples(30))
@given(st.integers(0, 2**32))
def test_any_seed_holds(seed):
    is_right, confidence = held(f"any {seed}")

    assert is_right or confidence <= SURE
