"""Rows and accounts of a page in which something is odd, read one by one.

A bad row is refused with a reason and the rest lands; an odd field that a row can do without is
left out. This is the slow way: `rows` comes here only when a page did not decode as a whole.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, NamedTuple

from hive_desktop.plaidkit import decoders, wire

if TYPE_CHECKING:
    from collections.abc import Iterable

    import msgspec

_LONGEST_ID = 256
_OPTIONAL_TEXTS = (
    "iso_currency_code",
    "unofficial_currency_code",
    "name",
    "merchant_name",
    "merchant_entity_id",
    "original_description",
    "pending_transaction_id",
    "authorized_date",
    "payment_channel",
    "check_number",
)


class Refusal(NamedTuple):
    """A row that could not be read, by its id where it has one, and why."""

    plaid_id: str | None
    reason: str


class RowError(ValueError):
    """A row lacks something without which it is not a row; the text says what."""


def is_id(text: str) -> bool:
    """Tell whether a text can be one of Plaid's ids: plain characters, and not a whole novel."""
    return (
        0 < len(text) <= _LONGEST_ID and text.isascii() and text.isprintable() and " " not in text
    )


def accounts(raws: Iterable[msgspec.Raw], refused: list[Refusal]) -> list[wire.Account]:
    """Decode accounts one by one; one with odd balances keeps its name and loses only those."""
    read: list[wire.Account] = []
    for raw in raws:
        try:
            read.append(decoders.ACCOUNT.decode(raw))
        except wire.MALFORMED:
            _patch_account(raw, read, refused)
    return named(read, refused)


def named(read: list[wire.Account], refused: list[Refusal]) -> list[wire.Account]:
    """Return the accounts that have an id; the others go to `refused`."""
    known = [account for account in read if is_id(account.account_id)]
    refused += [Refusal(None, "the account has no id")] * (len(read) - len(known))
    return known


def _patch_account(raw: msgspec.Raw, read: list[wire.Account], refused: list[Refusal]) -> None:
    fields = _fields(raw)
    plaid_id = _text(fields.get("account_id"))
    if plaid_id is None:
        refused.append(Refusal(None, "the account has no id"))
        return
    given = fields.get("balances")
    balances = given if isinstance(given, dict) else {}
    read.append(
        wire.Account(
            account_id=plaid_id,
            balances=wire.Balances(
                available=_decimal(balances.get("available")),
                current=_decimal(balances.get("current")),
                limit=_decimal(balances.get("limit")),
                last_updated_datetime=_text(balances.get("last_updated_datetime")),
                iso_currency_code=_text(balances.get("iso_currency_code")),
                unofficial_currency_code=_text(balances.get("unofficial_currency_code")),
            ),
            name=_text(fields.get("name")),
            official_name=_text(fields.get("official_name")),
            mask=_text(fields.get("mask")),
            type=_text(fields.get("type")),
            subtype=_text(fields.get("subtype")),
            persistent_account_id=_text(fields.get("persistent_account_id")),
        )
    )


def transactions(raws: Iterable[msgspec.Raw], refused: list[Refusal]) -> list[wire.Transaction]:
    """Decode rows one by one; what is no row goes to `refused`."""
    rows: list[wire.Transaction] = []
    for raw in raws:
        try:
            rows.append(decoders.TRANSACTION.decode(raw))
        except wire.MALFORMED:
            fields = _fields(raw)
            try:
                rows.append(_patch_row(fields))
            except RowError as exc:
                refused.append(Refusal(_text(fields.get("transaction_id")), str(exc)))
    return rows


def _patch_row(fields: dict[str, object]) -> wire.Transaction:
    """Build a row from loose fields; one that is not needed and odd is left out."""
    bank = fields.get("personal_finance_category")
    category = bank if isinstance(bank, dict) else {}
    amount = _decimal(fields.get("amount"))
    if amount is None:
        raise RowError("the row has no amount" if fields else "the row could not be read")
    return wire.Transaction(
        transaction_id=_text(fields.get("transaction_id")) or "",
        account_id=_text(fields.get("account_id")) or "",
        amount=amount,
        date=_text(fields.get("date")) or "",
        pending=fields.get("pending") is True,
        personal_finance_category=wire.Category(
            primary=_text(category.get("primary")),
            detailed=_text(category.get("detailed")),
            confidence_level=_text(category.get("confidence_level")),
        ),
        **{name: _text(fields.get(name)) for name in _OPTIONAL_TEXTS},
    )


def removed(raws: Iterable[msgspec.Raw]) -> list[wire.Removed]:
    """Decode the ids of rows that left; an entry without one is as good as none."""
    gone: list[wire.Removed] = []
    for raw in raws:
        try:
            gone.append(decoders.REMOVED.decode(raw))
        except wire.MALFORMED:
            gone.append(wire.Removed(_text(_fields(raw).get("transaction_id"))))
    return gone


def _fields(raw: msgspec.Raw) -> dict[str, object]:
    try:
        value = decoders.ANY.decode(raw)
    except wire.MALFORMED:
        return {}
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        return Decimal(value)
    except InvalidOperation:
        return None
