"""What `domain.transfers` decides over: rows as legs, and the rates that somebody vouches for."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from hive_desktop.adapters.storage.bulk import json_ids
from hive_desktop.adapters.storage.rows import IS_PART
from hive_desktop.domain.ledger import AccountId, CategoryKind, CategorySource, TransactionId
from hive_desktop.domain.money import from_minor
from hive_desktop.domain.transfers import Leg, Rate, RateBook, looks_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hive_desktop.adapters.storage.handle import Handle

# A part of a row is what the person said, and no side of a transfer.
_LEGS = f"""
    SELECT t.id, t.account_id, t.posted_on, t.amount_minor, t.currency,
           t.name || ' ' || coalesce(t.description, ''), t.bank_category, t.bank_confidence,
           t.merchant_name IS NOT NULL, a.type, t.category_source, c.kind
    FROM json_each(?) AS k CROSS JOIN transactions AS t ON t.id = unhex(k.value)
    JOIN accounts AS a ON a.id = t.account_id
    LEFT JOIN categories AS c ON c.id = t.category_id
    WHERE t.hidden = 0 AND NOT {IS_PART}
"""  # noqa: S608 - constants of this package only
_ENTERED = "SELECT day, base, quote, rate FROM exchange_rates"
_CONFIRMED = """
    SELECT o.posted_on, o.currency, i.currency, p.rate
    FROM transfers AS p JOIN transactions AS o ON o.id = p.out_id
    JOIN transactions AS i ON i.id = p.in_id
    WHERE p.rate IS NOT NULL AND p.by = 'person'
"""


def legs_of(handle: Handle, ids: Iterable[bytes]) -> list[Leg]:
    """Return rows of the ledger as legs; hidden ones, parts and those that left are left out."""
    return [
        Leg(
            id=TransactionId(row[0]),
            account_id=AccountId(row[1]),
            day=row[2],
            amount_minor=row[3],
            currency=row[4],
            text=row[5],
            looks=looks_of(
                row[6],
                row[7],
                row[5],
                has_merchant=bool(row[8]),
                account_type=row[9],
                amount_minor=row[3],
            ),
            is_spoken_for=row[10] == CategorySource.USER and row[11] != CategoryKind.TRANSFER,
        )
        for row in handle.raw.execute(_LEGS, (json_ids(ids),)).fetchall()
    ]


def rate_book(handle: Handle) -> RateBook:
    """Return the rates that the person entered, and those of transfers that they confirmed."""

    def rates(statement: str) -> list[Rate]:
        found = handle.raw.execute(statement).fetchall()
        known = [(*line[:3], Decimal(line[3])) for line in found]
        return [Rate(*line) for line in known if line[3] > 0]

    return RateBook(rates(_ENTERED), rates(_CONFIRMED))


def rate_between(out: Leg, into: Leg) -> Decimal | None:
    """Return the rate that two sides in two currencies imply.

    None in one currency, and where money did not leave on one side and arrive on the other.
    """
    if out.currency == into.currency or not out.amount_minor > 0 > into.amount_minor:
        return None
    left, arrived = (
        from_minor(out.amount_minor, out.currency),
        from_minor(-into.amount_minor, into.currency),
    )
    return arrived / left
