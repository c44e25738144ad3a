"""What is kept of imported files: each import, which rows it brought, how tables were read.

The rows of an import stand packed in its parts, as those of a sync do in `sync_added`; `first_on`
and `last_on` say of which days a part has any. An id that a file gives a row counts within its
account. A layout is known again by the signature of the table that it was told for.
"""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_IMPORTS = (
    """
    CREATE TABLE imports (
        id BLOB PRIMARY KEY NOT NULL,
        at INTEGER NOT NULL,
        file_name TEXT NOT NULL,
        file_hash BLOB NOT NULL,
        kind TEXT NOT NULL,
        source TEXT NOT NULL,
        account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
        number TEXT NOT NULL,
        name TEXT NOT NULL,
        bank TEXT NOT NULL,
        added INTEGER NOT NULL,
        matched INTEGER NOT NULL,
        doubtful INTEGER NOT NULL,
        refused INTEGER NOT NULL,
        batch BLOB NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX imports_at ON imports (at)",
    "CREATE INDEX imports_account ON imports (account_id)",
    """
    CREATE TABLE import_parts (
        id BLOB PRIMARY KEY NOT NULL,
        import_id BLOB NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
        account_id BLOB NOT NULL,
        first_on INTEGER NOT NULL,
        last_on INTEGER NOT NULL,
        ids BLOB NOT NULL
    ) STRICT
    """,
    "CREATE INDEX import_parts_account ON import_parts (account_id, last_on)",
    "CREATE INDEX import_parts_import ON import_parts (import_id)",
    """
    CREATE TABLE file_ids (
        account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
        file_id TEXT NOT NULL,
        transaction_id BLOB NOT NULL,
        PRIMARY KEY (account_id, file_id)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE file_layouts (
        signature TEXT PRIMARY KEY NOT NULL,
        layout TEXT NOT NULL,
        at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)


def upgrade() -> None:
    """Make the tables; everything that is stored stays."""
    for statement in _IMPORTS:
        op.execute(statement)
