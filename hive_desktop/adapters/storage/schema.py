"""The ledger's tables for SQLAlchemy Core, as the newest migration leaves them.

Statements are built from these; the tables themselves are made by `migrations`, and a test compares
the two. No ORM: reading a hundred thousand rows costs it ten times as much.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Float, Integer, MetaData, Table, Text
from sqlalchemy.types import UserDefinedType

metadata = MetaData()


class Blob(UserDefinedType[bytes]):
    """Bytes as they are: the driver takes and gives `bytes`, so nothing is converted on the way."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Return the column's type in SQL."""
        return "BLOB"


def _blob(name: str, **options: Any) -> Column[bytes]:
    return Column(name, Blob(), **options)


def _text(name: str, **options: Any) -> Column[str]:
    return Column(name, Text(), **options)


def _int(name: str, **options: Any) -> Column[int]:
    return Column(name, Integer(), **options)


_REQUIRED: dict[str, Any] = {"nullable": False}

profile = Table(
    "profile",
    metadata,
    _blob("id", primary_key=True),
    _text("vault_id", **_REQUIRED),
    _text("device", **_REQUIRED),
    _text("name"),
    _text("home_currency"),
    _int("created_at", **_REQUIRED),
)
settings = Table("settings", metadata, _text("key", primary_key=True), _text("value", **_REQUIRED))
categories = Table(
    "categories",
    metadata,
    _blob("id", primary_key=True),
    _text("key"),
    _text("name", **_REQUIRED),
    _text("kind", **_REQUIRED),
    _text("color", **_REQUIRED),
    _text("icon", **_REQUIRED),
    _int("position", **_REQUIRED),
    _int("is_archived", **_REQUIRED),
    _blob("merged_into"),
)
merchants = Table(
    "merchants",
    metadata,
    _int("id", primary_key=True),
    _text("key", **_REQUIRED),
    _text("name", **_REQUIRED),
)
merchant_answers = Table(
    "merchant_answers",
    metadata,
    _int("merchant_id", primary_key=True),
    _text("direction", primary_key=True),
    _blob("category_id"),
    Column("confidence", Float(), nullable=False),
    _text("reason", **_REQUIRED),
    _text("model", **_REQUIRED),
    _int("at", **_REQUIRED),
)
rules = Table(
    "rules",
    metadata,
    _blob("id", primary_key=True),
    _int("position", **_REQUIRED),
    _text("condition", **_REQUIRED),
    _text("action", **_REQUIRED),
    _int("is_enabled", **_REQUIRED),
    _int("created_at", **_REQUIRED),
    _text("name", **_REQUIRED),
    _int("stops", **_REQUIRED),
)
saved_filters = Table(
    "saved_filters",
    metadata,
    _blob("id", primary_key=True),
    _text("name", **_REQUIRED),
    _text("filter", **_REQUIRED),
    _int("position", **_REQUIRED),
)
chat_sessions = Table(
    "chat_sessions",
    metadata,
    _blob("id", primary_key=True),
    _text("title", **_REQUIRED),
    _int("created_at", **_REQUIRED),
    _int("changed_at", **_REQUIRED),
    _int("receipts_made", **_REQUIRED),
    _int("messages", **_REQUIRED),
)
chat_messages = Table(
    "chat_messages",
    metadata,
    _blob("session_id", primary_key=True),
    _int("place", primary_key=True),
    _text("role", **_REQUIRED),
    _text("ended"),
    _int("at"),
    _text("model", **_REQUIRED),
    _text("language", **_REQUIRED),
    _text("call_id", **_REQUIRED),
    _text("receipt"),
    _text("calls"),
    _text("fault"),
    _text("about", **_REQUIRED),
    _text("text", **_REQUIRED),
)
chat_receipts = Table(
    "chat_receipts",
    metadata,
    _blob("session_id", primary_key=True),
    _text("id", primary_key=True),
    _text("body", **_REQUIRED),
)
chat_proposals = Table(
    "chat_proposals",
    metadata,
    _blob("session_id", primary_key=True),
    _int("place", primary_key=True),
    _text("id", **_REQUIRED),
    _text("state", **_REQUIRED),
    _text("body", **_REQUIRED),
)
plaid_items = Table(
    "plaid_items",
    metadata,
    _blob("id", primary_key=True),
    _text("plaid_item_id", **_REQUIRED),
    _text("institution_id"),
    _text("institution", **_REQUIRED),
    _text("access_token", **_REQUIRED),
    _text("cursor", **_REQUIRED),
    _text("state", **_REQUIRED),
    _text("error_code"),
    _int("created_at", **_REQUIRED),
    _int("last_synced_at"),
    _int("state_until"),
    _int("consent_ends_at"),
    _int("disconnects_at"),
    _int("failures", **_REQUIRED),
    _text("announced"),
    _blob("syncing_run"),
)
accounts = Table(
    "accounts",
    metadata,
    _blob("id", primary_key=True),
    _blob("item_id", **_REQUIRED),
    _text("plaid_account_id", **_REQUIRED),
    _text("persistent_id"),
    _text("name", **_REQUIRED),
    _text("official_name"),
    _text("mask"),
    _text("type", **_REQUIRED),
    _text("subtype"),
    _text("currency", **_REQUIRED),
    _int("balance_current_minor"),
    _int("balance_available_minor"),
    _int("balance_limit_minor"),
    _int("balance_at"),
    _text("own_name"),
    _int("is_hidden", **_REQUIRED),
    _int("in_net_worth", **_REQUIRED),
    _int("position"),
    _int("is_deleted", **_REQUIRED),
)
balances = Table(
    "balances",
    metadata,
    _blob("account_id", primary_key=True),
    _int("day", primary_key=True),
    _text("currency", **_REQUIRED),
    _int("current_minor"),
    _int("available_minor"),
    _int("limit_minor"),
)
link_journal = Table(
    "link_journal",
    metadata,
    _blob("id", primary_key=True),
    _text("link_token", **_REQUIRED),
    _text("public_token"),
    _text("institution_id"),
    _text("institution"),
    _text("state", **_REQUIRED),
    _int("created_at", **_REQUIRED),
    _int("updated_at", **_REQUIRED),
)


