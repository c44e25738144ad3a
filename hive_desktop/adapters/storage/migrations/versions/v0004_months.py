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
    "CREATE INDEX transactions_tagged ON transactions (tags) WHERE tags IS NOT NULL",
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
    "ALTER TABLE categories ADD COLUMN merged_into BLOB",
)


def upgrade() -> None:
    """Add the table and fill it, and the indexes; everything that is stored stays."""
    for statement in (*_MONTHS, *_JUDGED, *_SEARCH, *_TRANSACTIONS, *_KEPT):
        op.execute(statement)
