"""Plaid's answers as slim structs: only what Hive reads, decoded straight from the raw bytes.

Unknown fields are skipped and enums stay text, so that a new value at Plaid breaks nothing. Amounts
decode to Decimal, never to float. No request is built here; rows become the ledger's in `rows`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

import msgspec

from hive_desktop.plaidkit.errors import Advice, PlaidError

if TYPE_CHECKING:
    from collections.abc import Mapping

_T = TypeVar("_T")

MALFORMED = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What msgspec raises for bytes that are not the JSON that was expected."""

# Every escape is consumed whole, so that an escaped backslash before a `u` opens none.
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(?P<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


class Category(msgspec.Struct, gc=False):
    """Plaid's own category of a row."""

    primary: str | None = None
    detailed: str | None = None
    confidence_level: str | None = None


class Transaction(msgspec.Struct, gc=False):
    """One row of /transactions/sync or /transactions/get."""

    transaction_id: str
    account_id: str
    amount: Decimal
    date: str
    iso_currency_code: str | None = None
    unofficial_currency_code: str | None = None
    name: str | None = None
    merchant_name: str | None = None
    merchant_entity_id: str | None = None
    original_description: str | None = None
    pending: bool = False
    pending_transaction_id: str | None = None
    authorized_date: str | None = None
    personal_finance_category: Category | None = None
    payment_channel: str | None = None
    check_number: str | None = None


class Removed(msgspec.Struct, gc=False):
    """A row that is no longer at the bank."""

    transaction_id: str | None = None


class Balances(msgspec.Struct):
    """An account's balances; either of the first two may be missing."""

    available: Decimal | None = None
    current: Decimal | None = None
    limit: Decimal | None = None
    iso_currency_code: str | None = None
    unofficial_currency_code: str | None = None
    last_updated_datetime: str | None = None


class Account(msgspec.Struct):
    """One account of an item."""

    account_id: str
    balances: Balances = msgspec.field(default_factory=Balances)
    name: str | None = None
    official_name: str | None = None
    mask: str | None = None
    type: str | None = None
    subtype: str | None = None
    persistent_account_id: str | None = None


class SyncAnswer(msgspec.Struct):
    """A page of /transactions/sync in which every row has the expected types."""

    added: list[Transaction]
    modified: list[Transaction]
    removed: list[Removed]
    has_more: bool
    next_cursor: str | None
    accounts: list[Account] = []
    transactions_update_status: str | None = None


class RawSyncAnswer(msgspec.Struct):
    """The same page with its rows left undecoded, for when one of them is odd."""

    added: list[msgspec.Raw]
    modified: list[msgspec.Raw]
    removed: list[msgspec.Raw]
    has_more: bool
    next_cursor: str | None
    accounts: list[msgspec.Raw] = []
    transactions_update_status: str | None = None


class WindowAnswer(msgspec.Struct):
    """A page of /transactions/get in which every row has the expected types."""

    transactions: list[Transaction]
    total_transactions: int
    accounts: list[Account] = []


class RawWindowAnswer(msgspec.Struct):
    """The same page with its rows left undecoded."""

    transactions: list[msgspec.Raw]
    total_transactions: int
    accounts: list[msgspec.Raw] = []


class AccountsAnswer(msgspec.Struct):
    """The answer of /accounts/get and /accounts/balance/get."""

    accounts: list[msgspec.Raw]


class LinkTokenAnswer(msgspec.Struct):
    """The answer of /link/token/create."""

    link_token: str
    hosted_link_url: str | None = None
    expiration: str | None = None


class Institution(msgspec.Struct):
    """A bank as Link and /institutions/get_by_id name it."""

    institution_id: str | None = None
    name: str | None = None


class InstitutionAnswer(msgspec.Struct):
    """The answer of /institutions/get_by_id."""

    institution: Institution


class ItemAddResult(msgspec.Struct):
    """One bank that a Link session added."""

    public_token: str | None = None
    institution: Institution | None = None


class LinkResults(msgspec.Struct):
    """What a Link session ended with; Plaid's own samples leave most keys out."""

    item_add_results: list[ItemAddResult] | None = None


class SuccessMetadata(msgspec.Struct):
    """Beside the public token in the deprecated `on_success`."""

    institution: Institution | None = None


class OnSuccess(msgspec.Struct):
    """The deprecated form of a session's result; update mode still answers with it."""

    public_token: str | None = None
    metadata: SuccessMetadata | None = None


class ErrorBody(msgspec.Struct):
    """Plaid's error object; also inside items and Link exits."""

    error_code: str | None = None
    error_type: str | None = None
    error_message: str | None = None
    request_id: str | None = None


class ExitMetadata(msgspec.Struct):
    """How far the person had come when the session was left."""

    status: str | None = None


class LinkExit(msgspec.Struct):
    """A Link session that was left without a bank."""

    error: ErrorBody | None = None
    metadata: ExitMetadata | None = None


class LinkSession(msgspec.Struct):
    """One opening of the Hosted Link page."""

    link_session_id: str | None = None
    started_at: str | None = None
    finished_at: str | None = None
    results: LinkResults | None = None
    exit: LinkExit | None = None
    on_success: OnSuccess | None = None
    on_exit: LinkExit | None = None


class LinkStateAnswer(msgspec.Struct):
    """The answer of /link/token/get."""

    expiration: str | None = None
    link_sessions: list[LinkSession] | None = None


class ExchangeAnswer(msgspec.Struct):
    """The answer of /item/public_token/exchange."""

    access_token: str
    item_id: str


class TransactionsStatus(msgspec.Struct):
    """When an item's data was last renewed."""

    last_successful_update: str | None = None


class ItemStatus(msgspec.Struct):
    """How renewing an item's data went."""

    transactions: TransactionsStatus | None = None


class Item(msgspec.Struct):
    """An item's state at Plaid."""

    item_id: str
    institution_id: str | None = None
    institution_name: str | None = None
    error: ErrorBody | None = None
    consent_expiration_time: str | None = None
    updated_at: str | None = None


class ItemAnswer(msgspec.Struct):
    """The answer of /item/get."""

    item: Item
    status: ItemStatus | None = None


class Acknowledgement(msgspec.Struct):
    """An answer that only says that the call was done."""

    request_id: str


class VerificationKey(msgspec.Struct):
    """A public key of webhooks: an EC P-256 JWK; `expired_at` is set once it must not be used."""

    alg: str
    crv: str
    kid: str
    kty: str
    use: str
    x: str
    y: str
    created_at: int
    expired_at: int | None = None


class VerificationKeyAnswer(msgspec.Struct):
    """The answer of /webhook_verification_key/get."""

    key: VerificationKey


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful HTTP answer, undecoded."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


def decode(answer: Answer, decoder: msgspec.json.Decoder[_T]) -> _T:
    """Decode an answer by one of `decoders`.

    Raises:
        PlaidError: the body is not such JSON.
    """
    try:
        return decoder.decode(answer.body)
    except MALFORMED:
        try:
            return decoder.decode(without_lone_surrogates(answer.body))
        except MALFORMED as exc:
            raise unusable(answer, exc) from exc


def without_lone_surrogates(body: bytes) -> bytes:
    """Return JSON with each escaped half of a character as U+FFFD, by which it can be decoded.

    A name that a bank cut in the middle of an emoji is valid JSON (RFC 8259, section 8.2) and no
    valid text; without this it would cost the page that it stands on.
    """
    return _ESCAPE.sub(lambda found: rb"\ufffd" if found["lone"] else found[0], body)


def require_object(answer: Answer) -> None:
    """Refuse a 2xx answer that is plainly not Plaid's, by its two ends only.

    Raises:
        PlaidError: it is not a JSON object.
    """
    body = answer.body
    if not (body[:64].lstrip().startswith(b"{") and body[-64:].rstrip().endswith(b"}")):
        raise unusable(answer, ValueError("not an object"))


def unusable(answer: Answer, cause: BaseException) -> PlaidError:
    """Return the error for a body that could not be decoded; it carries none of its text."""
    head = answer.body[:64].lstrip().lower()
    if not head:
        code = "EMPTY_ANSWER"
    elif head.startswith(b"<"):
        code = "HTML_ANSWER"
    else:
        is_json = isinstance(cause, msgspec.ValidationError)
        code = "UNEXPECTED_ANSWER" if is_json else "BROKEN_ANSWER"
    return PlaidError(code, Advice.RETRY, status=answer.status)


def parse_instant(text: str | None) -> datetime | None:
    """Return an RFC 3339 instant in UTC, or None when there is none that can be read."""
    if not text:
        return None
    try:
        instant = datetime.fromisoformat(text)
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
