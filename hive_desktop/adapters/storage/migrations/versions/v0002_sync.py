"""The sync engine in full: journal, shelf, reviews, transfers, and balance proofs.

`shelved` holds whole rows that are out of the ledger and not forgotten: deleted by the person,
undone with their sync, or merged into another row. `external_ids` holds ids that the bank used for
a row before. Nothing here names another table's rows by `seq`, which changes with the date.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ITEMS = (
    "ALTER TABLE plaid_items ADD COLUMN state_until INTEGER",
    "ALTER TABLE plaid_items ADD COLUMN consent_ends_at INTEGER",
    "ALTER TABLE plaid_items ADD COLUMN disconnects_at INTEGER",
    "ALTER TABLE plaid_items ADD COLUMN failures INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE plaid_items ADD COLUMN announced TEXT",
    "ALTER TABLE plaid_items ADD COLUMN syncing_run BLOB",
)

_RUNS = (
    "ALTER TABLE sync_runs ADD COLUMN refused INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE sync_runs ADD COLUMN cursor_before TEXT",
    "ALTER TABLE sync_runs ADD COLUMN first_on INTEGER",
    "ALTER TABLE sync_runs ADD COLUMN last_on INTEGER",
    "ALTER TABLE sync_runs ADD COLUMN undone_at INTEGER",
    # Which run came after which: ids hold a time, and the computer's clock may be set back.
    "ALTER TABLE sync_runs ADD COLUMN seq INTEGER NOT NULL DEFAULT 0",
    """
    UPDATE sync_runs SET seq = n.place
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM sync_runs) AS n
    WHERE sync_runs.id = n.id
    """,
    "CREATE UNIQUE INDEX sync_runs_seq ON sync_runs (seq)",
    # The ids of the rows that a run added, 16 bytes each: one blob and not a row per row, because a
    # first sync adds a hundred thousand. `fetched` are those that only a time frame has told.
    """
    CREATE TABLE sync_added (
        run_id BLOB PRIMARY KEY NOT NULL REFERENCES sync_runs (id) ON DELETE CASCADE,
        ids BLOB NOT NULL,
        fetched BLOB NOT NULL
    ) STRICT
    """,
)

# SQLite cannot widen a CHECK in place.
_EVENTS = (
    """
    CREATE TABLE sync_events_new (
        id INTEGER PRIMARY KEY NOT NULL,
        run_id BLOB NOT NULL REFERENCES sync_runs (id) ON DELETE CASCADE,
        transaction_id BLOB NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN (
            'modified', 'posted', 'rematched', 'removed', 'refused_link', 'restored'
        )),
        at INTEGER NOT NULL,
        before TEXT NOT NULL,
        why TEXT
    ) STRICT
    """,
    """
    INSERT INTO sync_events_new (id, run_id, transaction_id, kind, at, before)
    SELECT id, run_id, transaction_id, kind, at, before FROM sync_events
    """,
    "DROP TABLE sync_events",
    "ALTER TABLE sync_events_new RENAME TO sync_events",
    "CREATE INDEX sync_events_run ON sync_events (run_id)",
    "CREATE INDEX sync_events_transaction ON sync_events (transaction_id)",
)

_ROWS = (
    """
    CREATE INDEX transactions_pending ON transactions (account_id, amount_minor) WHERE pending = 1
    """,
    """
    CREATE TABLE external_ids (
        plaid_id TEXT PRIMARY KEY NOT NULL,
        transaction_id BLOB NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX external_ids_transaction ON external_ids (transaction_id)",
    """
    CREATE TABLE shelved (
        id BLOB PRIMARY KEY NOT NULL,
        seq INTEGER NOT NULL,
        plaid_id TEXT UNIQUE,
        account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
        posted_on INTEGER NOT NULL,
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
        hidden INTEGER NOT NULL DEFAULT 0,
        why TEXT NOT NULL CHECK (why IN ('deleted', 'undone', 'merged')),
        into_id BLOB,
        at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX shelved_account ON shelved (account_id)",
    "CREATE INDEX shelved_into ON shelved (into_id) WHERE into_id IS NOT NULL",
    """
    CREATE TABLE account_daily (
        account_id BLOB NOT NULL,
        day INTEGER NOT NULL,
        currency TEXT NOT NULL,
        posted_minor INTEGER NOT NULL,
        pending_minor INTEGER NOT NULL,
        n INTEGER NOT NULL,
        PRIMARY KEY (account_id, day, currency)
    ) STRICT, WITHOUT ROWID
    """,
    # Where a change has left nothing: found without a scan, and forgotten.
    "CREATE INDEX account_daily_empty ON account_daily (n) WHERE n = 0",
    "CREATE INDEX spend_daily_empty ON spend_daily (n) WHERE n = 0",
    """
    INSERT INTO account_daily
    SELECT account_id, posted_on, currency, sum(iif(pending, 0, amount_minor)),
           sum(iif(pending, amount_minor, 0)), count(*)
    FROM transactions GROUP BY 1, 2, 3
    """,
)

_QUESTIONS = (
    """
    CREATE TABLE reviews (
        id BLOB PRIMARY KEY NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('duplicate', 'transfer')),
        first_id BLOB NOT NULL,
        second_id BLOB NOT NULL,
        score REAL NOT NULL,
        reasons TEXT NOT NULL,
        state TEXT NOT NULL
            CHECK (state IN ('open', 'merged', 'kept', 'paired', 'refused', 'moot')),
        batch BLOB,
        created_at INTEGER NOT NULL,
        decided_at INTEGER,
        UNIQUE (kind, first_id, second_id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX reviews_second ON reviews (second_id)",
    "CREATE INDEX reviews_first ON reviews (first_id)",
    "CREATE INDEX reviews_open ON reviews (score) WHERE state = 'open'",
    """
    CREATE TABLE transfers (
        out_id BLOB PRIMARY KEY NOT NULL,
        in_id BLOB NOT NULL UNIQUE,
        by TEXT NOT NULL CHECK (by IN ('rule', 'person')),
        rate TEXT,
        reason TEXT NOT NULL,
        at INTEGER NOT NULL,
        out_before TEXT NOT NULL,
        in_before TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE transfer_refusals (
        out_id BLOB NOT NULL,
        in_id BLOB NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (out_id, in_id)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE exchange_rates (
        base TEXT NOT NULL,
        quote TEXT NOT NULL,
        day INTEGER NOT NULL,
        rate TEXT NOT NULL,
        PRIMARY KEY (base, quote, day)
    ) STRICT, WITHOUT ROWID
    """,
)

_PROOFS = (
    """
    CREATE TABLE balance_checks (
        id INTEGER PRIMARY KEY NOT NULL,
        account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
        run_id BLOB NOT NULL,
        at INTEGER NOT NULL,
        balance_at INTEGER,
        current_minor INTEGER,
        available_minor INTEGER,
        posted_minor INTEGER NOT NULL,
        pending_minor INTEGER NOT NULL,
        verdict TEXT NOT NULL CHECK (verdict IN ('first', 'agrees', 'disagrees', 'unknown')),
        difference_minor INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX balance_checks_account ON balance_checks (account_id, id)",
)

# `catch_up` examines the stored rows for transfers, from the first one on.
_LEFT = (
    """
    INSERT INTO settings (key, value)
    SELECT 'transfers.unexamined_from', CAST(min(seq) AS TEXT) FROM transactions
    HAVING count(*) > 0
    """,
)

# SQLite plans without statistics from here on: those of a day with few rows made it walk through
# the whole table for each row of the next day's many. Its defaults suppose a million rows.
_STATISTICS = ("DROP TABLE IF EXISTS sqlite_stat1", "DROP TABLE IF EXISTS sqlite_stat4")


def upgrade() -> None:
    """Add columns and tables; everything that is stored stays."""
    for statement in (
        *_ITEMS,
        *_RUNS,
        *_EVENTS,
        *_ROWS,
        *_QUESTIONS,
        *_PROOFS,
        *_LEFT,
        *_STATISTICS,
    ):
        op.execute(statement)
