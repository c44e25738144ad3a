"""What a person was told outside of the window, so that they are told it once.

A key is of one event, or of a state for as long as it lasts; without `told_at` it is still to be
told. An event that may be met under several keys has a line for each, and its body with the first.
"""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_NOTICES = (
    """
    CREATE TABLE notices (
        key TEXT PRIMARY KEY NOT NULL,
        kind TEXT NOT NULL,
        at INTEGER NOT NULL,
        told_at INTEGER,
        body TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX notices_untold ON notices (at) WHERE told_at IS NULL",
    "CREATE INDEX notices_at ON notices (at)",
)


def upgrade() -> None:
    """Make the table; everything that is stored stays."""
    for statement in _NOTICES:
        op.execute(statement)
