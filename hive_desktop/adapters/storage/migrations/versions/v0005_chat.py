"""What is kept of the chat: sessions, their messages, what figures stand on, what was proposed.

A message has its place within its session, so that the newest ones are found without the others.
Its text comes last: whoever counts messages or looks for one does not read it.
"""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_CHAT = (
    # Nothing ever wrote into the first schema's tables of these names.
    "DROP TABLE chat_messages",
    "DROP TABLE chat_sessions",
    """
    CREATE TABLE chat_sessions (
        id BLOB PRIMARY KEY NOT NULL,
        title TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        changed_at INTEGER NOT NULL,
        receipts_made INTEGER NOT NULL,
        messages INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE chat_messages (
        session_id BLOB NOT NULL REFERENCES chat_sessions (id) ON DELETE CASCADE,
        place INTEGER NOT NULL,
        role TEXT NOT NULL CHECK (role IN ('person', 'model', 'tool')),
        ended TEXT,
        at INTEGER,
        model TEXT NOT NULL,
        language TEXT NOT NULL,
        call_id TEXT NOT NULL,
        receipt TEXT,
        calls TEXT,
        fault TEXT,
        about TEXT NOT NULL,
        text TEXT NOT NULL,
        PRIMARY KEY (session_id, place)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE chat_receipts (
        session_id BLOB NOT NULL REFERENCES chat_sessions (id) ON DELETE CASCADE,
        id TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (session_id, id)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE chat_proposals (
        session_id BLOB NOT NULL REFERENCES chat_sessions (id) ON DELETE CASCADE,
        place INTEGER NOT NULL,
        id TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('open', 'applied', 'dismissed')),
        body TEXT NOT NULL,
        PRIMARY KEY (session_id, place)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX chat_sessions_changed ON chat_sessions (changed_at)",
)


def upgrade() -> None:
    """Make the tables; everything that is stored stays."""
    for statement in _CHAT:
        op.execute(statement)
