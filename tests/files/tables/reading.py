"""Reads the text of a table, and what is looked at of what came out."""

from hive_desktop.adapters.files.tables import read_table
from hive_desktop.domain.days import from_day

TODAY = 20_000  # 2024-10-04


def read(text, **given):
    data = text if isinstance(text, bytes) else text.encode()
    return read_table(data, **{"today": TODAY, **given})


def rows_of(found):
    return [
        (from_day(row.day).isoformat(), row.amount_minor, row.name)
        for one in found.statements
        for row in one.rows
    ]


def refused_of(found):
    return [(one.line, one.reason) for each in found.statements for one in each.refused]
