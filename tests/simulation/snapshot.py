"""Every row of a ledger as one value, wherever it stands, and a bank's rows in the same form."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from hive_desktop.domain.days import to_day
from hive_desktop.domain.ledger import BankTransaction

_BANK = """
    {t}.plaid_id, a.plaid_account_id, {t}.posted_on, {t}.authorized_on, {t}.amount_minor,
    {t}.currency, {t}.name, {t}.merchant_name, {t}.merchant_entity_id, {t}.description, {t}.pending,
    {t}.pending_plaid_id, {t}.bank_category, {t}.bank_confidence, {t}.payment_channel,
    {t}.check_number
"""
_ROWS = f"""
    SELECT t.id, 'ledger', t.category_source, c.name, {_BANK.format(t="t")}
    FROM transactions AS t JOIN accounts AS a ON a.id = t.account_id
    LEFT JOIN categories AS c ON c.id = t.category_id
    UNION ALL
    SELECT s.id, s.why, s.category_source, c.name, {_BANK.format(t="s")}
    FROM shelved AS s JOIN accounts AS a ON a.id = s.account_id
    LEFT JOIN categories AS c ON c.id = s.category_id
"""  # noqa: S608 - constants


class Stood(NamedTuple):
    """A row of the ledger or of its shelf (`place`), with who chose its category."""

    row_id: bytes
    place: str
    source: str | None
    category: str | None
    bank: BankTransaction


def ledger_rows(raw):
    """Return every row that a ledger holds, twice what it holds twice."""
    found = []
    for row_id, place, source, category, *bank in raw.execute(_ROWS).fetchall():
        row = BankTransaction._make(bank)
        row = row._replace(pending=bool(row.pending))
        found.append(Stood(row_id, place, source, category, row))
    return found


def bank_rows(item):
    """Return what an item's bank shows, as the ledger must hold it.

    A pending row that a posted one names is no row of its own, even where both still stand.
    """
    live = item.ledger.live()
    named = {row.tx.pending_transaction_id for row in live if not row.tx.pending}
    return [_told(row) for row in live if row.tx.transaction_id not in named]


def _told(row):
    tx = row.tx
    kind = tx.personal_finance_category
    return BankTransaction(
        plaid_id=tx.transaction_id,
        plaid_account_id=tx.account_id,
        posted_on=to_day(tx.date),
        authorized_on=to_day(tx.authorized_date) if tx.authorized_date else None,
        amount_minor=int(tx.amount * Decimal(100)),
        currency=tx.iso_currency_code,
        name=tx.name,
        merchant_name=tx.merchant_name,
        merchant_entity_id=tx.merchant_entity_id,
        description=row.original,
        pending=tx.pending,
        pending_plaid_id=tx.pending_transaction_id,
        bank_category=kind.detailed if kind else None,
        bank_confidence=kind.confidence_level if kind else None,
        payment_channel=tx.payment_channel,
        check_number=tx.check_number,
    )
