"""What is computed from the transactions: roll-ups, amounts, tags, and the search index.

They are refreshed here and nowhere else, set-based, in the transaction that changed the rows. A row
trigger instead makes a bulk insert several times slower.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hive_desktop.adapters.storage.bulk import json_keys, slices

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection

# Words that are there already are not indexed twice: a bank often repeats the merchant in the name
# and the name in the description.
_BODY = """
    t.name
    || CASE WHEN t.merchant_name IS NULL
                 OR instr(' ' || lower(t.name), ' ' || lower(t.merchant_name)) > 0
            THEN '' ELSE ' ' || t.merchant_name END
    || CASE WHEN t.description IS NULL OR t.description = t.name
            THEN '' ELSE ' ' || t.description END
    || coalesce(' ' || t.display_name, '')
    || coalesce(' ' || t.note, '')
"""

# The roll-ups are kept by differences: what rows add is taken away before they change and added
# again afterwards, so that a change costs by itself and not by how much its days hold.
_DAILY_COLUMNS = """
    t.posted_on, t.account_id, coalesce(t.category_id, x''), t.currency, t.pending,
    :sign * sum(max(t.amount_minor, 0)), :sign * sum(max(-t.amount_minor, 0)), :sign * count(*),
    :sign * sum(t.amount_minor < 0)
"""
_ACCOUNT_COLUMNS = """
    t.account_id, t.posted_on, t.currency, :sign * sum(iif(t.pending, 0, t.amount_minor)),
    :sign * sum(iif(t.pending, t.amount_minor, 0)), :sign * count(*)
"""
_MONTHLY_COLUMNS = """
    unixepoch(t.posted_on * 86400, 'unixepoch', 'start of month') / 86400,
    coalesce(t.category_id, x''), t.currency, coalesce(t.merchant_id, 0),
    :sign * sum(max(t.amount_minor, 0)), :sign * sum(max(-t.amount_minor, 0)), :sign * count(*),
    :sign * sum(t.amount_minor < 0)
"""
_COUNT_DAYS = f"""
    INSERT INTO spend_daily
    SELECT {_DAILY_COLUMNS}
    FROM json_each(:seqs) AS k CROSS JOIN transactions AS t ON t.seq = k.value
    WHERE t.hidden = 0 GROUP BY 1, 2, 3, 4, 5
    ON CONFLICT DO UPDATE SET
        out_minor = out_minor + excluded.out_minor, in_minor = in_minor + excluded.in_minor,
        n = n + excluded.n, in_n = in_n + excluded.in_n
"""  # noqa: S608 - constants of this module only
_COUNT_ACCOUNT_DAYS = f"""
    INSERT INTO account_daily
    SELECT {_ACCOUNT_COLUMNS}
    FROM json_each(:seqs) AS k CROSS JOIN transactions AS t ON t.seq = k.value
    WHERE true GROUP BY 1, 2, 3
    ON CONFLICT DO UPDATE SET
        posted_minor = posted_minor + excluded.posted_minor,
        pending_minor = pending_minor + excluded.pending_minor, n = n + excluded.n
"""  # noqa: S608 - constants of this module only
_COUNT_MONTHS = f"""
    INSERT INTO spend_monthly
    SELECT {_MONTHLY_COLUMNS}
    FROM json_each(:seqs) AS k CROSS JOIN transactions AS t ON t.seq = k.value
    WHERE t.hidden = 0 GROUP BY 1, 2, 3, 4
    ON CONFLICT DO UPDATE SET
        out_minor = out_minor + excluded.out_minor, in_minor = in_minor + excluded.in_minor,
        n = n + excluded.n, in_n = in_n + excluded.in_n
"""  # noqa: S608 - constants of this module only
_FORGET_EMPTY = tuple(
    f"DELETE FROM {table} WHERE n = 0"  # noqa: S608 - as above
    for table in ("spend_daily", "account_daily", "spend_monthly")
)
_COUNT_ALL_MONTHS = (
    "DELETE FROM spend_monthly",
    f"""
    INSERT INTO spend_monthly
    SELECT {_MONTHLY_COLUMNS} FROM transactions AS t WHERE t.hidden = 0 GROUP BY 1, 2, 3, 4
    """,  # noqa: S608 - constants of this module only
)
_COUNT_ALL = (
    *_COUNT_ALL_MONTHS,
    "DELETE FROM spend_daily",
    "DELETE FROM account_daily",
    f"""
    INSERT INTO spend_daily
    SELECT {_DAILY_COLUMNS} FROM transactions AS t WHERE t.hidden = 0 GROUP BY 1, 2, 3, 4, 5
    """,  # noqa: S608 - constants of this module only
    f"""
    INSERT INTO account_daily SELECT {_ACCOUNT_COLUMNS} FROM transactions AS t GROUP BY 1, 2, 3
    """,  # noqa: S608 - constants of this module only
)
_FORGET_AMOUNTS = "DELETE FROM amounts WHERE seq IN (SELECT value FROM json_each(?))"
_KEEP_AMOUNTS = """
    INSERT INTO amounts
    SELECT t.seq, t.amount_minor, t.currency
    FROM json_each(?) AS k CROSS JOIN transactions AS t ON t.seq = k.value
    WHERE true
    ON CONFLICT DO UPDATE SET amount_minor = excluded.amount_minor, currency = excluded.currency
    WHERE (amount_minor, currency) <> (excluded.amount_minor, excluded.currency)
