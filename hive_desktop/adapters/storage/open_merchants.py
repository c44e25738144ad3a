"""Merchants that a model may be asked about: nobody is sure of their rows, and none has said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.adapters.storage import rows
from hive_desktop.domain.categories import REVIEW_THRESHOLD
from hive_desktop.ports.category_store import UNASKED_BY, Again, OpenMerchant

if TYPE_CHECKING:
    from hive_desktop.adapters.storage.handle import Handle

# Rows that have a label nobody is sure of, and rows that have none: each by an index of its own.
UNSURE = f"""
    SELECT seq, merchant_id, amount_minor < 0 AS is_in FROM transactions
    WHERE category_confidence < {REVIEW_THRESHOLD}
      AND category_source NOT IN ('user', 'rule') AND reviewed = 0 AND hidden = 0
    UNION ALL
    SELECT seq, merchant_id, amount_minor < 0 FROM transactions
    WHERE category_id IS NULL AND category_source IS NULL AND reviewed = 0 AND hidden = 0
"""  # noqa: S608 - constants only
_OPEN = f"""
    WITH open AS (
        SELECT u.merchant_id, u.is_in, count(*) AS n, max(u.seq) AS newest
        FROM ({{rows}}) AS u
        WHERE NOT EXISTS (
            SELECT 1 FROM merchant_answers AS a
            WHERE a.merchant_id = u.merchant_id AND a.direction = iif(u.is_in, 'in', 'out')
              AND {{done}}
        )
        GROUP BY 1, 2 ORDER BY n DESC, newest DESC LIMIT ?2
    )
    SELECT m.key, m.name, o.is_in, o.n, {rows.STORED_FIELDS}
    FROM open AS o CROSS JOIN merchants AS m ON m.id = o.merchant_id
    CROSS JOIN transactions AS t ON t.seq = o.newest
    CROSS JOIN accounts AS a ON a.id = t.account_id
    ORDER BY o.n DESC, o.newest DESC
"""  # noqa: S608 - column names of this package's schema only
_OPEN_FIELDS = 4
_BY_MODEL = f"""
    {UNSURE} UNION ALL SELECT seq, merchant_id, amount_minor < 0 FROM transactions
    WHERE category_source = 'ai' AND category_confidence >= {REVIEW_THRESHOLD}
      AND reviewed = 0 AND hidden = 0
"""  # noqa: S608 - constants only
# Which answers (a) close a merchant; ?1 is the model that is to be asked, ?3 stands in place of one
# where nothing could be sent. No model has that name: then none does.
_DONE = "a.model IN (?3, coalesce(?1, a.model))"
_BY_AGAIN = {
    Again.NONE: _OPEN.format(rows=UNSURE, done=_DONE),
    Again.LEFT: _OPEN.format(
        rows=UNSURE, done=f"{_DONE} AND (a.model = ?3 OR a.category_id IS NOT NULL)"
    ),
    Again.ALL: _OPEN.format(rows=_BY_MODEL, done="?1 IS ?3"),
}
_LEFT = f"""
    SELECT count(*) FROM merchant_answers AS a
    WHERE a.category_id IS NULL AND a.model NOT IN ('', ?1) AND EXISTS (
        SELECT 1 FROM ({UNSURE}) AS u
        WHERE u.merchant_id = a.merchant_id AND u.is_in = (a.direction = 'in')
    )
"""  # noqa: S608 - constants only


def read(handle: Handle, limit: int, model: str | None, again: Again) -> list[OpenMerchant]:
    """Return merchants, those with most rows first; see `CategoryReads.open_merchants`."""
    found = handle.raw.execute(_BY_AGAIN[again], (model, limit, UNASKED_BY)).fetchall()
    return [
        OpenMerchant(
            row[0],
            row[1],
            direction_of(row[2]),
            row[3],
            rows.stored_row(row[_OPEN_FIELDS:]).bank,
        )
        for row in found
    ]


def count_left(handle: Handle) -> int:
    """Return how many merchants a model was asked about and gave no answer."""
    return int(handle.raw.execute(_LEFT, (UNASKED_BY,)).fetchall()[0][0])


def direction_of(is_in: int) -> str:
    """Return the word of a row's direction."""
    return "in" if is_in else "out"
