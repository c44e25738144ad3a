"""The first tables: people and their devices, items, links under way, news, audit, AI usage.

A released migration is never changed. Instants are milliseconds since 1970-01-01 UTC.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    _people()
    _devices()
    _items()
    _linking()
    _logs()


def _of_user(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_user_id")
    return sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=name, ondelete="CASCADE")


def _people() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "invites",
        sa.Column("code_hash", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("used_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_invites")),
    )


def _devices() -> None:
    op.create_table(
        "devices",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("used_at", sa.BigInteger, nullable=False),
        sa.Column("refresh_hash", sa.Text, nullable=False),
        sa.Column("previous_hash", sa.Text),
        sa.Column("rotated_at", sa.BigInteger, nullable=False),
        sa.Column("successor_sealed", sa.Text),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("revoked_at", sa.BigInteger),
        sa.Column("revoked_for", sa.Text),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
        _of_user("devices"),
    )
    op.create_index(op.f("ix_devices_user_id"), "devices", ["user_id"])
    op.create_table(
        "spent_tokens",
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("device_id", sa.Text, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_spent_tokens")),
        sa.ForeignKeyConstraint(
            ["device_id"],
            ["devices.id"],
            name=op.f("fk_spent_tokens_device_id"),
            ondelete="CASCADE",
        ),
    )
    op.create_index(op.f("ix_spent_tokens_expires_at"), "spent_tokens", ["expires_at"])


def _items() -> None:
    op.create_table(
        "items",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("environment", sa.Text, nullable=False),
        sa.Column("institution_id", sa.Text),
        sa.Column("institution", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("removed_at", sa.BigInteger),
        sa.Column("news_seq", sa.Integer, server_default="0", nullable=False),
        sa.Column("told_seq", sa.Integer, server_default="0", nullable=False),
        sa.Column("news_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
        _of_user("items"),
    )
    op.create_index(op.f("ix_items_user_id"), "items", ["user_id"])


def _linking() -> None:
    op.create_table(
        "links",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("device_id", sa.Text, nullable=False),
        sa.Column("link_token_sealed", sa.Text, nullable=False),
        sa.Column("item_id", sa.Text),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
        _of_user("links"),
        sa.ForeignKeyConstraint(
            ["device_id"], ["devices.id"], name=op.f("fk_links_device_id"), ondelete="CASCADE"
        ),
    )
    op.create_index(op.f("ix_links_user_id"), "links", ["user_id"])
    op.create_index(op.f("ix_links_expires_at"), "links", ["expires_at"])
    op.create_table(
        "exchanges",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("link_id", sa.Text, nullable=False),
        sa.Column("bank", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("item_id", sa.Text),
        sa.Column("sealed_token", sa.Text),
        sa.Column("begun_at", sa.BigInteger, nullable=False),
        sa.Column("acknowledged_at", sa.BigInteger),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges")),
        _of_user("exchanges"),
        sa.ForeignKeyConstraint(
            ["link_id"], ["links.id"], name=op.f("fk_exchanges_link_id"), ondelete="CASCADE"
        ),
    )
    op.create_index(op.f("ix_exchanges_user_id"), "exchanges", ["user_id"])
    op.create_index(op.f("ix_exchanges_expires_at"), "exchanges", ["expires_at"])
    op.create_index(op.f("uq_exchanges_link_bank"), "exchanges", ["link_id", "bank"], unique=True)


def _logs() -> None:
    op.create_table(
        "webhooks",
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_webhooks")),
    )
    op.create_index(op.f("ix_webhooks_expires_at"), "webhooks", ["expires_at"])
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("user_id", sa.Text),
        sa.Column("device_id", sa.Text),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("address", sa.Text),
        sa.Column("detail", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        _of_user("audit"),
    )
    op.create_index(op.f("ix_audit_at"), "audit", ["at"])
    op.create_index(op.f("ix_audit_user_id"), "audit", ["user_id"])
    op.create_table(
        "ai_usage",
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("day", sa.Integer, nullable=False),
        sa.Column("requests", sa.Integer, nullable=False),
        sa.Column("tokens", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "day", name=op.f("pk_ai_usage")),
        _of_user("ai_usage"),
    )
