"""What the window asks at once of a million rows: months, searches, and how guesses were judged.

Months of the rows that count, by merchant and category, give a year's figures in a few lines.
A million rows are fifty thousand lines of `spend_daily`, which a year's figures would sum at every
look, and merchants have no roll-up at all. `catch_up` fills the table anew when it names rows.
"""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_MONTHS = (
    # A merchant of 0 stands for none: a primary key holds no NULL.
    """
    CREATE TABLE spend_monthly (
        month INTEGER NOT NULL,
        category_id BLOB NOT NULL,
        currency TEXT NOT NULL,
        merchant_id INTEGER NOT NULL,
        out_minor INTEGER NOT NULL,
        in_minor INTEGER NOT NULL,
        n INTEGER NOT NULL,
        in_n INTEGER NOT NULL,
        PRIMARY KEY (month, category_id, currency, merchant_id)
    ) STRICT, WITHOUT ROWID
    """,
    # Weeks, and the days at the ends of a range, are summed by merchant without reading a row.
    """
    CREATE INDEX transactions_spending
    ON transactions (posted_on, currency, merchant_id, category_id, amount_minor) WHERE hidden = 0
    """,
    "CREATE INDEX spend_monthly_empty ON spend_monthly (n) WHERE n = 0",
    """
    INSERT INTO spend_monthly
    SELECT unixepoch(posted_on * 86400, 'unixepoch', 'start of month') / 86400,
           coalesce(category_id, x''), currency, coalesce(merchant_id, 0),
           sum(max(amount_minor, 0)), sum(max(-amount_minor, 0)), count(*), sum(amount_minor < 0)
    FROM transactions WHERE hidden = 0 GROUP BY 1, 2, 3, 4
    """,
)

# What the person chose, newest first, and what they left as it was.
_JUDGED = (
    """
    CREATE INDEX edits_chosen ON edits (clock, entity_id)
    WHERE field = 'category' AND undoes IS NULL
    """,
    """
    CREATE INDEX transactions_reviewed ON transactions (category_source) WHERE reviewed = 1
    """,
)
# What a person searches for: amounts with their sign and currency, and tags, from an index alone.
_SEARCH = (
    "DROP INDEX transactions_amount",
    """
    CREATE INDEX transactions_amount
    ON transactions (abs(amount_minor), (amount_minor < 0), currency)
    """,
    """
    CREATE TABLE row_tags (
        tag TEXT NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (tag, seq)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX row_tags_row ON row_tags (seq)",
    """
    INSERT OR IGNORE INTO row_tags
    SELECT g.value, t.seq FROM transactions AS t CROSS JOIN json_each(t.tags) AS g
    WHERE t.tags IS NOT NULL
    """,
    # The amounts alone, in the order of rows: a hundredth of what reading the rows costs.
    """
    CREATE TABLE amounts (
        seq INTEGER PRIMARY KEY NOT NULL,
        amount_minor INTEGER NOT NULL,
        currency TEXT NOT NULL
    ) STRICT
    """,
    "INSERT INTO amounts SELECT seq, amount_minor, currency FROM transactions ORDER BY seq",
    # The rows of a currency that few have; the rows' own index would lead where it must not.
    "CREATE INDEX amounts_currency ON amounts (currency)",
    "CREATE INDEX account_daily_currency ON account_daily (currency)",
)

# What the person changed, newest first, and the filters that they keep under a name.
_TRANSACTIONS = (
    """
    CREATE INDEX edits_made ON edits (clock, batch) WHERE undoes IS NULL AND actor = 'person'
    """,
    """
    CREATE TABLE saved_filters (
        id BLOB PRIMARY KEY NOT NULL,
        name TEXT NOT NULL,
        filter TEXT NOT NULL,
        position INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)

# What the person keeps of accounts and categories themselves.
_KEPT = (
    "ALTER TABLE accounts ADD COLUMN own_name TEXT",
    "ALTER TABLE accounts ADD COLUMN is_hidden INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE accounts ADD COLUMN in_net_worth INTEGER NOT NULL DEFAULT 1",
    "ALTER TABLE accounts ADD COLUMN position INTEGER",
    "ALTER TABLE accounts ADD COLUMN is_deleted INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE categories ADD COLUMN merged_into BLOB",
)

# Rows that the person divided: which division stands, and the parts of each. A row's whole and its
# parts that are away are on the shelf, and what the bank changes of them is asked about: two tables
# whose CHECK knows more words by that, and a CHECK is made anew with its table.
_SPLITS = (
    """
    CREATE TABLE splits (
        id BLOB PRIMARY KEY NOT NULL,
        chosen TEXT
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE split_parts (
        id BLOB PRIMARY KEY NOT NULL,
        whole_id BLOB NOT NULL,
        split TEXT NOT NULL,
        position INTEGER NOT NULL,
        amount_minor INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX split_parts_whole ON split_parts (whole_id, position)",
    "ALTER TABLE shelved RENAME TO shelved_before",
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
        why TEXT NOT NULL CHECK (why IN ('deleted', 'undone', 'merged', 'split', 'part')),
        into_id BLOB,
        at INTEGER NOT NULL,
        merchant_id INTEGER
    ) STRICT, WITHOUT ROWID
    """,
    "INSERT INTO shelved SELECT * FROM shelved_before",
    "DROP TABLE shelved_before",
    "CREATE INDEX shelved_account ON shelved (account_id)",
    "CREATE INDEX shelved_into ON shelved (into_id) WHERE into_id IS NOT NULL",
    "CREATE INDEX shelved_split ON shelved (account_id, pending, merchant_id) WHERE why = 'split'",
    "ALTER TABLE reviews RENAME TO reviews_before",
    """
    CREATE TABLE reviews (
        id BLOB PRIMARY KEY NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('duplicate', 'transfer', 'split')),
        first_id BLOB NOT NULL,
        second_id BLOB NOT NULL,
        score REAL NOT NULL,
        reasons TEXT NOT NULL,
        state TEXT NOT NULL
            CHECK (state IN ('open', 'merged', 'kept', 'paired', 'refused', 'joined', 'moot')),
        batch BLOB,
        created_at INTEGER NOT NULL,
        decided_at INTEGER,
        UNIQUE (kind, first_id, second_id)
    ) STRICT, WITHOUT ROWID
    """,
    "INSERT INTO reviews SELECT * FROM reviews_before",
    "DROP TABLE reviews_before",
    "CREATE INDEX reviews_second ON reviews (second_id)",
    "CREATE INDEX reviews_first ON reviews (first_id)",
    "CREATE INDEX reviews_open ON reviews (score) WHERE state = 'open'",
)


def upgrade() -> None:
    """Add the table and fill it, and the indexes; everything that is stored stays."""
    for statement in (*_MONTHS, *_JUDGED, *_SEARCH, *_TRANSACTIONS, *_KEPT, *_SPLITS):
        op.execute(statement)