def _ledger_columns() -> list[Column[Any]]:
    """Return a row's columns after its key: the ledger and the shelf have the same."""
    return [
        _text("plaid_id"),
        _blob("account_id", **_REQUIRED),
        _int("posted_on", **_REQUIRED),
        _int("authorized_on"),
        _int("amount_minor", **_REQUIRED),
        _text("currency", **_REQUIRED),
        _text("name", **_REQUIRED),
        _text("merchant_name"),
        _text("merchant_entity_id"),
        _text("description"),
        _int("pending", **_REQUIRED),
        _text("pending_plaid_id"),
        _text("bank_category"),
        _text("bank_confidence"),
        _text("payment_channel"),
        _text("check_number"),
        _blob("category_id"),
        _text("category_source"),
        Column("category_confidence", Float()),
        _text("category_reason"),
        _text("display_name"),
        _text("note"),
        _text("tags"),
        _int("reviewed", **_REQUIRED),
        _int("hidden", **_REQUIRED),
    ]


transactions = Table(
    "transactions",
    metadata,
    _int("seq", primary_key=True),
    _blob("id", **_REQUIRED),
    *_ledger_columns(),
    _int("merchant_id"),
)
shelved = Table(
    "shelved",
    metadata,
    _blob("id", primary_key=True),
    _int("seq", **_REQUIRED),
    *_ledger_columns(),
    _text("why", **_REQUIRED),
    _blob("into_id"),
    _int("at", **_REQUIRED),
    _int("merchant_id"),
)
splits = Table("splits", metadata, _blob("id", primary_key=True), _text("chosen"))
split_parts = Table(
    "split_parts",
    metadata,
    _blob("id", primary_key=True),
    _blob("whole_id", **_REQUIRED),
    _text("split", **_REQUIRED),
    _int("position", **_REQUIRED),
    _int("amount_minor", **_REQUIRED),
)
external_ids = Table(
    "external_ids",
    metadata,
    _text("plaid_id", primary_key=True),
    _blob("transaction_id", **_REQUIRED),
)
spend_daily = Table(
    "spend_daily",
    metadata,
    _int("day", primary_key=True),
    _blob("account_id", primary_key=True),
    _blob("category_id", primary_key=True),
    _text("currency", primary_key=True),
    _int("pending", primary_key=True),
    _int("out_minor", **_REQUIRED),
    _int("in_minor", **_REQUIRED),
    _int("n", **_REQUIRED),
    _int("in_n", **_REQUIRED),
)
spend_monthly = Table(
    "spend_monthly",
    metadata,
    _int("month", primary_key=True),
    _blob("category_id", primary_key=True),
    _text("currency", primary_key=True),
    _int("merchant_id", primary_key=True),
    _int("out_minor", **_REQUIRED),
    _int("in_minor", **_REQUIRED),
    _int("n", **_REQUIRED),
    _int("in_n", **_REQUIRED),
)
account_daily = Table(
    "account_daily",
    metadata,
    _blob("account_id", primary_key=True),
    _int("day", primary_key=True),
    _text("currency", primary_key=True),
    _int("posted_minor", **_REQUIRED),
    _int("pending_minor", **_REQUIRED),
    _int("n", **_REQUIRED),
)
amounts = Table(
    "amounts",
    metadata,
    _int("seq", primary_key=True),
    _int("amount_minor", **_REQUIRED),
    _text("currency", **_REQUIRED),
)
row_tags = Table(
    "row_tags",
    metadata,
    _text("tag", primary_key=True),
    _int("seq", primary_key=True),
)
transactions_fts = Table("transactions_fts", metadata, _int("rowid"), _text("body"))
sync_runs = Table(
    "sync_runs",
    metadata,
    _blob("id", primary_key=True),
    _blob("item_id", **_REQUIRED),
    _text("reason", **_REQUIRED),
    _int("started_at", **_REQUIRED),
    _int("ended_at"),
    _int("added", **_REQUIRED),
    _int("modified", **_REQUIRED),
    _int("removed", **_REQUIRED),
    _int("pages", **_REQUIRED),
    _text("error_code"),
    _int("refused", **_REQUIRED),
    _text("cursor_before"),
    _int("first_on"),
    _int("last_on"),
    _int("undone_at"),
    _int("seq", **_REQUIRED),
)
sync_added = Table(
    "sync_added",
    metadata,
    _blob("run_id", primary_key=True),
    _blob("ids", **_REQUIRED),
    _blob("fetched", **_REQUIRED),
)
sync_events = Table(
    "sync_events",
    metadata,
    _int("id", primary_key=True),
    _blob("run_id", **_REQUIRED),
    _blob("transaction_id", **_REQUIRED),
    _text("kind", **_REQUIRED),
    _int("at", **_REQUIRED),
    _text("before", **_REQUIRED),
    _text("why"),
)
refused_rows = Table(
    "refused_rows",
    metadata,
    _int("id", primary_key=True),
    _blob("run_id", **_REQUIRED),
    _text("plaid_id"),
    _text("reason", **_REQUIRED),
)
edits = Table(
    "edits",
    metadata,
    _text("clock", primary_key=True),
    _blob("batch", **_REQUIRED),
    _blob("undoes"),
    _text("actor", **_REQUIRED),
    _text("entity", **_REQUIRED),
    _blob("entity_id", **_REQUIRED),
    _text("field", **_REQUIRED),
    _text("before"),
    _text("after"),
    _int("at", **_REQUIRED),
)
egress = Table(
    "egress",
    metadata,
    _int("id", primary_key=True),
    _int("at", **_REQUIRED),
    _text("host", **_REQUIRED),
    _text("purpose", **_REQUIRED),
    _text("path", **_REQUIRED),
    _text("body", **_REQUIRED),
    _blob("body_hash", **_REQUIRED),
    _int("body_length", **_REQUIRED),
    _int("status"),
    Column("seconds", Float(), nullable=False),
    _int("prompt_tokens"),
    _int("cost_micros"),
    _text("method", **_REQUIRED),
    _text("result"),
    _text("model"),
    _int("completion_tokens"),
    _blob("once"),
)
notices = Table(
    "notices",
    metadata,
    _text("key", primary_key=True),
    _text("kind", **_REQUIRED),
    _int("at", **_REQUIRED),
    _int("told_at"),
    _text("body", **_REQUIRED),
)
api_clients = Table(
    "api_clients",
    metadata,
    _text("id", primary_key=True),
    _text("name", **_REQUIRED),
    _text("scopes", **_REQUIRED),
    _blob("secret_hash", **_REQUIRED),
    _int("created_at", **_REQUIRED),
    _int("last_used_at"),
    _int("revoked_at"),
)
edit_authors = Table(
    "edit_authors",
    metadata,
    _blob("batch", primary_key=True),
    _text("name", **_REQUIRED),
)
imports = Table(
    "imports",
    metadata,
    _blob("id", primary_key=True),
    _int("at", **_REQUIRED),
    _text("file_name", **_REQUIRED),
    _blob("file_hash", **_REQUIRED),
    _text("kind", **_REQUIRED),
    _text("source", **_REQUIRED),
    _blob("account_id", **_REQUIRED),
    _text("number", **_REQUIRED),
    _text("name", **_REQUIRED),
    _text("bank", **_REQUIRED),
    _int("added", **_REQUIRED),
    _int("matched", **_REQUIRED),
    _int("doubtful", **_REQUIRED),
    _int("refused", **_REQUIRED),
    _blob("batch", **_REQUIRED),
)
import_parts = Table(
    "import_parts",
    metadata,
    _blob("id", primary_key=True),
    _blob("import_id", **_REQUIRED),
    _blob("account_id", **_REQUIRED),
    _int("first_on", **_REQUIRED),
    _int("last_on", **_REQUIRED),
    _blob("ids", **_REQUIRED),
)
file_ids = Table(
    "file_ids",
    metadata,
    _blob("account_id", primary_key=True),
    _text("file_id", primary_key=True),
    _blob("transaction_id", **_REQUIRED),
)
file_layouts = Table(
    "file_layouts",
    metadata,
    _text("signature", primary_key=True),
    _text("layout", **_REQUIRED),
    _int("at", **_REQUIRED),
)
reviews = Table(
    "reviews",
    metadata,
    _blob("id", primary_key=True),
    _text("kind", **_REQUIRED),
    _blob("first_id", **_REQUIRED),
    _blob("second_id", **_REQUIRED),
    Column("score", Float(), nullable=False),
    _text("reasons", **_REQUIRED),
    _text("state", **_REQUIRED),
    _blob("batch"),
    _int("created_at", **_REQUIRED),
    _int("decided_at"),
)
transfers = Table(
    "transfers",
    metadata,
    _blob("out_id", primary_key=True),
    _blob("in_id", **_REQUIRED),
    _text("by", **_REQUIRED),
    _text("rate"),
    _text("reason", **_REQUIRED),
    _int("at", **_REQUIRED),
    _text("out_before", **_REQUIRED),
    _text("in_before", **_REQUIRED),
)
transfer_refusals = Table(
    "transfer_refusals",
    metadata,
    _blob("out_id", primary_key=True),
    _blob("in_id", primary_key=True),
    _int("at", **_REQUIRED),
)
exchange_rates = Table(
    "exchange_rates",
    metadata,
    _text("base", primary_key=True),
    _text("quote", primary_key=True),
    _int("day", primary_key=True),
    _text("rate", **_REQUIRED),
)
balance_checks = Table(
    "balance_checks",
    metadata,
    _int("id", primary_key=True),
    _blob("account_id", **_REQUIRED),
    _blob("run_id", **_REQUIRED),
    _int("at", **_REQUIRED),
    _int("balance_at"),
    _int("current_minor"),
    _int("available_minor"),
    _int("posted_minor", **_REQUIRED),
    _int("pending_minor", **_REQUIRED),
    _text("verdict", **_REQUIRED),
    _int("difference_minor", **_REQUIRED),
)
