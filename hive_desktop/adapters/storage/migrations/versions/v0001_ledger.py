"""The first ledger: banks, accounts, transactions, what is derived from them, and the logs.

A released migration is never changed. Days are day numbers (1970-01-01 is 0), instants microseconds
since then in UTC, money minor units with positive meaning out, ids UUIDv7 in 16 bytes.
"""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_PEOPLE = (
    """
    CREATE TABLE profile (
        id BLOB PRIMARY KEY NOT NULL,
        vault_id TEXT NOT NULL,
        device TEXT NOT NULL,
        name TEXT,
        home_currency TEXT,
        created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE settings (
        key TEXT PRIMARY KEY NOT NULL,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE categories (
        id BLOB PRIMARY KEY NOT NULL,
        key TEXT UNIQUE,
        name TEXT NOT NULL UNIQUE COLLATE NOCASE,
        kind TEXT NOT NULL CHECK (kind IN ('expense', 'income', 'transfer')),
        color TEXT NOT NULL,
        icon TEXT NOT NULL,
        position INTEGER NOT NULL,
        is_archived INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE merchants (
        id BLOB PRIMARY KEY NOT NULL,
        key TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        entity_id TEXT,
        category_id BLOB REFERENCES categories (id),
        confidence REAL,
        updated_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE rules (
        id BLOB PRIMARY KEY NOT NULL,
        position INTEGER NOT NULL,
        condition TEXT NOT NULL,
        action TEXT NOT NULL,
        is_enabled INTEGER NOT NULL DEFAULT 1,
        created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE chat_sessions (
        id BLOB PRIMARY KEY NOT NULL,
        title TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE chat_messages (
        id BLOB PRIMARY KEY NOT NULL,
        session_id BLOB NOT NULL REFERENCES chat_sessions (id) ON DELETE CASCADE,
        role TEXT NOT NULL,
        content TEXT NOT NULL,
        receipts TEXT,
        created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX chat_messages_session ON chat_messages (session_id)",
)

_BANKS = (
    """
    CREATE TABLE plaid_items (
        id BLOB PRIMARY KEY NOT NULL,
        plaid_item_id TEXT NOT NULL UNIQUE,
        institution_id TEXT,
        institution TEXT NOT NULL,
        access_token TEXT NOT NULL,
        cursor TEXT NOT NULL DEFAULT '',
        state TEXT NOT NULL,
        error_code TEXT,
        created_at INTEGER NOT NULL,
        last_synced_at INTEGER
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE accounts (
        id BLOB PRIMARY KEY NOT NULL,
        item_id BLOB NOT NULL REFERENCES plaid_items (id) ON DELETE CASCADE,
        plaid_account_id TEXT NOT NULL UNIQUE,
        persistent_id TEXT,
        name TEXT NOT NULL,
        official_name TEXT,
        mask TEXT,
        type TEXT NOT NULL,
        subtype TEXT,
        currency TEXT NOT NULL,
        balance_current_minor INTEGER,
        balance_available_minor INTEGER,
        balance_limit_minor INTEGER,
        balance_at INTEGER
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX accounts_item ON accounts (item_id)",
    """
    CREATE TABLE balances (
        account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
        day INTEGER NOT NULL,
        currency TEXT NOT NULL,
        current_minor INTEGER,
        available_minor INTEGER,
        limit_minor INTEGER,
        PRIMARY KEY (account_id, day)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE link_journal (
        id BLOB PRIMARY KEY NOT NULL,
        link_token TEXT NOT NULL,
        public_token TEXT,
        institution_id TEXT,
        institution TEXT,
        state TEXT NOT NULL
            CHECK (state IN ('begun', 'exchanging', 'done', 'abandoned', 'lost')),
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)

_TRANSACTIONS = (
    # seq is display order, day * 2^20 + n; as the row's key it also ends every index, so that an
    # index on the account alone already serves "this account's rows by date".
    """
    CREATE TABLE transactions (
        seq INTEGER PRIMARY KEY NOT NULL,
        id BLOB NOT NULL UNIQUE,
        plaid_id TEXT UNIQUE,
        account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
        posted_on INTEGER NOT NULL CHECK (seq >> 20 = posted_on),
        authorized_on INTEGER,
        amount_minor INTEGER NOT NULL,
        currency TEXT NOT NULL,
        name TEXT NOT NULL,
        merchant_name TEXT,
        merchant_entity_id TEXT,
        description TEXT,
        pending INTEGER NOT NULL,
        pending_plaid_id TEXT,
        bank_category TEXT,
        bank_confidence TEXT,
        payment_channel TEXT,
        check_number TEXT,
        category_id BLOB REFERENCES categories (id),
        category_source TEXT,
        category_confidence REAL,
        category_reason TEXT,
        display_name TEXT,
        note TEXT,
        tags TEXT,
        reviewed INTEGER NOT NULL DEFAULT 0,
        hidden INTEGER NOT NULL DEFAULT 0
    ) STRICT
    """,
    "CREATE INDEX transactions_account ON transactions (account_id)",
    "CREATE INDEX transactions_category ON transactions (category_id)",
    "CREATE INDEX transactions_amount ON transactions (abs(amount_minor))",
    "CREATE INDEX transactions_hidden ON transactions (hidden) WHERE hidden = 1",
    """
    CREATE TABLE spend_daily (
        day INTEGER NOT NULL,
        account_id BLOB NOT NULL,
        category_id BLOB NOT NULL,
        currency TEXT NOT NULL,
        pending INTEGER NOT NULL,
        out_minor INTEGER NOT NULL,
        in_minor INTEGER NOT NULL,
        n INTEGER NOT NULL,
        in_n INTEGER NOT NULL,
        PRIMARY KEY (day, account_id, category_id, currency, pending)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE VIRTUAL TABLE transactions_fts USING fts5 (
        body, content='', contentless_delete=1, prefix='1 2 3',
        tokenize='unicode61 remove_diacritics 2'
    )
    """,
)

_LOGS = (
    """
    CREATE TABLE sync_runs (
        id BLOB PRIMARY KEY NOT NULL,
        item_id BLOB NOT NULL REFERENCES plaid_items (id) ON DELETE CASCADE,
        reason TEXT NOT NULL,
        started_at INTEGER NOT NULL,
        ended_at INTEGER,
        added INTEGER NOT NULL DEFAULT 0,
        modified INTEGER NOT NULL DEFAULT 0,
        removed INTEGER NOT NULL DEFAULT 0,
        pages INTEGER NOT NULL DEFAULT 0,
        error_code TEXT
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX sync_runs_item ON sync_runs (item_id)",
    """
    CREATE TABLE sync_events (
        id INTEGER PRIMARY KEY NOT NULL,
        run_id BLOB NOT NULL REFERENCES sync_runs (id) ON DELETE CASCADE,
        transaction_id BLOB NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('modified', 'removed')),
        at INTEGER NOT NULL,
        before TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX sync_events_run ON sync_events (run_id)",
    "CREATE INDEX sync_events_transaction ON sync_events (transaction_id)",
    """
    CREATE TABLE refused_rows (
        id INTEGER PRIMARY KEY NOT NULL,
        run_id BLOB NOT NULL REFERENCES sync_runs (id) ON DELETE CASCADE,
        plaid_id TEXT,
        reason TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX refused_rows_run ON refused_rows (run_id)",
    """
    CREATE TABLE edits (
        clock TEXT PRIMARY KEY NOT NULL,
        batch BLOB NOT NULL,
        undoes BLOB,
        actor TEXT NOT NULL,
        entity TEXT NOT NULL,
        entity_id BLOB NOT NULL,
        field TEXT NOT NULL,
        before TEXT,
        after TEXT,
        at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX edits_batch ON edits (batch)",
    "CREATE INDEX edits_undoes ON edits (undoes) WHERE undoes IS NOT NULL",
    "CREATE INDEX edits_entity ON edits (entity_id, field)",
    """
    CREATE TABLE egress (
        id INTEGER PRIMARY KEY NOT NULL,
        at INTEGER NOT NULL,
        host TEXT NOT NULL,
        purpose TEXT NOT NULL,
        path TEXT NOT NULL,
        body TEXT NOT NULL,
        body_hash BLOB NOT NULL,
        body_length INTEGER NOT NULL,
        status INTEGER,
        seconds REAL NOT NULL,
        tokens INTEGER,
        cost_micros INTEGER
    ) STRICT
    """,
    "CREATE INDEX egress_at ON egress (at)",
)


def upgrade() -> None:
    """Create everything."""
    for statement in (*_PEOPLE, *_BANKS, *_TRANSACTIONS, *_LOGS):
        op.execute(statement)
