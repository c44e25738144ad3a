"""A plain SQLite file is the ledger for any program, private, and whole or not there."""

import sqlite3
from contextlib import closing

import pytest

from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.domain.money import from_minor
from hive_desktop.ports.errors import UsageError


@pytest.fixture
def plain(lived, tmp_path):
    file = tmp_path / "plain.sqlite"

    async def work(world):
        rows = await world.session.exports.write_plain(file)
        return rows, await world.session.ledger.page(TransactionQuery())

    counts, page = lived.run(work)
    return file, counts, page


def test_any_sqlite_reads_it_and_finds_each_row(plain):
    file, counts, page = plain
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_bytes()[:15] == b"SQLite format 3"
    with closing(sqlite3.connect(file)) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert opened.execute("PRAGMA foreign_key_check").fetchall() == []
        for name, count in counts.items():
            counted = opened.execute(f"SELECT count(*) FROM {name}")  # noqa: S608
            assert counted.fetchone() == (count,)
        found = opened.execute("SELECT id, amount, currency, category, name FROM ledger").fetchall()
        statements = " ".join(one for (one,) in opened.execute("SELECT sql FROM sqlite_master"
                                                              " WHERE sql NOTNULL"))  # fmt: skip
        (words,) = opened.execute("SELECT words FROM about WHERE what = 'what'").fetchone()
    assert "Nothing protects it" in words
    assert "STRICT" not in statements.upper()  # SQLite before 3.37 reads it too
    assert "VIRTUAL" not in statements.upper()
    assert [one[0] for one in found] == [row.id.hex() for row in page]
    for (_, amount, currency, category, name), row in zip(found, page, strict=True):
        assert abs(amount - float(from_minor(-row.amount_minor, row.currency))) < 1e-6
        assert (currency, category, name) == (row.currency, row.category, row.merchant or row.name)


def test_a_place_that_cannot_be_written_is_said_and_an_older_file_stays(lived, tmp_path):
    async def work(world):
        with pytest.raises(UsageError):
            await world.session.exports.write_plain(tmp_path / "nowhere" / "x.sqlite")

    lived.run(work)
    assert list(tmp_path.iterdir()) == []
