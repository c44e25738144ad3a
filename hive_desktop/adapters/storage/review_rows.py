"""The sides of a question: a row of the ledger, of the shelf, or the image of one that is gone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hive_desktop.adapters.storage.bulk import json_ids
from hive_desktop.adapters.storage.rows import EDITED
from hive_desktop.domain.days import from_day
from hive_desktop.domain.ledger import TransactionId, titled
from hive_desktop.domain.reviews import ReviewRow

if TYPE_CHECKING:
    from collections.abc import Collection

    from hive_desktop.adapters.storage.handle import Handle

_ACCOUNT = "coalesce(a.own_name, a.name), a.mask"


def _stored(table: str, *, is_gone: int) -> str:
    return f"""
        SELECT t.id, i.institution, {_ACCOUNT}, t.posted_on, t.amount_minor, t.currency,
               coalesce(t.display_name, t.merchant_name, t.name), c.name, t.pending,
               {EDITED}, {is_gone}
        FROM json_each(?) AS k CROSS JOIN {table} AS t ON t.id = unhex(k.value)
        JOIN accounts AS a ON a.id = t.account_id JOIN plaid_items AS i ON i.id = a.item_id
        LEFT JOIN categories AS c ON c.id = t.category_id
    """  # noqa: S608 - names of this package's schema only


_LEDGER = _stored("transactions", is_gone=0)
_SHELF = _stored("shelved", is_gone=0)
_GONE = f"""
    SELECT e.transaction_id, i.institution, {_ACCOUNT}, e.before, c.name
    FROM json_each(?) AS k CROSS JOIN sync_events AS e ON e.id = (
        SELECT max(n.id) FROM sync_events AS n
        WHERE n.transaction_id = unhex(k.value) AND n.kind = 'removed'
    )
    JOIN accounts AS a ON a.id = unhex(e.before ->> 'account_id')
    JOIN plaid_items AS i ON i.id = a.item_id
    LEFT JOIN categories AS c ON c.id = unhex(e.before ->> 'category_id')
"""  # noqa: S608 - as above


def review_rows(handle: Handle, ids: Collection[bytes]) -> dict[bytes, ReviewRow]:
    """Return rows by id, wherever they stand; unknown ones are left out."""
    if not ids:
        return {}
    found: dict[bytes, ReviewRow] = {}
    keys = json_ids(ids)
    for row in handle.raw.execute(_GONE, (keys,)).fetchall():
        found[row[0]] = _of_image(row)
    for statement in (_SHELF, _LEDGER):
        for row in handle.raw.execute(statement, (keys,)).fetchall():
            found[row[0]] = _of_row(row)
    return found


def _of_row(row: Any) -> ReviewRow:
    return ReviewRow(
        id=TransactionId(row[0]),
        institution=row[1],
        account=titled(row[2], row[3]),
        posted_on=from_day(row[4]),
        amount_minor=row[5],
        currency=row[6],
        name=row[7],
        category=row[8],
        pending=bool(row[9]),
        is_edited=bool(row[10]),
        is_gone=bool(row[11]),
    )


def _of_image(row: Any) -> ReviewRow:
    image = json.loads(row[4])
    return ReviewRow(
        id=TransactionId(row[0]),
        institution=row[1],
        account=titled(row[2], row[3]),
        posted_on=from_day(image["posted_on"]),
        amount_minor=image["amount_minor"],
        currency=image["currency"],
        name=image["display_name"] or image["merchant_name"] or image["name"],
        category=row[5],
        pending=bool(image["pending"]),
        is_edited=image["category_source"] == "user" or bool(image["note"] or image["tags"]),
        is_gone=True,
    )
