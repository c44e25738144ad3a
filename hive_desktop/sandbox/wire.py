"""The transaction as it goes over the wire, and the encoder that writes it.

Structs and not dictionaries: a hundred thousand rows must fit in memory and encode in milliseconds
a page. Amounts are Decimals written as JSON numbers with the digits they have.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import msgspec

ENCODER = msgspec.json.Encoder(decimal_format="number")


class Location(msgspec.Struct, frozen=True):
    """Where a purchase happened; all unknown by default."""

    address: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None
    lat: float | None = None
    lon: float | None = None
    store_number: str | None = None


class PaymentMeta(msgspec.Struct, frozen=True):
    """What a bank knows of an inter-bank payment."""

    by_order_of: str | None = None
    payee: str | None = None
    payer: str | None = None
    payment_method: str | None = None
    payment_processor: str | None = None
    ppd_id: str | None = None
    reason: str | None = None
    reference_number: str | None = None


class Counterparty(msgspec.Struct, frozen=True):
    """A party of the transaction: the merchant, and the terminal or market place in between."""

    name: str
    type: str
    website: str | None = None
    logo_url: str | None = None
    entity_id: str | None = None
    confidence_level: str = "VERY_HIGH"


class Category(msgspec.Struct, frozen=True):
    """Plaid's personal finance category."""

    primary: str
    detailed: str
    confidence_level: str
    version: str = "v2"


class Transaction(msgspec.Struct):
    """Plaid's transaction object; ``original_description`` is added when a client asks."""

    account_id: str
    amount: Decimal
    iso_currency_code: str | None
    unofficial_currency_code: str | None
    date: dt.date
    name: str
    pending: bool
    transaction_id: str
    payment_channel: str
    location: Location
    payment_meta: PaymentMeta
    counterparties: tuple[Counterparty, ...] = ()
    account_owner: str | None = None
    authorized_date: dt.date | None = None
    authorized_datetime: str | None = None
    datetime: str | None = None
    check_number: str | None = None
    logo_url: str | None = None
    merchant_entity_id: str | None = None
    merchant_name: str | None = None
    pending_transaction_id: str | None = None
    personal_finance_category: Category | None = None
    personal_finance_category_icon_url: str | msgspec.UnsetType = msgspec.UNSET
    transaction_code: str | None = None
    transaction_type: str = "unresolved"
    website: str | None = None


def encode(value: Any) -> bytes:
    """Write any answer of the bank as JSON."""
    return ENCODER.encode(value)
