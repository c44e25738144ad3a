"""What is computed from the transactions: the daily roll-ups and the search index.

They are refreshed here and nowhere else, set-based, in the transaction that changed the rows. A row
trigger instead makes a bulk insert several times slower.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hive_desktop.adapters.storage.bulk import json_keys
from hive_desktop.adapters.storage.names import SEQ_BITS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

_LAST_OF_DAY = (1 << SEQ_BITS) - 1

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

_DAILY_COLUMNS = """
    t.posted_on, t.account_id, coalesce(t.category_id, x''), t.currency, t.pending,
    sum(max(t.amount_minor, 0)), sum(max(-t.amount_minor, 0)), count(*),
    sum(t.amount_minor < 0)
"""

_FORGET_DAYS = """
    DELETE FROM spend_daily WHERE (day, account_id) IN (
        SELECT value ->> 1, unhex(value ->> 0) FROM json_each(?)
    )
"""
_ROLL_UP_DAYS = f"""
    INSERT INTO spend_daily
    SELECT {_DAILY_COLUMNS}
    FROM (SELECT unhex(value ->> 0) AS account_id, value ->> 1 AS day FROM json_each(?)) AS p
    CROSS JOIN transactions AS t
      ON t.account_id = p.account_id
     AND t.seq BETWEEN p.day << {SEQ_BITS} AND (p.day << {SEQ_BITS}) + {_LAST_OF_DAY}
    WHERE t.hidden = 0
    GROUP BY 1, 2, 3, 4, 5
"""  # noqa: S608 - constants of this module only
_ROLL_UP_ALL = f"""
    INSERT INTO spend_daily
    SELECT {_DAILY_COLUMNS} FROM transactions AS t WHERE t.hidden = 0 GROUP BY 1, 2, 3, 4, 5
"""  # noqa: S608 - constants of this module only
_ACCOUNT_COLUMNS = """
    t.account_id, t.posted_on, t.currency, sum(iif(t.pending, 0, t.amount_minor)),
    sum(iif(t.pending, t.amount_minor, 0))
"""
_FORGET_ACCOUNT_DAYS = """
    DELETE FROM account_daily WHERE (account_id, day) IN (
        SELECT unhex(value ->> 0), value ->> 1 FROM json_each(?)
    )
"""
_ROLL_UP_ACCOUNT_DAYS = f"""
    INSERT INTO account_daily
    SELECT {_ACCOUNT_COLUMNS}
    FROM (SELECT unhex(value ->> 0) AS account_id, value ->> 1 AS day FROM json_each(?)) AS p
    CROSS JOIN transactions AS t
      ON t.account_id = p.account_id
     AND t.seq BETWEEN p.day << {SEQ_BITS} AND (p.day << {SEQ_BITS}) + {_LAST_OF_DAY}
    GROUP BY 1, 2, 3
"""  # noqa: S608 - constants of this module only
_ROLL_UP_ALL_ACCOUNTS = f"""
    INSERT INTO account_daily
    SELECT {_ACCOUNT_COLUMNS} FROM transactions AS t GROUP BY 1, 2, 3
"""  # noqa: S608 - constants of this module only
_UNINDEX = "DELETE FROM transactions_fts WHERE rowid IN (SELECT value FROM json_each(?))"
_INDEX = f"""
    INSERT INTO transactions_fts (rowid, body)
    SELECT t.seq, {_BODY} FROM json_each(?) AS k CROSS JOIN transactions AS t ON t.seq = k.value
"""  # noqa: S608 - constants of this module only
_INDEX_ALL = (
    f"INSERT INTO transactions_fts (rowid, body) SELECT t.seq, {_BODY} FROM transactions AS t"  # noqa: S608 - as above
)


@dataclass(slots=True)
class Dirty:
    """What a transaction has changed so far and the derived tables do not show yet.

    Attributes:
        days: (account id, day number) whose totals may differ; old and new place of a moved row.
        unindex: seqs whose text changed or which are gone.
        index: seqs whose text must be found from now on.
    """

    days: set[tuple[bytes, int]] = field(default_factory=set)
    unindex: set[int] = field(default_factory=set)
    index: set[int] = field(default_factory=set)

    def retext(self, seqs: Iterable[int]) -> None:
        """Note rows that stay where they are and read differently."""
        fresh = set(seqs)
        self.unindex |= fresh
        self.index |= fresh

    def clear(self) -> None:
        """Forget everything."""
        self.days.clear()
        self.unindex.clear()
        self.index.clear()


def refresh(connection: Connection, dirty: Dirty) -> None:
    """Bring the derived tables up to the rows, and empty `dirty`."""
    if dirty.days:
        pairs = json.dumps([(account.hex(), day) for account, day in sorted(dirty.days)])
        connection.exec_driver_sql(_FORGET_DAYS, (pairs,))
        connection.exec_driver_sql(_ROLL_UP_DAYS, (pairs,))
        connection.exec_driver_sql(_FORGET_ACCOUNT_DAYS, (pairs,))
        connection.exec_driver_sql(_ROLL_UP_ACCOUNT_DAYS, (pairs,))
    if dirty.unindex:
        connection.exec_driver_sql(_UNINDEX, (json_keys(sorted(dirty.unindex)),))
    if dirty.index:
        connection.exec_driver_sql(_INDEX, (json_keys(sorted(dirty.index)),))
    dirty.clear()


def rebuild(connection: Connection) -> None:
    """Compute all of them from nothing."""
    connection.exec_driver_sql("DELETE FROM spend_daily")
    connection.exec_driver_sql(_ROLL_UP_ALL)
    connection.exec_driver_sql("DELETE FROM account_daily")
    connection.exec_driver_sql(_ROLL_UP_ALL_ACCOUNTS)
    connection.exec_driver_sql(
        "INSERT INTO transactions_fts (transactions_fts) VALUES ('delete-all')"
    )
    connection.exec_driver_sql(_INDEX_ALL)
