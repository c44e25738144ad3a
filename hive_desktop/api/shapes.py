"""The JSON shapes of the local API's answers.

Amounts stand three times: in minor units, as a decimal text with the currency's own number of
decimals, and with their direction. Positive is money out of the account, as in the ledger and at
Plaid. Balances are in the bank's sense: a card's is what is owed. Days are ISO 8601.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

import msgspec

from hive_desktop.domain.money import from_minor

if TYPE_CHECKING:
    from hive_desktop.domain.api_clients import ApiClient
    from hive_desktop.domain.ledger import Account, Category, Item, TransactionRow
    from hive_desktop.ports.chat_store import SessionLine
    from hive_desktop.services.api_clients import Tokens


class Client(msgspec.Struct):
    """A client, as it may know of itself."""

    client_id: str
    name: str
    scopes: list[str]
    created_at: dt.datetime


class Proof(msgspec.Struct):
    """That the server knows a client's secret; see `Challenge` for what it is."""

    proof: str


class SignedIn(msgspec.Struct):
    """Tokens; `expires_in` is in seconds, of the access token. A refresh token is good once."""

    access_token: str
    refresh_token: str
    token_type: str
    expires_in: int


class LinkToken(msgspec.Struct):
    """A session at the bank: the person opens `url`, then the token is exchanged."""

    link_token: str
    url: str
    expires_at: dt.datetime | None


class Connection(msgspec.Struct):
    """A connection to a bank; `error` is Plaid's code."""

    id: uuid.UUID
    institution: str
    state: str
    error: str | None
    last_synced_at: dt.datetime | None


class Connections(msgspec.Struct):
    """Connections that came; their history is fetched from now on."""

    items: list[Connection]


class AccountShape(msgspec.Struct):
    """An account with its balances, in the bank's sense."""

    id: uuid.UUID
    item_id: uuid.UUID
    institution: str
    name: str
    official_name: str | None
    mask: str | None
    type: str
    subtype: str | None
    currency: str
    balance_current_minor: int | None
    balance_current: str | None
    balance_available_minor: int | None
    balance_available: str | None
    balance_limit_minor: int | None
    balance_limit: str | None
    balance_at: dt.datetime | None
    state: str
    is_hidden: bool
    in_net_worth: bool


class Accounts(msgspec.Struct):
    """All accounts."""

    accounts: list[AccountShape]
    total: int


class SyncedAccount(msgspec.Struct):
    """An account after a sync of its bank, and how many rows came or changed."""

    account: AccountShape
    synced: int


class TransactionShape(msgspec.Struct):
    """One row. `amount_minor` and `amount` are positive for money out; `direction` says so too."""

    id: uuid.UUID
    account_id: uuid.UUID
    date: dt.date
    authorized_date: dt.date | None
    amount_minor: int
    amount: str
    currency: str
    direction: str
    name: str
    merchant: str | None
    description: str | None
    category_id: uuid.UUID | None
    category: str | None
    category_source: str | None
    confidence: float | None
    pending: bool
    needs_review: bool
    note: str | None
    tags: list[str]
    is_hidden: bool
    is_part: bool


class Transactions(msgspec.Struct):
    """A page of rows, the newest first; `total` counts those of all pages."""

    transactions: list[TransactionShape]
    total: int
    limit: int
    offset: int


class Changed(msgspec.Struct):
    """A row as it is now; `followed` other rows of its merchant came along.

    `batch` is the change in the log of edits, which the person can undo; null where it was so.
    """

    transaction: TransactionShape
    batch: uuid.UUID | None
    followed: int


class FailedBank(msgspec.Struct):
    """A connection that could not be asked; `error` is Plaid's code, or `FAILED`."""

    item_id: uuid.UUID
    institution: str
    error: str


class Synced(msgspec.Struct):
    """How many rows came or changed, and which banks could not be asked."""

    synced: int
    failed: list[FailedBank]


class FigureShape(msgspec.Struct):
    """Spending and income of one currency; both normally 0 or more."""

    currency: str
    spent_minor: int
    spent: str
    income_minor: int
    income: str
    count: int


class SliceShape(msgspec.Struct):
    """A category in one currency; positive is money out."""

    category_id: uuid.UUID | None
    category: str
    kind: str
    currency: str
    amount_minor: int
    amount: str
    count: int


class CategoryShape(msgspec.Struct):
    """A category; `kind` is expense, income or transfer. An archived one is offered no more."""

    id: uuid.UUID
    name: str
    kind: str
    is_archived: bool


