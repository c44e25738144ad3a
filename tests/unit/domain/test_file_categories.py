"""What files call categories, as Hive's own."""

import pytest

from hive_desktop.domain.file_categories import category_meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Groceries", "Food & Dining"),
        ("Food:Groceries", "Food & Dining"),
        ("Auto & Transport", "Transportation"),
        ("Food and Drink", "Food & Dining"),
        ("Immediate Obligations: Rent", "Bills & Utilities"),
        ("Inflow: Ready to Assign", "Income"),
        ("food & dining", "Food & Dining"),
        ("Miete", "Bills & Utilities"),
        ("Balloons", "Balloons"),
        ("Uncategorized", None),
        ("", None),
    ],
)
def test_a_category_is_known_by_its_name_or_by_what_others_call_it(said, meant):
    assert category_meant(said, ["Balloons", "Holiday fund"]) == meant
