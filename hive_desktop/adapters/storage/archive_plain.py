"""Writes the ledger as a plain SQLite file, which any program may read and nothing protects.

It has the tables that an archive has, without what only newer versions of SQLite know; and for
people a view, `ledger`, and a table that says what the file is.
"""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

import sqlcipher3.dbapi2 as sqlcipher  # type: ignore[import-untyped]

from hive_desktop.adapters.storage.archive_tables import held_tables
from hive_desktop.adapters.storage.archive_writing import Counter
from hive_desktop.adapters.storage.migrate import stored_version
from hive_desktop.domain.money import minor_digits

if TYPE_CHECKING:
    from pathlib import Path

    from hive_desktop.adapters.storage.connect import RawConnection
    from hive_desktop.ports.backups import Heard

_MADE_BY: Final = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?"
_INDEXES: Final = """
    SELECT tbl_name, sql FROM sqlite_master WHERE type = 'index' AND sql NOTNULL ORDER BY name
"""
_NEW_WORDS: Final = re.compile(r"\)\s*STRICT(\s*,)?\s*", re.IGNORECASE)
_ABOUT: Final = (
    ("what", "A copy of a Hive vault as a plain SQLite file. Nothing protects it."),
    ("days", "posted_on and other days count from 1970-01-01; `ledger` has them as dates."),
    ("amounts", "amount_minor is in minor units, positive is money out; `ledger` has it signed."),
    ("instants", "at, created_at and the like are microseconds since 1970-01-01 in UTC."),
    ("left out", "Sign-ins, keys and tokens, and the record of requests that left the computer."),
)
_VIEW: Final = """
    CREATE VIEW ledger AS
    SELECT date(t.posted_on * 86400, 'unixepoch') AS date,
           coalesce(a.own_name, a.name) AS account, i.institution AS bank,
           coalesce(t.display_name, t.merchant_name, t.name) AS name, t.name AS bank_text,
           -t.amount_minor / u.per_unit AS amount, t.currency, c.name AS category,
           t.pending, t.note, t.tags, t.hidden, lower(hex(t.id)) AS id
    FROM transactions AS t JOIN accounts AS a ON a.id = t.account_id
    JOIN plaid_items AS i ON i.id = a.item_id
    LEFT JOIN categories AS c ON c.id = t.category_id
    JOIN currencies AS u ON u.currency = t.currency
    ORDER BY t.seq DESC
"""


def write(raw: RawConnection, file: Path, heard: Heard) -> dict[str, int]:
    """Write what a connection sees into an empty file; returns rows by table.

    Raises:
        ExportStoppedError: `heard` said no.
        sqlcipher3.dbapi2.Error: the disk refuses.
    """
    tables, counts = held_tables(raw), {}
    counter = Counter(raw, tables, heard)
    with closing(sqlcipher.connect(str(file), isolation_level=None)) as plain:
        plain.execute("PRAGMA journal_mode = OFF")
        plain.execute("PRAGMA synchronous = OFF")
        plain.execute("BEGIN")
        for table in tables:
            (made_by,) = raw.execute(_MADE_BY, (table.name,)).fetchone()
            plain.execute(_NEW_WORDS.sub(") ", made_by))
            counts[table.name] = 0
            for some in counter.steps(table):
                plain.executemany(table.insert(), some)
                counts[table.name] += len(some)
        for name, made_by in raw.execute(_INDEXES).fetchall():
            if name in counts:
                plain.execute(made_by)
        _explain(raw, plain)
        plain.execute("COMMIT")
    return counts


def _explain(raw: RawConnection, plain: Any) -> None:
    plain.execute("CREATE TABLE about (what TEXT PRIMARY KEY NOT NULL, words TEXT NOT NULL)")
    plain.executemany("INSERT INTO about VALUES (?, ?)", (*_ABOUT, ("schema", stored_version(raw))))
    plain.execute("CREATE TABLE currencies (currency TEXT PRIMARY KEY NOT NULL, per_unit REAL)")
    found = raw.execute("SELECT DISTINCT currency FROM transactions").fetchall()
    plain.executemany(
        "INSERT INTO currencies VALUES (?, ?)",
        [(currency, float(10 ** minor_digits(currency))) for (currency,) in found],
    )
    plain.execute(_VIEW)
