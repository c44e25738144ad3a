"""What categories are decided from, and the whole record of requests that left.

A row names its merchant by number, so that rows of one merchant are found together and what a
person taught about it is counted from an index. The key is the normaliser's (`domain.merchants`):
`catch_up` gives stored rows theirs, and again whenever the normaliser has changed. Requests are
kept with their method and result, and with what an AI's requests used and cost.
"""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_MERCHANTS = (
    # Nothing ever wrote into the first schema's table of this name.
    "DROP TABLE merchants",
    """
    CREATE TABLE merchants (
        id INTEGER PRIMARY KEY NOT NULL,
        key TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL
    ) STRICT
    """,
    "ALTER TABLE transactions ADD COLUMN merchant_id INTEGER",
    "ALTER TABLE shelved ADD COLUMN merchant_id INTEGER",
    "CREATE INDEX transactions_merchant ON transactions (merchant_id)",
    # What the person taught, counted without reading a row.
    """
    CREATE INDEX transactions_taught ON transactions (merchant_id, amount_minor < 0, category_id)
    WHERE category_source = 'user'
    """,
    # What wants a look, and has a label: a new row has none yet and costs nothing here.
    """
    CREATE INDEX transactions_unsure ON transactions (merchant_id, amount_minor < 0)
    WHERE category_confidence < 0.6
    """,
    # `category_id` is NULL where the model was asked and did not know.
    """
    CREATE TABLE merchant_answers (
        merchant_id INTEGER NOT NULL,
        direction TEXT NOT NULL CHECK (direction IN ('in', 'out')),
        category_id BLOB REFERENCES categories (id),
        confidence REAL NOT NULL,
        reason TEXT NOT NULL,
        model TEXT NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (merchant_id, direction)
    ) STRICT, WITHOUT ROWID
    """,
)

_RULES = (
    "ALTER TABLE rules ADD COLUMN name TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE rules ADD COLUMN stops INTEGER NOT NULL DEFAULT 0",
)


# What an older program wrote had the method in the path of whatever was no POST, and one count of
# tokens that nothing ever filled.
_EGRESS = (
    "ALTER TABLE egress RENAME COLUMN tokens TO prompt_tokens",
    "ALTER TABLE egress ADD COLUMN method TEXT NOT NULL DEFAULT 'POST'",
    "ALTER TABLE egress ADD COLUMN result TEXT",
    "ALTER TABLE egress ADD COLUMN model TEXT",
    "ALTER TABLE egress ADD COLUMN completion_tokens INTEGER",
    "ALTER TABLE egress ADD COLUMN once BLOB",
)
_OLD_EGRESS = (
    """
    UPDATE egress SET method = substr(path, 1, instr(path, ' ') - 1),
                      path = substr(path, instr(path, ' ') + 1)
    WHERE path LIKE 'GET /%' OR path LIKE 'DELETE /%'
    """,
    """
    UPDATE egress SET method = 'SEND', result = 'sent'
    WHERE path = '/api/v1/ws' AND method = 'POST'
    """,
    "UPDATE egress SET result = 'failed' WHERE status IS NULL AND result IS NULL",
)
_EGRESS_INDEXES = (
    "CREATE UNIQUE INDEX egress_once ON egress (once) WHERE once IS NOT NULL",
    # A budget is asked about before each request to an AI, in a ledger with many others.
    "CREATE INDEX egress_cost ON egress (at, cost_micros) WHERE cost_micros IS NOT NULL",
)


def upgrade() -> None:
    """Add tables and columns; everything that is stored stays."""
    for statement in (*_MERCHANTS, *_RULES, *_EGRESS, *_OLD_EGRESS, *_EGRESS_INDEXES):
        op.execute(statement)
