"""The relay's tables. No column holds an access token, a password or an amount.

Instants are milliseconds since 1970-01-01 UTC. Ids are random text of the relay's own, but for
`items.id`, which is Plaid's. What is secret is stored as a hash, or sealed.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, MetaData, Table, Text

METADATA: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_OF_USER = "users.id"


def _user(*, nullable: bool = False) -> Column[str]:
    return Column(
        "user_id", Text, ForeignKey(_OF_USER, ondelete="CASCADE"), nullable=nullable, index=True
    )


USERS: Final = Table(
    "users",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("email", Text, nullable=False, unique=True),  # normalised
    Column("password_hash", Text, nullable=False),  # bcrypt
    Column("created_at", BigInteger, nullable=False),
)

INVITES: Final = Table(
    "invites",
    METADATA,
    Column("code_hash", Text, primary_key=True),  # SHA-256
    Column("note", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
)

# One device is one family of refresh tokens; `id` is the claim `sid` of its access tokens.
DEVICES: Final = Table(
    "devices",
    METADATA,
    Column("id", Text, primary_key=True),
    _user(),
    Column("name", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("used_at", BigInteger, nullable=False),
    Column("refresh_hash", Text, nullable=False),  # SHA-256 of the token that is valid now
    Column("previous_hash", Text),  # of the one before it
    Column("rotated_at", BigInteger, nullable=False),
    Column("successor_sealed", Text),  # the valid token, sealed by the one before it
    Column("expires_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    Column("revoked_for", Text),
)

SPENT_TOKENS: Final = Table(
    "spent_tokens",
    METADATA,
    Column("hash", Text, primary_key=True),
    Column("device_id", Text, ForeignKey("devices.id", ondelete="CASCADE"), nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
)

# `news_seq` counts what webhooks told of an item, `told_seq` how much of it its desktop has acted
# on: where they differ, the item has news.
ITEMS: Final = Table(
    "items",
    METADATA,
    Column("id", Text, primary_key=True),  # Plaid's item_id
    _user(),
    Column("environment", Text, nullable=False),
    Column("institution_id", Text),
    Column("institution", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("removed_at", BigInteger),
    Column("news_seq", Integer, nullable=False, server_default="0"),
    Column("told_seq", Integer, nullable=False, server_default="0"),
    Column("news_at", BigInteger),
)

LINKS: Final = Table(
    "links",
    METADATA,
    Column("id", Text, primary_key=True),
    _user(),
    Column("device_id", Text, ForeignKey("devices.id", ondelete="CASCADE"), nullable=False),
    Column("link_token_sealed", Text, nullable=False),
    Column("item_id", Text),  # in update mode, whose sign-in is renewed
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
)

# One exchange of one bank of a link; `sealed_token` is there from Plaid's answer until the desktop
# acknowledges it, at most thirty minutes.
EXCHANGES: Final = Table(
    "exchanges",
    METADATA,
    Column("id", Text, primary_key=True),
    _user(),
    Column("link_id", Text, ForeignKey("links.id", ondelete="CASCADE"), nullable=False),
    Column("bank", Text, nullable=False),
    Column("state", Text, nullable=False),  # begun, done, failed
    Column("item_id", Text),
    Column("sealed_token", Text),
    Column("begun_at", BigInteger, nullable=False),
    Column("acknowledged_at", BigInteger),
    Column("expires_at", BigInteger, nullable=False, index=True),
)
Index("uq_exchanges_link_bank", EXCHANGES.c.link_id, EXCHANGES.c.bank, unique=True)

WEBHOOKS: Final = Table(
    "webhooks",
    METADATA,
    Column("digest", Text, primary_key=True),
    Column("expires_at", BigInteger, nullable=False, index=True),
)

AUDIT: Final = Table(
    "audit",
    METADATA,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", BigInteger, nullable=False, index=True),
    _user(nullable=True),
    Column("device_id", Text),
    Column("kind", Text, nullable=False),
    Column("address", Text),
    Column("detail", Text, nullable=False),
)

AI_USAGE: Final = Table(
    "ai_usage",
    METADATA,
    Column("user_id", Text, ForeignKey(_OF_USER, ondelete="CASCADE"), primary_key=True),
    Column("day", Integer, primary_key=True),  # days since 1970-01-01
    Column("requests", Integer, nullable=False),
    Column("tokens", BigInteger, nullable=False),
)
