"""Reads files for tests, and holds what came out against what every reader promises."""

import os
from collections import Counter
from datetime import date
from pathlib import Path

from hive_desktop.adapters.files import reader, reasons
from hive_desktop.adapters.files.opening import Opened
from hive_desktop.domain.days import to_day
from hive_desktop.ports.errors import UnreadableFileError

DATA = Path(__file__).parents[1] / "data" / "files"
REAL = Path(
    os.environ.get("HIVE_IMPORT_FILES", "")
    or Path(__file__).parents[3] / "shared" / "fixtures" / "imports"
)
TODAY = to_day(date(2026, 3, 5))
FIRST_DAY, LAST_DAY = -25_567, 84_006
SENTENCES = {value for name, value in vars(reasons).items() if name.isupper()}


def read(path, **given):
    """Return the `ReadFile` of a path; raises `UnreadableFileError`."""
    return reader.StatementReader().read(path, **{"today": TODAY, **given})


def read_data(data, name="statement", *, kind=None):
    """Return the `ReadFile` of bytes, or the error; `kind` leaves nothing to be told."""
    opened = Opened(name, data)
    try:
        told, decoded = reader._told(opened)
        found = reader._read(opened, kind or told, decoded, None, {}, "", TODAY)
    except UnreadableFileError as exc:
        return exc
    return UnreadableFileError(file=name, reason=found) if isinstance(found, str) else found


def named(name, **given):
    return read(DATA / name, **given)


def text_of(name):
    return (DATA / name).read_text(encoding="utf-8")


def check(found):
    """Raise where a `ReadFile` breaks a promise that holds for any file."""
    accounts = Counter(one.account for one in found.statements)
    assert max(accounts.values(), default=0) < 2, "an account twice"
    assert 0 <= found.confidence <= 1
    assert all(isinstance(one, str) and one for one in found.dialect)
    assert len(set(found.dialect)) == len(found.dialect)
    for statement in found.statements:
        _check_statement(statement)


def _check_statement(statement):
    ids = [row.external_id for row in statement.rows if row.external_id]
    assert len(ids) == len(set(ids))
    for row in statement.rows:
        assert row.name
        assert row.name == " ".join(row.name.split())
        assert row.name.isprintable()
        assert len(row.name) <= 200, row
        assert len(row.memo) <= 2_000, row
        assert row.line >= 1
        assert FIRST_DAY <= row.day <= LAST_DAY, row
        assert type(row.amount_minor) is int, row
        assert abs(row.amount_minor) < 2**63
        assert row.currency == "" or len(row.currency) == 3, row
        assert not row.parts or sum(one.amount_minor for one in row.parts) == row.amount_minor
    for balance in statement.balances:
        assert FIRST_DAY - 1 <= balance.day <= LAST_DAY
        assert abs(balance.amount_minor) < 2**63
    for one in statement.refused:
        assert one.reason
        assert one.reason.endswith((".", "?")), one.reason
        assert len(one.text) <= 200
        assert one.line >= 1


def counts(found):
    """Return how many rows were read and how many refused."""
    rows = sum(len(one.rows) for one in found.statements)
    return rows, sum(len(one.refused) for one in found.statements)