"""
_KEEP_ALL_AMOUNTS = (
    "DELETE FROM amounts",
    "INSERT INTO amounts SELECT seq, amount_minor, currency FROM transactions ORDER BY seq",
)
_IS_TAGGED = "SELECT EXISTS (SELECT 1 FROM row_tags)"
_FORGET_TAGS = "DELETE FROM row_tags WHERE seq IN (SELECT value FROM json_each(?))"
_KEEP_TAGS = """
    INSERT OR IGNORE INTO row_tags
    SELECT g.value, t.seq
    FROM json_each(?) AS k CROSS JOIN transactions AS t ON t.seq = k.value
    CROSS JOIN json_each(t.tags) AS g
    WHERE t.tags IS NOT NULL
"""
_KEEP_ALL_TAGS = (
    "DELETE FROM row_tags",
    """
    INSERT OR IGNORE INTO row_tags
    SELECT g.value, t.seq FROM transactions AS t CROSS JOIN json_each(t.tags) AS g
    WHERE t.tags IS NOT NULL
    """,
)
_UNINDEX = "DELETE FROM transactions_fts WHERE rowid IN (SELECT value FROM json_each(?))"
_INDEX = f"""
    INSERT INTO transactions_fts (rowid, body)
    SELECT t.seq, {_BODY} FROM json_each(?) AS k CROSS JOIN transactions AS t ON t.seq = k.value
"""  # noqa: S608 - constants of this module only
_INDEX_ALL = (
    f"INSERT INTO transactions_fts (rowid, body) SELECT t.seq, {_BODY} FROM transactions AS t"  # noqa: S608 - as above
)


# The search index writes what it has gathered at the end of each statement: few large ones leave it
# less to merge. Few return to a busy interpreter less often; 4,096 keys as JSON hold its lock for
# less than a millisecond.
_ROWS_AT_ONCE = 4_096


@dataclass(slots=True)
class Dirty:
    """What a transaction has changed so far and the derived tables do not show yet.

    Attributes:
        uncounted: seqs that the roll-ups do not count now; those where a row stands are to be.
        gone: seqs of places that a row has left, whoever stands there now.
        unindex: seqs whose text changed or which are gone.
        index: seqs whose text must be found from now on.
        has_less: rows were taken out of the roll-ups, of which a line may have none left.
    """

    uncounted: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)
    unindex: set[int] = field(default_factory=set)
    index: set[int] = field(default_factory=set)
    has_less: bool = False

    def arrive(self, seqs: Iterable[int]) -> None:
        """Note rows that now stand where none did."""
        fresh = set(seqs)
        self.uncounted |= fresh
        self.index |= fresh

    def retext(self, seqs: Iterable[int]) -> None:
        """Note rows that stay where they are and read differently."""
        fresh = set(seqs)
        self.unindex |= fresh
        self.index |= fresh

    def leave(self, seqs: Iterable[int]) -> None:
        """Note places where the row is not any more; it was taken out before."""
        left = set(seqs)
        self.gone |= left
        self.unindex |= left
        self.index -= left


def take_out(connection: Connection, dirty: Dirty, seqs: Iterable[int]) -> None:
    """Stop counting rows in the roll-ups: to be called before they change, move or leave."""
    counted = set(seqs) - dirty.uncounted
    if counted:
        _count(connection, counted, -1)
        dirty.uncounted |= counted
        dirty.has_less = True


def refresh(connection: Connection, dirty: Dirty) -> None:
    """Bring the derived tables up to the rows, and empty `dirty`."""
    if dirty.uncounted:
        _count(connection, dirty.uncounted, 1)
        if dirty.has_less:
            for statement in _FORGET_EMPTY:
                connection.exec_driver_sql(statement)
            dirty.has_less = False
        for keys in _keys(dirty.gone):
            connection.exec_driver_sql(_FORGET_AMOUNTS, (keys,))
        if connection.exec_driver_sql(_IS_TAGGED).scalar():
            for keys in _keys(dirty.uncounted | dirty.gone):
                connection.exec_driver_sql(_FORGET_TAGS, (keys,))
        for keys in _keys(dirty.uncounted):
            connection.exec_driver_sql(_KEEP_AMOUNTS, (keys,))
            connection.exec_driver_sql(_KEEP_TAGS, (keys,))
        dirty.uncounted.clear()
        dirty.gone.clear()
    for keys in _keys(dirty.unindex):
        connection.exec_driver_sql(_UNINDEX, (keys,))
    dirty.unindex.clear()
    for keys in _keys(dirty.index):
        connection.exec_driver_sql(_INDEX, (keys,))
    dirty.index.clear()


def rebuild(connection: Connection) -> None:
    """Compute all of them from nothing."""
    _run(connection, _COUNT_ALL)
    _run(connection, _KEEP_ALL_AMOUNTS)
    _run(connection, _KEEP_ALL_TAGS)
    connection.exec_driver_sql(
        "INSERT INTO transactions_fts (transactions_fts) VALUES ('delete-all')"
    )
    connection.exec_driver_sql(_INDEX_ALL)


def rebuild_months(connection: Connection) -> None:
    """Compute the roll-up by merchant from nothing: rows were given their merchants anew."""
    _run(connection, _COUNT_ALL_MONTHS)


def _run(connection: Connection, statements: Iterable[str]) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement, {"sign": 1} if ":sign" in statement else ())


def _count(connection: Connection, seqs: Iterable[int], sign: int) -> None:
    for keys in _keys(seqs):
        values = {"seqs": keys, "sign": sign}
        connection.exec_driver_sql(_COUNT_DAYS, values)
        connection.exec_driver_sql(_COUNT_ACCOUNT_DAYS, values)
        connection.exec_driver_sql(_COUNT_MONTHS, values)


def _keys(seqs: Iterable[int]) -> Iterator[str]:
    for some in slices(sorted(seqs), _ROWS_AT_ONCE):
        yield json_keys(some)