class Categories(msgspec.Struct):
    """All categories."""

    categories: list[CategoryShape]
    total: int


class Summary(msgspec.Struct):
    """Figures of a span, both days included, by currency and by category."""

    start_date: dt.date
    end_date: dt.date
    main_currency: str
    figures: list[FigureShape]
    categories: list[SliceShape]


class TrendShape(msgspec.Struct):
    """Spending and income of one bucket in one currency."""

    start_date: dt.date
    currency: str
    spent_minor: int
    spent: str
    income_minor: int
    income: str


class Trends(msgspec.Struct):
    """Figures over time, empty buckets included."""

    start_date: dt.date
    end_date: dt.date
    period: str
    points: list[TrendShape]


class ChatLine(msgspec.Struct):
    """A session of the chat in a list."""

    id: uuid.UUID
    title: str
    changed_at: dt.datetime | None
    messages: int


class ChatLines(msgspec.Struct):
    """The sessions, the one changed last first."""

    sessions: list[ChatLine]
    total: int


class ChatMessage(msgspec.Struct):
    """A question or a reply. `ended` is `done` for a whole reply; `model` is who wrote it."""

    role: str
    text: str
    at: dt.datetime | None
    ended: str | None
    model: str | None


class ChatSession(msgspec.Struct):
    """A session with its newest messages, the oldest of them first."""

    id: uuid.UUID
    title: str
    messages: list[ChatMessage]


def client_of(one: ApiClient) -> Client:
    """Return a client."""
    return Client(one.client_id, one.name, sorted(one.scopes), one.created)


def signed_in(tokens: Tokens) -> SignedIn:
    """Return tokens."""
    return SignedIn(tokens.access, tokens.refresh, "Bearer", tokens.expires_in)


def connection_of(one: Item) -> Connection:
    """Return a connection."""
    return Connection(
        uuid.UUID(bytes=one.id), one.institution, one.state, one.error_code, one.last_synced_at
    )


def category_of(one: Category) -> CategoryShape:
    """Return a category."""
    return CategoryShape(uuid.UUID(bytes=one.id), one.name, one.kind, one.is_archived)


def account_of(one: Account) -> AccountShape:
    """Return an account."""
    return AccountShape(
        id=uuid.UUID(bytes=one.id),
        item_id=uuid.UUID(bytes=one.item_id),
        institution=one.institution,
        name=one.name,
        official_name=one.official_name,
        mask=one.mask,
        type=one.type,
        subtype=one.subtype,
        currency=one.currency,
        balance_current_minor=one.balance_current_minor,
        balance_current=decimal(one.balance_current_minor, one.currency),
        balance_available_minor=one.balance_available_minor,
        balance_available=decimal(one.balance_available_minor, one.currency),
        balance_limit_minor=one.balance_limit_minor,
        balance_limit=decimal(one.balance_limit_minor, one.currency),
        balance_at=one.balance_at,
        state=one.state,
        is_hidden=one.is_hidden,
        in_net_worth=one.in_net_worth,
    )


def transaction_of(row: TransactionRow) -> TransactionShape:
    """Return a row."""
    return TransactionShape(
        id=uuid.UUID(bytes=row.id),
        account_id=uuid.UUID(bytes=row.account_id),
        date=row.posted_on,
        authorized_date=row.authorized_on,
        amount_minor=row.amount_minor,
        amount=amount(row.amount_minor, row.currency),
        currency=row.currency,
        direction="out" if row.amount_minor > 0 else "in",
        name=row.name,
        merchant=row.merchant,
        description=row.description,
        category_id=None if row.category_id is None else uuid.UUID(bytes=row.category_id),
        category=row.category,
        category_source=row.category_source,
        confidence=row.confidence,
        pending=row.pending,
        needs_review=row.needs_review,
        note=row.note,
        tags=list(row.tags),
        is_hidden=row.is_hidden,
        is_part=row.is_part,
    )


def chat_line(one: SessionLine) -> ChatLine:
    """Return a session in a list."""
    return ChatLine(uuid.UUID(hex=one.id), one.title, one.changed_at, one.messages)


def amount(minor: int, currency: str) -> str:
    """Return minor units as a decimal text."""
    return f"{from_minor(minor, currency):f}"


def decimal(minor: int | None, currency: str) -> str | None:
    """Return minor units as a decimal text, where they are known."""
    return None if minor is None else amount(minor, currency)
