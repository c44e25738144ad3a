"""From an entry of the script to Plaid's transaction object.

Pure: the same entry, account and seed always give the same object and the same ids.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from hive_desktop.sandbox import merchants
from hive_desktop.sandbox.ids import opaque_id
from hive_desktop.sandbox.wire import Location, PaymentMeta, Transaction

if TYPE_CHECKING:
    from hive_desktop.sandbox.script import Entry


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ISO_CURRENCIES = _words(
    "AED ARS AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR ISK JPY KES "
    "KRW KWD MAD MXN MYR NGN NOK NZD PEN PHP PKR PLN RON RUB SAR SEK SGD THB TND TRY TWD UAH USD "
    "UYU VND ZAR"
)

_NOWHERE = Location()
_NO_META = PaymentMeta()
_TYPES = {"online": "digital", "in store": "place", "other": "special"}


@lru_cache(maxsize=512)
def _location(city: str | None) -> Location:
    """``City, RG, CC`` as a location; None is nowhere."""
    if city is None:
        return _NOWHERE
    parts = [part.strip() for part in city.split(",")] + [""] * 3
    return Location(city=parts[0], region=parts[1] or None, country=parts[2] or "US")


def currency_fields(currency: str) -> tuple[str | None, str | None]:
    """(iso, unofficial): exactly one of them is set."""
    return (currency, None) if currency in ISO_CURRENCIES else (None, currency)


def transaction_id(seed: int, entry: Entry, scope: str, *, pending: bool) -> str:
    """The id of an entry's pending or posted form; ``scope`` is its account's id."""
    return opaque_id(seed, "transaction", scope, entry.key, "pending" if pending else "posted")


def render(
    entry: Entry, account_id: str, seed: int, *, pending: bool, pending_id: str | None = None
) -> Transaction:
    """Write an entry as a pending or posted transaction of an account.

    Args:
        entry: What happened.
        account_id: Plaid's id of the account.
        seed: The bank's seed, for the transaction's id.
        pending: Whether it still waits to post.
        pending_id: For a posted one, the id that it had while pending.
    """
    iso, unofficial = currency_fields(entry.currency)
    waiting = pending and entry.pending_amount is not None
    amount = entry.pending_amount if waiting else entry.amount
    row = Transaction(
        account_id=account_id,
        amount=amount if amount is not None else entry.amount,
        iso_currency_code=iso,
        unofficial_currency_code=unofficial,
        date=entry.transacted_on if pending else entry.posted_on,
        name=entry.name,
        pending=pending,
        transaction_id=transaction_id(seed, entry, account_id, pending=pending),
        payment_channel="other",
        location=_location(entry.city),
        payment_meta=_NO_META,
        authorized_date=entry.transacted_on,
        pending_transaction_id=pending_id,
        transaction_code=entry.code,
    )
    _enrich(row, entry)
    return row


def _enrich(row: Transaction, entry: Entry) -> None:
    """Add merchant, category and channel: the entry's own, else a guess from its name."""
    merchant, detailed, confidence = entry.merchant, entry.category, entry.confidence
    channel = entry.channel or (merchant.channel if merchant else None)
    if merchant is None and detailed is None:
        found = merchants.guess(entry.original or entry.name, money_in=entry.amount < 0)
        if found is not None:
            merchant, detailed, confidence = found.merchant, found.detailed, found.confidence
            channel = channel or found.channel
            row.transaction_code = row.transaction_code or found.code
    if merchant is not None:
        detailed = detailed or merchant.detailed
        row.merchant_name = merchant.name
        row.merchant_entity_id = merchants.entity_id(merchant.name)
        row.website = merchant.website
        row.logo_url = merchants.logo_of(merchant)
        row.counterparties = merchants.counterparties_of(merchant)
    if detailed is not None:
        category = merchants.category_of(detailed, confidence)
        row.personal_finance_category = category
        row.personal_finance_category_icon_url = merchants.icon_of(category.primary)
    row.payment_channel = channel or "other"
    row.transaction_type = _TYPES[row.payment_channel]
