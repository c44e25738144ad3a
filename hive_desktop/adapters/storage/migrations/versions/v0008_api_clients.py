"""Clients of the local API, and which edits came by one.

Of a client's secret only the SHA-256 hash is kept: the secret is 32 random bytes. An edit without
an author is the person's, in front of the program.
"""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_CLIENTS = (
    """
    CREATE TABLE api_clients (
        id TEXT PRIMARY KEY NOT NULL,
        name TEXT NOT NULL,
        scopes TEXT NOT NULL,
        secret_hash BLOB NOT NULL,
        created_at INTEGER NOT NULL,
        last_used_at INTEGER,
        revoked_at INTEGER
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE edit_authors (
        batch BLOB PRIMARY KEY NOT NULL,
        name TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)


def upgrade() -> None:
    """Make the tables; everything that is stored stays."""
    for statement in _CLIENTS:
        op.execute(statement)
