"""Headings are told from other lines above a table."""

import pytest

from tests.files.tables.reading import read, rows_of


@pytest.mark.parametrize("day", ["Date (UTC+01:00)", "Date (GMT-05:00)", "Date UTC+01:00", "Date"])
@pytest.mark.parametrize("last", ["Saldo per: 31.12.2024", "Balance (at 12:30)"])
def test_headings_may_name_a_zone_of_time_or_a_day(day, last):
    found = read(
        f"{day},Description,Money in,Money out,{last}\n2024-01-03,Coffee,,3.50,\n"
        "2024-01-05,Pay,1000.00,,\n2024-01-06,Shop,,20.00,\n"
    )

    assert [amount for _, amount, _ in rows_of(found)] == [350, -100000, 2000]


@pytest.mark.parametrize(
    "line",
    [
        "Konto (IBAN): DE12500105170648489890,Date: 01/01/2024,Amount (EUR): 100.00",
        "Start date: 01/01/2024,End date: 01/31/2024,Account: Giro",
    ],
)
def test_labels_with_values_are_no_headings(line):
    found = read(f"{line}\n01/05/2024,Shop,-5.00\n01/16/2024,Inn,-6.00\n")

    assert [name for _, _, name in rows_of(found)] == ["Shop", "Inn"]


def test_a_line_of_many_colons_is_looked_at_once():
    odd = f"abc,{'a:' * 20_000},xyz\n" * 12  # takes longer than a test may, if looked at again
    found = read(f"Date,Description,Amount\n2024-01-03,Coffee,-3.50\n{odd}")

    assert len(rows_of(found)) == 1
